"""Independent estimates, written from the formulas and slow on purpose."""

import math

import numpy as np


def product_limit(spells):
    """Kaplan and Meier's product with Greenwood's sum, from (days, is_let, entry) one after the other."""
    line, spread, steps = 1.0, 0.0, [(0.0, 1.0, 0.0)]
    for day in sorted({days for days, is_let, _ in spells if is_let}):
        at_risk = sum(1 for days, _, entry in spells if entry < day <= days)
        let = sum(1 for days, is_let, _ in spells if is_let and days == day)
        line *= 1 - let / at_risk
        spread = math.inf if at_risk == let else spread + let / (at_risk * (at_risk - let))
        steps.append((day, line, spread))
    return steps


def at(steps, day):
    """The line and Greenwood's sum on a day."""
    return [(line, spread) for when, line, spread in steps if when <= day][-1]


def turnbull(limits, cells, *, rounds=600):
    """Turnbull's algorithm for (shortest, longest, least to be seen) in whole cells; longest None: still lasting."""
    share = np.full(cells + 1, 1 / (cells + 1))
    for _ in range(rounds):
        counted = np.zeros(cells + 1)
        for shortest, longest, entry in limits:
            fits = [j for j in range(cells + 1) if j >= shortest and (longest is None or j <= longest)]
            total = sum(share[j] for j in fits)
            for j in fits:
                counted[j] += share[j] / total
            unseen = [j for j in range(cells + 1) if j < entry]
            seen = 1 - sum(share[j] for j in unseen)
            for j in unseen:
                counted[j] += share[j] / seen
        share = counted / counted.sum()
    return share
