import itertools
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.stats import binom

from gis.chances import location_chances
from gis.errors import FrameError
from gis.scan import vacancy_clusters
from gis.windows import expectation_lines, likelihood_ratios, likelihood_table, random_maps, windows
from tests import town


def street_of(n, vacant, *, spacing=20.0):
    """A single street with a shop unit every 20 m; its distances and its units."""
    place = np.arange(n) * spacing
    state = np.where(np.isin(np.arange(n), list(vacant)), "vacant", "occupied")
    units = pd.DataFrame({"state": state}, index=[f"u{i:04d}" for i in range(n)])
    return units, np.abs(place[:, None] - place[None])


def oracle_ratio(c, n, total, n_units):
    """Log likelihood of two shares over that of one, from scipy's binomial distribution."""
    if c < 4 or n == 0 or c / n <= (total - c) / (n_units - n):
        return 0.0
    inside = binom.logpmf(c, n, c / n) + binom.logpmf(total - c, n_units - n, (total - c) / (n_units - n))
    chance = total / n_units
    return inside - binom.logpmf(c, n, chance) - binom.logpmf(total - c, n_units - n, chance)


def oracle_best(is_vacant, metres, largest):
    """Every centre and every radius, counted anew each time."""
    best, members = 0.0, frozenset()
    for centre in range(len(metres)):
        for radius in np.unique(metres[centre]):
            inside = metres[centre] <= radius
            if inside.sum() <= largest:
                ratio = oracle_ratio(is_vacant[inside].sum(), inside.sum(), is_vacant.sum(), len(is_vacant))
                if ratio > best + 1e-9:
                    best, members = ratio, frozenset(np.flatnonzero(inside))
    return best, members


def test_a_planted_block_on_a_street_is_found_with_its_members():
    units, metres = street_of(100, [3, 30, 40, 41, 42, 43, 44, 45, 46, 47, 48, 90])
    scan = vacancy_clusters(units, metres)
    assert scan.reason is None
    assert scan.clusters.loc[1, "member_ids"] == [f"u{i:04d}" for i in range(40, 49)]
    row = scan.clusters.loc[1]
    assert (row["n_units"], row["n_vacant"]) == (9, 9)
    assert row["expected_vacant"] == pytest.approx(9 * 0.12)
    assert row["relative_risk"] == pytest.approx((9 / 1.08) / (3 / (12 - 1.08)))
    assert row["p_value"] == 0.001
    assert row["llr"] == pytest.approx(oracle_ratio(9, 9, 12, 100))


def test_vacancy_spread_evenly_is_no_cluster_and_that_is_an_answer():
    units, metres = street_of(100, range(0, 100, 9))
    scan = vacancy_clusters(units, metres)
    assert scan.reason == "not_more_than_chance"
    assert len(scan.clusters) == 0
    assert (scan.n_units, scan.n_vacant, scan.max_units) == (100, 12, 20)


@pytest.mark.parametrize(
    ("n", "vacant", "reason"),
    [(10, range(5), "too_few_units"), (50, range(3), "too_few_vacant"), (0, [], "too_few_units")],
)
def test_too_little_to_scan_is_said(n, vacant, reason):
    scan = vacancy_clusters(*street_of(n, vacant))
    assert scan.reason == reason
    assert len(scan.clusters) == 0
    assert "p_value" in scan.clusters.columns


def test_a_street_that_is_all_vacant_has_no_cluster():
    scan = vacancy_clusters(*street_of(30, range(30)), replications=19)
    assert scan.reason == "not_more_than_chance"
    units, metres = street_of(30, range(30))
    covariates = pd.DataFrame({"far": np.arange(30.0)}, index=units.index)
    assert (
        vacancy_clusters(units, metres, covariates=covariates, replications=19).reason
        == "not_more_than_chance"
    )


def test_units_in_no_known_state_are_left_out():
    units, metres = street_of(60, [20, 21, 22, 23, 24, 25, 50])
    units.loc[["u0000", "u0023"], "state"] = ["unknown", "non_retail"]
    scan = vacancy_clusters(units, metres)
    assert scan.n_units == 58
    assert "u0023" not in scan.clusters.loc[1, "member_ids"]


def test_two_blocks_are_two_clusters_that_do_not_overlap():
    units, metres = street_of(200, [*range(20, 30), *range(120, 130), 60, 160, 199])
    clusters = vacancy_clusters(units, metres).clusters
    assert len(clusters) == 2
    first, second = (set(ids) for ids in clusters["member_ids"])
    assert not first & second
    assert clusters["llr"].is_monotonic_decreasing


def test_a_cluster_of_the_whole_small_town_is_not_claimed():
    units = town.units()
    assert vacancy_clusters(units, town.metres(units, units)).reason == "too_few_units"


@settings(max_examples=60, deadline=None)
@given(st.integers(20, 40), st.floats(0.15, 0.6), st.integers(0, 10_000), st.booleans())
def test_the_best_window_is_that_of_a_search_by_hand(n, rate, seed, has_stacks):
    rng = np.random.default_rng(seed)
    place = rng.integers(0, 12, (n, 2)) * 50.0 if has_stacks else rng.uniform(0, 500, (n, 2))
    metres = np.abs(place[:, None] - place[None]).sum(axis=2).round(2)
    is_vacant = (rng.random(n) < rate).astype(np.uint8)
    assume(4 <= is_vacant.sum() < n)
    units = pd.DataFrame({"state": np.where(is_vacant, "vacant", "occupied")}, index=range(n))
    scan = vacancy_clusters(units, metres, replications=9, max_share=0.5)
    ratio, members = oracle_best(is_vacant, metres, int(0.5 * n))
    found = scan.candidates["llr"].max() if len(scan.candidates) else 0.0
    assert found == pytest.approx(ratio, abs=1e-9)
    if ratio > 0:
        mine = np.isin(np.arange(n), scan.candidates.loc[1, "member_ids"])
        again = oracle_ratio(is_vacant[mine].sum(), mine.sum(), is_vacant.sum(), n)
        assert again == pytest.approx(ratio, abs=1e-9)
        assert len(members) >= scan.candidates.loc[1, "n_units"] or again == pytest.approx(ratio)


def test_the_p_value_is_that_of_all_possible_maps():
    units, metres = street_of(20, [2, 3, 5, 8])
    observed, _ = oracle_best((units["state"] == "vacant").to_numpy(np.uint8), metres, 10)
    near = windows(metres, 10)
    table, lines = likelihood_table(20, 4, 10), expectation_lines(near, np.full(20, 0.2), 4)
    at_least = 0
    maps = list(itertools.combinations(range(20), 4))
    for vacant in maps:
        y = np.isin(np.arange(20), vacant).astype(np.uint8)
        ratios = likelihood_ratios(near, y, table, lines)
        at_least += ratios.max() >= observed - 1e-9
    scan = vacancy_clusters(units, metres, replications=9999, max_share=0.5)
    assert scan.candidates.loc[1, "p_value"] == pytest.approx(at_least / len(maps), abs=0.015)


def test_the_same_seed_gives_the_same_answer_in_whatever_order_the_rows_come():
    rng = np.random.default_rng(3)
    units, metres = street_of(120, rng.choice(120, 20, replace=False))
    covariates = pd.DataFrame(
        {"far": np.arange(120.0), "kind": rng.choice(["a", "b"], 120)}, index=units.index
    )
    order = rng.permutation(120)
    for chosen in (None, covariates):
        there = vacancy_clusters(units, metres, covariates=chosen, replications=199, seed=7)
        mixed = None if chosen is None else chosen.iloc[order]
        here = vacancy_clusters(
            units.iloc[order], metres[np.ix_(order, order)], covariates=mixed, replications=199, seed=7
        )
        pd.testing.assert_frame_equal(there.candidates, here.candidates)


def test_sparse_distances_give_the_same_clusters_as_dense_ones():
    units, metres = street_of(100, [3, 30, 40, 41, 42, 43, 44, 45, 46, 47, 48, 90])
    rows, columns = np.nonzero(metres <= 600)
    table = sparse.csr_array((metres[rows, columns].astype(np.float32), (rows, columns)), shape=metres.shape)
    pd.testing.assert_frame_equal(
        vacancy_clusters(units, table).candidates, vacancy_clusters(units, metres).candidates
    )


def test_units_on_one_spot_come_into_a_window_together():
    metres = np.zeros((24, 24))
    metres[:12, 12:] = metres[12:, :12] = 500.0
    near = windows(metres, 20)
    assert np.flatnonzero(near.is_end[0]).tolist() == [11]
    assert np.flatnonzero(near.is_end[23]).tolist() == [11]


def test_a_place_without_a_way_to_the_others_is_a_window_of_its_own():
    metres = np.full((30, 30), np.inf)
    near = windows(metres, 6)
    assert (near.order[:, 0] == np.arange(30)).all()
    assert (near.order[:, 1:] == -1).all()


def test_a_row_that_is_not_its_own_neighbour_in_the_table_begins_its_window():
    near = windows(sparse.csr_array((3, 3)), 2)
    assert near.order[:, 0].tolist() == [0, 1, 2]


def test_a_unit_begins_its_own_window_though_its_way_to_the_street_makes_it_far_from_itself():
    metres = np.array([[60.0, 35.0, 90.0], [35.0, 10.0, 40.0], [90.0, 40.0, 20.0]])
    near = windows(metres, 3)
    assert near.order[:, 0].tolist() == [0, 1, 2]
    assert near.order[0].tolist() == [0, 1, 2]


def test_random_maps_hold_as_many_vacant_units_and_follow_their_odds():
    log_odds = np.log(np.array([1.0] * 50 + [4.0] * 50))
    maps = random_maps(log_odds, 10, 4000, seed=1)
    assert (maps.sum(axis=1) == 10).all()
    # Drawing ten of a hundred in proportion to the odds: four times as often, a little less as they run out.
    ratio = maps[:, 50:].mean() / maps[:, :50].mean()
    assert 3.6 < ratio < 4.0


def test_a_vacancy_that_its_location_explains_is_no_cluster():
    rng = np.random.default_rng(0)
    n = 300
    chance = np.linspace(0.01, 0.7, n)
    units, metres = street_of(n, np.flatnonzero(rng.random(n) < chance))
    covariates = pd.DataFrame({"far": np.arange(n, dtype=float)}, index=units.index)
    assert vacancy_clusters(units, metres).reason is None
    adjusted = vacancy_clusters(units, metres, covariates=covariates)
    assert adjusted.null == "location_adjusted"
    assert adjusted.reason == "not_more_than_chance"


def test_a_block_on_top_of_a_slope_is_found_where_it_was_planted():
    rng = np.random.default_rng(1)
    n = 400
    chance = np.linspace(0.03, 0.3, n)
    chance[100:130] = 0.7
    units, metres = street_of(n, np.flatnonzero(rng.random(n) < chance))
    covariates = pd.DataFrame({"far": np.arange(n, dtype=float)}, index=units.index)
    clusters = vacancy_clusters(units, metres, covariates=covariates).clusters
    members = {int(name[1:]) for name in clusters.loc[1, "member_ids"]}
    planted = set(range(100, 130))
    assert len(members & planted) / len(members | planted) > 0.6


def test_the_ratio_against_expectation_compares_vacant_and_occupied_inside_and_outside():
    units, metres = street_of(30, range(8))
    near = windows(metres, 10)
    is_vacant = (units["state"] == "vacant").to_numpy(np.uint8)
    chance = np.linspace(0.4, 0.1, 30)
    lines = expectation_lines(near, chance, 8)
    ratios = likelihood_ratios(near, is_vacant, likelihood_table(30, 8, 10), lines)
    # The window of five around the third unit holds five vacant ones of eight.
    expected = 8 * chance[:5].sum() / chance.sum()
    cells = {5.0: expected, 3.0: 8 - expected, 22.0: 25 - 8 + expected}
    assert ratios[2, 4] == pytest.approx(sum(seen * np.log(seen / hoped) for seen, hoped in cells.items()))


def test_unknown_and_constant_covariates_explain_nothing():
    covariates = pd.DataFrame(
        {"far": [np.nan] * 6, "flat": 1.0, "kind": pd.Series(["a", None, "b", "a", "b", None], dtype=object)}
    )
    for chosen in (covariates, covariates[["far", "flat"]], covariates[[]]):
        chance, p_value = location_chances(chosen, np.array([1, 0, 1, 0, 0, 1], dtype=np.uint8))
        assert chance.tolist() == [0.5] * 6
        assert p_value > 0.01


def test_a_location_that_explains_vacancy_gives_each_unit_its_own_chance():
    rng = np.random.default_rng(5)
    far = np.linspace(0, 1, 400)
    is_vacant = (rng.random(400) < 0.05 + 0.5 * far).astype(np.uint8)
    chance, p_value = location_chances(pd.DataFrame({"far": far}), is_vacant)
    assert p_value < 0.001
    assert chance.sum() == pytest.approx(is_vacant.sum(), rel=0.01)
    assert chance[-1] > 3 * chance[0]


def test_where_location_explains_nothing_the_scan_says_that_it_is_homogeneous():
    rng = np.random.default_rng(6)
    units, metres = street_of(200, rng.choice(200, 30, replace=False))
    covariates = pd.DataFrame({"far": rng.permutation(200).astype(float)}, index=units.index)
    with_them, without = (vacancy_clusters(units, metres, covariates=chosen) for chosen in (covariates, None))
    assert with_them.null == "homogeneous"
    assert with_them.location_p_value > 0.01
    pd.testing.assert_frame_equal(with_them.candidates, without.candidates)


def test_distances_of_other_units_are_refused():
    units, metres = street_of(30, range(5))
    with pytest.raises(FrameError, match="30"):
        vacancy_clusters(units, metres[:20, :20])


def test_six_hundred_units_and_999_maps_take_under_ten_seconds():
    rng = np.random.default_rng(0)
    units, metres = street_of(600, rng.choice(600, 72, replace=False))
    vacancy_clusters(units.iloc[:30], metres[:30, :30], replications=9)
    start = time.process_time()
    vacancy_clusters(units, metres)
    assert time.process_time() - start < 10
