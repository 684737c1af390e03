"""The market of a town as a newcomer asks for it: people, income, footfall, vacancy, offer by branch, and trends."""

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.footfall import service as footfall
from api.vacancy import rates

Row = dict[str, Any]
MOST_SENSORS = 6
YEARS_BACK = (5, 3, 1, 0)
# Of each sector the newest year that has a value, weighed with who lives there.
INCOME = """
WITH newest AS (
    SELECT DISTINCT ON (s.code) s.code, t.value, t.year, t.is_suppressed, d.name AS source,
        (SELECT p.value FROM sector_stat p WHERE p.sector_code = s.code AND p.key = 'population' AND p.value > 0
            ORDER BY p.year DESC LIMIT 1) AS persons
    FROM stat_sector s JOIN sector_stat t ON t.sector_code = s.code AND t.key = 'income_median_eur'
    LEFT JOIN dataset d ON d.id = t.dataset_id
    WHERE s.nis_code = :nis ORDER BY s.code, t.year DESC
)
SELECT min(value) AS lowest, max(value) AS highest, sum(value * persons) / nullif(sum(persons) FILTER (WHERE value IS NOT NULL), 0)
    AS mean, count(value) AS n, count(*) FILTER (WHERE is_suppressed) AS hidden, max(year) AS year,
    string_agg(DISTINCT source, ', ') AS source
FROM newest
"""
OFFER = """
SELECT coalesce(s.branch_group, 'unknown') AS code, b.label_nl, b.label_fr, b.label_en, count(*) AS units,
    sum(s.floor_area_m2) AS m2, count(s.floor_area_m2) AS n_m2
FROM shop_unit_state s LEFT JOIN code_list b ON b.scheme = 'branch_group' AND b.code = s.branch_group
WHERE s.nis_code = :nis AND s.state = 'occupied'
GROUP BY 1, 2, 3, 4, b.sort_order ORDER BY b.sort_order NULLS LAST
"""
MOVES = """
SELECT count(*) FILTER (WHERE lower(o.period) > current_date - 365 AND NOT o.is_popup) AS opened,
    count(*) FILTER (WHERE upper(o.period) > current_date - 365 AND upper(o.period) <= current_date AND NOT o.is_popup) AS closed
FROM occupancy o JOIN shop_unit u ON u.id = o.shop_unit_id WHERE u.nis_code = :nis
"""
TOWN = (
    "SELECT nis_code, name_nl, coalesce(name_fr, name_nl) AS name_fr, coalesce(name_en, name_nl) AS name_en, "
    "population, population_on, is_demo FROM municipality WHERE nis_code = :nis"
)


def market(session: Session, nis_code: str) -> Row:
    """
    Figures of a town, each with what it rests on; null where it cannot be measured.

    Returns
    -------
    `town`, `income` (EUR a year, of sectors), `sensors` (passages per day with interval), `vacancy` (per day), `offer`
    (occupied units per branch group), `moves` (of a year) and `about` (source and days of the register).
    """
    values = {"nis": nis_code}
    town = dict(session.execute(text(TOWN), values).mappings().one())
    income = dict(session.execute(text(INCOME), values).mappings().one())
    register = rates.Register(session, rates.Asked(nis_code))
    counted = [row for row in footfall.list_sensors(session, nis_code) if row["footfall_per_day"]]
    counted.sort(key=lambda row: -row["footfall_per_day"]["value"])
    return {
        "town": town,
        "income": income if income["n"] else None,
        "sensors": counted[:MOST_SENSORS],
        "n_sensors": len(counted),
        "vacancy": _vacancy(register),
        "about": register.about(),
        "offer": [dict(row) for row in session.execute(text(OFFER), values).mappings()],
        "moves": dict(session.execute(text(MOVES), values).mappings().one()),
    }


def _vacancy(register: rates.Register) -> list[Row]:
    """Units that stood empty on the same day of earlier years, where enough was known of it then."""
    today = register.today
    days = [(pd.Timestamp(today) - pd.DateOffset(years=years)).date() for years in YEARS_BACK]
    table = register.rates(days)
    rows = []
    for place, (day, years) in enumerate(zip(days, YEARS_BACK, strict=True)):
        told = rates.rates_row(table.iloc[place] if place < len(table) else None)
        rows.append({"on": _date(day), "years_back": years, **told})
    # Before the first vacancy that somebody wrote down, the register knows only who traded.
    first = next((place for place, row in enumerate(rows) if row["units"]["numerator"]), len(rows))
    return rows[first:]


def _date(value: Any) -> date:
    found: date = pd.Timestamp(value).date()
    return found
