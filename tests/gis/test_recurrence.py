import pandas as pd
import pytest
from dateutil.rrule import MO, MONTHLY, SU, WEEKLY, rrule
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import FrameError
from gis.recurrence import check_rule, is_regular, occurrences


def at(text):
    """A time of the clock on the wall."""
    return pd.Timestamp(text).to_pydatetime()


START, END = at("2024-01-07 10:00"), at("2024-01-07 18:00")
SPAN = {"first": at("2024-01-01"), "last": at("2025-01-01")}


def test_an_event_without_a_rule_is_held_once_and_only_where_one_looks():
    assert occurrences(START, END, None, **SPAN) == [(START, END)]
    assert occurrences(START, END, None, first=at("2024-01-08"), last=at("2025-01-01")) == []


def test_every_first_sunday_is_twelve_times_a_year():
    found = occurrences(START, END, "RRULE:FREQ=MONTHLY;BYDAY=1SU", **SPAN)
    assert len(found) == 12
    assert {begin.isoweekday() for begin, _ in found} == {7}
    assert all(begin.day <= 7 and (end - begin).seconds == 8 * 3600 for begin, end in found)


def test_what_began_before_the_span_and_lasts_into_it_is_held_in_it():
    found = occurrences(at("2023-12-30"), at("2024-01-03"), "FREQ=YEARLY", **SPAN)
    assert [begin.year for begin, _ in found] == [2023, 2024]


@given(interval=st.integers(1, 4), count=st.integers(1, 30))
def test_rules_are_read_as_the_standard_reads_them(interval, count):
    for name, freq, day in (("WEEKLY", WEEKLY, MO), ("MONTHLY", MONTHLY, SU(1))):
        text = f"FREQ={name};INTERVAL={interval};COUNT={count};BYDAY={'MO' if day is MO else '1SU'}"
        expected = list(rrule(freq, dtstart=START, interval=interval, count=count, byweekday=day))
        found = occurrences(START, END, text, first=START, last=at("2060-01-01"))
        assert [begin for begin, _ in found] == expected


@pytest.mark.parametrize(
    "rule",
    [
        "every tuesday",
        "FREQ=HOURLY",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;DTSTART=2024",
        "FREQ=WEEKLY;COUNT=0x",
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_an_example(rule):
    with pytest.raises(FrameError, match="FREQ=WEEKLY"):
        check_rule(rule)


def test_only_what_comes_every_week_leaves_no_week_to_compare_with():
    assert is_regular(START, "FREQ=WEEKLY;BYDAY=SU")
    assert is_regular(START, "FREQ=DAILY")
    assert not is_regular(START, "FREQ=WEEKLY;INTERVAL=2")
    assert not is_regular(START, "FREQ=MONTHLY;BYDAY=1SU")
    assert not is_regular(START, None)
