import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.count_coverage import hour_shares, usual_beside
from gis.count_findings import HOUR_KINDS, REVIEW_KINDS, decided_flags, find_faults, flag_runs
from gis.counts import (
    FLAG_NAMES,
    LOW_UPTIME,
    OK,
    REVIEW,
    SPIKE,
    STUCK,
    VALID_FLAGS,
    ZERO_RUN,
    hourly,
    quality_flags,
)
from tests.gis.test_count_shifts import DAY, FIRST, TIMEZONE, between, weeks_of_counts


def long(table: pd.DataFrame) -> pd.DataFrame:
    clock = table.index.tz_localize(TIMEZONE, ambiguous="NaT", nonexistent="NaT").tz_convert("UTC")
    frame = table.set_axis(clock, axis=0)
    frame = frame[frame.index.notna()].rename_axis(index="start_at", columns="sensor_id")
    return frame.stack().dropna().rename("value").reset_index().assign(minutes=60)


def found_in(table: pd.DataFrame) -> pd.DataFrame:
    counts = long(table)
    return find_faults(counts, quality_flags(counts, timezone=TIMEZONE), timezone=TIMEZONE)


def test_every_code_that_a_finding_can_give_takes_hours_out():
    for kind, code in (HOUR_KINDS | REVIEW_KINDS).items():
        assert code not in VALID_FLAGS, kind
        assert FLAG_NAMES[code] in {kind, "spike"}


def test_a_run_of_zeros_is_one_finding_with_what_would_have_passed():
    table = weeks_of_counts(weeks=14)
    first = FIRST + pd.Timedelta(weeks=12, hours=9)
    table.loc[first : first + pd.Timedelta(hours=5), "a"] = 0
    (found,) = found_in(table).to_dict("records")
    assert (found["kind"], found["detail"]["hours"], found["detail"]["counted"]) == ("zero_run", 6.0, 0.0)
    assert found["detail"]["usual"] > 300
    assert found["from_at"] == first.tz_localize(TIMEZONE).tz_convert("UTC")
    assert found["to_at"] - found["from_at"] == pd.Timedelta(hours=6)


def test_times_of_findings_are_instants_also_when_the_clock_was_moved_in_between():
    table = weeks_of_counts()
    table.loc[between(table, DAY, 21), "a"] *= 2
    (found,) = found_in(table).query("kind == 'level_shift'").to_dict("records")
    # A Wednesday in May: midnight is ten in the evening before, in UTC.
    assert found["from_at"] == pd.Timestamp("2025-05-20T22:00Z")


def test_nothing_is_found_in_no_counts():
    counts = long(weeks_of_counts(weeks=1)).iloc[:0]
    flags = pd.Series([], dtype=np.uint8)
    assert find_faults(counts, flags, timezone=TIMEZONE).empty


def judged(state: str, kind: str, first: str, last: str) -> pd.DataFrame:
    row = {
        "sensor_id": "x",
        "kind": kind,
        "from_at": pd.Timestamp(first),
        "to_at": pd.Timestamp(last),
        "state": state,
    }
    return pd.DataFrame([row])


def row_of_hours(codes: list[int]) -> tuple[pd.DataFrame, pd.Series]:
    start = pd.date_range("2025-03-03T08:00Z", periods=len(codes), freq="h")
    counts = pd.DataFrame({"sensor_id": "x", "start_at": start, "minutes": 60, "value": 25.0})
    return counts, pd.Series(codes, dtype=np.uint8)


def any_codes(seed: int) -> list[int]:
    """Up to forty hours with any code, often the same one after another."""
    rng = np.random.default_rng(seed)
    runs = [[int(rng.choice(list(FLAG_NAMES)))] * int(rng.integers(1, 6)) for _ in range(rng.integers(1, 9))]
    return [code for run in runs for code in run]


def test_an_overruled_finding_makes_its_hours_valid_again_and_no_others():
    counts, flags = row_of_hours([OK, STUCK, STUCK, STUCK, ZERO_RUN])
    findings = judged("overruled", "stuck", "2025-03-03T09:00Z", "2025-03-03T12:00Z")
    assert decided_flags(counts, flags, findings).tolist() == [OK, OK, OK, OK, ZERO_RUN]


def test_a_confirmed_finding_takes_its_hours_out_but_not_what_the_file_says_of_them():
    counts, flags = row_of_hours([OK, OK, REVIEW, LOW_UPTIME, OK])
    findings = judged("confirmed", "level_shift", "2025-03-03T09:00Z", "2025-03-03T12:00Z")
    assert decided_flags(counts, flags, findings).tolist() == [OK, 6, 6, LOW_UPTIME, OK]
    spike = judged("confirmed", "spike_review", "2025-03-03T10:00Z", "2025-03-03T11:00Z")
    assert decided_flags(counts, flags, spike).tolist() == [OK, OK, SPIKE, LOW_UPTIME, OK]


@given(
    st.lists(st.sampled_from(sorted(FLAG_NAMES)), min_size=1, max_size=30),
    st.sampled_from(sorted(REVIEW_KINDS)),
)
def test_an_open_finding_changes_nothing(codes, kind):
    counts, flags = row_of_hours(codes)
    findings = judged("open", kind, "2025-03-03T00:00Z", "2025-04-03T00:00Z")
    assert decided_flags(counts, flags, findings).tolist() == codes


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=30)
def test_runs_hold_exactly_the_hours_that_were_flagged(seed):
    codes = any_codes(seed)
    counts, flags = row_of_hours(codes)
    runs = flag_runs(
        counts, flags, hourly(counts.assign(quality_flag=flags), timezone=TIMEZONE), timezone=TIMEZONE
    )
    wanted = [*HOUR_KINDS.values(), REVIEW]
    assert sum(row["hours"] for row in runs["detail"]) == np.isin(codes, wanted).sum()
    overruled = runs.assign(state="overruled")
    assert not np.isin(decided_flags(counts, flags, overruled), wanted).any()


def test_shares_of_hours_add_up_and_tell_doubt_from_what_is_left_out_and_missing():
    table = weeks_of_counts(weeks=8)
    table.loc[between(table, FIRST + pd.Timedelta(weeks=4), 1), "a"] = np.nan
    counts = long(table).assign(quality_flag=OK)
    first = pd.Timestamp("2025-02-10T00:00Z")
    is_stuck = (
        (counts["sensor_id"] == "a")
        & (counts["start_at"] >= first)
        & (counts["start_at"] < first + pd.Timedelta(hours=5))
    )
    counts.loc[is_stuck, "quality_flag"] = STUCK
    findings = judged("open", "level_shift", "2025-02-17T00:00Z", "2025-02-19T00:00Z").assign(sensor_id="a")
    shares = hour_shares(counts, findings, timezone=TIMEZONE).loc["a"]
    assert shares["n_missing"] == 24
    assert shares["n_left_out"] == 5
    assert shares["n_in_doubt"] == 48
    assert shares["n_expected"] == 8 * 168
    assert shares[["n_valid", "n_in_doubt", "n_left_out", "n_missing"]].sum() == shares["n_expected"]
    assert shares["n_fillable"] == 29


def test_beside_a_finding_stands_what_was_usual_before_it_with_the_day_of_the_others():
    hours = pd.date_range(FIRST, periods=12 * 168, freq="h")
    table = pd.DataFrame({"a": 100.0, "b": 50.0}, index=hours)
    at = FIRST + pd.Timedelta(weeks=9)
    table.loc[table.index >= at, "a"] = 200.0
    table.loc[between(table, at, 1), "b"] = 100.0
    usual = usual_beside(table, "a", before=at)
    # On the first day the other counts 2401 / 1201 of its usual day, after that just that.
    assert usual[at] == pytest.approx(100 * 2401 / 1201)
    assert usual[at + pd.Timedelta(days=1)] == pytest.approx(100)
