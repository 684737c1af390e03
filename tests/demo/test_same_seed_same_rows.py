from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import date
from itertools import islice

import geopandas as gpd
import pytest

from api.demo import readings
from api.demo.stream import _TARGETS
from api.importers.targets import TARGETS

ASKED = {"srid": 31370, "municipalities": 8, "until": date(2026, 11, 24), "count_days": 60}
DIGEST = """
import hashlib, sys
from datetime import date
from itertools import islice
import pandas as pd
from api.demo import readings
from api.demo.stream import _TARGETS
digest = hashlib.sha256()
stream = readings(srid=31370, municipalities=8, until=date(2026, 11, 24), count_days=60, seed=int(sys.argv[1]))
for reading in islice(stream, 6 * len(_TARGETS), 8 * len(_TARGETS)):
    for chunk in reading.chunks:
        shapes = [name for name in ("geometry", "area_geom") if name in chunk.rows]
        digest.update(pd.DataFrame(chunk.rows).drop(columns=shapes).to_csv(index=False).encode())
        digest.update(b"".join(shape.wkb for name in shapes for shape in chunk.rows[name] if shape))
print(digest.hexdigest())
"""


def _digest(seed: int, hash_seed: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", DIGEST, str(seed)],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
    )
    return done.stdout.strip()


def test_another_process_invents_the_same_bytes() -> None:
    assert _digest(7, "1") == _digest(7, "2")


def test_another_seed_invents_another_town() -> None:
    frames = []
    for seed in (1, 2):
        streets = next(
            reading for reading in readings(**ASKED, seed=seed) if reading.target == "street_segment"
        )
        frames.append(hashlib.sha256(next(streets.chunks).rows.geometry.to_wkb().sum()).hexdigest())
    assert frames[0] != frames[1]


def test_a_longer_period_does_not_change_what_was_counted_before() -> None:
    def weather(days: int) -> dict[object, float]:
        from api.demo.hours import hours

        hours.cache_clear()
        time = hours(date(2026, 11, 24), days, 5)
        return dict(zip(time.days, time.temperature_c.tolist(), strict=True))

    short, long = weather(30), weather(400)
    assert all(long[day] == value for day, value in short.items())


def test_readings_are_made_only_when_read() -> None:
    listed = list(readings(srid=31370, municipalities=300, until=date(2026, 11, 24)))
    assert len(listed) == 300 * len(_TARGETS)
    assert sum(reading.target == "municipality" for reading in listed) == 300


def test_a_town_begins_with_its_municipality_in_one_chunk() -> None:
    first = next(readings(**ASKED))
    (chunk,) = first.chunks
    assert first.target == "municipality"
    assert len(chunk.rows) == 1
    assert "invented" in first.assumed[0]


def test_frames_hold_the_columns_that_importers_give() -> None:
    left_to_the_state = {
        "status", "occupant_name", "branch_code", "branch_text", "market_status", "asking_rent_eur_per_month",
        "is_chain", "is_anchor", "vacant_since", "moved_from_local_code",
    }  # fmt: skip
    # Of a register the demo fills what the interface shows.
    register_only = {
        "dossier_type", "internal_number", "status", "status_code", "box", "objection", "objection_on", "exemption",
        "exemption_until", "levy_year", "levy_eur", "is_removed",
    }  # fmt: skip
    left_out = {
        # The demo knows the code of each unit.
        "expected_vacancy": {"street", "house_number", "house_number_suffix", "box"},
        "shop_unit": left_to_the_state,
        "legal_vacancy_record": register_only,
        "business_premises_record": register_only,
        "event": {"geom", "area_geom", "reach_m", "note"},
    }
    for reading in islice(readings(**ASKED), len(_TARGETS)):
        rows = next(reading.chunks).rows
        if reading.target not in TARGETS:
            continue
        expected = set(TARGETS[reading.target].columns) - left_out.get(reading.target, set())
        assert expected <= set(rows.columns), reading.target
        assert rows["row_number"].iloc[0] == 1
        # Importers give the place of an event, which it may lack, as a column; here all rows have the same shape.
        has_shape = reading.target == "event" or TARGETS[reading.target].shape is not None
        assert isinstance(rows, gpd.GeoDataFrame) == has_shape


def test_row_numbers_run_on_over_chunks() -> None:
    counts = next(reading for reading in readings(**ASKED) if reading.target == "footfall_count")
    last = 0
    for chunk in counts.chunks:
        assert chunk.rows["row_number"].tolist() == list(range(last + 1, last + 1 + len(chunk.rows)))
        last += len(chunk.rows)


def test_no_days_give_no_counts_but_all_else() -> None:
    asked = {**ASKED, "count_days": 0, "municipalities": 1}
    targets = {reading.target: [len(chunk.rows) for chunk in reading.chunks] for reading in readings(**asked)}
    assert "footfall_count" not in targets
    assert "parking_observation" not in targets
    assert targets["footfall_sensor"][0] >= 4


@pytest.mark.parametrize("wrong", [{"municipalities": 0}, {"municipalities": 301}, {"years": 2}])
def test_what_cannot_be_is_refused_at_once(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="demo"):
        readings(**{**ASKED, **wrong})


def test_coordinates_come_in_the_crs_that_was_asked_for() -> None:
    town = next(iter(readings(srid=3812, municipalities=1, until=date(2026, 11, 24), count_days=0)))
    rows = next(town.chunks).rows
    centre = rows.geometry.iloc[0].centroid
    assert rows.crs.to_epsg() == 3812
    assert centre.x == pytest.approx(570_677, abs=1500)
    assert centre.y == pytest.approx(705_592, abs=1500)
