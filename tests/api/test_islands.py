import geopandas as gpd
import pytest
import shapely
from pyproj import Transformer
from sqlalchemy import text
from typer.testing import CliRunner

from api.__main__ import app as command
from api.db.session import get_engine
from tests import town as paper
from tests.api.conftest import good, problem
from tests.conftest import use_database
from tests.town_database import EMPTY_NIS, NIS, add_municipality, rows

X, Y = paper.ORIGIN
TO_DEGREES = Transformer.from_crs(31370, 4326, always_xy=True)
MODES = ("walk", "bicycle", "car")


def run(*words: object, fails: bool = False) -> str:
    result = CliRunner().invoke(command, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert (result.exit_code != 0) == fails, result.output
    return " ".join(result.output.split())


def islands(client, **query):
    return good(client.get("/api/street-islands", params={"municipality": NIS, **query}))


def add_street(
    key: str, line: list[tuple[float, float]], *, cars: bool = True, name: str | None = None
) -> None:
    shape = shapely.LineString([(X + x, Y + y) for x, y in line]).wkt
    with get_engine().begin() as connection:
        connection.execute(
            text(
                "INSERT INTO street_segment (nis_code, source_key, name, street_class, is_walk_forward, "
                "is_walk_backward, is_bicycle_forward, is_bicycle_backward, is_car_forward, is_car_backward, geom) "
                "VALUES (:nis, :key, :name, 'residential', true, true, true, true, :cars, :cars, "
                "st_geomfromtext(:shape, 31370))"
            ),
            {"nis": NIS, "key": key, "name": name, "cars": cars, "shape": shape},
        )


def street_file(folder, *lines, name: str = "streets.geojson"):
    shapes = [shapely.LineString([(X + x, Y + y) for x, y in line]) for line in lines]
    path = folder / name
    frame = gpd.GeoDataFrame({"id": range(1, len(lines) + 1)}, geometry=shapes, crs=31370)
    frame.assign(street_class="residential").to_file(path)
    return path


HIGH = [[(0, 0), (200, 0)], [(200, 0), (400, 0)], [(200, 0), (200, 300)]]
# 60 m and 40 m that meet each other and nothing else.
APART = [[(300, 100), (360, 100)], [(360, 100), (360, 140)]]


@pytest.fixture
def place(database):
    border = shapely.MultiPolygon([shapely.box(X - 300, Y - 300, X + 900, Y + 700)])
    add_municipality(NIS, "Papierstad", geom=f"SRID={paper.CRS};{border.wkt}")
    add_municipality(EMPTY_NIS, "Leegdorp")
    use_database(database)


def test_a_network_in_one_part_says_so_when_it_is_imported(place, tmp_path):
    told = run("import", "streets", street_file(tmp_path, *HIGH), "--municipality", NIS)
    for mode in MODES:
        assert f"{mode}: 0.7 km of street in one part" in told
    assert "There are no islands" in run("streets", "islands")
    assert rows("SELECT * FROM street_island") == []


def test_an_import_tells_the_islands_it_makes_and_an_undo_that_they_are_gone(place, tmp_path):
    run("import", "streets", street_file(tmp_path, *HIGH), "--municipality", NIS)
    file = street_file(tmp_path, *HIGH, *APART, name="more.geojson")
    told = run("import", "streets", file, "--municipality", NIS)
    assert (
        "walk: 0.8 km of street in 2 parts; 1 island of 100 m in all cannot be reached from the rest" in told
    )
    assert "kernkaart streets islands" in told
    assert "less than 1 cm apart" in told
    kept = rows(
        "SELECT mode, nis_code, segments, length_m, st_length(geom) AS drawn_m FROM qgis.street_island ORDER BY id"
    )
    assert [row.mode for row in kept] == list(MODES)
    assert {(row.nis_code, row.segments, row.length_m, round(row.drawn_m, 6)) for row in kept} == {
        (NIS, 2, 100, 100)
    }
    assert "in one part" in run("import", "--undo", 2)
    assert rows("SELECT * FROM street_island") == []
    assert "in one part" not in run("import", "--undo", 1)


def test_a_dry_run_and_an_import_of_something_else_say_nothing_of_islands(place, tmp_path):
    file = street_file(tmp_path, *HIGH, *APART)
    assert "island" not in run("import", "streets", file, "--municipality", NIS, "--dry-run")
    shop = tmp_path / "shops.csv"
    shop.write_text(f"local_code;x;y\nA;{X};{Y}\n", encoding="utf-8")
    assert "island" not in run("import", "shop-units", shop, "--municipality", NIS)


def test_islands_are_listed_with_their_length_name_and_place(client, own_town):
    assert islands(client)["features"] == []
    add_street("i1", [(300, 100), (360, 100)], name="Eilandpad")
    add_street("i2", [(360, 100), (360, 140)], cars=False)
    add_street("i3", [(500, 200), (510, 200)], cars=False)
    body = islands(client)
    found = [(each["properties"]["mode"], each["properties"]["length_m"]) for each in body["features"]]
    assert found == [("walk", 100), ("walk", 10), ("bicycle", 100), ("bicycle", 10), ("car", 60)]
    first = body["features"][0]
    assert first["geometry"]["type"] == "MultiLineString"
    assert shapely.geometry.shape(first["geometry"]).geoms[0].coords[0] == pytest.approx(
        TO_DEGREES.transform(X + 300, Y + 100), abs=1e-6
    )
    assert first["properties"]["name"] == "Eilandpad"
    assert (first["properties"]["lon"], first["properties"]["lat"]) == pytest.approx(
        TO_DEGREES.transform(X + 300, Y + 100), abs=1e-6
    )
    (ids,) = rows("SELECT array_agg(id ORDER BY id) FROM street_segment WHERE source_key IN ('i1', 'i2')")
    assert first["properties"]["segment_ids"] == ids[0]
    assert {
        each["mode"]: (each["parts"], each["islands"], each["islands_m"]) for each in body["networks"]
    } == {
        "walk": (3, 2, 110),
        "bicycle": (3, 2, 110),
        "car": (2, 1, 60),
    }
    assert len(islands(client, mode="car")["features"]) == 1
    assert islands(client, municipality=EMPTY_NIS)["features"] == []
    told = run("streets", "islands", "--municipality", NIS, "--mode", "car")
    lon, lat = TO_DEGREES.transform(X + 300, Y + 100)
    assert f"car │ 99001 │ 1 │ 60 │ {ids[0][0]} │ Eilandpad │ {lon:.6f} │ {lat:.6f}" in told
    assert "walk" not in told
    assert "There are no islands in 99002" in run("streets", "islands", "--municipality", EMPTY_NIS)


def test_a_refresh_keeps_the_islands_for_qgis(own_town):
    add_street("i1", [(300, 100), (360, 100)], name="Eilandpad")
    run("refresh", "--municipality", NIS)
    assert rows("SELECT DISTINCT name, length_m FROM qgis.street_island") == [("Eilandpad", 60)]


def test_what_cannot_be_listed_is_told_with_the_way_out(client, place):
    assert "kernkaart import osm" in run("streets", "islands", fails=True)
    assert "Give walk, bicycle or car" in run("streets", "islands", "--mode", "swim", fails=True)
    assert "not known here" in run("streets", "islands", "--municipality", "12345", fails=True)
    assert islands(client) == {"type": "FeatureCollection", "features": [], "networks": []}
    problem(client.get("/api/street-islands?municipality=12345"), 404)
    problem(client.get(f"/api/street-islands?municipality={NIS}&mode=swim"), 422)


def test_streets_that_one_cannot_leave_are_no_island_but_nobody_is_put_on_them(client, own_town):
    add_street("dead", [(600, 0), (700, 0)])
    with get_engine().begin() as connection:
        connection.execute(
            text("UPDATE street_segment SET is_car_backward = false WHERE source_key = 'dead'")
        )
    assert islands(client)["features"] == []


def test_a_private_road_is_used_as_its_access_says_and_not_as_it_is_marked(client, own_town):
    asked = {"shop_unit": own_town.units["H1"], "minutes": 5}

    def held(mode: str) -> int:
        body = good(client.get("/api/catchment", params={**asked, "mode": mode}))
        return body["features"][0]["properties"]["shop_units"]

    before = {mode: held(mode) for mode in MODES}
    with get_engine().begin() as connection:
        connection.execute(text("UPDATE street_segment SET is_private = true"))
    assert {mode: held(mode) for mode in MODES} == before
    with get_engine().begin() as connection:
        connection.execute(
            text(
                "UPDATE street_segment SET is_car_forward = false, is_car_backward = false WHERE source_key IN ('4', '5')"
            )
        )
    # A driver to S5 now leaves the car on the high street and walks 280 m, more than anybody is put on a street for.
    assert held("walk") == before["walk"]
    assert held("car") == before["car"] - 1
