-- Candidate shop units of acquisition cases, for QGIS: how far each case is, and nothing of what was said.
CREATE VIEW qgis.case_unit AS
SELECT k.id, c.nis_code, c.id AS case_id, k.shop_unit_id, c.title, c.prospect_name, c.branch_code, c.is_wished, c.state,
    k.response, k.owner_state, c.acts, c.next_action_on, c.hold_until, c.signed_unit_id = k.shop_unit_id AS is_signed,
    c.signed_on, c.opened_on, u.geom
FROM public.case_unit k
JOIN public.acquisition_case c ON c.id = k.case_id
JOIN public.shop_unit u ON u.id = k.shop_unit_id
WHERE c.removed_at IS NULL;

COMMENT ON VIEW qgis.case_unit IS 'Candidate shop units of acquisition cases, with how far each case is.';
COMMENT ON COLUMN qgis.case_unit.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.case_unit.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.case_unit.case_id IS 'Key of the case.';
COMMENT ON COLUMN qgis.case_unit.shop_unit_id IS 'Key of the shop unit.';
COMMENT ON COLUMN qgis.case_unit.title IS 'What the case is called.';
COMMENT ON COLUMN qgis.case_unit.prospect_name IS 'Organisation or formula that may come.';
COMMENT ON COLUMN qgis.case_unit.branch_code IS 'Branch looked for, of the list of branches.';
COMMENT ON COLUMN qgis.case_unit.is_wished IS 'Does the city want this branch?';
COMMENT ON COLUMN qgis.case_unit.state IS 'Code list case_state.';
COMMENT ON COLUMN qgis.case_unit.response IS 'Code list case_unit_response: what the prospect said.';
COMMENT ON COLUMN qgis.case_unit.owner_state IS 'Code list case_owner_state: how far the owner is.';
COMMENT ON COLUMN qgis.case_unit.acts IS 'Code list case_actor: who acts next.';
COMMENT ON COLUMN qgis.case_unit.next_action_on IS 'Day of the next action.';
COMMENT ON COLUMN qgis.case_unit.hold_until IS 'Day on which a case on hold is looked at again.';
COMMENT ON COLUMN qgis.case_unit.is_signed IS 'Was this the unit that was let?';
COMMENT ON COLUMN qgis.case_unit.signed_on IS 'First day of the lease.';
COMMENT ON COLUMN qgis.case_unit.opened_on IS 'First open day.';
COMMENT ON COLUMN qgis.case_unit.geom IS 'Entrance of the shop unit, in the metric CRS of the deployment.';
