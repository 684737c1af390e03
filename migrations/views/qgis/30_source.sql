-- Where the data come from, for QGIS: what must stand beside a map.
CREATE VIEW qgis.source AS
SELECT id, code, name, publisher, licence, attribution, vintage_on, url, is_demo FROM public.dataset;

COMMENT ON VIEW qgis.source IS 'Outside sources with licence and vintage.';
COMMENT ON COLUMN qgis.source.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.source.code IS 'Short name, unique.';
COMMENT ON COLUMN qgis.source.name IS 'Name shown to people.';
COMMENT ON COLUMN qgis.source.publisher IS 'Who publishes it.';
COMMENT ON COLUMN qgis.source.licence IS 'Licence name or URL.';
COMMENT ON COLUMN qgis.source.attribution IS 'Text that must stand beside figures made of it.';
COMMENT ON COLUMN qgis.source.vintage_on IS 'Date of the situation it describes.';
COMMENT ON COLUMN qgis.source.url IS 'Where it is published.';
COMMENT ON COLUMN qgis.source.is_demo IS 'Fictional demo data?';
