import base64
import hashlib
import zipfile
from pathlib import Path

import pytest

from launch import python_env
from launch.places import Places
from launch.progress import LaunchError, Step

HASH_OF_NOTHING = "0" * 64


def _wheel(folder: Path, version: str) -> str:
    """Make a package with one module, and return the hash of its file."""
    folder.mkdir(exist_ok=True)
    info = f"shopfront-{version}.dist-info"
    files = {
        "shopfront.py": f"version = '{version}'\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: shopfront\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    path = folder / f"shopfront-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        record = ""
        for name, text in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            record += f"{name},sha256={digest},{len(text)}\n"
            archive.writestr(name, text)
        archive.writestr(f"{info}/RECORD", f"{record}{info}/RECORD,,\n")
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def checkout(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    """A checkout whose lock files name one small package; nothing comes from the network."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder / "wheels"))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")  # without uv
    places = Places(root=folder, home=folder / ".kernkaart")
    _lock(places, "1.0", _wheel(folder / "wheels", "1.0"))
    (folder / python_env.WITH_TESTS).write_text("# another file\n")
    return places


def _lock(places: Places, version: str, digest: str) -> None:
    (places.root / python_env.RUNTIME).write_text(f"shopfront=={version} \\\n    --hash=sha256:{digest}\n")


def _provide(places: Places, step: Step) -> bool:
    """Return whether it was there already."""
    step.done("")
    python_env.provide(places, lock=python_env.RUNTIME, step=step)
    return step.is_already_done


def _installed(places: Places) -> list[str]:
    return sorted(path.name for path in places.venv.rglob("shopfront-*.dist-info"))


def test_an_environment_is_made_once_follows_its_lock_and_is_made_anew_when_it_is_not_whole(
    checkout: Places, step: Step
) -> None:
    assert not _provide(checkout, step)
    assert _installed(checkout) == ["shopfront-1.0.dist-info"]
    assert _provide(checkout, step)

    _lock(checkout, "2.0", _wheel(checkout.root / "wheels", "2.0"))
    untouched = checkout.venv / "untouched"
    untouched.touch()
    assert not _provide(checkout, step)
    assert _installed(checkout) == ["shopfront-2.0.dist-info"]
    assert untouched.exists()

    # The lock of the tests holds that of the application, so an environment made from it serves both.
    (checkout.root / python_env.WITH_TESTS).write_bytes((checkout.root / python_env.RUNTIME).read_bytes())
    _lock(checkout, "1.0", HASH_OF_NOTHING)
    assert _provide(checkout, step)

    (checkout.root / python_env.WITH_TESTS).write_text("# another file\n")
    with pytest.raises(LaunchError, match="HASHES"):
        _provide(checkout, step)
    assert _installed(checkout) == ["shopfront-2.0.dist-info"]

    _lock(checkout, "1.0", _wheel(checkout.root / "wheels", "1.0"))
    assert not _provide(checkout, step)
    assert _installed(checkout) == ["shopfront-1.0.dist-info"]
    assert not untouched.exists()
