import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.demo_database import CLUSTERED


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl", "De delen en wat naar geen deel gaat, zijn samen"),
        ("fr", "Les parties et ce qui ne va à aucune font ensemble"),
    ],
)
def test_an_edit_that_does_not_add_up_is_refused_in_the_language_of_the_reader(
    screen: Screen, language: str, said: str
) -> None:
    units = screen.site.ask("shop-units", municipality=CLUSTERED, state="vacant", limit=50)["items"]
    unit = next(one for one in units if (one["floor_area_m2"] or 0) > 20)
    screen.open(f"m={CLUSTERED}&unit={unit['id']}&lang={language}")
    edit = screen.page.locator("kk-unit-edit")
    edit.get_by_role("button").first.click()
    dialog = edit.get_by_role("dialog")
    areas = dialog.locator("kk-split-form input.num")
    areas.nth(0).fill("1")
    areas.nth(1).fill("2")
    dialog.locator("button.primary").click()
    alert = dialog.get_by_role("alert")
    expect(alert).to_contain_text(said)
    expect(alert).to_contain_text(" 3 m²")
