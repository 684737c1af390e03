import gzip
import signal
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.commands.intake import Order, import_file
from api.db.session import get_engine
from api.importers import IMPORTERS, UnreadableSource, opening
from tests.conftest import use_database
from tests.held import held
from tests.importers.samples import NIS, SAMPLES
from tests.importers.spoiling import tried, ways

# What others refer to by a code comes first, the borders before all.
FIRST = ("municipalities", "parcels", "shop-units", "sensors", "parking-bays", "parking-zones", "sectors")
BADLY_TOLD = """
SELECT * FROM import_refusal WHERE batch_id = :id
AND (coalesce(reason, '') = '' OR coalesce(remedy, '') = '' OR coalesce(row_number, 1) < 1)
"""
MOST_SECONDS = 20
EXAMPLES = 7


@contextmanager
def in_time() -> Iterator[None]:
    """Fail where a file takes without end."""

    def end(*_):
        raise TimeoutError(f"not done within {MOST_SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(MOST_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def import_one(source, path, *, is_kept=False):
    """Import a file in one transaction, as the command does, with all that is checked at its end."""
    nis = None if source == "municipalities" else NIS
    details = {"code": source, "name": source, "vintage_on": date(2026, 1, 1)}
    order = Order(source, nis, {}, SAMPLES[source].options, details)
    with in_time(), Session(get_engine()) as session:
        report = import_file(session, path, order, progressed=lambda *_: None)
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        assert session.execute(text(BADLY_TOLD), {"id": report.batch.id}).all() == []
        session.commit() if is_kept else session.rollback()
    return report


@pytest.fixture(scope="module")
def city(new_database, tmp_path_factory):
    """A city into which every sound sample was imported: what is spoiled meets what is there."""
    url = new_database()
    use_database(url)
    folder = tmp_path_factory.mktemp("sound")
    given = {}
    for source in [*FIRST, *(name for name in IMPORTERS if name not in FIRST)]:
        path = folder / SAMPLES[source].name
        path.write_bytes(SAMPLES[source].content)
        given[source] = import_one(source, path, is_kept=True).batch.outcomes
    return url, given, held()


@pytest.fixture
def sound(city):
    use_database(city[0])
    return city


def test_every_source_has_a_sound_sample_of_which_something_is_kept(sound):
    assert set(SAMPLES) == set(IMPORTERS)
    _, given, _ = sound
    for source, importer in IMPORTERS.items():
        kept = {target: outcome.added + outcome.changed for target, outcome in given[source].items()}
        assert sum(kept.values()) > 0, source
        assert set(kept) <= set(importer.targets)


@pytest.mark.parametrize("source", IMPORTERS)
@tried(EXAMPLES)
@given(data=st.data(), rng=st.randoms(use_true_random=True))
def test_a_spoiled_file_is_taken_in_by_the_rules_or_refused_with_a_way_out(
    source, sound, tmp_path, data, rng
):
    sample = SAMPLES[source]
    known = ways(sample.suffix)
    suffix, spoil = known[data.draw(st.sampled_from(sorted(known)))]
    path = tmp_path / f"{sample.name.rsplit('.', 1)[0]}.{suffix}"
    path.write_bytes(spoil(sample.content, rng))
    refused = None
    try:
        import_one(source, path)
    except UnreadableSource as error:
        refused = error
    assert refused is None or (refused.what.strip() and refused.way_out.strip())


def test_nothing_of_what_was_refused_or_tried_is_left(sound):
    assert held() == sound[2]


@pytest.mark.parametrize("suffix", ["csv.gz", "zip", "xlsx", "geojson.gz", "jsonld", "osm.gz"])
def test_little_that_grows_beyond_measure_is_refused_before_it_does(sound, suffix, tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "MOST_UNPACKED_BYTES", 10_000_000)
    path, much = tmp_path / f"bomb.{suffix}", b"\x00" * 11_000_000
    if suffix in ("zip", "xlsx"):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet1.xml" if suffix == "xlsx" else "a.csv", much)
    else:
        path.write_bytes(gzip.compress(much))
    for source in ("shop-units", "companies", "oslo", "osm", "parcels"):
        with pytest.raises(UnreadableSource, match="unpacks to more than"):
            import_one(source, path)


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
