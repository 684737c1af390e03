"""refresh: compute and store all figures."""

import time
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.progress import Progress, TaskID
from sqlalchemy.orm import Session

from api.commands.console import console, errors, progress, stop
from api.db.session import check_srid, get_engine, session_as

# What the steps that take long count.
COUNTED = {"clusters": "inventories", "accessibility": "shop units and parcels", "events": "times held"}


def refresh_command(
    municipality: Annotated[
        list[str] | None, typer.Option(help="NIS code; all when left out. Repeat.")
    ] = None,
    if_stale: Annotated[
        bool, typer.Option("--if-stale", help="Only where data or code changed since.")
    ] = False,
    learn: Annotated[
        bool, typer.Option("--learn", help="Fit the learned footfall forecast too: some 20 s a municipality.")
    ] = False,
) -> None:
    """Compute scores, footfall, its forecast and the effects of events, clusters, durations, rates and accessibility."""
    from api.refresh import stale_municipalities

    check_srid(get_engine())
    _drop_old_readings(municipality)
    _let_go_of_persons(municipality)
    with Session(get_engine()) as session:
        wanted = stale_municipalities(session, only_stale=if_stale)
    if municipality:
        known = {code for code, _ in wanted}
        if not if_stale and (missing := set(municipality) - known):
            stop(
                f"Not known here: {', '.join(sorted(missing))}.",
                "kernkaart municipality list shows those that are.",
            )
        wanted = [(code, name) for code, name in wanted if code in municipality]
    if not wanted:
        console.print("All figures are up to date.")
        return
    started, failed = time.perf_counter(), 0
    with progress() as bar:
        task = bar.add_task("refresh", total=len(wanted))
        for code, name in wanted:
            failed += not _refresh_one(bar, task, code, name, is_learning=learn)
            bar.advance(task)
    _keep_islands()
    console.print(
        f"{len(wanted) - failed} of {len(wanted)} refreshed in {time.perf_counter() - started:.1f} s."
    )
    raise typer.Exit(1 if failed else 0)


def _drop_old_readings(nis_codes: list[str] | None) -> None:
    """Before anything is computed, so that the figures are not older than the readings they rest on."""
    from api.footfall import retention

    with Session(get_engine()) as session, session.begin():
        if gone := retention.drop(session, retention.due(session, nis_codes, now=datetime.now(UTC))):
            console.print(f"{gone:,} readings older than they are to be kept were dropped; their sums stay.")


def _let_go_of_persons(nis_codes: list[str] | None) -> None:
    """Before anything is computed too: an erasure may change the words of a case, which raises the version of the data."""
    from api.persons import retention

    with session_as("kernkaart_crm") as session:
        gone = retention.let_go(session, nis_codes, job="kernkaart refresh")
    contacts, rows, documents = (
        sum(getattr(each, name) for each in gone) for name in ("contacts", "log_rows", "documents")
    )
    if contacts or rows or documents:
        console.print(
            f"{contacts} contacts, {rows} rows of the log of reads and {documents} removed documents were kept long enough "
            "and were erased; cases and figures stay."
        )


def _keep_islands() -> None:
    """Islands belong to the network of all municipalities, so they are found once."""
    from api.errors import KernkaartError
    from api.streets.islands import store_islands
    from gis.errors import GisError

    try:
        with Session(get_engine()) as session, session.begin():
            store_islands(session)
    except (KernkaartError, GisError) as error:
        # The figures of the municipalities are stored by then and do not hang on it.
        errors.print(f"The islands of the streets could not be listed: {error}", markup=False)


def _refresh_one(bar: Progress, task: TaskID, code: str, name: str, *, is_learning: bool) -> bool:
    from api.errors import KernkaartError
    from api.refresh import refresh
    from gis.errors import GisError

    running = ""

    def told(step: str) -> None:
        nonlocal running
        running = step
        bar.update(task, description=f"{name}: {step}")
        bar.update(inner, visible=False)

    def counted(done: int, total: int) -> None:
        bar.update(inner, description=f"  {COUNTED[running]}", completed=done, total=total, visible=True)

    inner = bar.add_task("", total=None, visible=False)
    try:
        result = refresh(code, is_learning=is_learning, progressed=told, counted=counted)
    except (KernkaartError, GisError) as error:
        way_out = getattr(error, "way_out", "")
        errors.print(f"{code} {name}: {error} {way_out}", markup=False)
        return False
    except Exception:
        # One town's fault must not keep the others from their figures; it is shown whole and counted.
        errors.print(f"{code} {name}: something went wrong on our side.", markup=False)
        errors.print_exception()
        return False
    finally:
        bar.remove_task(inner)
    off = (
        f" ({result.parcels_off_streets} without a street within 250 m)" if result.parcels_off_streets else ""
    )
    bar.console.print(
        f"{code} {name}: {result.scored} units scored, {result.clusters} vacancy clusters, "
        f"{result.parcels} parcels reached{off}, {result.seconds:.1f} s"
    )
    return True
