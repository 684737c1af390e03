"""What a new shop would take from existing shops of its branch: people in both catchments."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from api.branches import queries
from api.catchment import queries as places
from api.catchment.asked import Asked as Catchment
from api.catchment.asked import Mode
from api.catchment.held import Held, Layer, Rival, near_held, units_of_branch
from api.catchment.networks import network_and_version
from api.catchment.service import find_place
from api.errors import Malformed, NotFound
from api.numbers import known
from gis.accessibility import furthest_m
from gis.cannibalisation import drawn_away, served_people, shared_people
from gis.isochrone import Bands
from gis.network import MAX_SNAP_M, StreetNetwork
from gis.survey import surveyed

# Beyond so many shops the nearest say it all, and each costs a search.
MOST_SHOPS = 60
DEFAULT_MINUTES = (5.0, 10.0, 15.0)
Floats = NDArray[np.float64]
Row = dict[str, Any]


def get_sharing(session: Session, unit_id: int, branch: str, mode: Mode, minutes: tuple[float, ...]) -> Row:
    """
    Per existing shop of a branch how many people of its catchment are in that of a candidate unit too, for each band.

    Raises
    ------
    NotFound
        When unit or branch are not known.
    Malformed
        When there are not exactly three rising bands.
    PointOffNetwork
        When no street for this mode is near the unit.
    """
    if len(minutes) != len(DEFAULT_MINUTES) or list(minutes) != sorted(set(minutes)):
        raise Malformed(
            "Sensitivity is told over three rising bands.", "Give minutes=5,10,15 or three others."
        )
    if not places.is_branch(session, branch):
        raise NotFound(
            f"There is no branch {branch}.", "GET /api/code-lists/branch lists those that are known."
        )
    asked = Catchment(mode=mode, bands=minutes, shop_unit=unit_id)
    place = find_place(session, asked)
    network, version = network_and_version(session, asked.mode)
    # Whoever is within reach of both lives no further than the reach of each.
    reach_m = 2 * furthest_m(network, minutes[-1]) + 2 * MAX_SNAP_M
    held = near_held(session, (place.x - reach_m, place.y - reach_m, place.x + reach_m, place.y + reach_m))
    rivals = [rival for rival in units_of_branch(held, branch) if rival.key != unit_id]
    rivals.sort(key=lambda rival: (np.hypot(rival.x - place.x, rival.y - place.y), rival.key))
    near = [rival for rival in rivals if np.hypot(rival.x - place.x, rival.y - place.y) <= reach_m]
    people = [each.layers["people"] for each in held if "people" in each.layers]
    told = {
        "shop_unit": {"id": place.key, "address": place.label, "nis_code": place.nis_code},
        "branch": branch,
        "mode": mode,
        "minutes": list(minutes),
        "n_left_out": max(0, len(near) - MOST_SHOPS),
        "network_version": version,
        **_source(held),
    }
    if not people:
        return {**told, "why_not": "no_people", "served": [], "shops": []}
    costs = [
        _costs(network, (x, y), minutes, people, version, is_needed=is_first)
        for x, y, is_first in [
            (place.x, place.y, True),
            *((rival.x, rival.y, False) for rival in near[:MOST_SHOPS]),
        ]
    ]
    persons = np.concatenate([layer.columns["persons"] for layer in people]).astype(float)
    shops = np.array(costs[1:]).reshape(len(costs) - 1, len(persons))
    served = served_people(costs[0], shops, persons, minutes)
    return {
        **told,
        "why_not": None,
        "served": [{name: known(value) for name, value in row.items()} for row in served.to_dict("records")],
        "shops": _shops(
            session,
            near[:MOST_SHOPS],
            shared_people(costs[0], shops, persons, minutes),
            drawn_away(costs[0], shops, persons, minutes),
        ),
    }


def _costs(
    network: StreetNetwork,
    xy: tuple[float, float],
    minutes: tuple[float, ...],
    people: list[Layer],
    version: str,
    *,
    is_needed: bool,
) -> Floats:
    """Minutes from everybody to a place; nobody reaches one that stands off the streets."""
    at = network.snap(np.array([xy], float)) if not is_needed else network.snap_one(xy)
    if not at.is_snapped.all():
        return np.full(sum(len(layer) for layer in people), np.inf)
    bands = Bands("minutes", minutes, tuple(60.0 * limit for limit in minutes), "s", "towards")
    with surveyed(network, at, bands) as survey:
        return np.concatenate([survey.costs(layer.placed(network, version)) for layer in people])


def _shops(session: Session, near: list[Rival], shared: pd.DataFrame, lost: pd.DataFrame) -> list[Row]:
    """Existing shops that would share people with the candidate, the most first."""
    names = queries.shops_named(session, [rival.key for rival in near])
    rows = []
    for place, rival in enumerate(near):
        bands = shared[shared["shop"] == place]
        if not bands["shared"].iloc[-1] > 0:
            continue
        rows.append(
            {
                **names[rival.key],
                "bands": [
                    {
                        "minutes": float(row["limit"]),
                        "people": round(float(row["people"])),
                        "shared": round(float(row["shared"])),
                        "shared_share": known(float(row["shared_share"])),
                    }
                    for _, row in bands.iterrows()
                ],
                "lost": [
                    {"half_minutes": float(row["half"]), "share": known(float(row["lost_share"]))}
                    for _, row in lost[lost["shop"] == place].iterrows()
                ],
            }
        )
    rows.sort(key=lambda row: (-row["bands"][1]["shared"], -row["bands"][2]["shared"], row["id"]))
    return rows


def _source(held: list[Held]) -> Row:
    """Where the people come from, and of how many sectors they are known."""
    named = [each.sources["population"] for each in held]
    known_sectors = [bool(value) for each in held for value in each.sectors["is_known"]]
    return {
        "source": ", ".join(sorted({each["source"] for each in named if each["source"]})) or None,
        "observed_on": max((each["observed_on"] for each in named if each["observed_on"]), default=None),
        "coverage": sum(known_sectors) / len(known_sectors) if known_sectors else None,
    }
