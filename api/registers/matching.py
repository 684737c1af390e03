"""Which parcel of today each record of a register lies on: by hand, by key, through an earlier parcel, by address."""

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from api.importers.mapping import fold
from api.registers import match_queries as queries
from api.registers.registers import REGISTERS, Register
from gis.registers import HELD_SHARE, one_parcel, parcels_under


@dataclass
class Found:
    """Where one record lies: `parcels` are today's with the share of the record's own parcel on each."""

    matched_by: str = "none"
    doubt: str | None = None
    parcels: list[tuple[int, float]] = field(default_factory=list)
    earlier_wkb: bytes | None = None

    @property
    def parcel_id(self) -> int | None:
        """The one parcel of today, when there is one and nobody need settle it."""
        return self.parcels[0][0] if len(self.parcels) == 1 and self.doubt is None else None


def match_registers(session: Session, nis_code: str | None = None) -> None:
    """
    Place the records of one municipality, or of all, anew; what did not change is not written.

    Runs whenever registers, parcels or shop units were imported, undone or settled, in the caller's transaction.
    """
    for register in REGISTERS.values():
        for code in queries.municipalities(session, register, nis_code):
            match_register(session, register, code)


def match_register(session: Session, register: Register, nis_code: str) -> None:
    """Place the records of one register in one municipality anew."""
    records = queries.records(session, register, nis_code)
    keys = {key for name in ("capakey", "assigned") for key in records[name].dropna()}
    today = queries.parcels_of_today(session, nis_code, keys)
    earlier = queries.earlier_parcels(session, nis_code, keys - set(today))
    successors = _successors(session, nis_code, earlier)
    addresses = _addresses(queries.unit_addresses(session, nis_code))
    found = {
        int(row.id): _find(row, today, successors, addresses)  # type: ignore[arg-type]
        for row in records.itertuples(index=False)
    }
    queries.write(session, register, found)


def _successors(session: Session, nis_code: str, earlier: gpd.GeoDataFrame) -> dict[str, Found]:
    """What has become of each earlier parcel, by its key."""
    if earlier.empty:
        return {}
    wkb = dict(zip(earlier.index, shapely.to_wkb(earlier.geometry.to_numpy()), strict=True))
    now = queries.parcels_near(session, nis_code, earlier)
    out = {key: Found("none", "nothing_there", earlier_wkb=one) for key, one in wkb.items()}
    if now.empty:
        return out
    shares = parcels_under(earlier, now)
    single = one_parcel(shares)
    held = shares.groupby("earlier")["share"].sum()
    for key, mine in shares.groupby("earlier"):
        listed = list(zip(mine["today"].astype(int), mine["share"].astype(float), strict=True))
        one = out[str(key)]
        if not pd.isna(single[key]):
            one.matched_by, one.doubt, one.parcels = "earlier_geometry", None, listed[:1]
        elif held[key] >= HELD_SHARE:
            one.matched_by, one.doubt, one.parcels = "earlier_geometry", "several_parcels", listed
    return out


def _addresses(units: pd.DataFrame) -> dict[tuple[str, str], set[int]]:
    """Parcels on which units of one street and number stand."""
    out: dict[tuple[str, str], set[int]] = {}
    for row in units.itertuples(index=False):
        out.setdefault((fold(str(row.street)), str(row.number).upper()), set()).add(int(row.parcel_id))  # type: ignore[arg-type]
    return out


def _find(
    row: Any,
    today: dict[str, int],
    successors: dict[str, Found],
    addresses: dict[tuple[str, str], set[int]],
) -> Found:
    if row.assigned in today:
        return Found("hand", None, [(today[row.assigned], 1.0)])
    if row.capakey in today:
        return Found("capakey", None, [(today[row.capakey], 1.0)])
    before = successors.get(row.capakey)
    if before is not None and before.parcels:
        return before
    unfound = before or Found("none", "key_unknown" if row.capakey else "no_key")
    if not (row.street and row.house_number):
        return unfound
    there = addresses.get((fold(row.street), row.house_number.upper()), set())
    if len(there) == 1:
        return Found("address", None, [(next(iter(there)), 1.0)])
    return Found("none", "address_unclear", earlier_wkb=unfound.earlier_wkb) if there else unfound
