import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from api.importers import UnreadableSource
from api.importers.osm_tags import STREET_CLASSES, access_of, building_use, speed_kmh


@pytest.mark.parametrize(
    ("tags", "street_class", "walk", "bicycle", "car"),
    [
        ("highway=residential", "residential", "both", "both", "both"),
        ("highway=residential oneway=yes", "residential", "both", "forward", "forward"),
        ("highway=residential oneway=-1", "residential", "both", "backward", "backward"),
        ("highway=residential oneway=yes oneway:bicycle=no", "residential", "both", "both", "forward"),
        ("highway=residential oneway=yes cycleway=opposite", "residential", "both", "both", "forward"),
        (
            "highway=residential oneway=yes cycleway:left=opposite_lane",
            "residential",
            "both",
            "both",
            "forward",
        ),
        ("highway=tertiary junction=roundabout", "tertiary", "both", "forward", "forward"),
        ("highway=motorway", "motorway", "none", "none", "forward"),
        ("highway=trunk", "trunk", "none", "none", "both"),
        ("highway=primary_link", "primary", "both", "both", "both"),
        ("highway=pedestrian", "pedestrian", "both", "none", "none"),
        ("highway=pedestrian bicycle=yes", "pedestrian", "both", "both", "none"),
        ("highway=pedestrian motor_vehicle=delivery", "pedestrian", "both", "none", "none"),
        ("highway=footway", "footway", "both", "none", "none"),
        ("highway=path", "path", "both", "both", "none"),
        ("highway=cycleway foot=no", "cycleway", "none", "both", "none"),
        ("highway=cycleway oneway=yes", "cycleway", "both", "forward", "none"),
        ("highway=steps", "steps", "both", "none", "none"),
        ("highway=steps conveying=forward oneway=yes", "steps", "forward", "none", "none"),
        ("highway=track", "track", "both", "both", "none"),
        ("highway=service access=private", "service", "none", "none", "none"),
        ("highway=service access=private foot=yes", "service", "both", "none", "none"),
        ("highway=service access=customers", "service", "both", "both", "both"),
        ("highway=residential access=destination", "residential", "both", "both", "both"),
        ("highway=residential motor_vehicle=no", "residential", "both", "both", "none"),
        ("highway=residential vehicle=no", "residential", "both", "none", "none"),
        ("highway=unclassified access=no bicycle=designated", "unclassified", "none", "both", "none"),
        ("highway=living_street", "living_street", "both", "both", "both"),
        ("highway=busway", "service", "both", "both", "none"),
        ("route=ferry", "ferry", "both", "both", "none"),
        ("route=ferry motor_vehicle=yes", "ferry", "both", "both", "both"),
    ],
)
def test_tags_decide_who_may_go_where(tags, street_class, walk, bicycle, car):
    access = access_of(dict(part.split("=") for part in tags.split()))
    assert access.street_class == street_class
    names = {
        (True, True): "both",
        (True, False): "forward",
        (False, True): "backward",
        (False, False): "none",
    }
    assert names[access.is_walk_forward, access.is_walk_backward] == walk
    assert names[access.is_bicycle_forward, access.is_bicycle_backward] == bicycle
    assert names[access.is_car_forward, access.is_car_backward] == car


@pytest.mark.parametrize(
    "value", ["proposed", "construction", "platform", "bus_stop", "elevator", "raceway", ""]
)
def test_what_is_no_street_is_no_segment(value):
    assert access_of({"highway": value}) is None


def test_private_streets_are_marked():
    assert access_of({"highway": "service", "access": "private"}).is_private
    assert access_of({"highway": "service", "access": "customers"}).is_private
    assert not access_of({"highway": "residential", "access": "destination"}).is_private


@pytest.mark.parametrize(
    ("text", "speed"),
    [
        ("50", 50),
        ("30 mph", 48.3),
        ("BE:urban", 50),
        ("walk", 6),
        ("30;50", 30),
        ("none", None),
        ("signals", None),
        ("0", None),
    ],
)
def test_speed_limits_are_read_in_their_unit(text, speed):
    assert speed_kmh(text) == speed


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["highway", "oneway", "access", "maxspeed", "junction"]), st.text()))
def test_no_tag_crashes_the_reading(tags):
    access = access_of(tags)
    assert access is None or access.street_class in STREET_CLASSES


def test_use_of_a_building_is_known_only_where_it_is_said():
    assert [building_use(tag) for tag in ("yes", None, "house", "retail", "church")] == [
        None, None, "residential", "commercial", "other",
    ]  # fmt: skip


def test_streets_are_split_where_they_meet_and_survive_missing_points(read, data):
    result = read("osm", data / "hamlet.osm", nis_code="34040")["street_segment"]
    rows = result.rows.set_index("source_key")
    assert sorted(rows.index) == [
        "way/1/1-2", "way/1/2-3", "way/2/2-5", "way/2/4-2", "way/3/3-6", "way/4/7-8", "way/7/5-5", "way/8/8-12",
    ]  # fmt: skip
    assert rows.loc["way/1/1-2", ["name", "street_class", "car_speed_kmh"]].tolist() == [
        "Kerkstraat",
        "residential",
        30,
    ]
    assert rows.loc["way/2/4-2", ["is_car_forward", "is_car_backward", "is_bicycle_backward"]].tolist() == [
        True, False, True,
    ]  # fmt: skip
    assert rows.loc["way/3/3-6", "is_bicycle_forward"]
    assert rows.loc["way/4/7-8", "is_private"]
    assert rows.loc["way/8/8-12", "street_class"] == "ferry"
    assert not rows.loc["way/7/5-5", "is_car_backward"]
    assert rows["code_scheme"].unique().tolist() == ["osm_highway"]
    assert result.refused["value"].tolist() == ["way/5"]
    assert result.says("1 ways miss points")
    assert result.says("1 ways are no streets")


def test_pieces_of_a_street_touch_each_other(read, data):
    rows = read("osm", data / "hamlet.osm")["street_segment"].rows.set_index("source_key")
    one, other = rows.geometry["way/1/1-2"], rows.geometry["way/1/2-3"]
    assert one.coords[-1] == other.coords[0]
    assert 69 < one.length < 71


def test_buildings_water_shops_stations_and_car_parks_come_from_the_same_file(read, data):
    out = read("osm", data / "hamlet.osm", nis_code="34040")
    building = out["building"].rows.iloc[0]
    assert building[["source_key", "use", "floors", "height_m"]].tolist() == [
        "osm/way/20",
        "residential",
        3,
        9.5,
    ]
    assert out["building"].refused["value"].tolist() == ["way/21"]
    backdrop = out["backdrop"].rows.set_index("kind")
    assert backdrop.loc["water", "source_key"] == "osm/relation/1"
    assert len(backdrop.geometry["water"].geoms[0].interiors) == 1
    assert 139 * 3 < backdrop.geometry["rail"].area < 142 * 3
    hints = out["place_hint"].rows
    assert hints["kind"].tolist() == ["shop=bakery", "disused:shop=clothes"]
    assert hints["tags"][0] == {"check_date": "2026-05-01", "name": "Bakkerij De Korst", "shop": "bakery"}
    assert str(hints["checked_on"][0]) == "2026-05-01"
    assert out["public_place"].rows[["kind", "name", "weight"]].values.tolist() == [
        ["station", "Gehucht", 1.0]
    ]
    parking = out["parking_zone"].rows.iloc[0]
    assert parking[["code", "kind", "regime", "capacity", "max_stay_min"]].tolist() == [
        "osm/way/24", "surface", "paid", 40, 120,
    ]  # fmt: skip
    assert shapely.get_type_id(parking["area_geom"]) == 6
    assert parking["area_geom"].contains(parking["geometry"])


def test_only_what_is_asked_is_read(read, data):
    assert list(read("osm", data / "hamlet.osm", options={"only": "building"})) == ["building"]
    with pytest.raises(UnreadableSource, match="only=houses"):
        read("osm", data / "hamlet.osm", options={"only": "houses"})


def test_a_file_twice_gives_the_same_keys(read, data):
    first, second = (read("osm", data / "hamlet.osm") for _ in range(2))
    for target, result in first.items():
        assert result.rows.equals(second[target].rows)


def test_streets_near_the_border_are_kept_and_shops_outside_are_not(read, data):
    whole = read("osm", data / "hamlet.osm")
    border = shapely.box(*whole["building"].rows.total_bounds)
    out = read("osm", data / "hamlet.osm", within=border, nis_code="34040")
    assert len(out["street_segment"].rows) == len(whole["street_segment"].rows)
    assert out["place_hint"].rows.empty
    assert out["place_hint"].says("2 rows lie outside the municipality")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.osm", b"<osm version='0.6'><node id="),
        ("a.osm.pbf", b"nothing"),
        ("a.osm", b"<osm version='0.6'></osm>"),
    ],
)
def test_a_broken_file_is_answered_with_a_way_out(read, write, name, content):
    with pytest.raises(UnreadableSource):
        read("osm", write(name, content))


def test_a_file_of_another_country_is_refused_as_a_whole(read, data):
    with pytest.raises(UnreadableSource, match="do not lie in the area"):
        read("osm", data / "hamlet.osm", srid=7855)


def test_overpass_shops_are_hints_without_telephones(read, data):
    result = read("osm-shops", data / "overpass_shops.geojson", nis_code="34040")["place_hint"]
    assert result.rows["kind"].tolist() == ["shop=bakery", "amenity=restaurant", "disused:shop=clothes"]
    assert result.rows["source_key"].tolist() == ["osm/node/1", "osm/way/2", "osm/node/4"]
    assert result.says("Column 'phone' is not read")
    assert result.says("1 features are no place with customers")
    assert "+32" not in result.rows.to_string()
