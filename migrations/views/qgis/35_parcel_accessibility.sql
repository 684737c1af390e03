-- Accessibility of every parcel, for QGIS.
CREATE VIEW qgis.parcel_accessibility AS
SELECT
    x.id, x.nis_code, x.capakey, x.area_m2,
    a.persons_walk_5_min, a.persons_walk_10_min, a.persons_walk_15_min, a.persons_walk_decayed,
    a.persons_bicycle_15_min, a.persons_car_10_min, a.parking_m, a.stop_m,
    a.reasons::text AS reasons, r.finished_at AS computed_at, x.geom
FROM parcel x
JOIN public.current_run r ON r.nis_code = x.nis_code AND r.kind = 'refresh'
JOIN accessibility a ON a.run_id = r.id AND a.parcel_id = x.id
WHERE x.ends_on IS NULL;

COMMENT ON VIEW qgis.parcel_accessibility IS 'Who can reach each parcel, and how far the nearest parking and stop are, of the current run.';
COMMENT ON COLUMN qgis.parcel_accessibility.id IS 'Key of the parcel.';
COMMENT ON COLUMN qgis.parcel_accessibility.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.parcel_accessibility.capakey IS 'Cadastral key.';
COMMENT ON COLUMN qgis.parcel_accessibility.area_m2 IS 'Area, m2.';
COMMENT ON COLUMN qgis.parcel_accessibility.persons_walk_5_min IS 'Inhabitants within 5 minutes on foot, persons; empty when not known, see reasons.';
COMMENT ON COLUMN qgis.parcel_accessibility.persons_walk_10_min IS 'Inhabitants within 10 minutes on foot, persons; empty when not known, see reasons.';
COMMENT ON COLUMN qgis.parcel_accessibility.persons_walk_15_min IS 'Inhabitants within 15 minutes on foot, persons; empty when not known, see reasons.';
COMMENT ON COLUMN qgis.parcel_accessibility.persons_walk_decayed IS 'Inhabitants within 15 minutes on foot, each weighed by exp(-0.1813 x minutes), persons.';
COMMENT ON COLUMN qgis.parcel_accessibility.persons_bicycle_15_min IS 'Inhabitants within 15 minutes by bicycle, persons; empty when not known, see reasons.';
COMMENT ON COLUMN qgis.parcel_accessibility.persons_car_10_min IS 'Inhabitants within 10 minutes by car, persons; empty when not known, see reasons.';
COMMENT ON COLUMN qgis.parcel_accessibility.parking_m IS 'Way on foot from the nearest parking zone, m; empty when not known or over 5,000, see reasons.';
COMMENT ON COLUMN qgis.parcel_accessibility.stop_m IS 'Way on foot from the nearest stop or station, m; empty when not known or over 5,000, see reasons.';
COMMENT ON COLUMN qgis.parcel_accessibility.reasons IS 'JSON: per column why it is empty, or that it is a lower bound; code list accessibility_reason.';
COMMENT ON COLUMN qgis.parcel_accessibility.computed_at IS 'End of the run that computed it.';
COMMENT ON COLUMN qgis.parcel_accessibility.geom IS 'Border, in the metric CRS of the deployment.';
