import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen
from tests.browser.test_accessibility import _violations
from tests.browser.test_accessibility import axe as axe  # noqa: PLC0414 - a fixture is found by its name
from tests.demo_database import CALM, CLUSTERED


def opened(screen: Screen, nis: str) -> Locator:
    screen.page.goto(f"{screen.site.address}/#m={nis}&tab=vacancy&section=clusters")
    section = screen.page.locator("kk-clusters-section")
    expect(section.locator(".verdict")).to_be_visible()
    return section


@pytest.fixture
def section(screen: Screen) -> Locator:
    return opened(screen, CLUSTERED)


def test_the_verdict_comes_first_and_each_cluster_gives_its_figures(screen: Screen, section: Locator) -> None:
    asked = screen.site.ask("vacancy-clusters", municipality=CLUSTERED)
    expect(section.locator(".verdict")).to_have_text(asked["verdict"]["message_nl"])
    cards = section.locator("kk-cluster-card")
    expect(cards).to_have_count(len(asked["features"]))
    for card, feature in zip(cards.all(), asked["features"], strict=True):
        facts = feature["properties"]
        expect(card).to_contain_text(f"{facts['vacant']} van {facts['units']} leeg")
        expect(card).to_contain_text(facts["sentence_nl"])
        expect(card).to_contain_text("Hoelang leeg")
        expect(card.get_by_role("img")).to_have_count(1)


def test_no_cluster_more_than_chance_is_an_answer(screen: Screen) -> None:
    section = opened(screen, CALM)
    expect(section.locator(".verdict")).to_contain_text("sterker dan het toeval")
    expect(section.locator("kk-cluster-card")).to_have_count(0)


def test_a_chosen_cluster_is_gone_to_and_shows_its_units_alone(screen: Screen, section: Locator) -> None:
    card = section.locator("kk-cluster-card").first
    before = screen.view
    button = card.get_by_role("button", name="Toon op de kaart")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(screen.page.locator(".leaflet-clusters-pane path[stroke-width='4.5']")).to_have_count(1)
    screen.page.wait_for_function(
        "before => decodeURIComponent(location.hash.slice(1)) !== before", arg=before
    )
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(screen.page.locator(".leaflet-clusters-pane path[stroke-width='4.5']")).to_have_count(0)


def test_the_units_of_a_cluster_can_be_listed(screen: Screen, section: Locator) -> None:
    (feature,) = screen.site.ask("vacancy-clusters", municipality=CLUSTERED)["features"]
    section.get_by_role("button", name="Lijst van de panden").click()
    assert screen.shown() == feature["properties"]["units"]


def test_another_question_and_another_day_give_their_own_answer(screen: Screen, section: Locator) -> None:
    section.get_by_role("button", name="Meer dan gemiddeld").click()
    average = screen.site.ask("vacancy-clusters", municipality=CLUSTERED, question="average")
    expect(section.locator(".verdict")).to_have_text(average["verdict"]["message_nl"])
    history = screen.site.ask("vacancy-clusters/history", municipality=CLUSTERED, question="average")
    past = history["inventories"][0]
    section.get_by_label("Toestand op").select_option(past["on"])
    expect(section.locator("kk-cluster-card")).to_have_count(len(past["clusters"]))
    expect(section.locator(".verdict + p")).to_contain_text(f"Getoetst: {past['tested_units']} panden")
    expect(section.locator(".years [aria-current]")).to_contain_text(past["on"][:4])


def test_clusters_that_dissolved_are_drawn_dashed_when_asked_for(screen: Screen, section: Locator) -> None:
    query = {"municipality": CLUSTERED, "with_dissolved": True}
    features = screen.site.ask("vacancy-clusters", **query)["features"]
    gone = [feature for feature in features if feature["properties"]["is_dissolved"]]
    dashed = screen.page.locator(".leaflet-clusters-pane path[stroke-dasharray='7 7']")
    expect(dashed).to_have_count(0)
    section.get_by_label("Toon ook clusters die opgelost zijn").check()
    expect(section.locator("kk-cluster-card[gone]")).to_have_count(len(gone))
    expect(dashed).to_have_count(len(gone))
    if not gone:
        expect(section).to_contain_text("geen enkele cluster opgelost")


def test_clusters_are_taken_home_as_a_table(screen: Screen, section: Locator) -> None:
    with screen.page.expect_download() as waiting:
        section.get_by_role("link", name="CSV").click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    asked = screen.site.ask("vacancy-clusters", municipality=CLUSTERED, with_dissolved=True)["features"]
    assert [int(row["id"]) for row in table] == [feature["id"] for feature in asked]


def test_when_the_answer_fails_the_way_out_is_to_ask_again(screen: Screen) -> None:
    screen.page.route(
        "**/api/vacancy-clusters?*question*", lambda route: route.fulfill(status=500, body="{}")
    )
    screen.page.goto(f"{screen.site.address}/#m={CLUSTERED}&tab=vacancy&section=clusters")
    section = screen.page.locator("kk-clusters-section")
    expect(section.get_by_role("alert")).to_be_visible()
    screen.page.unroute("**/api/vacancy-clusters?*question*")
    section.get_by_role("button", name="Opnieuw proberen").click()
    expect(section.locator(".verdict")).to_be_visible()


def test_the_section_is_for_everybody(screen: Screen, section: Locator, axe: Path) -> None:
    section.get_by_label("Toon ook clusters die opgelost zijn").check()
    section.locator("summary").click()
    expect(section).to_contain_text("langs de straten")
    assert _violations(screen, axe) == []


def test_nothing_is_wider_than_a_phone(screen: Screen) -> None:
    screen.page.set_viewport_size({"width": 390, "height": 844})
    section = opened(screen, CLUSTERED)
    expect(section.locator("kk-cluster-card").first).to_be_attached()
    wide = section.evaluate("element => [element.scrollWidth, element.clientWidth]")
    assert wide[0] <= wide[1]


def test_what_is_asked_and_chosen_lives_in_the_address(screen: Screen, section: Locator) -> None:
    asked = screen.site.ask("vacancy-clusters", municipality=CLUSTERED, question="average")
    section.get_by_role("group", name="Welke vraag").get_by_role("button").last.click()
    expect(section.locator("kk-cluster-card")).to_have_count(len(asked["features"]))
    chosen = section.locator("kk-cluster-card").first.get_by_role("button", name="Toon op de kaart")
    chosen.click()
    expect(chosen).to_have_attribute("aria-pressed", "true")
    screen.page.wait_for_function("() => location.hash.includes('cluster_shown=')")

    # The link shows the same to somebody else.
    screen.page.reload()
    expect(section.locator("kk-cluster-card")).to_have_count(len(asked["features"]))
    expect(chosen).to_have_attribute("aria-pressed", "true")
    expect(screen.page.locator(".leaflet-clusters-pane path[stroke-width='4.5']")).to_have_count(1)

    days = section.get_by_role("combobox").locator("option")
    day = days.last.get_attribute("value")
    section.get_by_role("combobox").select_option(day)
    screen.page.wait_for_function("day => location.hash.includes(`cluster_day=${day}`)", arg=day)
    expect(section.locator(".years [aria-current=date]")).to_have_count(1)
    # One step back undoes it.
    screen.page.go_back()
    screen.page.wait_for_function("() => !location.hash.includes('cluster_day=')")
    expect(section.get_by_role("combobox")).to_have_value("")
