from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from api.settings import ROOT
from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.screen import Screen
from tests.demo_database import CLUSTERED, EMPTY, UNREFRESHED

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
SMALLEST = {"width": 320, "height": 640}
SIZES = {"laptop": LAPTOP, "phone": PHONE}


@pytest.fixture(scope="session")
def axe() -> Path:
    if not AXE.exists():
        pytest.skip("no axe-core; install it with: npm ci, in frontend")
    return AXE


def _violations(screen: Screen, axe: Path) -> list[str]:
    """What axe holds against the screen as it stands."""
    if not screen.page.evaluate("() => 'axe' in window"):
        screen.page.evaluate(axe.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = screen.page.evaluate(
        "rules => axe.run(document, { runOnly: rules, resultTypes: ['violations'] }).then(r => r.violations)",
        RULES,
    )
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]
    ]


def _open_unit(screen: Screen) -> None:
    screen.open(f"m={CLUSTERED}&state=vacant")
    screen.rows.first.click()
    screen.section("Bereik").get_by_role("button", name="Te voet").click()
    expect(screen.section("Bereik").get_by_role("table")).to_be_visible()
    expect(screen.section("Passanten").get_by_role("img").first).to_be_attached()
    screen.section("Passanten").get_by_text("Toon als tabel").click()


def _open_filters(screen: Screen) -> None:
    screen.open(f"m={CLUSTERED}&min_m2=60&state=vacant&q=straat")
    screen.open_filters()


def _open_layers(screen: Screen) -> None:
    screen.open(f"m={CLUSTERED}&layers=clusters,cores,sensors,parking")
    screen.page.get_by_role("button", name="Lagen").click()
    expect(screen.page.locator("kk-layers-panel")).to_be_visible()


def _open_sources(screen: Screen) -> None:
    screen.open(f"m={CLUSTERED}")
    screen.page.get_by_role("button", name="Bronnen").filter(visible=True).first.click()
    expect(screen.page.get_by_role("dialog").get_by_role("row").nth(1)).to_be_visible()


def _find_nothing(screen: Screen) -> None:
    screen.open(f"m={CLUSTERED}&q=zzzz")


def _units(screen: Screen, count: int) -> str:
    listed = screen.site.ask("shop-units", municipality=CLUSTERED, limit=count)["items"]
    return "at=" + ";".join(f"unit:{unit['id']}" for unit in listed)


def _open_catchment(screen: Screen) -> None:
    screen.open(f"m={CLUSTERED}&tab=catchment&{_units(screen, 1)}&rings=1")
    tab = screen.page.locator("kk-catchment-tab")
    expect(tab.locator("kk-holdings svg").first).to_be_visible()
    for fold in ("Meer instellingen", "Wat als een straat dichtgaat?", "Toon als tabel"):
        tab.get_by_text(fold).click()
    tab.get_by_text("Bronnen, datum en zekerheid").click()
    tab.get_by_role("button", name="Bewaren").click()


def _open_comparison(screen: Screen) -> None:
    screen.open(f"m={CLUSTERED}&tab=catchment&{_units(screen, 4)}")
    expect(screen.page.locator("kk-catchment-tab .results")).to_have_attribute("aria-busy", "false")
    expect(screen.page.locator("kk-comparison td").first).to_be_visible()


def _open_scenario(screen: Screen) -> None:
    unit = screen.site.ask("shop-units", municipality=CLUSTERED, limit=1)["items"][0]
    street = screen.site.ask("street-segments/near", lon=unit["lon"], lat=unit["lat"], mode="walk")["id"]
    screen.open(f"m={CLUSTERED}&tab=catchment&at=unit:{unit['id']}&closed={street}")
    expect(screen.page.locator("kk-scenario-difference .sentence")).to_be_visible()
    screen.page.get_by_text("Alle verschillen per stap").click()
    screen.page.get_by_role("button", name="Grens tekenen").click()
    expect(screen.page.locator("kk-pick-banner")).to_be_visible()


def _search_place(screen: Screen) -> None:
    screen.open(f"m={CLUSTERED}&tab=catchment")
    screen.page.get_by_role("combobox", name="Zoek een plaats").fill("markt")
    expect(screen.page.locator("kk-place-search").get_by_role("option").first).to_be_visible()


SCREENS: dict[str, Callable[[Screen], None]] = {
    "start": lambda screen: screen.open(),
    "city": lambda screen: screen.open(f"m={CLUSTERED}"),
    "unit": _open_unit,
    "filters": _open_filters,
    "weights": lambda screen: screen.open(f"m={CLUSTERED}&tab=weights&weights=footfall:0.9,parking:0.1"),
    "vacancy": lambda screen: screen.open(f"m={CLUSTERED}&tab=vacancy"),
    "catchment begins": _search_place,
    "catchment": _open_catchment,
    "comparison": _open_comparison,
    "scenario": _open_scenario,
    "layers": _open_layers,
    "sources": _open_sources,
    "nothing found": _find_nothing,
    "not refreshed": lambda screen: screen.open(f"m={UNREFRESHED}"),
    "empty": lambda screen: screen.open(f"m={EMPTY}"),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_meets_wcag_at_level_aa(
    visit: Callable[..., Screen], axe: Path, name: str, size: str
) -> None:
    screen = visit(SIZES[size])
    SCREENS[name](screen)
    assert _violations(screen, axe) == []


def test_axe_finds_what_is_wrong(screen: Screen, axe: Path) -> None:
    screen.open()
    screen.page.evaluate("() => document.body.append(document.createElement('button'))")
    assert any(line.startswith("button-name") for line in _violations(screen, axe))


CUT = """width => {
    const cut = [];
    const walk = (node) => {
        if (node.nodeType === 1) {
            const style = getComputedStyle(node);
            if (style.display === 'none' || style.visibility === 'hidden') return;
            // A map, and a table or a row of chips that scrolls by itself, may be wider than the screen.
            if (node.matches('.kk-map, .stage, .visually-hidden') || ['auto', 'scroll'].includes(style.overflowX)
                && node.scrollWidth > node.clientWidth) return;
            const box = node.getBoundingClientRect();
            if (box.width && style.display !== 'contents' && (box.right > width + 1 || box.left < -1)) {
                cut.push(`${node.tagName}.${node.className} ${Math.round(box.left)}-${Math.round(box.right)}`);
            }
        }
        for (const child of (node.shadowRoot ?? node).children ?? []) walk(child);
    };
    walk(document.body);
    return cut;
}"""


@pytest.mark.parametrize("name", [name for name in SCREENS if name != "sources"])
def test_at_320_pixels_nothing_is_cut_and_nothing_scrolls_sideways(
    visit: Callable[..., Screen], axe: Path, name: str
) -> None:
    screen = visit(SMALLEST)
    SCREENS[name](screen)

    assert screen.page.evaluate("() => document.scrollingElement.scrollWidth") <= SMALLEST["width"]
    assert screen.page.evaluate(CUT, SMALLEST["width"]) == []
    assert _violations(screen, axe) == []
