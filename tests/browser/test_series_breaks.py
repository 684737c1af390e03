from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.browser.test_accessibility import _violations, axe
from tests.demo_database import CLUSTERED

__all__ = ["axe"]
WHY = "Voortaan wordt te voet geteld"


def test_a_break_is_added_changed_and_removed_and_each_step_is_taken_back(screen: Screen, axe: str) -> None:
    before = screen.site.ask("series-breaks", municipality=CLUSTERED)["items"]
    screen.open(f"m={CLUSTERED}&tab=vacancy")
    drawn = screen.page.locator("kk-vacancy-history").get_by_role("listitem")
    breaks = screen.page.locator("kk-series-breaks")
    items = breaks.get_by_role("listitem")
    breaks.get_by_text("Breuken beheren").click()
    expect(items).to_have_count(len(before))

    breaks.get_by_role("button", name="Breuk toevoegen").click()
    expect(breaks.get_by_label("Eerste dag")).to_be_focused()
    breaks.get_by_label("Eerste dag").fill("2020-07-01")
    breaks.get_by_label("Wat veranderde").select_option(label="Andere telwijze")
    breaks.get_by_label("Reden").fill(WHY)
    assert _violations(screen, axe) == []
    breaks.get_by_role("button", name="Bewaren").click()
    expect(items.filter(has_text=WHY)).to_have_count(1)
    # The chart stops there too.
    expect(drawn.filter(has_text=WHY)).to_have_count(1)

    items.filter(has_text=WHY).get_by_role("button", name="Wijzigen").click()
    breaks.get_by_label("Reden").fill("Anders")
    breaks.get_by_role("button", name="Bewaren").click()
    expect(drawn.filter(has_text="Anders")).to_have_count(1)
    undo = breaks.get_by_role("button", name="Ongedaan maken")
    expect(undo).to_be_focused()
    undo.click()
    expect(drawn.filter(has_text=WHY)).to_have_count(1)

    items.filter(has_text=WHY).get_by_role("button", name="Weghalen").click()
    expect(drawn.filter(has_text=WHY)).to_have_count(0)
    undo.click()
    expect(drawn.filter(has_text=WHY)).to_have_count(1)
    items.filter(has_text=WHY).get_by_role("button", name="Weghalen").click()
    expect(items).to_have_count(len(before))
    assert [
        {**row, "id": 0} for row in screen.site.ask("series-breaks", municipality=CLUSTERED)["items"]
    ] == [{**row, "id": 0} for row in before]


def test_a_day_that_has_such_a_break_already_is_told_in_the_language_of_the_reader(screen: Screen) -> None:
    (given, *_) = screen.site.ask("series-breaks", municipality=CLUSTERED)["items"]
    screen.open(f"m={CLUSTERED}&tab=vacancy&lang=fr")
    breaks = screen.page.locator("kk-series-breaks")
    breaks.get_by_text("Gérer les ruptures").click()
    breaks.get_by_role("button", name="Ajouter une rupture").click()
    breaks.get_by_label("Premier jour").fill(given["breaks_on"])
    breaks.get_by_label("Ce qui a changé").select_option(given["kind"])
    breaks.get_by_label("Raison").fill("x")
    breaks.get_by_role("button", name="Enregistrer").click()
    expect(breaks.get_by_role("alert")).to_contain_text("Il y a déjà une rupture")
