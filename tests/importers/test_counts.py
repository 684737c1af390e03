from datetime import datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.importers import UnreadableSource
from api.importers.clock import parse_timezone, read_moments

BRUSSELS = parse_timezone("Europe/Brussels")


def utc(text):
    return pd.Timestamp(text, tz="UTC")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-07-01T08:00:00Z", "2025-07-01 08:00"),
        ("2025-07-01 08:00:00Z", "2025-07-01 08:00"),
        ("2025-07-01T08:00:00.000+02:00", "2025-07-01 06:00"),
        ("2025-07-01 08:00", "2025-07-01 06:00"),
        ("2025-12-01 08:00", "2025-12-01 07:00"),
        ("01/07/2025 08:00", "2025-07-01 06:00"),
        ("1/7/2025 8u30", "2025-07-01 06:30"),
        ("2025-07-01", "2025-06-30 22:00"),
        ("45839.5", "2025-07-01 10:00"),
    ],
)
def test_moments_are_read_by_the_clock_or_by_their_offset(text, moment):
    assert read_moments(pd.Series([text]), BRUSSELS).utc[0] == utc(moment)


def test_the_skipped_and_the_double_hour_are_told():
    moments = read_moments(
        pd.Series(["2025-03-30 02:30", "2025-10-26 02:30", "2025-10-26T02:30+01:00"]), BRUSSELS
    )
    assert moments.is_gap.tolist() == [True, False, False]
    assert moments.is_double.tolist() == [False, True, False]
    assert moments.utc.isna()[0]
    assert moments.utc[1] == utc("2025-10-26 00:30")
    assert moments.second[1] == utc("2025-10-26 01:30")
    assert moments.utc[2] == utc("2025-10-26 01:30")


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=20), st.none(), st.datetimes(min_value=datetime.fromisoformat("1970-01-01"))
        )
    )
)
def test_no_moment_crashes_the_reading(values):
    moments = read_moments(pd.Series(values, dtype="object"), BRUSSELS)
    assert len(moments.utc) == len(values)


@settings(deadline=None)
@given(
    st.datetimes(
        min_value=datetime.fromisoformat("1980-01-01"), max_value=datetime.fromisoformat("2037-01-01")
    )
)
def test_text_and_timestamp_of_the_same_clock_time_are_the_same_moment(moment):
    moment = moment.replace(microsecond=0)
    as_text = read_moments(pd.Series([moment.isoformat()]), BRUSSELS)
    as_stamp = read_moments(pd.Series(pd.to_datetime([moment])), BRUSSELS)
    assert as_text.utc.equals(as_stamp.utc)
    assert as_text.is_gap.equals(as_stamp.is_gap)
    if not as_text.is_gap[0]:
        assert as_text.utc[0].tz_convert(BRUSSELS).replace(tzinfo=None) == moment


@pytest.fixture
def counts(read, data):
    return read("counts", data / "counts.csv")["footfall_count"]


def test_counts_are_brought_to_utc(counts):
    rows = counts.rows
    assert rows["start_at"].dt.strftime("%m-%d %H:%M").tolist() == [
        "03-30 00:00", "03-30 01:00", "10-26 00:00", "10-26 01:00", "10-26 02:00", "10-27 11:00", "10-27 12:15",
    ]  # fmt: skip
    assert rows["value"].tolist() == [10, 12.5, 20, 21, 22, 5, 6]
    assert rows["mode"].tolist() == ["ped"] * 5 + ["bike", "auto"]
    assert rows["direction"].tolist() == ["both"] * 5 + ["a", "b"]
    assert rows["minutes"].tolist() == [60] * 5 + [15, 15]


def test_the_double_hour_and_a_low_uptime_are_flagged(counts):
    assert counts.rows["quality_flag"].tolist() == [0, 0, 2, 2, 1, 0, 0]
    assert counts.says("2 counts lie in the hour that the clock showed twice")
    assert counts.says("1 counts have an uptime of 0.5 or less")


def test_a_missing_count_is_no_row_and_no_zero(counts):
    assert counts.says("1 empty counts are no rows")
    assert 0 not in counts.rows["value"].tolist()


def test_bad_counts_are_refused_with_their_reason(counts):
    told = counts.refused.set_index("row_number")["reason"].to_dict()
    assert "clock skipped" in told[2]
    assert told[8] == "A count cannot be negative."
    assert "more than a counter can see" in told[9]
    assert told[10] == "value is not a number."
    assert told[11] == "This is not a moment."
    assert told[14] == "An earlier row has the same key."
    assert told[15] == "sensor_code is empty."
    assert told[16].startswith("mode is not one of the known words")
    assert sorted(counts.refused["row_number"]) == [2, 8, 9, 10, 11, 14, 15, 16]


def test_the_limit_of_what_is_believed_can_be_raised(read, data):
    rows = read("counts", data / "counts.csv", options={"max_per_hour": "100000"})["footfall_count"].rows
    assert 99999 in rows["value"].tolist()


def test_counts_in_utc_know_no_summer_time(read, write):
    path = write("c.csv", "sensor_id;start_utc;value\nA;2025-03-30 01:30;1\nA;2025-10-26 00:30;2\n")
    result = read("counts", path)["footfall_count"]
    assert result.rows["start_at"].dt.strftime("%m-%d %H:%M").tolist() == ["03-30 01:30", "10-26 00:30"]
    assert result.rows["quality_flag"].tolist() == [0, 0]
    assert result.says("per 60 minutes")


def test_a_double_hour_cut_by_a_chunk_is_still_one_pair(write, monkeypatch, read):
    from api.importers import text_tables

    monkeypatch.setattr(text_tables, "_BLOCK_BYTES", 64)
    path = write("c.csv", "sensor_id;start;value\n" + "A;2025-10-26 02:00;1\nB;2025-10-26 02:00;3\n" * 2)
    result = read("counts", path)["footfall_count"]
    assert result.chunks > 1
    assert result.rows["start_at"].dt.hour.tolist() == [0, 0, 1, 1]
    assert result.refused.empty


def test_a_wide_table_becomes_one_row_per_sensor_and_hour(read, data):
    result = read("counts-wide", data / "counts_wide.csv")["footfall_count"]
    rows = result.rows
    assert rows["sensor_code"].tolist() == [
        "Markt (Noord)", "Markt [12]", "Markt (Noord)", "Markt (Noord)", "Markt (Noord)", "Markt [12]",
    ]  # fmt: skip
    assert rows["value"].tolist() == [5, 6, 7, 8, 9, 0]
    assert rows["start_at"].dt.strftime("%d %H").tolist() == [
        "25 23",
        "25 23",
        "26 00",
        "26 01",
        "26 02",
        "26 02",
    ]
    assert rows["quality_flag"].tolist() == [0, 0, 2, 2, 0, 0]
    assert rows["row_number"].tolist() == [1, 1, 2, 3, 4, 4]
    told = result.refused[["row_number", "column_name"]].values.tolist()
    assert told == [[5, "Markt (Noord)"], [6, "Date"], [7, "Markt (Noord)"], [7, "Markt [12]"]]
    assert "clock skipped" in result.refused["reason"][0]
    assert result.says("Column 'Weer' holds no numbers")


def test_the_code_of_a_sensor_may_stand_in_the_name_of_its_column(read, data, write):
    rows = read("counts-wide", data / "counts_wide.csv", options={"code_pattern": r"\[(\d+)\]"})[
        "footfall_count"
    ].rows
    assert rows["sensor_code"].unique().tolist() == ["12"]
    table = write("codes.csv", "theirs;ours\nMarkt (Noord);P1\n")
    rows = read("counts-wide", data / "counts_wide.csv", options={"code_map": str(table)})[
        "footfall_count"
    ].rows
    assert rows["sensor_code"].unique().tolist() == ["P1"]
    with pytest.raises(UnreadableSource, match="no pattern"):
        read("counts-wide", data / "counts_wide.csv", options={"code_pattern": "["})


def test_a_wide_parquet_table_reads_like_its_csv(read, data, tmp_path):
    wide = pd.DataFrame(
        {"A": [1.0, None, 3.0], "B": [4.0, 5.0, None]},
        index=pd.DatetimeIndex(["2025-10-26 01:00", "2025-10-26 02:00", "2025-10-26 03:00"], name="t"),
    )
    wide.to_parquet(tmp_path / "w.parquet")
    wide.to_csv(tmp_path / "w.csv")
    one = read("counts-wide", tmp_path / "w.parquet")["footfall_count"].rows
    other = read("counts-wide", tmp_path / "w.csv")["footfall_count"].rows
    assert one.equals(other)
    assert len(one) == 4


def test_telraam_is_in_utc_scaled_and_in_two_directions(read, data):
    result = read("telraam", data / "telraam.csv")["footfall_count"]
    ped = result.rows[result.rows["mode"] == "ped"]
    assert ped[["direction", "value", "quality_flag"]].values.tolist() == [
        ["a", 7.5, 0], ["b", 5.0, 0], ["a", 1.0, 1], ["b", 2.0, 1], ["both", 9.0, 0],
    ]  # fmt: skip
    assert ped["start_at"].iloc[0] == utc("2025-11-10 13:00")
    assert result.rows["sensor_code"].unique().tolist() == ["9000000001"]
    assert result.refused[["row_number", "column_name"]].values.tolist() == [[3, "uptime"]]
    assert result.says("1 times the two directions do not add up")
    assert set(result.rows["mode"]) == {"ped", "bike", "auto", "truck"}


def test_telraam_gives_its_sensor_where_the_user_says_it_stands(read, data):
    out = read(
        "telraam",
        data / "telraam.csv",
        nis_code="34040",
        options={"lon": "3,427", "lat": "50.889", "name": "X"},
    )
    row = out["footfall_sensor"].rows.iloc[0]
    assert row[["code", "nis_code", "name", "instrument"]].tolist() == ["9000000001", "34040", "X", "telraam"]
    assert abs(row["geometry"].x - 83_738) < 100


def test_hystreet_knows_its_own_offset_and_directions(read, data):
    out = read("hystreet", data / "hystreet.csv", options={"lon": "3.427", "lat": "50.889"})
    rows = out["footfall_count"].rows
    assert rows[["direction", "value"]].values.tolist() == [["a", 18], ["b", 12], ["a", 8], ["b", 12]]
    assert rows["start_at"].dt.hour.tolist() == [0, 0, 1, 1]
    assert rows["quality_flag"].tolist() == [0] * 4
    sensor = out["footfall_sensor"].rows.iloc[0]
    assert sensor[["name", "instrument", "direction_a"]].tolist() == ["Hoogstraat (midden)", "laser", "Markt"]


def test_directions_are_never_given_beside_their_total(read, data):
    for source, file in (("telraam", "telraam.csv"), ("hystreet", "hystreet.csv")):
        rows = read(source, data / file)["footfall_count"].rows
        for _, group in rows.groupby(["sensor_code", "start_at", "mode"]):
            assert set(group["direction"]) in ({"a", "b"}, {"both"})


def test_sensors_are_read_and_wifi_counters_refused(read, data):
    result = read("sensors", data / "sensors.csv", nis_code="34040", options={"decimal": ","})[
        "footfall_sensor"
    ]
    assert result.rows["code"].tolist() == ["P1", "P3"]
    assert result.rows["instrument"].tolist() == ["radar", "unknown"]
    assert result.rows["is_indoor"].tolist() == [False, True]
    assert str(result.rows["active_from"][0]) == "2024-02-01"
    assert sorted(result.refused["row_number"]) == [2, 3, 4]
    assert any("personal data" in reason for reason in result.reasons())
