-- Accessibility of every active shop unit, for QGIS.
CREATE VIEW qgis.shop_unit_accessibility AS
SELECT
    x.id, x.nis_code, x.local_code, x.address, x.state, x.branch_code,
    a.persons_walk_5_min, a.persons_walk_10_min, a.persons_walk_15_min, a.persons_walk_decayed,
    a.persons_bicycle_15_min, a.persons_car_10_min, a.parking_m, a.stop_m, a.competitor_m,
    a.reasons::text AS reasons, r.finished_at AS computed_at, x.geom
FROM public.shop_unit_state x
JOIN public.current_run r ON r.nis_code = x.nis_code AND r.kind = 'refresh'
JOIN accessibility a ON a.run_id = r.id AND a.shop_unit_id = x.id;

COMMENT ON VIEW qgis.shop_unit_accessibility IS 'Who can reach each active shop unit, and how far the nearest parking, stop and competitor are, of the current run.';
COMMENT ON COLUMN qgis.shop_unit_accessibility.id IS 'Key of the shop unit.';
COMMENT ON COLUMN qgis.shop_unit_accessibility.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.shop_unit_accessibility.local_code IS 'Code the city knows it by.';
COMMENT ON COLUMN qgis.shop_unit_accessibility.address IS 'Street, number and box.';
COMMENT ON COLUMN qgis.shop_unit_accessibility.state IS 'occupied, vacant, non_retail or unknown.';
COMMENT ON COLUMN qgis.shop_unit_accessibility.branch_code IS 'Branch of the occupant: code list branch.';
COMMENT ON COLUMN qgis.shop_unit_accessibility.persons_walk_5_min IS 'Inhabitants within 5 minutes on foot, persons; empty when not known, see reasons.';
COMMENT ON COLUMN qgis.shop_unit_accessibility.persons_walk_10_min IS 'Inhabitants within 10 minutes on foot, persons; empty when not known, see reasons.';
COMMENT ON COLUMN qgis.shop_unit_accessibility.persons_walk_15_min IS 'Inhabitants within 15 minutes on foot, persons; empty when not known, see reasons.';
COMMENT ON COLUMN qgis.shop_unit_accessibility.persons_walk_decayed IS 'Inhabitants within 15 minutes on foot, each weighed by exp(-0.1813 x minutes), persons.';
COMMENT ON COLUMN qgis.shop_unit_accessibility.persons_bicycle_15_min IS 'Inhabitants within 15 minutes by bicycle, persons; empty when not known, see reasons.';
COMMENT ON COLUMN qgis.shop_unit_accessibility.persons_car_10_min IS 'Inhabitants within 10 minutes by car, persons; empty when not known, see reasons.';
COMMENT ON COLUMN qgis.shop_unit_accessibility.parking_m IS 'Way on foot from the nearest parking zone, m; empty when not known or over 5,000, see reasons.';
COMMENT ON COLUMN qgis.shop_unit_accessibility.stop_m IS 'Way on foot from the nearest stop or station, m; empty when not known or over 5,000, see reasons.';
COMMENT ON COLUMN qgis.shop_unit_accessibility.competitor_m IS 'Way on foot from the nearest other occupied unit of the same branch, m; empty when it has none, see reasons.';
COMMENT ON COLUMN qgis.shop_unit_accessibility.reasons IS 'JSON: per column why it is empty, or that it is a lower bound; code list accessibility_reason.';
COMMENT ON COLUMN qgis.shop_unit_accessibility.computed_at IS 'End of the run that computed it.';
COMMENT ON COLUMN qgis.shop_unit_accessibility.geom IS 'Entrance, in the metric CRS of the deployment.';
