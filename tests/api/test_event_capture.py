import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text

from api.db.session import get_engine
from tests.api.conftest import good
from tests.api.test_event import FAIR_ON, add, count_rows, fair, fair_town, sensor_rows  # noqa: F401 - fixtures
from tests.town_database import import_readings, reading

OF_PASSERS, AT_FAIR = 0.10, 0.06


def test_where_a_door_is_counted_the_study_tells_how_many_went_in_and_what_changed(client, fair):  # noqa: F811
    doors = sensor_rows().iloc[[0]].assign(code="E-door", name="door", measure_kind="entries")
    counts = count_rows()
    entries = counts[counts["sensor_code"] == "E-middle"].assign(sensor_code="E-door")
    is_fair = entries["start_at"].dt.tz_convert("Europe/Brussels").dt.date == FAIR_ON
    rng = np.random.default_rng(1)
    share = np.where(is_fair, AT_FAIR, OF_PASSERS) * rng.normal(1, 0.03, len(entries))
    entries["value"] = np.rint(entries["value"] * share)
    # This door tells who goes in from who goes out.
    ways = [
        entries.assign(direction="a"),
        entries.assign(direction="b", value=0),
    ]
    import_readings(
        [reading("footfall_sensor", doors), reading("footfall_count", pd.concat(ways, ignore_index=True))],
        source="doors",
    )
    study = good(client.get(f"/api/events/{fair}/effect"))
    capture = study["capture"]
    assert capture["doors"] == 1
    assert capture["share_in"] == pytest.approx(AT_FAIR, rel=0.1)
    assert (capture["verdict"], capture["share"]) == (
        "less",
        pytest.approx(AT_FAIR / OF_PASSERS - 1, abs=0.05),
    )
    # The sums stay when the readings are let go.
    with get_engine().begin() as connection:
        connection.execute(
            text(
                "UPDATE footfall_sensor SET raw_from_at = (SELECT max(start_at) + interval '1 day' FROM footfall_count)"
            )
        )
        connection.execute(text("DELETE FROM footfall_count"))
    add(client, name="Iets anders", starts_at="2025-03-01T10:00:00Z", ends_at="2025-03-01T18:00:00Z")
    assert good(client.get(f"/api/events/{fair}/effect"))["capture"] == capture
    # A door is no passage: the first answer stays what it was.
    assert study["treated"] == 1
    assert {row["role"] for row in study["sensors"] if row["name"] == "door"} <= {"door"}
