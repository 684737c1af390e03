-- Water, green and rail, for the background in QGIS.
CREATE VIEW qgis.backdrop AS
SELECT id, nis_code, kind, name, geom FROM public.backdrop;

COMMENT ON VIEW qgis.backdrop IS 'Water, green and rail, for the background.';
COMMENT ON COLUMN qgis.backdrop.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.backdrop.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.backdrop.kind IS 'water, green or rail.';
COMMENT ON COLUMN qgis.backdrop.name IS 'Name.';
COMMENT ON COLUMN qgis.backdrop.geom IS 'Area, in the metric CRS of the deployment.';
