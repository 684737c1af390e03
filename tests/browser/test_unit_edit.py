from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import PHONE, programs
from tests.browser.screen import Screen, as_query
from tests.browser.site import Site
from tests.browser.test_accessibility import _violations, axe  # noqa: F401 - a fixture
from tests.demo_database import CLUSTERED


@pytest.fixture(scope="module")
def own_site(
    site: Site,
    demo_url: str,
    new_database: Callable[..., str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """The application on a copy of the demo: what is written here, nobody else sees."""
    # A database that somebody is connected to cannot be copied.
    site.stop()
    served = Site(new_database(like=demo_url), home=tmp_path_factory.mktemp("edited"))
    site.start()
    programs.end_with(served.stop)
    served.start()
    yield served
    served.stop()


@pytest.fixture
def edited(visit: Callable[..., Screen], own_site: Site) -> Screen:
    return visit(at=own_site)


def units(site: Site, **wanted: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = site.ask("shop-units", municipality=CLUSTERED, limit=500, **wanted)["items"]
    return found


def open_dialog(screen: Screen, unit: dict[str, Any], page: str) -> Locator:
    screen.open(f"m={CLUSTERED}&unit={unit['id']}")
    expect(screen.section("Feiten en herkomst")).to_be_attached()
    screen.panel.get_by_role("button", name="Pand splitsen, samenvoegen of beëindigen").click()
    dialog = screen.page.get_by_role("dialog").filter(visible=True)
    dialog.get_by_role("button", name=page, exact=True).first.click()
    return dialog


def test_an_officer_splits_an_empty_unit_sees_both_halves_and_takes_it_back(edited: Screen) -> None:
    site = edited.site
    unit = next(
        one
        for one in units(site, state="vacant")
        if (one["floor_area_m2"] or 0) > 60 and "bus" not in one["address"]
    )
    before = len(units(site, state="vacant"))
    dialog = open_dialog(edited, unit, "Splitsen")
    areas = dialog.get_by_label("Winkelvloer (m²)")
    expect(areas).to_have_count(2)
    areas.first.fill("1")
    expect(dialog.get_by_role("status")).to_contain_text("over")
    dialog.get_by_role("button", name="Splitsen").last.click()
    expect(dialog.get_by_role("alert")).to_contain_text("zijn samen")
    areas.first.fill(str(unit["floor_area_m2"] - float(areas.last.input_value())))
    dialog.get_by_role("button", name="Splitsen").last.click()
    expect(dialog.get_by_text(f"{unit['address']} is gesplitst in 2 panden.")).to_be_visible()
    assert len(units(site, state="vacant")) == before + 1
    # Nothing behind the dialog asks for the unit that is no more.
    edited.page.wait_for_load_state("networkidle")
    expect(edited.panel.locator("kk-error")).to_have_count(0)
    dialog.get_by_role("button", name="Sluiten").last.click()
    expect(edited.panel.get_by_role("heading", level=2)).to_have_text(f"{unit['address']} bus 1")
    assert as_query(edited.view)["unit"] != str(unit["id"])

    edited.panel.get_by_role("button", name="Pand splitsen, samenvoegen of beëindigen").click()
    dialog.get_by_role("button", name="Eerdere wijzigingen").click()
    dialog.get_by_role("button", name=f"Ongedaan maken: Gesplitst: {unit['address']}").click()
    expect(dialog.get_by_text("Ongedaan gemaakt")).to_be_visible()
    assert len(units(site, state="vacant")) == before


def test_a_shop_grows_into_the_empty_unit_beside_it_and_that_can_be_undone_at_once(edited: Screen) -> None:
    site = edited.site
    for unit in units(site, state="occupied"):
        beside = [
            one
            for one in site.ask(f"shop-units/{unit['id']}/neighbours")["items"]
            if one["state"] == "vacant" and one["distance_m"] < 25
        ]
        if beside:
            break
    # After midnight the officer's clock is a day ahead of the database's: an edit of tomorrow would not show yet.
    edited.page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=1))
    dialog = open_dialog(edited, unit, "Samenvoegen")
    dialog.get_by_role("button", name="Samenvoegen").last.click()
    expect(dialog.get_by_role("alert")).to_contain_text("Kies eerst een pand")
    dialog.get_by_role("checkbox", name=beside[0]["address"]).first.check()
    dialog.get_by_role("button", name="Samenvoegen").last.click()
    expect(dialog.get_by_text(f"{unit['address']} is samengevoegd.")).to_be_visible()
    made = site.ask("edits", municipality=CLUSTERED)["items"][0]
    whole = site.ask(f"shop-units/{made['units'][0]}")
    assert (whole["state"], whole["name"]) == ("occupied", unit["name"])
    dialog.get_by_role("button", name="Ongedaan maken").click()
    expect(dialog.get_by_text(f"{unit['address']} is weer zoals het was.")).to_be_visible()
    dialog.get_by_role("button", name="Sluiten").last.click()
    expect(edited.panel.get_by_role("heading", level=2)).to_have_text(unit["address"])


def test_a_unit_that_became_a_house_leaves_the_list(edited: Screen) -> None:
    unit = units(edited.site, state="vacant")[-1]
    dialog = open_dialog(edited, unit, "Beëindigen")
    dialog.get_by_role("button", name="Beëindigen").last.click()
    expect(dialog.get_by_text(f"{unit['address']} is beëindigd.")).to_be_visible()
    edited.page.keyboard.press("Escape")
    expect(edited.panel).to_have_count(0)
    assert unit["id"] not in {one["id"] for one in units(edited.site)}


@pytest.mark.parametrize("size", ["laptop", "phone"])
@pytest.mark.parametrize("page", ["Splitsen", "Samenvoegen", "Beëindigen", "Eerdere wijzigingen"])
def test_axe_finds_nothing_in_any_page_of_the_dialog(
    visit: Callable[..., Screen],
    own_site: Site,
    axe: Any,  # noqa: F811
    page: str,
    size: str,
) -> None:
    screen = visit(PHONE, touch=True, at=own_site) if size == "phone" else visit(at=own_site)
    dialog = open_dialog(screen, units(own_site, state="occupied")[3], page)
    expect(dialog.locator("kk-skeleton-rows")).to_have_count(0)
    assert _violations(screen, axe) == []
    box = dialog.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= screen.page.viewport_size["width"]
