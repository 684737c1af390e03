"""Which trading units may fall empty within a year: a simple, explained chance, shown only where it has proved itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import beta
from sklearn.linear_model import LogisticRegression

from gis.frames import require
from gis.turnbull import Floats

OutlookReason: TypeAlias = Literal["too_few_events", "no_better_than_base_rate"]

NUMBERS = ("vacancy_around_share",)
FLAGS = ("had_vacancy",)
CATEGORIES = ("branch_group", "size_band", "street_class")
FEATURES = (*CATEGORIES, *FLAGS, *NUMBERS)
# Fewer than this and nothing can be learned, or nothing be tested.
FEWEST_TRAIN_EVENTS, FEWEST_TEST_EVENTS = 20, 8
TEST_YEARS = 2
FEWEST_OF_CATEGORY = 25
BINS = 5
DRAWS = 100
SKILL_DRAWS = 500
LEVEL = 0.95
# The chance that a better score than the base rate's is luck.
LUCK = 0.05


@dataclass(frozen=True)
class Outlook:
    """What is known of trading units that fall empty.

    Attributes
    ----------
    base
        events / unit_years = rate_share, with lower_share and upper_share.
    is_model_used
        Did the model beat the base rate on years it had not seen?
    reason
        Why not: too_few_events or no_better_than_base_rate; None where it did.
    test
        brier_model, brier_base, skill (1 - the first over the second), skill_lower and skill_upper, n, events;
        empty where nothing could be tested.
    calibration
        Per fifth of the tested units by chance: n, events, expected_share, observed_share, lower_share,
        upper_share.
    effects
        Per feature and value: odds_ratio against the mean unit.
    chances
        Per unit trading today (index): chance, chance_lower, chance_upper, and reasons: list of feature, value
        and odds_ratio, the strongest first. The base rate where the model is not used.
    """

    base: dict[str, float]
    is_model_used: bool
    reason: OutlookReason | None
    test: dict[str, float]
    calibration: pd.DataFrame
    effects: pd.DataFrame
    chances: pd.DataFrame


def vacancy_outlook(unit_years: pd.DataFrame, today: pd.DataFrame, *, seed: int = 0) -> Outlook:
    """Estimate for every unit that trades the chance that it falls empty within twelve months.

    A discrete-time hazard: a logistic regression with ridge on unit-years. It is fitted on the earlier years
    and tested on the last two; only where its Brier score there is better than that of the plain mean of the
    earlier years, by more than chance makes, are its chances given. It knows units, never persons.

    Parameters
    ----------
    unit_years
        A row per trading unit and year: ``year`` (whole number, later is larger), ``falls_vacant``, and the
        features branch_group, size_band, street_class, had_vacancy, vacancy_around_share.
    today
        The same features of the units that trade today, on the index of the units.
    seed
        Seed of the draws behind the intervals.

    Returns
    -------
    Outlook
        The model's chances or the base rate, with the test that decided it.

    Raises
    ------
    FrameError
        When a column is missing.
    """
    require(unit_years, "year", "falls_vacant", *FEATURES, what="unit-years")
    require(today, *FEATURES, what="units of today")
    fell = unit_years["falls_vacant"].to_numpy(bool)
    base = _rate(int(fell.sum()), len(fell))
    is_test = unit_years["year"].to_numpy() > unit_years["year"].max() - TEST_YEARS if len(fell) else fell
    if fell[~is_test].sum() < FEWEST_TRAIN_EVENTS or fell[is_test].sum() < FEWEST_TEST_EVENTS:
        return _base_only(base, "too_few_events", {}, pd.DataFrame(), today)
    rng = np.random.default_rng(seed)
    expected = _fit(unit_years[~is_test], fell[~is_test]).chance(unit_years[is_test])
    test = _skill(expected, fell[is_test], float(fell[~is_test].mean()), rng)
    calibration = _calibration(expected, fell[is_test])
    if test["skill_lower"] <= 0:
        return _base_only(base, "no_better_than_base_rate", test, calibration, today)
    model = _fit(unit_years, fell)
    drawn = np.empty((DRAWS, len(today)))
    for draw in range(DRAWS):
        rows = rng.integers(0, len(fell), len(fell))
        drawn[draw] = _fit(unit_years.iloc[rows], fell[rows], like=model).chance(today)
    tail = (1 - LEVEL) / 2
    chance = model.chance(today)
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    columns = {
        "chance": chance,
        "chance_lower": np.minimum(low, chance),
        "chance_upper": np.maximum(high, chance),
        "reasons": model.reasons(today),
    }
    chances = pd.DataFrame(columns, index=today.index)
    return Outlook(base, True, None, test, calibration, model.effects(), chances)


def _base_only(
    base: dict[str, float],
    reason: OutlookReason,
    test: dict[str, float],
    calibration: pd.DataFrame,
    today: pd.DataFrame,
) -> Outlook:
    columns = {
        "chance": base["rate_share"],
        "chance_lower": base["lower_share"],
        "chance_upper": base["upper_share"],
    }
    chances = pd.DataFrame(columns, index=today.index).assign(
        reasons=pd.Series([[]] * len(today), index=today.index, dtype=object)
    )
    effects = pd.DataFrame(columns=["feature", "value", "odds_ratio"])
    return Outlook(base, False, reason, test, calibration, effects, chances)


def _rate(events: int, n: int) -> dict[str, float]:
    low, high = rate_interval(events, n)
    rate = events / n if n else float("nan")
    return {"events": events, "unit_years": n, "rate_share": rate, "lower_share": low, "upper_share": high}


def rate_interval(events: int, n: int) -> tuple[float, float]:
    """Give the 95 % interval of a share (Jeffreys; Brown, Cai and DasGupta 2001, doi:10.1214/ss/1009213286).

    Parameters
    ----------
    events, n
        How many of how many; without any the share may be anything.
    """
    if n == 0:
        return 0.0, 1.0
    tail = (1 - LEVEL) / 2
    low = 0.0 if events == 0 else float(beta.ppf(tail, events + 0.5, n - events + 0.5))
    high = 1.0 if events == n else float(beta.ppf(1 - tail, events + 0.5, n - events + 0.5))
    return low, high


def _skill(
    expected: Floats, fell: NDArray[np.bool_], base: float, rng: np.random.Generator
) -> dict[str, float]:
    model, plain = (expected - fell) ** 2, (base - fell) ** 2
    rows = rng.integers(0, len(fell), (SKILL_DRAWS, len(fell)))
    drawn = 1 - model[rows].mean(axis=1) / plain[rows].mean(axis=1)
    return {
        "brier_model": float(model.mean()),
        "brier_base": float(plain.mean()),
        "skill": float(1 - model.mean() / plain.mean()),
        "skill_lower": float(np.quantile(drawn, LUCK)),
        "skill_upper": float(np.quantile(drawn, 1 - LUCK)),
        "n": len(fell),
        "events": int(fell.sum()),
    }


def _calibration(expected: Floats, fell: NDArray[np.bool_]) -> pd.DataFrame:
    rank = pd.Series(expected).rank(method="first").to_numpy()
    part = np.minimum(((rank - 1) * BINS / len(expected)).astype(int), BINS - 1)
    table = pd.DataFrame({"part": part, "expected_share": expected, "fell": fell}).groupby("part")
    found = table.agg(n=("fell", "size"), events=("fell", "sum"), expected_share=("expected_share", "mean"))
    found["observed_share"] = found["events"] / found["n"]
    ends = [rate_interval(*pair) for pair in zip(found["events"].tolist(), found["n"].tolist(), strict=True)]
    found["lower_share"], found["upper_share"] = zip(*ends, strict=True)
    return found


class _Model:
    """A logistic regression that can say what it weighs."""

    def __init__(self, kinds: dict[str, list[str]], mean: pd.Series, spread: pd.Series) -> None:
        self.kinds, self.mean, self.spread = kinds, mean, spread
        self.regression = LogisticRegression(C=1.0, solver="newton-cholesky")
        self.centre: Floats = np.zeros(0)
        self.names: list[tuple[str, str]] = []

    def design(self, rows: pd.DataFrame) -> Floats:
        """Columns of zero and one per category, standardised numbers, shape (rows, columns)."""
        parts, names = [], []
        for feature, kinds in self.kinds.items():
            values = rows[feature].astype(object).where(rows[feature].notna(), "unknown").astype(str)
            values = values.where(values.isin(kinds), "other")
            for kind in kinds:
                parts.append((values == kind).to_numpy(float))
                names.append((feature, kind))
        for feature in (*FLAGS, *NUMBERS):
            numbers = rows[feature].astype(float).fillna(self.mean[feature])
            parts.append(((numbers - self.mean[feature]) / self.spread[feature]).to_numpy(float))
            names.append((feature, ""))
        self.names = names
        return np.column_stack(parts)

    def chance(self, rows: pd.DataFrame) -> Floats:
        """Chance of falling empty within a year, shape (rows,)."""
        if rows.empty:
            return np.zeros(0)
        chance: Floats = self.regression.predict_proba(self.design(rows))[:, 1].astype(float)
        return chance

    def reasons(self, rows: pd.DataFrame) -> list[list[dict[str, Any]]]:
        """Per unit and feature the odds ratio against the mean unit, the strongest first."""
        if rows.empty:
            return []
        pulls = (self.design(rows) - self.centre) * self.regression.coef_[0]
        told = {}
        for feature in FEATURES:
            columns = [i for i, (name, _) in enumerate(self.names) if name == feature]
            told[feature] = np.exp(pulls[:, columns].sum(axis=1))
        values = {feature: rows[feature].tolist() for feature in FEATURES}
        return [_strongest(told, values, i) for i in range(len(rows))]

    def effects(self) -> pd.DataFrame:
        """Odds ratio of every category against the mean unit, of a flag and of a tenth more of a number."""
        weights = self.regression.coef_[0]
        rows = []
        for at, (feature, kind) in enumerate(self.names):
            if feature in CATEGORIES:
                mine = [i for i, (name, _) in enumerate(self.names) if name == feature]
                pull = weights[at] - float(self.centre[mine] @ weights[mine])
            else:
                pull = weights[at] / self.spread[feature] * (1.0 if feature in FLAGS else 0.1)
            rows.append((feature, kind, float(np.exp(pull))))
        return pd.DataFrame(rows, columns=["feature", "value", "odds_ratio"])


def _strongest(told: dict[str, Floats], values: Mapping[str, Sequence[Any]], i: int) -> list[dict[str, Any]]:
    each = [
        {
            "feature": feature,
            "value": _plain(values[feature][i]),
            "odds_ratio": round(float(told[feature][i]), 3),
        }
        for feature in FEATURES
    ]
    return sorted(each, key=lambda one: -abs(np.log(one["odds_ratio"])))


def _plain(value: Any) -> Any:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    return round(float(value), 3) if isinstance(value, float) else value


def _fit(rows: pd.DataFrame, fell: NDArray[np.bool_], *, like: _Model | None = None) -> _Model:
    if like is None:
        kinds = {feature: _kinds(rows[feature]) for feature in CATEGORIES}
        numbers = rows[[*FLAGS, *NUMBERS]].astype(float)
        spread = numbers.std(ddof=0)
        model = _Model(kinds, numbers.mean().fillna(0.0), spread.where(spread > 0, 1.0))
    else:
        model = _Model(like.kinds, like.mean, like.spread)
    design = model.design(rows)
    model.centre = design.mean(axis=0)
    if fell.any():
        model.regression.fit(design, fell)
    elif like is not None:
        model.regression = like.regression
    return model


def _kinds(column: pd.Series) -> list[str]:
    """Categories that are common enough to have a weight of their own; the rest are one."""
    values = column.astype(object).where(column.notna(), "unknown").astype(str)
    common = values.value_counts()
    kept = sorted(common.index[common >= FEWEST_OF_CATEGORY])
    return kept if len(kept) == len(common) else [*[kind for kind in kept if kind != "other"], "other"]
