"""The route by which suppliers push counts: the one write that others than our own pages may do."""

from typing import Annotated, Any

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.dependencies import InOwnSession
from api.errors import described
from api.footfall import push
from api.footfall.push_body import SCHEMA, SLOTS, PushedBatch, read_batch
from api.room import Room

router = Room(prefix="/api", tags=["footfall"])

BEARER = HTTPBearer(auto_error=False, description="Token that the city made with: kernkaart supplier add")
InToken = Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]
FAILS = described(
    {
        401: "The token is missing, unknown or revoked.",
        408: "The batch did not come in time.",
        413: "The batch is too large.",
        415: "The batch is packed in another way than gzip.",
        429: "Too many batches at once; Retry-After says when to send it again.",
    }
)
BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": SCHEMA}}}}


# The order matters: a place, then the body, and a connection to the database only when there is something to store.
@router.post(
    "/push/counts",
    dependencies=[Depends(SLOTS.take, scope="function")],
    responses=FAILS,
    openapi_extra=BODY,
)
def add_counts(
    batch: Annotated[PushedBatch, Depends(read_batch)], token: InToken, session: InOwnSession
) -> dict[str, Any]:
    """
    Store counts of a supplier's own sensors: a batch whole, or nothing of it.

    The same counts again change nothing, so a batch whose answer was lost may be sent again. A count that differs
    replaces the one that was there, with a trace. JSON may be packed (`Content-Encoding: gzip`).
    """
    return push.store_counts(session, token.credentials if token else None, batch)
