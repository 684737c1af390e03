from datetime import UTC, datetime

import pytest
from sqlalchemy import text


@pytest.fixture
def counted(database):
    from sqlalchemy.orm import Session

    from api.db.session import get_engine

    with Session(get_engine()) as session, session.begin():
        session.execute(
            text(
                "SELECT ensure_count_partitions('2026-01-01Z', '2026-12-31Z'); INSERT INTO municipality (nis_code, name_nl) VALUES ('34040', 'Waregem'); "
                "INSERT INTO footfall_sensor (id, nis_code, code, name, measure_kind) VALUES "
                "(1, '34040', 'A', 'Markt', 'passage'), (2, '34040', 'B', 'Plein', 'occupancy'); "
                "INSERT INTO footfall_count (sensor_id, start_at, mode, direction, minutes, value, quality_flag) VALUES "
                "(1, '2026-03-02 10:00Z', 'ped', 'a', 15, 3, 0), (1, '2026-03-02 10:00Z', 'ped', 'b', 15, 4, 0), "
                "(1, '2026-03-02 10:15Z', 'ped', 'both', 15, 10, 4), (1, '2026-03-02 10:15Z', 'ped', 'a', 15, 6, 0), "
                "(1, '2026-03-02 10:15Z', 'bike', 'both', 15, 90, 0), (1, '2026-03-02 12:00Z', 'ped', 'both', 60, 5, 0), "
                "(2, '2026-03-02 10:00Z', 'ped', 'both', 60, 70, 0)"
            )
        )
        yield session


def test_an_hour_is_the_sum_of_its_quarters_and_nobody_is_counted_twice(counted):
    from api.footfall.hours import read_hours

    frame = read_hours(counted, "34040")
    rows = frame[["sensor_id", "minutes", "value", "quality_flag"]].to_numpy().tolist()
    assert rows == [[1, 30, 17.0, 4], [1, 60, 5.0, 0]]
    assert [moment.hour for moment in frame["start_at"]] == [10, 12]


def test_a_window_leaves_its_end_out(counted):
    from api.footfall.hours import read_hours

    first, last = datetime(2026, 3, 2, 11, tzinfo=UTC), datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert read_hours(counted, "34040", first_at=first, last_at=last).empty
    assert read_hours(counted, "34040", mode="bike")["value"].tolist() == [90.0]
