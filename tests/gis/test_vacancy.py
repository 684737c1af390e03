import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import FrameError
from gis.vacancy import cluster_shapes, vacancy_around, vacancy_duration, vacancy_rate
from tests import town

ROWS = st.lists(
    st.tuples(
        st.sampled_from(["occupied", "vacant", "non_retail", "unknown"]),
        st.one_of(st.just(np.nan), st.floats(1, 5000)),
        st.sampled_from(["A1", "B1"]),
    ),
    min_size=1,
    max_size=30,
)


def frame_of(rows):
    return pd.DataFrame(rows, columns=["state", "floor_area_m2", "street_class"]).astype(
        {"floor_area_m2": float}
    )


def test_the_rate_counts_vacant_over_occupied_and_vacant():
    rate = vacancy_rate(town.units()).loc["all"]
    assert (rate["n_vacant"], rate["n_units"]) == (4, 10)
    assert (rate["n_unknown"], rate["n_non_retail"]) == (1, 1)
    assert rate["vacancy_rate_share"] == 0.4
    assert rate["state_coverage_share"] == pytest.approx(10 / 11)


def test_the_rate_in_floor_area_is_given_at_exactly_nine_tenths_known():
    rate = vacancy_rate(town.units()).loc["all"]
    assert rate["floor_area_coverage_share"] == pytest.approx(0.9)
    assert (rate["vacant_floor_area_m2"], rate["floor_area_m2"]) == (270, 1210)
    assert rate["vacancy_rate_floor_area_share"] == pytest.approx(270 / 1210)
    assert pd.isna(rate["floor_area_reason"])


def test_the_rate_in_floor_area_is_not_measurable_under_nine_tenths():
    units = town.units()
    units.loc["H1", "floor_area_m2"] = np.nan
    rate = vacancy_rate(units).loc["all"]
    assert np.isnan(rate["vacancy_rate_floor_area_share"])
    assert rate["floor_area_reason"] == "coverage"
    assert rate["vacancy_rate_share"] == 0.4


def test_a_group_without_shop_units_has_no_rate_and_says_so():
    rate = vacancy_rate(town.units(), by="branch_group").loc["non_retail"]
    assert rate["n_units"] == 0
    assert np.isnan(rate["vacancy_rate_share"])
    assert rate["floor_area_reason"] == "no_units"


def test_an_empty_town_has_no_rate():
    rate = vacancy_rate(town.units().iloc[:0]).loc["all"]
    assert rate["n_units"] == 0
    assert np.isnan(rate["vacancy_rate_share"])


def test_the_rate_by_street_class_is_that_of_its_units():
    rates = vacancy_rate(town.units(), by="street_class")
    assert rates["vacancy_rate_share"].round(3).to_dict() == {"A1": 0.333, "A2": 0.667, "B1": 0.333, "C": 0.0}


@settings(deadline=None)
@given(ROWS)
def test_groups_add_up_to_the_whole(rows):
    units = frame_of(rows)
    parts, whole = vacancy_rate(units, by="street_class"), vacancy_rate(units).loc["all"]
    for name in ("n_units", "n_vacant", "n_unknown", "n_non_retail"):
        assert parts[name].sum() == whole[name]
    assert parts["floor_area_m2"].sum() == pytest.approx(whole["floor_area_m2"])


@settings(deadline=None)
@given(ROWS, st.randoms())
def test_the_order_of_the_rows_changes_no_rate(rows, random):
    units = frame_of(rows)
    shuffled = units.loc[random.sample(list(units.index), len(units))]
    pd.testing.assert_frame_equal(
        vacancy_rate(units, by="street_class"), vacancy_rate(shuffled, by="street_class")
    )


def test_a_missing_column_is_named():
    with pytest.raises(FrameError, match="floor_area_m2"):
        vacancy_rate(pd.DataFrame({"state": ["vacant"]}))


def test_durations_of_the_town_are_those_on_paper():
    told = vacancy_duration(town.units(), on=town.TODAY)
    assert told.loc[["H2", "H3", "H6", "S2"], "duration_class"].tolist() == [
        "initial",
        "long_term",
        "structural",
        "unknown",
    ]
    # H3 began between 1310 and 579 days ago: structural or long-term.
    assert told["is_uncertain"].to_dict()["H3"]
    assert told.loc["H3", ["min_days", "max_days"]].tolist() == [579, 1310]
    assert not told.loc[["H2", "H6", "S2"], "is_uncertain"].any()
    assert told.loc[["H1", "S3"], "duration_class"].isna().all()


def one_spell(earliest, latest, on):
    row = {"is_vacant": [True], "vacant_start_earliest_on": [earliest], "vacant_start_latest_on": [latest]}
    return vacancy_duration(pd.DataFrame(row), on=on).iloc[0]


@pytest.mark.parametrize(
    ("days", "named"),
    [(0, "initial"), (364, "initial"), (365, "long_term"), (1095, "long_term"), (1096, "structural")],
)
def test_classes_begin_after_a_year_and_after_three(days, named):
    start = dt.date(2020, 1, 1)
    assert one_spell(start, start, start + dt.timedelta(days=days))["duration_class"] == named


def test_a_spell_that_has_not_begun_yet_is_no_vacancy():
    told = one_spell(dt.date(2026, 5, 1), dt.date(2026, 5, 1), dt.date(2026, 1, 1))
    assert told["duration_class"] is None or pd.isna(told["duration_class"])


def test_a_start_without_a_last_date_lies_before_today():
    told = one_spell(dt.date(2024, 1, 1), None, dt.date(2026, 1, 1))
    assert told["duration_class"] == "long_term"
    assert told["is_uncertain"]


def test_first_seen_empty_over_three_years_ago_is_structural_whenever_it_began():
    assert one_spell(None, dt.date(2022, 1, 1), dt.date(2026, 1, 1))["duration_class"] == "structural"
    assert one_spell(None, dt.date(2025, 1, 1), dt.date(2026, 1, 1))["duration_class"] == "unknown"


def test_dates_may_come_as_the_database_gives_them():
    units = town.units()
    plain = vacancy_duration(units, on=town.TODAY)
    for name in ("vacant_start_earliest_on", "vacant_start_latest_on"):
        units[name] = [None if pd.isna(day) else day.date() for day in units[name]]
    units["is_vacant"] = units["is_vacant"].astype(object)
    pd.testing.assert_frame_equal(vacancy_duration(units, on=town.TODAY), plain)
    for name in ("vacant_start_earliest_on", "vacant_start_latest_on"):
        units[name] = None
    assert (vacancy_duration(units, on=town.TODAY)["duration_class"].dropna() == "unknown").all()


DATES = st.dates(dt.date(2010, 1, 1), dt.date(2025, 12, 31))


@settings(deadline=None)
@given(DATES, DATES, st.dates(dt.date(2025, 12, 31), dt.date(2030, 1, 1)))
def test_a_class_lies_between_those_of_its_two_dates(one, other, on):
    order = ["initial", "long_term", "structural"]
    earliest, latest = sorted([one, other])
    place = order.index(one_spell(earliest, latest, on)["duration_class"])
    ends = [order.index(one_spell(day, day, on)["duration_class"]) for day in (latest, earliest)]
    assert ends[0] <= place <= ends[1]
    assert one_spell(earliest, latest, on)["is_uncertain"] == (ends[0] != ends[1])


def two_blocks():
    """Ten vacant units in one place and ten occupied ones in another, 1 km away."""
    state = ["vacant"] * 10 + ["occupied"] * 10
    place = np.repeat([0.0, 1000.0], 10)
    units = pd.DataFrame({"state": state, "core_id": 1}, index=[f"u{i}" for i in range(20)])
    return units, np.abs(place[:, None] - place[None])


def test_vacancy_around_is_shrunk_by_the_part_that_chance_makes():
    around = vacancy_around(*two_blocks())
    # Rate 0.5, nine neighbours: between 0.25 - 0.25 / 9, trust 8 / 9.
    assert around["vacancy_around_share"].iloc[0] == pytest.approx(0.5 + 8 / 9 * 0.5)
    assert around["vacancy_around_share"].iloc[-1] == pytest.approx(0.5 - 8 / 9 * 0.5)
    assert around["n_units_around"].eq(9).all()


def test_the_unit_itself_does_not_count_in_the_vacancy_around_it():
    units, distances = two_blocks()
    before = vacancy_around(units, distances).loc["u0", "n_vacant_around"]
    units.loc["u0", "state"] = "occupied"
    assert vacancy_around(units, distances).loc["u0", "n_vacant_around"] == before


def test_without_neighbours_the_rate_of_the_core_is_the_best_guess():
    units = town.units()
    far = np.full((12, 12), 5000.0)
    assert vacancy_around(units, far)["vacancy_around_share"].tolist() == pytest.approx([0.4] * 12)


@settings(deadline=None)
@given(st.lists(st.booleans(), min_size=5, max_size=25), st.randoms(), st.floats(20, 400))
def test_vacancy_around_lies_between_what_is_seen_and_the_core_whatever_the_order(flags, random, reach_m):
    n = len(flags)
    place = np.array([random.random() * 800 for _ in range(n)])
    state = np.where(flags, "vacant", "occupied")
    units = pd.DataFrame({"state": state, "core_id": "c"}, index=[f"u{i}" for i in range(n)])
    distances = np.abs(place[:, None] - place[None])
    around = vacancy_around(units, distances, reach_m=reach_m)
    seen = (around["n_vacant_around"] / around["n_units_around"]).fillna(np.mean(flags))
    low, high = np.minimum(seen, np.mean(flags)), np.maximum(seen, np.mean(flags))
    assert around["vacancy_around_share"].between(low - 1e-9, high + 1e-9).all()
    order = random.sample(range(n), n)
    again = vacancy_around(units.iloc[order], distances[np.ix_(order, order)], reach_m=reach_m)
    pd.testing.assert_frame_equal(again.loc[units.index], around)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=1, max_size=12),
    st.tuples(st.integers(-5000, 5000), st.integers(-5000, 5000)),
)
def test_an_outline_is_valid_holds_its_members_and_moves_with_them(places, shift):
    units = gpd.GeoDataFrame(geometry=town.points(places), crs=town.CRS)
    clusters = pd.DataFrame({"member_ids": [list(units.index)]}, index=[1])
    shape = cluster_shapes(units, clusters).geometry.loc[1]
    assert shape.is_valid
    assert shape.geom_type in {"Polygon", "MultiPolygon"}
    assert units.geometry.within(shape).all()
    moved = units.set_geometry(units.translate(*shift))
    assert cluster_shapes(moved, clusters).geometry.loc[1].area == pytest.approx(shape.area, rel=1e-6)


def test_an_outline_of_one_unit_is_a_circle_around_it():
    units = town.units()
    shape = cluster_shapes(units, pd.DataFrame({"member_ids": [["H2"]]}), buffer_m=15).geometry.iloc[0]
    assert shape.area == pytest.approx(np.pi * 15**2, rel=0.02)
    assert shape.distance(shapely.Point(town.ORIGIN)) > 0


def test_no_clusters_draw_no_outlines():
    assert len(cluster_shapes(town.units(), pd.DataFrame({"member_ids": []}))) == 0
