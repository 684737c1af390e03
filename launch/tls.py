"""What a server needs to be open to QGIS over TLS: a certificate with its key, and who may sign in from where."""

import json
import os
import shutil
import ssl
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from launch import stamps
from launch.process import Account
from launch.progress import LaunchError

MEMBERS = "kernkaart_gis"
MANAGERS = ("postgres", "kernkaart")
DATABASE = "kernkaart"
RENEWED_BEFORE = timedelta(days=60)
# The launcher has no library for it; the application has.
MakeCertificate = Callable[[Path, Sequence[str]], None]


def rules(networks: Sequence[str], *, inside: Sequence[str], socket: str = "scram-sha-256") -> str:
    """Return who may sign in from where, as PostgreSQL's ``pg_hba.conf``; the first line that fits counts.

    Parameters
    ----------
    inside
        Networks from which everybody signs in with a password, as on a server that is not open.
    socket
        How the machine's own socket is guarded.
    """
    lines = [f"local all all {socket}"]
    lines += [f"host all all {network} scram-sha-256" for network in inside]
    # By name, and first: from PostgreSQL 16 on, whoever makes a role counts as its member.
    lines.append(f"host all {','.join(MANAGERS)} all reject")
    lines += [f"hostssl {DATABASE} +{MEMBERS} {network} scram-sha-256" for network in networks]
    return "\n".join([*lines, "host all all all reject", ""])


def settings(folder: Path) -> dict[str, str]:
    """Return the server's settings with the certificate, key and rules of a folder."""
    return {
        "ssl": "on",
        "ssl_cert_file": str(folder / "server.crt"),
        "ssl_key_file": str(folder / "server.key"),
        "ssl_min_protocol_version": "TLSv1.2",
        "hba_file": str(folder / "pg_hba.conf"),
    }


def mark(folder: Path) -> str:
    """Return what changes with anything that the server reads from the folder."""
    return stamps.hash_of(
        *((folder / name).read_bytes() for name in ("server.crt", "server.key", "pg_hba.conf"))
    )


def provide_own(
    folder: Path, hosts: Sequence[str], *, account: Account | None, make: MakeCertificate
) -> bool:
    """Make our own certificate where there is none for these names that lasts; return whether it was made."""
    if _lasts(folder, hosts):
        return False
    fresh = folder / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True, mode=0o700)
    make(fresh, hosts)
    # What tells that a pair is whole goes first and comes last: after a cut in between another pair is made.
    (folder / "made.json").unlink(missing_ok=True)
    provide_given(folder, fresh / "server.crt", fresh / "server.key", account=account)
    (fresh / "made.json").replace(folder / "made.json")
    shutil.rmtree(fresh)
    return True


def provide_given(folder: Path, certificate: Path, key: Path, *, account: Account | None) -> None:
    """Put a certificate and its key where the server reads them.

    Raises
    ------
    LaunchError
        If they do not go together.
    """
    refuse_mismatch(certificate, key)
    place(folder / "server.key", key.read_text(encoding="utf-8"), account=account, is_secret=True)
    place(folder / "server.crt", certificate.read_text(encoding="utf-8"), account=account)


def place(file: Path, text: str, *, account: Account | None, is_secret: bool = False) -> None:
    """Write a file that the server reads; a secret one nobody else does."""
    fresh = file.with_name(file.name + ".placed")
    stamps.write(fresh, text, mode=0o600)
    if not is_secret:
        fresh.chmod(0o644)
    if account is not None:
        os.chown(fresh, account.uid, account.gid)
    fresh.replace(file)
    stamps.settle(file.parent)


def ends_on(folder: Path) -> str:
    """Return the day on which our own certificate ends; nothing for the operator's."""
    kept = stamps.read(folder / "made.json")
    return str(json.loads(kept)["ends_at"])[:10] if kept else ""


def refuse_mismatch(certificate: Path, key: Path) -> None:
    """Refuse a certificate and key that a server cannot serve with.

    Raises
    ------
    LaunchError
        If they cannot be read or do not go together.
    """
    try:
        # A key behind a password would stop the server at a start when nobody is there to type it.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password=lambda: b"")
    except (OSError, ValueError) as error:
        raise LaunchError(
            f"{certificate} and {key} are no certificate with its key ({error})",
            "give both as PEM files: the certificate with those between it and its authority, the key without password",
        ) from error


def _lasts(folder: Path, hosts: Sequence[str]) -> bool:
    kept = stamps.read(folder / "made.json")
    if not kept or not (folder / "server.crt").exists() or not (folder / "server.key").exists():
        return False
    made = json.loads(kept)
    ends_at = datetime.fromisoformat(made["ends_at"])
    return made["hosts"] == list(hosts) and ends_at - datetime.now(UTC) > RENEWED_BEFORE
