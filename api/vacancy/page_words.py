"""Words and numbers of the page for the council, in the three languages."""

from datetime import date
from typing import Any

from api.dependencies import Language

MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "en": "January February March April May June July August September October November December".split(),
}
WORDS: dict[Language, dict[str, str]] = {
    "nl": {
        "title": "Leegstand in {place}",
        "on": "Toestand op {day}",
        "all_branches": "alle branches",
        "retail_only": "enkel detailhandel (leegstaande panden tellen altijd mee)",
        "units": "{n} van de {of} handelspanden staan leeg",
        "area": "{n} van de {of} m² winkelvloer staat leeg",
        "area_none": "Geen cijfer in vloeroppervlakte: die is van {share} van de panden bekend, nodig is 90 %.",
        "unknown": "Van {n} panden is de toestand niet bekend; ze tellen niet mee.",
        "nothing": "Van {place} zijn op {day} geen handelspanden bekend. Zodra de panden ingevoerd zijn, staat hier het "
        "leegstandscijfer met zijn geschiedenis.",
        "history": "Hoe het zover kwam",
        "history_alt": "Leegstand van {from_} ({first}) tot {until} ({last}).",
        "no_history": "Er is nog geen geschiedenis van minstens twee metingen.",
        "broken": "Geen lijn over een breuk: {reasons}.",
        "break_source": "vanaf {day} komt de meerderheid van {after} in plaats van {before}",
        "break_given": "vanaf {day}: {reason}",
        "map": "Waar",
        "map_alt": "Kaart met {n} leegstaande en {of} andere handelspanden.",
        "vacant": "leeg",
        "occupied": "in gebruik",
        "other": "geen handel of onbekend",
        "durations": "Hoe lang al leeg",
        "uncertain": "Van {n} panden kan de klasse ook een andere zijn: de begindatum ligt tussen twee bezoeken.",
        "streets": "Per straat",
        "street": "Straat",
        "no_street": "straat niet bekend",
        "n_vacant": "Leeg",
        "n_units": "Panden",
        "rate": "Leegstand",
        "other_streets": "en {n} andere straten",
        "clusters": "Concentraties",
        "definitions": "Wat de cijfers betekenen",
        "definition": "Leegstand = leegstaande panden gedeeld door leegstaande en gebruikte panden. Panden zonder "
        "handelsfunctie of met onbekende toestand tellen niet mee. Dit is marktleegstand: wat men achter het raam ziet, "
        "niet het wettelijke leegstandsregister. Aanvangsleegstand duurt minder dan 1 jaar, langdurige 1 tot 3 jaar, "
        "structurele meer dan 3 jaar.",
        "sources": "Bronnen",
        "source_units": "Handelspanden: {source}; laatst gezien tussen {oldest} en {surveyed}.",
        "source_units_none": "Handelspanden: bron niet bekend.",
        "source_streets": "Straten: {source}.",
        "coverage": "Toestand bekend van {state}, vloeroppervlakte van {area} van de panden.",
        "made": "Gemaakt op {day} met Kernkaart.",
        "demo": "Fictieve demodata: deze cijfers zijn verzonnen.",
    },
    "fr": {
        "title": "Locaux vides à {place}",
        "on": "Situation au {day}",
        "all_branches": "toutes les branches",
        "retail_only": "commerce de détail uniquement (les locaux vides comptent toujours)",
        "units": "{n} des {of} locaux commerciaux sont vides",
        "area": "{n} des {of} m² de surface de vente sont vides",
        "area_none": "Pas de chiffre en surface : elle est connue pour {share} des locaux, il en faut 90 %.",
        "unknown": "L'état de {n} locaux n'est pas connu ; ils ne comptent pas.",
        "nothing": "Aucun local commercial n'est connu pour {place} au {day}. Dès que les locaux sont importés, le taux de "
        "vacance et son histoire apparaissent ici.",
        "history": "L'évolution",
        "history_alt": "Vacance de {from_} ({first}) à {until} ({last}).",
        "no_history": "Il n'y a pas encore d'histoire d'au moins deux mesures.",
        "broken": "Pas de ligne à travers une rupture : {reasons}.",
        "break_source": "dès le {day} la majorité vient de {after} au lieu de {before}",
        "break_given": "dès le {day} : {reason}",
        "map": "Où",
        "map_alt": "Carte avec {n} locaux vides et {of} autres.",
        "vacant": "vide",
        "occupied": "occupé",
        "other": "sans commerce ou inconnu",
        "durations": "Vide depuis combien de temps",
        "uncertain": "Pour {n} locaux la classe peut être une autre : le début se situe entre deux visites.",
        "streets": "Par rue",
        "street": "Rue",
        "no_street": "rue inconnue",
        "n_vacant": "Vides",
        "n_units": "Locaux",
        "rate": "Vacance",
        "other_streets": "et {n} autres rues",
        "clusters": "Concentrations",
        "definitions": "Ce que disent les chiffres",
        "definition": "Vacance = locaux vides divisés par locaux vides et occupés. Les locaux sans fonction commerciale ou "
        "d'état inconnu ne comptent pas. Il s'agit de la vacance du marché : ce que l'on voit derrière la vitrine, non le "
        "registre légal. La vacance initiale dure moins d'un an, celle de longue durée de 1 à 3 ans, la structurelle "
        "plus de 3 ans.",
        "sources": "Sources",
        "source_units": "Locaux commerciaux : {source} ; vus pour la dernière fois entre le {oldest} et le {surveyed}.",
        "source_units_none": "Locaux commerciaux : source inconnue.",
        "source_streets": "Rues : {source}.",
        "coverage": "État connu pour {state}, surface pour {area} des locaux.",
        "made": "Établi le {day} avec Kernkaart.",
        "demo": "Données de démonstration fictives : ces chiffres sont inventés.",
    },
    "en": {
        "title": "Vacancy in {place}",
        "on": "As of {day}",
        "all_branches": "all branches",
        "retail_only": "retail only (vacant units always count)",
        "units": "{n} of the {of} shop units stand empty",
        "area": "{n} of the {of} m² of sales floor stands empty",
        "area_none": "No figure in floor area: it is known of {share} of the units, and 90 % is needed.",
        "unknown": "The state of {n} units is not known; they do not count.",
        "nothing": "No shop units are known of {place} on {day}. Once they are imported, the vacancy rate and its history "
        "stand here.",
        "history": "How it came to be so",
        "history_alt": "Vacancy from {from_} ({first}) to {until} ({last}).",
        "no_history": "There is no history of at least two measurements yet.",
        "broken": "No line across a break: {reasons}.",
        "break_source": "from {day} most units come from {after} instead of {before}",
        "break_given": "from {day}: {reason}",
        "map": "Where",
        "map_alt": "Map with {n} vacant and {of} other shop units.",
        "vacant": "vacant",
        "occupied": "in use",
        "other": "no trade or unknown",
        "durations": "Empty for how long",
        "uncertain": "Of {n} units the class may be another one: the start lies between two visits.",
        "streets": "By street",
        "street": "Street",
        "no_street": "street not known",
        "n_vacant": "Vacant",
        "n_units": "Units",
        "rate": "Vacancy",
        "other_streets": "and {n} other streets",
        "clusters": "Concentrations",
        "definitions": "What the figures mean",
        "definition": "Vacancy = vacant units divided by vacant and occupied units. Units without a trade or in an unknown "
        "state do not count. This is market vacancy: what is seen behind the window, not the legal register. Initial "
        "vacancy lasts less than 1 year, long-term vacancy 1 to 3 years, structural vacancy more than 3 years.",
        "sources": "Sources",
        "source_units": "Shop units: {source}; last seen between {oldest} and {surveyed}.",
        "source_units_none": "Shop units: source not known.",
        "source_streets": "Streets: {source}.",
        "coverage": "State known of {state}, floor area of {area} of the units.",
        "made": "Made on {day} with Kernkaart.",
        "demo": "Fictional demo data: these figures are invented.",
    },
}


def day_text(day: date | None, language: Language) -> str:
    """A day as people write it; a question mark where it is not known."""
    if day is None:
        return "?"
    first = "1er" if language == "fr" and day.day == 1 else str(day.day)
    return f"{first} {MONTHS[language][day.month - 1]} {day.year}"


def number_text(value: float, language: Language, decimals: int = 0) -> str:
    """A number with the language's own signs; spaces in it do not break."""
    text = f"{value:,.{decimals}f}"
    thousands = {"nl": ".", "fr": "\u202f", "en": ","}[language]
    comma = "." if language == "en" else ","
    return text.replace(",", "\0").replace(".", comma).replace("\0", thousands)


def share_text(value: float | None, language: Language, decimals: int = 1) -> str:
    """A share as a percentage; a dash where there is none."""
    return "–" if value is None else f"{number_text(value * 100, language, decimals)}\u00a0%"


def told(language: Language, key: str, **values: Any) -> str:
    """One of the words, filled in."""
    return WORDS[language][key].format(**values)
