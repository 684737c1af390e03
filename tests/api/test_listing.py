import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from api.db.session import get_engine
from api.places.filters import SORTS
from tests import town as paper
from tests.api.conftest import good, problem, units
from tests.town_database import NIS

CODES = {code: values[2] for code, values in paper.UNITS.items()}


def codes(client, **query) -> set[str]:
    return {unit["local_code"] for unit in units(client, **query)}


# -- filters ------------------------------------------------------------------------------------

LISTS = {
    "state": ["occupied", "vacant", "non_retail", "unknown"],
    "branch_group": ["daily", "fashion_luxury", "hospitality", "home_garden", "non_retail", "services"],
    "vacancy_class": ["initial", "long_term", "structural", "unknown"],
}
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.lists(st.sampled_from(values), min_size=1, max_size=3) for name, values in LISTS.items()},
        "min_floor_area_m2": st.sampled_from([0, 60, 80, 100.5]),
        "max_floor_area_m2": st.sampled_from([110, 120, 500]),
        "min_score": st.sampled_from([0, 40, 55, 99]),
        "q": st.sampled_from(["high", "STREET 2", "shop h", "s5", "%", "_", "nothing"]),
    },
)


def is_wanted(unit: dict, wanted: dict) -> bool:
    """The filter in plain Python; what is unknown meets no condition."""
    for name in LISTS:
        if name in wanted and unit[name] not in wanted[name]:
            return False
    area, score = unit["floor_area_m2"], unit["score"] and unit["score"]["value"]
    if "min_floor_area_m2" in wanted and (area is None or area < wanted["min_floor_area_m2"]):
        return False
    if "max_floor_area_m2" in wanted and (area is None or area > wanted["max_floor_area_m2"]):
        return False
    if "min_score" in wanted and (score is None or score < wanted["min_score"]):
        return False
    told = [unit["address"], unit["name"] or "", unit["local_code"]]
    return "q" not in wanted or any(wanted["q"].lower() in text.lower() for text in told)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=FILTERS)
def test_the_filter_lets_through_what_a_plain_filter_over_all_units_does(client, town, wanted):
    expected = {unit["local_code"] for unit in units(client) if is_wanted(unit, wanted)}
    query = {name: ",".join(value) if isinstance(value, list) else value for name, value in wanted.items()}
    answer = good(client.get("/api/shop-units", params={"municipality": NIS, **query}))
    assert {unit["local_code"] for unit in answer["items"]} == expected
    assert answer["total"] == len(expected)


def test_units_can_be_filtered_by_core_and_by_box(client, town):
    in_core = {"H1", "H2", "H3", "H4", "H5", "H6", "S1"}
    assert codes(client, core=town.core) == in_core
    assert codes(client, core=f"{town.core},999") == in_core
    assert codes(client, core=999) == set()
    (h1,) = [unit for unit in units(client) if unit["local_code"] == "H1"]
    around = f"{h1['lon'] - 1e-4},{h1['lat'] - 1e-4},{h1['lon'] + 1e-4},{h1['lat'] + 1e-4}"
    assert codes(client, bbox=around) == {"H1"}
    assert codes(client, bbox="-180,-90,180,90") == set(CODES)
    assert codes(client, bbox="100,10,101,11") == set()


def test_a_percent_sign_in_a_search_is_a_percent_sign(client, town):
    assert codes(client, q="%") == set()
    assert codes(client, q="igh Street 7") == {"H7"}


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("bbox=3.3,51,3.2,52", "west < east"),
        ("bbox=3.2,52,3.3,51", "south < north"),
        ("bbox=3.2,51,3.3", "west,south,east,north"),
        ("bbox=a,b,c,d", "west,south,east,north"),
        ("bbox=nan,51,3.3,52", "west < east"),
        ("core=K1", "cores"),
        ("core=99999999999999999999", "cores"),
        ("min_floor_area_m2=200&max_floor_area_m2=100", "Exchange"),
        ("min_floor_area_m2=-1", "allowed"),
        ("min_score=101", "allowed"),
        ("sort=name", "allowed"),
        ("limit=0", "allowed"),
        ("limit=501", "allowed"),
        ("cursor=zzz", "Follow `next`"),
        ("cursor=WyJhIiwxXQ", "Follow `next`"),
        ("cursor=WzEsMWUzMF0", "Follow `next`"),
        ("cursor=W10", "Follow `next`"),
        ("cluster=99999999999999999999", "allowed"),
        ("state=empty", "occupied, vacant"),
        ("vacancy_class=old", "initial, long_term"),
        ("branch_group=%00", "allowed"),
        ("q=%00", "allowed"),
    ],
)
def test_a_malformed_question_is_answered_with_the_way_out(client, town, query, told):
    body = problem(client.get(f"/api/shop-units?municipality={NIS}&{query}"), 422)
    assert told in body["way_out"]


def test_a_question_without_a_municipality_names_what_is_missing(client, town):
    body = problem(client.get("/api/shop-units"), 422)
    assert "municipality" in body["detail"]
    assert body["faults"][0]["where"] == "query.municipality"


# -- paging and order ---------------------------------------------------------------------------

SORT_VALUE = {
    "score": lambda unit: unit["score"] and unit["score"]["value"],
    "floor_area_m2": lambda unit: unit["floor_area_m2"],
    "sort_address": lambda unit: unit["address"],
    "vacant_latest_on": lambda unit: unit["vacant_since"] and unit["vacant_since"]["latest"],
    # A unit of which only the kind of street is known comes after those with a number.
    "footfall_order": lambda unit: (
        unit["footfall_per_day"]["value"]
        if unit["footfall_per_day"]
        else {None: None, "main": 0.3, "secondary": 0.2, "side": 0.1}[unit["footfall_class"]]
    ),
}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sort=st.sampled_from(sorted(SORTS)),
    limit=st.integers(1, 13),
    state=st.sampled_from(["", "vacant,occupied"]),
)
def test_paging_visits_every_unit_once_in_order_with_the_unknown_last(client, town, sort, limit, state):
    visited = units(client, sort=sort, limit=limit, state=state)
    expected = [code for code, known in CODES.items() if not state or known in state]
    assert sorted(unit["local_code"] for unit in visited) == sorted(expected)
    column, descends, _ = SORTS[sort]
    values = [SORT_VALUE[column](unit) for unit in visited]
    known = [value for value in values if value is not None]
    assert values == known + [None] * (len(values) - len(known))
    assert known == sorted(known, reverse=descends)


def test_the_total_is_that_of_all_pages_on_every_page(client, town):
    answer = good(client.get(f"/api/shop-units?municipality={NIS}&limit=5"))
    seen = []
    while True:
        seen.append((answer["total"], len(answer["items"])))
        if answer["next"] is None:
            break
        answer = good(client.get(answer["next"]))
    assert seen == [(12, 5), (12, 5), (12, 2)]


def test_the_next_page_keeps_the_question(client, town):
    answer = good(client.get(f"/api/shop-units?municipality={NIS}&state=vacant&sort=street&limit=2"))
    assert answer["total"] == 4
    following = good(client.get(answer["next"]))
    assert [unit["local_code"] for unit in answer["items"] + following["items"]] == ["H2", "H3", "H6", "S2"]
    assert following["next"] is None


def test_house_numbers_are_sorted_as_numbers(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(text("UPDATE shop_unit SET house_number = '10' WHERE local_code = 'H1'"))
    listed = [unit["local_code"] for unit in units(client, sort="street")]
    assert listed[:7] == ["H2", "H3", "H4", "H5", "H6", "H7", "H1"]
