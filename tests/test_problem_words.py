import ast
import re
from collections.abc import Iterator

import pytest

from api.db.store.observation import CODES, OTHER_CODE
from api.settings import ROOT

LANGUAGES = ("nl", "fr", "en")
ERRORS = {
    "NotFound",
    "NotYours",
    "NotSignedIn",
    "NotAnswerable",
    "ChangedMeanwhile",
    "Malformed",
    "TooBusy",
    "TooLarge",
    "problem",
}
# Makes the refusal of a request that names no version, one for each thing that has them.
ERRORS |= {"version_of", "stale"}
# Errors of the database layer, which come out of a service under the same code: class to place of the code.
INNER = {"UndoRefused": 1, "StatementRefused": 2}


def _raised() -> Iterator[tuple[str, set[str]]]:
    """Codes that the code names, each with the names of its values."""
    yield from ((code, set()) for code in (*CODES.values(), OTHER_CODE))
    for path in sorted((ROOT / "api").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            given = {word.arg: word.value for word in node.keywords}
            code = given.pop("code", None) if node.func.id in ERRORS else None
            if node.func.id in INNER and len(node.args) > INNER[node.func.id]:
                code = node.args[INNER[node.func.id]]
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                yield code.value, {name for name in given if name is not None}


def _texts(language: str) -> dict[str, str]:
    text = (ROOT / "frontend" / "src" / "text" / f"{language}.ts").read_text(encoding="utf-8")
    return dict(re.findall(r"^  \"(problem(?:_way)?\.\w+)\":\s+[\"'`](.+)[\"'`],$", text, re.M))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_with_a_code_has_words_that_name_only_what_it_gives(language):
    texts = _texts(language)
    found = dict(_raised())
    assert len(found) > 30
    for code, values in found.items():
        for key in (f"problem.{code}", f"problem_way.{code}"):
            assert key in texts, (language, key)
            assert set(re.findall(r"\{(\w+)\}", texts[key])) <= values, (language, key)


def test_no_words_are_left_of_a_refusal_that_nobody_raises():
    codes = {code for code, _ in _raised()}
    assert {key.partition(".")[2] for key in _texts("nl")} == codes
