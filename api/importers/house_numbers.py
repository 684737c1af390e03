"""House numbers as people write them, taken apart."""

from __future__ import annotations

import re
from typing import NamedTuple

_SHAPE = re.compile(
    r"(?P<number>\d{1,5})\s*"
    r"(?:(?P<suffix>[a-zA-Z]{1,3}|bis|ter|quater)(?![a-zA-Z]))?"
    r"(?:\s*[-–—]\s*(?P<end>\d{1,5}\s*[a-zA-Z]?|[a-zA-Z]))?"
    r"(?:\s*(?:/|\b(?:bus|boîte|boite|bte|box|b|postbus)\b\.?|#)\s*(?P<box>[\w.\-]{1,10}))?",
    re.IGNORECASE,
)
_BOX_WORD = re.compile(r"^(?:bus|boîte|boite|bte|box|b)\b\.?\s*", re.IGNORECASE)
_NUMBER_FIRST = re.compile(r"(?P<number>\d{1,4}(?:\s?[a-zA-Z]\b)?(?:\s?-\s?\d{1,4})?)\s+(?P<street>\D.*)")
_NUMBER_LAST = re.compile(r"(?P<street>[^\d,]*[^\d,\s]),?\s+(?P<number>\d.*)")
_NUMBERS_IN_STREET = re.compile(r"(?P<street>.*\D)\s+(?P<number>\d{1,3}(?:\s?[a-zA-Z])?)")


class HouseNumber(NamedTuple):
    """A house number in parts; a part that is not there is None.

    Attributes
    ----------
    number
        The main number, without leading zeros.
    suffix
        Letter or bis, ter.
    end
        Last number of a range ("12-14" gives 14).
    box
        Letter box ("12/001" and "12 bus 1").
    """

    number: str
    suffix: str | None = None
    end: str | None = None
    box: str | None = None


def parse_house_number(text: str) -> HouseNumber:
    """Take a house number apart.

    Parameters
    ----------
    text
        Such as "12", "12A", "12-14", "12/001", "12A bus 2", "12 bte 3".

    Raises
    ------
    ValueError
        The text does not begin with a number, or something in it is not understood.
    """
    cleaned = " ".join(str(text).split())
    found = _SHAPE.fullmatch(cleaned)
    if found is None:
        raise ValueError(f"'{cleaned}' is not a house number")
    number, suffix, end, box = found.group("number", "suffix", "end", "box")
    number = number.lstrip("0") or "0"
    if end is not None:
        end = end.replace(" ", "").upper()
        # "12-A" is number 12 with letter A, not a range.
        if end.isalpha():
            suffix, end = suffix or end, None
    return HouseNumber(number, suffix.upper() if suffix else None, end, box)


def parse_box(text: str) -> str:
    """The box alone of "bus 2", "bte 3" or "2"."""
    return _BOX_WORD.sub("", " ".join(str(text).split()))


def split_address(text: str) -> tuple[str, str | None]:
    """Split "Stationsstraat 12A bus 2" or "12 rue Neuve" into street and house number.

    The number is None where none is understood; the whole text is the street then.
    """
    cleaned = " ".join(str(text).split(",")[0].split())
    for shape in (_NUMBER_FIRST, _NUMBER_LAST, _NUMBERS_IN_STREET):
        found = shape.fullmatch(cleaned)
        if found is None:
            continue
        try:
            parse_house_number(found["number"])
        except ValueError:
            continue
        return found["street"].strip(" ,"), found["number"].strip()
    return cleaned, None
