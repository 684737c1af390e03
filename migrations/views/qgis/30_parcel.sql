-- Cadastral parcels of today, for QGIS.
CREATE VIEW qgis.parcel AS
SELECT id, nis_code, capakey, canu, area_m2, begins_on, fiscal_on, geom FROM public.parcel WHERE ends_on IS NULL;

COMMENT ON VIEW qgis.parcel IS 'Cadastral parcels that exist today.';
COMMENT ON COLUMN qgis.parcel.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.parcel.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.parcel.capakey IS 'Cadastral key (CAPAKEY).';
COMMENT ON COLUMN qgis.parcel.canu IS 'Short parcel number.';
COMMENT ON COLUMN qgis.parcel.area_m2 IS 'Area of the geometry, m2; generated.';
COMMENT ON COLUMN qgis.parcel.begins_on IS 'GRB begin date.';
COMMENT ON COLUMN qgis.parcel.fiscal_on IS 'Date of the cadastral situation.';
COMMENT ON COLUMN qgis.parcel.geom IS 'Parcel, in the metric CRS of the deployment.';
