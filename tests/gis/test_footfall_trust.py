import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import FrameError
from gis.footfall_trust import CHECK_FAILED, FEW_COUNTS, FOOTFALL_CLASS, class_reason, number_checks


def left_out(observed, factors):
    """Places whose left-out estimates are off by a factor each."""
    observed = np.array(observed, float)
    estimated = observed * np.array(factors, float)
    return pd.DataFrame(
        {
            "observed_per_day": observed,
            "footfall_per_day": estimated,
            "footfall_lower_per_day": estimated / 2,
            "footfall_upper_per_day": estimated * 2,
        }
    )


def near_all(table, *cores):
    return pd.DataFrame(data=True, index=pd.Index([*cores, None], dtype=object), columns=table.index)


RISING = [100, 200, 400, 800, 1600, 3200, 6400, 12800]


def test_eight_places_that_were_estimated_well_bear_numbers():
    table = left_out(RISING, [1.3] * 8)
    row = number_checks(table, near_all(table, 7)).loc[7]
    assert row["reason"] is None
    assert (row["n_places"], row["n_missing"]) == (8, 0)
    assert row["spearman"] == pytest.approx(1)
    assert row["median_error_share"] == pytest.approx(0.3)


def test_seven_places_bear_none_however_good_they_are_and_one_more_is_asked_for():
    table = left_out(RISING[:7], [1.0] * 7)
    row = number_checks(table, near_all(table, 7)).loc[7]
    assert (row["reason"], row["n_places"], row["n_missing"]) == (FEW_COUNTS, 7, 1)


def test_a_wrong_order_or_a_large_error_fails_the_check():
    # Errors of 46 % in half of the places and more; the order is right.
    large = left_out(RISING, [1.46] * 8)
    assert number_checks(large, near_all(large, 7)).loc[7, "reason"] == CHECK_FAILED
    # Alike streets: small errors, no order.
    alike = left_out(
        [100, 101, 102, 103, 104, 105, 106, 107], [1.07, 1.05, 1.03, 1.01, 0.99, 0.97, 0.95, 0.93]
    )
    row = number_checks(alike, near_all(alike, 7)).loc[7]
    assert row["median_error_share"] < 0.1
    assert row["reason"] == CHECK_FAILED


def test_a_check_that_chance_explains_does_not_overrule_the_number_of_places():
    # Of eight places five off by half, and two pairs of neighbours changed: P(5 or more of 8) = 0.36.
    middling = left_out(RISING, [2.2, 1.0, 1.5, 0.5, 1.5, 0.5, 1.1, 1.2])
    row = number_checks(middling, near_all(middling, 7)).loc[7]
    assert row["median_error_share"] > 0.45
    assert row["reason"] is None
    # The same of a hundred and twenty: P(75 or more of 120) = 0.004.
    many = pd.concat([middling] * 15, ignore_index=True)
    assert number_checks(many, near_all(many, 7)).loc[7, "reason"] == CHECK_FAILED
    # P(7 or more of 8) = 0.035: that is no chance either.
    seven = left_out(RISING, [1.5] * 7 + [1.0])
    assert number_checks(seven, near_all(seven, 7)).loc[7, "reason"] == CHECK_FAILED


def test_places_that_are_all_alike_tell_no_order():
    table = left_out([500] * 8, [1.0] * 8)
    assert number_checks(table, near_all(table, 7)).loc[7, "reason"] == CHECK_FAILED


def test_each_core_is_judged_by_the_counts_around_it():
    table = left_out(RISING + RISING, [1.1] * 8 + [2.0] * 8)
    near = near_all(table, 1, 2)
    near.loc[1, 8:] = False
    near.loc[2, :7] = False
    checks = number_checks(table, near)
    assert checks["reason"].tolist()[:2] == [None, CHECK_FAILED]


def test_without_any_count_nothing_bears_numbers():
    nothing = left_out([], [])
    checks = number_checks(nothing, near_all(nothing, 3))
    assert checks["reason"].tolist() == [FEW_COUNTS, FEW_COUNTS]
    assert checks["n_missing"].tolist() == [8, 8]


def estimates(**columns):
    table = {
        "footfall_per_day": [900.0] * 4,
        "nearest_sensor_m": [0.0, 51.0, 50.0, 400.0],
        "is_class_only": [False] * 4,
    }
    return pd.DataFrame(table | columns, index=["a", "b", "c", "d"])


def test_at_the_door_of_a_count_the_number_stays_and_further_on_the_core_decides():
    checks = pd.DataFrame({"reason": pd.Series([FEW_COUNTS, None], dtype=object)}).set_axis(
        pd.Index([5, None], dtype=object)
    )
    core = pd.Series([5, 5, 5, None], index=list("abcd"), dtype=object)
    assert class_reason(estimates(), core, checks).tolist() == [None, FEW_COUNTS, None, None]
    # Nor does a single visit by hand near by make the margin narrow enough for a number of its own.
    wide = estimates(is_class_only=[True, True, True, True])
    assert class_reason(wide, core, checks).tolist() == [FEW_COUNTS, FEW_COUNTS, FEW_COUNTS, None]


def test_what_was_not_estimated_keeps_its_own_reason():
    checks = pd.DataFrame({"reason": [FEW_COUNTS]}, index=pd.Index([None], dtype=object))
    core = pd.Series([None] * 4, index=list("abcd"), dtype=object)
    unknown = estimates(footfall_per_day=[np.nan] * 4)
    assert class_reason(unknown, core, checks).tolist() == [None] * 4


def test_the_kind_of_street_is_the_passage_class_without_its_finer_step():
    assert FOOTFALL_CLASS == {"A1": "main", "A2": "main", "B1": "secondary", "B2": "secondary", "C": "side"}


def test_a_frame_without_its_columns_is_refused():
    with pytest.raises(FrameError, match="left-out footfall"):
        number_checks(pd.DataFrame(index=[1]), pd.DataFrame(data=True, index=[1], columns=[1]))
    with pytest.raises(FrameError, match="estimates"):
        class_reason(pd.DataFrame(index=[1]), pd.Series([1]), pd.DataFrame({"reason": [None]}))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.7, 1.4), min_size=8, max_size=14), st.randoms(use_true_random=False))
def test_numbers_do_not_depend_on_the_order_of_the_places(factors, chance):
    observed = [100 * 1.6**step for step in range(len(factors))]
    table = left_out(observed, factors)
    rows = list(table.index)
    chance.shuffle(rows)
    turned = table.loc[rows]
    first = number_checks(table, near_all(table, 1)).loc[1]
    second = number_checks(turned, near_all(turned, 1)).loc[1]
    assert first["reason"] == second["reason"]
    assert first["spearman"] == pytest.approx(second["spearman"])
