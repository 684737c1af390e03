import contextlib
import io
import re
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "notebook.md"
BLOCK = re.compile(r"^```(python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip("\n").splitlines()]


def test_the_page_for_notebooks_runs_from_top_to_bottom_and_prints_what_it_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert sum(kind == "python" for kind, _ in blocks) >= 10
    known: dict[str, object] = {}
    printed = ""
    for number, (kind, content) in enumerate(blocks):
        if kind == "text":
            assert lines(printed) == lines(content), f"block {number}"
            continue
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(content, f"{PAGE.name}, block {number}", "exec"), known)
        printed = out.getvalue()
        is_told = number + 1 < len(blocks) and blocks[number + 1][0] == "text"
        assert is_told or printed == "", f"block {number} prints what the page does not show"


def test_the_page_uses_everything_that_gis_gives():
    import gis

    text = PAGE.read_text(encoding="utf-8")
    shown = {name for name in gis.__all__ if re.search(rf"\b{name}\b", text)}
    # Types of arguments, the check of frames, and errors that are all GisErrors.
    left = {"Direction", "Mode", "Reach", "Positions", "STREET_CLASSES", "require"}
    left |= {"EmptyNetwork", "FrameError", "LimitOutOfRange", "NetworkError", "UnknownSegment"}
    assert set(gis.__all__) - shown <= left
