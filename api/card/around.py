"""What stands around a shop unit: neighbours, anchors, parking, stops, and who passes."""

from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.match.facts import vacant_beside

Row = dict[str, Any]
NEAR_M = 60.0
ANCHOR_M = 300.0
STOP_M = 500.0
PARKING_M = (150, 300)
MOST = 6

NEIGHBOURS = """
SELECT s.id, coalesce(nullif(s.address, ''), s.local_code) AS address, s.state, s.occupant_name AS name,
    b.label_nl, b.label_fr, b.label_en, st_distance(s.geom, u.geom) AS distance_m
FROM shop_unit u
JOIN shop_unit_state s ON s.nis_code = u.nis_code AND s.id <> u.id AND st_dwithin(s.geom, u.geom, :near)
LEFT JOIN code_list b ON b.scheme = 'branch' AND b.code = s.branch_code
WHERE u.id = :id ORDER BY distance_m, s.id LIMIT :most
"""
ANCHORS = """
SELECT s.id, s.occupant_name AS name, st_distance(s.geom, u.geom) AS distance_m
FROM shop_unit u JOIN shop_unit_state s ON s.is_anchor AND s.id <> u.id AND st_dwithin(s.geom, u.geom, :near)
WHERE u.id = :id AND s.occupant_name IS NOT NULL ORDER BY distance_m, s.id LIMIT :most
"""
PARKING = """
SELECT count(*) AS zones, sum(z.capacity) AS spaces, count(*) FILTER (WHERE z.capacity IS NULL) AS unknown,
    coalesce(jsonb_object_agg(z.regime, z.spaces) FILTER (WHERE z.spaces IS NOT NULL), '{}') AS by_regime
FROM (
    SELECT x.regime, x.capacity, sum(x.capacity) OVER (PARTITION BY x.regime) AS spaces
    FROM shop_unit u JOIN parking_zone x ON st_dwithin(coalesce(x.area_geom, x.geom), u.geom, :within)
    WHERE u.id = :id
) z
"""
STOPS = """
SELECT x.name, x.kind, min(st_distance(x.geom, u.geom)) AS distance_m
FROM shop_unit u JOIN public_place x ON x.kind IN ('stop', 'station') AND st_dwithin(x.geom, u.geom, :near)
WHERE u.id = :id GROUP BY x.name, x.kind ORDER BY distance_m, x.name LIMIT 4
"""
FOOTFALL = """
SELECT i.value, i.lower, i.upper, i.reason, i.source, i.observed_on::text, i.detail ->> 'passage_class' AS passage_class,
    i.detail ->> 'footfall_class' AS footfall_class, coalesce((i.detail ->> 'n_sensors')::int, jsonb_array_length(coalesce(i.detail -> 'sensors', '[]'))) AS n_sensors, r.finished_at::date AS computed_on
FROM indicator_value i JOIN current_run r ON r.id = i.run_id AND r.kind = 'refresh'
WHERE i.shop_unit_id = :id AND i.code = 'footfall'
"""
REGISTERS = """
SELECT r.register, min(r.entered_on) AS entered_on FROM (
    SELECT 'legal_vacancy' AS register, parcel_id, period, entered_on FROM legal_vacancy_record
    UNION ALL SELECT 'business_premises', parcel_id, period, entered_on FROM business_premises_record
) r JOIN shop_unit u ON u.parcel_id = r.parcel_id WHERE u.id = :id AND r.period @> current_date GROUP BY r.register
ORDER BY r.register
"""
SOURCES = """
SELECT t.kind, string_agg(DISTINCT d.name, ', ') AS source, max(d.vintage_on) AS on,
    string_agg(DISTINCT d.attribution, '; ') AS attribution, bool_or(d.share_alike) AS is_share_alike
FROM (
    SELECT 'parking' AS kind, dataset_id FROM parking_zone WHERE nis_code = :nis
    UNION SELECT 'stops', dataset_id FROM public_place WHERE nis_code = :nis AND kind IN ('stop', 'station')
    UNION SELECT 'units', dataset_id FROM shop_unit WHERE nis_code = :nis AND lifecycle = 'active'
    UNION SELECT 'streets', dataset_id FROM street_segment WHERE nis_code = :nis
    UNION SELECT 'buildings', dataset_id FROM building WHERE nis_code = :nis
) t JOIN dataset d ON d.id = t.dataset_id GROUP BY t.kind
"""


def _rows(session: Session, query: str, **values: Any) -> list[Row]:
    return [dict(row) for row in session.execute(text(query), values).mappings()]


def around(session: Session, nis_code: str, unit_id: int) -> Row:
    """Neighbours, anchors, parking within 150 and 300 m, stops and footfall of a unit, distances as the crow flies."""
    return {
        "joinable": vacant_beside(session, nis_code, unit_id),
        "neighbours": _rows(session, NEIGHBOURS, id=unit_id, near=NEAR_M, most=MOST),
        "anchors": _rows(session, ANCHORS, id=unit_id, near=ANCHOR_M, most=MOST),
        **in_public(session, unit_id),
        "registers": _rows(session, REGISTERS, id=unit_id),
    }


def in_public(session: Session, unit_id: int) -> Row:
    """Of what stands around a unit, what a stranger may read some of: parking, stops and footfall."""
    footfall = _rows(session, FOOTFALL, id=unit_id)
    return {
        "parking": [
            {"within_m": within, **_rows(session, PARKING, id=unit_id, within=within)[0]}
            for within in PARKING_M
        ],
        "stops": _rows(session, STOPS, id=unit_id, near=STOP_M),
        "footfall": footfall[0] if footfall else None,
    }


def sources(session: Session, nis_code: str) -> dict[str, Row]:
    """Where parking, stops, units, streets and buildings of a municipality come from, by kind."""
    return {row["kind"]: row for row in _rows(session, SOURCES, nis=nis_code)}


def seen_on(unit: Row) -> date | None:
    """Day to which what the register says of a unit goes back."""
    found: date | None = unit["last_seen_on"] or unit["vintage_on"]
    return found
