import math

import pytest
from pyproj import Transformer
from sqlalchemy import text

from api.db.session import get_engine
from api.tiles import COLUMNS, LAYERS
from tests import town as paper
from tests.api.accounts import share
from tests.api.conftest import problem, units
from tests.api.mvt import read_tile

EXTENT = 4096


def tile_of(lon: float, lat: float, z: int) -> tuple[int, int, float, float]:
    """Tile that holds a place, and where in the tile the place lies (0-4096)."""
    x = (lon + 180) / 360 * 2**z
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z
    return int(x), int(y), x % 1 * EXTENT, y % 1 * EXTENT


@pytest.fixture
def corner() -> tuple[float, float]:
    """Degrees of a point on the side street, 50 m from the corner."""
    to_degrees = Transformer.from_crs(paper.CRS, 4326, always_xy=True)
    lon, lat = to_degrees.transform(paper.ORIGIN[0] + 200, paper.ORIGIN[1] + 50)
    return lon, lat


def tile(client, layer: str, z: int, place: tuple[float, float]) -> list[dict]:
    x, y, _, _ = tile_of(*place, z)
    answer = client.get(f"/api/tiles/{layer}/{z}/{x}/{y}.mvt")
    if answer.status_code == 204:
        assert answer.content == b""
        return []
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    layers = read_tile(answer.content)
    assert list(layers) == [layer]
    return layers[layer]


def test_a_unit_stands_in_its_tile_where_it_stands_in_the_world(client, town):
    for unit in units(client):
        x, y, across, down = tile_of(unit["lon"], unit["lat"], 16)
        found = read_tile(client.get(f"/api/tiles/shop_unit/16/{x}/{y}.mvt").content)["shop_unit"]
        (here,) = [each for each in found if each["id"] == unit["id"]]
        assert here["type"] == 1
        assert here["points"][0] == pytest.approx((across, down), abs=1.5)
        assert here["properties"]["state"] == unit["state"]
        assert here["properties"]["score"] == pytest.approx(unit["score"]["value"])
        assert here["properties"].get("vacancy_class") == unit["vacancy_class"]


def test_the_streets_of_a_tile_have_their_class_and_name(client, town, corner):
    found = tile(client, "street", 13, corner)
    assert len(found) == 5
    assert {each["type"] for each in found} == {2}
    assert {each["properties"]["name"] for each in found} == {"High Street", "Side Street"}
    assert {each["properties"]["class"] for each in found} == {"residential"}


def test_parcels_and_buildings_are_polygons_with_their_keys(client, town, corner):
    parcels = tile(client, "parcel", 15, corner)
    assert {each["type"] for each in parcels} == {3}
    assert {each["properties"]["capakey"] for each in parcels} <= set(town.parcels)
    assert {each["id"] for each in parcels} <= set(town.parcels.values())
    assert {each["type"] for each in tile(client, "building", 14, corner)} == {3}


def test_what_lies_just_outside_a_tile_reaches_in_over_its_edge(client, town, corner):
    for each in tile(client, "street", 17, corner):
        for across, down in each["points"]:
            assert -64 - 1 <= across <= EXTENT + 64 + 1
            assert -64 - 1 <= down <= EXTENT + 64 + 1


@pytest.mark.parametrize("layer", LAYERS)
def test_a_tile_without_anything_in_it_is_empty_and_no_error(client, town, layer):
    answer = client.get(f"/api/tiles/{layer}/16/0/0.mvt")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "etag" in answer.headers


@pytest.mark.parametrize("layer", ["street", "building", "parcel", "shop_unit"])
def test_below_its_zoom_a_layer_is_not_drawn(client, town, corner, layer):
    lowest = LAYERS[layer][0]
    assert tile(client, layer, lowest - 1, corner) == []
    if layer == "street":
        lowest = 12
    assert tile(client, layer, lowest, corner) != []


def test_small_streets_wait_for_a_closer_look_and_through_roads_do_not(client, own_town, corner):
    assert tile(client, "street", 10, corner) == []
    with get_engine().begin() as connection:
        connection.execute(text("UPDATE street_segment SET street_class = 'primary' WHERE source_key = '1'"))
        connection.execute(text("UPDATE street_segment SET street_class = 'service' WHERE source_key = '4'"))
    assert [each["properties"]["class"] for each in tile(client, "street", 10, corner)] == ["primary"]
    assert len(tile(client, "street", 13, corner)) == 4
    assert "service" in {each["properties"]["class"] for each in tile(client, "street", 16, corner)}


def test_water_and_green_are_drawn_where_they_are_known(client, own_town, corner):
    with get_engine().begin() as connection:
        connection.execute(
            text(
                "INSERT INTO backdrop (nis_code, source_key, kind, name, geom) SELECT '99001', 'w', 'water', 'Leie', "
                "st_multi(st_expand(geom, 50)) FROM shop_unit WHERE local_code = 'S1'"
            )
        )
    (water,) = tile(client, "backdrop", 14, corner)
    assert (water["type"], water["properties"]) == (3, {"kind": "water", "name": "Leie"})


def test_a_tile_is_sent_once_and_anew_after_a_write(client, own_town, corner):
    x, y, _, _ = tile_of(*corner, 16)
    path = f"/api/tiles/shop_unit/16/{x}/{y}.mvt"
    etag = client.get(path).headers["etag"]
    for held in (etag, f'"other", {etag}', etag.removeprefix("W/"), "*"):
        assert client.get(path, headers={"If-None-Match": held}).status_code == 304
    with get_engine().begin() as connection:
        connection.execute(
            text("UPDATE vacancy_spell SET ended_on = current_date WHERE start_basis = 'exact'")
        )
    again = client.get(path, headers={"If-None-Match": etag})
    assert again.status_code == 200
    (h2,) = [each for each in read_tile(again.content)["shop_unit"] if each["id"] == own_town.units["H2"]]
    assert h2["properties"]["state"] == "unknown"


def test_what_is_made_while_a_right_is_taken_away_is_not_kept_beyond_it(client, own_town, corner):
    x, y, _, _ = tile_of(*corner, 16)
    path = f"/api/tiles/shop_unit/16/{x}/{y}.mvt"
    client.cookies.clear()
    share("public", "units")
    assert client.get(path).status_code == 200
    with get_engine().connect() as connection:
        connection.execute(text("UPDATE rights.sharing SET level = 'own' WHERE subject = 'units'"))
        # Not committed yet, so the old right stands.
        within = client.get(path)
        assert within.status_code == 200
        connection.commit()
    assert client.get(path).status_code == 204
    assert client.get(path, headers={"If-None-Match": within.headers["etag"]}).status_code == 204


def test_a_refresh_that_began_first_and_ended_last_makes_tiles_anew(client, own_town, corner):
    x, y, _, _ = tile_of(*corner, 16)
    path = f"/api/tiles/shop_unit/16/{x}/{y}.mvt"
    insert = (
        "INSERT INTO analysis_run (nis_code, kind, data_version, code_version, state, finished_at) "
        "VALUES (:nis, 'refresh', 0, 'x', :state, CASE :state WHEN 'done' THEN clock_timestamp() END) RETURNING id"
    )
    with get_engine().begin() as connection:
        first = connection.execute(text(insert), {"nis": own_town.nis, "state": "running"}).scalar_one()
        connection.execute(text(insert), {"nis": own_town.empty, "state": "done"})
    before = client.get(path).headers["etag"]
    with get_engine().begin() as connection:
        ended = "UPDATE analysis_run SET state = 'done', finished_at = clock_timestamp() WHERE id = :id"
        connection.execute(text(ended), {"id": first})
    after = client.get(path, headers={"If-None-Match": before})
    assert after.status_code == 200
    assert after.headers["etag"] != before


@pytest.mark.parametrize("kind", ["/api/tiles/parcel/16/{x}/{y}.mvt", "/api/ogc/collections/parcels/tiles/WebMercatorQuad/16/{y}/{x}"])  # fmt: skip
def test_a_tile_goes_packed_to_who_can_unpack_it_and_plain_to_who_cannot(client, town, corner, kind):
    x, y, _, _ = tile_of(*corner, 16)
    path = kind.format(x=x, y=y)
    packed = client.get(path, headers={"Accept-Encoding": "gzip, br"})
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])
    assert packed.content == plain.content
    assert "Accept-Encoding" in packed.headers["vary"]
    assert packed.headers["content-type"] == plain.headers["content-type"]


def test_a_unit_that_is_gone_and_a_parcel_that_has_ended_are_not_drawn(client, own_town, corner):
    with get_engine().begin() as connection:
        connection.execute(text("UPDATE shop_unit SET lifecycle = 'demolished' WHERE local_code = 'S1'"))
        connection.execute(
            text("UPDATE parcel SET ends_on = '2024-01-01' WHERE capakey = '34040A0008/00_000'")
        )
    assert own_town.units["S1"] not in {each["id"] for each in tile(client, "shop_unit", 16, corner)}
    keys = {each["properties"]["capakey"] for each in tile(client, "parcel", 16, corner)}
    assert "34040A0008/00_000" not in keys


@pytest.mark.parametrize(
    "path",
    [
        "pets/10/0/0",
        "street/23/0/0",
        "street/-1/0/0",
        "street/10/-1/0",
        "street/x/0/0",
        "street/10/1.5/0",
    ],
)
def test_a_tile_that_cannot_be_is_malformed(client, town, path):
    problem(client.get(f"/api/tiles/{path}.mvt"), 422)


@pytest.mark.parametrize(
    "path", ["street/0/1/0", "street/10/1024/0", "street/10/0/1024", "street/10/99999999999999999999/0"]
)
def test_a_tile_beyond_the_edge_of_the_world_is_empty(client, town, path):
    assert client.get(f"/api/tiles/{path}.mvt").status_code == 204


def test_every_layer_says_which_columns_it_draws():
    assert LAYERS.keys() == COLUMNS.keys()
