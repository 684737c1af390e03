import pandas as pd
import pytest
import shapely

# Files of cities and registers, read where they lie beside the project; counts are what is in them.


@pytest.mark.parametrize(("number", "kept"), [("", 14), ("2", 24), ("3", 207), ("4", 24), ("5", 52)])
def test_recorded_answers_of_the_grb_service(read, shared, number, kept):
    path = shared(f"flanders/grb_leuven/grb_response{number}.ogcapi_lambert72.json")
    result = read("parcels", path)["parcel"]
    assert (len(result.rows), len(result.refused)) == (kept, 0)
    assert result.rows["nis_code"].unique().tolist() == ["24062"]
    assert result.rows["capakey"].str.len().unique().tolist() == [17]
    assert result.rows["begins_on"].notna().all()


def test_parcels_of_leuven_and_of_the_federal_service(read, shared):
    result = read("parcels", shared("flanders/grb_leuven/leuven_parcels_reference_408_lambert72.geojson"))[
        "parcel"
    ]
    assert (len(result.rows), len(result.refused)) == (408, 0)
    assert result.rows["area_m2"].between(0.5, 260_000).all()
    federal = read("parcels", shared("flanders/grb_leuven/be_cadastral_inspire_wfs.xml"))["parcel"]
    assert (len(federal.rows), len(federal.refused)) == (13, 0)
    # The service answers in Lambert 2008: the plan must land in Leuven, where 171 000 < x < 176 000.
    assert federal.rows.geometry.bounds["minx"].between(171_000, 176_000).all()
    assert (federal.rows["area_m2"] - federal.rows.geometry.area).abs().max() < 1


@pytest.mark.parametrize(
    ("name", "kept", "refused"), [("Adp_Full", 13, 0), ("AdpAdd", 11, 0), ("AdpDel", 0, 8)]
)
def test_gml_of_the_grb_download(read, shared, name, kept, refused):
    result = read("parcels", shared(f"flanders/grb_gml/{name}.gml"))["parcel"]
    assert (len(result.rows), len(result.refused)) == (kept, refused)
    if kept:
        assert (result.rows["area_m2"] - result.rows.geometry.area).abs().max() < 0.1
        assert result.rows["nis_code"].str.fullmatch(r"\d{5}").all()
    assert result.refused["value"].str.fullmatch(r"\d{4}-\d{2}-\d{2}").all()


def test_parcels_with_an_end_date_are_all_refused(read, shared):
    result = read("parcels", shared("flanders/grb_leuven/topo_parcels_full_grb_attrs.geojson"))["parcel"]
    assert (len(result.rows), len(result.refused)) == (0, 10)
    assert result.says("read as Lambert 72")


def test_the_road_register_of_tienen_and_hoegaarden(read, shared):
    path = shared("flanders/wegenregister/wegenregister_extract_tienen_hoegaarden.zip")
    result = read("wegenregister", path)["street_segment"]
    assert (len(result.rows), len(result.refused)) == (212, 0)
    assert result.says("wegsegment, iwegsegment")
    assert result.rows["source_key"].is_unique
    surrounding = result.rows[result.rows["row_number"] > 5]
    assert len(surrounding) == 207
    assert surrounding.geometry.length.sum() == pytest.approx(54_200, rel=0.01)
    counts = surrounding["code"].value_counts().to_dict()
    assert counts == {
        "103": 136,
        "125": 32,
        "102": 11,
        "107": 9,
        "114": 9,
        "101": 4,
        "111": 3,
        "108": 2,
        "112": 1,
    }
    assert not result.rows.geometry.has_z.any()
    ends = set()
    for line in surrounding.geometry:
        ends.update({tuple(round(c, 2) for c in line.coords[0]), tuple(round(c, 2) for c in line.coords[-1])})
    assert len(ends) == 209


def test_the_road_register_of_herselt_and_a_geojson_of_it(read, shared):
    herselt = read("wegenregister", shared("flanders/wegenregister/eWegsegment_herselt.zip"))[
        "street_segment"
    ]
    assert (len(herselt.rows), len(herselt.refused)) == (73, 0)
    pieces = read(
        "wegenregister", shared("flanders/wegenregister/flanders_wegenregister_not_in_osm_diff.geojson")
    )
    result = pieces["street_segment"]
    assert (len(result.rows), result.reasons()) == (147, {"An earlier row has the same key.": 7})


PROVINCES = "flanders/seven_cities/provincies_in_cijfers/"


def test_municipalities_of_flanders(read, shared):
    now = read("municipalities", shared(PROVINCES + "gemeente.shp"))["municipality"]
    assert (len(now.rows), len(now.refused)) == (304, 0)
    before = read("municipalities", shared(PROVINCES + "gemeente2024.shp"))["municipality"]
    assert (len(before.rows), len(before.refused)) == (319, 0)
    seven = ["31022", "31004", "32003", "34013", "34027", "38025", "34040"]
    assert set(seven) <= set(now.rows["nis_code"])
    waregem = read("municipalities", shared(PROVINCES + "gemeente2024.shp"), nis_code="34040")["municipality"]
    assert waregem.rows["name_nl"].tolist() == ["Waregem"]


def test_shopping_areas_of_the_seven_cities(read, shared):
    path = shared(PROVINCES + "winkelgebied.shp")
    everywhere = read("cores", path)["core"]
    assert (len(everywhere.rows), len(everywhere.refused)) == (1279, 0)
    assert everywhere.rows["area_type"].value_counts().to_dict() == {
        "trading_core": 617, "village_core": 436, "retail_zone": 118, "retail_ribbon": 96, "shopping_centre": 11,
        "other": 1,
    }  # fmt: skip
    cities = {"31004": 2, "32003": 4, "34013": 5, "34027": 8, "31022": 4, "38025": 6, "34040": 7}
    found = {nis: int((everywhere.rows["nis_code"] == nis).sum()) for nis in cities}
    assert found == cities


def test_delimited_cores_are_placed_by_the_border(read, shared):
    path = shared(PROVINCES + "kernwinkelgebied.shp")
    assert len(read("cores", path)["core"].rows) == 128
    municipalities = read("municipalities", shared(PROVINCES + "gemeente.shp"))["municipality"].rows
    border = municipalities.set_index("nis_code").geometry["32003"]
    diksmuide = read("cores", path, nis_code="32003", within=border)["core"]
    assert len(diksmuide.rows) == 2
    assert diksmuide.rows["nis_code"].tolist() == ["32003", "32003"]
    assert diksmuide.rows["area_type"].tolist() == ["core_shopping_area"] * 2


def test_neighbourhoods_and_former_municipalities(read, shared):
    wards = read("neighbourhoods", shared(PROVINCES + "ggw7.shp"))["neighbourhood"]
    assert (len(wards.rows), len(wards.refused)) == (2767, 0)
    assert wards.rows["nis_code"].notna().all()
    former = read("neighbourhoods", shared(PROVINCES + "deelgemeente.shp"))["neighbourhood"]
    assert (len(former.rows), len(former.refused)) == (1119, 0)


@pytest.mark.parametrize(
    ("name", "hours", "pedestrians"),
    [("graaf_karel_de_goedelaan", 1874, 4694), ("sintmartenslatemlaan", 1615, 7708)],
)
def test_telraam_of_kortrijk(read, shared, name, hours, pedestrians):
    result = read("telraam", shared(f"flanders/telraam_kortrijk/{name}_per-hour.csv"))["footfall_count"]
    assert (len(result.rows), len(result.refused)) == (hours * 8, 0)
    ped = result.rows[result.rows["mode"] == "ped"]
    assert ped["start_at"].nunique() == hours
    assert round(ped["value"].sum()) == pytest.approx(pedestrians, abs=1)
    assert (ped["quality_flag"] == (ped["uptime"] <= 0.5).astype(int)).all()


def test_wechelderzande_gives_the_same_from_both_formats(read, shared):
    xml = read("osm", shared("osm/wechelderzande/wechel.osm"))
    pbf = read("osm", shared("osm/wechelderzande/wechel.osm.pbf"))
    assert {target: (len(one.rows), len(one.refused)) for target, one in xml.items()} == {
        "street_segment": (452, 5),
        "building": (1794, 9),
        "backdrop": (139, 47),
        "place_hint": (5, 0),
        "public_place": (14, 0),
        "parking_zone": (17, 0),
    }
    for target, one in xml.items():
        assert one.rows.drop(columns=["geometry", *one.rows.columns.intersection(["area_geom"])]).equals(
            pbf[target].rows.drop(columns=["geometry", *one.rows.columns.intersection(["area_geom"])])
        )
        assert one.refused.equals(pbf[target].refused)
        assert one.rows.geometry.geom_equals_exact(pbf[target].rows.geometry, 0.02).all()
    assert xml["street_segment"].rows.geometry.length.sum() == pytest.approx(45_800, rel=0.01)


def test_enschede_with_its_ways_before_its_nodes(read, shared):
    path = shared("osm/enschede/enschede_twente_2017_highways_overpass.osm")
    out = read("osm", path, srid=28992)
    streets = out["street_segment"]
    assert (len(streets.rows), len(streets.refused)) == (11986, 0)
    assert streets.rows["source_key"].is_unique
    assert out["building"].rows.empty
    ends = shapely.get_point(streets.rows.geometry.to_numpy(), [[0], [-1]]).ravel()
    xy = pd.DataFrame(shapely.get_coordinates(ends).round(2)).drop_duplicates()
    assert 7_626 < len(xy) < 9_500


def test_krems_in_a_gzipped_file(read, shared):
    out = read("osm", shared("osm/krems/krems_2013.osm.gz"), srid=31287)
    counts = {target: (len(one.rows), len(one.refused)) for target, one in out.items()}
    assert counts == {
        "street_segment": (1634, 0),
        "building": (1195, 0),
        "backdrop": (193, 1),
        "place_hint": (174, 0),
        "public_place": (27, 0),
        "parking_zone": (55, 0),
    }
    assert (out["place_hint"].rows["kind"].str.startswith("shop=")).sum() == 91


def test_small_towns_out_of_overpass(read, shared):
    kept = {}
    for town in ("Arlon", "Habay", "Tintigny"):
        result = read("osm-shops", shared(f"osm/shops_small_towns/{town}.geojson"))["place_hint"]
        kept[town] = (len(result.rows), len(result.refused))
        assert not result.rows["tags"].map(lambda tags: any("phone" in name for name in tags)).any()
    assert kept == {"Arlon": (228, 45), "Habay": (67, 12), "Tintigny": (24, 2)}


def test_melbourne_streets(read, shared):
    path = shared("melbourne/derived_streets.gpkg")
    result = read("streets", path, srid=7855, nis_code="24600", options={"where": "component=0"})[
        "street_segment"
    ]
    assert (len(result.rows), len(result.refused)) == (2542, 0)
    assert result.rows.geometry.length.sum() == pytest.approx(325_000, rel=0.01)
    assert result.says("594 rows left out")


def test_melbourne_buildings_stream_in_parts(read, shared):
    result = read("buildings", shared("melbourne/osm_buildings.parquet"), srid=7855)["building"]
    assert (len(result.rows), len(result.refused)) == (63_311, 0)
    assert result.chunks > 1
    assert result.rows["source_key"].is_unique
    assert result.rows["height_m"].max() == 269


CLUE = {
    "local_code": "unit_id",
    "status": "vacant",
    "branch_text": "Industry_ANZSIC4_description",
    "street": "Business_address",
    "floor_level": "floor_hint",
    "is_storefront": "property_has_storefront",
    "seen_on": "=2021-06-30",
}


def test_melbourne_shop_units(read, shared):
    path = shared("melbourne/clue_units_2021.csv.gz")
    result = read("shop-units", path, srid=7855, nis_code="24600", mapping=CLUE)["shop_unit"]
    assert (len(result.rows), len(result.refused)) == (19_914, 0)
    assert (result.rows["status"] == "vacant").sum() == 5401
    where = {"where": "floor_hint=ground,unknown;property_has_storefront=True"}
    part = read("shop-units", path, srid=7855, nis_code="24600", mapping=CLUE, options=where)["shop_unit"]
    ground = part.rows[part.rows["floor_level"] == "ground"]
    assert (ground["status"] == "vacant").sum() == 881
    assert part.says(f"{19_914 - len(part.rows):,} rows left out")


def test_melbourne_raw_census_in_windows_1252(read, shared, write):
    table = write("branches.csv", "theirs;ours\n0;vacant\n4251;clothing\n4511;cafe\n*;non_retail\n")
    result = read(
        "shop-units",
        shared("melbourne/clue_business_establishments.csv.gz"),
        srid=7855,
        nis_code="24600",
        mapping={"branch_code": "Industry_ANZSIC4_code", "street": "Business_address", "local_code": ""},
        options={"branch_map": str(table)},
    )["shop_unit"]
    assert result.says("Windows-1252")
    vacant = result.rows["status"] == "vacant"
    lost = result.refused["reason"].eq("An earlier row has the same key.").sum()
    assert len(result.rows) + lost == 19_914
    assert vacant.sum() > 3000
    assert result.rows.loc[vacant, "occupant_name"].isna().all()


def test_melbourne_sensors_and_their_hours(read, shared):
    sensors = read(
        "sensors",
        shared("melbourne/ped_sensors.csv"),
        srid=7855,
        nis_code="24600",
        mapping={"code": "New_Sensor_Name", "name": "Sensor_Description"},
    )["footfall_sensor"]
    assert (len(sensors.rows), sensors.reasons()) == (96, {"An earlier row has the same key.": 2})
    clock = {"timezone": "Australia/Melbourne"}
    path = shared("melbourne/ped_hourly_wide_2013_2021.parquet")
    counts = read("counts-wide", path, srid=7855, options=clock)["footfall_count"]
    assert (len(counts.rows), len(counts.refused)) == (2_363_866, 163)
    assert len(counts.rows) + len(counts.refused) == pd.read_parquet(path).count().sum()
    assert counts.refused["reason"].str.contains("clock skipped").all()
    assert set(counts.rows["sensor_code"]) <= set(sensors.rows["code"])
    assert counts.rows["start_at"].min() == pd.Timestamp("2012-12-31 13:00", tz="UTC")
    assert counts.chunks > 5
    assert (counts.rows["quality_flag"] == 2).sum() > 0


def test_melbourne_monthly_download(read, shared):
    path = shared("melbourne/ped_monthly_april_2025.csv.gz")
    result = read("counts-wide", path, options={"timezone": "Australia/Melbourne"})["footfall_count"]
    assert (len(result.rows), len(result.refused)) == (61_920, 0)
    assert result.says("92 other columns are sensors")
    assert result.says("4,320 empty cells are no rows")


def test_melbourne_parking(read, shared):
    zones = read(
        "parking-zones", shared("melbourne/derived_parking_segments.geojson"), srid=7855, nis_code="24600"
    )
    result = zones["parking_zone"]
    assert (len(result.rows), len(result.refused), int(result.rows["capacity"].sum())) == (1256, 0, 23_864)
    assert result.rows["area_geom"].notna().all()
    bays = read(
        "parking-bays", shared("melbourne/on-street-parking-bays.csv.gz"), srid=7855, nis_code="24600"
    )
    grouped = bays["parking_zone"]
    assert (len(grouped.rows), len(grouped.refused), int(grouped.rows["capacity"].sum())) == (1256, 0, 23_864)
    both = grouped.rows.set_index("code")["capacity"].sort_index()
    assert both.equals(result.rows.set_index("code")["capacity"].sort_index())


def test_melbourne_population_and_stations(read, shared):
    out = read(
        "sectors",
        shared("melbourne/sa2_population.geojson"),
        srid=7855,
        nis_code="24600",
        mapping={"code": "sa2Code", "population": "erp_2021", "dwellings": "dwellings_2021"},
        options={"year": "2021"},
    )
    assert len(out["stat_sector"].rows) == 361
    stats = out["sector_stat"].rows
    assert stats[stats["key"] == "population"]["value"].sum() == 4_975_319
    assert len(stats) == 722
    stations = read(
        "public-places", shared("melbourne/train-stations.json"), srid=7855, mapping={"kind": "=station"}
    )
    assert (len(stations["public_place"].rows), len(stations["public_place"].refused)) == (167, 0)


def test_leeds_footfall_with_two_ways_of_writing_a_date(read, shared):
    result = read(
        "counts",
        shared("leeds/footfall.csv.gz"),
        srid=27700,
        mapping={"value": "InCount", "sensor_code": "LocationName", "date": "Date", "hour": "Hour"},
        options={"timezone": "Europe/London"},
    )["footfall_count"]
    assert (len(result.rows), len(result.refused)) == (553_721, 639)
    cameras = read("sensors", shared("leeds/camera_locs.csv"), srid=27700)["footfall_sensor"]
    assert (len(cameras.rows), len(cameras.refused)) == (8, 0)


def test_mechelen_garages_as_shares_of_a_logarithm(read, shared):
    result = read(
        "parking-occupancy",
        shared("flanders/parking_mechelen/derived_hourly_occupancy_10_garages.parquet"),
        mapping={"capacity": "s_log_total_capacity"},
        options={"capacity_is": "log1p", "minutes": "60"},
    )["parking_observation"]
    assert (len(result.rows), len(result.refused)) == (195_369, 20)
    capacity = result.rows.groupby("zone_code")["capacity"].first()
    assert capacity.sum() == 350 + 155 + 109 + 130 + 516 + 124 + 255 + 189 + 124 + 129
    assert (result.rows["occupied"] <= result.rows["capacity"]).all()


def test_real_files_twice_give_the_same_frames(read, shared):
    for source, name, request in (
        ("parcels", "flanders/grb_gml/Adp_Full.gml", {}),
        ("cores", PROVINCES + "winkelgebied.shp", {"nis_code": "34040"}),
        ("parking-bays", "melbourne/on-street-parking-bays.csv.gz", {"srid": 7855}),
    ):
        first, second = (read(source, shared(name), **request) for _ in range(2))
        for target, one in first.items():
            assert one.rows.equals(second[target].rows)
            assert one.assumed == second[target].assumed
