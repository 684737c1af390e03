"""What may be imported: table, key, and how staged columns become table columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Table, UniqueConstraint
from sqlalchemy.dialects import postgresql

import api.db.models  # noqa: F401 - fills Base.metadata
from api.db.base import SRID, Base

GENERATED = frozenset(
    {"id", "uid", "batch_id", "dataset_id", "received_at", "data_version", "street_version", "raw_from_at"}
)


@dataclass(frozen=True)
class Check:
    """One reason to refuse a staged row; `condition` is SQL over the staged row `s` and the joins."""

    condition: str
    column: str
    reason: str
    remedy: str


@dataclass(frozen=True)
class Target:
    """
    One kind of row.

    `key` are table columns; `extra` are staged columns that are not of the table, with their types;
    `values` give table columns that are computed (SQL over `s` and the joins); `insert_only` are columns that a
    file may give to a new row but that are ours once the row is there; `only` is SQL over the stored row `t` that
    says which one is meant where several have the key.
    """

    name: str
    key: tuple[str, ...]
    table_name: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    joins: str = ""
    checks: tuple[Check, ...] = ()
    insert_only: frozenset[str] = frozenset()
    is_area: bool = False
    only: str = ""

    @property
    def table(self) -> Table:
        """The SQLAlchemy table the rows go to."""
        return Base.metadata.tables[self.table_name or self.name]

    @property
    def columns(self) -> dict[str, str]:
        """Writable columns of the table with their PostgreSQL types."""
        dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
        return {
            column.name: column.type.compile(dialect=dialect)
            for column in self.table.columns
            if column.name not in GENERATED and column.computed is None
        }

    @property
    def staged(self) -> dict[str, str]:
        """Columns an importer may give, with their types."""
        own = {name: kind for name, kind in self.columns.items() if name not in self.values}
        return own | dict(self.extra)

    @property
    def indexed(self) -> frozenset[str]:
        """Columns that an index holds, and with it only texts of some length."""
        held = {column.name for index in self.table.indexes for column in index.columns}
        unique = (one for one in self.table.constraints if isinstance(one, UniqueConstraint))
        return frozenset({*self.key, *held, *(column.name for one in unique for column in one.columns)})

    @property
    def has_geometry(self) -> bool:
        """Does the row stand on the map?"""
        return "geom" in self.columns

    @property
    def has_municipality(self) -> bool:
        """Is the row owned by a municipality through its own column?"""
        return "nis_code" in self.columns and self.name != "municipality"


def _unknown(what: str, column: str, source: str) -> Check:
    return Check(
        "parent.id IS NULL",
        column,
        f"No {what} with this code in this municipality.",
        f"Import the {source} first, or correct the code.",
    )


_UNIT_JOIN = "LEFT JOIN shop_unit parent ON parent.nis_code = s.nis_code AND parent.local_code = s.local_code"
_UNIT_KEYS = {"nis_code": "text", "local_code": "text"}
_NO_UNIT = _unknown("shop unit", "local_code", "shop units")
# A file without dates was seen on the day it is imported, but only the first time: the same file again changes nothing.
_LAST_SEEN = (
    "coalesce(s.seen_on, parent.last_seen_on, "
    "CASE WHEN s.status IN ('occupied', 'vacant', 'non_retail') THEN current_date END)"
)
_SEEN_SINCE = Check(
    "s.seen_on < parent.last_seen_on",
    "seen_on",
    "Something newer is already known of this unit.",
    "Import the older file first, or leave the row out.",
)
# A unit by its code, else by its address: by its box too where the file has one, or where only one unit has none.
_EXPECTED_JOIN = """
LEFT JOIN LATERAL (
    SELECT CASE WHEN f.same_box = 1 THEN f.boxed ELSE f.first END AS id,
        CASE WHEN f.same_box = 1 THEN 1 ELSE f.met END AS met
    FROM (
        SELECT min(u.id) AS first, count(*) AS met, min(u.id) FILTER (WHERE u.box IS NOT DISTINCT FROM s.box) AS boxed,
            count(*) FILTER (WHERE u.box IS NOT DISTINCT FROM s.box) AS same_box
        FROM shop_unit u
        WHERE u.nis_code = s.nis_code AND u.lifecycle = 'active' AND (
            u.local_code = s.local_code OR (
                s.local_code IS NULL AND u.house_number = s.house_number AND street_key(u.street) = street_key(s.street)
                AND coalesce(upper(u.house_number_suffix), '') = coalesce(upper(s.house_number_suffix), '')
                AND (s.box IS NULL OR u.box = s.box)
            )
        )
    ) f
) parent ON true
LEFT JOIN LATERAL (
    SELECT x.id, x.expected_on, x.removed_at FROM expected_vacancy x
    WHERE x.shop_unit_id = parent.id AND x.kind = s.kind ORDER BY x.removed_at IS NOT NULL, x.id DESC LIMIT 1
) known ON true
"""
_LATEST_EXPECTED = (
    "t.id = (SELECT x.id FROM expected_vacancy x WHERE x.shop_unit_id = t.shop_unit_id AND x.kind = t.kind "
    "ORDER BY x.removed_at IS NOT NULL, x.id DESC LIMIT 1)"
)
_EXPECTED_CHECKS = (
    Check(
        "s.local_code IS NOT NULL AND parent.met = 0",
        "local_code",
        "No active shop unit with this code in this municipality.",
        "Import the shop units first, or correct the code.",
    ),
    Check(
        "s.local_code IS NULL AND parent.met = 0",
        "street",
        "No active shop unit at this address.",
        "Correct street, number or box, or give the code of the unit.",
    ),
    Check(
        "parent.met > 1",
        "street",
        "Several shop units stand at this address.",
        "Give the box, or the code of the unit.",
    ),
    Check(
        "known.id IS NULL AND EXISTS (SELECT 1 FROM shop_unit_state v WHERE v.id = parent.id AND v.state = 'vacant')",
        "street",
        "The unit stands empty already.",
        "Leave the row out: only units that still trade are expected to fall empty.",
    ),
)
_BORDER_JOIN = "LEFT JOIN municipality home ON home.nis_code = s.nis_code"
_POSTCODE = Check(
    "cardinality(home.postcodes) > 0 AND s.postcode <> ALL (home.postcodes)",
    "postcode",
    "The postcode is not one of this municipality.",
    "Correct it, or import the row for its own municipality.",
)

_EARLIER_UNIT = (
    "(SELECT f.id FROM shop_unit f WHERE f.nis_code = s.nis_code AND f.local_code = s.moved_from_local_code)"
)
# A file that does not say it takes nothing back from what a person confirmed.
_MOVED_FROM = (
    f"coalesce({_EARLIER_UNIT}, (SELECT o.moved_from_unit_id FROM occupancy o WHERE o.shop_unit_id = parent.id "
    "AND o.period = daterange(s.from_on, s.to_on)))"
)
_NO_EARLIER_UNIT = Check(
    f"s.moved_from_local_code IS NOT NULL AND ({_EARLIER_UNIT} IS NULL OR {_EARLIER_UNIT} = parent.id)",
    "moved_from_local_code",
    "No other shop unit with this code in this municipality.",
    "Correct the code of the unit that was left, or leave it empty.",
)

# An importer tells what it saw as bits: 1 the sensor was mostly off, 2 the hour that the clock shows twice.
IMPORTED_FLAG = "CASE WHEN s.quality_flag & 2 <> 0 THEN 11 WHEN s.quality_flag & 1 <> 0 THEN 9 ELSE 0 END"

_LIST = (
    Target("municipality", ("nis_code",), is_area=True),
    Target("neighbourhood", ("nis_code", "code"), is_area=True),
    Target("core", ("nis_code", "code"), is_area=True),
    Target("parcel", ("nis_code", "capakey"), is_area=True),
    Target("building", ("nis_code", "source_key"), is_area=True),
    Target("backdrop", ("nis_code", "source_key"), is_area=True),
    Target("street_segment", ("nis_code", "source_key")),
    Target("stat_sector", ("code", "year"), is_area=True),
    Target("sector_stat", ("sector_code", "year", "key")),
    Target("place_hint", ("nis_code", "source_key")),
    Target("public_place", ("nis_code", "source_key")),
    Target(
        "shop_unit",
        ("nis_code", "local_code"),
        extra={
            "status": "text",
            "occupant_name": "text",
            "branch_code": "text",
            "branch_text": "text",
            "is_chain": "boolean",
            "is_anchor": "boolean",
            "vacant_since": "date",
            "market_status": "text",
            "asking_rent_eur_per_month": "double precision",
            "seen_on": "date",
            "moved_from_local_code": "text",
        },
        values={"last_seen_on": _LAST_SEEN},
        joins=_UNIT_JOIN,
        checks=(_SEEN_SINCE,),
    ),
    Target(
        "shop_unit_relation",
        ("from_unit_id", "to_unit_id"),
        extra={"nis_code": "text", "from_local_code": "text", "to_local_code": "text"},
        values={"from_unit_id": "parent.id", "to_unit_id": "later.id"},
        joins="LEFT JOIN shop_unit parent ON parent.nis_code = s.nis_code AND parent.local_code = s.from_local_code "
        "LEFT JOIN shop_unit later ON later.nis_code = s.nis_code AND later.local_code = s.to_local_code",
        checks=(
            Check(
                "parent.id IS NULL OR later.id IS NULL",
                "from_local_code",
                "One of the two shop units is not known.",
                "Import the shop units first.",
            ),
        ),
    ),
    Target(
        "occupancy",
        ("shop_unit_id", "period"),
        extra={**_UNIT_KEYS, "from_on": "date", "to_on": "date", "moved_from_local_code": "text"},
        values={
            "shop_unit_id": "parent.id",
            "period": "daterange(s.from_on, s.to_on)",
            "moved_from_unit_id": _MOVED_FROM,
        },
        joins=_UNIT_JOIN,
        checks=(_NO_UNIT, _NO_EARLIER_UNIT),
    ),
    Target(
        "vacancy_spell",
        ("shop_unit_id", "start_latest_on"),
        extra=_UNIT_KEYS,
        values={"shop_unit_id": "parent.id"},
        joins=_UNIT_JOIN,
        checks=(_NO_UNIT,),
    ),
    Target("series_break", ("nis_code", "breaks_on", "kind")),
    Target(
        "expected_vacancy",
        ("shop_unit_id", "kind"),
        extra=dict.fromkeys(("local_code", "street", "house_number", "house_number_suffix", "box"), "text"),
        # What a person put away stays away, until a file names another day.
        values={
            "shop_unit_id": "parent.id",
            "removed_at": "CASE WHEN s.expected_on IS NOT DISTINCT FROM known.expected_on THEN known.removed_at END",
        },
        joins=_EXPECTED_JOIN,
        checks=_EXPECTED_CHECKS,
        only=_LATEST_EXPECTED,
    ),
    Target(
        "footfall_sensor",
        ("nis_code", "code"),
        extra={"local_code": "text", "instrument": "text"},
        values={
            # A file that does not know the instrument takes nothing back.
            "instrument": "coalesce(nullif(s.instrument, 'unknown'), stored.instrument)",
            "shop_unit_id": "CASE WHEN s.measure_kind = 'entries' THEN coalesce(parent.id, stored.shop_unit_id) END",
        },
        joins=f"{_UNIT_JOIN} LEFT JOIN footfall_sensor stored ON stored.nis_code = s.nis_code AND stored.code = s.code",
        checks=(
            Check(
                "s.local_code IS NOT NULL AND parent.id IS NULL",
                "local_code",
                "No shop unit with this code in this municipality.",
                "Import the shop units first, or correct the code of the unit at whose door it counts.",
            ),
            Check(
                "s.local_code IS NOT NULL AND s.measure_kind IS DISTINCT FROM 'entries'",
                "measure_kind",
                "Only a sensor that counts entries hangs at the door of a shop unit.",
                "Give it measure_kind entries, or leave the shop unit empty.",
            ),
            Check(
                "stored.raw_from_at IS NOT NULL AND s.measure_kind <> stored.measure_kind",
                "measure_kind",
                "What it measures cannot be changed: its older single readings were dropped.",
                "Add a new sensor, with another code, for the other measure.",
            ),
        ),
    ),
    Target(
        "footfall_count",
        ("sensor_id", "start_at", "mode", "direction"),
        extra={"nis_code": "text", "sensor_code": "text", "quality_flag": "smallint"},
        values={"sensor_id": "parent.id", "quality_flag": IMPORTED_FLAG},
        joins="LEFT JOIN footfall_sensor parent ON parent.nis_code = s.nis_code AND parent.code = s.sensor_code",
        checks=(
            _unknown("sensor", "sensor_code", "sensors"),
            Check(
                "s.start_at < parent.raw_from_at",
                "start_at",
                "Single readings of that time were dropped; their sums per hour and day are kept.",
                "Leave the row out: what was counted then is known.",
            ),
        ),
        # A refresh flags the counts; the same file again must not take that back.
        insert_only=frozenset({"quality_flag"}),
    ),
    Target("manual_count", ("nis_code", "code", "start_at", "mode")),
    Target("area_figure", ("nis_code", "kind", "area", "from_on", "to_on", "origin", "branch_group", "unit")),
    Target("weather_hour", ("nis_code", "hour_at", "issued_at")),
    Target("parking_zone", ("nis_code", "code")),
    Target(
        "parking_observation",
        ("parking_zone_id", "observed_at"),
        extra={"nis_code": "text", "zone_code": "text"},
        values={"parking_zone_id": "parent.id"},
        joins="LEFT JOIN parking_zone parent ON parent.nis_code = s.nis_code AND parent.code = s.zone_code",
        checks=(_unknown("parking zone", "zone_code", "parking zones"),),
    ),
    Target(
        "event",
        ("nis_code", "code"),
        # What somebody removed by hand stays removed when its file comes again.
        values={
            "removed_at": "(SELECT e.removed_at FROM event e WHERE e.nis_code = s.nis_code AND e.code = s.code)"
        },
    ),
    Target("former_parcel", ("nis_code", "capakey"), is_area=True),
    Target("legal_vacancy_record", ("nis_code", "record_key"), joins=_BORDER_JOIN, checks=(_POSTCODE,)),
    Target("business_premises_record", ("nis_code", "record_key"), joins=_BORDER_JOIN, checks=(_POSTCODE,)),
    Target(
        "company_establishment",
        ("nis_code", "establishment_number"),
        joins="LEFT JOIN company_establishment parent ON parent.nis_code = s.nis_code "
        "AND parent.establishment_number = s.establishment_number",
        checks=(
            Check(
                "s.snapshot_on < parent.snapshot_on",
                "snapshot_on",
                "A newer extract told of this establishment already.",
                "Import the older extract first, or leave it out.",
            ),
        ),
    ),
)

TARGETS: dict[str, Target] = {target.name: target for target in _LIST}
GEOMETRY_SRID = SRID
