"""A catchment as a table: one row per band and figure, each with its source."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from api.catchment import service
from api.catchment.service import Computed, Drawn

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
    """One row per band and figure, smallest band first; a scenario comes with the network as it is."""
    yield from _rows(computed, computed.drawn, "scenario" if computed.baseline else "as it is")
    if computed.baseline is not None:
        yield from _rows(computed, computed.baseline, "as it is")


def to_csv(computed: Computed) -> bytes:
    """For spreadsheets: UTF-8 with BOM, semicolons."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, delimiter=";", lineterminator="\r\n", restval="")
    writer.writeheader()
    writer.writerows(rows(computed))
    return "\ufeff".encode() + out.getvalue().encode()


def _rows(computed: Computed, drawn: Drawn, network: str) -> Iterator[dict[str, Any]]:
    told = {layer["code"]: layer for layer in drawn.counted.layers}
    for i in range(len(drawn.shapes)):
        held = service.band_properties(computed.asked, drawn, i)
        common = {"network": network, "band": held["band"], "unit": computed.asked.unit}
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
