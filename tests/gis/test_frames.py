import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from gis.errors import FrameError, GisError
from gis.frames import require


def test_a_frame_that_holds_everything_passes():
    frame = gpd.GeoDataFrame(
        {"n": [1, 2], "open": [True, False], "name": ["a", "b"]},
        geometry=gpd.points_from_xy([0, 1], [0, 1]),
        crs=31370,
    )
    require(frame, "n", kinds={"open": "bool", "name": "text"}, geometry="Point")


def test_every_fault_is_named_in_one_error():
    shapes = [shapely.Point(0, 0), None, shapely.LineString([(0, 0), (1, 1)]), shapely.Point(np.inf, 0)]
    frame = gpd.GeoDataFrame({"n": ["x", "y", "z", "w"]}, geometry=shapes, index=[1, 1, 2, 3], crs=4326)
    with pytest.raises(FrameError) as raised:
        require(frame, "street", kinds={"n": "number"}, geometry="Point", what="sensors")
    text = str(raised.value)
    for fault in (
        "sensors: ",
        "column street is missing",
        "column n must hold number values",
        "the index is not unique (for example [1])",
        "EPSG:4326 is not in metres",
        "1 rows have no geometry (first: 1)",
        "1 rows are not Point but linestring (first: 2)",
        "1 rows have coordinates that are not finite (first: 3)",
    ):
        assert fault in text


def test_a_frame_without_geometry_or_crs_says_so():
    with pytest.raises(FrameError, match="no geometry column"):
        require(pd.DataFrame({"n": [1]}), geometry="Point")
    with pytest.raises(FrameError, match="no CRS"):
        require(gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)]), geometry="Point")


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("bool", pd.array([True, None], "boolean")),
        ("text", pd.Series(["a", None])),
        ("text", pd.Series(["a", 1], dtype=object)),
        ("time", pd.to_datetime(pd.Series(["2026-01-01", None]))),
        ("number", pd.Series([True, False]).astype(str)),
    ],
)
def test_a_column_with_gaps_or_of_another_kind_is_refused(kind, values):
    with pytest.raises(FrameError, match="must hold"):
        require(pd.DataFrame({"c": values}), kinds={"c": kind})


def test_every_error_is_a_value_error():
    assert issubclass(FrameError, GisError)
    assert issubclass(GisError, ValueError)
