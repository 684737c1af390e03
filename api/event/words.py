"""The effect of an event in a sentence, in the three languages."""

from collections.abc import Mapping
from typing import Any

from api.dependencies import Language
from api.vacancy.page_words import number_text

SENTENCES: dict[Language, dict[str, str]] = {
    "nl": {
        "more": "{share} passanten, tussen {lower} en {upper}",
        "less": "{share} passanten, tussen {lower} en {upper}",
        "not_conclusive": "Geen duidelijk verschil: {share} passanten, maar het kan alles zijn tussen {lower} en {upper}",
        "no_sensor": "Niet te meten: er staat geen teller in het gebied van dit evenement",
        "no_counts": "Niet te meten: de teller telde niet op deze dagen",
        "no_usual": "Niet te meten: in de negen weken ervoor zijn er te weinig gewone dagen om mee te vergelijken",
        "other_event": "Niet te meten: er was tegelijk een ander evenement",
        "few_placebos": "Niet te meten met deze teller: het jaar ervoor telde hij te weinig gewone dagen om toeval uit te sluiten",
        "every_week": "Niet te meten: dit is er elke week, dus er is geen week zonder om mee te vergelijken",
        "to_come": "Nog niet gehouden. Pas een verschil van ongeveer {smallest} of meer zal opvallen",
        "to_come_unknown": "Nog niet gehouden",
        "few_editions": "Er zijn nog geen twee keren die te meten waren",
    },
    "fr": {
        "more": "{share} passants, entre {lower} et {upper}",
        "less": "{share} passants, entre {lower} et {upper}",
        "not_conclusive": "Pas de différence nette : {share} passants, mais cela peut être tout entre {lower} et {upper}",
        "no_sensor": "Non mesurable : aucun compteur ne se trouve dans la zone de cet événement",
        "no_counts": "Non mesurable : le compteur n'a pas compté ces jours-là",
        "no_usual": "Non mesurable : trop peu de jours ordinaires pour comparer dans les neuf semaines précédentes",
        "other_event": "Non mesurable : un autre événement avait lieu en même temps",
        "few_placebos": "Non mesurable avec ce compteur : trop peu de jours ordinaires l'année précédente pour exclure le hasard",
        "every_week": "Non mesurable : cela a lieu chaque semaine, il n'y a pas de semaine sans pour comparer",
        "to_come": "Pas encore tenu. Seule une différence d'environ {smallest} ou plus se remarquera",
        "to_come_unknown": "Pas encore tenu",
        "few_editions": "Moins de deux éditions ont pu être mesurées",
    },
    "en": {
        "more": "{share} passers-by, between {lower} and {upper}",
        "less": "{share} passers-by, between {lower} and {upper}",
        "not_conclusive": "No clear difference: {share} passers-by, but it may be anything between {lower} and {upper}",
        "no_sensor": "Not measurable: no sensor stands within this event",
        "no_counts": "Not measurable: the sensor did not count on these days",
        "no_usual": "Not measurable: too few ordinary days to compare with in the nine weeks before",
        "other_event": "Not measurable: another event was held at the same time",
        "few_placebos": "Not measurable with this sensor: it counted too few ordinary days in the year before to rule out chance",
        "every_week": "Not measurable: it is there every week, so there is no week without it to compare with",
        "to_come": "Not held yet. Only a difference of about {smallest} or more will stand out",
        "to_come_unknown": "Not held yet",
        "few_editions": "Fewer than two times could be measured",
    },
}  # fmt: skip


def effect_sentence(row: Mapping[str, Any], language: Language) -> str:
    """The answer in one sentence, first what changed and then how sure that is."""
    words = SENTENCES[language]
    key = row["verdict"] if row["verdict"] != "not_measurable" else row["reason"] or "no_counts"
    if key == "to_come" and row["smallest_share"] is None:
        key = "to_come_unknown"
    values = {name: signed(row[f"{name}_share"], language) for name in ("lower", "upper")}
    return words[key].format(
        share=signed(row["effect_share"], language),
        smallest=signed(row["smallest_share"], language),
        **values,
    )


def signed(share: float | None, language: Language) -> str:
    """A share as a percentage with its sign."""
    if share is None:
        return "–"
    rounded = round(share * 100)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return f"{sign}{number_text(abs(rounded), language)}\u00a0%"
