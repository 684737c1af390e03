-- What looks wrong in counts, at the place of its sensor, for QGIS.
CREATE VIEW qgis.count_finding AS
SELECT f.id, f.nis_code, f.kind, s.code AS sensor_code, s.name AS sensor, f.mode, f.from_at, f.to_at, f.strength,
    f.detail::text AS detail, f.state, f.decided_at, f.decided_by, f.reason, f.sensor_id, s.geom
FROM public.count_finding f
JOIN public.footfall_sensor s ON s.id = f.sensor_id;

COMMENT ON VIEW qgis.count_finding IS 'Hours of sensors that look wrong and what was decided about them, for reading; decide in Kernkaart.';
COMMENT ON COLUMN qgis.count_finding.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.count_finding.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.count_finding.kind IS 'Code list count_finding_kind.';
COMMENT ON COLUMN qgis.count_finding.sensor_code IS 'Code of the sensor.';
COMMENT ON COLUMN qgis.count_finding.sensor IS 'Name of the sensor.';
COMMENT ON COLUMN qgis.count_finding.mode IS 'Which of its counts: ped, bike, auto, truck or all.';
COMMENT ON COLUMN qgis.count_finding.from_at IS 'First instant.';
COMMENT ON COLUMN qgis.count_finding.to_at IS 'Instant after the last.';
COMMENT ON COLUMN qgis.count_finding.strength IS 'How strong, by kind: counted over usual; clock: hours ahead; twin: correlation; gap: hours.';
COMMENT ON COLUMN qgis.count_finding.detail IS 'What it rests on, in numbers, as JSON.';
COMMENT ON COLUMN qgis.count_finding.state IS 'open, confirmed (the sensor was wrong) or overruled (it was right).';
COMMENT ON COLUMN qgis.count_finding.decided_at IS 'When somebody decided; empty while open.';
COMMENT ON COLUMN qgis.count_finding.decided_by IS 'Alias of who decided.';
COMMENT ON COLUMN qgis.count_finding.reason IS 'Why, as typed.';
COMMENT ON COLUMN qgis.count_finding.sensor_id IS 'Key of the sensor.';
COMMENT ON COLUMN qgis.count_finding.geom IS 'Place of the sensor, in the metric CRS of the deployment.';
