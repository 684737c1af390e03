from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.screen import Screen, figure
from tests.browser.test_accessibility import _violations, axe
from tests.demo_database import CLUSTERED, EMPTY

__all__ = ["axe"]
NAMES = {"legal-vacancy": "Leegstandsregister", "business-premises": "Inventaris bedrijfsruimten"}


def _open(screen: Screen, more: str = "", *, nis: str = CLUSTERED) -> Locator:
    screen.page.goto(f"{screen.site.address}/#m={nis}&tab=vacancy&section=registers{more}")
    section = screen.page.locator("kk-registers-section")
    expect(section.locator(".card")).to_have_count(3)
    return section


def _told(screen: Screen) -> dict[str, Any]:
    return dict(screen.site.ask("vacancy-notions", municipality=CLUSTERED))


def test_three_counts_stand_side_by_side_each_with_what_it_means(screen: Screen) -> None:
    section = _open(screen)
    told = _told(screen)
    cards = section.locator(".card")

    counts = [figure(text) for text in cards.locator("strong").all_inner_texts()]
    assert counts == [told["market"]["vacant"], told["legal"]["records"], told["business"]["records"]]
    assert all(counts)
    expect(cards.nth(0)).to_contain_text(f"van {told['market']['counted']} panden")
    for card, name in zip((1, 2), NAMES.values(), strict=True):
        assert name in cards.nth(card).inner_text().replace("\u00ad", "")
    tops = cards.evaluate_all("cards => cards.map(card => Math.round(card.getBoundingClientRect().top))")
    assert len(set(tops)) == 1


def test_a_unit_of_a_list_opens_and_says_which_register_it_is_on(screen: Screen) -> None:
    section = _open(screen)
    first = _told(screen)["vacant_registered"]["items"][0]
    section.locator("section").filter(has_text="Leeg én op het leegstandsregister").get_by_role(
        "button", name=first["address"]
    ).first.click()

    line = screen.panel.locator("kk-unit-registers")
    expect(line).to_contain_text("Leegstandsregister, sinds")
    expect(line).to_contain_text(f"dossier {first['dossier_number']}")


@pytest.mark.parametrize("register", NAMES)
def test_a_register_is_drawn_on_the_map_with_its_own_sign_and_named_in_the_legend(
    screen: Screen, register: str
) -> None:
    section = _open(screen, "&layers=cores")
    features = screen.site.ask(f"registers/{register}/records", municipality=CLUSTERED)["features"]
    drawn = [one for one in features if one["geometry"]]
    section.locator(".toggles").get_by_role("button", name=NAMES[register]).click()

    signs = screen.page.locator(".kk-register")
    expect(signs).to_have_count(len(drawn))
    expect(screen.page.locator("kk-legend")).to_contain_text(NAMES[register])
    layer = "legal" if register == "legal-vacancy" else "premises"
    assert layer in screen.view
    names = signs.evaluate_all("signs => signs.map(sign => sign.getAttribute('aria-label'))")
    assert all(name.startswith(f"{NAMES[register]}, dossier ") for name in names)


def test_the_two_registers_differ_in_shape_and_neither_has_the_orange_of_vacancy(screen: Screen) -> None:
    _open(screen, "&layers=legal,premises")
    signs = screen.page.locator(".kk-register svg")
    for shape in ("path", "rect"):
        expect(screen.page.locator(f".kk-register {shape}").first).to_be_attached()
    shapes = signs.evaluate_all("all => [...new Set(all.map(one => one.firstElementChild.tagName))].sort()")
    colours = signs.evaluate_all(
        "all => [...new Set(all.map(one => one.firstElementChild.getAttribute('fill')))]"
    )
    assert shapes == ["path", "rect"]
    assert len(colours) == 2
    assert "#b8400e" not in colours


def test_a_record_that_did_not_match_is_settled_by_hand_and_that_is_undone(screen: Screen) -> None:
    section = _open(screen)
    settle = section.locator("kk-register-settle").first
    items = screen.site.ask("registers/legal-vacancy/unmatched", municipality=CLUSTERED)["items"]
    split = next(item for item in items if item["candidates"])
    record = (
        settle.locator("li").filter(has=screen.page.locator("form")).filter(has_text=split["dossier_number"])
    )
    expect(record).to_contain_text("gesplitst")

    record.get_by_role("button", name=split["candidates"][0]["capakey"]).click()
    expect(settle.get_by_role("status")).to_contain_text(f"Dossier {split['dossier_number']} ligt nu op")
    expect(record).to_have_count(0)
    settle.get_by_role("status").get_by_role("button", name="Ongedaan maken").click()
    expect(settle.get_by_role("status")).to_contain_text("weer te regelen")
    expect(record).to_have_count(1)


def test_a_key_that_no_parcel_has_is_answered_with_the_way_out(screen: Screen) -> None:
    section = _open(screen)
    record = section.locator("kk-register-settle li").filter(has=screen.page.locator("form")).first
    record.get_by_role("textbox").fill("99002A0000/00Z999")
    screen.page.keyboard.press("Enter")

    wrong = record.get_by_role("alert")
    expect(wrong).to_contain_text("Er is vandaag geen perceel 99002A0000/00Z999 in deze gemeente.")
    expect(record.get_by_role("textbox")).to_have_attribute("aria-invalid", "true")


def test_a_municipality_without_registers_says_how_to_bring_them_in(screen: Screen) -> None:
    section = _open(screen, nis=EMPTY)
    expect(section).to_contain_text("Nog geen register ingelezen")
    expect(section).to_contain_text("import legal-vacancy")


@pytest.mark.parametrize("size", ["laptop", "phone"])
def test_the_section_has_no_fault_of_accessibility_and_fits_the_screen(
    visit: Callable[..., Screen], axe: Path, size: str
) -> None:
    screen = visit({"laptop": LAPTOP, "phone": PHONE}[size], touch=size == "phone")
    section = _open(screen, "&layers=legal,premises")
    expect(section.locator("kk-register-settle form").first).to_be_attached()

    assert _violations(screen, axe) == []
    over = section.evaluate("one => one.scrollWidth - one.clientWidth")
    assert over <= 0
