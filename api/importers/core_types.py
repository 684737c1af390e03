"""Kinds of shopping area: our code list and the words of Locatus and of plans."""

from __future__ import annotations

import re

from api.importers.mapping import fold

AREA_TYPES = (
    "core_shopping_area", "trading_core", "retail_poor_area", "retail_zone", "retail_ribbon", "shopping_centre",
    "village_core", "business_park", "other",
)  # fmt: skip
_WORDS = {
    "kernwinkelgebied": "core_shopping_area",
    "handelskern": "trading_core",
    "winkelarmgebied": "retail_poor_area",
    "kleinhandelszone": "retail_zone",
    "kleinhandelslint": "retail_ribbon",
    "winkelcentrum": "shopping_centre",
    "deelkern": "village_core",
    "bedrijventerrein": "business_park",
    # Locatus
    "binnenstad": "trading_core",
    "hoofdwinkelgebiedgroot": "trading_core",
    "hoofdwinkelgebiedklein": "trading_core",
    "kernverzorgendcentrumgroot": "trading_core",
    "kernverzorgendcentrumklein": "trading_core",
    "binnenstedelijkewinkelstraat": "trading_core",
    "kernverzorgendsupermarktcentrum": "village_core",
    "kernondersteunendgroot": "village_core",
    "kernondersteunendmiddel": "village_core",
    "kernondersteunendklein": "village_core",
    "baanconcentratie": "retail_ribbon",
    "supermarktcentrum": "retail_zone",
    "grootschaligeconcentratie": "retail_zone",
    "shoppingcenter": "shopping_centre",
    "shoppingcentre": "shopping_centre",
    "speciaalwinkelgebied": "other",
} | {fold(name): name for name in AREA_TYPES}
LEGAL_BASES = {
    "rup": "rup",
    "verordening": "verordening",
    "policyvision": "policy_vision",
    "beleidsvisie": "policy_vision",
    "locatus": "locatus",
    "own": "own",
    "eigen": "own",
}


def area_type_of(word: str) -> str | None:
    """Our code of a kind of shopping area, None for an unknown word."""
    return _WORDS.get(fold(word))


def name_of_core(name: str) -> str:
    """The name without the prefix of the provinces' layer: KWG_Diksmuide_Centrum is Centrum."""
    found = re.fullmatch(r"KWG_[^_]+_(.+)", name)
    return found[1] if found else name
