import geopandas as gpd
import pandas as pd
import psycopg
import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.db.session import get_engine
from tests import town
from tests.api.register import changes, refusals, rows_in, whole_tables
from tests.town_database import (
    EMPTY_NIS,
    NIS,
    count_rows,
    import_in,
    import_readings,
    reading,
    register_rows,
    rows,
    shop_unit_rows,
    town_readings,
)

X, Y = town.ORIGIN


def parcels(**columns) -> gpd.GeoDataFrame:
    """Parcels of 10 x 10 m beside each other, named after their order."""
    n = len(next(iter(columns.values())))
    shapes = [shapely.box(X + 10 * i, Y + 100, X + 10 * i + 10, Y + 110) for i in range(n)]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=town.CRS)


def one(session: Session, target: str, frame: pd.DataFrame, **options):
    batch = import_in(session, [reading(target, frame)], **options)
    return batch, batch.outcomes[target]


def test_every_kind_of_row_was_added_once(session):
    counted = {
        table: rows_in(session, f"SELECT count(*) FROM {table}")[0][0]
        for table in (
            "street_segment",
            "building",
            "parcel",
            "shop_unit",
            "footfall_sensor",
            "parking_zone",
            "core",
        )
    }
    assert counted == {
        "street_segment": 5,
        "building": 4,
        "parcel": 12,
        "shop_unit": 12,
        "footfall_sensor": 3,
        "parking_zone": 3,
        "core": 1,
    }
    # Twelve weeks of three sensors; the hour that the clock skips at the end of March does not exist.
    assert rows_in(session, "SELECT count(*) FROM footfall_count") == [(3 * (12 * 168 - 1),)]
    assert rows_in(session, "SELECT count(*) FROM parking_observation") == [(2 * 240,)]


def test_the_same_rows_twice_change_nothing_although_a_refresh_came_between(session):
    before = whole_tables(session)
    batch = import_in(session, town_readings())
    assert whole_tables(session) == before
    for target, outcome in batch.outcomes.items():
        assert (outcome.added, outcome.changed, outcome.refused) == (0, 0, 0), target
        assert outcome.unchanged == outcome.read > 0, target
    assert changes(session, batch.id) == []


def test_the_same_survey_twice_changes_nothing(session):
    before = whole_tables(session)
    batch, outcome = one(session, "shop_unit", shop_unit_rows())
    assert whole_tables(session) == before
    assert (outcome.unchanged, outcome.changed) == (12, 0)
    assert changes(session, batch.id) == []


def test_rows_in_many_chunks_are_the_rows_in_one(session):
    before = whole_tables(session)
    batch = import_in(session, [reading("footfall_count", count_rows(), chunk_rows=500)])
    assert whole_tables(session) == before
    assert batch.outcomes["footfall_count"].unchanged == 3 * (12 * 168 - 1)


def test_a_newer_file_is_an_update_with_a_list_of_what_changed(session):
    newer = register_rows()
    newer.loc[newer["local_code"] == "H1", "floor_area_m2"] = 130
    batch, outcome = one(session, "shop_unit", newer)
    assert (outcome.changed, outcome.unchanged) == (1, 11)
    assert changes(session, batch.id) == [("shop_unit", {"floor_area_m2": 100}, {"floor_area_m2": 130})]
    assert rows_in(session, "SELECT floor_area_m2 FROM shop_unit WHERE local_code = 'H1'") == [(130,)]


def test_the_outcomes_of_two_readings_of_one_kind_are_added_up(session):
    first, second = register_rows().iloc[:6], register_rows().iloc[6:]
    first = first.assign(floor_area_m2=first["floor_area_m2"].fillna(0) + 1)
    batch = import_in(session, [reading("shop_unit", first), reading("shop_unit", second)])
    assert batch.outcomes["shop_unit"].as_dict() == {
        "read": 12,
        "added": 0,
        "changed": 6,
        "unchanged": 6,
        "refused": 0,
        "outside": 0,
    }


def test_a_column_that_the_file_does_not_have_is_left_alone(session):
    one(session, "shop_unit", register_rows().drop(columns=["floor_area_m2", "street"]))
    assert rows_in(session, "SELECT floor_area_m2, street FROM shop_unit WHERE local_code = 'H1'") == [
        (100, "High Street")
    ]


def test_an_empty_cell_empties_what_may_be_empty(session):
    newer = register_rows().assign(floor_area_m2=float("nan"))
    _, outcome = one(session, "shop_unit", newer)
    # H6 had no floor area in the first place.
    assert (outcome.changed, outcome.unchanged) == (11, 1)
    assert rows_in(session, "SELECT count(floor_area_m2) FROM shop_unit") == [(0,)]


def test_an_empty_cell_of_what_must_hold_something_takes_the_default_every_time(session):
    zones = gpd.GeoDataFrame(
        {"code": ["P8"], "kind": pd.Series([None], dtype=object)},
        geometry=[shapely.Point(X, Y)],
        crs=town.CRS,
    )
    _, first = one(session, "parking_zone", zones)
    _, again = one(session, "parking_zone", zones)
    assert (first.added, again.unchanged) == (1, 1)
    assert rows_in(session, "SELECT kind, regime FROM parking_zone WHERE code = 'P8'") == [
        ("street", "unknown")
    ]


def test_rows_get_their_keys_in_the_order_of_the_file(session):
    one(session, "parcel", parcels(capakey=[f"P{n}" for n in range(9)]))
    found = rows_in(session, "SELECT capakey FROM parcel WHERE capakey LIKE 'P_' ORDER BY id")
    assert found == [(f"P{n}",) for n in range(9)]


def test_a_moved_geometry_is_a_change_and_is_stored_to_the_last_bit(session):
    moved = town.parcels().reset_index(drop=True).iloc[:1]
    moved = moved.set_geometry(moved.geometry.translate(1 / 3, 1e-9))
    _, outcome = one(session, "parcel", moved)
    assert outcome.changed == 1
    (stored,) = rows_in(
        session,
        "SELECT encode(st_asbinary(geom), 'hex') FROM parcel WHERE capakey = :key",
        key=moved["capakey"].iloc[0],
    )
    assert shapely.from_wkb(stored[0]).geoms[0].equals_exact(moved.geometry.iloc[0], 0)


def test_a_polygon_becomes_a_multipolygon_and_a_height_is_dropped(session):
    tall = parcels(capakey=["Z1"])
    tall = tall.set_geometry(shapely.force_3d(tall.geometry.to_numpy(), 7.0))
    one(session, "parcel", tall)
    stored = "SELECT geometrytype(geom), st_ndims(geom), area_m2 FROM parcel WHERE capakey = 'Z1'"
    assert rows_in(session, stored) == [("MULTIPOLYGON", 2, pytest.approx(100))]


def test_the_second_of_two_rows_with_one_key_is_refused_with_its_row_number(session):
    batch, outcome = one(session, "parcel", parcels(capakey=["A", "B", "A", "A"], canu=["1", "2", "3", "4"]))
    assert (outcome.read, outcome.added, outcome.refused) == (4, 2, 2)
    told = refusals(session, batch.id)
    assert [(number, column, value) for number, column, value, _ in told] == [
        (3, "capakey", "A"),
        (4, "capakey", "A"),
    ]
    assert "twice" in told[0][3]
    assert rows_in(session, "SELECT canu FROM parcel WHERE capakey = 'A'") == [("1",)]


def test_a_count_of_a_sensor_that_nobody_knows_is_refused_with_the_way_out(session):
    counts = pd.DataFrame(
        {
            "sensor_code": ["high", "mystery"],
            "start_at": pd.to_datetime(["2025-06-01T10:00Z", "2025-06-01T10:00Z"]),
            "mode": "ped",
            "direction": "both",
            "minutes": 60,
            "value": [5.0, 6.0],
        }
    )
    batch, outcome = one(session, "footfall_count", counts)
    assert (outcome.added, outcome.refused) == (1, 1)
    (told,) = rows_in(
        session,
        "SELECT row_number, column_name, value, reason, remedy FROM import_refusal WHERE batch_id = :id",
        id=batch.id,
    )
    assert told[:3] == (2, "sensor_code", "mystery")
    assert "No sensor" in told[3]
    assert "Import the sensors first" in told[4]


def test_counts_of_a_new_year_make_their_own_partition(session):
    counts = pd.DataFrame(
        {
            "sensor_code": "high",
            "start_at": pd.to_datetime(["2031-12-31T23:00Z", "2032-01-01T00:00Z"]),
            "mode": "ped",
            "direction": "both",
            "minutes": 60,
            "value": 5.0,
        }
    )
    _, outcome = one(session, "footfall_count", counts)
    assert outcome.added == 2
    found = rows_in(
        session,
        "SELECT DISTINCT tableoid::regclass::text FROM footfall_count WHERE start_at > '2031-01-01' ORDER BY 1",
    )
    assert found == [("footfall_count_y2031",), ("footfall_count_y2032",)]


def test_rows_of_another_municipality_are_left_out_and_counted(session):
    _, outcome = one(session, "parcel", parcels(capakey=["A", "B", "C"], nis_code=[NIS, EMPTY_NIS, None]))
    assert (outcome.read, outcome.added, outcome.outside, outcome.refused) == (3, 2, 1, 0)
    assert rows_in(
        session, "SELECT capakey, nis_code FROM parcel WHERE capakey IN ('A', 'B', 'C') ORDER BY 1"
    ) == [
        ("A", NIS),
        ("C", NIS),
    ]


def test_areas_beyond_the_border_are_left_out(session):
    far = parcels(capakey=["near", "far"])
    far.loc[1, "geometry"] = shapely.box(X + 5000, Y, X + 5010, Y + 10)
    _, outcome = one(session, "parcel", far)
    assert (outcome.added, outcome.outside) == (1, 1)
    assert rows_in(session, "SELECT 1 FROM parcel WHERE capakey = 'far'") == []


def test_without_a_municipality_rows_are_placed_by_where_they_lie(session):
    frame = parcels(capakey=["inside", "nowhere"])
    frame.loc[1, "geometry"] = shapely.box(X + 5000, Y, X + 5010, Y + 10)
    batch, outcome = one(session, "parcel", frame, nis=None)
    assert (outcome.added, outcome.refused) == (1, 1)
    assert rows_in(session, "SELECT nis_code FROM parcel WHERE capakey = 'inside'") == [(NIS,)]
    ((number, column, _, reason),) = refusals(session, batch.id)
    assert (number, column) == (2, "nis_code")
    assert "no municipality" in reason


def test_what_became_of_the_rows_is_stored_with_the_batch(session):
    batch, _ = one(session, "parcel", parcels(capakey=["A", "A"]), source="cadastre")
    (stored,) = rows_in(
        session,
        "SELECT b.source, b.nis_code, b.counts, b.state, d.code FROM import_batch b JOIN dataset d ON d.id = b.dataset_id "
        "WHERE b.id = :id",
        id=batch.id,
    )
    counts = {"read": 2, "added": 1, "changed": 0, "unchanged": 0, "refused": 1, "outside": 0}
    assert stored == ("cadastre", NIS, {"parcel": counts}, "done", "cadastre")
    assert rows_in(session, "SELECT batch_id FROM parcel WHERE capakey = 'A'") == [(batch.id,)]


def test_a_row_without_what_every_row_needs_is_refused_and_one_that_is_known_keeps_it(session):
    sensors = gpd.GeoDataFrame(
        {"code": ["high", "new"], "instrument": "radar", "measure_kind": "passage", "interval_min": 15},
        geometry=[shapely.Point(X, Y)] * 2,
        crs=town.CRS,
    )
    named = "SELECT name FROM footfall_sensor WHERE code = 'high'"
    before = rows_in(session, named)
    batch, outcome = one(session, "footfall_sensor", sensors)
    assert (outcome.added, outcome.changed, outcome.refused) == (0, 1, 1)
    assert [told[:3] for told in refusals(session, batch.id)] == [(2, "name", None)]
    assert rows_in(session, named) == before


def test_what_no_column_can_hold_is_refused_with_its_row_and_column(session):
    batch, outcome = one(
        session,
        "parcel",
        parcels(capakey=["A", "B", "C" * 501, "D\x00"], version=[1, 1e18, 1, 2**31 - 1]),
    )
    assert (outcome.read, outcome.added, outcome.refused) == (4, 2, 2)
    told = refusals(session, batch.id)
    assert [one[:2] for one in told] == [(2, "version"), (3, "capakey")]
    assert "501" not in told[1][3]
    assert "500 signs" in told[1][3]
    stored = "SELECT version FROM parcel WHERE capakey IN ('A', 'D') ORDER BY capakey"
    assert rows_in(session, stored) == [(1,), (2**31 - 1,)]


def test_a_row_that_the_database_refuses_leaves_nothing_of_its_file(own_town):
    with Session(get_engine()) as looking:
        before = whole_tables(looking)
    bad = gpd.GeoDataFrame(
        {"code": ["P8", "P9"], "capacity": [5, -1]}, geometry=[shapely.Point(X, Y)] * 2, crs=town.CRS
    )
    with pytest.raises(psycopg.errors.CheckViolation, match="ck_parking_zone_capacity"):
        import_readings([reading("parcel", parcels(capakey=["A"])), reading("parking_zone", bad)])
    with Session(get_engine()) as looking:
        assert whole_tables(looking) == before
    assert rows("SELECT count(*) FROM import_batch") == [(2,)]


def test_texts_with_quotes_semicolons_and_line_ends_arrive_as_they_are(session):
    name = 'Bij "Tante Ann\'e"; 50% \\ korting,\nhoek\tplein — é €'
    one(
        session,
        "core",
        gpd.GeoDataFrame(
            {"code": ["Q"], "name": [name]}, geometry=[shapely.box(X, Y, X + 9, Y + 9)], crs=town.CRS
        ),
    )
    assert rows_in(session, "SELECT name FROM core WHERE code = 'Q'") == [(name,)]


def test_an_empty_text_and_an_unknown_text_are_not_the_same(session):
    one(session, "parcel", parcels(capakey=["E", "U"], canu=["", None]))
    assert rows_in(session, "SELECT canu FROM parcel WHERE capakey IN ('E', 'U') ORDER BY capakey") == [
        ("",),
        (None,),
    ]


def test_a_frame_without_rows_writes_nothing(session):
    before = whole_tables(session)
    _, outcome = one(session, "parcel", parcels(capakey=["A"]).iloc[:0])
    assert outcome.read == 0
    assert whole_tables(session) == before


def test_a_municipality_can_be_brought_up_to_date_by_import(session):
    raised = "SELECT data_version FROM municipality WHERE nis_code = :nis"
    (before,) = rows_in(session, raised, nis=NIS)
    border = gpd.GeoDataFrame(
        {"nis_code": [NIS], "name_nl": ["Papierstad aan Zee"], "postcodes": [["9999", "9998"]]},
        geometry=[shapely.box(X - 300, Y - 300, X + 1000, Y + 700)],
        crs=town.CRS,
    )
    _, outcome = one(session, "municipality", border, nis=None)
    assert outcome.changed == 1
    found = rows_in(
        session, "SELECT name_nl, postcodes, population FROM municipality WHERE nis_code = :nis", nis=NIS
    )
    assert found == [("Papierstad aan Zee", ["9999", "9998"], 1300)]
    (after,) = rows_in(session, raised, nis=NIS)
    assert after > before


def test_a_new_border_places_nothing_twice(session):
    count = "SELECT count(*) FROM shop_unit WHERE core_id IS NOT NULL"
    before = rows_in(session, count)
    session.execute(text("UPDATE shop_unit SET core_id = NULL, parcel_id = NULL"))
    import_in(session, [reading("shop_unit", register_rows())])
    assert rows_in(session, count) == before == [(7,)]
