-- Buildings, for QGIS.
CREATE VIEW qgis.building AS
SELECT id, nis_code, source_key, building_type, use, floors, height_m, geom FROM public.building;

COMMENT ON VIEW qgis.building IS 'Buildings.';
COMMENT ON COLUMN qgis.building.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.building.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.building.source_key IS 'Key in the source.';
COMMENT ON COLUMN qgis.building.building_type IS 'main, annex, clipped or other.';
COMMENT ON COLUMN qgis.building.use IS 'residential, commercial, mixed, other; empty unknown.';
COMMENT ON COLUMN qgis.building.floors IS 'Floors above ground, count.';
COMMENT ON COLUMN qgis.building.height_m IS 'Height, m.';
COMMENT ON COLUMN qgis.building.geom IS 'Footprint, in the metric CRS of the deployment.';
