from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.screen import Screen, as_query
from tests.demo_database import CALM, CLUSTERED


def _compose(screen: Screen) -> tuple[str, int]:
    """A view in which much was chosen: the address of its open unit, and how many units it shows."""
    screen.choose_state("Leegstaand")
    screen.open_filters().get_by_label("Minimum").fill("60")
    screen.page.get_by_role("button", name="Filters").click()
    screen.page.get_by_role("combobox", name="Sorteren op").select_option(label="Grootste eerst")
    screen.page.get_by_role("button", name="Lagen").click()
    screen.page.get_by_label("Passantentellers").check()
    screen.page.get_by_label("Locatiescore").check()
    screen.page.locator("kk-layers-panel").get_by_role("button", name="Sluiten").click()
    address = screen.addresses()[1]
    screen.row(address).click()
    screen.section("Bereik").get_by_role("button", name="Fiets").click()
    expect(screen.section("Bereik").get_by_role("columnheader").first).to_be_visible()
    return address, screen.shown()


def _expect_composed(screen: Screen, address: str, shown: int) -> None:
    expect(screen.panel.get_by_role("heading", level=2)).to_have_text(address)
    expect(screen.row(address)).to_have_attribute("aria-selected", "true")
    assert screen.shown() == shown
    expect(screen.page.get_by_role("combobox", name="Sorteren op")).to_have_value("floor_area")
    expect(screen.page.get_by_role("button", name="Leegstaand")).to_have_attribute("aria-pressed", "true")
    expect(screen.page.get_by_role("button", name="Filter verwijderen: vanaf 60 m²")).to_be_visible()
    expect(screen.page.locator(".kk-sensor").first).to_be_attached()
    expect(screen.page.locator("kk-legend")).to_contain_text("Locatiescore")
    expect(screen.section("Bereik").get_by_role("button", name="Fiets")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(screen.page.locator(".leaflet-catchment-pane path")).to_have_count(3)


def test_a_reload_and_somebody_elses_screen_show_the_view_that_the_address_names(
    city: Screen, visit: Callable[..., Screen]
) -> None:
    address, shown = _compose(city)
    link = city.view

    city.page.reload()
    _expect_composed(city, address, shown)
    assert city.view == link

    other = visit()
    other.open(link)
    _expect_composed(other, address, shown)
    here, there = as_query(city.view)["map"], as_query(other.view)["map"]
    assert here == there


def test_the_back_button_takes_one_step_at_a_time_and_forward_takes_it_again(city: Screen) -> None:
    everything = city.shown()
    city.choose_state("Leegstaand")
    vacant = city.shown()
    city.rows.nth(2).click()
    heading = city.panel.get_by_role("heading", level=2)
    expect(heading).to_be_visible()
    address = heading.inner_text()
    city.tab("Leegstand")

    city.page.go_back()
    expect(city.rows.first).to_be_visible()
    expect(heading).to_have_text(address)
    city.page.go_back()
    expect(city.panel).to_have_count(0)
    assert city.shown() == vacant
    city.page.go_back()
    expect(city.count.locator("strong")).to_have_text(str(everything))
    city.page.go_forward()
    expect(city.count.locator("strong")).to_have_text(str(vacant))
    city.page.go_forward()
    expect(heading).to_have_text(address)


def test_the_back_button_returns_to_the_choice_of_a_municipality(screen: Screen) -> None:
    screen.open()
    screen.page.get_by_role("link", name="Blankenberge").click()
    screen.wait_for_list()
    screen.page.get_by_role("combobox", name="Gemeente").select_option(CALM)
    expect(screen.page).to_have_title("Oostkamp · Kernkaart")
    screen.wait_for_list()

    screen.page.go_back()
    expect(screen.page).to_have_title("Blankenberge · Kernkaart")
    screen.page.go_back()
    expect(screen.heading).to_have_text("Welke leegstaande panden eerst?")


def test_another_municipality_begins_anew_but_keeps_the_layers(city: Screen) -> None:
    city.page.get_by_role("button", name="Lagen").click()
    city.page.get_by_label("Parkeerzones").check()
    city.choose_state("Leegstaand")
    city.rows.first.click()
    expect(city.panel).to_be_visible()

    city.page.get_by_role("combobox", name="Gemeente").select_option(CALM)

    expect(city.page).to_have_title("Oostkamp · Kernkaart")
    expect(city.panel).to_have_count(0)
    view = as_query(city.view)
    assert view["m"] == CALM
    assert "parking" in view["layers"]
    assert "state" not in view
    assert city.shown() == city.site.ask("shop-units", municipality=CALM, limit=1)["total"]
    expect(city.page.locator(".kk-parking").first).to_be_attached()


def test_an_address_with_nonsense_in_it_shows_what_makes_sense(screen: Screen) -> None:
    screen.open(
        f"m={CLUSTERED}&map=x/y&tab=zz&state=vacant,purple&sort=&weights=a:b&colour=pink&min_m2=-4&base=moon"
    )

    expect(screen.page.get_by_role("button", name="Leegstaand")).to_have_attribute("aria-pressed", "true")
    assert (
        screen.shown()
        == screen.site.ask("shop-units", municipality=CLUSTERED, state="vacant", limit=1)["total"]
    )
    expect(screen.page.get_by_role("tab", name="Panden")).to_have_attribute("aria-selected", "true")


def test_a_map_that_was_moved_is_where_it_was_after_a_reload(city: Screen) -> None:
    city.wait_for_map()
    city.page.get_by_role("button", name="Inzoomen").click()
    city.page.wait_for_function("() => location.hash.includes('map=')")
    place = as_query(city.view)["map"]

    city.page.reload()
    city.wait_for_list()

    assert as_query(city.view)["map"] == place
    zoom = city.page.evaluate("() => document.querySelector('kk-map').leaflet.getZoom()")
    assert str(zoom) == place.split("/")[0]
