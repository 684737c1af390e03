from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely

from api.demo.borders import border
from api.demo.invented import plans
from api.demo.trades import trades
from tests.demo.seven_towns import Demo

FACTS = {  # NIS: name, km2, inhabitants, centre in Lambert 72, first postcode, market days
    "31022": ("Oostkamp", 79.65, 23805, (70681, 205602), "8020", [4]),
    "31004": ("Blankenberge", 17.41, 20463, (63699, 223294), "8370", [1, 5]),
    "32003": ("Diksmuide", 149.40, 16843, (44524, 192491), "8600", [1, 6]),
    "34013": ("Harelbeke", 29.14, 28502, (75451, 172042), "8530", [4]),
    "34027": ("Menen", 33.07, 33540, (62035, 165798), "8930", [6]),
    "38025": ("Veurne", 96.34, 12295, (30387, 197137), "8630", [3]),
    "34040": ("Waregem", 44.34, 38350, (83738, 175825), "8790", [6]),
}
SEED = Path("api/db/seed")


@pytest.mark.parametrize("nis", FACTS)
def test_a_real_municipality_keeps_its_facts(demo: Demo, nis: str) -> None:
    name, km2, inhabitants, centre, postcode, market = FACTS[nis]
    row = demo[nis]["municipality"].iloc[0]
    assert row["name_nl"] == name
    assert row["postcodes"][0] == postcode
    assert row["market_weekdays"] == market
    assert row["population"] == inhabitants
    assert row["is_demo"]
    assert row["geometry"].area / 1e6 == pytest.approx(km2, rel=0.001)
    assert row["geometry"].contains(shapely.Point(centre))


@pytest.mark.parametrize("nis", FACTS)
def test_sectors_add_up_to_the_true_number_of_inhabitants(demo: Demo, nis: str) -> None:
    stats, sectors = demo[nis]["sector_stat"], demo[nis]["stat_sector"]
    assert stats.loc[stats["key"] == "population", "value"].sum() == FACTS[nis][2]
    assert 15 <= len(sectors) <= 40
    assert sectors["code"].str.fullmatch(nis + r"[A-E]\d{3}").all()
    assert sectors["code"].is_unique
    assert sectors.geometry.area.sum() == pytest.approx(
        demo[nis]["municipality"].geometry.area.sum(), rel=1e-6
    )


@pytest.mark.parametrize("nis", FACTS)
def test_a_suppressed_figure_has_no_value_and_is_not_zero(demo: Demo, nis: str) -> None:
    stats = demo[nis]["sector_stat"]
    hidden = stats[stats["is_suppressed"]]
    assert 1 <= len(hidden) <= 2
    assert set(hidden["key"]) == {"income_median_eur"}
    assert hidden["value"].isna().all()
    assert stats.loc[~stats["is_suppressed"], "value"].notna().all()


def test_borders_of_three_hundred_towns_do_not_overlap() -> None:
    listed = plans(300)
    shapes = np.array([border(plan).polygon for plan in listed])
    one, two = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    assert (one == two).all()
    assert len({plan.nis_code for plan in listed}) == 300
    assert shapely.is_valid(shapes).all()
    wanted = np.array([plan.area_km2 for plan in listed])
    assert np.allclose(shapely.area(shapes) / 1e6, wanted, rtol=0.002)


def test_an_invented_town_stays_the_same_in_a_larger_data_set() -> None:
    assert plans(9)[8] == plans(300)[8]


def test_code_lists_are_complete_in_three_languages() -> None:
    for name, key in (("branches.csv", ("code",)), ("code_lists.csv", ("scheme", "version", "code"))):
        with (SEED / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=";"))
        assert max(Counter(tuple(row[part] for part in key) for row in rows).values()) == 1
        assert all(row[f"label_{language}"].strip() for row in rows for language in ("nl", "fr", "en"))


def test_every_code_in_the_demo_is_in_a_code_list(demo: Demo) -> None:
    with (SEED / "branches.csv").open(encoding="utf-8", newline="") as file:
        branches = {row["code"]: row["branch_group"] for row in csv.DictReader(file, delimiter=";")}
    with (SEED / "code_lists.csv").open(encoding="utf-8", newline="") as file:
        known: dict[str, set[str]] = {}
        for row in csv.DictReader(file, delimiter=";"):
            known.setdefault(row["scheme"], set()).add(row["code"])
    used = [
        ("core", "area_type", "area_type"), ("core", "legal_basis", "legal_basis"),
        ("street_segment", "street_class", "street_class"), ("building", "use", "building_use"),
        ("building", "building_type", "building_type"), ("public_place", "kind", "public_place_kind"),
        ("shop_unit", "lifecycle", "lifecycle"), ("shop_unit", "fitout_state", "fitout_state"),
        ("shop_unit", "floor_level", "floor_level"), ("shop_unit_relation", "kind", "relation_kind"),
        ("occupancy", "origin", "origin"), ("vacancy_spell", "cause", "cause"),
        ("vacancy_spell", "end_reason", "end_reason"), ("vacancy_spell", "start_basis", "start_basis"),
        ("vacancy_spell", "market_status", "market_status"), ("footfall_sensor", "instrument", "instrument"),
        ("footfall_sensor", "measure_kind", "measure_kind"), ("footfall_count", "mode", "mode"),
        ("parking_zone", "kind", "parking_kind"), ("parking_zone", "regime", "parking_regime"),
        ("event", "kind", "event_kind"), ("sector_stat", "key", "stat_key"),
    ]  # fmt: skip
    for town in demo.values():
        for target, column, scheme in used:
            assert set(town[target][column].dropna()) <= known[scheme], (target, column)
        assert set(town["occupancy"]["branch_code"]) <= set(branches)
        assert set(town["vacancy_spell"]["last_branch_code"].dropna()) <= set(branches)
    assert set(branches.values()) <= known["branch_group"]
    assert all(branches[trade.code] == trade.group for trade in trades())


def test_only_invented_chains_are_chains(demo: Demo) -> None:
    chains = {name for trade in trades() for name in trade.chains}
    for town in demo.values():
        let = town["occupancy"]
        assert set(let.loc[let["is_chain"], "occupant_name"]) <= chains
