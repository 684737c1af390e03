"""One sound little file for every source, to be spoiled by `spoiling`."""

import io
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely

from tests.kbo import COLUMNS, Company, tables

DATA = Path(__file__).parents[1] / "data"
NIS = "34040"
POSTCODE = "8790"
# Around the centre of Waregem, in degrees and in Lambert 72.
WEST, SOUTH = 3.427, 50.889
BORDER_DEGREES = shapely.box(3.3, 50.8, 3.5, 51.0)
BORDER = shapely.box(75_000, 168_000, 92_000, 184_000)


@dataclass(frozen=True)
class Sample:
    """A file with its name and what is said with it."""

    name: str
    content: bytes
    options: dict[str, str] = field(default_factory=dict)

    @property
    def suffix(self) -> str:
        return self.name.rsplit(".", 1)[1]


def _of_tests(name: str, **options: str) -> Sample:
    return Sample(name, (DATA / name).read_bytes(), options)


def _text(name: str, text: str, **options: str) -> Sample:
    return Sample(name, text.encode(), options)


def _square(i: int, step: float = 0.001) -> dict[str, Any]:
    return shapely.geometry.mapping(
        shapely.box(WEST + i * step, SOUTH, WEST + (i + 0.9) * step, SOUTH + step)
    )


def _line(i: int) -> dict[str, Any]:
    west = WEST + i * 0.001
    return {
        "type": "LineString",
        "coordinates": [[west, SOUTH], [west + 0.0005, SOUTH + 0.0005], [west + 0.001, SOUTH]],
    }


def _point(i: int) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [WEST + i * 0.001, SOUTH]}


def _layer(name: str, shape: Any, *rows: dict[str, Any], **options: str) -> Sample:
    features = [{"type": "Feature", "properties": row, "geometry": shape(i)} for i, row in enumerate(rows)]
    return _text(name, json.dumps({"type": "FeatureCollection", "features": features}), **options)


def _companies() -> Sample:
    rows = tables(
        [Company(1, postcode=POSTCODE), Company(2, "Markt", "12A", "Schoenen Stap", postcode=POSTCODE)]
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, columns in COLUMNS.items():
            lines = [columns, *(",".join(f'"{cell}"' for cell in row) for row in rows[name])]
            archive.writestr(f"{name}.csv", "\n".join(lines) + "\n")
    return Sample("kbo.zip", packed.getvalue())


OSLO = {
    "@graph": [
        {
            "@id": "_:m1", "@type": "Verkeerstelling",
            "Verkeerstelling.geobserveerdKenmerk": {
                "Verkeerstellingkenmerk.kenmerktype": "cl-vkt:aantal", "Verkeerskenmerk.voertuigType": "cl-vrt:fiets",
            },
            "Verkeersmeting.geobserveerdObject": "_:p1", "Verkeersmeting.fenomeenTijd": "_:t1",
            "Verkeerstelling.verkeerstellingTellingresultaat": 8, "Verkeersmeting.uitgevoerdMet": "_:s1",
        },
        {"@id": "_:p1", "@type": "Verkeersmeetpunt", "rijrichting": "cl-trt:inDirection", "rdfs:label": "naar de markt",
         "geometrie": {"geosparql:asWKT": {"@value": "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(3.427 50.889)"}}},
        {"@id": "_:s1", "@type": "Sensor", "Systeem.type": "cl-mit:inductielus", "identificator": "LUS-7"},
        {"@id": "_:t1", "time:hasBeginning": {"time:inXSDDateTime": "2026-03-02T10:00:00+01:00"},
         "time:hasEnd": {"time:inXSDDateTime": "2026-03-02T10:15:00+01:00"}},
    ]
}  # fmt: skip

SAMPLES: dict[str, Sample] = {
    "municipalities": _layer(
        "gemeenten.geojson",
        lambda _: shapely.geometry.mapping(BORDER_DEGREES),
        {"nis": NIS, "naam": "Waregem", "postcodes": POSTCODE, "inwoners": 38350},
    ),
    "cores": _layer(
        "kernen.geojson",
        _square,
        {"code": "K1", "naam": "Centrum", "type": "Hoofdwinkelgebied klein", "gemeente": NIS},
        {"code": "K2", "naam": "Gentseweg", "type": "Baanconcentratie", "gemeente": NIS},
    ),
    "neighbourhoods": _layer(
        "wijken.geojson",
        _square,
        {"geoitem": f"{NIS}W01", "naam": "A"},
        {"geoitem": f"{NIS}W02", "naam": "B"},
    ),
    "sectors": _layer(
        "sectoren.geojson",
        _square,
        {"cd_sector": f"{NIS}A00-", "naam": "Centrum", "inwoners": "1234", "woningen": "500"},
        {"cd_sector": f"{NIS}A01-", "naam": "Station", "inwoners": "C", "woningen": None},
        year="2024",
    ),
    "statbel-population": _of_tests("OPENDATA_SECTOREN_2025.txt"),
    "statbel-income": _of_tests("TF_PSNL_INC_TAX_SECTOR.txt"),
    "parcels": _of_tests("grb_adp.geojson"),
    "buildings": _layer(
        "gbg.geojson",
        _square,
        {"OIDN": 1, "TYPE": 1, "building": "house", "HOOGTE": 9.5},
        {"OIDN": 2, "TYPE": 2, "building": "retail", "HOOGTE": 4},
    ),
    "osm": _of_tests("hamlet.osm"),
    "wegenregister": _layer(
        "wegsegment.geojson",
        _line,
        {
            "WS_OIDN": 1,
            "STATUS": 4,
            "MORF": 103,
            "WEGCAT": "L3",
            "LSTRNM": "Markt",
            "RSTRNM": "Markt",
            "TGBEP": 1,
        },
        {"WS_OIDN": 2, "STATUS": 4, "MORF": 101, "WEGCAT": "H", "LSTRNM": None, "RSTRNM": None, "TGBEP": 1},
    ),
    "streets": _layer(
        "straten.geojson",
        _line,
        {"id": "1", "name": "Markt", "highway": "residential", "oneway": True, "maxspeed": "30"},
        {"id": "2", "name": "Pad", "highway": "footway", "oneway": False, "maxspeed": None},
    ),
    "shop-units": _of_tests("shop_units.csv"),
    "expected-vacancies": _text(
        "sluitingen.csv",
        "Pand_ID;Straat;Huisnummer;Bus;Soort;Verwacht op;Einde huur;Bron\n"
        "W001;;;;Sluiting aangekondigd;31/12/2026;;Affiche op de etalage\n"
        ";Markt;3;2;;;30/06/2027;Huuradvertentie\n",
    ),
    "osm-shops": _of_tests("overpass_shops.geojson"),
    "public-places": _layer(
        "plaatsen.geojson",
        _point,
        {"id": "1", "naam": "Station", "soort": "station"},
        {"id": "2", "naam": "School", "soort": "school"},
    ),
    "legal-vacancy": _text(
        "leegstand.csv",
        "CapaKey;dossiernummer;internNummer;datumOpname;VIP-status;postcode;gemeente;straat;huisnummer\n"
        "34040A0001/00A000;12;A-7;01/03/2024;Opgenomen;8790;Waregem;Stormestraat;12\n"
        "34040A0002/00B001;13;A-8;2025-01-31;Geschrapt;8790;Waregem;Markt;3\n",
    ),
    "business-premises": _text(
        "bedrijfsruimten.csv",
        "CapaKey;dossiernummer;datumOpname;status;straat;huisnummer;oppervlakte\n"
        "34040A0001/00A000;12;01/03/2024;Opgenomen;Stormestraat;12;600\n",
    ),
    "companies": _companies(),
    "sensors": _of_tests("sensors.csv"),
    "counts": _of_tests("counts.csv"),
    "counts-wide": _text(
        "uren.csv",
        "Date,Hour,P1,P2,Weer\n26/10/2025,1,5,6,zon\n26/10/2025,2,7,na,zon\n30/03/2025,2,7,1,zon\n27/10/2025,3,9,0,regen\n",
    ),
    "telraam": _of_tests("telraam.csv", lon=str(WEST), lat=str(SOUTH)),
    "hystreet": _of_tests("hystreet.csv", lon=str(WEST), lat=str(SOUTH)),
    "oslo": _text("counts.jsonld", json.dumps(OSLO)),
    "manual-counts": _text(
        "tellingen.csv",
        "telpunt;naam;lat;lon;datum;uur;getelde_minuten;geteld;factor;opgehoogd\n"
        "T1;Markt;50.889;3.427;02/03/2026;14:00;10;50;6;300\n"
        "T2;Kerk;50.890;3.428;02/03/2026;14:15;15;20;;80\n",
        expands_to="hour",
    ),
    "area-figures": _text(
        "besteding.csv",
        "gebied;periode;soort;herkomst;waarde;kaarten;handelaars;aandeel_grootste_handelaar\n"
        "Markt;2026-05;besteding;Gent;5000;90;5;0.59\nMarkt;2026-Q2;bezoekers;;2900;;;\n",
    ),
    "parking-zones": _layer(
        "parkeren.geojson",
        _square,
        {"segment_id": "S1", "naam": "Markt", "capaciteit": 20, "regime": "blauwe zone"},
        {"segment_id": "S2", "naam": "Kaai", "capaciteit": 5, "regime": "betalend"},
    ),
    "parking-bays": _text(
        "vakken.csv",
        "RoadSegmentID,RoadSegmentDescription,x,y\n7,Markt,83700,175800\n7,Markt,83710,175800\n9,Kaai,83800,175800\n",
    ),
    "parking-occupancy": _of_tests("parking_survey.csv"),
    "events": _text(
        "evenementen.csv",
        "naam;soort;begin;einde;lat;lon;straten;herhaling;kost\n"
        "Braderie;braderij;13/09/2025 10:00;14/09/2025 18:00;50,888;3,430;;;12.500,00\n"
        "Markt;markt;2025-01-05 08:00;2025-01-05 12:00;;;Stormestraat, Markt;rrule:freq=monthly;\n",
    ),
    "weather": _text(
        "weer.csv",
        "date,temperature_c,precipitation_mm,cloud_cover_pct,wind_speed_kmh,sunshine_duration_s\n"
        "2026-01-10 00:00:00,9.2,0.0,100,15.1,0.0\n2026-01-10 01:00:00,8.6,0.4,45,14.2,1800.0\n",
    ),
}
