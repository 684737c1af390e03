from datetime import date

import geopandas as gpd
import pyogrio
import pytest
import shapely

from api.importers import UnreadableSource

BORDER = shapely.box(83_000, 175_000, 84_000, 176_000)


def test_parcels_of_the_ogc_api_are_kept_repaired_and_refused(read, data):
    result = read("parcels", data / "grb_adp.geojson")["parcel"]
    assert result.rows["capakey"].tolist() == ["34040A0001/00A000", "34040A0002/00B001", "34013B0004/00D000"]
    first = result.rows.iloc[0]
    assert (first["oidn"], first["uidn"], first["version"], first["canu"]) == (101, 9001, 2, "1A")
    assert (first["begins_on"], first["fiscal_on"]) == (date(2012, 4, 12), date(2026, 1, 1))
    assert first["area_m2"] == 600
    assert result.rows["nis_code"].tolist() == ["34040", "34040", "34013"]
    assert set(result.rows.geom_type) == {"MultiPolygon"}
    assert result.says("1 outlines crossed themselves and were repaired")
    assert result.refused[["row_number", "column_name"]].values.tolist() == [[3, "geometry"], [5, "CAPAKEY"]]
    assert "has no geometry" in result.refused["reason"][0]
    assert "same key" in result.refused["reason"][1]


def test_parcels_of_another_municipality_are_left_out_and_counted(read, data):
    result = read("parcels", data / "grb_adp.geojson", nis_code="34040")["parcel"]
    assert len(result.rows) == 2
    assert result.says("1 rows belong to other municipalities")


def test_parcels_that_ended_are_refused_by_name(read, data):
    result = read("parcels", data / "grb_adp_del.gml")["parcel"]
    assert result.rows["capakey"].tolist() == ["34040A0006/00F000"]
    assert result.rows["area_m2"].tolist() == [201.5]
    assert result.refused[["row_number", "value"]].values.tolist() == [[1, "2026-06-02"]]
    assert not list(data.glob("*.gfs"))


def test_arcs_in_an_outline_become_short_lines(read, data):
    result = read("parcels", data / "adp_with_an_arc.gml")["parcel"]
    outline = result.rows.geometry[0]
    assert len(outline.geoms[0].exterior.coords) > 10
    assert outline.area == pytest.approx(3.14159 * 10**2 / 2, rel=0.01)
    assert result.rows["capakey"].tolist() == ["34040A0001/00A000"]


def test_the_same_file_twice_gives_the_same_parcels(read, data):
    first, second = (read("parcels", data / "grb_adp.geojson")["parcel"] for _ in range(2))
    assert first.rows.equals(second.rows)
    assert first.refused.equals(second.refused)
    assert first.assumed == second.assumed


def test_a_zipped_shapefile_of_parcels_reads_like_the_geojson(read, data, tmp_path):
    import shutil

    frame = pyogrio.read_dataframe(data / "grb_adp.geojson").set_crs(31370, allow_override=True)
    for column in ("BEGINDATUM", "VERSDATUM", "FISCDATUM"):
        frame[column] = frame[column].dt.strftime("%Y-%m-%d")
    (tmp_path / "in").mkdir()
    frame.to_file(tmp_path / "in" / "Adp.shp")
    shutil.make_archive(str(tmp_path / "adp"), "zip", tmp_path / "in")
    zipped = read("parcels", tmp_path / "adp.zip")["parcel"].rows
    plain = read("parcels", data / "grb_adp.geojson")["parcel"].rows
    assert zipped["capakey"].tolist() == plain["capakey"].tolist()
    assert zipped.geometry.area.round(3).tolist() == plain.geometry.area.round(3).tolist()


def test_texts_in_a_shapefile_without_encoding_are_read_as_what_they_are(read, tmp_path):
    for encoding, file in (("UTF-8", "u.shp"), ("CP1252", "w.shp")):
        frame = gpd.GeoDataFrame(
            {"code": ["34040W01"], "naam": ["Café-wijk"]},
            geometry=[shapely.box(83700, 175800, 83800, 175900)],
            crs=31370,
        )
        frame.to_file(tmp_path / file, encoding=encoding)
        (tmp_path / file).with_suffix(".cpg").unlink()
        result = read("neighbourhoods", tmp_path / file)["neighbourhood"]
        assert result.rows["name"].tolist() == ["Café-wijk"], encoding
    assert read("neighbourhoods", tmp_path / "u.shp")["neighbourhood"].says("are UTF-8, although")


def test_buildings_get_type_use_and_a_key_of_their_shape(read, tmp_path):
    boxes = [shapely.box(83_700 + 20 * i, 175_800, 83_710 + 20 * i, 175_810) for i in range(4)]
    frame = gpd.GeoDataFrame(
        {
            "TYPE": [1, 2, 3, None],
            "building": ["house", "garage", "retail", "yes"],
            "HOOGTE": [9.5, 3, 700, None],
        },
        geometry=boxes,
        crs=31370,
    )
    frame.to_file(tmp_path / "gbg.gpkg")
    result = read("buildings", tmp_path / "gbg.gpkg", nis_code="34040", within=BORDER)["building"]
    assert result.rows["building_type"].tolist() == ["main", "annex", "clipped", "main"]
    assert result.rows["use"].fillna("").tolist() == ["residential", "other", "commercial", ""]
    assert result.rows["height_m"].fillna(-1).tolist() == [9.5, 3, -1, -1]
    assert result.refused["value"].tolist() == ["700.0"]
    assert result.rows["source_key"].is_unique
    again = read("buildings", tmp_path / "gbg.gpkg", nis_code="34040", within=BORDER)["building"]
    assert again.rows["source_key"].equals(result.rows["source_key"])


@pytest.fixture
def edges(tmp_path):
    line = [shapely.LineString([(83_700, 175_800 + 10 * i), (83_790, 175_800 + 10 * i)]) for i in range(6)]
    line[5] = shapely.MultiLineString(
        [[(83_700, 175_900), (83_710, 175_900)], [(83_720, 175_900), (83_730, 175_900)]]
    )
    frame = gpd.GeoDataFrame(
        {
            "id": [1, 2, 3, 4, 5, 6],
            "name": ["A", "B", "C", "D", "E", "F"],
            "highway": [
                "residential",
                "['tertiary', 'residential']",
                "footway",
                "construction",
                "boulevard",
                "steps",
            ],
            "oneway": [True, False, False, False, False, False],
            "maxspeed": ["30", "['50', '30']", "", "", "20 mph", ""],
        },
        geometry=line,
        crs=31370,
    )
    frame.to_file(tmp_path / "edges.gpkg")
    return tmp_path / "edges.gpkg"


def test_streets_of_any_layer_follow_the_words_of_openstreetmap(read, edges):
    result = read("streets", edges, nis_code="34040")["street_segment"]
    rows = result.rows.set_index("source_key")
    assert rows["street_class"].to_dict() == {
        "1": "residential", "2": "tertiary", "3": "footway", "5": "unclassified", "6": "steps", "6/2": "steps",
    }  # fmt: skip
    assert rows.loc["1", ["is_car_forward", "is_car_backward", "is_walk_backward"]].tolist() == [
        True,
        False,
        True,
    ]
    assert rows.loc["3", ["is_walk_forward", "is_bicycle_forward", "is_car_forward"]].tolist() == [
        True,
        False,
        False,
    ]
    assert rows["car_speed_kmh"].fillna(0).round(1).tolist() == [30, 50, 0, 32.2, 0, 0]
    assert result.refused[["row_number", "value"]].values.tolist() == [[4, "construction"]]
    assert result.says("not known are read as local roads: boulevard (1)")
    assert result.says("1 lines in pieces became a segment each")


def test_street_classes_can_be_translated_by_a_table(read, edges, write):
    table = write("classes.csv", "theirs;ours\nboulevard;secondary\nsteps;footway\n")
    rows = read("streets", edges, options={"class_map": str(table)})["street_segment"].rows
    assert rows.set_index("source_key")["street_class"].loc[["5", "6"]].tolist() == ["secondary", "footway"]


def test_streets_a_little_outside_the_border_are_kept(read, edges):
    far = shapely.box(85_000, 175_000, 86_000, 176_000)
    near = shapely.box(84_000, 175_000, 85_000, 176_000)
    assert read("streets", edges, within=far)["street_segment"].rows.empty
    assert len(read("streets", edges, within=near)["street_segment"].rows) == 6
    assert read("streets", edges, within=near, options={"margin_m": "0"})["street_segment"].rows.empty


def segments(**columns):
    n = len(next(iter(columns.values())))
    lines = [
        shapely.LineString([(83_700, 175_800 + 10 * i, 0), (83_790, 175_800 + 10 * i, 90)]) for i in range(n)
    ]
    return gpd.GeoDataFrame(columns, geometry=lines, crs=31370)


def test_the_road_register_v1_keeps_what_is_in_use_and_its_code(read, tmp_path):
    folder = tmp_path / "extract"
    folder.mkdir()
    own = segments(
        WS_OIDN=[1, 2, 3, 4, 5, 6],
        STATUS=[4, 4, 4, 3, 4, 4],
        MORF=[103, 113, 101, 103, 116, 103],
        WEGCAT=["L3", "-9", "H", "L2", "-9", "PII-4"],
        LSTRNM=["Markt", "Stormestraat", None, "Nieuwe weg", None, "Gentseweg"],
        RSTRNM=["Markt", None, None, None, None, "Zuiderlaan"],
        TGBEP=[1, 1, 1, 1, 1, 4],
    )
    own.to_file(folder / "Wegsegment.shp")
    own.to_file(folder / "eWegsegment.shp")
    around = segments(
        WS_OIDN=[7], STATUS=[4], MORF=[114], WEGCAT=["-9"], LSTRNM=["Pad"], RSTRNM=["Pad"], TGBEP=[1]
    )
    around.to_file(folder / "iWegsegment.shp")
    result = read("wegenregister", folder)["street_segment"]
    rows = result.rows.set_index("source_key")
    assert rows["street_class"].to_dict() == {
        "ws/1": "residential", "ws/2": "pedestrian", "ws/3": "motorway", "ws/6": "primary", "ws/7": "path",
    }  # fmt: skip
    assert rows["name"].fillna("").tolist() == ["Markt", "Stormestraat", "", "Gentseweg / Zuiderlaan", "Pad"]
    assert rows[["code_scheme", "code_version", "code"]].iloc[1].tolist() == [
        "wegenregister_morf",
        "v1",
        "113",
    ]
    walk, car = rows["is_walk_forward"], rows["is_car_forward"]
    assert walk.tolist() == [True, True, False, True, True]
    assert car.tolist() == [True, False, True, True, False]
    assert rows["is_private"].tolist() == [False, False, False, True, False]
    assert result.refused[["row_number", "column_name", "value"]].values.tolist() == [
        [4, "STATUS", "3"],
        [5, "MORF", "116"],
    ]
    assert result.says("V1 has no driving directions")


def test_the_road_register_v2_has_a_direction_per_mode(read, tmp_path):
    frame = segments(
        WS_OIDN=[1, 2, 3],
        STATUS=[11, 11, 10],
        MORF=[3, 3, 3],
        WEGCAT=["IW", "OW", "OW"],
        TOEGANG=[10, 11, 10],
        AUTOHEEN=[1, 0, 1],
        AUTOTERUG=[0, 0, 1],
        FIETSHEEN=[1, 1, 1],
        FIETSTERUG=[1, 1, 1],
        VOETGANGER=[1, 1, 1],
    )
    frame.to_file(tmp_path / "Wegsegment.shp")
    result = read("wegenregister", tmp_path / "Wegsegment.shp")["street_segment"]
    rows = result.rows
    assert rows["street_class"].tolist() == ["tertiary", "pedestrian"]
    assert rows["code_version"].tolist() == ["v2", "v2"]
    assert rows[["is_car_forward", "is_car_backward", "is_bicycle_backward"]].iloc[0].tolist() == [
        True,
        False,
        True,
    ]
    assert rows["is_private"].tolist() == [False, True]
    assert result.refused["value"].tolist() == ["10"]


def test_a_layer_of_points_is_refused_as_streets(read, data):
    with pytest.raises(UnreadableSource):
        read("wegenregister", data / "overpass_shops.geojson")
    result = read("streets", data / "overpass_shops.geojson")["street_segment"]
    assert result.rows.empty
    assert result.reasons() == {"The geometry is not a line with a length.": 4}
