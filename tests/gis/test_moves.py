import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import FrameError
from gis.flows import vacancy_flows
from gis.moves import chain_moves, net_occupancies, plain_name, propose_moves, told_moves
from gis.spells import spell_lengths
from tests.gis.spell_frames import ON, drawn_spells

DAY = pd.Timestamp("2020-01-01")
MOVE = ["from_unit_id", "to_unit_id", "closed_on", "opened_on"]


def day(number):
    return DAY + pd.Timedelta(days=number)


def moves(*rows):
    frame = pd.DataFrame(rows, columns=MOVE)
    return frame.assign(closed_on=frame["closed_on"].map(day), opened_on=frame["opened_on"].map(day))


def occupancies(rows):
    columns = ["shop_unit_id", "from_on", "to_on", "occupant_name", "moved_from_unit_id"]
    frame = pd.DataFrame(rows, columns=columns)
    for name in ("from_on", "to_on"):
        frame[name] = DAY + pd.to_timedelta(frame[name].astype(float), unit="D")
    return frame.astype({"moved_from_unit_id": float})


def test_a_chain_of_three_fills_one_unit_and_empties_one():
    # Anna leaves A for B on day 30, which Bert left for C on day 10, which Carl left for D on day 0.
    (chain,) = chain_moves(moves(("A", "B", 28, 30), ("B", "C", 8, 10), ("C", "D", 0, 2))).to_dict("records")
    assert chain["move_ids"] == [2, 1, 0]
    assert (chain["emptied_unit_ids"], chain["filled_unit_ids"]) == (["A"], ["D"])
    assert (chain["n_net"], chain["n_moves"], chain["n_units"], chain["is_cycle"]) == (0, 3, 4, False)


def test_two_shops_that_change_places_change_nothing():
    (chain,) = chain_moves(moves(("A", "B", 0, 5), ("B", "A", 1, 6))).to_dict("records")
    assert (chain["emptied_unit_ids"], chain["filled_unit_ids"], chain["is_cycle"]) == ([], [], True)
    (ring,) = chain_moves(moves(("A", "B", 0, 9), ("B", "C", 1, 8), ("C", "A", 2, 7))).to_dict("records")
    assert (ring["is_cycle"], ring["n_net"], ring["n_moves"]) == (True, 0, 3)


def test_moves_that_share_no_unit_or_no_time_are_no_chain():
    apart = chain_moves(moves(("A", "B", 0, 5), ("C", "D", 0, 5)))
    assert len(apart) == 2
    long_after = moves(("A", "B", 0, 5), ("B", "C", 800, 805))
    assert len(chain_moves(long_after)) == 2
    assert len(chain_moves(long_after, within_days=800)) == 1
    # Two that fill the same place after each other are not linked by that.
    assert len(chain_moves(moves(("A", "B", 0, 5), ("C", "B", 90, 95)))) == 2
    assert chain_moves(moves()).empty


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 900)), min_size=1, max_size=14)
)
@settings(max_examples=30, deadline=None)
def test_chains_share_out_the_moves_and_each_counts_as_zero(rows):
    made = [(a, b, on, on + 5) for a, b, on in rows if a != b]
    if not made:
        return
    frame = moves(*made)
    chains = chain_moves(frame)
    assert sorted(key for keys in chains["move_ids"] for key in keys) == list(frame.index)
    assert (chains["n_net"] == 0).all()
    balance = frame["to_unit_id"].value_counts().sub(frame["from_unit_id"].value_counts(), fill_value=0)
    for _, chain in chains.iterrows():
        assert len(set(chain["emptied_unit_ids"]) & set(chain["filled_unit_ids"])) == 0
        assert bool(chain["emptied_unit_ids"]) == bool(chain["filled_unit_ids"])
    if len(chains) == 1:
        assert chains["filled_unit_ids"][0] == sorted(balance.index[balance > 0])


ROWS = [
    (1, 0, 100, "Bakkerij Jan", None),
    (2, 110, None, "BAKKERIJ JAN BV", None),
    (3, 0, 400, "Mode An", None),
    (1, 410, None, "Mode An", None),
    (4, 90, None, "Nieuw", None),
    (5, 0, 300, "Weg", None),
]


def test_a_shop_that_closes_here_and_opens_there_under_its_name_is_proposed():
    found = propose_moves(occupancies(ROWS))
    assert found[["from_occupancy_id", "from_unit_id", "to_unit_id", "gap_days"]].to_dict("index") == {
        1: {"from_occupancy_id": 0, "from_unit_id": 1, "to_unit_id": 2, "gap_days": 10},
        3: {"from_occupancy_id": 2, "from_unit_id": 3, "to_unit_id": 1, "gap_days": 10},
    }
    assert plain_name("Café 't Hoekske, B.V.") == "cafe t hoekske b v"
    assert plain_name(None) == ""


def test_a_proposal_needs_a_name_a_time_and_another_unit():
    too_late = [(1, 0, 100, "Jan Jansen", None), (2, 400, None, "Jan Jansen", None)]
    same_unit = [(1, 0, 100, "Jan Jansen", None), (1, 120, None, "Jan Jansen", None)]
    nameless = [(1, 0, 100, None, None), (2, 110, None, None, None)]
    for rows in (too_late, same_unit, nameless):
        assert propose_moves(occupancies(rows)).empty
    # Of two that closed under one name the nearer in time is the one that moved.
    two = [(1, 0, 60, "Keten", None), (2, 0, 98, "Keten", None), (3, 100, None, "Keten", None)]
    assert propose_moves(occupancies(two))["from_unit_id"].tolist() == [2]


def test_the_unit_that_was_left_is_known_with_what_ended_there():
    rows = [*ROWS, (6, 120, None, "Weg en Terug", 1)]
    found = told_moves(occupancies(rows))
    assert found.to_dict("index")[6]["from_occupancy_id"] == 0
    told = [(*row[:4], 3 if row[0] == 1 and row[1] == 410 else None) for row in ROWS]
    (only,) = told_moves(occupancies(told)).to_dict("records")
    assert (only["from_unit_id"], only["to_unit_id"], only["gap_days"]) == (3, 1, 10)
    nothing_ended = [(1, 0, None, "Jan", None), (2, 110, None, "Jan", 1)]
    assert told_moves(occupancies(nothing_ended)).empty


def test_moves_inside_count_as_zero_and_what_is_left_is_new_or_lost():
    rows = occupancies(ROWS)
    known = propose_moves(rows)
    told = net_occupancies(rows, known, from_on=dt.date(2020, 1, 2), until=dt.date(2022, 1, 1))
    assert told == {
        "n_openings": 3, "n_closures": 3, "n_moved_in": 2, "n_moved_out": 2,
        "n_new": 1, "n_lost": 1, "n_net": 0, "n_change": 0,
    }  # fmt: skip


history = st.lists(
    st.tuples(st.integers(0, 5), st.integers(1, 300), st.integers(1, 300), st.sampled_from("abcd")),
    min_size=2,
    max_size=14,
)


@given(history, st.integers(0, 1500), st.integers(1, 700), st.data())
@settings(max_examples=30, deadline=None)
def test_the_net_is_the_change_in_trading_units_however_many_moves_are_known(rows, first, length, data):
    ends = dict.fromkeys(range(6), 0)
    made = []
    for unit, gap, lasts, name in rows:
        start = ends[unit] + gap
        ends[unit] = start + lasts
        made.append((unit, start, ends[unit], f"shop {name}", None))
    frame = occupancies(made)
    known = propose_moves(frame)
    some = known.loc[np.array([data.draw(st.booleans()) for _ in range(len(known))], dtype=bool)]
    start, end = day(first), day(first + length)

    def trading(on):
        return int(((frame["from_on"] < on) & (frame["to_on"] >= on)).sum())

    every = [net_occupancies(frame, each, from_on=start, until=end) for each in (known.iloc[:0], some, known)]
    for told in every:
        assert told["n_change"] == trading(end) - trading(start)
        assert told["n_net"] == told["n_change"] - told["n_moved_in"] + told["n_moved_out"]
    whole = net_occupancies(frame, known, from_on=day(-1), until=day(9000))
    assert whole["n_net"] == whole["n_change"] == 0
    assert whole["n_moved_in"] == whole["n_moved_out"] == len(known)


def test_the_flows_of_three_spells_are_counted_on_paper():
    spells = pd.DataFrame(
        {
            "start_earliest_on": pd.to_datetime(["2023-05-01", "2023-01-01", None]),
            "start_latest_on": pd.to_datetime(["2023-05-01", "2024-12-31", "2023-02-01"]),
            "start_basis": ["exact", "between_visits", "first_seen"],
            "ended_on": pd.to_datetime(["2024-06-01", None, "2025-01-05"]),
            "end_reason": ["let", None, "converted"],
            "watched_from_on": pd.NaT,
        }
    )
    told = vacancy_flows(spell_lengths(spells, on=ON), spells["ended_on"], on=ON)
    # The second began between the first day of 2023 and the last of 2024: the middle is the first of 2024.
    assert told.drop(columns="is_partial").to_dict("index") == {
        2023: _year(0, 1, 1, 0, 0, 2, 1), 2024: _year(2, 1, 0, 1, 0, 2, 0),
        2025: _year(2, 0, 0, 0, 1, 1, -1), 2026: _year(1, 0, 0, 0, 0, 1, 0),
    }  # fmt: skip
    assert told["is_partial"].tolist() == [True, False, False, True]


def _year(*values):
    names = ["n_vacant_start", "n_inflow", "n_first_seen", "n_let", "n_withdrawn", "n_vacant_end", "n_net"]
    return dict(zip(names, values, strict=True))


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_the_flows_always_close(seed):
    spells = drawn_spells(np.random.default_rng(seed), 40)
    lengths = spell_lengths(spells, on=ON)
    told = vacancy_flows(lengths, spells["ended_on"], on=ON)
    change = told["n_inflow"] + told["n_first_seen"] - told["n_let"] - told["n_withdrawn"]
    assert (told["n_vacant_end"] == told["n_vacant_start"] + change).all()
    assert told["n_vacant_end"].iloc[-1] == (lengths["state"] == "running").sum()
    assert (told["n_vacant_start"].iloc[1:].to_numpy() == told["n_vacant_end"].iloc[:-1].to_numpy()).all()
    assert vacancy_flows(lengths.iloc[:0], spells["ended_on"].iloc[:0], on=ON).empty


def test_a_frame_of_moves_without_a_column_is_refused_by_name():
    with pytest.raises(FrameError, match="opened_on"):
        chain_moves(moves(("A", "B", 0, 5)).drop(columns="opened_on"))
    with pytest.raises(FrameError, match="occupant_name"):
        propose_moves(occupancies(ROWS).drop(columns="occupant_name"))
