"""The work list: what is open, page by page, and as a file for the street."""

import base64
from collections import Counter
from datetime import date
from typing import Any
from urllib.parse import urlencode

import orjson
from sqlalchemy.orm import Session

from api.dependencies import LARGEST_KEY, Language
from api.errors import Malformed
from api.export import service as export
from api.geojson import Row
from api.worklist import queries
from api.worklist.evidence import Telling, item
from api.worklist.queries import Order, Wanted
from api.worklist.sentences import HEADINGS, day

NEVER = "0001-01-01"


def list_items(
    session: Session,
    wanted: Wanted,
    language: Language,
    *,
    order: Order,
    limit: int,
    cursor: str | None,
    path: str,
    query: dict[str, str],
) -> dict[str, Any]:
    """
    One page of items with true counts.

    Raises
    ------
    Malformed
        When the cursor is not one of ours.
    """
    after = None if cursor is None else _after(cursor, order)
    rows = queries.list_items(session, wanted, order=order, limit=limit, after=after)
    page, following = rows[:limit], None
    if len(rows) > limit:
        following = f"{path}?{urlencode({**query, 'cursor': _cursor(page[-1], order)})}"
    counted = queries.count_items(session, wanted)
    kinds: Counter[str] = Counter()
    streets: Counter[str | None] = Counter()
    total = 0
    for row in counted:
        is_kind = not wanted.kinds or row["kind"] in wanted.kinds
        is_street = wanted.street is None or row["street"] == wanted.street
        if is_street:
            kinds[row["kind"]] += row["items"]
        if is_kind:
            streets[row["street"]] += row["items"]
        total += row["items"] if is_kind and is_street else 0
    known = queries.settings(session, wanted.municipality)
    telling = Telling(language, queries.labels(session, language), known["today"])
    return {
        "total": total,
        "kinds": kinds,
        "streets": [{"street": street, "items": n} for street, n in streets.items()],
        "fresh_months": known["fresh_months"],
        "stale_months": known["stale_months"],
        "companies": known if known["establishments"] else None,
        "next": following,
        "items": [item(row, telling) for row in page],
    }


def list_decisions(
    session: Session, nis_code: str, *, shop_unit: int | None, limit: int, before: int | None
) -> dict[str, Any]:
    """What was decided of a municipality or of one unit, newest first, also what was taken back."""
    rows = queries.list_decisions(session, nis_code, shop_unit=shop_unit, limit=limit, before=before)
    page = [dict(row) for row in rows[:limit]]
    return {"items": page, "next": page[-1]["id"] if len(rows) > limit else None}


def _cursor(row: Row, order: Order) -> str:
    value = row["sort_address"] if order == "street" else str(row["last_seen_on"] or NEVER)
    return base64.urlsafe_b64encode(orjson.dumps([value, row["id"]])).decode().rstrip("=")


def _after(cursor: str, order: Order) -> tuple[str, int]:
    try:
        value, key = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if (
            not isinstance(value, str)
            or "\x00" in value
            or type(key) is not int
            or not 0 <= key <= LARGEST_KEY
        ):
            raise ValueError(cursor)
        return (value if order == "street" else date.fromisoformat(value).isoformat()), key
    except (ValueError, TypeError):
        raise Malformed("The cursor is not one of ours.", "Follow `next` as it was given.") from None


def worklist_csv(session: Session, wanted: Wanted, language: Language) -> tuple[str, bytes]:
    """
    The items asked for as a file to print and take along, in street order; its name and its bytes.

    Raises
    ------
    NotYours
        When the licence of the shop units does not let single rows be given to others.
    """
    export.check(session, "shop-units", wanted.municipality)
    labels = queries.labels(session, language)
    telling = Telling(language, labels, queries.settings(session, wanted.municipality)["today"])
    lines: list[list[object]] = [[heading[language] for heading in HEADINGS.values()]]
    for row in queries.list_items(session, wanted, order="street", limit=None):
        told = item(row, telling)
        other = told["other"] or {"says": [], "source": "", "observed_on": None}
        lines.append(
            [
                row["address"],
                labels["worklist_kind", row["kind"]],
                " / ".join(told["survey"]["says"]),
                day(row["last_seen_on"]),
                " / ".join(other["says"]),
                other["source"],
                day(other["observed_on"]),
                labels["worklist_verdict", told["suggestion"]],
                "",
            ]
        )
    name = export.file_name(session, "worklist", wanted.municipality, "csv")
    return name, export.csv_file(lines)
