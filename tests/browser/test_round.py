"""A street round on two phones, with the network cut in the middle, and the desk afterwards."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect
from sqlalchemy import create_engine, text

from tests.browser.conftest import LAPTOP, PATIENCE_MS, PHONE, sign_in
from tests.browser.site import Site
from tests.browser.test_accessibility import AXE, RULES
from tests.conftest import use_database
from tests.town_database import NIS, fill

SAME = re.compile("^Nog ")


@pytest.fixture(scope="module")
def town_url(browser: Browser, new_database: Callable[..., str]) -> str:
    """The paper town, filled once."""
    url = new_database()
    use_database(url)
    fill()
    return url


@dataclass
class Desk:
    """A site on a town of its own with one round, and what its database holds."""

    site: Site
    url: str
    round: int

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        engine = create_engine(self.url)
        with engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(text(query))]
        engine.dispose()
        return found

    def said(self) -> list[tuple[Any, ...]]:
        """Who says what of which unit, of what still stands."""
        return self.rows(
            "SELECT u.local_code, o.officer, o.status FROM survey_observation o JOIN shop_unit u "
            "ON u.id = o.shop_unit_id WHERE o.decision <> 'superseded' AND o.status <> 'withdrawn' ORDER BY 1, 2"
        )

    def stored(self) -> int:
        return int(self.rows("SELECT count(*) FROM survey_observation")[0][0])


@pytest.fixture
def desk(
    town_url: str, new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    url = new_database(like=town_url)
    site = Site(url, home=tmp_path_factory.mktemp("round"))
    site.start()
    use_database(url)
    from sqlalchemy.orm import Session

    from api.db.session import get_engine
    from api.round import service

    with Session(get_engine()) as session, session.begin():
        asked = {
            "municipality": NIS,
            "name": "Najaar",
            "scope": "municipality",
            "core_id": None,
            "streets": [],
        }
        begun = service.add_round(session, asked)
    yield Desk(site, url, begun["id"])
    get_engine().dispose()
    site.stop()


class Phone:
    """One officer's phone."""

    def __init__(self, desk: Desk, context: BrowserContext, officer: str) -> None:
        self.desk, self.context, self.officer = desk, context, officer
        self.page: Page = context.new_page()
        self.bar = self.page.locator("kk-round-sync")
        self.unit = self.page.locator("kk-round-unit")
        self.address = self.unit.locator("h2#address")
        self.streets = self.page.locator("kk-round-streets button")

    def open(self) -> None:
        """Open the address the desk gave, say who walks, and wait until the page is kept for when there is no reception."""
        self.page.goto(f"{self.desk.site.address}/round.html#round={self.desk.round}")
        self.page.get_by_label("Wie loopt deze ronde?").fill(self.officer)
        self.page.get_by_role("button", name="Begin de ronde").tap()
        expect(self.streets.first).to_be_visible()
        self.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        self.all_sent()

    def enter(self, street: str) -> None:
        self.streets.filter(has_text=street).tap()
        expect(self.address).to_be_visible()

    def tap(self, name: str | re.Pattern[str]) -> None:
        """One tap, and until the next unit (or the end of the street) is there."""
        before = self.address.inner_text()
        self.unit.get_by_role("button", name=name).tap()
        expect(self.address.filter(has_text=re.compile(f"^{re.escape(before)}$"))).to_have_count(0)

    def more(self) -> None:
        self.unit.get_by_text("Iets anders").tap()

    def all_sent(self) -> None:
        expect(self.bar.get_by_role("status")).to_have_text("Alles verstuurd")

    def cut(self, *, off: bool = True) -> None:
        self.context.set_offline(off)

    def kept(self, store: str = "observations") -> list[dict[str, Any]]:
        """What lies in the phone's own store."""
        found: list[dict[str, Any]] = self.page.evaluate(
            """store => new Promise((done) => {
                const opening = indexedDB.open('kernkaart-round');
                opening.onsuccess = () => {
                    const all = opening.result.transaction(store).objectStore(store).getAll();
                    all.onsuccess = () => done(all.result.map((one) => ({
                        ...one, jpeg: one.jpeg ? Array.from(new Uint8Array(one.jpeg)) : null })));
                };
            })""",
            store,
        )
        return found


@pytest.fixture
def phones(browser: Browser, desk: Desk) -> Iterator[Callable[[str], Phone]]:
    contexts: list[BrowserContext] = []
    thrown: list[str] = []

    def take(officer: str, *, language: str = "nl-BE") -> Phone:
        context = browser.new_context(
            viewport=PHONE, locale=language, has_touch=True, is_mobile=True, reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE_MS)
        sign_in(context, desk.site)
        context.on("weberror", lambda error: thrown.append(str(error.error)))
        contexts.append(context)
        return Phone(desk, context, officer)

    yield take
    for context in contexts:
        context.close()
    assert thrown == []


def test_two_officers_on_one_street_with_the_network_cut_in_the_middle_lose_nothing(
    desk: Desk, phones: Callable[[str], Phone]
) -> None:
    an, bo = phones("An"), phones("Bo")
    an.open()
    bo.open()
    for phone in (an, bo):
        phone.enter("High Street")
    an.tap(SAME)
    an.all_sent()
    assert desk.stored() == 1

    # The network is cut under both; they walk on.
    an.cut()
    bo.cut()
    an.tap("Nu leeg") if an.unit.get_by_role("button", name="Nu leeg").count() else an.tap(SAME)
    for _ in range(3):
        an.tap(SAME)
    expect(an.bar.get_by_role("status")).to_have_text(re.compile(r"Geen bereik · 4 bewaard"))
    bo.more()
    bo.tap("Geen handel meer")
    bo.tap(SAME)
    expect(bo.bar.get_by_role("status")).to_have_text(re.compile(r"Geen bereik · 2 bewaard"))

    # An's phone falls asleep and throws the page away; the server is not even there.
    desk.site.stop()
    an.page.reload()
    expect(an.streets.first).to_be_visible()
    expect(an.bar.get_by_role("status")).to_have_text(re.compile(r"4 bewaard"))
    an.enter("High Street")
    an.tap(SAME)
    an.tap(SAME)
    expect(an.page.get_by_role("heading", name="High Street is klaar")).to_be_visible()
    an.page.close()
    an.page = an.context.new_page()
    an.__init__(desk, an.context, "An")  # type: ignore[misc]
    an.page.goto(f"{desk.site.address}/round.html#round={desk.round}")
    expect(an.bar.get_by_role("status")).to_have_text(re.compile(r"6 bewaard"))
    assert desk.stored() == 1

    # Reception comes back: for Bo, and for An but half: the server has it and the answer is lost.
    desk.site.start()
    bo.cut(off=False)
    bo.bar.get_by_role("button", name="Synchroniseer").tap()
    bo.all_sent()
    lost: list[int] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    an.context.route("**/observations", lose)
    with an.page.expect_event("requestfailed", lambda request: request.url.endswith("/observations")):
        an.cut(off=False)
        an.bar.get_by_role("button", name="Synchroniseer").tap()
    expect(an.bar.get_by_role("status")).to_have_text(re.compile(r"6 bewaard"))
    assert lost
    assert set(lost) == {200}
    assert desk.stored() == 1 + 6 + 2
    an.context.unroute("**/observations")
    an.bar.get_by_role("button", name="Synchroniseer").tap()
    an.all_sent()

    # Nothing lost, nothing twice: what the phones hold is what the database holds.
    on_phones = sorted(one["uid"] for phone in (an, bo) for one in phone.kept())
    assert on_phones == sorted(str(uid) for (uid,) in desk.rows("SELECT uid FROM survey_observation"))
    assert len(on_phones) == 9
    said = desk.said()
    assert sum(officer == "An" for _, officer, _ in said) == 7
    assert sum(officer == "Bo" for _, officer, _ in said) == 2
    seen = desk.site.ask(f"rounds/{desk.round}/differences")["items"]
    assert sum("two_views" in item["conflicts"] for item in seen) == 1
    # The phone learns what the other saw.
    an.enter("High Street")
    expect(an.unit.get_by_text(re.compile("Bo zag hier al"))).to_be_visible()


def test_a_bar_of_reception_that_answers_nothing_holds_nobody_up(phones: Callable[[str], Phone]) -> None:
    an = phones("An")
    an.open()
    # Asked, and never answered.
    an.context.route("**/api/**", lambda _: None)
    an.page.reload()
    an.enter("High Street")
    an.tap(SAME)
    assert [one["sent"] for one in an.kept()] == ["waiting"]
    an.context.unroute("**/api/**")
    an.page.reload()
    an.all_sent()
    assert [one["sent"] for one in an.kept()] == ["sent"]


def test_a_tap_can_be_taken_back_and_a_street_confirmed_in_one_press(
    desk: Desk, phones: Callable[[str], Phone]
) -> None:
    an = phones("An")
    an.open()
    an.enter("High Street")
    first = an.address.inner_text()
    an.tap(SAME)
    an.unit.get_by_role("button", name=re.compile("^Maak ongedaan")).tap()
    expect(an.address).to_have_text(first)
    expect(an.page.locator("header .num")).to_have_text("0 van 7")
    an.more()
    an.unit.get_by_role("button", name=re.compile("^Rest van de straat ongewijzigd")).tap()
    an.unit.get_by_role("button", name="Ja, bevestig 7 panden").tap()
    expect(an.page.get_by_role("heading", name="High Street is klaar")).to_be_visible()
    an.all_sent()
    assert {status for _, _, status in desk.said()} == {"same"}
    assert len(desk.said()) == 7
    an.page.get_by_role("button", name="Maak 7 bevestigingen ongedaan").tap()
    expect(an.address).to_have_text(first)
    an.all_sent()
    assert desk.said() == []
    # Nothing was overwritten to get there.
    assert desk.stored() == 1 + 1 + 7 + 7


def test_another_shop_is_told_with_its_name_and_branch(desk: Desk, phones: Callable[[str], Phone]) -> None:
    an = phones("An")
    an.open()
    an.enter("High Street")
    address = an.address.inner_text()
    an.unit.get_by_role("button", name=re.compile("^(Veranderd in|Ingevuld door)")).tap()
    dialog = an.page.get_by_role("dialog")
    dialog.get_by_label("Naam boven de deur").fill("Boek & Co")
    dialog.get_by_role("searchbox").fill("boek")
    dialog.get_by_role("button", name="Boeken en papierwaren").tap()
    dialog.get_by_role("button", name="Bewaar").tap()
    expect(an.address).not_to_have_text(address)
    an.all_sent()
    assert desk.rows("SELECT status, occupant_name, branch_code FROM survey_observation") == [
        ("occupied", "Boek & Co", "books")
    ]


def _photograph() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Camera Maker"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (51.0, 2.0, 3.0)
    out = io.BytesIO()
    Image.new("RGB", (2400, 1200), (30, 90, 160)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_photograph_waits_without_its_place_and_arrives_once(
    desk: Desk, phones: Callable[[str], Phone]
) -> None:
    an = phones("An")
    an.open()
    an.enter("High Street")
    an.cut()
    an.unit.locator("input[type=file]").set_input_files(
        {"name": "gevel.jpg", "mimeType": "image/jpeg", "buffer": _photograph()}
    )
    expect(an.page.get_by_text("Foto bewaard, zonder plaatsgegevens")).to_be_visible()
    (photo,) = an.kept("photos")
    waiting = Image.open(io.BytesIO(bytes(photo["jpeg"])))
    assert max(waiting.size) == 1600
    assert not waiting.getexif()
    an.tap(SAME)
    an.cut(off=False)
    an.bar.get_by_role("button", name="Synchroniseer").tap()
    an.all_sent()
    ((jpeg, sent),) = desk.rows("SELECT jpeg, sent_sha256 FROM survey_photo")
    assert sent
    assert not Image.open(io.BytesIO(jpeg)).getexif()
    assert an.kept("photos")[0]["jpeg"] is None
    an.unit.locator("input[type=file]").set_input_files(
        {"name": "notes.txt", "mimeType": "image/jpeg", "buffer": b"no picture"}
    )
    expect(an.page.get_by_role("alert")).to_contain_text("geen foto")


def test_a_phone_without_room_says_so_and_stays_at_the_unit(phones: Callable[[str], Phone]) -> None:
    an = phones("An")
    an.page.add_init_script(
        """const put = IDBObjectStore.prototype.put;
        IDBObjectStore.prototype.put = function (...given) {
            if (window.isFull && this.name === 'observations')
                throw new DOMException('no room', 'QuotaExceededError');
            return put.apply(this, given);
        };"""
    )
    an.open()
    an.enter("High Street")
    address = an.address.inner_text()
    an.page.evaluate("window.isFull = true")
    an.unit.get_by_role("button", name=SAME).tap()
    expect(an.page.get_by_role("alert")).to_contain_text("NIET bewaard")
    expect(an.address).to_have_text(address)
    an.page.evaluate("window.isFull = false")
    an.tap(SAME)
    expect(an.page.get_by_role("alert")).to_have_count(0)
    an.all_sent()


def test_what_the_server_refuses_stays_on_the_phone_and_holds_up_nothing_else(
    desk: Desk, phones: Callable[[str], Phone]
) -> None:
    an = phones("An")
    an.open()
    an.enter("High Street")
    an.cut()
    an.tap(SAME)
    an.tap(SAME)
    first = min(an.kept(), key=lambda one: one["number"])
    # The same key reached the server with other words, as from a phone that was restored from a copy.
    body = {name: first[name] for name in first if name in SENT} | {"note": "anders"}
    answer = an.context.request.post(
        f"{desk.site.address}/api/rounds/{desk.round}/observations", data={"observations": [body]}
    )
    assert answer.ok
    # With the network back the phone sends by itself.
    an.cut(off=False)
    expect(an.bar.get_by_text("1 geweigerd door de server")).to_be_visible()
    assert desk.stored() == 2
    assert sorted(one["sent"] for one in an.kept()) == ["refused", "sent"]


SENT = {
    "uid",
    "unit",
    "officer",
    "status",
    "branch_code",
    "occupant_name",
    "note",
    "is_bulk",
    "observed_at",
    "supersedes",
    "base_state",
    "base_occupant_name",
    "base_branch_code",
}


def test_the_walk_can_be_worked_from_the_keyboard_and_fits_a_thumb(phones: Callable[[str], Phone]) -> None:
    an = phones("An")
    an.open()
    an.streets.first.focus()
    an.page.keyboard.press("Enter")
    address = an.address.inner_text()
    an.unit.get_by_role("button", name=SAME).focus()
    an.page.keyboard.press("Enter")
    expect(an.address).not_to_have_text(address)
    an.more()
    measured: dict[str, Any] = an.page.evaluate(
        """() => {
            const sizes = [];
            const walk = (node) => {
                if (['BUTTON', 'SUMMARY'].includes(node.tagName) && node.checkVisibility()) {
                    const { width, height } = node.getBoundingClientRect();
                    sizes.push([node.textContent.trim() || node.ariaLabel, Math.round(width), Math.round(height)]);
                }
                for (const child of (node.shadowRoot ?? node).children ?? []) walk(child);
            };
            walk(document.body);
            return { sizes, wide: document.documentElement.scrollWidth, high: document.documentElement.scrollHeight };
        }"""
    )
    assert [one for one in measured["sizes"] if min(one[1:]) < 44] == []
    assert (measured["wide"], measured["high"]) == (PHONE["width"], PHONE["height"])


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        "rules => axe.run(document, { runOnly: rules, resultTypes: ['violations'] }).then(r => r.violations)",
        RULES,
    )
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]
    ]


def test_axe_finds_nothing_on_the_phone(phones: Callable[[str], Phone]) -> None:
    if not AXE.exists():
        pytest.skip("no axe-core; install it with: npm ci, in frontend")
    an = phones("An")
    an.page.goto(f"{an.desk.site.address}/round.html#round={an.desk.round}")
    expect(an.page.get_by_label("Wie loopt deze ronde?")).to_be_visible()
    assert violations(an.page) == []
    an.open()
    assert violations(an.page) == []
    an.enter("High Street")
    an.tap(SAME)
    an.cut()
    an.tap(SAME)
    an.more()
    assert violations(an.page) == []
    an.unit.get_by_role("button", name="Niet gevonden").tap()
    assert violations(an.page) == []


@pytest.mark.parametrize(
    ("language", "words"), [("fr-BE", "Qui fait cette tournée"), ("en-GB", "Who walks this round")]
)
def test_the_phone_speaks_the_language_of_its_owner(
    phones: Callable[..., Phone], language: str, words: str
) -> None:
    an = phones("An", language=language)
    an.page.goto(f"{an.desk.site.address}/round.html#round={an.desk.round}")
    expect(an.page.get_by_label(words)).to_be_visible()


# -- the desk -------------------------------------------------------------------------------------


@pytest.fixture
def page(browser: Browser, desk: Desk) -> Iterator[Page]:
    context = browser.new_context(viewport=LAPTOP, locale="nl-BE", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    sign_in(context, desk.site)
    thrown: list[str] = []
    context.on("weberror", lambda error: thrown.append(str(error.error)))
    opened = context.new_page()
    opened.goto(f"{desk.site.address}/#m={NIS}&tab=vacancy&section=rounds")
    expect(opened.locator("kk-rounds").get_by_role("button", name=re.compile("Najaar"))).to_be_visible()
    yield opened
    context.close()
    assert thrown == []


def kind(page: Page, name: str) -> Locator:
    return page.locator("kk-round-differences").get_by_role("region", name=name, exact=True)


def test_the_desk_decides_on_what_two_phones_saw_and_can_take_it_back(
    desk: Desk, page: Page, phones: Callable[[str], Phone]
) -> None:
    an, bo = phones("An"), phones("Bo")
    for phone in (an, bo):
        phone.open()
        phone.enter("High Street")
    while an.address.count():
        change = an.unit.get_by_role("button", name="Nu leeg")
        an.tap("Nu leeg") if change.count() else an.tap(SAME)
    an.all_sent()
    bo.tap(SAME)
    bo.all_sent()

    page.locator("kk-rounds").get_by_role("button", name=re.compile("Najaar")).click()
    expect(page.get_by_label("Op de telefoon")).to_have_value(
        f"{desk.site.address}/round.html#round={desk.round}"
    )
    vacant = kind(page, "Leeg geworden")
    expect(vacant.get_by_role("heading")).to_have_text("Leeg geworden · 4")
    assert violations(page) == []
    # One unit was seen twice and differently: it is not among those accepted together.
    both = vacant.get_by_role("button", name=re.compile("^Neem alle"))
    expect(both).to_have_text("Neem alle 3 over")
    both.click()
    expect(page.get_by_text("3 waarnemingen overgenomen.")).to_be_visible()
    expect(vacant.get_by_role("heading")).to_have_text("Leeg geworden · 1")
    expect(vacant.get_by_text("Twee medewerkers zagen iets anders")).to_be_visible()
    vacant.get_by_role("button", name=re.compile("^Neem over: .*, Bo$")).click()
    expect(vacant).to_have_count(0)
    assert desk.rows(
        "SELECT count(*) FROM vacancy_spell WHERE ended_on IS NULL AND batch_id IS NOT NULL"
    ) == [(7,)]
    page.get_by_role("button", name="Sluit de ronde af").click()
    expect(page.get_by_role("button", name="Open de ronde weer")).to_be_visible()
    undo = page.get_by_role("button", name="Maak overname ongedaan")
    while (left := undo.count()) > 0:
        undo.first.click()
        expect(undo).to_have_count(left - 1)
    assert desk.rows("SELECT count(*) FROM survey_observation WHERE decision = 'pending'") == [(8,)]


def test_the_desk_starts_a_round_of_chosen_streets(desk: Desk, page: Page) -> None:
    page.get_by_role("button", name="Nieuwe ronde").click()
    page.get_by_label("Naam van de ronde").fill("Zijstraat")
    page.get_by_label("Gebied").select_option(label="Gekozen straten")
    page.get_by_role("checkbox", name=re.compile("Side Street")).check()
    assert violations(page) == []
    page.get_by_role("button", name="Start de ronde").click()
    expect(page.get_by_role("heading", name="Zijstraat")).to_be_visible()
    expect(page.get_by_text("Niets te beslissen")).to_be_visible()
    assert desk.rows("SELECT scope, streets FROM survey_round WHERE name = 'Zijstraat'") == [
        ("streets", ["Side Street"])
    ]
    page.get_by_role("button", name="Verwijder deze lege ronde").click()
    expect(page.locator("kk-rounds").get_by_role("button", name=re.compile("Najaar"))).to_be_visible()
    assert desk.rows("SELECT count(*) FROM survey_round") == [(1,)]
