from __future__ import annotations

from api.importers.branches import branch_list
from api.importers.kbo_files import is_checked
from tests.demo.seven_towns import Demo, vacant_today


def test_numbers_of_the_invented_register_cannot_be_real(demo: Demo) -> None:
    every = []
    for town in demo.values():
        rows = town["company_establishment"]
        for column in ("establishment_number", "enterprise_number"):
            assert rows[column].str.fullmatch(r"9\d{9}").all()
            assert not rows[column].map(is_checked).any()
            every += rows[column].tolist()
    assert len(every) == len(set(every))


def test_no_natural_person_has_a_name(demo: Demo) -> None:
    for town in demo.values():
        rows = town["company_establishment"]
        assert rows.loc[rows["is_natural_person"].astype(bool), "name"].isna().all()
        assert rows["name"].notna().any()


def test_every_town_has_companies_in_vacant_units_and_shops_that_ended(demo: Demo) -> None:
    groups = set(branch_list().values())
    assert groups
    for town in demo.values():
        units = town["shop_unit"]
        active = units[units["lifecycle"] == "active"]
        key = ["street", "house_number", "box"]
        vacant = active.loc[vacant_today(town).to_numpy(), key].fillna("").agg("|".join, axis=1)
        rows = town["company_establishment"]
        here = rows[key].fillna("").agg("|".join, axis=1)
        assert here.isin(set(vacant)).sum() >= 5
        assert (rows["struck_off_on"].notna()).sum() == 2


def test_some_units_were_not_seen_for_eighteen_months(demo: Demo) -> None:
    stale = 0
    for town in demo.values():
        units = town["shop_unit"]
        seen = units.loc[units["lifecycle"] == "active", "last_seen_on"]
        newest = max(seen)
        stale += sum((newest - day).days > 550 for day in seen)
    assert stale >= 14
