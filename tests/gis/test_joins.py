import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from gis.errors import FrameError
from gis.joins import local_joins


def street(states, spacing=50.0):
    """A street with a shop unit every 50 m: within 100 m lie two on each side."""
    place = np.arange(len(states)) * spacing
    units = pd.DataFrame({"state": states}, index=[f"u{i}" for i in range(len(states))])
    return units, np.abs(place[:, None] - place[None])


def letters(text):
    return [{"v": "vacant", "o": "occupied", "?": "unknown", "h": "non_retail"}[letter] for letter in text]


def test_a_street_of_eight_by_hand():
    # v v v o o o o v: N = 8, C = 4. Of the second, three neighbours (1st, 3rd, 4th), two of them vacant.
    found = local_joins(*street(letters("vvvoooov")))
    assert found["n_units_around"].tolist() == [2, 3, 4, 4, 4, 4, 3, 2]
    assert found["n_vacant_around"].tolist() == [2, 2, 2, 2, 1, 1, 1, 0]
    # The other three vacancies fall among seven units. u0: both neighbours vacant: (3/7)(2/6) = 1/7.
    assert found["p_value"]["u0"] == pytest.approx(1 / 7)
    # u1: at least two of three: [C(3,2) C(4,1) + C(3,3)] / C(7,3) = 13/35.
    assert found["p_value"]["u1"] == pytest.approx(13 / 35)
    # u2: at least two of four: [C(3,2) C(4,2) + C(3,3) C(4,1)] / C(7,4) = 22/35. u7: none is certain.
    assert found["p_value"]["u2"] == pytest.approx(22 / 35)
    assert found["p_value"]["u7"] == pytest.approx(1.0)
    assert found["expected_vacant_around"]["u1"] == pytest.approx(3 * 3 / 7)
    # Benjamini-Hochberg over four: 4 x 1/7, 4/2 x 13/35, 4/3 x 22/35, 1, made to rise.
    assert found["q_value"].dropna().tolist() == pytest.approx([4 / 7, 26 / 35, 88 / 105, 1.0])
    assert found["p_value"].isna().tolist() == [False] * 3 + [True] * 4 + [False]


def test_units_in_no_known_state_count_neither_here_nor_there():
    found = local_joins(*street(letters("v?vhvoooo")))
    assert found["n_units_around"].tolist()[0] == 1
    assert found["p_value"]["u0"] == pytest.approx(2 / 6)


def test_a_unit_without_neighbours_is_not_tested():
    units, metres = street(letters("vvvvoooo"))
    metres[0, 1:] = metres[1:, 0] = np.inf
    found = local_joins(units, metres)
    assert np.isnan(found["p_value"]["u0"])
    assert found["p_value"].notna().sum() == 3


@pytest.mark.parametrize("text", ["", "o", "v", "oo", "??"])
def test_where_nothing_can_be_tested_nothing_is(text):
    units, metres = street(letters(text))
    found = local_joins(units, metres)
    assert len(found) == len(text)
    assert found["p_value"].isna().all()


def test_where_all_is_vacant_nothing_is_more_than_chance():
    assert local_joins(*street(letters("vvvvvv")))["p_value"].tolist() == [1.0] * 6


@settings(max_examples=40, deadline=None)
@given(st.text("vo", min_size=3, max_size=9), st.sampled_from([50.0, 100.0, 150.0]))
def test_the_p_value_is_that_of_all_maps_on_which_the_unit_is_vacant(text, reach_m):
    units, metres = street(letters(text))
    found = local_joins(units, metres, reach_m=reach_m)
    n, vacant = len(text), text.count("v")
    near = (metres <= reach_m) & ~np.eye(n, dtype=bool)
    for i in np.flatnonzero(found["p_value"].notna()):
        others = [j for j in range(n) if j != i]
        maps = [np.isin(np.arange(n), chosen) for chosen in itertools.combinations(others, vacant - 1)]
        at_least = sum(one[near[i]].sum() >= found["n_vacant_around"].iloc[i] for one in maps)
        assert found["p_value"].iloc[i] == pytest.approx(at_least / len(maps))


@settings(max_examples=40, deadline=None)
@given(st.text("vo?", min_size=1, max_size=40), st.integers(0, 99))
def test_the_order_of_the_rows_and_the_form_of_the_table_decide_nothing(text, seed):
    units, metres = street(letters(text))
    found = local_joins(units, metres)
    order = np.random.default_rng(seed).permutation(len(text))
    mixed = local_joins(units.iloc[order], sparse.csr_array(metres[np.ix_(order, order)]))
    pd.testing.assert_frame_equal(mixed.loc[units.index], found, check_exact=False)
    tested = found.dropna()
    assert ((tested["q_value"] >= tested["p_value"] - 1e-12) & (tested["q_value"] <= 1)).all()
    assert (tested["n_vacant_around"] <= tested["n_units_around"]).all()


def test_hardly_ever_does_a_map_at_random_show_a_unit_under_five_in_a_hundred():
    rng = np.random.default_rng(0)
    place = rng.uniform(0, 900, (300, 2))
    metres = np.abs(place[:, None] - place[None]).sum(axis=2)
    alarms = 0
    for _ in range(200):
        state = np.where(rng.random(300) < 0.12, "vacant", "occupied")
        found = local_joins(pd.DataFrame({"state": state}), metres)
        alarms += (found["q_value"] <= 0.05).any()
    assert alarms / 200 <= 0.08


def test_distances_of_other_units_are_refused():
    units, metres = street(letters("vvoo"))
    with pytest.raises(FrameError, match="4"):
        local_joins(units, metres[:3, :3])
