import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen, as_query, figure
from tests.browser.test_accessibility import _violations, axe
from tests.demo_database import CLUSTERED

__all__ = ["axe"]


@pytest.fixture
def profiles(city: Screen) -> Screen:
    city.tab("Gewichten")
    expect(_chosen(city)).to_be_visible()
    return city


def _chosen(screen: Screen) -> Locator:
    return screen.page.get_by_role("combobox", name="Profiel")


def _server(screen: Screen, key: str) -> dict:
    return screen.site.ask(f"score-profiles/{key}/ranking", municipality=CLUSTERED)


def test_an_officer_finds_a_place_for_a_bakery(profiles: Screen) -> None:
    _chosen(profiles).select_option("bakery")

    told = _server(profiles, "bakery")
    out = told["candidates"] - told["ranked"]
    outcome = profiles.page.locator("kk-profile-panel")
    expect(outcome).to_contain_text(
        f"{told['ranked']} van {told['candidates']} leegstaande panden gerangschikt"
    )
    expect(outcome).to_contain_text("60\u00a0m² tot 250\u00a0m²")
    assert as_query(profiles.view)["profile"] == "bakery"

    profiles.tab("Panden")
    profiles.choose_state("Leegstaand")
    best = told["ids"][told["rank"].index(1)]
    address = profiles.site.ask(f"shop-units/{best}")["address"]
    expect(profiles.rows.first).to_contain_text(address)
    if out:
        assert profiles.shown() == told["candidates"]
        profiles.list.press("End")
        expect(profiles.rows.filter(has_text="valt af").first).to_be_visible()

    profiles.list.press("Home")
    profiles.rows.first.click()
    why = profiles.section("Waarom deze score")
    expect(why.get_by_text(re.compile("^Voldoet: Winkelvloeroppervlakte"))).to_be_visible()
    expect(why.get_by_text(re.compile("^1e van"))).to_be_visible()
    assert figure(why.locator(".big").inner_text()) == pytest.approx(
        max(told["score"][told["ids"].index(best)], 0), abs=0.51
    )
    expect(why.get_by_text(re.compile("^Eerste in .* van de denkbare"))).to_be_visible()

    profiles.page.reload()
    expect(why.get_by_text(re.compile("^1e van"))).to_be_visible()


def test_a_profile_is_adjusted_kept_changed_by_another_and_taken_away(profiles: Screen, axe: str) -> None:
    page = profiles.page
    _chosen(profiles).select_option("supermarket")
    page.get_by_role("button", name="Aanpassen").click()
    panel = page.locator("kk-profile-panel")
    expect(panel.get_by_role("heading", name="Harde eisen")).to_be_visible()
    least = panel.get_by_label("Minstens").first
    least.fill("1")
    least.blur()
    panel.get_by_role("checkbox", name="Trekkers in de buurt").check()
    panel.get_by_role("button", name="Instellen: Trekkers in de buurt").click()
    panel.get_by_label(re.compile("^Minimum")).fill("9")
    panel.get_by_label(re.compile("^Maximum")).fill("3")
    panel.get_by_label(re.compile("^Maximum")).blur()
    expect(panel.get_by_text("Een minimum ligt niet onder zijn maximum.")).to_be_visible()
    panel.get_by_label(re.compile("^Maximum")).fill("12")
    panel.get_by_label(re.compile("^Maximum")).blur()
    expect(panel.get_by_text("Een minimum ligt niet onder zijn maximum.")).to_be_hidden()
    assert _violations(profiles, axe) == []

    panel.get_by_role("button", name="Bewaar als eigen profiel").click()
    panel.get_by_label("Naam", exact=True).fill("Grote supermarkt")
    panel.get_by_label("Uw naam").fill("Lena")
    panel.get_by_role("button", name="Bewaar", exact=True).click()
    expect(panel.get_by_text("Bewaard als Grote supermarkt, versie 1.")).to_be_visible()
    key = as_query(profiles.view)["profile"]
    kept = profiles.site.ask(f"score-profiles/{key}", municipality=CLUSTERED)
    assert kept["content"]["wishes"][0]["low"] == 1
    assert next(each for each in kept["content"]["criteria"] if each["code"] == "anchors")["low"] == 9

    panel.get_by_role("button", name="Verwijder", exact=True).click()
    expect(panel.get_by_text("Profiel Grote supermarkt is verwijderd.")).to_be_visible()
    expect(_chosen(profiles)).to_have_value("general")
    panel.get_by_role("button", name="Ongedaan maken").click()
    expect(panel.get_by_text("De vorige toestand is terug.")).to_be_visible()
    expect(_chosen(profiles)).to_have_value(key)

    panel.get_by_role("button", name="Versies").click()
    expect(panel.get_by_role("list", name="Versies").get_by_role("listitem")).to_have_count(3)
    panel.get_by_role("button", name="Verwijder", exact=True).click()
    expect(_chosen(profiles)).to_have_value("general")


def test_two_places_stand_side_by_side_and_the_best_on_each_criterion_is_named(
    city: Screen, axe: str
) -> None:
    told = _server(city, "bakery")
    first, second = (told["ids"][told["rank"].index(place)] for place in (1, 2))
    addresses = [city.site.ask(f"shop-units/{unit}")["address"] for unit in (first, second)]
    city.open(f"m={CLUSTERED}&profile=bakery&unit={first}")
    city.panel.get_by_role("button", name="Zet naast andere panden").click()
    expect(city.panel.get_by_role("button", name="Haal weg uit de vergelijking")).to_be_visible()
    city.open(f"m={CLUSTERED}&profile=bakery&tab=weights&compare={first},{second}")

    table = city.page.locator("kk-compare").get_by_role("table")
    for address in addresses:
        expect(table.get_by_role("button", name=address, exact=True)).to_be_visible()
    scores = table.get_by_role("row").filter(has_text="Score").get_by_role("cell").all_inner_texts()
    expected = [told["score"][told["ids"].index(unit)] for unit in (first, second)]
    assert [figure(text) for text in scores if text] == pytest.approx(expected, abs=0.051)
    expect(table.get_by_text("beste hier").first).to_be_attached()
    assert _violations(city, axe) == []

    table.get_by_role("button", name=f"Haal weg uit de vergelijking: {addresses[0]}").click()
    expect(city.page.get_by_text("Open een tweede pand en zet het ernaast.")).to_be_visible()
    city.page.get_by_role("button", name="Maak leeg").click()
    expect(city.page.locator("kk-compare section")).to_have_count(0)
