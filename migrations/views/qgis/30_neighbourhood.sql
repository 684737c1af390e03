-- Neighbourhoods, for QGIS.
CREATE VIEW qgis.neighbourhood AS
SELECT id, nis_code, code, name, geom FROM public.neighbourhood;

COMMENT ON VIEW qgis.neighbourhood IS 'Neighbourhoods.';
COMMENT ON COLUMN qgis.neighbourhood.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.neighbourhood.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.neighbourhood.code IS 'Code in the source.';
COMMENT ON COLUMN qgis.neighbourhood.name IS 'Name.';
COMMENT ON COLUMN qgis.neighbourhood.geom IS 'Border, in the metric CRS of the deployment.';
