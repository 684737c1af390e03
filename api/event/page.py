"""One A4 page about what an event changed: what stands on it, and its making."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import typst

from api.dependencies import Language
from api.event.page_words import WORDS
from api.event.words import signed
from api.vacancy.page_words import day_text, number_text, share_text

TEMPLATE = Path(__file__).parent / "page.typ"
MOST_SENSORS, MOST_YEARS, BINS = 9, 6, 24
# A few windows at the edge must not squeeze the middle to a line.
EDGE = 0.02


def effect_page(
    study: Mapping[str, Any],
    years: Sequence[Mapping[str, Any]],
    town: Mapping[str, Any],
    language: Language,
    *,
    kind: str,
) -> bytes:
    """The page as PDF/UA: tagged, titled and in a language, so that it can be read aloud."""
    made = typst.compile(
        TEMPLATE.read_bytes(),
        sys_inputs={"data": orjson.dumps(page_data(study, years, town, language, kind=kind)).decode()},
        # The same letters on every machine.
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )
    assert isinstance(made, bytes)
    return made


def page_data(
    study: Mapping[str, Any],
    years: Sequence[Mapping[str, Any]],
    town: Mapping[str, Any],
    language: Language,
    *,
    kind: str,
) -> dict[str, Any]:
    """All that stands on the page, in words and numbers as they are printed."""
    words, event = WORDS[language], study["event"]
    days = _span(study["first_on"], study["held_to"], language)
    place = town[f"name_{language}"] or town["name_nl"]
    hours = study["parameters"]["hours"]
    own = [row for row in study["sensors"] if row["is_own"]]
    when = f"{days}, {words['hours'].format(first=hours[0], last=hours[1])}"
    return {
        "lang": language,
        "words": words,
        "title": event["name"],
        "subtitle": words["subtitle"].format(kind=kind, town=place, days=when),
        "demo": words["demo"] if town["is_demo"] else None,
        "answer": study[f"sentence_{language}"],
        "figure": signed(study["effect_share"], language) if study["effect_share"] is not None else None,
        "lines": _lines(study, language),
        "days": _days(study["days"], language),
        "chance": _chance(study, language),
        "sensors": [_sensor(row, language) for row in own[:MOST_SENSORS]],
        "moved": _moved(study, language),
        "years": [_year(row, language) for row in years[-MOST_YEARS:]] if len(years) > 1 else [],
        "cautions": [_caution(one, language) for one in study["cautions"]],
        "method": words[f"method_{study['method']}"].format(n=study["controls"]),
        "source": words["source"].format(
            first=_day(study["counted_from"], language), last=_day(study["counted_to"], language),
            treated=study["treated"], controls=study["controls"],
        ),
    }  # fmt: skip


def _day(iso: str | None, language: Language) -> str:
    return day_text(date.fromisoformat(iso) if iso else None, language)


def _span(first: date, last: date, language: Language) -> str:
    return (
        day_text(first, language)
        if first == last
        else f"{day_text(first, language)} – {day_text(last, language)}"
    )


def _lines(study: Mapping[str, Any], language: Language) -> list[str]:
    """What stands under the answer."""
    words, lines = WORDS[language], []

    def whole(value: float) -> str:
        return number_text(value, language)

    if study["effect_share"] is not None and study["p_value"] is not None:
        p_value = f"{number_text(study['p_value'] * 100, language, 1)} %"
        lines.append(words["interval"].format(level=share_text(study["level_share"], language, 0), p=p_value))
    if study["extra"]:
        extra = {key: whole(value) for key, value in study["extra"].items()}
        lines.append(
            words["passages"].format(
                observed=whole(study["observed"]), expected=whole(study["expected"]), extra=extra["value"],
                lower=extra["lower"], upper=extra["upper"],
            )
        )  # fmt: skip
    elif study["observed"]:
        lines.append(words["passages_only"].format(observed=whole(study["observed"])))
    if cost := study["cost_per_extra"]:
        told = {
            key: None if value is None else number_text(value, language, 2) for key, value in cost.items()
        }
        key = "cost" if told["upper"] else "cost_open"
        lines.append(words[key].format(**told, cost=whole(study["event"]["cost_net_eur"])))
    if study["smallest_share"] is not None:
        lines.append(words["smallest"].format(smallest=signed(study["smallest_share"], language)))
    if second := study["forecast"][f"sentence_{language}"]:
        lines.append(second)
    return lines


def _days(rows: Sequence[Mapping[str, Any]], language: Language) -> dict[str, Any] | None:
    """Points from 0 to 1 in both directions."""
    known = [row for row in rows if row["observed"] is not None or row["expected"] is not None]
    if len(known) < 3:
        return None
    top = 1.08 * max(max(row["observed"] or 0, row["upper"] or 0) for row in known)
    n = len(rows)
    step = _step(top)

    def at(row: Mapping[str, Any], name: str) -> float | None:
        return None if row[name] is None else row[name] / top

    return {
        "n": n,
        "rows": [{**{name: at(row, name) for name in ("observed", "expected", "lower", "upper")}, "is_event": row["is_event"]} for row in rows],
        "levels": [{"at": level * step / top, "text": number_text(level * step, language)} for level in range(int(top / step) + 1)],
        "marks": [{"at": (i + 0.5) / n, "text": _short(row["day"])} for i, row in enumerate(rows) if i % max(1, n // 6) == 0],
        "alt": WORDS[language]["days_alt"].format(first=_day(rows[0]["day"], language), last=_day(rows[-1]["day"], language)),
    }  # fmt: skip


def _short(iso: str) -> str:
    return f"{int(iso[8:])}/{int(iso[5:7])}"


def _step(top: float) -> float:
    size = 10 ** int(np.floor(np.log10(max(top, 1))))
    return float(next(step for step in (size / 2, size, 2 * size, 5 * size) if top / step < 6))


def _chance(study: Mapping[str, Any], language: Language) -> dict[str, Any] | None:
    """The placebos as bars from 0 to 1, with the event marked."""
    values = np.array(study["placebo_shares"], dtype=float)
    event = study["effect_share"]
    if len(values) < 5 or event is None:
        return None
    low, high = np.quantile(values, [EDGE, 1 - EDGE])
    reach = max(abs(low), abs(high), abs(event)) * 1.15
    counts, _ = np.histogram(np.clip(values, -reach, reach), bins=BINS, range=(-reach, reach))
    words = WORDS[language]
    return {
        "bars": [float(count) / max(int(counts.max()), 1) for count in counts],
        "event": (event + reach) / (2 * reach),
        "ends": [signed(-reach, language), "0", signed(reach, language)],
        "alt": words["chance_alt"].format(n=len(values)),
        "note": words["chance_note"].format(n=len(values), share=signed(event, language)),
    }


def _sensor(row: Mapping[str, Any], language: Language) -> list[str]:
    words = WORDS[language]
    return [row["name"], words[row["role"]], *_effect(row, language)]


def _effect(row: Mapping[str, Any], language: Language, prefix: str = "") -> list[str]:
    share, lower, upper = (
        row[key + prefix] for key in (("effect", "lower", "upper") if prefix else ("share", "lower", "upper"))
    )
    if share is None:
        return [WORDS[language]["nothing"], "–"]
    return [signed(share, language), f"{signed(lower, language)} … {signed(upper, language)}"]


def _moved(study: Mapping[str, Any], language: Language) -> list[list[str]]:
    words = WORDS[language]
    found = [
        (words[name], study[name]) for name in ("day_itself", "before", "after", "around") if study[name]
    ]
    return [[label, *_effect(window, language)] for label, window in found]


def _year(row: Mapping[str, Any], language: Language) -> list[str]:
    return [day_text(row["first_on"], language), *_effect(row, language, "_share")]


def _caution(one: Mapping[str, Any], language: Language) -> str:
    values = dict(one)
    code = values.pop("code")
    if "level" in values:
        values["level"] = share_text(values["level"], language, 0)
    if "names" in values:
        values["names"] = ", ".join(values["names"])
    return WORDS[language][f"c_{code}"].format(**values)
