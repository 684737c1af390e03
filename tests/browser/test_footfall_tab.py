from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen
from tests.browser.test_accessibility import _violations, axe  # noqa: F401 - a fixture
from tests.demo_database import CALM, CLUSTERED, EMPTY


def opened(screen: Screen, nis: str = CLUSTERED) -> Locator:
    screen.page.goto(f"{screen.site.address}/#m={nis}&tab=footfall")
    return screen.page.locator("kk-footfall-overview")


def test_the_busiest_sensor_is_told_in_one_sentence_with_its_week_and_year(
    screen: Screen,
    axe: Path,  # noqa: F811
) -> None:
    overview = opened(screen)
    asked = screen.site.ask("footfall/overview", municipality=CLUSTERED)["items"]
    most = max((item for item in asked if item["latest"]), key=lambda item: item["latest"]["per_day"])
    told = f"{round(most['latest']['per_day'], -1):,.0f}".replace(",", ".")
    expect(overview.locator(".answer")).to_have_text(f"{told} passanten per dag in de laatste weken")
    expect(overview.get_by_role("img", name="Gewone week")).to_be_visible()
    expect(overview.get_by_role("img", name="week per week")).to_be_visible()
    for summary in overview.get_by_text("Toon als tabel").all():
        summary.click()
    assert _violations(screen, axe) == []


def test_another_sensor_shows_its_own_week_and_reads_as_a_table(screen: Screen) -> None:
    overview = opened(screen)
    week = overview.get_by_role("img", name="Gewone week")
    before = str(week.get_attribute("aria-label"))
    chooser = overview.get_by_role("combobox")
    first = chooser.locator("option").first.get_attribute("value")
    chooser.select_option(index=1 if chooser.input_value() == first else 0)
    expect(week).not_to_have_attribute("aria-label", before)
    overview.get_by_text("Toon als tabel").first.click()
    expect(overview.get_by_role("row", name="Hele dag")).to_be_visible()


def test_a_sensor_on_the_map_leads_to_its_own_page_and_the_address_keeps_it(screen: Screen) -> None:
    screen.open(f"m={CLUSTERED}&layers=sensors")
    screen.wait_for_map()
    asked = screen.site.ask("footfall/overview", municipality=CLUSTERED)["items"]
    least = min((item for item in asked if item["latest"]), key=lambda item: item["latest"]["per_day"])
    screen.page.get_by_role("button", name=f"{least['name']}: ").click()
    screen.page.get_by_role("button", name="Meer over deze teller").click()
    chooser = screen.page.locator("kk-footfall-overview").get_by_role("combobox")
    expect(chooser).to_have_value(str(least["id"]))
    screen.page.reload()
    expect(chooser).to_have_value(str(least["id"]))


def test_half_a_year_of_counts_is_asked_before_towns_are_laid_beside_each_other(screen: Screen) -> None:
    overview = opened(screen)
    overview.get_by_role("button", name="Gemeenten").click()
    with screen.page.expect_response(lambda answer: "footfall/comparison" in answer.url) as asked:
        overview.get_by_role("checkbox").first.check()
    assert asked.value.url.endswith(CALM)
    assert asked.value.ok
    expect(overview).to_contain_text("minstens een half jaar met geldige weken")


def test_a_town_that_counts_nobody_says_how_to_begin(screen: Screen) -> None:
    expect(opened(screen, EMPTY)).to_contain_text("In deze gemeente wordt nog niet geteld")
