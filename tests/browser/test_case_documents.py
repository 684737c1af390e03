from pathlib import Path

from playwright.sync_api import expect

from api.commands.demo_papers import paper
from tests.browser.screen import Screen
from tests.browser.test_accessibility import _violations
from tests.browser.test_accessibility import axe as axe  # noqa: PLC0414 - a fixture is found by its name
from tests.browser.test_cases import board
from tests.browser.test_cases import officer as officer  # noqa: PLC0414
from tests.browser.test_cases import own_site as own_site  # noqa: PLC0414
from tests.demo_database import CLUSTERED


def test_a_document_is_added_saved_renamed_removed_and_put_back(
    officer: Screen, axe: Path, tmp_path: Path
) -> None:
    sent = tmp_path / "Voorstel eigenaar.pdf"
    sent.write_bytes(paper(("Fictief voorstel",)))
    wrong = tmp_path / "programma.pdf"
    wrong.write_bytes(b"MZ no document")
    case = officer.site.ask("cases", municipality=CLUSTERED)["items"][0]
    panel = board(officer, view=f"section=table&case={case['id']}")
    documents = panel.locator("kk-case-documents")
    documents.get_by_role("button", name="Document toevoegen").click()
    documents.locator("[name=file]").set_input_files(wrong)
    documents.get_by_role("button", name="Toevoegen", exact=True).click()
    expect(panel.locator("kk-error")).to_contain_text("Dit soort bestand wordt niet bij een dossier bewaard.")
    documents.locator("[name=file]").set_input_files(sent)
    documents.get_by_label("Waarover het gaat").fill("Eerste versie")
    assert _violations(officer, axe) == []
    documents.get_by_role("button", name="Toevoegen", exact=True).click()
    link = documents.get_by_role("link", name="Voorstel eigenaar.pdf")
    with officer.page.expect_download() as saved:
        link.click()
    assert saved.value.suggested_filename == "Voorstel eigenaar.pdf"
    assert Path(saved.value.path()).read_bytes() == sent.read_bytes()
    documents.get_by_role("button", name="Naam of omschrijving wijzigen: Voorstel eigenaar.pdf").click()
    documents.locator("[name=name]").fill("Voorstel mei")
    documents.get_by_role("button", name="Bewaren").click()
    expect(documents.get_by_role("link", name="Voorstel mei.pdf")).to_be_visible()
    documents.get_by_role("button", name="Verwijderen: Voorstel mei.pdf").click()
    expect(documents.get_by_role("link", name="Voorstel mei.pdf")).to_have_count(0)
    panel.get_by_role("button", name="Ongedaan maken").click()
    expect(documents.get_by_role("link", name="Voorstel mei.pdf")).to_be_visible()


def test_a_removed_case_is_put_back_and_how_long_contacts_are_kept_is_changed_and_taken_back(
    officer: Screen, axe: Path
) -> None:
    case = officer.site.ask("cases", municipality=CLUSTERED)["items"][1]
    panel = board(officer, view=f"section=table&case={case['id']}")
    panel.locator("kk-case").get_by_role("button", name="Verwijderen", exact=True).click()
    removed = panel.locator("kk-removed-cases")
    removed.locator("summary").click()
    row = removed.get_by_role("button", name=f"Terugzetten: {case['title']}")
    file = officer.page.locator("kk-case-table").filter(visible=True).get_by_role("link", name="CSV van deze")
    with officer.page.expect_download() as saved:
        file.click()
    assert case["title"] not in Path(saved.value.path()).read_text(encoding="utf-8-sig")
    retention = panel.locator("kk-retention")
    retention.locator("summary").click()
    retention.get_by_role("button", name="Termijnen wijzigen").click()
    retention.get_by_label("Eigenaar of makelaar").fill("6")
    retention.get_by_label("Waarom").fill("Brief van juni")
    assert _violations(officer, axe) == []
    retention.get_by_role("button", name="Bewaren").click()
    expect(retention.get_by_text("6 maanden", exact=True)).to_be_visible()
    expect(retention.get_by_text("Brief van juni")).to_be_visible()
    retention.get_by_role("button", name="Ongedaan maken").click()
    expect(retention.get_by_text("6 maanden", exact=True)).to_have_count(0)
    row.click()
    expect(panel.locator("kk-case h2")).to_have_text(case["title"])
