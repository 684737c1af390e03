"""certificate: what the database shows to QGIS elsewhere, signed by nobody but itself."""

import ipaddress
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# Colleagues fetch it anew when it ends, and it is believed by nobody else: long enough to be forgotten.
LASTS_DAYS = 3650
COMMON_NAME_LIMIT = 64


def certificate_command(
    hosts: Annotated[list[str], typer.Argument(help="Names and addresses of the server.")],
    folder: Annotated[Path, typer.Option(help="Where server.crt, server.key and made.json go.")],
) -> None:
    """Make a certificate for a server with its key, for the launcher."""
    key = ec.generate_private_key(ec.SECP256R1())
    made_at = datetime.now(UTC)
    ends_at = made_at + timedelta(days=LASTS_DAYS)
    made = _describe(hosts, key.public_key(), made_at, ends_at).sign(key, hashes.SHA256())
    descriptor = os.open(folder / "server.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    (folder / "server.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    told = json.dumps({"hosts": hosts, "ends_at": ends_at.isoformat(timespec="seconds")})
    (folder / "made.json").write_text(told, encoding="utf-8")


def _describe(
    hosts: list[str], key: ec.EllipticCurvePublicKey, made_at: datetime, ends_at: datetime
) -> x509.CertificateBuilder:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0][:COMMON_NAME_LIMIT])])
    # It vouches for itself alone: who holds its key could otherwise vouch for any other server.
    vouches_for_none = x509.BasicConstraints(ca=False, path_length=None)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        # Clocks differ.
        .not_valid_before(made_at - timedelta(days=1))
        .not_valid_after(ends_at)
        .add_extension(vouches_for_none, critical=True)
        .add_extension(x509.SubjectAlternativeName([_name(host) for host in hosts]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    )


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


if __name__ == "__main__":
    # A module of its own for the launcher: the whole application takes seconds to load.
    typer.run(certificate_command)
