"""Studies of events as files, each with its name; what a licence forbids is refused."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from api.dependencies import Language
from api.event import queries, service
from api.event.page import effect_page
from api.export import service as export
from api.vacancy.files import CSV, PDF, XLSX, File
from api.vacancy.tables import to_csv, to_workbook

ANSWER = (
    "event", "kind", "first_on", "last_on", "verdict", "reason", "method", "effect_share", "lower_share",
    "upper_share", "level_share", "p_value", "smallest_share", "observed", "expected", "treated", "controls",
    "placebos", "forecast_share", "forecast_lower", "forecast_upper", "forecast_reason", "agreement", "cost_net_eur",
    "cost_per_extra_eur", "counted_from", "counted_to", "computed_at",
)  # fmt: skip
SERIES = ("day", "observed", "expected", "lower", "upper", "is_event")
HOURS = ("hour", "observed", "expected", "lower", "upper")
SENSORS = (
    "sensor_id", "name", "town", "role", "is_used", "distance_m", "verdict", "reason", "share", "lower", "upper",
    "lon", "lat",
)  # fmt: skip
EDITIONS = (
    "event_id", "first_on", "held_to", "verdict", "reason", "method", "effect_share", "lower_share", "upper_share",
    "level_share", "p_value", "observed", "expected", "treated", "controls", "placebos", "cost_net_eur",
    "cost_per_extra_eur",
)  # fmt: skip
LIST = (
    "id", "name", "kind", "first_on", "last_on", "verdict", "effect_share", "lower_share", "upper_share",
    "level_share", "p_value", "observed", "expected", "cost_net_eur", "cost_per_extra_eur", "sentence",
)  # fmt: skip


def effect_csv(session: Session, event_id: int, on: date | None) -> File:
    """The counted and the expected of every day around an event."""
    study = service.get_effect(session, event_id, on)
    return _named(session, study, to_csv(SERIES, study["days"]), "csv", CSV)


def effect_xlsx(session: Session, event_id: int, on: date | None) -> File:
    """The answer, days, hours, sensors, placebos and all years: a sheet each."""
    study = service.get_effect(session, event_id, on)
    sheets: dict[str, tuple[tuple[str, ...], list[dict[str, Any]]]] = {
        "answer": (ANSWER, [_answer(study)]),
        "days": (SERIES, study["days"]),
        "hours": (HOURS, study["hours"]),
        "sensors": (SENSORS, study["sensors"]),
        "placebos": (("placebo_share",), [{"placebo_share": value} for value in study["placebo_shares"]]),
    }
    if study["reason"] != "every_week":
        years = service.get_editions(session, event_id)["items"]
        sheets["editions"] = (EDITIONS, [{**row, **_cost(row)} for row in years])
    return _named(session, study, to_workbook(sheets), "xlsx", XLSX)


def effect_pdf(session: Session, event_id: int, on: date | None, language: Language) -> File:
    """One A4 page about one time an event was held."""
    study = service.get_effect(session, event_id, on)
    town = queries.town(session, study["event"]["nis_code"])
    years = [] if study["reason"] == "every_week" else service.get_editions(session, event_id)["items"]
    labels = {row["code"]: row[f"label_{language}"] for row in queries.kinds(session)}
    page = effect_page(study, years, town, language, kind=labels[study["event"]["kind"]])
    return _named(session, study, page, "pdf", PDF)


def list_csv(session: Session, nis_code: str, language: Language) -> File:
    """All events with every time they were held and its effect."""
    rows = [
        {
            **event, "first_on": held["first_on"], "last_on": held["last_on"],
            **{key: value for key, value in (held["effect"] or {}).items() if key != "last_on"},
            "sentence": (held["effect"] or {}).get(f"sentence_{language}"),
        }
        for event in service.list_events(session, nis_code)["items"]
        for held in event["held"]
    ]  # fmt: skip
    name = export.file_name(session, "events", nis_code, "csv")
    return File(to_csv(LIST, rows), name, CSV)


def _answer(study: Mapping[str, Any]) -> dict[str, Any]:
    event = study["event"]
    computed = study["computed_at"].isoformat()
    second = study["forecast"]
    beside = {f"forecast_{name}": second[name] for name in ("share", "lower", "upper", "reason")}
    return {
        **study, "event": event["name"], "kind": event["kind"], "cost_net_eur": event["cost_net_eur"],
        **_cost(study), **beside, "agreement": second["agreement"], "computed_at": computed,
    }  # fmt: skip


def _cost(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"cost_per_extra_eur": (row["cost_per_extra"] or {}).get("value")}


def _named(session: Session, study: Mapping[str, Any], content: bytes, ending: str, media_type: str) -> File:
    event = study["event"]
    what = f"event-{event['id']}-{study['first_on']}"
    return File(content, export.file_name(session, what, event["nis_code"], ending), media_type)
