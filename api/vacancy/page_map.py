"""A small map for paper: streets, cores and shop units, drawn from the database alone."""

from datetime import date
from typing import Any

import pandas as pd

from api.dependencies import Language
from api.vacancy import queries
from api.vacancy.page_words import told
from api.vacancy.rates import Register, plain_rows
from api.vacancy.service import in_scope, state_on

# Width to height as the page has room for.
SHAPE = 1.25
MARGIN_SHARE = 0.06
SMALLEST_M = 120.0
COLOURS = {"vacant": "#b8400e", "occupied": "#5b7f8c"}
OTHER = "#c3ccd1"


def drawn_map(register: Register, day: date, language: Language) -> dict[str, Any] | None:
    """
    The map as SVG with a text that says the same.

    The heart of it is where the middle nine tenths of the units stand, so that one farm shop does not make all others
    a dot.
    """
    states = in_scope(state_on(register.units, register.periods, day), register.asked.scope)
    spots = queries.spots(register.session, register.asked.nis_code)
    units = states[["state"]].join(spots, how="inner")
    if units.empty:
        return None
    west, south, east, north = _box(units)
    lines, areas = queries.map_paths(
        register.session, register.asked.nis_code, (west, south, east, north), detail_m=(east - west) / 700
    )
    dot = (east - west) / 110
    n_vacant = int((units["state"] == "vacant").sum())
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{west:.1f} {-north:.1f} {east - west:.1f} {north - south:.1f}">',
        f'<path d="{areas}" fill="#f3eee2" stroke="#b9a97d" stroke-width="{dot / 5:.2f}" />',
        f'<path d="{lines}" fill="none" stroke="#aab4b9" stroke-width="{dot / 2.2:.2f}" stroke-linecap="round" />',
        *_dots(units, dot),
        "</svg>",
    ]
    return {"svg": "".join(parts), "alt": told(language, "map_alt", n=n_vacant, of=len(units) - n_vacant)}


def _box(units: pd.DataFrame) -> tuple[float, float, float, float]:
    low, high = units[["x", "y"]].quantile(0.05), units[["x", "y"]].quantile(0.95)
    middle_x, middle_y = (low["x"] + high["x"]) / 2, (low["y"] + high["y"]) / 2
    width = max(high["x"] - low["x"], (high["y"] - low["y"]) * SHAPE, SMALLEST_M) * (1 + 2 * MARGIN_SHARE)
    height = width / SHAPE
    return middle_x - width / 2, middle_y - height / 2, middle_x + width / 2, middle_y + height / 2


def _dots(units: pd.DataFrame, radius: float) -> list[str]:
    """The vacant last and larger, so that none is hidden."""
    order = units.assign(last=units["state"] == "vacant").sort_values("last", kind="stable")
    return [
        f'<circle cx="{row.x:.1f}" cy="{-row.y:.1f}" r="{radius * (1 if row.last else 0.7):.2f}" '
        f'fill="{COLOURS.get(row.state, OTHER)}" stroke="#fff" stroke-width="{radius / 5:.2f}" />'
        for row in plain_rows(order)
    ]
