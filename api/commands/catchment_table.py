"""A catchment on the terminal."""

from typing import Any

from rich.table import Table

from api.catchment import service
from api.catchment.service import Computed, Drawn
from api.commands.console import console

# What is said, in this order: words, figure, what an unknown is counted in.
FIGURES = (
    ("inhabitants", "population", "places"),
    ("households", "households", "persons"),
    ("median income, EUR a year", "income_median_eur", ""),
    ("shop units", "shop_units", ""),
    ("of which vacant", "vacant_units", ""),
    ("sales floor area, m²", "floor_area_m2", "units"),
    ("of which vacant, m²", "vacant_floor_area_m2", ""),
    ("parking spaces", "parking_spaces", "zones"),
    ("footfall sensors", "sensors", ""),
    ("public places", "public_places", ""),
)
UNIT = {"minutes": "min", "metres": "m", "inhabitants": "inhabitants"}
HOW = {"walk": "on foot", "bicycle": "by bicycle", "car": "by car"}


def print_catchment(computed: Computed) -> None:
    """Bands side by side, what each holds below; a scenario before the streets as they are."""
    about = computed.about
    place = about["place"]["label"] or "this place"
    lon, lat = about["origin"]
    way = "to" if about["direction"] == "towards" else "from"
    title = f"{HOW[about['mode']]} {way} {place} ({lon:.6f}, {lat:.6f})"
    if computed.baseline is None:
        console.print(_table(computed, computed.drawn, title))
    else:
        scenario = about["scenario"]
        changed = f"{title}, with {scenario['segments_changed']} street segments changed"
        console.print(_table(computed, computed.drawn, changed))
        console.print(_table(computed, computed.baseline, f"{title}, streets as they are"))
    console.print(f"The place is {about['snap_distance_m']:g} m from its street.")
    for people in about["unreached"]:
        console.print(f"{people:,.0f} inhabitants are not reached within the longest search.")
    if about["competitors"]:
        named = ", ".join(rival["label"] or str(rival["id"]) for rival in about["competitors"][:10])
        console.print(f"Nearer to this place than to: {named}", markup=False)
    _print_sources(about["layers"])


def print_places(computed: list[tuple[str, Computed]]) -> None:
    """One row per place and band."""
    table = Table()
    for heading in ("place", "band", "inhabitants", "shop units", "vacant", "floor area, m²", "parking"):
        table.add_column(heading, justify="left" if heading == "place" else "right")
    figures = ("population", "shop_units", "vacant_units", "floor_area_m2", "parking_spaces")
    for label, one in computed:
        for i in range(len(one.drawn.shapes)):
            held = service.band_properties(one.asked, one.drawn, i)
            shown = [_amount(held[figure]) for figure in figures]
            table.add_row(label, _band(one, one.drawn, i), *shown)
    console.print(table)


def _table(computed: Computed, drawn: Drawn, title: str) -> Table:
    bands = [service.band_properties(computed.asked, drawn, i) for i in range(len(drawn.shapes))]
    table = Table(title=title, title_justify="left")
    table.add_column("")
    for i in range(len(bands)):
        table.add_column(_band(computed, drawn, i), justify="right")
    if computed.asked.unit == "inhabitants":
        table.add_row("minutes", *(f"{band['minutes']:.1f}" for band in bands))
    table.add_row("area, ha", *(f"{band['area_m2'] / 1e4:,.1f}" for band in bands))
    for words, figure, counted_in in FIGURES:
        table.add_row(words, *(_figure(band, figure, counted_in) for band in bands))
        for part, numbers in _parts(bands, figure):
            table.add_row(f"  {part}", *(_amount(number) for number in numbers))
    return table


def _parts(bands: list[dict[str, Any]], figure: str) -> list[tuple[str, list[float]]]:
    """What a figure is made of: occupied units by branch group, public places by kind."""
    if figure == "vacant_units":
        groups = sorted({group for band in bands for group in band["branches"]})
        return [
            (group, [band["branches"].get(group, {"units": 0})["units"] for band in bands])
            for group in groups
        ]
    if figure == "public_places":
        kinds = sorted({kind for band in bands for kind in band["places"]})
        return [(kind, [band["places"].get(kind, 0) for band in bands]) for kind in kinds]
    return []


def _band(computed: Computed, drawn: Drawn, i: int) -> str:
    held = service.band_properties(computed.asked, drawn, i)
    value = f"{held['band']:,g} {UNIT[computed.asked.unit]}"
    return f"{held['lower']:,g} - {value}" if held["lower"] else value


def _figure(band: dict[str, Any], figure: str, counted_in: str) -> str:
    unknown = band.get(f"{figure}_unknown") or 0
    if band[figure] is None or not unknown:
        return _amount(band[figure])
    return f"{_amount(band[figure])} (+ {unknown:,.0f} {counted_in} unknown)"


def _amount(value: float | None) -> str:
    return "not known" if value is None else f"{value:,.0f}"


def _print_sources(layers: list[dict[str, Any]]) -> None:
    for layer in layers:
        if not layer["source"]:
            continue
        told = [f"{layer['source']}"]
        if layer["observed_on"]:
            told.append(f"of {layer['observed_on']}")
        if layer["coverage"] is not None:
            told.append(f"known for {layer['coverage']:.0%}")
        if layer["suppressed"]:
            told.append(f"{layer['suppressed']} sectors withheld")
        console.print(f"  {layer['code']}: {', '.join(told)}", markup=False)
