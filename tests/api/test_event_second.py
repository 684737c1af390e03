import io

import openpyxl
import pytest

from api.event.second import agreement
from api.event.words import forecast_sentence
from gis.event_answer import Effect
from tests.api.conftest import good
from tests.api.test_event import LIFT, fair, fair_town  # noqa: F401 - fixtures are found by their names


def test_the_forecast_stands_beside_the_first_estimate_and_says_whether_it_agrees(client, fair):  # noqa: F811
    study = good(client.get(f"/api/events/{fair}/effect"))
    second = study["forecast"]
    assert (second["verdict"], second["method"], second["agreement"]) == ("more", "controls", "same")
    assert second["lower"] < LIFT < second["upper"]
    assert second["placebos"] >= 20
    assert "Beide schattingen wijzen dezelfde kant op" in second["sentence_nl"]
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/api/events/{fair}/effect.xlsx").content))
    head, row = book["answer"].iter_rows(values_only=True)
    told = dict(zip(head, row, strict=True))
    assert (told["forecast_share"], told["agreement"]) == (second["share"], "same")
    page = client.get(f"/api/events/{fair}/effect.pdf", params={"lang": "en"})
    assert page.content.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("logs", "told"),
    [
        ((0.5, 0.4), "same"),
        ((0.5, 0.05), "partly"),
        ((0.05, 0.4), "partly"),
        ((0.05, -0.05), "neither"),
        ((0.5, -0.05), "against"),
        ((-0.4, 0.5), "against"),
    ],
)
def test_two_estimates_agree_or_contradict_each_other(logs, told):
    first, second = (Effect(log_effect=log, half_width=0.1) for log in logs)
    assert agreement(first, second) == told


def test_without_a_second_estimate_a_sentence_says_why():
    first = Effect(log_effect=0.5, half_width=0.1)
    assert agreement(first, Effect(reason="few_weeks")) is None
    found = {"agreement": None, "reason": "few_weeks", "least_weeks": 52, "most_days": 14}
    assert "52 weken" in forecast_sentence(found, "nl")
    assert "14 days" in forecast_sentence({**found, "reason": "too_long"}, "en")
    assert forecast_sentence({**found, "reason": "no_counts"}, "nl") is None


def test_where_the_forecast_points_the_other_way_nothing_is_concluded_anywhere(client, fair, monkeypatch):  # noqa: F811
    monkeypatch.setattr("api.event.second.agreement", lambda *_: "against")
    study = good(client.get(f"/api/events/{fair}/effect"))
    assert (study["verdict"], study["reason"]) == ("not_conclusive", "contradicted")
    assert (study["extra"], study["cost_per_extra"], study["cost_per_extra_eur"]) == (None, None, None)
    assert study["sentence_nl"].startswith("Niet te besluiten: +")
    listed = good(client.get("/api/events", params={"municipality": study["event"]["nis_code"]}))["items"]
    held = next(event for event in listed if event["id"] == fair)["held"]
    assert "contradicted" in {time["effect"]["reason"] for time in held if time["effect"]}
    years = good(client.get(f"/api/events/{fair}/editions"))["items"]
    told = next(row for row in years if row["first_on"] == study["first_on"] and row["event_id"] == fair)
    assert (told["reason"], told["cost_per_extra"]) == ("contradicted", None)
