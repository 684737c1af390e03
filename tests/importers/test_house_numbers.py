import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.importers.house_numbers import HouseNumber, parse_house_number, split_address


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("12", ("12", None, None, None)),
        ("012", ("12", None, None, None)),
        ("12A", ("12", "A", None, None)),
        ("12 a", ("12", "A", None, None)),
        ("12bis", ("12", "BIS", None, None)),
        ("12-14", ("12", None, "14", None)),
        ("12 - 14B", ("12", None, "14B", None)),
        ("12/001", ("12", None, None, "001")),
        ("12A bus 2", ("12", "A", None, "2")),
        ("12 bte 3", ("12", None, None, "3")),
        ("12 boîte 3", ("12", None, None, "3")),
        ("12 b 3", ("12", None, None, "3")),
        ("12-A", ("12", "A", None, None)),
    ],
)
def test_a_house_number_is_taken_apart(text, parts):
    assert parse_house_number(text) == HouseNumber(*parts)


@pytest.mark.parametrize("text", ["", "A12", "z/n", "12 boven", "12-", "Kerkstraat 12"])
def test_what_is_no_house_number_is_refused(text):
    with pytest.raises(ValueError, match="house number"):
        parse_house_number(text)


@settings(deadline=None)
@given(st.text())
def test_no_text_crashes_the_reading_of_addresses(text):
    street, number = split_address(text)
    assert isinstance(street, str)
    assert number is None or parse_house_number(number).number.isdigit()


@settings(deadline=None)
@given(
    number=st.integers(1, 9999),
    suffix=st.sampled_from(["", "A", "B", "Z"]),
    box=st.one_of(st.just(""), st.from_regex(r"[0-9]{1,3}", fullmatch=True)),
)
def test_a_number_written_from_its_parts_is_read_back(number, suffix, box):
    parsed = parse_house_number(f"{number}{suffix}" + (f" bus {box}" if box else ""))
    assert parsed == HouseNumber(str(number), suffix or None, None, box or None)


@pytest.mark.parametrize(
    ("text", "street", "number"),
    [
        ("Stationsstraat 12A bus 2", "Stationsstraat", "12A bus 2"),
        ("Grote Markt 1, 8790 Waregem", "Grote Markt", "1"),
        ("12 rue Neuve", "rue Neuve", "12"),
        ("Place du 8 Mai 12", "Place du 8 Mai", "12"),
        ("2de Lansierslaan 4", "2de Lansierslaan", "4"),
        ("Kerkstraat", "Kerkstraat", None),
        ("Shop G15 109 Studio Lane VIC 3008", "Shop G15 109 Studio Lane VIC 3008", None),
    ],
)
def test_an_address_is_split_only_where_it_is_understood(text, street, number):
    assert split_address(text) == (street, number)
