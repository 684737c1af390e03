"""An item with both sides, what we would do, and what would be written if the other source is right."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.dependencies import Language
from api.geojson import Row
from api.worklist.sentences import SOURCES, day, said

Labels = Mapping[tuple[str, str], str]
SETTLED_BY_HAND = ("survey_right", "register_right", "next_round", "not_same")
# What may be decided of each kind: only where another source speaks can it be right, or be about another unit.
VERDICTS: Mapping[str, tuple[str, ...]] = {
    "vacant_active": SETTLED_BY_HAND,
    "occupied_ended": SETTLED_BY_HAND,
    "other_branch": SETTLED_BY_HAND,
    "vacant_hint": SETTLED_BY_HAND,
    "state_unknown": ("next_round", "register_right"),
    "temporary_clash": ("next_round", "survey_right"),
    "same_occupant": ("next_round", "survey_right"),
    "unplaced": ("next_round", "survey_right"),
    "stale": ("next_round",),
}
OTHER_SOURCE = {"temporary_clash": "history", "same_occupant": "survey", "unplaced": "streets"}


@dataclass(frozen=True)
class Telling:
    """In which words an item is told, on which day."""

    language: Language
    labels: Labels
    today: date


def item(row: Row, telling: Telling) -> dict[str, Any]:
    """One item of the list as the API gives it."""
    decision = None
    if row["decision_id"] is not None:
        decision = {"id": row["decision_id"], "by": row["decided_by"], "at": row["decided_at"]}
        decision |= {"verdict": row["verdict"], "reason": row["reason"]}
    return {
        **row,
        "survey": _survey(row, telling),
        "other": _other(row, telling),
        "suggestion": suggestion(row),
        "verdicts": VERDICTS[row["kind"]],
        "change": change(row, telling.today),
        "decision": decision,
    }


def suggestion(row: Row) -> str:
    """
    What we would decide: the newer source is right, unless its word is older than the state it contradicts.

    A company that began after the last visit is news; one that began before the vacancy was probably never struck off.
    """
    facts, seen = row["facts"], row["last_seen_on"]
    if row["kind"] == "vacant_active":
        started = _day(facts["active"][0]["started_on"])
        if _is_after(started, seen):
            return "register_right"
        return "next_round" if started is None or _is_after(started, _day(facts["since"])) else "survey_right"
    if row["kind"] == "occupied_ended":
        return "register_right" if _is_after(_day(row["told"]["ended_on"]), seen) else "survey_right"
    if row["kind"] == "other_branch":
        newer = _is_after(_day(facts["active"][0]["started_on"]), seen)
        return "register_right" if newer else "next_round"
    if row["kind"] == "vacant_hint":
        return "register_right" if _is_after(_day(facts["checked_on"]), seen) else "next_round"
    return "next_round"


def change(row: Row, today: date) -> dict[str, Any] | None:
    """What would be written if the other source is right, to be looked over by a person; None: it says no state."""
    kind, facts, seen = row["kind"], row["facts"], row["last_seen_on"]
    if "register_right" not in VERDICTS[kind]:
        return None
    if kind == "occupied_ended":
        return _change("vacant", _since(_day(row["told"]["ended_on"]), seen, today))
    if kind == "vacant_hint":
        return _change("occupied", _since(_day(facts["checked_on"]), seen, today), name=facts["name"])
    active = facts.get("active") or []
    if not active:
        return _change("vacant", today)
    first = active[0]
    on = _since(_day(first["started_on"]), seen, today)
    return _change("occupied", on, name=first["name"], group=first["groups"][0])


def _change(state: str, on: date, *, name: str | None = None, group: str | None = None) -> dict[str, Any]:
    return {"state": state, "on": on, "occupant_name": name, "branch_group": group}


def _since(known: date | None, seen: date | None, today: date) -> date:
    """The day the other source names, where nobody saw the unit otherwise after it; else today."""
    if known is None or known > today or (seen is not None and known <= seen):
        return today
    return known


def _survey(row: Row, telling: Telling) -> dict[str, Any]:
    language = telling.language
    if row["kind"] == "stale":
        says = [said("never_seen", language)]
        if row["last_seen_on"] is not None:
            seen = day(row["last_seen_on"])
            says = [said("seen_months", language, day=seen, n=row["seen_months_ago"])]
        says.append(_state(row, telling))
    else:
        says = [_state(row, telling)]
    name = SOURCES["survey"][language]
    return {
        "source": f"{name} ({row['survey']})" if row["survey"] else name,
        "observed_on": row["last_seen_on"],
        "says": says,
    }


def _state(row: Row, telling: Telling) -> str:
    language = telling.language
    if row["state"] == "vacant":
        since = row["vacant_latest_on"]
        return (
            said("vacant_since", language, day=day(since)) if since is not None else said("vacant", language)
        )
    if row["state"] != "occupied":
        return said(row["state"], language)
    group = telling.labels.get(("branch_group", row["branch_group"]))
    what = ", ".join(part for part in (row["occupant_name"], group) if part) or said("no_name", language)
    sentence = said("occupied", language, what=what)
    if row["occupied_since"] is None:
        return sentence
    return said("since", language, what=sentence, day=day(row["occupied_since"]))


def _other(row: Row, telling: Telling) -> dict[str, Any] | None:
    """What the other source says, None where there is none."""
    facts, told, language = row["facts"], row["told"], telling.language
    kind = row["kind"]
    if kind == "vacant_hint":
        what = ", ".join(part for part in (facts["name"], facts["shop"].split("=")[-1]) if part)
        says = [said("open", language, what=what)]
        return {
            "source": told["source"] or "OpenStreetMap",
            "observed_on": _day(facts["checked_on"]) or _day(told["snapshot_on"]),
            "says": says,
        }
    if listed := facts.get("active") or facts.get("ended"):
        return {
            "source": SOURCES["register"][language],
            "observed_on": _day(told["snapshot_on"]),
            "says": [_establishment(one, telling) for one in listed],
        }
    if kind not in OTHER_SOURCE:
        return None
    if kind == "same_occupant":
        others = [one["address"] for one in facts["units"] if one["id"] != row["shop_unit_id"]]
        says = [said("also_at", language, what=address) for address in others]
    elif kind == "temporary_clash":
        says = [said(facts["why"], language, what=facts["name"] or said("no_name", language))]
    else:
        says = [said(why, language, what=facts["street"]) for why in facts["why"]]
    return {"source": SOURCES[OTHER_SOURCE[kind]][language], "observed_on": None, "says": says}


def _establishment(one: Mapping[str, Any], telling: Telling) -> str:
    language = telling.language
    activity = telling.labels.get((f"nace_{one['nace_version']}", one["nace_prefix"]))
    parts = [
        one["name"] or said("person", language),
        activity,
        said("number", language, number=one["number"]),
    ]
    what = ", ".join(part for part in parts if part)
    if one["ended_on"] is not None:
        return said("ended", language, what=what, day=day(one["ended_on"]))
    sentence = said("active", language, what=what)
    if one["started_on"] is None:
        return sentence
    return said("since", language, what=sentence, day=day(one["started_on"]))


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _is_after(one: date | None, other: date | None) -> bool:
    return one is not None and (other is None or one > other)
