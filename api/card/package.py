"""The prospect package: the market of a town and a page per chosen unit, as one PDF."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from api.acquisition import service as acquisition
from api.card.market import market
from api.card.package_words import PACKAGE
from api.card.paper import set_page, sheet_of, slug
from api.card.paper_map import drawn_list
from api.card.paper_words import WORDS
from api.card.shortlist import listed_units
from api.dependencies import Language
from api.errors import Malformed
from api.vacancy.page_words import day_text, number_text, share_text

Row = dict[str, Any]
MOST_SHEETS = 12


def chosen_units(session: Session, unit_ids: Sequence[int], case_id: int | None) -> list[int]:
    """
    Keys of the units asked, or of the candidates of a case that are still there.

    Raises
    ------
    NotFound
        When there is no such case.
    """
    if case_id is None:
        return list(unit_ids)
    return [
        row["shop_unit_id"] for row in acquisition.get_case(session, case_id)["units"] if row["is_active"]
    ]


def package_pdf(session: Session, unit_ids: Sequence[int], language: Language) -> tuple[str, bytes]:
    """
    Name and content of the package; nothing in it is of a case, a prospect or a person.

    Raises
    ------
    Malformed
        When none or too many units are asked, or units of several municipalities.
    NotFound
        When one of them is not an active unit.
    """
    units = listed_units(session, unit_ids)
    if len(units) > MOST_SHEETS:
        raise Malformed(
            f"{len(units)} units are asked.",
            f"Choose at most {MOST_SHEETS}: a page is made of each.",
            code="shortlist_size",
            most=MOST_SHEETS,
        )
    towns = {unit["nis_code"] for unit in units}
    if len(towns) > 1:
        raise Malformed(
            "The units lie in different municipalities.",
            "Make a package of one municipality.",
            code="package_towns",
        )
    words, told = PACKAGE[language], market(session, towns.pop())
    town = told["town"][f"name_{language}"]
    title = words["title"].format(town=town)
    sheets = [sheet_of(session, unit["id"], language, is_internal=False) for unit in units]
    data = {
        "lang": language,
        "words": WORDS[language],
        "package": words,
        "title": title,
        "lead": words["lead"].format(n=len(units)),
        "demo": WORDS[language]["demo"] if told["town"]["is_demo"] else None,
        "people": _people(told, words, language),
        "footfall": _footfall(told["sensors"], language),
        "vacancy": _vacancy(told["vacancy"], language),
        "offer": _offer(told["offer"], words, language),
        "climate": _climate(told, words, language),
        "chosen": _chosen(sheets),
        "map": drawn_list(session, units, language),
        "sources": _sources(told, words, language),
        "sheets": sheets,
    }
    return f"{slug(title)}.pdf", set_page("package.typ", data)


def _people(told: Row, words: Mapping[str, str], language: Language) -> list[Row]:
    town, income, unknown = told["town"], told["income"], WORDS[language]["unknown"]
    people = None
    if town["population"] is not None:
        people = words["inhabitants_row"].format(
            n=number_text(town["population"], language), day=day_text(town["population_on"], language)
        )
    earned = None
    if income is not None and income["mean"] is not None:
        named = {"mean": income["mean"], "low": income["lowest"], "high": income["highest"]}
        earned = words["income_row"].format(
            **{name: number_text(round(value, -2), language) for name, value in named.items()},
            n=income["n"],
            year=income["year"],
        )
    rows = ((words["inhabitants"], people), (words["income"], earned))
    return [{"name": name, "value": value or unknown, "is_known": value is not None} for name, value in rows]


def _footfall(sensors: Sequence[Row], language: Language) -> list[list[str]]:
    """What was counted, and on how many days: a count is no estimate, so it has no interval."""
    unknown = WORDS[language]["unknown"]
    rows = []
    for sensor in sensors:
        day = sensor["footfall_per_day"]
        n_days = unknown if day["n_days"] is None else number_text(day["n_days"], language)
        rows.append([sensor["name"], number_text(day["value"], language), n_days])
    return rows


def _vacancy(rows: Sequence[Row], language: Language) -> list[list[str]]:
    return [
        [
            day_text(row["on"], language),
            number_text(row["units"]["numerator"], language),
            number_text(row["units"]["denominator"], language),
            share_text(row["units"]["rate"], language),
        ]
        for row in rows
        if row["units"]["denominator"]
    ]


def _offer(rows: Sequence[Row], words: Mapping[str, str], language: Language) -> list[list[str]]:
    return [
        [
            row[f"label_{language}"] or words["unknown_branch"],
            number_text(row["units"], language),
            f"{number_text(row['m2'] or 0, language)} ({number_text(row['n_m2'], language)})",
        ]
        for row in rows
    ]


def _climate(told: Row, words: Mapping[str, str], language: Language) -> list[str]:
    lines = []
    if told["offer"]:
        lines.append(words["moves"].format(**told["moves"]))
    known = [row for row in told["vacancy"] if row["units"]["rate"] is not None]
    if len(known) > 1:
        first, last = known[0], known[-1]
        lines.append(
            words["trend"].format(
                first=share_text(first["units"]["rate"], language),
                first_on=day_text(first["on"], language),
                last=share_text(last["units"]["rate"], language),
                last_on=day_text(last["on"], language),
            )
        )
    return lines


def _chosen(sheets: Sequence[Row]) -> list[list[str]]:
    def value(sheet: Row, group: int, place: int) -> str:
        found: str = sheet["groups"][group]["rows"][place]["value"]
        return found

    return [
        [str(number), sheet["title"], value(sheet, 0, 0), value(sheet, 2, 0)]
        for number, sheet in enumerate(sheets, start=1)
    ]


def _sources(told: Row, words: Mapping[str, str], language: Language) -> list[str]:
    lines, about = [words["definition"]], told["about"]
    if about["source"] and told["vacancy"]:
        lines.append(
            words["source_register"].format(
                source=about["source"],
                first=day_text(about["oldest_on"], language),
                last=day_text(about["surveyed_on"], language),
                share=share_text(told["vacancy"][-1]["state_coverage"], language, 0),
            )
        )
    if told["income"] is not None:
        source = told["income"]["source"] or WORDS[language]["unknown"]
        lines.append(words["source_income"].format(source=source, hidden=told["income"]["hidden"]))
    if told["sensors"]:
        lines.append(words["source_footfall"].format(n=told["n_sensors"]))
    return lines
