import json

import pytest

from api.importers import UnreadableSource, text_tables

ARCHIVE = """date,temperature_c,precipitation_mm,rain_mm,snowfall_cm,cloud_cover_pct,wind_speed_kmh,sunshine_duration_s
2026-01-10 00:00:00,9.2,0.0,0.0,0.0,100,15.1,0.0
2026-01-10 01:00:00,8.6,0.4,0.4,0.0,45,14.2,1800.0
2026-01-10 02:00:00,86,0.0,0.0,0.0,45,14.2,0.0
2026-01-10 02:30:00,8.0,0.0,0.0,0.0,45,14.2,0.0
gisteren,8.0,0.0,0.0,0.0,45,14.2,0.0
2026-01-10 04:00:00,,,,,,,
2026-01-10 01:00:00,8.6,0.4,0.4,0.0,45,14.2,1800.0
"""
FORECAST = """tijdstip;uitgegeven;temperatuur;neerslag
28/11/2026 06:00;28/11/2026 05:00;4,5;0,2
28/11/2026 07:00;ooit;4,5;0,2
28/11/2026 08:00;;4,5;0,2
"""


def test_an_archive_is_read_with_its_units_and_bad_rows_are_named(read, write):
    result = read("weather", write("w.csv", ARCHIVE), nis_code="34040")["weather_hour"]
    rows = result.rows
    assert rows["hour_at"].astype("str").tolist() == [
        "2026-01-10 00:00:00+00:00", "2026-01-10 01:00:00+00:00", "2026-01-10 02:00:00+00:00",
    ]  # fmt: skip
    assert rows.loc[1, ["temperature_c", "precipitation_mm", "wind_speed_kmh"]].tolist() == [8.6, 0.4, 14.2]
    assert rows.loc[1, ["sunshine_min", "cloud_cover_percent"]].tolist() == [30.0, 45.0]
    assert rows["issued_at"].isna().all()
    # The temperature that cannot be is emptied, the row is kept.
    assert rows["temperature_c"].isna().tolist() == [False, False, True]
    told = result.refused[["row_number", "column_name"]].values.tolist()
    assert sorted(told) == [[3, "temperature_c"], [4, "hour_at"], [5, "hour_at"], [7, "issued_at"]]
    assert result.refused["remedy"].str.len().min() > 10
    assert result.says("1 rows say nothing of the weather")


def test_the_clock_on_the_wall_and_the_end_of_the_hour_are_options(read, write):
    options = {"timezone": "Europe/Brussels", "hour_is": "end"}
    rows = read("weather", write("w.csv", ARCHIVE), nis_code="34040", options=options)["weather_hour"].rows
    assert str(rows.loc[0, "hour_at"]) == "2026-01-09 22:00:00+00:00"


def test_the_hour_that_the_clock_shows_twice_is_two_hours(read, write):
    lines = (
        "time,temperature_c\n2026-10-25 01:00,1\n2026-10-25 02:00,2\n2026-10-25 02:00,3\n2026-10-25 03:00,4\n"
    )
    rows = read(
        "weather", write("w.csv", lines), nis_code="34040", options={"timezone": "Europe/Brussels"}
    )["weather_hour"].rows  # fmt: skip
    assert [str(at)[11:13] for at in rows["hour_at"]] == ["23", "00", "01", "02"]
    assert rows["temperature_c"].tolist() == [1.0, 2.0, 3.0, 4.0]


def test_that_hour_is_two_hours_of_each_municipality_by_itself(read, write):
    lines = "nis,time,temperature_c\n" + "".join(
        f"{nis},2026-10-25 02:00,{value}\n" for value, nis in enumerate(["34040", "34013"] * 2)
    )
    result = read("weather", write("w.csv", lines), options={"timezone": "Europe/Brussels"})["weather_hour"]
    assert len(result.refused) == 0
    assert [str(at)[11:13] for at in result.rows["hour_at"]] == ["00", "00", "01", "01"]


def test_that_hour_is_two_hours_where_a_file_is_cut_in_between(read, write, monkeypatch):
    monkeypatch.setattr(text_tables, "_BLOCK_BYTES", 24)
    lines = "time,temperature_c\n2026-10-25 01:00,1\n2026-10-25 02:00,2\n2026-10-25 02:00,3\n"
    result = read(
        "weather", write("w.csv", lines), nis_code="34040", options={"timezone": "Europe/Brussels"}
    )["weather_hour"]  # fmt: skip
    assert (result.chunks, len(result.refused)) == (3, 0)
    assert [str(at)[11:13] for at in result.rows["hour_at"]] == ["23", "00", "01"]


def kmi(*codes):
    """What the hourly layer of the KMI gives, with values of our own."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [3.2, 50.9]},
            "properties": {
                "code": code, "timestamp": f"2026-07-17T{hour:02d}:00:00Z", "precip_quantity": 0.3,
                "temp_dry_shelter_avg": 20.5, "wind_speed_10m": 2.0, "sun_duration": 12.0, "pressure": 1014.0,
            },
        }
        for code in codes
        for hour in (1, 2)
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features})


def test_an_hour_of_the_kmi_ends_at_its_moment_and_wind_comes_in_metres_a_second(read, write):
    rows = read("weather", write("aws.geojson", kmi(6414)), nis_code="34040")["weather_hour"].rows
    assert rows["hour_at"].astype("str").tolist() == [
        "2026-07-17 00:00:00+00:00",
        "2026-07-17 01:00:00+00:00",
    ]
    assert rows.loc[0, ["temperature_c", "precipitation_mm", "wind_speed_kmh", "sunshine_min"]].tolist() == [
        20.5, 0.3, 7.2, 12.0,
    ]  # fmt: skip


OPEN_METEO = """time,temperature_2m,precipitation,cloud_cover,wind_speed_10m,sunshine_duration
2026-01-10T00:00,9.2,0.0,100,15.1,0.0
2026-01-10T01:00,8.6,0.4,45,14.2,1800.0
"""


@pytest.mark.parametrize(("ours", "wind"), [("wind_speed_kmh", 15.1), ("wind_speed_ms", 54.36)])
def test_wind_without_a_unit_is_asked_for_and_does_not_make_a_file_one_of_the_kmi(read, write, ours, wind):
    path = write("w.csv", OPEN_METEO)
    with pytest.raises(UnreadableSource) as refused:
        read("weather", path, nis_code="34040")
    assert f"--map {ours}=wind_speed_10m" in refused.value.way_out
    rows = read("weather", path, nis_code="34040", mapping={ours: "wind_speed_10m"})["weather_hour"].rows
    assert rows.loc[0, "wind_speed_kmh"] == pytest.approx(wind)
    assert rows["hour_at"].astype("str").tolist() == [
        "2026-01-10 00:00:00+00:00",
        "2026-01-10 01:00:00+00:00",
    ]


def test_wind_without_a_unit_gives_way_to_wind_with_one(read, write):
    path = write("w.csv", ARCHIVE.replace("snowfall_cm", "wind_speed_10m"))
    rows = read("weather", path, nis_code="34040")["weather_hour"].rows
    assert rows.loc[0, "wind_speed_kmh"] == 15.1


def test_of_several_stations_one_is_taken_and_the_way_to_choose_is_told(read, write):
    path = write("aws.geojson", kmi(6414, 6418))
    first = read("weather", path, nis_code="34040")["weather_hour"]
    assert len(first.rows) == 2
    assert first.refused["remedy"].str.contains("station=CODE").tolist() == [True, True]
    asked = read("weather", path, nis_code="34040", options={"station": "6418"})["weather_hour"]
    assert (len(asked.rows), len(asked.refused)) == (2, 0)
    assert asked.says("2 rows are of other stations")


def test_a_forecast_says_when_it_was_made_in_a_column_or_in_an_option(read, write):
    result = read("weather", write("f.csv", FORECAST), nis_code="34040")["weather_hour"]
    assert str(result.rows.loc[0, "issued_at"]) == "2026-11-28 05:00:00+00:00"
    assert result.rows["issued_at"].isna().tolist() == [False, True]
    assert result.refused[["row_number", "column_name"]].values.tolist() == [[2, "issued_at"]]
    options = {"issued_at": "2026-11-28T06:00+01:00"}
    rows = read("weather", write("w.csv", ARCHIVE), nis_code="34040", options=options)["weather_hour"].rows
    assert set(rows["issued_at"].astype("str")) == {"2026-11-28 05:00:00+00:00"}


@pytest.mark.parametrize("options", [{"issued_at": "morgen"}, {"hour_is": "middle"}, {"timezone": "Mars"}])
def test_options_that_cannot_be_are_told(read, write, options):
    with pytest.raises(UnreadableSource):
        read("weather", write("w.csv", ARCHIVE), nis_code="34040", options=options)


def test_a_file_without_weather_is_refused_as_a_whole(read, write):
    with pytest.raises(UnreadableSource):
        read("weather", write("w.csv", "date,pressure\n2026-01-01 00:00,1000\n"), nis_code="34040")


def test_the_archive_of_kortrijk_is_read_whole(read, shared):
    path = shared("flanders/telraam_kortrijk/weather_kortrijk.csv")
    result = read("weather", path, nis_code="34022")["weather_hour"]
    assert len(result.rows) > 1800
    assert len(result.refused) == 0
    assert result.rows["sunshine_min"].between(0, 60).all()
