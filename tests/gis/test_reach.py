import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse

from gis.errors import FrameError
from gis.reach import among, anchors_around, nearest, pairs, reached_sum, shops_around
from tests import town

TABLES = arrays(float, (4, 3), elements=st.one_of(st.floats(0, 1000), st.just(np.inf)))


def as_sparse(dense):
    rows, columns = np.nonzero(np.isfinite(dense))
    return sparse.csr_array((dense[rows, columns], (rows, columns)), shape=dense.shape)


@settings(deadline=None)
@given(TABLES, st.floats(1, 1000), st.floats(10, 1000))
def test_a_sparse_table_says_the_same_as_a_dense_one(dense, limit_m, decay_m):
    index, amounts = pd.Index(list("abcd")), [1.0, 2.0, np.nan]
    sums = [
        reached_sum(table, amounts, index=index, limit_m=limit_m, decay_m=decay_m)
        for table in (dense, as_sparse(dense))
    ]
    pd.testing.assert_series_equal(*sums)
    for left, right in zip(nearest(dense), nearest(as_sparse(dense)), strict=True):
        np.testing.assert_array_equal(left, right)


@settings(deadline=None)
@given(TABLES, st.floats(0, 1000), st.floats(0, 1000))
def test_a_longer_walk_holds_a_shorter_one(dense, one_m, other_m):
    short, long = (
        reached_sum(dense, np.ones(3), index=pd.RangeIndex(4), limit_m=limit)
        for limit in sorted([one_m, other_m])
    )
    assert (short <= long).all()


def test_a_stored_distance_of_zero_is_within_reach():
    table = sparse.csr_array((np.array([0.0]), (np.array([0]), np.array([0]))), shape=(1, 2))
    assert reached_sum(table, [5.0, 7.0], index=pd.Index(["here"]), limit_m=10).tolist() == [5.0]


def test_the_decay_is_exponential_and_the_limit_is_included():
    table = np.array([[0.0, 300.0, 300.1]])
    total = reached_sum(table, [1.0, 1.0, 1.0], index=pd.Index([0]), limit_m=300, decay_m=300)
    assert total[0] == pytest.approx(1 + np.exp(-1))


def test_only_unknown_amounts_in_reach_give_unknown_and_nothing_in_reach_gives_zero():
    table = np.array([[10.0, np.inf], [np.inf, np.inf], [10.0, 10.0]])
    total = reached_sum(table, [np.nan, 4.0], index=pd.Index(list("abc")))
    assert np.isnan(total["a"])
    assert total["b"] == 0
    assert total["c"] == 4


def test_a_table_that_does_not_fit_is_refused():
    with pytest.raises(FrameError, match="3 amounts"):
        reached_sum(np.zeros((2, 2)), [1.0, 2.0, 3.0], index=pd.RangeIndex(2))


def test_pairs_leave_a_row_out_of_its_own_surroundings():
    rows, columns, _ = pairs(np.zeros((2, 2)), is_same=True)
    assert list(zip(rows, columns, strict=True)) == [(0, 1), (1, 0)]


def test_nothing_near_is_minus_one_and_infinitely_far():
    position, metres = nearest(np.array([[np.inf, np.inf], [3.0, 2.0]]))
    assert position.tolist() == [-1, 1]
    assert metres.tolist() == [np.inf, 2.0]


@settings(deadline=None)
@given(TABLES)
def test_some_rows_and_columns_are_the_same_dense_and_sparse(dense):
    rows, columns = np.array([2, 0]), np.array([1])
    left, right = among(dense, rows, columns), among(as_sparse(dense), rows, columns)
    assert pairs(left)[2].tolist() == pairs(right)[2].tolist()


def test_shops_around_counts_occupied_neighbours_within_a_hundred_metres():
    units = town.units()
    around = shops_around(units, town.metres(units, units))
    # H3 at 150: H1 at 100 m, H4 at 100 m, S1 at 50 + 50 m; H2 is vacant.
    assert around["H3"] == 3
    # S5 at 280: S4 serves no trade, S3 is unknown.
    assert around["S5"] == 0


def test_anchors_around_leaves_the_anchor_itself_and_empty_anchors_out():
    units = town.units()
    units.loc["H6", "is_anchor"] = True
    around = anchors_around(units, town.metres(units, units))
    assert around["H4"] == 0
    assert around["H5"] == pytest.approx(np.exp(-50 / 300))
