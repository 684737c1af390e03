"""Events with their effects: the list, one study, all years side by side, and what a refresh stores."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from api import __version__
from api.db.session import as_application
from api.dependencies import LANGUAGES
from api.errors import NotAnswerable, NotFound
from api.event import queries, register
from api.event.answers import headline, stored_row, told
from api.event.counted import Counted
from api.event.moments import Held, series_key
from api.event.parts import parts
from api.event.study import Study, make_study
from api.event.words import effect_sentence, forecast_sentence
from api.geojson import collection, feature
from api.numbers import known
from gis.event_answer import Effect
from gis.event_parts import pooled_effect

# A refresh looks no further back, and no further than this many times: the rest is measured when it is asked.
REFRESH_DAYS, REFRESH_MOST = 1100, 80
MOST_EDITIONS = 24
SHOWN = (
    "id", "name", "kind", "starts_at", "ends_at", "recurring_rule", "cost_net_eur", "organiser", "streets", "reach_m",
    "note", "source", "version",
)  # fmt: skip


def list_events(session: Session, nis_code: str) -> dict[str, Any]:
    """
    All events with every time they were or will be held, and the effect where it was measured.

    Every week again is told once, with the number of times.
    """
    counted = Counted(session, nis_code)
    version = queries.data_version(session, nis_code)
    stored: dict[int, dict[date, Mapping[str, Any]]] = {}
    for row in queries.effects(session, nis_code):
        stored.setdefault(row["event_id"], {})[row["occurs_on"]] = row
    items = []
    for event in queries.events(session, [nis_code]):
        is_regular = counted.is_regular(event)
        times = counted.held(event)
        shown = times[-1:] if is_regular else times[-60:]
        items.append(
            {
                **_event(event),
                "is_regular": is_regular,
                "times": len(times),
                "held": [_held(held, stored.get(event["id"], {}), version) for held in shown],
            }
        )
    days = [known(day) for day in (counted.last_on, counted.today)]
    return {
        "counted_to": days[0],
        "today": days[1],
        "sensors": int((counted.sensors["nis_code"] == nis_code).sum()) if len(counted.sensors) else 0,
        "items": items,
    }


def _event(event: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: event[name] for name in SHOWN},
        "has_area": event["has_area"],
        "has_place": event["geometry"] is not None,
    }


def _held(held: Held, stored: Mapping[date, Mapping[str, Any]], version: int) -> dict[str, Any]:
    row = stored.get(held.first_on)
    effect = None
    if row is not None:
        effect = {**_stored(row), **_sentences(row), "is_stale": _is_stale(row, version)}
    return {"first_on": held.first_on, "last_on": held.last_on, "hours": list(held.hours), "effect": effect}


def _stored(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("verdict", "reason", "method", "effect_share", "lower_share", "upper_share", "level_share", "p_value",
             "smallest_share", "observed", "expected", "treated", "controls", "placebos", "cost_per_extra_eur",
             "computed_at", "last_on")  # fmt: skip
    return {name: row[name] for name in names}


def _sentences(row: Mapping[str, Any]) -> dict[str, str]:
    return {f"sentence_{language}": effect_sentence(row, language) for language in LANGUAGES}


def _is_stale(row: Mapping[str, Any], version: int) -> bool:
    return bool(row["data_version"] != version or row["code_version"] != __version__)


def get_event(session: Session, event_id: int) -> dict[str, Any]:
    """
    One event with its place, for its form.

    Raises
    ------
    NotFound
        When it does not exist.
    """
    row = register.get_row(session, event_id)
    return {**_event(row), "nis_code": row["nis_code"], "geometry": feature(row)["geometry"]}


def get_choices(session: Session, nis_code: str) -> dict[str, Any]:
    """Kinds of events, and streets and cores to choose from."""
    return {
        "kinds": queries.kinds(session),
        "streets": queries.street_names(session, nis_code),
        "cores": [
            {**core, "geometry": feature(core)["geometry"]} for core in queries.cores(session, nis_code)
        ],
    }


def get_effect(session: Session, event_id: int, on: date | None) -> dict[str, Any]:
    """
    The whole study of one time an event was held, measured now where it was not yet or where data changed since.

    Raises
    ------
    NotFound
        When there is no such event, or it was not held on that day.
    """
    event = register.get_row(session, event_id)
    with as_application(session):
        counted = Counted(session, event["nis_code"])
        held = _time_on(counted, event, on)
        row = _measured(counted, event, held)
        times = [{"first_on": one.first_on, "last_on": one.last_on} for one in counted.held(event)][-60:]
    return {
        "event": {**_event(event), "nis_code": event["nis_code"], "geometry": feature(event)["geometry"]},
        "first_on": held.first_on,
        "held_to": held.last_on,
        "times": times,
        **_stored(row),
        **_sentences(row),
        "parameters": row["parameters"],
        **row["result"],
        "forecast": _second(row["result"]["forecast"]),
    }


def _measured(counted: Counted, event: Mapping[str, Any], held: Held) -> Mapping[str, Any]:
    """The answer that is kept, measured anew where there is none or data changed since."""
    session = counted.session
    version = queries.data_version(session, event["nis_code"])
    row = queries.effect(session, event["id"], held.first_on)
    # An answer of before there was a forecast beside it lacks that.
    if row is None or "forecast" not in (row["result"] or {}) or _is_stale(row, version):
        study = make_study(counted, event, held)
        found = parts(counted, study)
        is_kept = found["forecast"]["agreement"] != "against"
        answer = headline(study)
        result = found | {name: answer[name] if is_kept else None for name in ("extra", "cost_per_extra")}
        _store(session, study, result, version)
        row = queries.effect(session, event["id"], held.first_on)
        assert row is not None
    return row


def _second(found: Mapping[str, Any]) -> dict[str, Any]:
    """The estimate against the forecast, with its sentences."""
    return {
        **found,
        **{f"sentence_{language}": forecast_sentence(found, language) for language in LANGUAGES},
    }


def _time_on(counted: Counted, event: Mapping[str, Any], on: date | None) -> Held:
    """The time that was asked for; else the last that can be judged, else the next."""
    times = counted.held(event)
    if on is not None:
        times = [held for held in times if held.first_on == on]
    if not times:
        day = f"on {on}" if on else "since anything was counted"
        raise NotFound(
            f"{event['name']} was not held {day}.", "GET /api/events?municipality=NIS lists when it was."
        )
    past = [held for held in times if counted.last_on is not None and held.first_on <= counted.last_on]
    return past[-1] if past else times[0]


def _store(session: Session, study: Study, result: dict[str, Any] | None, version: int) -> None:
    row = {**stored_row(study, result), "data_version": version, "code_version": __version__}
    queries.store_effect(session, row)


def get_editions(session: Session, event_id: int) -> dict[str, Any]:
    """
    Every time of an event and of its namesakes of other years side by side, and what they say together.

    Raises
    ------
    NotFound
        When it does not exist.
    NotAnswerable
        When it comes every week, so that there is nothing to compare with.
    """
    event = register.get_row(session, event_id)
    with as_application(session):
        return _editions(session, event)


def _editions(session: Session, event: Mapping[str, Any]) -> dict[str, Any]:
    counted = Counted(session, event["nis_code"])
    if counted.is_regular(event):
        raise NotAnswerable(
            f"{event['name']} is held every week, so no week without it is left to compare with.",
            "Look at a week in which it was cancelled, entered as an event of its own.",
        )
    studies = [
        make_study(counted, one, held)
        for one in queries.events(session, [event["nis_code"]])
        if series_key(one) == series_key(event)
        for held in counted.held(one)
        if counted.last_on is not None and held.first_on <= counted.last_on
    ][-MOST_EDITIONS:]
    version = queries.data_version(session, event["nis_code"])
    items = []
    for study in studies:
        row = queries.effect(session, study.event["id"], study.held.first_on)
        if row is None or _is_stale(row, version):
            _store(session, study, None, version)
            row = stored_row(study, None)
        items.append(_edition(study, row))
    together = pooled_effect([study.effect for study in studies])
    return {
        "event": _event(event),
        "items": items,
        "together": _together(together, studies),
    }


def _edition(study: Study, row: Mapping[str, Any]) -> dict[str, Any]:
    names = (
        "verdict",
        "reason",
        "method",
        "treated",
        "controls",
        "placebos",
        "observed",
        "expected",
        "p_value",
    )
    return {
        "event_id": study.event["id"],
        "first_on": study.held.first_on,
        "held_to": study.held.last_on,
        "cost_net_eur": study.event["cost_net_eur"],
        **{name: row[name] for name in names},
        **{f"{name}_share": row[f"{name}_share"] for name in ("effect", "lower", "upper", "level")},
        "cost_per_extra": None if row["reason"] == "contradicted" else headline(study)["cost_per_extra"],
        **_sentences(row),
    }


def _together(effect: Effect, studies: list[Study]) -> dict[str, Any]:
    used = sum(study.effect.verdict != "not_measurable" for study in studies)
    answer = told(effect)
    row = {
        "verdict": effect.verdict, "reason": effect.reason, "effect_share": answer["share"],
        "lower_share": answer["lower"], "upper_share": answer["upper"], "level_share": effect.level,
        "smallest_share": known(float(np.expm1(effect.smallest))),
    }  # fmt: skip
    return {**row, "p_value": known(effect.p_value), "editions": used, **_sentences(row)}


def refresh_effects(
    session: Session, nis_code: str, *, version: int, counted_at: Callable[[int, int], None] = lambda *_: None
) -> dict[str, int]:
    """
    Measure every event of the last three years anew, its headline only; the parts follow when somebody asks.

    Parameters
    ----------
    version
        Data version the effects are of.
    counted_at
        Told how many times are done, of how many.

    Returns
    -------
    How many were measured, and of how many.
    """
    counted = Counted(session, nis_code)
    times = list(_recent(counted))
    measured = 0
    for number, (event, held) in enumerate(times):
        study = make_study(counted, event, held)
        _store(session, study, None, version)
        measured += study.effect.verdict != "not_measurable"
        counted_at(number + 1, len(times))
    for event_id, held_times in groupby(times, key=lambda one: one[0]["id"]):
        queries.drop_effects(session, event_id, but=[held.first_on for _, held in held_times])
    return {"times": len(times), "measured": measured}


def _recent(counted: Counted) -> Iterable[tuple[Mapping[str, Any], Held]]:
    since = counted.today - timedelta(days=REFRESH_DAYS)
    found = [
        (event, held)
        for event in counted.events
        if event["nis_code"] == counted.nis_code and not counted.is_regular(event)
        for held in counted.held(event)
        if held.last_on >= since and counted.last_on is not None and held.first_on <= counted.last_on
    ]
    found.sort(key=lambda one: one[1].first_on)
    return sorted(found[-REFRESH_MOST:], key=lambda one: (one[0]["id"], one[1].first_on))


def events_geojson(session: Session, nis_code: str) -> dict[str, Any]:
    """Events on the map, each with the effect of the last time it was measured."""
    last: dict[int, Mapping[str, Any]] = {row["event_id"]: row for row in queries.effects(session, nis_code)}
    features = []
    for event in queries.events(session, [nis_code]):
        row = last.get(event["id"])
        names = (
            "occurs_on",
            "verdict",
            "effect_share",
            "lower_share",
            "upper_share",
            "level_share",
            "reason",
            "method",
        )
        effect = {name: row[name] if row else None for name in names}
        sentences = _sentences(row) if row else {f"sentence_{code}": None for code in LANGUAGES}
        shown = {name: event[name] for name in SHOWN if name not in {"id", "version"}}
        features.append(
            feature({"id": event["id"], "geometry": event["geometry"], **shown, **effect, **sentences})
        )
    return collection(features)
