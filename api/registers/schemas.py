"""Shapes of the answers about registers."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

Doubt = Literal["no_key", "key_unknown", "several_parcels", "nothing_there", "address_unclear"]
MatchedBy = Literal["hand", "capakey", "earlier_geometry", "address", "none"]


class ParcelIn(BaseModel):
    """The parcel that a record is given."""

    capakey: str = Field(
        min_length=1,
        max_length=60,
        pattern=r"^[^\x00]*$",
        description="Cadastral key of a parcel of today.",
        examples=["34040A0001/00A000"],
    )


class Candidate(BaseModel):
    """A parcel of today that may be the one."""

    capakey: str
    share: float = Field(description="Share of the record's own, earlier parcel that lies on it, 0-1.")
    units: list[str] = Field(description="Addresses of the shop units on it.")


class ToSettle(BaseModel):
    """A record that somebody must settle, or did."""

    id: int
    record_key: str
    dossier_number: str
    capakey: str | None = Field(description="Key in the register.")
    address: str
    entered_on: date | None
    found_on: date | None
    matched_by: MatchedBy
    match_doubt: Doubt | None = Field(description="Why somebody must settle it.")
    assigned_capakey: str | None = Field(description="Key of the parcel given by hand.")
    assigned_at: datetime | None
    candidates: list[Candidate]


class Unmatched(BaseModel):
    """Records of a register without one parcel of today."""

    register_: Literal["legal-vacancy", "business-premises"] = Field(alias="register")
    on: date
    records: int = Field(description="Records on the register that day.")
    items: list[ToSettle]
    settled: list[ToSettle] = Field(description="Records that were given a parcel by hand.")


class Settled(BaseModel):
    """A record after somebody settled it, or took that back."""

    id: int
    nis_code: str
    record_key: str
    dossier_number: str
    capakey: str | None
    address: str
    matched_by: MatchedBy
    match_doubt: Doubt | None
    capakey_today: str | None
    assigned_capakey: str | None


class Market(BaseModel):
    """Vacancy as the survey saw it."""

    vacant: int
    counted: int = Field(description="Vacant and occupied units.")
    source: str | None
    as_of: date | None = Field(description="Last day somebody looked.")


class OnRegister(BaseModel):
    """A register on a day."""

    records: int = Field(description="Records on it that day.")
    placed: int = Field(description="Records of which the one parcel of today is known.")
    units: int = Field(description="Shop units they are about for sure.")
    units_unsure: int = Field(
        description="Shop units that may be meant: a split parcel, or several units on one."
    )
    source: str | None
    as_of: date | None = Field(description="Date of the newest file.")


class OverlapUnit(BaseModel):
    """A shop unit in one of the lists."""

    shop_unit_id: int
    address: str
    state: Literal["occupied", "vacant", "non_retail", "unknown"]
    vacant_earliest_on: date | None
    vacant_latest_on: date | None
    dossier_number: str | None = Field(description="Dossier in the legal register.")
    is_unsure: bool = Field(
        description="It may not belong here: its start or its parcel is not known to the end."
    )


class Overlap(BaseModel):
    """A list with what it is counted of."""

    numerator: int
    denominator: int
    unsure: int
    items: list[OverlapUnit]


class Notions(BaseModel):
    """Three notions of vacancy on one day; never to be added up."""

    on: date
    market: Market
    legal: OnRegister
    business: OnRegister
    vacant_registered: Overlap = Field(description="Vacant in the survey and on the legal register.")
    entry_candidates: Overlap = Field(description="Vacant for twelve months and on neither register.")
    removal_candidates: Overlap = Field(
        description="On the legal register and in use; of the registered units."
    )


class RecordOfUnit(BaseModel):
    """A record that lies on the parcel of a shop unit."""

    register_: Literal["legal-vacancy", "business-premises"] = Field(alias="register")
    record_key: str
    dossier_number: str
    status: str | None
    found_on: date | None
    entered_on: date | None
    objection: str | None
    exemption: str | None
    exemption_until: date | None
    is_sure: bool = Field(description="False: another unit or another half of the parcel may be meant.")


class RecordsOfUnit(BaseModel):
    """Records about a shop unit on a day."""

    shop_unit_id: int
    nis_code: str
    on: date
    items: list[RecordOfUnit]
