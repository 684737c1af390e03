import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from api.db.models import FootfallCount, FootfallSensor
from api.db.session import get_engine
from api.db.store import undo_batch
from tests.conftest import use_database
from tests.town_database import NIS, add_municipality, count_rows, import_in, reading

BRUSSELS = ZoneInfo("Europe/Brussels")
VALID = {0, 8, 10}


@pytest.fixture(scope="module")
def counted(new_database):
    """A municipality with a sensor of each kind and no count."""
    url = new_database()
    use_database(url)
    add_municipality(NIS, "Papierstad")
    with get_engine().begin() as connection:
        for kind in ("passage", "entries", "occupancy", "visitors"):
            connection.execute(
                text(
                    "INSERT INTO footfall_sensor (nis_code, code, name, measure_kind) VALUES (:nis, :k, :k, :k)"
                ),
                {"nis": NIS, "k": kind},
            )
        connection.execute(text("SELECT ensure_count_partitions('2024-01-01', '2027-01-01')"))
    return url


@pytest.fixture
def session(counted):
    """A session whose writes are taken back."""
    use_database(counted)
    with Session(get_engine()) as opened:
        yield opened
        opened.rollback()


def sensor(session, kind="passage"):
    return session.query(FootfallSensor).filter_by(code=kind).one().id


def count(session, sensor_id, at, value, *, minutes=60, mode="ped", direction="both", flag=0):
    row = {"s": sensor_id, "at": at, "v": value, "m": minutes, "mode": mode, "d": direction, "f": flag}
    session.execute(
        text(
            "INSERT INTO footfall_count (sensor_id, start_at, mode, direction, minutes, value, quality_flag) "
            "VALUES (:s, :at, :mode, :d, :m, :v, :f) ON CONFLICT (sensor_id, start_at, mode, direction) "
            "DO UPDATE SET value = excluded.value, minutes = excluded.minutes, quality_flag = excluded.quality_flag"
        ),
        row,
    )


def hours(session):
    query = (
        "SELECT sensor_id, start_at, mode, passages, passages_flagged, passages_a, passages_b, present, present_max, "
        "minutes, minutes_valid, n, n_flagged, worst_flag, longest_minutes FROM footfall_hour"
    )
    return {tuple(row)[:3]: tuple(row)[3:] for row in session.execute(text(query))}


def days(session):
    query = (
        "SELECT sensor_id, counted_on, mode, passages, passages_flagged, passages_a, passages_b, present, present_max, "
        "minutes, minutes_valid, n, n_flagged, worst_flag, day_minutes FROM footfall_day"
    )
    return {tuple(row)[:3]: tuple(row)[3:] for row in session.execute(text(query))}


def total(values):
    return sum(values) if values else None


def oracle(session, bucket):
    """What hours or days must be, in plain Python from the single readings."""
    kinds = {s.id: s.measure_kind for s in session.query(FootfallSensor)}
    moments, summed = {}, {}
    for c in session.query(FootfallCount):
        moments.setdefault((c.sensor_id, c.start_at, c.mode), []).append(c)
    for (sensor_id, at, mode), readings in moments.items():
        both = [c.value for c in readings if c.direction == "both"]
        side = {d: [c.value for c in readings if c.direction == d] for d in "ab"}
        moment = (
            sum(both) if both else sum(c.value for c in readings),
            total(side["a"]), total(side["b"]),
            max(c.minutes for c in readings), max(c.quality_flag for c in readings),
        )  # fmt: skip
        summed.setdefault((sensor_id, bucket(at), mode), []).append(moment)
    found = {}
    for key, each in summed.items():
        good = [m for m in each if m[4] in VALID]
        bad = [m for m in each if m[4] not in VALID]
        if kinds[key[0]] in ("passage", "entries"):
            values = (
                total([m[0] for m in good]), total([m[0] for m in bad]),
                total([m[1] for m in good if m[1] is not None]), total([m[2] for m in good if m[2] is not None]),
                None, None,
            )  # fmt: skip
        else:
            read = [m[0] for m in good]
            values = (
                None,
                None,
                None,
                None,
                sum(read) / len(read) if read else None,
                max(read, default=None),
            )
        found[key] = (
            *values, sum(m[3] for m in each), sum(m[3] for m in good), len(each), len(bad), max(m[4] for m in each),
        )  # fmt: skip
    return found


def same(stored, expected):
    assert stored.keys() == expected.keys()
    for key, values in expected.items():
        assert stored[key][: len(values)] == pytest.approx(values), key


def all_follow(session):
    same(hours(session), oracle(session, lambda at: at.replace(minute=0, second=0, microsecond=0)))
    same(days(session), oracle(session, lambda at: at.astimezone(BRUSSELS).date()))


def at(text_):
    return dt.datetime.fromisoformat(text_)


def test_twelve_counts_of_five_minutes_are_one_hour(session):
    own = sensor(session)
    for number in range(12):
        count(session, own, at(f"2026-06-01T10:{5 * number:02d}+02:00"), number, minutes=5)
    (key,), (values,) = zip(*hours(session).items(), strict=True)
    assert key == (own, at("2026-06-01T08:00+00:00"), "ped")
    assert values == (66, None, None, None, None, None, 60, 60, 12, 0, 0, 5)


@pytest.mark.parametrize(
    ("day", "first", "n"),
    [
        ("2026-03-29", "2026-03-28T23:00+00:00", 23),
        ("2026-10-25", "2026-10-24T22:00+00:00", 25),
        ("2026-06-01", "2026-05-31T22:00+00:00", 24),
    ],
)
def test_a_day_has_as_many_hours_as_the_clock_on_the_wall(session, day, first, n):
    own = sensor(session)
    for number in range(-1, n + 1):
        count(session, own, at(first) + dt.timedelta(hours=number), 1)
    found = days(session)[own, dt.date.fromisoformat(day), "ped"]
    assert (found[0], found[6], found[-1]) == (n, 60 * n, 60 * n)


def test_people_present_are_a_mean_and_a_peak_and_leave_nothing_to_sum(session):
    own = sensor(session, "occupancy")
    for number, value in enumerate((10, 20, 60)):
        count(session, own, at(f"2026-06-01T1{number}:00+02:00"), value)
    (day,) = days(session).values()
    assert day[:6] == (None, None, None, None, 30, 60)
    assert session.execute(text("SELECT sum(passages) FROM footfall_day")).scalar() is None


def test_the_database_refuses_a_row_that_is_passages_and_people_present_at_once(session):
    with pytest.raises(DBAPIError, match="measures_apart"):
        session.execute(
            text(
                "INSERT INTO footfall_hour (sensor_id, start_at, mode, passages, present, minutes, minutes_valid, n, "
                "n_flagged, worst_flag, longest_minutes) VALUES (:s, '2026-06-01', 'ped', 1, 1, 60, 60, 1, 0, 0, 60)"
            ),
            {"s": sensor(session)},
        )


def test_a_flag_moves_its_count_from_what_is_valid_to_what_is_left_out(session):
    own = sensor(session)
    for number in range(4):
        count(session, own, at(f"2026-06-01T10:{15 * number:02d}+02:00"), 10, minutes=15)
    session.execute(
        text("UPDATE footfall_count SET quality_flag = 3 WHERE start_at = '2026-06-01T10:15+02:00'")
    )
    (hour,), (day,) = hours(session).values(), days(session).values()
    assert hour[:2] == day[:2] == (30, 10)
    assert hour[6:11] == (60, 45, 4, 1, 3)
    session.execute(text("UPDATE footfall_count SET quality_flag = 8"))
    assert [each[:2] for each in (*hours(session).values(), *days(session).values())] == [(40, None)] * 2


def test_a_count_that_moves_to_another_day_leaves_nothing_behind(session):
    count(session, sensor(session), at("2026-06-01T10:00+02:00"), 10)
    session.execute(text("UPDATE footfall_count SET start_at = start_at + interval '2 days'"))
    assert [key[1] for key in days(session)] == [dt.date(2026, 6, 3)]
    all_follow(session)


def test_a_sensor_that_turns_out_to_measure_people_present_is_summed_no_more(session):
    own = sensor(session)
    for number in range(3):
        count(session, own, at(f"2026-06-01T1{number}:00+02:00"), 10 * number)
    session.execute(text("UPDATE footfall_sensor SET measure_kind = 'occupancy' WHERE id = :s"), {"s": own})
    assert days(session)[own, dt.date(2026, 6, 1), "ped"][:6] == (None, None, None, None, 10, 20)


def test_when_the_clock_is_another_one_the_days_are_other_days(session):
    own = sensor(session)
    for number in range(24):
        count(session, own, at("2026-06-01T00:00+02:00") + dt.timedelta(hours=number), 1)
    set_clock = text("SELECT set_footfall_clock(:zone)")
    assert session.execute(set_clock, {"zone": "Europe/Brussels"}).scalar() is False
    assert session.execute(set_clock, {"zone": "Australia/Adelaide"}).scalar() is True
    # 09:30 ahead: the first sixteen and a half hours fall in the first day; a reading counts where it begins.
    assert {key[1]: values[0] for key, values in days(session).items()} == {
        dt.date(2026, 6, 1): 17, dt.date(2026, 6, 2): 7,
    }  # fmt: skip


def test_a_shop_door_counts_entries_and_nothing_else(session):
    session.execute(
        text(
            "INSERT INTO shop_unit (nis_code, local_code, geom) VALUES (:nis, 'U', "
            "st_setsrid(st_point(70010, 200010), 31370))"
        ),
        {"nis": NIS},
    )
    hang = text("UPDATE footfall_sensor SET shop_unit_id = (SELECT id FROM shop_unit) WHERE code = :code")
    session.execute(hang, {"code": "entries"})
    with pytest.raises(DBAPIError, match="door"):
        session.execute(hang, {"code": "passage"})


moments = st.integers(min_value=0, max_value=3 * 24 * 4)
readings = st.tuples(
    st.sampled_from(["passage", "entries", "occupancy", "visitors"]), moments,
    st.sampled_from(["ped", "bike"]), st.sampled_from(["a", "b", "both"]),
    st.sampled_from([0, 3, 8, 9]), st.integers(min_value=0, max_value=500),
)  # fmt: skip
writes = st.tuples(
    st.sampled_from(["write", "write", "flag", "remove"]), st.lists(readings, min_size=1, max_size=12)
)


@given(st.lists(writes, min_size=1, max_size=5))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_written_flagged_and_removed_hours_and_days_follow(counted, done):
    use_database(counted)
    first = at("2026-10-24T00:00+02:00")
    with Session(get_engine()) as session:
        for what, each in done:
            for kind, step, mode, direction, flag, value in each:
                moment = first + dt.timedelta(minutes=15 * step)
                if what == "write":
                    count(
                        session,
                        sensor(session, kind),
                        moment,
                        value,
                        minutes=15,
                        mode=mode,
                        direction=direction,
                        flag=flag,
                    )
                elif what == "flag":
                    session.execute(
                        text(
                            "UPDATE footfall_count SET quality_flag = :f WHERE start_at >= :at AND mode = :m"
                        ),
                        {"f": flag, "at": moment, "m": mode},
                    )
                else:
                    session.execute(
                        text("DELETE FROM footfall_count WHERE start_at < :at AND direction = :d"),
                        {"at": moment, "d": direction},
                    )
        all_follow(session)
        kept = hours(session), days(session)
        session.execute(text("DELETE FROM footfall_day; DELETE FROM footfall_hour"))
        session.execute(text("SELECT rebuild_rollups(id) FROM footfall_sensor"))
        same(hours(session), kept[0])
        same(days(session), kept[1])
        session.rollback()


def test_one_statement_over_many_days_touches_each_of_them_once(session):
    own = sensor(session)
    session.execute(
        text(
            "INSERT INTO footfall_count (sensor_id, start_at, mode, direction, minutes, value) SELECT :s, g, 'ped', "
            "'both', 15, 2 FROM generate_series('2026-01-01'::timestamptz, '2026-02-01', '15 minutes') g"
        ),
        {"s": own},
    )
    all_follow(session)
    found = sorted(key[1] for key in days(session))
    assert all(later - earlier == dt.timedelta(days=1) for earlier, later in pairwise(found))


def test_an_import_and_its_undo_leave_hours_and_days_as_they_were(own_town):
    with Session(get_engine()) as session, session.begin():
        before = hours(session), days(session)
        assert len(before[0]) > 6000
        changed = count_rows().head(500).assign(value=lambda frame: frame["value"] + 7)
        later = changed.assign(start_at=changed["start_at"] + pd.Timedelta(days=400))
        batch = import_in(session, [reading("footfall_count", pd.concat([changed, later]))])
        assert (batch.outcome("footfall_count").changed, batch.outcome("footfall_count").added) == (500, 500)
        all_follow(session)
        assert len(hours(session)) == len(before[0]) + 500
        undo_batch(session, batch.id)
        all_follow(session)
        assert (hours(session), days(session)) == before
