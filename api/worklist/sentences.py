"""What the two sides of an item say, in words."""

from collections.abc import Mapping
from datetime import date

from api.dependencies import Language

Words = Mapping[str, str]
SAID: Mapping[str, Words] = {
    "vacant": {"nl": "Leeg", "fr": "Vide", "en": "Vacant"},
    "vacant_since": {"nl": "Leeg sinds {day}", "fr": "Vide depuis le {day}", "en": "Vacant since {day}"},
    "occupied": {"nl": "In gebruik: {what}", "fr": "Occupé : {what}", "en": "Occupied: {what}"},
    "non_retail": {"nl": "Geen handel", "fr": "Sans commerce", "en": "Non-retail"},
    "unknown": {"nl": "Toestand onbekend", "fr": "État inconnu", "en": "State unknown"},
    "since": {"nl": "{what}, sinds {day}", "fr": "{what}, depuis le {day}", "en": "{what}, since {day}"},
    "no_name": {"nl": "zonder naam", "fr": "sans nom", "en": "without a name"},
    "active": {"nl": "Actief: {what}", "fr": "Active : {what}", "en": "Active: {what}"},
    "ended": {
        "nl": "Gestopt op {day}: {what}",
        "fr": "Arrêté le {day} : {what}",
        "en": "Ended on {day}: {what}",
    },
    "person": {
        "nl": "zaak van een natuurlijk persoon",
        "fr": "commerce d'une personne physique",
        "en": "business of a natural person",
    },
    "number": {"nl": "vestiging {number}", "fr": "établissement {number}", "en": "establishment {number}"},
    "open": {"nl": "Open: {what}", "fr": "Ouvert : {what}", "en": "Open: {what}"},
    "never_seen": {"nl": "Nog nooit gezien", "fr": "Jamais vu", "en": "Never seen"},
    "seen_months": {
        "nl": "Laatst gezien op {day}, {n} maanden geleden",
        "fr": "Vu la dernière fois le {day}, il y a {n} mois",
        "en": "Last seen on {day}, {n} months ago",
    },
    "no_street": {"nl": "Geen straat ingevuld", "fr": "Rue non remplie", "en": "No street filled in"},
    "no_number": {
        "nl": "Geen huisnummer ingevuld",
        "fr": "Numéro non rempli",
        "en": "No house number filled in",
    },
    "unknown_street": {
        "nl": "{what} staat niet in het stratenbestand",
        "fr": "{what} ne figure pas dans le fichier des rues",
        "en": "{what} is not among the streets",
    },
    "no_parcel": {
        "nl": "Staat op geen gekend perceel",
        "fr": "Ne se trouve sur aucune parcelle connue",
        "en": "Stands on no known parcel",
    },
    "no_use": {
        "nl": "De leegstand zegt 'tijdelijke invulling', maar er is geen gebruiker",
        "fr": "La vacance indique « occupation temporaire », mais il n'y a pas d'occupant",
        "en": "The vacancy says 'temporary use', but there is no occupant",
    },
    "no_spell": {
        "nl": "Tijdelijke invulling door {what}, maar er loopt geen leegstand",
        "fr": "Occupation temporaire par {what}, mais aucune vacance n'est en cours",
        "en": "Temporary use by {what}, but no vacancy is open",
    },
    "also_at": {"nl": "Ook in {what}", "fr": "Aussi au {what}", "en": "Also at {what}"},
}
SOURCES: Mapping[str, Words] = {
    "survey": {"nl": "Schouw", "fr": "Relevé", "en": "Survey"},
    "register": {"nl": "Ondernemingsregister", "fr": "Registre des entreprises", "en": "Company register"},
    "history": {"nl": "Historiek van het pand", "fr": "Historique du local", "en": "History of the unit"},
    "streets": {"nl": "Straten en percelen", "fr": "Rues et parcelles", "en": "Streets and parcels"},
}
HEADINGS: Mapping[str, Words] = {
    "address": {"nl": "adres", "fr": "adresse", "en": "address"},
    "kind": {"nl": "wat", "fr": "quoi", "en": "what"},
    "survey": {"nl": "schouw", "fr": "relevé", "en": "survey"},
    "last_seen_on": {"nl": "laatst gezien", "fr": "vu la dernière fois", "en": "last seen"},
    "other": {"nl": "andere bron", "fr": "autre source", "en": "other source"},
    "source": {"nl": "bron", "fr": "source", "en": "source"},
    "source_on": {"nl": "toestand op", "fr": "situation au", "en": "situation on"},
    "suggestion": {"nl": "voorstel", "fr": "proposition", "en": "suggestion"},
    "found": {"nl": "vastgesteld ter plaatse", "fr": "constaté sur place", "en": "found on the spot"},
}


def day(value: date | str | None) -> str:
    """A day as people here write it."""
    if value is None:
        return ""
    read = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{read:%d/%m/%Y}"


def said(code: str, language: Language, **values: object) -> str:
    """One sentence."""
    return SAID[code][language].format(**values)
