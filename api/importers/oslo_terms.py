"""Words of OSLO Verkeersmetingen, and ours for them; what has no code there is null."""

from __future__ import annotations

MEASUREMENTS = "https://data.vlaanderen.be/ns/verkeersmetingen#"
CONCEPT = "https://data.vlaanderen.be/id/concept/"
VEHICLE, FEATURE, INSTRUMENT = (
    f"{CONCEPT}{scheme}/" for scheme in ("VkmVoertuigType", "VkmVerkeersKenmerkType", "VkmMeetInstrumentType")
)
LINK_DIRECTION = "http://inspire.ec.europa.eu/codelist/LinkDirectionValue/"
COUNT = "aantal"
CONTEXT = {
    "vm": MEASUREMENTS,
    "sosa": "http://www.w3.org/ns/sosa/",
    "time": "http://www.w3.org/2006/time#",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "dct": "http://purl.org/dc/terms/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "Verkeersmeting": "vm:Verkeersmeting",
    "Verkeerskenmerk": "vm:Verkeerskenmerk",
    "Verkeersmeetpunt": "vm:Verkeersmeetpunt",
    "Sensor": "sosa:Sensor",
    "fenomeentijd": {"@id": "sosa:phenomenonTime"},
    "geobserveerdKenmerk": {"@id": "vm:geobserveerdKenmerk"},
    "geobserveerdObject": {"@id": "vm:geobserveerdObject", "@type": "@id"},
    "uitgevoerdMet": {"@id": "sosa:madeBySensor", "@type": "@id"},
    "resultaat": {"@id": "sosa:hasSimpleResult"},
    "resultaatkwaliteit": {"@id": "vm:resultaatkwaliteit"},
    "type": {"@id": "dct:type", "@type": "@id"},
    "voertuigType": {"@id": "vm:voertuigType", "@type": "@id"},
    "rijrichting": {"@id": "vm:rijrichting", "@type": "@id"},
    "geometrie": {"@id": "geo:hasGeometry"},
    "asWKT": {"@id": "geo:asWKT", "@type": "geo:wktLiteral"},
    "identificator": {"@id": "dct:identifier"},
    "naam": {"@id": "rdfs:label"},
    "begin": {"@id": "time:hasBeginning", "@type": "xsd:dateTime"},
    "einde": {"@id": "time:hasEnd", "@type": "xsd:dateTime"},
}
# "All traffic" has no code of its own there.
MODE_CODE: dict[str, str | None] = {
    "ped": "voetganger",
    "bike": "fiets",
    "auto": "auto",
    "truck": "vrachtwagen",
    "all": None,
}
INSTRUMENT_CODE: dict[str, str | None] = {
    "radar": "radar",
    "rubber": "rubberslang",
    "piezo": "piezzo",
    "fiber": "glasvezel",
    "loop": "inductielus",
    "camera": "standaard_Camera",
    "anpr": "ANPR_camera",
    "manual": "manuele_telling",
    "telraam": "telraam",
    "laser": None,
    "rf_attenuation": None,
    "mobile_network": None,
    "unknown": None,
}
DIRECTION_CODE = {"a": "inDirection", "b": "inOppositeDirection", "both": "bothDirections"}

# Files in use write the codes of the standard, the short ones of its texts, or a plain word.
MODE_OF = {
    **{code.lower(): mode for mode, code in MODE_CODE.items() if code},
    **{word: word for word in ("ped", "bike", "auto", "truck")},
    "vrachtverkeer": "truck",
    "zwaarverkeer": "truck",
    "fietser": "bike",
    "car": "auto",
}
INSTRUMENT_OF = {
    **{code.lower(): ours for ours, code in INSTRUMENT_CODE.items() if code},
    **{word: word for word in ("rubber", "piezo", "fiber", "loop", "camera", "anpr", "manual")},
    "pneumatisch": "rubber",
    "pneumatischetelslang": "rubber",
}
DIRECTION_OF = {
    **{code.lower(): ours for ours, code in DIRECTION_CODE.items()},
    "a": "a",
    "b": "b",
    "both": "both",
}
COUNT_WORDS = frozenset({"aantal", "count"})
