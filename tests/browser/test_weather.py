import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.screen import Screen
from tests.browser.test_accessibility import _violations, axe  # noqa: F401 - a fixture
from tests.browser.test_forecast import open_section

SIZES = {"laptop": LAPTOP, "phone": PHONE}


@pytest.mark.parametrize("size", SIZES)
def test_days_tell_their_weather_and_the_page_says_why_it_does_not_count_yet(
    visit: Callable[..., Screen],
    axe: Path,  # noqa: F811
    size: str,
) -> None:
    screen = visit(SIZES[size])
    forecast = open_section(screen, "forecast", "kk-forecast")
    days = forecast.locator("button.day")
    expect(days).to_have_count(14)
    # A week of weather is known, and nothing is said of the week after it.
    weather = days.nth(0).locator("kk-day-weather")
    expect(weather).to_have_text(re.compile(r"^-?\d+ °C, (droog|[\d,]+ mm regen)$"))
    expect(days.filter(has_text="°C")).to_have_count(7)
    # Five months of counts are too few to try weather on.
    expect(forecast.locator("kk-weather-use")).to_contain_text("Het weer telt nog niet mee")
    assert _violations(screen, axe) == []
