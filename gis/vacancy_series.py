"""Vacancy rates at many dates at once, and where such a series must not be read across."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.errors import FrameError
from gis.frames import require
from gis.vacancy import rates_of

NEVER = np.iinfo(np.int64).max
# Floor areas are summed in whole square centimetres, which a float holds exactly: what was added is taken away again
# to the last digit.
PER_M2 = 10_000
NO_GROUP = "unknown"
SUMS = (
    "n_units",
    "n_vacant",
    "n_unknown",
    "n_non_retail",
    "floor_area_m2",
    "vacant_floor_area_m2",
    "n_with_floor_area",
)


def last_branch_group(periods: pd.DataFrame) -> pd.Series:
    """Say to which branch group every period belongs; a vacant one belongs to that of its last occupant.

    Parameters
    ----------
    periods
        ``shop_unit_id``, ``kind`` (vacant or occupied), ``from_on`` and ``branch_group``: of an occupied period the
        group of its branch, of a vacant one the group that was written down of the last occupant, if any.

    Returns
    -------
    pandas.Series
        On the index of ``periods``: the group; of a vacant period without one, that of the last occupied period of
        the unit that began before it did; ``unknown`` where nothing is known.

    Raises
    ------
    FrameError
        When a column is missing.
    """
    require(periods, "shop_unit_id", "kind", "from_on", "branch_group", what="periods")
    group = periods["branch_group"].astype(object)
    dated = periods[periods["from_on"].notna()].sort_values("from_on", kind="stable")
    is_vacant = dated["kind"] == "vacant"
    trading = dated.loc[~is_vacant, ["from_on", "shop_unit_id", "branch_group"]]
    empty = dated.loc[is_vacant, ["from_on", "shop_unit_id"]].rename_axis("row").reset_index()
    if len(trading) and len(empty):
        before = pd.merge_asof(
            empty, trading, on="from_on", by="shop_unit_id", direction="backward", allow_exact_matches=False
        )
        earlier = pd.Series(before["branch_group"].to_numpy(), index=before["row"])
        group = group.where(group.notna() | (periods["kind"] != "vacant"), earlier.reindex(group.index))
    return group.where(group.notna(), NO_GROUP)


def vacancy_series(
    units: pd.DataFrame,
    periods: pd.DataFrame,
    dates: Sequence[Any] | pd.DatetimeIndex,
    *,
    by: str | None = None,
    trades: frozenset[str] | None = None,
    min_coverage_share: float = 0.9,
) -> pd.DataFrame:
    """Measure vacancy at many dates and in many groups at once.

    Every period adds its unit where it begins and takes it away where it ends; what is added up until a date is what
    stands there that day. So the work grows with the periods and with groups x dates, never with periods x dates.

    Parameters
    ----------
    units
        Shop units (unique index): ``floor_area_m2`` (NaN where not known), ``valid_from``, ``valid_to``, ``lifecycle``.
    periods
        ``shop_unit_id``, ``kind`` (vacant or occupied), ``from_on``, ``to_on`` (day after the last, NaT while it lasts)
        and ``branch_group``; periods of one kind and one unit must not overlap. Of an occupied and a vacant one on
        one day, the vacant counts.
    dates
        Days, shape (dates,).
    by
        Column of ``units``, or else of ``periods``, to measure per; a unit in no running period is in ``unknown`` of
        the latter.
    trades
        Branch groups of which the occupied units count; all when left out. A vacant unit counts either way.
    min_coverage_share
        As in `gis.vacancy.vacancy_rate`.

    Returns
    -------
    pandas.DataFrame
        Columns of `gis.vacancy.vacancy_rate`, one row per group and date (index ``group``, ``on``); only groups
        that have a unit on one of the dates; the group is ``all`` when none is asked for.

    Raises
    ------
    FrameError
        When a column is missing, or periods of one kind overlap.
    """
    require(units, "floor_area_m2", "valid_from", "valid_to", "lifecycle", what="shop units")
    require(periods, "shop_unit_id", "kind", "from_on", "to_on", "branch_group", what="periods")
    if by is not None and by not in units.columns and by not in periods.columns:
        raise FrameError(f"shop units and periods: column {by} is missing")
    on = pd.DatetimeIndex(pd.to_datetime(list(dates))).normalize().unique().sort_values()
    stays = _Stays(units, periods, by)
    sums = stays.added_up(stays.changes(trades), on.to_numpy().astype("datetime64[D]").astype(np.int64))
    index = pd.MultiIndex.from_product([stays.groups, on], names=["group", "on"])
    table = pd.DataFrame({name: sums[name].ravel() for name in SUMS}, index=index)
    for name in ("floor_area_m2", "vacant_floor_area_m2"):
        table[name] /= PER_M2
    is_there = (sums["n_units"] + sums["n_unknown"] + sums["n_non_retail"]).any(axis=1)
    return rates_of(table[np.repeat(is_there, len(on))], min_coverage_share)


@dataclass(frozen=True)
class _Line:
    """Units that are added to sums from a day until another, all arrays of shape (rows,)."""

    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    unit: NDArray[np.int64]
    group: NDArray[np.int64]
    sign: int = 1
    sums: tuple[str, ...] = ()

    def __getitem__(self, mask: NDArray[np.bool_]) -> "_Line":
        return replace(
            self, start=self.start[mask], stop=self.stop[mask], unit=self.unit[mask], group=self.group[mask]
        )

    def to(self, sums: tuple[str, ...], sign: int = 1, group: NDArray[np.int64] | None = None) -> "_Line":
        """The same rows, to other sums."""
        return replace(self, sums=sums, sign=sign, group=self.group if group is None else group)


class _Stays:
    """Units and their periods as arrays of whole days, each within the life of its unit."""

    def __init__(self, units: pd.DataFrame, periods: pd.DataFrame, by: str | None) -> None:
        self.begins, self.ends = _days(units["valid_from"], -NEVER), _days(units["valid_to"], NEVER)
        # A unit without dates that was merged, split or pulled down since is only in the past.
        is_gone = units["valid_to"].isna().to_numpy() & (units["lifecycle"] != "active").to_numpy()
        self.ends[is_gone] = -NEVER
        area = units["floor_area_m2"].to_numpy(float, na_value=np.nan)
        self.has_area = ~np.isnan(area)
        self.area = np.rint(np.where(self.has_area, area, 0.0) * PER_M2)
        place = units.index.get_indexer(pd.Index(periods["shop_unit_id"]))
        here = (place >= 0) & periods["from_on"].notna().to_numpy()
        kept = periods[here]
        self.unit = place[here]
        self.start = np.maximum(_days(kept["from_on"], NEVER), self.begins[self.unit])
        self.stop = np.minimum(_days(kept["to_on"], NEVER), self.ends[self.unit])
        self.is_vacant = (kept["kind"] == "vacant").to_numpy()
        self.trade = kept["branch_group"].to_numpy(object)
        self._group(units, kept, by)
        _refuse_overlap(self._lines(self.is_vacant), "vacant")
        _refuse_overlap(self._lines(~self.is_vacant), "occupied")

    def _group(self, units: pd.DataFrame, kept: pd.DataFrame, by: str | None) -> None:
        if by is None:
            self.groups: pd.Index = pd.Index(["all"])
            self.of_unit = np.zeros(len(units), np.int64)
            self.of_period = np.zeros(len(kept), np.int64)
        elif by in units.columns:
            codes, self.groups = pd.factorize(units[by], sort=True, use_na_sentinel=False)
            self.of_unit = np.asarray(codes, np.int64)
            self.of_period = self.of_unit[self.unit]
        else:
            values = [NO_GROUP, *kept[by].astype(object).where(kept[by].notna(), NO_GROUP)]
            codes, self.groups = pd.factorize(pd.Series(values, dtype=object), sort=True)
            self.of_unit = np.full(len(units), codes[0], np.int64)
            self.of_period = np.asarray(codes[1:], np.int64)

    def changes(self, trades: frozenset[str] | None) -> list[_Line]:
        """What is added to which of `SUMS`, from when until when."""
        vacant, trading = self._lines(self.is_vacant), self._lines(~self.is_vacant)
        shut = self._trading_while_vacant()
        lines = [_Line(self.begins, self.ends, np.arange(len(self.begins)), self.of_unit, 1, ("n_unknown",))]
        lines.append(
            vacant.to(("n_units", "n_vacant", "floor_area_m2", "vacant_floor_area_m2", "n_with_floor_area"))
        )
        lines.append(vacant.to(("n_unknown",), -1, self.of_unit[vacant.unit]))
        for line, trade, sign in ((trading, self.trade[~self.is_vacant], 1), (*shut, -1)):
            lines.append(line.to(("n_unknown",), -sign, self.of_unit[line.unit]))
            is_no_trade = trade == "non_retail"
            counts = ~is_no_trade if trades is None else ~is_no_trade & np.isin(trade, list(trades))
            lines.append(line[is_no_trade].to(("n_non_retail",), sign))
            lines.append(line[counts].to(("n_units", "floor_area_m2", "n_with_floor_area"), sign))
        return lines

    def _lines(self, mask: NDArray[np.bool_]) -> _Line:
        return _Line(self.start[mask], self.stop[mask], self.unit[mask], self.of_period[mask])

    def _trading_while_vacant(self) -> tuple[_Line, NDArray[np.object_]]:
        """The days on which somebody trades for a while in a unit that counts as vacant, and in which branch group."""
        frame = pd.DataFrame(
            {"unit": self.unit, "start": self.start, "stop": self.stop, "row": np.arange(len(self.unit))}
        )
        both = frame[~self.is_vacant].merge(frame[self.is_vacant], on="unit", suffixes=("", "_vacant"))
        start = np.maximum(both["start"].to_numpy(), both["start_vacant"].to_numpy())
        stop = np.minimum(both["stop"].to_numpy(), both["stop_vacant"].to_numpy())
        rows = both["row"].to_numpy()[start < stop]
        line = _Line(start[start < stop], stop[start < stop], self.unit[rows], self.of_period[rows])
        return line, self.trade[rows]

    def added_up(self, lines: Iterable[_Line], days: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
        """Each of `SUMS` per group and day, shape (groups, days)."""
        width = len(days) + 1
        steps = {name: np.zeros(len(self.groups) * width) for name in SUMS}
        for line in lines:
            at = line.group * width
            is_any = line.start < line.stop
            begin = at + np.searchsorted(days, line.start)
            end = at + np.searchsorted(days, line.stop)
            for name in line.sums:
                weight = line.sign * self._weight(name, line.unit) * is_any
                steps[name] += np.bincount(begin, weight, len(steps[name]))
                steps[name] -= np.bincount(end, weight, len(steps[name]))
        return {name: step.reshape(-1, width).cumsum(axis=1)[:, :-1] for name, step in steps.items()}

    def _weight(self, name: str, unit: NDArray[np.int64]) -> NDArray[np.float64]:
        if name.endswith("floor_area_m2"):
            weight: NDArray[np.float64] = self.area[unit]
            return weight
        return self.has_area[unit].astype(float) if name == "n_with_floor_area" else np.ones(len(unit))


def _days(column: pd.Series, missing: int) -> NDArray[np.int64]:
    days = pd.to_datetime(column).to_numpy().astype("datetime64[D]")
    whole: NDArray[np.int64] = np.where(np.isnat(days), missing, days.astype(np.int64))
    return whole


def _refuse_overlap(line: _Line, kind: str) -> None:
    order = np.lexsort((line.start, line.unit))
    unit, start, stop = line.unit[order], line.start[order], line.stop[order]
    is_real = start < stop
    unit, start, stop = unit[is_real], start[is_real], stop[is_real]
    n = int(((unit[1:] == unit[:-1]) & (start[1:] < stop[:-1])).sum())
    if n:
        raise FrameError(
            f"periods: {n} {kind} ones begin before the one before them of the same unit has ended"
        )


def series_stretches(
    on: pd.DatetimeIndex, is_known: NDArray[np.bool_], breaks: Sequence[Any] | pd.DatetimeIndex
) -> NDArray[np.int64]:
    """Number the stretches of a series across which a line may be drawn.

    Parameters
    ----------
    on
        Days in order, shape (days,).
    is_known
        Whether there is a figure that day, shape (days,).
    breaks
        First days of another way of counting.

    Returns
    -------
    array
        Shape (days,): 0, 1, ... and -1 where nothing is known. A new stretch begins after a day without a figure, and
        at the first day on or after a break.
    """
    breaks_on = np.sort(pd.DatetimeIndex(pd.to_datetime(list(breaks))).to_numpy().astype("datetime64[D]"))
    passed = np.searchsorted(breaks_on, on.to_numpy().astype("datetime64[D]"), side="right")
    before = np.concatenate(([False], is_known[:-1]))
    begins = is_known & (~before | (np.diff(passed, prepend=passed[:1]) > 0))
    return np.where(is_known, np.cumsum(begins) - 1, -1)


def source_changes(by_source: pd.DataFrame) -> pd.DataFrame:
    """Find the days on which most of what is counted comes from another source than before.

    Parameters
    ----------
    by_source
        As `vacancy_series` gives it by source.

    Returns
    -------
    pandas.DataFrame
        One row per change: ``on``, ``before`` and ``after``. A day on which no source has more than half of the
        counted units is no change: only the next majority is.
    """
    counted = by_source["n_units"].unstack("on", fill_value=0)
    total = counted.sum()
    most = counted.idxmax().where(counted.max() * 2 > total) if len(counted) else pd.Series(dtype=object)
    known = most[most.notna() & (most != NO_GROUP)]
    earlier = known.shift()
    changed = known[earlier.notna() & (known != earlier)]
    return pd.DataFrame(
        {
            "on": changed.index,
            "before": earlier.reindex(changed.index).to_numpy(),
            "after": changed.to_numpy(),
        }
    )
