"""persons: what is due to be erased, and erasing it."""

from typing import Annotated

import typer

from api.commands.console import console
from api.db.session import check_srid, get_engine, session_as

persons = typer.Typer(no_args_is_help=True, help="Contacts: how long they are kept.")


@persons.callback()
def _group() -> None:
    """Contacts: how long they are kept."""


@persons.command("retention")
def retention_command(
    municipality: Annotated[
        list[str] | None, typer.Option(help="NIS code; all when left out. Repeat.")
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Erase what is due. It cannot be undone.")] = False,
) -> None:
    """Show which contacts and which rows of the log were kept long enough; erase them with --apply."""
    from api.persons import retention

    check_srid(get_engine())
    with session_as("kernkaart_crm") as session:
        listed = retention.due(session, municipality)
        old = sum(retention.old_log(session, municipality).values())
        for each in listed:
            places = ", ".join(each.places or []) or "tied to nothing"
            console.print(
                f"{each.nis_code} contact {each.person_id}: rule {each.rule}, kept until {each.keep_until} ({places})",
                markup=False,
            )
        if not listed and not old:
            console.print("No contact and no row of the log was kept long enough to go.")
        elif not apply:
            console.print(
                f"{len(listed)} contacts and {old} rows of the log may go; nothing was erased. "
                "With --apply they are, and that cannot be undone."
            )
        else:
            gone = retention.let_go(session, municipality)
            contacts, rows = sum(each.contacts for each in gone), sum(each.log_rows for each in gone)
            console.print(
                f"{contacts} contacts and {rows} rows of the log were erased; cases and figures stay."
            )
