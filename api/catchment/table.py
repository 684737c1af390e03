"""A catchment as a table: one row per band and figure, each with its source."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from api.catchment import service
from api.catchment.service import Computed

COLUMNS = (
    "network",
    "band",
    "unit",
    "measure",
    "group",
    "value",
    "unknown",
    "source",
    "observed_on",
    "coverage",
)
# Which source tells a figure; the shape itself has none.
SOURCE_OF = {
    "population": "population",
    "households": "households",
    "income_median_eur": "income",
    "shop_units": "shop_units",
    "vacant_units": "shop_units",
    "floor_area_m2": "floor_area",
    "vacant_floor_area_m2": "floor_area",
    "parking_spaces": "parking",
    "sensors": "sensors",
    "public_places": "public_places",
}
PLAIN = ("area_m2", "wrong_in_share", "wrong_out_share")


def rows(computed: Computed) -> Iterator[dict[str, Any]]:
    """One row per band and measure, smallest band first; a scenario comes with the network as it is."""
    drawn = [(computed.drawn, "scenario" if computed.baseline else "as it is")]
    if computed.baseline is not None:
        drawn.append((computed.baseline, "as it is"))
    for one, network in drawn:
        held = [service.band_properties(computed.asked, one, i) for i in range(len(one.shapes))]
        yield from _rows(held, one.counted.layers, unit=computed.asked.unit, network=network)


def rows_of_run(collection: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The same of a kept catchment, as `stored.get_catchment` gives it."""
    about, baseline = collection["catchment"], collection["baseline"]
    drawn = [(collection, "scenario" if baseline else "as it is")]
    if baseline is not None:
        drawn.append((baseline, "as it is"))
    for one, network in drawn:
        held = [feature["properties"] for feature in reversed(one["features"])]
        yield from _rows(held, about["layers"], unit=about["unit"], network=network)


def to_csv(found: Iterable[Mapping[str, Any]]) -> bytes:
    """For spreadsheets: UTF-8 with BOM, semicolons."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, delimiter=";", lineterminator="\r\n", restval="")
    writer.writeheader()
    writer.writerows(found)
    return "\ufeff".encode() + out.getvalue().encode()


def _rows(
    bands: Iterable[Mapping[str, Any]], layers: Iterable[Mapping[str, Any]], *, unit: str, network: str
) -> Iterator[dict[str, Any]]:
    told = {layer["code"]: layer for layer in layers}
    for held in bands:
        common = {"network": network, "band": held["band"], "unit": unit}
        for figure in PLAIN:
            yield common | {"measure": figure, "value": held[figure]}
        for figure, code in SOURCE_OF.items():
            layer = told[code]
            source = {name: layer[name] for name in ("source", "observed_on", "coverage")}
            unknown = held.get(f"{figure}_unknown")
            yield common | {"measure": figure, "value": held[figure], "unknown": unknown, **source}
        for group, amounts in held["branches"].items():
            for figure in ("units", "floor_area_m2"):
                layer = told["shop_units" if figure == "units" else "floor_area"]
                unknown = amounts["floor_area_m2_unknown"] if figure == "floor_area_m2" else None
                yield common | {
                    "measure": f"branch_{figure}",
                    "group": group,
                    "value": amounts[figure],
                    "unknown": unknown,
                    "source": layer["source"],
                    "observed_on": layer["observed_on"],
                    "coverage": layer["coverage"],
                }
        for kind, number in held["places"].items():
            yield common | {
                "measure": "public_places_of_kind",
                "group": kind,
                "value": number,
                "source": told["public_places"]["source"],
                "observed_on": told["public_places"]["observed_on"],
            }
