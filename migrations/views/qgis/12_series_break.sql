-- Days at which the series of vacancy figures breaks, for QGIS: a table to be edited, without a place on the map.
CREATE VIEW qgis.series_break AS
SELECT id, nis_code, breaks_on, kind, reason, source FROM public.series_break;

COMMENT ON VIEW qgis.series_break IS 'Days from which vacancy figures must not be compared with those before; rows may be added, changed and removed.';
COMMENT ON COLUMN qgis.series_break.id IS 'Stable integer key; leave it empty for a new row.';
COMMENT ON COLUMN qgis.series_break.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.series_break.breaks_on IS 'First day of the new way of counting.';
COMMENT ON COLUMN qgis.series_break.kind IS 'What changed: definition, source, method or boundary.';
COMMENT ON COLUMN qgis.series_break.reason IS 'Why, in a sentence that stands beside the figures.';
COMMENT ON COLUMN qgis.series_break.source IS 'Where that is written.';

CREATE TRIGGER begin_edit BEFORE INSERT OR UPDATE OR DELETE ON qgis.series_break FOR EACH STATEMENT EXECUTE FUNCTION qgis.count_rows();
CREATE TRIGGER edit_row INSTEAD OF INSERT OR UPDATE OR DELETE ON qgis.series_break FOR EACH ROW EXECUTE FUNCTION qgis.edit_row(
    'series_break', 'units', '',
    'breaks_on,kind,reason,source'
);
CREATE TRIGGER end_edit AFTER UPDATE OR DELETE ON qgis.series_break FOR EACH STATEMENT EXECUTE FUNCTION qgis.count_rows();
