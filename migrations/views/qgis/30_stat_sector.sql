-- Statistical sectors with the latest statistics known of them, for QGIS.
CREATE VIEW qgis.stat_sector AS
SELECT s.id, s.nis_code, s.code, s.year, s.name_nl AS name, p.year AS stat_year, p.population, p.households, p.income_median_eur, s.geom
FROM public.stat_sector s
LEFT JOIN LATERAL (
    SELECT x.year, max(x.value) FILTER (WHERE x.key = 'population') AS population,
        max(x.value) FILTER (WHERE x.key = 'households') AS households,
        max(x.value) FILTER (WHERE x.key = 'income_median_eur') AS income_median_eur
    FROM public.sector_stat x WHERE x.sector_code = s.code GROUP BY x.year ORDER BY x.year DESC LIMIT 1
) p ON true;

COMMENT ON VIEW qgis.stat_sector IS 'Statistical sectors with their latest statistics; a figure that is withheld is empty.';
COMMENT ON COLUMN qgis.stat_sector.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.stat_sector.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.stat_sector.code IS 'Sector code.';
COMMENT ON COLUMN qgis.stat_sector.year IS 'Year of the delimitation.';
COMMENT ON COLUMN qgis.stat_sector.name IS 'Dutch name.';
COMMENT ON COLUMN qgis.stat_sector.stat_year IS 'Year of the statistics.';
COMMENT ON COLUMN qgis.stat_sector.population IS 'Inhabitants; empty: unknown or withheld.';
COMMENT ON COLUMN qgis.stat_sector.households IS 'Households; empty: unknown or withheld.';
COMMENT ON COLUMN qgis.stat_sector.income_median_eur IS 'Median income, EUR a year; empty: unknown or withheld.';
COMMENT ON COLUMN qgis.stat_sector.geom IS 'Border, in the metric CRS of the deployment.';
