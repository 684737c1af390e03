import gzip

import pytest
from sqlalchemy import text

from api.db.session import get_engine
from tests.api.conftest import problem
from tests.town_database import EMPTY_NIS, NIS

OF_A_MUNICIPALITY = (
    "/api/shop-units?municipality={}",
    "/api/shop-units/points?municipality={}",
    "/api/parcels?municipality={}",
    "/api/sensors?municipality={}",
    "/api/parking-zones?municipality={}",
    "/api/vacancy?municipality={}",
    "/api/vacancy-clusters?municipality={}",
    "/api/municipalities/{}",
    "/api/municipalities/{}/areas.geojson",
)
EXPORTS = tuple(
    f"/api/exports/{name}?municipality={{}}"
    for name in (
        "shop-units.geojson",
        "shop-units.csv",
        "parcels.geojson",
        "sensors.geojson",
        "parking-zones.geojson",
        "vacancy-clusters.geojson",
    )
)


@pytest.mark.parametrize("path", [*OF_A_MUNICIPALITY, *EXPORTS])
def test_a_municipality_of_which_nothing_is_known_yet_gets_an_empty_answer(client, town, path):
    answer = client.get(path.format(EMPTY_NIS))
    assert answer.status_code == 200, answer.text
    if "csv" in path:
        assert len(answer.text.splitlines()) == 1
        return
    body = answer.json()
    for name in ("items", "features", "ids", "cores"):
        assert body.get(name, []) == []
    for name in ("total", "numberMatched"):
        assert body.get(name, 0) == 0


@pytest.mark.parametrize("path", [*OF_A_MUNICIPALITY, *EXPORTS, "/api/scores?municipality={}"])
def test_a_municipality_that_is_not_known_here_is_not_found(client, town, path):
    for nis in ("00000", "GENT", "99001x"):
        assert "GET /api/municipalities" in problem(client.get(path.format(nis)), 404)["way_out"]


@pytest.mark.parametrize("path", [*OF_A_MUNICIPALITY, "/api/scores?municipality={}"])
def test_an_answer_that_has_not_changed_is_not_sent_again(client, town, path):
    first = client.get(path.format(NIS))
    etag = first.headers["etag"]
    assert etag.startswith('W/"')
    again = client.get(path.format(NIS), headers={"If-None-Match": f'"other", {etag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == etag
    assert again.headers["cache-control"] == first.headers["cache-control"] == "private, no-cache"
    assert client.get(path.format(NIS), headers={"If-None-Match": '"other"'}).status_code == 200


def test_single_things_carry_the_version_of_their_municipality_too(client, town):
    paths = (
        f"/api/shop-units/{town.units['H1']}",
        f"/api/parcels/{town.parcels['34040A0001/00_000']}",
        f"/api/sensors/{town.sensors['high']}",
        f"/api/sensors/{town.sensors['high']}/series",
        f"/api/parking-zones/{town.zones['P1']}/series",
        f"/api/catchment?shop_unit={town.units['H1']}&minutes=5",
        "/api/municipalities",
    )
    for path in paths:
        first = client.get(path)
        assert first.status_code == 200, path
        again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304, path


@pytest.mark.parametrize(
    "write",
    [
        "UPDATE shop_unit SET note = 'x' WHERE local_code = 'H1'",
        "UPDATE municipality SET name_nl = 'Andere' WHERE nis_code = '99001'",
        "DELETE FROM footfall_count WHERE sensor_id = (SELECT min(id) FROM footfall_sensor)",
    ],
)
def test_after_a_write_the_answer_is_sent_anew(client, own_town, write):
    path = f"/api/shop-units?municipality={NIS}"
    etag, other = (
        client.get(f"/api/shop-units?municipality={nis}").headers["etag"] for nis in (NIS, EMPTY_NIS)
    )
    with get_engine().begin() as connection:
        connection.execute(text(write))
    anew = client.get(path, headers={"If-None-Match": etag})
    assert anew.status_code == 200
    assert anew.headers["etag"] != etag
    untouched = client.get(f"/api/shop-units?municipality={EMPTY_NIS}", headers={"If-None-Match": other})
    assert untouched.status_code == 304


def test_a_large_answer_is_compressed_when_the_reader_can_read_that(client, town):
    path = f"/api/shop-units?municipality={NIS}"
    with client.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as packed:
        assert packed.headers["content-encoding"] == "gzip"
        raw = b"".join(packed.iter_raw())
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(raw) == plain.content
    assert len(raw) < len(plain.content) / 3
