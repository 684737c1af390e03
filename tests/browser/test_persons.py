from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import PHONE, programs
from tests.browser.screen import Screen
from tests.browser.site import Site
from tests.browser.test_accessibility import _violations
from tests.browser.test_accessibility import axe as axe  # noqa: PLC0414 - a fixture is found by its name
from tests.demo_database import CLUSTERED


@pytest.fixture(scope="module")
def own_site(
    site: Site, demo_url: str, new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    # A database that somebody is connected to cannot be copied.
    site.stop()
    served = Site(new_database(like=demo_url), home=tmp_path_factory.mktemp("persons"))
    site.start()
    programs.end_with(served.stop)
    served.start()
    yield served
    served.stop()


def due_unit(screen: Screen) -> int:
    """The unit whose owner was written down for the levy."""
    items = screen.site.ask("persons/due", municipality=CLUSTERED)["items"]
    return next(one["shop_unit_id"] for one in items if one["shop_unit_id"])


def contacts(screen: Screen) -> Locator:
    part = screen.page.locator("kk-contacts")
    expect(part.get_by_role("heading", name="Contactpersonen")).to_be_visible()
    return part


def test_a_contact_is_kept_signed_corrected_given_out_and_erased(
    visit: Callable[..., Screen], own_site: Site, axe: Path
) -> None:
    screen = visit(at=own_site)
    screen.page.goto(f"{own_site.address}/")
    expect(screen.page.get_by_role("heading", name="Contactpersonen te informeren")).to_be_visible()
    screen.open(f"m={CLUSTERED}&unit={due_unit(screen)}")
    part = contacts(screen)
    # Nobody looks without saying who.
    expect(part.get_by_role("button", name="Tonen")).to_be_disabled()
    part.get_by_label("Uw naam").fill("An")
    part.get_by_label("Uw naam").press("Tab")
    part.get_by_role("button", name="Tonen").click()
    expect(part.get_by_text("Niet contacteren", exact=True)).to_be_visible()
    expect(part.get_by_text("1 verborgen")).to_be_visible()
    part.get_by_role("button", name="Nieuwe contactpersoon").click()
    part.get_by_label("Naam", exact=True).fill("Proef Persoon")
    part.get_by_label("E-mail").fill("proef@persoon.example")
    part.get_by_label("Wettelijke grondslag").select_option("consent")
    part.get_by_label("Welke taak, of hoe").fill("Mail van vandaag")
    assert _violations(screen, axe) == []
    part.get_by_role("button", name="Bewaren").click()
    card = part.get_by_role("article", name="Proef Persoon")
    expect(card).to_be_visible()
    card.get_by_role("button", name="Vandaag geïnformeerd").click()
    expect(card.get_by_text("Geïnformeerd op")).to_be_visible()
    part.get_by_role("button", name="Ongedaan maken").click()
    expect(card.get_by_role("button", name="Vandaag geïnformeerd")).to_be_visible()
    with screen.page.expect_download() as download:
        card.get_by_role("button", name="Inzage").click()
    assert "proef@persoon.example" in download.value.path().read_text()
    card.get_by_role("button", name="Wissen").click()
    expect(card.get_by_role("button", name="Definitief wissen")).to_be_disabled()
    assert _violations(screen, axe) == []
    card.get_by_label("Ik begrijp").check()
    card.get_by_role("button", name="Definitief wissen").click()
    expect(part.get_by_text("De persoon is gewist")).to_be_visible()
    expect(card).to_have_count(0)


def test_an_owner_of_the_levy_serves_acquisition_once_a_basis_is_recorded_also_on_a_phone(
    visit: Callable[..., Screen], own_site: Site, axe: Path
) -> None:
    screen = visit(PHONE, at=own_site, touch=True)
    screen.page.add_init_script("localStorage.setItem('kernkaart.alias', 'An')")
    screen.open(f"m={CLUSTERED}&unit={due_unit(screen)}")
    part = contacts(screen)
    part.get_by_role("button", name="Tonen").click()
    part.get_by_label("Waarvoor kijkt u?").select_option("levy")
    card = part.get_by_role("article", name="Bedachte Boudewijn")
    card.get_by_role("button", name="Wijzigen").click()
    part.get_by_label("Grondslag voor acquisitie").select_option("consent")
    part.get_by_label("Waarop die steunt").fill("Brief van gisteren")
    part.get_by_role("button", name="Bewaren").click()
    expect(card.get_by_text("vastgelegd door An")).to_be_visible()
    part.get_by_label("Waarvoor kijkt u?").select_option("acquisition")
    expect(part.get_by_role("article", name="Bedachte Boudewijn")).to_be_visible()
    assert _violations(screen, axe) == []
