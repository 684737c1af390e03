import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.importers import IMPORTERS, UnreadableSource

TABLES = [
    "shop-units",
    "counts",
    "counts-wide",
    "telraam",
    "sensors",
    "parking-occupancy",
    "expected-vacancies",
    "statbel-population",
]
HEADERS = {
    "shop-units": "code;straat;huisnr;lat;lon;status;branche;wvo;leeg_sinds",
    "counts": "counter_id;start_local;minutes;mode;direction;value;uptime",
    "counts-wide": "Date;Hour;A;B",
    "telraam": "segment_id;date;interval;uptime;pedestrian;pedestrian_lft;pedestrian_rgt",
    "sensors": "code;lat;lon;type;in_dienst;interval",
    "expected-vacancies": "code;adres;straat;huisnr;bus;soort;datum;einde_huur;bron",
    "parking-occupancy": "date;time_from;time_to;section_id;capacity;occupied",
    "statbel-population": "CD_REFNIS;CD_SECTOR;TOTAL;CD_YEAR",
}
CELL = st.one_of(
    st.sampled_from(
        ["", "50,889", "3.427", "1", "-1", "2026-03-12 10:00", "31/02/2026", "ja", "leeg", "1e309", "12-14"]
    ),
    st.text(st.characters(exclude_characters='\n\r";', exclude_categories=["Cs"]), max_size=12),
)


@pytest.mark.parametrize("source", TABLES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELL, min_size=4, max_size=9), max_size=6))
def test_whatever_stands_in_the_cells_is_kept_or_refused(source, rows, read, write):
    width = HEADERS[source].count(";") + 1
    lines = [";".join((row + [""] * width)[:width]) for row in rows]
    path = write("any.csv", "\n".join([HEADERS[source], *lines]) + "\n")
    try:
        out = read(source, path, options={"year": "2025"} if source == "statbel-population" else {})
    except UnreadableSource:
        return
    for result in out.values():
        assert result.rows["row_number"].between(1, len(rows)).all()
        assert result.refused["row_number"].between(1, len(rows)).all()
        assert (result.refused["reason"].str.len() > 0).all()


@pytest.mark.parametrize(
    "suffix",
    ["csv", "txt", "json", "geojson", "gml", "xlsx", "parquet", "zip", "gz", "shp", "gpkg", "osm", "pbf"],
)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode)))
def test_no_content_of_a_file_crashes_a_source(suffix, content, read, write):
    path = write(f"any.{suffix}", content)
    for source in ("parcels", "osm", "shop-units", "counts-wide", "wegenregister"):
        with contextlib.suppress(UnreadableSource):
            read(source, path)


def test_every_source_says_what_it_is_and_what_it_gives():
    from api.importers.targets import TARGETS

    for name, importer in IMPORTERS.items():
        assert importer.name == name
        assert importer.summary
        assert set(importer.targets) <= set(TARGETS)


def test_every_source_is_in_the_manual(data):
    manual = (data.parents[1] / "docs" / "importing.md").read_text(encoding="utf-8")
    for name, importer in IMPORTERS.items():
        section = manual.split(f"\n## {name}\n")
        assert len(section) == 2, name
        told = section[1].split("\n## ")[0]
        assert f"./kernkaart import {name} " in told, name
        for option in importer.options:
            assert option in told or option in (
                "lon",
                "lat",
                "name",
                "minutes",
                "mode",
                "timezone",
                "max_per_hour",
            ), option
