"""Profiles that ship with the application: a starting point per kind of business, to be made one's own."""

from typing import Any

from api.score.criteria import BY_CODE, CRITERIA
from gis.knock_out import KnockOut
from gis.profile import Profile
from gis.score import Criterion

GENERAL = "general"

FOOD = ("bakery", "butcher", "greengrocer", "fishmonger", "cheese_shop", "delicatessen", "supermarket")
FASHION = (
    "clothing", "womens_clothing", "mens_clothing", "childrens_clothing", "lingerie", "fashion_accessories", "shoes",
    "leather_goods", "jewellery", "perfumery",
)  # fmt: skip
EATING = ("restaurant", "cafe", "fast_food", "coffee_tearoom", "sandwich_bar", "ice_cream")
LATE = ("night_shop", "betting_shop", "amusement", "vape_shop")
CARE = ("pharmacy", "optician", "hearing_medical", "drugstore")
ADVICE = ("bank", "insurance", "estate_agent", "travel_agency", "employment_agency")

# Weights are parts of a hundred. They follow what retailers ask first (floor area, passers-by, people around, neighbours,
# parking) and no measurement: a city that knows better changes them.
WEIGHTS: dict[str, dict[str, float]] = {
    "bakery": {
        "footfall": 25, "catchment_population": 20, "good_neighbours": 15, "spaces_200_m": 15, "competitors": 10,
        "vacancy_around": 5, "frontage_m": 5, "rent_ratio": 5,
    },
    "fashion": {
        "footfall": 25, "passage_class": 10, "good_neighbours": 20, "anchors": 10, "frontage_m": 10,
        "purchasing_power": 10, "vacancy_around": 10, "rent_ratio": 5,
    },
    "supermarket": {
        "catchment_population": 20, "persons_bicycle_15_min": 10, "persons_car_10_min": 15, "spaces_200_m": 20,
        "competitors": 15, "floor_area_m2": 15, "rent_ratio": 5,
    },
    "restaurant": {
        "footfall": 15, "persons_car_10_min": 10, "purchasing_power": 15, "good_neighbours": 15, "spaces_400_m": 15,
        "stop_m": 5, "bad_neighbours": 10, "vacancy_around": 10, "rent_ratio": 5,
    },
    "popup": {
        "footfall": 35, "passage_class": 15, "shops_around": 15, "frontage_m": 10, "anchors": 10, "rent_ratio": 15,
    },
    "services": {
        "catchment_population": 25, "footfall": 10, "spaces_400_m": 15, "stop_m": 15, "shops_around": 10,
        "competitors": 10, "rent_ratio": 15,
    },
    "healthcare": {
        "catchment_population": 25, "persons_bicycle_15_min": 15, "spaces_200_m": 20, "stop_m": 15,
        "good_neighbours": 10, "competitors": 10, "bad_neighbours": 5,
    },
}  # fmt: skip
AREAS_M2: dict[str, tuple[float | None, float | None]] = {
    "bakery": (60, 250), "fashion": (80, 600), "supermarket": (400, None), "restaurant": (80, 500),
    "popup": (None, 150), "services": (30, 250), "healthcare": (50, 400),
}  # fmt: skip
GOOD_OF = {
    "bakery": tuple(code for code in FOOD if code != "bakery"),
    "fashion": (*FASHION, "coffee_tearoom"),
    "restaurant": (*EATING, "cinema", "hotel"),
    "healthcare": CARE,
}
BAD_OF = {"restaurant": LATE, "healthcare": LATE}
RIVALS_OF = {
    "bakery": ("bakery",),
    "supermarket": ("supermarket", "convenience_store"),
    "services": ADVICE,
    "healthcare": CARE,
}
# What only makes sense at the street.
GROUND_FLOOR = ("bakery", "fashion", "supermarket", "popup")


def _profile(code: str) -> Profile:
    low, high = AREAS_M2[code]
    wishes = [KnockOut("floor_area_m2", low=low, high=high)]
    if code in GROUND_FLOOR:
        wishes.append(KnockOut("is_ground_floor", low=1.0))
    return Profile(
        criteria=tuple(_weighed(name, weight / 100.0) for name, weight in WEIGHTS[code].items()),
        wishes=tuple(wishes),
        good=GOOD_OF.get(code, ()),
        bad=BAD_OF.get(code, ()),
        rivals=RIVALS_OF.get(code, ()),
    )


def _weighed(code: str, weight: float) -> Criterion:
    of: dict[str, Any] = vars(BY_CODE[code].criterion)
    return Criterion(**{**of, "weight": weight})


BUILTIN: dict[str, Profile] = {
    GENERAL: Profile(criteria=tuple(item.criterion for item in CRITERIA)),
    **{code: _profile(code) for code in WEIGHTS},
}
