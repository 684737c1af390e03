"""What is known of the licence of each kind of source, used when nobody says otherwise."""

from typing import Any

FREE_REUSE = "Modellicentie Gratis Hergebruik Vlaanderen"
OSM = {
    "name": "OpenStreetMap",
    "publisher": "OpenStreetMap contributors",
    "licence": "ODbL 1.0",
    "attribution": "© OpenStreetMap contributors",
    "share_alike": True,
}
GRB = {
    "name": "Basiskaart Vlaanderen (GRB)",
    "publisher": "Digitaal Vlaanderen",
    "licence": FREE_REUSE,
    "attribution": "Bron: GRB, Digitaal Vlaanderen",
}
STATBEL = {
    "name": "Statbel",
    "publisher": "Statbel",
    "licence": "Statbel open data",
    "attribution": "Bron: Statbel (Algemene Directie Statistiek)",
}

LICENCES: dict[str, dict[str, Any]] = {
    "companies": {
        "name": "KBO Open Data",
        "publisher": "FOD Economie",
        "licence": "KBO Open Data: free reuse, no direct marketing with data of persons",
        "attribution": "Bron: KBO Open Data, FOD Economie",
        "redistribute_rows": False,
    },
    "osm": OSM,
    "osm-shops": {**OSM, "name": "OpenStreetMap shops"},
    "parcels": GRB,
    "buildings": GRB,
    "wegenregister": {
        "name": "Wegenregister",
        "publisher": "Digitaal Vlaanderen",
        "licence": FREE_REUSE,
        "attribution": "Bron: Wegenregister, Digitaal Vlaanderen",
    },
    "statbel-population": {**STATBEL, "name": "Statbel, population by statistical sector"},
    "statbel-income": {**STATBEL, "name": "Statbel, income by statistical sector"},
    "legal-vacancy": {
        "name": "Leegstandsregister",
        "publisher": "Gemeente",
        "attribution": "Bron: gemeentelijk leegstandsregister",
    },
    "business-premises": {
        "name": "Inventaris leegstaande en verwaarloosde bedrijfsruimten",
        "publisher": "Vlaamse overheid",
        "attribution": "Bron: inventaris leegstaande en verwaarloosde bedrijfsruimten, Vlaamse overheid",
    },
    "telraam": {
        "name": "Telraam",
        "publisher": "Telraam",
        "licence": "Telraam's own terms; check before giving rows to others",
        "attribution": "Bron: Telraam",
        "redistribute_rows": False,
    },
}
