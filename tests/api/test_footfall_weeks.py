from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

ZONE = "Europe/Brussels"
FIRST = datetime(2025, 8, 1, tzinfo=UTC)
HOURS = 24 * 7 * 36
PASSAGES = [1, 2, 4]


@pytest.fixture
def holed(database):
    from api.db.session import get_engine

    drawn = np.random.default_rng(11)
    with Session(get_engine()) as session, session.begin():
        session.execute(
            text(
                "SELECT ensure_count_partitions('2025-07-01Z', '2026-12-31Z'); "
                "INSERT INTO municipality (nis_code, name_nl) VALUES ('34040', 'Waregem'); "
                "INSERT INTO footfall_sensor (id, nis_code, code, name, measure_kind) VALUES (1, '34040', 'A', 'Markt', 'passage'), "
                "(2, '34040', 'B', 'Plein', 'passage'), (3, '34040', 'C', 'Zaal', 'occupancy'), (4, '34040', 'D', 'Brug', 'passage')"
            )
        )
        rows = [
            (
                sensor,
                FIRST + timedelta(hours=hour),
                60 if drawn.random() < 0.99 else 30,
                int(drawn.poisson(30)),
                int(drawn.choice([0, 8, 4], p=[0.95, 0.03, 0.02])),
            )
            for sensor, kept in ((1, 1.0), (2, 0.97), (3, 1.0))
            for hour in range(HOURS)
            if drawn.random() < kept
        ]
        columns = dict(
            zip(("sensor", "at", "minutes", "value", "flag"), map(list, zip(*rows, strict=True)), strict=True)
        )
        session.execute(
            text(
                "INSERT INTO footfall_count (sensor_id, start_at, minutes, value, quality_flag, mode, direction) "
                "SELECT *, 'ped', 'both' FROM unnest(CAST(:sensor AS bigint[]), CAST(:at AS timestamptz[]), "
                "CAST(:minutes AS smallint[]), CAST(:value AS float8[]), CAST(:flag AS smallint[]))"
            ),
            columns,
        )
        yield session


def test_weeks_summed_by_the_database_are_those_of_the_single_hours(holed):
    from api.footfall.hours import read_hours
    from api.footfall.weeks import read_weeks
    from gis.counts import hourly
    from gis.footfall_weeks import weekly_footfall

    for first_at in (FIRST, FIRST + timedelta(days=40, hours=5)):
        told = read_weeks(holed, PASSAGES, first_at=first_at, timezone=ZONE)
        expected = weekly_footfall(hourly(read_hours(holed, "34040", first_at=first_at), timezone=ZONE))
        assert told["per_day"].notna().sum() > 20
        assert told["per_day"].isna().any()
        pd.testing.assert_frame_equal(told, expected)


def test_a_town_without_counts_has_no_weeks(holed):
    from api.footfall.weeks import read_weeks

    assert read_weeks(holed, [], first_at=FIRST, timezone=ZONE).empty


def test_counts_in_the_week_of_a_moved_clock_alone_make_a_week(holed):
    from api.footfall.weeks import read_weeks

    last = FIRST + timedelta(hours=HOURS)
    weeks = read_weeks(holed, PASSAGES, first_at=datetime(2026, 3, 29, 22, tzinfo=UTC), timezone=ZONE)
    assert weeks["starts_on"].max() <= last.date()
    holed.execute(
        text(
            "DELETE FROM footfall_count WHERE start_at < '2026-03-22 23:00Z' OR start_at >= '2026-03-29 22:00Z'"
        )
    )
    alone = read_weeks(holed, PASSAGES, first_at=FIRST, timezone=ZONE)
    assert [(row.iso_year, row.iso_week) for row in alone.itertuples()] == [(2026, 13)] * 2
