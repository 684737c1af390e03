"""One A4 page about vacancy for the council: what stands on it, and its making."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
import pandas as pd
import typst
from sqlalchemy.orm import Session

from api.dependencies import Language
from api.vacancy import clusters, queries, rates
from api.vacancy.page_map import drawn_map
from api.vacancy.page_words import WORDS, day_text, number_text, share_text, told
from api.vacancy.rates import Register

TEMPLATE = Path(__file__).parent / "page.typ"
MOST_STREETS, MOST_BREAKS, MOST_CLUSTERS = 12, 3, 2
SHOWN_YEARS = 10


def council_page(register: Register, on: date | None, language: Language) -> bytes:
    """
    The page as PDF/UA: tagged, titled and in a language, so that it can be read aloud.

    Raises
    ------
    Malformed
        When nobody can know the day.
    """
    data = page_data(register, on, language)
    made = typst.compile(
        TEMPLATE.read_bytes(),
        sys_inputs={"data": orjson.dumps(data).decode()},
        # The same letters on every machine.
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )
    assert isinstance(made, bytes)
    return made


def page_data(register: Register, on: date | None, language: Language) -> dict[str, Any]:
    """All that stands on the page, in words and numbers as they are printed."""
    day = register.checked_day(on)
    about = register.about()
    town = queries.municipality(register.session, register.asked.nis_code)
    place = town[f"name_{language}"] or town["name_nl"]
    if about["core_name"]:
        place = f"{about['core_name']} ({place})"
    table = register.rates([day])
    figures = rates.rates_row(table.iloc[0] if len(table) else None)
    is_empty = not (figures["units"]["denominator"] or figures["unknown"])
    data = {
        "lang": language,
        "words": WORDS[language],
        "title": told(language, "title", place=place),
        "subtitle": f"{told(language, 'on', day=day_text(day, language))}, {WORDS[language][about['scope']]}",
        "demo": WORDS[language]["demo"] if town["is_demo"] else None,
        "nothing": told(language, "nothing", place=place, day=day_text(day, language)) if is_empty else None,
        "sources": _sources(register, figures, about, language),
        "made": told(language, "made", day=day_text(datetime.now(UTC).date(), language)),
    }
    if is_empty:
        return data
    return data | {
        "figures": _figures(figures, language),
        "history": _history(register, day, language),
        "map": drawn_map(register, day, language),
        "durations": _durations(register, day, language),
        "streets": _streets(register, day, language),
        "clusters": None
        if day < register.today
        else _clusters(register.session, register.asked.nis_code, language),
    }


def _figures(figures: dict[str, Any], language: Language) -> dict[str, Any]:
    units, area = figures["units"], figures["floor_area"]
    has_area = area["rate"] is not None
    text = told(language, "area_none", share=share_text(area["coverage"], language, 0))
    if has_area:
        parts = {
            "n": number_text(area["numerator_m2"], language),
            "of": number_text(area["denominator_m2"], language),
        }
        text = told(language, "area", **parts)
    parts = {
        "n": number_text(units["numerator"], language),
        "of": number_text(units["denominator"], language),
    }
    unknown = told(language, "unknown", n=figures["unknown"]) if figures["unknown"] else None
    return {
        "rate": share_text(units["rate"], language),
        "units": told(language, "units", **parts),
        "rate_area": share_text(area["rate"], language) if has_area else None,
        "area": text,
        "unknown": unknown,
    }


def _history(register: Register, day: date, language: Language) -> dict[str, Any] | None:
    """Points from 0 to 1 in both directions, by stretch, with the days on which a series breaks."""
    since = pd.Timestamp(day) - pd.DateOffset(years=SHOWN_YEARS)
    told_points = rates.series(register, until=day, since=since.date())
    points = [point for point in told_points if point["rate"] is not None]
    # Before the first vacancy that somebody wrote down, the register knows only who traded.
    begin = next((i for i, point in enumerate(points) if point["numerator"]), 0)
    points = points[begin:]
    if len(points) < 2:
        return None
    first, last = points[0]["on"], points[-1]["on"]
    span = (last - first).days
    top = max(0.05, *(point["rate"] for point in points)) * 1.15
    stretches: dict[int, list[list[float]]] = {}
    for point in points:
        stretches.setdefault(point["stretch"], []).append(
            [(point["on"] - first).days / span, point["rate"] / top]
        )
    breaks = [row for row in register.breaks if first < row["on"] <= last]
    years = list(range(first.year + 1, last.year + 1))[:: max(1, (last.year - first.year) // 6)]
    reasons = "; ".join(_reason(row, language) for row in breaks[-MOST_BREAKS:])
    return {
        "stretches": list(stretches.values()),
        "breaks": [(row["on"] - first).days / span for row in breaks],
        "years": [{"at": (date(year, 1, 1) - first).days / span, "year": str(year)} for year in years],
        "levels": [{"at": level / top, "text": share_text(level, language, 0)} for level in _levels(top)],
        "ends": [share_text(points[0]["rate"], language), share_text(points[-1]["rate"], language)],
        "alt": told(
            language, "history_alt", from_=day_text(first, language), until=day_text(last, language),
            first=share_text(points[0]["rate"], language), last=share_text(points[-1]["rate"], language),
        ),
        "note": told(language, "broken", reasons=reasons) if reasons else None,
    }  # fmt: skip


def _levels(top: float) -> list[float]:
    step = next(step for step in (0.02, 0.05, 0.1, 0.2, 0.5) if top / step < 5)
    return [step * i for i in range(int(top / step) + 1)]


def _reason(row: dict[str, Any], language: Language) -> str:
    day = day_text(row["on"], language)
    if row["is_automatic"]:
        return told(language, "break_source", day=day, before=row["before"], after=row["after"])
    return told(language, "break_given", day=day, reason=row["reason"].rstrip("."))


def _durations(register: Register, day: date, language: Language) -> dict[str, Any]:
    by_class, uncertain, _ = rates.told_durations(register, day)
    labels = queries.labels(register.session, "vacancy_class")
    total = sum(by_class.values())
    return {
        "rows": [
            {"name": labels[code][f"label_{language}"], "n": n, "share": n / total if total else 0}
            for code, n in by_class.items()
            if n or code != "unknown"
        ],
        "note": told(language, "uncertain", n=uncertain) if uncertain else None,
    }


def _streets(register: Register, day: date, language: Language) -> dict[str, Any]:
    """The streets with most vacant units."""
    rows = [row for row in rates.groups(register, day, "street") if row["units"]["denominator"]]
    rows.sort(key=lambda row: (-row["units"]["numerator"], -row["units"]["rate"], row["street"] or ""))
    more = len(rows) - MOST_STREETS
    return {
        "rows": [
            [
                row["street"] or WORDS[language]["no_street"],
                number_text(row["units"]["numerator"], language),
                number_text(row["units"]["denominator"], language),
                share_text(row["units"]["rate"], language),
            ]
            for row in rows[:MOST_STREETS]
        ],
        "more": told(language, "other_streets", n=more) if more > 0 else None,
    }


def _clusters(session: Session, nis_code: str, language: Language) -> list[str]:
    found = clusters.list_clusters(session, nis_code, question="location", on=None, with_dissolved=False)
    sentences = [item["properties"][f"sentence_{language}"] for item in found["features"][:MOST_CLUSTERS]]
    return [found["verdict"][f"message_{language}"], *sentences]


def _sources(
    register: Register, figures: dict[str, Any], about: dict[str, Any], language: Language
) -> list[str]:
    lines = [WORDS[language]["source_units_none"]]
    if about["source"]:
        days = {
            "oldest": day_text(about["oldest_on"], language),
            "surveyed": day_text(about["surveyed_on"], language),
        }
        lines = [told(language, "source_units", source=about["source"], **days)]
    coverage = {
        "state": share_text(figures["state_coverage"], language, 0),
        "area": share_text(figures["floor_area"]["coverage"], language, 0),
    }
    if figures["units"]["denominator"]:
        lines.append(told(language, "coverage", **coverage))
    streets = queries.street_source(register.session, register.asked.nis_code)
    return [*lines, told(language, "source_streets", source=streets)] if streets else lines
