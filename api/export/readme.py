"""What stands beside every file: what is in it, of whom, of when, under which licence, and what was left out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api.dependencies import Language
from api.export.columns import Column
from api.export.readme_words import WORDS
from api.export.selecting import Selection, count, sources


@dataclass(frozen=True)
class Beside:
    """All that is told beside the rows of a file."""

    title: str
    municipality: str
    crs: int
    rows: int
    left_out: int
    filtered: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    labels: Mapping[str, Mapping[str, str]]
    sources: Sequence[RowMapping]
    made_at: datetime
    language: Language

    @property
    def attribution(self) -> str:
        """What must stand beside anything made of the file."""
        told = dict.fromkeys(row["attribution"] or row["name"] for row in self.sources)
        return "; ".join(told)


def beside(
    session: Session,
    chosen: Selection,
    *,
    municipality: str,
    nis_code: str,
    crs: int,
    filtered: Sequence[tuple[str, str]],
    language: Language,
) -> Beside:
    """Gather what is told beside a file of one municipality."""
    return Beside(
        chosen.layer.titles[language],
        municipality,
        crs,
        count(session, chosen),
        count(session, chosen, is_left_out=True),
        tuple(filtered),
        chosen.columns,
        _labels(session, chosen.columns, language),
        sources(session, chosen.layer, [nis_code]),
        session.execute(text("SELECT now()")).scalar_one(),
        language,
    )


def _labels(session: Session, columns: Sequence[Column], language: Language) -> dict[str, dict[str, str]]:
    """Codes of the lists that the columns use, with their words."""
    schemes = sorted({column.scheme for column in columns if column.scheme})
    query = text(
        f"SELECT scheme, code, label_{language} AS label FROM code_list "
        "WHERE scheme = ANY(:schemes) ORDER BY scheme, sort_order, code"
    )
    found: dict[str, dict[str, str]] = {}
    for row in session.execute(query, {"schemes": schemes}):
        found.setdefault(row.scheme, {})[row.code] = row.label
    return found


def sections(told: Beside) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Headings, each with its lines as pairs of a word and what it says."""
    words = WORDS[told.language]
    yield (
        words["about"],
        [
            (words["layer"], told.title),
            (words["municipality"], told.municipality),
            (words["made"], f"{told.made_at:%Y-%m-%d %H:%M} UTC"),
            (words["rows"], f"{told.rows}"),
            (
                words["left_out"],
                f"{told.left_out}" + (f" - {words['why_left_out']}" if told.left_out else ""),
            ),
            (
                words["filter"],
                "; ".join(f"{name} = {value}" for name, value in told.filtered) or words["no_filter"],
            ),
            (words["crs"], f"EPSG:{told.crs}"),
        ],
    )
    yield (
        words["sources"],
        [pair for row in told.sources for pair in _source(row, words)]
        or [(words["source"], words["no_source"])],
    )
    yield words["attribution"], [(words["attribute"], told.attribution or words["no_source"])]
    yield words["columns"], [(column.name, column.definition) for column in told.columns]
    for scheme, codes in told.labels.items():
        yield f"{words['codes']} {scheme}", list(codes.items())
    yield words["more"], [("Kernkaart", words["unknown"])]


def _source(row: RowMapping, words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield words["source"], str(row["name"])
    for key in ("publisher", "licence", "vintage_on", "url"):
        yield f"  {words[key]}", str(row[key] or words["not_said"])
    if row["share_alike"]:
        yield f"  {words['licence']}", words["share_alike"]
    if row["is_demo"]:
        yield f"  {words['source']}", words["demo"]


def as_text(told: Beside) -> str:
    """The same as plain text."""
    lines = [f"{told.title} - {told.municipality}", ""]
    for heading, pairs in sections(told):
        lines += [heading, "-" * len(heading), *(f"{name}: {what}" for name, what in pairs), ""]
    return "\r\n".join(lines)


def as_json(told: Beside) -> dict[str, dict[str, str]]:
    """The same as members, for a file that is JSON itself."""
    return {heading: dict(pairs) for heading, pairs in sections(told)}
