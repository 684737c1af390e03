-- Shop units with state and score, for QGIS.
CREATE VIEW qgis.shop_unit WITH (security_invoker = true) AS
SELECT
    s.id, s.nis_code, s.local_code, s.address, s.postcode, s.place, s.state, s.occupant_name, s.branch_code,
    s.branch_group, s.floor_area_m2, s.frontage_m, s.vacancy_class, s.vacant_earliest_on, s.vacant_latest_on,
    s.market_status, s.asking_rent_eur_per_month, s.last_seen_on, s.floor_level,
    months_since(s.last_seen_on) AS seen_months_ago,
    freshness_of(s.last_seen_on, m.fresh_months, m.stale_months) AS freshness, s.core_id, s.parcel_id,
    l.score AS location_score, l.rank, l.rank_lower, l.rank_upper, s.geom
FROM public.shop_unit_state s
JOIN municipality m ON m.nis_code = s.nis_code
LEFT JOIN public.current_run r ON r.nis_code = s.nis_code AND r.kind = 'refresh'
LEFT JOIN location_score l ON l.run_id = r.id AND l.shop_unit_id = s.id AND l.profile = 'general';

COMMENT ON VIEW qgis.shop_unit IS 'Active shop units as they stand today, with the location score of the current run.';
COMMENT ON COLUMN qgis.shop_unit.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.shop_unit.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.shop_unit.local_code IS 'Code the city knows it by.';
COMMENT ON COLUMN qgis.shop_unit.address IS 'Street, house number and box.';
COMMENT ON COLUMN qgis.shop_unit.postcode IS 'Postcode.';
COMMENT ON COLUMN qgis.shop_unit.place IS 'Name of town or village.';
COMMENT ON COLUMN qgis.shop_unit.state IS 'vacant, occupied, non_retail or unknown, today.';
COMMENT ON COLUMN qgis.shop_unit.occupant_name IS 'Name over the door.';
COMMENT ON COLUMN qgis.shop_unit.branch_code IS 'Branch of the occupant: code list branch.';
COMMENT ON COLUMN qgis.shop_unit.branch_group IS 'Group of that branch: code list branch_group.';
COMMENT ON COLUMN qgis.shop_unit.floor_area_m2 IS 'Sales floor area (WVO), m2.';
COMMENT ON COLUMN qgis.shop_unit.floor_level IS 'Code list floor_level: where its door is.';
COMMENT ON COLUMN qgis.shop_unit.frontage_m IS 'Width of the shop front, m.';
COMMENT ON COLUMN qgis.shop_unit.vacancy_class IS 'How long it stands empty: initial (under 1 year), long_term (1 to 3), structural (over 3), unknown.';
COMMENT ON COLUMN qgis.shop_unit.vacant_earliest_on IS 'Earliest day the vacancy can have begun; empty when not known.';
COMMENT ON COLUMN qgis.shop_unit.vacant_latest_on IS 'Latest day the vacancy can have begun.';
COMMENT ON COLUMN qgis.shop_unit.market_status IS 'Code list market_status.';
COMMENT ON COLUMN qgis.shop_unit.asking_rent_eur_per_month IS 'Asking rent, EUR a month.';
COMMENT ON COLUMN qgis.shop_unit.last_seen_on IS 'Day somebody last saw it.';
COMMENT ON COLUMN qgis.shop_unit.seen_months_ago IS 'Whole months since then; empty: never seen.';
COMMENT ON COLUMN qgis.shop_unit.freshness IS 'fresh, ageing, stale or never, by the months its municipality chose.';
COMMENT ON COLUMN qgis.shop_unit.core_id IS 'Core it lies in.';
COMMENT ON COLUMN qgis.shop_unit.parcel_id IS 'Parcel it stands on.';
COMMENT ON COLUMN qgis.shop_unit.location_score IS 'Location score, 0-100, with the general weights; empty when not computed.';
COMMENT ON COLUMN qgis.shop_unit.rank IS 'Rank among the vacant units of the municipality, 1 is best; empty when not vacant.';
COMMENT ON COLUMN qgis.shop_unit.rank_lower IS 'Best rank of the 80 % range.';
COMMENT ON COLUMN qgis.shop_unit.rank_upper IS 'Worst rank of the 80 % range.';
COMMENT ON COLUMN qgis.shop_unit.geom IS 'Entrance, in the metric CRS of the deployment.';
