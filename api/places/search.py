"""Finding a place by what people call it: an address, a street, a parcel, a station."""

import re
import unicodedata
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.db.base import SRID

_HOUSE_NUMBER = re.compile(
    r"^(?P<street>.*?[^\W\d].*?)[\s,]+(?P<number>\d{1,4})\s*(?P<suffix>[a-z]?)$", re.IGNORECASE
)
_PLACE = "st_x(st_transform({geom}, 4326)) AS lon, st_y(st_transform({geom}, 4326)) AS lat"
# Accents are what people leave out when they type.
_PLAIN = "translate(lower({column}), 'áàâäãåéèêëíìîïóòôöõúùûüçñ', 'aaaaaaeeeeiiiiooooouuuucn')"
_MATCH = f"{_PLAIN} LIKE :pattern"
_FIRST = f"{_PLAIN} LIKE :start DESC"

UNITS = (
    f"SELECT id, address AS label, occupant_name AS detail, {_PLACE.format(geom='geom')} FROM shop_unit_state "
    f"WHERE nis_code = :nis AND ({_MATCH.format(column='address')} OR {_MATCH.format(column='occupant_name')} "
    f"OR {_MATCH.format(column='name')} OR lower(local_code) = :whole) "
    f"ORDER BY {_FIRST.format(column='address')}, length(address), address, id LIMIT :limit"
)
STREETS = (
    f"SELECT NULL::bigint AS id, name AS label, NULL AS detail, {_PLACE.format(geom='middle')} FROM ("
    "SELECT name, st_closestpoint(st_collect(geom), st_centroid(st_collect(geom))) AS middle FROM street_segment "
    f"WHERE nis_code = :nis AND {_MATCH.format(column='name')} GROUP BY name) q "
    f"ORDER BY {_FIRST.format(column='name')}, length(name), name LIMIT :limit"
)
PARCELS = (
    f"SELECT id, capakey AS label, NULL AS detail, {_PLACE.format(geom='st_pointonsurface(geom)')} FROM parcel "
    "WHERE nis_code = :nis AND ends_on IS NULL AND lower(capakey) LIKE :start ORDER BY capakey LIMIT :limit"
)
PUBLIC_PLACES = (
    f"SELECT id, name AS label, kind AS detail, {_PLACE.format(geom='geom')} FROM public_place "
    f"WHERE nis_code = :nis AND {_MATCH.format(column='name')} "
    f"ORDER BY {_FIRST.format(column='name')}, name, id LIMIT :limit"
)
KINDS = (("shop_unit", UNITS), ("street", STREETS), ("public_place", PUBLIC_PLACES), ("parcel", PARCELS))
# House numbers known on a street: those of its shop units, on the side of the number asked.
NUMBERED = (
    "SELECT house_number::int AS number, avg(st_x(geom)) AS x, avg(st_y(geom)) AS y, max(street) AS street "
    "FROM shop_unit WHERE nis_code = :nis AND lifecycle = 'active' AND house_number ~ '^[0-9]{1,4}$' "
    f"AND {_PLAIN.format(column='street')} = :street GROUP BY 1 ORDER BY 1"
)
LONGEST = 80


def find_places(session: Session, nis_code: str, words: str, limit: int) -> dict[str, Any]:
    """
    Places of a municipality whose name holds the words, the likeliest first.

    A house number at which no shop unit stands is put between the known numbers on its side of the street, and says
    that it is there about.
    """
    wanted = plain(words)
    if not wanted:
        return {"items": []}
    escaped = re.sub(r"([\\%_])", r"\\\1", wanted)
    values = {
        "nis": nis_code,
        "limit": limit,
        "pattern": f"%{escaped}%",
        "start": f"{escaped}%",
        "whole": wanted,
    }
    items: list[dict[str, Any]] = []
    for kind, query in KINDS:
        rows = session.execute(text(query), values).mappings().all()
        items += [{"kind": kind, **row, "is_about": kind == "street"} for row in rows]
    number = _HOUSE_NUMBER.match(wanted)
    if number and not any(item["kind"] == "shop_unit" and plain(item["label"]) == wanted for item in items):
        about = _between_numbers(session, nis_code, number["street"].strip(), int(number["number"]))
        items = ([about] if about else []) + items
    exact = [item for item in items if plain(item["label"]) == wanted]
    others = [item for item in items if plain(item["label"]) != wanted]
    return {"items": (exact + others)[:limit]}


def plain(words: str | None) -> str:
    """Lower case without accents or needless spaces."""
    folded = unicodedata.normalize("NFKD", (words or "")[:LONGEST].lower())
    return " ".join("".join(c for c in folded if not unicodedata.combining(c)).split())


def _between_numbers(session: Session, nis_code: str, street: str, number: int) -> dict[str, Any] | None:
    """A house number among those known on its street; the nearest one beyond the last."""
    found = session.execute(text(NUMBERED), {"nis": nis_code, "street": street}).mappings().all()
    rows = [row for row in found if row["number"] % 2 == number % 2] or list(found)
    if not rows:
        return None
    lower = max((row for row in rows if row["number"] <= number), key=lambda row: row["number"], default=None)
    upper = min((row for row in rows if row["number"] >= number), key=lambda row: row["number"], default=None)
    first, last = lower or upper, upper or lower
    assert first is not None
    assert last is not None
    span = last["number"] - first["number"]
    share = (number - first["number"]) / span if span else 0.0
    x, y = (first[axis] + share * (last[axis] - first[axis]) for axis in ("x", "y"))
    query = f"SELECT {_PLACE.format(geom='p')} FROM (SELECT st_setsrid(st_makepoint(:x, :y), {SRID}) AS p) q"
    row = session.execute(text(query), {"x": x, "y": y}).mappings().one()
    label = f"{first['street']} {number}"
    return {"kind": "address", "id": None, "label": label, "detail": None, **row, "is_about": True}
