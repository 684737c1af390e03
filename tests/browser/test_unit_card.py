from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import LAPTOP, PHONE, programs
from tests.browser.screen import Screen
from tests.browser.site import Site
from tests.browser.test_accessibility import _violations
from tests.browser.test_accessibility import axe as axe  # noqa: PLC0414 - a fixture is found by its name
from tests.conftest import SIGNED_IN
from tests.demo_database import CLUSTERED, EMPTY


@pytest.fixture(scope="module")
def own_site(
    site: Site, demo_url: str, new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The application on a copy of the demo: what is written here, nobody else sees."""
    # A database that somebody is connected to cannot be copied.
    site.stop()
    served = Site(new_database(like=demo_url), home=tmp_path_factory.mktemp("card"))
    site.start()
    programs.end_with(served.stop)
    served.start()
    yield served
    served.stop()


def test_an_officer_prints_the_card_and_an_owner_proposes_what_the_officer_accepts(
    visit: Callable[..., Screen], own_site: Site, axe: Path
) -> None:
    officer = visit(at=own_site)
    officer.page.add_init_script("localStorage.setItem('kernkaart.alias', 'An')")
    vacant = own_site.ask("shop-units", municipality=CLUSTERED, state="vacant", limit=40)["items"]
    told = {one["id"]: own_site.ask(f"shop-units/{one['id']}/card") for one in vacant}
    unit = next(key for key, card in told.items() if card["version"] == 0)
    officer.open(f"m={CLUSTERED}&unit={unit}")
    card = officer.section("Pandfiche")
    card.get_by_role("button", name="Fiche aanvullen").click()
    form = card.locator("kk-premises-form")
    form.get_by_label("Berging (m²)").fill("18")
    form.get_by_label("Energielabel").select_option(label="C")
    card.get_by_role("button", name="Fiche bewaren").click()
    expect(card.get_by_role("status")).to_contain_text("De fiche is bewaard")
    expect(card.get_by_text("18 m²", exact=True)).to_be_visible()
    printed = officer.page.request.get(
        f"{own_site.address}/{card.get_by_role('link', name='Afdrukken').get_attribute('href')}"
    )
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.body().startswith(b"%PDF")
    card.get_by_role("button", name="Link maken").click()
    link = card.locator("code").inner_text()
    assert _violations(officer, axe) == []

    owner = visit(PHONE, touch=True, at=own_site)
    owner.page.goto(link)
    form = owner.page.locator("kk-owner-form")
    form.get_by_label("Berging (m²)").fill("22")
    form.get_by_role("button", name="Wijzigingen voorstellen").click()
    expect(form.get_by_text("Verstuurd. De stad kijkt het na.")).to_be_visible()
    form.get_by_role("button", name="Publiek maken").click()
    expect(form.get_by_text("Het pand is publiek.")).to_be_visible()
    assert _violations(owner, axe) == []
    assert unit in [one["id"] for one in own_site.ask("public/units", municipality=CLUSTERED)["items"]]
    form.get_by_role("button", name="Niet meer publiek").click()
    expect(form.get_by_text("Uw pand is niet publiek.")).to_be_visible()
    assert unit not in [one["id"] for one in own_site.ask("public/units", municipality=CLUSTERED)["items"]]

    officer.page.goto(f"{own_site.address}/#m={CLUSTERED}&tab=cases&section=offer")
    offer = officer.page.locator("kk-unit-offer")
    waiting = offer.locator("kk-proposals li").filter(has_text="22 m²")
    waiting.get_by_role("button", name="Aanvaarden: Berging").click()
    expect(offer.get_by_role("status").first).to_contain_text("Het voorstel is aanvaard")
    storage = {one["name"]: one for one in own_site.ask(f"shop-units/{unit}/card")["fields"]}["storage_m2"]
    assert (storage["value"], storage["by"]) == (22, "An")
    assert _violations(officer, axe) == []
    offer.get_by_role("button", name="Ongedaan maken").click()
    expect(waiting.get_by_role("button", name="Aanvaarden: Berging")).to_be_visible()


@pytest.mark.parametrize("size", ["laptop", "phone"])
def test_a_stranger_finds_a_published_unit(visit: Callable[..., Screen], size: str, axe: Path) -> None:
    screen = visit(PHONE, touch=True) if size == "phone" else visit(LAPTOP)
    page = screen.page
    page.goto(f"{screen.site.address}/finder?m={CLUSTERED}")
    finder = page.locator("kk-finder")
    expect(finder.get_by_role("status")).to_contain_text("3 van 3 panden passen")
    finder.locator("button.head").first.click()
    expect(finder.get_by_text("Contact:").first).to_be_visible()
    assert _violations(screen, axe) == []
    finder.get_by_label("Huur tot").fill("1")
    # Of one unit the owner keeps the rent to himself: it may still fit.
    expect(finder.get_by_role("status")).to_contain_text("0 van 3 panden passen")
    expect(finder.get_by_role("heading", name="Misschien (1)")).to_be_visible()
    page.goto(f"{screen.site.address}/finder?m={EMPTY}")
    expect(finder.get_by_text("geen vrij pand bekendgemaakt")).to_be_visible()
    assert _violations(screen, axe) == []


def test_the_finder_may_stand_in_a_page_of_the_city_and_nothing_else_may(screen: Screen) -> None:
    request, address = screen.page.request, screen.site.address
    assert "x-frame-options" not in request.get(f"{address}/finder?embed=1").headers
    for path in ("", "owner.html", "round.html"):
        assert request.get(f"{address}/{path}").headers["x-frame-options"] == "SAMEORIGIN"


def test_a_shortlist_opens_as_a_file_without_any_network(
    browser: Browser, site: Site, tmp_path: Path, axe: Path
) -> None:
    units = [one["id"] for one in site.ask("public/units", municipality=CLUSTERED)["items"]]
    context = browser.new_context(offline=True, viewport=LAPTOP)
    asked: list[str] = []
    faults: list[str] = []
    try:
        page = context.new_page()
        query = "&".join(f"units={key}" for key in units)
        cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in SIGNED_IN.items())}
        fetched = browser.new_context().request.get(
            f"{site.address}/api/shortlist.html?{query}&lang=nl", headers=cookies
        )
        file = tmp_path / "shortlist.html"
        file.write_bytes(fetched.body())
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(file.as_uri())
        signs = page.locator(".leaflet-marker-icon")
        expect(signs).to_have_count(len(units))
        expect(page.locator("canvas")).to_be_visible()
        page.locator("[data-place='1']").click()
        expect(page.locator(".leaflet-popup")).to_contain_text("m²")
        # What is still fading in has not its colours yet.
        expect(page.locator(".leaflet-popup")).to_have_css("opacity", "1")
        assert [url for url in asked if url != file.as_uri()] == []
        assert faults == []
        assert _violations(Screen(page, site), axe) == []
    finally:
        context.close()
