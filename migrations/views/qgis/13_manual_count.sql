-- Counts by hand, for QGIS.
CREATE VIEW qgis.manual_count AS
SELECT id, nis_code, code, name, start_at, mode, minutes, value, factor, expands_to, expanded, geom
FROM public.manual_count;

COMMENT ON VIEW qgis.manual_count IS 'Counts by hand: minutes counted and the factor that makes an hour, day or week of them.';
COMMENT ON COLUMN qgis.manual_count.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.manual_count.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.manual_count.code IS 'Code of the counting point.';
COMMENT ON COLUMN qgis.manual_count.name IS 'Name of the counting point.';
COMMENT ON COLUMN qgis.manual_count.start_at IS 'Start of the counting.';
COMMENT ON COLUMN qgis.manual_count.mode IS 'ped, bike, auto, truck or all.';
COMMENT ON COLUMN qgis.manual_count.minutes IS 'Minutes counted.';
COMMENT ON COLUMN qgis.manual_count.value IS 'Passages in those minutes, as counted.';
COMMENT ON COLUMN qgis.manual_count.factor IS 'What the value was multiplied by; empty where nobody said.';
COMMENT ON COLUMN qgis.manual_count.expands_to IS 'What value x factor stands for: hour, day or week.';
COMMENT ON COLUMN qgis.manual_count.expanded IS 'value x factor: passages per hour, day or week.';
COMMENT ON COLUMN qgis.manual_count.geom IS 'Place of the counting, in the metric CRS of the deployment.';
