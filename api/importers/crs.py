"""Which coordinate system a file is really in, judged by where its points would lie."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from api.importers.reading import UnreadableSource

WGS84 = 4326
LAMBERT_72 = 31370
LAMBERT_2008 = 3812
# A town at the border of a national system still lies a little outside its official box.
_MARGIN_DEG = 0.5
_SHORT_NAMES = {WGS84: "WGS 84", LAMBERT_72: "Lambert 72", LAMBERT_2008: "Lambert 2008", 3857: "web Mercator"}

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Label:
    """What a file says about its coordinates.

    Attributes
    ----------
    crs
        The stated system, None without one.
    is_stated
        False where the format itself implies the system (GeoJSON is WGS 84 unless it says otherwise).
    """

    crs: CRS | None
    is_stated: bool = True


@dataclass(frozen=True)
class Projection:
    """How coordinates of a file become coordinates of ours.

    Attributes
    ----------
    crs
        What the file is read as.
    srid
        What it becomes.
    is_swapped
        The file holds y before x.
    """

    crs: CRS
    srid: int
    is_swapped: bool = False

    def geometries(self, values: NDArray[Any]) -> NDArray[Any]:
        """Two-dimensional geometries in `srid`; None stays None."""
        flat = np.asarray(shapely.force_2d(values))
        if not self.is_swapped and self.crs == CRS.from_epsg(self.srid):
            return flat
        return np.asarray(shapely.transform(flat, self._coordinates))

    def _coordinates(self, xy: Floats) -> Floats:
        first, second = (xy[:, 1], xy[:, 0]) if self.is_swapped else (xy[:, 0], xy[:, 1])
        x, y = transformer(self.crs, CRS.from_epsg(self.srid)).transform(first, second)
        return np.column_stack([x, y])


@cache
def transformer(source: CRS, target: CRS) -> Transformer:
    """The transformation with x before y on both sides."""
    return Transformer.from_crs(source, target, always_xy=True)


def name_of(crs: CRS) -> str:
    """A short name that a person knows, with the EPSG number."""
    code = epsg_of(crs)
    if code is None:
        return crs.name
    return f"{_SHORT_NAMES.get(code, crs.name)} (EPSG:{code})"


def epsg_of(crs: CRS) -> int | None:
    """EPSG number of a system, also when its text was written by a program that leaves the number out."""
    horizontal = crs.sub_crs_list[0] if crs.is_compound else crs
    return horizontal.to_epsg(min_confidence=25)


def tidy(crs: CRS) -> CRS:
    """The official definition behind a label, because only that knows the best way to other systems."""
    code = epsg_of(crs)
    return crs if code is None else CRS.from_epsg(code)


def parse_crs(text: str) -> CRS:
    """Read "EPSG:3812", "3812" or a WKT.

    Raises
    ------
    UnreadableSource
        No such system.
    """
    try:
        return CRS.from_user_input(int(text) if text.strip().isdigit() else text)
    except CRSError as error:
        raise UnreadableSource(
            f"'{text}' is no coordinate system", "Give it as --option crs=EPSG:31370"
        ) from error


@cache
def area_of(srid: int) -> tuple[float, float, float, float]:
    """West, south, east, north of the area where a system holds, in degrees and with a margin."""
    area = CRS.from_epsg(srid).area_of_use
    if area is None:
        return (-180.0, -90.0, 180.0, 90.0)
    west, south, east, north = area.bounds
    if west > east:
        west, east = -180.0, 180.0
    return (west - _MARGIN_DEG, south - _MARGIN_DEG, east + _MARGIN_DEG, north + _MARGIN_DEG)


def in_area(x: Floats, y: Floats, crs: CRS, *, srid: int) -> NDArray[np.bool_]:
    """Which coordinates, read as `crs`, lie in the area of `srid`."""
    lon, lat = transformer(crs, CRS.from_epsg(WGS84)).transform(x, y)
    west, south, east, north = area_of(srid)
    with np.errstate(invalid="ignore"):
        inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        if crs.is_projected:
            # The origin of Lambert 72 lies just outside Belgium: degrees, and zeros, would pass for metres there.
            inside = inside & ((np.abs(x) > 360) | (np.abs(y) > 360))
    return np.asarray(inside)


def decide(
    x: Floats, y: Floats, label: Label, *, srid: int, forced: str | None = None
) -> tuple[Projection, str | None]:
    """Decide in which system coordinates are.

    Parameters
    ----------
    x, y
        A sample of the coordinates as they stand in the file.
    label
        What the file says.
    srid
        The deployment's system; its area is where the points must lie.
    forced
        The user's own word (`--option crs=`), believed without a look.

    Returns
    -------
    tuple
        How to transform, and a sentence where the label was not simply followed.

    Raises
    ------
    UnreadableSource
        The points lie in the area in no system that we know.
    """
    if forced:
        return Projection(tidy(parse_crs(forced)), srid), f"Coordinates read as {forced}, as asked"
    stated = tidy(label.crs) if label.crs is not None else None
    known = [CRS.from_epsg(code) for code in dict.fromkeys((srid, LAMBERT_72, LAMBERT_2008, WGS84, 3857))]
    candidates = ([stated] if stated is not None else []) + [crs for crs in known if crs != stated]
    for is_swapped in (False, True):
        first, second = (y, x) if is_swapped else (x, y)
        for crs in candidates:
            if np.mean(in_area(first, second, crs, srid=srid)) >= 0.5:
                projection = Projection(crs, srid, is_swapped)
                return projection, _sentence(projection, stated, is_stated=label.is_stated)
    raise outside(x, y, stated, srid=srid)


def _sentence(projection: Projection, stated: CRS | None, *, is_stated: bool) -> str | None:
    crs = projection.crs
    swapped = ", with y before x" if projection.is_swapped else ""
    if stated is None:
        return f"Coordinates look like {name_of(crs)}{swapped}; the file does not say"
    if crs == stated:
        return f"Coordinates of {name_of(crs)} stand{swapped}: turned round" if swapped else None
    said = "although the file says" if is_stated else "although the format without a crs member means"
    return f"Coordinates look like {name_of(crs)}{swapped} {said} {name_of(stated)}: read as {name_of(crs)}"


def outside(x: Floats, y: Floats, stated: CRS | None, *, srid: int) -> UnreadableSource:
    """What to raise when a file lies in another part of the world."""
    said = f" as {name_of(stated)}" if stated is not None else ""
    middle = f"x {np.nanmedian(x):.6g}, y {np.nanmedian(y):.6g}" if len(x) else "no coordinates"
    return UnreadableSource(
        f"The coordinates ({middle}){said} do not lie in the area of {name_of(CRS.from_epsg(srid))}",
        "Check that this is the right file; name an unusual coordinate system with --option crs=EPSG:...",
    )
