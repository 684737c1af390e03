"""The facts of a unit card: what each is, who may propose it, and what may be published."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "whole", "flag", "code", "text"]
Group = Literal["premises", "use", "terms"]


@dataclass(frozen=True)
class Field:
    """One fact; `scheme` is its code list, `is_owners` says that the owner may propose it."""

    name: str
    group: Group
    kind: Kind
    unit: str | None = None
    scheme: str | None = None
    is_owners: bool = True


# What the register of shop units says; a card does not change it.
REGISTER = (
    Field("floor_area_m2", "premises", "number", "m2", is_owners=False),
    Field("gross_area_m2", "premises", "number", "m2", is_owners=False),
    Field("frontage_m", "premises", "number", "m", is_owners=False),
)
CARD = (
    Field("storage_m2", "premises", "number", "m2"),
    Field("basement_m2", "premises", "number", "m2"),
    Field("floors", "premises", "whole"),
    Field("ceiling_height_m", "premises", "number", "m"),
    Field("fitout_state", "premises", "code", scheme="fitout_state"),
    Field("epc_label", "premises", "code", scheme="epc_label"),
    Field("step_access", "premises", "code", scheme="step_access"),
    Field("is_terrace_possible", "use", "flag"),
    Field("heritage", "use", "code", scheme="heritage", is_owners=False),
    Field("planning_use", "use", "code", scheme="planning_use", is_owners=False),
    Field("horeca", "use", "code", scheme="horeca", is_owners=False),
    Field("delivery", "use", "text", is_owners=False),
    Field("rent_eur_per_month", "terms", "number", "eur_per_month"),
    Field("price_eur", "terms", "number", "eur"),
    Field("charges_eur_per_month", "terms", "number", "eur_per_month"),
    Field("deposit_months", "terms", "number", "months"),
    Field("lease_type", "terms", "code", scheme="lease_type"),
    Field("broker_name", "terms", "text"),
    Field("broker_contact", "terms", "text"),
    Field("grants", "terms", "text", is_owners=False),
)
ALL = (*REGISTER, *CARD)
BY_NAME = {field.name: field for field in ALL}
NAMES = tuple(field.name for field in CARD)
OWNERS = tuple(field.name for field in CARD if field.is_owners)
SCHEMES = tuple(dict.fromkeys(field.scheme for field in CARD if field.scheme))
# What an owner may agree to publish beside the address; the city's own grants need no consent and say nothing of a unit.
PUBLISHABLE = (*(field.name for field in ALL if field.name != "grants"), "photo", "surroundings")
# Said by an import where the card is silent: column of the register, and field of the card.
FALLBACK = {
    "fitout_state": "fitout_state",
    "rent_eur_per_month": "asking_rent_eur_per_month",
    "is_terrace_possible": "is_terrace_possible",
}
