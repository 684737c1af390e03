"""Words of the shortlist file, in the three languages."""

from api.dependencies import Language

SHORTLIST: dict[Language, dict[str, str]] = {
    "nl": {
        "title": "Selectie van handelspanden",
        "made": "Gemaakt op {day} met Kernkaart. Dit bestand werkt zonder internet.",
        "foot": "Afstanden in vogelvlucht. Wie kaartgegevens van OpenStreetMap verder verspreidt, doet dat onder ODbL.",
        "rank": "Rang {rank} van {of} voor {profile}; onder andere gewichten {lower} tot {upper}",
    },
    "fr": {
        "title": "Sélection de locaux commerciaux",
        "made": "Fait le {day} avec Kernkaart. Ce fichier fonctionne sans internet.",
        "foot": "Distances à vol d'oiseau. Qui rediffuse des données d'OpenStreetMap le fait sous ODbL.",
        "rank": "Rang {rank} sur {of} pour {profile} ; avec d'autres poids {lower} à {upper}",
    },
    "en": {
        "title": "Selection of shop units",
        "made": "Made on {day} with Kernkaart. This file works without the internet.",
        "foot": "Distances as the crow flies. Whoever passes map data of OpenStreetMap on does so under ODbL.",
        "rank": "Rank {rank} of {of} for {profile}; with other weights {lower} to {upper}",
    },
}
