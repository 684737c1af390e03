import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen, as_query, figure
from tests.demo_database import CLUSTERED


@pytest.fixture
def unit(city: Screen) -> dict[str, Any]:
    """A vacant unit with two sensors near and the longest history, open on the screen, as the API knows it."""
    listed = city.site.ask("shop-units", municipality=CLUSTERED, state="vacant", limit=500)["items"]
    known = [city.site.ask(f"shop-units/{item['id']}", lang="nl") for item in listed[:15]]
    chosen: dict[str, Any] = max(
        known, key=lambda one: (min(len(one["footfall"]["sensors"]), 2), len(one["history"]))
    )
    city.open(f"m={CLUSTERED}&unit={chosen['id']}")
    city.page.reload()
    expect(city.section("Feiten en herkomst")).to_be_attached()
    return chosen


def _value(panel: Locator, name: str) -> Locator:
    return (
        panel.locator("kk-key-figures div").filter(has=panel.page.get_by_text(name, exact=True)).locator("dd")
    )


def test_the_panel_begins_with_the_figures_an_officer_asks_first(city: Screen, unit: dict[str, Any]) -> None:
    expect(city.panel.get_by_role("heading", level=2)).to_have_text(unit["address"])
    expect(city.page).to_have_title(f"{unit['address']} · Blankenberge · Kernkaart")
    assert figure(_value(city.panel, "Winkelvloeroppervlakte").inner_text()) == round(unit["floor_area_m2"])
    year = (unit["vacant_since"]["latest"] or unit["vacant_since"]["earliest"])[:4]
    expect(_value(city.panel, "Leeg sinds")).to_contain_text(year)
    passing = unit["footfall_per_day"]
    if passing:
        shown = figure(_value(city.panel, "Passanten, 10–18 u").inner_text().replace("ca. ", ""))
        assert shown == pytest.approx(passing["value"], rel=0.06)


def test_every_component_of_a_score_stands_with_its_value_weight_and_source(
    city: Screen, unit: dict[str, Any]
) -> None:
    items = city.section("Waarom deze score").get_by_role("list").get_by_role("listitem")
    components = unit["score_detail"]["components"]
    expect(items).to_have_count(len(components))
    for component in components:
        item = items.filter(has_text=component["label"])
        expect(item).to_contain_text(component["source"])
        if component["scaled"] is None:
            expect(item).to_contain_text("telt niet mee in de score")
        else:
            expect(item).to_contain_text(f"{round(component['scaled'])} op 100, weegt")
    expect(city.section("Waarom deze score")).to_contain_text(
        f"{unit['score_detail']['rank']}e van {unit['score_detail']['of']} leegstaande panden"
    )


def test_the_timeline_tells_every_period_newest_first(city: Screen, unit: dict[str, Any]) -> None:
    items = city.section("Tien jaar geschiedenis").locator("kk-timeline").get_by_role("listitem")
    assert len(unit["history"]) >= 3
    expect(items).to_have_count(len(unit["history"]))
    expect(items.first).to_contain_text("nu")
    for period in unit["history"]:
        words = period["occupant_name"] if period["kind"] == "occupancy" else "Leegstand"
        expect(items.filter(has_text=words or "Uitbater onbekend").first).to_be_attached()
    drawn = city.section("Tien jaar geschiedenis").locator("svg rect[fill='url(#hatch)']")
    assert drawn.count() >= 1


def test_the_footfall_charts_show_a_week_and_the_months_of_the_sensor_that_is_chosen(
    city: Screen, unit: dict[str, Any]
) -> None:
    passing = city.section("Passanten")
    week = passing.get_by_role("img", name=re.compile("^Gewone week: het drukst op"))
    expect(week).to_be_visible()
    expect(passing.get_by_role("img", name=re.compile("^Gemiddeld aantal passanten per dag"))).to_be_visible()
    expect(passing.get_by_text("Naar schatting komen hier ongeveer")).to_be_visible()
    passing.get_by_text("Toon als tabel").click()
    expect(passing.get_by_role("row").filter(has_text="zaterdag")).to_be_visible()

    chooser = passing.get_by_role("combobox", name="Teller")
    distances = [
        figure(text.partition(" op ")[2]) for text in chooser.get_by_role("option").all_inner_texts()
    ]
    assert len(distances) >= 2
    assert distances == sorted(distances)
    before = week.get_attribute("aria-label")
    chooser.select_option(index=1)
    expect(week).not_to_have_accessible_name(str(before))


def test_every_fact_names_its_source_and_its_day(city: Screen, unit: dict[str, Any]) -> None:
    rows = city.section("Feiten en herkomst").get_by_role("row")
    known = [fact for fact in unit["facts"] if fact["value"] is not None]
    assert len(known) >= 5
    for fact in known:
        if fact["source"]:
            expect(rows.filter(has_text=fact["source"]).first).to_be_attached()
    area = rows.filter(has_text="Winkelvloeroppervlakte")
    expect(area).to_contain_text("Fictieve demodata")
    expect(rows.filter(has_text="Code in het register")).to_contain_text(unit["local_code"])


def test_a_catchment_of_fifteen_minutes_is_drawn_anew_per_mode_and_goes_with_a_second_press(
    city: Screen, unit: dict[str, Any]
) -> None:
    reach = city.section("Bereik")
    car = reach.get_by_role("button", name="Auto")
    car.click()
    expect(reach.get_by_role("row", name=re.compile("^Oppervlakte"))).to_contain_text("ha")
    expect(city.page.locator(".kk-band-label")).to_have_text(["15 min", "10 min", "5 min"])
    assert as_query(city.view)["catchment"] == "car"

    car.click()
    expect(car).to_have_attribute("aria-pressed", "false")
    expect(city.page.locator(".leaflet-catchment-pane path")).to_have_count(0)
    expect(reach.get_by_role("table")).to_have_count(0)


def test_the_link_of_a_unit_is_copied_and_closing_it_returns_to_the_list(
    city: Screen, unit: dict[str, Any]
) -> None:
    city.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    city.panel.get_by_role("button", name="Link kopiëren").click()
    expect(city.panel.get_by_text("De link is gekopieerd.")).to_be_attached()
    assert city.page.evaluate("() => navigator.clipboard.readText()") == city.page.url

    city.panel.get_by_role("button", name="Pand sluiten").click()
    expect(city.panel).to_have_count(0)
    expect(city.page.locator(".kk-ring")).to_have_count(0)
    assert "unit" not in as_query(city.view)


def test_an_occupied_unit_says_who_trades_there_and_that_it_is_not_ranked(city: Screen) -> None:
    city.choose_state("Bezet")
    city.rows.first.click()
    name = city.rows.first.locator(".line").inner_text().split("·")[0].strip()

    expect(city.panel.locator("header")).to_contain_text(name)
    expect(city.panel).to_contain_text("Bezet sinds")
    expect(city.section("Waarom deze score")).to_contain_text("Niet in de rangschikking")


def test_the_sources_name_what_the_figures_rest_on(city: Screen) -> None:
    city.page.locator("kk-header").get_by_role("button", name="Bronnen").click()
    dialog = city.page.get_by_role("dialog", name="Bronnen")
    for dataset in city.site.ask("about")["attribution"]:
        expect(dialog.get_by_role("row").filter(has_text=dataset["dataset"]).first).to_contain_text(
            dataset["licence"] or "onbekend"
        )
    city.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_the_panel_tells_what_the_refresh_measured_of_a_place_and_why_something_is_missing(
    city: Screen, unit: dict[str, Any]
) -> None:
    section = city.section("Bereik")
    section.get_by_text("Bereikbaarheid in cijfers").click()
    rows = section.locator("kk-accessibility tr")
    items = unit["accessibility"]["items"]
    expect(rows).to_have_count(len(items))
    for item in items:
        row = rows.filter(has_text=item["label"])
        if item["value"] is None:
            expect(row).to_contain_text(item["reason_label"])
        else:
            assert figure(row.locator("td").inner_text().removeprefix("minstens ")) == pytest.approx(
                item["value"], abs=5
            )
    # A vacant unit trades in nothing, so nobody competes with it.
    assert next(item for item in items if item["code"] == "competitor_m")["reason"] == "not_trading"
