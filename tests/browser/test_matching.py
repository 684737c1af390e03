import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, programs
from tests.browser.screen import Screen
from tests.browser.site import Site
from tests.browser.test_accessibility import _violations
from tests.browser.test_accessibility import axe as axe  # noqa: PLC0414 - a fixture is found by its name
from tests.demo_database import CLUSTERED, EMPTY


@pytest.fixture(scope="module")
def own_site(
    site: Site, demo_url: str, new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The application on a copy of the demo: what is written here, nobody else sees."""
    # A database that somebody is connected to cannot be copied.
    site.stop()
    served = Site(new_database(like=demo_url), home=tmp_path_factory.mktemp("matching"))
    site.start()
    programs.end_with(served.stop)
    served.start()
    yield served
    served.stop()


def officer(visit: Callable[..., Screen], own_site: Site, **size: Any) -> Screen:
    screen = visit(at=own_site, **size)
    screen.page.add_init_script("localStorage.setItem('kernkaart.alias', 'An')")
    return screen


def key_of(site: Site, name: str) -> str:
    items = site.ask("requirement-profiles", municipality=CLUSTERED)["items"]
    return str(next(item["key"] for item in items if item["name"] == name))


def look(screen: Screen, name: str) -> None:
    if folder := os.environ.get("KERNKAART_LOOK"):
        screen.page.screenshot(path=str(Path(folder) / f"{name}.png"))


def test_find_a_place_for_a_bakery_and_begin_a_case(
    visit: Callable[..., Screen], own_site: Site, axe: Path
) -> None:
    screen = officer(visit, own_site)
    page = screen.page
    page.goto(f"{own_site.address}/#m={CLUSTERED}&tab=cases&section=seek")
    seek = page.locator("kk-seek")
    expect(seek.get_by_role("button", name="IJssalon met terras")).to_be_visible()
    look(screen, "match_list")
    seek.get_by_role("button", name="Nieuw zoekprofiel").click()
    form = seek.locator("kk-seek-form")
    form.locator("[name=name]").fill("Bakker van de hoek")
    form.locator("[name=prospect_name]").fill("De Verse Krul")
    form.locator("[name=branch_code]").select_option(label="Bakkerij")
    area = form.get_by_role("group", name="Winkelvloeroppervlakte")
    area.get_by_label("Minstens").fill("40")
    area.get_by_label("Hoogstens").fill("180")
    form.get_by_label("Wens toevoegen").select_option(label="In een kernwinkelgebied")
    form.get_by_label("Wens toevoegen").select_option(label="Terras mogelijk")
    form.get_by_role("group", name="Terras mogelijk").get_by_label("Moet").uncheck()
    look(screen, "match_form")
    form.get_by_role("button", name="Bewaren").click()
    expect(seek.get_by_role("status").first).to_contain_text("Bakker van de hoek bewaard, versie 1")
    expect(seek.get_by_role("heading", name="Past", exact=False).first).to_be_visible()
    assert "seek=" in screen.view
    key = key_of(own_site, "Bakker van de hoek")
    told = own_site.ask(f"requirement-profiles/{key}/matches", municipality=CLUSTERED)
    best = told["items"][0]
    row = seek.locator("kk-seek-result li").filter(has=page.locator(".open")).first
    expect(row.locator(".open")).to_have_text(best["address"])
    expect(page.locator(".kk-case-sign")).to_have_count(told["fits"] + told["unclear"])
    look(screen, "match_result")
    assert _violations(screen, axe) == []
    row.get_by_role("button", name="Dossier starten").click()
    expect(seek.get_by_role("status").first).to_contain_text("Dossier Bakker van de hoek gemaakt")
    seek.get_by_role("button", name="Ongedaan maken").click()
    expect(seek.get_by_role("status").first).to_contain_text("Teruggedraaid")
    row.get_by_role("button", name="Dossier starten").click()
    seek.get_by_role("button", name="Dossier openen").click()
    case = page.locator("kk-case")
    expect(case).to_contain_text("De Verse Krul")
    expect(case).to_contain_text(best["address"])


def test_find_a_tenant_for_a_vacant_unit(visit: Callable[..., Screen], own_site: Site, axe: Path) -> None:
    key = key_of(own_site, "Fitnessruimte zoekt twee panden")
    told = own_site.ask(f"requirement-profiles/{key}/matches", municipality=CLUSTERED)
    base, other = told["joined"][0]["shop_units"][:2]
    screen = officer(visit, own_site)
    screen.page.goto(f"{own_site.address}/#m={CLUSTERED}&unit={base['shop_unit_id']}")
    candidates = screen.page.locator("kk-unit-candidates")
    expect(candidates.get_by_role("heading", name="Kandidaten voor dit pand")).to_be_visible()
    expect(candidates).to_contain_text(f"Past samengevoegd met {other['address']}")
    candidates.locator("summary").click()
    expect(candidates).to_contain_text("vraagt minstens 4.000")
    candidates.scroll_into_view_if_needed()
    look(screen, "match_candidates")
    assert _violations(screen, axe) == []
    candidates.get_by_role("button", name="Fitnessruimte zoekt twee panden").click()
    seek = screen.page.locator("kk-seek")
    expect(seek.get_by_role("heading", name="Bijna: past samengevoegd")).to_be_visible()
    expect(seek).to_contain_text(f"{base['address']} samen met {other['address']}")
    look(screen, "match_joined")


def test_on_a_phone_and_in_an_empty_municipality_the_way_to_go_is_said(
    visit: Callable[..., Screen], own_site: Site, axe: Path
) -> None:
    screen = officer(visit, own_site, size=PHONE)
    screen.page.goto(f"{own_site.address}/#m={EMPTY}&tab=cases&section=seek")
    expect(screen.page.get_by_text("Nog geen zoekprofielen")).to_be_visible()
    key = key_of(own_site, "IJssalon met terras")
    screen.page.goto(f"{own_site.address}/#m={CLUSTERED}&tab=cases&section=seek&seek={key}")
    expect(screen.page.locator("kk-seek-result").get_by_role("status")).to_contain_text("van")
    look(screen, "match_phone")
    wide = screen.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]
    assert _violations(screen, axe) == []
