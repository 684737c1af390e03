"""Keys for things whose file gives them none, and whose municipality they are."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pandas as pd
import shapely

from api.importers.refusals import Notes

# Five digits and a letter: the codes of other countries are digits only.
_BELGIAN_AREA = re.compile(r"([1-9]\d{4})[A-Z].*")


def geometry_keys(geometry: pd.Series[Any], notes: Notes, *, what: str) -> pd.Series[Any]:
    """A key made of the shape itself, to the centimetre: the same shape has the same key in the next file."""
    notes.say(f"The file has no key for a {what}: its shape is the key, so a moved {what} is a new one")
    rounded = shapely.set_precision(geometry.to_numpy(dtype=object), 0.01, mode="pointwise")
    wkb = shapely.to_wkb(shapely.normalize(rounded))
    return pd.Series(
        [f"shape/{hashlib.sha1(one, usedforsecurity=False).hexdigest()[:20]}" for one in wkb],
        index=geometry.index,
        dtype="str",
    )


def with_keys(frame: pd.DataFrame, notes: Notes, *, what: str) -> pd.DataFrame:
    """Fill source_key from the shape where the file has none."""
    if "source_key" not in frame.columns:
        frame["source_key"] = geometry_keys(frame["geometry"], notes, what=what)
        return frame
    empty = frame["source_key"].isna()
    if empty.any():
        frame.loc[empty, "source_key"] = geometry_keys(frame.loc[empty, "geometry"], notes, what=what)
    return frame


def with_municipality(frame: pd.DataFrame, nis_code: str | None, notes: Notes) -> pd.DataFrame:
    """Fill nis_code; rows that say that they are another municipality's are left out and counted."""
    if "nis_code" not in frame.columns:
        frame["nis_code"] = pd.Series(nis_code, index=frame.index, dtype="str")
        return frame
    codes = frame["nis_code"].str.strip()
    frame["nis_code"] = codes
    if nis_code is None:
        return frame
    other = codes.notna() & (codes != nis_code).fillna(False)
    notes.count("{n} rows belong to other municipalities and are not imported", int(other.sum()))
    frame = frame.loc[~other].copy()
    frame["nis_code"] = nis_code
    return frame


def nis_of_code(code: str) -> str | None:
    """The municipality in the first five digits of a Belgian area code such as 34040A00-, or None."""
    found = _BELGIAN_AREA.fullmatch(code)
    return found[1] if found else None
