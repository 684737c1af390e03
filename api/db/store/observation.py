"""What was seen in shop units becomes history: occupancies and vacancy spells."""

from typing import Any

from api.db.models.unit import BRANCH_VERSION
from api.db.store.merge import Stage
from api.db.store.targets import Check

OLDER = Check(
    "",
    "seen_on",
    "Something newer is already known of this unit. The unit itself was kept, its period was not.",
    "Import the older file first, or leave the row out.",
)
CEASED = Check(
    "",
    "seen_on",
    "This unit was split, joined with another, converted or pulled down before that day. Its period was not kept.",
    "Use the code of the unit that is there now, or undo that edit.",
)
OVERLAPPING = Check(
    "",
    "seen_on",
    "The period would overlap one that is already known. The unit itself was kept, its period was not.",
    "Correct the date, or end the other period first.",
)

# What the interface calls these refusals, in three languages; by the sentence, which is all that a refusal keeps.
CODES = {
    OLDER.reason: "newer_known",
    CEASED.reason: "unit_gone",
    OVERLAPPING.reason: "period_overlaps",
}
OTHER_CODE = "history_forbids"

NOWHERE = Check(
    "",
    "moved_from_local_code",
    "No other shop unit with this code in this municipality. The occupant was kept, where it came from was not.",
    "Correct the code of the unit that was left.",
)

# What a row says, beside what is known: the period that is open, of either kind.
SEEN = """
CREATE TEMP TABLE seen ON COMMIT DROP AS
SELECT s.row_number, u.id AS unit_id, s.status, s.occupant_name, s.is_chain, s.is_anchor,
    CASE WHEN s.status <> 'non_retail' THEN b.code
        ELSE coalesce(b.code, CASE WHEN k.parent_code = 'non_retail' THEN k.code END, 'other_non_retail')
    END AS branch_code,
    s.vacant_since, s.market_status, s.asking_rent_eur_per_month,
    coalesce(s.seen_on, current_date) AS seen_on, u.valid_to AS ceased_on, before.seen_on AS seen_before_on,
    (SELECT f.id FROM shop_unit f WHERE f.nis_code = s.nis_code AND f.local_code = s.moved_from_local_code
        AND f.id <> u.id) AS moved_from_id, s.moved_from_local_code,
    o.id AS occupancy_id, lower(o.period) AS occupied_from, o.occupant_name AS known_name, k.code AS known_branch,
    coalesce(k.parent_code = 'non_retail', false) AS was_non_retail,
    v.id AS spell_id, v.start_latest_on AS vacant_from
FROM stage_shop_unit s
JOIN shop_unit u ON u.nis_code = s.nis_code AND u.local_code = s.local_code
LEFT JOIN code_list b ON b.scheme = 'branch' AND b.version = %(version)s AND b.code = s.branch_code
LEFT JOIN occupancy o ON o.shop_unit_id = u.id AND upper_inf(o.period) AND NOT o.is_popup
LEFT JOIN code_list k ON k.scheme = o.branch_scheme AND k.version = o.branch_version AND k.code = o.branch_code
LEFT JOIN vacancy_spell v ON v.shop_unit_id = u.id AND v.ended_on IS NULL
LEFT JOIN LATERAL (
    SELECT CASE WHEN jsonb_exists(c.before, 'last_seen_on') THEN (c.before->>'last_seen_on')::date
        ELSE u.last_seen_on END AS seen_on
    FROM import_change c
    WHERE c.batch_id = %(batch)s AND c.table_name = 'shop_unit' AND c.row_key = jsonb_build_object('id', u.id)
    UNION ALL SELECT u.last_seen_on WHERE u.batch_id IS DISTINCT FROM %(batch)s
    LIMIT 1
) before ON true
WHERE NOT s.is_gone AND s.status IN ('occupied', 'vacant', 'non_retail')
"""

IS_TRADING = "n.status <> 'vacant'"
# Another name is another occupant; without names another branch is. A shop that became a house did not stay.
IS_OTHER = (
    "(n.occupancy_id IS NOT NULL AND coalesce(n.was_non_retail <> (n.status = 'non_retail') "
    "OR lower(btrim(n.known_name)) <> lower(btrim(n.occupant_name)) "
    "OR (n.known_name IS NULL OR n.occupant_name IS NULL) AND n.known_branch <> n.branch_code, false))"
)
VACANT_FROM = "coalesce(n.vacant_since, n.seen_on)"
OPENS_SPELL = "n.status = 'vacant' AND n.spell_id IS NULL"
OPENS_OCCUPANCY = f"{IS_TRADING} AND (n.occupancy_id IS NULL OR {IS_OTHER})"
# What a later visit may add to a period that still holds.
REFINED = {
    "vacancy_spell": {
        "market_status": "coalesce(n.market_status, t.market_status)",
        "asking_rent_eur_per_month": "coalesce(n.asking_rent_eur_per_month, t.asking_rent_eur_per_month)",
    },
    "occupancy": {
        "occupant_name": "coalesce(t.occupant_name, n.occupant_name)",
        "branch_code": "coalesce(n.branch_code, t.branch_code)",
        "is_chain": "coalesce(n.is_chain, t.is_chain)",
        "is_anchor": "coalesce(n.is_anchor, t.is_anchor)",
    },
}


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
    _refuse(stage, CEASED, "n.ceased_on <= n.seen_on")
    _refuse(stage, OLDER, _is_older())
    _refuse(stage, OVERLAPPING, _overlaps())
    _tell(
        stage,
        NOWHERE,
        f"{OPENS_OCCUPANCY} AND n.moved_from_local_code IS NOT NULL AND n.moved_from_id IS NULL",
    )
    report = {
        "closed": _close(stage, "vacancy_spell", f"{IS_TRADING} AND n.spell_id IS NOT NULL")
        + _close(stage, "occupancy", f"(n.status = 'vacant' OR {IS_OTHER}) AND n.occupancy_id IS NOT NULL"),
        "refined": _refine(stage),
        "opened": _open_occupancies(cursor, batch) + _open_spells(cursor, batch),
    }
    cursor.execute("DROP TABLE seen")
    return report


def _is_older() -> str:
    """A row older than the open period it contradicts cannot be placed in time."""
    return (
        f"({IS_TRADING} AND n.spell_id IS NOT NULL AND n.seen_on <= n.vacant_from) OR "
        f"(n.status = 'vacant' AND n.occupancy_id IS NOT NULL AND {VACANT_FROM} <= n.occupied_from) OR "
        f"({IS_TRADING} AND {IS_OTHER} AND n.seen_on <= n.occupied_from)"
    )


def _overlaps() -> str:
    """Would the new period run into one that is not the one it ends?"""

    def held(table: str, known: str, first_on: str, more: str = "") -> str:
        return (
            f"EXISTS (SELECT 1 FROM {table} x WHERE x.shop_unit_id = n.unit_id AND x.id IS DISTINCT FROM n.{known} "
            f"AND x.period && daterange({first_on}, NULL){more})"
        )

    spell = f"{held('vacancy_spell', 'spell_id', VACANT_FROM)} OR " + held(
        "occupancy", "occupancy_id", VACANT_FROM, " AND NOT x.is_popup"
    )
    occupancy = f"{held('occupancy', 'occupancy_id', 'n.seen_on')} OR {held('vacancy_spell', 'spell_id', 'n.seen_on')}"
    return f"({OPENS_SPELL} AND ({spell})) OR ({OPENS_OCCUPANCY} AND ({occupancy}))"


def _refuse(stage: Stage, check: Check, condition: str) -> None:
    """Refuse what a row says of the history of its unit."""
    _tell(stage, check, condition)
    stage.cursor.execute(f"DELETE FROM seen n WHERE {condition}")


def _tell(stage: Stage, check: Check, condition: str) -> None:
    """List what is not taken from a row."""
    cursor = stage.cursor
    cursor.execute(
        "INSERT INTO import_refusal (batch_id, target, row_number, column_name, value, reason, remedy) "
        f"SELECT %s, 'shop_unit', row_number, %s, seen_on::text, %s, %s FROM seen n WHERE {condition}",
        [stage.batch.id, check.column, check.reason, check.remedy],
    )
    stage.outcome.refused += cursor.rowcount


def _close(stage: Stage, table: str, condition: str) -> int:
    """Close the open period of every seen row that meets `condition`; record it as a change."""
    if table == "occupancy":
        last_on = f"CASE WHEN n.status = 'vacant' THEN {VACANT_FROM} ELSE n.seen_on END"
        key, old = "occupancy_id", "jsonb_build_object('period', t.period)"
        new = f"jsonb_build_object('period', daterange(lower(t.period), {last_on}))"
        change = f"period = daterange(lower(t.period), {last_on})"
    else:
        key, old = "spell_id", "jsonb_build_object('ended_on', t.ended_on, 'end_reason', t.end_reason)"
        new = "jsonb_build_object('ended_on', n.seen_on, 'end_reason', 'let')"
        change = "ended_on = n.seen_on, end_reason = 'let'"
    return _change(stage, table, key, condition, old=old, new=new, change=change)


def _change(stage: Stage, table: str, key: str, condition: str, *, old: str, new: str, change: str) -> int:
    cursor = stage.cursor
    cursor.execute(
        "INSERT INTO import_change (batch_id, table_name, row_key, before, after) "
        f"SELECT %s, '{table}', jsonb_build_object('id', t.id), {old}, {new} "
        f"FROM seen n JOIN {table} t ON t.id = n.{key} WHERE {condition}",
        [stage.batch.id],
    )
    cursor.execute(f"UPDATE {table} t SET {change} FROM seen n WHERE t.id = n.{key} AND ({condition})")
    return int(cursor.rowcount)


def _refine(stage: Stage) -> int:
    """Bring what is known of a period that still holds up to date."""
    holds = {
        "vacancy_spell": "n.status = 'vacant' AND n.spell_id IS NOT NULL",
        "occupancy": f"{IS_TRADING} AND n.occupancy_id IS NOT NULL AND NOT {IS_OTHER}",
    }
    refined = 0
    for table, columns in REFINED.items():
        differs = {name: f"t.{name} IS DISTINCT FROM {value}" for name, value in columns.items()}
        old, new = (
            " || ".join(
                f"CASE WHEN {differs[name]} THEN jsonb_build_object('{name}', {shown}) ELSE '{{}}' END"
                for name, shown in pairs
            )
            for pairs in ([(name, f"t.{name}") for name in columns], list(columns.items()))
        )
        refined += _change(
            stage,
            table,
            "spell_id" if table == "vacancy_spell" else "occupancy_id",
            f"{holds[table]} AND ({' OR '.join(differs.values())})",
            old=old,
            new=new,
            change=", ".join(f"{name} = {value}" for name, value in columns.items()),
        )
    return refined


def _open_occupancies(cursor: Any, batch: Any) -> int:
    """A new occupant; the first day is only known exactly when an earlier visit narrowed it down."""
    cursor.execute(
        "INSERT INTO occupancy (shop_unit_id, period, start_basis, occupant_name, branch_code, is_chain, is_anchor, "
        "moved_from_unit_id, origin, batch_id, dataset_id) "
        "SELECT unit_id, daterange(seen_on, NULL), "
        "CASE WHEN seen_before_on IS NULL THEN 'first_seen' ELSE 'between_visits' END, "
        "occupant_name, branch_code, is_chain, coalesce(is_anchor, false), moved_from_id, "
        "CASE WHEN moved_from_id IS NULL THEN 'unknown' ELSE 'relocation_within' END, %s, %s FROM seen n "
        f"WHERE {OPENS_OCCUPANCY} ORDER BY row_number",
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
        "ELSE 'between_visits' END, market_status, asking_rent_eur_per_month, known_branch, %s, %s FROM seen n "
        f"WHERE {OPENS_SPELL} ORDER BY row_number",
        [batch.id, batch.dataset_id],
    )
    return int(cursor.rowcount)
