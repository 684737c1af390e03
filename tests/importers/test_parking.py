import geopandas as gpd
import pandas as pd
import pytest
import shapely

from api.importers import UnreadableSource


def test_zones_as_areas_keep_their_outline_and_a_point_in_it(read, tmp_path):
    frame = gpd.GeoDataFrame(
        {
            "segment_id": ["S1", "S2"],
            "naam": ["Markt", "Kaai"],
            "capaciteit": [20, -1],
            "regime": ["blauwe zone", "ruimte"],
        },
        geometry=[shapely.box(83_700, 175_800, 83_720, 175_810), shapely.Point(83_750, 175_800)],
        crs=31370,
    )
    frame.to_file(tmp_path / "p.gpkg")
    result = read("parking-zones", tmp_path / "p.gpkg", nis_code="34040")["parking_zone"]
    rows = result.rows
    assert rows["code"].tolist() == ["S1", "S2"]
    assert rows["regime"].tolist() == ["blue_zone", "unknown"]
    assert rows["capacity"].isna().tolist() == [False, True]
    assert rows["area_geom"][0].area == 200
    assert rows["area_geom"][0].contains(rows.geometry[0])
    assert rows["area_geom"][1] is None
    assert rows["kind"].tolist() == ["street", "street"]
    assert sorted(result.refused["column_name"]) == ["capaciteit", "regime"]
    assert result.says("No column for kind")


def test_bays_make_zones_with_their_number_as_capacity(read, write):
    path = write(
        "b.csv",
        "RoadSegmentID,RoadSegmentDescription,x,y\n"
        "7,Markt,83700,175800\n7,Markt,83710,175800\n9,Kaai,83800,175800\n,Nergens,83900,175800\n",
    )
    result = read("parking-bays", path, nis_code="34040")["parking_zone"]
    rows = result.rows.set_index("code")
    assert rows["capacity"].to_dict() == {"7": 2, "9": 1}
    assert rows.loc["7", ["name", "kind"]].tolist() == ["Markt", "bay_group"]
    assert 80 < rows.loc["7", "area_geom"].area < 90
    assert rows.loc["7", "area_geom"].contains(rows.loc["7", "geometry"])
    assert result.refused["row_number"].tolist() == [4]
    assert result.says("3 bays make 2 zones")


def test_a_parking_survey_is_read_by_its_bands(read, data):
    result = read("parking-occupancy", data / "parking_survey.csv")["parking_observation"]
    assert result.rows["zone_code"].tolist() == ["S1", "S2"]
    assert result.rows["occupied"].tolist() == [15, 9]
    assert result.rows["minutes"].tolist() == [120, 120]
    assert result.rows["observed_at"].dt.strftime("%Y-%m-%d %H:%M").tolist() == [
        "2026-03-12 09:00",
        "2026-03-12 13:00",
    ]
    assert sorted(set(result.refused["row_number"])) == [2, 5, 6]
    assert "More spaces are taken than there are." in result.reasons()
    assert result.says("1 empty observations are no rows")


def test_cars_beside_the_spaces_can_be_allowed(read, data):
    rows = read("parking-occupancy", data / "parking_survey.csv", options={"max_share": "1.3"})[
        "parking_observation"
    ].rows
    assert rows["occupied"].tolist() == [15, 26, 9]


def test_a_live_feed_gives_free_spaces_and_an_offset(read, write):
    path = write(
        "g.json",
        '[{"name": "P1", "lastupdate": "2026-03-12T10:05:00+01:00", "totalcapacity": 100, "availablecapacity": 30,'
        ' "occupation": 70, "location": {"lon": 3.4, "lat": 50.9}}]',
    )
    row = read("parking-occupancy", path)["parking_observation"].rows.iloc[0]
    assert row[["zone_code", "capacity", "occupied", "minutes"]].tolist() == ["P1", 100, 70, 0]
    assert row["observed_at"] == pd.Timestamp("2026-03-12 09:05", tz="UTC")


@pytest.mark.parametrize(
    ("shares", "word"), [(["0.5", "0.25"], "a share (0-1)"), (["50", "25"], "percent (0-100)")]
)
def test_shares_and_percents_become_spaces(read, write, shares, word):
    capacities = write("c.csv", "theirs;ours\nP1;40\n")
    rows = "".join(f"P1;2026-03-12 1{i}:00;{share}\n" for i, share in enumerate(shares))
    path = write("o.csv", f"parking_id;hour;occupancy_rate\n{rows}P2;2026-03-12 10:00;{shares[0]}\n")
    result = read(
        "parking-occupancy",
        path,
        mapping={"observed_local": "hour"},
        options={"capacity_map": str(capacities)},
    )["parking_observation"]
    assert result.rows["occupied"].tolist() == [20, 10]
    assert result.says(word)
    assert "A share says nothing without the number of spaces." in result.reasons()


def test_a_capacity_may_be_a_logarithm(read, write):
    path = write("o.csv", "parking_id;observed_at;occupancy_rate;logcap\nP;2026-03-12 10:00;0.5;4.61512\n")
    row = read("parking-occupancy", path, mapping={"capacity": "logcap"}, options={"capacity_is": "log1p"})[
        "parking_observation"
    ].rows.iloc[0]
    assert row[["capacity", "occupied"]].tolist() == [100, 50]
    with pytest.raises(UnreadableSource, match="capacity_is"):
        read("parking-occupancy", path, options={"capacity_is": "sqrt"})


def test_public_places_of_a_json_list_stand_at_their_pair_of_numbers(read, write):
    path = write(
        "s.json", '[{"name": "Waregem", "coord": [3.427, 50.889]}, {"name": "Maan", "coord": [0, 0]}]'
    )
    result = read("public-places", path, mapping={"kind": "=station"}, nis_code="34040")["public_place"]
    assert result.rows[["kind", "name", "weight"]].values.tolist() == [["station", "Waregem", 1.0]]
    assert abs(result.rows.geometry[0].x - 83_738) < 100
    assert result.refused["row_number"].tolist() == [2]
    again = read("public-places", path, mapping={"kind": "=station"}, nis_code="34040")["public_place"]
    assert again.rows["source_key"].equals(result.rows["source_key"])


def test_an_unknown_kind_of_place_is_other_and_told(read, write):
    path = write("p.csv", "id;soort;naam;lat;lon\n1;bibliotheek;B;50.889;3.427\n2;kasteel;K;50.889;3.428\n")
    result = read("public-places", path)["public_place"]
    assert result.rows["kind"].tolist() == ["library", "other"]
    assert result.says("kasteel (1)")
