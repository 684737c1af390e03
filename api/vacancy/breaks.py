"""Breaks of the series: days from which figures must not be compared with those before."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.dependencies import NIS_PATTERN, require_municipality
from api.errors import NotAnswerable, NotFound
from api.vacancy import queries

Kind = Literal["definition", "source", "method", "boundary"]
# No zero byte: PostgreSQL has no such text.
Reason = Annotated[
    str,
    Field(min_length=1, max_length=300, pattern=r"^[^\x00]*\S[^\x00]*$", description="Why, in a sentence.",
          examples=["Horeca wordt voortaan meegeteld."]),
]  # fmt: skip
Source = Annotated[
    str | None, Field(max_length=300, pattern=r"^[^\x00]*$", description="Where that is written.")
]
Day = Annotated[
    date, Field(ge=date(1900, 1, 1), le=date(2200, 1, 1), description="First day of the new way of counting.")
]


class BreakIn(BaseModel):
    """A break to be written down."""

    model_config = ConfigDict(extra="forbid")

    municipality: str = Field(
        pattern=NIS_PATTERN, description="NIS code of the municipality.", examples=["34040"]
    )
    breaks_on: Day
    kind: Kind
    reason: Reason
    source: Source = None


class BreakChange(BaseModel):
    """What is corrected of a break; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    breaks_on: Day | None = None
    kind: Kind | None = None
    reason: Reason | None = None
    source: Source = None


class BreakOut(BaseModel):
    """A break that was written down."""

    id: int
    nis_code: str
    breaks_on: date
    kind: Kind
    reason: str
    source: str | None


class BreakList(BaseModel):
    """Breaks of a municipality, the earliest first."""

    items: list[BreakOut]


def list_breaks(session: Session, nis_code: str) -> dict[str, Any]:
    """Those written down of a municipality."""
    return {"items": list(queries.breaks(session, nis_code))}


def add_break(session: Session, given: BreakIn) -> dict[str, Any]:
    """
    Write one down.

    Raises
    ------
    NotFound
        When the municipality is not known.
    NotAnswerable
        When one of that day and kind is there already.
    """
    require_municipality(session, given.municipality)
    _require_free(session, given.municipality, given.breaks_on, given.kind)
    values = given.model_dump(exclude={"municipality"}) | {"nis_code": given.municipality}
    return dict(queries.add_break(session, values))


def change_break(session: Session, key: int, given: BreakChange) -> dict[str, Any]:
    """
    Correct one.

    Raises
    ------
    NotFound
        When it does not exist.
    NotAnswerable
        When another of that day and kind is there already.
    """
    before = get_break(session, key)
    values = given.model_dump(exclude_unset=True)
    # Only the source may be emptied.
    values = {name: value for name, value in values.items() if value is not None or name == "source"}
    after = before | values
    _require_free(session, before["nis_code"], after["breaks_on"], after["kind"], but=key)
    if values:
        queries.change_break(session, key, values)
    return get_break(session, key)


def remove_break(session: Session, key: int) -> None:
    """
    Take one away.

    Raises
    ------
    NotFound
        When it does not exist.
    """
    get_break(session, key)
    queries.remove_break(session, key)


def get_break(session: Session, key: int) -> dict[str, Any]:
    """
    One of them.

    Raises
    ------
    NotFound
        When it does not exist.
    """
    row = queries.get_break(session, key)
    if row is None:
        raise NotFound(
            f"There is no series break {key}.",
            "GET /api/series-breaks?municipality=NIS lists those there are.",
            code="break_gone",
        )
    return dict(row)


def _require_free(session: Session, nis_code: str, on: date, kind: str, *, but: int | None = None) -> None:
    for row in queries.breaks(session, nis_code):
        if (row["breaks_on"], row["kind"]) == (on, kind) and row["id"] != but:
            raise NotAnswerable(
                f"Break {row['id']} is of {on} and of the kind {kind} already.",
                "Correct that one, or choose another day or kind.",
                code="break_taken",
                on=on,
            )
