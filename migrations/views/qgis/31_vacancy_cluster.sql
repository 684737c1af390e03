-- Vacancy clusters of the current run, for QGIS.
CREATE VIEW qgis.vacancy_cluster WITH (security_invoker = true) AS
SELECT c.id, r.nis_code, c.label, c.units, c.vacant, c.expected, c.relative_risk, c.p_value, c.null_model,
    c.floor_area_m2, r.finished_at AS computed_at, c.geom
FROM vacancy_cluster c
JOIN public.current_run r ON r.id = c.run_id;
