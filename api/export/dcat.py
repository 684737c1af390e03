"""DCAT-AP: what is public, told to the catalogues of others, as JSON-LD or Turtle."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.dependencies import LANGUAGES
from api.export.catalogue import LAYERS, Layer
from api.export.formats import FORMATS, Format
from api.export.ogc import described
from api.export.selecting import sources

PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}
EU = "http://publications.europa.eu/resource/authority"
FILE_TYPES: dict[Format, tuple[str, str]] = {
    "geojson": ("GEOJSON", "application/geo+json"),
    "gpkg": ("GPKG", "application/geopackage+sqlite3"),
    "fgb": ("BIN", "application/vnd.flatgeobuf"),
    "parquet": ("PARQUET", "application/vnd.apache.parquet"),
    "csv": ("CSV", "text/csv"),
    "xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
# Only licences that have an address of their own in the list of the Union.
LICENCES = {
    "CC0-1.0": f"{EU}/licence/CC0",
    "CC-BY-4.0": f"{EU}/licence/CC_BY_4_0",
    "EUPL-1.2": f"{EU}/licence/EUPL_1_2",
    "ODbL-1.0": f"{EU}/licence/ODC_BL",
}
Node = dict[str, Any]


def _id(address: str) -> Node:
    return {"@id": address}


def _said(words: Mapping[str, str]) -> list[Node]:
    return [{"@language": language, "@value": words[language]} for language in LANGUAGES]


def _typed(value: str, type_: str) -> Node:
    return {"@value": value, "@type": type_}


def catalogue(
    session: Session, base: str, *, publisher: str, municipalities: Sequence[tuple[str, str]]
) -> Node:
    """
    The catalogue of public layers as JSON-LD.

    Parameters
    ----------
    base
        Address of the application, without a slash at its end.
    publisher
        Who answers for it.
    municipalities
        NIS code and name of each.
    """
    service = f"{base}/api/ogc"
    shared = {
        subject: set(
            session.execute(text("SELECT rights.shared(:subject, 'public')"), {"subject": subject}).scalars()
        )
        for subject in {layer.subject for layer in LAYERS}
    }
    public = [
        (layer, towns)
        for layer in LAYERS
        if layer.share == "public"
        and (towns := [one for one in municipalities if one[0] in shared[layer.subject]])
    ]
    owner: Node = {"@id": f"{base}/#publisher", "@type": "foaf:Agent", "foaf:name": publisher}
    datasets = [_dataset(session, layer, base, owner, towns) for layer, towns in public]
    return {
        "@context": PREFIXES,
        "@id": f"{base}/api/dcat",
        "@type": "dcat:Catalog",
        "dct:title": _said(dict.fromkeys(LANGUAGES, "Kernkaart")),
        "dct:description": _said(
            {
                "nl": "Openbare lagen en resultaten van Kernkaart.",
                "fr": "Couches et résultats publics de Kernkaart.",
                "en": "Public layers and results of Kernkaart.",
            }
        ),
        "dct:publisher": owner,
        "dct:language": [_id(f"{EU}/language/{code}") for code in ("NLD", "FRA", "ENG")],
        "dcat:themeTaxonomy": _id(f"{EU}/data-theme"),
        "dcat:service": {
            "@id": service,
            "@type": "dcat:DataService",
            "dct:title": _said(dict.fromkeys(LANGUAGES, "OGC API Features")),
            "dcat:endpointURL": _id(service),
            "dcat:endpointDescription": _id(f"{base}/api/openapi.json"),
            "dct:conformsTo": _id("http://www.opengis.net/spec/ogcapi-features-1/1.0"),
            "dcat:servesDataset": [_id(dataset["@id"]) for dataset in datasets],
        },
        "dcat:dataset": datasets,
    }


def _dataset(
    session: Session, layer: Layer, base: str, owner: Node, municipalities: Sequence[tuple[str, str]]
) -> Node:
    about = described(session, layer, "en")
    address = f"{base}/api/ogc/collections/{layer.name}"
    found = sources(session, layer)
    licences = list(dict.fromkeys(row["licence"] for row in found if row["licence"]))
    told: Node = {
        "@id": address,
        "@type": "dcat:Dataset",
        "dct:identifier": layer.name,
        "dct:title": _said(layer.titles),
        "dct:description": [{"@language": "en", "@value": about["description"]}],
        "dct:publisher": _id(owner["@id"]),
        "dcat:theme": [_id(f"{EU}/data-theme/{code}") for code in ("REGI", "ECON")],
        "dct:accessRights": _id(f"{EU}/access-right/PUBLIC"),
        "dcat:keyword": [{"@language": "en", "@value": layer.subject}],
        "dcat:landingPage": _id(f"{address}?f=html"),
        "dcat:distribution": [
            *_files(layer, base, municipalities, licences), _service(layer, address, licences),
        ],
    }  # fmt: skip
    if vintages := [row["vintage_on"] for row in found if row["vintage_on"]]:
        told["dct:modified"] = _typed(max(vintages).isoformat(), "xsd:date")
    if rights := about.get("attribution"):
        told["dct:source"] = [_id(row["url"]) for row in found if _is_address(row["url"])]
        told["dct:rights"] = {"@type": "dct:RightsStatement", "rdfs:label": rights}
    if spatial := about.get("extent", {}).get("spatial"):
        west, south, east, north = spatial["bbox"][0]
        ring = ", ".join(
            f"{x} {y}" for x, y in ((west, south), (east, south), (east, north), (west, north), (west, south))
        )
        told["dct:spatial"] = {
            "@type": "dct:Location",
            "dcat:bbox": _typed(f"POLYGON(({ring}))", "geo:wktLiteral"),
        }
    return {name: value for name, value in told.items() if value not in ([], None)}


def _is_address(written: str | None) -> bool:
    return bool(written) and str(written).startswith(("http://", "https://")) and " " not in str(written)


def _licence(licences: Sequence[str]) -> Node:
    """A licence with an address; what has none, or is a mixture, is told in words."""
    (only,) = licences if len(licences) == 1 else ("",)
    if only in LICENCES:
        return {"dct:license": _id(LICENCES[only])}
    if _is_address(only):
        return {"dct:license": _id(only)}
    named = "; ".join(licences)
    return {"dct:rights": {"@type": "dct:RightsStatement", "rdfs:label": named}} if named else {}


def _files(
    layer: Layer, base: str, municipalities: Sequence[tuple[str, str]], licences: Sequence[str]
) -> Iterator[Node]:
    for nis_code, name in municipalities:
        for kind in FORMATS:
            listed, media = FILE_TYPES[kind]
            address = f"{base}/api/exports/layers/{layer.name}/file?municipality={nis_code}&format={kind}"
            packed = {} if kind == "xlsx" else {
                "dcat:packageFormat": _id("http://www.iana.org/assignments/media-types/application/zip")
            }  # fmt: skip
            yield {
                "@id": address,
                "@type": "dcat:Distribution",
                "dct:title": [{"@language": "nl", "@value": f"{layer.titles['nl']} - {name} ({kind})"}],
                "dcat:accessURL": _id(address),
                "dcat:downloadURL": _id(address),
                "dct:format": _id(f"{EU}/file-type/{listed}"),
                "dcat:mediaType": _id(f"http://www.iana.org/assignments/media-types/{media}"),
                **packed,
                **_licence(licences),
            }


def _service(layer: Layer, address: str, licences: Sequence[str]) -> Node:
    return {
        "@id": f"{address}/items",
        "@type": "dcat:Distribution",
        "dct:title": [{"@language": "nl", "@value": f"{layer.titles['nl']} (OGC API Features)"}],
        "dcat:accessURL": _id(f"{address}/items"),
        "dcat:accessService": _id(address.split("/collections/", maxsplit=1)[0]),
        "dct:format": _id(f"{EU}/file-type/GEOJSON"),
        **_licence(licences),
    }


def as_turtle(graph: Node) -> str:
    """The same graph as Turtle."""
    lines = [f"@prefix {name}: <{address}> ." for name, address in PREFIXES.items()]
    told: list[str] = []
    _tell({name: value for name, value in graph.items() if name != "@context"}, told)
    return "\n".join([*lines, "", *told]) + "\n"


def _tell(node: Node, told: list[str]) -> str:
    """Write a node as a block of its own where it has an address, else in brackets; returns how it is named."""
    parts = [
        f"{'a' if name == '@type' else name} {', '.join(_term(each, name, told) for each in _list(value))}"
        for name, value in node.items()
        if name != "@id"
    ]
    if "@id" not in node:
        return f"[ {' ; '.join(parts)} ]"
    if parts:
        said = " ;\n    ".join(parts)
        told.append(f"{_address(node['@id'])} {said} .")
    return _address(node["@id"])


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _term(value: Any, name: str, told: list[str]) -> str:
    if name == "@type":
        return str(value)
    if isinstance(value, dict) and "@value" in value:
        literal = orjson.dumps(value["@value"]).decode()
        return literal + (f"@{value['@language']}" if "@language" in value else f"^^{value['@type']}")
    return _tell(value, told) if isinstance(value, dict) else orjson.dumps(str(value)).decode()


def _address(address: str) -> str:
    unsafe = {char: f"%{ord(char):02X}" for char in '<>"{}|^`\\ '}
    return f"<{''.join(unsafe.get(char, char) for char in address)}>"
