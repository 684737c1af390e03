"""supplier: who may push counts, and of which sensors."""

from typing import Annotated

import typer
from rich.table import Table
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.commands.console import console, stop
from api.db.session import get_engine
from api.footfall.push import new_token

supplier = typer.Typer(no_args_is_help=True, help="Suppliers that may push the counts of their own sensors.")
Name = Annotated[str, typer.Argument(help="Name of the supplier, as its sensors carry it.")]
Nis = Annotated[str, typer.Option("--municipality", help="NIS code of the municipality.")]
Sensors = Annotated[
    list[str] | None, typer.Option("--sensor", help="Code of a sensor that is this supplier's. Repeat.")
]


@supplier.command("add")
def add_supplier(name: Name, municipality: Nis, sensor: Sensors = None) -> None:
    """Make a token for a supplier; for one that has a token already, a new one instead."""
    token, kept = new_token()
    with Session(get_engine()) as session, session.begin():
        _known_municipality(session, municipality)
        session.execute(
            text(
                "INSERT INTO push_supplier (nis_code, name, token_sha256) VALUES (:nis, :name, :kept) "
                "ON CONFLICT (nis_code, name) DO UPDATE SET token_sha256 = excluded.token_sha256, "
                "created_at = now(), revoked_at = NULL"
            ),
            {"nis": municipality, "name": name, "kept": kept},
        )
        _give(session, name, municipality, sensor or [])
        number = _number_of_sensors(session, name, municipality)
    console.print(f"Token of {name} for {municipality}, shown this once: ", end="")
    console.print(token, markup=False, highlight=False, soft_wrap=True)
    _tell_scope(name, number)


@supplier.command("sensors")
def give_sensors(name: Name, municipality: Nis, sensor: Sensors = None) -> None:
    """Say which sensors are a supplier's."""
    with Session(get_engine()) as session, session.begin():
        _known_municipality(session, municipality)
        _give(session, name, municipality, sensor or [])
        number = _number_of_sensors(session, name, municipality)
    _tell_scope(name, number)


@supplier.command("revoke")
def revoke_supplier(name: Name, municipality: Nis) -> None:
    """Make the token of a supplier worthless from now on; what it pushed stays."""
    query = text(
        "UPDATE push_supplier SET revoked_at = now() WHERE nis_code = :nis AND name = :name AND revoked_at IS NULL "
        "RETURNING id"
    )
    with Session(get_engine()) as session, session.begin():
        gone = session.execute(query, {"nis": municipality, "name": name}).first()
    if gone is None:
        stop(
            f"No supplier {name} with a good token in {municipality}.",
            "kernkaart supplier list shows those that have one.",
        )
    console.print(f"The token of {name} is revoked. A new one: kernkaart supplier add", markup=False)


@supplier.command("list")
def list_suppliers() -> None:
    """List the suppliers, their sensors and when they last pushed."""
    query = text(
        "SELECT p.nis_code, p.name, (SELECT count(*) FROM footfall_sensor s WHERE s.nis_code = p.nis_code "
        "AND s.supplier = p.name) AS sensors, p.created_at, p.revoked_at, p.last_push_at FROM push_supplier p "
        "ORDER BY p.nis_code, p.name"
    )
    with Session(get_engine()) as session:
        found = session.execute(query).all()
    if not found:
        console.print("No supplier may push counts. Add one: kernkaart supplier add NAME --municipality NIS")
        return
    table = Table("municipality", "supplier", "sensors", "token of", "last push", "state")
    for row in found:
        last = f"{row.last_push_at:%Y-%m-%d %H:%M}" if row.last_push_at else "never"
        state = f"revoked {row.revoked_at:%Y-%m-%d}" if row.revoked_at else "good"
        table.add_row(row.nis_code, row.name, str(row.sensors), f"{row.created_at:%Y-%m-%d}", last, state)
    console.print(table)


def _known_municipality(session: Session, nis_code: str) -> None:
    query = text("SELECT 1 FROM municipality WHERE nis_code = :nis")
    if session.execute(query, {"nis": nis_code}).scalar() is None:
        stop(
            f"Municipality {nis_code} is not known here.", "kernkaart municipality list shows those that are."
        )


def _give(session: Session, name: str, nis_code: str, codes: list[str]) -> None:
    query = text(
        "UPDATE footfall_sensor SET supplier = :name WHERE nis_code = :nis AND code = :code RETURNING id"
    )
    for code in codes:
        if session.execute(query, {"name": name, "nis": nis_code, "code": code}).first() is None:
            stop(
                f"Municipality {nis_code} has no sensor {code}. Nothing was changed.",
                "Import the sensors first (kernkaart import sensors FILE), or correct the code.",
            )


def _number_of_sensors(session: Session, name: str, nis_code: str) -> int:
    query = text("SELECT count(*) FROM footfall_sensor WHERE nis_code = :nis AND supplier = :name")
    return int(session.execute(query, {"nis": nis_code, "name": name}).scalar_one())


def _tell_scope(name: str, number: int) -> None:
    if number:
        console.print(
            f"It may push the counts of {number} sensors that name {name} as their supplier.", markup=False
        )
    else:
        console.print(
            f"No sensor names {name} as its supplier yet, so it may push nothing. Say which are: "
            f'kernkaart supplier sensors "{name}" --municipality NIS --sensor CODE',
            markup=False,
        )
