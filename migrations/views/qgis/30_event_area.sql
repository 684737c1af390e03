-- Events, actions and measures with an area, for QGIS.
CREATE VIEW qgis.event_area AS
SELECT id, nis_code, code, name, kind, starts_at, ends_at, reach_m, area_geom AS geom
FROM public.event WHERE removed_at IS NULL AND area_geom IS NOT NULL;

COMMENT ON VIEW qgis.event_area IS 'Areas of events, actions and measures.';
COMMENT ON COLUMN qgis.event_area.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.event_area.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.event_area.code IS 'Code in the source.';
COMMENT ON COLUMN qgis.event_area.name IS 'Name.';
COMMENT ON COLUMN qgis.event_area.kind IS 'Code list event_kind.';
COMMENT ON COLUMN qgis.event_area.starts_at IS 'Begin.';
COMMENT ON COLUMN qgis.event_area.ends_at IS 'End; empty: still going on.';
COMMENT ON COLUMN qgis.event_area.reach_m IS 'How far around its point or area it is felt, m; empty: 150.';
COMMENT ON COLUMN qgis.event_area.geom IS 'Area, in the metric CRS of the deployment.';
