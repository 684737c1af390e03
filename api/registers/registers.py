"""Which registers there are, and the table of each."""

from dataclasses import dataclass
from typing import Literal

Name = Literal["legal-vacancy", "business-premises"]


@dataclass(frozen=True)
class Register:
    """
    One register.

    `code` is its code value, `table` holds its records, `key` is the column of `register_parcel` that points there.
    """

    code: str
    table: str
    key: str


REGISTERS: dict[str, Register] = {
    "legal-vacancy": Register("legal_vacancy", "legal_vacancy_record", "legal_vacancy_record_id"),
    "business-premises": Register(
        "business_premises", "business_premises_record", "business_premises_record_id"
    ),
}
# A change of one of these moves records: their keys, the parcels of today and of earlier, the addresses of units.
MOVES = frozenset({"parcel", "former_parcel", "shop_unit"} | {one.table for one in REGISTERS.values()})
