"""SQL of what became of cases."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

CASE_COLUMNS = (
    "id", "made_on", "highest", "is_ended", "is_signed", "lead_days", "signed_on", "opened_days", "is_opened",
    "traded_days", "is_closed", "loss_reason", "is_wished", "is_unwanted", "is_temporary", "floor_area_m2",
)  # fmt: skip
# A branch is wished when a person had confirmed that, of the core or the municipality, on the day of the lease: what the case says of itself is no proof.
# What was taken back never happened; a lease that was taken back leaves the case in negotiation. Until when a shop
# trades is what the register says of the last unit it went on in, so that a move, split or merger is not a closure.
CASES = """
WITH RECURSIVE trading AS (
    SELECT c.id AS case_id, o.shop_unit_id, o.period FROM acquisition_case c
        JOIN occupancy o ON o.id = c.signed_occupancy_id WHERE c.nis_code = :nis AND c.removed_at IS NULL
    UNION SELECT t.case_id, n.shop_unit_id, n.period FROM trading t
        JOIN occupancy n ON n.moved_from_unit_id = t.shop_unit_id AND lower(n.period) = upper(t.period)
), told AS (
    SELECT c.*, CAST(c.made_at AS date) AS made_on, c.state IN ('lost', 'rejected') AS is_ended,
        (SELECT max(case_step(l.after ->> 'state')) FROM case_change l WHERE l.case_id = c.id AND l.kind <> 'undone'
            AND NOT EXISTS (SELECT 1 FROM case_change u WHERE u.undoes_id = l.id)) AS ever,
        (SELECT max(CAST(l.changed_at AS date)) FROM case_change l WHERE l.case_id = c.id
            AND l.after ->> 'state' IN ('lost', 'rejected')) AS ended_on,
        (SELECT CASE WHEN NOT bool_or(upper_inf(t.period)) THEN max(upper(t.period)) END FROM trading t
            WHERE t.case_id = c.id) AS closed_on,
        (SELECT s.floor_area_m2 FROM shop_unit s WHERE s.id = c.signed_unit_id) AS floor_area_m2
    FROM acquisition_case c WHERE c.nis_code = :nis AND c.removed_at IS NULL
)
SELECT id, made_on, least(ever, CASE WHEN signed_on IS NULL THEN 8 ELSE 12 END) - 1 AS highest, is_ended,
    signed_on IS NOT NULL AS is_signed,
    greatest(0, coalesce(signed_on, CASE WHEN is_ended THEN ended_on END, current_date) - made_on) AS lead_days,
    signed_on, coalesce(opened_on, current_date) - signed_on AS opened_days, opened_on IS NOT NULL AS is_opened,
    CASE WHEN opened_on IS NOT NULL AND signed_occupancy_id IS NOT NULL
        THEN greatest(0, least(closed_on, current_date) - opened_on) END AS traded_days,
    coalesce(closed_on <= current_date, false) AS is_closed, CASE WHEN state = 'lost' THEN loss_reason END AS loss_reason,
    coalesce(wish.stance = 'wished', false) AS is_wished, wish.stance = 'unwanted' AS is_unwanted, is_temporary, floor_area_m2
FROM told LEFT JOIN LATERAL (
    -- What was said of the core outweighs what was said of the municipality, unless it is open there.
    SELECT s.stance FROM (SELECT DISTINCT ON (w.core_code) w.core_code, w.stance FROM branch_wish w
        WHERE w.nis_code = :nis AND w.branch_code = told.branch_code AND w.undone_at IS NULL AND w.since_on <= told.signed_on
        AND (w.core_code IS NULL OR w.core_code = (SELECT k.code FROM shop_unit u JOIN core k ON k.id = u.core_id
            WHERE u.id = told.signed_unit_id))
        ORDER BY w.core_code, w.since_on DESC, w.id DESC) s
    WHERE s.stance <> 'open' ORDER BY s.core_code IS NULL LIMIT 1) wish ON true
ORDER BY id
"""


def cases(session: Session, nis_code: str) -> list[Any]:
    """One row a case with what the figures are made of, in the order of `CASE_COLUMNS`."""
    return [tuple(row) for row in session.execute(text(CASES), {"nis": nis_code}).all()]
