import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import PHONE
from tests.browser.screen import Screen
from tests.browser.test_accessibility import _violations
from tests.browser.test_accessibility import axe as axe  # noqa: PLC0414 - a fixture is found by its name
from tests.demo_database import CLUSTERED


def dialog_of(screen: Screen) -> Locator:
    found = screen.page.get_by_role("dialog", name="Download een laag of resultaat")
    expect(found.locator(".count")).to_contain_text("rijen")
    return found


def test_what_the_list_is_filtered_by_is_what_the_file_holds(city: Screen, axe: Path) -> None:
    city.choose_state("Leegstaand")
    vacant = city.site.ask("exports/layers/shop-units", municipality=CLUSTERED, state="vacant")["rows"]
    every = city.site.ask("exports/layers/shop-units", municipality=CLUSTERED)["rows"]
    city.page.get_by_role("button", name="Download", exact=True).click()
    dialog = dialog_of(city)
    expect(dialog.locator(".count")).to_contain_text(f"{vacant} rijen")
    assert _violations(city, axe) == []
    dialog.get_by_label("CSV").check()
    with city.page.expect_download() as started:
        dialog.get_by_role("link", name="Download").click()
    archive = zipfile.ZipFile(io.BytesIO(Path(started.value.path()).read_bytes()))
    (table,) = [name for name in archive.namelist() if name.endswith(".csv")]
    assert archive.read(table).decode().count("\n") == vacant + 1
    assert "Leeg" in archive.read("README.txt").decode() or "leeg" in archive.read("README.txt").decode()
    dialog.get_by_label("Alleen wat de lijst toont").uncheck()
    expect(dialog.locator(".count")).to_contain_text(f"{every} rijen")
    # By keyboard, and the focus goes back to what opened it.
    city.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(city.page.get_by_role("button", name="Download", exact=True)).to_be_focused()


@pytest.mark.parametrize("layer", ["Percelen"])
def test_on_a_phone_another_layer_is_taken_from_below_the_list(
    visit: Callable[..., Screen], layer: str, axe: Path
) -> None:
    screen = visit(size=PHONE)
    screen.open(f"m={CLUSTERED}")
    screen.page.locator("kk-export-menu button").first.click()
    screen.page.get_by_role("button", name="Andere lagen en formaten").click()
    dialog = dialog_of(screen)
    dialog.get_by_label("Laag").select_option(label=layer)
    known = screen.site.ask("exports/layers/parcels", municipality=CLUSTERED)["rows"]
    expect(dialog.get_by_label("Alleen wat de lijst toont")).to_have_count(0)
    # Thousands are told apart by a dot in Dutch.
    expect(dialog.locator(".count")).to_contain_text(f"{known:,} rijen".replace(",", "."))
    expect(dialog.get_by_role("link", name="Download")).to_be_visible()
    box, view = dialog.bounding_box(), screen.page.viewport_size
    assert box
    assert view
    assert box["width"] <= view["width"]
    assert box["height"] <= view["height"]
    assert _violations(screen, axe) == []
