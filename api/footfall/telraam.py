"""Asking Telraam for the hours of a segment; what it answers goes the way of any Telraam file."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

PATH = "/v1/reports/traffic"
# Telraam gives at most three months at once.
MOST_DAYS = 90
TRIES = 6
LONGEST_PAUSE_S = 120.0
TIMEOUT_S = 60.0
AGAIN = {429, 500, 502, 503, 504}


class TelraamRefused(Exception):
    """Telraam did not give what was asked; the message says why and what can be done."""


@dataclass(frozen=True)
class Telraam:
    """Where Telraam is asked, and how long to wait for it.

    Attributes
    ----------
    url
        Its address.
    key
        The key it gave.
    pause
        Waits so many seconds.
    """

    url: str
    key: str
    pause: Callable[[float], None] = time.sleep

    def report(self, segment: str, first_at: datetime, last_at: datetime) -> bytes:
        """
        Hours of a segment as Telraam's JSON.

        Raises
        ------
        TelraamRefused
            When it does not answer, or not with a report.
        """
        asked = {
            "level": "segments",
            "format": "per-hour",
            "id": segment,
            "time_start": f"{first_at.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}",
            "time_end": f"{last_at.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}",
        }
        body = self._answer(json.dumps(asked).encode())
        try:
            told = json.loads(body)
        except ValueError:
            told = None
        if not isinstance(told, dict) or not isinstance(told.get("report"), list):
            said = told.get("message") or told.get("errorMessage") if isinstance(told, dict) else None
            raise TelraamRefused(f"Telraam gave no report of segment {segment}: {said or 'no reason told'}.")
        return json.dumps(told["report"]).encode() if told["report"] else b""

    def _answer(self, body: bytes) -> bytes:
        headers = {"X-Api-Key": self.key, "Content-Type": "application/json"}
        request = urllib.request.Request(self.url.rstrip("/") + PATH, body, headers, method="POST")
        why = ""
        for tried in range(TRIES):
            pause = min(2.0**tried, LONGEST_PAUSE_S)
            try:
                with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                    found: bytes = answer.read()
                    return found
            except urllib.error.HTTPError as error:
                why = f"it answered {error.code}"
                if error.code not in AGAIN:
                    raise TelraamRefused(_reason(error.code)) from error
                pause = _told_pause(error, pause)
            except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
                why = str(getattr(error, "reason", error))
            if tried < TRIES - 1:
                self.pause(pause)
        raise TelraamRefused(f"Telraam was asked {TRIES} times in vain ({why}). Ask again later.")


def _told_pause(error: urllib.error.HTTPError, otherwise: float) -> float:
    told = error.headers.get("Retry-After", "") if error.headers else ""
    return min(float(told), LONGEST_PAUSE_S) if told.isdecimal() else otherwise


def _reason(status: int) -> str:
    if status in {401, 403}:
        return "Telraam does not know the key. Set KERNKAART_TELRAAM_KEY to a good one."
    return f"Telraam refused the question (it answered {status}). Check the code of the sensor: it is the segment."


def windows(
    last_at: datetime | None, *, now: datetime, first_days: int
) -> Iterator[tuple[datetime, datetime]]:
    """Spans to ask, from the last hour stored (which may have been completed since) to the last whole hour."""
    end = now.replace(minute=0, second=0, microsecond=0)
    begin = last_at or end - timedelta(days=first_days)
    while begin < end:
        until = min(begin + timedelta(days=MOST_DAYS), end)
        yield begin, until
        begin = until


def sensors(session: Session, nis_codes: list[str] | None) -> list[Any]:
    """Telraam sensors that still count, with the last hour stored of each."""
    query = text(
        "SELECT s.id, s.nis_code, s.code, s.name, (SELECT max(c.start_at) FROM footfall_count c "
        "WHERE c.sensor_id = s.id) AS last_at FROM footfall_sensor s WHERE s.instrument = 'telraam' "
        "AND (s.active_to IS NULL OR s.active_to > current_date) "
        "AND (CAST(:nis AS text[]) IS NULL OR s.nis_code = ANY(:nis)) ORDER BY s.nis_code, s.code"
    )
    return list(session.execute(query, {"nis": nis_codes}).all())
