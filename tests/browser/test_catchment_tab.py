import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from playwright.sync_api import Locator, Page, Request, Route, expect

from tests.browser.screen import Screen, as_query, figure
from tests.demo_database import CLUSTERED

SHAPES = ".leaflet-catchment-pane path"


class Reach:
    """The tab of catchments: what is asked, and what stands there in answer."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.page: Page = screen.page
        self.tab = self.page.locator("kk-catchment-tab")
        self.search = self.tab.get_by_role("combobox", name=re.compile("^Zoek een plaats"))
        self.found = self.tab.get_by_role("listbox", name="Gevonden plaatsen").get_by_role("option")
        self.places = self.tab.get_by_role("list", name="Plaatsen", exact=True).get_by_role("listitem")
        self.pins = self.page.locator(".kk-place")
        self.shapes = self.page.locator(SHAPES)
        self.headline = self.tab.locator("kk-holdings .headline")
        self.banner = self.page.locator("kk-pick-banner")
        self.closings = self.tab.get_by_role("list", name="Gewijzigde straten").get_by_role("listitem")
        self.difference = self.tab.locator("kk-scenario-difference .sentence")
        self.stored = self.tab.get_by_role("list", name="Bewaarde bereiken").get_by_role("listitem")

    def open(self, view: str = "") -> None:
        self.page.goto(f"{self.screen.site.address}/#m={CLUSTERED}&tab=catchment{view and '&'}{view}")
        expect(self.tab).to_be_visible()
        if "at=" in view:
            self.wait()

    def wait(self) -> None:
        """Until every figure that was asked for is there."""
        expect(self.headline).to_be_visible()
        expect(self.tab.locator(".results")).to_have_attribute("aria-busy", "false")

    def settle(self) -> None:
        """Until the map, which goes to what was drawn on it, stands still below the pin."""
        self.page.wait_for_function(
            """() => new Promise((done) => {
                const at = () => JSON.stringify(document.querySelector('.kk-place')?.getBoundingClientRect());
                const before = at();
                setTimeout(() => done(before === at()), 300);
            })"""
        )

    def take_pin(self) -> tuple[float, float]:
        """Press on the pin until it hangs on the pointer, and say where it was pressed."""
        for _ in range(5):
            self.settle()
            pin = self.screen.box(self.pins)
            x, y = pin["x"] + pin["width"] / 2, pin["y"] + pin["height"] / 2
            self.page.mouse.move(x, y)
            self.page.mouse.down()
            self.page.mouse.move(x + 6, y - 3)
            if self.page.locator(".kk-place.leaflet-drag-target, .kk-place .leaflet-drag-target").count():
                return x, y
            # On a busy machine the map began to move between the look and the press, and it is the map that was taken.
            self.page.mouse.up()
        raise AssertionError("the pin cannot be taken")

    def people(self) -> float:
        self.wait()
        return figure(self.headline.locator("strong").inner_text())

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.tab.get_by_role("button", name=name)

    def point_at(self, lat: float, lon: float) -> None:
        x, y = self.screen.place_on_map(lat, lon)
        self.page.mouse.click(x, y)


@pytest.fixture
def reach(screen: Screen) -> Reach:
    return Reach(screen)


@pytest.fixture(scope="module")
def units(site: Any) -> list[dict[str, Any]]:
    """Four units of the town that lie apart from each other, the first of them occupied."""
    listed: list[dict[str, Any]] = site.ask(
        "shop-units", municipality=CLUSTERED, state="occupied", limit=500
    )["items"]
    apart = sorted(listed, key=lambda unit: unit["lon"])
    return [apart[i * (len(apart) - 1) // 3] for i in range(4)]


def _at(*units: dict[str, Any]) -> str:
    return "at=" + ";".join(f"unit:{unit['id']}" for unit in units)


def _map_at(unit: dict[str, Any], zoom: int = 16) -> str:
    return f"map={zoom}/{unit['lat']:.5f}/{unit['lon']:.5f}"


def _asked(reach: Reach, **query: Any) -> list[dict[str, Any]]:
    """What the API itself answers: the properties of each band, near to far."""
    answer = reach.screen.site.ask("catchment", **query)
    return sorted((band["properties"] for band in answer["features"]), key=lambda band: band["band"])


def test_a_unit_leads_to_all_about_its_catchment_and_back(city: Screen, units: list[dict[str, Any]]) -> None:
    unit = units[0]
    city.open(f"m={CLUSTERED}&unit={unit['id']}&catchment=bicycle")
    city.page.reload()
    expect(city.page.locator(SHAPES)).to_have_count(3)
    city.section("Bereik").get_by_role("button", name="Meer over dit bereik").click()

    reach = Reach(city)
    expect(reach.places).to_have_count(1)
    expect(reach.places.first).to_contain_text(unit["address"])
    expect(city.panel).to_have_count(0)
    expect(reach.button("Fiets")).to_have_attribute("aria-pressed", "true")
    largest = _asked(reach, shop_unit=unit["id"], mode="bicycle")[-1]
    assert reach.people() == pytest.approx(largest["population"], abs=1)
    expect(reach.shapes).to_have_count(3)

    city.page.go_back()
    expect(city.panel.get_by_role("heading", level=2)).to_have_text(unit["address"])


def test_an_address_is_found_with_the_keyboard_alone(reach: Reach, units: list[dict[str, Any]]) -> None:
    reach.open()
    reach.search.focus()
    reach.page.keyboard.type(units[1]["address"])
    options = reach.found
    expect(options.first).to_have_attribute("aria-selected", "true")
    reach.page.keyboard.press("ArrowDown")
    reach.page.keyboard.press("ArrowUp")
    expect(options.first).to_have_attribute("aria-selected", "true")
    reach.page.keyboard.press("Enter")

    expect(reach.places).to_have_count(1)
    expect(reach.places.first).to_contain_text(units[1]["address"])
    assert reach.people() > 0
    expect(reach.pins).to_have_count(1)


def test_nothing_found_says_what_else_one_can_do(reach: Reach) -> None:
    reach.open()
    reach.search.fill("zzzzqqq")
    expect(reach.tab.get_by_text("Niets gevonden")).to_be_visible()
    reach.search.press("Escape")
    expect(reach.tab.get_by_text("Niets gevonden")).to_have_count(0)


def test_a_point_is_put_on_the_map_and_the_catchment_follows_it_while_it_is_dragged(
    reach: Reach, units: list[dict[str, Any]]
) -> None:
    unit = units[1]
    reach.open(_map_at(unit, 15))
    reach.screen.wait_for_map()
    reach.button("Plaats een punt").click()
    expect(reach.banner).to_contain_text("Klik op de kaart")
    reach.page.keyboard.press("Escape")
    expect(reach.banner).to_have_count(0)
    reach.button("Plaats een punt").click()
    reach.point_at(unit["lat"] + 0.0004, unit["lon"] + 0.0004)
    before = reach.people()
    expect(reach.shapes).to_have_count(3)
    placed = as_query(reach.screen.view)["at"]
    shape = reach.shapes.first.get_attribute("d")

    # However fast answers come, there is never more than one question on its way.
    flying, most = set[Request](), [0]

    def begun(request: Request) -> None:
        if "api/catchment?" in request.url:
            flying.add(request)
            most.append(len(flying))

    reach.page.on("request", begun)

    def ended(request: Request) -> None:
        flying.discard(request)

    reach.page.on("requestfinished", ended)
    reach.page.on("requestfailed", ended)
    x, y = reach.take_pin()
    for step in range(2, 16):
        reach.page.mouse.move(x + 6 * step, y - 3 * step)
    expect(reach.shapes.first).not_to_have_attribute("d", str(shape))
    assert as_query(reach.screen.view)["at"] == placed
    assert max(most) == 1
    reach.page.mouse.up()

    reach.page.wait_for_function("placed => !decodeURIComponent(location.hash).includes(placed)", arg=placed)
    reach.wait()
    lon, lat = as_query(reach.screen.view)["at"].removeprefix("point:").split(",")
    largest = _asked(reach, lon=lon, lat=lat, mode="walk")[-1]
    assert reach.people() == pytest.approx(largest["population"], abs=1)
    reach.page.go_back()
    expect(reach.headline.locator("strong")).to_have_text(re.compile(r"\d"))
    assert reach.people() == before


def test_what_is_not_shared_is_named_where_it_is_not_counted(
    reach: Reach, units: list[dict[str, Any]]
) -> None:
    def withhold(route: Route) -> None:
        body = route.fetch().json()
        body["catchment"]["withheld"] = [{"nis_code": CLUSTERED, "subjects": ["units"]}]
        for band in body["features"]:
            names = ("shop_units", "vacant_units", "floor_area_m2", "vacant_floor_area_m2")
            band["properties"] |= dict.fromkeys(names) | {"branches": {}}
        route.fulfill(json=body)

    reach.page.route("**/api/catchment?*", withhold)
    reach.open(_at(units[0]))
    expect(reach.tab).to_contain_text("Niet meegeteld, want niet met u gedeeld (Blankenberge: Panden")
    # What is not known is not said to be nothing.
    expect(reach.tab).not_to_contain_text("Geen handelspanden binnen bereik")
    assert reach.people() > 0


def test_who_points_at_a_parcel_asks_about_the_parcel(reach: Reach) -> None:
    points = reach.screen.points(CLUSTERED)
    doors = shapely.MultiPoint(list(zip(points["lon"], points["lat"], strict=True)))
    listed = reach.screen.site.ask("parcels", municipality=CLUSTERED, limit=500)["features"]
    # One without a shop near, because a shop lies on top of its parcel.
    parcel, place = next(
        (parcel, place)
        for parcel in listed
        for place in [shapely.geometry.shape(parcel["geometry"]).representative_point()]
        if 0.0005 < place.distance(doors) < 0.005
    )
    reach.open(f"layers=parcels&map=19/{place.y:.6f}/{place.x:.6f}")
    reach.screen.wait_for_map()
    reach.button("Plaats een punt").click()
    reach.point_at(place.y, place.x)
    expect(reach.places.first).to_contain_text(parcel["properties"]["capakey"])
    assert as_query(reach.screen.view)["at"] == f"parcel:{parcel['id']}"


def test_the_arrow_keys_move_a_pin_that_has_the_focus(reach: Reach, units: list[dict[str, Any]]) -> None:
    reach.open(_at(units[0]))
    reach.pins.focus()
    for _ in range(5):
        reach.page.keyboard.press("Shift+ArrowRight")
    reach.page.wait_for_function("() => decodeURIComponent(location.hash).includes('at=point:')")
    reach.wait()
    moved = as_query(reach.screen.view)["at"].removeprefix("point:").split(",")
    assert float(moved[0]) > units[0]["lon"]
    expect(reach.pins).to_be_focused()


def test_the_mode_and_the_bands_are_switched_and_stand_in_the_link(
    reach: Reach, units: list[dict[str, Any]]
) -> None:
    unit = units[0]["id"]
    reach.open(_at(units[0]))
    reach.button("Auto").click()
    far = reach.tab.get_by_label("Hoe ver")
    far.select_option(label="3 · 6 · 9 min")
    expect(reach.page.locator(".kk-band-label")).to_have_text(["9 min", "6 min", "3 min"])
    asked = _asked(reach, shop_unit=unit, mode="car", minutes="3,6,9")
    assert reach.people() == pytest.approx(asked[-1]["population"], abs=1)

    far.select_option(label="Eigen grenzen…")
    own = reach.tab.get_by_role("textbox", name="Eigen grenzen")
    own.fill("vijf")
    own.press("Enter")
    expect(reach.tab.get_by_role("alert")).to_contain_text("bijvoorbeeld 5, 10, 15")
    reach.tab.get_by_label("Eenheid").select_option(label="Afstand in meter")
    own.fill("300, 700")
    own.press("Enter")
    expect(reach.page.locator(".kk-band-label")).to_have_text(["700 m", "300 m"])
    assert as_query(reach.screen.view)["metres"] == "300,700"

    far.select_option(label="2.000 · 5.000 · 10.000 inw.")
    expect(reach.headline).to_contain_text("inwoners")
    reach.tab.get_by_text("Meer instellingen").click()
    far.select_option(label="5 · 10 · 15 min")
    reach.button("Ervandaan").click()
    reach.tab.get_by_label(re.compile("^Ringen")).check()
    reach.wait()
    expect(reach.tab.get_by_role("group", name="Cijfers tot").get_by_role("button").last).to_have_text(
        "10–15 min"
    )
    view = as_query(reach.screen.view)
    assert (view["mode"], view["direction"], view["rings"]) == ("car", "outward", "1")
    figures = reach.people()

    reach.page.reload()
    assert reach.people() == figures
    expect(reach.button("Auto")).to_have_attribute("aria-pressed", "true")


def test_mine_alone_leaves_out_who_lives_nearer_to_a_competitor(
    reach: Reach, units: list[dict[str, Any]]
) -> None:
    reach.open(_at(units[0]))
    everybody = reach.people()
    reach.tab.get_by_text("Meer instellingen").click()
    reach.button("Wijs een concurrent aan").click()
    rival = units[1]
    reach.page.evaluate(
        "([lat, lon]) => document.querySelector('kk-map').leaflet.setView([lat, lon], 18, {animate: false})",
        [rival["lat"], rival["lon"]],
    )
    reach.screen.wait_for_map()
    reach.point_at(rival["lat"], rival["lon"])

    expect(reach.button(re.compile("^Concurrent weglaten"))).to_have_count(1)
    expect(reach.headline.locator("strong")).not_to_have_text(
        re.compile(f"^{everybody:,.0f}$".replace(",", "."))
    )
    assert reach.people() < everybody
    reach.button(re.compile("^Concurrent weglaten")).click()
    expect(reach.button(re.compile("^Concurrent weglaten"))).to_have_count(0)
    assert reach.people() == everybody


def test_what_it_holds_is_drawn_written_as_a_table_and_sourced(
    reach: Reach, units: list[dict[str, Any]]
) -> None:
    reach.open(_at(units[0]))
    bands = _asked(reach, shop_unit=units[0]["id"], mode="walk")
    expect(reach.tab.get_by_role("img", name=re.compile("^Inwoners per stap"))).to_be_visible()
    expect(reach.tab.get_by_role("img", name=re.compile("^Panden per branche"))).to_be_visible()
    reach.tab.get_by_text("Toon als tabel").click()
    row = reach.tab.get_by_role("row", name=re.compile("^Handelspanden"))
    shown = [figure(text) for text in row.get_by_role("cell").all_inner_texts()]
    assert shown == [pytest.approx(band["shop_units"], abs=1) for band in bands]

    reach.tab.get_by_role("group", name="Cijfers tot").get_by_role("button", name="5 min", exact=True).click()
    assert as_query(reach.screen.view)["band"] == "5"
    assert reach.people() == pytest.approx(bands[0]["population"], abs=1)

    reach.tab.get_by_text("Bronnen, datum en zekerheid").click()
    sources = reach.tab.locator("kk-catchment-sources")
    for layer in reach.screen.site.ask("catchment", shop_unit=units[0]["id"])["catchment"]["layers"]:
        if layer["source"]:
            expect(sources).to_contain_text(layer["source"])
    expect(sources).to_contain_text("verkeerde kant")
    expect(sources).to_contain_text("dichtste straat")


def test_four_places_stand_side_by_side(reach: Reach, units: list[dict[str, Any]]) -> None:
    reach.open(_at(*units[:3]))
    table = reach.tab.get_by_role("region", name="Vergelijking van de plaatsen").get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_count(4)
    reach.button("Vergelijk met een andere plaats").click()
    reach.search.fill(units[3]["address"])
    reach.found.first.click()

    expect(reach.places).to_have_count(4)
    expect(table.get_by_role("columnheader")).to_have_count(5)
    expect(reach.pins).to_have_count(4)
    expect(reach.shapes).to_have_count(4)
    expect(reach.button("Vergelijk met een andere plaats")).to_have_count(0)
    reach.wait()
    people = table.get_by_role("row", name=re.compile("^Inwoners")).get_by_role("cell")
    shown = [figure(text) for text in people.all_inner_texts()]
    asked = [_asked(reach, shop_unit=unit["id"], mode="walk")[-1]["population"] for unit in units[:3]]
    assert shown[:3] == [pytest.approx(value, abs=1) for value in asked]

    reach.button(f"Zet {units[2]['address']} vooraan").click()
    expect(reach.places.first).to_contain_text(units[2]["address"])
    reach.button(f"Verwijder {units[0]['address']}").click()
    expect(reach.places).to_have_count(3)
    expect(reach.pins).to_have_count(3)
    reach.page.go_back()
    expect(reach.places).to_have_count(4)


def _close_a_street(reach: Reach, unit: dict[str, Any]) -> dict[str, Any]:
    """Close the whole street before a unit's door by pointing at it."""
    street: dict[str, Any] = reach.screen.site.ask(
        "street-segments/near", lon=unit["lon"], lat=unit["lat"], mode="walk"
    )
    line = street["geometry"]["coordinates"]
    if street["geometry"]["type"] == "MultiLineString":
        line = line[0]
    (lon1, lat1), (lon2, lat2) = line[0][:2], line[1][:2]
    reach.tab.get_by_text("Wat als een straat dichtgaat?").click()
    reach.button("Straat sluiten").click()
    reach.page.evaluate(
        "([lat, lon]) => document.querySelector('kk-map').leaflet.setView([lat, lon], 18, {animate: false})",
        [(lat1 + lat2) / 2, (lon1 + lon2) / 2],
    )
    reach.screen.wait_for_map()
    reach.point_at((lat1 + lat2) / 2, (lon1 + lon2) / 2)
    expect(reach.banner).to_contain_text("sluiten?")
    reach.banner.get_by_role("button").and_(
        reach.banner.get_by_role("button", name=re.compile("^(De hele straat|Alleen dit stuk)"))
    ).last.click()
    expect(reach.closings).to_have_count(1)
    reach.wait()
    return street


def test_a_closed_street_is_told_in_one_sentence_and_taken_back(
    reach: Reach, units: list[dict[str, Any]]
) -> None:
    unit = units[1]
    reach.open(f"{_at(unit)}&minutes=5")
    before = reach.people()
    street = _close_a_street(reach, unit)

    name = street["properties"]["name"]
    expect(reach.difference).to_contain_text("Zonder doorgang via")
    if name:
        expect(reach.difference).to_contain_text(name)
        expect(reach.closings.first).to_contain_text(name)
    closed = as_query(reach.screen.view)["closed"]
    answer = reach.screen.site.ask("catchment", shop_unit=unit["id"], mode="walk", minutes="5", closed=closed)
    after = answer["features"][0]["properties"]["population"]
    lost = answer["baseline"]["features"][0]["properties"]["population"] - after
    if round(lost):
        assert figure(reach.difference.inner_text().partition("bereiken")[2]) == pytest.approx(
            abs(lost), abs=1
        )
    assert reach.people() == pytest.approx(after, abs=1)
    expect(reach.shapes).to_have_count(2)
    expect(reach.page.locator(".leaflet-scenario-pane path").first).to_be_attached()

    reach.closings.first.get_by_role("button").first.click()
    expect(reach.closings).to_have_count(0)
    expect(reach.difference).to_have_count(0)
    assert reach.people() == before
    reach.page.go_back()
    expect(reach.closings).to_have_count(1)
    reach.page.go_back()
    expect(reach.closings).to_have_count(0)
    assert "closed" not in as_query(reach.screen.view)


def test_a_drawn_line_lets_nobody_through(reach: Reach, units: list[dict[str, Any]]) -> None:
    unit = units[1]
    reach.open(f"{_at(unit)}&{_map_at(unit, 17)}")
    reach.screen.wait_for_map()
    before = reach.people()
    reach.tab.get_by_text("Wat als een straat dichtgaat?").click()
    reach.button("Grens tekenen").click()
    expect(reach.banner).to_contain_text("waar de grens begint")
    reach.point_at(unit["lat"] + 0.001, unit["lon"] - 0.002)
    reach.point_at(unit["lat"] + 0.001, unit["lon"] + 0.002)
    reach.banner.get_by_role("button", name="Klaar").click()

    expect(reach.closings).to_have_text(re.compile("Getekende grens 1"))
    expect(reach.difference).to_contain_text("Met de getekende grens")
    assert reach.people() <= before
    reach.button("Alles terug zoals het is").click()
    assert reach.people() == before
    assert "barrier" not in as_query(reach.screen.view)


def _store(reach: Reach, name: str) -> None:
    reach.button("Bewaren").click()
    reach.tab.get_by_label("Naam").fill(name)
    reach.button("Bewaar").and_(reach.tab.locator("form button")).click()
    expect(reach.stored.filter(has_text=name)).to_have_count(1)
    expect(reach.tab.locator("kk-stored-head")).to_contain_text(name)


def test_a_catchment_is_kept_computed_anew_renamed_deleted_and_brought_back(
    reach: Reach, units: list[dict[str, Any]]
) -> None:
    reach.open(_at(units[0]))
    people = reach.people()
    _store(reach, "Proef bij de markt")
    head = reach.tab.locator("kk-stored-head")
    expect(head).to_contain_text("Proef bij de markt")
    assert "stored" in as_query(reach.screen.view)
    link = reach.page.url

    row = reach.stored.filter(has_text="Proef bij de markt")
    row.get_by_role("button", name="Herbereken").click()
    expect(head.get_by_role("combobox", name="Berekening").get_by_role("option")).to_have_count(2)
    head.get_by_role("button", name="Vergelijk met de vorige berekening").click()
    expect(reach.tab.locator("kk-stored-difference").get_by_role("row").nth(1)).to_contain_text("0")
    reach.button("Stop met vergelijken").click()

    row.get_by_role("button", name="Hernoem").click()
    naming = reach.tab.locator("kk-stored-list form")
    naming.get_by_role("textbox").fill("Proef, hernoemd")
    naming.get_by_role("button").click()
    renamed = reach.stored.filter(has_text="Proef, hernoemd")
    expect(renamed).to_have_count(1)

    renamed.get_by_role("button", name="Verwijder").click()
    expect(renamed).to_have_count(0)
    undo = reach.tab.locator("kk-stored-list .undo button")
    expect(undo).to_be_focused()
    undo.press("Enter")
    expect(renamed).to_have_count(1)

    reach.page.goto("about:blank")
    reach.page.goto(link)
    assert reach.people() == people
    expect(head).to_contain_text("Proef, hernoemd")
    renamed.get_by_role("button", name="Verwijder").click()
    expect(renamed).to_have_count(0)


def test_two_kept_catchments_are_compared(reach: Reach, units: list[dict[str, Any]]) -> None:
    names = ("Vergelijk west", "Vergelijk oost")
    for unit, name in zip((units[0], units[3]), names, strict=True):
        reach.open(_at(unit))
        _store(reach, name)
    reach.stored.filter(has_text=names[0]).get_by_role("button", name=re.compile("^Vergelijk:")).click()

    difference = reach.tab.locator("kk-stored-difference")
    expect(difference).to_contain_text(f"Alleen {names[0]}")
    expect(difference.get_by_role("row", name=re.compile("^Inwoners"))).to_be_visible()
    expect(reach.shapes.first).to_be_attached()
    reach.page.go_back()
    expect(difference).to_have_count(0)
    for name in names:
        row = reach.stored.filter(has_text=name)
        row.get_by_role("button", name="Verwijder").click()
        expect(row).to_have_count(0)


def test_shape_and_table_go_home_as_they_are_shown(reach: Reach, units: list[dict[str, Any]]) -> None:
    reach.open(f"{_at(units[0])}&mode=bicycle&minutes=4,8")
    with reach.page.expect_download() as shape:
        reach.tab.get_by_role("link", name="GeoJSON").click()
    features = json.loads(Path(shape.value.path()).read_text(encoding="utf-8"))["features"]
    assert sorted(feature["properties"]["band"] for feature in features) == [4, 8]
    with reach.page.expect_download() as table:
        reach.tab.get_by_role("link", name="CSV").click()
    header, *rows = Path(table.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert "measure" in header
    assert any("population" in row for row in rows)


def test_a_point_without_a_street_says_so_and_how_to_go_on(reach: Reach) -> None:
    reach.page.goto(f"{reach.screen.site.address}/#m={CLUSTERED}&tab=catchment&at=point:2.5,51.6")
    alert = reach.tab.get_by_role("alert")
    expect(alert).to_contain_text("Geen straat binnen")
    expect(alert).to_contain_text("dichter bij een straat")
    expect(reach.pins).to_have_count(1)


def test_a_failing_server_offers_to_try_again(reach: Reach, units: list[dict[str, Any]]) -> None:
    reach.page.route("**/api/catchment?*", lambda route: route.abort())
    reach.page.goto(f"{reach.screen.site.address}/#m={CLUSTERED}&tab=catchment&{_at(units[0])}")
    alert = reach.tab.get_by_role("alert")
    expect(alert).to_contain_text("Geen verbinding")
    reach.page.unroute("**/api/catchment?*")
    alert.get_by_role("button", name="Opnieuw proberen").click()
    assert reach.people() > 0


def test_a_phone_finds_a_place_points_at_another_and_compares_them(
    phone: Screen, units: list[dict[str, Any]]
) -> None:
    reach = Reach(phone)
    reach.open(_map_at(units[1]))
    phone.wait_for_map()
    reach.button("Plaats een punt").tap()
    expect(reach.banner).to_be_visible()
    expect(phone.page.locator(".sheet")).to_have_attribute("data-size", "peek")
    x, y = phone.place_on_map(units[1]["lat"], units[1]["lon"] + 0.0006)
    phone.page.touchscreen.tap(x, y)
    expect(phone.page.locator(".sheet")).to_have_attribute("data-size", "half")
    assert reach.people() > 0

    reach.open(_at(*units))
    region = reach.tab.get_by_role("region", name="Vergelijking van de plaatsen")
    expect(region.get_by_role("columnheader")).to_have_count(5)
    assert phone.page.evaluate("() => document.scrollingElement.scrollWidth") <= 390
    box = phone.box(region)
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_the_whole_story_needs_no_mouse(reach: Reach, units: list[dict[str, Any]]) -> None:
    keyboard = reach.page.keyboard
    reach.open(_map_at(units[1]))
    reach.screen.wait_for_map()
    reach.button("Plaats een punt").focus()
    keyboard.press("Enter")
    expect(reach.page.locator(".kk-map")).to_be_focused()
    keyboard.press("ArrowRight")
    keyboard.press("Enter")
    assert reach.people() > 0

    reach.tab.get_by_text("Wat als een straat dichtgaat?").focus()
    keyboard.press("Enter")
    reach.button("Straat sluiten").focus()
    keyboard.press("Enter")
    expect(reach.page.locator(".kk-map")).to_be_focused()
    keyboard.press("Enter")
    expect(reach.banner).to_contain_text("sluiten?")
    reach.banner.get_by_role("button", name=re.compile("^Alleen dit stuk")).focus()
    keyboard.press("Enter")
    expect(reach.closings).to_have_count(1)
    reach.closings.first.get_by_role("button").first.focus()
    keyboard.press("Enter")
    expect(reach.closings).to_have_count(0)


@pytest.mark.parametrize(("language", "word"), [("fr-BE", "habitants"), ("en-GB", "inhabitants")])
def test_the_tab_speaks_the_language_of_the_reader(
    visit: Callable[..., Screen], units: list[dict[str, Any]], language: str, word: str
) -> None:
    reach = Reach(visit(language=language))
    reach.open(_at(*units[:2]))
    expect(reach.headline).to_contain_text(word)
    assert "{" not in reach.screen.visible_text()
