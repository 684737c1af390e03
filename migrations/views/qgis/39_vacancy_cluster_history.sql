-- Vacancy clusters of every inventory and both questions, for QGIS: filter on as_of_on and question.
CREATE VIEW qgis.vacancy_cluster_history AS
SELECT c.id, s.nis_code, s.as_of_on, s.is_today, s.question, c.label, c.units, c.vacant, c.expected,
    c.relative_risk, c.p_value, c.null_model, c.floor_area_m2, c.change, c.next_change, c.inventories,
    c.geom
FROM vacancy_cluster c
JOIN vacancy_scan s ON s.id = c.scan_id;

COMMENT ON VIEW qgis.vacancy_cluster_history IS 'Vacancy clusters of every inventory and both questions, with how they changed.';
COMMENT ON COLUMN qgis.vacancy_cluster_history.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.vacancy_cluster_history.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.vacancy_cluster_history.as_of_on IS 'The register as it stood on this day.';
COMMENT ON COLUMN qgis.vacancy_cluster_history.is_today IS 'The state at the last refresh, not an inventory of the past.';
COMMENT ON COLUMN qgis.vacancy_cluster_history.question IS 'location: more than expected for such a location; average: more than in the municipality.';
COMMENT ON COLUMN qgis.vacancy_cluster_history.label IS 'Name, after its main street.';
COMMENT ON COLUMN qgis.vacancy_cluster_history.units IS 'Shop units in it.';
COMMENT ON COLUMN qgis.vacancy_cluster_history.vacant IS 'Vacant shop units in it.';
COMMENT ON COLUMN qgis.vacancy_cluster_history.expected IS 'Vacant units expected there without a cluster.';
COMMENT ON COLUMN qgis.vacancy_cluster_history.relative_risk IS 'Vacancy inside over outside, after expectation.';
COMMENT ON COLUMN qgis.vacancy_cluster_history.p_value IS 'Monte Carlo p-value, 0-1, corrected for looking everywhere.';
COMMENT ON COLUMN qgis.vacancy_cluster_history.null_model IS 'homogeneous or location_adjusted.';
COMMENT ON COLUMN qgis.vacancy_cluster_history.floor_area_m2 IS 'Vacant floor area known, m2.';
COMMENT ON COLUMN qgis.vacancy_cluster_history.change IS 'Since the inventory before; empty: the first.';
COMMENT ON COLUMN qgis.vacancy_cluster_history.next_change IS 'Until the inventory after; empty: the last.';
COMMENT ON COLUMN qgis.vacancy_cluster_history.inventories IS 'In how many successive inventories it was there, this one included.';
COMMENT ON COLUMN qgis.vacancy_cluster_history.geom IS 'Shape around its units, in the metric CRS of the deployment.';
