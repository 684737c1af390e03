import gzip
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from api.importers import UnreadableSource

ROWS = "code{d}naam{d}lat{d}lon\nA{d}Café Élite{d}50.889{d}3.427\nB{d}Hôtel{d}50.890{d}3.428\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize(("delimiter", "name"), [(";", ";"), (",", None), ("|", "|"), ("\t", "tab")])
def test_encoding_and_separator_are_found_and_told(read, write, encoding, delimiter, name):
    path = write("s.csv", ROWS.format(d=delimiter), encoding)
    result = read("sensors", path)["footfall_sensor"]
    assert result.rows["name"].tolist() == ["Café Élite", "Hôtel"]
    assert result.says(f"Separator is {name}") == (name is not None)
    assert result.says("Windows-1252") == (encoding == "cp1252")
    assert result.says("byte order mark") == (encoding == "utf-8-sig")


def test_a_late_windows_byte_is_found_although_the_beginning_is_plain(read, write):
    plain = "".join(f"S{i};Plein;50.889;3.427\n" for i in range(20_000))
    path = write("s.csv", f"code;naam;lat;lon\n{plain}Z;Café;50.889;3.427\n", "cp1252")
    result = read("sensors", path)["footfall_sensor"]
    assert result.rows["name"].iloc[-1] == "Café"
    assert len(result.rows) == 20_001


def test_a_gzipped_and_a_zipped_table_read_like_the_plain_one(read, write, tmp_path):
    text = ROWS.format(d=";").encode()
    plain = read("sensors", write("s.csv", text))["footfall_sensor"].rows
    zipped = tmp_path / "s.zip"
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("inside/s.csv", text)
    for path in (write("s.csv.gz", gzip.compress(text)), zipped):
        assert read("sensors", path)["footfall_sensor"].rows.equals(plain)


def test_rows_of_a_wrong_width_are_refused_and_keep_their_number(read, write):
    path = write(
        "s.csv", "code;naam;lat;lon\nA;x;50.889;3.427\nB;50.889\nC;x;50.889;3.427;;\nD;x;50.889;3.427\n"
    )
    result = read("sensors", path)["footfall_sensor"]
    assert result.rows["row_number"].tolist() == [1, 4]
    assert result.refused[["row_number", "value"]].values.tolist() == [
        [2, "B;50.889"],
        [3, "C;x;50.889;3.427;;"],
    ]
    assert result.refused["reason"][0] == "The row has 2 fields, the header has 4."


def test_a_wrong_last_row_is_refused_too(read, write):
    path = write("s.csv", "code;naam;lat;lon\nA;x;50.889;3.427\nB\n")
    assert read("sensors", path)["footfall_sensor"].refused["row_number"].tolist() == [2]


def test_quoted_separators_and_line_ends_are_part_of_the_text(read, write):
    path = write("s.csv", 'code;naam;lat;lon\nA;"Markt; noord\nzijde";50.889;3.427\nB;x;50.889;3.427\n')
    result = read("sensors", path)["footfall_sensor"]
    assert result.rows["name"].tolist() == ["Markt; noord zijde", "x"]
    assert result.rows["row_number"].tolist() == [1, 2]


def test_the_separator_line_of_excel_and_empty_rows_are_skipped(read, write):
    path = write("s.csv", "sep=;\ncode;naam;lat;lon\n;;;\nA;x;50.889;3.427\n")
    result = read("sensors", path)["footfall_sensor"]
    assert result.rows["row_number"].tolist() == [2]
    assert result.says("1 empty rows skipped")


def test_the_header_may_stand_lower(read, write):
    path = write("s.csv", "Tellers van Waregem\n\ncode;naam;lat;lon\nA;x;50.889;3.427\n")
    result = read("sensors", path, options={"header_row": "3"})["footfall_sensor"]
    assert result.rows["code"].tolist() == ["A"]


def test_a_big_file_comes_in_pieces_with_its_progress(write):
    from api.importers import IMPORTERS, Request

    text = "counter_id;start_utc;value\n" + "".join(
        f"S;2025-01-01T00:00:00Z;{i}{'0' * 60}.5\n" for i in range(80_000)
    )
    path = write("c.csv", text.replace("0" * 60, ""))
    path = write("c.csv", text)
    (reading,) = IMPORTERS["counts"].open(Request(path))
    shares = [chunk.done_share for chunk in reading.chunks]
    assert len(shares) > 1
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.fixture
def sheet(tmp_path):
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Tellers"
    page.append(["code", "naam", "lat", "lon", "in dienst"])
    page.append(["A", "Café", 50.889, 3.427, datetime(2024, 2, 1)])  # noqa: DTZ001 - Excel knows no zones
    page.append([None, None, None, None, None])
    page.append([12, "Hôtel", "50,890", "3,428", 45323])
    book.create_sheet("Leeg")
    path = tmp_path / "s.xlsx"
    book.save(path)
    return path


def test_a_spreadsheet_is_read_with_its_dates_and_day_numbers(read, sheet):
    result = read("sensors", sheet)["footfall_sensor"]
    assert result.rows["code"].tolist() == ["A", "12"]
    assert result.rows["active_from"].tolist() == [date(2024, 2, 1), date(2024, 2, 1)]
    assert result.rows["row_number"].tolist() == [1, 3]
    assert result.says("Sheet 'Tellers' is read; the file also has: Leeg")


def test_an_unknown_sheet_is_answered_with_the_known_ones(read, sheet):
    with pytest.raises(UnreadableSource, match="Tellers, Leeg"):
        read("sensors", sheet, options={"sheet": "Blad1"})
    with pytest.raises(UnreadableSource, match="is empty"):
        read("sensors", sheet, options={"sheet": "Leeg"})


def test_json_lists_and_nested_objects_become_columns(read, write):
    text = '{"total": 2, "results": [{"id": "A", "location": {"lon": 3.427, "lat": 50.889}}, {"id": "B"}]}'
    result = read("sensors", write("s.json", text))["footfall_sensor"]
    assert result.rows["code"].tolist() == ["A"]
    assert result.refused["row_number"].tolist() == [2]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.csv", b"", "is empty"),
        ("header.csv", b"code;lat;lon\n", "holds no rows"),
        ("noise.csv", b"\x00\x01\x02" * 100, "not a text table"),
        ("cut.csv.gz", gzip.compress(b"code;lat;lon\n" + b"A;1;2\n" * 9999, mtime=0)[:60], "cut off"),
        ("locked.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "password"),
        ("broken.xlsx", b"PK\x03\x04 nothing", "no readable spreadsheet"),
        ("broken.parquet", b"PAR1 nothing", "no readable Parquet"),
        ("broken.json", b'[{"a": 1},', "no readable JSON"),
        ("values.json", b"[1, 2, 3]", "no single list"),
        ("picture.png", b"\x89PNG", "not read here"),
        ("broken.geojson", b'{"type": "FeatureCollection", "features": [', "no readable map layer"),
        ("broken.gpkg", b"SQLite format 3\x00", "no readable map layer"),
        ("town.osm", b"<osm/>", "OpenStreetMap"),
        ("nocoordinates.csv", b"code;naam\nA;x\n", "no coordinates"),
    ],
)
def test_a_bad_file_is_answered_with_a_way_out_and_no_traceback(read, write, name, content, words):
    with pytest.raises(UnreadableSource, match=words) as error:
        read("sensors", write(name, content))
    assert len(error.value.way_out) > 5


def test_a_zip_without_a_layer_and_a_locked_zip_are_told(read, write, tmp_path):
    path = tmp_path / "z.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.md", "x")
    with pytest.raises(UnreadableSource, match=r"readme\.md"):
        read("parcels", path)
    for source in ("wegenregister",):
        with pytest.raises(UnreadableSource, match="no Wegsegment"):
            read(source, path)


def test_a_missing_file_and_an_unknown_option_are_told(read, write, tmp_path):
    with pytest.raises(UnreadableSource, match="does not exist"):
        read("parcels", tmp_path / "nothing.gpkg")
    with pytest.raises(UnreadableSource, match="timezone"):
        read("counts", write("c.csv", "a;b\n1;2\n"), options={"timezon": "Europe/Brussels"})
    with pytest.raises(UnreadableSource, match="is not a number"):
        read("counts", write("c.csv", "a;b\n1;2\n"), options={"minutes": "een"})
    with pytest.raises(UnreadableSource, match="unknown"):
        read("counts", write("c.csv", "id;start;value\n1;2;3\n"), options={"timezone": "Europa/Brussel"})


def test_rows_are_chosen_by_a_condition_on_the_files_own_columns(read, write):
    path = write("s.csv", "code;soort;lat;lon\nA;Markt;50.889;3.427\nB;weg;50.889;3.427\nC;;50.889;3.427\n")
    for where, codes in (
        ("soort=markt", ["A"]),
        ("soort=markt,", ["A", "C"]),
        ("soort!=markt;code!=C", ["B"]),
    ):
        result = read("sensors", path, options={"where": where})["footfall_sensor"]
        assert result.rows["code"].tolist() == codes
    assert result.says("2 rows left out by where=")
    with pytest.raises(UnreadableSource, match="no column 'x'"):
        read("sensors", path, options={"where": "x=1"})


def test_a_mapping_may_name_a_constant_and_leave_a_column_out(read, write):
    path = write("s.csv", "code;naam;lat;lon\nA;x;50.889;3.427\n")
    result = read("sensors", path, mapping={"name": "", "instrument": "=radar"})["footfall_sensor"]
    assert result.rows["name"].isna().all()
    assert result.rows["instrument"].tolist() == ["radar"]


def test_a_wrong_mapping_is_answered_with_what_there_is(read, write):
    path = write("s.csv", "code;naam;lat;lon\nA;x;50.889;3.427\n")
    with pytest.raises(UnreadableSource, match="Did you mean: naam"):
        read("sensors", path, mapping={"name": "namen"})
    with pytest.raises(UnreadableSource, match="has no column 'nam'"):
        read("sensors", path, mapping={"nam": "naam"})
    with pytest.raises(UnreadableSource, match="No column found for code"):
        read("sensors", write("t.csv", "x1;lat;lon\nA;50.889;3.427\n"))


def test_points_outside_the_municipality_are_refused(read, write):
    import shapely

    path = write("s.csv", "code;x;y\nA;83738;175825\nB;90000;175825\n")
    within = shapely.box(83_000, 175_000, 84_000, 176_000)
    result = read("sensors", path, nis_code="34040", within=within)["footfall_sensor"]
    assert result.rows["nis_code"].tolist() == ["34040"]
    assert result.reasons() == {"The point lies outside the municipality.": 1}


def test_a_file_whose_rows_all_have_a_wrong_width_is_told_row_by_row(read, write):
    result = read("sensors", write("s.csv", "code;naam;lat;lon\nA;x;50.889;3.427\nB;y\nC\n"))[
        "footfall_sensor"
    ]
    assert result.refused["row_number"].tolist() == [2, 3]
    nothing = read("counts", write("c.csv", "counter_id;start_local;value\nP1;2025-03-01 10:00\nP1\n"))
    assert nothing["footfall_count"].rows.empty
    assert nothing["footfall_count"].refused["row_number"].tolist() == [1, 2]


def test_a_list_in_a_cell_of_a_tree_is_a_text_like_any_other(read, write):
    path = write("s.json", '[{"code": ["A", {"b": 1}], "naam": [1], "lat": 50.889, "lon": 3.427}]')
    assert read("sensors", path)["footfall_sensor"].rows["name"].tolist() == ["[1]"]


def test_a_moment_of_another_age_is_none(read, write):
    path = write(
        "c.csv",
        "counter_id;start_local;value\nP1;0001-01-01 10:00;1\nP1;9999-12-31 10:00;2\nP1;2025-03-01 10:00;3\n",
    )
    result = read("counts", path)["footfall_count"]
    assert result.rows["value"].tolist() == [3.0]
    assert result.refused["row_number"].tolist() == [1, 2]


def test_a_year_that_cannot_be_is_refused_before_the_file_is_read(read, write):
    path = write("sectors.csv", "cd_sector;cd_refnis;total\n34040A00-;34040;5\n")
    for year in ("99999", "1e999", "nan"):
        with pytest.raises(UnreadableSource, match="year="):
            read("statbel-population", path, options={"year": year})
