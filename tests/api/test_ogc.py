import json
import random
from urllib.parse import parse_qsl, urlsplit

import ogcapi_registry
import pytest
import shapely
from sqlalchemy import text

from api.db.session import get_engine
from api.export import ogc_item_routes
from api.export.catalogue import LAYERS
from api.export.formats import decimals
from api.export.ogc import CONFORMS
from tests.api.conftest import good, problem
from tests.api.mvt import read_tile
from tests.town_database import NIS, rows

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
UNITS = "/api/ogc/collections/shop-units/items"


DASHED = {name.replace("-", "_"): name for name in ("bbox-crs", "filter-lang", "filter-crs")}


def get(client, path, **query):
    return client.get(path, params={DASHED.get(name, name): value for name, value in query.items()})


def followed(client, path, **query) -> list[dict]:
    """Features of every page, following `next` as it was given."""
    found, answer = [], good(get(client, path, **query))
    while True:
        found += answer["features"]
        onward = [link["href"] for link in answer["links"] if link["rel"] == "next"]
        if not onward:
            return found
        parts = urlsplit(onward[0])
        answer = good(client.get(parts.path, params=parse_qsl(parts.query)))


def codes(features) -> set[str]:
    return {each["properties"]["local_code"] for each in features}


def test_req_core_root_success_the_landing_page_leads_to_all(client, town):
    answer = good(client.get("/api/ogc"))
    rels = {link["rel"] for link in answer["links"]}
    assert {"self", "alternate", "service-desc", "service-doc", "conformance", "data"} <= rels
    for link in answer["links"]:
        assert client.get(urlsplit(link["href"]).path).status_code == 200, link


def test_the_openapi_document_meets_what_the_public_registry_asks(app):
    document = app.openapi()
    root = "/api/ogc"
    paths = {
        path.removeprefix(root) or "/": told
        for path, told in document["paths"].items()
        if path.startswith(root)
    }
    told = ogcapi_registry.validate_ogc_api({**document, "paths": paths}, list(CONFORMS))
    assert (told.is_valid, told.errors) == (True, ())
    # It finds what is missing.
    less = {path: each for path, each in paths.items() if path != "/conformance"}
    assert not ogcapi_registry.validate_ogc_api({**document, "paths": less}, list(CONFORMS)).is_valid
    known = {each.uri for each in ogcapi_registry.conformance.validate_conformance(CONFORMS).recognised}
    assert known == {name for name in CONFORMS if "/ogcapi-features-" in name}


def test_req_core_conformance_success_names_what_is_met_and_not_openapi_3_0(client):
    told = good(client.get("/api/ogc/conformance"))["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in told
    assert "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs" in told
    assert not [name for name in told if "oas30" in name]


def test_req_core_fc_md_success_every_collection_has_its_links_and_extent(client, town):
    answer = good(client.get("/api/ogc/collections"))
    assert {"self", "alternate"} <= {link["rel"] for link in answer["links"]}
    for about in answer["collections"]:
        # /req/core/fc-md-items-links and /req/crs/fc-md-crs-list
        assert {"items", "self"} <= {link["rel"] for link in about["links"]}
        assert about["crs"][0] == CRS84
        assert about["storageCrs"] == f"{EPSG}31370"
        # /req/core/sfc-md-success: alone it says the same.
        assert good(client.get(f"/api/ogc/collections/{about['id']}")) == about
    (units,) = [about for about in answer["collections"] if about["id"] == "shop-units"]
    ((west, south, east, north),) = units["extent"]["spatial"]["bbox"]
    known = rows("SELECT st_asbinary(st_transform(geom, 4326)) AS place FROM shop_unit_state")
    assert all(
        shapely.box(west, south, east, north).buffer(1e-9).covers(shapely.from_wkb(bytes(r.place)))
        for r in known
    )


def test_req_core_fc_response_says_how_many_there_are_and_are_given(client, town):
    answer = good(get(client, UNITS, limit=5))
    assert (answer["numberMatched"], answer["numberReturned"], len(answer["features"])) == (12, 5, 5)
    assert answer["timeStamp"].endswith("Z")
    assert {"self", "alternate", "next", "collection"} <= {link["rel"] for link in answer["links"]}


@pytest.mark.parametrize(
    "sortby",
    [
        "",
        "local_code",
        "-floor_area_m2",
        "state,-local_code",
        "-vacant_latest_on",
        "vacancy_class",
        "is_nothing,",
    ],
)
@pytest.mark.parametrize("limit", [1, 5, 12, 100])
def test_next_leads_through_all_items_once_in_the_order_asked_for(client, town, sortby, limit):
    if sortby == "is_nothing,":
        problem(get(client, UNITS, sortby=sortby), 400)
        return
    found = followed(client, UNITS, limit=limit, sortby=sortby)
    order = ", ".join(
        f"{name.strip('-')} {'DESC' if name[0] == '-' else 'ASC'} NULLS LAST"
        for name in sortby.split(",")
        if name
    )
    known = rows(f"SELECT id FROM qgis.shop_unit ORDER BY {order + ', ' if order else ''}id")
    assert [each["id"] for each in found] == [row.id for row in known]


@pytest.mark.parametrize("query", [{"nobody": 1}, {"limit": 0}, {"limit": "x"}, {"limit": -1}, {"bbox": "1,2,3"}, {"bbox": "x,1,2,3"}, {"bbox": "3,50,2,51"}, {"bbox": "nan,1,2,3"}, {"crs": "EPSG:4326"}, {"bbox_crs": "x", "bbox": "1,2,3,4"}, {"datetime": "never"}, {"datetime": "2020-01-01/2019-01-01"}, {"datetime": "../../.."}, {"datetime": ""}, {"filter": "state ="}, {"filter": "nobody = 1"}, {"filter_lang": "sql", "filter": "a"}, {"filter_crs": "x", "filter": "state = 'x'"}, {"sortby": "nobody"}, {"cursor": "x"}, {"f": "gml"}, {"core_id": "x"}, {"Limit": 1}])  # fmt: skip
def test_req_core_query_param_invalid_and_unknown_are_400(client, town, query):
    if query == {"datetime": ""}:
        good(get(client, UNITS, **query))
        return
    assert problem(get(client, UNITS, **query), 400)["way_out"]


def test_req_core_query_param_twice_is_400_and_what_is_not_there_404(client, town):
    problem(client.get(f"{UNITS}?limit=1&limit=2"), 400)
    problem(client.get("/api/ogc?x=1"), 400)
    problem(client.get("/api/ogc/collections/persons"), 404)
    problem(client.get("/api/ogc/collections/persons/items"), 404)
    problem(client.get(f"{UNITS}/999999"), 404)


def test_rec_core_fc_limit_a_larger_limit_is_cut_and_not_refused(client, town):
    assert good(get(client, UNITS, limit=99999999))["numberReturned"] == 12


def test_req_core_f_success_one_item_is_the_one_of_the_list(client, town):
    for each in followed(client, UNITS)[:3]:
        one = good(client.get(f"{UNITS}/{each['id']}"))
        assert {"self", "alternate", "collection"} <= {link.pop("rel") for link in one.pop("links")}
        assert one == each


def test_req_core_fc_bbox_response_holds_what_meets_the_box(client, town):
    known = rows(
        "SELECT local_code, st_x(st_transform(geom, 4326)) AS x, st_y(st_transform(geom, 4326)) AS y FROM shop_unit_state"
    )
    one = known[0]
    box = (one.x - 1e-4, one.y - 1e-4, one.x + 1e-4, one.y + 1e-4)
    wanted = {r.local_code for r in known if box[0] <= r.x <= box[2] and box[1] <= r.y <= box[3]}
    assert codes(followed(client, UNITS, bbox=",".join(map(str, box)))) == wanted != set()
    # Six numbers have heights, which nothing here has.
    tall = f"{box[0]},{box[1]},0,{box[2]},{box[3]},99"
    assert codes(followed(client, UNITS, bbox=tall)) == wanted
    assert followed(client, UNITS, bbox="-180,-90,180,90") == followed(client, UNITS)
    assert followed(client, UNITS, bbox="-120,-40,-119,-39") == []


def test_req_core_fc_bbox_response_is_the_same_whatever_lies_well_within(client, town):
    parcels = "/api/ogc/collections/parcels/items"
    known = [
        (row.id, shapely.from_wkb(bytes(row.shape)))
        for row in rows(
            "SELECT id, st_asbinary(st_transform(geom, 4326)) AS shape FROM parcel WHERE ends_on IS NULL"
        )
    ]
    west, south, east, north = shapely.total_bounds([shape for _, shape in known])
    draw = random.Random(7)
    for _ in range(25):
        xs, ys = (
            sorted(draw.uniform(west, east) for _ in "ab"),
            sorted(draw.uniform(south, north) for _ in "ab"),
        )
        box = shapely.box(xs[0], ys[0], xs[1], ys[1])
        found = {each["id"] for each in followed(client, parcels, bbox=",".join(map(str, box.bounds)))}
        assert found == {key for key, shape in known if shape.intersects(box)}


@pytest.mark.parametrize("code", [31370, 3812, 4326, 3857])
def test_req_crs_content_crs_coordinates_are_in_the_system_asked_for(client, town, code):
    answer = get(client, UNITS, crs=f"{EPSG}{code}")
    assert answer.headers["content-crs"] == f"<{EPSG}{code}>"
    known = {
        r.id: (r.x, r.y)
        for r in rows(
            "SELECT id, st_x(st_transform(geom, :c)) AS x, st_y(st_transform(geom, :c)) AS y FROM shop_unit_state",
            c=code,
        )
    }
    for each in good(answer)["features"]:
        place = tuple(each["geometry"]["coordinates"])
        # EPSG 4326 names latitude first; CRS84 longitude.
        place = place[::-1] if code == 4326 else place
        assert place == pytest.approx(known[each["id"]], abs=1e-6 if code == 4326 else 0.01)
    one = get(client, f"{UNITS}/{next(iter(known))}", crs=f"{EPSG}{code}")
    assert one.headers["content-crs"] == f"<{EPSG}{code}>"


@pytest.mark.parametrize("code", [31370, 3812, 4326, 3857])
def test_req_crs_a_geometry_that_is_kept_ready_says_what_transforming_says(client, town, code):
    known = {
        row.id: shapely.get_coordinates(shapely.from_wkb(bytes(row.shape)))
        for row in rows("SELECT id, st_asbinary(st_transform(geom, :c)) AS shape FROM parcel", c=code)
    }
    told = good(get(client, "/api/ogc/collections/parcels/items", crs=f"{EPSG}{code}", limit=1000))
    assert told["features"]
    for each in told["features"]:
        places = shapely.get_coordinates(shapely.from_geojson(json.dumps(each["geometry"])))
        places = places[:, ::-1] if code == 4326 else places
        assert places == pytest.approx(known[each["id"]], abs=0.6 * 10.0 ** -decimals(code))


def test_req_crs_default_is_longitude_first(client, town):
    answer = get(client, UNITS)
    assert answer.headers["content-crs"] == f"<{CRS84}>"
    longitude, latitude = answer.json()["features"][0]["geometry"]["coordinates"]
    assert 2 < longitude < 7
    assert 49 < latitude < 52


@pytest.mark.parametrize("code", [31370, 3812, 4326, 3857])
def test_req_crs_bbox_crs_a_box_of_any_system_finds_the_same(client, town, code):
    (box,) = rows(
        "SELECT st_xmin(b) - 1e-6 AS a, st_ymin(b) - 1e-6 AS b, st_xmax(b) + 1e-6 AS c, st_ymax(b) + 1e-6 AS d FROM (SELECT st_extent(st_transform(geom, :c)) AS b FROM shop_unit_state WHERE local_code LIKE 'H%') e",
        c=code,
    )
    corners = (box.b, box.a, box.d, box.c) if code == 4326 else (box.a, box.b, box.c, box.d)
    found = codes(followed(client, UNITS, bbox=",".join(map(str, corners)), bbox_crs=f"{EPSG}{code}"))
    (n,) = rows("SELECT array_agg(local_code) AS codes FROM shop_unit_state WHERE local_code LIKE 'H%'")
    assert (set(n.codes) <= found and len(found) < 12) or len(n.codes) == 12


def test_req_core_fc_time_a_moment_and_an_interval(client, town):
    every = followed(client, UNITS)
    seen = sorted(each["properties"]["last_seen_on"] for each in every if each["properties"]["last_seen_on"])
    unknown = [each for each in every if not each["properties"]["last_seen_on"]]
    one = followed(client, UNITS, datetime=f"{seen[0]}T12:00:00Z")
    assert len(one) == seen.count(seen[0]) + len(unknown)
    assert len(followed(client, UNITS, datetime=f"{seen[0]}T00:00:00Z/..")) == len(every)
    assert len(followed(client, UNITS, datetime="../1990-01-01T00:00:00Z")) == len(unknown)


def test_req_features_filter_text_json_and_parameters_say_the_same(client, town):
    text = followed(client, UNITS, filter="state = 'vacant' AND floor_area_m2 > 60")
    tree = {
        "op": "and",
        "args": [
            {"op": "=", "args": [{"property": "state"}, "vacant"]},
            {"op": ">", "args": [{"property": "floor_area_m2"}, 60]},
        ],
    }
    assert followed(client, UNITS, filter=json.dumps(tree), filter_lang="cql2-json") == text != []
    assert followed(client, UNITS, state="vacant", filter="floor_area_m2 > 60") == text
    assert followed(client, UNITS, filter="S_INTERSECTS(geometry, BBOX(-1, -1, 1, 1))") == []


def test_req_filter_crs_geometries_are_read_in_the_system_named(client, town):
    every = "S_INTERSECTS(geometry, BBOX(0, 0, 300000, 300000))"
    assert len(followed(client, UNITS, filter=every, filter_crs=f"{EPSG}31370")) == 12


def test_req_queryables_every_property_of_an_item_can_be_asked(client, town):
    answer = client.get("/api/ogc/collections/shop-units/queryables")
    assert answer.headers["content-type"] == "application/schema+json"
    told = good(answer)
    assert told["$id"].endswith("/api/ogc/collections/shop-units/queryables")
    each = followed(client, UNITS, limit=1)[0]
    assert set(told["properties"]) == {*each["properties"], "id", "geometry"}
    assert followed(client, UNITS, nis_code=NIS, id=each["id"]) == [each]


@pytest.mark.parametrize("path", ["", "/conformance", "/collections", "/collections/shop-units", "/collections/shop-units/items", "/collections/parcels/items", "/collections/shop-units/queryables"])  # fmt: skip
def test_req_html_every_answer_is_also_a_page_for_people(client, town, path):
    page = client.get(f"/api/ogc{path}?f=html&lang=nl")
    assert page.headers["content-type"].startswith("text/html")
    assert '<html lang="nl">' in page.text
    assert "<h1>" in page.text
    browser = client.get(f"/api/ogc{path}", headers={"accept": "text/html,application/xhtml+xml;q=0.9"})
    assert browser.headers["content-type"].startswith("text/html")


def test_a_page_shows_what_it_was_given_and_runs_none_of_it(client, town):
    from api.export.ogc_pages import page

    shown = page("<b>", {"x": "<script>alert(1)</script>", "links": []}, "nl")
    assert "<script" not in shown
    assert "&lt;script" in shown
    assert "<b>" not in shown


def test_a_tile_of_a_collection_holds_its_items_and_the_style_points_at_it(client, town):
    style = good(client.get("/api/ogc/collections/shop-units/style"))
    address = urlsplit(style["sources"]["shop-units"]["tiles"][0]).path
    (at,) = rows(
        "SELECT st_x(g) AS x, st_y(g) AS y FROM (SELECT st_transform(st_centroid(st_extent(geom)::geometry(geometry, 31370)), 3857) AS g FROM shop_unit_state) e"
    )
    z, world = 14, 20037508.342789244
    x, y = int((at.x + world) / (2 * world) * 2**z), int((world - at.y) / (2 * world) * 2**z)
    found = set()
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            answer = client.get(address.format(z=z, x=x + dx, y=y + dy).replace("%7Bz%7D", str(z)))
            if answer.status_code == 200:
                layer = read_tile(answer.content)["shop-units"]
                found |= {each["id"] for each in layer}
    assert found == {row.id for row in rows("SELECT id FROM shop_unit_state")}
    assert {layer["source-layer"] for layer in style["layers"]} == {"shop-units"}
    assert client.get("/api/ogc/collections/shop-units/tiles/WebMercatorQuad/14/0/0").status_code == 204
    assert client.get("/api/ogc/collections/parcels/tiles/WebMercatorQuad/3/0/0").status_code == 204


def test_a_tile_of_a_table_is_sent_once_and_anew_after_a_write_or_another_licence(client, own_town):
    (at,) = rows(
        "SELECT st_x(p) AS x, st_y(p) AS y FROM (SELECT st_pointonsurface(geom_3857) AS p FROM parcel "
        "WHERE capakey = '34040A0008/00_000') found"
    )
    z, world = 16, 20037508.342789244
    x, y = int((at.x + world) / (2 * world) * 2**z), int((world - at.y) / (2 * world) * 2**z)
    path = f"/api/ogc/collections/parcels/tiles/WebMercatorQuad/{z}/{y}/{x}"

    def keys(**headers) -> set[str]:
        answer = client.get(path, headers=headers)
        assert answer.status_code in {200, 204}
        return {each["properties"]["capakey"] for each in read_tile(answer.content).get("parcels", [])}

    def change(statement: str) -> None:
        with get_engine().begin() as connection:
            connection.execute(text(statement))

    before = keys()
    assert "34040A0008/00_000" in before
    assert keys() == before
    etag = client.get(path).headers["etag"]
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    change("UPDATE parcel SET ends_on = '2024-01-01' WHERE capakey = '34040A0008/00_000'")
    assert keys(**{"If-None-Match": etag}) == before - {"34040A0008/00_000"}
    change("UPDATE dataset SET redistribute_rows = false")
    assert keys() < before - {"34040A0008/00_000"}


def test_every_collection_answers_with_items_a_tile_and_a_style(client, town):
    for about in good(client.get("/api/ogc/collections"))["collections"]:
        base = f"/api/ogc/collections/{about['id']}"
        page = good(client.get(f"{base}/items"))
        assert page["numberMatched"] == len(followed(client, f"{base}/items", limit=7))
        assert good(client.get(f"{base}/style"))["version"] == 8
        assert client.get(f"{base}/tiles/WebMercatorQuad/14/5500/8352").status_code in {200, 204}


def test_a_number_that_was_counted_is_counted_anew_when_rows_come_or_go(client, own_town):
    def matched() -> int:
        return good(get(client, "/api/ogc/collections/parcels/items", limit=1))["numberMatched"]

    before = matched()
    assert before > 1
    assert matched() == before
    with get_engine().begin() as connection:
        (gone,) = connection.execute(text("SELECT max(id) FROM parcel WHERE ends_on IS NULL")).one()
        connection.execute(text("UPDATE parcel SET ends_on = current_date WHERE id = :id"), {"id": gone})
    assert matched() == before - 1


def test_the_number_of_a_table_is_kept_only_while_its_triggers_tell_of_every_change(town):
    kept = [layer.relation for layer in LAYERS if layer.is_table]
    triggers = rows(
        "SELECT tgrelid::regclass::text AS name, count(*) AS n FROM pg_trigger WHERE tgname LIKE 'raise_data_version%' GROUP BY 1"
    )
    assert kept
    assert {row.name for row in triggers if row.n == 3} >= {name.removeprefix("public.") for name in kept}


@pytest.mark.parametrize(
    "written", ["(" * 60, "a=" + "(" * 60, "a = 1 AND " + "(" * 60 + "b" + ")" * 60, "a IN " + "(" * 60]
)
def test_brackets_that_nobody_can_read_are_refused_before_they_are_tried(client, town, written):
    # The reader of CQL2 would take years over these, and hold everybody up.
    answer = client.get("/api/ogc/collections/parcels/items", params={"filter": written})
    assert "brackets" in problem(answer, 400)["detail"]


def test_brackets_in_a_text_are_none_and_twelve_within_each_other_are_read(client, town):
    parcels = "/api/ogc/collections/parcels/items"
    text_ = "capakey = '" + "(" * 60 + "'"
    assert good(get(client, parcels, filter=text_))["numberMatched"] == 0
    nested = "(" * 12 + "area_m2 > 0" + ")" * 12
    assert good(get(client, parcels, filter=nested))["numberMatched"] > 0
    problem(client.get(parcels, params={"filter": f"({nested})"}), 400)


def test_a_page_for_people_is_never_of_thousands_and_leads_on(client, town, monkeypatch):
    monkeypatch.setattr(ogc_item_routes, "MOST_ON_A_PAGE", 2)
    page = client.get("/api/ogc/collections/parcels/items?limit=10000&f=html").text
    assert "rel=next" in page
    assert page.count("/items/") < 10
    told = good(client.get("/api/ogc/collections/parcels/items?limit=10000"))
    assert told["numberReturned"] == told["numberMatched"] > 2
