"""Documents in fictional cases, one case that was taken off the board, and a choice of how long contacts are kept."""

from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.acquisition import changing, documents
from api.persons import retention

BY = "Demo An"
# title of the case, name of the document, description, its lines.
PAPERS = (
    ("Kookwinkel", "Voorstel huur.pdf", "Eerste voorstel, nog te bespreken", ("Fictief voorstel", "Huur en waarborg na te lezen")),
    ("Kookwinkel", "Verslag bezoek.pdf", None, ("Fictief verslag van een bezoek", "Etalage, opslag, leveringen")),
    ("Boekhandel met leescafé", "Ondernemingsplan.pdf", "Samenvatting van vier bladzijden", ("Fictief ondernemingsplan",)),
)  # fmt: skip
GONE = "Wasserette met koffie"
CASES = "SELECT id FROM acquisition_case WHERE nis_code = :nis AND title = :title AND removed_at IS NULL ORDER BY id LIMIT 1"
MONTHS = {"prospect_months": 18, "owner_months": 12, "lost_months": 18, "log_months": 24}
REASON = "Demo: advies van de functionaris voor gegevensbescherming"


def make_demo_papers(session: Session, nis_code: str, *, until: date) -> int:
    """
    Put documents with the cases of a fictional town.

    Returns
    -------
    How many there are.
    """
    made = 0
    for title, name, description, lines in PAPERS:
        case_id = session.execute(text(CASES), {"nis": nis_code, "title": title}).scalar()
        if case_id is None:
            continue
        said = {"name": name, "description": description}
        documents.add_document(session, case_id, paper((*lines, f"Demo, {until}")), said, BY)
        made += 1
    facts = {"title": GONE, "prospect_name": "Schuim en Schuim", "shop_unit": None}
    case = changing.add_case(session, nis_code, facts, BY)
    changing.set_removed(session, case["id"], BY, is_removed=True)
    retention.set_retention(session, nis_code, {**MONTHS, "reason": REASON}, BY)
    return made


def paper(lines: tuple[str, ...]) -> bytes:
    """A PDF of one A4 page with some lines of text, always the same for the same lines."""
    shown = b" T* ".join(b"(" + line.encode("cp1252").translate(None, b"()\\") + b") Tj" for line in lines)
    drawn = b"BT /F1 16 Tf 24 TL 72 760 Td " + shown + b" ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    written, starts = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        starts.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    count = len(objects) + 1
    return written + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (count, table, count, len(written))
    )
