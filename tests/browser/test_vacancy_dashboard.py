import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.screen import Screen, as_query, figure
from tests.browser.test_accessibility import CUT, SMALLEST, _violations, axe
from tests.demo_database import CLUSTERED, EMPTY

__all__ = ["axe"]
PAST = "2021-04-01"


def _dashboard(screen: Screen, more: str = "") -> Locator:
    screen.open(f"m={CLUSTERED}&tab=vacancy{more}")
    overview = screen.page.locator("kk-vacancy-overview")
    expect(overview).to_be_visible()
    return overview


def _counts(rate: dict[str, int]) -> str:
    return f"({rate['numerator']} van {rate['denominator']})"


def test_a_core_is_chosen_and_every_figure_is_of_that_core(screen: Screen) -> None:
    overview = _dashboard(screen)
    core = screen.site.ask("vacancy", municipality=CLUSTERED)["by_core"][0]
    overview.get_by_label("Gebied").select_option(label=core["name"])

    units = core["units"]
    expect(overview.locator(".figure").first).to_contain_text(
        f"{units['numerator']} van {units['denominator']}"
    )
    assert as_query(screen.view)["core"] == str(core["core_id"])
    asked = screen.site.ask("vacancy", municipality=CLUSTERED, core=core["core_id"])
    streets = overview.locator("kk-rate-bars").filter(
        has=screen.page.get_by_role("heading", name="Per straat")
    )
    expect(streets.get_by_role("listitem").first).to_contain_text("van")
    listed = {row["street"]: _counts(row["units"]) for row in asked["by_street"]}
    texts = streets.get_by_role("listitem").all_inner_texts()
    assert texts
    for text in texts:
        assert listed[text.split("\n")[0]] in text
    # The list is of the same core.
    screen.tab("Panden")
    assert screen.shown() == sum(row["core_id"] == core["core_id"] for row in _points(screen))


def _points(screen: Screen) -> list[dict[str, object]]:
    points = screen.points(CLUSTERED)
    return [{"core_id": core} for core in points["core_id"]]


def test_bars_stand_in_the_order_that_is_asked_for(screen: Screen) -> None:
    overview = _dashboard(screen)
    streets = overview.locator("kk-rate-bars").filter(
        has=screen.page.get_by_role("heading", name="Per straat")
    )
    rows = streets.get_by_role("listitem")
    expect(rows.first).to_be_visible()
    asked = screen.site.ask("vacancy", municipality=CLUSTERED)["by_street"]
    most = max(row["units"]["numerator"] for row in asked)
    assert f"({most} van" in rows.first.inner_text()

    streets.get_by_role("combobox").select_option(label="Hoogste leegstand")
    highest = max(row["units"]["rate"] for row in asked)
    expect(rows.first).to_contain_text(f"{highest * 100:.1f}".replace(".", ","))
    streets.get_by_role("button", name=re.compile("^Toon alle")).click()
    expect(rows).to_have_count(len(asked))
    rates = [figure(text.split("\n")[1]) for text in rows.all_inner_texts()]
    assert rates == sorted(rates, reverse=True)


def test_the_longest_vacant_unit_opens(screen: Screen) -> None:
    overview = _dashboard(screen)
    first = screen.site.ask("vacancy", municipality=CLUSTERED)["longest_vacant"][0]
    overview.locator("kk-longest-vacant").get_by_role("button").first.click()
    expect(screen.panel.get_by_role("heading", level=2)).to_have_text(first["address"])


def test_the_line_of_the_history_stops_at_a_break_which_says_why(screen: Screen) -> None:
    overview = _dashboard(screen)
    (given,) = screen.site.ask("vacancy", municipality=CLUSTERED)["breaks"]
    history = overview.locator("kk-vacancy-history")
    expect(history.get_by_role("listitem")).to_contain_text(given["reason"])
    expect(history.locator("svg path")).to_have_count(2)
    expect(history.locator("svg line[stroke-dasharray]")).to_have_count(1)
    history.get_by_text("Alle cijfers van de grafiek").click()
    expect(history.get_by_role("row").last).to_contain_text("van")
    history.get_by_role("button", name="m²").click()
    expect(history.get_by_role("button", name="m²")).to_have_attribute("aria-pressed", "true")


def test_the_page_for_the_council_and_the_tables_can_be_taken_home(screen: Screen, tmp_path: Path) -> None:
    overview = _dashboard(screen)
    with screen.page.expect_download() as page:
        overview.get_by_role("link", name="Pagina voor de raad (PDF)").click()
    assert page.value.suggested_filename.endswith(".pdf")
    page.value.save_as(tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF-1.7")

    overview.get_by_text("Tabellen en kaartbestand").click()
    links = overview.locator("kk-vacancy-files li a")
    addresses = links.evaluate_all("links => links.map(link => link.href)")
    assert len(addresses) == 5
    for address in addresses:
        assert screen.page.request.get(address).status == 200


# -- the past on the map ---------------------------------------------------------------------------


def _states(screen: Screen) -> dict[int, str]:
    """State by key of the units that are on the map."""
    pairs = screen.page.evaluate(
        "() => { const { points } = document.querySelector('kk-app').session;"
        " return points.ids.map((id, i) => [id, points.state[i]]); }"
    )
    return dict(map(tuple, pairs))


def _expect_day(screen: Screen, day: str) -> None:
    asked = screen.site.ask("vacancy/units", municipality=CLUSTERED, on=day)
    expected = dict(zip(asked["ids"], asked["state"], strict=True))
    screen.page.wait_for_function(
        "expected => { const { points, view } = document.querySelector('kk-app').session;"
        " return points && view.on === expected.on && points.ids.length === expected.n"
        " && points.state.filter(state => state === 'vacant').length === expected.vacant; }",
        arg={"on": day, "n": len(expected), "vacant": sum(s == "vacant" for s in expected.values())},
    )
    assert _states(screen) == expected


def test_the_map_and_the_list_show_a_past_day_and_say_so_until_it_is_today_again(screen: Screen) -> None:
    screen.open(f"m={CLUSTERED}")
    today = _states(screen)
    page = screen.page
    page.get_by_role("button", name="Terug in de tijd").click()
    page.get_by_label("Een dag kiezen").fill("2021-05-09")
    _expect_day(screen, "2021-05-09")
    assert as_query(screen.view)["on"] == "2021-05-09"
    side = page.locator("kk-side")
    expect(side.get_by_role("status").filter(has_text="9 mei 2021")).to_be_visible()
    expect(page.locator(".kk-cluster-label")).to_have_count(0)
    assert screen.shown() == len(_states(screen))
    screen.tab("Leegstand")
    asked = screen.site.ask("vacancy", municipality=CLUSTERED, on="2021-05-09")["units"]
    expect(page.locator("kk-vacancy-overview .figure").first).to_contain_text(
        f"{asked['numerator']} van {asked['denominator']}"
    )
    screen.tab("Gewichten")
    expect(page.locator("kk-empty")).to_contain_text("Scores gelden voor vandaag")

    # Of a past day nobody can say how long ago somebody looked.
    expect(page.locator("kk-legend")).not_to_contain_text("Laatst gezien")

    side.get_by_role("button", name="Terug naar vandaag").click()
    expect(side.get_by_text("Dit is de toestand op")).to_have_count(0)
    expect(page.locator("kk-legend")).to_contain_text("Laatst gezien")
    assert "on" not in as_query(screen.view)
    page.wait_for_function(
        "() => document.querySelector('kk-app').session.points.score.some(s => s !== null)"
    )
    assert _states(screen) == today


def test_the_slider_walks_by_quarters_with_the_keyboard(screen: Screen) -> None:
    screen.open(f"m={CLUSTERED}&on={PAST}")
    slider = screen.page.get_by_role("slider", name="Kwartaal op de kaart")
    expect(slider).to_have_attribute("aria-valuetext", "1 april 2021")
    slider.focus()
    slider.press("ArrowLeft")
    _expect_day(screen, "2021-01-01")
    screen.page.get_by_role("button", name="Een kwartaal later").press("Enter")
    _expect_day(screen, PAST)
    slider.press("End")
    screen.page.wait_for_function("() => document.querySelector('kk-app').session.view.on === null")


def test_the_years_play_and_stop(screen: Screen) -> None:
    screen.open(f"m={CLUSTERED}&on={PAST}")
    play = screen.page.get_by_role("button", name="Afspelen")
    play.click()
    screen.page.wait_for_function("() => document.querySelector('kk-app').session.view.on >= '2021-10-01'")
    screen.page.get_by_role("button", name="Stoppen").click()
    expect(play).to_be_visible()
    # One press back leads out of the film, not through each of its pictures.
    stopped = as_query(screen.view)["on"]
    assert stopped > PAST


def test_a_link_to_a_past_day_opens_that_day(screen: Screen) -> None:
    screen.open(f"m={CLUSTERED}&on={PAST}")
    _expect_day(screen, PAST)


def test_a_municipality_without_units_has_nothing_to_show_and_says_so(screen: Screen) -> None:
    for day in ("", f"&on={PAST}"):
        screen.open(f"m={EMPTY}&tab=vacancy{day}")
        expect(screen.page.locator("kk-empty")).to_be_visible()


@pytest.mark.parametrize("size", [LAPTOP, PHONE, SMALLEST], ids=["laptop", "phone", "smallest"])
def test_the_dashboard_of_a_past_day_meets_wcag_and_fits(
    visit: Callable[..., Screen], axe: Path, size: dict[str, int]
) -> None:
    screen = visit(size)
    overview = _dashboard(screen, f"&on={PAST}")
    overview.get_by_text("Tabellen en kaartbestand").click()
    overview.get_by_text("Alle cijfers van de grafiek").click()
    assert _violations(screen, axe) == []
    assert screen.page.evaluate(CUT, size["width"]) == []


def test_on_a_phone_the_time_bar_lies_on_the_map_and_not_under_the_sheet(phone: Screen) -> None:
    phone.open(f"m={CLUSTERED}&on={PAST}")
    expect(phone.page.locator("kk-time-slider .past")).to_be_visible()
    boxes = phone.page.evaluate(
        "() => ['.sheet', 'kk-time-slider', 'kk-map-controls'].map(name => {"
        " const { top, bottom, left, right } = document.querySelector(name).getBoundingClientRect();"
        " return { top, bottom, left, right }; })"
    )
    sheet, bar, controls = boxes
    assert bar["bottom"] <= sheet["top"] + 1
    assert bar["top"] >= controls["bottom"] - 1
    assert 0 <= bar["left"] < bar["right"] <= PHONE["width"]
