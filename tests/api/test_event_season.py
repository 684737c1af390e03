from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from api.event.study import _to_come
from gis.event_days import event_days, usual
from gis.event_effect import Question
from tests.api.conftest import good
from tests.api.test_event import add, fair, fair_town  # noqa: F401 - fixtures are found by their names


def test_before_christmas_the_answer_holds_no_figure_that_it_calls_not_measurable(client, fair):  # noqa: F811
    # All four sensors lie in it, and the year before was not counted.
    key = add(
        client, name="Kerstmarkt", reach_m=2000,
        starts_at="2024-12-07T10:00:00+01:00", ends_at="2024-12-07T18:00:00+01:00",
    )  # fmt: skip
    study = good(client.get(f"/api/events/{key}/effect"))
    assert (study["verdict"], study["reason"], study["method"]) == ("not_measurable", "season", "own_weeks")
    assert (study["effect_share"], study["expected"], study["extra"]) == (None, None, None)
    for row in (*study["days"], *study["hours"]):
        assert (row["expected"], row["lower"], row["upper"]) == (None, None, None)
    assert next(row for row in study["days"] if row["day"] == "2024-12-07")["observed"] == study["observed"]
    assert sum(row["observed"] or 0 for row in study["hours"]) == pytest.approx(study["observed"], abs=2)
    assert client.get(f"/api/events/{key}/effect.pdf").content.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("last", "on", "reason"),
    [("2023-12-13", "2024-01-20", "to_come"), ("2023-10-29", "2023-12-09", "season")],
    ids=["January, counted to the middle of December", "Christmas, counted to October"],
)
def test_the_season_is_that_of_the_days_to_come_and_not_of_the_last_days_counted(last, on, reason):
    index = pd.date_range("2023-01-02", f"{last} 23:00", freq="h")
    noise = np.exp(np.random.default_rng(2).normal(0, 0.1, (len(index) // 24, 1)))
    hours = pd.DataFrame(np.repeat(100 * noise, 24, axis=0), index=index, columns=pd.Index(["square"]))
    days = event_days(hours, first_hour=10, last_hour=18, holidays=pd.DatetimeIndex([]))
    counted = SimpleNamespace(last_on=pd.Timestamp(last).date())
    found = _to_come(days, usual(days), Question(pd.Timestamp(on), 1, ("square",)), counted)
    assert (found.mode, found.reason, found.verdict) == ("own_weeks", reason, "not_measurable")
    assert found.smallest > 0
