import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen
from tests.browser.test_accessibility import SIZES, _violations, axe  # noqa: F401 - axe is a fixture
from tests.demo_database import CALM, EMPTY


def _asked(screen: Screen, **query: Any) -> Any:
    return screen.site.ask("footfall/findings", municipality=CALM, lang="nl", limit=1000, **query)


def _waiting(screen: Screen) -> list[dict[str, Any]]:
    return [item for item in _asked(screen, state="open")["items"] if item["is_decidable"]]


@pytest.fixture
def quality(screen: Screen) -> Iterator[Locator]:
    """The section about quality; what a test decided is taken back after it."""
    screen.open(f"m={CALM}&tab=footfall&section=quality")
    yield screen.page.locator("kk-count-quality")
    decided = [item["id"] for item in _asked(screen)["items"] if item["state"] != "open"]
    if decided:
        body = {"municipality": CALM, "findings": decided, "by": "test"}
        screen.page.request.post(f"{screen.site.address}/api/footfall/findings/decisions/undo", data=body)


def test_a_finding_is_judged_with_a_reason_and_put_back_with_one_press(
    screen: Screen, quality: Locator
) -> None:
    waiting = _waiting(screen)
    cards = quality.locator("kk-count-finding")
    expect(cards).to_have_count(len(waiting))
    expect(quality.locator(".answer")).to_contain_text(str(len(waiting)))
    zeros = next(item for item in waiting if item["kind"] == "zero_run")
    card = quality.locator(f'kk-count-finding[data-key="{zeros["id"]}"]')
    expect(card).to_contain_text(zeros["sentence"])
    expect(card).to_contain_text("telt nu niet mee")
    card.get_by_label("Waarom (mag leeg blijven)").fill("Straat was afgesloten")
    card.get_by_role("button", name="Klopt: hou de telling").click()
    expect(cards).to_have_count(len(waiting) - 1)
    (decided,) = _asked(screen, state="overruled")["items"]
    assert (decided["id"], decided["reason"]) == (zeros["id"], "Straat was afgesloten")

    quality.get_by_role("button", name=re.compile("^Beslist")).click()
    expect(cards).to_contain_text(["Straat was afgesloten"])
    quality.get_by_role("button", name="Ongedaan maken").click()
    expect(cards).to_have_count(0)
    assert len(_waiting(screen)) == len(waiting)


def test_a_city_without_sensors_is_told_how_to_begin(screen: Screen) -> None:
    screen.open(f"m={EMPTY}&tab=footfall&section=quality")
    expect(screen.page.locator("kk-count-quality kk-empty")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_the_section_meets_wcag_and_shows_the_days_around(
    visit: Callable[..., Screen],
    axe: Any,  # noqa: F811 - the fixture
    size: str,
) -> None:
    screen = visit(SIZES[size])
    screen.open(f"m={CALM}&tab=footfall&section=quality")
    expect(screen.page.locator("kk-count-finding svg.chart").first).to_be_visible()
    assert _violations(screen, axe) == []
