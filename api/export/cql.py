"""CQL2, the filter language of OGC: read by the cql2 library, turned into SQL here with every value bound."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import cql2
import orjson

from api.db.base import SRID
from api.errors import Malformed
from api.export.columns import Column

FilterLanguage = Literal["cql2-text", "cql2-json"]
COMPARED = {"=": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
COUNTED = {"+": "+", "-": "-", "*": "*", "/": "/"}
# SQL of two geometries; the box is asked apart, because only that operator finds the index under row rights.
SPATIAL = {
    name: f"(%s && %s AND st_{name.removeprefix('s_')}(%s, %s))"
    for name in ("s_intersects", "s_within", "s_contains", "s_touches", "s_crosses", "s_overlaps", "s_equals")
} | {"s_disjoint": "NOT (%s && %s AND st_intersects(%s, %s))"}
# Moments a and b; of a span `lower` and `upper`, of an instant twice the same.
TEMPORAL = {
    "t_after": "{a0} > {b1}",
    "t_before": "{a1} < {b0}",
    "t_equals": "({a0} = {b0} AND {a1} = {b1})",
    "t_intersects": "({a0} <= {b1} AND {a1} >= {b0})",
    "t_disjoint": "({a0} > {b1} OR {a1} < {b0})",
    "t_during": "({a0} > {b0} AND {a1} < {b1})",
}
DEEPEST = 40
# The reader of text tries every bracket it cannot close in two ways: twelve within each other take it 20 ms, forty a year.
DEEPEST_BRACKETS = 12
LARGEST_BYTES = 20_000
WAY_OUT = "GET /api/ogc/collections/{layer}/queryables lists what may be asked; docs/ogc-api.md has examples."


def refused(detail: str) -> Malformed:
    """A filter that cannot be followed."""
    return Malformed(f"The filter cannot be read: {detail}", WAY_OUT, code="filter_malformed", what=detail)


def where(
    written: str, language: str, columns: Sequence[Column], geom: str, *, srid: int = 4326
) -> tuple[str, dict[str, Any]]:
    """
    SQL condition of a filter, and its parameters.

    Parameters
    ----------
    written
        The filter, in CQL2 text or CQL2 JSON.
    columns
        What may be asked; a name that is none of them is refused.
    geom
        SQL of the geometry, in the deployment's CRS.
    srid
        EPSG code of the coordinates in the filter, x before y.

    Raises
    ------
    Malformed
        When it is no CQL2, names what is not there, or compares what cannot be compared.
    """
    if len(written.encode()) > LARGEST_BYTES or "\0" in written:
        raise refused("it is too long, or holds a zero byte.")
    try:
        tree = _tree(written, language)
    except (cql2.ParseError, cql2.ValidationError, ValueError, TypeError) as fault:
        raise refused(" ".join(str(fault).split())[:300]) from None
    translation = _Translation({column.name: column for column in columns}, geom, srid)
    sql, kind = translation.of(tree, 0)
    if kind != "boolean":
        raise refused("it is no condition.")
    return sql, translation.values


def _tree(written: str, language: str) -> Any:
    if language == "cql2-json":
        # Read by orjson first: it refuses what is no JSON at all with a short word.
        return cql2.parse_json(orjson.dumps(orjson.loads(written)).decode()).to_json()
    if brackets_within(written) > DEEPEST_BRACKETS:
        raise refused(f"more than {DEEPEST_BRACKETS} brackets stand within each other.")
    return cql2.parse_text(written).to_json()


def brackets_within(written: str) -> int:
    """How many brackets are open at once, at most; what stands in quotes is none."""
    depth = deepest = 0
    quote = ""
    for letter in written:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in {"'", '"'}:
            quote = letter
        elif letter in "()":
            depth = max(0, depth + (1 if letter == "(" else -1))
            deepest = max(deepest, depth)
    return deepest


class _Translation:
    """One filter on its way to SQL: what it may name, and the values it has bound so far."""

    def __init__(self, columns: Mapping[str, Column], geom: str, srid: int) -> None:
        self.columns = columns
        self.geom = geom
        self.srid = srid
        self.values: dict[str, Any] = {}

    def bind(self, value: Any, type_: str) -> str:
        name = f"cql_{len(self.values)}"
        self.values[name] = value
        return f"CAST(:{name} AS {type_})"

    def of(self, node: Any, depth: int) -> tuple[str, str]:
        """SQL and kind of a node: text, number, boolean, date, timestamp or geometry."""
        if depth > DEEPEST:
            raise refused("it is nested too deeply.")
        if isinstance(node, dict):
            return self._thing(node, depth)
        if isinstance(node, bool):
            return self.bind(node, "boolean"), "boolean"
        if isinstance(node, int | float):
            return self.bind(float(node), "double precision"), "number"
        if isinstance(node, str):
            return self.bind(node, "text"), "text"
        raise refused(f"{node!r} has no meaning there.")

    def _thing(self, node: dict[str, Any], depth: int) -> tuple[str, str]:
        if "property" in node:
            return self._property(str(node["property"]))
        if "op" in node:
            return self._operation(str(node["op"]).lower(), list(node.get("args", [])), depth)
        if "date" in node:
            return self.bind(_read(dt.date.fromisoformat, node["date"]), "date"), "date"
        if "timestamp" in node:
            moment = _read(dt.datetime.fromisoformat, str(node["timestamp"]).replace("Z", "+00:00"))
            return self.bind(moment, "timestamptz"), "timestamp"
        return self._geometry(node), "geometry"

    def _property(self, name: str) -> tuple[str, str]:
        if name in {"geom", "geometry"}:
            return self.geom, "geometry"
        if name not in self.columns:
            raise refused(f"there is no property {name}.")
        column = self.columns[name]
        return f'v."{name}"', "number" if column.kind == "integer" else column.kind

    def _geometry(self, node: dict[str, Any]) -> str:
        if "bbox" in node:
            numbers = [float(part) for part in node["bbox"]]
            if len(numbers) != 4:
                raise refused("a box has four numbers.")
            corners = ", ".join(self.bind(number, "double precision") for number in numbers)
            made = f"st_makeenvelope({corners}, {self.srid})"
        elif {"type", "coordinates"} <= node.keys() or "geometries" in node:
            _finite(node)
            written = self.bind(orjson.dumps(node).decode(), "text")
            made = f"st_setsrid(st_geomfromgeojson({written}), {self.srid})"
        else:
            raise refused(f"{sorted(node)} has no meaning there.")
        return made if self.srid == SRID else f"st_transform({made}, {SRID})"

    def _operation(self, op: str, args: list[Any], depth: int) -> tuple[str, str]:
        makers: dict[str, Callable[[list[Any], int], str]] = {
            "and": lambda a, d: self._joined("AND", a, d),
            "or": lambda a, d: self._joined("OR", a, d),
            "not": lambda a, d: f"NOT {self._conditions(a, d, 1)[0]}",
            "isnull": lambda a, d: f"({self._parts(a, d, 1)[0][0]} IS NULL)",
            "between": self._between,
            "in": self._among,
            "like": self._like,
        }
        if op in makers:
            return makers[op](args, depth + 1), "boolean"
        if op in COMPARED:
            (left, kind), (right, other) = self._parts(args, depth + 1, 2)
            _comparable(kind, other)
            return f"({left} {COMPARED[op]} {right})", "boolean"
        if op in COUNTED:
            return self._counted(op, args, depth + 1), "number"
        if op in SPATIAL:
            one, two = self._all(args, depth + 1, 2, "geometry")
            return SPATIAL[op] % (one, two, one, two), "boolean"
        if op in TEMPORAL:
            (a0, a1), (b0, b1) = (self._span(each, depth + 1) for each in _exactly(args, 2))
            return TEMPORAL[op].format(a0=a0, a1=a1, b0=b0, b1=b1), "boolean"
        if op == "casei":
            return f"lower({self._all(args, depth + 1, 1, 'text')[0]})", "text"
        raise refused(f"{op} is not known here.")

    def _parts(self, args: list[Any], depth: int, wanted: int) -> list[tuple[str, str]]:
        return [self.of(each, depth) for each in _exactly(args, wanted)]

    def _all(self, args: list[Any], depth: int, wanted: int, kind: str) -> list[str]:
        parts = self._parts(args, depth, wanted)
        if any(found != kind for _, found in parts):
            raise refused(f"it asks for a {kind} where it gives {', '.join(found for _, found in parts)}.")
        return [sql for sql, _ in parts]

    def _conditions(self, args: list[Any], depth: int, wanted: int) -> list[str]:
        return self._all(args, depth, wanted, "boolean")

    def _joined(self, word: str, args: list[Any], depth: int) -> str:
        if not args:
            raise refused(f"{word} of nothing.")
        return f"({f' {word} '.join(self._conditions(args, depth, len(args)))})"

    def _between(self, args: list[Any], depth: int) -> str:
        (value, kind), (low, one), (high, two) = self._parts(args, depth, 3)
        _comparable(kind, one)
        _comparable(kind, two)
        return f"({value} BETWEEN {low} AND {high})"

    def _among(self, args: list[Any], depth: int) -> str:
        wanted, listed = _exactly(args, 2)
        if not isinstance(listed, list) or not listed:
            raise refused("IN asks for a list.")
        value, kind = self.of(wanted, depth)
        parts = [self.of(each, depth) for each in listed]
        for _, other in parts:
            _comparable(kind, other)
        return f"({value} IN ({', '.join(sql for sql, _ in parts)}))"

    def _like(self, args: list[Any], depth: int) -> str:
        pattern = _exactly(args, 2)[1]
        if isinstance(pattern, dict) and pattern.get("op") == "casei":
            (pattern,) = _exactly(list(pattern["args"]), 1)
        # A backslash at the very end escapes nothing, which PostgreSQL takes for a fault.
        if not isinstance(pattern, str) or (len(pattern) - len(pattern.rstrip("\\"))) % 2:
            raise refused("LIKE asks for a pattern in quotes that does not end on a lone backslash.")
        value, wanted = self._all(args, depth, 2, "text")
        return f"({value} LIKE {wanted})"

    def _counted(self, op: str, args: list[Any], depth: int) -> str:
        left, right = self._all(args, depth, 2, "number")
        return f"({left} / nullif({right}, 0))" if op == "/" else f"({left} {COUNTED[op]} {right})"

    def _span(self, node: Any, depth: int) -> tuple[str, str]:
        """Begin and end of a moment or an interval."""
        if isinstance(node, dict) and "interval" in node:
            ends = [self._end(each, depth, open_) for each, open_ in zip(
                _exactly(list(node["interval"]), 2), ("-infinity", "infinity"), strict=True
            )]  # fmt: skip
            return ends[0], ends[1]
        sql, kind = self.of(node, depth)
        if kind not in {"date", "timestamp"}:
            raise refused("it compares moments with what is none.")
        return sql, sql

    def _end(self, node: Any, depth: int, open_: str) -> str:
        if node == "..":
            return f"'{open_}'::timestamptz"
        if isinstance(node, str):
            return self.of({"timestamp" if "T" in node else "date": node}, depth)[0]
        return self._span(node, depth)[0]


def _exactly(args: list[Any], wanted: int) -> list[Any]:
    if len(args) != wanted:
        raise refused(f"{len(args)} values where {wanted} belong.")
    return args


def _read(reader: Callable[[str], Any], value: Any) -> Any:
    try:
        found = reader(str(value))
    except ValueError:
        raise refused(f"{value} is no moment.") from None
    if isinstance(found, dt.datetime) and found.tzinfo is None:
        return found.replace(tzinfo=dt.UTC)
    return found


def _comparable(kind: str, other: str) -> None:
    moments = {"date", "timestamp"}
    if kind == "geometry" or (kind != other and not {kind, other} <= moments):
        raise refused(f"{kind} cannot be compared with {other}.")


RINGS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
SHORTEST = {"LineString": 2, "MultiLineString": 2, "Polygon": 4, "MultiPolygon": 4}


def _finite(node: dict[str, Any]) -> None:
    """Hold a geometry against its type, so that PostGIS never meets one it stumbles over."""
    if node.get("type") not in RINGS:
        raise refused(f"geometry of type {node.get('type')} is not known here.")
    _nested(node["coordinates"], RINGS[node["type"]], SHORTEST.get(node["type"], 1), str(node["type"]))


def _nested(part: Any, depth: int, shortest: int, name: str) -> None:
    if not isinstance(part, list) or not part:
        raise refused(f"{name} without coordinates.")
    if depth:
        if depth == 1 and len(part) < shortest:
            raise refused(f"{name} with fewer than {shortest} positions.")
        if depth == 1 and shortest == 4 and part[0] != part[-1]:
            raise refused(f"{name} with a ring that is not closed.")
        for each in part:
            _nested(each, depth - 1, shortest, name)
    elif len(part) not in {2, 3} or not all(
        isinstance(n, int | float) and not isinstance(n, bool) and abs(n) < 1e9 for n in part
    ):
        raise refused(f"{name} with a position that is none.")
