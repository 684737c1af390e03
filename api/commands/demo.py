"""demo: fictional data at the seven real municipalities."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import chain, groupby
from typing import Annotated, Any

import typer
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.commands.console import console, progress, stop
from api.commands.demo_branches import make_demo_wishes
from api.commands.demo_cases import TOWNS, make_demo_cases
from api.commands.demo_offer import make_demo_offer
from api.commands.demo_papers import make_demo_papers
from api.commands.demo_persons import make_demo_persons
from api.commands.demo_requirements import make_demo_requirements
from api.commands.demo_round import walk_demo_round
from api.commands.intake import Progressed, write_readings
from api.db.base import SRID
from api.db.session import check_srid, get_engine
from api.db.store import Batch, finish_batch, open_batch
from api.importers import Reading

SEED = 20261124
SEVEN = 7
DATASET = {
    "code": "demo",
    "name": "Fictieve demodata",
    "publisher": "Kernkaart",
    "licence": "EUPL-1.2",
    "attribution": "Fictieve demodata van Kernkaart: verzonnen, behalve namen, NIS-codes, ligging en inwonertallen",
    "is_demo": True,
    "share_level": "public",
}


def demo_command(
    municipalities: Annotated[
        int, typer.Option(min=1, max=300, help="How many; the seven real ones first.")
    ] = SEVEN,
    seed: Annotated[int, typer.Option(help="Another seed invents other towns.")] = SEED,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day of the data; today when left out.")
    ] = None,
    count_days: Annotated[int, typer.Option(min=0, help="Days of hourly counts.")] = 730,
) -> None:
    """Fill the database with fictional towns, clearly marked as such."""
    check_srid(get_engine())
    last_on = until.date() if until else datetime.now(UTC).date()
    _refuse_real_data()
    with progress() as bar:
        task = bar.add_task("demo", total=municipalities)
        done = 0
        for code, name in write_towns(
            municipalities, seed=seed, until=last_on, count_days=count_days, bar=bar, task=task
        ):
            done += 1
            bar.update(task, completed=done, description=f"{code} {name}")
    console.print(f"{done} fictional municipalities are in the database. Next: kernkaart refresh")


def write_towns(
    municipalities: int, *, seed: int, until: date, count_days: int, bar: Any, task: Any
) -> Iterator[tuple[str, str]]:
    """
    Write town after town; yields the code and name of each.

    The seven are one transaction, so that an interrupted start finds an empty database again; more than that are
    a transaction each, and towns that are there already are passed over.
    """
    from api.demo import readings

    stream = readings(srid=SRID, municipalities=municipalities, seed=seed, until=until, count_days=count_days)
    session = Session(get_engine())
    try:
        for nis_code, name, town in _towns(stream):
            if _exists(session, nis_code):
                continue

            def progressed(target: str, rows: int, _share: float | None, name: str = name) -> None:
                bar.update(task, description=f"{name}: {target} {rows:,}")

            _write_town(session, nis_code, town, progressed)
            _share_openly(session, nis_code)
            if municipalities <= SEVEN:
                walk_demo_round(session, nis_code, until=until)
                if nis_code in TOWNS:
                    make_demo_cases(session, nis_code, until=until)
                    make_demo_requirements(session, nis_code)
                    make_demo_wishes(session, nis_code, until=until)
                    make_demo_persons(session, nis_code, until=until)
                    make_demo_papers(session, nis_code, until=until)
                    make_demo_offer(session, nis_code, until=until)
            if municipalities > SEVEN:
                session.commit()
            yield nis_code, name
        session.commit()
    finally:
        session.close()


def _towns(stream: Iterable[Reading]) -> Iterator[tuple[str, str, Iterator[Reading]]]:
    """Cut the stream where a new municipality begins."""
    number = 0

    def town_number(reading: Reading) -> int:
        nonlocal number
        number += reading.target == "municipality"
        return number

    for _, town in groupby(stream, key=town_number):
        first = next(
            town
        )  # groupby hands the town out once, and it is read once: its head here, its tail below
        (chunk,) = first.chunks
        row = chunk.rows.iloc[0]
        opening = Reading(target=first.target, assumed=first.assumed, chunks=iter([chunk]))
        yield str(row["nis_code"]), str(row["name_nl"]), chain([opening], town)  # noqa: B031


def _write_town(session: Session, nis_code: str, town: Iterator[Reading], progressed: Progressed) -> Batch:
    session.execute(text("SET LOCAL statement_timeout = 0"))
    file = {"file_name": f"demo-{nis_code}", "file_sha256": "0" * 64, "file_bytes": 0}
    batch = open_batch(session, dataset=DATASET, source="demo", nis_code=nis_code, file=file, mapping={})
    assumed, _ = write_readings(session, batch, town, progressed=progressed)
    finish_batch(session, batch, assumed=assumed)
    return batch


def _share_openly(session: Session, nis_code: str) -> None:
    """Invented rows are nobody's secret: whoever opens the demo sees them without an account, but for its cases."""
    session.execute(
        text(
            "INSERT INTO rights.sharing (nis_code, subject, level, changed_by) SELECT :nis, subject, widest, 'Demo' "
            "FROM rights.share_default WHERE widest = 'public' ON CONFLICT DO NOTHING"
        ),
        {"nis": nis_code},
    )


def _exists(session: Session, nis_code: str) -> bool:
    query = text("SELECT EXISTS (SELECT 1 FROM municipality WHERE nis_code = :nis)")
    return bool(session.execute(query, {"nis": nis_code}).scalar())


def _refuse_real_data() -> None:
    """Fiction must never stand among real figures."""
    with Session(get_engine()) as session:
        real = session.execute(text("SELECT count(*) FROM municipality WHERE NOT is_demo")).scalar_one()
    if real:
        stop(
            f"This database holds {real} real municipalities; fictional data do not go beside them.",
            "Use a deployment of its own: KERNKAART_HOME=.kernkaart-demo ./kernkaart up",
        )
