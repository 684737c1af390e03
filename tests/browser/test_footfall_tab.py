from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen


def opened(screen: Screen, nis: str = "34040") -> Locator:
    screen.page.goto(f"{screen.site.address}/#m={nis}&tab=footfall")
    overview = screen.page.locator("kk-footfall-overview")
    expect(overview.get_by_role("heading", name="Gewone week")).to_be_visible()
    return overview


def test_the_busiest_sensor_is_told_in_one_sentence_with_its_week_and_year(screen: Screen) -> None:
    overview = opened(screen)
    expect(overview.locator(".answer")).to_contain_text("passanten per dag")
    expect(overview.get_by_role("img", name="Gewone week")).to_be_visible()
    expect(overview.get_by_role("img", name="week per week")).to_be_visible()
    screen.expect_accessible()


def test_another_sensor_shows_its_own_week_and_reads_as_a_table(screen: Screen) -> None:
    overview = opened(screen)
    before = overview.locator(".answer").inner_text()
    chooser = overview.get_by_label("Teller")
    other = chooser.locator("option:not(:checked)").last.inner_text()
    chooser.select_option(label=other)
    expect(overview.locator(".answer")).not_to_have_text(before)
    overview.get_by_text("Toon als tabel").first.click()
    expect(overview.get_by_role("row", name="Hele dag")).to_be_visible()


def test_a_neighbouring_town_is_laid_beside_our_own(screen: Screen) -> None:
    overview = opened(screen)
    overview.get_by_role("button", name="Gemeenten").click()
    overview.get_by_role("checkbox").first.check()
    name = overview.locator("fieldset label").first.inner_text().strip()
    expect(overview.get_by_role("img", name="als index")).to_have_attribute(
        "aria-label", f"Passanten per week als index, voor Waregem, {name}."
    )
