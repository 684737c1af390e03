import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.db.store import UndoRefused, undo_batch
from tests import town
from tests.api.conftest import writable_session
from tests.api.register import KEPT, periods, rows_in, whole_tables
from tests.conftest import use_database
from tests.town_database import (
    NIS,
    count_rows,
    import_in,
    reading,
    register_rows,
    shop_unit_rows,
    town_readings,
)

X, Y = town.ORIGIN
NEXT_YEAR = town.TODAY.replace(year=town.TODAY.year + 1)


def core(code: str, *box: float) -> gpd.GeoDataFrame:
    west, south, east, north = box
    shape = shapely.box(X + west, Y + south, X + east, Y + north)
    return gpd.GeoDataFrame(
        {"code": [code], "name": [code], "area_type": ["trading_core"]}, geometry=[shape], crs=town.CRS
    )


def new_zone(code: str, capacity: int) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"code": [code], "capacity": [capacity]}, geometry=[shapely.Point(X, Y)], crs=town.CRS
    )


def batch_of(session: Session, target: str, frame: pd.DataFrame, **options) -> int:
    return import_in(session, [reading(target, frame)], **options).id


def test_undoing_everything_leaves_empty_tables(session):
    (survey,), (register,) = rows_in(session, "SELECT id FROM import_batch ORDER BY id DESC")
    undo_batch(session, survey)
    report = undo_batch(session, register)
    left = whole_tables(session)
    assert {name: len(left[name]) for name in KEPT if left[name]} == {}
    assert report["removed footfall_count"] == 3 * (12 * 168 - 1)
    assert report["removed shop_unit"] == 12
    assert rows_in(session, "SELECT DISTINCT state FROM import_batch") == [("undone",)]


def test_undoing_an_update_restores_every_table_to_the_last_bit(session):
    before = whole_tables(session)
    readings = [
        reading("parcel", moved(town.parcels().reset_index(drop=True), 1 / 3)),
        reading("shop_unit", moved(register_rows(), 0.1).assign(floor_area_m2=1 / 3)),
        reading("core", core("K1", 0, -60, 1, 300)),
        reading("parking_zone", new_zone("P1", 7)),
    ]
    batch = import_in(session, readings)
    assert sum(outcome.changed for outcome in batch.outcomes.values()) == 12 + 12 + 1 + 1
    assert whole_tables(session) != before
    report = undo_batch(session, batch.id)
    assert report == {
        "restored parcel": 12,
        "restored shop_unit": 12,
        "restored core": 1,
        "restored parking_zone": 1,
    }
    assert whole_tables(session) == before


def moved(frame: gpd.GeoDataFrame, metres: float) -> gpd.GeoDataFrame:
    return frame.set_geometry(frame.geometry.translate(metres, metres / 7))


def test_undoing_a_new_core_gives_the_units_back_to_the_old_one(session):
    before = whole_tables(session)
    batch = batch_of(session, "core", core("K2", 240, -10, 360, 10))
    placed = "SELECT c.code, count(*) FROM shop_unit u JOIN core c ON c.id = u.core_id GROUP BY 1 ORDER BY 1"
    # K2 is smaller, so it takes H4, H5 and H6 from K1.
    assert rows_in(session, placed) == [("K1", 4), ("K2", 3)]
    undo_batch(session, batch)
    assert rows_in(session, placed) == [("K1", 7)]
    assert whole_tables(session) == before


def test_undoing_a_survey_takes_its_periods_back_and_opens_the_earlier_ones(session):
    before = whole_tables(session)
    seen = shop_unit_rows(seen_on=NEXT_YEAR)
    is_h1, is_h2 = seen["local_code"] == "H1", seen["local_code"] == "H2"
    seen.loc[is_h1, ["status", "occupant_name", "branch_code"]] = ["vacant", None, None]
    seen.loc[is_h2, ["status", "occupant_name", "branch_code"]] = ["occupied", "Nieuw", "books"]
    batch = batch_of(session, "shop_unit", seen)
    assert periods(session, "H1")[-1][:3] == ("vacancy", NEXT_YEAR, None)
    assert periods(session, "H2")[-1] == ("occupancy", NEXT_YEAR, None, "Nieuw")
    report = undo_batch(session, batch)
    assert whole_tables(session) == before
    assert report["removed vacancy_spell"] == report["removed occupancy"] == 1
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def test_undoing_counts_leaves_the_sensors_and_the_counts_of_others(session):
    before = whole_tables(session)
    later = count_rows().assign(start_at=lambda rows: rows["start_at"] + pd.Timedelta(weeks=52))
    changed = count_rows().iloc[:5].assign(value=999.0)
    batch = import_in(session, [reading("footfall_count", pd.concat([later, changed]))])
    assert batch.outcomes["footfall_count"].changed == 5
    undo_batch(session, batch.id)
    assert whole_tables(session) == before


def test_an_import_that_others_rest_on_is_refused_by_name_until_they_are_undone(session):
    before = whole_tables(session)
    first = batch_of(session, "parking_zone", new_zone("P8", 10))
    second = batch_of(session, "parking_zone", new_zone("P8", 20), source="second")
    third = batch_of(session, "parking_zone", new_zone("P8", 30), source="third")
    with pytest.raises(
        UndoRefused, match=rf"Undo these first: {second} \(second\.csv\), {third} \(third\.csv\)"
    ):
        undo_batch(session, first)
    with pytest.raises(UndoRefused, match=rf"Undo these first: {third} \(third\.csv\)\.$"):
        undo_batch(session, second)
    for batch in (third, second, first):
        undo_batch(session, batch)
    assert whole_tables(session) == before


def test_units_cannot_go_while_a_later_survey_saw_something_in_them(session):
    (survey,), (register,) = rows_in(session, "SELECT id FROM import_batch ORDER BY id DESC")
    with pytest.raises(UndoRefused, match=rf"{survey} \(survey\.csv\)"):
        undo_batch(session, register)


def test_sensors_cannot_go_while_counts_of_another_file_rest_on_them(session):
    sensor = gpd.GeoDataFrame(
        {"code": ["new"], "name": ["New"]}, geometry=[shapely.Point(X, Y)], crs=town.CRS
    )
    sensors = batch_of(session, "footfall_sensor", sensor)
    counts = count_rows().iloc[:3].assign(sensor_code="new")
    rests = batch_of(session, "footfall_count", counts, source="counts")
    with pytest.raises(UndoRefused, match=rf"{rests} \(counts\.csv\)"):
        undo_batch(session, sensors)
    undo_batch(session, rests)
    undo_batch(session, sensors)


def test_what_a_planner_drew_by_hand_does_not_go_with_an_import(session):
    unit = register_rows().iloc[:1].assign(local_code="N1")
    batch = batch_of(session, "shop_unit", unit)
    session.execute(
        text(
            "INSERT INTO occupancy (shop_unit_id, period) SELECT id, '[2020-01-01,)' FROM shop_unit WHERE local_code = 'N1'"
        )
    )
    with pytest.raises(UndoRefused, match="1 rows of occupancy that were not imported"):
        undo_batch(session, batch)


def test_a_split_between_units_of_two_files_holds_both(session):
    units = register_rows().iloc[:2].assign(local_code=["N1", "N2"])
    first = batch_of(session, "shop_unit", units.iloc[:1])
    batch_of(session, "shop_unit", units.iloc[1:], source="second")
    relation = pd.DataFrame({"from_local_code": ["N1"], "to_local_code": ["N2"], "kind": ["split"]})
    batch_of(session, "shop_unit_relation", relation, source="relations")
    with pytest.raises(UndoRefused, match=r"relations\.csv"):
        undo_batch(session, first)


def test_municipalities_cannot_go_while_something_lies_in_them(session):
    border = gpd.GeoDataFrame(
        {"nis_code": ["99003"], "name_nl": ["Nieuwstad"]},
        geometry=[shapely.box(X + 9000, Y, X + 9100, Y + 100)],
        crs=town.CRS,
    )
    borders = batch_of(session, "municipality", border, nis=None)
    parcel = gpd.GeoDataFrame(
        {"capakey": ["A"]}, geometry=[shapely.box(X + 9000, Y, X + 9010, Y + 9)], crs=town.CRS
    )
    rests = batch_of(session, "parcel", parcel, nis="99003", source="cadastre")
    with pytest.raises(UndoRefused, match=rf"{rests} \(cadastre\.csv\)"):
        undo_batch(session, borders)
    undo_batch(session, rests)
    session.execute(
        text(
            "INSERT INTO analysis_run (nis_code, kind, data_version, code_version) VALUES ('99003', 'refresh', 1, 'x')"
        )
    )
    undo_batch(session, borders)
    assert rows_in(session, "SELECT 1 FROM municipality WHERE nis_code = '99003'") == []


CASE = "INSERT INTO acquisition_case (nis_code, title, changed_by) VALUES (:nis, :title, 'An') RETURNING id"


def refusal(session, batch):
    with pytest.raises(UndoRefused) as told:
        undo_batch(session, batch)
    return told.value.code, told.value.values


def test_units_that_cases_are_about_stay_until_they_are_taken_off(session):
    row = gpd.GeoDataFrame({"local_code": ["N1"]}, geometry=[shapely.Point(X + 5, Y + 5)], crs=town.CRS)
    batch = batch_of(session, "shop_unit", row)
    ((unit,),) = rows_in(session, f"SELECT id FROM shop_unit WHERE batch_id = {batch}")
    keys = [
        session.execute(text(CASE), {"nis": NIS, "title": title}).scalar_one() for title in ("A", "B", "C")
    ]
    for key in keys[:2]:
        session.execute(
            text(
                "INSERT INTO case_unit (case_id, shop_unit_id, proposed_by, changed_by) VALUES (:c, :u, 'An', 'An')"
            ),
            {"c": key, "u": unit},
        )
    session.execute(text("UPDATE acquisition_case SET removed_at = now() WHERE id = :c"), {"c": keys[1]})
    assert refusal(session, batch) == ("rests_on_cases", {"cases": f"A ({keys[0]}), B ({keys[1]})"})
    session.execute(text("DELETE FROM case_unit"))
    assert undo_batch(session, batch)["removed shop_unit"] == 1


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        (CASE, "rests_on_town_cases"),
        (
            """INSERT INTO score_profile (nis_code, uid, version, name, content)
                VALUES (:nis, gen_random_uuid(), 1, :title, '{}')""",
            "rests_on_profiles",
        ),
    ],
)
def test_a_municipality_with_cases_or_profiles_of_its_own_stays(session, statement, code):
    border = gpd.GeoDataFrame(
        {"nis_code": ["99003"], "name_nl": ["Nieuwstad"]},
        geometry=[shapely.box(X + 9000, Y, X + 9100, Y + 100)],
        crs=town.CRS,
    )
    batch = batch_of(session, "municipality", border, nis=None)
    session.execute(text(statement), {"nis": "99003", "title": "Winkels"})
    assert refusal(session, batch) == (code, {"names": "Winkels"})


def test_an_import_is_undone_once(session):
    batch = batch_of(session, "parking_zone", new_zone("P8", 10))
    undo_batch(session, batch)
    with pytest.raises(UndoRefused, match=f"Import {batch} was undone already"):
        undo_batch(session, batch)


def test_an_import_that_never_was_cannot_be_undone(session):
    with pytest.raises(UndoRefused, match="There is no import 999"):
        undo_batch(session, 999)


def test_an_import_that_changed_nothing_is_undone_without_a_trace(session):
    before = whole_tables(session)
    batch = import_in(session, town_readings())
    assert undo_batch(session, batch.id) == {}
    assert whole_tables(session) == before


def test_undoing_raises_the_data_version(session):
    version = "SELECT data_version FROM municipality WHERE nis_code = :nis"
    batch = batch_of(session, "parking_zone", new_zone("P8", 10))
    before = rows_in(session, version, nis=NIS)
    undo_batch(session, batch)
    assert rows_in(session, version, nis=NIS) > before


# Each file is a set of (code, capacity): some add, some change, some do both.
FILES = st.lists(
    st.dictionaries(st.sampled_from(["P1", "P2", "N1", "N2"]), st.integers(0, 3), min_size=1),
    min_size=1,
    max_size=4,
)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILES)
def test_files_undone_from_the_last_to_the_first_retrace_every_step(filled_town, files):
    use_database(filled_town.url)
    with writable_session() as session:
        steps = []
        for file in files:
            before = whole_tables(session)
            zones = pd.concat([new_zone(code, capacity) for code, capacity in file.items()])
            steps.append((batch_of(session, "parking_zone", zones), before))
        for batch, before in reversed(steps):
            undo_batch(session, batch)
            assert whole_tables(session) == before
