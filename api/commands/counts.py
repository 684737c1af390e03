"""counts: how long single readings are kept, and their sums made anew."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.commands.console import console, progress, stop
from api.db.codes import LEAST_RAW_MONTHS
from api.db.session import get_engine
from api.footfall import retention

counts = typer.Typer(no_args_is_help=True, help="Counts of sensors: how long they are kept, their sums.")
Nis = Annotated[list[str] | None, typer.Option("--municipality", help="NIS code; all when left out. Repeat.")]


@counts.command("keep")
def keep_counts(
    municipality: Annotated[str, typer.Option(help="NIS code of the municipality.")],
    months: Annotated[
        int | None, typer.Option(help=f"Keep single readings so many months, at least {LEAST_RAW_MONTHS}.")
    ] = None,
    for_ever: Annotated[bool, typer.Option("--for-ever", help="Drop nothing more.")] = False,
    sensor: Annotated[str | None, typer.Option(help="Only of this sensor (code).")] = None,
) -> None:
    """Say how long single readings are kept; nothing is dropped before `kernkaart counts drop` or a refresh."""
    if (months is None) is not for_ever:
        stop("Say how long.", "--months 36, or --for-ever.")
    if months is not None and months < LEAST_RAW_MONTHS:
        stop(
            f"{months} months are too few: a refresh looks two years back at single readings.",
            f"Keep at least {LEAST_RAW_MONTHS} months.",
        )
    table, column, key = ("municipality", "nis_code", municipality)
    where = "nis_code = :nis"
    if sensor is not None:
        table, column, where = "footfall_sensor", "code", "nis_code = :nis AND code = :code"
    query = text(f"UPDATE {table} SET raw_months = :months WHERE {where} RETURNING {column}")
    with Session(get_engine()) as session, session.begin():
        found = session.execute(query, {"months": months, "nis": municipality, "code": sensor}).first()
    if found is None:
        stop(f"There is no {'sensor ' + sensor if sensor else 'municipality'} here.", "Correct the code.")
    kept = "for ever" if months is None else f"{months} months"
    whose = f"sensor {sensor}" if sensor else f"municipality {key}"
    console.print(
        f"Single readings of {whose} are kept {kept}; sums per hour and day always stay.", markup=False
    )


@counts.command("drop")
def drop_counts(
    municipality: Nis = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without this it is only shown.")] = False,
) -> None:
    """Show which single readings are older than they are to be kept, and with --yes drop them."""
    with Session(get_engine()) as session, session.begin():
        listed = retention.due(session, municipality, now=datetime.now(UTC))
        if not listed:
            console.print(
                "No readings are older than they are to be kept (kernkaart counts keep says how long)."
            )
            return
        table = Table("municipality", "sensor", "kept months", "readings", "from", "until before")
        for each in listed:
            table.add_row(
                each.nis_code, each.code, str(each.months), f"{each.n:,}", f"{each.first_at:%Y-%m-%d}",
                f"{each.before_at:%Y-%m-%d %H:%M} UTC",
            )  # fmt: skip
        console.print(table)
        if not yes:
            console.print("Nothing was dropped. With --yes these readings go, and cannot be brought back.")
            return
        gone = retention.drop(session, listed)
    console.print(f"{gone:,} readings were dropped; their sums per hour and day are kept.")


@counts.command("rebuild")
def rebuild_counts(municipality: Nis = None) -> None:
    """Make all sums per hour and day anew from the single readings; it changes nothing when they are right."""
    query = text(
        "SELECT id, name FROM footfall_sensor WHERE CAST(:nis AS text[]) IS NULL OR nis_code = ANY(:nis) ORDER BY id"
    )
    with progress() as bar, Session(get_engine()) as session, session.begin():
        session.execute(text("SET LOCAL statement_timeout = 0"))
        listed = session.execute(query, {"nis": municipality}).all()
        task = bar.add_task("sums", total=len(listed))
        # Who writes counts meanwhile waits, as for any other write of the municipality.
        session.execute(
            text(
                "SELECT 1 FROM municipality WHERE CAST(:nis AS text[]) IS NULL OR nis_code = ANY(:nis) "
                "ORDER BY nis_code FOR UPDATE"
            ),
            {"nis": municipality},
        )
        for row in listed:
            session.execute(text("SELECT rebuild_rollups(:id)"), {"id": row.id})
            bar.advance(task)
    console.print(f"The sums of {len(listed)} sensors were made anew.")
