-- Vacancy spells, at the entrance of the unit, for QGIS, where they are edited.
CREATE VIEW qgis.vacancy_spell AS
SELECT v.id, u.nis_code, v.shop_unit_id, u.local_code,
    concat_ws(' ', u.street, nullif(concat(u.house_number, u.house_number_suffix), ''), 'bus ' || u.box) AS address,
    v.start_earliest_on, v.start_latest_on, v.start_basis, v.ended_on, v.end_reason, v.cause, v.market_status,
    v.asking_rent_eur_per_month, v.available_on, v.listing_url, v.last_branch_code,
    v.period @> current_date AS is_open, u.geom
FROM public.vacancy_spell v
JOIN public.shop_unit u ON u.id = v.shop_unit_id;

COMMENT ON VIEW qgis.vacancy_spell IS 'Periods in which nobody trades in a shop unit; edited under the rules of the application.';
COMMENT ON COLUMN qgis.vacancy_spell.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.vacancy_spell.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.vacancy_spell.shop_unit_id IS 'The shop unit.';
COMMENT ON COLUMN qgis.vacancy_spell.local_code IS 'Code the city knows it by.';
COMMENT ON COLUMN qgis.vacancy_spell.address IS 'Street, house number and box.';
COMMENT ON COLUMN qgis.vacancy_spell.start_earliest_on IS 'Earliest day it can have begun; empty when not known.';
COMMENT ON COLUMN qgis.vacancy_spell.start_latest_on IS 'Latest day it can have begun.';
COMMENT ON COLUMN qgis.vacancy_spell.start_basis IS 'How the start is known: code list start_basis.';
COMMENT ON COLUMN qgis.vacancy_spell.ended_on IS 'First day no longer vacant; empty while it lasts.';
COMMENT ON COLUMN qgis.vacancy_spell.end_reason IS 'Code list end_reason.';
COMMENT ON COLUMN qgis.vacancy_spell.cause IS 'Code list cause.';
COMMENT ON COLUMN qgis.vacancy_spell.market_status IS 'Code list market_status.';
COMMENT ON COLUMN qgis.vacancy_spell.asking_rent_eur_per_month IS 'Asking rent, EUR a month.';
COMMENT ON COLUMN qgis.vacancy_spell.available_on IS 'Day from which it can be had.';
COMMENT ON COLUMN qgis.vacancy_spell.listing_url IS 'Where it is advertised.';
COMMENT ON COLUMN qgis.vacancy_spell.last_branch_code IS 'Branch of the last occupant.';
COMMENT ON COLUMN qgis.vacancy_spell.is_open IS 'Does it stand empty today?';
COMMENT ON COLUMN qgis.vacancy_spell.geom IS 'Entrance of the shop unit, in the metric CRS of the deployment.';

CREATE TRIGGER begin_edit BEFORE INSERT OR UPDATE OR DELETE ON qgis.vacancy_spell FOR EACH STATEMENT EXECUTE FUNCTION qgis.count_rows();
CREATE TRIGGER edit_row INSTEAD OF INSERT OR UPDATE OR DELETE ON qgis.vacancy_spell FOR EACH ROW EXECUTE FUNCTION qgis.edit_row(
    'vacancy_spell', 'units', '',
    'shop_unit_id,start_earliest_on,start_latest_on,start_basis,ended_on,end_reason,cause,market_status,asking_rent_eur_per_month,available_on,listing_url,last_branch_code'
);
CREATE TRIGGER end_edit AFTER UPDATE OR DELETE ON qgis.vacancy_spell FOR EACH STATEMENT EXECUTE FUNCTION qgis.count_rows();
