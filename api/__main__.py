"""The `kernkaart` command."""

import os
from pathlib import Path

# Compiled kernels are kept between runs; numba reads the variable when it is first imported.
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).resolve().parent.parent / ".kernkaart" / "numba"))

import typer

from api.commands.breaks import breaks
from api.commands.catchment import catchment_command
from api.commands.counts import counts
from api.commands.database import check_command, is_empty_command, migrate_command, municipality
from api.commands.demo import demo_command
from api.commands.importing import import_command, imports_command
from api.commands.persons import persons
from api.commands.poll import poll
from api.commands.refresh import refresh_command
from api.commands.serve import serve_command
from api.commands.speeds import speeds
from api.commands.streets import streets
from api.commands.supplier import supplier
from api.commands.user import user

app = typer.Typer(
    name="kernkaart",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="A map on which a small city plans how to fill its empty shops.",
)
app.command("migrate")(migrate_command)
app.command("is-empty")(is_empty_command)
app.command("check")(check_command)
app.command("import")(import_command)
app.command("imports")(imports_command)
app.command("demo")(demo_command)
app.command("refresh")(refresh_command)
app.command("catchment")(catchment_command)
app.command("serve")(serve_command)
app.add_typer(breaks, name="breaks")
app.add_typer(municipality, name="municipality")
app.add_typer(speeds, name="speeds")
app.add_typer(streets, name="streets")
app.add_typer(counts, name="counts")
app.add_typer(poll, name="poll")
app.add_typer(persons, name="persons")
app.add_typer(supplier, name="supplier")
app.add_typer(user, name="user")


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
