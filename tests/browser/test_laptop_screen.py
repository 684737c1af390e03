from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LAPTOP
from tests.browser.screen import Screen

Box = dict[str, float]


def _overlap_px2(a: Box, b: Box) -> float:
    width = min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"])
    height = min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"])
    return max(0.0, width) * max(0.0, height)


def _is_inside(inner: Box, outer: Box) -> bool:
    return (
        inner["x"] >= outer["x"] - 1
        and inner["y"] >= outer["y"] - 1
        and inner["x"] + inner["width"] <= outer["x"] + outer["width"] + 1
        and inner["y"] + inner["height"] <= outer["y"] + outer["height"] + 1
    )


@pytest.fixture
def open_unit(city: Screen) -> Screen:
    city.rows.first.click()
    expect(city.panel.locator("kk-facts")).to_be_attached()
    return city


def test_list_map_and_panel_stand_side_by_side(open_unit: Screen) -> None:
    window: Box = {"x": 0, "y": 0, **LAPTOP}
    boxes: dict[str, Any] = {
        "header": open_unit.box(open_unit.page.locator("header.top")),
        "list": open_unit.box(open_unit.page.locator("kk-side")),
        "map": open_unit.box(open_unit.map),
        "panel": open_unit.box(open_unit.panel),
    }

    names = list(boxes)
    overlaps = [
        (one, other)
        for i, one in enumerate(names)
        for other in names[i + 1 :]
        if _overlap_px2(boxes[one], boxes[other]) > 2
    ]
    assert overlaps == []
    assert [name for name in names if not _is_inside(boxes[name], window)] == []
    assert boxes["map"]["width"] > 500
    assert boxes["list"]["height"] > 600
    assert len(open_unit.addresses()) >= 7
    assert open_unit.page.evaluate("() => document.scrollingElement.scrollWidth") <= LAPTOP["width"]
    assert open_unit.page.evaluate("() => document.scrollingElement.scrollHeight") <= LAPTOP["height"]


def test_what_lies_on_the_map_does_not_lie_on_each_other(open_unit: Screen) -> None:
    page = open_unit.page
    page.get_by_role("button", name="Lagen").click()
    pieces = {
        "controls": open_unit.box(page.locator("kk-map-controls")),
        "layers": open_unit.box(page.locator("kk-layers-panel")),
        "legend": open_unit.box(page.locator("kk-legend")),
        "attribution": open_unit.box(page.locator(".attribution")),
    }
    stage = open_unit.box(page.locator(".stage"))

    names = list(pieces)
    overlaps = [
        (one, other)
        for i, one in enumerate(names)
        for other in names[i + 1 :]
        if _overlap_px2(pieces[one], pieces[other]) > 2
    ]
    assert overlaps == []
    assert [name for name in names if not _is_inside(pieces[name], stage)] == []


def test_the_whole_core_is_in_view_at_the_beginning_and_again_after_one_press(city: Screen) -> None:
    points = city.points("31004")
    stage = city.box(city.map)

    def share_in_view() -> float:
        places = [city.place_on_map(lat, lon) for lat, lon in zip(points["lat"], points["lon"], strict=True)]
        seen = [
            stage["x"] <= x <= stage["x"] + stage["width"] and stage["y"] <= y <= stage["y"] + stage["height"]
            for x, y in places
        ]
        return sum(seen) / len(seen)

    begun = share_in_view()
    assert begun > 0.5
    for _ in range(3):
        city.page.get_by_role("button", name="Inzoomen").click()
    city.wait_for_map()
    assert share_in_view() < begun
    city.page.get_by_role("button", name="Toon de hele kern").click()
    city.wait_for_map()
    assert share_in_view() == pytest.approx(begun, abs=0.02)


@pytest.mark.parametrize("width", [900, 1024, 1199, 1200, 1920])
def test_between_a_tablet_and_a_large_screen_nothing_is_lost(open_unit: Screen, width: int) -> None:
    open_unit.page.set_viewport_size({"width": width, "height": 800})

    expect(open_unit.panel).to_be_visible()
    panel = open_unit.box(open_unit.panel)
    stage = open_unit.box(open_unit.map)
    assert stage["width"] >= 400
    assert _overlap_px2(panel, stage) <= 2
    assert open_unit.page.evaluate("() => document.scrollingElement.scrollWidth") <= width
