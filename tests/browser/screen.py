"""One visitor's screen: the places an eye goes to, and what stands there."""

import re
from typing import Any
from urllib.parse import unquote

from playwright.sync_api import Locator, Page, expect

from tests.browser.site import Site


def figure(text: str) -> float:
    """The first number in a text, as Dutch, French and English write it."""
    found = re.search(r"[-–+]?\d[\d., \u00a0\u202f]*", text)
    assert found, f"no number in {text!r}"
    digits = re.sub(r"[ \u00a0\u202f]", "", found[0]).replace("–", "-").rstrip(".,")
    # A group of three digits behind a sign is thousands; anything else is a fraction.
    return float(re.sub(r"[.,](?=\d{3}(\D|$))", "", digits).replace(",", "."))


class Screen:
    """What is on the screen; a locator waits, so nothing here sleeps."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page = page
        self.site = site
        self.heading = page.locator("h1")
        self.start = page.locator("kk-start")
        self.map = page.locator("kk-map")
        self.list = page.get_by_role("listbox")
        self.rows = page.get_by_role("option").and_(page.locator("kk-unit-list .row"))
        self.count = page.locator("kk-units-tab .count [role=status]")
        self.panel = page.locator("kk-unit-panel")
        self.badge = page.locator("kk-header .badge.warn")
        self.search = page.get_by_role("searchbox")

    def open(self, view: str = "") -> None:
        """Follow a link to a view, and wait until what it leads to is there."""
        self.page.goto(f"{self.site.address}/#{view}")
        if "m=" in view:
            self.wait_for_list()
        else:
            expect(self.start.get_by_role("listitem").first).to_be_visible()

    def wait_for_list(self) -> None:
        answers = (
            "kk-unit-list, kk-empty, kk-weights-panel, kk-vacancy-overview, kk-key-figures, kk-catchment-tab, "
            "kk-footfall-tab"
        )
        expect(self.page.locator(answers).filter(visible=True).first).to_be_visible()

    @property
    def view(self) -> str:
        """The part of the address behind the #."""
        return unquote(self.page.url.partition("#")[2])

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name).click()

    def row(self, address: str) -> Locator:
        return self.rows.filter(has=self.page.get_by_text(address, exact=True))

    def addresses(self) -> list[str]:
        """Addresses of the rows that are drawn, from top to bottom."""
        expect(self.rows.first).to_be_visible()
        drawn = self.rows.evaluate_all(
            "rows => rows.map(row => [row.offsetTop, row.querySelector('.what strong').textContent])"
        )
        return [address for _, address in sorted(drawn)]

    def shown(self) -> int:
        """How many units the list says it shows."""
        expect(self.count.locator("strong")).to_be_visible()
        return int(figure(self.count.locator("strong").inner_text()))

    def choose_state(self, name: str) -> None:
        self.page.get_by_role("button", name=re.compile(rf"^\s*{name}\b")).first.click()

    def open_filters(self) -> Locator:
        self.page.locator("kk-filter-bar").get_by_role("button", name="Filters").click()
        panel = self.page.locator("kk-filter-panel")
        expect(panel).to_be_visible()
        return panel

    def section(self, heading: str) -> Locator:
        return self.panel.get_by_role("region", name=heading, exact=True)

    def points(self, nis: str) -> dict[str, Any]:
        """The units of a municipality as the map was given them."""
        answer: dict[str, Any] = self.site.ask("shop-units/points", municipality=nis)
        return answer

    def place_on_map(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a place lies on the screen, in pixels."""
        place = self.page.evaluate(
            """([lat, lon]) => {
                const { leaflet } = document.querySelector('kk-map');
                const box = leaflet.getContainer().getBoundingClientRect();
                const { x, y } = leaflet.latLngToContainerPoint([lat, lon]);
                return [box.left + x, box.top + y];
            }""",
            [lat, lon],
        )
        return place[0], place[1]

    def wait_for_map(self) -> None:
        """Until the map stands still and every tile of ours has come."""
        self.page.wait_for_function(
            "() => document.querySelectorAll('.leaflet-tile').length > 0"
            " && [...document.querySelectorAll('.leaflet-tile')].every(t => t.classList.contains('leaflet-tile-loaded'))"
        )

    def box(self, locator: Locator) -> dict[str, float]:
        expect(locator).to_be_visible()
        found = locator.bounding_box()
        assert found
        return dict(found)

    def focused(self) -> str:
        """What has the keyboard: tag, id, role and words of the element, through every shadow."""
        return str(
            self.page.evaluate(
                """() => {
                    let e = document.activeElement;
                    while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
                    return [e?.tagName, e?.id, e?.getAttribute('role'), e?.getAttribute('aria-label'),
                        e?.textContent?.trim().slice(0, 60)].filter(Boolean).join(' ');
                }"""
            )
        )

    def visible_text(self) -> str:
        """Every word on the screen."""
        return str(
            self.page.evaluate(
                """() => {
                    const words = [];
                    const walk = (node) => {
                        if (node.nodeType === 3) { if (node.textContent.trim()) words.push(node.textContent.trim()); return; }
                        if (node.nodeType !== 1 && node.nodeType !== 11) return;
                        if (node.nodeType === 1) {
                            if (['STYLE', 'SCRIPT'].includes(node.tagName)) return;
                            if (node.checkVisibility && !node.checkVisibility() && getComputedStyle(node).display !== 'contents') return;
                        }
                        for (const child of (node.shadowRoot ?? node).childNodes) walk(child);
                    };
                    walk(document.body);
                    return words.join('\\n');
                }"""
            )
        )

    def labels(self) -> list[str]:
        """Every name that only a screen reader hears."""
        found = self.page.evaluate(
            """() => {
                const labels = [];
                const walk = (node) => {
                    for (const name of ['aria-label', 'title', 'placeholder']) {
                        if (node.getAttribute?.(name)) labels.push(node.getAttribute(name));
                    }
                    for (const child of (node.shadowRoot ?? node).children ?? []) walk(child);
                };
                walk(document.body);
                return labels;
            }"""
        )
        return [str(label) for label in found]


def as_query(view: str) -> dict[str, str]:
    """The parts of a view's address."""
    return dict(part.split("=", 1) for part in view.split("&") if part)
