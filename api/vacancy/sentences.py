"""Sentences about vacancy, in the three languages."""

from api.geojson import Row

CLUSTER = {
    "nl": "{vacant} van de {units} handelspanden rond {label} staan leeg; {expected} zou je op zo'n plek verwachten. "
    "De kans dat dit toeval is, is {chance}.",
    "fr": "{vacant} des {units} locaux commerciaux autour de {label} sont vides ; on en attendrait {expected} à un tel "
    "endroit. La probabilité que ce soit le hasard est de {chance}.",
    "en": "{vacant} of the {units} shop units around {label} are vacant; {expected} would be expected at such a place. "
    "The chance that this is a coincidence is {chance}.",
}
VERDICT = {
    "found": {
        "nl": "{n} leegstandscluster(s) die het toeval niet verklaart.",
        "fr": "{n} concentration(s) de locaux vides que le hasard n'explique pas.",
        "en": "{n} vacancy cluster(s) that chance does not explain.",
    },
    "not_more_than_chance": {
        "nl": "Geen enkele concentratie van leegstand is sterker dan het toeval.",
        "fr": "Aucune concentration de locaux vides ne dépasse le hasard.",
        "en": "No concentration of vacancy is more than chance.",
    },
    "too_few_units": {
        "nl": "Te weinig handelspanden om clusters te kunnen toetsen.",
        "fr": "Trop peu de locaux commerciaux pour tester des concentrations.",
        "en": "Too few shop units to test for clusters.",
    },
    "too_few_vacant": {
        "nl": "Te weinig leegstaande handelspanden om clusters te kunnen toetsen.",
        "fr": "Trop peu de locaux vides pour tester des concentrations.",
        "en": "Too few vacant shop units to test for clusters.",
    },
    "no_streets": {
        "nl": "Zonder straten kan geen loopafstand berekend worden, dus ook geen cluster.",
        "fr": "Sans rues, pas de distance à pied, donc pas de concentration.",
        "en": "Without streets there is no walking distance, hence no cluster.",
    },
    "not_computed": {
        "nl": "Nog niet berekend. Start: ./kernkaart refresh",
        "fr": "Pas encore calculé. Lancez : ./kernkaart refresh",
        "en": "Not computed yet. Run: ./kernkaart refresh",
    },
}


def cluster_sentence(row: Row, language: str) -> str:
    """One plain sentence about a cluster."""
    comma = "," if language in {"nl", "fr"} else "."
    chance = f"{row['p_value'] * 100:.1f} %".replace(".", comma)
    expected = f"{row['expected']:.1f}".replace(".", comma)
    return CLUSTER[language].format(
        vacant=row["vacant"], units=row["units"], label=row["label"], expected=expected, chance=chance
    )
