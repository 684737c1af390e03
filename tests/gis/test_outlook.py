import datetime as dt

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta

from gis.errors import FrameError
from gis.outlook import FEATURES, rate_interval, vacancy_outlook
from gis.unit_years import unit_years as line_up
from tests import town
from tests.gis.simulated_trade import features, true_chance, unit_years


@pytest.fixture(scope="module")
def driven():
    rng = np.random.default_rng(5)
    rows = unit_years(rng, units=800, is_driven=True)
    today = features(rng, 300).set_index(pd.RangeIndex(1000, 1300))
    return rows, today, vacancy_outlook(rows, today)


def test_where_branch_and_neighbours_matter_the_model_is_used_and_its_chances_are_near_the_truth(driven):
    _, today, found = driven
    assert (found.is_model_used, found.reason) == (True, None)
    assert found.test["skill"] > found.test["skill_lower"] > 0
    assert found.test["brier_model"] < found.test["brier_base"]
    truth = true_chance(today, is_driven=True)
    assert found.chances.index.equals(today.index)
    assert np.corrcoef(found.chances["chance"], truth)[0, 1] > 0.9
    assert np.abs(found.chances["chance"].to_numpy() - truth).mean() < 0.03
    inside = found.chances["chance_lower"].le(truth) & found.chances["chance_upper"].ge(truth)
    assert inside.mean() > 0.8


def test_it_is_calibrated_on_years_it_has_not_seen(driven):
    rows, _, found = driven
    table = found.calibration
    assert table["n"].sum() == found.test["n"] == (rows["year"] > -3).sum()
    assert table["events"].sum() == found.test["events"]
    assert table["expected_share"].is_monotonic_increasing
    assert (table["observed_share"] == table["events"] / table["n"]).all()
    is_inside = table["expected_share"].between(table["lower_share"], table["upper_share"])
    assert is_inside.sum() >= 4


def test_every_chance_says_what_raised_or_lowered_it(driven):
    _, today, found = driven
    for unit in (1000, 1010):
        told = found.chances.loc[unit, "reasons"]
        assert {one["feature"] for one in told} == set(FEATURES)
        pulls = [abs(np.log(one["odds_ratio"])) for one in told]
        assert pulls == sorted(pulls, reverse=True)
        assert (
            next(one for one in told if one["feature"] == "branch_group")["value"]
            == today.loc[unit, "branch_group"]
        )
    effects = found.effects.set_index(["feature", "value"])["odds_ratio"]
    assert effects[("branch_group", "fashion_luxury")] > 1.3
    assert effects[("had_vacancy", "")] == pytest.approx(np.exp(0.8), rel=0.25)
    assert effects[("size_band", "from_200")] < 1


def test_where_nothing_matters_the_base_rate_is_shown():
    rng = np.random.default_rng(6)
    today = features(rng, 50)
    found = vacancy_outlook(unit_years(rng, is_driven=False), today)
    assert (found.is_model_used, found.reason) == (False, "no_better_than_base_rate")
    assert (found.chances["chance"] == found.base["rate_share"]).all()
    assert found.base["lower_share"] <= 0.08 <= found.base["upper_share"]
    assert found.test["n"] == 800
    assert found.chances["reasons"].map(len).eq(0).all()


def test_too_few_closures_are_no_test_of_anything():
    rng = np.random.default_rng(7)
    rows = unit_years(rng, units=12, is_driven=True)
    found = vacancy_outlook(rows, features(rng, 3))
    assert (found.is_model_used, found.reason, found.test) == (False, "too_few_events", {})
    nothing = vacancy_outlook(rows.iloc[:0], features(rng, 3))
    assert nothing.reason == "too_few_events"
    assert (nothing.base["lower_share"], nothing.base["upper_share"]) == (0.0, 1.0)


def test_the_order_of_the_rows_decides_nothing(driven):
    rows, today, found = driven
    mixed = vacancy_outlook(rows.sample(frac=1, random_state=1), today.sample(frac=1, random_state=2))
    assert mixed.test["brier_model"] == pytest.approx(found.test["brier_model"], abs=1e-6)
    one, other = found.chances["chance"], mixed.chances["chance"].reindex(found.chances.index)
    assert np.abs(one - other).max() < 1e-4


def test_an_interval_of_a_share_is_that_of_jeffreys():
    assert rate_interval(3, 20) == pytest.approx((beta.ppf(0.025, 3.5, 17.5), beta.ppf(0.975, 3.5, 17.5)))
    assert rate_interval(0, 10)[0] == 0.0
    assert rate_interval(10, 10)[1] == 1.0
    assert rate_interval(0, 0) == (0.0, 1.0)


def test_the_years_of_the_paper_town_are_lined_up_as_they_were():
    units = town.units()[["core_id", "floor_area_m2", "street_class"]]
    codes = [code for code, row in town.UNITS.items() if row[2] != "unknown"]
    start = pd.Timestamp("2015-01-01")
    periods = pd.DataFrame(
        {
            "shop_unit_id": codes,
            "kind": "occupied",
            "from_on": start,
            "to_on": pd.NaT,
            "branch_group": "daily",
        }
    )
    periods.loc[periods["shop_unit_id"] == "H2", "to_on"] = pd.Timestamp("2024-06-01")
    empty = pd.DataFrame(
        {
            "shop_unit_id": ["H2"], "kind": "vacant", "from_on": pd.Timestamp("2024-06-01"),
            "to_on": pd.NaT, "branch_group": None,
        }
    )  # fmt: skip
    every = pd.concat([periods, empty], ignore_index=True)
    rows, today = line_up(units, every, town.metres(town.units(), town.units()), on=dt.date(2026, 1, 1))
    # Watched since 2015: eleven years, of which the last but one saw H2 fall empty.
    assert sorted(rows["year"].unique()) == list(range(-11, 0))
    assert rows.loc[rows["falls_vacant"], ["shop_unit_id", "year"]].to_numpy().tolist() == [["H2", -2]]
    assert set(today.index) == set(codes) - {"H2"}
    assert "H2" not in rows.loc[rows["year"] == -1, "shop_unit_id"].to_list()
    assert today.loc["H1", "size_band"] == "80_to_200"
    none, _ = line_up(units, every.iloc[:0], town.metres(town.units(), town.units()), on=dt.date(2026, 1, 1))
    assert none.empty


def test_unit_years_without_a_feature_are_refused_by_name():
    rng = np.random.default_rng(1)
    with pytest.raises(FrameError, match="had_vacancy"):
        vacancy_outlook(
            unit_years(rng, units=5, is_driven=True).drop(columns="had_vacancy"), features(rng, 2)
        )
