-- Vacancy clusters of the current run, for QGIS.
CREATE VIEW qgis.vacancy_cluster AS
SELECT c.id, r.nis_code, c.label, c.units, c.vacant, c.expected, c.relative_risk, c.p_value, c.null_model,
    c.floor_area_m2, c.replications, c.radius_m, c.without_floor_area, c.initial, c.long_term,
    c.structural, c.unknown_duration, c.uncertain_duration, c.change, c.inventories,
    r.finished_at AS computed_at, c.geom
FROM vacancy_cluster c
JOIN public.current_run r ON r.id = c.run_id;

COMMENT ON VIEW qgis.vacancy_cluster IS 'Vacant shop units that stand closer together than chance explains, of the current run.';
COMMENT ON COLUMN qgis.vacancy_cluster.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.vacancy_cluster.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.vacancy_cluster.label IS 'Name, after its main street.';
COMMENT ON COLUMN qgis.vacancy_cluster.units IS 'Shop units in it.';
COMMENT ON COLUMN qgis.vacancy_cluster.vacant IS 'Vacant shop units in it.';
COMMENT ON COLUMN qgis.vacancy_cluster.expected IS 'Vacant units expected there without a cluster.';
COMMENT ON COLUMN qgis.vacancy_cluster.relative_risk IS 'Vacancy inside over outside, after expectation.';
COMMENT ON COLUMN qgis.vacancy_cluster.p_value IS 'Monte Carlo p-value, 0-1, corrected for looking everywhere.';
COMMENT ON COLUMN qgis.vacancy_cluster.null_model IS 'homogeneous or location-adjusted.';
COMMENT ON COLUMN qgis.vacancy_cluster.floor_area_m2 IS 'Vacant floor area known, m2.';
COMMENT ON COLUMN qgis.vacancy_cluster.replications IS 'Random maps its p-value rests on.';
COMMENT ON COLUMN qgis.vacancy_cluster.radius_m IS 'Walking distance from its centre to its furthest unit, m.';
COMMENT ON COLUMN qgis.vacancy_cluster.without_floor_area IS 'Vacant units in it whose floor area is not known.';
COMMENT ON COLUMN qgis.vacancy_cluster.initial IS 'Vacant units in it, under a year vacant.';
COMMENT ON COLUMN qgis.vacancy_cluster.long_term IS 'Vacant units in it, one to three years vacant.';
COMMENT ON COLUMN qgis.vacancy_cluster.structural IS 'Vacant units in it, over three years vacant.';
COMMENT ON COLUMN qgis.vacancy_cluster.unknown_duration IS 'Vacant units in it of which nobody knows since when.';
COMMENT ON COLUMN qgis.vacancy_cluster.uncertain_duration IS 'Vacant units in it whose class of duration is uncertain.';
COMMENT ON COLUMN qgis.vacancy_cluster.change IS 'Since the inventory before: new, growing, stable, shrinking, merged, split; empty: the first.';
COMMENT ON COLUMN qgis.vacancy_cluster.inventories IS 'In how many successive inventories it was there, this one included.';
COMMENT ON COLUMN qgis.vacancy_cluster.computed_at IS 'End of the run that found it.';
COMMENT ON COLUMN qgis.vacancy_cluster.geom IS 'Shape around its units, in the metric CRS of the deployment.';
