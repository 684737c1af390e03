import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.screen import Screen
from tests.browser.test_accessibility import _violations, axe  # noqa: F401 - a fixture
from tests.demo_database import CLUSTERED, EMPTY

SIZES = {"laptop": LAPTOP, "phone": PHONE}


def open_section(screen: Screen, section: str, element: str, nis: str = CLUSTERED) -> Locator:
    screen.page.goto(f"{screen.site.address}/#m={nis}&tab=footfall&section={section}")
    found = screen.page.locator(element)
    expect(found).to_be_visible()
    return found


def test_a_fortnight_is_told_in_words_and_a_day_opens_its_hours(screen: Screen) -> None:
    forecast = open_section(screen, "forecast", "kk-forecast")
    expect(forecast.locator(".answer")).to_contain_text("passanten")
    days = forecast.locator("button.day")
    expect(days).to_have_count(14)
    days.nth(3).click()
    expect(days.nth(3)).to_have_attribute("aria-pressed", "true")
    expect(forecast.get_by_text("8 op 10 keer.", exact=False).first).to_be_visible()
    expect(forecast.locator(".card")).to_contain_text(re.compile(r"viel \d+\s?% van de uren binnen de band"))


def test_opening_hours_answer_what_is_chosen(screen: Screen) -> None:
    opening = open_section(screen, "opening", "kk-opening-hours")
    answer = opening.locator(".answer")
    expect(answer).to_contain_text("terwijl de winkels open zijn")
    before = answer.inner_text()
    opening.get_by_role("combobox").nth(2).select_option("21")
    expect(answer).not_to_have_text(before)


def test_a_town_without_sensors_says_what_to_do(screen: Screen) -> None:
    expect(open_section(screen, "forecast", "kk-forecast", EMPTY)).to_contain_text("Lees eerst de tellers in")
    expect(open_section(screen, "opening", "kk-opening-hours", EMPTY)).to_contain_text(
        "Lees eerst de tellers in"
    )


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("section", "element"), [("forecast", "kk-forecast"), ("opening", "kk-opening-hours")]
)
def test_nothing_stands_in_the_way_of_anybody(
    visit: Callable[..., Screen],
    axe: Path,  # noqa: F811
    size: str,
    section: str,
    element: str,
) -> None:
    screen = visit(SIZES[size])
    found = open_section(screen, section, element)
    expect(found.locator(".answer")).to_be_visible()
    assert _violations(screen, axe) == []
