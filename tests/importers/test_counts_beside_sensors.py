import pytest

MANUAL = """telpunt;naam;lat;lon;datum;uur;getelde_minuten;geteld;factor;opgehoogd
T1;Markt;50.889;3.427;02/03/2026;14:00;10;50;6;300
T2;Kerk;50.890;3.428;02/03/2026;14:15;15;20;;80
T3;Brug;50.891;3.429;02/03/2026;15;10;7;;
T4;Fout;50.889;3.427;02/03/2026;15;10;50;6;900
T5;Leeg;50.889;3.427;02/03/2026;15;10;0;;40
T6;Kort;50.889;3.427;02/03/2026;15;0;1;;
"""
FIGURES = """gebied;periode;soort;herkomst;waarde;kaarten;handelaars
Markt;2026-Q2;besteding;;125000,5;900;12
Markt;2026-05;besteding;Gent;x;;
Markt;2026-05;besteding;Brugge;5000;9;12
Markt;2026-05;besteding;Kortrijk;5000;50;2
Markt;2026-05;bezoekers;;29;;
Markt;2026-05;bezoekers;Frankrijk;30;;
Markt;2026;bezoekers;;;;
Markt;ooit;bezoekers;;50;;
Markt;2026-05;besteding;Aalst;veel;;
Markt;2026-05;iets;Aalst;5;;
"""


@pytest.fixture
def saved(tmp_path):
    def save(name, content):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return save


def test_manual_counts_keep_what_was_counted_the_minutes_and_the_factor(read, saved):
    result = read("manual-counts", saved("m.csv", MANUAL), nis_code="34040", options={"expands_to": "hour"})[
        "manual_count"
    ]
    rows = result.rows.set_index("code")
    assert rows.loc["T1", ["minutes", "value", "factor", "expands_to", "mode"]].tolist() == [
        10,
        50.0,
        6.0,
        "hour",
        "ped",
    ]
    # The factor follows from what it made; without either, there is none.
    assert rows.loc["T2", "factor"] == 4.0
    assert rows["factor"].isna().tolist() == [False, False, True]
    assert str(rows.loc["T1", "start_at"]) == "2026-03-02 13:00:00+00:00"
    assert sorted(result.refused[["row_number", "column_name"]].values.tolist()) == [
        [4, "expanded"],
        [5, "expanded"],
        [6, "getelde_minuten"],
    ]


def test_a_factor_that_does_not_say_what_it_makes_is_taken_and_told(read, saved):
    result = read("manual-counts", saved("m.csv", MANUAL), nis_code="34040")["manual_count"]
    assert result.says("2 counts have a factor but do not say of what")
    assert result.rows["expands_to"].isna().all()


def test_a_hidden_cell_is_suppressed_and_an_empty_one_missing_and_neither_is_zero(read, saved):
    result = read("area-figures", saved("f.csv", FIGURES), nis_code="34040")["area_figure"]
    told = [
        (row.kind, row.origin, row.state, None if row.value != row.value else row.value)
        for row in result.rows.itertuples()
    ]
    assert told == [
        ("spending", "all", "known", 125000.5), ("spending", "Gent", "suppressed", None),
        ("spending", "Brugge", "suppressed", None), ("spending", "Kortrijk", "suppressed", None),
        ("visitors", "all", "suppressed", None), ("visitors", "Frankrijk", "known", 30.0),
        ("visitors", "all", "missing", None),
    ]  # fmt: skip
    assert result.says("3 figures rest on fewer than")
    assert sorted(result.refused[["row_number", "column_name"]].values.tolist()) == [
        [8, "period"],
        [9, "value"],
        [10, "soort"],
    ]


def test_a_period_is_its_first_day_and_the_day_after_its_last(read, saved):
    rows = read("area-figures", saved("f.csv", FIGURES), nis_code="34040")["area_figure"].rows
    assert [(str(row.from_on), str(row.to_on)) for row in rows.iloc[[0, 1, 6]].itertuples()] == [
        ("2026-04-01", "2026-07-01"), ("2026-05-01", "2026-06-01"), ("2026-01-01", "2027-01-01"),
    ]  # fmt: skip
