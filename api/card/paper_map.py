"""Maps of units for paper: streets, buildings and shops, drawn from the database alone."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.card.paper_words import WORDS
from api.db.base import SRID
from api.dependencies import Language
from api.vacancy import queries

Row = dict[str, Any]
HALF_M = 170.0
# Width to height as the page has room for.
SHAPE, LIST_SHAPE = 1.18, 1.75
SCALES_M = (50, 100, 200, 500, 1000, 2000, 5000, 10_000)
_BOX = f"st_makeenvelope(:west, :south, :east, :north, {SRID})"
BUILDINGS = (
    f"SELECT coalesce(st_assvg(st_collectionextract(st_collect(st_simplify(st_intersection(geom, {_BOX}), 0.4)), 3), 0, 1), '') "
    f"FROM building WHERE nis_code = :nis AND geom && {_BOX}"
)
UNITS = (
    "SELECT id, state, is_anchor, st_x(geom) AS x, st_y(geom) AS y FROM shop_unit_state "
    f"WHERE nis_code = :nis AND geom && {_BOX} ORDER BY state = 'vacant', id"
)
PARKING = f"SELECT st_x(geom) AS x, st_y(geom) AS y FROM parking_zone WHERE geom && {_BOX} ORDER BY id"
STOPS = (
    "SELECT st_x(geom) AS x, st_y(geom) AS y FROM public_place "
    f"WHERE kind IN ('stop', 'station') AND geom && {_BOX} ORDER BY id"
)
COLOURS = {"vacant": "#d9823f", "occupied": "#5b7f8c"}
OTHER, OWN, PARK, STOP = "#c3ccd1", "#b8400e", "#2f5fa8", "#3d7a3a"


def drawn_map(session: Session, unit: Row, language: Language) -> Row:
    """The map around one unit."""
    half_high = HALF_M / SHAPE
    box = (unit["x"] - HALF_M, unit["y"] - half_high, unit["x"] + HALF_M, unit["y"] + half_high)
    return _map_of(session, [unit], box, language)


def drawn_list(session: Session, units: Sequence[Row], language: Language) -> Row:
    """The map of several units of one municipality, numbered in their order."""
    xs, ys = [unit["x"] for unit in units], [unit["y"] for unit in units]
    wide = max(max(xs) - min(xs), (max(ys) - min(ys)) * LIST_SHAPE, 2 * HALF_M) * 1.25
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    box = (
        middle_x - wide / 2,
        middle_y - wide / LIST_SHAPE / 2,
        middle_x + wide / 2,
        middle_y + wide / LIST_SHAPE / 2,
    )
    return _map_of(session, units, box, language)


def _map_of(
    session: Session, units: Sequence[Row], box: tuple[float, float, float, float], language: Language
) -> Row:
    """SVG, north up, with the length of a bar as a share of its width and a text that says the same."""
    west, south, east, north = box
    nis = units[0]["nis_code"]
    values = {"west": west, "south": south, "east": east, "north": north, "nis": nis}
    zoom = (east - west) / (2 * HALF_M)
    lines, areas = queries.map_paths(session, nis, box, detail_m=0.5 * zoom)

    def rows(query: str) -> list[Row]:
        return [dict(row) for row in session.execute(text(query), values).mappings()]

    own = {unit["id"] for unit in units}
    buildings = session.execute(text(BUILDINGS), values).scalar_one()
    shops = [row for row in rows(UNITS) if row["id"] not in own]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{west:.1f} {-north:.1f} {east - west:.1f} {north - south:.1f}">',
        f'<rect x="{west:.1f}" y="{-north:.1f}" width="{east - west:.1f}" height="{north - south:.1f}" fill="#fbfaf7"/>',
        f'<path d="{areas}" fill="#f3eee2" stroke="#b9a97d" stroke-width="0.8"/>',
        f'<path d="{buildings}" fill="#e3ded3" stroke="#c9c2b2" stroke-width="0.5"/>',
        f'<path d="{lines}" fill="none" stroke="#aab4b9" stroke-width="{2.2 * zoom:.2f}" stroke-linecap="round"/>',
        *(_square(row, PARK, zoom) for row in rows(PARKING)),
        *(_diamond(row, STOP, zoom) for row in rows(STOPS)),
        *(_dot(row, zoom) for row in shops),
        *(
            _own(unit, "" if len(units) == 1 else str(place), zoom)
            for place, unit in enumerate(units, start=1)
        ),
        "</svg>",
    ]
    n_vacant = sum(row["state"] == "vacant" for row in shops)
    bar_m = max(step for step in SCALES_M if step <= (east - west) / 3)
    return {
        "svg": "".join(parts),
        "alt": WORDS[language]["map_alt"].format(n=n_vacant, of=len(shops) - n_vacant),
        "bar_share": bar_m / (east - west),
        "bar": f"{bar_m} m",
    }


def _own(unit: Row, words: str, zoom: float) -> str:
    x, y = unit["x"], -unit["y"]
    radius = (8 if words else 6.5) * zoom
    dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.2f}" fill="{OWN}" stroke="#fff" stroke-width="{1.8 * zoom:.2f}"/>'
    number = (
        f'<text x="{x:.1f}" y="{y + 3.4 * zoom:.1f}" font-family="Libertinus Serif" font-size="{10 * zoom:.1f}" '
        f'font-weight="bold" text-anchor="middle" fill="#fff">{words}</text>'
    )
    return dot + (number if words else "")


def _dot(row: Row, zoom: float) -> str:
    ring = ("#1d2b33", 1.4) if row["is_anchor"] else ("#fff", 0.8)
    radius = (4.2 if row["is_anchor"] else 3.2) * zoom
    return (
        f'<circle cx="{row["x"]:.1f}" cy="{-row["y"]:.1f}" r="{radius:.2f}" fill="{COLOURS.get(row["state"], OTHER)}" '
        f'stroke="{ring[0]}" stroke-width="{ring[1] * zoom:.2f}"/>'
    )


def _square(row: Row, colour: str, zoom: float) -> str:
    half = 4 * zoom
    x, y = row["x"] - half, -row["y"] - half
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{2 * half:.1f}" height="{2 * half:.1f}" fill="{colour}" stroke="#fff" '
        f'stroke-width="{zoom:.2f}"/>'
    )


def _diamond(row: Row, colour: str, zoom: float) -> str:
    x, y, half = row["x"], -row["y"], 5 * zoom
    points = f"{x:.1f},{y - half:.1f} {x + half:.1f},{y:.1f} {x:.1f},{y + half:.1f} {x - half:.1f},{y:.1f}"
    return f'<polygon points="{points}" fill="{colour}" stroke="#fff" stroke-width="{zoom:.2f}"/>'
