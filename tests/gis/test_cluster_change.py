import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.cluster_change import cluster_history, cluster_links, holm
from gis.errors import FrameError

OPPOSITE = {
    "new": "dissolved",
    "dissolved": "new",
    "growing": "shrinking",
    "shrinking": "growing",
    "stable": "stable",
    "merged": "split",
    "split": "merged",
    None: None,
}


def inventory(**clusters):
    """Clusters by name: members, and how many of them stand vacant."""
    rows = {name: {"member_ids": sorted(members), "n_vacant": n} for name, (members, n) in clusters.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["member_ids", "n_vacant"])


def told(inventories):
    found = cluster_history(inventories)
    return dict(zip(found.index, zip(found["change"], found["next_change"], strict=True), strict=True))


def test_clusters_that_share_half_of_the_smaller_one_are_the_same():
    earlier = inventory(a=({1, 2, 3, 4}, 3), b=({10, 11, 12, 13}, 2))
    later = inventory(c=({3, 4, 5, 6, 7, 8, 9}, 5), d=({13, 14, 15, 16}, 4))
    links = cluster_links(earlier, later)
    # a and c share 2 of the 4 of a; b and d share 1 of 4.
    assert links[["earlier", "later", "n_shared"]].values.tolist() == [["a", "c", 2]]
    assert links["jaccard"].tolist() == [pytest.approx(2 / 9)]


def test_each_word_by_hand():
    first = inventory(a=({1, 2, 3}, 3), gone=({50, 51, 52}, 3))
    second = inventory(b=({1, 2, 3, 4}, 4), fresh=({60, 61}, 2))
    third = inventory(c=({1, 2, 3, 4}, 4), less=({60, 61, 62}, 1))
    assert told([first, second, third]) == {
        "a": (None, "growing"),
        "gone": (None, "dissolved"),
        "b": ("growing", "stable"),
        "fresh": ("new", "shrinking"),
        "c": ("stable", None),
        "less": ("shrinking", None),
    }


def test_before_the_first_and_after_the_last_inventory_no_word_is_known():
    found = cluster_history([inventory(a=({1, 2}, 1)), inventory(b=({1, 2}, 2))])
    assert found["change"].tolist() == [None, "growing"]
    assert found["next_change"].tolist() == ["growing", None]
    assert found["inventory"].tolist() == [0, 1]


def test_two_that_become_one_are_merged_and_one_that_becomes_two_is_split():
    apart = inventory(a=({1, 2, 3}, 3), b=({5, 6, 7}, 3))
    one = inventory(c=({1, 2, 3, 4, 5, 6, 7}, 6))
    again = inventory(d=({1, 2, 3}, 2), e=({5, 6, 7}, 2))
    assert told([apart, one, again]) == {
        "a": (None, "merged"),
        "b": (None, "merged"),
        "c": ("merged", "split"),
        "d": ("split", None),
        "e": ("split", None),
    }


def test_a_cluster_has_lasted_since_the_inventory_it_was_new_in():
    found = cluster_history(
        [
            inventory(a=({1, 2}, 2)),
            inventory(b=({1, 2}, 2), x=({8, 9}, 2)),
            inventory(c=({1, 2, 8, 9}, 4)),
            inventory(),
            inventory(d=({1, 2}, 2)),
        ]
    )
    assert found["n_inventories"].to_dict() == {"a": 1, "b": 2, "x": 1, "c": 3, "d": 1}
    assert found.loc["c", "from_keys"] == ["b", "x"]
    assert (found.loc["c", "to_keys"], found.loc["c", "next_change"]) == ([], "dissolved")
    assert found.loc["d", "change"] == "new"


def test_no_inventory_and_empty_ones_have_no_history():
    assert len(cluster_history([])) == 0
    assert len(cluster_history([inventory(), inventory()])) == 0


@st.composite
def invented(draw):
    inventories, key = [], 0
    for _ in range(draw(st.integers(1, 4))):
        clusters = {}
        place = draw(st.permutations(range(12)))
        for _ in range(draw(st.integers(0, 3))):
            size = draw(st.integers(1, 4))
            members, place = set(place[:size]), place[size:]
            clusters[f"k{key}"] = (members, draw(st.integers(1, size)))
            key += 1
        inventories.append(inventory(**clusters))
    return inventories


@settings(max_examples=150, deadline=None)
@given(invented())
def test_told_backwards_every_word_is_its_opposite(inventories):
    forwards, backwards = told(inventories), told(inventories[::-1])
    assert {key: (OPPOSITE[until], OPPOSITE[since]) for key, (since, until) in forwards.items()} == backwards


@settings(max_examples=100, deadline=None)
@given(invented(), st.randoms())
def test_the_order_of_the_clusters_decides_nothing(inventories, random):
    mixed = [frame.loc[random.sample(list(frame.index), len(frame))] for frame in inventories]
    here, there = cluster_history(inventories), cluster_history(mixed).loc[lambda f: f.index]
    there = there.loc[here.index]
    pd.testing.assert_frame_equal(
        here.drop(columns=["from_keys", "to_keys"]), there.drop(columns=["from_keys", "to_keys"])
    )
    assert [set(keys) for keys in here["from_keys"]] == [set(keys) for keys in there["from_keys"]]


@settings(max_examples=100, deadline=None)
@given(invented())
def test_what_is_new_has_no_past_and_what_has_one_is_one_inventory_older(inventories):
    found = cluster_history(inventories)
    for _, row in found.iterrows():
        older = [found.loc[key, "n_inventories"] for key in row["from_keys"]]
        assert row["n_inventories"] == 1 + max(older, default=0)
        assert (row["change"] == "new") == (row["inventory"] > 0 and not row["from_keys"])
        assert (row["next_change"] == "dissolved") == (
            row["inventory"] < len(inventories) - 1 and not row["to_keys"]
        )


def test_holm_by_hand():
    # 0.01 x 3, 0.02 x 2, 0.04 x 1, made to rise.
    assert holm([0.04, 0.01, 0.02]).tolist() == pytest.approx([0.04, 0.03, 0.04])
    assert holm([0.9, 0.8]).tolist() == [1.0, 1.0]
    assert holm([]).tolist() == []
    assert (holm(np.full(12, 0.001)) <= 0.05).all()


def test_clusters_without_members_are_refused():
    with pytest.raises(FrameError, match="member_ids"):
        cluster_history([pd.DataFrame({"n_vacant": [1]})])
