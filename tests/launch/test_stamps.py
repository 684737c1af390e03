import stat
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from launch import stamps


def _write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_another_content_another_name_and_another_file_each_give_another_hash(tmp_path: Path) -> None:
    _write(tmp_path, "src/a.ts", "one")
    seen = [stamps.hash_of_files(tmp_path)]
    _write(tmp_path, "src/a.ts", "two")
    seen.append(stamps.hash_of_files(tmp_path))
    (tmp_path / "src/a.ts").rename(tmp_path / "src/b.ts")
    seen.append(stamps.hash_of_files(tmp_path))
    _write(tmp_path, "src/c.ts", "")
    seen.append(stamps.hash_of_files(tmp_path))
    assert len(set(seen)) == 4


def test_what_is_made_from_the_sources_does_not_change_their_hash(tmp_path: Path) -> None:
    _write(tmp_path, "src/a.ts", "one")
    before = stamps.hash_of_files(tmp_path)
    for made in ("node_modules/x/index.js", "dist/index.html", ".vite/deps.json", "src/__pycache__/a.pyc"):
        _write(tmp_path, made, "made")
    assert stamps.hash_of_files(tmp_path) == before


def test_only_the_wanted_kinds_of_file_count(tmp_path: Path) -> None:
    _write(tmp_path, "a.py", "one")
    before = stamps.hash_of_files(tmp_path, suffixes=[".py"])
    _write(tmp_path, "notes.txt", "two")
    assert stamps.hash_of_files(tmp_path, suffixes=[".py"]) == before


@given(st.tuples(st.text(), st.text()), st.text(min_size=1))
def test_moving_a_piece_from_one_text_to_the_next_changes_the_hash(
    texts: tuple[str, str], piece: str
) -> None:
    first, second = texts
    assert stamps.hash_of(first + piece, second) != stamps.hash_of(first, piece + second)


def test_a_stamp_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert stamps.read(tmp_path / "none") == ""


def test_a_stamp_is_written_whole_and_for_its_owner_alone_where_that_is_asked(tmp_path: Path) -> None:
    stamp = tmp_path / "state" / "secret"
    stamp.parent.mkdir()
    (stamp.parent / "secret.new").write_text("what a power cut left")
    stamps.write(stamp, "word", mode=0o600)
    assert stamps.read(stamp) == "word"
    assert stat.S_IMODE(stamp.stat().st_mode) == 0o600
    assert [path.name for path in stamp.parent.iterdir()] == ["secret"]
