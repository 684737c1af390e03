import datetime as dt

import openpyxl
import pytest

from api.importers import UnreadableSource
from api.importers.expected import FIELDS, NEVER_PERSONS
from api.importers.people import is_personal


@pytest.fixture
def expected(read, data):
    return read("expected-vacancies", data / "expected_vacancies.csv", nis_code="34040")["expected_vacancy"]


def test_each_row_is_a_unit_by_code_or_address_with_a_kind_a_day_and_a_source(expected):
    rows = expected.rows.set_index("row_number")
    assert rows.loc[1, ["local_code", "kind", "expected_on", "source"]].tolist() == [
        "H1", "announced_closing", dt.date(2026, 12, 31), "Affiche op de etalage",
    ]  # fmt: skip
    assert rows.loc[2, ["street", "house_number", "kind", "expected_on"]].tolist() == [
        "HIGH street", "4", "lease_end", dt.date(2027, 6, 30),
    ]  # fmt: skip
    assert (rows.loc[3, "kind"], rows.loc[3, "expected_on"]) == ("other", None)
    assert set(rows["nis_code"]) == {"34040"}


def test_what_names_no_unit_or_no_kind_we_know_is_refused_and_a_day_nobody_reads_stays_open(expected):
    told = expected.refused.set_index("row_number")
    assert sorted(told.index) == [7, 8, 9]
    assert "names no shop unit" in told.loc[7, "reason"]
    assert told.loc[8, "value"] == "overlijden"
    assert told.loc[9, "value"] == "binnenkort"
    rows = expected.rows.set_index("row_number")
    assert sorted(rows.index) == [1, 2, 3, 4, 5, 6, 9]
    assert rows.loc[9, "expected_on"] is None


def test_no_person_gets_in(expected):
    everything = expected.rows.to_csv() + expected.refused.to_csv() + str(expected.assumed)
    assert "Janssens" not in everything
    assert "051" not in everything
    assert expected.says(NEVER_PERSONS)
    assert [name for one in FIELDS for name in (one.ours, *one.names) if is_personal(name)] == []


def test_a_spreadsheet_with_one_address_column_and_french_headings_is_read_too(read, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["adresse", "motif", "date_prevue"])
    book.active.append(["rue Neuve 12A bte 3", "fermeture annoncée", dt.date(2027, 1, 15)])
    book.active.append(["rue Neuve 14", "", None])
    book.save(tmp_path / "fermetures.xlsx")
    found = read("expected-vacancies", tmp_path / "fermetures.xlsx", nis_code="34040")["expected_vacancy"]
    first, second = found.rows.to_dict("records")
    assert (first["street"], first["house_number"], first["house_number_suffix"], first["box"]) == (
        "rue Neuve", "12", "A", "3",
    )  # fmt: skip
    assert (first["kind"], first["expected_on"]) == ("announced_closing", dt.date(2027, 1, 15))
    assert second["kind"] == "other"
    assert found.says("1 rows say no kind")


def test_a_file_without_units_or_without_what_is_expected_is_refused_as_a_whole(read, write):
    for header in ("soort;datum", "code;bron"):
        with pytest.raises(UnreadableSource):
            read("expected-vacancies", write("x.csv", f"{header}\na;b\n"), nis_code="34040")
