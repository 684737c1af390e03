import pytest

from api.importers.people import guard, is_personal


@pytest.mark.parametrize(
    "name",
    [
        "mac", "MAC-adres", "macAddress", "IMSI", "device_hash", "plate", "nummerplaat", "Kenteken", "licence_plate",
        "LicensePlate", "email", "E-mail", "phone", "telefoonnummer", "GSM", "owner", "Naam eigenaar",
        "eigenaar_adres", "birth_date", "geboortedatum", "Rijksregisternr", "rijksregister", "face_id", "video_url",
        "contact:phone", "contact_email", "Propriétaire", "voornaam", "contact:fax",
    ],
)  # fmt: skip
def test_names_of_people_and_devices_are_recognised(name):
    assert is_personal(name)


@pytest.mark.parametrize(
    "name",
    [
        "surface", "pharmacy", "Macaulay Rd (North) | 488Mac_T [85]", "name", "Trading_name", "plaats", "template",
        "interface", "parcel_id", "mailbox_count", "WVO", "facebook", "hashtag", "address", "contact:website",
        "CAPAKEY",
    ],
)  # fmt: skip
def test_harmless_names_are_left_alone(name):
    assert not is_personal(name)


@pytest.mark.parametrize(
    "values",
    [
        ["aa:bb:cc:dd:ee:ff", "00-11-22-33-44-55"],
        ["jan@example.be", "an@example.be", ""],
        ["d41d8cd98f00b204e9800998ecf8427e"],
        ["85.07.30-033.28"],
        ["1-ABC-123"],
    ],
)
def test_values_give_a_harmless_name_away(values):
    assert "look like" in guard(["reference"], {"reference": values})["reference"]


def test_codes_and_uuids_are_not_taken_for_devices():
    values = ["DDF00745-72F2-4B20-BB26-843C77B158B6", "34040A00-", "12345678901234567890123456789012"]
    assert guard(["reference"], {"reference": values}) == {}


def test_a_personal_column_is_not_read_and_is_named(read, write):
    path = write(
        "units.csv",
        "code;status;lat;lon;eigenaar;ref\nA1;leeg;50,88;3,42;Jan Peeters;jan@example.be\n",
    )
    result = read("shop-units", path, nis_code="34040")["shop_unit"]
    assert len(result.rows) == 1
    assert result.says("Column 'eigenaar' is not read")
    assert result.says("Column 'ref' is not read: its values look like e-mail addresses")
    assert "Jan Peeters" not in result.rows.to_string()
    assert "jan@example.be" not in result.rows.to_string()


def test_a_personal_column_cannot_even_be_mapped(read, write):
    from api.importers import UnreadableSource

    path = write("units.csv", "code;status;lat;lon;eigenaar\nA1;leeg;50,88;3,42;Jan Peeters\n")
    with pytest.raises(UnreadableSource, match="never read"):
        read("shop-units", path, mapping={"name": "eigenaar"})
