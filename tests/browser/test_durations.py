import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.screen import Screen, figure
from tests.browser.test_accessibility import _violations, axe  # noqa: F401 - a fixture
from tests.demo_database import CLUSTERED, EMPTY

SIZES = {"laptop": LAPTOP, "phone": PHONE}


def open_section(screen: Screen, name: str, nis: str = CLUSTERED) -> None:
    screen.page.goto(f"{screen.site.address}/#m={nis}&tab=vacancy")
    screen.page.get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def durations(screen: Screen) -> Locator:
    open_section(screen, "Hoelang leeg")
    found = screen.page.locator("kk-durations")
    expect(found.get_by_role("img").first).to_be_visible()
    return found


@pytest.fixture
def outlook(screen: Screen) -> Locator:
    open_section(screen, "Vooruitblik")
    found = screen.page.locator("kk-outlook")
    expect(found.get_by_role("button", name="Toevoegen")).to_be_visible()
    return found


def test_the_answer_comes_first_and_is_what_the_api_says(screen: Screen, durations: Locator) -> None:
    whole = screen.site.ask("vacancy/durations", municipality=CLUSTERED, by="core")["whole"]
    expect(durations.locator(".answer")).to_contain_text("De helft is weer ingevuld na")
    expect(durations).to_contain_text(
        f"Op basis van {whole['spells']} keer leegstand: {whole['let']} weer ingevuld"
    )
    share = whole["let_within_a_year"]["chance"]
    told = durations.get_by_text("binnen 12 maanden weer ingevuld").inner_text()
    assert figure(told) == round(share * 100)
    half_year = next(point for point in whole["curve"] if point["month"] == 6)
    spoken = re.compile(rf"\b6 maanden: {round(half_year['survival_share'] * 100)}\s?%")
    expect(durations.get_by_role("img").first).to_have_accessible_name(spoken)


def test_every_figure_has_a_table(durations: Locator) -> None:
    for summary in durations.get_by_text("De cijfers in een tabel").all():
        summary.click()
    tables = durations.get_by_role("table")
    expect(tables).to_have_count(2)
    expect(tables.first.get_by_role("columnheader")).to_have_count(4)
    expect(tables.last.get_by_role("columnheader")).to_have_count(7)


def test_a_group_is_compared_with_all(screen: Screen, durations: Locator) -> None:
    durations.get_by_role("button", name="Grootte").click()
    choice = durations.get_by_role("combobox")
    expect(choice.get_by_role("option")).to_have_count(4)
    groups = screen.site.ask("vacancy/durations", municipality=CLUSTERED, by="size")["groups"]
    measured = next(group for group in groups if group["reason"] is None)
    choice.select_option(measured["code"])
    expect(durations).to_contain_text(f"Op basis van {measured['spells']} keer leegstand")
    expect(durations).to_contain_text("De grijze lijn: alle panden.")


def test_a_move_is_confirmed_and_taken_back(durations: Locator) -> None:
    chains = durations.locator("kk-chains")
    before = chains.get_by_role("button", name="Ja, verhuisd").first
    name = before.get_attribute("aria-label")
    assert name
    before.click()
    undo = chains.locator(".undo").get_by_role("button", name="Ongedaan maken")
    expect(undo).to_be_focused()
    expect(chains.get_by_role("button", name=name, exact=True)).to_have_count(0)
    undo.press("Enter")
    expect(chains.get_by_role("button", name=name, exact=True)).to_have_count(1)


def test_a_closing_is_entered_put_away_and_taken_back_with_the_keyboard(
    screen: Screen, outlook: Locator
) -> None:
    points = screen.points(CLUSTERED)
    known = {
        entry["address"] for entry in screen.site.ask("vacancy/expected", municipality=CLUSTERED)["items"]
    }
    address = next(
        one
        for one, state in zip(points["address"], points["state"], strict=True)
        if state == "occupied" and one and one not in known
    )
    outlook.get_by_role("button", name="Toevoegen").press("Enter")
    field = outlook.get_by_label("Pand (adres)")
    expect(field).to_be_focused()
    field.fill(address)
    outlook.get_by_label("Reden").select_option("lease_end")
    outlook.get_by_label("Verwacht op").fill("2027-06-30")
    outlook.get_by_role("button", name="Bewaren").press("Enter")
    entry = outlook.get_by_role("listitem").filter(has_text=address).filter(has_text="Huur loopt af")
    expect(entry).to_contain_text("30 juni 2027")
    remove = outlook.get_by_role("button", name=f"Weghalen: {address}")
    remove.press("Enter")
    undo = outlook.locator(".undo").get_by_role("button", name="Ongedaan maken")
    expect(undo).to_be_focused()
    undo.press("Enter")
    expect(entry).to_be_visible()
    remove.press("Enter")
    expect(entry).to_have_count(0)


def test_the_outlook_says_what_it_is_worth(screen: Screen, outlook: Locator) -> None:
    told = screen.site.ask("vacancy/outlook", municipality=CLUSTERED)
    expect(outlook).to_contain_text(f"({told['base']['events']} van")
    expect(outlook.get_by_role("img")).to_have_count(1)
    if told["is_model_used"]:
        first = told["items"][0]
        outlook.get_by_role("button", name=first["address"], exact=True).last.click()
        expect(screen.panel).to_contain_text("Kans om binnen 12 maanden leeg te komen")
    else:
        expect(outlook).to_contain_text("beter dan dit gemiddelde")


def test_a_vacant_unit_tells_its_chance_in_its_panel(screen: Screen) -> None:
    screen.open(f"m={CLUSTERED}&state=vacant")
    screen.rows.first.click()
    expect(screen.panel.locator("kk-prospects")).to_contain_text("ingevuld")


def test_a_municipality_without_units_says_what_to_do(screen: Screen) -> None:
    open_section(screen, "Hoelang leeg", EMPTY)
    expect(screen.page.locator("kk-durations")).to_contain_text("Nog niet berekend")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("section", ["Hoelang leeg", "Vooruitblik"])
def test_nothing_stands_in_the_way_of_anybody(
    visit: Callable[..., Screen],
    axe: Path,  # noqa: F811
    section: str,
    size: str,
) -> None:
    screen = visit(SIZES[size])
    open_section(screen, section)
    element = screen.page.locator("kk-durations, kk-outlook")
    expect(element.get_by_role("img").first).to_be_visible()
    for summary in element.get_by_text("De cijfers in een tabel").all():
        summary.click()
    if section == "Vooruitblik":
        element.get_by_role("button", name="Toevoegen").click()
        expect(element.get_by_label("Reden")).to_be_visible()
    assert _violations(screen, axe) == []
    wide = screen.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
