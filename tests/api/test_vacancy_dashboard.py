import csv
import io
import re
import zlib

import openpyxl
import pandas as pd
import pytest
from sqlalchemy import text

from api.db.session import get_engine
from api.vacancy import queries
from api.vacancy.service import state_on
from gis.vacancy import vacancy_rate
from gis.vacancy_series import vacancy_series
from tests.api.conftest import good, problem
from tests.town_database import EMPTY_NIS, NIS, rows

BREAK = {"municipality": NIS, "breaks_on": "2022-01-01", "kind": "definition", "reason": "Horeca telt mee."}


def ask(client, path="vacancy", **query):
    return good(client.get(f"/api/{path}", params={"municipality": NIS, **query}))


def table(answer):
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def named(listed, key):
    return {row[key]: (row["units"]["numerator"], row["units"]["denominator"]) for row in listed}


# -- by street and branch group -------------------------------------------------------------------


def test_a_street_and_a_branch_group_have_the_rates_of_paper(client, town):
    answer = ask(client, on="2026-01-01")
    # S3 is in an unknown state and S4 a house.
    assert named(answer["by_street"], "street") == {"High Street": (3, 7), "Side Street": (1, 3)}
    # H2 was fashion, H3 daily goods, H6 services; nobody was ever seen in S2.
    assert named(answer["by_branch_group"], "branch_group") == {
        "daily": (1, 3), "fashion_luxury": (1, 2), "home_garden": (0, 1), "hospitality": (0, 2), "services": (1, 1),
        "unknown": (1, 1),
    }  # fmt: skip
    side = next(row for row in answer["by_street"] if row["street"] == "Side Street")
    # S1, S2 and S5 are 90, 70 and 40 m2.
    assert side["floor_area"]["rate"] == pytest.approx(70 / 200)
    assert (side["unknown"], side["non_retail"]) == (1, 1)


def test_after_another_trade_than_retail_there_is_nothing_to_divide_by(client, town):
    groups = {
        row["branch_group"]: row
        for row in ask(client, scope="retail_only", on="2026-01-01")["by_branch_group"]
    }
    outside = groups["outside_scope"]
    assert (outside["units"]["numerator"], outside["units"]["rate"]) == (1, None)
    assert "services" not in groups
    assert sum(row["units"]["numerator"] for row in groups.values()) == 4


def test_a_core_can_be_looked_at_on_its_own(client, town):
    answer = ask(client, core=town.core, on="2026-01-01")
    assert (answer["core_id"], answer["core_name"]) == (town.core, "Kern")
    assert answer["units"] == {"rate": pytest.approx(3 / 7), "numerator": 3, "denominator": 7}
    assert answer["by_core"] == []
    assert sum(answer["by_class"].values()) == len(answer["longest_vacant"]) == 3
    problem(client.get(f"/api/vacancy?municipality={NIS}&core=999999"), 404)
    problem(client.get(f"/api/vacancy?municipality={EMPTY_NIS}&core={town.core}"), 404)


def test_the_longest_vacant_come_first_with_what_is_sure(client, town):
    listed = ask(client, on="2026-01-01")["longest_vacant"]
    assert [row["local_code"] for row in listed] == ["H6", "H3", "H2", "S2"]
    first = listed[0]
    assert (first["since_earliest"], first["since_latest"]) == ("2020-01-01", "2021-01-01")
    assert first["min_days"] == 5 * 365 + 1
    assert (first["branch_group"], first["address"], first["floor_area_m2"]) == (
        "services",
        "High Street 6",
        None,
    )
    assert (listed[1]["vacancy_class"], listed[1]["is_uncertain"]) == ("long_term", True)


# -- over time -------------------------------------------------------------------------------------


@pytest.mark.parametrize("scope", ["all_branches", "retail_only"])
def test_a_series_of_the_database_says_what_the_register_says_of_each_day(session, scope):
    from api.vacancy.rates import Asked, Register
    from api.vacancy.service import in_scope

    units, periods = queries.register(session, NIS)
    register = Register(session, Asked(NIS, scope))
    days = pd.date_range("2014-12-01", "2026-01-01", freq="7MS")
    told = register.rates(days)
    for day in days:
        states = in_scope(state_on(units, periods, day.date()), scope)
        expected = vacancy_rate(states).iloc[0]
        pd.testing.assert_series_equal(told.loc[("all", day)], expected, check_names=False, check_dtype=False)


def test_every_group_has_its_columns_on_the_days_that_were_chosen(client, town):
    answer = ask(client, "vacancy/series", by="street", dates="2026-01-01,2020-06-01,2024-07-01")
    assert answer["on"] == ["2020-06-01", "2024-07-01", "2026-01-01"]
    high, side = answer["groups"]
    assert (high["street"], high["numerator"], high["denominator"]) == ("High Street", [0, 2, 3], [7, 7, 7])
    assert (side["street"], side["numerator"], side["denominator"]) == ("Side Street", [0, 0, 1], [2, 2, 3])
    assert high["coverage_m2"] == pytest.approx([6 / 7] * 3)
    assert (high["rate_m2"], high["reason_m2"]) == ([None] * 3, ["coverage"] * 3)
    assert side["rate_m2"] == pytest.approx([0, 0, 70 / 200])
    assert answer["source"] == "Dataset town"


@pytest.mark.parametrize(("step", "n"), [("month", 13), ("quarter", 5), ("half_year", 3), ("year", 2)])
def test_a_series_takes_the_steps_that_are_asked_for(client, town, step, n):
    answer = ask(client, "vacancy/series", step=step, since="2024-01-01", until="2025-01-01")
    assert len(answer["on"]) == n
    assert (answer["on"][0], answer["on"][-1]) == ("2024-01-01", "2025-01-01")


def test_days_that_make_no_sense_are_refused_with_the_way_out(client, town):
    for query in ("dates=soon", "dates=2999-01-01", "since=1000-01-01", "by=colour", "step=day"):
        problem(client.get(f"/api/vacancy/series?municipality={NIS}&{query}"), 422)
    many = problem(client.get(f"/api/vacancy/series?municipality={NIS}&step=month&since=1900-01-01"), 422)
    assert "larger step" in many["way_out"]


def test_a_day_on_which_most_are_unknown_is_a_hole_and_not_a_figure(client, own_town):
    with get_engine().begin() as connection:
        # Six of the nine that traded were not looked at in 2019.
        connection.execute(
            text(
                "WITH gone AS (DELETE FROM occupancy o USING shop_unit u WHERE u.id = o.shop_unit_id AND u.local_code IN "
                "('H1','H4','H5','H7','S1','S5') RETURNING o.shop_unit_id, o.branch_code, o.period) "
                "INSERT INTO occupancy (shop_unit_id, branch_code, period) SELECT shop_unit_id, branch_code, p.period "
                "FROM gone, LATERAL (VALUES (daterange('2015-01-01','2019-01-01')), (daterange('2020-01-01', NULL))) "
                "AS p(period)"
            )
        )
    points = {point["on"]: point["stretch"] for point in ask(client, on="2020-07-01")["series"]}
    assert "2019-01-01" not in points
    assert "2019-07-01" not in points
    assert (points["2018-07-01"], points["2020-01-01"]) == (0, 1)
    columns = ask(client, "vacancy/series", dates="2018-07-01,2019-07-01,2020-07-01")["groups"][0]
    assert columns["stretch"] == [0, -1, 1]


# -- breaks ----------------------------------------------------------------------------------------


def test_a_break_parts_the_series_and_says_why_until_it_is_taken_away(client, own_town):
    version = rows("SELECT data_version FROM municipality WHERE nis_code = :n", n=NIS)
    made = client.post("/api/series-breaks", json=BREAK)
    assert made.status_code == 201
    key = made.json()["id"]
    assert rows("SELECT data_version FROM municipality WHERE nis_code = :n", n=NIS) > version
    answer = ask(client, on="2026-01-01")
    stretch = {point["on"]: point["stretch"] for point in answer["series"]}
    assert (stretch["2021-07-01"], stretch["2022-01-01"], stretch["2026-01-01"]) == (0, 1, 1)
    assert [(row["on"], row["reason"], row["is_automatic"]) for row in answer["breaks"]] == [
        ("2022-01-01", "Horeca telt mee.", False)
    ]
    changed = client.patch(
        f"/api/series-breaks/{key}", json={"breaks_on": "2023-01-01", "source": "Handleiding"}
    )
    assert (changed.json()["breaks_on"], changed.json()["kind"]) == ("2023-01-01", "definition")
    assert ask(client, "series-breaks")["items"] == [changed.json()]
    assert client.delete(f"/api/series-breaks/{key}").status_code == 204
    assert {point["stretch"] for point in ask(client, on="2026-01-01")["series"]} == {0}
    for answer in (
        client.delete(f"/api/series-breaks/{key}"),
        client.patch(f"/api/series-breaks/{key}", json={}),
    ):
        problem(answer, 404)


def test_a_break_that_cannot_be_is_refused(client, own_town):
    assert client.post("/api/series-breaks", json=BREAK).status_code == 201
    problem(client.post("/api/series-breaks", json=BREAK), 409)
    problem(client.post("/api/series-breaks", json={**BREAK, "municipality": "nowhere"}), 404)
    for wrong in ({"kind": "weather"}, {"reason": "  "}, {"breaks_on": "soon"}, {"extra": 1}):
        problem(client.post("/api/series-breaks", json={**BREAK, **wrong}), 422)
    problem(
        client.post("/api/series-breaks", json=BREAK, headers={"Origin": "https://elsewhere.example"}), 403
    )


def test_a_planner_writes_a_break_in_qgis_and_the_series_stops_there(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(
            text(
                "INSERT INTO qgis.series_break (nis_code, breaks_on, kind, reason) "
                "VALUES (:nis, '2024-01-01', 'method', 'Voortaan te voet')"
            ),
            {"nis": NIS},
        )
        connection.execute(text("UPDATE qgis.series_break SET reason = 'Voortaan per fiets'"))
    assert [row["reason"] for row in ask(client)["breaks"]] == ["Voortaan per fiets"]


def test_another_source_of_most_units_is_a_break_by_itself(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(
            text(
                "WITH own AS (INSERT INTO dataset (code, name) VALUES ('round', 'Eigen ronde') RETURNING id), "
                "cut AS (UPDATE occupancy SET period = daterange(lower(period), '2023-01-01') "
                "WHERE upper_inf(period) RETURNING shop_unit_id, branch_code) "
                "INSERT INTO occupancy (shop_unit_id, branch_code, period, dataset_id) "
                "SELECT shop_unit_id, branch_code, daterange('2023-01-01', NULL), own.id FROM cut, own"
            )
        )
    (found,) = ask(client)["breaks"]
    assert (found["on"], found["is_automatic"]) == ("2023-01-01", True)
    assert (found["before"], found["after"]) == ("Dataset town", "Eigen ronde")


# -- the map of a past day -------------------------------------------------------------------------


def test_the_units_of_a_past_day_stand_there_as_they_were(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(
            text("UPDATE shop_unit SET lifecycle = 'merged', valid_to = '2025-01-01' WHERE local_code = 'H7'")
        )
    answer = ask(client, "vacancy/units", on="2024-07-01")
    state = dict(zip(answer["local_code"], answer["state"], strict=True))
    assert {code for code, told in state.items() if told == "vacant"} == {"H6", "H3"}
    assert state["H7"] == "occupied"
    at = answer["local_code"].index("H7")
    assert (answer["is_active"][at], answer["name"][at], answer["branch_group"][at]) == (
        False,
        "Shop H7",
        "home_garden",
    )
    assert answer["vacancy_class"][answer["local_code"].index("H6")] == "structural"
    assert len({len(column) for name, column in answer.items() if name != "on"}) == 1
    assert "H7" not in ask(client, "vacancy/units", on="2025-01-01")["local_code"]
    problem(client.get(f"/api/vacancy/units?municipality={NIS}"), 422)
    problem(client.get(f"/api/vacancy/units?municipality={NIS}&on=2999-01-01"), 422)


# -- files -----------------------------------------------------------------------------------------


def test_the_table_of_rates_holds_every_group_with_all_it_is_made_of(client, town):
    found = table(client.get(f"/api/exports/vacancy-rates.csv?municipality={NIS}&on=2026-01-01"))
    assert [row["level"] for row in found].count("municipality") == 1
    total = found[0]
    assert (total["n_vacant"], total["n_units"], total["n_unknown"], total["n_non_retail"]) == (
        "4",
        "10",
        "1",
        "1",
    )
    assert float(total["floor_area_coverage_share"]) == pytest.approx(0.9)
    assert (total["source"], total["surveyed_on"], total["scope"]) == (
        "Dataset town",
        "2026-01-01",
        "all_branches",
    )
    by_level = {
        level: [row for row in found if row["level"] == level] for level in ("street", "branch_group")
    }
    for level in by_level.values():
        assert sum(int(row["n_vacant"]) for row in level) == 4
        assert sum(int(row["n_units"]) for row in level) == 10


def test_the_workbook_holds_numbers_and_not_texts(client, town):
    answer = client.get(f"/api/exports/vacancy-rates.xlsx?municipality={NIS}&on=2026-01-01")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["rates", "series", "longest_vacant", "breaks"]
    head, first, *_ = book["rates"].iter_rows(values_only=True)
    assert dict(zip(head, first, strict=True))["vacancy_rate_share"] == pytest.approx(0.4)
    assert book["longest_vacant"].max_row == 5
    assert answer.headers["content-disposition"].endswith('.xlsx"')


def test_a_series_is_a_table_per_group_and_day(client, town):
    found = table(client.get(f"/api/exports/vacancy-series.csv?municipality={NIS}&by=core&step=year"))
    assert {row["name"] for row in found} == {"Kern"}
    told = {row["on"]: (row["n_vacant"], row["n_units"]) for row in found}
    assert told["2025-01-01"] == ("2", "7")


def test_single_units_are_kept_back_where_the_licence_says_so_and_rates_are_not(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(text("UPDATE dataset SET redistribute_rows = false WHERE code = 'town'"))
    for path in ("longest-vacant.csv?", "shop-units-on.geojson?on=2025-01-01&"):
        problem(client.get(f"/api/exports/{path}municipality={NIS}"), 403)
    answer = client.get(f"/api/exports/vacancy-rates.xlsx?municipality={NIS}")
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames == ["rates", "series", "breaks"]
    assert table(client.get(f"/api/exports/vacancy-rates.csv?municipality={NIS}"))


def test_units_of_a_past_day_go_out_as_points(client, town):
    body = good(client.get(f"/api/exports/shop-units-on.geojson?municipality={NIS}&on=2024-07-01"))
    states = {item["properties"]["local_code"]: item["properties"]["state"] for item in body["features"]}
    assert (states["H3"], states["H2"], states["S4"]) == ("vacant", "occupied", "non_retail")
    assert body["attribution"]


def test_the_longest_vacant_go_out_longest_first_and_no_text_is_a_formula(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(text("UPDATE shop_unit SET street = '=1+1' WHERE local_code = 'H6'"))
    found = table(client.get(f"/api/exports/longest-vacant.csv?municipality={NIS}&on=2026-01-01"))
    assert [row["local_code"] for row in found] == ["H6", "H3", "H2", "S2"]
    assert found[0]["address"].startswith("'=1+1")


# -- the page for the council ----------------------------------------------------------------------


def pdf_objects(content: bytes) -> str:
    """All of a PDF that is not a picture, streams unpacked."""
    parts = [content.decode("latin-1")]
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", content, re.S):
        try:
            parts.append(zlib.decompress(packed.rstrip(b"\r\n")).decode("latin-1"))
        except zlib.error:
            continue
    return "\n".join(parts)


def pdf_text(content: bytes) -> str:
    """The words of a PDF as a reader program finds them: glyphs translated by the fonts' own tables."""
    objects = pdf_objects(content)
    glyphs = cmaps(content)
    fonts = dict(re.findall(r"/(f\d+) (\d+) 0 R", objects))
    tables = dict(re.findall(r"(\d+) 0 obj\n<</Type/Font/Subtype/Type0[^\n]*/ToUnicode (\d+) 0 R", objects))
    words, known = [], {}
    for font, shown in re.findall(r"/(f\d+) [\d.]+ Tf|\(((?:[^()\\]|\\.)*)\)", objects, re.S):
        if font:
            known = glyphs[tables[fonts[font]]]
        elif known:
            codes = unescaped(shown)
            words += [known.get(codes[i : i + 2].hex().upper(), "?") for i in range(0, len(codes), 2)]
    return "".join(words)


def unescaped(shown: str) -> bytes:
    """A literal string of a PDF as bytes."""
    plain = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}

    def read(found: re.Match[str]) -> str:
        return chr(int(found[1], 8)) if found[1][0].isdigit() else plain.get(found[1], found[1])

    return re.sub(r"\\([0-7]{1,3}|.)", read, shown, flags=re.S).encode("latin-1")


def cmaps(content: bytes) -> dict[str, dict[str, str]]:
    """Glyph to text of every ToUnicode table by the number of its object."""
    found = {}
    for number, packed in re.findall(rb"(\d+) 0 obj.*?stream\r?\n(.*?)endstream", content, re.S):
        try:
            body = zlib.decompress(packed.rstrip(b"\r\n")).decode("latin-1")
        except zlib.error:
            continue
        if "beginbfchar" in body:
            pairs = re.findall(r"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>", body)
            found[number.decode()] = {
                code.upper(): bytes.fromhex(told).decode("utf-16-be") for code, told in pairs
            }
    return found


def page(client, **query):
    answer = client.get("/api/exports/vacancy.pdf", params={"municipality": NIS, "lang": "nl", **query})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return answer.content


def test_the_page_is_one_tagged_page_in_its_language(client, town):
    for language in ("nl", "fr", "en"):
        objects = pdf_objects(page(client, lang=language))
        assert len(re.findall(r"/Type\s*/Page\b(?!s)", objects)) == 1
        assert "/StructTreeRoot" in objects
        assert re.search(rf"/Lang\s*\({language}", objects)
        assert "pdfuaid:part" in objects


def test_the_page_tells_the_rate_with_its_numerator_and_denominator_and_source(client, town):
    words = pdf_text(page(client, on="2026-01-01"))
    for told in ("Leegstand in Papierstad", "40,0", "4 van de 10 handelspanden", "270 van de 1.210", "High Street",
                 "Dataset town", "1 januari 2026"):  # fmt: skip
        assert told.replace(" ", "") in words.replace(" ", "").replace("\u00a0", ""), told


def test_clusters_of_today_stand_on_a_page_of_today_only(client, town):
    assert "Teweinighandelspanden" in pdf_text(page(client)).replace(" ", "")
    assert "Concentraties" not in pdf_text(page(client, on="2026-01-01"))


def test_the_page_of_a_core_says_why_there_is_no_figure_in_floor_area(client, town):
    words = pdf_text(page(client, core=town.core, on="2026-01-01")).replace(" ", "").replace("\u00a0", "")
    assert "Kern(Papierstad)" in words
    assert "3vande7handelspanden" in words
    assert "nodigis90%" in words


def test_the_page_of_a_municipality_without_units_says_so(client, town):
    answer = client.get(f"/api/exports/vacancy.pdf?municipality={EMPTY_NIS}&lang=nl")
    assert answer.status_code == 200
    assert "geenhandelspandenbekend" in pdf_text(answer.content).replace(" ", "")


# -- an empty municipality -------------------------------------------------------------------------


def test_a_municipality_of_which_nothing_is_known_answers_everywhere(client, town):
    empty = {"municipality": EMPTY_NIS}
    answer = good(client.get("/api/vacancy", params=empty))
    for name in ("by_core", "by_street", "by_branch_group", "longest_vacant", "series", "breaks"):
        assert answer[name] == []
    assert good(client.get("/api/vacancy/series", params=empty))["groups"] == []
    assert good(client.get("/api/vacancy/units", params={**empty, "on": "2020-01-01"}))["ids"] == []
    for name in ("vacancy-rates.csv", "vacancy-series.csv", "longest-vacant.csv"):
        assert table(client.get(f"/api/exports/{name}", params=empty)) == []
    assert client.get("/api/exports/vacancy-rates.xlsx", params=empty).status_code == 200
    body = good(client.get("/api/exports/shop-units-on.geojson", params={**empty, "on": "2020-01-01"}))
    assert body["features"] == []
    assert vacancy_series(*queries_of_nothing(), ["2020-01-01"]).empty


def queries_of_nothing():
    with get_engine().connect() as connection:
        from sqlalchemy.orm import Session

        return queries.register(Session(connection), EMPTY_NIS)
