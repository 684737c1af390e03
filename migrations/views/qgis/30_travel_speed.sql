-- Speeds that differ from the usual ones, for QGIS.
CREATE VIEW qgis.travel_speed AS
SELECT id, nis_code, mode, street_class, speed_kmh, wait_min, source, changed_at FROM public.travel_speed;

COMMENT ON VIEW qgis.travel_speed IS 'Speeds that differ from the usual ones of Kernkaart.';
COMMENT ON COLUMN qgis.travel_speed.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.travel_speed.nis_code IS 'NIS code of the municipality on whose streets it holds; empty: all of this deployment.';
COMMENT ON COLUMN qgis.travel_speed.mode IS 'walk, bicycle or car; any for the wait for a ferry.';
COMMENT ON COLUMN qgis.travel_speed.street_class IS 'Code list street_class; off_street: between a door and its street, on foot, for all municipalities; ferry_wait: before each ferry.';
COMMENT ON COLUMN qgis.travel_speed.speed_kmh IS 'Speed, km/h; empty for ferry_wait.';
COMMENT ON COLUMN qgis.travel_speed.wait_min IS 'Wait, minutes; only for ferry_wait.';
COMMENT ON COLUMN qgis.travel_speed.source IS 'Where the number comes from.';
COMMENT ON COLUMN qgis.travel_speed.changed_at IS 'When it was last changed; kept by the database.';

CREATE TRIGGER begin_edit BEFORE INSERT OR UPDATE OR DELETE ON qgis.travel_speed FOR EACH STATEMENT EXECUTE FUNCTION qgis.count_rows();
CREATE TRIGGER edit_row INSTEAD OF INSERT OR UPDATE OR DELETE ON qgis.travel_speed FOR EACH ROW EXECUTE FUNCTION qgis.edit_row(
    'travel_speed', 'ground', '',
    'mode,street_class,speed_kmh,wait_min,source'
);
CREATE TRIGGER end_edit AFTER UPDATE OR DELETE ON qgis.travel_speed FOR EACH STATEMENT EXECUTE FUNCTION qgis.count_rows();
