import tracemalloc

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.spatial import cKDTree

from gis import surprise
from gis.chances import location_chances
from gis.scan import vacancy_clusters
from gis.windows import expectation_lines, likelihood_ratios, likelihood_table, random_maps, windows
from tests.gis.scan_oracle import candidates


def invented(seed, n, *, has_stacks=False, reach_m=None):
    rng = np.random.default_rng(seed)
    place = rng.integers(0, 12, (n, 2)) * 40.0 if has_stacks else rng.uniform(0, 600, (n, 2))
    metres = np.abs(place[:, None] - place[None]).sum(axis=2)
    if reach_m:
        metres = np.where(metres <= reach_m, metres, np.inf)
    chance = 0.15 + 0.5 * (place[:, 0] / 600)
    units = pd.DataFrame({"state": np.where(rng.random(n) < chance, "vacant", "occupied")})
    return units, metres, pd.DataFrame({"far": place[:, 0], "kind": rng.choice(["a", "b"], n)})


def as_sparse(metres):
    rows, columns = np.nonzero(np.isfinite(metres))
    return sparse.csr_array((metres[rows, columns], (rows, columns)), shape=metres.shape)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(20, 90), st.booleans(), st.booleans(), st.booleans())
def test_the_scan_in_blocks_is_the_scan_with_everything_held_at_once(
    seed, n, has_stacks, is_cut, is_adjusted
):
    units, metres, covariates = invented(seed, n, has_stacks=has_stacks, reach_m=250.0 if is_cut else None)
    y = (units["state"] == "vacant").to_numpy(np.uint8)
    assume(4 <= y.sum() < n)
    chosen = covariates if is_adjusted else None
    # A high alpha follows the scan through several clusters.
    found = vacancy_clusters(
        units,
        as_sparse(metres) if is_cut else metres,
        covariates=chosen,
        replications=70,
        seed=seed,
        alpha=0.9,
    ).candidates
    chance = location_chances(covariates, y)[0] if is_adjusted else np.full(n, y.mean())
    maps = random_maps(np.log(chance / np.maximum(1 - chance, 1e-9)), int(y.sum()), 70, seed)
    wanted = candidates(y, metres, chance, maps, largest=int(0.2 * n), alpha=0.9)
    assert found["member_ids"].tolist() == wanted["member_ids"].tolist()
    assert found["centre_id"].tolist() == wanted["centre_id"].tolist()
    assert found["llr"].tolist() == pytest.approx(wanted["llr"].tolist(), abs=1e-8)
    assert found["p_value"].tolist() == wanted["p_value"].tolist()


@pytest.mark.parametrize("held", [1, 30, 500])
def test_how_much_is_held_at_once_alters_nothing(monkeypatch, held):
    units, metres, covariates = invented(3, 120)
    whole = vacancy_clusters(units, metres, covariates=covariates, replications=99, alpha=0.9).candidates
    monkeypatch.setattr(surprise, "HELD", held)
    blocks = vacancy_clusters(units, metres, covariates=covariates, replications=99, alpha=0.9).candidates
    pd.testing.assert_frame_equal(whole, blocks, check_exact=True)


@pytest.mark.parametrize("replications", [1, 63, 64, 65, 130])
def test_the_highest_ratio_of_every_map_is_that_of_the_map_itself(replications):
    units, metres, _ = invented(8, 80, has_stacks=True)
    y = (units["state"] == "vacant").to_numpy(np.uint8)
    chance = np.linspace(0.1, 0.4, 80)
    maps = random_maps(np.log(chance), int(y.sum()), replications, 5)
    seen = surprise.Surprise(metres, y, chance, largest=16)
    highest = seen.measure(maps)
    near = windows(metres, 16)
    table, lines = likelihood_table(80, int(y.sum()), 16), expectation_lines(near, chance, int(y.sum()))
    assert highest.tolist() == [likelihood_ratios(near, one, table, lines).max() for one in maps]


def test_windows_of_some_units_are_those_rows_of_all_windows():
    _, metres, _ = invented(4, 60, has_stacks=True)
    rows = np.array([50, 3, 17])
    some, every = windows(metres, 12, rows=rows), windows(metres, 12)
    for name in ("order", "metres", "is_end"):
        np.testing.assert_array_equal(getattr(some, name), getattr(every, name)[rows])


def test_the_same_seed_deals_the_same_maps_however_many_are_dealt_at_once(monkeypatch):
    odds = np.linspace(-1, 1, 50)
    maps = random_maps(odds, 9, 100, 2)
    monkeypatch.setattr("gis.windows.BLOCK_ROWS", 7)
    np.testing.assert_array_equal(maps, random_maps(odds, 9, 100, 2))


def test_memory_does_not_grow_with_units_times_windows():
    rng = np.random.default_rng(1)
    place = rng.uniform(0, 6000, (8000, 2))
    table = sparse.csr_array(
        cKDTree(place).sparse_distance_matrix(cKDTree(place), 250.0, output_type="coo_matrix")
    )
    units = pd.DataFrame({"state": np.where(rng.random(8000) < 0.12, "vacant", "occupied")})
    vacancy_clusters(units.iloc[:100], table[:100][:, :100], replications=9)
    tracemalloc.start()
    vacancy_clusters(units, table, replications=64)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # One array of windows held whole would be 8,000 x 1,000 x 8 bytes = 64 MB, and there were six.
    assert peak < 150e6
