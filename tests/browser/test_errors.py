from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.screen import Screen
from tests.browser.site import Site
from tests.demo_database import CLUSTERED, EMPTY, UNREFRESHED


@pytest.fixture(scope="module")
def own_site(browser: Browser, demo_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An application that may be stopped under its visitors."""
    served = Site(demo_url, home=tmp_path_factory.mktemp("stopped"))
    served.start()
    yield served
    served.stop()


def test_when_the_application_stops_the_screen_says_so_and_goes_on_when_it_is_back(
    visit: Callable[..., Screen], own_site: Site
) -> None:
    screen = visit(at=own_site)
    screen.open(f"m={CLUSTERED}")
    own_site.stop()

    screen.rows.first.click()
    alert = screen.panel.get_by_role("alert")
    expect(alert).to_contain_text("Geen verbinding")
    expect(alert).to_contain_text("./kernkaart status")
    screen.page.get_by_role("combobox", name="Gemeente").select_option(label="Oostkamp")
    expect(screen.page.locator("kk-side, .side").get_by_role("alert").first).to_contain_text(
        "Geen verbinding"
    )

    own_site.start()
    screen.page.get_by_role("alert").get_by_role("button", name="Opnieuw proberen").click()
    expect(screen.rows.first).to_be_visible()
    expect(screen.page).to_have_title("Oostkamp · Kernkaart")
    expect(screen.page.get_by_role("alert")).to_have_count(0)
    expect(screen.page.locator(".stage-note")).to_have_count(0)


def test_a_start_screen_without_an_answer_offers_to_try_again(screen: Screen) -> None:
    screen.page.route("**/api/municipalities", lambda route: route.abort())
    screen.page.goto(f"{screen.site.address}/")
    expect(screen.start.get_by_role("alert")).to_contain_text("Geen verbinding")

    screen.page.unroute("**/api/municipalities")
    screen.start.get_by_role("button", name="Opnieuw proberen").click()
    expect(screen.start.get_by_role("link", name="Blankenberge")).to_be_visible()


def test_a_failing_server_is_told_apart_from_one_that_is_not_there(screen: Screen) -> None:
    screen.page.route(
        "**/api/vacancy?*",
        lambda route: route.fulfill(
            status=500, content_type="application/problem+json", body='{"title":"Internal","status":500}'
        ),
    )
    screen.open(f"m={CLUSTERED}")
    screen.tab("Leegstand")

    alert = screen.page.get_by_role("alert")
    expect(alert).to_contain_text("De server kon dit niet beantwoorden")
    expect(alert).to_contain_text("./kernkaart logs")
    screen.page.unroute("**/api/vacancy?*")
    alert.get_by_role("button", name="Opnieuw proberen").click()
    expect(screen.page.locator("kk-vacancy-overview")).to_be_visible()


def test_tiles_that_fail_are_told_and_can_be_asked_for_again(screen: Screen) -> None:
    screen.page.route("**/api/tiles/**", lambda route: route.abort())
    screen.open(f"m={CLUSTERED}")
    note = screen.page.locator(".stage-note")
    expect(note).to_contain_text("Een deel van de kaart kon niet geladen worden.")
    expect(screen.rows.first).to_be_visible()

    screen.page.unroute("**/api/tiles/**")
    note.get_by_role("button", name="Opnieuw proberen").click()
    expect(note).to_have_count(0)
    screen.wait_for_map()


@pytest.mark.parametrize("code", ["00000", "99999"])
def test_an_unknown_municipality_is_named_with_a_way_back(screen: Screen, code: str) -> None:
    screen.page.goto(f"{screen.site.address}/#m={code}")

    alert = screen.page.get_by_role("alert")
    expect(alert).to_contain_text("Niet gevonden")
    expect(alert).to_contain_text(code)
    screen.page.get_by_role("button", name="Naar het overzicht").click()
    expect(screen.start.get_by_role("link", name="Blankenberge")).to_be_visible()


def test_an_unknown_unit_is_told_in_its_panel_and_leaves_the_list_alone(screen: Screen) -> None:
    screen.open(f"m={CLUSTERED}&unit=99999999")

    expect(screen.panel.get_by_role("alert")).to_contain_text("Niet gevonden")
    expect(screen.rows.first).to_be_visible()
    screen.panel.get_by_role("button", name="Pand sluiten").click()
    expect(screen.panel).to_have_count(0)


def test_a_municipality_that_was_not_refreshed_shows_its_units_and_says_what_is_to_be_done(
    screen: Screen,
) -> None:
    screen.open()
    expect(screen.start.get_by_role("listitem").filter(has_text="Papierstad")).to_contain_text(
        "Nog niet berekend"
    )
    screen.page.get_by_role("link", name="Papierstad").click()
    screen.wait_for_list()

    note = screen.page.locator("kk-units-tab .note")
    expect(note).to_contain_text("De scores en schattingen zijn hier nog niet berekend")
    expect(note).to_contain_text("./kernkaart refresh")
    assert screen.shown() == screen.site.ask("shop-units", municipality=UNREFRESHED, limit=1)["total"] > 5
    expect(screen.rows.first).to_contain_text("geen score")
    screen.rows.first.click()
    expect(screen.section("Waarom deze score")).to_contain_text("nog geen score berekend")
    screen.tab("Gewichten")
    expect(screen.page.locator("kk-side")).to_contain_text("Nog geen criteria berekend")
    screen.tab("Leegstand")
    expect(screen.page.locator("kk-vacancy-overview .figure").first).to_contain_text(" van ")


def test_a_municipality_without_shop_units_says_how_to_bring_them_in(screen: Screen) -> None:
    screen.open(f"m={EMPTY}")

    expect(screen.page.locator("kk-empty")).to_contain_text("Geen handelspanden")
    expect(screen.page.locator("kk-empty")).to_contain_text("./kernkaart import shop-units")
    screen.tab("Leegstand")
    expect(screen.page.locator("kk-empty")).to_contain_text("Geen handelspanden")
