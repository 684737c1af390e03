import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS, Transformer

from api.importers import UnreadableSource
from api.importers.crs import Label, decide

WAREGEM_72 = (83_738.0, 175_825.0)
FORWARD = Transformer.from_crs(31370, 3812, always_xy=True)


def square(x, y, size=20.0):
    return shapely.box(x, y, x + size, y + size)


def decided(xy, label, srid=31370):
    x, y = np.array([xy[0]]), np.array([xy[1]])
    return decide(x, y, Label(CRS.from_epsg(label) if label else None), srid=srid)


@pytest.mark.parametrize("srid", [31370, 3812])
@pytest.mark.parametrize("label", [31370, 3812, 4326, None])
@pytest.mark.parametrize("truth", [31370, 3812, 4326])
def test_the_place_of_the_points_decides_whatever_the_label(truth, label, srid):
    xy = Transformer.from_crs(31370, truth, always_xy=True).transform(*WAREGEM_72)
    projection, sentence = decided(xy, label, srid)
    assert projection.crs.to_epsg() == truth
    assert not projection.is_swapped
    assert (sentence is None) == (label == truth)
    if label is not None and label != truth:
        assert f"EPSG:{truth}" in sentence
        assert f"EPSG:{label}" in sentence


def test_latitude_before_longitude_is_turned_round_and_told():
    projection, sentence = decided((50.889, 3.427), 4326)
    assert projection.is_swapped
    assert "turned round" in sentence
    point = projection.geometries(np.array([shapely.Point(50.889, 3.427)]))[0]
    assert point.distance(shapely.Point(WAREGEM_72)) < 100


def test_another_country_works_in_its_own_system():
    projection, sentence = decided((144.96, -37.81), 4326, srid=7855)
    assert sentence is None
    point = projection.geometries(np.array([shapely.Point(144.96, -37.81)]))[0]
    assert 315_000 < point.x < 325_000
    assert 5_810_000 < point.y < 5_820_000


def test_a_file_from_elsewhere_is_refused_with_a_way_out():
    with pytest.raises(UnreadableSource, match="do not lie in the area") as error:
        decided((144.96, -37.81), 4326)
    assert "crs=" in error.value.way_out


def test_the_users_own_word_is_believed():
    projection, sentence = decide(
        np.array([0.0]), np.array([0.0]), Label(None), srid=31370, forced="EPSG:3812"
    )
    assert projection.crs.to_epsg() == 3812
    assert "as asked" in sentence


def test_a_file_of_lambert_72_labelled_2008_lands_where_it_lies(read, tmp_path):
    frame = gpd.GeoDataFrame({"CAPAKEY": ["34040A0001/00A000"]}, geometry=[square(*WAREGEM_72)], crs=3812)
    frame.to_file(tmp_path / "adp.gpkg")
    result = read("parcels", tmp_path / "adp.gpkg")["parcel"]
    assert result.rows.crs.to_epsg() == 31370
    assert result.rows.geometry[0].equals_exact(shapely.multipolygons([square(*WAREGEM_72)]), 0.001)
    assert result.says("look like Lambert 72 (EPSG:31370) although the file says Lambert 2008 (EPSG:3812)")


def test_a_file_of_lambert_2008_labelled_72_is_transformed_not_shifted(read, tmp_path):
    there = FORWARD.transform(*WAREGEM_72)
    frame = gpd.GeoDataFrame({"CAPAKEY": ["34040A0001/00A000"]}, geometry=[square(*there)], crs=31370)
    frame.to_file(tmp_path / "adp.shp")
    result = read("parcels", tmp_path / "adp.shp")["parcel"]
    assert abs(result.rows.geometry[0].bounds[0] - WAREGEM_72[0]) < 0.05
    assert result.says("look like Lambert 2008")


def test_geojson_with_metres_but_no_crs_member_is_recognised(read, data):
    result = read("parcels", data / "grb_adp.geojson")["parcel"]
    assert result.says("although the format without a crs member means WGS 84")
    assert result.rows.geometry[0].bounds == (83700, 175800, 83720, 175830)


def test_one_point_far_away_is_refused_alone(read, write):
    path = write("s.csv", "code;lat;lon\nA;50.889;3.427\nB;50.889;3.428\nC;0;0\n")
    result = read("sensors", path)["footfall_sensor"]
    assert result.rows["code"].tolist() == ["A", "B"]
    assert result.refused["row_number"].tolist() == [3]
    assert "outside the area" in result.refused["reason"][0]


def test_points_in_metres_need_no_label(read, write):
    path = write("s.csv", "code;x;y\nA;83738;175825\n")
    result = read("sensors", path)["footfall_sensor"]
    assert result.rows.geometry[0].coords[0] == WAREGEM_72
    assert result.says("Coordinates look like Lambert 72 (EPSG:31370); the file does not say")
