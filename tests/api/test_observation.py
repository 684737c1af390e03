import datetime as dt

import geopandas as gpd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests import town
from tests.api.conftest import writable_session
from tests.api.register import changes, periods, refusals, rows_in
from tests.conftest import use_database
from tests.town_database import import_in, reading

Y2020, Y2021, Y2022, Y2023 = (dt.date(year, 5, 1) for year in (2020, 2021, 2022, 2023))


def survey(session: Session, seen_on: dt.date | None, status: str | None, code: str = "U1", **more):
    """One visit to one unit, in the caller's transaction."""
    columns = {"local_code": code, "status": status, "seen_on": seen_on, **more}
    frame = gpd.GeoDataFrame(
        {name: [value] for name, value in columns.items() if value is not None},
        geometry=[shapely.Point(*town.ORIGIN)],
        crs=town.CRS,
    )
    batch = import_in(session, [reading("shop_unit", frame)], source=f"survey of {seen_on}")
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    return batch


def spell(session: Session, code: str = "U1") -> tuple:
    query = (
        "SELECT v.start_earliest_on, v.start_latest_on, v.start_basis, v.ended_on, v.end_reason, v.last_branch_code "
        "FROM vacancy_spell v JOIN shop_unit u ON u.id = v.shop_unit_id WHERE u.local_code = :code ORDER BY 2 DESC"
    )
    return rows_in(session, query, code=code)[0]


def state(session: Session, code: str = "U1") -> str:
    return rows_in(session, "SELECT state FROM shop_unit_state WHERE local_code = :code", code=code)[0][0]


def test_an_occupied_unit_is_occupied_since_it_was_first_seen(session):
    survey(session, Y2020, "occupied", occupant_name="Bakkerij Jan", branch_code="bakery")
    assert periods(session, "U1") == [("occupancy", Y2020, None, "Bakkerij Jan")]
    assert rows_in(session, "SELECT start_basis FROM occupancy WHERE occupant_name = 'Bakkerij Jan'") == [
        ("first_seen",)
    ]
    assert state(session) == "occupied"


def test_a_unit_found_empty_fell_vacant_between_the_two_visits(session):
    survey(session, Y2020, "occupied", occupant_name="Jan", branch_code="bakery")
    survey(session, Y2021, "vacant")
    assert periods(session, "U1") == [
        ("occupancy", Y2020, Y2021, "Jan"),
        ("vacancy", Y2021, None, "between_visits"),
    ]
    assert spell(session) == (Y2020, Y2021, "between_visits", None, None, "bakery")
    assert state(session) == "vacant"


def test_a_unit_that_was_empty_at_the_first_visit_has_no_known_begin(session):
    survey(session, Y2020, "vacant")
    assert spell(session) == (None, Y2020, "first_seen", None, None, None)


def test_a_unit_in_the_register_that_was_never_visited_has_no_known_begin_either(session):
    survey(session, None, None)
    survey(session, Y2020, "vacant")
    assert spell(session)[:3] == (None, Y2020, "first_seen")


def test_a_date_that_the_file_gives_is_the_begin_to_the_day(session):
    survey(session, Y2020, "occupied", occupant_name="Jan")
    since = dt.date(2020, 11, 15)
    survey(session, Y2021, "vacant", vacant_since=since)
    assert spell(session)[:3] == (since, since, "exact")
    assert periods(session, "U1")[0] == ("occupancy", Y2020, since, "Jan")


def test_a_new_occupant_ends_the_spell_as_let(session):
    survey(session, Y2020, "vacant")
    survey(session, Y2021, "occupied", occupant_name="Piet", branch_code="books")
    assert spell(session)[3:5] == (Y2021, "let")
    assert periods(session, "U1")[1] == ("occupancy", Y2021, None, "Piet")
    assert rows_in(session, "SELECT start_basis FROM occupancy WHERE occupant_name = 'Piet'") == [
        ("between_visits",)
    ]


def test_another_name_over_the_door_is_another_occupant(session):
    survey(session, Y2020, "occupied", occupant_name="Jan")
    survey(session, Y2021, "occupied", occupant_name="Piet")
    assert periods(session, "U1") == [("occupancy", Y2020, Y2021, "Jan"), ("occupancy", Y2021, None, "Piet")]


def test_the_same_name_in_other_letters_is_the_same_occupant(session):
    survey(session, Y2020, "occupied", occupant_name="Bakkerij Jan")
    batch = survey(session, Y2021, "occupied", occupant_name=" BAKKERIJ JAN ")
    assert periods(session, "U1") == [("occupancy", Y2020, None, "Bakkerij Jan")]
    assert [table for table, _, _ in changes(session, batch.id)] == ["shop_unit"]


def test_without_names_another_branch_is_another_occupant(session):
    survey(session, Y2020, "occupied", branch_code="bakery")
    survey(session, Y2021, "occupied", branch_code="books")
    assert periods(session, "U1") == [
        ("occupancy", Y2020, Y2021, "bakery"),
        ("occupancy", Y2021, None, "books"),
    ]


def test_a_name_that_is_learnt_later_is_not_another_occupant(session):
    survey(session, Y2020, "occupied", branch_code="bakery")
    batch = survey(session, Y2021, "occupied", occupant_name="Jan", branch_code="bakery")
    assert periods(session, "U1") == [("occupancy", Y2020, None, "Jan")]
    assert ("occupancy", {"occupant_name": None}, {"occupant_name": "Jan"}) in changes(session, batch.id)


def test_a_visit_that_sees_no_name_keeps_the_one_that_is_known(session):
    survey(session, Y2020, "occupied", occupant_name="Jan", branch_code="bakery")
    survey(session, Y2021, "occupied")
    assert periods(session, "U1") == [("occupancy", Y2020, None, "Jan")]


def test_a_corrected_branch_and_a_newly_named_anchor_are_changes_of_the_same_occupancy(session):
    survey(session, Y2020, "occupied", occupant_name="Jan", branch_code="bakery")
    batch = survey(session, Y2021, "occupied", occupant_name="Jan", branch_code="supermarket", is_anchor=True)
    assert periods(session, "U1") == [("occupancy", Y2020, None, "Jan")]
    assert (
        "occupancy",
        {"branch_code": "bakery", "is_anchor": False},
        {"branch_code": "supermarket", "is_anchor": True},
    ) in changes(session, batch.id)


def test_market_status_and_rent_are_brought_up_to_date_while_the_spell_goes_on(session):
    survey(session, Y2020, "vacant", market_status="unlisted")
    batch = survey(session, Y2021, "vacant", market_status="listed", asking_rent_eur_per_month=1250.5)
    assert periods(session, "U1") == [("vacancy", Y2020, None, "first_seen")]
    assert (
        "vacancy_spell",
        {"market_status": "unlisted", "asking_rent_eur_per_month": None},
        {"market_status": "listed", "asking_rent_eur_per_month": 1250.5},
    ) in changes(session, batch.id)
    survey(session, Y2022, "vacant")
    assert rows_in(
        session, "SELECT market_status FROM vacancy_spell WHERE asking_rent_eur_per_month = 1250.5"
    ) == [("listed",)]


def test_an_older_file_is_refused_and_leaves_the_unit_as_it_is(session):
    survey(session, Y2021, "vacant", floor_area_m2=90)
    batch = survey(session, Y2020, "occupied", occupant_name="Jan", floor_area_m2=70)
    ((number, column, value, reason),) = refusals(session, batch.id)
    assert (number, column, value) == (1, "seen_on", "2020-05-01")
    assert "newer" in reason
    assert periods(session, "U1") == [("vacancy", Y2021, None, "first_seen")]
    assert rows_in(session, "SELECT floor_area_m2, last_seen_on FROM shop_unit WHERE local_code = 'U1'") == [
        (90, Y2021)
    ]


def test_two_files_of_one_day_that_contradict_each_other_are_not_guessed_about(session):
    survey(session, Y2021, "vacant")
    batch = survey(session, Y2021, "occupied", occupant_name="Jan")
    assert [row[1] for row in refusals(session, batch.id)] == ["seen_on"]
    assert periods(session, "U1") == [("vacancy", Y2021, None, "first_seen")]


def test_a_begin_inside_a_period_that_is_over_is_refused_and_the_rest_of_the_file_is_kept(session):
    survey(session, Y2020, "occupied", occupant_name="Jan")
    session.execute(
        text("UPDATE occupancy SET period = '[2020-05-01,2021-05-01)' WHERE occupant_name = 'Jan'")
    )
    batch = survey(session, Y2022, "vacant", vacant_since=dt.date(2021, 2, 1), floor_area_m2=44)
    ((_, column, _, reason),) = refusals(session, batch.id)
    assert column == "seen_on"
    assert "overlap" in reason
    assert periods(session, "U1") == [("occupancy", Y2020, Y2021, "Jan")]
    assert rows_in(session, "SELECT floor_area_m2 FROM shop_unit WHERE local_code = 'U1'") == [(44,)]


def test_a_house_that_was_a_shop_is_non_retail_with_a_period_of_its_own(session):
    survey(session, Y2020, "occupied", occupant_name="Jan", branch_code="bakery")
    survey(session, Y2021, "non_retail")
    assert periods(session, "U1") == [
        ("occupancy", Y2020, Y2021, "Jan"),
        ("occupancy", Y2021, None, "other_non_retail"),
    ]
    assert state(session) == "non_retail"


def test_an_office_that_is_seen_again_without_its_branch_stays_the_same_office(session):
    survey(session, Y2020, "non_retail", branch_code="office")
    survey(session, Y2021, "non_retail")
    assert periods(session, "U1") == [("occupancy", Y2020, None, "office")]


def test_a_house_that_becomes_a_shop_again_begins_a_new_occupancy(session):
    survey(session, Y2020, "non_retail")
    survey(session, Y2021, "occupied", occupant_name="Jan")
    assert [kind[1:] for kind in periods(session, "U1")] == [
        (Y2020, Y2021, "other_non_retail"),
        (Y2021, None, "Jan"),
    ]


def test_a_visit_that_could_not_tell_changes_no_period(session):
    survey(session, Y2020, "vacant")
    survey(session, Y2021, "unknown")
    assert periods(session, "U1") == [("vacancy", Y2020, None, "first_seen")]
    assert rows_in(session, "SELECT last_seen_on FROM shop_unit WHERE local_code = 'U1'") == [(Y2021,)]


def test_a_popup_does_not_end_with_a_visit_that_finds_the_unit_still_to_let(session):
    survey(session, Y2020, "vacant")
    unit = rows_in(session, "SELECT id FROM shop_unit WHERE local_code = 'U1'")[0][0]
    session.execute(
        text(
            "INSERT INTO occupancy (shop_unit_id, period, occupant_name, is_popup) VALUES (:u, '[2021-01-01,)', 'Pop', true)"
        ),
        {"u": unit},
    )
    survey(session, Y2021, "vacant")
    assert periods(session, "U1") == [
        ("vacancy", Y2020, None, "first_seen"),
        ("occupancy", dt.date(2021, 1, 1), None, "Pop"),
    ]


def test_a_file_without_dates_was_seen_today_and_the_same_file_later_changes_nothing(session):
    batch = survey(session, None, "occupied", occupant_name="Jan")
    (today,) = rows_in(session, "SELECT current_date")[0]
    assert periods(session, "U1") == [("occupancy", today, None, "Jan")]
    session.execute(text("UPDATE shop_unit SET last_seen_on = last_seen_on - 9 WHERE local_code = 'U1'"))
    batch = survey(session, None, "occupied", occupant_name="Jan")
    assert changes(session, batch.id) == []


def test_each_unit_of_a_file_is_judged_by_its_own_history(session):
    survey(session, Y2020, "occupied", code="U1", occupant_name="Jan")
    survey(session, Y2021, "vacant", code="U2")
    survey(session, Y2022, "vacant", code="U1")
    survey(session, Y2022, "occupied", code="U2", occupant_name="Piet")
    assert (state(session, "U1"), state(session, "U2")) == ("vacant", "occupied")


# -- laws ---------------------------------------------------------------------------------------

VISITS = st.lists(
    st.tuples(
        st.integers(1, 400),
        st.sampled_from(["occupied", "vacant", "non_retail", "unknown"]),
        st.sampled_from([None, "Jan", "Piet"]),
        st.sampled_from([None, "bakery", "books"]),
    ),
    min_size=1,
    max_size=6,
)
LAWFUL = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@LAWFUL
@given(VISITS)
def test_whatever_is_seen_in_order_is_what_the_register_says_of_that_day(filled_town, visits):
    use_database(filled_town.url)
    day = dt.date(2019, 1, 1)
    seen = []
    with writable_session() as session:
        for days, status, name, branch in visits:
            day += dt.timedelta(days=days)
            told = {} if status in {"vacant", "unknown"} else {"occupant_name": name, "branch_code": branch}
            if status == "non_retail":
                told = {}
            batch = survey(session, day, status, **told)
            assert refusals(session, batch.id) == []
            seen.append((day, status, told))
        for on, status, told in seen:
            found = rows_in(
                session,
                "SELECT v.id IS NOT NULL, o.id IS NOT NULL, o.occupant_name, coalesce(b.parent_code = 'non_retail', false) "
                "FROM shop_unit u LEFT JOIN vacancy_spell v ON v.shop_unit_id = u.id AND v.period @> CAST(:on AS date) "
                "LEFT JOIN occupancy o ON o.shop_unit_id = u.id AND o.period @> CAST(:on AS date) "
                "LEFT JOIN code_list b ON b.scheme = 'branch' AND b.code = o.branch_code WHERE u.local_code = 'U1'",
                on=on,
            )
            ((is_vacant, is_trading, name, is_non_retail),) = found
            if status == "unknown":
                continue
            assert is_vacant == (status == "vacant")
            assert is_trading == (status != "vacant")
            assert is_non_retail == (status == "non_retail")
            if told.get("occupant_name"):
                assert name == told["occupant_name"]


@pytest.mark.parametrize("status", ["occupied", "vacant", "non_retail", "unknown"])
def test_the_same_visit_twice_is_one_visit(session, status):
    survey(session, Y2020, status, branch_code="office" if status == "non_retail" else "bakery")
    before = periods(session, "U1")
    batch = survey(session, Y2020, status, branch_code="office" if status == "non_retail" else "bakery")
    assert periods(session, "U1") == before
    assert changes(session, batch.id) == []
    assert refusals(session, batch.id) == []
