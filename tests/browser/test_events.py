import datetime as dt
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen
from tests.browser.test_accessibility import _violations
from tests.browser.test_accessibility import axe as axe  # noqa: PLC0414 - a fixture is found by its name
from tests.demo_database import CALM

# A page that measures an event may have to read two years of counts first.
PATIENT_MS = 60_000


def opened(screen: Screen) -> Locator:
    screen.page.goto(f"{screen.site.address}/#m={CALM}&tab=footfall&section=events")
    section = screen.page.locator("kk-events")
    expect(section.get_by_role("button", name="Evenement toevoegen")).to_be_visible()
    return section


def measured(screen: Screen) -> dict:
    found = screen.site.ask("events", municipality=CALM)["items"]
    times = [
        (held["first_on"], event, held) for event in found for held in event["held"]
        if held["effect"] and held["effect"]["effect_share"] is not None
    ]  # fmt: skip
    _, event, held = max(times, key=lambda one: one[0])
    return {"event": event, "held": held}


def test_the_answer_comes_first_and_then_all_that_it_rests_on(screen: Screen, axe: Path) -> None:
    one = measured(screen)
    section = opened(screen)
    assert _violations(screen, axe) == []
    day = dt.date.fromisoformat(one["held"]["first_on"])
    row = section.locator(".year").filter(has_text=str(day.year)).get_by_role("button").filter(
        has_text=one["event"]["name"]
    )  # fmt: skip
    row.first.press("Enter")
    card = section.locator("kk-event-card")
    expect(card.locator(".answer")).to_contain_text("%", timeout=PATIENT_MS)
    expect(card.get_by_role("heading", level=1)).to_have_text(one["event"]["name"])
    expect(card.get_by_role("img", name="Geteld en verwacht per dag")).to_be_visible()
    expect(card.get_by_role("img", name="gewone dagen")).to_be_visible()
    expect(card.get_by_role("heading", name="Deze en andere straten")).to_be_visible()
    link = card.get_by_role("link", name="Verslag (PDF)")
    report = screen.page.request.get(link.evaluate("link => link.href"))
    assert report.body().startswith(b"%PDF-")
    assert _violations(screen, axe) == []


@pytest.fixture
def section(screen: Screen) -> Locator:
    return opened(screen)


def test_an_event_is_entered_with_the_keyboard_removed_and_put_back(screen: Screen, section: Locator) -> None:
    section.get_by_role("button", name="Evenement toevoegen").press("Enter")
    form = section.locator("kk-event-form")
    expect(form.get_by_label("Naam")).to_be_focused()
    screen.page.keyboard.type("Proefmarkt")
    form.get_by_label("Begin").fill("2026-10-07T10:00")
    form.get_by_label("Einde").fill("2026-10-07T09:00")
    form.get_by_role("button", name="Bewaren").press("Enter")
    # It ends before it begins: the form stays.
    expect(form).to_be_visible()
    form.get_by_label("Einde").fill("2026-10-07T17:00")
    form.get_by_role("button", name="Bewaren").press("Enter")
    card = section.locator("kk-event-card")
    expect(card.get_by_role("heading", name="Proefmarkt")).to_be_visible(timeout=PATIENT_MS)
    card.get_by_role("button", name="Wijzigen").click()
    section.get_by_role("button", name="Verwijderen").click()
    expect(section.get_by_role("status")).to_contain_text("Proefmarkt is verwijderd")
    section.get_by_role("button", name="Ongedaan maken").click()
    expect(section.locator(".row").filter(has_text="Proefmarkt")).to_be_visible()
    (made,) = (
        event
        for event in screen.site.ask("events", municipality=CALM)["items"]
        if event["name"] == "Proefmarkt"
    )
    screen.page.request.delete(f"{screen.site.address}/api/events/{made['id']}")
