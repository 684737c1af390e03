-- What is open on the work list, as points, for QGIS.
CREATE VIEW qgis.worklist AS
SELECT i.id, i.nis_code, i.kind, i.address, i.state, i.occupant_name, i.last_seen_on, i.seen_months_ago,
    i.facts::text AS facts, i.shop_unit_id, i.geom
FROM public.worklist_item i
WHERE i.decision_id IS NULL;

COMMENT ON VIEW qgis.worklist IS 'Open items of the work list: stale shop units, and what two sources say differently.';
COMMENT ON COLUMN qgis.worklist.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.worklist.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.worklist.kind IS 'Code list worklist_kind.';
COMMENT ON COLUMN qgis.worklist.address IS 'Street, house number and box.';
COMMENT ON COLUMN qgis.worklist.state IS 'vacant, occupied, non_retail or unknown, today.';
COMMENT ON COLUMN qgis.worklist.occupant_name IS 'Name over the door.';
COMMENT ON COLUMN qgis.worklist.last_seen_on IS 'Day somebody last saw it.';
COMMENT ON COLUMN qgis.worklist.seen_months_ago IS 'Whole months since then; empty: never seen.';
COMMENT ON COLUMN qgis.worklist.facts IS 'What the sources say, as JSON.';
COMMENT ON COLUMN qgis.worklist.shop_unit_id IS 'Key of the shop unit.';
COMMENT ON COLUMN qgis.worklist.geom IS 'Entrance, in the metric CRS of the deployment.';
