import pandas as pd
import pytest
import shapely

HEADER = "naam;soort;begin;einde;lat;lon;straten;herhaling;kost"


@pytest.fixture
def rows(read, write):
    def read_rows(*lines, header=HEADER, **request):
        path = write("events.csv", "\n".join((header, *lines)) + "\n")
        return read("events", path, nis_code="34040", **request)["event"]

    return read_rows


def told(moments):
    return [None if pd.isna(at) else at.strftime("%Y-%m-%d %H:%M") for at in moments]


def test_a_list_is_read_on_the_local_clock_with_its_place_and_cost(rows):
    result = rows("Braderie;braderij;13/09/2025 10:00;14/09/2025 18:00;50,888;3,430;;;12.500,00")
    (row,) = result.rows.to_dict("records")
    assert (row["name"], row["kind"], row["cost_net_eur"]) == ("Braderie", "braderie", 12500)
    assert told([row["starts_at"], row["ends_at"]]) == ["2025-09-13 08:00", "2025-09-14 16:00"]
    # In the deployment's metres.
    assert shapely.distance(row["geom"], shapely.Point(81_900, 175_900)) < 3000
    assert row["area_geom"] is None


def test_a_day_without_a_time_is_the_whole_day_and_no_end_is_midnight_but_for_a_measure(rows):
    result = rows(
        "Kermis;kermis;2025-10-04;2025-10-06;;;;;",
        "Stoet;stoet;2025-06-01 14:00;;;;;;",
        "Werken;werken;2025-03-01;;;;;;",
    )
    # Summer time ends between the two.
    assert told(result.rows["ends_at"]) == ["2025-10-06 22:00", "2025-06-01 22:00", None]
    assert result.says("1 events without an end") or result.says("1 events")
    assert result.rows["geom"].isna().all()


def test_streets_rules_and_unknown_kinds_are_kept_as_far_as_they_go(rows):
    result = rows(
        "Markt;rariteit;2025-01-05 08:00;2025-01-05 12:00;;;Stormestraat, Markt;rrule:freq=monthly;"
    )
    (row,) = result.rows.to_dict("records")
    assert row["streets"] == ["Stormestraat", "Markt"]
    assert row["recurring_rule"] == "FREQ=MONTHLY"
    assert row["kind"] == "other"
    assert result.says("not known are read as other")


def test_what_cannot_be_is_refused_with_its_reason(rows):
    result = rows(
        "Te vroeg;markt;2025-09-14 18:00;2025-09-13 10:00;;;;;",
        "Geen dag;markt;ooit;;;;;;",
        "Ver weg;markt;2025-09-14 10:00;2025-09-14 18:00;3,430;50,888;;;",
        within=shapely.box(70_000, 165_000, 95_000, 190_000),
    )
    assert len(result.rows) == 0
    assert set(result.reasons()) == {
        "It ends before it begins.", "The begin is no moment.", "The place lies outside the municipality.",
    }  # fmt: skip


def test_an_area_is_a_place_and_a_crossed_one_is_refused(rows):
    square = "POLYGON((3.42 50.88,3.43 50.88,3.43 50.89,3.42 50.89,3.42 50.88))"
    bow = "POLYGON((3.42 50.88,3.43 50.89,3.43 50.88,3.42 50.89,3.42 50.88))"
    result = rows(
        f'A;festival;2025-09-14 10:00;2025-09-14 18:00;"{square}"',
        f'B;festival;2025-09-14 10:00;2025-09-14 18:00;"{bow}"',
        header="naam;soort;begin;einde;gebied",
    )
    (row,) = result.rows.to_dict("records")
    assert row["area_geom"].geom_type == "MultiPolygon"
    assert row["area_geom"].contains(row["geom"])
    assert result.refused["row_number"].tolist() == [2]


def test_the_same_list_twice_has_the_same_keys_and_a_repeated_row_is_refused(rows):
    line = "Braderie;braderij;13/09/2025 10:00;14/09/2025 18:00;;;;;"
    first, again = rows(line), rows(line, line)
    assert first.rows["code"].tolist() == again.rows["code"].tolist()
    assert "An earlier row has the same key." in again.reasons()
