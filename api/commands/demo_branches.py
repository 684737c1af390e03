"""What fictional towns wish of branches: confirmed by fictional officers, one of them taken back."""

from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.branches import entries, queries
from api.db.models.unit import BRANCH_VERSION

# Branch, stance, reason, since how many days.
SAID = (
    ("bakery", "wished", "Demo: broodjes en ontbijt in het centrum, nota detailhandel", 1_600),
    ("books", "wished", "Demo: gemeenteraad wil cultuur in de winkelstraat", 1_600),
    ("greengrocer", "wished", "Demo: dagelijks aanbod te voet", 1_200),
    ("toys", "wished", "Demo: bevraging bij gezinnen", 400),
    ("shoes", "wished", "Demo: veel vraag op de bevraging", 300),
    ("betting_shop", "unwanted", "Demo: past niet in het beleidsplan kern", 1_600),
    ("night_shop", "unwanted", "Demo: politiereglement, genoeg aanwezig", 900),
)
# Some of what was let later, so that there is a share of wished branches to show. An office may be let a shop unit,
# but it is no branch that a town can wish for.
LET = (
    "SELECT branch_code FROM acquisition_case WHERE nis_code = :nis AND signed_on IS NOT NULL "
    "AND branch_code = ANY(:known) AND NOT branch_code = ANY(:said) GROUP BY branch_code ORDER BY min(id) LIMIT 3"
)
TAKEN_BACK = ("telecom", "unwanted", "Demo: was een vergissing", 200)


def make_demo_wishes(session: Session, nis_code: str, *, until: date) -> int:
    """
    Say of some branches that a fictional town wishes them or not.

    Returns
    -------
    How many stand.
    """
    known = [row["code"] for row in queries.branches(session, "branch", BRANCH_VERSION)]
    named = [branch for branch, *_ in (*SAID, TAKEN_BACK)]
    let = session.execute(text(LET), {"nis": nis_code, "known": known, "said": named}).scalars()
    more = [(branch, "wished", "Demo: uit de bevraging van handelaars", 1_600) for branch in let]
    for number, (branch, stance, reason, ago) in enumerate((*SAID, *more, TAKEN_BACK)):
        since = until - timedelta(days=ago)
        said = {"branch_code": branch, "stance": stance, "reason": reason, "since_on": since}
        told = entries.add_wish(session, nis_code, said, ("Demo An", "Demo Bert")[number % 2])
    last = told["history"][0]
    return len(entries.undo_wish(session, nis_code, last["id"], "Demo An")["items"])
