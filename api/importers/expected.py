"""Shop units that are expected to fall empty: announced closings, ends of leases; never anything about a person."""

from __future__ import annotations

from typing import Any

import pandas as pd

from api.importers.keys import with_municipality
from api.importers.mapping import Field, names
from api.importers.reading import Reading, Request
from api.importers.refusals import Notes, Refusals
from api.importers.shop_fields import FIELDS as SHOP_FIELDS
from api.importers.shop_units import with_addresses, with_house_numbers
from api.importers.streaming import Recipe, read

KINDS = {
    **dict.fromkeys(
        ("announcedclosing", "closing", "sluiting", "aangekondigdesluiting", "sluitingaangekondigd", "stopzetting",
         "stoptermee", "uitverkoop", "fermeture", "fermetureannoncee", "cessation"),
        "announced_closing",
    ),
    **dict.fromkeys(
        ("leaseend", "leaseends", "eindehuur", "huureinde", "huurlooptaf", "eindehuurcontract", "huur", "findebail",
         "finbail", "bail"),
        "lease_end",
    ),
    **dict.fromkeys(("other", "otherreason", "andere", "anderereden", "ander", "autre", "autreraison"), "other"),
}  # fmt: skip
_OF_UNIT = ("local_code", "nis_code", "address", "street", "house_number", "house_number_suffix", "box")
_ON = (
    "verwacht_op verwachte_datum verwacht sluitingsdatum datum_sluiting sluit_op einddatum date_fermeture "
    "date_prevue closing_date datum date"
)
_LEASE_END = "einde_huur huureinde einde_huurcontract huur_tot fin_de_bail lease_end lease_ends_on"
FIELDS = (
    *(one for one in SHOP_FIELDS if one.ours in _OF_UNIT),
    Field(
        "kind", "choice", names("soort reden aard type motif raison reason"), choices=KINDS, is_strict=True
    ),
    Field("expected_on", "date", names(_ON)),
    Field("lease_end_on", "date", names(_LEASE_END)),
    Field("source", names=names("bron herkomst origine")),
)
NEVER_PERSONS = "Nothing about a person is read: names, telephone numbers and remarks have no column here"


def read_expected(request: Request) -> list[Reading]:
    """Read units that are expected to fall empty, each by its code or its address."""

    def finish(frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
        notes.say(NEVER_PERSONS)
        frame = with_municipality(frame.copy(), request.nis_code, notes)
        frame = with_house_numbers(with_addresses(frame), refusals)
        return _with_kinds(_with_units(frame, refusals), notes)

    needs = (("local_code", "address", "street"), ("kind", "expected_on", "lease_end_on"))
    recipe = Recipe("expected_vacancy", FIELDS, finish, needs=needs, has_unique_rows=False)
    return [read(request, recipe)]


def _column(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    if name in frame.columns:
        return frame[name].astype("object")
    return pd.Series(None, index=frame.index, dtype="object")


def _with_units(frame: pd.DataFrame, refusals: Refusals) -> pd.DataFrame:
    """Leave out rows of which nobody can tell the shop unit."""
    street = _column(frame, "street")
    is_placed = street.notna() & _column(frame, "house_number").notna()
    nowhere = _column(frame, "local_code").isna() & ~is_placed
    refusals.add_where(
        nowhere,
        street,
        column="street",
        reason="The row names no shop unit: it has neither a code nor a street with a number.",
        remedy="Fill in the code of the unit, or its street and house number.",
    )
    kept: pd.DataFrame = frame.loc[~nowhere].copy()
    return kept


def _with_kinds(frame: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """A row with an end of a lease and nothing else is about that; one that says no kind is of another kind."""
    kind, lease_end = _column(frame, "kind"), _column(frame, "lease_end_on")
    expected = _column(frame, "expected_on")
    is_lease = kind.isna() & lease_end.notna() & expected.isna()
    kind = kind.mask(is_lease, "lease_end")
    frame["expected_on"] = expected.where(expected.notna() | (kind != "lease_end"), lease_end)
    notes.count("{n} rows say no kind: kept as another reason", int(kind.isna().sum()))
    frame["kind"] = kind.fillna("other")
    return frame
