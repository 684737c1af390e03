"""user: accounts from the command line."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from api.commands.console import console
from api.db.session import SYSTEM, check_srid, get_engine, session_as

user = typer.Typer(no_args_is_help=True, help="Accounts: who may sign in, and what they may do where.")
ROLES = ("viewer", "officer", "planner", "gis", "coordinator", "supplier", "administrator")
Login = Annotated[str, typer.Argument(help="What is typed to sign in: an e-mail address or a name.")]
RolesOption = Annotated[
    list[str],
    typer.Option(
        "--role", help="ROLE of all municipalities, or ROLE:NIS of one. Repeat. Roles: " + ", ".join(ROLES)
    ),
]


@user.callback()
def _group() -> None:
    """Accounts: who may sign in, and what they may do where."""
    check_srid(get_engine())


@user.command("first")
def first_command(
    file: Annotated[
        Path | None, typer.Option("--to", help="Write it there, for its owner alone, and not on the screen.")
    ] = None,
) -> None:
    """Make a link for the first administrator, in the place of the last one; nothing where there is one."""
    from api.accounts import service

    made = service.first_link()
    if made is None:
        return
    if file is None:
        typer.echo(f"/#welcome={made[0]}")
        return
    file.touch(mode=0o600)
    file.write_text(made[0], encoding="utf-8")


@user.command("list")
def list_command() -> None:
    """List accounts with their roles."""
    from api.accounts import queries

    with session_as("kernkaart_accounts", SYSTEM) as session:
        found = queries.many(session, f"SELECT {queries.ACCOUNT} FROM rights.account a ORDER BY a.login")
    for row in found:
        roles = ", ".join(
            each["role"] + (f":{each['nis_code']}" if each["nis_code"] else "") for each in row["memberships"]
        )
        state = "" if row["is_active"] else " (closed)"
        console.print(f"{row['login']}{state}: {row['display_name']}; {roles or 'no role'}", markup=False)
    if not found:
        console.print("There is no account yet: ./kernkaart up prints a link to make the first.")


@user.command("add")
def add_command(
    login: Login, name: Annotated[str, typer.Option(help="Name on the screen.")], role: RolesOption
) -> None:
    """Make an account, and print the secret with which its owner chooses a password."""
    from api.accounts import queries

    wanted = [_role(each) for each in role]
    with session_as("kernkaart_accounts", SYSTEM) as session:
        try:
            key = session.execute(
                text("INSERT INTO rights.account (login, display_name) VALUES (:login, :name) RETURNING id"),
                {"login": login.lower(), "name": name},
            ).scalar_one()
            queries.set_memberships(session, key, wanted)
        except IntegrityError as error:
            _refuse(str(error.orig).splitlines()[0])
    link_command(login)


@user.command("role")
def role_command(login: Login, role: RolesOption) -> None:
    """Give an account exactly these roles."""
    from api.accounts import queries

    wanted = [_role(each) for each in role]
    with session_as("kernkaart_accounts", SYSTEM) as session:
        try:
            queries.set_memberships(session, _key(session, login), wanted)
        except IntegrityError as error:
            _refuse(str(error.orig).splitlines()[0])
    console.print(f"{login} now holds: {', '.join(role)}.", markup=False)


@user.command("link")
def link_command(login: Login) -> None:
    """Print the end of an address with which somebody chooses a password, once, within three days."""
    from api.access import fingerprint
    from api.accounts import queries, secrets

    secret = secrets.new_secret()
    with session_as("kernkaart_accounts", SYSTEM) as session:
        key = _key(session, login)
        has = queries.one(
            session, "SELECT password_hash IS NOT NULL AS has FROM rights.account WHERE id = :id", id=key
        )
        purpose = "reset" if has and has["has"] else "invitation"
        queries.make_link(session, purpose, key, fingerprint(secret), 72)
        session.execute(
            text("SELECT rights.note(:action, NULL, 'accounts', :login)"),
            {"action": f"{purpose}_link_made", "login": login},
        )
    console.print("Let its owner open the address of Kernkaart with this behind it, within three days:")
    typer.echo(f"/#welcome={secret}")


@user.command("close")
def close_command(login: Login) -> None:
    """Close an account: it is signed out everywhere, and its login for QGIS is removed."""
    _set_active(login, False)
    console.print(f"{login} is closed; kernkaart user open gives it back.", markup=False)


@user.command("open")
def open_command(login: Login) -> None:
    """Open a closed account again."""
    _set_active(login, True)
    console.print(f"{login} may sign in again.", markup=False)


def _set_active(login: str, is_active: bool) -> None:
    from api.accounts import queries

    with session_as("kernkaart_accounts", SYSTEM) as session:
        key = _key(session, login)
        try:
            session.execute(
                text("UPDATE rights.account SET is_active = :active WHERE id = :id"),
                {"active": is_active, "id": key},
            )
        except IntegrityError as error:
            _refuse(str(error.orig).splitlines()[0])
        if not is_active:
            queries.end_sessions(session, key)
            session.execute(
                text("UPDATE rights.api_token SET ended_at = now() WHERE account_id = :id"), {"id": key}
            )
            session.execute(text("SELECT rights.take_database_login(:id)"), {"id": key})


def _role(given: str) -> tuple[str, str | None]:
    role, _, nis = given.partition(":")
    if role not in ROLES:
        _refuse(f"{role} is no role; roles are {', '.join(ROLES)}.")
    return role, nis or None


def _key(session: object, login: str) -> int:
    from sqlalchemy.orm import Session

    from api.accounts import queries

    assert isinstance(session, Session)
    found = queries.one(session, "SELECT id FROM rights.account WHERE login = :login", login=login.lower())
    if found is None:
        _refuse(f"Nobody signs in as {login}; kernkaart user list lists who does.")
    assert found is not None
    return int(found["id"])


def _refuse(why: str) -> None:
    console.print(why, style="red", markup=False)
    raise typer.Exit(1)
