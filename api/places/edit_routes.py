"""Routes that split, join and end shop units."""

from typing import Any

from fastapi import Depends

from api.dependencies import InKey, InMunicipality, InSession, refuse_other_sites
from api.places import edit_schemas as schemas
from api.places import editing
from api.room import Room

router = Room(prefix="/api", tags=["places"])
OURS_ONLY = [Depends(refuse_other_sites)]


@router.get("/shop-units/{unit_id}/neighbours", response_model=schemas.NeighbourList)
def list_neighbours(unit_id: InKey, session: InSession) -> dict[str, Any]:
    """Active shop units around one, nearest first: those it may be joined with."""
    return {"items": editing.list_neighbours(session, unit_id)}


@router.post(
    "/shop-units/{unit_id}/split", response_model=schemas.EditAnswer, status_code=201, dependencies=OURS_ONLY
)
def split_shop_unit(unit_id: InKey, asked: schemas.SplitAsked, session: InSession) -> dict[str, Any]:
    """Split a shop unit into parts. Floor area and history are kept, and it can be undone."""
    return editing.split(session, unit_id, asked.model_dump())


@router.post("/shop-units/merge", response_model=schemas.EditAnswer, status_code=201, dependencies=OURS_ONLY)
def merge_shop_units(asked: schemas.MergeAsked, session: InSession) -> dict[str, Any]:
    """Join shop units into one. Floor area and history are kept, and it can be undone."""
    return editing.merge(session, asked.model_dump())


@router.post(
    "/shop-units/{unit_id}/end", response_model=schemas.EditAnswer, status_code=201, dependencies=OURS_ONLY
)
def end_shop_unit(unit_id: InKey, asked: schemas.EndAsked, session: InSession) -> dict[str, Any]:
    """End a shop unit that was converted or pulled down. Its history stays, and it can be undone."""
    return editing.end(session, unit_id, asked.model_dump())


@router.get("/edits", response_model=schemas.EditList)
def list_edits(municipality: InMunicipality, session: InSession) -> dict[str, Any]:
    """The latest hundred edits of a municipality, newest first."""
    return {"items": editing.list_edits(session, municipality)}


@router.post("/edits/{edit_id}/undo", response_model=schemas.UndoneAnswer, dependencies=OURS_ONLY)
def undo_edit(edit_id: InKey, session: InSession) -> dict[str, Any]:
    """Take an edit back, unless something newer rests on it."""
    return editing.undo(session, edit_id)
