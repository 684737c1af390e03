import csv
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Download, expect

from tests.browser.screen import Screen, as_query, figure
from tests.demo_database import CLUSTERED


def _download(screen: Screen, kind: str) -> Download:
    screen.page.get_by_role("button", name=re.compile("^Exporteer")).click()
    with screen.page.expect_download() as expected:
        screen.page.get_by_role("link", name=re.compile(f"^{kind}")).click()
    return expected.value


def test_an_officer_finds_the_best_vacant_unit_sees_why_draws_its_catchment_and_takes_the_list_home(
    screen: Screen, tmp_path: Path
) -> None:
    page = screen.page
    screen.open()
    page.get_by_role("link", name=re.compile("Blankenberge")).click()
    screen.wait_for_list()
    expect(page).to_have_title("Blankenberge · Kernkaart")

    screen.choose_state("Leegstaand")
    screen.open_filters().get_by_label("Minimum").fill("100")
    page.get_by_role("button", name=re.compile(r"^Toon \d+ van")).click()
    asked = screen.site.ask(
        "shop-units", municipality=CLUSTERED, state="vacant", min_floor_area_m2=100, sort="-score", limit=500
    )
    assert screen.shown() == asked["total"] > 5
    best = asked["items"][0]
    assert screen.addresses()[0] == best["address"]

    screen.rows.first.click()
    expect(screen.panel.get_by_role("heading", level=2)).to_have_text(best["address"])
    why = screen.section("Waarom deze score")
    expect(why.get_by_role("listitem").first).to_be_visible()
    total = figure(why.locator(".big").inner_text())
    points = [
        figure(text)
        for text in why.locator(".components .top strong").all_inner_texts()
        if text.startswith("+")
    ]
    assert len(points) >= 4
    assert sum(points) == pytest.approx(total, abs=0.5 + 0.05 * len(points))
    assert total == pytest.approx(best["score"]["value"], abs=0.5)

    _draw_catchments(screen, best["id"])
    _take_home(screen, {item["local_code"] for item in asked["items"]}, tmp_path)


def _draw_catchments(screen: Screen, unit: int) -> None:
    reach = screen.section("Bereik")
    walked: list[float] = []
    for name, mode in (("Te voet", "walk"), ("Fiets", "bicycle")):
        reach.get_by_role("button", name=name).click()
        expect(reach.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
        expect(reach.get_by_role("columnheader")).to_have_text(["Binnen", "5 min", "10 min", "15 min"])
        expect(screen.page.locator(".leaflet-catchment-pane path")).to_have_count(3)
        inhabitants = reach.get_by_role("row", name=re.compile("Inwoners")).get_by_role("cell")
        answer = screen.site.ask("catchment", shop_unit=unit, mode=mode, minutes="5,10,15")
        expected = sorted(feature["properties"]["population"] for feature in answer["features"])
        expect(inhabitants.last).to_have_text(re.compile(rf"^{_dutch(expected[-1])}$"))
        shown = [figure(text) for text in inhabitants.all_inner_texts()]
        assert shown == [round(value) for value in expected]
        assert shown == sorted(shown)
        if walked:
            assert all(more > less for more, less in zip(shown, walked, strict=True))
        walked = shown
        assert as_query(screen.view)["catchment"] == mode


def _dutch(value: float) -> str:
    return f"{round(value):,}".replace(",", r"\.")


def _take_home(screen: Screen, expected: set[str], folder: Path) -> None:
    table = _download(screen, "CSV")
    assert re.fullmatch(r"kernkaart-blankenberge-.*\.csv", table.suggested_filename)
    table.save_as(folder / "list.csv")
    with (folder / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file, delimiter=";"))
    assert len(lines) == len(expected)
    assert {line["local_code"] for line in lines} == expected
    assert {line["state"] for line in lines} == {"vacant"}
    assert all(float(line["floor_area_m2"]) >= 100 for line in lines)

    shapes = _download(screen, "GeoJSON")
    shapes.save_as(folder / "list.geojson")
    features = json.loads((folder / "list.geojson").read_text(encoding="utf-8"))["features"]
    assert {feature["properties"]["local_code"] for feature in features} == expected
    assert len(features) == len(expected)
