import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen
from tests.browser.test_accessibility import SIZES, _violations, axe  # noqa: F401 - axe is a fixture
from tests.demo_database import CLUSTERED, EMPTY


def _open(screen: Screen, nis: str = CLUSTERED) -> Locator:
    screen.open(f"m={nis}&tab=vacancy")
    screen.page.get_by_role("group", name="Onderdelen van leegstand").get_by_role(
        "button", name="Werklijst"
    ).click()
    return screen.page.locator("kk-worklist")


def _asked(screen: Screen, **query: Any) -> Any:
    return screen.site.ask("worklist", municipality=CLUSTERED, lang="nl", **query)


@pytest.fixture
def worklist(screen: Screen) -> Iterator[Locator]:
    """The work list of the city; what a test settled is taken back after it."""
    yield _open(screen)
    settled = [item["decision"]["id"] for item in _asked(screen, status="settled", limit=500)["items"]]
    if settled:
        body = {"municipality": CLUSTERED, "decisions": settled, "by": "test"}
        screen.page.request.post(f"{screen.site.address}/api/worklist/decisions/undo", data=body)


def test_the_list_counts_what_there_is_and_shows_both_sources(screen: Screen, worklist: Locator) -> None:
    asked = _asked(screen)
    expect(worklist.get_by_role("button", name=re.compile("^Alles"))).to_contain_text(str(asked["total"]))
    cards = worklist.locator("kk-worklist-card")
    expect(cards).to_have_count(len(asked["items"]))
    item = next(one for one in asked["items"] if one["kind"] == "vacant_active")
    card = cards.nth(asked["items"].index(item))
    for sentence in (*item["survey"]["says"], *item["other"]["says"]):
        expect(card).to_contain_text(sentence)

    worklist.get_by_role("button", name=re.compile("^Leeg, maar een actieve")).click()
    expect(cards).to_have_count(asked["kinds"]["vacant_active"])


def test_one_press_settles_and_one_press_takes_it_back(screen: Screen, worklist: Locator) -> None:
    total = _asked(screen)["total"]
    cards = worklist.locator("kk-worklist-card")
    expect(cards).to_have_count(total)
    cards.first.get_by_role("button", name="Volgende ronde").click()
    expect(cards).to_have_count(total - 1)
    assert _asked(screen)["total"] == total - 1
    worklist.get_by_role("button", name="Ongedaan maken").click()
    expect(cards).to_have_count(total)
    assert _asked(screen)["total"] == total


def test_a_reason_is_typed_with_a_decision_and_stands_in_what_was_decided(
    screen: Screen,
    worklist: Locator,
    axe: str,  # noqa: F811
) -> None:
    total = _asked(screen)["total"]
    cards = worklist.locator("kk-worklist-card")
    expect(cards).to_have_count(total)
    address = _asked(screen)["items"][0]["address"]
    cards.first.get_by_role("button", name=re.compile("^Reden toevoegen")).click()
    field = cards.first.get_by_label(re.compile("^Reden"))
    expect(field).to_be_focused()
    # A number is part of the text here, and decides nothing.
    field.press_sequentially("1 raam dichtgeplakt")
    expect(cards).to_have_count(total)
    cards.first.get_by_role("button", name="Volgende ronde").click()
    expect(cards).to_have_count(total - 1)

    past = worklist.locator("kk-worklist-past")
    past.get_by_text("Wat beslist werd").click()
    row = past.get_by_role("listitem").first
    expect(row).to_contain_text(address)
    expect(row).to_contain_text("1 raam dichtgeplakt")
    assert _violations(screen, axe) == []
    row.get_by_role("button", name=f"Neem terug: {address}").click()
    expect(cards).to_have_count(total)
    expect(row).to_contain_text("teruggenomen")


def test_the_keyboard_goes_from_item_to_item_and_settles(screen: Screen, worklist: Locator) -> None:
    items = _asked(screen)["items"]
    cards = worklist.locator("kk-worklist-card")
    expect(cards).to_have_count(len(items))
    cards.first.locator(".open").focus()
    screen.page.keyboard.press("ArrowDown")
    expect(cards.nth(1).locator(".open")).to_be_focused()
    place = str(items[1]["verdicts"].index("next_round") + 1)
    screen.page.keyboard.press(place)
    expect(cards).to_have_count(len(items) - 1)
    settled = _asked(screen, status="settled")["items"]
    assert [one["id"] for one in settled] == [items[1]["id"]]
    expect(cards.nth(1).locator(".open")).to_be_focused()


def test_the_register_is_right_fills_in_a_form_and_the_map_follows(screen: Screen, worklist: Locator) -> None:
    items = _asked(screen, kind="vacant_active")["items"]
    item = next(one for one in items if one["suggestion"] == "register_right")
    worklist.get_by_role("button", name=re.compile("^Leeg, maar een actieve")).click()
    cards = worklist.locator("kk-worklist-card")
    expect(cards).to_have_count(len(items))
    card = cards.nth(items.index(item))
    card.get_by_role("button", name="Andere bron klopt").click()
    form = card.locator("kk-worklist-form")
    expect(form.get_by_label("Naam boven de deur")).to_have_value(item["change"]["occupant_name"])
    expect(form.get_by_label("Vanaf")).to_have_value(item["change"]["on"])
    with screen.page.expect_response(re.compile("shop-units/points")):
        form.get_by_role("button", name="Zo opslaan").click()
    expect(cards).to_have_count(len(items) - 1)
    unit = screen.site.ask(f"shop-units/{item['shop_unit_id']}")
    assert (unit["state"], unit["name"]) == ("occupied", item["change"]["occupant_name"])
    worklist.get_by_role("button", name="Ongedaan maken").click()
    expect(cards).to_have_count(len(items))
    assert screen.site.ask(f"shop-units/{item['shop_unit_id']}")["state"] == "vacant"


def test_the_panel_of_a_unit_says_when_it_was_seen_and_what_is_open(
    screen: Screen, worklist: Locator
) -> None:
    item = _asked(screen, kind="vacant_active")["items"][0]
    worklist.locator("kk-worklist-card").filter(has_text=item["address"]).first.locator(".open").click()
    fresh = screen.panel.locator("kk-unit-freshness")
    expect(fresh).to_contain_text("Laatst gezien op")
    expect(fresh).to_contain_text("Leeg, maar een actieve onderneming")


def test_where_nothing_is_to_be_looked_at_the_list_says_so(screen: Screen) -> None:
    expect(_open(screen, EMPTY)).to_contain_text("Niets na te kijken")


def test_fading_is_a_switch_and_part_of_the_address(city: Screen) -> None:
    legend = city.page.locator("kk-legend")
    expect(legend).to_contain_text("Laatst gezien")
    city.page.get_by_role("button", name="Lagen").click()
    city.page.get_by_label("Vervagen wat lang niet gezien is").uncheck()
    expect(legend).not_to_contain_text("Laatst gezien")
    assert "fade=0" in city.view


@pytest.mark.parametrize("size", SIZES)
def test_nothing_stands_in_the_way_of_anybody(visit: Callable[..., Screen], size: str, axe: Any) -> None:  # noqa: F811
    screen = visit(SIZES[size], touch=size == "phone")
    worklist = _open(screen)
    card = worklist.locator("kk-worklist-card").first
    expect(card).to_be_visible()
    assert _violations(screen, axe) == []
    worklist.locator("kk-worklist-card").get_by_role("button", name="Andere bron klopt").first.click()
    expect(worklist.locator("kk-worklist-form")).to_be_visible()
    assert _violations(screen, axe) == []
