from __future__ import annotations

from datetime import date

import pytest
import shapely

from api.demo.seven import SEVEN
from tests.demo.seven_towns import Demo

RECORDS = ("legal_vacancy_record", "business_premises_record")


@pytest.fixture(params=[plan.nis_code for plan in SEVEN])
def nis(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_town_has_records_on_both_registers_and_some_struck_off(demo: Demo, nis: str) -> None:
    for target in RECORDS:
        rows = demo[nis][target]
        assert rows["record_key"].is_unique
        assert (~rows["is_removed"]).sum() >= 3, target
        assert (rows["removed_on"].dropna() > rows["entered_on"][rows["removed_on"].notna()]).all()
    assert demo[nis]["legal_vacancy_record"]["is_removed"].any()


def test_the_register_names_parcels_of_today_of_an_earlier_cadastre_and_one_that_never_was(
    demo: Demo, nis: str
) -> None:
    keys = set(demo[nis]["legal_vacancy_record"]["capakey"])
    today, former = set(demo[nis]["parcel"]["capakey"]), demo[nis]["former_parcel"]
    assert len(keys & today) >= 3
    assert set(former["capakey"]) <= keys - today
    assert len(keys - today - set(former["capakey"])) == 1


def test_one_earlier_parcel_was_renumbered_and_one_was_split(demo: Demo, nis: str) -> None:
    parcels = demo[nis]["parcel"].geometry.to_numpy()
    tree = shapely.STRtree(parcels)
    halves = []
    for shape in demo[nis]["former_parcel"].geometry:
        near = tree.query(shape, predicate="intersects")
        share = shapely.area(shapely.intersection(parcels[near], shape)) / shape.area
        halves.append(sorted(share[share > 0.05].tolist(), reverse=True))
    assert [len(one) for one in halves] == [1, 2]
    assert halves[1][0] < 0.95


def test_no_record_begins_in_the_future(demo: Demo, nis: str) -> None:
    for target in RECORDS:
        assert max(demo[nis][target]["entered_on"]) <= date(2026, 11, 24)
