"""A row in every table that belongs to a municipality and in every view of QGIS, also where the paper town has none."""

import re
from dataclasses import dataclass

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from api.db.session import get_engine
from migrations import rights
from tests.town_database import NIS

WAYS = {
    **{table: rights.OWN if way == rights.COMMON else way for table, (_, way) in rights.OF_A_SUBJECT.items()},
    **rights.OF_ALL,
}
VACANT = f"(SELECT min(id) FROM shop_unit_state WHERE nis_code = '{NIS}' AND state = 'vacant')"
RUN = "(SELECT id FROM current_run LIMIT 1)"
# What a row must say where its columns alone do not tell what is allowed, or a view asks more.
SAID: dict[str, dict[str, str]] = {
    "business_premises_record": {"geom": "(SELECT geom FROM parcel LIMIT 1)"},
    "legal_vacancy_record": {"geom": "(SELECT geom FROM parcel LIMIT 1)"},
    "area_figure": {"from_on": "'2025-01-01'", "to_on": "'2026-01-01'", "value": "1"},
    "case_document": {"name": "'x.pdf'"},
    "event": {
        "geom": "(SELECT geom FROM shop_unit LIMIT 1)",
        "area_geom": "(SELECT geom FROM parcel LIMIT 1)",
    },
    "event_effect": {"geom": "(SELECT geom FROM shop_unit LIMIT 1)"},
    "register_parcel": {"legal_vacancy_record_id": "(SELECT min(id) FROM legal_vacancy_record)"},
    "shop_unit_relation": {"to_unit_id": "(SELECT max(id) FROM shop_unit)"},
    "travel_speed": {"nis_code": f"'{NIS}'", "speed_kmh": "5"},
    "unit_consent": {"shop_unit_id": VACANT, "fields": "ARRAY['floor_area_m2']"},
    "vacancy_cluster": {"run_id": RUN},
    "score_profile": {
        "nis_code": f"'{NIS}'",
        "content": """'{"criteria": [{"code": "footfall", "weight": 1}]}'""",
    },
    "vacancy_outlook": {"run_id": RUN},
    "weather_hour": {"hour_at": "'2025-01-01 12:00+00'"},
}
MORE = (
    "UPDATE parking_zone SET area_geom = (SELECT geom FROM parcel LIMIT 1) WHERE id = (SELECT min(id) FROM parking_zone)",
    (
        "INSERT INTO vacancy_cluster (scan_id, label, units, vacant, expected, relative_risk, log_likelihood_ratio, p_value, "
        "null_model, geom) SELECT (SELECT min(id) FROM vacancy_scan), label, units, vacant, expected, relative_risk, "
        "log_likelihood_ratio, p_value, null_model, geom FROM vacancy_cluster LIMIT 1"
    ),
)
REQUIRED = """
SELECT attname AS name, format_type(atttypid, atttypmod) AS kind FROM pg_attribute
WHERE attrelid = CAST(:table AS regclass) AND attnum > 0 AND attnotnull AND NOT atthasdef AND attidentity = ''
"""
# Columns that lead to another table, one by one.
LEADING = """
SELECT a.attname AS name, format('(SELECT min(%I) FROM %s)', f.attname, c.confrelid::regclass) AS first
FROM pg_constraint c, unnest(c.conkey, c.confkey) AS k (here, there), pg_attribute a, pg_attribute f
WHERE c.conrelid = CAST(:table AS regclass) AND c.contype = 'f'
AND a.attrelid = c.conrelid AND a.attnum = k.here AND f.attrelid = c.confrelid AND f.attnum = k.there
"""
CHECKS = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = CAST(:table AS regclass) AND contype = 'c'"
BY_KIND = {
    "boolean": "true", "bytea": "'x'", "date": "current_date", "daterange": "daterange('2001-01-01', '2002-01-01')",
    "jsonb": "'{}'", "text": "'x'", "text[]": "'{}'", "timestamp with time zone": "now()", "uuid": "gen_random_uuid()",
}  # fmt: skip
SHAPES = {"Point": "SELECT geom FROM shop_unit LIMIT 1", "MultiPolygon": "SELECT geom FROM parcel LIMIT 1"}
LINES = "SELECT st_multi(geom) FROM street_segment LIMIT 1"


@dataclass(frozen=True)
class Known:
    """What the catalogue of the database says of a table."""

    required: dict[str, str]
    leading: dict[str, str]
    checks: str

    @classmethod
    def of(cls, connection: Connection, table: str) -> "Known":
        """Read it."""

        def asked(query: str) -> list[tuple[str, str]]:
            return [(row[0], row[1]) for row in connection.execute(text(query), {"table": table})]

        return cls(
            dict(asked(REQUIRED)),
            dict(asked(LEADING)),
            " ".join(connection.execute(text(CHECKS), {"table": table}).scalars()),
        )

    def value(self, name: str, kind: str) -> str:
        """SQL of a value that a required column takes."""
        if name == "nis_code":
            return f"'{NIS}'"
        if name in self.leading:
            return self.leading[name]
        if choices := re.search(rf"\b{name} = ANY \(ARRAY\['([^']+)'", self.checks):
            return f"'{choices[1]}'"
        if shape := re.match(r"geometry\((\w+)", kind):
            return f"({SHAPES.get(shape[1], LINES)})"
        return BY_KIND.get(kind, "1")


def empty_tables(connection: Connection) -> list[str]:
    """Tables without any row of the town."""
    town = f"ARRAY['{NIS}']"
    asked = " UNION ALL ".join(
        f"SELECT '{table}' WHERE NOT EXISTS (SELECT FROM {table} WHERE {rights.leads(way, town)})"
        for table, way in WAYS.items()
    )
    return list(connection.execute(text(asked)).scalars())


def fill_rest() -> None:
    """
    Write one row into each table that has none of the town.

    Raises
    ------
    DBAPIError
        When a table takes no row made of what the catalogue tells: what it asks more stands in SAID.
    """
    with get_engine().begin() as connection:
        # A row of one table makes one of another possible, or its trigger writes it.
        while waiting := empty_tables(connection):
            faults = [fault for table in waiting if (fault := _add(connection, table))]
            if len(faults) == len(waiting):
                raise faults[0]
        for statement in MORE:
            connection.execute(text(statement))


def _add(connection: Connection, table: str) -> DBAPIError | None:
    known = Known.of(connection, table)
    row = {name: known.value(name, kind) for name, kind in known.required.items()} | SAID.get(table, {})
    try:
        with connection.begin_nested():
            connection.execute(
                text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(row.values())})")
            )
    except DBAPIError as fault:
        return fault
    return None
