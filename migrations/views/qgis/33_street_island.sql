-- Streets that cannot be reached from the rest, for QGIS.
CREATE VIEW qgis.street_island AS
SELECT id, nis_code, mode, segments, length_m, segment_id, name, computed_at, geom FROM public.street_island;

COMMENT ON VIEW qgis.street_island IS 'Streets that cannot be reached from the rest, as of the last import of streets or refresh.';
COMMENT ON COLUMN qgis.street_island.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.street_island.nis_code IS 'NIS code of the municipality that has most of it.';
COMMENT ON COLUMN qgis.street_island.mode IS 'walk, bicycle or car.';
COMMENT ON COLUMN qgis.street_island.segments IS 'Number of street segments.';
COMMENT ON COLUMN qgis.street_island.length_m IS 'Length of its streets, m.';
COMMENT ON COLUMN qgis.street_island.segment_id IS 'One of its segments, the lowest key.';
COMMENT ON COLUMN qgis.street_island.name IS 'Name of one of its streets; empty: none has one.';
COMMENT ON COLUMN qgis.street_island.computed_at IS 'When it was found.';
COMMENT ON COLUMN qgis.street_island.geom IS 'Its streets, in the metric CRS of the deployment.';
