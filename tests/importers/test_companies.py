from datetime import date
from pathlib import Path

import pytest

from api.importers import UnreadableSource
from api.importers.kbo_files import is_checked
from tests.importers.conftest import read_everything
from tests.kbo import Company, checked, establishment_number, tables, write_folder, write_zip


def read(path: Path, **request):
    request = {"nis_code": "99001", "postcodes": ("9999",), **request}
    return read_everything("companies", path, **request)["company_establishment"]


def by_number(result, serial: int) -> dict:
    rows = result.rows
    return rows[rows["establishment_number"] == establishment_number(serial)].iloc[0].to_dict()


@pytest.mark.parametrize("number", ["2000000339", "0403449823"])
def test_numbers_that_the_register_publishes_as_examples_fulfil_its_rule(number):
    assert is_checked(number)
    assert checked(int(number[:8])) == number
    assert not is_checked(number[:-1] + str((int(number[-1]) + 1) % 10))


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_an_establishment_comes_with_what_five_tables_say_of_it(tmp_path, form):
    one = Company(
        7, "Budastraat(Pap)", "12A", "Schoenen Stap", ("47721", "47711"), "bus 003", struck_off="31-12-2025"
    )
    rows = tables([one])
    path = write_folder(tmp_path / "kbo", rows) if form == "folder" else write_zip(tmp_path / "kbo.zip", rows)
    found = by_number(read(path), 7)
    assert (found["street"], found["house_number"], found["house_number_suffix"], found["box"]) == (
        "Budastraat",
        "12",
        "A",
        "003",
    )
    assert found["name"] == "Schoenen Stap"
    assert (found["nace_version"], found["nace_code"], found["nace_codes"]) == (
        "2008",
        "47721",
        ["47721", "47711"],
    )
    assert (found["started_on"], found["struck_off_on"]) == (date(2019, 3, 1), date(2025, 12, 31))
    assert found["snapshot_on"] == date(2026, 6, 1)
    assert not found["is_natural_person"]


def test_no_name_of_a_natural_person_is_kept_even_where_the_register_gives_one(tmp_path):
    rows = tables([Company(1, name="Jan Jansen", is_legal=False), Company(2, name="Firma")])
    result = read(write_folder(tmp_path / "kbo", rows))
    assert result.rows["name"].notna().tolist() == [False, True]
    assert result.rows["is_natural_person"].tolist() == [True, False]
    assert "Jansen" not in result.rows.to_string()
    assert result.says("1 establishments of natural persons")


def test_an_enterprise_that_the_extract_does_not_hold_counts_as_a_natural_person(tmp_path):
    rows = tables([Company(1)])
    rows["enterprise"] = []
    (found,) = read(write_folder(tmp_path / "kbo", rows)).rows.to_dict("records")
    assert found["is_natural_person"]
    assert found["name"] is None or found["name"] != found["name"]


def test_a_legal_person_without_a_commercial_name_has_that_of_the_enterprise(tmp_path):
    rows = tables([Company(1, name="Winkel")])
    rows["denomination"] = rows["denomination"][1:]
    (found,) = read(write_folder(tmp_path / "kbo", rows)).rows.to_dict("records")
    assert found["name"] == "Winkel Holding"


def test_seats_and_other_postcodes_are_not_read(tmp_path):
    rows = tables([Company(1), Company(2, postcode="8000"), Company(3, kind="OBAD")])
    result = read(write_folder(tmp_path / "kbo", rows))
    assert result.rows["establishment_number"].tolist() == [establishment_number(1)]
    assert result.refused.empty


def test_contacts_are_never_opened(tmp_path):
    folder = write_folder(tmp_path / "kbo", tables([Company(1)]))
    (folder / "contact.csv").unlink()
    assert len(read(folder).rows) == 1


def test_an_activity_counts_once_although_it_is_there_in_every_version(tmp_path):
    rows = tables([Company(1, nace=("56101",))])
    here = establishment_number(1)
    rows["activity"] += [(here, "006", "2008", "56101", "SECO"), (here, "001", "2025", "56111", "MAIN")]
    folder = write_folder(tmp_path / "kbo", rows)
    (newest,) = read(folder).rows.to_dict("records")
    assert (newest["nace_version"], newest["nace_codes"]) == ("2025", ["56111"])
    (older,) = read(folder, options={"nace_version": "2008"}).rows.to_dict("records")
    assert (older["nace_version"], older["nace_codes"]) == ("2008", ["56101"])


def test_what_cannot_be_is_refused_with_row_column_value_and_remedy(tmp_path):
    rows = tables(
        [
            Company(1, struck_off="31-02-2025"),
            Company(2),
            Company(3, street=""),
            Company(4, house_number="?!x"),
        ]
    )
    bad = "8.000.000.000"
    rows["address"][3] = (bad, *rows["address"][3][1:])
    result = read(write_folder(tmp_path / "kbo", rows))
    told = {(row.row_number, row.column_name): (row.value, row.reason) for row in result.refused.itertuples()}
    assert told[4, "address.csv: EntityNumber"][0] == bad
    assert "last two digits" in told[4, "address.csv: EntityNumber"][1]
    assert told[2, "address.csv: DateStrikingOff"][0] == "31-02-2025"
    assert told[2, "address.csv: DateStrikingOff"][1].endswith("kept without this value.")
    assert (6, "address.csv: StreetNL") in told
    assert told[8, "house_number"][0] == "?!x"
    assert result.refused["remedy"].str.len().min() > 10
    kept = {establishment_number(serial) for serial in (1, 4)}
    assert set(result.rows["establishment_number"]) == kept


def test_a_second_address_of_an_establishment_is_refused(tmp_path):
    rows = tables([Company(1)])
    rows["address"].append(rows["address"][1])
    result = read(write_folder(tmp_path / "kbo", rows))
    assert len(result.rows) == 1
    assert result.refused["row_number"].tolist() == [3]


@pytest.mark.parametrize("name", ["meta", "address", "activity"])
def test_an_extract_without_one_of_its_tables_is_refused_by_name(tmp_path, name):
    folder = write_folder(tmp_path / "kbo", tables([Company(1)]))
    (folder / f"{name}.csv").unlink()
    with pytest.raises(UnreadableSource, match=f"{name}.csv"):
        read(folder)


def test_an_update_is_refused_with_the_way_out(tmp_path):
    folder = write_folder(tmp_path / "kbo", tables([Company(1)]))
    (folder / "address.csv").rename(folder / "address_insert.csv")
    with pytest.raises(UnreadableSource, match="Full"):
        read(folder)
    with pytest.raises(UnreadableSource, match="update"):
        read(write_folder(tmp_path / "other", tables([Company(1)], kind="update")))


def test_without_a_municipality_or_its_postcodes_nothing_is_read(tmp_path):
    folder = write_folder(tmp_path / "kbo", tables([Company(1)]))
    with pytest.raises(UnreadableSource, match="--municipality"):
        read(folder, nis_code=None)
    with pytest.raises(UnreadableSource, match="postcodes=8790"):
        read(folder, postcodes=())
    assert len(read(folder, postcodes=(), options={"postcodes": "9998, 9999"}).rows) == 1
    with pytest.raises(UnreadableSource, match="2008"):
        read(folder, options={"nace_version": "1993"})


def test_a_file_that_is_no_extract_is_refused(tmp_path):
    path = tmp_path / "address.csv"
    path.write_text("EntityNumber\n1\n")
    with pytest.raises(UnreadableSource, match="neither a zip nor a folder"):
        read(path)


def test_nothing_in_the_postcodes_is_an_empty_answer_and_no_fault(tmp_path):
    result = read(write_folder(tmp_path / "kbo", tables([Company(1, postcode="8000")])))
    assert result.rows.empty
    assert result.refused.empty
