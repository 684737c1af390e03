"""Moves inside the municipality: chained, netted out per year, proposed, and decided by people."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from api.errors import Malformed, NotAnswerable, NotFound
from api.numbers import known
from api.vacancy import durations, histories, queries
from gis.moves import chain_moves, net_occupancies, propose_moves, told_moves

MOST_PROPOSALS = 100
WAY_OUT = "GET /api/vacancy/chains?municipality=... lists proposals and decisions."


class _Words:
    """Addresses of units and names of occupants, as a chain shows them."""

    def __init__(self, occupancies: pd.DataFrame) -> None:
        units = occupancies.drop_duplicates("shop_unit_id").set_index("shop_unit_id")
        self._addresses = units["address"].to_dict()
        self._names = occupancies["occupant_name"].to_dict()

    def place(self, unit_id: Any) -> dict[str, Any]:
        """A unit."""
        return {"shop_unit_id": int(unit_id), "address": self._addresses.get(unit_id)}

    def move(self, key: Any, row: pd.Series) -> dict[str, Any]:
        """A move, by the key of the new occupancy."""
        return {
            "occupancy_id": int(key),
            "name": self._names.get(key),
            "from": self.place(row["from_unit_id"]),
            "to": self.place(row["to_unit_id"]),
            "closed_on": _day(row["closed_on"]),
            "opened_on": _day(row["opened_on"]),
        }

    def chain(self, row: pd.Series, moves: pd.DataFrame) -> dict[str, Any]:
        """A chain with its moves."""
        return {
            "moves": [self.move(key, moves.loc[key]) for key in row["move_ids"]],
            "emptied": [self.place(unit) for unit in row["emptied_unit_ids"]],
            "filled": [self.place(unit) for unit in row["filled_unit_ids"]],
            "is_cycle": bool(row["is_cycle"]),
            "n_net": int(row["n_net"]),
            "from_on": _day(row["from_on"]),
            "to_on": _day(row["to_on"]),
        }


def get_chains(session: Session, nis_code: str) -> dict[str, Any]:
    """Chains of moves, newest first; openings and closures per year with moves counted as zero; proposals."""
    occupancies = histories.occupancies(session, nis_code)
    moves = told_moves(occupancies)
    decided = [dict(row) for row in histories.decisions(session, nis_code)]
    words = _Words(occupancies)
    proposed = _proposals(occupancies, moves, decided)
    return {
        "chains": [words.chain(row, moves) for _, row in chain_moves(moves).iterrows()],
        "years": _years(session, nis_code, occupancies, moves),
        "proposals": [
            {**words.move(key, row), "gap_days": int(row["gap_days"])}
            for key, row in proposed.head(MOST_PROPOSALS).iterrows()
        ],
        "n_proposals": len(proposed),
        "decided": decided,
        **queries.sources(session, nis_code),
    }


def _day(value: Any) -> date | None:
    found = known(value)
    return None if found is None else pd.Timestamp(found).date()


def _proposals(occupancies: pd.DataFrame, moves: pd.DataFrame, decided: list[dict[str, Any]]) -> pd.DataFrame:
    """What nobody decided on yet, the newest first; an old place of a known move is no other shop's."""
    is_free = ~occupancies.index.isin(moves.index)
    has_left = occupancies.index.isin(moves["from_occupancy_id"])
    open_rows = occupancies.assign(to_on=occupancies["to_on"].where(~has_left))
    found = propose_moves(open_rows[is_free | occupancies["to_on"].notna().to_numpy()])
    refused = {(row["occupancy_id"], row["from_unit_id"]) for row in decided if not row["is_confirmed"]}
    keep = [
        key not in moves.index and (key, unit) not in refused
        for key, unit in zip(found.index, found["from_unit_id"], strict=True)
    ]
    return found[pd.Series(keep, index=found.index, dtype=bool)].sort_values("opened_on", ascending=False)


def _years(
    session: Session, nis_code: str, occupancies: pd.DataFrame, moves: pd.DataFrame
) -> list[dict[str, Any]]:
    table, today = durations.flows(session, nis_code)
    # A shop that was there when somebody first looked did not open that day.
    is_opening = occupancies["start_basis"] != "first_seen"
    watched = occupancies.assign(from_on=occupancies["from_on"].where(is_opening))
    ends = {year: min(date(year + 1, 1, 1), today) for year in table.index}
    return [
        {
            "year": int(year),
            "is_partial": bool(table.loc[year, "is_partial"]),
            **net_occupancies(watched, moves, from_on=date(year, 1, 1), until=end),
        }
        for year, end in ends.items()
    ]


def decide(session: Session, occupancy_id: int, from_unit_id: int, *, is_confirmed: bool) -> dict[str, Any]:
    """
    Keep what a person says of a move: it is the same shop, or it is not.

    Raises
    ------
    NotFound
        When the occupancy or the unit does not exist in one municipality.
    Malformed
        When the unit is the one it would have moved to.
    NotAnswerable
        When another unit is already known as the one that was left.
    """
    row, unit = histories.occupancy(session, occupancy_id), histories.unit_place(session, from_unit_id)
    if row is None or unit is None or unit["nis_code"] != row["nis_code"]:
        raise NotFound("There is no such occupancy and unit in one municipality.", WAY_OUT, code="move_gone")
    if row["shop_unit_id"] == from_unit_id:
        raise Malformed("A shop does not move to where it is.", "Name the unit that was left.")
    earlier = row["moved_from_unit_id"]
    if is_confirmed and earlier is not None and earlier != from_unit_id:
        raise NotAnswerable(
            "Another unit is already known as the one that was left.",
            "Take that back first.",
            code="left_another",
        )
    if is_confirmed or earlier == from_unit_id:
        histories.set_moved_from(session, occupancy_id, from_unit_id if is_confirmed else None)
    key = histories.decide(session, row["nis_code"], occupancy_id, from_unit_id, is_confirmed=is_confirmed)
    return next(dict(one) for one in histories.decisions(session, row["nis_code"]) if one["id"] == key)


def take_back(session: Session, decision_id: int) -> None:
    """
    Forget a decision: the move is a proposal again.

    Raises
    ------
    NotFound
        When there is no such decision.
    """
    row = histories.take_back(session, decision_id)
    if row is None:
        raise NotFound(f"There is no decision {decision_id}.", WAY_OUT, code="decision_gone")
    if row["is_confirmed"]:
        histories.set_moved_from(session, row["occupancy_id"], None)


COLUMNS = (
    "chain", "n_net", "is_cycle", "name", "from_address", "to_address", "closed_on", "opened_on", "source",
    "surveyed_on",
)  # fmt: skip


def rows(session: Session, nis_code: str) -> Iterator[dict[str, Any]]:
    """One row per move, with the number of its chain."""
    found = get_chains(session, nis_code)
    for number, chain in enumerate(found["chains"], start=1):
        for move in chain["moves"]:
            yield {
                **move,
                "chain": number,
                "n_net": chain["n_net"],
                "is_cycle": chain["is_cycle"],
                "from_address": move["from"]["address"],
                "to_address": move["to"]["address"],
                "source": found["source"],
                "surveyed_on": found["surveyed_on"],
            }
