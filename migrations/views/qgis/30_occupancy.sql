-- Occupancies, at the entrance of the unit, for QGIS.
CREATE VIEW qgis.occupancy AS
SELECT o.id, u.nis_code, o.shop_unit_id, u.local_code,
    concat_ws(' ', u.street, nullif(concat(u.house_number, u.house_number_suffix), ''), 'bus ' || u.box) AS address,
    o.occupant_name, o.branch_code, lower(o.period) AS from_on, upper(o.period) AS until_on, o.start_basis, o.is_chain,
    o.is_popup, o.is_anchor, o.origin, o.period @> current_date AS is_current, u.geom
FROM public.occupancy o
JOIN public.shop_unit u ON u.id = o.shop_unit_id;

COMMENT ON VIEW qgis.occupancy IS 'Periods in which one occupant trades in a shop unit.';
COMMENT ON COLUMN qgis.occupancy.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.occupancy.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.occupancy.shop_unit_id IS 'The shop unit.';
COMMENT ON COLUMN qgis.occupancy.local_code IS 'Code the city knows it by.';
COMMENT ON COLUMN qgis.occupancy.address IS 'Street, house number and box.';
COMMENT ON COLUMN qgis.occupancy.occupant_name IS 'Name over the door.';
COMMENT ON COLUMN qgis.occupancy.branch_code IS 'Finest branch known.';
COMMENT ON COLUMN qgis.occupancy.from_on IS 'First day.';
COMMENT ON COLUMN qgis.occupancy.until_on IS 'Day after the last; empty while it lasts.';
COMMENT ON COLUMN qgis.occupancy.start_basis IS 'How the first day is known: code list start_basis.';
COMMENT ON COLUMN qgis.occupancy.is_chain IS 'Part of a chain?';
COMMENT ON COLUMN qgis.occupancy.is_popup IS 'Temporary use? It leaves a vacancy spell open.';
COMMENT ON COLUMN qgis.occupancy.is_anchor IS 'A shop that draws people for its neighbours?';
COMMENT ON COLUMN qgis.occupancy.origin IS 'Code list origin.';
COMMENT ON COLUMN qgis.occupancy.is_current IS 'Does it trade there today?';
COMMENT ON COLUMN qgis.occupancy.geom IS 'Entrance of the shop unit, in the metric CRS of the deployment.';
