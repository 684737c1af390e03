-- Places that draw people, for QGIS.
CREATE VIEW qgis.public_place AS
SELECT id, nis_code, kind, name, weight, geom FROM public.public_place;

COMMENT ON VIEW qgis.public_place IS 'Places that draw people: stations, stops, schools, town halls.';
COMMENT ON COLUMN qgis.public_place.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.public_place.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.public_place.kind IS 'Kind: station, stop, school, hospital, town_hall, library.';
COMMENT ON COLUMN qgis.public_place.name IS 'Name.';
COMMENT ON COLUMN qgis.public_place.weight IS 'Relative drawing power.';
COMMENT ON COLUMN qgis.public_place.geom IS 'Place, in the metric CRS of the deployment.';
