"""Routes about branches: gaps against alike towns, what is wished, and what a new shop would share."""

from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Response

from api.acting import InOfficer
from api.branches import cannibal, entries, files, peers, service
from api.branches.schemas import ChoiceIn, FlowIn, WishIn
from api.dependencies import LARGEST_KEY, InKey, InMunicipality, InSession, refuse_other_sites
from api.errors import Malformed
from api.room import Room
from api.vacancy.files import CSV, XLSX, sent

router = Room(prefix="/api/branches", tags=["branches"])
OURS_ONLY = [Depends(refuse_other_sites)]
InCore = Annotated[
    int | None, Query(ge=0, le=LARGEST_KEY, description="Only this core, against cores of its type.")
]
InLevel = Annotated[Literal["branch", "group"], Query(description="Single branches, or groups of them.")]
WithUnwanted = Annotated[bool, Query(description="Also branches that the town does not want.")]


def get_asked(
    municipality: InMunicipality,
    core: InCore = None,
    level: InLevel = "branch",
    unwanted: WithUnwanted = False,
) -> service.Asked:
    """Whose gaps are asked."""
    return service.Asked(municipality, core, level, unwanted)


InAsked = Annotated[service.Asked, Depends(get_asked)]


@router.get("/peers")
def list_peers(municipality: InMunicipality, session: InSession) -> dict[str, Any]:
    """All other towns with how alike each is and why, the most alike first; which are compared with, and who chose them."""
    return peers.list_peers(session, municipality)


@router.post("/peers", dependencies=OURS_ONLY)
def choose_peers(
    municipality: InMunicipality, given: ChoiceIn, session: InSession, officer: InOfficer
) -> dict[str, Any]:
    """Choose the towns to compare with; without any, those that are most alike."""
    entries.choose_peers(session, municipality, given.model_dump(), officer)
    return peers.list_peers(session, municipality)


@router.post("/peers/undo", dependencies=OURS_ONLY)
def undo_choice(municipality: InMunicipality, session: InSession, officer: InOfficer) -> dict[str, Any]:
    """Take the last choice of towns back; the one before counts again."""
    entries.undo_choice(session, municipality, officer)
    return peers.list_peers(session, municipality)


@router.get("/gaps")
def get_gaps(asked: InAsked, session: InSession) -> dict[str, Any]:
    """Per branch what there is, what alike towns have, the gap in shops and m2 with its certainty; formulas missing here."""
    return service.get_gaps(session, asked)


@router.get("/gaps.csv", response_class=Response, responses={200: {"content": {CSV: {}}}})
def export_gaps(asked: InAsked, session: InSession) -> Response:
    """The gaps as one table."""
    return sent(files.gaps_csv(session, asked))


@router.get("/gaps.xlsx", response_class=Response, responses={200: {"content": {XLSX: {}}}})
def export_workbook(asked: InAsked, session: InSession) -> Response:
    """Gaps, towns and formulas as a workbook."""
    return sent(files.gaps_xlsx(session, asked))


@router.get("/wishes")
def list_wishes(municipality: InMunicipality, session: InSession) -> dict[str, Any]:
    """Branches that the town wishes or does not want, who said so, when and why, with all that was said before."""
    return entries.list_wishes(session, municipality)


@router.post("/wishes", dependencies=OURS_ONLY)
def add_wish(
    municipality: InMunicipality, given: WishIn, session: InSession, officer: InOfficer
) -> dict[str, Any]:
    """Say that the town wishes a branch, does not want it, or has no position any more."""
    return entries.add_wish(session, municipality, given.model_dump(), officer)


@router.post("/wishes/{key}/undo", dependencies=OURS_ONLY)
def undo_wish(
    key: InKey, municipality: InMunicipality, session: InSession, officer: InOfficer
) -> dict[str, Any]:
    """Take back what was said of a branch; what was said before counts again."""
    return entries.undo_wish(session, municipality, key, officer)


@router.get("/flows")
def list_flows(municipality: InMunicipality, session: InSession) -> dict[str, Any]:
    """Leakage and online share per branch group as they were entered, with source and year; none is shipped."""
    return entries.list_flows(session, municipality)


@router.post("/flows", dependencies=OURS_ONLY)
def add_flow(
    municipality: InMunicipality, given: FlowIn, session: InSession, officer: InOfficer
) -> dict[str, Any]:
    """Enter a leakage or online share, or that it is no longer known."""
    return entries.add_flow(session, municipality, given.model_dump(), officer)


@router.post("/flows/{key}/undo", dependencies=OURS_ONLY)
def undo_flow(
    key: InKey, municipality: InMunicipality, session: InSession, officer: InOfficer
) -> dict[str, Any]:
    """Take an entered share back; what was entered before counts again."""
    return entries.undo_flow(session, municipality, key, officer)


@router.get("/sharing")
def get_sharing(
    session: InSession,
    shop_unit: Annotated[int, Query(ge=0, le=LARGEST_KEY, description="Candidate unit.")],
    branch: Annotated[
        str,
        Query(
            max_length=60, pattern=r"^[a-z0-9_]+$", description="Branch of the new shop.", examples=["bakery"]
        ),
    ],
    mode: Annotated[Literal["walk", "bicycle", "car"], Query(description="How people travel.")] = "walk",
    minutes: Annotated[
        str, Query(max_length=40, description="Three rising bands, minutes.", examples=["5,10,15"])
    ] = "5,10,15",
) -> dict[str, Any]:
    """People whom a new shop would share with each existing shop of its branch, over three bands and three decays."""
    try:
        bands = tuple(float(part) for part in minutes.split(","))
    except ValueError:
        raise Malformed(f"minutes={minutes} is not three numbers.", "Give minutes=5,10,15.") from None
    return cannibal.get_sharing(session, shop_unit, branch, mode, bands)
