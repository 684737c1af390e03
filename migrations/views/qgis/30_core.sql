-- Delimited shopping areas with how much of them is vacant today, for QGIS, where they are edited.
CREATE VIEW qgis.core AS
SELECT c.id, c.nis_code, c.code, c.name, c.area_type, c.legal_basis, c.plan_ref, c.main_type, c.valid_from, c.valid_to,
    s.units, s.vacant, c.geom
FROM public.core c
LEFT JOIN LATERAL (
    SELECT count(*)::integer AS units, count(*) FILTER (WHERE u.state = 'vacant')::integer AS vacant
    FROM public.shop_unit_state u WHERE u.core_id = c.id
) s ON true;

COMMENT ON VIEW qgis.core IS 'Delimited shopping areas, with their legal basis; edited under the rules of the application.';
COMMENT ON COLUMN qgis.core.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.core.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.core.code IS 'Code in the source.';
COMMENT ON COLUMN qgis.core.name IS 'Name.';
COMMENT ON COLUMN qgis.core.area_type IS 'Code list area_type.';
COMMENT ON COLUMN qgis.core.legal_basis IS 'Code list legal_basis.';
COMMENT ON COLUMN qgis.core.plan_ref IS 'Plan or decision that delimits it.';
COMMENT ON COLUMN qgis.core.main_type IS 'Type in the source''s own words.';
COMMENT ON COLUMN qgis.core.valid_from IS 'First day in force.';
COMMENT ON COLUMN qgis.core.valid_to IS 'First day no longer in force.';
COMMENT ON COLUMN qgis.core.units IS 'Active shop units in it.';
COMMENT ON COLUMN qgis.core.vacant IS 'Vacant shop units among them, today.';
COMMENT ON COLUMN qgis.core.geom IS 'Delimitation, in the metric CRS of the deployment.';

CREATE TRIGGER begin_edit BEFORE INSERT OR UPDATE OR DELETE ON qgis.core FOR EACH STATEMENT EXECUTE FUNCTION qgis.count_rows();
CREATE TRIGGER edit_row INSTEAD OF INSERT OR UPDATE OR DELETE ON qgis.core FOR EACH ROW EXECUTE FUNCTION qgis.edit_row(
    'core', 'ground', 'geom',
    'code,name,area_type,legal_basis,plan_ref,main_type,valid_from,valid_to'
);
CREATE TRIGGER end_edit AFTER UPDATE OR DELETE ON qgis.core FOR EACH STATEMENT EXECUTE FUNCTION qgis.count_rows();
