"""The card of a unit on paper: what stands on the page, in words and numbers as they are printed."""

import io
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
import typst
from PIL import Image
from sqlalchemy.orm import Session

from api.card import around, queries
from api.card.paper_map import drawn_map
from api.card.paper_words import WORDS
from api.card.service import choices, fields_of, get_unit
from api.dependencies import Language
from api.vacancy.page_words import day_text, number_text

Row = dict[str, Any]
FOLDER = Path(__file__).parent
PHOTO_PX = 1000
PERMIT_M2 = 400


def card_pdf(session: Session, unit_id: int, language: Language) -> tuple[str, bytes]:
    """
    Name and content of the card as PDF/UA: tagged, titled and in a language, so that it can be read aloud.

    Raises
    ------
    NotFound
        When there is no such active unit.
    """
    sheet = sheet_of(session, unit_id, language, is_internal=True)
    made = set_page(
        "card.typ", {"lang": language, "words": WORDS[language], "title": sheet["title"], "sheets": [sheet]}
    )
    return f"{slug(sheet['title'])}.pdf", made


def set_page(template: str, data: Mapping[str, Any]) -> bytes:
    """A PDF of a template of this folder."""
    made = typst.compile(
        FOLDER / template,
        root=FOLDER,
        sys_inputs={"data": orjson.dumps(data).decode()},
        # The same letters on every machine.
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )
    assert isinstance(made, bytes)
    return made


def slug(words: str) -> str:
    """A name for a file."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:60] or "pandfiche"


def sheet_of(session: Session, unit_id: int, language: Language, *, is_internal: bool) -> Row:
    """
    All of one card; what only the city should read is left out unless `is_internal`.

    Raises
    ------
    NotFound
        When there is no such active unit.
    """
    words, unit = WORDS[language], get_unit(session, unit_id)
    card = queries.card(session, unit_id)
    facts = fields_of(session, unit, card, queries.changes(session, unit_id), is_shared=not is_internal)
    near, sources = (
        around.around(session, unit["nis_code"], unit_id),
        around.sources(session, unit["nis_code"]),
    )
    if not is_internal and not unit["is_shareable"]:
        # Rows of other shops are as little ours to hand on as those of this one.
        near |= {"joinable": None, "neighbours": None, "anchors": None}
    labels = labels_in(session, language)
    town = " ".join(part for part in (unit["postcode"], unit["place"] or unit[f"name_{language}"]) if part)
    return {
        "title": unit["address"],
        "subtitle": ", ".join((town, *_state(unit, words, language))),
        "demo": words["demo"] if unit["is_demo"] else None,
        "groups": [
            {"name": words[group], "rows": [_fact(one, language, labels) for one in facts if one["group"] == group]}
            for group in ("premises", "use", "terms")
        ],
        "register": _register(unit, near, words, language, is_internal=is_internal),
        "location": _location(near, words, language),
        "photo": _photo(session, unit, language, with_rounds=is_internal),
        "map": drawn_map(session, unit, language),
        "notes": _notes(facts, words),
        "sources": _sources(unit, card, near, sources, language),
    }  # fmt: skip


def labels_in(session: Session, language: Language) -> dict[str, dict[str, str]]:
    """Labels of codes in one language, by code list."""
    return {
        scheme: {row["code"]: row[f"label_{language}"] for row in rows}
        for scheme, rows in choices(session).items()
    }


def _state(unit: Row, words: Mapping[str, str], language: Language) -> list[str]:
    if unit["state"] != "vacant":
        return [words["state_unknown" if unit["state"] == "unknown" else unit["state"]]]
    first, last = unit["vacant_earliest_on"], unit["vacant_latest_on"]
    if first is None:
        since = words["since_before"].format(day=day_text(last, language))
    elif first == last:
        since = words["since"].format(day=day_text(last, language))
    else:
        since = words["since_between"].format(first=day_text(first, language), last=day_text(last, language))
    return [since]


def value_text(one: Mapping[str, Any], language: Language, labels: Mapping[str, Mapping[str, str]]) -> str:
    """A fact as it is printed; one that nobody knows says so."""
    words, value = WORDS[language], one["value"]
    if value is None:
        return words["unknown"]
    if one["kind"] == "flag":
        return words["yes" if value else "no"]
    if one["kind"] == "code":
        return labels[one["scheme"]].get(value, str(value))
    if one["kind"] == "text":
        return str(value)
    places = 1 if one["unit"] in {"m", None, "months"} and value != round(value) else 0
    number = number_text(value, language, places)
    return {
        "m2": f"{number} m²",
        "m": f"{number} m",
        "eur": f"€ {number}",
        "eur_per_month": f"€ {number} {words['per_month']}",
        "months": f"{number} {words['months']}",
    }.get(one["unit"], number)


def _fact(one: Row, language: Language, labels: Mapping[str, Mapping[str, str]]) -> Row:
    return {
        "name": one[f"label_{language}"],
        "value": value_text(one, language, labels),
        "is_known": one["value"] is not None,
    }


def _register(
    unit: Row, near: Row, words: Mapping[str, str], language: Language, *, is_internal: bool
) -> list[Row]:
    rows = [(words["core"], unit["core_name"] or words["no_core"]), (words["capakey"], unit["capakey"])]
    if is_internal:
        said = [
            words[f"register_{one['register']}"].format(day=day_text(one["entered_on"], language))
            for one in near["registers"]
        ]
        rows += [
            (words["code"], unit["local_code"]),
            (words["registers"], "; ".join(said) or words["register_none"]),
        ]
    if near["joinable"] is not None:
        joins = [_join(unit, one, words, language) for one in near["joinable"]]
        rows.append((words["join"], "; ".join(joins) or words["join_none"]))
    return [
        {"name": name, "value": value or words["unknown"], "is_known": bool(value)} for name, value in rows
    ]


def _join(unit: Row, one: Row, words: Mapping[str, str], language: Language) -> str:
    if one["floor_area_m2"] is None or unit["floor_area_m2"] is None:
        return words["join_unknown"].format(address=one["address"])
    m2, both = one["floor_area_m2"], one["floor_area_m2"] + unit["floor_area_m2"]
    told = {"m2": f"{number_text(m2, language)} m²", "sum": f"{number_text(both, language)} m²"}
    return words["join_row"].format(address=one["address"], **told)


def _location(near: Row, words: Mapping[str, str], language: Language) -> list[Row]:
    def metres(one: Row) -> str:
        return f"{number_text(round(one['distance_m']), language)} m"

    rows = [*_passing(near["footfall"], words, language)]
    parking = "; ".join(parking_text(one, words, language) for one in near["parking"])
    stops = [f"{one['name'] or words['unknown']} ({metres(one)})" for one in near["stops"]]
    rows += [
        (words["parking"], parking),
        (words["stops"], "; ".join(stops) or words["none_near"].format(m=round(around.STOP_M))),
    ]
    if near["anchors"] is not None:
        anchors = [f"{one['name']} ({metres(one)})" for one in near["anchors"]]
        beside = [_neighbour(one, words, language) for one in near["neighbours"]]
        rows += [
            (words["anchors"], "; ".join(anchors) or words["none_near"].format(m=round(around.ANCHOR_M))),
            (words["neighbours"], "; ".join(beside) or words["none_near"].format(m=round(around.NEAR_M))),
        ]
    return [{"name": name, "value": value, "is_known": True} for name, value in rows]


def _neighbour(one: Row, words: Mapping[str, str], language: Language) -> str:
    kind = one[f"label_{language}"] or (words["vacant"].lower() if one["state"] == "vacant" else None)
    name = one["name"] or one["address"]
    return f"{name} – {kind}" if kind else name


def _passing(footfall: Row | None, words: Mapping[str, str], language: Language) -> list[tuple[str, str]]:
    if footfall is None or footfall["value"] is None:
        return [(words["passage"], passing_class(footfall, words))]
    return [
        (words["passage_class"], footfall["passage_class"] or words["unknown"]),
        (words["passage"], passing_text(footfall, words, language)),
    ]


def passing_class(footfall: Row | None, words: Mapping[str, str]) -> str:
    """What is said of the passers-by where there is no number: the kind of street, or that nothing is known."""
    kind = None if footfall is None else footfall["footfall_class"]
    return (
        words["passage_none"]
        if kind is None
        else f"{words[f'street_{kind}']} ({words['passage_class_only']})"
    )


def passing_text(footfall: Row, words: Mapping[str, str], language: Language) -> str:
    """How many pass a day, with the interval of the estimate."""
    number = number_text(_two_figures(footfall["value"]), language)
    if footfall["lower"] is None:
        return number
    ends = {name: number_text(_two_figures(footfall[name]), language) for name in ("lower", "upper")}
    return f"{number} ({words['interval'].format(**ends)})"


def _two_figures(value: float) -> float:
    """An estimate is no surer than its first two figures."""
    return float(f"{value:.2g}")


def parking_text(one: Row, words: Mapping[str, str], language: Language) -> str:
    """How many spaces there are within a distance, and of how many zones nobody knows."""
    if not one["zones"]:
        return words["parking_zero"].format(m=one["within_m"])
    parts = []
    if one["spaces"] is not None:
        parts.append(words["parking_row"].format(n=number_text(one["spaces"], language), m=one["within_m"]))
    if one["unknown"]:
        parts.append(words["parking_more"].format(n=one["unknown"]))
    return ", ".join(parts)


def _photo(session: Session, unit: Row, language: Language, *, with_rounds: bool) -> Row | None:
    """The front; of photographs of a round nobody said that no person can be recognised, so they stay in the house."""
    words, found = WORDS[language], queries.front(session, unit["id"], with_rounds=with_rounds)
    if found is None:
        return None
    picture = Image.open(io.BytesIO(found["jpeg"])).convert("RGB")
    picture.thumbnail((PHOTO_PX, PHOTO_PX))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80, optimize=True)
    return {
        "bytes": list(out.getvalue()),
        "alt": words["photo_alt"].format(address=unit["address"]),
        "caption": words["photo_on"].format(day=day_text(found["taken_at"].date(), language)),
    }


def _notes(facts: list[Row], words: Mapping[str, str]) -> list[str]:
    area = next(one["value"] for one in facts if one["name"] == "floor_area_m2")
    permit = [words["permit"]] if area is not None and area > PERMIT_M2 else []
    return [*permit, words["distances"]]


def _sources(
    unit: Row, card: Row | None, near: Row, sources: Mapping[str, Row], language: Language
) -> list[str]:
    words = WORDS[language]

    def day(value: date | None) -> str:
        return words["unknown"] if value is None else day_text(value, language)

    lines = [
        words["source_units"].format(
            source=unit["dataset"] or words["unknown"], day=day(around.seen_on(unit))
        )
    ]
    if card is not None and card["version"]:
        lines.append(words["source_card"].format(day=day(card["changed_at"].date())))
    footfall = near["footfall"]
    if footfall is not None and (footfall["value"] is not None or footfall["footfall_class"]):
        lines.append(
            words["source_footfall"].format(
                source=footfall["source"] or words["unknown"],
                on=footfall["observed_on"] or day(footfall["computed_on"]),
                n=footfall["n_sensors"],
            )
        )
    for kind in ("parking", "stops"):
        if kind in sources:
            lines.append(
                words[f"source_{kind}"].format(source=sources[kind]["source"], day=day(sources[kind]["on"]))
            )
    grounds = {
        sources[kind]["attribution"] or sources[kind]["source"]
        for kind in ("streets", "buildings")
        if kind in sources
    }
    if grounds:
        lines.append(words["source_streets"].format(source="; ".join(sorted(grounds))))
    return [*lines, words["made"].format(day=day_text(datetime.now(UTC).date(), language))]
