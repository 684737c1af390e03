-- What is expected of shop units: entered closings, and the chance to fall empty or to be let, for QGIS.
CREATE VIEW qgis.vacancy_outlook AS
SELECT
    s.id, s.nis_code, s.address, s.state, e.kind AS expected_kind, e.expected_on, e.source AS expected_source,
    l.chance, l.chance_lower, l.chance_upper, s.geom
FROM public.shop_unit_state s
LEFT JOIN public.current_run r ON r.nis_code = s.nis_code AND r.kind = 'refresh'
LEFT JOIN public.vacancy_outlook l ON l.run_id = r.id AND l.shop_unit_id = s.id
LEFT JOIN LATERAL (
    SELECT x.kind, x.expected_on, x.source FROM public.expected_vacancy x
    WHERE x.shop_unit_id = s.id AND x.removed_at IS NULL ORDER BY x.expected_on NULLS LAST, x.id LIMIT 1
) e ON true
WHERE e.kind IS NOT NULL OR l.chance IS NOT NULL;

COMMENT ON VIEW qgis.vacancy_outlook IS 'Shop units that are expected to fall empty, or of which the chance is known.';
COMMENT ON COLUMN qgis.vacancy_outlook.id IS 'Stable integer key of the shop unit.';
COMMENT ON COLUMN qgis.vacancy_outlook.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.vacancy_outlook.address IS 'Street, house number and box.';
COMMENT ON COLUMN qgis.vacancy_outlook.state IS 'vacant, occupied, non_retail or unknown, today.';
COMMENT ON COLUMN qgis.vacancy_outlook.expected_kind IS 'Code list expected_vacancy_kind; empty: nothing was entered.';
COMMENT ON COLUMN qgis.vacancy_outlook.expected_on IS 'Day on which it is expected; empty when not known.';
COMMENT ON COLUMN qgis.vacancy_outlook.expected_source IS 'Where it is known from.';
COMMENT ON COLUMN qgis.vacancy_outlook.chance IS 'Chance to fall empty within twelve months, 0-1; empty where no model proved itself.';
COMMENT ON COLUMN qgis.vacancy_outlook.chance_lower IS 'Lower end of the 95 % interval, 0-1.';
COMMENT ON COLUMN qgis.vacancy_outlook.chance_upper IS 'Upper end of the 95 % interval, 0-1.';
COMMENT ON COLUMN qgis.vacancy_outlook.geom IS 'Entrance, in the metric CRS of the deployment.';
