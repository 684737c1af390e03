import datetime as dt
import uuid

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.db.session import get_engine
from api.settings import get_settings
from tests.conftest import use_database
from tests.town_database import NIS, add_municipality, rows

UNIT = "INSERT INTO shop_unit (nis_code, local_code, geom) VALUES (:nis, :code, st_setsrid(st_makepoint(70000, 200000), 31370)) RETURNING id"


def write(*statements: str, **values):
    """Statements of one transaction; what the last one returns."""
    with get_engine().begin() as connection:
        for statement in statements:
            result = connection.execute(text(statement), values)
        return result.scalar() if result.returns_rows else None


@pytest.fixture(scope="module")
def register(new_database) -> str:
    """A database of this module; every test takes a unit of its own."""
    url = new_database()
    use_database(url)
    add_municipality(NIS, "Papierstad")
    return url


@pytest.fixture
def unit(register) -> int:
    if get_settings().database_url != register:
        use_database(register)
    return another_unit()


def another_unit() -> int:
    return write(UNIT, nis=NIS, code=uuid.uuid4().hex)


def periods(table: str, unit: int) -> list[tuple[dt.date, dt.date | None]]:
    query = f"SELECT lower(period), upper(period) FROM {table} WHERE shop_unit_id = :unit ORDER BY 1"
    return [tuple(row) for row in rows(query, unit=unit)]


def occupied(unit: int, first: str, last: str | None, **more) -> None:
    names = "".join(f", {name}" for name in more)
    marks = "".join(f", :{name}" for name in more)
    write(
        f"INSERT INTO occupancy (shop_unit_id, period{names}) "
        f"VALUES (:unit, daterange(CAST(:first AS date), CAST(:last AS date)){marks})",
        unit=unit,
        first=first,
        last=last,
        **more,
    )


def vacant(
    unit: int, first: str, last: str | None, *, earliest: str | None = None, basis: str = "exact"
) -> None:
    write(
        "INSERT INTO vacancy_spell (shop_unit_id, start_earliest_on, start_latest_on, ended_on, start_basis) "
        "VALUES (:unit, :earliest, :first, :last, :basis)",
        unit=unit,
        first=first,
        last=last,
        earliest=earliest,
        basis=basis,
    )


def test_two_occupants_cannot_trade_in_one_unit_on_one_day(unit):
    occupied(unit, "2020-01-01", "2022-01-01")
    with pytest.raises(IntegrityError, match="ex_occupancy_period"):
        occupied(unit, "2021-12-31", None)
    occupied(unit, "2022-01-01", None)
    assert len(periods("occupancy", unit)) == 2


def test_two_spells_of_one_unit_cannot_overlap(unit):
    vacant(unit, "2020-01-01", "2022-01-01")
    with pytest.raises(IntegrityError, match="ex_vacancy_spell_period"):
        vacant(unit, "2021-12-31", None)
    vacant(unit, "2022-01-01", None)


def test_two_units_may_have_the_same_periods(unit):
    for each in (unit, another_unit()):
        occupied(each, "2020-01-01", None)
        assert periods("occupancy", each) == [(dt.date(2020, 1, 1), None)]


def test_a_unit_cannot_trade_and_stand_empty_on_one_day(unit):
    occupied(unit, "2020-01-01", None)
    with pytest.raises(IntegrityError, match="cannot be occupied and vacant at once"):
        vacant(unit, "2021-01-01", None)
    assert periods("vacancy_spell", unit) == []


def test_an_occupant_cannot_come_while_the_unit_stands_empty(unit):
    vacant(unit, "2021-01-01", None)
    with pytest.raises(IntegrityError, match="cannot be occupied and vacant at once"):
        occupied(unit, "2022-01-01", None)


def test_closing_one_period_and_opening_the_next_may_come_in_either_order(unit):
    occupied(unit, "2020-01-01", None)
    write(
        "INSERT INTO vacancy_spell (shop_unit_id, start_latest_on, start_basis) VALUES (:unit, '2023-05-01', 'exact')",
        "UPDATE occupancy SET period = daterange(lower(period), '2023-05-01') WHERE shop_unit_id = :unit",
        unit=unit,
    )
    assert periods("occupancy", unit) == [(dt.date(2020, 1, 1), dt.date(2023, 5, 1))]


def test_a_period_that_is_taken_back_before_the_end_of_the_transaction_was_never_there(unit):
    vacant(unit, "2021-01-01", None)
    write(
        "INSERT INTO occupancy (shop_unit_id, period) VALUES (:unit, '[2022-01-01,)')",
        "UPDATE occupancy SET period = '[2019-01-01,2021-01-01)' WHERE shop_unit_id = :unit",
        unit=unit,
    )
    write(
        "INSERT INTO occupancy (shop_unit_id, period) VALUES (:unit, '[2022-01-01,)')",
        "DELETE FROM occupancy WHERE shop_unit_id = :unit AND upper_inf(period)",
        unit=unit,
    )
    assert periods("occupancy", unit) == [(dt.date(2019, 1, 1), dt.date(2021, 1, 1))]


def test_stretching_a_period_over_the_next_is_refused_too(unit):
    occupied(unit, "2020-01-01", "2021-01-01")
    vacant(unit, "2021-01-01", None)
    with pytest.raises(IntegrityError, match="cannot be occupied and vacant at once"):
        write(
            "UPDATE occupancy SET period = daterange('2020-01-01', '2021-01-02') WHERE shop_unit_id = :unit",
            unit=unit,
        )


def test_a_popup_trades_while_the_spell_stays_open(unit):
    vacant(unit, "2021-01-01", None)
    occupied(unit, "2021-11-01", "2022-01-05", is_popup=True)
    assert periods("vacancy_spell", unit) == [(dt.date(2021, 1, 1), None)]


def test_a_spell_may_be_added_around_a_popup_that_was_there_first(unit):
    occupied(unit, "2021-11-01", "2022-01-05", is_popup=True)
    vacant(unit, "2021-01-01", None)
    assert periods("vacancy_spell", unit) == [(dt.date(2021, 1, 1), None)]


def test_the_start_of_a_spell_is_an_interval_in_the_right_order(unit):
    vacant(unit, "2021-01-01", "2022-01-01", earliest="2020-01-01", basis="between_visits")
    with pytest.raises(IntegrityError, match="start_interval"):
        vacant(unit, "2023-01-01", None, earliest="2023-01-02", basis="between_visits")
    vacant(unit, "2024-01-01", None, earliest=None, basis="first_seen")


def test_only_the_certain_part_of_a_spell_keeps_others_out(unit):
    vacant(unit, "2021-01-01", None, earliest="2020-01-01", basis="between_visits")
    occupied(unit, "2015-01-01", "2021-01-01")
    assert periods("vacancy_spell", unit) == [(dt.date(2021, 1, 1), None)]


def test_a_spell_cannot_end_before_it_began(unit):
    with pytest.raises(IntegrityError, match="ended_on"):
        vacant(unit, "2021-01-01", "2021-01-01")


def test_an_occupancy_of_no_day_is_none(unit):
    with pytest.raises(IntegrityError, match="ck_occupancy_period"):
        occupied(unit, "2021-01-01", "2021-01-01")


def test_a_unit_does_not_become_itself(unit):
    with pytest.raises(IntegrityError, match="not_itself"):
        write(
            "INSERT INTO shop_unit_relation (from_unit_id, to_unit_id, kind) VALUES (:unit, :unit, 'split')",
            unit=unit,
        )


def test_an_occupancy_names_a_branch_of_the_list_or_none(unit):
    with pytest.raises(IntegrityError, match="fk_occupancy_branch_code"):
        occupied(unit, "2020-01-01", None, branch_code="winkel")
    occupied(unit, "2020-01-01", "2021-01-01", branch_code="bakery")
    occupied(unit, "2021-01-01", None)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("lifecycle", "'gone'"),
        ("floor_level", "'attic'"),
        ("floor_area_m2", "-1"),
        ("fitout_state", "'nice'"),
    ],
)
def test_a_value_outside_the_code_list_is_refused(unit, column, value):
    with pytest.raises(IntegrityError, match=f"ck_shop_unit_{column}"):
        write(f"UPDATE shop_unit SET {column} = {value} WHERE id = :unit", unit=unit)


def test_a_withheld_statistic_cannot_hold_a_number(database):
    add = "INSERT INTO sector_stat (sector_code, year, key, value, is_suppressed) VALUES ('A', 2025, 'population', {}, {})"
    with pytest.raises(IntegrityError, match="suppressed_has_no_value"):
        write(add.format("0", "true"))
    write(add.format("NULL", "true"))
    with pytest.raises(IntegrityError, match="suppressed_has_no_value"):
        write("UPDATE sector_stat SET value = 12")


# -- counts ------------------------------------------------------------------------------------


@pytest.fixture
def sensor(database) -> int:
    add_municipality(NIS, "Papierstad")
    return write(
        "INSERT INTO footfall_sensor (nis_code, code, name) VALUES (:nis, 'S', 'S') RETURNING id", nis=NIS
    )


def count_at(sensor: int, *moments: str) -> None:
    write(
        "SELECT ensure_count_partitions(min(at), max(at)) FROM unnest(CAST(:moments AS timestamptz[])) AS t(at)",
        moments=list(moments),
    )
    for moment in moments:
        write(
            "INSERT INTO footfall_count (sensor_id, start_at, mode, direction, minutes, value) "
            "VALUES (:sensor, :at, 'ped', 'both', 60, 5)",
            sensor=sensor,
            at=moment,
        )


def partitions() -> list[tuple[str, int]]:
    return [
        (name, found)
        for name, found in rows(
            "SELECT tableoid::regclass::text, count(*) FROM footfall_count GROUP BY 1 ORDER BY 1"
        )
    ]


def test_a_year_of_counts_gets_its_partition_when_it_is_first_needed(sensor):
    count_at(sensor, "2019-06-01T10:00Z", "2021-06-01T10:00Z")
    assert partitions() == [("footfall_count_y2019", 1), ("footfall_count_y2021", 1)]
    made = {
        name
        for (name,) in rows(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'footfall_count'::regclass"
        )
    }
    assert {"footfall_count_y2019", "footfall_count_y2020", "footfall_count_y2021"} <= made


def test_the_year_ends_at_midnight_in_utc_whatever_the_clock_on_the_wall_says(sensor):
    # In Brussels 2020 begins an hour earlier than in UTC.
    count_at(sensor, "2019-12-31T23:59:59Z", "2020-01-01T00:30:00+01:00", "2020-01-01T00:00:00Z")
    assert partitions() == [("footfall_count_y2019", 2), ("footfall_count_y2020", 1)]


def test_making_partitions_again_changes_nothing(sensor):
    count_at(sensor, "2019-06-01T10:00Z")
    count_at(sensor, "2019-06-01T11:00Z")
    assert partitions() == [("footfall_count_y2019", 2)]


def test_a_count_below_zero_or_twice_at_one_moment_is_refused(sensor):
    count_at(sensor, "2019-06-01T10:00Z")
    with pytest.raises(IntegrityError):
        count_at(sensor, "2019-06-01T10:00Z")
    with pytest.raises(IntegrityError, match="footfall_count_value"):
        write("UPDATE footfall_count SET value = -1")


# -- data versions ------------------------------------------------------------------------------

POINT = "st_setsrid(st_makepoint(70000, 200000), 31370)"
LINE = "st_setsrid(st_makeline(st_makepoint(70000, 200000), st_makepoint(70010, 200000)), 31370)"
AREA = "st_multi(st_setsrid(st_makeenvelope(70000, 200000, 70010, 200010), 31370))"
ALLOWED = "true, true, true, true, true, true"
ACCESS = "is_walk_forward, is_walk_backward, is_bicycle_forward, is_bicycle_backward, is_car_forward, is_car_backward"
HALL = "st_multi(st_setsrid(st_makeenvelope(70040, 199990, 70060, 200010), 31370))"
# Every table that belongs to a municipality: how a row comes into it, and how it is changed.
WRITES = {
    "neighbourhood": (f"(nis_code, code, geom) VALUES ('99001', 'x', {AREA})", "name = 'n'"),
    "core": (f"(nis_code, code, name, geom) VALUES ('99001', 'x', 'x', {AREA})", "name = 'n'"),
    "stat_sector": (f"(nis_code, code, year, geom) VALUES ('99001', 'x', 2025, {AREA})", "name_nl = 'n'"),
    "sector_stat": ("(sector_code, year, key, value) VALUES ('sector', 2025, 'population', 5)", "value = 6"),
    "parcel": (f"(nis_code, capakey, geom) VALUES ('99001', 'x', {AREA})", "canu = 'n'"),
    "building": (f"(nis_code, source_key, geom) VALUES ('99001', 'x', {AREA})", "floors = 2"),
    "backdrop": (
        f"(nis_code, source_key, kind, geom) VALUES ('99001', 'x', 'water', {AREA})",
        "kind = 'green'",
    ),
    "street_segment": (
        f"(nis_code, source_key, street_class, {ACCESS}, geom) VALUES ('99001', 'x', 'path', {ALLOWED}, {LINE})",
        "name = 'n'",
    ),
    "place_hint": (
        f"(nis_code, source_key, kind, geom) VALUES ('99001', 'x', 'shop=yes', {POINT})",
        "name = 'n'",
    ),
    "public_place": (
        f"(nis_code, source_key, kind, geom) VALUES ('99001', 'x', 'school', {POINT})",
        "name = 'n'",
    ),
    "shop_unit": (f"(nis_code, local_code, geom) VALUES ('99001', 'x', {POINT})", "note = 'n'"),
    "occupancy": (
        "(shop_unit_id, period) SELECT id, '[2020-01-01,2021-01-01)' FROM shop_unit",
        "is_chain = true",
    ),
    "vacancy_spell": (
        "(shop_unit_id, start_latest_on, start_basis) SELECT id, '2022-01-01', 'exact' FROM shop_unit",
        "cause = 'works'",
    ),
    "legal_vacancy_record": (
        "(nis_code, record_key, dossier_number) VALUES ('99001', 'x', 'x')",
        "status = 'n'",
    ),
    "business_premises_record": (
        "(nis_code, record_key, dossier_number) VALUES ('99001', 'x', 'x')",
        "status = 'n'",
    ),
    "former_parcel": (f"(nis_code, capakey, geom) VALUES ('99001', 'x', {AREA})", "capakey = 'y'"),
    "series_break": (
        "(nis_code, breaks_on, kind, reason) VALUES ('99001', '2020-01-01', 'definition', 'x')",
        "reason = 'n'",
    ),
    "shop_unit_relation": (
        "(from_unit_id, to_unit_id, kind) SELECT min(id), max(id), 'split' FROM shop_unit",
        "happened_on = '2020-01-01'",
    ),
    "footfall_sensor": ("(nis_code, code, name) VALUES ('99001', 'x', 'x')", "name = 'n'"),
    "footfall_count": (
        "(sensor_id, start_at, mode, direction, minutes, value) SELECT id, '2026-06-01', 'ped', 'both', 60, 1 FROM footfall_sensor",
        "value = 2",
    ),
    "manual_count": (
        f"(nis_code, code, start_at, minutes, value, geom) VALUES ('99001', 'x', '2026-06-01', 10, 1, {POINT})",
        "factor = 6",
    ),
    "area_figure": (
        (
            "(nis_code, kind, area, from_on, to_on, unit, state) "
            "VALUES ('99001', 'spending', 'x', '2026-06-01', '2026-07-01', 'eur', 'suppressed')"
        ),
        "state = 'missing'",
    ),
    "weather_hour": (
        "(nis_code, hour_at, temperature_c) VALUES ('99001', '2026-06-01', 12)",
        "temperature_c = 13",
    ),
    "parking_zone": (f"(nis_code, code, geom) VALUES ('99001', 'x', {POINT})", "capacity = 2"),
    "parking_observation": (
        "(parking_zone_id, observed_at, occupied) SELECT id, '2026-06-01', 1 FROM parking_zone",
        "occupied = 2",
    ),
    "event": (
        "(nis_code, code, name, kind, starts_at, ends_at) VALUES ('99001', 'x', 'x', 'market', '2026-01-01', '2026-01-02')",
        "name = 'n'",
    ),
}


@pytest.fixture(scope="module")
def watched(new_database):
    """A municipality with one of each thing that others hang on, and a neighbour that nobody touches."""
    url = new_database()
    use_database(url)
    add_municipality("99001", "Papierstad")
    add_municipality("99002", "Leegdorp")
    for code in ("A", "B"):
        write(UNIT, nis="99001", code=code)
    write(f"INSERT INTO stat_sector (nis_code, code, year, geom) VALUES ('99001', 'sector', 2025, {AREA})")
    write("INSERT INTO footfall_sensor (nis_code, code, name) VALUES ('99001', 'own', 'own')")
    write(f"INSERT INTO parking_zone (nis_code, code, geom) VALUES ('99001', 'own', {POINT})")
    write("SELECT ensure_count_partitions('2026-01-01', '2026-12-31')")
    return url


def versions(column: str = "data_version") -> tuple[int, int]:
    return tuple(value for (value,) in rows(f"SELECT {column} FROM municipality ORDER BY nis_code"))


@pytest.mark.parametrize("table", WRITES)
def test_every_kind_of_write_raises_the_data_version_of_its_own_municipality(watched, table):
    use_database(watched)
    insert, change = WRITES[table]
    ours, theirs = versions()
    for statement in (
        f"INSERT INTO {table} {insert}",
        f"UPDATE {table} SET {change}",
        f"DELETE FROM {table} WHERE {'true' if 'SELECT' in insert or table == 'sector_stat' else own_key(table)}",
    ):
        write(statement)
        raised, untouched = versions()
        assert raised > ours, statement
        assert untouched == theirs, statement
        ours = raised


def own_key(table: str) -> str:
    keys = {
        "shop_unit": "local_code = 'x'",
        "parcel": "capakey = 'x'",
        "former_parcel": "true",
        "legal_vacancy_record": "record_key = 'x'",
        "business_premises_record": "record_key = 'x'",
        "series_break": "true",
        "manual_count": "code = 'x'",
        "area_figure": "true",
        "weather_hour": "true",
    }
    return keys.get(
        table, "code = 'x'" if "code, " in WRITES[table][0].replace("nis_code", "") else "source_key = 'x'"
    )


def test_every_table_with_imported_rows_is_watched(database):
    from api.db.base import Base

    imported = {table.name for table in Base.metadata.tables.values() if "batch_id" in table.columns}
    # What is laid beside the register and told as it is now, and alters no figure of a run.
    beside = {"company_establishment", "expected_vacancy"}
    watched_too = {*WRITES, *beside, "municipality", "import_change", "import_refusal"}
    assert imported <= watched_too


@pytest.mark.parametrize("change", ["name_fr = 'Ville'", "market_weekdays = '{3}'", "population = 9"])
def test_a_change_of_the_municipality_itself_raises_its_data_version_too(watched, change):
    use_database(watched)
    ours, theirs = versions()
    write(f"UPDATE municipality SET {change} WHERE nis_code = '99001'")
    assert versions() == (ours + 1, theirs)
    write(f"UPDATE municipality SET {change} WHERE nis_code = '99001'")
    assert versions() == (ours + 1, theirs)


def test_only_writes_to_streets_raise_the_street_version(watched):
    use_database(watched)
    before = versions("street_version")
    write("UPDATE shop_unit SET note = 'seen'")
    assert versions("street_version") == before
    insert, change = WRITES["street_segment"]
    for number, statement in enumerate(
        (
            f"INSERT INTO street_segment {insert}",
            f"UPDATE street_segment SET {change}",
            "DELETE FROM street_segment",
        ),
        1,
    ):
        write(statement)
        assert versions("street_version") == (before[0] + number, before[1])


def test_a_write_that_is_rolled_back_raises_nothing(watched):
    use_database(watched)
    before = versions()
    with Session(get_engine()) as session:
        session.execute(text("UPDATE shop_unit SET note = 'almost'"))
        session.rollback()
    assert versions() == before


# -- where units stand --------------------------------------------------------------------------


def test_a_unit_belongs_to_the_smallest_core_and_the_nearest_parcel(own_town):
    large = "st_multi(st_setsrid(st_makeenvelope(69900, 199900, 71000, 201000), 31370))"
    write(
        f"INSERT INTO core (nis_code, code, name, area_type, geom) VALUES ('99001', 'K0', 'Groot', 'trading_core', {large})"
    )
    write(
        f"INSERT INTO core (nis_code, code, name, area_type, geom) VALUES ('99001', 'K9', 'Arm', 'retail_poor_area', {HALL})"
    )
    write("SELECT place_shop_units('99001')")
    named = dict(rows("SELECT u.local_code, c.code FROM shop_unit u LEFT JOIN core c ON c.id = u.core_id"))
    # K1 holds the high street up to x = 420; the rest of the town lies in the large core only.
    assert {code for code, core in named.items() if core == "K1"} == {
        "H1",
        "H2",
        "H3",
        "H4",
        "H5",
        "H6",
        "S1",
    }
    assert {code for code, core in named.items() if core == "K0"} == {"H7", "S2", "S3", "S4", "S5"}
    on_own = rows(
        "SELECT count(*) FROM shop_unit u JOIN parcel p ON p.id = u.parcel_id WHERE st_contains(p.geom, u.geom)"
    )
    assert on_own == [(12,)]
