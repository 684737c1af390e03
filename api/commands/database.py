"""migrate, is-empty, check, municipality."""

from typing import Annotated

import typer
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from api.commands.console import console, stop
from api.db import migrate, seeding
from api.db.models import Municipality
from api.db.session import get_engine

municipality = typer.Typer(no_args_is_help=True, help="Municipalities of this deployment.")


def migrate_command() -> None:
    """Bring the database to today's revision and its code lists up to date."""
    engine = get_engine()
    migrate.upgrade(engine)
    seeding.seed(engine)
    if seeding.keep_clock(engine):
        console.print("The time zone is another one: counts were summed anew per hour and day.")
    console.print("The database is up to date.")


def is_empty_command() -> None:
    """Exit 0 when the database holds no municipality, 3 when it holds one; 1 is a fault."""
    with Session(get_engine()) as session:
        found = session.execute(select(Municipality.nis_code).limit(1)).scalar()
    raise typer.Exit(0 if found is None else 3)


def check_command() -> None:
    """Compare the tables with the models, as `alembic check` does."""
    migrate.check(get_engine())


@municipality.command("add")
def add_municipality(
    nis_code: Annotated[str, typer.Argument(help="NIS code, or the code used abroad.")],
    name: Annotated[str, typer.Option(help="Name (Dutch).")],
    population: Annotated[int | None, typer.Option(help="Inhabitants.")] = None,
    name_fr: Annotated[str | None, typer.Option(help="French name.")] = None,
    name_en: Annotated[str | None, typer.Option(help="English name.")] = None,
) -> None:
    """Add a municipality without a border, for data that come without one."""
    with Session(get_engine()) as session, session.begin():
        if session.get(Municipality, nis_code) is not None:
            stop(f"Municipality {nis_code} exists already.", "Import into it with --municipality.")
        session.execute(
            insert(Municipality).values(
                nis_code=nis_code,
                name_nl=name,
                name_fr=name_fr,
                name_en=name_en,
                population=population,
            )
        )
    console.print(f"Municipality {nis_code} {name} added.")


@municipality.command("list")
def list_municipalities() -> None:
    """List the municipalities."""
    query = select(Municipality.nis_code, Municipality.name_nl, Municipality.is_demo)
    with Session(get_engine()) as session:
        for code, name, is_demo in session.execute(query.order_by(Municipality.name_nl)):
            console.print(f"{code}  {name}{'  (fictional demo data)' if is_demo else ''}", highlight=False)
