import geopandas as gpd
import numpy as np
import pytest
from sqlalchemy import text

from api.catchment import street_rows
from api.db.session import get_engine
from tests.api.conftest import writable_session


def as_rows(session) -> gpd.GeoDataFrame:
    """The same, a row at a time."""
    frame = gpd.read_postgis(
        text("SELECT * FROM street_segment ORDER BY id"),
        session.connection(),
        geom_col="geom",
        index_col="id",
    )
    return frame.rename_geometry("geometry")


@pytest.mark.parametrize("at_once", [1, 2, 50_000])
def test_packed_streets_are_those_of_the_table(own_town, monkeypatch, at_once):
    monkeypatch.setattr(street_rows, "AT_ONCE", at_once)
    with get_engine().begin() as connection:
        connection.execute(
            text(
                "UPDATE street_segment SET car_speed_kmh = 30.5, is_car_backward = false, is_walk_forward = false, "
                "street_class = 'ferry' WHERE id = (SELECT max(id) FROM street_segment)"
            )
        )
        # A line of three vertices among those of two.
        connection.execute(
            text(
                "UPDATE street_segment SET geom = st_addpoint(geom, st_translate(st_endpoint(geom), 1, 1)) "
                "WHERE id = (SELECT min(id) FROM street_segment)"
            )
        )
    with writable_session() as session:
        packed, rows = street_rows.read_streets(session, {"99001": 7}), as_rows(session)
    assert packed.index.tolist() == rows.index.tolist()
    assert packed.geometry.geom_equals(rows.geometry).all()
    assert packed.crs == rows.crs
    assert set(packed["area"]) == {7}
    for name in ("street_class", *street_rows.ACCESS):
        assert packed[name].tolist() == rows[name].tolist(), name
    np.testing.assert_array_equal(packed["car_speed_kmh"], rows["car_speed_kmh"].astype(float))


def test_without_streets_the_frame_is_empty(own_town):
    with get_engine().begin() as connection:
        connection.execute(text("DELETE FROM street_segment"))
    with writable_session() as session:
        assert street_rows.read_streets(session, {}).empty
