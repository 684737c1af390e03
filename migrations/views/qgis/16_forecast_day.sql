-- Passages expected per sensor and day in the latest forecast, with the band of 80 %, for QGIS.
CREATE VIEW qgis.forecast_day AS
SELECT
    d.id, r.nis_code, s.code AS sensor_code, s.name AS sensor, d.on_day, d.expected, d.q10, d.q90, d.is_less_certain,
    r.method, r.issued_at, r.source, s.geom
FROM public.forecast_day d
JOIN public.forecast_run r ON r.id = d.run_id
JOIN public.footfall_sensor s ON s.id = d.sensor_id
WHERE s.geom IS NOT NULL AND r.id = (
    SELECT x.id FROM public.forecast_run x WHERE x.nis_code = r.nis_code AND NOT x.is_back_test
    ORDER BY x.begins_on DESC LIMIT 1
);

COMMENT ON VIEW qgis.forecast_day IS 'Passages expected per sensor and day in the latest forecast.';
COMMENT ON COLUMN qgis.forecast_day.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.forecast_day.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.forecast_day.sensor_code IS 'Code of the sensor.';
COMMENT ON COLUMN qgis.forecast_day.sensor IS 'Name of the sensor.';
COMMENT ON COLUMN qgis.forecast_day.on_day IS 'The day.';
COMMENT ON COLUMN qgis.forecast_day.expected IS 'Expected passages of the day.';
COMMENT ON COLUMN qgis.forecast_day.q10 IS 'Lower end of the 80 % band, passages.';
COMMENT ON COLUMN qgis.forecast_day.q90 IS 'Upper end of the 80 % band, passages.';
COMMENT ON COLUMN qgis.forecast_day.is_less_certain IS 'Holiday or day with an event? The band holds less often there.';
COMMENT ON COLUMN qgis.forecast_day.method IS 'Code list forecast_method.';
COMMENT ON COLUMN qgis.forecast_day.issued_at IS 'When it was computed.';
COMMENT ON COLUMN qgis.forecast_day.source IS 'Datasets of the counts.';
COMMENT ON COLUMN qgis.forecast_day.geom IS 'Place of the sensor, in the metric CRS of the deployment.';
