import re
from pathlib import Path

import pytest

from api.__main__ import app
from api.importers import IMPORTERS
from api.score.criteria import CRITERIA
from api.settings import Settings
from launch.commands import COMMANDS

ROOT = Path(__file__).parents[1]
DOCS = "\n".join(
    path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
)


def test_every_word_of_the_command_line_is_documented():
    ours = {command.name for command in app.registered_commands} | {
        group.name for group in app.registered_groups
    }
    # The launcher's own questions to the application, which nobody types.
    internal = {"is-empty", "check", "migrate", "serve"}
    words = (ours - internal) | set(COMMANDS)
    assert sorted(word for word in words if not re.search(rf"\b{word}\b", DOCS)) == []


@pytest.mark.parametrize("source", IMPORTERS)
def test_every_source_has_its_section(source):
    assert f"\n## {source}\n" in (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name):
    assert f"KERNKAART_{name.upper()}" in DOCS


def test_every_method_has_its_page():
    pages = {path.stem for path in (ROOT / "docs" / "methods").glob("*.md")}
    assert {"population", "catchment", "vacancy", "footfall", "parking", "score"} <= pages


def test_every_criterion_is_explained_with_the_score():
    page = (ROOT / "docs" / "methods" / "score.md").read_text(encoding="utf-8")
    assert [item.code for item in CRITERIA if item.code not in page] == []


@pytest.mark.parametrize(
    "page", ["README.md", *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
)
def test_every_link_inside_the_project_leads_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    assert [link for link in targets if link and not (ROOT / page).parent.joinpath(link).exists()] == []


def test_every_source_file_of_a_method_named_in_the_readme_exists():
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("EUROPEAN UNION PUBLIC LICENCE")
