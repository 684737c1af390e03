import csv
import io
import json

import pandas as pd
import pytest
from sqlalchemy import text

from api.card.paper import passing_class
from api.card.paper_words import WORDS
from api.db.session import get_engine
from api.refresh import refresh
from tests import town as paper
from tests.api.conftest import good
from tests.town_database import NIS, rows

# Two hours from eleven on the clock of the wall, of the opening day of the invented town.
OPEN = pd.date_range("2025-03-04 10:00", periods=8, freq="h")
SHARE = float(paper.hour_shares(OPEN)[1:3].sum() / paper.hour_shares(OPEN).sum())


def streets(client) -> dict:
    return good(client.get(f"/api/footfall/streets?municipality={NIS}"))


def count_as_estimated(factors) -> None:
    """Count by hand, in the middle of streets, so many times what is estimated there."""
    with get_engine().begin() as connection:
        found = connection.execute(
            text(
                "SELECT segment_id, at, footfall_per_day, st_lineinterpolatepoint(geom, at) AS geom "
                "FROM street_footfall, (VALUES (0.2), (0.8)) f (at) ORDER BY shop_units DESC, segment_id, at LIMIT :n"
            ),
            {"n": len(factors)},
        ).mappings()
        for one, factor in zip(found.all(), factors, strict=True):
            for day in ("2025-03-04", "2025-03-11"):
                connection.execute(
                    text(
                        "INSERT INTO manual_count (nis_code, code, name, start_at, minutes, value, geom) VALUES "
                        "(:nis, :code, :code, :at, 120, :value, :geom)"
                    ),
                    {
                        "nis": NIS,
                        "code": f"hand {one['segment_id']} {one['at']}",
                        "at": f"{day} 11:00+01",
                        "value": max(1.0, round(one["footfall_per_day"] * SHARE * factor)),
                        "geom": one["geom"],
                    },
                )
    refresh(NIS)


def test_three_counts_give_kinds_of_streets_and_say_that_five_more_would_give_numbers(client, town):
    answer = streets(client)
    only = [row["properties"] for row in answer["features"] if row["properties"]["class_reason"]]
    assert {row["class_reason"] for row in only} == {"few_counts"}
    for row in only:
        assert {
            row[name] for name in ("footfall_per_day", "lower_per_day", "upper_per_day", "passage_class")
        } == {None}
        assert row["is_class_only"]
    assert {"main", "secondary"} & {row["footfall_class"] for row in only}
    of_core = next(row for row in answer["numbers"] if row["core_id"] == town.core)
    assert (of_core["reason"], of_core["n_places"], of_core["n_missing"]) == ("few_counts", 3, 5)
    assert of_core["core"]


def test_no_answer_gives_the_number_away(client, town):
    kept = rows("SELECT segment_id FROM street_footfall WHERE detail ? 'class_reason'")
    assert kept
    for (segment,) in kept:
        told = good(client.get(f"/api/footfall/streets/{segment}"))
        assert (told["footfall_per_day"], told["average_per_day"], told["nearby_factor"]) == (
            None,
            None,
            None,
        )
        assert told["drivers"] == []
        assert told["counts"]
    table = client.get(f"/api/footfall/streets.csv?municipality={NIS}").content.decode("utf-8-sig")
    for row in csv.DictReader(io.StringIO(table), delimiter=";"):
        assert bool(row["footfall_per_day"]) != bool(row["class_reason"])
    assert (
        rows(
            "SELECT count(*) FROM qgis.street_footfall WHERE class_reason IS NOT NULL AND "
            "num_nonnulls(footfall_per_day, lower_per_day, upper_per_day, passage_class) > 0"
        )[0][0]
        == 0
    )
    assert rows("SELECT count(*) FROM qgis.street_footfall WHERE footfall_class IS NOT NULL")[0][0] > 0
    # Of a unit it is not even kept.
    assert rows(
        "SELECT count(*) FROM indicator_value WHERE code = 'footfall' AND reason = 'few_counts' AND value IS NOT NULL"
    ) == [(0,)]


def test_a_unit_tells_the_kind_of_its_street_everywhere(client, town):
    unit = town.units["H4"]
    card = good(client.get(f"/api/shop-units/{unit}/card"))["around"]["footfall"]
    assert (card["value"], card["passage_class"]) == (None, None)
    assert card["footfall_class"] in {"main", "secondary"}
    listed = good(client.get(f"/api/shop-units?municipality={NIS}&limit=100"))["items"]
    one = next(each for each in listed if each["id"] == unit)
    assert (one["footfall_per_day"], one["class_reason"]) == (None, "few_counts")
    assert one["footfall_class"] == card["footfall_class"]
    file = client.get(f"/api/exports/shop-units.geojson?municipality={NIS}")
    exported = [feature["properties"] for feature in json.loads(file.content)["features"]]
    assert {row["footfall_class"] for row in exported if row["core_id"]} <= {"main", "secondary", "side"}
    assert any(row["footfall_per_day"] is None and row["class_reason"] for row in exported)
    # The score goes on with the estimate and its interval.
    score = good(client.get(f"/api/shop-units/{unit}"))["score_detail"]
    assert "footfall" not in score["missing"]


def test_enough_counts_that_agree_give_numbers(client, own_town):
    count_as_estimated([1.0] * 6)
    answer = streets(client)
    assert answer["counts"] == {"sensor": 3, "manual": 6}
    assert answer["accuracy"]["spearman"] >= 0.7
    assert answer["numbers"] == []
    for row in (feature["properties"] for feature in answer["features"]):
        assert row["class_reason"] is None
        assert row["footfall_per_day"] > 0
    of_unit = good(client.get(f"/api/shop-units/{own_town.units['H4']}"))["footfall"]
    assert of_unit["reason"] is None
    assert of_unit["lower"] < of_unit["value"] < of_unit["upper"]


def test_enough_counts_that_contradict_each_other_give_none_and_say_how_far_off_they_were(client, own_town):
    count_as_estimated([0.05, 8.0, 0.1, 6.0, 0.05, 9.0])
    answer = streets(client)
    row = next(row for row in answer["numbers"] if row["core_id"] == own_town.core)
    assert (row["reason"], row["n_places"], row["n_missing"]) == ("check_failed", 9, 0)
    assert row["spearman"] < 0.7 or row["median_error_share"] > 0.45
    assert {f["properties"]["class_reason"] for f in answer["features"]} == {None, "check_failed"}


def test_a_core_that_has_gone_since_is_not_spoken_of(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(text("UPDATE shop_unit SET core_id = NULL"))
        connection.execute(text("DELETE FROM core"))
    assert [row["core_id"] for row in streets(client)["numbers"]] == [None]


@pytest.mark.parametrize(
    ("language", "street", "why"),
    [
        ("nl", "hoofdstraat", "tellingen volstaan niet"),
        ("fr", "rue principale", "comptages ne suffisent pas"),
        ("en", "main street", "counts do not suffice"),
    ],
)
def test_on_paper_the_kind_of_street_stands_with_why_there_is_no_number(language, street, why):
    told = passing_class({"value": None, "footfall_class": "main"}, WORDS[language])
    assert told.startswith(street)
    assert why in told
    assert (
        passing_class({"value": None, "footfall_class": None}, WORDS[language])
        == WORDS[language]["passage_none"]
    )
    assert passing_class(None, WORDS[language]) == WORDS[language]["passage_none"]
