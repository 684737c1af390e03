"""Sentences about vacancy clusters, in the three languages."""

from typing import Any

from api.dependencies import LANGUAGES
from api.geojson import Row

# What the figures say of today's question; and of one that is no more.
CLUSTER = {
    "location": {
        "nl": "{vacant} van de {units} handelspanden rond {label} {stand} leeg; {expected} zou je op zo'n plek verwachten.",
        "fr": "{vacant} des {units} locaux commerciaux autour de {label} {stand} vides ; on en attendrait {expected} à un "
        "tel endroit.",
        "en": "{vacant} of the {units} shop units around {label} {stand} vacant; {expected} would be expected at such a place.",
    },
    "average": {
        "nl": "{vacant} van de {units} handelspanden rond {label} {stand} leeg; bij het gemiddelde van de gemeente zouden "
        "dat er {expected} zijn.",
        "fr": "{vacant} des {units} locaux commerciaux autour de {label} {stand} vides ; à la moyenne de la commune il y "
        "en aurait {expected}.",
        "en": "{vacant} of the {units} shop units around {label} {stand} vacant; at the average of the municipality it "
        "would be {expected}.",
    },
}
STAND = {
    "nl": {False: "staan", True: "stonden"},
    "fr": {False: "sont", True: "étaient"},
    "en": {False: "are", True: "were"},
}
CHANCE = {
    "nl": "Was leegstand toeval, dan zou een groep die zo opvalt ergens in de gemeente voorkomen op {hits} van {maps} "
    "kaarten (p = {p}, getoetst met {replications} kaarten).",
    "fr": "Si le hasard seul vidait les locaux, un groupe aussi marqué apparaîtrait quelque part dans la commune sur "
    "{hits} cartes sur {maps} (p = {p}, testé avec {replications} cartes).",
    "en": "If chance alone emptied units, a group that stands out as much would appear somewhere in the municipality on "
    "{hits} of {maps} maps (p = {p}, tested with {replications} maps).",
}
VERDICT = {
    "one": {
        "nl": "Eén leegstandscluster dat het toeval niet verklaart.",
        "fr": "Une concentration de locaux vides que le hasard n'explique pas.",
        "en": "One vacancy cluster that chance does not explain.",
    },
    "found": {
        "nl": "{n} leegstandsclusters die het toeval niet verklaart.",
        "fr": "{n} concentrations de locaux vides que le hasard n'explique pas.",
        "en": "{n} vacancy clusters that chance does not explain.",
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
    "not_computed": {
        "nl": "Nog niet berekend. Start: ./kernkaart refresh",
        "fr": "Pas encore calculé. Lancez : ./kernkaart refresh",
        "en": "Not computed yet. Run: ./kernkaart refresh",
    },
    "no_inventory": {
        "nl": "Op die dag was te weinig van de handelspanden bekend. Kies een latere dag.",
        "fr": "Ce jour-là, trop peu de locaux étaient connus. Choisissez un jour plus récent.",
        "en": "Too little was known of the shop units on that day. Choose a later day.",
    },
}
NEIGHBOURS = {
    "nl": "{vacant} van de {units} buurpanden binnen {reach} m staan leeg; gemiddeld zouden dat er {expected} zijn.",
    "fr": "{vacant} des {units} locaux voisins à moins de {reach} m sont vides ; en moyenne il y en aurait {expected}.",
    "en": "{vacant} of the {units} neighbours within {reach} m are vacant; on average it would be {expected}.",
}
LOCAL = {
    True: {
        "nl": "Dat is meer dan toeval, ook nu {tested} leegstaande panden apart bekeken zijn.",
        "fr": "C'est plus que le hasard, même si {tested} locaux vides ont été examinés un à un.",
        "en": "That is more than chance, even with {tested} vacant units looked at one by one.",
    },
    False: {
        "nl": "Dat kan toeval zijn: {tested} leegstaande panden zijn apart bekeken.",
        "fr": "Cela peut être le hasard : {tested} locaux vides ont été examinés un à un.",
        "en": "That may be chance: {tested} vacant units were looked at one by one.",
    },
}
LOCAL_BELOW = 0.05


def in_words(value: float, decimals: int, language: str) -> str:
    """A number with the decimal sign of the language."""
    return f"{value:.{decimals}f}".replace(".", "," if language in {"nl", "fr"} else ".")


def cluster_sentence(row: Row, language: str, question: str, *, is_dissolved: bool) -> str:
    """What stands out about a cluster, and how seldom chance does that."""
    told = CLUSTER[question][language].format(
        vacant=row["vacant"],
        units=row["units"],
        label=row["label"],
        stand=STAND[language][is_dissolved],
        expected=in_words(row["expected"], 1, language),
    )
    # Runs of before these were stored compared with 999 maps.
    replications = row["replications"] or 999
    chance = CHANCE[language].format(
        hits=round(row["p_value"] * (replications + 1)),
        maps=replications + 1,
        p=in_words(row["p_value"], 3, language),
        replications=replications,
    )
    return f"{told} {chance}"


def verdict_messages(verdict: dict[str, Any], n: int) -> dict[str, str]:
    """The answer of a search in one sentence per language."""
    words = VERDICT["one" if verdict["reason"] == "found" and n == 1 else verdict["reason"]]
    return {f"message_{code}": words[code].format(n=n) for code in LANGUAGES}


def neighbours_sentence(row: dict[str, Any], language: str) -> str:
    """What the neighbours of a vacant unit say."""
    told = NEIGHBOURS[language].format(
        vacant=row["vacant"],
        units=row["units"],
        reach=round(row["reach_m"]),
        expected=in_words(row["expected"], 1, language),
    )
    return f"{told} {LOCAL[row['q_value'] <= LOCAL_BELOW][language].format(tested=row['n_tested'])}"
