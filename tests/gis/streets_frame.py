"""Small invented streets for the network tests."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely

MODES = ("walk", "bicycle", "car")
Line = Sequence[tuple[float, float]]


def streets_of(
    lines: Sequence[Line],
    *,
    one_way: Sequence[int] = (),
    street_class: str | Sequence[str] = "residential",
    car_speed_kmh: float | Sequence[float] = np.nan,
    first_id: int = 100,
) -> gpd.GeoDataFrame:
    """Streets open to every mode both ways, except those listed as one-way, which are open along their geometry."""
    n = len(lines)
    is_two_way = ~np.isin(np.arange(n), list(one_way))
    access = {f"is_{mode}_forward": np.ones(n, bool) for mode in MODES}
    access |= {f"is_{mode}_backward": is_two_way.copy() for mode in MODES}
    return gpd.GeoDataFrame(
        {"street_class": street_class, "car_speed_kmh": car_speed_kmh} | access,
        geometry=[shapely.LineString(line) for line in lines],
        index=range(first_id, first_id + n),
        crs=31370,
    )
