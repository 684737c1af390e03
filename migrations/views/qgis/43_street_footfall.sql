-- Footfall per street of the current run, for QGIS.
CREATE VIEW qgis.street_footfall AS
SELECT s.id, s.nis_code, s.name, s.shop_units,
    CASE WHEN s.detail ->> 'class_reason' IS NULL THEN s.footfall_per_day END AS footfall_per_day,
    CASE WHEN s.detail ->> 'class_reason' IS NULL THEN s.lower_per_day END AS lower_per_day,
    CASE WHEN s.detail ->> 'class_reason' IS NULL THEN s.upper_per_day END AS upper_per_day,
    CASE WHEN s.detail ->> 'class_reason' IS NULL THEN s.passage_class END AS passage_class,
    CASE WHEN s.passage_class IN ('A1', 'A2') THEN 'main' WHEN s.passage_class IN ('B1', 'B2') THEN 'secondary'
        WHEN s.passage_class = 'C' THEN 'side' END AS footfall_class,
    s.detail ->> 'class_reason' AS class_reason, s.is_class_only, s.reason, s.gain_share,
    r.finished_at AS computed_at, s.geom
FROM street_footfall s
JOIN public.current_run r ON r.id = s.run_id;

COMMENT ON VIEW qgis.street_footfall IS 'People who pass along streets, estimated from sensors and counts by hand, of the current run.';
COMMENT ON COLUMN qgis.street_footfall.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.street_footfall.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.street_footfall.name IS 'Street name.';
COMMENT ON COLUMN qgis.street_footfall.shop_units IS 'Shop units along it.';
COMMENT ON COLUMN qgis.street_footfall.footfall_per_day IS 'Passages per day, 10 to 18 h; empty: see class_reason and reason.';
COMMENT ON COLUMN qgis.street_footfall.lower_per_day IS 'Lower end of the 80 % interval, passages per day.';
COMMENT ON COLUMN qgis.street_footfall.upper_per_day IS 'Upper end of the 80 % interval, passages per day.';
COMMENT ON COLUMN qgis.street_footfall.passage_class IS 'A1 to C: share of the busiest point of its core.';
COMMENT ON COLUMN qgis.street_footfall.footfall_class IS 'main (A1, A2), secondary (B1, B2) or side (C): kind of street within its core; empty: in no core, or unknown.';
COMMENT ON COLUMN qgis.street_footfall.class_reason IS 'Why only the kind of street is told: few_counts (under eight counted places around the core) or check_failed (left out, they were not estimated well enough); empty: numbers may be given.';
COMMENT ON COLUMN qgis.street_footfall.is_class_only IS 'The interval is too wide for a number: speak of its class.';
COMMENT ON COLUMN qgis.street_footfall.reason IS 'Why there is no estimate.';
COMMENT ON COLUMN qgis.street_footfall.gain_share IS 'Share of what is not known at the shops that a count by hand here, twice, would take away, 0-1.';
COMMENT ON COLUMN qgis.street_footfall.computed_at IS 'End of the run that estimated it.';
COMMENT ON COLUMN qgis.street_footfall.geom IS 'Axis of the street, in the metric CRS of the deployment.';
