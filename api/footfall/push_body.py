"""What a supplier sends: read with limits, unpacked, and checked row by row."""

import asyncio
import zlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from api.errors import RowsRefused, TooBusy, TooLarge, TooSlow, WrongMedia
from api.settings import get_settings

MAX_ROWS = 50_000
MAX_PER_HOUR = 30_000.0
READ_SECONDS = 20.0
RETRY_SECONDS = 2
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
# The clock of a counter may be a little ahead of ours.
AHEAD = timedelta(hours=1)


class PushedCount(BaseModel):
    """One reading."""

    model_config = ConfigDict(extra="forbid")

    sensor: Annotated[str, Field(min_length=1, max_length=200, description="Code of the sensor.")]
    start: Annotated[AwareDatetime, Field(description="Start of the interval, with its offset or Z.")]
    minutes: Annotated[int, Field(ge=5, le=1440, description="Length of the interval.")] = 60
    mode: Annotated[Literal["ped", "bike", "auto", "truck", "all"], Field(description="Who passes.")] = "ped"
    direction: Annotated[Literal["a", "b", "both"], Field(description="One direction, or both together.")] = (
        "both"
    )
    value: Annotated[
        float, Field(ge=0, allow_inf_nan=False, description="Passages, entries or people present.")
    ]
    uptime: Annotated[
        float | None, Field(ge=0, le=1, allow_inf_nan=False, description="Share of the interval it counted.")
    ] = None


class PushedBatch(BaseModel):
    """The readings of one batch."""

    model_config = ConfigDict(extra="forbid")

    counts: Annotated[list[PushedCount], Field(min_length=1, max_length=MAX_ROWS)]


BATCH = TypeAdapter(PushedBatch)
SCHEMA = {
    "type": "object",
    "required": ["counts"],
    "additionalProperties": False,
    "properties": {
        "counts": {
            "type": "array",
            "minItems": 1,
            "maxItems": MAX_ROWS,
            "items": PushedCount.model_json_schema(),
        }
    },
}
REMEDIES = {
    "sensor": "Give the code under which the city knows the sensor.",
    "start": "Write the moment with its offset, such as 2026-11-29T10:05:00+01:00 or 2026-11-29T09:05:00Z.",
    "minutes": "Give 5 to 1440 minutes.",
    "mode": "Give ped, bike, auto, truck or all.",
    "direction": "Give a, b or both.",
    "value": "Give a number from 0; leave the row out where nothing was counted.",
    "uptime": "Give a share from 0 to 1, or leave it out.",
}


def fault(row: int | None, column: str | None, value: Any, reason: str, remedy: str) -> dict[str, Any]:
    """What is wrong with one row; rows count from 1."""
    shown = None if value is None else str(value)[:100]
    return {"row": row, "column": column, "value": shown, "reason": reason, "remedy": remedy}


class Slots:
    """How many batches are worked on at once in this process."""

    def __init__(self) -> None:
        self.taken = 0

    async def take(self) -> AsyncIterator[None]:
        """
        Hold a place while a batch is worked on.

        Raises
        ------
        TooBusy
            When all places are taken.
        """
        if self.taken >= get_settings().push_concurrent:
            raise TooBusy(
                f"{self.taken} batches are being stored already.",
                f"Send this batch again in {RETRY_SECONDS} seconds: nothing of it was stored.",
                headers={"Retry-After": str(RETRY_SECONDS)},
            )
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1


SLOTS = Slots()


async def read_batch(request: Request) -> PushedBatch:
    """
    Read and check the body of a request.

    Raises
    ------
    TooLarge
        When it is larger than the setting allows, packed or unpacked.
    TooSlow
        When it does not come in time.
    WrongMedia
        When it is packed in another way than gzip.
    RowsRefused
        When it is no batch, or a row is wrong.
    """
    limit = get_settings().push_max_mb * 1_000_000
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"identity", "gzip"}:
        raise WrongMedia(
            f"Content-Encoding {coding} cannot be read.", "Send plain JSON, or JSON packed with gzip."
        )
    try:
        async with asyncio.timeout(READ_SECONDS):
            body = await _limited(request, limit)
    except TimeoutError:
        raise TooSlow(
            f"The batch did not come within {READ_SECONDS:.0f} seconds.",
            "Send smaller batches, or pack them with gzip.",
        ) from None
    return check_rows(_unpacked(body, limit) if coding == "gzip" else body)


async def _limited(request: Request, limit: int) -> bytes:
    told = request.headers.get("content-length", "")
    body = bytearray()
    if told.isdecimal() and int(told) > limit:
        raise _too_large(limit)
    async for part in request.stream():
        body += part
        if len(body) > limit:
            raise _too_large(limit)
    return bytes(body)


def _unpacked(body: bytes, limit: int) -> bytes:
    packed = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        plain = packed.decompress(body, limit + 1)
    except zlib.error:
        plain = b""
    if len(plain) > limit:
        raise _too_large(limit)
    if not packed.eof:
        told = fault(None, None, None, "The body is not whole gzip.", "Pack it again, or send plain JSON.")
        raise RowsRefused([told])
    return plain


def _too_large(limit: int) -> TooLarge:
    return TooLarge(
        f"A batch may hold {limit / 1e6:.0f} MB, unpacked.",
        "Send the counts in several batches; each is stored whole or not.",
    )


def check_rows(body: bytes, *, now: datetime | None = None) -> PushedBatch:
    """
    Read JSON as a batch.

    Raises
    ------
    RowsRefused
        When it is none, with what is wrong row by row.
    """
    try:
        batch = BATCH.validate_json(body)
    except ValidationError as error:
        raise RowsRefused([_told(each) for each in error.errors(include_url=False)]) from None
    latest = (now or datetime.now(UTC)) + AHEAD
    faults: list[dict[str, Any]] = []
    seen: dict[tuple[str, float, str, str], int] = {}
    for number, row in enumerate(batch.counts, start=1):
        if not EARLIEST <= row.start <= latest:
            reason = "Nothing can have been counted at that time."
            faults.append(
                fault(number, "start", row.start.isoformat(), reason, "Check the clock of the counter.")
            )
        if row.value * 60 / row.minutes > MAX_PER_HOUR:
            reason = f"More than {MAX_PER_HOUR:,.0f} per hour is more than a counter can see."
            faults.append(
                fault(number, "value", row.value, reason, "Check the counter, and leave the row out.")
            )
        key = (row.sensor, row.start.timestamp(), row.mode, row.direction)
        if key in seen:
            reason = f"Row {seen[key]} has the same sensor, start, mode and direction."
            faults.append(fault(number, "start", row.start.isoformat(), reason, "Send one of the two."))
        seen.setdefault(key, number)
    if faults:
        raise RowsRefused(faults)
    return batch


def _told(error: Any) -> dict[str, Any]:
    """What pydantic found, in words of ours."""
    where = error["loc"]
    if len(where) < 2:
        return fault(
            None, str(where[0]) if where else None, None, f"The body is no batch: {error['msg']}.",
            'Send {"counts": [{"sensor": "...", "start": "...", "minutes": 5, "value": 12}, ...]}.',
        )  # fmt: skip
    column = str(where[2]) if len(where) > 2 else None
    given = None if error["type"] == "missing" else error["input"]
    remedy = REMEDIES.get(column or "", "Leave it out: it is no column of a count.")
    return fault(int(where[1]) + 1, column, given, f"{error['msg']}.", remedy)
