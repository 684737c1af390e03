"""From frames to plain Python numbers."""

import math
from typing import Any

import numpy as np
import pandas as pd


def known(value: Any) -> Any:
    """None for what is not a number, else a plain Python value."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)) or value is pd.NaT:
        return None
    if isinstance(value, np.generic):
        return known(value.item())
    return value


def whole(value: Any) -> int:
    """A key of a frame's index, which types call merely hashable, as the number it is."""
    return int(value)
