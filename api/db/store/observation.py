"""What was seen in shop units becomes history: occupancies and vacancy spells."""

from typing import Any

from api.db.models.unit import BRANCH_VERSION
from api.db.store.merge import Stage
from api.db.store.targets import Check

OLDER = Check(
    "",
    "seen_on",
    "Something newer is already known of this unit.",
    "Import the older file first, or leave the row out.",
)

# What a row says, beside what is known: the period that is open, of either kind.
SEEN = """
CREATE TEMP TABLE seen ON COMMIT DROP AS
SELECT s.row_number, s.ctid AS at, u.id AS unit_id, s.status, s.occupant_name, s.is_chain,
    CASE WHEN s.status = 'non_retail' THEN coalesce(b.code, 'other_non_retail') ELSE b.code END AS branch_code,
    coalesce(s.is_anchor, false) AS is_anchor, s.vacant_since, s.market_status, s.asking_rent_eur_per_month,
    coalesce(s.seen_on, current_date) AS seen_on, before.seen_on AS seen_before_on,
    o.id AS occupancy_id, lower(o.period) AS occupied_from, o.occupant_name AS known_name, o.branch_code AS known_branch,
    v.id AS spell_id, v.start_latest_on AS vacant_from
FROM stage_shop_unit s
JOIN shop_unit u ON u.nis_code = s.nis_code AND u.local_code = s.local_code
LEFT JOIN code_list b ON b.scheme = 'branch' AND b.version = %(version)s AND b.code = s.branch_code
LEFT JOIN occupancy o ON o.shop_unit_id = u.id AND upper_inf(o.period) AND NOT o.is_popup
LEFT JOIN vacancy_spell v ON v.shop_unit_id = u.id AND v.ended_on IS NULL
LEFT JOIN LATERAL (
    SELECT coalesce((c.before->>'last_seen_on')::date, u.last_seen_on) AS seen_on FROM import_change c
    WHERE c.batch_id = %(batch)s AND c.table_name = 'shop_unit' AND c.row_key = jsonb_build_object('id', u.id)
    UNION ALL SELECT u.last_seen_on WHERE u.batch_id IS DISTINCT FROM %(batch)s
    LIMIT 1
) before ON true
WHERE NOT s.is_gone AND s.status IN ('occupied', 'vacant', 'non_retail')
"""

IS_TRADING = "n.status <> 'vacant'"
IS_OTHER = (
    "n.occupancy_id IS NOT NULL AND (n.occupant_name IS NOT NULL AND n.known_name IS DISTINCT FROM n.occupant_name "
    "OR n.occupant_name IS NULL AND n.branch_code IS NOT NULL AND n.known_branch IS NOT NULL "
    "AND n.known_branch <> n.branch_code)"
)


def observe(stage: Stage) -> dict[str, int]:
    """
    Turn the observations in a staged shop-unit file into periods.

    An open period that still holds is left alone; one that no longer holds is closed on the day of the
    observation (or the day the file gives) and the next one opens. Closings are recorded like any change.

    Returns
    -------
    How many periods were opened, closed and refined.
    """
    cursor, batch = stage.cursor, stage.batch
    if "status" not in stage.given:
        return {}
    cursor.execute(SEEN, {"version": BRANCH_VERSION, "batch": batch.id})
    _refuse_older(stage)
    report = {
        "closed": _close(stage, "vacancy_spell", f"{IS_TRADING} AND n.spell_id IS NOT NULL")
        + _close(stage, "occupancy", f"(n.status = 'vacant' OR {IS_OTHER}) AND n.occupancy_id IS NOT NULL"),
        "refined": _refine(stage),
        "opened": _open_occupancies(cursor, batch) + _open_spells(cursor, batch),
    }
    cursor.execute("DROP TABLE seen")
    return report


def _refuse_older(stage: Stage) -> None:
    """A row older than the open period it contradicts cannot be placed in time."""
    cursor = stage.cursor
    contradicts = (
        f"({IS_TRADING} AND n.spell_id IS NOT NULL AND n.seen_on <= n.vacant_from) OR "
        "(n.status = 'vacant' AND n.occupancy_id IS NOT NULL "
        "AND coalesce(n.vacant_since, n.seen_on) <= n.occupied_from) OR "
        f"({IS_TRADING} AND {IS_OTHER} AND n.seen_on <= n.occupied_from)"
    )
    cursor.execute(
        "INSERT INTO import_refusal (batch_id, target, row_number, column_name, value, reason, remedy) "
        f"SELECT %s, 'shop_unit', row_number, %s, seen_on::text, %s, %s FROM seen n WHERE {contradicts}",
        [stage.batch.id, OLDER.column, OLDER.reason, OLDER.remedy],
    )
    stage.outcome.refused += cursor.rowcount
    cursor.execute(f"DELETE FROM seen n WHERE {contradicts}")


def _close(stage: Stage, table: str, condition: str) -> int:
    """Close the open period of every seen row that meets `condition`; record it as a change."""
    if table == "occupancy":
        last_on = "CASE WHEN n.status = 'vacant' THEN coalesce(n.vacant_since, n.seen_on) ELSE n.seen_on END"
        key, old, new = (
            "occupancy_id",
            "'period', t.period",
            f"'period', daterange(lower(t.period), {last_on})",
        )
        change = f"period = daterange(lower(t.period), {last_on})"
    else:
        key, old = "spell_id", "'ended_on', t.ended_on, 'end_reason', t.end_reason"
        new, change = "'ended_on', n.seen_on, 'end_reason', 'let'", "ended_on = n.seen_on, end_reason = 'let'"
    return _change(stage, table, key, condition, old=old, new=new, change=change)


def _change(stage: Stage, table: str, key: str, condition: str, *, old: str, new: str, change: str) -> int:
    cursor = stage.cursor
    cursor.execute(
        "INSERT INTO import_change (batch_id, table_name, row_key, before, after) "
        f"SELECT %s, '{table}', jsonb_build_object('id', t.id), jsonb_build_object({old}), jsonb_build_object({new}) "
        f"FROM seen n JOIN {table} t ON t.id = n.{key} WHERE {condition}",
        [stage.batch.id],
    )
    cursor.execute(f"UPDATE {table} t SET {change} FROM seen n WHERE t.id = n.{key} AND ({condition})")
    return int(cursor.rowcount)


def _refine(stage: Stage) -> int:
    """Bring what is known of a period that still holds up to date."""
    differs = (
        "n.status = 'vacant' AND n.spell_id IS NOT NULL AND "
        "(n.market_status IS NOT NULL AND n.market_status IS DISTINCT FROM t.market_status OR "
        "n.asking_rent_eur_per_month IS NOT NULL AND "
        "n.asking_rent_eur_per_month IS DISTINCT FROM t.asking_rent_eur_per_month)"
    )
    old = "'market_status', t.market_status, 'asking_rent_eur_per_month', t.asking_rent_eur_per_month"
    new = (
        "'market_status', coalesce(n.market_status, t.market_status), "
        "'asking_rent_eur_per_month', coalesce(n.asking_rent_eur_per_month, t.asking_rent_eur_per_month)"
    )
    change = (
        "market_status = coalesce(n.market_status, t.market_status), "
        "asking_rent_eur_per_month = coalesce(n.asking_rent_eur_per_month, t.asking_rent_eur_per_month)"
    )
    refined = _change(stage, "vacancy_spell", "spell_id", differs, old=old, new=new, change=change)
    known = f"{IS_TRADING} AND NOT ({IS_OTHER}) AND n.branch_code IS NOT NULL AND t.branch_code IS NULL"
    return refined + _change(
        stage,
        "occupancy",
        "occupancy_id",
        known,
        old="'branch_code', t.branch_code",
        new="'branch_code', n.branch_code",
        change="branch_code = n.branch_code",
    )


def _open_occupancies(cursor: Any, batch: Any) -> int:
    """A new occupant; the first day is only known exactly when an earlier visit narrowed it down."""
    cursor.execute(
        "INSERT INTO occupancy (shop_unit_id, period, start_basis, occupant_name, branch_code, is_chain, is_anchor, "
        "batch_id, dataset_id) "
        "SELECT unit_id, daterange(seen_on, NULL), "
        "CASE WHEN seen_before_on IS NULL THEN 'first_seen' ELSE 'between_visits' END, "
        "occupant_name, branch_code, is_chain, is_anchor, %s, %s FROM seen n "
        f"WHERE {IS_TRADING} AND (n.occupancy_id IS NULL OR {IS_OTHER})",
        [batch.id, batch.dataset_id],
    )
    return int(cursor.rowcount)


def _open_spells(cursor: Any, batch: Any) -> int:
    """A new spell: exact when the file says since when, else between the last visit and this one."""
    cursor.execute(
        "INSERT INTO vacancy_spell (shop_unit_id, start_earliest_on, start_latest_on, start_basis, market_status, "
        "asking_rent_eur_per_month, last_branch_code, batch_id, dataset_id) "
        "SELECT unit_id, coalesce(vacant_since, CASE WHEN seen_before_on <= seen_on THEN seen_before_on END), "
        "coalesce(vacant_since, seen_on), "
        "CASE WHEN vacant_since IS NOT NULL THEN 'exact' WHEN seen_before_on IS NULL THEN 'first_seen' "
        "ELSE 'between_visits' END, market_status, asking_rent_eur_per_month, known_branch, %s, %s FROM seen "
        "WHERE status = 'vacant' AND spell_id IS NULL",
        [batch.id, batch.dataset_id],
    )
    return int(cursor.rowcount)
