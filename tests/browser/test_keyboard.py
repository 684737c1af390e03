import re
from typing import Any

from playwright.sync_api import expect

from tests.browser.screen import Screen, as_query
from tests.demo_database import CLUSTERED

FOCUS = """() => {
    let e = document.activeElement;
    while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
    if (!e || e === document.body) return null;
    const style = getComputedStyle(e);
    const box = e.getBoundingClientRect();
    const middle = [box.left + box.width / 2, box.top + box.height / 2];
    return {
        name: [e.tagName, e.id, e.className, e.getAttribute('aria-label') ?? e.textContent.trim().slice(0, 30)].join(' '),
        isRinged: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        isOnScreen: box.width > 0 && box.height > 0 && middle[0] >= 0 && middle[1] >= 0
            && middle[0] <= innerWidth && box.top < innerHeight,
    };
}"""


def _stops(screen: Screen, *, most: int = 80) -> list[dict[str, Any]]:
    """What Tab leads to, from the top of the page until it leaves the page again."""
    screen.page.locator(".skip").focus()
    stops: list[dict[str, Any]] = [screen.page.evaluate(FOCUS)]
    for _ in range(most):
        screen.page.keyboard.press("Tab")
        stop = screen.page.evaluate(FOCUS)
        if stop is None or stop["name"] == stops[0]["name"]:
            break
        stops.append(stop)
    return stops


def test_the_main_story_needs_no_mouse(screen: Screen) -> None:
    keyboard = screen.page.keyboard
    screen.open()
    keyboard.press("Tab")
    assert "Naar de inhoud" in screen.focused()
    keyboard.press("Enter")
    assert "Blankenberge" in screen.focused()
    keyboard.press("Enter")
    screen.wait_for_list()

    keyboard.press("/")
    expect(screen.search).to_be_focused()
    keyboard.type("kerkstraat")
    expect(screen.rows.first).to_contain_text("Kerkstraat")
    shown = screen.addresses()
    keyboard.press("Tab")
    keyboard.press("Shift+Tab")
    expect(screen.search).to_be_focused()
    screen.list.focus()
    keyboard.press("ArrowDown")
    keyboard.press("ArrowDown")
    expect(screen.list).to_have_attribute("aria-activedescendant", "row-2")
    expect(screen.page.locator(".kk-ring.hovered")).to_have_count(1)
    keyboard.press("ArrowUp")
    keyboard.press("Enter")

    heading = screen.panel.get_by_role("heading", level=2)
    expect(heading).to_have_text(shown[1])
    expect(heading).to_be_focused()
    keyboard.press("Escape")
    expect(screen.panel).to_have_count(0)
    expect(screen.list).to_be_focused()
    expect(screen.list).to_have_attribute("aria-activedescendant", "row-1")
    assert as_query(screen.view)["q"] == "kerkstraat"


def test_the_ends_and_pages_of_a_long_list_are_one_key_away(city: Screen) -> None:
    last = city.shown() - 1
    city.list.focus()
    city.page.keyboard.press("End")
    expect(city.list).to_have_attribute("aria-activedescendant", f"row-{last}")
    expect(city.page.locator(f"#row-{last}")).to_be_in_viewport(ratio=0.9)
    city.page.keyboard.press("PageUp")
    expect(city.page.locator("kk-unit-list .row.active")).to_be_in_viewport(ratio=0.9)
    city.page.keyboard.press("Home")
    expect(city.page.locator("#row-0")).to_be_in_viewport(ratio=0.9)


def test_escape_closes_one_thing_at_a_time_and_gives_the_focus_back(city: Screen) -> None:
    keyboard = city.page.keyboard
    city.rows.first.click()
    expect(city.panel).to_be_visible()
    layers = city.page.get_by_role("button", name="Lagen")
    layers.press("Enter")
    expect(city.page.locator("kk-layers-panel").get_by_role("button", name="Sluiten")).to_be_focused()
    keyboard.press("Escape")
    expect(city.page.locator("kk-layers-panel")).to_have_count(0)
    expect(layers).to_be_focused()
    expect(city.panel).to_be_visible()

    filters = city.page.get_by_role("button", name=re.compile("^Filters"))
    filters.press("Enter")
    expect(city.page.locator("kk-filter-panel")).to_be_visible()
    keyboard.press("Escape")
    expect(city.page.locator("kk-filter-panel")).to_have_count(0)
    expect(filters).to_be_focused()
    keyboard.press("Escape")
    expect(city.panel).to_have_count(0)


def test_a_slash_in_a_field_is_a_letter(city: Screen) -> None:
    city.search.focus()
    city.page.keyboard.type("a/b")
    expect(city.search).to_have_value("a/b")


def test_slash_leads_to_the_search_from_another_tab(city: Screen) -> None:
    city.tab("Leegstand")
    city.page.keyboard.press("/")
    expect(city.search).to_be_focused()


def test_the_tabs_change_with_the_arrows(city: Screen) -> None:
    city.page.get_by_role("tab", name="Panden").focus()
    city.page.keyboard.press("ArrowRight")
    expect(city.page.get_by_role("tab", name="Gewichten")).to_be_focused()
    expect(city.page.get_by_role("tab", name="Gewichten")).to_have_attribute("aria-selected", "true")
    city.page.keyboard.press("ArrowLeft")
    expect(city.page.get_by_role("tab", name="Panden")).to_be_focused()


def test_the_map_moves_and_zooms_with_the_keys(city: Screen) -> None:
    city.wait_for_map()
    city.page.locator(".kk-map").focus()
    before = city.page.evaluate("() => document.querySelector('kk-map').leaflet.getCenter().lng")
    city.page.keyboard.press("ArrowRight")
    city.page.wait_for_function(f"() => document.querySelector('kk-map').leaflet.getCenter().lng > {before}")
    zoom = city.page.evaluate("() => document.querySelector('kk-map').leaflet.getZoom()")
    city.page.keyboard.press("+")
    city.page.wait_for_function(f"() => document.querySelector('kk-map').leaflet.getZoom() > {zoom}")


def test_every_stop_of_the_tab_key_is_on_the_screen_and_shows_that_it_has_the_focus(screen: Screen) -> None:
    unit = screen.site.ask("shop-units", municipality=CLUSTERED, limit=1)["items"][0]["id"]
    tabs = ("weights", "vacancy", "catchment", f"catchment&at=unit:{unit}")
    for view in ("", f"m={CLUSTERED}", *(f"m={CLUSTERED}&tab={tab}" for tab in tabs)):
        screen.open(view)
        stops = _stops(screen)
        assert len(stops) > 6
        assert [stop["name"] for stop in stops if not stop["isRinged"]] == []
        assert [stop["name"] for stop in stops if not stop["isOnScreen"]] == []


def test_every_stop_in_an_open_unit_is_on_the_screen_and_shows_that_it_has_the_focus(city: Screen) -> None:
    city.rows.first.click()
    expect(city.panel.locator("kk-facts")).to_be_attached()
    city.page.get_by_role("button", name="Lagen").click()
    stops = _stops(city)
    assert any("Te voet" in stop["name"] for stop in stops)
    assert any("Sluiten" in stop["name"] for stop in stops)
    assert [stop["name"] for stop in stops if not stop["isRinged"]] == []
    assert [stop["name"] for stop in stops if not stop["isOnScreen"]] == []
