import json

import pandas as pd
import pytest

from api.importers import UnreadableSource
from api.importers.oslo_graph import local
from api.importers.oslo_terms import INSTRUMENT_CODE, MODE_CODE
from tests.importers.samples import OSLO

NS = "https://data.vlaanderen.be/ns/verkeersmetingen#"
# The same measurement in the three ways that files write it.
PREFIXED = OSLO
EXPANDED = [
    {
        "@type": [f"{NS}Verkeersmeting"],
        f"{NS}geobserveerdKenmerk": [
            {f"{NS}type": [{"@id": "https://data.vlaanderen.be/doc/concept/VkmVerkeersKenmerkType/aantal"}],
             f"{NS}voertuigType": [{"@id": "https://data.vlaanderen.be/doc/concept/VkmVoertuigType/fiets"}]}
        ],
        f"{NS}geobserveerdObject": [
            {"@type": f"{NS}Verkeersmeetpunt", f"{NS}rijrichting": "https://x/LinkDirectionValue/inDirection"}
        ],
        "http://www.w3.org/ns/sosa/phenomenonTime": [
            {"http://www.w3.org/2006/time#hasBeginning": [{"@value": "2026-03-02T09:00:00Z"}],
             "http://www.w3.org/2006/time#hasEnd": [{"@value": "2026-03-02T09:15:00Z"}]}
        ],
        "http://def.isotc211.org/iso19156/2011/Observation#OM_Observation.result": [{"@value": 8}],
        "http://www.w3.org/ns/sosa/madeBySensor": [{"http://purl.org/dc/terms/identifier": "LUS-7"}],
    }
]  # fmt: skip


@pytest.fixture
def saved(tmp_path):
    def save(content):
        path = tmp_path / "counts.jsonld"
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    return save


@pytest.mark.parametrize("content", [PREFIXED, EXPANDED])
def test_every_way_of_writing_the_standard_gives_the_same_count(read, saved, content):
    rows = read("oslo", saved(content), nis_code="34040")["footfall_count"].rows
    row = rows.iloc[0]
    told = row[["sensor_code", "start_at", "minutes", "mode", "direction", "value"]].tolist()
    assert told == ["LUS-7", pd.Timestamp("2026-03-02T09:00Z"), 15, "bike", "a", 8.0]


def test_a_sensor_comes_along_with_its_place_and_the_name_of_its_direction(read, saved):
    row = read("oslo", saved(PREFIXED), nis_code="34040")["footfall_sensor"].rows.iloc[0]
    assert row[["code", "instrument", "direction_a", "measure_kind"]].tolist() == [
        "LUS-7",
        "loop",
        "naar de markt",
        "passage",
    ]
    assert abs(row["geometry"].x - 83_738) < 100
    assert "footfall_sensor" not in read("oslo", saved(EXPANDED), nis_code="34040")


@pytest.mark.parametrize(
    ("where", "value", "column"),
    [
        ("Verkeerstellingkenmerk.kenmerktype", "cl-vkt:V85", "type"),
        ("Verkeerskenmerk.voertuigType", "cl-vrt:paard", "voertuigType"),
    ],
)
def test_what_is_no_count_is_refused_and_said(read, saved, where, value, column):
    content = json.loads(json.dumps(PREFIXED))
    content["@graph"][0]["Verkeerstelling.geobserveerdKenmerk"][where] = value
    result = read("oslo", saved(content), nis_code="34040")["footfall_count"]
    assert len(result.rows) == 0
    assert result.refused["column_name"].tolist() == [column]


def test_an_interval_that_is_none_is_refused(read, saved):
    content = json.loads(json.dumps(PREFIXED))
    content["@graph"][3]["time:hasEnd"]["time:inXSDDateTime"] = "2026-03-02T09:00:00+01:00"
    assert read("oslo", saved(content), nis_code="34040")["footfall_count"].refused[
        "column_name"
    ].tolist() == ["fenomeentijd"]


@pytest.mark.parametrize("content", [{}, [], {"@graph": []}, {"@graph": [{"@type": "Sensor"}]}])
def test_a_file_without_measurements_is_no_source(read, saved, content):
    with pytest.raises(UnreadableSource, match="Verkeersmeting"):
        read("oslo", saved(content), nis_code="34040")


def test_a_name_is_its_last_word():
    assert [local(name) for name in (f"{NS}type", "vm:type", "Verkeersmeting.type", "type", None)] == [
        "type", "type", "type", "type", "",
    ]  # fmt: skip


def test_every_instrument_and_mode_has_a_code_or_says_that_there_is_none():
    from api.db import codes

    assert set(INSTRUMENT_CODE) == set(codes.INSTRUMENT)
    assert set(MODE_CODE) == set(codes.MODE)
    assert [name for name, code in INSTRUMENT_CODE.items() if code is None] == [
        "laser", "rf_attenuation", "mobile_network", "unknown",
    ]  # fmt: skip
