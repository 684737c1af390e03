-- Areas of parking zones, for QGIS, where they are edited.
CREATE VIEW qgis.parking_area AS
SELECT z.id, z.nis_code, z.code, z.name, z.kind, z.capacity, z.regime, z.max_stay_min, z.fee_eur_per_hour, z.area_geom AS geom
FROM public.parking_zone z WHERE z.area_geom IS NOT NULL;

COMMENT ON VIEW qgis.parking_area IS 'Parking zones of which the area is known; edited under the rules of the application.';
COMMENT ON COLUMN qgis.parking_area.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.parking_area.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.parking_area.code IS 'Code in the source.';
COMMENT ON COLUMN qgis.parking_area.name IS 'Name.';
COMMENT ON COLUMN qgis.parking_area.kind IS 'Code list parking_kind.';
COMMENT ON COLUMN qgis.parking_area.capacity IS 'Spaces; empty when not known.';
COMMENT ON COLUMN qgis.parking_area.regime IS 'Code list parking_regime.';
COMMENT ON COLUMN qgis.parking_area.max_stay_min IS 'Longest stay, minutes.';
COMMENT ON COLUMN qgis.parking_area.fee_eur_per_hour IS 'Fee, EUR an hour.';
COMMENT ON COLUMN qgis.parking_area.geom IS 'Area, in the metric CRS of the deployment.';

CREATE TRIGGER begin_edit BEFORE INSERT OR UPDATE OR DELETE ON qgis.parking_area FOR EACH STATEMENT EXECUTE FUNCTION qgis.count_rows();
CREATE TRIGGER edit_row INSTEAD OF INSERT OR UPDATE OR DELETE ON qgis.parking_area FOR EACH ROW EXECUTE FUNCTION qgis.edit_row(
    'parking_zone', 'parking', 'area_geom',
    'code,name,kind,capacity,regime,max_stay_min,fee_eur_per_hour'
);
CREATE TRIGGER end_edit AFTER UPDATE OR DELETE ON qgis.parking_area FOR EACH STATEMENT EXECUTE FUNCTION qgis.count_rows();
