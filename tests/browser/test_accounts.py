"""Who is signed in, and what they see: somebody of the city, somebody of nowhere, and who gives accounts."""

import re
import uuid
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.screen import Screen
from tests.browser.test_accessibility import _violations
from tests.browser.test_accessibility import axe as axe  # noqa: PLC0414 - a fixture is found by its name
from tests.demo_database import CLUSTERED, UNREFRESHED

PASSWORD = "vier gele fietsen thuis"


def dialog(page: Page):
    return page.get_by_role("dialog")


def test_an_administrator_invites_somebody_who_chooses_a_password_and_is_signed_in(
    visit: Callable[..., Screen], axe: Path
) -> None:
    login = f"an-{uuid.uuid4().hex[:6]}@stad.test"
    desk = visit()
    desk.open(f"m={CLUSTERED}")
    page = desk.page
    page.get_by_role("button", name="Desk").click()
    dialog(page).get_by_role("button", name="Accounts").click()
    dialog(page).get_by_role("button", name="Nieuw account").click()
    dialog(page).get_by_label("E-mailadres of naam").fill(login)
    dialog(page).get_by_label("Naam op het scherm").fill("An Peeters")
    dialog(page).get_by_role("combobox", name="Rol").select_option("planner")
    dialog(page).get_by_role("combobox", name="Gemeente").select_option(CLUSTERED)
    dialog(page).get_by_role("button", name="Account maken").click()
    link = dialog(page).locator(".once pre").inner_text()
    assert _violations(desk, axe) == []
    assert f"{desk.site.address}/#welcome=" in link

    guest = visit(is_signed_in=False)
    guest.page.goto(link)
    expect(dialog(guest.page).get_by_label("E-mailadres of naam")).to_have_value(login)
    assert "welcome" not in guest.page.url
    dialog(guest.page).get_by_label("Nieuw wachtwoord").fill(PASSWORD)
    assert _violations(guest, axe) == []
    with guest.page.expect_navigation():
        dialog(guest.page).get_by_role("button", name="Wachtwoord kiezen").click()
    guest.page.get_by_role("button", name="An Peeters").click()
    expect(dialog(guest.page)).to_contain_text("planner")
    expect(dialog(guest.page)).to_contain_text("deze browser")
    assert _violations(guest, axe) == []
    with guest.page.expect_navigation():
        dialog(guest.page).get_by_role("button", name="Afmelden", exact=True).click()

    guest.page.get_by_role("button", name="Aanmelden").click()
    dialog(guest.page).get_by_label("E-mailadres of naam").fill(login)
    dialog(guest.page).get_by_label("Wachtwoord").fill("iets anders dan dat")
    dialog(guest.page).get_by_role("button", name="Aanmelden").click()
    expect(dialog(guest.page).get_by_role("alert")).to_contain_text("klopt niet")
    dialog(guest.page).get_by_label("Wachtwoord").fill(PASSWORD)
    with guest.page.expect_navigation():
        dialog(guest.page).get_by_role("button", name="Aanmelden").click()
    expect(guest.page.get_by_role("button", name="An Peeters")).to_be_visible()


def test_who_is_not_signed_in_sees_what_is_public_and_is_shown_the_way_in_elsewhere(
    visit: Callable[..., Screen], axe: Path
) -> None:
    guest = visit(PHONE, touch=True, is_signed_in=False)
    guest.open(f"m={CLUSTERED}")
    assert guest.shown() > 0
    guest.page.goto(f"{guest.site.address}/#m={UNREFRESHED}")
    way_in = guest.page.get_by_role("alert").filter(has_text="aangemeld").first
    expect(way_in).to_be_visible()
    way_in.get_by_role("button", name="Aanmelden").tap()
    expect(dialog(guest.page).get_by_label("Wachtwoord")).to_be_visible()
    assert _violations(guest, axe) == []


def test_a_city_says_how_far_it_shares_and_takes_it_back(visit: Callable[..., Screen]) -> None:
    desk = visit()
    desk.open(f"m={CLUSTERED}")
    desk.page.get_by_role("button", name="Desk").click()
    dialog(desk.page).get_by_role("button", name="Delen").click()
    level = dialog(desk.page).get_by_role("combobox", name=re.compile("^Dossiers"))
    expect(level).to_have_value("own")
    level.select_option("partners")
    expect(dialog(desk.page).get_by_role("status").first).to_contain_text("anders gedeeld")
    dialog(desk.page).get_by_role("button", name="Ongedaan maken").click()
    expect(level).to_have_value("own")
