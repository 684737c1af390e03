-- Streets between two junctions, for QGIS, where they are edited.
CREATE VIEW qgis.street_segment AS
SELECT id, nis_code, source_key, name, street_class, is_walk_forward, is_walk_backward, is_bicycle_forward, is_bicycle_backward,
    is_car_forward, is_car_backward, car_speed_kmh, is_private, length_m, geom
FROM public.street_segment;

COMMENT ON VIEW qgis.street_segment IS 'Streets between two junctions, with access per mode and direction; edited under the rules of the application.';
COMMENT ON COLUMN qgis.street_segment.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.street_segment.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.street_segment.source_key IS 'Key in the source.';
COMMENT ON COLUMN qgis.street_segment.name IS 'Street name.';
COMMENT ON COLUMN qgis.street_segment.street_class IS 'Code list street_class.';
COMMENT ON COLUMN qgis.street_segment.is_walk_forward IS 'May one walk along the geometry?';
COMMENT ON COLUMN qgis.street_segment.is_walk_backward IS 'May one walk against the geometry?';
COMMENT ON COLUMN qgis.street_segment.is_bicycle_forward IS 'May one cycle along the geometry?';
COMMENT ON COLUMN qgis.street_segment.is_bicycle_backward IS 'May one cycle against the geometry?';
COMMENT ON COLUMN qgis.street_segment.is_car_forward IS 'May one drive along the geometry?';
COMMENT ON COLUMN qgis.street_segment.is_car_backward IS 'May one drive against the geometry?';
COMMENT ON COLUMN qgis.street_segment.car_speed_kmh IS 'Speed by car, km/h; empty: by class.';
COMMENT ON COLUMN qgis.street_segment.is_private IS 'Private road?';
COMMENT ON COLUMN qgis.street_segment.length_m IS 'Length, m; generated.';
COMMENT ON COLUMN qgis.street_segment.geom IS 'Axis, from junction to junction, in the metric CRS of the deployment.';

CREATE TRIGGER begin_edit BEFORE INSERT OR UPDATE OR DELETE ON qgis.street_segment FOR EACH STATEMENT EXECUTE FUNCTION qgis.count_rows();
CREATE TRIGGER edit_row INSTEAD OF INSERT OR UPDATE OR DELETE ON qgis.street_segment FOR EACH ROW EXECUTE FUNCTION qgis.edit_row(
    'street_segment', 'ground', 'geom',
    'name,street_class,is_walk_forward,is_walk_backward,is_bicycle_forward,is_bicycle_backward,is_car_forward,is_car_backward,car_speed_kmh,is_private'
);
CREATE TRIGGER end_edit AFTER UPDATE OR DELETE ON qgis.street_segment FOR EACH STATEMENT EXECUTE FUNCTION qgis.count_rows();
