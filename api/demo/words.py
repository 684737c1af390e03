"""Invented names of streets. A name may exist somewhere; the street here does not."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


STREET_ROOTS: dict[str, tuple[str, ...]] = {
    "old": _words(
        """
        Wever Vlas Kanunnik Boter Vismarkt Graan Tinnenpot Smids Kuipers Begijnen Klooster Zwaan Gulden
        Kalk Schepen Gilde Leertouwers Bleek Kraan Drapenier Steenhouwers Hellebaard Pelikaan Kandelaar
        Wolvee Zilver Kousen Hoeve Ketel Mandenmakers Sterren Ravelijn Vest Bolwerk Poort Toren Spinster
        Lakens Passementers Harnas Klokken Wissel Meerseniers Turf Zout Hop Mouterij Stoelendraaiers
        Zadelmakers
        """
    ),
    "new": _words(
        """
        Kersen Leeuwerik Beuken Linden Merel Eiken Populieren Wilgen Esdoorn Kastanje Vlier Meidoorn
        Rozen Tulpen Narcissen Irissen Dahlia Jasmijn Brem Klaver Koolzaad Korenbloem Klaproos Vlinder
        Nachtegaal Vinken Zwaluw Kievit Reiger Patrijzen Fazanten Eekhoorn Egel Hazen Libel Krekel
        Zonnebloem Hortensia Magnolia Lavendel Seringen Sleedoorn Hazelaar Noten Appel Peren Pruimen
        Kwekerij Boomgaard Ceder Dennen Sparren Taxus Acacia Platanen Goudenregen Berken Elzen Olmen
        Essen Wulpen Lijster Mezen Specht Uilen Valken Bosuil Buizerd Otter Bever Madelief Boterbloem
        Vergeet-mij-niet Anemonen Azalea Camelia Fuchsia Gladiolen Krokus Lelie Orchidee Primula
        Viooltjes Ooievaar Gaaien Roodborst Tortelduif Koekoek Distelvink Karekiet
        """
    ),
    "rural": _words(
        """
        Molen Hoge Lage Kouter Meers Heirweg Bos Veld Hooi Kruis Galg Zand Klei Leem Put Driehoek Vossen
        Wolven Schaap Ganzen Paarden Ossen Grens Dries Ham Broek Polder Dijk Sluis Watergang Rietput
        Vaarle Hul Heul Walle Pachthof Schuur Tarwe Gerst Haver Rogge Bieten Hoppe Tabak Cichorei
        Vlasroot Ruiter Herberg Kapelle Processie Pelgrims Karren Koeien Weide Beek Gracht Rozenhoed
        Kasteel Konijnen Dassen
        """
    ),
}

STREET_ENDS: dict[str, tuple[str, ...]] = {
    "old": ("straat", "steeg", "gang", "plaats"),
    "new": ("laan", "straat", "hof", "plein", "dreef"),
    "rural": ("straat", "weg", "dreef", "hoek", "baan"),
}

OUTER_NAMES = _words(
    """
    Brugsesteenweg Gentsesteenweg Kortrijksesteenweg Ieperseweg Tieltseweg Roeselaarseweg Torhoutseweg
    Oostendseweg Doornikseweg Izegemseweg
    """
)
