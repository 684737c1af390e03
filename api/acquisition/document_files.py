"""What a document is by its content, and under which name it is kept; what can run by itself is refused."""

import io
import re
import unicodedata
import zipfile
import zlib
from typing import NamedTuple
from xml.etree import ElementTree

from api.errors import Malformed
from api.round.pictures import remake

MOST_BYTES = 15_000_000
LONGEST_NAME = 120
# Of a scanned plan the small print must stay readable.
LONGEST_PX = 3200
WAY_OUT = "Send a PDF, a Word, Excel, PowerPoint or OpenDocument file without macros, or a JPEG, PNG or WebP."
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "jpg": "image/jpeg",
}
_BY_MEDIA_TYPE = {media_type: name for name, media_type in MEDIA_TYPES.items()}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_TYPES = "[Content_Types].xml"
# A part that says what the file is, is small; one that is not, is no office file.
_MOST_TOLD = 1_000_000
_ACTIVE = re.compile(
    r"vbaproject|activex|/embeddings/.*\.(?:bin|exe)$|^basic/|^scripts/|\.(?:exe|js|vbs|bat|ps1)$", re.I
)
# Letters that turn the direction of writing make evil.exe read as a picture.
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\\/:*?"<>|]+')
_ENDING = re.compile(r"\.(?:pdf|docx?|docm|xlsx?|xlsm|pptx?|pptm|od[tsp]|jpe?g|png|webp)$", re.I)


class Document(NamedTuple):
    """A document as it is kept."""

    content: bytes
    format: str


def recognise(sent: bytes) -> Document:
    """
    What a document is, by its content and never by its name; a picture is made anew without place or camera.

    Raises
    ------
    Malformed
        When it is empty, of no kind that is taken, locked, or holds something that can run.
    """
    if not sent:
        raise Malformed("The file is empty.", "Choose another file.", code="document_empty")
    if sent.startswith(b"%PDF-"):
        return Document(sent, "pdf")
    if sent.startswith(_PICTURES) or (sent[:4] == b"RIFF" and sent[8:12] == b"WEBP"):
        return Document(remake(sent, longest_px=LONGEST_PX, most_bytes=MOST_BYTES).jpeg, "jpg")
    if sent.startswith(_OLE):
        raise Malformed(
            "This is an older office file, or one with a password.",
            "Save it anew as docx, xlsx, pptx or PDF, without a password.",
            code="document_old_office",
        )
    if sent.startswith(b"PK\x03\x04"):
        return Document(sent, _office(sent))
    raise _unknown()


def safe_name(given: str, kind: str) -> str:
    """
    A name that no system misreads, with the ending of what the file is.

    Parameters
    ----------
    given
        As whoever sent it calls it; a path before it is left out.
    kind
        What it is by its content.
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", given))[-1]
    stem = _ENDING.sub("", " ".join(_UNSAFE.sub(" ", last).split())).strip(" .")
    return f"{stem[: LONGEST_NAME - 1 - len(kind)].rstrip(' .') or 'document'}.{kind}"


def _office(sent: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(sent)) as packed:
            names = packed.namelist()
            if any(_ACTIVE.search(name) for name in names):
                raise _active()
            if _TYPES in names:
                return _open_xml(_told(packed, _TYPES))
            if "mimetype" in names:
                found = _BY_MEDIA_TYPE.get(_told(packed, "mimetype").decode("ascii", "replace").strip())
                if found in ("odt", "ods", "odp"):
                    return found
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise _unknown() from error
    raise _unknown()


def _told(packed: zipfile.ZipFile, name: str) -> bytes:
    with packed.open(name) as part:
        told = part.read(_MOST_TOLD + 1)
    if len(told) > _MOST_TOLD:
        raise _unknown()
    return told


def _open_xml(types: bytes) -> str:
    """By the type of its main part, which also says whether it has macros."""
    # Entities are what such a list never has, and what makes reading one dangerous.
    if b"<!" in types:
        raise _unknown()
    try:
        told = {str(one.get("ContentType", "")) for one in ElementTree.fromstring(types)}
    except ElementTree.ParseError as error:
        raise _unknown() from error
    if any("macroenabled" in one.lower() for one in told):
        raise _active()
    for media_type, kind in _BY_MEDIA_TYPE.items():
        if f"{media_type}.main+xml" in told:
            return kind
    raise _unknown()


def _unknown() -> Malformed:
    return Malformed("This is no kind of file that is kept with a case.", WAY_OUT, code="document_kind")


def _active() -> Malformed:
    return Malformed(
        "The file holds macros or programs.",
        "Save it without them, or as PDF.",
        code="document_active",
    )
