"""The map of a card for paper: streets, buildings and shops around one unit, drawn from the database alone."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.card.paper_words import WORDS
from api.db.base import SRID
from api.dependencies import Language
from api.vacancy import queries

HALF_M = 170.0
# Width to height as the page has room for.
SHAPE = 1.3
SCALE_M = 100
_BOX = f"st_makeenvelope(:west, :south, :east, :north, {SRID})"
BUILDINGS = (
    f"SELECT coalesce(st_assvg(st_collect(st_simplify(st_intersection(geom, {_BOX}), 0.4)), 0, 1), '') "
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


def drawn_map(session: Session, unit: dict[str, Any], language: Language) -> dict[str, Any]:
    """The map as SVG, north up, with the length of a bar of 100 m as a share of its width and a text that says the same."""
    half_high = HALF_M / SHAPE
    box = (unit["x"] - HALF_M, unit["y"] - half_high, unit["x"] + HALF_M, unit["y"] + half_high)
    west, south, east, north = box
    values = {"west": west, "south": south, "east": east, "north": north, "nis": unit["nis_code"]}
    lines, areas = queries.map_paths(session, unit["nis_code"], box, detail_m=0.5)

    def rows(query: str) -> list[dict[str, Any]]:
        return [dict(row) for row in session.execute(text(query), values).mappings()]

    buildings = session.execute(text(BUILDINGS), values).scalar_one()
    shops = [row for row in rows(UNITS) if row["id"] != unit["id"]]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{west:.1f} {-north:.1f} {east - west:.1f} {north - south:.1f}">',
        f'<rect x="{west:.1f}" y="{-north:.1f}" width="{east - west:.1f}" height="{north - south:.1f}" fill="#fbfaf7"/>',
        f'<path d="{areas}" fill="#f3eee2" stroke="#b9a97d" stroke-width="0.8"/>',
        f'<path d="{lines}" fill="none" stroke="#ffffff" stroke-width="7" stroke-linecap="round"/>',
        f'<path d="{lines}" fill="none" stroke="#c9d0d3" stroke-width="1" stroke-linecap="round"/>',
        f'<path d="{buildings}" fill="#e3ded3" stroke="#c9c2b2" stroke-width="0.5"/>',
        *(_square(row, PARK) for row in rows(PARKING)),
        *(_diamond(row, STOP) for row in rows(STOPS)),
        *(_dot(row) for row in shops),
        f'<circle cx="{unit["x"]:.1f}" cy="{-unit["y"]:.1f}" r="6.5" fill="{OWN}" stroke="#fff" stroke-width="1.8"/>',
        "</svg>",
    ]
    n_vacant = sum(row["state"] == "vacant" for row in shops)
    return {
        "svg": "".join(parts),
        "alt": WORDS[language]["map_alt"].format(n=n_vacant, of=len(shops) - n_vacant),
        "bar_share": SCALE_M / (east - west),
        "bar": f"{SCALE_M} m",
    }


def _dot(row: dict[str, Any]) -> str:
    ring = ' stroke="#1d2b33" stroke-width="1.4"' if row["is_anchor"] else ' stroke="#fff" stroke-width="0.8"'
    radius = 4.2 if row["is_anchor"] else 3.2
    return f'<circle cx="{row["x"]:.1f}" cy="{-row["y"]:.1f}" r="{radius}" fill="{COLOURS.get(row["state"], OTHER)}"{ring}/>'


def _square(row: dict[str, Any], colour: str) -> str:
    x, y = row["x"] - 4, -row["y"] - 4
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="8" height="8" rx="1.5" fill="{colour}" stroke="#fff" stroke-width="1"/>'


def _diamond(row: dict[str, Any], colour: str) -> str:
    x, y = row["x"], -row["y"]
    points = f"{x:.1f},{y - 5:.1f} {x + 5:.1f},{y:.1f} {x:.1f},{y + 5:.1f} {x - 5:.1f},{y:.1f}"
    return f'<polygon points="{points}" fill="{colour}" stroke="#fff" stroke-width="1"/>'
