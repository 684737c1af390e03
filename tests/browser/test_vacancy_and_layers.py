import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen, as_query, figure
from tests.demo_database import CALM, CLUSTERED

SCOPES = {"retail_only": "Alleen winkels", "all_branches": "Alle handelspanden"}


def _number(value: float) -> str:
    return f"{round(value):,}".replace(",", ".")


def _percent(share: float) -> float:
    return round(share * 100, 1)


@pytest.fixture
def layers(city: Screen) -> Locator:
    city.page.get_by_role("button", name="Lagen").click()
    panel = city.page.locator("kk-layers-panel")
    expect(panel).to_be_visible()
    return panel


@pytest.mark.parametrize("scope", ["retail_only", "all_branches"])
def test_a_vacancy_rate_stands_with_what_it_counts_and_where_that_comes_from(
    city: Screen, scope: str
) -> None:
    city.tab("Leegstand")
    overview = city.page.locator("kk-vacancy-overview")
    chosen = overview.get_by_role("group", name="Wat telt mee").get_by_role("button", name=SCOPES[scope])
    chosen.click()
    expect(chosen).to_have_attribute("aria-pressed", "true")
    asked = city.site.ask("vacancy", municipality=CLUSTERED, scope=scope)
    units, area = asked["units"], asked["floor_area"]

    figures = overview.locator(".figure")
    expect(figures.first).to_contain_text(f"{units['numerator']} van {units['denominator']}")
    assert figure(figures.first.locator("strong").inner_text()) == _percent(units["rate"])
    expect(figures.last).to_contain_text(
        f"{_number(area['numerator_m2'])} m² van {_number(area['denominator_m2'])} m²"
    )
    assert figure(figures.last.locator("strong").inner_text()) == _percent(area["rate"])
    expect(overview).to_contain_text(f"Bron: {asked['source']}")
    classes = overview.get_by_role("listitem")
    total = sum(asked["by_class"].values())
    expect(classes.first).to_contain_text(f"({asked['by_class']['initial']} van {total})")
    for core in asked["by_core"]:
        rate = core["units"]
        expect(classes.filter(has_text=core["name"])).to_contain_text(
            f"({rate['numerator']} van {rate['denominator']})"
        )
    # The chart is of the last ten years.
    last = asked["series"][-1]
    since = f"{int(last['on'][:4]) - 10}{last['on'][4:]}"
    first = next(point for point in asked["series"] if point["on"] >= since and point["numerator"])
    expect(overview.get_by_role("img")).to_have_accessible_name(
        re.compile(f"in {first['on'][:4]} naar .* in {last['on'][:4]}")
    )


def test_a_cluster_explains_itself_and_shows_its_units(city: Screen) -> None:
    (feature,) = city.site.ask("vacancy-clusters", municipality=CLUSTERED)["features"]
    cluster: dict[str, Any] = feature["properties"]
    city.tab("Leegstand")
    overview = city.page.locator("kk-vacancy-overview")
    expect(overview.get_by_text(cluster["sentence_nl"])).to_be_visible()

    overview.get_by_role("button", name="Toon de panden van deze cluster").click()

    assert city.shown() == cluster["units"]
    expect(
        city.page.get_by_role("button", name=f"Filter verwijderen: Cluster {cluster['label']}")
    ).to_be_visible()
    states = city.rows.locator(".line").all_inner_texts()
    assert sum("Leegstaand" in state for state in states) == min(cluster["vacant"], len(states))


def test_where_vacancy_is_not_more_than_chance_the_screen_says_so(screen: Screen) -> None:
    asked = screen.site.ask("vacancy-clusters", municipality=CALM)
    assert asked["features"] == []
    screen.open(f"m={CALM}&tab=vacancy")

    overview = screen.page.locator("kk-vacancy-overview")
    expect(overview.get_by_text(asked["verdict"]["message_nl"])).to_be_visible()
    assert "toeval" in asked["verdict"]["message_nl"]
    expect(screen.page.locator(".kk-cluster-label")).to_have_count(0)


def test_clusters_come_and_go_with_their_layer_and_a_cluster_on_the_map_shows_its_units(
    city: Screen, layers: Locator
) -> None:
    (feature,) = city.site.ask("vacancy-clusters", municipality=CLUSTERED)["features"]
    cluster = feature["properties"]
    sign = city.page.locator(".kk-cluster-label")
    outline = city.page.locator(".leaflet-clusters-pane path")
    legend = city.page.locator("kk-legend")
    expect(sign).to_contain_text(f"{cluster['vacant']} van {cluster['units']}")
    expect(outline).to_have_count(1)
    expect(legend).to_contain_text("Leegstandsclusters")

    layers.get_by_label("Leegstandsclusters").uncheck()
    expect(sign).to_have_count(0)
    expect(outline).to_have_count(0)
    expect(legend).not_to_contain_text("Leegstandsclusters")

    layers.get_by_label("Leegstandsclusters").check()
    sign.click()
    assert city.shown() == cluster["units"]


def test_sensors_and_parking_zones_stand_on_the_map_with_their_figures(city: Screen, layers: Locator) -> None:
    sensors = city.site.ask("sensors", municipality=CLUSTERED)["items"]
    zones = city.site.ask("parking-zones", municipality=CLUSTERED)["features"]
    layers.get_by_label("Passantentellers").check()
    layers.get_by_label("Parkeerzones").check()
    pins = city.page.locator(".kk-sensor")
    signs = city.page.locator(".kk-parking")
    expect(pins).to_have_count(len(sensors))
    expect(signs).to_have_count(len({zone["properties"]["name"] for zone in zones}))
    city.page.locator("kk-layers-panel").get_by_role("button", name="Sluiten").click()

    counted = next(sensor for sensor in sensors if sensor["footfall_per_day"])
    city.page.get_by_role("button", name=re.compile(f"^Teller {re.escape(counted['name'])}")).press("Enter")
    popup = city.page.locator(".leaflet-popup")
    expect(popup).to_contain_text(counted["name"])
    expect(popup).to_contain_text(f"{counted['footfall_per_day']['n_days']:.0f} dagen")

    zone = next(zone["properties"] for zone in zones if zone["properties"]["occupancy"])
    city.page.get_by_role("button", name=re.compile(f"^Parkeren {re.escape(zone['name'])}")).press("Enter")
    expect(popup.last).to_contain_text(zone["name"])
    expect(popup.last).to_contain_text(f"{round(zone['occupancy']['mean_share'] * 100)}%")


def test_the_legend_follows_the_colour_of_the_units(city: Screen, layers: Locator) -> None:
    legend = city.page.locator("kk-legend")
    for name, word in (("Locatiescore", "geen score"), ("Duur van de leegstand", "Langer dan 3 jaar")):
        before = city.map.screenshot()
        layers.get_by_label(name).check()
        expect(legend).to_contain_text(f"Legende · {name}")
        expect(legend).to_contain_text(word)
        assert city.map.screenshot() != before
    assert as_query(city.view)["colour"] == "duration"


def test_borders_of_cores_and_parcels_are_layers_too(city: Screen, layers: Locator) -> None:
    outlines = city.page.locator(".leaflet-areas-pane path")
    expect(outlines.first).to_be_attached()
    layers.get_by_label("Kernen en gemeentegrens").uncheck()
    expect(outlines).to_have_count(0)

    parcels = []
    city.page.on(
        "response", lambda answer: parcels.append(answer.url) if "/tiles/parcel/" in answer.url else None
    )
    layers.get_by_label("Percelen").check()
    for _ in range(3):
        city.page.get_by_role("button", name="Inzoomen").click()
        city.wait_for_map()
    assert parcels
