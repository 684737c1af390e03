"""breaks list, add, change, remove: the days from which was counted otherwise."""

from datetime import datetime
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.table import Table
from sqlalchemy.orm import Session

from api.commands.console import console, errors_told, stop
from api.db.session import check_srid, get_engine

breaks = typer.Typer(no_args_is_help=True, help="Breaks of the series: list, add, change, remove.")

Key = Annotated[int, typer.Argument(help="Number of the break, as `list` shows it.")]
Day = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="First day of the new way of counting.")]
Kind = Annotated[str, typer.Option(help="definition, source, method or boundary.")]
Reason = Annotated[str, typer.Option(help="Why, in a sentence that stands beside the figures.")]
Source = Annotated[str | None, typer.Option(help="Where that is written.")]


@breaks.command("list")
def list_breaks(municipality: Annotated[str, typer.Option(help="NIS code.")]) -> None:
    """Show the breaks of a municipality, the earliest first."""
    from api.dependencies import require_municipality
    from api.vacancy import breaks as service

    with _session() as session, errors_told():
        require_municipality(session, municipality)
        found = service.list_breaks(session, municipality)["items"]
    if not found:
        console.print(f"No break was written down of {municipality}.")
        return
    table = Table(title=f"Breaks of the series of {municipality}", title_justify="left")
    for heading in ("number", "from", "kind", "reason", "source"):
        table.add_column(heading, justify="right" if heading == "number" else "left")
    for row in found:
        table.add_row(str(row["id"]), str(row["breaks_on"]), row["kind"], row["reason"], row["source"] or "")
    console.print(table)


@breaks.command("add")
def add_break(
    on: Day,
    municipality: Annotated[str, typer.Option(help="NIS code.")],
    reason: Reason,
    kind: Kind = "definition",
    source: Source = None,
) -> None:
    """Write a break down: every series of the municipality stops there."""
    from api.vacancy import breaks as service

    values = {"municipality": municipality, "breaks_on": on.date(), "kind": kind, "reason": reason}
    given = _read(service.BreakIn, {**values, "source": source})
    with _session() as session, session.begin(), errors_told():
        made = service.add_break(session, given)
    console.print(f"Break {made['id']} of {made['breaks_on']} added to {municipality}.")
    console.print(f"To undo: kernkaart breaks remove {made['id']}")


@breaks.command("change")
def change_break(
    key: Key,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day of the new way of counting.")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="definition, source, method or boundary.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why, in a sentence.")] = None,
    source: Annotated[str | None, typer.Option(help="Where that is written; '' empties it.")] = None,
) -> None:
    """Correct a break; what is left out stays."""
    from api.vacancy import breaks as service

    asked = {"breaks_on": on.date() if on else None, "kind": kind, "reason": reason, "source": source}
    values: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    if not values:
        stop("Nothing is to be changed.", "Give --on, --kind, --reason or --source.")
    if values.get("source") == "":
        values["source"] = None
    given = _read(service.BreakChange, values)
    with _session() as session, session.begin(), errors_told():
        row = service.change_break(session, key, given)
    console.print(f"Break {key} is now of {row['breaks_on']}, {row['kind']}: {row['reason']}", markup=False)


@breaks.command("remove")
def remove_break(key: Key) -> None:
    """Take a break away; what is printed writes it down again."""
    import shlex

    from api.vacancy import breaks as service

    with _session() as session, session.begin(), errors_told():
        row = service.get_break(session, key)
        service.remove_break(session, key)
    again = ["kernkaart", "breaks", "add", str(row["breaks_on"]), "--municipality", row["nis_code"]]
    again += ["--kind", row["kind"], "--reason", row["reason"]]
    again += ["--source", row["source"]] if row["source"] else []
    console.print(f"Break {key} of {row['breaks_on']} is gone.")
    console.print(f"To undo: {shlex.join(again)}", markup=False)


def _session() -> Session:
    check_srid(get_engine())
    return Session(get_engine())


def _read(model: Any, values: dict[str, Any]) -> Any:
    try:
        return model(**values)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).replace("breaks_on", "day")
        stop(f"The {name} is not right: {first['msg']}.", "See: kernkaart breaks add --help")
