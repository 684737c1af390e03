import datetime as dt

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.importers import UnreadableSource
from api.importers.people import is_personal
from api.importers.register_fields import FIELDS
from api.importers.registers import NEVER_OWNERS
from api.importers.targets import TARGETS

# The columns of the export that a Flemish city joins to its parcels, and what a by-law adds.
EXPORT = [
    "CapaKey", "dossierPrefix", "dossierType", "dossiernummer", "internNummer", "datumOpname",
    "VIP-inventaristype", "VIP-status", "VIP-statuscode", "VIP-typeOnroerendGoed", "postcode", "gemeente",
    "straat", "huisnummer", "busnummer",
]  # fmt: skip
ROW = [
    "34040A0001/00A000", "LEEG", "G", 12, "A-7", dt.date(2024, 3, 1),
    "Leegstand gebouwen", "Opgenomen", "OPG", "Handelspand", 8790, "Waregem", "Stormestraat", "12", None,
]  # fmt: skip
OWNERS = [
    "eigenaar",
    "Naam eigenaar",
    "adres_eigenaar",
    "Zakelijk gerechtigde",
    "titularis",
    "rijksregisternummer",
]


def sheet(path, header, *rows):
    book = openpyxl.Workbook()
    book.active.append(header)
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def row_of(**changed):
    return [changed.get(name, value) for name, value in zip(EXPORT, ROW, strict=True)]


@pytest.fixture
def legal(read, tmp_path):
    def legal(header, *rows, **request):
        path = sheet(tmp_path / "register.xlsx", header, *rows)
        return read("legal-vacancy", path, nis_code="34040", **request)["legal_vacancy_record"]

    return legal


def test_the_export_of_the_register_is_read_without_any_mapping(legal):
    found = legal(EXPORT, ROW)
    row = found.rows.iloc[0]
    assert len(found.refused) == 0
    assert row["record_key"] == "LEEG/G/12/A-7"
    assert (row["capakey"], row["dossier_number"], row["internal_number"]) == (
        "34040A0001/00A000",
        "12",
        "A-7",
    )
    assert row["entered_on"] == dt.date(2024, 3, 1)
    assert (row["inventory_type"], row["status"], row["status_code"]) == (
        "Leegstand gebouwen",
        "Opgenomen",
        "OPG",
    )
    assert (row["property_kind"], row["postcode"], row["place"]) == ("Handelspand", "8790", "Waregem")
    assert (row["street"], row["house_number"]) == ("Stormestraat", "12")
    assert not row["is_removed"]


def test_the_inventory_of_business_premises_is_read_with_the_same_columns(read, tmp_path):
    path = sheet(tmp_path / "inventaris.xlsx", EXPORT, ROW)
    found = read("business-premises", path, nis_code="34040")
    assert list(found) == ["business_premises_record"]
    assert found["business_premises_record"].rows["record_key"].tolist() == ["LEEG/G/12/A-7"]


def test_a_csv_of_a_city_with_its_own_words_is_read(read, tmp_path):
    path = tmp_path / "register.csv"
    path.write_text(
        "dossiernummer;adres;capakey;datum_vaststelling;bezwaar;uitspraak;vrijstelling;einddatum_vrijstelling;"
        "heffingsjaar;bedrag;datum_schrapping\n"
        "D1;Markt 12A bus 2;34040a000100a000;01/02/2023;J;ongegrond;renovatie;31/12/2026;2025;1.500,50;\n"
        "D2;Markt 14;;;N;;ziekte;;;;03/04/2025\n",
        encoding="utf-8",
    )
    rows = read("legal-vacancy", path, nis_code="34040", options={"decimal": ","})[
        "legal_vacancy_record"
    ].rows
    one, two = rows.iloc[0], rows.iloc[1]
    assert (one["street"], one["house_number"], one["box"]) == ("Markt", "12A", "2")
    assert one["capakey"] == "34040A0001/00A000"
    assert (one["objection"], one["exemption"], one["levy_eur"]) == ("rejected", "works", 1500.5)
    assert one["exemption_until"] == dt.date(2026, 12, 31)
    assert (two["objection"], two["exemption"], two["is_removed"]) == ("none", "other", True)


def test_a_ground_that_tells_of_a_person_is_written_nowhere(legal):
    found = legal([*EXPORT, "vrijstelling"], [*ROW, "opname in een zorginstelling"])
    assert "zorginstelling" not in found.rows.to_csv() + found.refused.to_csv() + str(found.assumed)
    assert found.rows["exemption"].tolist() == ["other"]


@pytest.mark.parametrize("column", OWNERS)
def test_no_owner_comes_in_and_the_report_says_so(legal, column):
    found = legal([*EXPORT, column], [*ROW, "Jan Janssens"])
    assert "Janssens" not in found.rows.to_csv() + found.refused.to_csv() + str(found.assumed)
    assert found.says(f"Column '{column}' is not read")
    assert found.says(NEVER_OWNERS)


@pytest.mark.parametrize("column", OWNERS)
def test_an_owner_cannot_be_mapped_to_a_column_of_ours(legal, column):
    with pytest.raises(UnreadableSource, match="person or a device"):
        legal([*EXPORT, column], [*ROW, "Jan Janssens"], mapping={"status": column})


def test_no_column_of_a_record_is_one_of_a_person():
    names = [name for one in FIELDS for name in (one.ours, *one.names)]
    names += [
        name
        for target in ("legal_vacancy_record", "business_premises_record")
        for name in TARGETS[target].columns
    ]
    assert [name for name in names if is_personal(name)] == []


def test_a_second_row_of_a_dossier_is_refused_with_the_way_out(legal):
    found = legal(EXPORT, ROW, row_of(straat="Markt"), row_of(internNummer="A-8"))
    assert found.rows["record_key"].tolist() == ["LEEG/G/12/A-7", "LEEG/G/12/A-8"]
    (refused,) = found.refused.to_dict("records")
    assert refused["row_number"] == 2
    assert refused["value"] == "LEEG/G/12/A-7"
    assert refused["remedy"]


def test_a_row_without_a_dossier_and_one_struck_off_before_it_came_are_refused(legal):
    header = [*EXPORT, "datum_schrapping"]
    found = legal(header, [*row_of(dossiernummer=None), None], [*ROW, dt.date(2020, 1, 1)])
    assert len(found.rows) == 0
    assert found.refused["column_name"].tolist() == ["dossiernummer", "removed_on"]
    assert found.refused["value"].tolist() == ["", "2020-01-01"]


def test_a_record_struck_off_on_an_unknown_day_is_told(legal):
    found = legal(EXPORT, row_of(**{"VIP-status": "Geschrapt"}))
    assert found.rows["is_removed"].tolist() == [True]
    assert found.says("1 records were struck off on a day the file does not give")


def test_a_layer_of_an_earlier_cadastre_is_read_beside_the_register(read, tmp_path):
    layer = tmp_path / "oud.geojson"
    ring = "[[[84000,176000],[84010,176000],[84010,176010],[84000,176000]]]"
    layer.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"CaPaKey":"34040A000900A000"},'
        f'"geometry":{{"type":"Polygon","coordinates":{ring}}}}}]}}'
    )
    path = sheet(tmp_path / "register.xlsx", EXPORT, ROW)
    options = {"earlier": str(layer), "earlier_crs": "EPSG:31370"}
    found = read("legal-vacancy", path, nis_code="34040", options=options)
    assert found["former_parcel"].rows["capakey"].tolist() == ["34040A0009/00A000"]
    assert found["former_parcel"].rows.geometry.area.tolist() == [50.0]
    assert len(found["legal_vacancy_record"].rows) == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"earlier": "nowhere.gpkg"}, "does not exist"),
        ({"complete": "perhaps"}, "neither yes nor no"),
    ],
)
def test_an_option_that_cannot_be_is_refused_with_the_way_out(legal, options, words):
    with pytest.raises(UnreadableSource, match=words):
        legal(EXPORT, ROW, options=options)


def test_a_file_of_all_municipalities_cannot_be_a_whole_register(read, tmp_path):
    path = sheet(tmp_path / "register.xlsx", EXPORT, ROW)
    with pytest.raises(UnreadableSource, match="no municipality is named"):
        read("legal-vacancy", path, options={"complete": "yes"})


WORD = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs", "Cc"]), max_size=12
)


@given(st.lists(WORD, min_size=1, max_size=6))
def test_whatever_stands_in_a_parcel_key_is_kept_or_written_as_the_cadastre_does(words):
    import re

    import pandas as pd

    from api.importers.refusals import Notes
    from api.importers.registers import _capakeys

    given_keys = pd.Series([*words, "34040a000100a000"], dtype="object")
    keys = _capakeys(given_keys, Notes())
    assert keys.iloc[-1] == "34040A0001/00A000"
    for before, after in zip(given_keys, keys, strict=True):
        assert re.sub(r"[\s/]", "", after) == re.sub(r"[\s/]", "", before).upper()
