"""SQL about the sensors of several municipalities."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session


def sensor_names(session: Session, nis_codes: Sequence[str]) -> Sequence[RowMapping]:
    """Passage sensors with the municipality they stand in."""
    query = text(
        "SELECT s.id, s.code, s.name, s.nis_code, s.instrument, d.name AS source FROM footfall_sensor s "
        "LEFT JOIN dataset d ON d.id = s.dataset_id "
        "WHERE s.nis_code = ANY(:nis) AND s.measure_kind = 'passage' ORDER BY s.name, s.id"
    )
    return session.execute(query, {"nis": list(nis_codes)}).mappings().all()


def newest_hour(session: Session, nis_code: str) -> datetime | None:
    """The last hour in which people on foot were counted; None where none ever were."""
    query = text(
        "SELECT max(l.at) FROM footfall_sensor s CROSS JOIN LATERAL (SELECT h.start_at AS at FROM footfall_hour h "
        "WHERE h.sensor_id = s.id AND h.mode = 'ped' ORDER BY h.start_at DESC LIMIT 1) l "
        "WHERE s.nis_code = :nis AND s.measure_kind = 'passage'"
    )
    newest: datetime | None = session.execute(query, {"nis": nis_code}).scalar()
    return newest


def counted_municipalities(session: Session) -> Sequence[RowMapping]:
    """Municipalities in which anything is counted."""
    query = text(
        "SELECT m.nis_code, m.name_nl AS name FROM municipality m WHERE EXISTS (SELECT 1 FROM footfall_sensor s "
        "WHERE s.nis_code = m.nis_code AND s.measure_kind = 'passage') ORDER BY m.name_nl"
    )
    return session.execute(query).mappings().all()
