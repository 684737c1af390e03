import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.conftest import PHONE
from tests.browser.screen import Screen, as_query
from tests.demo_database import CLUSTERED


def test_the_main_story_works_by_touch(phone: Screen) -> None:
    page = phone.page
    phone.open()
    page.get_by_role("link", name=re.compile("Blankenberge")).tap()
    phone.wait_for_list()
    page.get_by_role("button", name=re.compile("^Leegstaand")).tap()
    page.locator("kk-filter-bar").get_by_role("button", name="Filters").tap()
    page.get_by_label("Minimum").fill("100")
    page.get_by_role("button", name=re.compile(r"^Toon \d+ van")).tap()
    asked = phone.site.ask(
        "shop-units", municipality=CLUSTERED, state="vacant", min_floor_area_m2=100, sort="-score", limit=500
    )
    assert phone.shown() == asked["total"]

    phone.rows.first.tap()
    expect(phone.panel.get_by_role("heading", level=2)).to_have_text(asked["items"][0]["address"])
    expect(phone.section("Waarom deze score")).to_be_visible()
    reach = phone.section("Bereik")
    reach.get_by_role("button", name="Te voet").tap()
    expect(reach.get_by_role("row", name=re.compile("^Inwoners"))).to_be_visible()
    phone.panel.get_by_role("button", name="Pand sluiten").tap()

    page.get_by_role("button", name=f"Exporteer {asked['total']} panden").tap()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^CSV")).tap()
    assert download.value.suggested_filename.endswith(".csv")


def _height(phone: Screen) -> float:
    return phone.box(phone.page.locator(".sheet"))["height"]


def test_the_sheet_grows_shrinks_and_never_hides_the_map_whole(phone: Screen) -> None:
    phone.open(f"m={CLUSTERED}")
    handle = phone.page.locator(".handle")
    seen = []
    for _ in range(3):
        handle.tap()
        phone.page.wait_for_timeout(50)
        seen.append(_height(phone))
    stage = phone.box(phone.page.locator(".stage"))["height"]
    assert len({round(height) for height in seen}) == 3
    assert all(80 < height < stage for height in seen)


def test_the_sheet_follows_a_finger(phone: Screen) -> None:
    phone.open(f"m={CLUSTERED}")
    before = _height(phone)
    box = phone.box(phone.page.locator(".handle"))
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    phone.page.mouse.move(x, y)
    phone.page.mouse.down()
    for step in range(1, 11):
        phone.page.mouse.move(x, y - 30 * step)
    phone.page.mouse.up()
    expect(phone.page.locator(".sheet")).to_have_attribute("data-size", "full")
    assert _height(phone) > before + 200


def test_a_unit_tapped_on_the_map_opens_above_the_map(phone: Screen) -> None:
    phone.open(f"m={CLUSTERED}&state=vacant")
    phone.wait_for_map()
    address = phone.addresses()[0]
    unit = next(
        item
        for item in phone.site.ask("shop-units", municipality=CLUSTERED, state="vacant", limit=500)["items"]
        if item["address"] == address
    )
    phone.page.evaluate(
        "([lat, lon]) => document.querySelector('kk-map').leaflet.setView([lat - 0.0008, lon], 18)",
        [unit["lat"], unit["lon"]],
    )
    phone.wait_for_map()
    x, y = phone.place_on_map(unit["lat"], unit["lon"])

    phone.page.touchscreen.tap(x, y)

    expect(phone.panel.get_by_role("heading", level=2)).to_have_text(address)
    assert as_query(phone.view)["unit"] == str(unit["id"])
    ring = phone.box(phone.page.locator(".kk-ring.selected i"))
    assert ring["y"] + ring["height"] < phone.box(phone.page.locator(".sheet"))["y"]


def test_what_is_pressed_most_is_large_enough_for_a_thumb(phone: Screen) -> None:
    phone.open(f"m={CLUSTERED}&state=vacant&min_m2=60")

    def least(locator: Locator) -> float:
        sides: list[float] = locator.evaluate_all(
            """all => all.map((one) => one.getBoundingClientRect())
                .filter((box) => box.width > 0 && box.height > 0)
                .map((box) => Math.min(box.width, box.height))"""
        )
        return min(sides)

    page = phone.page
    phone.wait_for_map()
    expect(phone.rows.first).to_be_visible()
    for pressed in (
        phone.rows,
        page.get_by_role("tab"),
        page.locator("kk-map-controls button"),
        page.locator(".state, .chip"),
        page.locator("kk-header button:visible"),
        page.locator(".handle"),
    ):
        assert least(pressed) >= 24


def test_a_phone_turned_on_its_side_still_shows_the_list_and_does_not_scroll_sideways(phone: Screen) -> None:
    phone.page.set_viewport_size({"width": 844, "height": 390})
    phone.open(f"m={CLUSTERED}")

    expect(phone.rows.first).to_be_visible()
    assert phone.page.evaluate("() => document.scrollingElement.scrollWidth") <= 844


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_a_phone_turned_while_the_town_is_on_its_way_still_shows_the_town(
    visit: Callable[..., Screen], is_signed_in: bool
) -> None:
    phone = visit(PHONE, touch=True, is_signed_in=is_signed_in)
    page = phone.page
    late: list[Route] = []
    page.route(
        re.compile(r"/api/(municipalities|shop-units/points)"),
        lambda route: late.append(route) if page.viewport_size == PHONE else route.continue_(),
    )
    page.goto(f"{phone.site.address}/#m={CLUSTERED}")
    page.wait_for_function("() => document.querySelector('kk-map')?.leaflet")
    page.set_viewport_size({"width": 844, "height": 390})
    page.wait_for_function("() => document.querySelector('kk-map').leaflet.getSize().x === 844")
    for route in late:
        route.continue_()
    expect(page.locator("kk-unit-list, kk-error").filter(visible=True).first).to_be_visible()
    towns = phone.site.ask("municipalities")["items"]
    west, south, east, north = next(one["bbox"] for one in towns if one["nis_code"] == CLUSTERED)
    place = """([lat, lon]) => {
        const { leaflet } = document.querySelector('kk-map');
        return leaflet.getBounds().contains([lat, lon]);
    }"""
    centre = [(south + north) / 2, (west + east) / 2]
    page.wait_for_function(place, arg=centre)
    page.set_viewport_size(PHONE)
    page.wait_for_function("() => document.querySelector('kk-map').leaflet.getSize().x === 390")
    page.wait_for_function(place, arg=centre)


@pytest.mark.parametrize("language", ["nl-BE", "fr-BE", "en-GB"])
def test_at_no_width_and_for_nobody_does_the_page_scroll_sideways(
    visit: Callable[..., Screen], language: str
) -> None:
    stranger = visit(language=language, is_signed_in=False)
    stranger.open(f"m={CLUSTERED}")
    account = stranger.page.locator("kk-header .account")
    for name in (None, "Marie-Christine Vandenbroucke-De Smet"):
        stranger.page.locator("kk-header").evaluate("(header, name) => { header.account = name; }", name)
        if name:
            expect(account).to_contain_text(name)
        for width in (320, 390, 480, 640, 641, 700, 768, 844, 900, 960, 961, 1024, 1366):
            stranger.page.set_viewport_size({"width": width, "height": 700})
            assert stranger.page.evaluate("() => document.scrollingElement.scrollWidth") <= width
