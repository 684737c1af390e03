from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from tests.demo.seven_towns import UNTIL, Demo, vacant_today

TOWNS = ("31022", "31004", "32003", "34013", "34027", "38025", "34040")
EVER = date(9999, 1, 1)
pytestmark = pytest.mark.parametrize("nis", TOWNS)


def _periods(town: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Occupancies without pop-ups, and spells from their earliest possible day."""
    let, empty = town["occupancy"], town["vacancy_spell"]
    let = let[~let["is_popup"]]
    first = empty["start_earliest_on"].where(empty["start_earliest_on"].notna(), empty["start_latest_on"])
    return pd.concat(
        [
            pd.DataFrame({"unit": let["local_code"], "first": let["from_on"], "last": let["to_on"]}),
            pd.DataFrame({"unit": empty["local_code"], "first": first, "last": empty["ended_on"]}),
        ]
    ).fillna({"last": EVER})


def test_a_town_has_its_number_of_shop_units(demo: Demo, nis: str) -> None:
    units = demo[nis]["shop_unit"]
    assert 150 <= (units["lifecycle"] == "active").sum() <= 450
    assert {"active", "merged", "converted"} <= set(units["lifecycle"])


def test_no_two_periods_of_a_unit_overlap(demo: Demo, nis: str) -> None:
    periods = _periods(demo[nis]).sort_values(["unit", "first"], ignore_index=True)
    assert (periods["first"] < periods["last"]).all()
    same = periods["unit"].iloc[1:].to_numpy() == periods["unit"].iloc[:-1].to_numpy()
    overlaps = periods["first"].iloc[1:].to_numpy() < periods["last"].iloc[:-1].to_numpy()
    assert not (same & overlaps).any()


def test_a_pop_up_lies_within_a_spell_and_does_not_end_it(demo: Demo, nis: str) -> None:
    let, spells = demo[nis]["occupancy"], demo[nis]["vacancy_spell"]
    popups = let[let["is_popup"]]
    assert popups["to_on"].isna().sum() == 1
    for popup in popups.itertuples():
        own = spells[spells["local_code"] == popup.local_code].fillna({"ended_on": EVER})
        inside = (own["start_latest_on"] <= popup.from_on) & ((popup.to_on or EVER) <= own["ended_on"])
        assert inside.sum() == 1
    going_on = popups.loc[popups["to_on"].isna(), "local_code"]
    current = spells[spells["ended_on"].isna() & spells["local_code"].isin(going_on)]
    assert current["market_status"].tolist() == ["temporary_use"]


def test_the_start_of_a_spell_is_an_interval_that_a_yearly_round_can_leave(demo: Demo, nis: str) -> None:
    spells = demo[nis]["vacancy_spell"]
    basis = spells["start_basis"]
    assert {"exact", "between_visits", "owner_statement", "first_seen"} == set(basis)
    known = spells[spells["start_earliest_on"].notna()]
    width = (known["start_latest_on"] - known["start_earliest_on"]).map(lambda gap: gap.days)
    assert (width >= 0).all()
    assert (width[basis == "exact"] == 0).all()
    assert width[basis == "between_visits"].max() <= 400
    assert width[basis == "owner_statement"].max() <= 30
    assert (spells["start_earliest_on"].isna() == (basis == "first_seen")).all()
    assert (spells["start_latest_on"] <= UNTIL).all()
    ended = spells[spells["ended_on"].notna()]
    assert (ended["ended_on"] > ended["start_latest_on"]).all()
    assert (ended["end_reason"].notna() & ended["market_status"].isna()).all()


def test_every_active_unit_has_a_state_today(demo: Demo, nis: str) -> None:
    units, periods = demo[nis]["shop_unit"], _periods(demo[nis])
    today = set(periods.loc[periods["last"] == EVER, "unit"])
    active = set(units.loc[units["lifecycle"] == "active", "local_code"])
    assert today == active


def test_vacancy_is_now_between_eight_and_sixteen_per_cent(demo: Demo, nis: str) -> None:
    assert 0.08 <= vacant_today(demo[nis]).mean() <= 0.16


def test_floor_area_is_known_often_enough_but_in_diksmuide(demo: Demo, nis: str) -> None:
    units = demo[nis]["shop_unit"]
    coverage = units.loc[units["lifecycle"] == "active", "floor_area_m2"].notna().mean()
    assert (coverage < 0.9) == (nis == "32003")
    assert units["floor_area_m2"].dropna().between(10, 3500).all()


def test_splits_and_merges_happen_on_the_day_one_ends_and_the_other_begins(demo: Demo, nis: str) -> None:
    units = demo[nis]["shop_unit"].set_index("local_code")
    relations = demo[nis]["shop_unit_relation"]
    assert {"merge", "replace"} <= set(relations["kind"])
    for row in relations.itertuples():
        assert units.loc[row.from_local_code, "valid_to"] == row.happened_on
        assert units.loc[row.to_local_code, "valid_from"] == row.happened_on
        assert units.loc[row.from_local_code, "lifecycle"] in ("split", "merged", "demolished")


def test_a_move_within_town_leaves_an_empty_unit_behind(demo: Demo, nis: str) -> None:
    let, spells = demo[nis]["occupancy"], demo[nis]["vacancy_spell"]
    moved = let[let["origin"] == "relocation_within"]
    assert len(moved) >= 10
    assert (spells["cause"] == "relocation").sum() == len(moved)
    for row in moved.itertuples():
        same = let[(let["occupant_name"] == row.occupant_name) & (let["branch_code"] == row.branch_code)]
        assert (same["local_code"] != row.local_code).any()


def test_units_were_last_seen_in_a_round_but_for_a_few_that_were_passed_over(demo: Demo, nis: str) -> None:
    units = demo[nis]["shop_unit"]
    active = units[units["lifecycle"] == "active"]
    assert (active["last_seen_on"] <= UNTIL).all()
    assert (active["last_seen_on"] > UNTIL - timedelta(1200)).all()
    assert (active["last_seen_on"] > UNTIL - timedelta(800)).mean() > 0.95
    assert (active["last_seen_on"] > UNTIL - timedelta(400)).mean() > 0.9
    assert units["seen_on"].equals(units["last_seen_on"])


def test_rents_are_asked_only_for_units_on_the_market(demo: Demo, nis: str) -> None:
    spells = demo[nis]["vacancy_spell"]
    asked = spells[spells["asking_rent_eur_per_month"].notna()]
    assert len(asked) > 0
    assert set(asked["market_status"]) <= {"listed", "under_offer", "temporary_use"}
    assert asked["asking_rent_eur_per_month"].between(250, 12_000).all()
