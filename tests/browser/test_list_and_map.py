import math
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen, as_query, figure
from tests.demo_database import CLUSTERED

CLASS_ORDER = {"structural": 3, "long_term": 2, "initial": 1, "unknown": 0, None: -1}


@pytest.fixture
def vacant(city: Screen) -> Screen:
    """The vacant units alone, near enough to tell them apart."""
    city.choose_state("Leegstaand")
    city.wait_for_map()
    return city


def _units(screen: Screen, **query: Any) -> dict[str, dict[str, Any]]:
    items = screen.site.ask("shop-units", municipality=CLUSTERED, limit=500, **query)["items"]
    return {item["address"]: item for item in items}


def _apart(screen: Screen, addresses: list[str]) -> list[tuple[str, tuple[float, float]]]:
    """Those of some vacant units that lie free on the map: nothing of another unit or of a sign over them."""
    units = _units(screen, state="vacant")
    places = {address: screen.place_on_map(unit["lat"], unit["lon"]) for address, unit in units.items()}

    def is_free(address: str) -> bool:
        x, y = places[address]
        is_near = any(math.dist(place, (x, y)) < 30 for other, place in places.items() if other != address)
        over = screen.page.evaluate(
            """([x, y]) => {
                const over = document.elementFromPoint(x, y);
                return Boolean(over?.closest('.leaflet-container')) && !over.closest('.leaflet-marker-icon');
            }""",
            [x, y],
        )
        return bool(over) and not is_near

    return [(address, places[address]) for address in addresses if is_free(address)]


def _centre(screen: Screen, ring: str) -> tuple[float, float]:
    box = screen.box(screen.page.locator(f".kk-ring.{ring} i"))
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_pointing_at_a_row_rings_that_unit_on_the_map_and_names_it(vacant: Screen) -> None:
    address, place = _apart(vacant, vacant.addresses()[:6])[0]

    vacant.row(address).hover()

    expect(vacant.page.locator(".kk-hint")).to_contain_text(address)
    assert _centre(vacant, "hovered") == pytest.approx(place, abs=2)
    vacant.search.hover()
    expect(vacant.page.locator(".kk-ring.hovered")).to_have_count(0)


def test_pointing_at_a_unit_on_the_map_marks_its_row(vacant: Screen) -> None:
    address, place = _apart(vacant, vacant.addresses())[0]

    vacant.page.mouse.move(*place)

    expect(vacant.row(address)).to_have_class(re.compile("hovered"))
    expect(vacant.page.locator(".kk-hint")).to_contain_text(address)


def test_a_unit_chosen_on_the_map_opens_and_its_row_comes_into_view(vacant: Screen) -> None:
    drawn = set(vacant.addresses())
    below = [address for address in _units(vacant, state="vacant") if address not in drawn]
    address, place = _apart(vacant, below)[0]

    vacant.page.mouse.click(*place)

    expect(vacant.panel.get_by_role("heading", level=2)).to_have_text(address)
    expect(vacant.row(address)).to_be_in_viewport()
    expect(vacant.row(address)).to_have_attribute("aria-selected", "true")
    assert as_query(vacant.view)["unit"] == str(_units(vacant)[address]["id"])


def test_a_unit_chosen_in_the_list_is_ringed_on_the_map_clear_of_the_panel(vacant: Screen) -> None:
    address = vacant.addresses()[4]
    vacant.row(address).click()
    expect(vacant.panel.get_by_role("heading", level=2)).to_have_text(address)

    unit = _units(vacant)[address]
    x, y = _centre(vacant, "selected")
    stage = vacant.box(vacant.map)
    panel = vacant.box(vacant.panel)
    assert (x, y) == pytest.approx(vacant.place_on_map(unit["lat"], unit["lon"]), abs=2)
    assert stage["x"] < x < min(stage["x"] + stage["width"], panel["x"])
    assert stage["y"] < y < stage["y"] + stage["height"]


def _area(line: str) -> float:
    found = re.search(r"([\d.,]+)\s*m²", line)
    return figure(found[1]) if found else -1.0


def _passing(unit: dict[str, Any]) -> float:
    """Units of which only the kind of street is known come after those with a number."""
    if unit["footfall_per_day"]:
        return float(unit["footfall_per_day"]["value"])
    return {"main": -1.0, "secondary": -2.0, "side": -3.0}.get(unit["footfall_class"], -4.0)


def test_the_list_sorts_by_area_footfall_duration_and_address(city: Screen) -> None:
    sort = city.page.get_by_role("combobox", name="Sorteren op")
    units = _units(city)

    sort.select_option(label="Grootste eerst")
    areas = [_area(line) for line in city.rows.locator(".line").all_inner_texts()]
    assert areas == sorted(areas, reverse=True)
    assert areas[0] == max(unit["floor_area_m2"] or 0 for unit in units.values())

    sort.select_option(label="Meeste passanten eerst")
    most = max(map(_passing, units.values()))
    expect(city.rows.first).to_contain_text(
        re.compile("|".join(re.escape(unit["address"]) for unit in units.values() if _passing(unit) == most))
    )
    passing = [_passing(units[address]) for address in city.addresses()]
    assert passing == sorted(passing, reverse=True)

    sort.select_option(label="Langst leeg eerst")
    expect(city.rows.first).to_contain_text("> 3 jaar")
    classes = [CLASS_ORDER[units[address]["vacancy_class"]] for address in city.addresses()]
    assert classes == sorted(classes, reverse=True)

    sort.select_option(label="Adres")
    expect(city.rows.first).to_contain_text(min(units, key=str.casefold))
    streets = [re.sub(r"\s\d.*", "", address).casefold() for address in city.addresses()]
    assert streets == sorted(streets)
    assert as_query(city.view)["sort"] == "address"


def test_each_filter_keeps_what_the_api_keeps_and_has_a_chip_that_takes_it_off(city: Screen) -> None:
    page = city.page
    everything = city.shown()
    panel = city.open_filters()
    panel.get_by_label("Maximum").fill("250")
    panel.get_by_label("Korter dan 1 jaar").check()
    panel.get_by_label("Langer dan 3 jaar").check()
    panel.get_by_role("combobox", name=re.compile("^Kern")).select_option(label="Handelskern")
    nested = {"max_floor_area_m2": 250, "vacancy_class": "initial,structural"}
    cores = city.site.ask(f"municipalities/{CLUSTERED}")["cores"]
    core_id = next(core["id"] for core in cores if core["name"] == "Handelskern")
    page.get_by_role("button", name=re.compile(r"^Toon \d+ van")).click()

    total = city.site.ask("shop-units", municipality=CLUSTERED, core=core_id, limit=1, **nested)["total"]
    assert city.shown() == total > 0

    page.get_by_role("button", name="Filter verwijderen: Handelskern").click()
    total = city.site.ask("shop-units", municipality=CLUSTERED, limit=1, **nested)["total"]
    expect(city.count.locator("strong")).to_have_text(str(total))
    page.get_by_role("button", name="Filter verwijderen: Langer dan 3 jaar").click()
    total = city.site.ask(
        "shop-units", municipality=CLUSTERED, limit=1, max_floor_area_m2=250, vacancy_class="initial"
    )["total"]
    expect(city.count.locator("strong")).to_have_text(str(total))

    page.get_by_role("button", name="Alles wissen").click()
    expect(city.count.locator("strong")).to_have_text(str(everything))
    expect(page.get_by_role("group", name="Actieve filters")).to_have_count(0)
    assert set(as_query(city.view)) <= {"m", "map"}


def test_a_search_finds_an_address_a_name_and_a_code(city: Screen) -> None:
    unit = next(item for item in _units(city, state="occupied").values() if item["name"])

    for words in (unit["address"], unit["name"].upper(), unit["local_code"]):
        city.search.fill(words)
        expect(city.row(unit["address"])).to_be_visible()
        total = city.site.ask("shop-units", municipality=CLUSTERED, q=words, limit=1)["total"]
        expect(city.count.locator("strong")).to_have_text(str(total))
        assert total < 40


def test_where_nothing_is_found_the_screen_says_so_and_offers_the_way_out(city: Screen) -> None:
    everything = city.shown()
    city.search.fill("zo'n straat is er niet")

    expect(city.page.get_by_text("Geen pand voldoet")).to_be_visible()
    expect(city.page.get_by_role("button", name="Exporteer 0 panden")).to_be_disabled()
    city.page.locator("kk-empty").get_by_role("button", name="Alles wissen").click()

    expect(city.rows.first).to_be_visible()
    assert city.shown() == everything
    expect(city.search).to_have_value("")


def test_the_counts_beside_the_states_add_up_and_choosing_two_shows_both(city: Screen) -> None:
    states = city.page.get_by_role("group", name="Toestand van het pand").get_by_role("button")
    counts = {text.split("\n")[0].rstrip("0123456789 "): figure(text) for text in states.all_inner_texts()}
    assert sum(counts.values()) == city.shown()

    city.choose_state("Leegstaand")
    expect(city.count.locator("strong")).to_have_text(str(int(counts["Leegstaand"])))
    city.choose_state("Geen handel")
    assert city.shown() == counts["Leegstaand"] + counts["Geen handel"]
    assert as_query(city.view)["state"] == "vacant,non_retail"
