"""The real application on two fictional towns, and a real browser that finds nothing else on the network."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from api.settings import ROOT
from launch import chromium
from tests.browser.screen import Screen
from tests.browser.site import Site
from tests.conftest import SIGNED_IN
from tests.demo_database import CLUSTERED

LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
# A machine where everything is compiled for the first time draws its first catchment only after half a minute.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
# A canvas that is drawn by a graphics card which is not there stalls for seconds; the last lines keep Chromium from
# asking its maker for anything, and every other name from being found.
LAUNCH_ARGUMENTS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-accelerated-2d-canvas",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@pytest.fixture(scope="session")
def built() -> Path:
    """The front end as the application serves it."""
    folder = ROOT / "frontend" / "dist"
    if not (folder / "index.html").exists():
        pytest.skip(f"no front end in {folder}; build it with: npm ci && npm run build, in {folder.parent}")
    return folder


class Programs:
    """What runs for this ring alone: begun when first needed, ended after the last test of the folder."""

    def __init__(self) -> None:
        self._ends: list[Callable[[], object]] = []

    def end_with(self, end: Callable[[], object]) -> None:
        self._ends.append(end)

    def end(self) -> None:
        while self._ends:
            self._ends.pop()()


programs = Programs()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """End browser and server before the other rings go on: they need the machine, and an event loop of their own."""
    try:
        return (yield)
    finally:
        if nextitem is None or Path(__file__).parent not in nextitem.path.parents:
            programs.end()


@pytest.fixture(scope="session")
def browser(built: Path) -> Iterator[Browser]:
    """Debian's Chromium, or the one that KERNKAART_CHROMIUM names."""
    found = chromium.find()
    if found is None:
        pytest.skip(f"no Chromium on this machine; as root: {chromium.COMMAND}")
    playwright = sync_playwright().start()
    programs.end_with(playwright.stop)
    opened = playwright.chromium.launch(executable_path=found, args=list(LAUNCH_ARGUMENTS))
    programs.end_with(opened.close)
    yield opened
    programs.end()


@pytest.fixture(scope="session")
def site(browser: Browser, demo_url: str, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The application, served to everybody who only looks."""
    served = Site(demo_url, home=tmp_path_factory.mktemp("served"))
    programs.end_with(served.stop)
    served.start()
    return served


def sign_in(context: BrowserContext, at: Site) -> None:
    """Give a browser the session of the desk."""
    context.add_cookies(
        [{"name": name, "value": value, "url": at.address} for name, value in SIGNED_IN.items()]
    )


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Callable[..., Screen]]:
    """Open a screen of a given size for a visitor of our own; each must have left without an error or a stranger."""
    contexts: list[BrowserContext] = []
    thrown: list[str] = []
    unexpected: list[str] = []

    def open_screen(
        size: dict[str, int] = LAPTOP,
        *,
        language: str = "nl-BE",
        at: Site = site,
        touch: bool = False,
        strangers: list[str] = unexpected,
        is_signed_in: bool = True,
    ) -> Screen:
        context = browser.new_context(
            viewport=size,
            locale=language,
            timezone_id="Europe/Brussels",
            reduced_motion="reduce",
            has_touch=touch,
            is_mobile=touch,
        )
        context.set_default_timeout(PATIENCE_MS)
        if is_signed_in:
            sign_in(context, at)
        contexts.append(context)
        context.on("weberror", lambda error: thrown.append(str(error.error)))
        context.on("request", lambda request: _note_stranger(request.url, at, strangers))
        return Screen(context.new_page(), at)

    yield open_screen
    for context in contexts:
        context.close()
    assert thrown == []
    assert unexpected == []


def _note_stranger(url: str, at: Site, strangers: list[str]) -> None:
    if not url.startswith((f"{at.address}/", "data:", "blob:")):
        strangers.append(url)


@pytest.fixture
def screen(visit: Callable[..., Screen]) -> Screen:
    """A laptop's screen."""
    return visit()


@pytest.fixture
def phone(visit: Callable[..., Screen]) -> Screen:
    """A phone's screen, worked by touch."""
    return visit(PHONE, touch=True)


@pytest.fixture
def city(screen: Screen) -> Screen:
    """A laptop's screen on the city that has a vacancy cluster."""
    screen.open(f"m={CLUSTERED}")
    return screen
