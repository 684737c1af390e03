"""Hours of a sensor as OSLO Verkeersmetingen, for others to read."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.errors import NotAnswerable, NotYours
from api.footfall import queries, service
from api.importers.oslo_terms import (
    CONTEXT,
    COUNT,
    DIRECTION_CODE,
    FEATURE,
    INSTRUMENT,
    INSTRUMENT_CODE,
    LINK_DIRECTION,
    MODE_CODE,
    VEHICLE,
)

HOURS = """
SELECT start_at, mode, passages, passages_a, passages_b, minutes_valid, n_flagged FROM footfall_hour
WHERE sensor_id = :id AND start_at >= :first AND start_at < :last AND minutes_valid > 0 AND longest_minutes <= 60
ORDER BY start_at, mode
"""
SPAN = timedelta(days=31)


def measurements(
    session: Session, sensor_id: int, *, first_at: datetime | None, last_at: datetime | None
) -> dict[str, Any]:
    """
    Hours of a sensor as JSON-LD; never finer than an hour, and valid counts only.

    Raises
    ------
    NotFound
        When there is no such sensor.
    NotAnswerable
        When it measures something else than passages, for which the standard has no words.
    NotYours
        When the licence of its counts does not allow rows to be given to others.
    """
    sensor = service.get_sensor(session, sensor_id)
    if sensor["measure_kind"] != "passage":
        raise NotAnswerable(
            f"Sensor {sensor['name']} measures {sensor['measure_kind']}, for which the standard has no word.",
            "Ask for a sensor that counts passages.",
            code="sensor_counts_no_passages",
            sensor=sensor["name"],
        )
    if not queries.may_redistribute(session, sensor_id):
        raise NotYours(
            "The licence of these counts does not allow rows to be given to others.",
            "Ask the publisher for them.",
            code="counts_not_given",
        )
    first, last = service.window(sensor, first_at, last_at, span=SPAN)
    rows = session.execute(text(HOURS), {"id": sensor_id, "first": first, "last": last}).mappings().all()
    base = f"urn:kernkaart:sensor:{sensor['id']}"
    graph: list[dict[str, Any]] = [_sensor(sensor, base)]
    parts = [part for row in rows for part in _measurements(row, base)]
    graph += [
        _point(sensor, base, way)
        for way in DIRECTION_CODE
        if any(p["geobserveerdObject"] == f"{base}:{way}" for p in parts)
    ]
    return {"@context": CONTEXT, "@graph": graph + parts}


def _sensor(sensor: dict[str, Any], base: str) -> dict[str, Any]:
    code = INSTRUMENT_CODE[sensor["instrument"]]
    return {
        "@id": base,
        "@type": "Sensor",
        "identificator": sensor["code"],
        "naam": sensor["name"],
        "type": None if code is None else f"{INSTRUMENT}{code}",
    }


def _point(sensor: dict[str, Any], base: str, way: str) -> dict[str, Any]:
    point: dict[str, Any] = {
        "@id": f"{base}:{way}",
        "@type": "Verkeersmeetpunt",
        "rijrichting": f"{LINK_DIRECTION}{DIRECTION_CODE[way]}",
    }
    if name := sensor.get(f"direction_{way}"):
        point["naam"] = name
    if sensor["lon"] is not None:
        point["geometrie"] = {"asWKT": f"POINT({sensor['lon']:.7f} {sensor['lat']:.7f})"}
    return point


def _measurements(row: Any, base: str) -> list[dict[str, Any]]:
    """The two directions where they make up the whole, else both together: never all three."""
    a, b, both = row["passages_a"], row["passages_b"], row["passages"]
    told = None not in {a, b} and abs(a + b - both) < 1e-6 * max(1.0, both)
    values = {"a": a, "b": b} if told else {"both": both}
    mode = MODE_CODE[row["mode"]]
    return [
        {
            "@id": f"{base}:{way}:{row['mode']}:{row['start_at']:%Y%m%dT%H%MZ}",
            "@type": "Verkeersmeting",
            "fenomeentijd": {
                "@type": "time:ProperInterval",
                "begin": f"{row['start_at']:%Y-%m-%dT%H:%M:%SZ}",
                "einde": f"{row['start_at'] + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
            },
            "geobserveerdKenmerk": {
                "@type": "Verkeerskenmerk",
                "type": f"{FEATURE}{COUNT}",
                "voertuigType": None if mode is None else f"{VEHICLE}{mode}",
            },
            "geobserveerdObject": f"{base}:{way}",
            "uitgevoerdMet": base,
            "resultaat": value,
            "resultaatkwaliteit": {
                "countedMinutes": row["minutes_valid"],
                "flaggedReadings": row["n_flagged"],
            },
        }
        for way, value in values.items()
    ]
