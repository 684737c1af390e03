"""Closings that were announced and leases that end, as an officer enters them."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from api.demo.lineage import NO_DAY
from api.demo.plan import dice
from api.demo.town import Town

_SHARE = 0.02
_SOURCES = {
    "announced_closing": ("Affiche op de etalage", "Plaatselijke krant", "Website van de winkel"),
    "lease_end": ("Opgave van de verhuurder", "Huuradvertentie"),
}


def expected_frame(town: Town) -> pd.DataFrame:
    """Give what is expected to fall empty: a few units that trade today.

    Parameters
    ----------
    town
        The town.
    """
    rng = dice(town.plan, town.seed, "expected vacancies")
    rows = town.tenancy.occupancies
    units = town.lineage.units
    open_now = rows[(rows["to_day"] == NO_DAY) & ~rows["is_popup"]]["unit"].to_numpy()
    active = open_now[(units["lifecycle"].to_numpy()[open_now] == "active")]
    chosen = np.sort(rng.choice(active, max(3, round(_SHARE * len(active))), replace=False))
    kinds = rng.choice(list(_SOURCES), len(chosen), p=[0.6, 0.4])
    days = rng.integers(20, 420, len(chosen))
    sources = [_SOURCES[kind][rng.integers(len(_SOURCES[kind]))] for kind in kinds.tolist()]
    return pd.DataFrame(
        {
            "nis_code": town.plan.nis_code,
            "local_code": units["local_code"].to_numpy()[chosen],
            "kind": kinds,
            "expected_on": [town.order.until + timedelta(int(day)) for day in days],
            "source": sources,
        }
    )
