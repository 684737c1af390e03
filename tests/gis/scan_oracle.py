"""The scan as methods.md describes it, dense and plain: every window of every unit on every map, held at once."""

import numpy as np
import pandas as pd
from scipy.special import xlogy

MIN_VACANT = 4


def ordered(metres, largest):
    """Neighbours outward from each unit, their distances, and where a window may end."""
    n = len(metres)
    order, far, is_end = (
        np.full((n, largest), -1),
        np.full((n, largest), np.inf),
        np.zeros((n, largest), bool),
    )
    for row in range(n):
        near = np.flatnonzero(np.isfinite(metres[row]))
        away = np.round(metres[row][near], 2)
        away[near == row] = -1.0
        outward = np.lexsort((near, away))
        near, away = near[outward], np.maximum(away[outward], 0.0)
        k = min(len(near), largest)
        order[row, :k], far[row, :k] = near[:k], away[:k]
        is_end[row, :k] = np.append(away, np.inf)[1 : k + 1] > away[:k]
    return order, far, is_end


def summed(order, amounts):
    return np.cumsum(np.where(order >= 0, amounts[order], 0), axis=1)


def ratios_of(y, order, is_end, expected):
    """Sum O ln(O / E) over vacant and occupied, inside and outside, of every window."""
    total, n_units = int(y.sum()), len(y)
    n, c = np.arange(1, order.shape[1] + 1), summed(order, y.astype(int))
    seen = (c, n - c, total - c, n_units - n - total + c)
    hoped = (expected, n - expected, total - expected, n_units - n - total + expected)
    ratio = sum(
        xlogy(o, np.maximum(o, 1)) - o * np.log(np.maximum(e, 1e-300))
        for o, e in zip(seen, hoped, strict=True)
    )
    return np.where(is_end & (c > expected) & (c >= MIN_VACANT), np.maximum(ratio, 0.0), 0.0)


def candidates(is_vacant, metres, chance, maps, *, largest, alpha):
    """Rows (centre, members, ratio, p-value) until chance explains one."""
    order, far, is_end = ordered(metres, largest)
    expected = summed(order, chance * is_vacant.sum() / chance.sum())
    ratios = ratios_of(is_vacant, order, is_end, expected)
    highest = np.array([ratios_of(y, order, is_end, expected).max() for y in maps])
    rows, taken = [], np.zeros(len(is_vacant), int)
    while ratios.max() > 0 and not (rows and rows[-1][3] > alpha):
        centres, lasts = np.nonzero(ratios >= ratios.max() - 1e-9)
        first = np.lexsort((centres, far[centres, lasts], lasts))[0]
        centre, last = centres[first], lasts[first]
        members = order[centre, : last + 1]
        p_value = (1 + (highest >= ratios[centre, last] - 1e-9).sum()) / (1 + len(highest))
        rows.append((int(centre), sorted(members.tolist()), float(ratios[centre, last]), float(p_value)))
        taken[members] = 1
        ratios = np.where(summed(order, taken) > 0, 0.0, ratios)
    return pd.DataFrame(rows, columns=["centre_id", "member_ids", "llr", "p_value"])
