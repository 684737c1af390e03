import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.errors import NotAnswerable
from api.places.lineage import Content, Part, Period, Unit, plan_end, plan_merge, plan_split

START = dt.date(2015, 1, 1)
DAY = dt.date(2024, 6, 1)


def days(n):
    return START + dt.timedelta(days=n)


def trading(since=0, name="Bakker", **more):
    return Period("occupancy", days(since), earliest_on=days(since), occupant_name=name, id=1, **more)


def empty(latest=100, earliest=50):
    known = None if earliest is None else days(earliest)
    return Period(
        "vacancy", days(latest), earliest_on=known, basis="between_visits", branch_code="bakery", id=2
    )


def unit(*periods, key=7, area=200.0, valid_from=None):
    return Unit(key, f"Markt {key}", area, valid_from, periods)


def test_an_empty_unit_leaves_empty_parts_that_stand_empty_as_long():
    plan = plan_split(unit(empty()), [Part(floor_area_m2=120.0), Part(floor_area_m2=80.0)], on=DAY)
    assert [made.floor_area_m2 for made in plan.makes] == [120.0, 80.0]
    for made in plan.makes:
        assert (made.opens.kind, made.opens.from_on, made.opens.earliest_on) == (
            "vacancy",
            days(100),
            days(50),
        )
        assert (made.opens.basis, made.opens.branch_code) == ("between_visits", "bakery")
    assert [period.id for period in plan.closes] == [2]
    assert plan.ending == "split"


def test_an_occupant_goes_on_in_one_part_and_the_other_falls_empty_on_the_day():
    parts = [Part(floor_area_m2=150.0), Part(Content("vacant"), 50.0)]
    stays, falls = plan_split(unit(trading(branch_code="bakery", is_chain=True)), parts, on=DAY).makes
    assert (stays.opens.kind, stays.opens.occupant_name, stays.opens.from_on) == ("occupancy", "Bakker", DAY)
    assert stays.opens.is_chain is True
    assert (falls.opens.kind, falls.opens.from_on, falls.opens.earliest_on) == ("vacancy", DAY, DAY)
    assert falls.opens.branch_code == "bakery"


def test_an_occupant_cannot_go_on_in_two_parts():
    with pytest.raises(NotAnswerable, match="cannot go on trading in 2 parts"):
        plan_split(unit(trading()), [Part(), Part()], on=DAY)


@pytest.mark.parametrize(
    ("parts", "lost"), [((100.0, 90.0), 0.0), ((100.0, 100.0), 10.0), ((150.0, 60.0), 0.0)]
)
def test_floor_area_is_neither_lost_nor_made(parts, lost):
    with pytest.raises(NotAnswerable, match="add up to"):
        plan_split(unit(empty()), [Part(floor_area_m2=area) for area in parts], on=DAY, unassigned_m2=lost)


def test_floor_area_that_is_not_known_is_not_filled_in():
    plan = plan_split(unit(empty(), area=None), [Part(floor_area_m2=50.0), Part()], on=DAY)
    assert [made.floor_area_m2 for made in plan.makes] == [50.0, None]
    whole = plan_merge([unit(empty(), key=1), unit(empty(), key=2, area=None)], Content(), on=DAY)
    assert whole.makes[0].floor_area_m2 is None


def test_joined_empty_units_stand_empty_since_the_last_of_them_became_so():
    plan = plan_merge([unit(empty(100, 50), key=1), unit(empty(300, 80), key=2)], Content(), on=DAY)
    (whole,) = plan.makes
    assert (whole.opens.from_on, whole.opens.earliest_on, whole.opens.basis) == (
        days(300),
        days(80),
        "between_visits",
    )
    assert whole.floor_area_m2 == 400.0


def test_a_start_that_nobody_knows_stays_unknown_only_as_far_as_it_is():
    one, other = unit(empty(100, None), key=1), unit(empty(300, 80), key=2)
    assert plan_merge([one, other], Content(), on=DAY).makes[0].opens.earliest_on == days(80)
    both = plan_merge([one, unit(empty(200, None), key=3)], Content(), on=DAY).makes[0].opens
    assert (both.earliest_on, both.basis) == (None, "first_seen")


def test_the_only_occupant_goes_on_in_the_whole():
    plan = plan_merge([unit(empty(), key=1), unit(trading(name="Slager"), key=2)], Content(), on=DAY)
    assert plan.makes[0].opens.occupant_name == "Slager"
    assert plan.ending == "merged"


def test_of_two_occupants_somebody_says_who_goes_on():
    units = [unit(trading(name="Slager"), key=1), unit(trading(name="Bakker"), key=2)]
    with pytest.raises(NotAnswerable, match="2 of the units are in use"):
        plan_merge(units, Content(), on=DAY)
    assert plan_merge(units, Content(), on=DAY, keeps=2).makes[0].opens.occupant_name == "Bakker"
    with pytest.raises(NotAnswerable, match="not one of those"):
        plan_merge(units, Content(), on=DAY, keeps=9)


def test_a_whole_of_which_a_part_traded_until_then_falls_empty_on_the_day():
    plan = plan_merge([unit(empty(), key=1), unit(trading(), key=2)], Content("vacant"), on=DAY)
    assert (plan.makes[0].opens.kind, plan.makes[0].opens.from_on) == ("vacancy", DAY)


@pytest.mark.parametrize(
    ("given_unit", "match"),
    [
        (unit(trading(since=(DAY - START).days)), "already known"),
        (unit(trading(since=(DAY - START).days + 5)), "already known"),
        (unit(Period("occupancy", START, to_on=DAY + dt.timedelta(days=1))), "already known"),
        (unit(empty(), valid_from=DAY), "came to be"),
    ],
)
def test_a_day_before_what_is_known_is_refused(given_unit, match):
    for plan in (
        lambda: plan_split(given_unit, [Part(Content("vacant")), Part(Content("vacant"))], on=DAY),
        lambda: plan_merge([given_unit, unit(empty(), key=9)], Content("vacant"), on=DAY),
        lambda: plan_end(given_unit, "demolished", on=DAY),
    ):
        with pytest.raises(NotAnswerable, match=match):
            plan()


def test_a_temporary_use_ends_with_its_unit_and_that_is_said():
    popup = Period("occupancy", days(200), occupant_name="Kerstwinkel", is_popup=True, id=3)
    plan = plan_end(unit(empty(), popup), "converted", on=DAY)
    assert {period.id for period in plan.closes} == {2, 3}
    (note,) = plan.notes
    assert note.told(plan.on) == "The temporary use of Markt 7 by Kerstwinkel ends on 2024-06-01."
    assert plan.makes == ()


periods = st.one_of(
    st.none(),
    st.builds(trading, st.integers(0, 3000), st.sampled_from(["A", "B"])),
    st.integers(0, 3000).flatmap(
        lambda latest: st.builds(empty, st.just(latest), st.one_of(st.none(), st.integers(0, latest)))
    ),
)
units = st.builds(
    lambda period, area, key: unit(*([period] if period else []), key=key, area=area),
    periods,
    st.one_of(st.none(), st.integers(10, 5000).map(float)),
    st.integers(1, 10_000),
)
states = st.sampled_from(["as_before", "vacant", "occupied", "unknown"])


@settings(max_examples=200, deadline=None)
@given(units, st.lists(states, min_size=2, max_size=5), st.data())
def test_whatever_is_split_keeps_its_area_and_its_time_empty(whole, wanted, data):
    cuts = [data.draw(st.floats(0.05, 1.0)) for _ in wanted]
    areas = [None if whole.floor_area_m2 is None else whole.floor_area_m2 * cut / sum(cuts) for cut in cuts]
    parts = [Part(Content(state), area) for state, area in zip(wanted, areas, strict=True)]
    running = whole.periods[0] if whole.periods else None
    if running and running.kind == "occupancy" and wanted.count("as_before") > 1:
        with pytest.raises(NotAnswerable):
            plan_split(whole, parts, on=DAY)
        return
    plan = plan_split(whole, parts, on=DAY)
    if whole.floor_area_m2 is not None:
        assert sum(made.floor_area_m2 for made in plan.makes) == pytest.approx(whole.floor_area_m2)
    assert list(plan.closes) == list(whole.periods)
    for state, made in zip(wanted, plan.makes, strict=True):
        opens = made.opens
        assert (opens is None) == (state == "unknown" or (state == "as_before" and running is None))
        if opens and opens.kind == "vacancy" and running and running.kind == "vacancy":
            assert (opens.from_on, opens.earliest_on) == (running.from_on, running.earliest_on)
        elif opens:
            assert opens.from_on == DAY
            assert opens.to_on is None


@settings(max_examples=200, deadline=None)
@given(st.lists(units, min_size=2, max_size=5, unique_by=lambda one: one.id))
def test_whatever_is_joined_is_empty_no_longer_than_its_newest_empty_part(joined):
    plan = plan_merge(joined, Content("vacant"), on=DAY)
    (whole,) = plan.makes
    assert whole.opens.kind == "vacancy"
    starts = [one.periods[0] for one in joined if one.periods]
    if len(starts) == len(joined) and all(one.kind == "vacancy" for one in starts):
        assert whole.opens.from_on == max(one.from_on for one in starts)
        assert whole.opens.earliest_on is None or whole.opens.earliest_on <= whole.opens.from_on
    else:
        assert whole.opens.from_on == DAY
    known = [one.floor_area_m2 for one in joined]
    assert whole.floor_area_m2 == (None if None in known else pytest.approx(sum(known)))


@settings(max_examples=100, deadline=None)
@given(units)
def test_splitting_and_joining_again_leaves_what_was_there(whole):
    area = whole.floor_area_m2
    half = None if area is None else area / 2
    halves = plan_split(whole, [Part(floor_area_m2=half), Part(Content("vacant"), half)], on=DAY)
    again = [
        Unit(number, "Markt", made.floor_area_m2, DAY, (made.opens,) if made.opens else ())
        for number, made in enumerate(halves.makes)
    ]
    before = whole.periods[0] if whole.periods else None
    plan = plan_merge(again, Content(), on=DAY + dt.timedelta(days=1))
    (joined,) = plan.makes
    assert joined.floor_area_m2 == (None if area is None else pytest.approx(area))
    if before is None:
        assert joined.opens is None
    else:
        assert (joined.opens.kind, joined.opens.occupant_name) == (before.kind, before.occupant_name)
        if before.kind == "vacancy":
            assert (joined.opens.from_on, joined.opens.earliest_on) == (before.from_on, before.earliest_on)
