import csv
import json

import geopandas as gpd
import pytest
import shapely
from pyproj import Transformer
from typer.testing import CliRunner

from api.__main__ import app as command
from tests import town as paper
from tests.api.conftest import good
from tests.town_database import rows

X, Y = paper.ORIGIN
TO_DEGREES = Transformer.from_crs(31370, 4326, always_xy=True)


def run(*words: object, code: int = 0) -> str:
    result = CliRunner().invoke(command, ["catchment", *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.output
    return " ".join(result.output.split())


def at(x: float, y: float) -> str:
    lon, lat = TO_DEGREES.transform(X + x, Y + y)
    return f"{lon:.8f},{lat:.8f}"


def test_a_catchment_is_told_as_it_is_counted_on_paper(town):
    # 2.6 minutes are 208 m: H1, H2, H3, H4 and S1, of which H2 and H3 stand empty; P1 with 100 spaces is 50 m away.
    told = run("--shop-unit", town.units["H1"], "--minutes", "1.3,2.6")
    assert "on foot to High Street 1" in told
    assert "1.3 min" in told
    assert "shop units │ 3 │ 5" in told
    assert "of which vacant │ 2 │ 2" in told
    assert "sales floor area, m² │ 300 │ 890" in told
    assert "parking spaces │ 100 │ 100" in told
    assert "The place is 0 m from its street" in told
    assert "population: Dataset town, of 2025, known for" in told


def test_every_way_to_name_a_place_gives_the_same_catchment(town):
    capakey = next(key for key, number in town.parcels.items() if number == town.parcels["34040A0001/00_000"])
    given = (
        ("--shop-unit", town.units["H1"]),
        ("--parcel", capakey),
        ("--at", at(50, 0)),
        ("--xy", f"{X + 50},{Y}"),
    )
    for option, value in given:
        assert "shop units │ 5" in run(option, value, "--minutes", "2.6"), option


def test_bands_may_be_metres_or_inhabitants_and_rings(town):
    h1 = ("--shop-unit", town.units["H1"])
    assert "shop units │ 3 │ 5" in run(*h1, "--metres", "104,208")
    assert "shop units │ 3 │ 2" in run(*h1, "--metres", "104,208", "--rings")
    assert "104 - 208 m" in run(*h1, "--metres", "104,208", "--rings")
    told = run(*h1, "--inhabitants", "300,5000")
    assert "300 inhabitants" in told
    assert "minutes │" in told
    assert "5,000 inhabitants are not reached within the longest search" in told


def test_competitors_take_their_own_ground(town):
    h1 = ("--shop-unit", town.units["H1"], "--minutes", "10")
    assert "shop units │ 12" in run(*h1)
    told = run(*h1, "--competitors", f"{town.units['H3']}")
    # H1 and, as near to one as to the other, H2.
    assert "shop units │ 2" in told
    assert "Nearer to this place than to: High Street 3" in told
    assert "supermarket" not in run(*h1, "--competitor-branch", "supermarket")


def test_a_scenario_is_told_beside_the_streets_as_they_are(town):
    ((segment,),) = rows("SELECT id FROM street_segment WHERE source_key = '4'")
    told = run("--shop-unit", town.units["H1"], "--minutes", "20", "--closed", segment)
    assert "with 1 street segments changed" in told
    assert "streets as they are" in told
    assert told.index("street segments changed") < told.index("streets as they are")
    barrier = f"{at(210, 40)};{at(190, 40)}"
    assert "with 1 street segments changed" in run(
        "--shop-unit", town.units["H1"], "--minutes", "20", "--barrier", barrier
    )


def test_the_file_holds_what_the_api_gives(client, town, tmp_path):
    asked = {"shop_unit": town.units["H1"], "minutes": "1.3,2.6"}
    given = good(client.get("/api/catchment", params=asked))
    file = tmp_path / "h1.geojson"
    told = run("--shop-unit", town.units["H1"], "--minutes", "1.3,2.6", "--output", file)
    assert f"Written: {file}" in told
    written = json.loads(file.read_text(encoding="utf-8"))
    assert written["features"] == given["features"]
    assert written["catchment"]["place"] == given["catchment"]["place"]
    run("--shop-unit", town.units["H1"], "--minutes", "1.3,2.6", "--output", tmp_path / "h1.csv")
    exported = client.get("/api/exports/catchment.csv", params=asked).text
    assert (tmp_path / "h1.csv").read_bytes().decode("utf-8") == exported
    run("--shop-unit", town.units["H1"], "--minutes", "1.3,2.6", "--output", tmp_path / "h1.gpkg")
    frame = gpd.read_file(tmp_path / "h1.gpkg")
    assert frame.crs.to_epsg() == 31370
    assert frame["shop_units"].tolist() == [3, 5]
    assert frame["place"].tolist() == ["High Street 1"] * 2
    assert frame["daily_units"].tolist() == [0, 1]
    assert frame["network"].tolist() == ["as it is"] * 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["h1.csv", "h1.geojson", "h1.gpkg"]


def test_a_file_that_is_there_is_replaced_whole(town, tmp_path):
    file = tmp_path / "one.gpkg"
    run("--shop-unit", town.units["H1"], "--minutes", "1,2,3", "--output", file)
    run("--shop-unit", town.units["H1"], "--minutes", "2", "--output", file)
    assert len(gpd.read_file(file)) == 1


def places_csv(folder):
    file = folder / "places.csv"
    lines = [f"Bakery;{X + 50};{Y}", f"Butcher;{X + 500};{Y}", f"Nowhere;{X + 600};{Y + 600}", "No place;;"]
    file.write_text("naam;x;y\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_a_file_of_places_gives_one_catchment_each_and_names_those_without(town, tmp_path):
    file, output = places_csv(tmp_path), tmp_path / "all.csv"
    told = run("--places", file, "--minutes", "2.6", "--output", output, code=1)
    assert "Bakery │ 2.6 min" in told
    assert "Butcher │ 2.6 min │" in told
    assert "Nowhere: no street open to walk within 250 m" in told
    assert "row 4" in told
    assert "2 catchments; 2 places of places.csv have none" in told
    with output.open(encoding="utf-8-sig", newline="") as opened:
        table = [row for row in csv.DictReader(opened, delimiter=";") if row["measure"] == "shop_units"]
    # Within 208 m of H7 at 500 m stand H5 at 300 m, H6 and itself.
    assert [(row["place"], float(row["value"])) for row in table] == [("Bakery", 5), ("Butcher", 3)]


@pytest.mark.parametrize("kind", ["gpkg", "geojson"])
def test_places_may_be_a_layer_and_the_answer_one_too(town, tmp_path, kind):
    points = shapely.points([(X + 50, Y), (X + 500, Y)])
    frame = gpd.GeoDataFrame({"id": ["a", "b"]}, geometry=points, crs=31370)
    source, output = tmp_path / f"places.{kind}", tmp_path / f"all.{kind}"
    (frame.to_crs(4326) if kind == "geojson" else frame).to_file(source)
    run("--places", source, "--minutes", "1.3,2.6", "--output", output)
    found = gpd.read_file(output)
    assert sorted(zip(found["place"], found["band"], found["shop_units"], strict=True)) == [
        ("a", 1.3, 3),
        ("a", 2.6, 5),
        ("b", 1.3, 1),
        ("b", 2.6, 3),
    ]
    assert found.geometry.is_valid.all()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "Give --shop-unit, --parcel, --at, --xy, or a file with --places"),
        (("--shop-unit", 1, "--at", "3,51"), "Give one of --shop-unit, --parcel, --at and --xy"),
        (("--shop-unit", 1, "--places", "x.csv"), "needs one place"),
        (("--shop-unit", 999999), "There is no shop unit 999999"),
        (("--parcel", "34040Z9999/00_000"), "Give a CAPAKEY"),
        (("--at", "Marktplein"), "is not two numbers"),
        (("--at", "70000,200000"), "for metres there is --xy"),
        (("--at", "nan,nan"), "is no place"),
        (("--xy", "1"), "X,Y in metres"),
        (("--xy", "1e30,1e30"), "choose a point nearer to a street"),
        (("--at", "3.0,51.0"), "choose a point nearer to a street"),
        (("--shop-unit", 1, "--mode", "swim"), "Give walk, bicycle or car"),
        (("--shop-unit", 1, "--direction", "up"), "Give towards or outward"),
        (("--shop-unit", 1, "--minutes", "five"), "numbers by comma"),
        (("--shop-unit", 1, "--minutes", "5", "--metres", "400"), "Give one of the two lists"),
        (("--shop-unit", 1, "--minutes", "500"), "Give 1 to 6 numbers"),
        (("--shop-unit", 1, "--closed", "999999"), "no such street segment: 999999"),
        (("--shop-unit", 1, "--competitors", "999999"), "There is no shop unit 999999 to compete with"),
        (("--shop-unit", 1, "--barrier", "here"), "two or more places"),
        (("--shop-unit", 1, "--output", "a.docx"), "Give a name in .csv, .geojson, .gpkg"),
        (("--shop-unit", 1, "--output", "/no/such/folder/a.csv"), "Make it first"),
        (("--places", "nothere.csv"), "there is no file nothere.csv"),
    ],
)
def test_what_cannot_be_drawn_is_told_with_the_way_out(town, words, told):
    assert told in run(*words, code=2)


def test_a_file_without_places_is_told_plainly(town, tmp_path):
    file = tmp_path / "shops.csv"
    file.write_text("naam;straat\nA;B\n", encoding="utf-8")
    assert "Add columns lat and lon" in run("--places", file, code=2)
    file.write_text("naam;x;y\n", encoding="utf-8")
    assert "holds no rows" in run("--places", file, code=2)


def test_without_streets_the_way_out_is_an_import(database):
    from tests.town_database import add_municipality

    add_municipality("99001", "Papierstad")
    assert "kernkaart import osm FILE" in run("--at", "3.4,50.9", code=2)
