"""Which shop units somebody asks for: one filter for list, map and export."""

import base64
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

import orjson
from fastapi import Query

from api.db.codes import STATE
from api.dependencies import LARGEST_KEY, NIS, Box, InBox
from api.errors import Malformed
from api.geojson import in_box

Sort = Literal[
    "-score",
    "score",
    "-floor_area_m2",
    "floor_area_m2",
    "street",
    "vacant_since",
    "-vacant_since",
    "-footfall",
]

# Sort key, and whether it descends. Unknown values come last either way.
SORTS: dict[str, tuple[str, bool, str]] = {
    "-score": ("score", True, "double precision"),
    "score": ("score", False, "double precision"),
    "-floor_area_m2": ("floor_area_m2", True, "double precision"),
    "floor_area_m2": ("floor_area_m2", False, "double precision"),
    "street": ("sort_address", False, "text"),
    "vacant_since": ("vacant_latest_on", False, "date"),
    "-vacant_since": ("vacant_latest_on", True, "date"),
    # Units of which only the kind of street is known come after those with a number, main streets first.
    "-footfall": ("footfall_order", True, "double precision"),
}


@dataclass(frozen=True)
class UnitFilter:
    """What a shop unit must be to be listed."""

    municipality: str
    state: tuple[str, ...]
    branch_group: tuple[str, ...]
    vacancy_class: tuple[str, ...]
    core: tuple[int, ...]
    cluster: int | None
    min_floor_area_m2: float | None
    max_floor_area_m2: float | None
    min_score: float | None
    not_seen_months: int | None
    q: str | None
    box: Box | None

    def where(self) -> tuple[str, dict[str, Any]]:
        """SQL condition over the columns of `queries.UNITS`, and its parameters."""
        parts = ["nis_code = :nis"]
        values: dict[str, Any] = {"nis": self.municipality}
        for name in ("state", "branch_group", "vacancy_class"):
            if wanted := getattr(self, name):
                parts.append(f"{name} = ANY(:{name})")
                values[name] = list(wanted)
        if self.core:
            parts.append("core_id = ANY(:core)")
            values["core"] = list(self.core)
        for name, condition in (
            ("cluster", "cluster_id = :cluster"),
            ("min_floor_area_m2", "floor_area_m2 >= :min_floor_area_m2"),
            ("max_floor_area_m2", "floor_area_m2 <= :max_floor_area_m2"),
            ("min_score", "score >= :min_score"),
            ("not_seen_months", "coalesce(seen_months_ago >= :not_seen_months, true)"),
        ):
            if (value := getattr(self, name)) is not None:
                parts.append(condition)
                values[name] = value
        if self.q:
            parts.append("(address ILIKE :q OR name ILIKE :q OR local_code ILIKE :q)")
            escaped = self.q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
            values["q"] = f"%{escaped}%"
        if self.box is not None:
            parts.append(in_box("geom"))
            values |= vars(self.box)
        return " AND ".join(parts), values


VACANCY_CLASSES = ("initial", "long_term", "structural", "unknown")


def _listed(value: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (value or "").split(",") if part.strip())


def _chosen(name: str, value: str | None, allowed: Iterable[str]) -> tuple[str, ...]:
    chosen = _listed(value)
    if unknown := set(chosen) - set(allowed):
        raise Malformed(
            f"{name}={', '.join(sorted(unknown))} is not known.", f"Choose from {', '.join(allowed)}."
        )
    return chosen


def get_unit_filter(
    box: InBox,
    municipality: Annotated[str, NIS],
    state: Annotated[
        str | None, Query(description="occupied, vacant, non_retail, unknown; several by comma.")
    ] = None,
    branch_group: Annotated[
        str | None, Query(pattern=r"^[0-9a-z_, ]*$", description="Branch groups; several by comma.")
    ] = None,
    vacancy_class: Annotated[
        str | None, Query(description="initial, long_term, structural, unknown; several by comma.")
    ] = None,
    core: Annotated[str | None, Query(description="Core ids; several by comma.")] = None,
    cluster: Annotated[int | None, Query(ge=0, le=LARGEST_KEY, description="Vacancy cluster id.")] = None,
    min_floor_area_m2: Annotated[float | None, Query(ge=0, description="Smallest floor area, m2.")] = None,
    max_floor_area_m2: Annotated[float | None, Query(ge=0, description="Largest floor area, m2.")] = None,
    min_score: Annotated[float | None, Query(ge=0, le=100, description="Lowest location score.")] = None,
    not_seen_months: Annotated[
        int | None, Query(ge=0, le=1200, description="Not seen for so many months or more, or never.")
    ] = None,
    q: Annotated[
        str | None, Query(max_length=100, pattern=r"^[^\x00]*$", description="Text in address, name or code.")
    ] = None,
) -> UnitFilter:
    """
    Read the filter.

    Raises
    ------
    Malformed
        When a code is not known, a core is not a key, or the floor areas are crossed.
    """
    cores = tuple(int(part) for part in _listed(core) if part.isdecimal() and int(part) <= LARGEST_KEY)
    if len(cores) < len(_listed(core)):
        raise Malformed(f"core={core} is not a list of ids.", "Take the ids from the municipality's `cores`.")
    if (
        min_floor_area_m2 is not None
        and max_floor_area_m2 is not None
        and min_floor_area_m2 > max_floor_area_m2
    ):
        raise Malformed("The smallest floor area is larger than the largest.", "Exchange the two values.")
    return UnitFilter(
        municipality,
        _chosen("state", state, STATE),
        _listed(branch_group),
        _chosen("vacancy_class", vacancy_class, VACANCY_CLASSES),
        cores,
        cluster,
        min_floor_area_m2,
        max_floor_area_m2,
        min_score,
        not_seen_months,
        q,
        box,
    )


def encode_cursor(value: Any, unit_id: int) -> str:
    """Where the next page begins: sort value and id of the last row."""
    shown = value.isoformat() if isinstance(value, date) else value
    return base64.urlsafe_b64encode(orjson.dumps([shown, unit_id])).decode().rstrip("=")


def _key(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value <= LARGEST_KEY:
        raise ValueError(value)
    return value


def _number(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(value)
    return number


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(value)
    return value


READ: dict[str, Any] = {"double precision": _number, "text": _text, "date": date.fromisoformat}


def after_cursor(cursor: str, sort: str) -> tuple[str, dict[str, Any]]:
    """
    SQL condition for rows after the cursor, and its parameters.

    Raises
    ------
    Malformed
        When the cursor was not made by `encode_cursor`.
    """
    column, descends, kind = SORTS[sort]
    try:
        value, unit_id = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        values: dict[str, Any] = {"after_id": _key(unit_id)}
        value = None if value is None else READ[kind](value)
    except (ValueError, TypeError):
        raise Malformed("The cursor is not one of ours.", "Follow `next` as it was given.") from None
    if value is None:
        return f"({column} IS NULL AND id > :after_id)", values
    beyond = "<" if descends else ">"
    last = f"CAST(:after_value AS {kind})"
    values["after_value"] = value
    return f"({column} {beyond} {last} OR ({column} = {last} AND id > :after_id) OR {column} IS NULL)", values
