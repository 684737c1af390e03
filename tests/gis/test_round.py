from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis import FrameError
from gis.round import CROSSING_M, walking_order

CRS = 31370


def doors(places: dict, street="High Street") -> gpd.GeoDataFrame:
    named = {key: place if len(place) == 3 else (*place, street) for key, place in places.items()}
    return gpd.GeoDataFrame(
        {"street": pd.Series([name for _, _, name in named.values()], index=list(named), dtype=object)},
        geometry=[shapely.Point(x, y) for x, y, _ in named.values()],
        index=list(named),
        crs=CRS,
    )


def lines(*drawn) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"name": pd.Series([name for name, _ in drawn], dtype=object)},
        geometry=[shapely.LineString(xy) for _, xy in drawn],
        crs=CRS,
    )


def order_of(units: gpd.GeoDataFrame, streets: gpd.GeoDataFrame) -> list:
    return list(walking_order(units, streets).sort_values("position").index)


def walked_m(units: gpd.GeoDataFrame, order: list) -> float:
    """Metres from door to door, and what each crossing costs beside its width (the street lies along y = 0)."""
    xy = shapely.get_coordinates(units.geometry.loc[order].to_numpy())
    crossings = np.count_nonzero(np.diff(xy[:, 1] > 0))
    return float(np.abs(np.diff(xy[:, 0])).sum() + crossings * CROSSING_M)


def test_a_long_street_is_walked_up_one_side_and_down_the_other():
    places = {f"n{x}": (x, 6) for x in range(0, 100, 10)} | {f"s{x}": (x, -6) for x in range(5, 100, 10)}
    units = doors(places)
    order = order_of(units, lines(("High Street", [(0, 0), (100, 0)])))
    north, south = [f"n{x}" for x in range(0, 100, 10)], [f"s{x}" for x in range(5, 100, 10)]
    assert order in (
        north + south[::-1],
        south + north[::-1],
        north[::-1] + south,
        south[::-1] + north,
    )
    told = walking_order(units, lines(("High Street", [(0, 0), (100, 0)])))
    assert set(told.loc[north, "side"]) == {"left"}
    assert set(told.loc[south, "side"]) == {"right"}


def test_a_street_with_one_door_on_the_other_side_is_crossed_where_that_door_is():
    units = doors({"a": (0, 5), "b": (50, 5), "c": (150, 5), "d": (300, 5), "z": (100, -5)})
    order = order_of(units, lines(("High Street", [(0, 0), (300, 0)])))
    # a b z c d costs 300 + 2 crossings; round and back would cost 300 + 200 + 1 crossing.
    assert order in (["a", "b", "z", "c", "d"], ["d", "c", "z", "b", "a"])


def test_shops_in_blocks_on_either_side_are_walked_forward_with_one_crossing():
    units = doors({"a": (0, 5), "b": (40, 5), "c": (60, -5), "d": (100, -5)})
    assert order_of(units, lines(("High Street", [(0, 0), (100, 0)]))) in (list("abcd"), list("dcba"))


def test_a_street_follows_its_bend_and_not_the_crow():
    bend = [(0, 0), (100, 0), (100, 100), (0, 100)]
    units = doors({"a": (10, 3), "b": (90, 3), "c": (97, 50), "d": (90, 97), "e": (10, 97)})
    assert order_of(units, lines(("High Street", bend))) in (list("abcde"), list("edcba"))


def test_a_street_in_segments_is_one_street_whatever_way_each_is_drawn():
    units = doors({"a": (10, 3), "b": (60, 3), "c": (110, 3)})
    drawn = lines(
        ("High Street", [(100, 0), (50, 0)]),
        ("HIGH STREET ", [(0, 0), (50, 0)]),
        ("High Street", [(100, 0), (150, 0)]),
    )
    assert order_of(units, drawn) in (list("abc"), list("cba"))


def test_the_next_street_is_the_nearest_along_the_streets_and_not_over_the_wall():
    # Far Lane lies ten metres behind High Street but one must walk round; Near Lane joins its eastern end.
    drawn = lines(
        ("High Street", [(0, 0), (100, 0)]),
        ("Near Lane", [(100, 0), (160, 0)]),
        (None, [(160, 0), (160, 300)]),
        ("Far Lane", [(160, 300), (100, 300), (100, 20), (95, 20)]),
    )
    units = doors(
        {
            **{f"h{x}": (x, 4, "High Street") for x in (10, 40, 70, 97)},
            "near": (140, 4, "Near Lane"),
            "far": (96, 18, "Far Lane"),
        }
    )
    order = order_of(units, drawn)
    assert order.index("near") < order.index("far")
    assert order[:4] == ["h10", "h40", "h70", "h97"]


def test_a_street_that_hangs_together_with_nothing_comes_last_and_is_walked_all_the_same():
    drawn = lines(("High Street", [(0, 0), (100, 0)]), ("Island", [(50, 500), (90, 500)]))
    units = doors({"a": (0, 2), "b": (100, 2), "i": (60, 502, "Island")})
    assert order_of(units, drawn)[-1] == "i"


def test_a_unit_without_a_street_goes_with_the_nearest_one():
    units = doors({"a": (0, 2), "b": (50, 2, None), "c": (100, 2)})
    told = walking_order(units, lines(("High Street", [(0, 0), (100, 0)])))
    assert list(told["street"]) == ["High Street"] * 3
    assert told.loc["b", "position"] == 1


def test_streets_nobody_drew_are_walked_along_the_spread_of_their_doors():
    units = doors({"a": (0, 0), "b": (10, 11), "c": (20, 19), "d": (30, 31)}, street="Ruelle")
    assert order_of(units, lines()) in (list("abcd"), list("dcba"))


def test_a_square_is_walked_round():
    square = lines(("Market", [(0, 0), (100, 0)]), ("Market", [(100, 0), (100, 100)]), ("Market", [(100, 100), (0, 100)]),
                   ("Market", [(0, 100), (0, 0)]))  # fmt: skip
    corners = {0: (10, -3), 1: (90, -3), 2: (103, 50), 3: (90, 103), 4: (10, 103), 5: (-3, 50)}
    order = order_of(doors(corners, street="Market"), square)
    steps = [min((b - a) % 6, (a - b) % 6) for a, b in pairwise(order)]
    assert sum(steps) <= 7


def test_one_street_stays_together_though_it_lies_in_two_pieces():
    drawn = lines(
        ("High Street", [(0, 0), (50, 0)]),
        ("Bridge", [(50, 0), (80, 0)]),
        ("High Street", [(80, 0), (130, 0)]),
    )
    units = doors({"a": (10, 2), "b": (40, 2), "x": (60, 2, "Bridge"), "c": (90, 2), "d": (120, 2)})
    told = walking_order(units, drawn).sort_values("position")
    assert list(told["street"]).count("High Street") == 4
    assert (told["street"] != told["street"].shift()).sum() == 2


def test_nothing_to_walk_is_an_empty_walk():
    assert walking_order(doors({}), lines()).empty


def test_what_the_frames_lack_is_told():
    with pytest.raises(FrameError, match="street is missing"):
        walking_order(doors({"a": (0, 0)}).drop(columns="street"), lines())
    with pytest.raises(FrameError, match="name is missing"):
        walking_order(doors({"a": (0, 0)}), lines().drop(columns="name"))


# -- laws ---------------------------------------------------------------------------------------

STREETS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 1), st.sampled_from(["A", "B", "C", None])), max_size=25
)
GRID = lines(
    ("A", [(0, 0), (300, 0)]),
    ("B", [(300, 0), (600, 0)]),
    ("C", [(300, 0), (300, 200)]),
    (None, [(0, 0), (0, 90)]),
)


@settings(max_examples=60, deadline=None)
@given(STREETS, st.randoms(use_true_random=False))
def test_every_unit_is_passed_once_and_the_order_of_rows_does_not_matter(places, random):
    units = doors({key: (10.0 * x, 8.0 * y - 4, name) for key, (x, y, name) in enumerate(places)})
    told = walking_order(units, GRID)
    assert sorted(told["position"]) == list(range(len(units)))
    rows, segments = list(units.index), list(GRID.index)
    random.shuffle(rows)
    random.shuffle(segments)
    again = walking_order(units.loc[rows], GRID.loc[segments])
    pd.testing.assert_frame_equal(again.loc[units.index], told)
    # A street is left only when it is done.
    streets = list(told.sort_values("position")["street"])
    runs = [name for number, name in enumerate(streets) if number == 0 or streets[number - 1] != name]
    assert len(runs) == len(set(runs))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.integers(1, 400), max_size=12, unique=True),
    st.lists(st.integers(1, 400), max_size=12, unique=True),
)
def test_the_walk_is_never_longer_than_going_by_house_number(odd, even):
    # Numbers rise along the street on both sides, as they do; which side is ahead differs from street to street.
    north = {f"{2 * i + 1}": (float(x), 5.0) for i, x in enumerate(sorted(odd))}
    south = {f"{2 * i + 2}": (float(x), -5.0) for i, x in enumerate(sorted(even))}
    units = doors(north | south)
    if units.empty:
        return
    order = order_of(units, lines(("High Street", [(0, 0), (400, 0)])))
    by_number = sorted(units.index, key=int)
    assert walked_m(units, order) <= walked_m(units, by_number) + 1e-6


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=6, unique=True))
def test_no_order_that_goes_forward_or_round_is_shorter(places):
    from itertools import permutations

    units = doors({number: (10.0 * x, 5.0 if up else -5.0) for number, (x, up) in enumerate(places)})
    order = order_of(units, lines(("High Street", [(0, 0), (300, 0)])))
    sides = {number: up for number, (_, up) in enumerate(places)}
    at = {number: x for number, (x, _) in enumerate(places)}

    def is_forward(one) -> bool:
        return all(
            list(walk) == sorted(walk, key=at.__getitem__)
            for up in (True, False)
            if (walk := [n for n in one if sides[n] == up])
        )

    best = min(walked_m(units, list(one)) for one in permutations(units.index) if is_forward(one))
    assert walked_m(units, order) <= best + 1e-6
