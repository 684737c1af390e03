"""Columns that look like a person or a device are never read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise

# Whole words of a column name: short ones would otherwise be found inside harmless names ("surface").
_WORD_LIST = """
mac macaddress imsi imei hash md5 sha1 sha256 plate plates plaque kenteken nummerplaat numberplate
licenceplate licenseplate email mail emails phone phones tel telefoon telephone gsm mobile mobiel fax
owner owners eigenaar eigenaars proprietaire proprietaires birth birthdate dob geboortedatum geboorte
naissance rijksregister rijksregisternummer rrn insz niss nationalnumber face faces gezicht visage video
videourl videolink voornaam firstname surname familienaam lastname prenom contactpersoon contactperson
bluetooth ssid bssid deviceid driver bestuurder conducteur iban
titularis titulaire gerechtigde gerechtigden rechthebbende rechthebbenden vruchtgebruiker erfpachter
"""
_WORDS = frozenset(_WORD_LIST.split())
# Parts that mean a person or a device wherever they stand in a name.
_PARTS = (
    "nummerplaat", "numberplate", "licenceplate", "licenseplate", "kenteken", "immatriculation",
    "rijksregister", "registrenational", "nationalregister", "macaddress", "macadres", "deviceid",
    "telefoon", "telephone", "phonenumber", "emailadres", "geboortedatum", "dateofbirth", "birthdate",
    "datedenaissance", "eigenaar", "ownername", "proprietaire", "contactpersoon", "videourl", "videolink",
    "faceid", "facialid", "zakelijkgerechtigde", "vruchtgebruik", "naakteeigen", "usufruit",
)  # fmt: skip

# What follows somebody about: a file that holds it is not of counts, and is not read at all.
_TRACKING = frozenset(
    "mac macaddress macadres imsi imei plate plates kenteken nummerplaat numberplate licenceplate licenseplate "
    "face faces faceid facialid gezicht visage video videourl videolink bluetooth ssid bssid deviceid".split()
)
_TRACKING_VALUES = ("MAC addresses", "number plates")

_VALUES = {
    "MAC addresses": re.compile(r"[0-9a-f]{2}([:-][0-9a-f]{2}){5}", re.I),
    "e-mail addresses": re.compile(r"[^@\s;,]+@[^@\s;,]+\.[a-z]{2,}", re.I),
    "hashes": re.compile(r"(?=.*[a-f])(?=.*\d)([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})", re.I),
    "national register numbers": re.compile(r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}"),
    "number plates": re.compile(r"[12]-[A-Z]{3}-\d{3}"),
}

_ACCENTS = str.maketrans("éèêëàâäôöîïûüç", "eeeeaaaooiiuuc")


def words_of(name: str) -> list[str]:
    """Split a column name into lower-case words at signs and at a small letter before a capital."""
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", name)
    return [word for word in re.split(r"[^a-z0-9]+", spaced.lower().translate(_ACCENTS)) if word]


def is_personal(name: str) -> bool:
    """Tell whether a column's name looks like a person or a device."""
    words = words_of(name)
    joined = "".join(words)
    pairs = {first + second for first, second in pairwise(words)}
    return bool(_WORDS & (set(words) | pairs | {joined})) or any(part in joined for part in _PARTS)


def is_tracking(name: str, reason: str = "") -> bool:
    """Tell whether a column follows devices, plates, faces or pictures, by its name or why it is not read."""
    words = words_of(name)
    pairs = {first + second for first, second in pairwise(words)}
    named = _TRACKING & (set(words) | pairs | {"".join(words)})
    return bool(named) or any(kind in reason for kind in _TRACKING_VALUES)


def personal_values(values: Iterable[object]) -> str | None:
    """Say what kind of personal values a sample holds, or None.

    Parameters
    ----------
    values
        The first values of one column; empty ones do not count.
    """
    texts = [str(value).strip() for value in values if value is not None and str(value).strip()]
    if not texts:
        return None
    for kind, pattern in _VALUES.items():
        hits = sum(bool(pattern.fullmatch(text)) for text in texts)
        if hits * 2 >= len(texts):
            return kind
    return None


def guard(columns: Iterable[str], sample: Mapping[str, Iterable[object]]) -> dict[str, str]:
    """Find the columns that must not be read.

    Parameters
    ----------
    columns
        All names in the file.
    sample
        The first values per column, for those whose name is harmless.

    Returns
    -------
    dict
        Column name to the reason.
    """
    found: dict[str, str] = {}
    for column in columns:
        if is_personal(column):
            found[column] = "its name looks like a person or a device"
        elif kind := personal_values(sample.get(column, ())):
            found[column] = f"its values look like {kind}"
    return found
