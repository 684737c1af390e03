-- Bands of the latest run of every kept catchment, for QGIS.
CREATE VIEW qgis.catchment AS
SELECT
    b.id, c.id AS catchment_id, c.nis_code, c.name, c.parameters ->> 'mode' AS mode, b.band, b.is_baseline,
    b.population, (b.holdings ->> 'households')::double precision AS households,
    (b.holdings ->> 'shop_units')::double precision AS shop_units,
    (b.holdings ->> 'vacant_units')::double precision AS vacant_units,
    (b.holdings ->> 'floor_area_m2')::double precision AS floor_area_m2,
    (b.holdings ->> 'parking_spaces')::double precision AS parking_spaces,
    r.computed_at, r.network_version, r.data_version, b.geom
FROM catchment c
JOIN LATERAL (
    SELECT * FROM catchment_run x WHERE x.catchment_id = c.id ORDER BY x.computed_at DESC, x.id DESC LIMIT 1
) r ON true
JOIN catchment_band b ON b.run_id = r.id
WHERE c.removed_at IS NULL;

COMMENT ON VIEW qgis.catchment IS 'Bands of the latest run of every kept catchment.';
COMMENT ON COLUMN qgis.catchment.id IS 'Stable integer key of the band.';
COMMENT ON COLUMN qgis.catchment.catchment_id IS 'Key of the catchment.';
COMMENT ON COLUMN qgis.catchment.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.catchment.name IS 'Name its maker gave it.';
COMMENT ON COLUMN qgis.catchment.mode IS 'walk, bicycle or car.';
COMMENT ON COLUMN qgis.catchment.band IS 'Limit in minutes or metres, or the inhabitants asked for.';
COMMENT ON COLUMN qgis.catchment.is_baseline IS 'Is it the network as it is, beside a scenario?';
COMMENT ON COLUMN qgis.catchment.population IS 'Inhabitants inside, persons; empty when not known.';
COMMENT ON COLUMN qgis.catchment.households IS 'Households inside; empty when not known.';
COMMENT ON COLUMN qgis.catchment.shop_units IS 'Shop units inside.';
COMMENT ON COLUMN qgis.catchment.vacant_units IS 'Vacant shop units inside.';
COMMENT ON COLUMN qgis.catchment.floor_area_m2 IS 'Sales floor area inside, m2, of the units whose area is known.';
COMMENT ON COLUMN qgis.catchment.parking_spaces IS 'Parking spaces inside, of the zones whose number is known.';
COMMENT ON COLUMN qgis.catchment.computed_at IS 'When it was computed.';
COMMENT ON COLUMN qgis.catchment.network_version IS 'Version of the street network it was searched on.';
COMMENT ON COLUMN qgis.catchment.data_version IS 'Version of the data that were counted.';
COMMENT ON COLUMN qgis.catchment.geom IS 'Ground within the band, in the metric CRS of the deployment.';
