import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.screen import Screen
from tests.browser.test_accessibility import _violations
from tests.browser.test_accessibility import axe as axe  # noqa: PLC0414 - a fixture is found by its name
from tests.browser.test_cases import officer as officer  # noqa: PLC0414
from tests.browser.test_cases import own_site as own_site  # noqa: PLC0414
from tests.demo_database import CLUSTERED, EMPTY


def test_a_branch_that_is_missing_is_wished_with_a_reason_and_taken_back(officer: Screen, axe: Path) -> None:
    page = officer.page
    page.goto(f"{officer.site.address}/#m={CLUSTERED}&tab=cases&section=branches")
    panel = page.locator("kk-branches")
    expect(panel.get_by_role("heading", name=re.compile("Vergeleken met . gelijkende"))).to_be_visible()
    panel.get_by_text("Waarom ze gelijken").click()
    expect(panel.locator("kk-peer-list li").first).to_contain_text("inwoners")
    panel.get_by_role("button", name=re.compile("^Alle")).click()
    rows = officer.site.ask("branches/gaps", municipality=CLUSTERED)["rows"]
    name = next(row["label_nl"] for row in rows if row["wish"] is None and not row["is_hidden"])
    row = panel.locator("kk-gap-row").filter(
        has=page.locator("strong", has_text=re.compile(f"^{re.escape(name)}$"))
    )
    row.get_by_text("Waarop dit steunt").click()
    expect(row).to_contain_text("per 1.000")
    row.get_by_role("button", name=f"Gewenst: {name}", exact=True).click()
    row.get_by_label("Waarom").fill("Gevraagd op de markt")
    row.get_by_role("button", name="Bevestigen: Gewenst").click()
    wishes = panel.locator("kk-wish-list")
    expect(wishes).to_contain_text("Gevraagd op de markt")
    expect(panel.get_by_role("status")).to_contain_text(f"{name}: Gewenst")
    for size in (None, PHONE):
        if size:
            page.set_viewport_size(size)
        assert _violations(officer, axe) == []
    panel.get_by_role("status").get_by_role("button", name="Ongedaan maken").click()
    expect(wishes.locator(".rows").first).not_to_contain_text("Gevraagd op de markt")
    wishes.get_by_text("Alles wat gezegd werd").click()
    expect(wishes).to_contain_text("Teruggenomen door An")


def test_a_vacant_unit_tells_whom_a_new_shop_would_share_and_an_empty_town_what_to_do(
    officer: Screen,
) -> None:
    unit = officer.site.ask("shop-units", municipality=CLUSTERED, state="vacant", limit=5)["items"][0]
    officer.open(f"m={CLUSTERED}&unit={unit['id']}")
    sharing = officer.panel.locator("kk-sharing")
    sharing.get_by_text("Wie zou een nieuwe zaak hier delen?").click()
    sharing.get_by_label("Branche van de nieuwe zaak").select_option(label="Restaurant")
    expect(sharing.locator("tbody tr").first).to_be_visible()
    expect(sharing).to_contain_text("Binnen 10 minuten")
    expect(officer.page.locator(".kk-sharing-sign").first).to_be_attached()
    officer.page.goto(f"{officer.site.address}/#m={EMPTY}&tab=cases&section=branches")
    expect(officer.page.locator("kk-branches")).to_contain_text("Het aantal inwoners is niet bekend")
