-- Borders of municipalities, for QGIS.
CREATE VIEW qgis.municipality AS
SELECT m.nis_code::integer AS id, m.nis_code, m.name_nl AS name, m.population, m.population_on, m.is_demo,
    m.data_version, r.finished_at AS computed_at, m.geom
FROM public.municipality m
LEFT JOIN public.current_run r ON r.nis_code = m.nis_code AND r.kind = 'refresh'
WHERE m.nis_code ~ '^[0-9]{1,9}$';

COMMENT ON VIEW qgis.municipality IS 'Municipalities with their border and when their figures were last computed.';
COMMENT ON COLUMN qgis.municipality.id IS 'Stable integer key: the NIS code as a number.';
COMMENT ON COLUMN qgis.municipality.nis_code IS 'NIS code, or the code used abroad.';
COMMENT ON COLUMN qgis.municipality.name IS 'Dutch name.';
COMMENT ON COLUMN qgis.municipality.population IS 'Inhabitants, persons.';
COMMENT ON COLUMN qgis.municipality.population_on IS 'Date of the number of inhabitants.';
COMMENT ON COLUMN qgis.municipality.is_demo IS 'Fictional demo data?';
COMMENT ON COLUMN qgis.municipality.data_version IS 'Raised by every write to its rows.';
COMMENT ON COLUMN qgis.municipality.computed_at IS 'End of the last refresh; empty: none was.';
COMMENT ON COLUMN qgis.municipality.geom IS 'Border, in the metric CRS of the deployment.';
