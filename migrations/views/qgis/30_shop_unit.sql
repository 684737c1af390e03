-- Shop units with state and score, for QGIS.
CREATE VIEW qgis.shop_unit WITH (security_invoker = true) AS
SELECT
    s.id, s.nis_code, s.local_code, s.address, s.postcode, s.place, s.state, s.occupant_name, s.branch_code,
    s.branch_group, s.floor_area_m2, s.frontage_m, s.vacancy_class, s.vacant_earliest_on, s.vacant_latest_on,
    s.market_status, s.asking_rent_eur_per_month, s.last_seen_on, s.core_id, s.parcel_id,
    l.score AS location_score, l.rank, l.rank_lower, l.rank_upper, s.geom
FROM public.shop_unit_state s
LEFT JOIN public.current_run r ON r.nis_code = s.nis_code AND r.kind = 'refresh'
LEFT JOIN location_score l ON l.run_id = r.id AND l.shop_unit_id = s.id AND l.profile = 'general';
