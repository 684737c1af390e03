import re

import pytest
from playwright.sync_api import Locator, Request, expect

from tests.browser.screen import Screen, as_query, figure
from tests.demo_database import CLUSTERED

FOOTFALL = "Passanten voor de deur"
PARKING = "Parkeerplaatsen op wandelafstand"


@pytest.fixture
def weights(city: Screen) -> Screen:
    city.tab("Gewichten")
    expect(city.page.get_by_role("slider").first).to_be_visible()
    return city


def _slider(screen: Screen, name: str) -> Locator:
    return screen.page.get_by_role("slider", name=re.compile(name))


def _shares(screen: Screen) -> dict[str, float]:
    """The share of each weight that counts, in per cent."""
    rows = screen.page.locator("kk-weights-panel li:not(:has(input:disabled)) .name")
    names = [text.split("\n") for text in rows.all_inner_texts()]
    return {name: figure(share) for name, share in names}


def test_the_shares_of_the_weights_make_a_whole_and_follow_a_slider_at_once(weights: Screen) -> None:
    asked: list[str] = []
    before = _shares(weights)
    assert sum(before.values()) == pytest.approx(100, abs=len(before) / 2)

    def note(request: Request) -> None:
        asked.append(request.url)

    weights.page.on("request", note)
    _slider(weights, FOOTFALL).fill("75")

    after = _shares(weights)
    assert after[FOOTFALL] > before[FOOTFALL]
    assert all(after[name] < share for name, share in before.items() if name != FOOTFALL)
    assert sum(after.values()) == pytest.approx(100, abs=len(after) / 2)
    expect(_slider(weights, FOOTFALL)).to_have_attribute(
        "aria-valuetext", f"gewicht 75, aandeel {after[FOOTFALL]:.0f}%"
    )
    assert [url for url in asked if "/api/" in url and "/tiles/" not in url] == []


def test_own_weights_rank_the_list_as_the_server_ranks_under_the_same_weights(weights: Screen) -> None:
    _slider(weights, FOOTFALL).fill("0")
    _slider(weights, PARKING).fill("80")
    weights.tab("Panden")
    weights.choose_state("Leegstaand")

    server = weights.site.ask(
        "scores", municipality=CLUSTERED, **{"weight.footfall": 0, "weight.parking": 0.8}
    )["items"]
    standard = weights.site.ask("scores", municipality=CLUSTERED)["items"]
    shown = weights.addresses()[:8]
    assert shown == [item["address"] for item in server[:8]]
    assert shown != [item["address"] for item in standard[:8]]
    scores = [figure(text) for text in weights.rows.locator(".score").all_inner_texts()[:8]]
    assert scores == pytest.approx([item["score"] for item in server[:8]], abs=0.51)
    expect(weights.count).to_contain_text("Eigen gewichten")


def test_the_panel_explains_a_score_under_own_weights(weights: Screen) -> None:
    _slider(weights, FOOTFALL).fill("90")
    weights.tab("Panden")
    weights.choose_state("Leegstaand")
    weights.rows.first.click()

    why = weights.section("Waarom deze score")
    expect(why.get_by_text("Eigen gewichten")).to_be_visible()
    best = weights.site.ask("scores", municipality=CLUSTERED, **{"weight.footfall": 0.9})["items"][0]
    total = figure(why.locator(".big").inner_text())
    points = [
        figure(text)
        for text in why.locator(".components .top strong").all_inner_texts()
        if text.startswith("+")
    ]
    assert total == pytest.approx(best["score"], abs=0.51)
    assert sum(points) == pytest.approx(best["score"], abs=0.05 * len(points) + 0.01)
    expect(why.get_by_text(re.compile("^1e van"))).to_be_visible()
    expect(why.get_by_text(re.compile("Andere redelijke gewichten geven plaats"))).to_be_visible()


def test_own_weights_live_in_the_address_outlast_a_reload_and_go_with_one_press(weights: Screen) -> None:
    before = _shares(weights)
    _slider(weights, PARKING).fill("55")
    changed = _shares(weights)
    assert "parking:0.55" in as_query(weights.view)["weights"]

    weights.page.reload()
    expect(weights.page.get_by_role("slider").first).to_be_visible()
    assert _shares(weights) == changed
    expect(_slider(weights, PARKING)).to_have_value("55")

    weights.page.get_by_role("button", name="Herstel standaard").click()
    expect(weights.page.get_by_text("Standaardgewichten")).to_be_visible()
    assert _shares(weights) == before
    assert "weights" not in as_query(weights.view)


def test_one_step_back_undoes_a_whole_adjustment(weights: Screen) -> None:
    before = _shares(weights)
    slider = _slider(weights, PARKING)
    slider.focus()
    for _ in range(12):
        slider.press("ArrowRight")
    assert _shares(weights) != before

    weights.page.go_back()

    expect(weights.page.get_by_text("Standaardgewichten")).to_be_visible()
    assert _shares(weights) == before


def test_without_any_weight_there_is_no_score_and_the_screen_says_what_to_do(weights: Screen) -> None:
    sliders = weights.page.get_by_role("slider", disabled=False)
    for number in range(sliders.count()):
        sliders.nth(number).fill("0")

    expect(weights.page.get_by_text(re.compile("^Alle gewichten staan op nul"))).to_be_visible()
    weights.tab("Panden")
    expect(weights.rows.first).to_contain_text("geen score")
