-- Footfall sensors with their latest reading and the last whole day, for QGIS.
CREATE VIEW qgis.footfall_sensor AS
SELECT s.id, s.nis_code, s.code, s.name, s.instrument, s.measure_kind, s.interval_minutes, s.supplier, s.active_from, s.active_to,
    s.active_to IS NULL OR s.active_to > current_date AS is_active, c.start_at AS last_at, c.value AS last_value,
    c.minutes AS last_minutes, c.mode AS last_mode, c.quality_flag AS last_flag, d.counted_on AS day_on,
    d.passages AS day_passages, d.minutes_valid::double precision / d.day_minutes AS day_coverage_share, s.geom
FROM public.footfall_sensor s
LEFT JOIN LATERAL (
    SELECT x.start_at, x.mode, x.minutes, sum(x.value) AS value, max(x.quality_flag) AS quality_flag
    FROM public.footfall_count x
    WHERE x.sensor_id = s.id AND x.mode IN ('ped', 'all')
        AND x.start_at = (SELECT max(y.start_at) FROM public.footfall_count y WHERE y.sensor_id = s.id AND y.mode IN ('ped', 'all'))
    GROUP BY x.start_at, x.mode, x.minutes ORDER BY x.mode DESC LIMIT 1
) c ON true
LEFT JOIN LATERAL (
    SELECT x.counted_on, x.passages, x.minutes_valid, x.day_minutes FROM public.footfall_day x
    WHERE x.sensor_id = s.id AND x.mode IN ('ped', 'all') ORDER BY x.counted_on DESC, x.mode DESC LIMIT 1
) d ON true
WHERE s.geom IS NOT NULL;

COMMENT ON VIEW qgis.footfall_sensor IS 'Footfall sensors with their latest reading and the last day counted; nothing counted is empty, never zero.';
COMMENT ON COLUMN qgis.footfall_sensor.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.footfall_sensor.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.footfall_sensor.code IS 'Code of the supplier or the city.';
COMMENT ON COLUMN qgis.footfall_sensor.name IS 'Name.';
COMMENT ON COLUMN qgis.footfall_sensor.instrument IS 'Code list instrument.';
COMMENT ON COLUMN qgis.footfall_sensor.measure_kind IS 'passage and entries may be summed over time; occupancy and visitors never.';
COMMENT ON COLUMN qgis.footfall_sensor.interval_minutes IS 'Usual interval of a count, minutes.';
COMMENT ON COLUMN qgis.footfall_sensor.supplier IS 'Supplier.';
COMMENT ON COLUMN qgis.footfall_sensor.active_from IS 'First day it counts.';
COMMENT ON COLUMN qgis.footfall_sensor.active_to IS 'First day it no longer counts.';
COMMENT ON COLUMN qgis.footfall_sensor.is_active IS 'Does it count today?';
COMMENT ON COLUMN qgis.footfall_sensor.last_at IS 'Start of its latest reading.';
COMMENT ON COLUMN qgis.footfall_sensor.last_value IS 'Latest reading, both directions: passages, or persons present.';
COMMENT ON COLUMN qgis.footfall_sensor.last_minutes IS 'Length of that reading, minutes.';
COMMENT ON COLUMN qgis.footfall_sensor.last_mode IS 'Of whom: ped or all.';
COMMENT ON COLUMN qgis.footfall_sensor.last_flag IS 'Quality flag of that reading, 0 = fine.';
COMMENT ON COLUMN qgis.footfall_sensor.day_on IS 'Latest local day with counts.';
COMMENT ON COLUMN qgis.footfall_sensor.day_passages IS 'Passages of that day, valid readings; empty where people present are measured.';
COMMENT ON COLUMN qgis.footfall_sensor.day_coverage_share IS 'Share of that day with valid readings, 0-1.';
COMMENT ON COLUMN qgis.footfall_sensor.geom IS 'Place, in the metric CRS of the deployment.';
