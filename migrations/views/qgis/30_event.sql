-- Events, actions and measures with a place, for QGIS.
CREATE VIEW qgis.event AS
SELECT id, nis_code, code, name, kind, starts_at, ends_at, recurring_rule, cost_net_eur, organiser, reach_m, note, geom
FROM public.event WHERE removed_at IS NULL AND geom IS NOT NULL;

COMMENT ON VIEW qgis.event IS 'Events, actions and measures with a place.';
COMMENT ON COLUMN qgis.event.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.event.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.event.code IS 'Code in the source.';
COMMENT ON COLUMN qgis.event.name IS 'Name.';
COMMENT ON COLUMN qgis.event.kind IS 'Code list event_kind.';
COMMENT ON COLUMN qgis.event.starts_at IS 'Begin.';
COMMENT ON COLUMN qgis.event.ends_at IS 'End; empty: still going on.';
COMMENT ON COLUMN qgis.event.recurring_rule IS 'Recurrence (RFC 5545 RRULE).';
COMMENT ON COLUMN qgis.event.cost_net_eur IS 'Net cost, EUR.';
COMMENT ON COLUMN qgis.event.organiser IS 'Organising body; never a person.';
COMMENT ON COLUMN qgis.event.reach_m IS 'How far around its point or area it is felt, m; empty: 150.';
COMMENT ON COLUMN qgis.event.note IS 'What somebody should know who reads its effect.';
COMMENT ON COLUMN qgis.event.geom IS 'Place, in the metric CRS of the deployment.';
