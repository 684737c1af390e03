"""Matches as a table that a spreadsheet opens."""

from sqlalchemy.orm import Session

from api.export import service as export
from api.match import service
from api.match.facts import Offer
from api.vacancy.files import CSV, File
from api.vacancy.tables import to_csv

COLUMNS = (
    "verdict", "rank", "rank_best", "rank_worst", "shop_unit_id", "address", "joined_with", "core", "offer",
    "expected_on", "floor_area_m2", "soft_met", "soft", "score", "failed", "unknown",
)  # fmt: skip


def matches_csv(session: Session, nis_code: str, key: str, offer: Offer) -> File:
    """
    Units on offer ranked for a profile, and behind them those that would do together.

    Raises
    ------
    NotFound
        When there is no such profile.
    NotYours
        When a licence does not let single shop units be given to others.
    """
    export.check(session, "shop-units", nis_code)
    found = service.match_units(session, nis_code, key, offer)
    wishes = found["wishes"]
    rows = [{**item, **_reasons(wishes, item["answers"])} for item in found["items"]]
    for joined in found["joined"]:
        base, *others = joined["shop_units"]
        more = {"verdict": "joined", "joined_with": ", ".join(unit["address"] for unit in others)}
        rows.append({**base, **joined, **more, **_reasons(wishes, joined["answers"])})
    name = f"matches-{nis_code}-{key}.csv"
    return File(to_csv(COLUMNS, rows), name, CSV)


def _reasons(wishes: list[service.Row], answers: list[service.Row]) -> dict[str, str]:
    failed = [
        f"{wish['label_nl']}: {_number(answer['value'])}, {_asked(wish)}{'' if wish['is_hard'] else ' (zacht)'}"
        for wish, answer in zip(wishes, answers, strict=True)
        if answer["verdict"] == "failed"
    ]
    unknown = [
        wish["label_nl"]
        for wish, answer in zip(wishes, answers, strict=True)
        if answer["verdict"] == "unknown"
    ]
    return {"failed": "; ".join(failed), "unknown": "; ".join(unknown)}


def _asked(wish: service.Row) -> str:
    ends = [
        f"{sign} {_number(wish[end])}"
        for end, sign in (("low", ">="), ("high", "<="))
        if wish[end] is not None
    ]
    return f"vraagt {' en '.join(ends)}"


def _number(value: float | None) -> str:
    return "geen" if value is None else f"{value:.10g}"
