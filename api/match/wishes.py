"""What may be asked of premises: one line for each, with its unit and how it is asked."""

from dataclasses import dataclass
from typing import Literal

from api.db.codes import MATCH_WISH

# A most, a least or both; yes; a number of shops of some branches.
Kind = Literal["range", "yes", "branches"]
NEAR_M, FAR_M = 100, 400
WANTED, UNWANTED, OWN = "neighbours_wanted", "neighbours_unwanted", "own_branch_m"
NAMES = {"neighbours_wanted": 1.0, "neighbours_unwanted": 0.0}


@dataclass(frozen=True)
class Registered:
    """Something that may be asked; its labels are in `code_list`.

    `indicator` says that the last refresh computed it; the rest is in the register as it is now.
    """

    code: str
    unit: str | None
    kind: Kind = "range"
    indicator: bool = False


WISHES = (
    Registered("floor_area_m2", "m2"),
    Registered("frontage_m", "m"),
    Registered("is_ground_floor", "yes_no", "yes"),
    Registered("rent_eur_per_month", "eur_per_month"),
    Registered("rent_eur_per_m2_year", "eur_per_m2_year"),
    Registered("passage_class", "passage_class", indicator=True),
    Registered("catchment_population", "persons", indicator=True),
    Registered("persons_bicycle_15_min", "persons", indicator=True),
    Registered("persons_car_10_min", "persons", indicator=True),
    Registered("spaces_200_m", "spaces", indicator=True),
    Registered("spaces_400_m", "spaces", indicator=True),
    Registered(WANTED, "shops", "branches"),
    Registered(UNWANTED, "shops", "branches"),
    Registered(OWN, "m"),
    Registered("is_terrace_possible", "yes_no", "yes"),
    Registered("is_horeca_permitted", "yes_no", "yes"),
    Registered("is_in_core", "yes_no", "yes"),
)
BY_CODE = {item.code: item for item in WISHES}
assert tuple(BY_CODE) == MATCH_WISH
