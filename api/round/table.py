"""Observations of a round as a table, one row each, replaced ones too."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.export.service import csv_file
from api.round.service import require_round

ROWS = """
SELECT r.name AS round, s.position + 1 AS walk, s.street, u.local_code,
    concat_ws(' ', u.street, nullif(concat(u.house_number, u.house_number_suffix), '')) AS address,
    o.status, o.branch_code, o.occupant_name, o.note, o.observed_at, o.received_at, o.officer, o.is_bulk, o.is_late,
    o.base_state, o.base_occupant_name, o.base_branch_code, o.decision, o.decided_at, o.decided_batch_id AS import,
    o.uid, o.supersedes, (SELECT count(*) FROM survey_photo p WHERE p.observation_id = o.id) AS photos
FROM survey_observation o
JOIN survey_round r ON r.id = o.round_id
JOIN shop_unit u ON u.id = o.shop_unit_id
JOIN survey_stop s ON s.round_id = o.round_id AND s.shop_unit_id = o.shop_unit_id
WHERE o.round_id = :id ORDER BY s.position, o.observed_at, o.id
"""


def to_csv(session: Session, key: int) -> bytes:
    """
    For spreadsheets: UTF-8 with BOM, semicolons.

    Raises
    ------
    NotFound
        When there is no such round.
    """
    require_round(session, key)
    found = session.execute(text(ROWS), {"id": key})
    return csv_file([list(found.keys()), *found])
