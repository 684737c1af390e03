"""The layers of QGIS: what each is called, where it stands, how it is drawn, and what its form asks."""

from dataclasses import dataclass, field
from typing import Literal

Lang = Literal["nl", "en"]
Text = tuple[str, str]
LANGS: tuple[Lang, ...] = ("nl", "en")

INK, GREY, WHITE, ACCENT, VACANT = "#17242b", "#5d6b74", "#ffffff", "#0b5563", "#c4450f"
# The same five steps and bounds as on the map of the application.
SCORE_COLOURS = ("#d3e6e9", "#9fcad1", "#5fa3af", "#24788a", "#063f4c")


@dataclass(frozen=True)
class Paint:
    """How one symbol looks: a marker of `size` mm, a line of `width` mm, or a fill with an edge."""

    fill: str = WHITE
    line: str = WHITE
    shape: str = "circle"
    size: float = 2.4
    width: float = 0.3
    opacity: float = 1.0
    dash: str = "solid"


@dataclass(frozen=True)
class Drawing:
    """
    How a layer is drawn.

    Parameters
    ----------
    paints
        One paint; one for each code of `by`; or one for each class of numbers that `bounds` make.
    by
        Column that decides; empty: all are drawn alike.
    codes
        Code list whose labels the legend shows.
    bounds
        Inner bounds of the classes of numbers; the unit stands in `unit`.
    label
        Expression of the text beside each; empty: none.
    label_from
        Texts show from this scale on (the denominator), and until `label_until`.
    legend
        What the legend says of a code that is of no list, in both languages.
    """

    paints: dict[str, Paint]
    by: str = ""
    codes: str = ""
    bounds: tuple[float, ...] = ()
    unit: str = ""
    label: str = ""
    label_from: int = 2500
    label_until: int = 0
    legend: dict[str, Text] = field(default_factory=dict)


def one(paint: Paint, *, label: str = "", label_from: int = 2500) -> Drawing:
    """All are drawn alike."""
    return Drawing({"": paint}, label=label, label_from=label_from)


def classes(
    by: str, colours: tuple[str, ...], bounds: tuple[float, ...], like: Paint, unit: str = ""
) -> Drawing:
    """Coloured by a number, in classes; what has no number stands apart."""
    paints = {
        str(index): Paint(colour, like.line, like.shape, like.size, like.width, like.opacity)
        for index, colour in enumerate(colours)
    }
    paints["none"] = Paint(WHITE, GREY, like.shape, like.size * 0.85, like.width, like.opacity)
    return Drawing(paints, by=by, bounds=bounds, unit=unit)


@dataclass(frozen=True)
class Style:
    """A way of drawing a view, by a name that people choose it by."""

    name: Text
    drawing: Drawing


@dataclass(frozen=True)
class View:
    """
    A view of schema qgis as people meet it.

    Parameters
    ----------
    name, title
        Its name in the schema, and for people.
    geometry
        Its type in QGIS; None for a table.
    styles
        The first is the one that it opens with.
    form
        Groups of its form with their columns; what no group names stands in a last one. Empty: one list.
    required
        Columns that a new row needs.
    """

    name: str
    title: Text
    geometry: Literal["Point", "LineString", "MultiLineString", "MultiPolygon"] | None
    styles: tuple[Style, ...] = ()
    form: tuple[tuple[Text, tuple[str, ...]], ...] = ()
    required: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layer:
    """A place in the project: a view, drawn in one of its styles, perhaps only some of its rows."""

    key: str
    view: str
    group: str
    title: Text | None = None
    style: int = 0
    only: str = ""
    is_on: bool = False
    # Farther out than 1 : so much it is not drawn; 0: always.
    drawn_from: int = 0


# In the words of the work; the first lies on top.
GROUPS: dict[str, Text] = {
    "units": ("Panden", "Premises"),
    "vacancy": ("Leegstand", "Vacancy"),
    "acquisition": ("Acquisitie", "Acquisition"),
    "footfall": ("Passanten", "Footfall"),
    "parking": ("Parkeren", "Parking"),
    "reach": ("Bereik", "Reach"),
    "background": ("Achtergrond", "Background"),
}
