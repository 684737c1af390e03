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


def test_the_place_is_drawn_on_the_map_with_the_keys_and_says_which_sensors_it_holds(
    screen: Screen, section: Locator, axe: Path
) -> None:
    section.get_by_role("button", name="Evenement toevoegen").click()
    form = section.locator("kk-event-form")
    form.get_by_label("in een zone op de kaart").check()
    form.get_by_label("Naam").fill("Zonder zone")
    form.get_by_label("Begin").fill("2026-10-07T10:00")
    form.get_by_label("Einde").fill("2026-10-07T17:00")
    form.get_by_role("button", name="Bewaren").click()
    # A zone that is not drawn is not the whole centre.
    expect(form.get_by_role("alert")).to_contain_text("Teken eerst een zone")
    form.get_by_role("button", name="Tekenen op de kaart").press("Enter")
    banner = screen.page.locator("kk-pick-banner")
    expect(banner).to_contain_text("eerste hoek")
    plan = screen.page.locator(".kk-map")
    expect(plan).to_be_focused()
    box = plan.bounding_box()
    assert box is not None
    middle, height = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for right, down in ((-150, -120), (150, -120), (150, 120), (-150, 120)):
        screen.page.mouse.click(middle + right, height + down)
    banner.get_by_role("button", name="Klaar").click()
    expect(banner).to_have_count(0)
    expect(form.get_by_label("Getekende zone")).to_have_value("4 hoeken")
    told = form.get_by_role("status", name="Tellers op deze plek")
    expect(told).to_contain_text("Om mee te vergelijken")
    form.get_by_label("rond een plek op de kaart").check()
    form.get_by_role("button", name="Aanwijzen op de kaart").press("Enter")
    expect(plan).to_be_focused()
    # Enter takes what lies under the cross in the middle of the map.
    screen.page.keyboard.press("Enter")
    expect(form.get_by_label("Breedte- en lengtegraad")).not_to_have_value("")
    expect(form.get_by_role("button", name="Aanwijzen op de kaart")).to_be_focused()
    assert _violations(screen, axe) == []
    form.get_by_role("button", name="Annuleren").click()


def test_a_feast_beside_a_shop_door_says_how_many_went_in_and_both_estimates(screen: Screen) -> None:
    found = screen.site.ask("events", municipality=CALM)["items"]
    times = [
        (event, held) for event in found for held in event["held"]
        if event["kind"] in ("braderie", "fair") and event["streets"] and held["effect"]
    ]  # fmt: skip
    event, held = next(
        (event, held)
        for event, held in reversed(times)
        if (screen.site.ask(f"events/{event['id']}/effect", on=held["first_on"])["capture"] or {}).get(
            "share_in"
        )
    )
    section = opened(screen)
    row = section.locator(".year").filter(has_text=held["first_on"][:4]).get_by_role("button")
    row.filter(has_text=event["name"]).first.click()
    card = section.locator("kk-event-card")
    expect(card.get_by_role("heading", name="Wie binnenging")).to_be_visible(timeout=PATIENT_MS)
    expect(card.locator(".second")).to_contain_text("weede schatting")
