"""Which trades a town has, how large they are, and what they are called. All names are invented."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

PLACES = ("prime", "side", "village", "ribbon", "other", "mall")


@dataclass(frozen=True)
class Trade:
    """One branch.

    Attributes
    ----------
    code
        Code of the branch list `kernkaart-1`.
    group
        Its branch group.
    weight
        How common it is within the group.
    median_m2
        Middling sales floor area, square metres.
    chain_share
        Share of shops that belong to a chain, 0-1.
    words
        What precedes the name on the sign.
    chains
        Invented chains.
    """

    code: str
    group: str
    weight: float
    median_m2: float
    chain_share: float
    words: tuple[str, ...]
    chains: tuple[str, ...] = ()


_TABLE = """
supermarket|daily|9|900|.95|Superette|Zonnemarkt,Brinkmarkt,Velderij
convenience_store|daily|5|90|.3|Buurtwinkel,Kruidenier|Hoekse Korf
night_shop|daily|3|55|0|Nachtwinkel|
bakery|daily|16|60|.15|Bakkerij,Brood & Banket|Bakhuis Verloo
butcher|daily|9|65|.1|Slagerij,Keurslager|Vleeshof
greengrocer|daily|4|75|0|Groenten & Fruit,Versmarkt|
fishmonger|daily|2|55|0|Viswinkel,Vishandel|
cheese_shop|daily|2|45|0|Kaashandel,Kaasatelier|
delicatessen|daily|4|60|0|Traiteur,Fijne Kost|
chocolatier|daily|4|40|.3|Chocolaterie,Pralines|Cacao Noordzij
wine_spirits|daily|3|80|.2|Wijnhuis,Wijnen|Kurkhof
beverage_store|daily|2|220|.2|Drankenhandel|Dorstland
health_food|daily|2|110|.5|Biowinkel,Natuurvoeding|Groene Halm
tobacco_news|daily|6|50|.3|Dagbladhandel,Perswinkel|Krantenpunt Vero
drugstore|daily|3|200|.95|Drogisterij|Drogist Plusmin,Wisselpunt
perfumery|daily|3|130|.8|Parfumerie|Eau Verlinde
pharmacy|daily|9|90|.3|Apotheek|Apotheek Welhof
department_store|fashion_luxury|1|1600|.9|Warenhuis|Groot Magazijn Vandoor
variety_store|fashion_luxury|4|750|.95|Bazaar|Allerhande Koop,Kortbij
clothing|fashion_luxury|12|240|.75|Mode,Kledij|Kledio,Draad & Co,Vestora
womens_clothing|fashion_luxury|14|110|.45|Mode,Boetiek,Damesmode|Elvira Mode,Lijn Zestien
mens_clothing|fashion_luxury|5|110|.4|Herenmode,Mode|Heerschap
childrens_clothing|fashion_luxury|5|95|.4|Kinderkledij,Kindermode|Pieke & Pluis
lingerie|fashion_luxury|4|60|.4|Lingerie|Zijdelings
fashion_accessories|fashion_luxury|3|50|.4|Accessoires|Knoop & Speld
shoes|fashion_luxury|8|150|.6|Schoenen|Stapvast,Schoenhuis Delta
leather_goods|fashion_luxury|3|70|.3|Lederwaren|Tas & Riem
jewellery|fashion_luxury|7|50|.2|Juwelen,Juwelier|Gouden Uur
optician|fashion_luxury|7|95|.5|Optiek|Brilpunt,Kijkwijzer
household_goods|fashion_luxury|4|160|.5|Huis & Tafel|Pot & Pan
gift_shop|fashion_luxury|5|70|.2|Geschenken,Cadeau|Strikje
antiques_art|fashion_luxury|2|80|0|Antiek,Brocante|
sport|leisure_goods|5|220|.5|Sport|Sportpunt Noord
toys|leisure_goods|4|180|.6|Speelgoed|Tolletje
books|leisure_goods|6|110|.4|Boekhandel,Papierwaren|Lettervreter
music_instruments|leisure_goods|1|90|0|Muziekhuis|
hobby_craft|leisure_goods|3|110|.2|Hobbyhuis,Creatief|Plak & Knip
fabrics|leisure_goods|2|90|.2|Stoffen,Naaihuis|Spoel & Garen
photo|leisure_goods|2|60|.1|Foto|
games_comics|leisure_goods|2|80|.2|Strips,Spelwinkel|Pionnetje
furniture|home_garden|9|620|.5|Meubelen,Interieur|Woonhart,Zitrijk
bedding|home_garden|4|280|.6|Slaapcomfort,Bedden|Dromerij
kitchen_bathroom|home_garden|4|240|.5|Keukens|Keukenkompas
home_decoration|home_garden|7|160|.4|Decoratie,Wonen|Kussen & Kaars
lighting|home_garden|2|170|.2|Verlichting|
diy|home_garden|3|900|.8|Doe-het-zelf|Klusland,Hamerhuis
paint_wallpaper|home_garden|3|140|.3|Verf & Behang|Kwastje
electronics|home_garden|5|320|.6|Elektro|Stekkerland,Elektro Delta
telecom|home_garden|5|65|.8|Telecom|Belpunt,Telvano
florist|home_garden|8|60|.05|Bloemen|
garden_centre|home_garden|1|1300|.5|Tuincentrum|Groenhof
pet_shop|home_garden|4|260|.6|Dierenwinkel|Pluim & Poot
bicycles|home_garden|5|190|.3|Fietsen|Wielhuis
second_hand|retail_other|5|140|.3|Tweedehands,Kringwinkel|Tweede Ronde
hearing_medical|retail_other|6|60|.7|Hoorcentrum|Hoorwel
vape_shop|retail_other|2|40|.4|Vape|Dampkring
party_shop|retail_other|1|110|.2|Feestwinkel|
other_retail|retail_other|2|80|.1|Winkel,Atelier|
restaurant|hospitality|16|95|.05|Restaurant,Brasserie,Bistro|
cafe|hospitality|14|70|0|Café,Taverne|
fast_food|hospitality|13|55|.15|Frituur,Snack,Pita|Puntzak Express
coffee_tearoom|hospitality|7|70|.15|Koffiehuis,Tearoom|Bonenbar
sandwich_bar|hospitality|7|50|.15|Broodjes,Broodjesbar|Belegd & Wel
ice_cream|hospitality|3|45|.1|IJssalon,Roomijs|
hotel|hospitality|3|180|.05|Hotel|
cinema|leisure_culture|.4|900|.5|Cinema|
gallery_museum|leisure_culture|2|110|0|Galerij|
fitness|leisure_culture|3|380|.6|Fitness|Fitwerf
dance_yoga|leisure_culture|2|120|0|Yoga,Dansstudio|
amusement|leisure_culture|1|130|.2|Speelhal|
betting_shop|leisure_culture|2|60|.7|Wedkantoor|Kansspelpunt
bank|services|8|160|.95|Kantoor|Bank van de Schelde,Vlaskrediet
insurance|services|7|70|.3|Verzekeringen|Polis & Co
estate_agent|services|7|65|.4|Immo,Vastgoed|Sleutelhuis Immo
travel_agency|services|3|60|.5|Reizen|Verrekijker Reizen
employment_agency|services|4|75|.95|Uitzendkantoor|Interim Vlot,Handen & Co
hairdresser|services|18|55|.1|Kapsalon,Haarstudio,Coiffure|Krul & Co
beauty_salon|services|8|50|.05|Schoonheidssalon,Huidstudio|
tattoo|services|2|45|0|Tattoo|
dry_cleaning|services|4|70|.3|Droogkuis,Wassalon|Strijkvrij
shoe_repair_keys|services|2|30|0|Schoenmakerij|
tailor|services|2|35|0|Retouches|
phone_repair|services|4|40|.1|Telefoonhersteller|
copy_print|services|2|80|.2|Drukwerk,Kopie|
post_parcel|services|2|60|.8|Pakjespunt|Pakjespunt Vlug
driving_school|services|2|60|.3|Rijschool|Rijschool Linksaf
fuel_station|transport_fuel|4|90|.8|Tankstation|Pompstation Delta
car_dealer|transport_fuel|4|480|.3|Garage|
car_repair|transport_fuel|4|190|.2|Garage,Banden|Bandenpunt Noord
car_wash|transport_fuel|1|150|.2|Carwash|
office|non_retail|5|80|0|Kantoor|
medical_practice|non_retail|4|70|0|Groepspraktijk,Kinesist|
community_space|non_retail|1|120|0|Ontmoetingshuis|
"""

_MIX = {
    # share of each group: prime, side, village, ribbon, other, mall
    "daily": (0.14, 0.14, 0.30, 0.20, 0.15, 0.14),
    "fashion_luxury": (0.36, 0.12, 0.05, 0.12, 0.05, 0.62),
    "leisure_goods": (0.06, 0.06, 0.02, 0.08, 0.03, 0.10),
    "home_garden": (0.08, 0.12, 0.09, 0.39, 0.12, 0.06),
    "retail_other": (0.03, 0.05, 0.02, 0.02, 0.05, 0.01),
    "hospitality": (0.16, 0.20, 0.22, 0.05, 0.22, 0.05),
    "leisure_culture": (0.01, 0.03, 0.02, 0.04, 0.03, 0.0),
    "services": (0.14, 0.24, 0.25, 0.02, 0.24, 0.02),
    "transport_fuel": (0.0, 0.01, 0.02, 0.08, 0.05, 0.0),
    "non_retail": (0.02, 0.03, 0.01, 0.0, 0.06, 0.0),
}

ANCHORS = ("supermarket", "department_store", "variety_store", "drugstore", "electronics", "diy", "clothing")

NOUNS = (
    "De Korenbloem|Het Hoekje|De Lindeboom|De Gouden Appel|'t Pleintje|De Zonnewijzer|De Oude Brug|Het Anker|"
    "De Zwaan|De Kraanvogel|De Klaproos|Het Zilveren Knoopje|De Morgenster|'t Poortje|De Wilde Roos|De Vlasbloem|"
    "Het Blauwe Huis|De Zeemeeuw|De Kleine Beer|De Vrolijke Vrienden|'t Kasteeltje|De Nachtegaal|De Vier Winden|"
    "Het Rad|De Kandelaar|'t Molentje|De Warme Hand|De Gulden Snede|Het Hof|De Lantaarn|Te Lande|De Notelaar|"
    "Het Kroontje|De Windroos|'t Veld|De Witte Kat|De Boei|Het Spoor|De Kade|De Bron"
).split("|")

FIRST_NAMES = (
    "Elisa Nora Lotte Hanne Jef Warre Mila Louise Emiel Cyriel Rosa Greta Ilse Katrien Wout Stijn Annelies Bieke "
    "Dirk Els Frieda Geert Heidi Inge Joke Karel Lies Marleen Noor Pol Rik Saar Tine Veerle Yves Zita Amber Bram "
    "Celine Dorien Evy Fien Jolien Kato Lien Maud"
).split()


@cache
def trades() -> tuple[Trade, ...]:
    """List the trades."""
    rows = [line.split("|") for line in _TABLE.strip().splitlines()]
    return tuple(
        Trade(
            code,
            group,
            float(weight),
            float(median_m2),
            float(chain_share),
            tuple(words.split(",")),
            tuple(chains.split(",")) if chains else (),
        )
        for code, group, weight, median_m2, chain_share, words, chains in rows
    )


@cache
def mix() -> NDArray[np.float64]:
    """Give the share of each trade at each kind of place, shape (places, trades); rows add up to 1."""
    listed = trades()
    weight = np.array([trade.weight for trade in listed])
    group = np.array([trade.group for trade in listed])
    in_group = np.array([weight[group == name].sum() for name in group])
    share = np.array([_MIX[name] for name in group]).T * weight / in_group
    normal: NDArray[np.float64] = share / share.sum(axis=1, keepdims=True)
    return normal


def choose(
    rng: np.random.Generator, place: NDArray[np.int64], area_m2: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Choose a trade for each shop unit, one that its size suits, shape (n,).

    Parameters
    ----------
    rng
        Random numbers.
    place
        Number of the kind of place in `PLACES`, shape (n,).
    area_m2
        Sales floor area, square metres, shape (n,).
    """
    median = np.array([trade.median_m2 for trade in trades()])
    misfit = np.log(area_m2[:, None] / median) / 0.55
    chance = mix()[place] * np.exp(-0.5 * misfit**2) + 1e-12
    edges = np.cumsum(chance, axis=1)
    draw = rng.random((len(place), 1)) * edges[:, -1:]
    chosen: NDArray[np.int64] = (edges < draw).sum(axis=1)
    return chosen


def signs(rng: np.random.Generator, trade: NDArray[np.int64]) -> tuple[list[str], NDArray[np.bool_]]:
    """Give each occupant a name, and say whether it is part of a chain.

    Parameters
    ----------
    rng
        Random numbers.
    trade
        Number of the trade, shape (n,).
    """
    n = len(trade)
    listed = trades()
    chain_share = np.array([t.chain_share if t.chains else 0.0 for t in listed])
    is_chain = rng.random(n) < chain_share[trade]
    word, second, person = rng.integers(0, 1 << 30, (3, n))
    by_person = rng.random(n) < 0.45
    names = []
    for i, number in enumerate(trade):
        kind = listed[number]
        if is_chain[i]:
            names.append(kind.chains[word[i] % len(kind.chains)])
            continue
        tail = FIRST_NAMES[person[i] % len(FIRST_NAMES)] if by_person[i] else NOUNS[second[i] % len(NOUNS)]
        names.append(f"{kind.words[word[i] % len(kind.words)]} {tail}")
    return names, is_chain
