"""What a finding says, in a plain sentence."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from api.dependencies import Language
from api.geojson import Row

MONTHS: Mapping[Language, list[str]] = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "en": "January February March April May June July August September October November December".split(),
}
SAID: Mapping[str, Mapping[Language, str]] = {
    "level_shift": {
        "nl": "Telt {when} {factor} gewoonlijk ({counted} per dag in plaats van {usual}){others}.",
        "fr": "Compte {when} {factor} d'habitude ({counted} par jour au lieu de {usual}){others}.",
        "en": "Counts {factor} usual {when} ({counted} a day instead of {usual}){others}.",
    },
    "clock": {
        "nl": "De klok staat {when} {hours} uur {ahead}: wat om 9 uur gebeurt, staat bij {shown} uur{season}.",
        "fr": "L'horloge est {when} décalée de {hours} h ({ahead}) : ce qui se passe à 9 h figure à {shown} h{season}.",
        "en": "The clock is {hours} h {ahead} {when}: what happens at 9 is written at {shown}{season}.",
    },
    "zero_run": {
        "nl": "Telt {hours} uur lang niemand{usual_part}, {when}.",
        "fr": "Ne compte personne pendant {hours} h{usual_part}, {when}.",
        "en": "Counts nobody for {hours} h{usual_part}, {when}.",
    },
    "stuck": {
        "nl": "Geeft {hours} uur na elkaar precies hetzelfde getal ({each}), {when}.",
        "fr": "Donne exactement le même nombre ({each}) pendant {hours} h, {when}.",
        "en": "Gives exactly the same number ({each}) for {hours} h, {when}.",
    },
    "spike": {
        "nl": "Telt er {counted}, meer dan hier ooit kan passeren{usual_part}, {when}.",
        "fr": "En compte {counted}, plus qu'il n'en passe jamais ici{usual_part}, {when}.",
        "en": "Counts {counted}, more than can ever pass here{usual_part}, {when}.",
    },
    "drop_out": {
        "nl": "Telt nog {counted}{usual_part}, terwijl de andere tellers doortellen, {when}.",
        "fr": "Ne compte plus que {counted}{usual_part}, alors que les autres compteurs continuent, {when}.",
        "en": "Counts only {counted}{usual_part}, while the other sensors count on, {when}.",
    },
    "spike_review": {
        "nl": "Telt er {counted}{usual_part} en de andere tellers niet, {when}: een evenement of een fout?",
        "fr": "En compte {counted}{usual_part} et les autres compteurs non, {when} : un événement ou une erreur ?",
        "en": "Counts {counted}{usual_part} and the other sensors do not, {when}: an event or an error?",
    },
    "night": {
        "nl": "Telt tussen 1 en 5 uur {counted} in plaats van {usual}, en de andere tellers niet, {when}.",
        "fr": "Compte {counted} au lieu de {usual} entre 1 h et 5 h, et les autres compteurs non, {when}.",
        "en": "Counts {counted} instead of {usual} between 1 and 5 at night, and the other sensors do not, {when}.",
    },
    "one_direction": {
        "nl": "Richting {direction} heeft {when} nog {share} van de passanten, gewoonlijk {usual_share}.",
        "fr": "Le sens {direction} n'a {when} plus que {share} des passants, d'habitude {usual_share}.",
        "en": "Direction {direction} has {share} of the passages {when}, usually {usual_share}.",
    },
    "twin": {
        "nl": "Telt {when} bijna precies hetzelfde als {other}: tel ze niet op.",
        "fr": "Compte {when} presque exactement la même chose que {other} : ne les additionnez pas.",
        "en": "Counts almost exactly the same as {other} {when}: do not add them up.",
    },
    "low_uptime": {
        "nl": "Stond in {hours} uur de helft van de tijd of langer uit (telde {counted}{usual_part}), {when}.",
        "fr": "Était à l'arrêt la moitié du temps ou plus pendant {hours} h (en a compté {counted}{usual_part}), {when}.",
        "en": "Was off for half of the time or more in {hours} h (counted {counted}{usual_part}), {when}.",
    },
    "gap": {
        "nl": "{hours} uur ontbreken, {when}.",
        "fr": "{hours} h manquent, {when}.",
        "en": "{hours} h are missing, {when}.",
    },
}
PARTS: Mapping[str, Mapping[Language, str]] = {
    "since": {"nl": "sinds {first}", "fr": "depuis le {first}", "en": "since {first}"},
    "on": {"nl": "op {first}", "fr": "le {first}", "en": "on {first}"},
    "from_to": {"nl": "van {first} tot en met {last}", "fr": "du {first} au {last}", "en": "from {first} to {last}"},
    "double": {"nl": "dubbel zoveel als", "fr": "deux fois plus que", "en": "twice as many as"},
    "half": {"nl": "half zoveel als", "fr": "la moitié de ce qu'il compte", "en": "half as many as"},
    "times": {"nl": "{n} keer zoveel als", "fr": "{n} fois plus que", "en": "{n} times as many as"},
    "more": {"nl": "{n} % meer dan", "fr": "{n} % de plus que", "en": "{n} % more than"},
    "less": {"nl": "{n} % minder dan", "fr": "{n} % de moins que", "en": "{n} % less than"},
    "others": {
        "nl": ", de andere tellers niet", "fr": ", les autres compteurs non", "en": ", the other sensors do not",
    },
    "alone": {
        "nl": "; er is geen andere teller om mee te vergelijken",
        "fr": " ; il n'y a pas d'autre compteur pour comparer",
        "en": "; there is no other sensor to compare with",
    },
    "fast": {"nl": "voor", "fr": "en avance", "en": "fast"},
    "slow": {"nl": "achter", "fr": "en retard", "en": "slow"},
    "season": {
        "nl": ". Het begon toen de klok verzet werd",
        "fr": ". Cela a commencé au changement d'heure",
        "en": ". It began when the clocks were changed",
    },
    "usual": {"nl": " (gewoonlijk {usual})", "fr": " (d'habitude {usual})", "en": " (usually {usual})"},
}  # fmt: skip
# What is counted, where it is not people on foot.
COUNTED: Mapping[str, Mapping[Language, str]] = {
    "bike": {"nl": "Fietsen", "fr": "Vélos", "en": "Bicycles"},
    "auto": {"nl": "Auto's", "fr": "Voitures", "en": "Cars"},
    "truck": {"nl": "Vrachtwagens", "fr": "Camions", "en": "Lorries"},
}
DECIMAL: Mapping[Language, str] = {"nl": ",", "fr": ",", "en": "."}
THOUSAND: Mapping[Language, str] = {"nl": ".", "fr": "\u202f", "en": ","}


def sentence(row: Row, language: Language, zone: str) -> str:
    """
    Say what a finding found.

    Parameters
    ----------
    row
        A finding with ``mode``, ``kind``, ``from_at``, ``to_at``, ``strength``, ``detail``, ``direction_a``, ``direction_b`` and
        ``other_sensor``.
    language
        Of the sentence.
    zone
        Zone of the clock on the wall.
    """
    kind, detail = row["kind"], row["detail"]
    values = {"when": _when(row, language, zone), **_numbers(detail, language)}
    if kind == "level_shift":
        values["factor"] = _factor(row["strength"], language)
        values["others"] = PARTS["others" if detail["n_others"] else "alone"][language]
    elif kind == "clock":
        lag = round(row["strength"])
        values |= {
            "hours": abs(lag),
            "shown": 9 + lag,
            "ahead": PARTS["fast" if lag > 0 else "slow"][language],
        }
        values["season"] = PARTS["season"][language] if detail["is_daylight_saving"] else ""
    elif kind == "stuck":
        values["each"] = _number(detail["counted"] / max(1.0, detail["hours"]), language)
    elif kind == "one_direction":
        values["direction"] = row[f"direction_{detail['direction']}"] or detail["direction"].upper()
        values |= {name: f"{round(100 * detail[name])} %" for name in ("share", "usual_share")}
    elif kind == "twin":
        values["other"] = row["other_sensor"]
    said = SAID[kind][language].format(**values)
    counted = COUNTED.get(row["mode"])
    return f"{counted[language]}: {said[0].lower()}{said[1:]}" if counted else said


def _numbers(detail: Mapping[str, Any], language: Language) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, key in (("counted", "counted"), ("usual", "usual"), ("hours", "hours")):
        if detail.get(key) is not None:
            told[name] = _number(detail[key], language)
    for name in ("counted", "usual"):
        if f"{name}_per_day" in detail:
            told[name] = _number(detail[f"{name}_per_day"], language)
    told["usual_part"] = PARTS["usual"][language].format(usual=told["usual"]) if "usual" in told else ""
    return told


def _factor(strength: float, language: Language) -> str:
    if 1.85 <= strength <= 2.2:
        return PARTS["double"][language]
    if 0.45 <= strength <= 0.55:
        return PARTS["half"][language]
    if strength > 2.2:
        return PARTS["times"][language].format(n=f"{strength:.1f}".replace(".", DECIMAL[language]))
    share = round(100 * abs(strength - 1))
    return PARTS["more" if strength > 1 else "less"][language].format(n=share)


def _number(value: float, language: Language) -> str:
    return f"{round(value):,}".replace(",", THOUSAND[language])


def _when(row: Row, language: Language, zone: str) -> str:
    first = row["from_at"].astimezone(ZoneInfo(zone))
    last = (row["to_at"] - timedelta(seconds=1)).astimezone(ZoneInfo(zone))
    if row["detail"].get("is_ongoing"):
        return PARTS["since"][language].format(first=_day(first, language))
    if first.date() == last.date():
        return PARTS["on"][language].format(first=_day(first, language))
    return PARTS["from_to"][language].format(first=_day(first, language), last=_day(last, language))


def _day(moment: datetime, language: Language) -> str:
    first = "1er" if language == "fr" and moment.day == 1 else str(moment.day)
    return f"{first} {MONTHS[language][moment.month - 1]} {moment.year}"
