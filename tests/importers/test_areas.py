import geopandas as gpd
import pytest
import shapely

from api.importers import UnreadableSource


def boxes(n):
    return [shapely.box(83_000 + 100 * i, 175_000, 83_100 + 100 * i, 175_100) for i in range(n)]


def layer(path, n=None, **columns):
    n = n or len(next(iter(columns.values())))
    gpd.GeoDataFrame(columns, geometry=boxes(n), crs=31370).to_file(path)
    return path


def test_municipalities_are_read_with_numbers_as_codes(read, tmp_path):
    path = layer(tmp_path / "m.shp", gemeente=[34040, 34013], naam=["Waregem", "Harelbeke"])
    rows = read("municipalities", path)["municipality"].rows
    assert rows[["nis_code", "name_nl"]].values.tolist() == [["34040", "Waregem"], ["34013", "Harelbeke"]]
    assert read("municipalities", path, nis_code="34013")["municipality"].rows["name_nl"].tolist() == [
        "Harelbeke"
    ]


def test_postcodes_and_population_are_read(read, tmp_path):
    path = layer(
        tmp_path / "m.gpkg",
        nis=["34040"],
        naam=["Waregem"],
        postcodes=["8790, 8791;8792"],
        inwoners=["38.350"],
    )
    row = read("municipalities", path, options={"decimal": ","})["municipality"].rows.iloc[0]
    assert row["postcodes"] == ["8790", "8791", "8792"]
    assert row["population"] == 38350


def test_smaller_areas_can_be_joined_into_a_border(read, tmp_path):
    path = layer(tmp_path / "s.gpkg", wijk=["a", "b", "c"])
    result = read(
        "municipalities",
        path,
        mapping={"nis_code": "=34040", "name_nl": "=Waregem"},
        options={"dissolve": "yes", "where": "wijk=a,b"},
    )["municipality"]
    assert result.rows.geometry.area.tolist() == [20_000]
    assert result.rows["nis_code"].tolist() == ["34040"]
    assert result.says("2 areas were joined into 1")


def test_shopping_areas_with_cut_column_names_get_our_types(read, tmp_path):
    path = layer(
        tmp_path / "winkelgebied.shp",
        WINKELGEBI=[4100, 4101, 4102],
        WINKELGE_1=["Centrum", "Gentseweg", "Maangebied"],
        WINKELGE_2=["Centraal", "Ondersteunend", "Overig"],
        WINKELGE_3=["Hoofdwinkelgebied klein", "Baanconcentratie", "Maanwinkels"],
        gemeente=["34040", "34040", "34013"],
        naam=["Waregem", "Waregem", "Harelbeke"],
    )
    result = read("cores", path)["core"]
    assert result.rows["area_type"].tolist() == ["trading_core", "retail_ribbon", "other"]
    assert result.rows["nis_code"].tolist() == ["34040", "34040", "34013"]
    assert result.rows["main_type"].tolist() == ["Centraal", "Ondersteunend", "Overig"]
    assert result.rows["legal_basis"].tolist() == ["locatus"] * 3
    assert result.says("read as other: Maanwinkels (1)")
    assert len(read("cores", path, nis_code="34040")["core"].rows) == 2


def test_delimited_cores_with_a_name_for_a_municipality_leave_it_open(read, tmp_path):
    path = layer(tmp_path / "k.shp", NAAM=["KWG_Waregem_Centrum"], GEMEENTE=["Waregem"], kwg_id=[9])
    row = read("cores", path)["core"].rows.iloc[0]
    assert row[["code", "name", "area_type"]].tolist() == ["KWG9", "Centrum", "core_shopping_area"]
    assert row[["nis_code"]].isna().all()
    inside = read("cores", path, nis_code="34040", within=shapely.box(82_000, 174_000, 84_000, 176_000))[
        "core"
    ]
    assert inside.rows["nis_code"].tolist() == ["34040"]
    outside = read("cores", path, nis_code="34040", within=shapely.box(0, 0, 1000, 1000))["core"]
    assert outside.rows.empty


def test_a_neighbourhood_knows_its_municipality_by_its_code(read, tmp_path):
    path = layer(tmp_path / "w.shp", geoitem=["34040W01", "34013W01", "99"], naam=["A", "B", "C"])
    result = read("neighbourhoods", path)["neighbourhood"]
    assert result.rows["nis_code"].fillna("").tolist() == ["34040", "34013", ""]


def test_sectors_with_counts_give_both_areas_and_numbers(read, tmp_path):
    path = layer(
        tmp_path / "sectors_2024.gpkg",
        cd_sector=["34040A00-", "34040A01-", "34013B00-"],
        tx_sector_descr_nl=["Centrum", "Station", "Elders"],
        inwoners=["1.234", "C", "5"],
        woningen=["500", None, "x1"],
    )
    out = read("sectors", path, options={"decimal": ","})
    assert out["stat_sector"].rows[["nis_code", "code", "year"]].values.tolist() == [
        ["34040", "34040A00-", 2024],
        ["34040", "34040A01-", 2024],
        ["34013", "34013B00-", 2024],
    ]
    stats = out["sector_stat"].rows.set_index(["sector_code", "key"])
    assert stats.loc[("34040A00-", "population"), ["value", "is_suppressed"]].tolist() == [1234, False]
    hidden = stats.loc["34040A01-"]
    assert hidden["value"].isna().all()
    assert hidden["is_suppressed"].all()
    assert out["sector_stat"].refused["value"].tolist() == ["x1"]
    assert ("34013B00-", "dwellings") not in stats.index
    mine = read("sectors", path, nis_code="34040", options={"decimal": ","})
    assert mine["sector_stat"].rows["sector_code"].unique().tolist() == ["34040A00-", "34040A01-"]


def test_codes_of_digits_are_not_taken_for_belgian_ones(read, tmp_path):
    path = layer(tmp_path / "sa2.gpkg", code=["206041117"], naam=["Carlton"])
    out = read("sectors", path, nis_code="24600", options={"year": "2021"})
    assert out["stat_sector"].rows["nis_code"].tolist() == ["24600"]
    assert "sector_stat" not in out


def test_a_year_must_be_said_by_somebody(read, tmp_path):
    path = layer(tmp_path / "s.gpkg", cd_sector=["34040A00-"])
    with pytest.raises(UnreadableSource, match="option year=2024"):
        read("sectors", path)


def test_statbel_population_keeps_hidden_apart_from_zero(read, data):
    result = read("statbel-population", data / "OPENDATA_SECTOREN_2025.txt", nis_code="34040")["sector_stat"]
    assert result.rows[["sector_code", "year", "key", "is_suppressed"]].values.tolist() == [
        ["34040A00-", 2025, "population", False],
        ["34040A01-", 2025, "population", True],
    ]
    assert result.rows["value"].tolist()[0] == 1234
    assert result.refused[["row_number", "value"]].values.tolist() == [[3, "34040ZZZZ"]]
    assert result.says("1 rows belong to other municipalities")
    assert result.says("1 values are not published")
    assert result.says("byte order mark")


def test_statbel_income_reads_the_median_and_its_year(read, data):
    rows = read("statbel-income", data / "TF_PSNL_INC_TAX_SECTOR.txt", nis_code="34040")["sector_stat"].rows
    assert rows["value"].fillna(-1).tolist() == [27123.5, -1, -1]
    assert rows["is_suppressed"].tolist() == [False, True, True]
    assert rows["year"].tolist() == [2023, 2023, 2023]
    assert rows["key"].unique().tolist() == ["income_median_eur"]
