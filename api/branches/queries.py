"""SQL about branches: what is known of towns, what trades where, and what was said of it."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

# As far as somebody walks to a core.
NEAR_CORE_M = 1000.0
# Retail and what stands beside it in a street: what a town can wish for.
BRANCHES = (
    "SELECT b.code, b.parent_code AS branch_group, b.label_nl, b.label_fr, b.label_en FROM code_list b "
    "WHERE b.scheme = 'branch' AND b.version = :version AND b.parent_code NOT IN ('non_retail', 'vacant') "
    "ORDER BY b.sort_order, b.code"
)
GROUPS = (
    "SELECT code, code AS branch_group, label_nl, label_fr, label_en FROM code_list WHERE scheme = 'branch_group' "
    "AND version = :version AND code NOT IN ('non_retail', 'vacant') ORDER BY sort_order, code"
)
LATEST = (
    "LEFT JOIN LATERAL (SELECT x.value FROM sector_stat x WHERE x.sector_code = s.code AND x.key = '{key}' "
    "ORDER BY x.year DESC LIMIT 1) {name} ON true"
)
# What towns are compared by. People near a core are known once a refresh has placed them.
FACTS = f"""
WITH sectors AS (
    SELECT s.nis_code, p.value AS persons, i.value AS income FROM stat_sector s
    {LATEST.format(key="population", name="p")} {LATEST.format(key="income_median_eur", name="i")}
    WHERE s.nis_code = ANY(:codes) AND s.year = (SELECT max(t.year) FROM stat_sector t WHERE t.nis_code = s.nis_code)
), summed AS (
    SELECT nis_code, sum(persons) AS persons, sum(persons) FILTER (WHERE income IS NOT NULL) AS earning,
        sum(persons * income) AS earned FROM sectors GROUP BY nis_code
), near AS (
    SELECT p.nis_code, sum(p.persons) AS persons, sum(p.persons) FILTER (WHERE EXISTS (
        SELECT 1 FROM core c WHERE c.nis_code = p.nis_code AND st_dwithin(c.geom, p.geom, {NEAR_CORE_M}))) AS near
    FROM population_point p JOIN current_run r ON r.id = p.run_id WHERE p.nis_code = ANY(:codes) GROUP BY p.nis_code
), shops AS (
    SELECT nis_code, count(*) AS n_shops, count(branch_code) AS n_branch_known, max(last_seen_on) AS seen_on
    FROM shop_unit_state WHERE nis_code = ANY(:codes) AND state = 'occupied' GROUP BY nis_code
)
SELECT m.nis_code, m.name_nl, m.name_fr, m.name_en, m.is_demo,
    coalesce(m.population, s.persons)::float8 AS inhabitants, m.population_on,
    st_area(m.geom) / 1e6 AS area_km2, coalesce(h.n_shops, 0) AS n_shops, coalesce(h.n_branch_known, 0) AS n_branch_known,
    h.seen_on, n.near / nullif(n.persons, 0) AS near_core_share,
    CASE WHEN s.earning >= 0.5 * s.persons THEN s.earned / nullif(s.earning, 0) END AS income_eur
FROM municipality m LEFT JOIN summed s ON s.nis_code = m.nis_code LEFT JOIN near n ON n.nis_code = m.nis_code
LEFT JOIN shops h ON h.nis_code = m.nis_code WHERE m.nis_code = ANY(:codes) ORDER BY m.nis_code
"""
TRADING = """
SELECT nis_code, core_id, branch_code, branch_group, count(*) AS n, count(floor_area_m2) AS n_measured,
    coalesce(sum(floor_area_m2), 0)::float8 AS m2 FROM shop_unit_state
WHERE nis_code = ANY(:codes) AND state = 'occupied' GROUP BY nis_code, core_id, branch_code, branch_group
"""
CHAINS = """
SELECT nis_code, core_id, occupant_name, branch_code, is_chain FROM shop_unit_state
WHERE nis_code = ANY(:codes) AND state = 'occupied'
"""
CORES = f"""
SELECT c.id, c.nis_code, c.name, c.area_type, (SELECT sum(p.persons) FROM population_point p
    JOIN current_run r ON r.id = p.run_id WHERE st_dwithin(c.geom, p.geom, {NEAR_CORE_M})) AS near
FROM core c WHERE c.nis_code = ANY(:codes) AND c.area_type = :kind
AND (c.valid_to IS NULL OR c.valid_to > current_date) ORDER BY c.id
"""


def municipality_codes(session: Session) -> list[str]:
    """All municipalities."""
    return list(session.execute(text("SELECT nis_code FROM municipality ORDER BY nis_code")).scalars())


def data_state(session: Session) -> str:
    """Changes with the data of any municipality, with the database, and with who asks."""
    query = text(
        "SELECT concat_ws('-', rights.state(), c.system_identifier, d.oid, 'branch_wish'::regclass::oid, current_date, "
        "(SELECT md5(string_agg(concat_ws('/', m.nis_code, m.data_version, r.id), ';' ORDER BY m.nis_code)) "
        "FROM municipality m LEFT JOIN current_run r ON r.nis_code = m.nis_code AND r.kind = 'refresh')) "
        "FROM pg_control_system() c, pg_database d WHERE d.datname = current_database()"
    )
    return str(session.execute(query).scalar_one())


def town_facts(session: Session, codes: Sequence[str]) -> list[dict[str, Any]]:
    """What towns are compared by, one row each."""
    return [dict(row) for row in session.execute(text(FACTS), {"codes": list(codes)}).mappings()]


def branches(session: Session, level: str, version: str) -> list[dict[str, Any]]:
    """Branches, or branch groups, in the order of their list."""
    query = text(GROUPS if level == "group" else BRANCHES)
    return [dict(row) for row in session.execute(query, {"version": version}).mappings()]


def trading(session: Session, codes: Sequence[str]) -> pd.DataFrame:
    """Shops that trade today per town, core and branch, with floor area, m2."""
    result = session.execute(text(TRADING), {"codes": list(codes)})
    return pd.DataFrame(result.all(), columns=list(result.keys()))


def shop_names(session: Session, codes: Sequence[str]) -> pd.DataFrame:
    """Names over the doors of shops that trade today, and whether each is of a chain."""
    result = session.execute(text(CHAINS), {"codes": list(codes)})
    return pd.DataFrame(result.all(), columns=list(result.keys()))


def shops_named(session: Session, keys: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Shop units by key with name, address and where they are, degrees."""
    query = text(
        "SELECT id, nis_code, occupant_name AS name, address, st_x(p) AS lon, st_y(p) AS lat FROM (SELECT s.*, "
        "st_transform(s.geom, 4326) AS p FROM shop_unit_state s WHERE s.id = ANY(:keys)) q"
    )
    return {row["id"]: dict(row) for row in session.execute(query, {"keys": list(keys)}).mappings()}


def core(session: Session, core_id: int) -> RowMapping | None:
    """One core."""
    query = text("SELECT id, nis_code, code, name, area_type FROM core WHERE id = :id")
    return session.execute(query, {"id": core_id}).mappings().first()


def core_names(session: Session, nis_code: str) -> dict[str, str]:
    """Names of all cores of a municipality by code, those of earlier days too."""
    rows = session.execute(text("SELECT code, name FROM core WHERE nis_code = :nis"), {"nis": nis_code})
    return {row.code: row.name for row in rows}


def cores(session: Session, nis_code: str) -> list[dict[str, Any]]:
    """Cores of a municipality that are in force."""
    query = text(
        "SELECT id, name, area_type FROM core WHERE nis_code = :nis AND (valid_to IS NULL OR valid_to > current_date) ORDER BY name"
    )
    return [dict(row) for row in session.execute(query, {"nis": nis_code}).mappings()]


def cores_of_type(session: Session, codes: Sequence[str], kind: str) -> list[dict[str, Any]]:
    """Cores of one type with the inhabitants within `NEAR_CORE_M`; None before a refresh has placed anybody."""
    rows = session.execute(text(CORES), {"codes": list(codes), "kind": kind}).mappings()
    return [dict(row) for row in rows]


def survey_source(session: Session, codes: Sequence[str]) -> RowMapping:
    """Datasets that shops come from."""
    query = text(
        "SELECT string_agg(DISTINCT d.name, ', ') AS source, max(u.last_seen_on) AS surveyed_on FROM shop_unit u "
        "LEFT JOIN dataset d ON d.id = u.dataset_id WHERE u.nis_code = ANY(:codes)"
    )
    return session.execute(query, {"codes": list(codes)}).mappings().one()


def add(session: Session, table: str, values: dict[str, Any]) -> None:
    """Add an entry to a stack."""
    columns = ", ".join(values)
    session.execute(
        text(f"INSERT INTO {table} ({columns}) VALUES ({', '.join(f':{name}' for name in values)})"), values
    )


def entries(session: Session, table: str, nis_code: str) -> list[dict[str, Any]]:
    """All entries of a stack, the newest first."""
    query = text(f"SELECT e.* FROM {table} e WHERE e.nis_code = :nis ORDER BY e.id DESC")
    return [dict(row) for row in session.execute(query, {"nis": nis_code}).mappings()]


def take_back(session: Session, table: str, key: int, officer: str) -> None:
    """Mark an entry as taken back."""
    query = text(f"UPDATE {table} SET undone_at = now(), undone_by = :officer WHERE id = :key")
    session.execute(query, {"key": key, "officer": officer})


def lock(session: Session, nis_code: str) -> None:
    """Let whoever enters something about a town wait for whoever does so at this moment."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('branches-' || :nis))"), {"nis": nis_code})
