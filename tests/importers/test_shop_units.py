from datetime import date

import pytest

from api.importers import UnreadableSource


@pytest.fixture
def units(read, data):
    return read("shop-units", data / "shop_units.csv", nis_code="34040")["shop_unit"]


def test_a_survey_in_dutch_is_understood_and_told(units):
    assert units.says("Windows-1252")
    assert units.says("Separator is ;")
    assert units.says("WVO as floor_area_m2")
    assert units.rows["local_code"].tolist() == ["W001", "W002", "W003", "W004", "W006", "W007"]
    assert units.rows["nis_code"].unique().tolist() == ["34040"]
    assert units.rows["place"].unique().tolist() == ["Waregem"]


def test_states_come_from_the_words_of_the_file(units):
    rows = units.rows.set_index("local_code")
    assert rows["status"].to_dict() == {
        "W001": "occupied", "W002": "vacant", "W003": "occupied", "W004": "vacant", "W006": "unknown", "W007": "vacant",
    }  # fmt: skip
    assert rows.loc["W001", ["occupant_name", "branch_code", "floor_area_m2"]].tolist() == [
        "Bakkerij Élite",
        "bakery",
        85.5,
    ]
    assert rows.loc["W002", "occupant_name"] != rows.loc["W002", "occupant_name"]
    assert rows.loc["W002", "vacant_since"] == date(2024, 9, 1)
    assert rows.loc["W002", "asking_rent_eur_per_month"] == 1250
    assert rows.loc["W003", ["branch_code", "is_chain"]].tolist() == ["shoes", True]
    assert rows.loc["W001", "seen_on"] == date(2026, 3, 15)


def test_house_numbers_are_taken_apart(units):
    rows = units.rows.set_index("local_code")
    parts = ["house_number", "house_number_suffix", "house_number_end", "box"]
    assert rows.loc["W002", parts].fillna("").tolist() == ["14", "", "16", ""]
    assert rows.loc["W003", parts].fillna("").tolist() == ["3", "", "", "2"]
    assert rows.loc["W004", parts].fillna("").tolist() == ["5", "A", "", "001"]
    assert rows.loc["W006", "house_number"] == "9 boven"


def test_what_cannot_be_read_is_refused_cell_by_cell_and_row_by_row(units):
    told = units.refused[["row_number", "column_name", "value"]].values.tolist()
    assert told == [
        [3, "WVO", "op aanvraag"],
        [4, "Leeg sinds", "2023"],
        [5, "geometry", ""],
        [6, "Code", "34040 W001"],
        [7, "Status", "misschien"],
        [7, "WVO", "-5"],
        [7, "house_number", "9 boven"],
        [8, "vacant_since", "2026-04-01"],
    ]
    kept = units.refused["reason"].str.contains("The row is kept")
    assert kept.tolist() == [True, True, False, False, True, True, True, True]
    assert (units.refused["remedy"].str.len() > 5).all()


def test_an_unknown_branch_is_kept_as_text_and_told(units):
    row = units.rows.set_index("local_code").loc["W006"]
    assert row["branch_text"] == "Drakenwinkel"
    assert row[["branch_code"]].isna().all()
    assert units.says("1 rows have a branch that is not in our list; it is kept as text: Drakenwinkel (1)")


def test_the_same_file_twice_gives_the_same_units(read, data, units):
    again = read("shop-units", data / "shop_units.csv", nis_code="34040")["shop_unit"]
    assert again.rows.equals(units.rows)
    assert again.refused.equals(units.refused)


def test_a_table_of_branches_translates_codes_and_beginnings(read, write):
    table = write(
        "branches.csv", "theirs;ours;note\n4251;clothing;\n411*;supermarket;\n0;vacant;\n*;non_retail;\n"
    )
    path = write(
        "u.csv",
        "id,lat,lon,code,name\n1,50.889,3.427,4251,A\n2,50.889,3.427,4110,B\n3,50.889,3.427,0,Vacant\n"
        "4,50.889,3.427,6962,C\n",
    )
    result = read(
        "shop-units",
        path,
        mapping={"local_code": "id", "branch_code": "code"},
        options={"branch_map": str(table)},
    )["shop_unit"]
    assert result.rows["branch_code"].fillna("").tolist() == ["clothing", "supermarket", "", ""]
    assert result.rows["status"].tolist() == ["occupied", "occupied", "vacant", "non_retail"]
    assert result.rows["occupant_name"].fillna("").tolist() == ["A", "B", "", "C"]


def test_a_column_of_yes_and_no_may_be_the_status(read, write):
    path = write("u.csv", "id,lat,lon,vacant,name\n1,50.889,3.427,True,x\n2,50.889,3.427,False,y\n")
    for mapping in ({"status": "vacant"}, {}):
        rows = read("shop-units", path, mapping=mapping)["shop_unit"].rows
        assert rows["status"].tolist() == ["vacant", "occupied"]


def test_units_without_a_code_get_one_from_their_address(read, write):
    path = write(
        "u.csv", "adres;lat;lon\nMarkt 3 bus 2;50.889;3.427\nMarkt 3/2;50.889;3.427\n;50.889;3.427\n"
    )
    result = read("shop-units", path)["shop_unit"]
    assert result.rows["local_code"].tolist() == ["markt-3-2"]
    assert result.rows[["street", "house_number", "box"]].values.tolist() == [["Markt", "3", "2"]]
    assert sorted(result.refused["row_number"]) == [2, 3]
    assert result.says("get one from their address")


def test_a_table_of_branches_that_is_not_there_is_told(read, data):
    with pytest.raises(UnreadableSource, match="branch_map"):
        read("shop-units", data / "shop_units.csv", options={"branch_map": "nowhere.csv"})


def test_what_a_vacant_unit_was_before_is_kept(read, write):
    path = write(
        "u.csv", "id;lat;lon;status;branche\n1;50.889;3.427;leeg;Bakkerij\n2;50.889;3.427;;Leegstand\n"
    )
    rows = read("shop-units", path)["shop_unit"].rows
    assert rows["status"].tolist() == ["vacant", "vacant"]
    assert rows["branch_code"].fillna("").tolist() == ["bakery", ""]
