import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import text

from api.acquisition.document_files import MEDIA_TYPES, recognise, safe_name
from api.db import codes
from api.db.session import get_engine, session_as
from api.errors import Malformed
from api.persons import retention
from tests.api.conftest import good, problem
from tests.api.test_cases import AN, BEN, make
from tests.api.test_persons import PETRA, add, at
from tests.town_database import rows

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
OPEN_TEXT = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<office/>"}


@pytest.fixture
def at_work(own_town, client):
    return own_town


def packed(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def word(main=MAIN, **more):
    types = (
        f'<?xml version="1.0"?><Types><Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    )
    return packed({"[Content_Types].xml": types, "word/document.xml": "<w:document/>", **more})


def send(client, case, content=PDF, who=AN, **query):
    params = {"name": "huurvoorstel.pdf", **query}
    return client.post(f"/api/cases/{case['id']}/documents", params=params, content=content, headers=who)


def listed(client, case):
    return good(client.get(f"/api/cases/{case['id']}/documents"))["items"]


def test_a_document_is_added_read_described_removed_and_put_back(client, at_work):
    case = make(client)
    assert listed(client, case) == []
    told = send(client, case, description="Voorstel van de eigenaar").json()
    path = f"/api/cases/{case['id']}/documents/{told['added']}"
    (one,) = told["items"]
    assert (one["name"], one["format"], one["size_bytes"]) == ("huurvoorstel.pdf", "pdf", len(PDF))
    assert (one["description"], one["added_by"]) == ("Voorstel van de eigenaar", "An")
    was = {"name": one["name"], "description": one["description"]}
    said = {"name": "Voorstel mei.pdf", "description": None, "was": was}
    (changed,) = good(client.patch(path, json=said, headers=BEN))["items"]
    assert (changed["name"], changed["description"], changed["changed_by"]) == (
        "Voorstel mei.pdf",
        None,
        "Ben Dé",
    )
    late = problem(client.patch(path, json=said, headers=AN), 412)
    assert (late["code"], late["values"]["by"]) == ("document_changed", "Ben Dé")
    assert good(client.delete(path, headers=AN))["items"] == []
    assert problem(client.get(f"{path}/file"), 404)["code"] == "document_gone"
    assert good(client.post(f"{path}/restore", headers=AN))["items"] == [changed]


def test_a_document_is_saved_and_never_opened_in_the_page(client, at_work):
    case = make(client)
    key = send(client, case, name="Café \u202efdp.exe").json()["added"]
    answer = client.get(f"/api/cases/{case['id']}/documents/{key}/file")
    assert answer.content == PDF
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    told = answer.headers["content-disposition"]
    assert told == "attachment; filename=\"Caf_ fdp.exe.pdf\"; filename*=UTF-8''Caf%C3%A9%20fdp.exe.pdf"


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PDF, "pdf"), (word(), "docx"), (packed(OPEN_TEXT), "odt")],
)
def test_what_a_document_is_its_content_says(content, kind):
    assert recognise(content) == (content, kind)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "document_empty"),
        (b"MZ\x90\x00", "document_kind"),
        (b"<html><script>alert(1)</script>", "document_kind"),
        (b"GIF89a", "document_kind"),
        (b"PK\x03\x04 cut short", "document_kind"),
        (packed({"a.txt": "no office file"}), "document_kind"),
        (packed({"mimetype": "application/epub+zip"}), "document_kind"),
        (word(main="text/plain"), "document_kind"),
        (packed({"[Content_Types].xml": '<!DOCTYPE x [<!ENTITY e "e">]><Types/>'}), "document_kind"),
        (word(main=MACROS), "document_active"),
        (word(**{"word/vbaProject.bin": b"x"}), "document_active"),
        (packed({**OPEN_TEXT, "Basic/Standard/Module1.xml": "x"}), "document_active"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old one", "document_old_office"),
        (b"\xff\xd8\xff\xe0 no picture", "photo_unreadable"),
    ],
)
def test_what_is_no_office_file_picture_or_pdf_or_can_run_is_refused(content, code):
    with pytest.raises(Malformed) as refused:
        recognise(content)
    assert refused.value.code == code


def test_a_list_of_parts_that_unpacks_without_end_is_not_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", b" " * 200_000_000)
    assert len(out.getvalue()) < 1_000_000
    with pytest.raises(Malformed):
        recognise(out.getvalue())


def test_a_picture_loses_place_and_camera_and_gets_the_ending_of_what_it_is(client, at_work):
    image, exif, out = Image.new("RGB", (60, 40)), Image.Exif(), io.BytesIO()
    exif[0x010F] = "Camera of An"
    image.save(out, "PNG", exif=exif)
    case = make(client)
    told = send(client, case, out.getvalue(), name="C:\\plannen\\gelijkvloers.png").json()
    assert (told["items"][0]["name"], told["items"][0]["format"]) == ("gelijkvloers.jpg", "jpg")
    kept = client.get(f"/api/cases/{case['id']}/documents/{told['added']}/file").content
    assert b"Camera" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


@given(st.text(max_size=300), st.sampled_from(list(MEDIA_TYPES)))
def test_a_name_is_always_safe_and_stays_when_it_is(name, kind):
    safe = safe_name(name, kind)
    assert safe.endswith(f".{kind}")
    assert 3 <= len(safe) <= 120
    assert not set(safe) & set('/\\:*?"<>|\n\r\t\0\u202e')
    assert not safe.startswith(".")
    assert safe_name(safe, kind) == safe


def test_the_database_takes_the_formats_that_are_known():
    assert tuple(MEDIA_TYPES) == codes.CASE_DOCUMENT_FORMAT


def test_a_document_too_large_and_one_too_many_are_refused_with_the_way_out(client, at_work, monkeypatch):
    case = make(client)
    assert problem(send(client, case, PDF + b" " * 15_000_000), 413)["code"] == "document_too_large"
    monkeypatch.setattr("api.acquisition.documents.MOST_OF_CASE", 1)
    first = send(client, case).json()["added"]
    good(client.delete(f"/api/cases/{case['id']}/documents/{first}", headers=AN))
    full = problem(send(client, case), 409)
    assert (full["code"], full["values"]["most"]) == ("documents_full", 1)


def test_documents_stay_with_their_case_and_go_with_nothing_else(client, at_work):
    one, other = make(client), make(client)
    key = send(client, one).json()["added"]
    problem(client.get(f"/api/cases/{other['id']}/documents/{key}/file"), 404)
    problem(client.delete(f"/api/cases/{other['id']}/documents/{key}", headers=AN), 404)
    good(client.delete(f"/api/cases/{one['id']}", headers=AN))
    assert problem(client.get(f"/api/cases/{one['id']}/documents"), 404)["code"] == "case_gone"
    good(client.post(f"/api/cases/{one['id']}/restore", headers=AN))
    assert len(listed(client, one)) == 1


def test_r10_an_erasure_tells_of_documents_and_takes_the_name_out_of_what_is_said_of_them(client, at_work):
    case, elsewhere = make(client), make(client)
    person = add(client, **PETRA, tie={"case": case["id"], "role": "prospect"})
    send(client, case, name="plan.pdf")
    send(client, elsewhere, name="Brief Petra Voorbeeld.pdf", description="Van Petra Voorbeeld")
    send(client, elsewhere, name="ander.pdf")
    told = good(client.get(f"/api/persons/{person['id']}/access", headers=AN))["documents_of_cases"]
    assert [(one["name"], one["is_named"]) for one in told] == [
        ("plan.pdf", False),
        ("Brief Petra Voorbeeld.pdf", True),
    ]
    path = f"/api/persons/{person['id']}/erasure"
    preview = good(client.get(path, headers=AN))
    assert preview["n_documents_blanked"] == 1
    assert [one["case_id"] for one in preview["documents_kept"]] == [case["id"], elsewhere["id"]]
    good(client.post(path, json={"is_sure": True}, headers=at(person)))
    assert [(one["name"], one["description"]) for one in listed(client, elsewhere)] == [
        ("ander.pdf", None),
        ("Brief [-].pdf", "Van [-]"),
    ]
    assert [one["name"] for one in listed(client, case)] == ["plan.pdf"]


def test_r8_a_removed_document_goes_for_good_after_thirty_days_and_not_before(client, at_work):
    case = make(client)
    keys = [send(client, case).json()["added"] for _ in range(3)]
    for key in keys[:2]:
        good(client.delete(f"/api/cases/{case['id']}/documents/{key}", headers=AN))
    with get_engine().begin() as connection:
        for key, days in ((keys[0], 31), (keys[1], 29)):
            connection.execute(
                text("UPDATE case_document SET removed_at = now() - make_interval(days => :d) WHERE id = :k"),
                {"d": days, "k": key},
            )
    with session_as("kernkaart_crm") as session:
        gone = {each.nis_code: each.documents for each in retention.let_go(session)}
    assert gone[case["nis_code"]] == 1
    assert rows("SELECT id FROM case_document ORDER BY id") == [(key,) for key in keys[1:]]
