"""import, imports, import --undo."""

import csv
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.commands.console import console, errors, progress, stop
from api.commands.intake import Order, Report, import_file, parse_pairs, vintage_of
from api.commands.streets import tell_of_islands
from api.db.models import ImportBatch, Municipality
from api.db.session import check_srid, get_engine
from api.db.store import UndoRefused, undo_batch
from api.importers import IMPORTERS, UnreadableSource
from api.importers.licences import LICENCES
from api.registers.matching import match_registers
from api.registers.registers import MOVES

# How many records are named on the screen; the file has them all.
NAMED = 10
Files = Annotated[list[Path] | None, typer.Argument(help="Files to import, each in its own transaction.")]


def import_command(
    source: Annotated[str | None, typer.Argument(help="Kind of source; leave out to see the list.")] = None,
    files: Files = None,
    municipality: Annotated[str | None, typer.Option(help="NIS code the rows belong to.")] = None,
    map_: Annotated[list[str] | None, typer.Option("--map", help="Column: ours=theirs. Repeat.")] = None,
    option: Annotated[
        list[str] | None, typer.Option(help="Option of the source: name=value. Repeat.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Do everything but write nothing.")] = False,
    undo: Annotated[int | None, typer.Option(help="Undo this import.", metavar="BATCH")] = None,
    dataset: Annotated[
        str | None, typer.Option(help="Code of the dataset; by default source and file.")
    ] = None,
    licence: Annotated[str | None, typer.Option(help="Licence of the dataset.")] = None,
    attribution: Annotated[str | None, typer.Option(help="Text to show beside figures made of it.")] = None,
    vintage: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Date of the situation it describes.")
    ] = None,
) -> None:
    """Import files, or undo an import."""
    if undo is not None:
        _undo(undo)
        return
    if source is None or source not in IMPORTERS:
        _list_sources(source)
    if not files:
        stop("No file was named.", f"kernkaart import {source} FILE...")
    try:
        mapping = parse_pairs(map_ or [], option="--map")
        options = parse_pairs(option or [], option="--option")
    except ValueError as error:
        stop(str(error), "Example: --map local_code=unit_id")
    _check_municipality(municipality)
    known = LICENCES.get(source or "", {})
    failed = 0
    for path in files or []:
        if not path.exists():
            stop(f"There is no file {path}.", "Check the name; files before this one were imported.")
        details = {
            "code": dataset or f"{source}:{path.name}",
            "name": known.get("name", source) if dataset is None else dataset,
            "publisher": known.get("publisher"),
            "licence": licence or known.get("licence"),
            "attribution": attribution or known.get("attribution"),
            "vintage_on": vintage.date() if vintage else vintage_of(path),
            "share_alike": known.get("share_alike"),
            "redistribute_rows": known.get("redistribute_rows"),
        }
        order = Order(source or "", municipality, mapping, options, _given(details), is_dry_run=dry_run)
        failed += not _import_one(path, order)
    raise typer.Exit(1 if failed else 0)


def _given(details: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in details.items() if value is not None}


def _import_one(path: Path, order: Order) -> bool:
    check_srid(get_engine())
    with progress() as bar, Session(get_engine()) as session:
        task = bar.add_task(path.name, total=None)

        def progressed(target: str, rows: int, share: float | None) -> None:
            total = int(rows / share) if share else None
            bar.update(task, description=f"{path.name}: {target}", completed=rows, total=total)

        try:
            report = import_file(session, path, order, progressed=progressed)
        except UnreadableSource as error:
            session.rollback()
            errors.print(f"[bold red]{path.name}: {error.what}[/]\n{error.way_out}\nNothing was changed.")
            return False
        except (psycopg.IntegrityError, psycopg.DataError) as error:
            session.rollback()
            said = str(error).splitlines()[0]
            errors.print(
                f"{path.name}: the database refused a row: {said}\nCorrect it and import the file again. "
                "Nothing was changed.",
                style="red",
                markup=False,
            )
            return False
        if order.is_dry_run:
            session.rollback()
        else:
            session.commit()
    _print_report(path, order, report)
    if not order.is_dry_run and "street_segment" in report.batch.outcomes:
        _tell_of_islands()
    return True


def _tell_of_islands() -> None:
    from gis.errors import GisError

    # After the import is stored: the network is built for all who ask next, and a fault in it costs nobody the rows.
    try:
        with Session(get_engine()) as session, session.begin():
            tell_of_islands(session)
    except GisError as error:
        errors.print(
            f"  The rows are stored, but no network can be made of the streets: {error}", markup=False
        )


def _print_report(path: Path, order: Order, report: Report) -> None:
    title = (
        f"{path.name}: dry run, nothing was written"
        if order.is_dry_run
        else f"{path.name}: import {report.batch.id}"
    )
    table = Table(title=title, title_justify="left")
    for heading in ("rows of", "read", "added", "changed", "unchanged", "refused", "outside"):
        table.add_column(heading, justify="left" if heading == "rows of" else "right")
    for target, outcome in report.batch.outcomes.items():
        table.add_row(target, *(f"{value:,}" for value in outcome.as_dict().values()))
    console.print(table)
    for sentence in report.assumed:
        console.print(f"  assumed: {sentence}", markup=False)
    if any(report.history.values()):
        console.print("  periods: " + ", ".join(f"{count} {what}" for what, count in report.history.items()))
    if report.refusals is not None:
        console.print(f"  refused rows with reasons: {report.refusals}", markup=False)
    if report.changes is not None:
        console.print(f"  changed rows, before and after: {report.changes}", markup=False)
    if report.unmatched is not None:
        _print_unmatched(report.unmatched)
    if not order.is_dry_run:
        console.print(f"  to undo: kernkaart import --undo {report.batch.id}")


def _print_unmatched(path: Path) -> None:
    """Name the first records that lie on no single parcel of today; the file has them all."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    console.print(f"  {len(rows):,} records without one parcel of today: {path}", markup=False)
    for row in rows[:NAMED]:
        where = " ".join(row[name] for name in ("street", "house_number") if row[name])
        console.print(
            f"    {row['record_key']} ({row['capakey'] or 'no key'}, {where or 'no address'}): {row['reason']}",
            markup=False,
        )
    if len(rows) > NAMED:
        console.print(f"    and {len(rows) - NAMED:,} more", markup=False)


def imports_command() -> None:
    """List the imports, newest first."""
    table = Table()
    for heading in (
        "import",
        "when",
        "source",
        "municipality",
        "file",
        "added",
        "changed",
        "refused",
        "state",
    ):
        table.add_column(heading)
    with Session(get_engine()) as session:
        for batch in session.execute(
            select(ImportBatch).order_by(ImportBatch.id.desc()).limit(100)
        ).scalars():
            totals = [
                f"{sum(counts[what] for counts in batch.counts.values()):,}"
                for what in ("added", "changed", "refused")
            ]
            when = f"{batch.imported_at:%Y-%m-%d %H:%M}"
            table.add_row(
                str(batch.id), when, batch.source, batch.nis_code or "", batch.file_name, *totals, batch.state
            )
    console.print(table)


def _undo(batch_id: int) -> None:
    try:
        with Session(get_engine()) as session, session.begin():
            report = undo_batch(session, batch_id)
            if MOVES & {what.split()[1] for what in report}:
                match_registers(session)
    except UndoRefused as error:
        stop(str(error), "Nothing was changed.")
    done = ", ".join(f"{what}: {count:,}" for what, count in report.items()) or "it had changed nothing"
    console.print(f"Import {batch_id} is undone ({done}).")
    if any("street_segment" in what for what in report):
        _tell_of_islands()


def _list_sources(asked: str | None) -> None:
    table = Table()
    table.add_column("source")
    table.add_column("what it reads")
    for importer in IMPORTERS.values():
        table.add_row(importer.name, importer.summary)
    console.print(table)
    if asked is not None:
        stop(f"There is no source {asked!r}.", "Choose one of the list above.")
    raise typer.Exit(0)


def _check_municipality(nis_code: str | None) -> None:
    if nis_code is None:
        return
    with Session(get_engine()) as session:
        if session.get(Municipality, nis_code) is None:
            stop(
                f"Municipality {nis_code} is not known here.",
                "Import the borders first (kernkaart import municipalities FILE), "
                f'or add it: kernkaart municipality add {nis_code} --name "..."',
            )
