"""The effect of an event in a sentence, in the three languages."""

from collections.abc import Mapping
from typing import Any

from api.dependencies import Language
from api.vacancy.page_words import number_text

SENTENCES: dict[Language, dict[str, str]] = {
    "nl": {
        "more": "{share} passanten, tussen {lower} en {upper}",
        "less": "{share} passanten, tussen {lower} en {upper}",
        "contradicted": "Niet te besluiten: {share} passanten (tussen {lower} en {upper}), maar de voorspelling wijst de andere kant op",
        "not_conclusive": "Geen duidelijk verschil: {share} passanten, maar het kan alles zijn tussen {lower} en {upper}",
        "no_sensor": "Niet te meten: er staat geen teller in het gebied van dit evenement",
        "no_counts": "Niet te meten: de teller telde niet op deze dagen",
        "no_usual": "Niet te meten: in de negen weken ervoor zijn er te weinig gewone dagen om mee te vergelijken",
        "other_event": "Niet te meten: er was tegelijk een ander evenement",
        "season": "Niet te meten: in de weken voor Kerstmis wordt het vanzelf drukker, en er zijn geen tellers buiten het evenement en geen gewoon vorig jaar om dat van af te trekken",
        "few_placebos": "Niet te meten met deze teller: het jaar ervoor telde hij te weinig gewone dagen om toeval uit te sluiten",
        "every_week": "Niet te meten: dit is er elke week, dus er is geen week zonder om mee te vergelijken",
        "to_come": "Nog niet gehouden. Pas een verschil van ongeveer {smallest} of meer zal opvallen",
        "to_come_unknown": "Nog niet gehouden",
        "few_editions": "Er zijn nog geen twee keren die te meten waren",
    },
    "fr": {
        "more": "{share} passants, entre {lower} et {upper}",
        "less": "{share} passants, entre {lower} et {upper}",
        "contradicted": "On ne peut conclure : {share} passants (entre {lower} et {upper}), mais la prévision indique le contraire",
        "not_conclusive": "Pas de différence nette : {share} passants, mais cela peut être tout entre {lower} et {upper}",
        "no_sensor": "Non mesurable : aucun compteur ne se trouve dans la zone de cet événement",
        "no_counts": "Non mesurable : le compteur n'a pas compté ces jours-là",
        "no_usual": "Non mesurable : trop peu de jours ordinaires pour comparer dans les neuf semaines précédentes",
        "other_event": "Non mesurable : un autre événement avait lieu en même temps",
        "season": "Non mesurable : avant Noël l'affluence monte d'elle-même, et il n'y a ni compteurs hors de l'événement ni année ordinaire pour en tenir compte",
        "few_placebos": "Non mesurable avec ce compteur : trop peu de jours ordinaires l'année précédente pour exclure le hasard",
        "every_week": "Non mesurable : cela a lieu chaque semaine, il n'y a pas de semaine sans pour comparer",
        "to_come": "Pas encore tenu. Seule une différence d'environ {smallest} ou plus se remarquera",
        "to_come_unknown": "Pas encore tenu",
        "few_editions": "Moins de deux éditions ont pu être mesurées",
    },
    "en": {
        "more": "{share} passers-by, between {lower} and {upper}",
        "less": "{share} passers-by, between {lower} and {upper}",
        "contradicted": "Not to be concluded: {share} passers-by (between {lower} and {upper}), but the forecast points the other way",
        "not_conclusive": "No clear difference: {share} passers-by, but it may be anything between {lower} and {upper}",
        "no_sensor": "Not measurable: no sensor stands within this event",
        "no_counts": "Not measurable: the sensor did not count on these days",
        "no_usual": "Not measurable: too few ordinary days to compare with in the nine weeks before",
        "other_event": "Not measurable: another event was held at the same time",
        "season": "Not measurable: before Christmas it grows busier by itself, and there are no sensors outside the event and no ordinary year before to take that off",
        "few_placebos": "Not measurable with this sensor: it counted too few ordinary days in the year before to rule out chance",
        "every_week": "Not measurable: it is there every week, so there is no week without it to compare with",
        "to_come": "Not held yet. Only a difference of about {smallest} or more will stand out",
        "to_come_unknown": "Not held yet",
        "few_editions": "Fewer than two times could be measured",
    },
}  # fmt: skip

FORECAST: dict[Language, dict[str, str]] = {
    "nl": {
        "estimate": "Tweede schatting, tegenover de voorspelling: {share} passanten, tussen {lower} en {upper}. {agreement}",
        "same": "Beide schattingen wijzen dezelfde kant op.",
        "partly": "Beide schattingen wijzen dezelfde kant op, maar slechts één ervan valt op tegenover toeval.",
        "neither": "Geen van beide ziet een duidelijk verschil.",
        "against": "De twee schattingen spreken elkaar tegen: hieruit valt niets te besluiten.",
        "few_weeks": "Geen tweede schatting: daarvoor moet er {weeks} weken voor het evenement geteld zijn.",
        "too_long": "Geen tweede schatting: de voorspelling kijkt hoogstens {days} dagen vooruit.",
        "few_placebos": "Geen tweede schatting: in het half jaar ervoor zijn er te weinig gewone dagen om toeval uit te sluiten.",
        "no_usual": "Geen tweede schatting: in de weken ervoor is er te weinig geteld voor een voorspelling.",
    },
    "fr": {
        "estimate": "Deuxième estimation, par rapport à la prévision : {share} passants, entre {lower} et {upper}. {agreement}",
        "same": "Les deux estimations vont dans le même sens.",
        "partly": "Les deux estimations vont dans le même sens, mais une seule se distingue du hasard.",
        "neither": "Aucune des deux ne voit de différence nette.",
        "against": "Les deux estimations se contredisent : on ne peut rien en conclure.",
        "few_weeks": "Pas de deuxième estimation : il faut {weeks} semaines de comptages avant l'événement.",
        "too_long": "Pas de deuxième estimation : la prévision ne va pas au-delà de {days} jours.",
        "few_placebos": "Pas de deuxième estimation : trop peu de jours ordinaires dans le semestre précédent pour exclure le hasard.",
        "no_usual": "Pas de deuxième estimation : trop peu de comptages dans les semaines d'avant pour une prévision.",
    },
    "en": {
        "estimate": "Second estimate, against the forecast: {share} passers-by, between {lower} and {upper}. {agreement}",
        "same": "Both estimates point the same way.",
        "partly": "Both estimates point the same way, but only one of them stands out from chance.",
        "neither": "Neither sees a clear difference.",
        "against": "The two estimates contradict each other: nothing can be concluded.",
        "few_weeks": "No second estimate: that takes {weeks} weeks of counts before the event.",
        "too_long": "No second estimate: the forecast looks no further than {days} days ahead.",
        "few_placebos": "No second estimate: too few ordinary days in the half year before to rule out chance.",
        "no_usual": "No second estimate: too little was counted in the weeks before for a forecast.",
    },
}  # fmt: skip


def forecast_sentence(found: Mapping[str, Any], language: Language) -> str | None:
    """The second estimate and whether it agrees, or why there is none; None where the first has none either."""
    words = FORECAST[language]
    if found["agreement"] is not None:
        shares = {name: signed(found[name], language) for name in ("share", "lower", "upper")}
        return words["estimate"].format(**shares, agreement=words[found["agreement"]])
    told = words.get(found["reason"] or "")
    return told.format(weeks=found["least_weeks"], days=found["most_days"]) if told else None


def effect_sentence(row: Mapping[str, Any], language: Language) -> str:
    """The answer in one sentence, first what changed and then how sure that is."""
    words = SENTENCES[language]
    key = row["reason"] if row["reason"] == "contradicted" else row["verdict"]
    if key == "not_measurable":
        key = row["reason"] or "no_counts"
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
