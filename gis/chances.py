"""What the location of a shop unit explains of its being vacant."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2
from sklearn.linear_model import LogisticRegression

# On flat maps an adjustment costs power, on sloping ones doing without costs false clusters:
# docs/methods/vacancy.md.
EXPLAINS_BELOW = 0.01
Floats = NDArray[np.float64]


def location_chances(covariates: pd.DataFrame, is_vacant: NDArray[np.uint8]) -> tuple[Floats, float]:
    """Estimate each shop unit's chance of being vacant from its location, where location explains vacancy at
    all.

    Parameters
    ----------
    covariates
        Numbers (standardised; unknown ones take the median) and categories, one row per unit.
    is_vacant
        1 where vacant, shape (units,).

    Returns
    -------
    tuple
        Chances, shape (units,), and the p-value of the likelihood ratio test of the regression. Above 0.01
        the location explains nothing that chance does not, and every unit has the same chance.
    """
    even = np.full(len(is_vacant), is_vacant.mean())
    design = _design(covariates)
    rank = int(np.linalg.matrix_rank(design - design.mean(axis=0))) if design.size else 0
    if rank == 0 or is_vacant.min() == is_vacant.max():
        return even, 1.0
    model = LogisticRegression(C=1.0, solver="newton-cholesky").fit(design, is_vacant)
    fitted = model.predict_proba(design)[:, 1].astype(np.float64)
    gain = 2 * (_log_likelihood(fitted, is_vacant) - _log_likelihood(even, is_vacant))
    p_value = float(chi2.sf(max(gain, 0.0), rank))
    return (fitted if p_value <= EXPLAINS_BELOW else even), p_value


def _design(covariates: pd.DataFrame) -> Floats:
    numbers = covariates.select_dtypes("number").astype(float)
    numbers = numbers.fillna(numbers.median()).fillna(0.0)
    spread = numbers.std(ddof=0)
    parts = [((numbers - numbers.mean()) / spread.where(spread > 0, 1.0)).to_numpy()]
    for name in covariates.columns.difference(numbers.columns):
        kinds = covariates[name].astype(object).fillna("unknown").astype(str)
        parts.append(pd.get_dummies(kinds, dtype=float).to_numpy())
    return np.hstack(parts)


def _log_likelihood(chance: Floats, is_vacant: NDArray[np.uint8]) -> float:
    return float(np.log(np.where(is_vacant == 1, chance, 1.0 - chance)).sum())
