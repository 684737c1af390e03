import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import FrameError
from gis.vacancy import vacancy_rate
from gis.vacancy_series import last_branch_group, series_stretches, source_changes, vacancy_series

RETAIL = frozenset({"daily", "fashion_luxury"})
GROUPS = ("daily", "fashion_luxury", "hospitality", "non_retail", None)
DAY = dt.date(2020, 1, 1)


def day(n: int) -> pd.Timestamp:
    return pd.Timestamp(DAY + dt.timedelta(days=n))


def units_of(rows: dict) -> pd.DataFrame:
    units = pd.DataFrame.from_dict(
        rows, orient="index", columns=["floor_area_m2", "street", "valid_from", "valid_to", "lifecycle"]
    )
    units["floor_area_m2"] = units["floor_area_m2"].astype(float)
    for column in ("valid_from", "valid_to"):
        units[column] = pd.to_datetime(units[column])
    return units


def periods_of(rows: list) -> pd.DataFrame:
    periods = pd.DataFrame(rows, columns=["shop_unit_id", "kind", "from_on", "to_on", "branch_group"])
    for column in ("from_on", "to_on"):
        periods[column] = pd.to_datetime(periods[column])
    return periods


UNITS = units_of(
    {
        "A": [100, "High", None, None, "active"],
        "B": [50, "High", None, None, "active"],
        "C": [150, "Side", None, None, "active"],
        "D": [np.nan, "Side", "2021-01-01", None, "active"],
        "E": [80, "Side", None, "2021-01-01", "merged"],
        "F": [40, "Side", None, None, "demolished"],
    }
)
PERIODS = periods_of(
    [
        ["A", "occupied", "2019-01-01", "2020-06-01", "daily"],
        ["A", "vacant", "2020-06-01", "2021-06-01", None],
        ["A", "occupied", "2021-06-01", None, "hospitality"],
        ["B", "vacant", "2019-01-01", None, "fashion_luxury"],
        # Temporary use leaves the spell open.
        ["B", "occupied", "2020-01-01", "2020-03-01", "daily"],
        ["C", "occupied", "2019-01-01", None, "non_retail"],
        ["D", "vacant", "2020-01-01", None, None],
        ["E", "occupied", "2019-01-01", None, "daily"],
        ["F", "occupied", "2019-01-01", None, "daily"],
        ["gone", "occupied", "2019-01-01", None, "daily"],
    ]
)


def at(table: pd.DataFrame, on: str, group: object = "all") -> pd.Series:
    return table.loc[(group, pd.Timestamp(on))]


def test_the_rates_of_a_street_of_six_units_are_those_of_paper():
    table = vacancy_series(
        UNITS, PERIODS, ["2018-12-31", "2020-02-01", "2020-07-01", "2021-01-01", "2022-01-01"]
    )
    # Before 2019 nothing is known of the four units that existed.
    first = at(table, "2018-12-31")
    assert (first["n_units"], first["n_unknown"], first["floor_area_reason"]) == (0, 4, "no_units")
    assert np.isnan(first["vacancy_rate_share"])
    # A and E trade, B is empty in spite of its pop-up, C serves no trade.
    second = at(table, "2020-02-01")
    assert (second["n_vacant"], second["n_units"], second["n_non_retail"], second["n_unknown"]) == (
        1,
        3,
        1,
        0,
    )
    assert (second["vacant_floor_area_m2"], second["floor_area_m2"]) == (50, 230)
    assert second["vacancy_rate_floor_area_share"] == pytest.approx(50 / 230)
    assert (at(table, "2020-07-01")["n_vacant"], at(table, "2020-07-01")["n_units"]) == (2, 3)
    # E was merged away and D came to be on one day; of D no floor area is known: two of three is too few.
    fourth = at(table, "2021-01-01")
    assert (fourth["n_vacant"], fourth["n_units"], fourth["floor_area_reason"]) == (3, 3, "coverage")
    assert fourth["floor_area_coverage_share"] == pytest.approx(2 / 3)
    assert (at(table, "2022-01-01")["n_vacant"], at(table, "2022-01-01")["n_units"]) == (2, 3)


def test_retail_only_counts_the_vacant_either_way():
    table = vacancy_series(UNITS, PERIODS, ["2022-01-01"], trades=RETAIL)
    # A serves food since 2021, C serves no trade: only the vacant B and D are left.
    assert (at(table, "2022-01-01")["n_vacant"], at(table, "2022-01-01")["n_units"]) == (2, 2)
    assert at(table, "2022-01-01")["n_non_retail"] == 1


def test_a_vacant_unit_belongs_to_the_branch_group_of_its_last_occupant():
    known = PERIODS.assign(branch_group=last_branch_group(PERIODS))
    table = vacancy_series(UNITS, known, ["2020-07-01", "2021-02-01"], by="branch_group")
    assert (at(table, "2020-07-01", "daily")["n_vacant"], at(table, "2020-07-01", "daily")["n_units"]) == (
        1,
        2,
    )
    # Written down of the last occupant, though the last who traded for a while there sold daily goods.
    assert at(table, "2020-07-01", "fashion_luxury")["n_vacant"] == 1
    # Nobody knows who was in D.
    assert at(table, "2021-02-01", "unknown")["n_vacant"] == 1


def test_a_group_without_a_unit_on_any_of_the_days_has_no_row():
    table = vacancy_series(UNITS, PERIODS, ["2020-07-01"], by="street")
    assert sorted(table.index.get_level_values("group")) == ["High", "Side"]


def test_periods_of_one_kind_that_overlap_are_refused():
    twice = pd.concat([PERIODS, periods_of([["B", "vacant", "2022-01-01", None, None]])], ignore_index=True)
    with pytest.raises(FrameError, match="1 vacant ones begin before"):
        vacancy_series(UNITS, twice, ["2022-01-01"])


def test_a_column_that_nobody_has_is_named():
    with pytest.raises(FrameError, match="column colour is missing"):
        vacancy_series(UNITS, PERIODS, ["2022-01-01"], by="colour")


def test_nothing_at_all_is_an_empty_table():
    assert vacancy_series(UNITS[:0], PERIODS[:0], ["2022-01-01"]).empty
    assert vacancy_series(UNITS[:0], PERIODS[:0], [], by="street").empty


# -- laws ----------------------------------------------------------------------------------------


@st.composite
def registers(draw):
    """Units with a life, and periods that do not overlap within a kind."""
    units, periods = {}, []
    for number in range(draw(st.integers(1, 5))):
        life = sorted(draw(st.lists(st.integers(0, 30), min_size=2, max_size=2, unique=True)))
        begins, ends = (draw(st.sampled_from([None, n])) for n in life)
        lifecycle = draw(st.sampled_from(["active", "merged"]))
        area = draw(st.sampled_from([np.nan, 0.0, 33.3, 70.1]))
        units[number] = [area, draw(st.sampled_from(["x", "y"])), begins if begins is None else day(begins),
                         ends if ends is None else day(ends), lifecycle]  # fmt: skip
        for kind in ("vacant", "occupied"):
            cuts = sorted(draw(st.lists(st.integers(0, 30), max_size=6, unique=True)))
            for i, start in enumerate(cuts[::2]):
                later = cuts[2 * i + 1] if 2 * i + 1 < len(cuts) else None
                group = draw(st.sampled_from(GROUPS)) if kind == "occupied" else None
                periods.append([number, kind, day(start), None if later is None else day(later), group])
    return units_of(units), periods_of(periods)


def plain_state(unit: pd.Series, periods: pd.DataFrame, on: pd.Timestamp, trades: frozenset | None):
    """State and group of one unit on one day, read as a person would."""
    if not (pd.isna(unit["valid_from"]) or unit["valid_from"] <= on):
        return None
    if not (on < unit["valid_to"] if pd.notna(unit["valid_to"]) else unit["lifecycle"] == "active"):
        return None
    running = periods[(periods["from_on"] <= on) & ~(periods["to_on"] <= on)]
    for period in running[running["kind"] == "vacant"].itertuples():
        return "vacant", period.branch_group
    for period in running[running["kind"] == "occupied"].itertuples():
        if period.branch_group == "non_retail":
            return "non_retail", "non_retail"
        return ("occupied", period.branch_group) if trades is None or period.branch_group in trades else None
    return "unknown", "unknown"


@settings(max_examples=40, deadline=None)
@given(
    registers(),
    st.sampled_from([None, RETAIL]),
    st.sampled_from([None, "street", "branch_group"]),
    st.lists(st.integers(-1, 32), min_size=1, max_size=4, unique=True),
)
def test_a_series_says_of_each_day_what_the_register_says_of_that_day(register, trades, by, asked):
    units, periods = register
    periods = periods.assign(branch_group=last_branch_group(periods))
    days = [day(n) for n in asked]
    table = vacancy_series(units, periods, days, by=by, trades=trades)
    for on in days:
        rows = []
        for key, unit in units.iterrows():
            found = plain_state(unit, periods[periods["shop_unit_id"] == key], on, trades)
            if found:
                group = {"branch_group": found[1], "street": unit["street"]}.get(by, "all")
                rows.append({"state": found[0], "floor_area_m2": unit["floor_area_m2"], "group": group})
        states = pd.DataFrame(rows, columns=["state", "floor_area_m2", "group"])
        expected = vacancy_rate(states, by="group")
        told = table.xs(on, level="on") if len(table) else table
        is_there = (told[["n_units", "n_unknown", "n_non_retail"]].sum(axis=1) > 0) if len(told) else []
        told = told[is_there] if len(told) else told.droplevel("on")
        pd.testing.assert_frame_equal(
            told.sort_index(),
            expected.sort_index(),
            check_names=False,
            check_index_type=False,
            check_dtype=False,
        )


@settings(max_examples=40, deadline=None)
@given(registers(), st.sampled_from(["street", "branch_group"]), st.randoms(use_true_random=False))
def test_the_groups_add_up_to_the_total_and_the_order_of_rows_decides_nothing(register, by, random):
    units, periods = register
    periods = periods.assign(branch_group=last_branch_group(periods))
    days = [day(n) for n in range(0, 31, 3)]
    sums = ["n_units", "n_vacant", "n_unknown", "n_non_retail", "floor_area_m2", "vacant_floor_area_m2"]
    total = vacancy_series(units, periods, days)
    parts = vacancy_series(units, periods, days, by=by)
    added = parts[sums].groupby("on").sum()
    pd.testing.assert_frame_equal(
        added, total[sums].droplevel("group"), check_dtype=False, check_freq=False, check_names=False
    ) if len(total) else None
    shuffled = list(periods.index)
    random.shuffle(shuffled)
    again = vacancy_series(units[::-1], periods.loc[shuffled], days[::-1], by=by)
    pd.testing.assert_frame_equal(again.sort_index(), parts.sort_index())


# -- breaks --------------------------------------------------------------------------------------


def stretches(known: list[bool], breaks: list[int]) -> list[int]:
    on = pd.DatetimeIndex([day(n) for n in range(len(known))])
    return series_stretches(on, np.array(known, bool), [day(n) for n in breaks]).tolist()


def test_a_line_stops_at_a_break_and_where_nothing_is_known():
    assert stretches([True] * 5, []) == [0, 0, 0, 0, 0]
    assert stretches([True] * 5, [2]) == [0, 0, 1, 1, 1]
    assert stretches([False, True, False, True, True], []) == [-1, 0, -1, 1, 1]
    # A break before the first day and one after the last part nothing.
    assert stretches([True] * 3, [-4, 0, 9]) == [0, 0, 0]
    # Two breaks between two days part once.
    assert stretches([True, False, True], [1, 2]) == [0, -1, 1]


@given(st.lists(st.booleans(), min_size=1, max_size=12), st.lists(st.integers(-2, 14), max_size=4))
def test_no_stretch_holds_a_break_or_an_unknown_day(known, breaks):
    numbers = stretches(known, breaks)
    for i, j in zip(range(len(known)), range(1, len(known)), strict=False):
        is_one = numbers[i] == numbers[j] != -1
        assert is_one == (known[i] and known[j] and j not in breaks)
    assert [n == -1 for n in numbers] == [not is_known for is_known in known]


def test_another_majority_of_sources_is_a_change_and_a_draw_is_none():
    units = units_of({key: [10, "x", None, None, "active"] for key in "ABC"})
    periods = periods_of(
        [
            *([key, "occupied", "2019-01-01", f"2020-0{n}-01", "daily"] for n, key in enumerate("ABC", 2)),
            *([key, "occupied", f"2020-0{n}-01", None, "daily"] for n, key in enumerate("ABC", 2)),
        ]
    ).assign(source=["old"] * 3 + ["own"] * 3)
    months = pd.date_range("2019-12-01", "2020-06-01", freq="MS")
    table = vacancy_series(units, periods, months, by="source")
    changes = source_changes(table)
    # In February one of three was seen by the city itself, in March two.
    assert changes.to_dict("records") == [{"on": pd.Timestamp("2020-03-01"), "before": "old", "after": "own"}]
    assert source_changes(
        vacancy_series(units[:2], periods[periods["shop_unit_id"] != "C"], months[:3], by="source")
    ).empty
