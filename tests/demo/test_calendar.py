from __future__ import annotations

from datetime import date, timedelta

import pytest

from api.demo import days
from tests.demo.seven_towns import Demo

# Easter, carnival, spring, Ascension, Whit Monday, autumn, Christmas holiday: published dates.
PUBLISHED = {
    2022: ("04-17", "02-28", "04-04", "05-26", "06-06", "10-31", "12-26"),
    2023: ("04-09", "02-20", "04-03", "05-18", "05-29", "10-30", "12-25"),
    2024: ("03-31", "02-12", "04-01", "05-09", "05-20", "10-28", "12-23"),
    2025: ("04-20", "03-03", "04-07", "05-29", "06-09", "10-27", "12-22"),
    2026: ("04-05", "02-16", "04-06", "05-14", "05-25", "11-02", "12-21"),
    2027: ("03-28", "02-08", "03-29", "05-06", "05-17", "11-01", "12-27"),
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_the_rules_give_the_published_holidays(year: int) -> None:
    easter = days.easter(year)
    carnival, spring, _, autumn, christmas = (first for first, _ in days.school_holidays(year))
    found = (easter, carnival, spring, easter + timedelta(39), easter + timedelta(50), autumn, christmas)
    assert tuple(day.strftime("%m-%d") for day in found) == PUBLISHED[year]
    assert all(day.year == year for day in found)


def test_a_spring_holiday_that_ends_on_easter_takes_the_monday_too() -> None:
    assert days.is_school_holiday(date(2025, 4, 21))
    assert not days.is_school_holiday(date(2025, 4, 22))
    assert days.is_school_holiday(date(2027, 1, 2))


def test_belgium_has_ten_public_holidays() -> None:
    assert len(days.public_holidays(2026)) == 10
    assert date(2026, 7, 21) in days.public_holidays(2026)


@pytest.mark.parametrize(
    ("year", "day"),
    [(2022, "08-30"), (2023, "08-29"), (2024, "08-27"), (2025, "09-02"), (2026, "09-01"), (2027, "08-31")],
)
def test_koerse_is_the_tuesday_after_the_last_sunday_of_august(year: int, day: str) -> None:
    assert days.koerse(year).strftime("%m-%d") == day


@pytest.mark.parametrize(
    ("nis", "name", "local_days"),
    [
        ("34040", "Waregem Koerse", {"2025-09-02", "2026-09-01"}),
        ("38025", "Boetprocessie", {"2025-07-27", "2026-07-26"}),
        ("32003", "Boter- en Kaasfeesten", {"2025-06-09", "2026-05-25"}),
    ],
)
def test_key_events_are_on_the_days_their_rules_give(
    demo: Demo, nis: str, name: str, local_days: set[str]
) -> None:
    events = demo[nis]["event"]
    local = events.loc[events["name"] == name, "starts_at"].dt.tz_convert("Europe/Brussels")
    assert set(local.dt.strftime("%Y-%m-%d")) == local_days


def test_markets_recur_on_the_true_weekday(demo: Demo) -> None:
    names = ("", "MO", "TU", "WE", "TH", "FR", "SA", "SU")
    for town in demo.values():
        weekdays = town["municipality"]["market_weekdays"].iloc[0]
        events = town["event"]
        rules = events.loc[events["kind"] == "market", "recurring_rule"].dropna()
        for weekday in weekdays:
            assert rules.str.startswith(f"FREQ=WEEKLY;BYDAY={names[weekday]}").any()


def test_an_event_ends_after_it_begins_and_names_no_person(demo: Demo) -> None:
    for town in demo.values():
        events = town["event"]
        assert (events["ends_at"] > events["starts_at"]).all()
        assert events["organiser"].str.endswith("(fictief)").all()
        assert str(events["starts_at"].dtype) == "datetime64[us, UTC]"
