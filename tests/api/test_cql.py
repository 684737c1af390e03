import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.errors import Malformed
from api.export import cql
from api.export.columns import Column
from tests.api.conftest import good, problem
from tests.town_database import NIS, rows

COLUMNS = (
    Column("state", "text", "text", "", None),
    Column("area", "number", "double precision", "", None),
    Column("seen", "date", "date", "", None),
    Column("at", "timestamp", "timestamp with time zone", "", None),
    Column("is_open", "boolean", "boolean", "", None),
)


def sql(written, language="cql2-text"):
    return cql.where(written, language, COLUMNS, "v.geom")


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("state = 'vacant'", "state = 'vacant'"),
        ("state <> 'vacant'", "state <> 'vacant'"),
        ("floor_area_m2 > 60 AND state IN ('vacant', 'occupied')", "floor_area_m2 > 60 AND state IN ('vacant', 'occupied')"),
        ("floor_area_m2 BETWEEN 50 AND 90", "floor_area_m2 BETWEEN 50 AND 90"),
        ("floor_area_m2 * 2 >= 150", "floor_area_m2 * 2 >= 150"),
        ("local_code LIKE 'H%'", "local_code LIKE 'H%'"),
        ("local_code NOT LIKE 'H%'", "local_code NOT LIKE 'H%'"),
        ("CASEI(local_code) = CASEI('h1')", "lower(local_code) = 'h1'"),
        ("vacant_latest_on IS NULL", "vacant_latest_on IS NULL"),
        ("vacant_latest_on IS NOT NULL", "vacant_latest_on IS NOT NULL"),
        ("NOT (state = 'vacant' OR state = 'occupied')", "NOT (state = 'vacant' OR state = 'occupied')"),
        ("T_AFTER(last_seen_on, DATE('2020-01-01'))", "last_seen_on > DATE '2020-01-01'"),
        ("T_DURING(last_seen_on, INTERVAL('2000-01-01', '..'))", "last_seen_on > DATE '2000-01-01'"),
        ("last_seen_on <= DATE('2020-01-01')", "last_seen_on <= DATE '2020-01-01'"),
        ("S_INTERSECTS(geometry, BBOX(2, 50, 4, 52))", "st_intersects(st_transform(geom, 4326), st_makeenvelope(2, 50, 4, 52, 4326))"),
        ("S_DISJOINT(geometry, POINT(2 50))", "true"),
    ],
)  # fmt: skip
def test_a_filter_finds_what_the_same_question_finds_in_sql(client, town, written, wanted):
    known = rows(f"SELECT count(*) AS n FROM qgis.shop_unit WHERE nis_code = :nis AND ({wanted})", nis=NIS)[
        0
    ].n
    about = client.get("/api/exports/layers/shop-units", params={"municipality": NIS, "filter": written})
    assert good(about)["rows"] == known


def test_the_same_filter_in_json_is_the_same_sql():
    tree = {
        "op": "and",
        "args": [
            {"op": "=", "args": [{"property": "state"}, "x"]},
            {"op": ">", "args": [{"property": "area"}, 3]},
        ],
    }
    assert sql(json.dumps(tree), "cql2-json") == sql("state = 'x' AND area > 3")


@pytest.mark.parametrize(
    "written",
    [
        "", "state", "state =", "nobody = 1", "state = 3", "area = 'x'", "seen = 'x'", "seen = 3", "is_open > 2",
        "batch_id = 1", "v.state = 'x'", "state = 'x'; DROP TABLE parcel", "pg_sleep(9) = 1", "area + state > 1",
        "state LIKE 'x\\'", "state LIKE state", "T_AFTER(state, DATE('2020-01-01'))", "seen > DATE('2020-99-01')",
        "at > TIMESTAMP('never')", "S_INTERSECTS(state, POINT(1 2))", "S_INTERSECTS(geometry, LINESTRING(1 2))",
        "geometry = geometry", "S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 2 2, 3 9)))", "area IN ()",
        "area BETWEEN 1 AND 'x'", "NOT area", "A_CONTAINS(state, ('x'))",
        "(" * 60 + "area = 1" + ")" * 60 + " AND " + "x" * 21_000,
    ],
)  # fmt: skip
def test_what_cannot_be_followed_is_refused_with_the_way_out(written):
    with pytest.raises(Malformed) as refused:
        sql(written)
    assert "queryables" in refused.value.way_out


@pytest.mark.parametrize("tree", ["[]", "3", "null", '"x"', "{", '{"op":"and","args":[]}', '{"op":"=","args":[1]}', '{"property":"area"}', '{"op":"not","args":[{"op":"not"}]}', '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":["a"]}]}', '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Polygon","coordinates":[]}]}'])  # fmt: skip
def test_json_that_is_no_filter_is_refused(tree):
    with pytest.raises(Malformed):
        sql(tree, "cql2-json")


def test_values_are_bound_and_never_written_into_the_sql():
    text, values = sql("state = 'x'' OR 1=1 --' AND area > 12345")
    assert "OR 1=1" not in text
    assert "12345" not in text
    assert set(values.values()) == {"x' OR 1=1 --", 12345.0}


NAMES = st.sampled_from(["state", "floor_area_m2", "last_seen_on", "geometry", "nobody"])
VALUES = st.sampled_from(
    ["'x'", "1", "1e308", "DATE('2020-01-01')", "TRUE", "POINT(3 50)", "POINT(1e9 1e9)", "BBOX(-180,-90,180,90)", "'é''%_\\\\'", "INTERVAL('..','2020-01-01')"]
)  # fmt: skip
OPS = st.sampled_from(["{a} = {b}", "{a} > {b}", "{a} LIKE {b}", "{a} IN ({b}, {b})", "S_INTERSECTS({a}, {b})", "T_DURING({a}, {b})", "{a} * 1e300 > {b}", "{a} / 0 > {b}", "NOT ({a} = {b} OR {a} IS NULL)"])  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(a=NAMES, b=VALUES, op=OPS)
def test_no_filter_is_a_fault_of_ours(client, town, a, b, op):
    asked = {"municipality": NIS, "filter": op.format(a=a, b=b)}
    answer = client.get("/api/exports/layers/shop-units", params=asked)
    if answer.status_code != 200:
        problem(answer, 422)
