import re
from collections.abc import Callable

from playwright.sync_api import Route, expect

from tests.browser.screen import Screen
from tests.demo_database import CLUSTERED


def test_everything_works_and_nothing_is_asked_of_others_without_internet(
    visit: Callable[..., Screen],
) -> None:
    screen = visit()
    refused: list[str] = []
    own = f"{screen.site.address}/"

    def let_ourselves_through(route: Route) -> None:
        if route.request.url.startswith(own):
            route.continue_()
        else:
            refused.append(route.request.url)
            route.abort()

    screen.page.route("**/*", let_ourselves_through)
    screen.open()
    screen.page.get_by_role("link", name="Blankenberge").click()
    screen.wait_for_list()
    screen.wait_for_map()
    screen.rows.first.click()
    expect(screen.panel.get_by_role("img").first).to_be_attached()
    screen.section("Bereik").get_by_role("button", name="Te voet").click()
    expect(screen.section("Bereik").get_by_role("table")).to_be_visible()
    for name in ("Gewichten", "Leegstand", "Panden"):
        screen.tab(name)
        screen.wait_for_list()
    screen.page.get_by_role("button", name="Lagen").click()
    for layer in ("Passantentellers", "Parkeerzones", "Percelen"):
        screen.page.get_by_label(layer).check()
    screen.page.locator("kk-header").get_by_role("button", name="Bronnen").click()
    expect(screen.page.get_by_role("dialog").get_by_role("row").nth(1)).to_be_visible()
    screen.page.goto(f"{own}api/docs")
    expect(screen.page.get_by_role("heading").first).to_be_visible()

    assert refused == []


def test_letters_come_from_our_own_server(city: Screen) -> None:
    is_loaded = "() => document.fonts.ready.then(() => document.fonts.check('16px \"Source Sans 3\"'))"
    assert city.page.evaluate(is_loaded)
    used = city.page.evaluate("() => getComputedStyle(document.body).fontFamily")
    assert used.startswith('"Source Sans 3"')


def test_a_public_map_is_asked_for_only_after_it_is_chosen_and_the_screen_says_what_that_gives_away(
    visit: Callable[..., Screen],
) -> None:
    strangers: list[str] = []
    screen = visit(strangers=strangers)
    screen.open(f"m={CLUSTERED}")
    screen.wait_for_map()
    screen.page.get_by_role("button", name="Lagen").click()
    expect(screen.page.get_by_text("Werkt zonder internet")).to_be_visible()
    assert strangers == []

    screen.page.get_by_label("OpenStreetMap").check()

    expect(screen.page.get_by_text(re.compile("server van derden"))).to_be_visible()
    expect(screen.page.locator(".attribution")).to_contain_text("OpenStreetMap")
    screen.page.wait_for_function("() => document.querySelectorAll('img.leaflet-tile').length > 0")
    assert strangers
    assert all(re.match(r"https://[^/]*openstreetmap\.org/", url) for url in strangers)
