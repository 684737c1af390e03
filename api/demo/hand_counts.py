"""What a town bought or counted by hand: people at points between the sensors, and spending in its core."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import shapely

from api.demo.plan import dice
from api.demo.town import Town
from api.demo.units import passages

_ZONE = ZoneInfo("Europe/Brussels")
_MINUTES = 10
# Share of a day's passages in the hour, at eleven and at three o'clock.
_HOURS = ((11, 0.080), (15, 0.078))
_QUARTERS = 6
_ORIGINS = (("all", 1.0), ("Eigen gemeente", 0.58), ("Buurgemeenten", 0.31), ("Frankrijk", 0.0008))


def manual_count_frame(town: Town) -> pd.DataFrame:
    """Give counts by hand: ten minutes twice on the last Friday but one, where no sensor stands.

    Parameters
    ----------
    town
        The town.
    """
    rng = dice(town.plan, town.seed, "counts by hand")
    drawn, rows = town.skeleton, []
    back = 7 + (town.order.until.weekday() - 4) % 7
    day = town.order.until - timedelta(days=back)
    for road, line in enumerate(drawn.mains):
        for share in (0.12, 0.6):
            at = shapely.get_coordinates(shapely.line_interpolate_point(line, share, normalized=True))
            rank = np.array([next(each.rank for each in drawn.lines if each.geometry is line)])
            level = float(passages(town.plan, drawn, at, rank)[0])
            for hour, part in _HOURS:
                start = datetime.combine(day, time(hour, int(rng.integers(0, 5)) * 10), _ZONE).astimezone(UTC)
                expected = level * part * _MINUTES / 60
                rows.append(
                    {
                        "nis_code": town.plan.nis_code,
                        "code": f"{town.plan.nis_code}-H{road + 1}{'a' if share < 0.5 else 'b'}",
                        "name": f"{town.plan.main_streets[road][0]}, handtelling",
                        "mode": "ped",
                        "expands_to": "hour",
                        "start_at": pd.Timestamp(start),
                        "minutes": _MINUTES,
                        "value": float(rng.poisson(expected * rng.gamma(28, 1 / 28))),
                        "factor": 60 / _MINUTES,
                        "geometry": shapely.Point(*at[0].round(2)),
                    }
                )
    return pd.DataFrame(rows)


def area_figure_frame(town: Town) -> pd.DataFrame:
    """Give spending in the core per quarter and origin; too few cards from afar, and the cell is hidden.

    Parameters
    ----------
    town
        The town.
    """
    rng = dice(town.plan, town.seed, "spending")
    first = date(town.order.until.year, 3 * ((town.order.until.month - 1) // 3) + 1, 1)
    rows = []
    for back in range(_QUARTERS, 0, -1):
        month = first.year * 12 + first.month - 1 - 3 * back
        begin, end = (date(m // 12, m % 12 + 1, 1) for m in (month, month + 3))
        total = town.plan.population * 430.0 * (1.18 if begin.month == 10 else 1.0) * rng.lognormal(0, 0.04)
        for origin, share in _ORIGINS:
            cards = int(town.plan.population * share * 0.2 * rng.lognormal(0, 0.1))
            is_few = cards < 10
            rows.append(
                {
                    "nis_code": town.plan.nis_code,
                    "kind": "spending",
                    "area": "Kernwinkelgebied",
                    "origin": origin,
                    "branch_group": "all",
                    "unit": "eur",
                    "state": "suppressed" if is_few else "known",
                    "from_on": begin,
                    "to_on": end,
                    "value": np.nan if is_few else round(total * share, -2),
                    "cards": pd.NA if is_few else cards,
                    "merchants": pd.NA if is_few else 40,
                    "largest_merchant_share": np.nan if is_few else 0.12,
                }
            )
    frame = pd.DataFrame(rows)
    return frame.astype({"cards": "Int64", "merchants": "Int64"})
