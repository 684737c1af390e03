"""Routes about the work list."""

from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response

from api.dependencies import LARGEST_KEY, InLanguage, InMunicipality, InSession, refuse_other_sites
from api.errors import PROBLEM, SHAPE, Malformed
from api.room import Room
from api.worklist import deciding, service
from api.worklist.evidence import VERDICTS
from api.worklist.queries import Order, Status, Wanted
from api.worklist.schemas import Decided, DecisionIn, PastDecisions, UndoIn, Worklist

router = Room(prefix="/api", tags=["worklist"])
OURS_ONLY = [Depends(refuse_other_sites)]
CSV_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}}}}
MEANWHILE: dict[int | str, dict[str, Any]] = {
    412: {
        "description": "Somebody changed it since you read it.",
        "content": {PROBLEM: {"schema": SHAPE}},
    }
}


def get_wanted(
    municipality: InMunicipality,
    kind: Annotated[
        str | None, Query(max_length=400, description=f"{', '.join(VERDICTS)}; several by comma.")
    ] = None,
    street: Annotated[
        str | None, Query(max_length=200, pattern=r"^[^\x00]*$", description="Street name, exactly.")
    ] = None,
    shop_unit: Annotated[int | None, Query(ge=0, le=LARGEST_KEY, description="Only of this unit.")] = None,
    status: Annotated[
        Status, Query(description="What is open, or what was decided and still holds.")
    ] = "open",
) -> Wanted:
    """
    Read which items are asked for.

    Raises
    ------
    Malformed
        When a kind is not known.
    """
    kinds = tuple(part.strip() for part in (kind or "").split(",") if part.strip())
    if unknown := set(kinds) - set(VERDICTS):
        raise Malformed(
            f"kind={', '.join(sorted(unknown))} is not known.", f"Choose from {', '.join(VERDICTS)}."
        )
    return Wanted(municipality, status, kinds, street, shop_unit)


InWanted = Annotated[Wanted, Depends(get_wanted)]


@router.get("/worklist", response_model=Worklist)
def list_worklist(
    wanted: InWanted,
    session: InSession,
    request: Request,
    language: InLanguage,
    order: Annotated[Order, Query(description="By street and number, or longest not seen first.")] = "street",
    limit: Annotated[int, Query(ge=1, le=500, description="Items a page.")] = 100,
    cursor: Annotated[str | None, Query(max_length=1000, description="Where a page begins.")] = None,
) -> dict[str, Any]:
    """Stale shop units and what two sources say differently, as of now, each with both sides and what may be decided."""
    return service.list_items(
        session,
        wanted,
        language,
        order=order,
        limit=limit,
        cursor=cursor,
        path=request.url.path,
        query=dict(request.query_params),
    )


@router.get("/worklist.csv", response_class=Response, responses=CSV_FILE)
def export_worklist(wanted: InWanted, session: InSession, language: InLanguage) -> Response:
    """The items asked for in street order, for a spreadsheet or for paper; its last column is to be filled in outside."""
    name, content = service.worklist_csv(session, wanted, language)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/worklist/decisions", response_model=PastDecisions)
def list_decisions(
    municipality: InMunicipality,
    session: InSession,
    shop_unit: Annotated[int | None, Query(ge=0, le=LARGEST_KEY, description="Only of this unit.")] = None,
    limit: Annotated[int, Query(ge=1, le=500, description="Decisions a page.")] = 50,
    before: Annotated[
        int | None, Query(ge=0, le=LARGEST_KEY, description="Only older than this one.")
    ] = None,
) -> dict[str, Any]:
    """What was decided, by whom and why, newest first; also what was taken back, and by whom."""
    return service.list_decisions(session, municipality, shop_unit=shop_unit, limit=limit, before=before)


@router.post(
    "/worklist/decisions",
    dependencies=OURS_ONLY,
    status_code=201,
    response_model=Decided,
    responses=MEANWHILE,
)
def add_decisions(session: InSession, given: DecisionIn) -> dict[str, Any]:
    """Settle items. Nothing else is changed, unless the other source is right and you say what is to be written."""
    return {"decisions": deciding.decide(session, given.model_dump())}


@router.post("/worklist/decisions/undo", dependencies=OURS_ONLY, status_code=201, response_model=Decided)
def undo_decisions(session: InSession, given: UndoIn) -> dict[str, Any]:
    """Take decisions back, with what they wrote."""
    return {"decisions": deciding.undo(session, given.model_dump())}
