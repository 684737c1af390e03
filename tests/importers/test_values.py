from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.importers.values import excel_day, is_missing, parse_boolean, parse_clock, parse_date, parse_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12.0),
        ("12,5", 12.5),
        ("12.5", 12.5),
        ("1.234,50", 1234.5),
        ("1,234.50", 1234.5),
        ("1.234.567", 1234567.0),
        ("1 234", 1234.0),
        ("1\u00a0234,5", 1234.5),
        ("€ 900", 900.0),
        ("85 m²", 85.0),
        ("-3", -3.0),
        ("1e3", 1000.0),
        (7, 7.0),
    ],
)
def test_numbers_are_read_as_cities_write_them(text, value):
    assert parse_number(text) == value


def test_a_lone_sign_is_decimal_unless_the_user_says_otherwise():
    assert parse_number("1.234") == 1.234
    assert parse_number("1.234", decimal=",") == 1234.0
    assert parse_number("1,234", decimal=".") == 1234.0


@pytest.mark.parametrize(
    "text", ["", "abc", "1,2,3", "1.2.3", "12,34,5", "--1", "1_000", "inf", "nan", "0x10"]
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match="not a"):
        parse_number(text)


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_a_written_number_is_read_back(value):
    assert parse_number(repr(value)) == float(repr(value))
    assert parse_number(repr(value).replace(".", ",")) == float(repr(value))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2021-03-04", date(2021, 3, 4)),
        ("2021-03-04T10:00:00Z", date(2021, 3, 4)),
        ("04/03/2021", date(2021, 3, 4)),
        ("4-3-2021", date(2021, 3, 4)),
        ("04.03.21", date(2021, 3, 4)),
        ("20210304", date(2021, 3, 4)),
        ("20210304T101112", date(2021, 3, 4)),
        ("4 maart 2021", date(2021, 3, 4)),
        ("1er février 2021", date(2021, 2, 1)),
        ("01-Nov-16", date(2016, 11, 1)),
        ("44259", date(2021, 3, 4)),
        (datetime(2021, 3, 4, 5, tzinfo=UTC), date(2021, 3, 4)),
    ],
)
def test_dates_are_read_day_before_month(text, day):
    assert parse_date(text) == day


def test_month_first_is_read_when_the_user_says_so():
    assert parse_date("03/04/2021", month_first=True) == date(2021, 3, 4)


@pytest.mark.parametrize(
    "text", ["2021", "2021-03", "31/02/2021", "13/13/2021", "gisteren", "", "0001-01-01"]
)
def test_an_incomplete_or_impossible_date_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the message differs per kind of fault
        parse_date(text)


@settings(deadline=None)
@given(st.dates(min_value=date(1900, 3, 1), max_value=date(2170, 1, 1)))
def test_every_way_of_writing_a_day_means_the_same_day(day):
    assert parse_date(day.isoformat()) == day
    assert parse_date(day.strftime("%d/%m/%Y")) == day
    assert parse_date(day.strftime("%Y%m%d")) == day
    serial = (day - date(1899, 12, 30)).days
    assert excel_day(serial) == day
    if serial >= 10_000:
        assert parse_date(str(serial)) == day


@settings(deadline=None)
@given(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.binary()))
def test_no_value_at_all_crashes_a_parser(value):
    for parser in (parse_number, parse_date, parse_boolean, parse_clock):
        try:
            parser(value)
        except ValueError:
            continue
    is_missing(value)


@pytest.mark.parametrize(
    ("text", "value"), [("ja", True), ("Nee", False), ("OUI", True), ("non", False), ("x", True)]
)
def test_yes_and_no_in_three_languages(text, value):
    assert parse_boolean(text) is value


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("8:30", 510), ("08:30:00", 510), ("8u30", 510), ("8h", 480), ("24:00", 1440), (0.5, 720), ("14", 840)],
)
def test_clock_times_are_minutes_after_midnight(text, minutes):
    assert parse_clock(text) == minutes


@pytest.mark.parametrize("text", ["25:00", "8:60", "noon", "24:01"])
def test_what_no_clock_shows_is_refused(text):
    with pytest.raises(ValueError, match="clock"):
        parse_clock(text)
