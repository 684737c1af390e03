import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.screen import Screen
from tests.browser.test_accessibility import _violations, axe  # noqa: F401 - a fixture
from tests.demo_database import CLUSTERED, EMPTY

SIZES = {"laptop": LAPTOP, "phone": PHONE}
VIEW = f"m={CLUSTERED}&tab=footfall&section=streets"


def test_a_street_from_the_list_says_why_its_number_is_what_it_is(screen: Screen) -> None:
    page = screen.page
    page.goto(f"{screen.site.address}/#{VIEW}")
    section = page.locator("kk-street-footfall")
    first = section.get_by_role("button", pressed=False).first
    expect(first).to_be_visible()
    name = first.locator("strong").inner_text()
    answer = screen.site.ask("footfall/streets", municipality=CLUSTERED)
    assert name in {feature["properties"]["name"] for feature in answer["features"]}
    # By the keyboard, as whoever has no mouse does.
    first.focus()
    page.keyboard.press("Enter")
    why = section.locator("kk-street-why")
    heading = re.compile(rf"^Waarom (dit getal|deze klasse): {re.escape(name)}$")
    expect(why.get_by_role("heading", name=heading)).to_be_visible()
    expect(why.get_by_text(re.compile(r"^teller, ")).first).to_be_visible()
    expect(why).to_contain_text("Nagegaan door elk van de")
    why.get_by_role("button", name="Sluiten").click()
    expect(why).to_have_count(0)


def test_where_the_counts_bear_no_numbers_the_page_says_what_is_missing(
    screen: Screen,
) -> None:
    answer = screen.site.ask("footfall/streets", municipality=CLUSTERED)
    lacking = [row for row in answer["numbers"] if row["core"] and row["reason"] == "few_counts"]
    assert lacking
    page = screen.page
    page.goto(f"{screen.site.address}/#{VIEW}")
    section = page.locator("kk-street-footfall")
    for row in lacking:
        expect(
            section.get_by_text(re.compile(rf"^{re.escape(row['core'])}: alleen klassen"))
        ).to_contain_text(f"Nog {row['n_missing']} tellers")


def test_a_town_where_nobody_counts_says_what_is_missing(screen: Screen) -> None:
    screen.page.goto(f"{screen.site.address}/#m={EMPTY}&tab=footfall&section=streets")
    expect(screen.page.locator("kk-street-footfall kk-empty")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_in_the_streets(screen: Screen, size: str, axe: Path) -> None:  # noqa: F811
    page = screen.page
    page.set_viewport_size(SIZES[size])
    page.goto(f"{screen.site.address}/#{VIEW}&layers=streets,cores")
    section = page.locator("kk-street-footfall")
    section.get_by_role("button", pressed=False).first.click()
    expect(section.locator("kk-street-why").get_by_role("listitem").first).to_be_visible()
    assert _violations(screen, axe) == []
