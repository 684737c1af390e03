import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, nbinom, poisson

from gis.branch_gap import area_gap, own_variance, rate_of, room_m2, unit_gaps
from gis.cannibalisation import drawn_away, served_people, shared_people
from gis.errors import FrameError
from gis.peers import FACTS, alikeness
from gis.small_cells import hidden_cells

NAN = float("nan")
PLACES = list("abcde")
counts_of = st.lists(st.lists(st.integers(0, 12), min_size=4, max_size=4), min_size=2, max_size=6)


def facts(**columns):
    n = len(next(iter(columns.values())))
    whole = {name: columns.get(name, [NAN] * n) for name in FACTS}
    return pd.DataFrame(whole, index=PLACES[:n], dtype=float)


def gaps(own, counts, exposure=(20.0, 20.0, 20.0, 20.0), own_exposure=20.0):
    names = [f"b{i}" for i in range(len(own))]
    places = [f"p{i}" for i in range(len(exposure))]
    table = pd.DataFrame(counts, index=names, columns=places)
    return unit_gaps(pd.Series(own, index=names), own_exposure, table, pd.Series(exposure, index=places))


def test_distance_by_hand():
    # ln 1, 2 and 4 have mean ln 2 and deviation ln 2; incomes 10, 20, 30 the same on their logarithm only roughly.
    table = facts(
        inhabitants=[1, 2, 4], inhabitants_per_km2=[1, 1, 1], shops_per_1000=[1, 4, 2], near_core_share=[0.1, 0.2, 0.3]
    )  # fmt: skip
    found = alikeness(table, "a")
    log2 = np.log(2)
    shops = np.std([0, 2 * log2, log2], ddof=1)
    by_hand = {
        "b": np.sqrt((1 + 0 + (2 * log2 / shops) ** 2 + 1) / 4),
        "c": np.sqrt((4 + 0 + (log2 / shops) ** 2 + 4) / 4),
    }
    assert found.loc["b", "distance"] == pytest.approx(by_hand["b"])
    assert found.loc["c", "distance"] == pytest.approx(by_hand["c"])
    assert list(found["n_facts"]) == [4, 4]


def test_with_too_few_shared_facts_there_is_no_distance_and_the_town_comes_last():
    table = facts(
        inhabitants=[1, 2, 3], shops_per_1000=[1, 9, 1], near_core_share=[0.5, 0.9, NAN], income_eur=[9, 1, NAN]
    )  # fmt: skip
    found = alikeness(table, "a")
    assert list(found.index) == ["b", "c"]
    assert np.isnan(found.loc["c", "distance"])
    assert found.loc["c", "n_facts"] == 2


def test_a_lone_town_has_no_peers_and_impossible_facts_are_refused():
    assert alikeness(facts(inhabitants=[5]), "a").empty
    with pytest.raises(FrameError, match="above zero"):
        alikeness(facts(inhabitants=[1, 0]), "a")
    with pytest.raises(FrameError, match="no row for z"):
        alikeness(facts(inhabitants=[1, 2]), "z")


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(*[st.floats(0.5, 1000)] * 5), min_size=2, max_size=5),
    st.floats(0.1, 50),
    st.randoms(),
)
def test_distance_is_mutual_and_neither_units_nor_order_matter(rows, factor, random):
    table = pd.DataFrame(rows, index=PLACES[: len(rows)], columns=list(FACTS))
    there = alikeness(table, "a").loc["b", "distance"]
    assert alikeness(table, "b").loc["a", "distance"] == pytest.approx(there)
    shuffled = table.sample(frac=1, random_state=random.randrange(1000))
    shuffled["inhabitants"] *= factor
    assert alikeness(shuffled, "a").loc["b", "distance"] == pytest.approx(there, abs=1e-6)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 400), st.floats(0.1, 500))
def test_the_interval_of_a_rate_is_the_exact_one_of_poisson(n, exposure):
    found = rate_of(n, exposure)
    assert poisson.cdf(n, found.upper * exposure) == pytest.approx(0.025, rel=1e-6)
    if n:
        assert poisson.sf(n - 1, found.lower * exposure) == pytest.approx(0.025, rel=1e-6)
    assert found.lower <= found.rate <= found.upper


def test_a_gap_by_hand():
    # 12 bakers among 80,000 people of four towns: three would be usual among 20,000; here there is none.
    table, variance = gaps([0, 3], [[3, 3, 3, 3], [3, 3, 3, 3]])
    row = table.loc["b0"]
    assert variance == 0
    assert (row["n_peers"], row["n_with"], row["kind"]) == (12, 4, "void")
    assert (row["rate_per_1000"], row["expected"], row["gap"]) == (0.15, 3.0, 3.0)
    usual = nbinom(12.5, 80 / 100)
    assert (row["usual_lower"], row["usual_upper"]) == (usual.ppf(0.1), usual.ppf(0.9))
    assert usual.cdf(0) == pytest.approx(0.8**12.5)
    # 0.8^12.5 is 6 %: outside the 80 %, inside the 95 %.
    assert row["certainty"] == "likely"
    assert (table.loc["b1", "kind"], table.loc["b1", "certainty"]) == ("even", "usual")


def test_small_numbers_are_too_few_to_tell_and_large_ones_are_not():
    table, _ = gaps([0, 0, 9, 30], [[1, 0, 0, 0], [9, 9, 9, 9], [0, 1, 0, 0], [9, 9, 9, 9]])
    assert list(table["certainty"]) == ["too_few", "sure", "sure", "sure"]
    assert list(table["kind"]) == ["void", "void", "surplus", "surplus"]


def test_two_peers_tell_no_certainty():
    table, variance = gaps([0], [[5, 5]], exposure=(20.0, 20.0))
    assert variance is None
    assert (table.loc["b0", "certainty"], table.loc["b0", "gap"]) == ("few_peers", 5.0)
    assert np.isnan(table.loc["b0", "usual_lower"])


def test_without_differences_of_their_own_the_test_is_near_the_exact_comparison_of_two_rates():
    for n in range(12):
        table, _ = gaps([n, 3], [[3, 3, 3, 3], [3, 3, 3, 3]])
        exact = binomtest(n, n + 12, 0.2, alternative="less").pvalue
        usual = nbinom(12.5, 0.8)
        assert usual.cdf(n) == pytest.approx(exact, abs=0.03)
        assert (table.loc["b0", "certainty"] == "sure") == (min(usual.cdf(n), usual.sf(n - 1)) <= 0.025)


def test_how_much_towns_differ_by_themselves_is_found_again():
    rng = np.random.default_rng(0)
    exposure = np.array([12.0, 20.0, 24.0, 30.0, 38.0])
    for truth in (0.0, 0.2, 0.6):
        found = []
        for _ in range(200):
            rates = rng.gamma(2, 0.15, size=(60, 1))
            own = rng.gamma(1 / truth, truth, size=(60, 5)) if truth else np.ones((60, 5))
            seen = pd.DataFrame(rng.poisson(rates * own * exposure))
            found.append(own_variance(seen, pd.Series(exposure)))
        assert np.mean(found) == pytest.approx(truth, abs=0.04)


def test_the_usual_range_holds_four_in_five_towns():
    rng = np.random.default_rng(1)
    exposure, inside, n = np.array([12.0, 20.0, 24.0, 30.0, 38.0]), 0, 0
    for _ in range(60):
        rates = rng.gamma(2, 0.15, size=(60, 1)) * rng.gamma(5, 0.2, size=(60, 6))
        seen = rng.poisson(rates * np.append(exposure, 20.0))
        table, _ = gaps(seen[:, 5], seen[:, :5], exposure=exposure)
        inside += int(table["n_own"].between(table["usual_lower"], table["usual_upper"]).sum())
        n += len(table)
    # Whole numbers of shops: the range holds at least what it says.
    assert 0.8 <= inside / n <= 0.93


@settings(deadline=None, max_examples=40)
@given(counts_of, st.integers(0, 3), st.randoms())
def test_one_more_shop_here_never_makes_a_gap_larger_and_the_order_of_peers_does_not_matter(
    rows, own, random
):
    before, _ = gaps([own] * len(rows), rows)
    after, _ = gaps([own + 1] * len(rows), rows)
    assert (after["gap"] < before["gap"]).all()
    order = list(range(4))
    random.shuffle(order)
    turned, _ = gaps([own] * len(rows), [[row[i] for i in order] for row in rows])
    pd.testing.assert_frame_equal(turned, before)


def test_floor_area_by_hand():
    places = ["a", "b", "c"]
    told = area_gap(
        500.0, 10.0, pd.Series([1000.0, 1200.0, 800.0], places), pd.Series([10.0, 10.0, 10.0], places)
    )
    # The mean of three is 1,000; one more of the same differs by s sqrt(1 + 1/3), s = 200, and t(0.9, 2) is 1.8856.
    assert (told["m2_per_1000"], told["expected_m2"], told["gap_m2"]) == (100.0, 1000.0, 500.0)
    assert told["usual_upper_m2"] == pytest.approx(1000 + 1.8856 * 200 * np.sqrt(4 / 3), rel=1e-4)
    assert area_gap(1.0, 1.0, pd.Series([5.0]), pd.Series([1.0]))["usual_lower_m2"] is None


def test_room_by_hand():
    # 60 % is spent here; of the 40 % that leaves, 10 points go online: 30 of 60 could come back.
    assert room_m2(1200.0, 0.4, 0.1) == pytest.approx(600.0)
    assert room_m2(1200.0, 0.1, 0.1) == pytest.approx(0.0)
    assert room_m2(1200.0, 0.1, 0.2) is None
    assert room_m2(0.0, 0.4, 0.1) is None


def test_small_cells_by_hand():
    assert hidden_cells([5, 4, 0]) == ([False] * 3, False)
    assert hidden_cells([0, 0]) == ([False] * 2, False)
    assert hidden_cells([5, 4, 1]) == ([False, True, True], False)
    assert hidden_cells([1, 0, 7]) == ([True, True, False], False)
    assert hidden_cells([2, 2, 7]) == ([True, True, True], False)
    assert hidden_cells([2]) == ([True], True)
    assert hidden_cells([2, 2]) == ([True, True], True)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=6))
def test_no_town_stands_with_one_or_two_shops_and_none_is_left_alone_under_a_sum(cells):
    hidden, is_sum_hidden = hidden_cells(cells)
    assert not any(0 < n < 3 for n, is_hidden in zip(cells, hidden, strict=True) if not is_hidden)
    assert is_sum_hidden or sum(hidden) != 1


def test_shared_people_by_hand():
    # Five blocks along a street, ten minutes from end to end; the shop stands at the far end.
    candidate, shop = np.array([0.0, 2.5, 5.0, 7.5, 10.0]), np.array([[10.0, 7.5, 5.0, 2.5, 0.0]])
    persons = np.array([100.0, 50.0, 40.0, 30.0, 20.0])
    shared = shared_people(candidate, shop, persons, (5.0, 7.5, 10.0)).set_index("limit")
    assert list(shared["people"]) == [90, 140, 240]
    assert list(shared["shared"]) == [40, 120, 240]
    assert list(shared["shared_share"]) == pytest.approx([40 / 90, 120 / 140, 1])
    served = served_people(candidate, shop, persons, (5.0, 10.0)).set_index("limit")
    assert list(served["people"]) == [190, 240]
    assert served.loc[5.0, "served_share"] == pytest.approx(40 / 190)
    lost = drawn_away(candidate, shop, persons, (2.5,)).iloc[0]
    # With one shop everybody goes there; after, each goes with the chance 2^-b / (2^-a + 2^-b).
    kept = [
        2 ** (-b / 2.5) / (2 ** (-a / 2.5) + 2 ** (-b / 2.5)) for a, b in zip(candidate, shop[0], strict=True)
    ]
    assert lost["before"] == 240
    assert lost["after"] == pytest.approx(float(np.dot(kept, persons)))


def test_where_nobody_lives_or_no_shop_stands_nothing_is_measured():
    nobody = np.array([np.inf, np.inf])
    persons = np.array([1.0, 2.0])
    assert np.isnan(shared_people(nobody, nobody[None, :], persons, (5.0,))["shared_share"].iloc[0])
    assert np.isnan(drawn_away(nobody, nobody[None, :], persons, (5.0,))["lost_share"].iloc[0])
    assert served_people(np.zeros(2), np.empty((0, 2)), persons, (5.0,))["served"].iloc[0] == 0
    with pytest.raises(FrameError):
        shared_people(nobody, nobody[None, :], np.ones(3), (5.0,))


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.floats(0, 30), st.floats(0, 30), st.floats(0, 30), st.floats(0, 99)),
        min_size=1,
        max_size=8,
    )
)
def test_a_longer_walk_shares_no_fewer_people_and_nobody_loses_more_than_all(rows):
    candidate, one, two, persons = np.array(rows).T
    assume(persons.sum() > 0)
    shops = np.array([one, two])
    shared = shared_people(candidate, shops, persons, (5.0, 10.0, 15.0))
    for _, bands in shared.groupby("shop"):
        assert bands["shared"].is_monotonic_increasing
        assert (bands["shared"] <= bands["people"] + 1e-9).all()
    lost = drawn_away(candidate, shops, persons, (2.0, 5.0))["lost_share"].dropna()
    assert lost.between(-1e-9, 1).all()
