import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import LAPTOP, PHONE, programs
from tests.browser.screen import Screen, as_query
from tests.browser.site import Site
from tests.browser.test_accessibility import _violations
from tests.browser.test_accessibility import axe as axe  # noqa: PLC0414 - a fixture is found by its name
from tests.demo_database import CLUSTERED, EMPTY


@pytest.fixture(scope="module")
def own_site(
    site: Site, demo_url: str, new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The application on a copy of the demo: what is written here, nobody else sees."""
    # A database that somebody is connected to cannot be copied.
    site.stop()
    served = Site(new_database(like=demo_url), home=tmp_path_factory.mktemp("cases"))
    site.start()
    programs.end_with(served.stop)
    served.start()
    yield served
    served.stop()


@pytest.fixture
def officer(visit: Callable[..., Screen], own_site: Site) -> Screen:
    screen = visit(at=own_site)
    screen.page.add_init_script("localStorage.setItem('kernkaart.alias', 'An')")
    return screen


def board(screen: Screen, nis: str = CLUSTERED, view: str = "section=board") -> Locator:
    screen.page.goto(f"{screen.site.address}/#m={nis}&tab=cases&{view}")
    panel = screen.page.locator("kk-cases")
    expect(panel.get_by_label("Uw naam")).to_be_visible()
    return panel


def step(panel: Locator, name: str) -> None:
    """Take the step that comes next, and wait until the case says so."""
    panel.get_by_role("button", name=f"→ {name}").click()


def stands(panel: Locator, name: str) -> None:
    expect(panel.locator("kk-case .badge.accent").first).to_have_text(name)


def test_a_case_goes_from_idea_to_opening_and_is_undone(officer: Screen) -> None:
    site = officer.site
    unit = site.ask("shop-units", municipality=CLUSTERED, state="vacant", limit=5)["items"][2]
    officer.open(f"m={CLUSTERED}&unit={unit['id']}")
    officer.panel.get_by_role("button", name="Dossier starten voor dit pand").click()
    panel = officer.page.locator("kk-cases")
    form = panel.locator("kk-case-facts")
    form.locator("[name=title]").fill("Bakker van de hoek")
    form.get_by_role("button", name="Bewaren").click()
    stands(panel, "Geïdentificeerd")
    step(panel, "Gekwalificeerd")
    expect(panel.locator("kk-case-step")).to_contain_text("de branche, of de gemeente die branche wenst")
    panel.get_by_role("button", name="Wijzigen").click()
    form.locator("[name=prospect_name]").fill("De Goudkorst")
    form.locator("[name=branch_code]").select_option(label="Bakkerij")
    form.locator("[name=is_wished]").select_option(label="Ja")
    form.locator("[name=min_m2]").fill("40")
    form.locator("[name=rent]").fill("1500")
    form.get_by_role("button", name="Bewaren").click()
    for name in ("Gekwalificeerd", "Gecontacteerd", "In gesprek"):
        panel.get_by_role("button", name=re.compile(f"(→|Naar:) {name}")).click()
        stands(panel, name)
    step(panel, "Bezoek gepland")
    panel.get_by_label("Dag van het bezoek").fill("2026-11-24")
    panel.get_by_role("button", name="Naar: Bezoek gepland").click()
    for name in ("Bezocht", "Voorstel eigenaar/makelaar", "Onderhandeling"):
        step(panel, name)
        stands(panel, name)
    step(panel, "Ondertekend")
    panel.get_by_role("button", name="Naar: Ondertekend").click()
    stands(panel, "Ondertekend")
    shop = site.ask(f"shop-units/{unit['id']}")
    assert (shop["state"], shop["name"]) == ("occupied", "De Goudkorst")
    step(panel, "Inrichting")
    stands(panel, "Inrichting")
    step(panel, "Geopend")
    day = panel.locator("kk-case-step").get_by_label("Eerste dag open")
    expect(day).to_have_attribute("max", day.input_value())
    panel.get_by_role("button", name="Naar: Geopend").click()
    stands(panel, "Geopend")
    expect(panel.get_by_role("status").first).to_contain_text("staat nu op: Geopend")
    panel.get_by_role("button", name="Ongedaan maken").click()
    stands(panel, "Inrichting")
    panel.get_by_label("Andere stap").select_option(label="← Ondertekend")
    stands(panel, "Ondertekend")
    panel.get_by_label("Andere stap").select_option(label="← Onderhandeling")
    expect(panel.locator("kk-case-step")).to_contain_text("het pand staat weer leeg")
    panel.get_by_role("button", name="Naar: Onderhandeling").click()
    stands(panel, "Onderhandeling")
    assert site.ask(f"shop-units/{unit['id']}")["state"] == "vacant"


def test_a_case_that_is_saved_with_two_presses_is_made_once(officer: Screen) -> None:
    panel = board(officer)
    panel.get_by_role("button", name="Nieuw dossier").click()
    form = panel.locator("kk-case-facts")
    form.locator("[name=title]").fill("Tweemaal gedrukt")
    form.get_by_role("button", name="Bewaren").dblclick()
    stands(panel, "Geïdentificeerd")
    titles = [one["title"] for one in officer.site.ask("cases", municipality=CLUSTERED)["items"]]
    assert titles.count("Tweemaal gedrukt") == 1


def test_a_card_is_moved_with_the_keyboard_and_taken_back(officer: Screen) -> None:
    panel = board(officer)
    cards = officer.page.locator("kk-case-board").filter(visible=True)
    column = cards.get_by_role("region", name="In gesprek")
    card = column.locator(".card").filter(has_text="Boekhandel")
    card.focus()
    officer.page.keyboard.press("Shift+ArrowLeft")
    moved = cards.get_by_role("region", name="Gecontacteerd").locator(".card").filter(has_text="Boekhandel")
    expect(moved).to_be_focused()
    panel.get_by_role("button", name="Ongedaan maken").click()
    expect(card).to_be_visible()


def test_two_officers_who_change_one_case_choose_what_stays(officer: Screen) -> None:
    site = officer.site
    cases = site.ask("cases", municipality=CLUSTERED)["items"]
    item = next(one for one in cases if one["state"] == "offer")
    panel = board(officer, view=f"section=board&case={item['id']}")
    panel.get_by_role("button", name="Wijzigen").click()
    rent = panel.get_by_label("Hoogste huur")
    rent.fill("1000")
    other = officer.page.request.patch(
        f"{site.address}/api/cases/{item['id']}",
        data={"max_rent_eur_per_month": 3000},
        headers={"If-Match": f'"{item["version"]}"', "Kernkaart-Officer": "Bert"},
    )
    assert other.ok
    panel.locator("kk-case-facts").get_by_role("button", name="Bewaren").click()
    merge = panel.locator("kk-case-merge")
    expect(merge).to_contain_text("Bert wijzigde dit dossier intussen")
    expect(merge.get_by_role("radio").nth(0)).to_be_checked()
    merge.get_by_role("radio").nth(1).check()
    merge.get_by_role("button", name="Deze keuze bewaren").click()
    expect(merge).to_have_count(0)
    assert site.ask(f"cases/{item['id']}")["max_rent_eur_per_month"] == 1000


def test_saving_before_the_list_of_branches_has_come_loses_no_branch(officer: Screen) -> None:
    site = officer.site
    cases = site.ask("cases", municipality=CLUSTERED)["items"]
    item = next(one for one in cases if one["state"] == "offer")
    assert item["branch_code"]
    officer.page.route("**/api/code-lists/branch*", lambda route: route.abort())
    panel = board(officer, view=f"section=board&case={item['id']}")
    panel.get_by_role("button", name="Wijzigen").click()
    expect(panel.locator("kk-case-facts [name=branch_code]")).to_have_value(item["branch_code"])
    panel.get_by_label("Hoogste huur").fill("1234")
    panel.locator("kk-case-facts").get_by_role("button", name="Bewaren").click()
    expect(panel.locator("kk-case-facts")).to_have_count(0)
    kept = site.ask(f"cases/{item['id']}")
    assert (kept["branch_code"], kept["max_rent_eur_per_month"]) == (item["branch_code"], 1234)


def test_what_is_said_of_a_unit_is_taken_back_and_a_visit_planned_again_gets_its_day(officer: Screen) -> None:
    site = officer.site
    cases = site.ask("cases", municipality=CLUSTERED)["items"]
    item = next(one for one in cases if one["state"] == "visited")
    cleared = officer.page.request.patch(
        f"{site.address}/api/cases/{item['id']}",
        data={"next_action_on": None, "next_action": None},
        headers={"If-Match": f'"{item["version"]}"', "Kernkaart-Officer": "An"},
    )
    assert cleared.ok
    panel = board(officer)
    panel.get_by_role("button", name="Nieuw dossier").click()
    expect(panel.locator("kk-case-facts")).to_be_visible()
    officer.page.locator(f"kk-case-board #case-{item['id']}").filter(visible=True).click()
    expect(panel.locator("kk-case h2")).to_have_text(item["title"])
    unit = item["units"][0]
    said = panel.get_by_label(f"Antwoord van de kandidaat: {unit['address']}")
    before = unit["response"]
    said.scroll_into_view_if_needed()
    expect(panel.locator("kk-case h2")).not_to_be_in_viewport()
    said.select_option("declined" if before != "declined" else "proposed")
    expect(panel.get_by_role("status").first).to_contain_text(unit["address"])
    expect(panel.get_by_role("status").first).to_be_in_viewport()
    panel.get_by_role("button", name="Ongedaan maken").click()
    expect(said).to_have_value(before)
    panel.get_by_label("Andere stap").select_option(label="← Bezoek gepland")
    panel.get_by_label("Dag van het bezoek").fill("2026-11-24")
    panel.get_by_role("button", name="Naar: Bezoek gepland").click()
    stands(panel, "Bezoek gepland")


@pytest.mark.parametrize("size", ["laptop", "phone"])
def test_board_table_map_and_case_stand_in_nobodys_way(
    visit: Callable[..., Screen], size: str, axe: Path
) -> None:
    screen = visit(PHONE, touch=True) if size == "phone" else visit(LAPTOP)
    screen.page.goto(f"{screen.site.address}/#m={CLUSTERED}&tab=cases&section=figures")
    expect(screen.page.locator("kk-case-figures table")).to_be_visible()
    assert _violations(screen, axe) == []
    for view in ("board", "table", "places"):
        panel = board(screen, view=f"section={view}")
        expect(panel.locator("kk-due-cases").get_by_role("heading")).to_be_visible()
        assert _violations(screen, axe) == []
    signs = screen.page.locator(".kk-case-sign")
    expect(signs.first).to_be_visible()
    if size == "laptop":
        screen.page.locator(".kk-case").first.press("Enter")
        expect(panel.locator("kk-case h2")).to_be_visible()
        assert "case" in as_query(screen.view)
        assert _violations(screen, axe) == []


def test_what_is_due_stands_on_the_first_screen_and_leads_to_the_case(screen: Screen) -> None:
    due: list[dict[str, Any]] = screen.site.ask("cases/due")["items"]
    screen.open()
    box = screen.page.locator("kk-due-cases")
    expect(box.get_by_role("heading")).to_contain_text(str(len(due)))
    box.get_by_role("link").first.click()
    expect(screen.page.locator("kk-cases kk-case h2")).to_have_text(due[0]["title"])


def test_an_empty_municipality_says_how_to_begin(screen: Screen) -> None:
    expect(board(screen, EMPTY)).to_contain_text("Nog geen dossiers")
