"""Code lists that ship with the application, kept up to date at every migration."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, text
from sqlalchemy.dialects.postgresql import insert

from api.db.models import CodeList
from api.db.models.unit import BRANCH_VERSION
from api.settings import get_settings

SEED = Path(__file__).parent / "seed"


def code_rows() -> Iterator[dict[str, Any]]:
    """Rows of `code_list` from the seed files."""
    for order, row in enumerate(_read("branches.csv")):
        group = row.pop("branch_group")
        yield {
            **row,
            "scheme": "branch",
            "version": BRANCH_VERSION,
            "parent_code": group,
            "sort_order": order,
        }
    for row in _read("code_lists.csv"):
        yield {**row, "sort_order": int(row["sort_order"] or 0)}
    yield from _nace_rows()


def _nace_rows() -> Iterator[dict[str, Any]]:
    """Beginnings of NACE codes, one list per version of NACE: some codes mean another thing in the next version."""
    for order, row in enumerate(_read("nace.csv")):
        versions, group = row.pop("versions"), row.pop("branch_group")
        for version in versions.split(","):
            yield {
                **row,
                "scheme": f"nace_{version}",
                "version": BRANCH_VERSION,
                "parent_code": group,
                "sort_order": order,
            }


def _read(name: str) -> Iterator[dict[str, Any]]:
    with (SEED / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            yield {key: value or None for key, value in row.items()}


def keep_clock(engine: Engine) -> bool:
    """Tell the database whose clock the days of counts follow; all days are summed anew when it is another one."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        zone = {"zone": get_settings().timezone}
        return bool(connection.execute(text("SELECT set_footfall_clock(:zone)"), zone).scalar())


def seed(engine: Engine) -> None:
    """Write the code lists; labels that were corrected in a later version replace the earlier ones."""
    rows = list(code_rows())
    columns = [column.name for column in CodeList.__table__.columns]
    complete = [{column: row.get(column) for column in columns} for row in rows]
    statement = insert(CodeList).values(complete)
    excluded = {
        name: statement.excluded[name] for name in columns if name not in {"scheme", "version", "code"}
    }
    # A branch knows its Locatus group through its branch group; an explicit one wins.
    excluded["locatus_group"] = func.coalesce(statement.excluded.locatus_group, CodeList.locatus_group)
    with engine.begin() as connection:
        connection.execute(
            statement.on_conflict_do_update(index_elements=["scheme", "version", "code"], set_=excluded)
        )
