"""Frames of spells for tests: written by hand, and drawn from a known truth."""

import datetime as dt

import numpy as np
import pandas as pd

from gis.spells import spell_lengths

ON = dt.date(2026, 1, 1)
NOT_WATCHED_LATER = -np.inf


def lengths(rows):
    """(days, state, width, entry) as `spell_lengths` gives them."""
    frame = pd.DataFrame(rows, columns=["exit_days", "state", "start_width_days", "entry_days"])
    return frame.assign(
        exit_days=frame["exit_days"].astype(float),
        start_width_days=frame["start_width_days"].astype(float),
        entry_days=frame["entry_days"].astype(float),
        is_start_known=True,
    )


def exact(days, is_let, entry=None):
    states = np.where(is_let, "let", "running")
    entries = np.full(len(days), NOT_WATCHED_LATER) if entry is None else entry
    return lengths(list(zip(days, states, np.zeros(len(days)), entries, strict=True)))


def drawn_spells(
    rng, n, *, median_days=500.0, shape=1.0, years=10, visits_share=0.6, only_rounds=False, gap_days=365
):
    """Spells that fall empty at any time and are let after a Weibull time; some are only found by a visit."""
    scale = median_days / np.log(2) ** (1 / shape)
    lasts = np.maximum(1, (rng.weibull(shape, n) * scale).round()).astype(int)
    last = years * 365
    begins = rng.integers(0, last, n)
    ends = begins + lasts
    before = begins // gap_days * gap_days
    visit = before + gap_days
    is_found = (visit < ends) & (visit <= last)
    by_visit = is_found & (only_rounds | (rng.random(n) < visits_share))
    kept = is_found if only_rounds else np.ones(n, bool)
    day = pd.Timestamp(ON) - pd.Timedelta(days=last)

    def days(values):
        return day + pd.to_timedelta(values, "D")

    frame = pd.DataFrame(
        {
            "start_earliest_on": days(np.where(by_visit, before, begins)),
            "start_latest_on": days(np.where(by_visit, visit, begins)),
            "start_basis": np.where(by_visit, "between_visits", "exact"),
            "ended_on": pd.Series(days(ends)).where(ends <= last),
            "end_reason": np.where(ends <= last, "let", None),
            "watched_from_on": pd.NaT,
        }
    )
    return frame[kept].reset_index(drop=True)


def drawn(rng, n, **truth):
    return spell_lengths(drawn_spells(rng, n, **truth), on=ON)
