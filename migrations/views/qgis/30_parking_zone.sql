-- Parking zones as points, with how full they are, for QGIS, where they are edited.
CREATE VIEW qgis.parking_zone AS
SELECT z.id, z.nis_code, z.code, z.name, z.kind, z.capacity, z.regime, z.max_stay_min, z.fee_eur_per_hour,
    i.value AS mean_share, i.reason AS share_reason, z.geom
FROM public.parking_zone z
LEFT JOIN public.current_run r ON r.nis_code = z.nis_code AND r.kind = 'refresh'
LEFT JOIN public.indicator_value i ON i.run_id = r.id AND i.code = 'parking_zone_occupancy'
    AND (i.detail ->> 'parking_zone_id')::bigint = z.id;

COMMENT ON VIEW qgis.parking_zone IS 'Parking zones: entrance or middle, spaces, regime and measured occupancy; edited under the rules of the application.';
COMMENT ON COLUMN qgis.parking_zone.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.parking_zone.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.parking_zone.code IS 'Code in the source.';
COMMENT ON COLUMN qgis.parking_zone.name IS 'Name.';
COMMENT ON COLUMN qgis.parking_zone.kind IS 'Code list parking_kind.';
COMMENT ON COLUMN qgis.parking_zone.capacity IS 'Spaces; empty when not known.';
COMMENT ON COLUMN qgis.parking_zone.regime IS 'Code list parking_regime.';
COMMENT ON COLUMN qgis.parking_zone.max_stay_min IS 'Longest stay, minutes.';
COMMENT ON COLUMN qgis.parking_zone.fee_eur_per_hour IS 'Fee, EUR an hour.';
COMMENT ON COLUMN qgis.parking_zone.mean_share IS 'Mean share of spaces taken in opening hours, 0-1; empty: see share_reason.';
COMMENT ON COLUMN qgis.parking_zone.share_reason IS 'Why occupancy is not measurable.';
COMMENT ON COLUMN qgis.parking_zone.geom IS 'Entrance or middle, in the metric CRS of the deployment.';

CREATE TRIGGER begin_edit BEFORE INSERT OR UPDATE OR DELETE ON qgis.parking_zone FOR EACH STATEMENT EXECUTE FUNCTION qgis.count_rows();
CREATE TRIGGER edit_row INSTEAD OF INSERT OR UPDATE OR DELETE ON qgis.parking_zone FOR EACH ROW EXECUTE FUNCTION qgis.edit_row(
    'parking_zone', 'parking', 'geom',
    'code,name,kind,capacity,regime,max_stay_min,fee_eur_per_hour'
);
CREATE TRIGGER end_edit AFTER UPDATE OR DELETE ON qgis.parking_zone FOR EACH STATEMENT EXECUTE FUNCTION qgis.count_rows();
