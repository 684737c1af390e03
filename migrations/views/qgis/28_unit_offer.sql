-- What strangers may see of vacant shop units, for maps that leave the house: the same facts as the public finder.
CREATE VIEW qgis.unit_offer AS
SELECT
    s.id, s.nis_code, s.address, s.postcode, s.place,
    CASE WHEN 'floor_area_m2' = ANY(c.fields) THEN CASE WHEN coalesce(d.redistribute_rows, true) THEN s.floor_area_m2 END END AS floor_area_m2,
    CASE WHEN 'gross_area_m2' = ANY(c.fields) THEN CASE WHEN coalesce(d.redistribute_rows, true) THEN s.gross_area_m2 END END AS gross_area_m2,
    CASE WHEN 'frontage_m' = ANY(c.fields) THEN CASE WHEN coalesce(d.redistribute_rows, true) THEN s.frontage_m END END AS frontage_m,
    CASE WHEN 'storage_m2' = ANY(c.fields) THEN k.storage_m2 END AS storage_m2,
    CASE WHEN 'basement_m2' = ANY(c.fields) THEN k.basement_m2 END AS basement_m2,
    CASE WHEN 'floors' = ANY(c.fields) THEN k.floors END AS floors,
    CASE WHEN 'ceiling_height_m' = ANY(c.fields) THEN k.ceiling_height_m END AS ceiling_height_m,
    CASE WHEN 'fitout_state' = ANY(c.fields) THEN coalesce(k.fitout_state, CASE WHEN coalesce(d.redistribute_rows, true) THEN s.fitout_state END) END AS fitout_state,
    CASE WHEN 'epc_label' = ANY(c.fields) THEN k.epc_label END AS epc_label,
    CASE WHEN 'step_access' = ANY(c.fields) THEN k.step_access END AS step_access,
    CASE WHEN 'is_terrace_possible' = ANY(c.fields) THEN coalesce(k.is_terrace_possible, CASE WHEN coalesce(d.redistribute_rows, true) THEN s.is_terrace_possible END) END AS is_terrace_possible,
    CASE WHEN 'heritage' = ANY(c.fields) THEN k.heritage END AS heritage,
    CASE WHEN 'planning_use' = ANY(c.fields) THEN k.planning_use END AS planning_use,
    CASE WHEN 'horeca' = ANY(c.fields) THEN k.horeca END AS horeca,
    CASE WHEN 'delivery' = ANY(c.fields) THEN k.delivery END AS delivery,
    CASE WHEN 'rent_eur_per_month' = ANY(c.fields) THEN coalesce(k.rent_eur_per_month, CASE WHEN coalesce(d.redistribute_rows, true) THEN s.asking_rent_eur_per_month END) END AS rent_eur_per_month,
    CASE WHEN 'price_eur' = ANY(c.fields) THEN k.price_eur END AS price_eur,
    CASE WHEN 'charges_eur_per_month' = ANY(c.fields) THEN k.charges_eur_per_month END AS charges_eur_per_month,
    CASE WHEN 'deposit_months' = ANY(c.fields) THEN k.deposit_months END AS deposit_months,
    CASE WHEN 'lease_type' = ANY(c.fields) THEN k.lease_type END AS lease_type, c.agreed_at, s.geom
FROM public.shop_unit_state s
JOIN public.unit_consent c ON c.shop_unit_id = s.id AND c.withdrawn_at IS NULL
LEFT JOIN public.unit_card k ON k.shop_unit_id = s.id
LEFT JOIN public.dataset d ON d.id = s.dataset_id
WHERE s.state = 'vacant';

COMMENT ON VIEW qgis.unit_offer IS 'Vacant shop units that their owners agreed to publish, and of each only what they agreed to.';
COMMENT ON COLUMN qgis.unit_offer.id IS 'Key of the shop unit.';
COMMENT ON COLUMN qgis.unit_offer.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.unit_offer.address IS 'Street, house number and box.';
COMMENT ON COLUMN qgis.unit_offer.postcode IS 'Postcode.';
COMMENT ON COLUMN qgis.unit_offer.place IS 'Name of town or village.';
COMMENT ON COLUMN qgis.unit_offer.floor_area_m2 IS 'Sales floor area, m2; empty: not known or not agreed.';
COMMENT ON COLUMN qgis.unit_offer.gross_area_m2 IS 'Gross area, m2; empty: not known or not agreed.';
COMMENT ON COLUMN qgis.unit_offer.frontage_m IS 'Width of the shop front, m; empty: not known or not agreed.';
COMMENT ON COLUMN qgis.unit_offer.storage_m2 IS 'Storage, m2; empty: not known or not agreed.';
COMMENT ON COLUMN qgis.unit_offer.basement_m2 IS 'Basement, m2; empty: not known or not agreed.';
COMMENT ON COLUMN qgis.unit_offer.floors IS 'Floors of the shop, ground floor included; empty: not known or not agreed.';
COMMENT ON COLUMN qgis.unit_offer.ceiling_height_m IS 'Free height of the shop, m; empty: not known or not agreed.';
COMMENT ON COLUMN qgis.unit_offer.fitout_state IS 'Condition, code list fitout_state; empty: not known or not agreed.';
COMMENT ON COLUMN qgis.unit_offer.epc_label IS 'Energy label, code list epc_label; empty: not known or not agreed.';
COMMENT ON COLUMN qgis.unit_offer.step_access IS 'How one gets in on wheels, code list step_access; empty: not known or not agreed.';
COMMENT ON COLUMN qgis.unit_offer.is_terrace_possible IS 'Is a terrace possible?; empty: not known or not agreed.';
COMMENT ON COLUMN qgis.unit_offer.heritage IS 'Protection, code list heritage; empty: not known or not agreed.';
COMMENT ON COLUMN qgis.unit_offer.planning_use IS 'Use that planning allows, code list planning_use; empty: not known or not agreed.';
COMMENT ON COLUMN qgis.unit_offer.horeca IS 'Fit for food and drink, code list horeca; empty: not known or not agreed.';
COMMENT ON COLUMN qgis.unit_offer.delivery IS 'When and where goods are delivered; empty: not known or not agreed.';
COMMENT ON COLUMN qgis.unit_offer.rent_eur_per_month IS 'Rent asked, EUR a month; empty: not known or not agreed.';
COMMENT ON COLUMN qgis.unit_offer.price_eur IS 'Price asked, EUR; empty: not known or not agreed.';
COMMENT ON COLUMN qgis.unit_offer.charges_eur_per_month IS 'Charges, EUR a month; empty: not known or not agreed.';
COMMENT ON COLUMN qgis.unit_offer.deposit_months IS 'Deposit, months of rent; empty: not known or not agreed.';
COMMENT ON COLUMN qgis.unit_offer.lease_type IS 'Code list lease_type; empty: not known or not agreed.';
COMMENT ON COLUMN qgis.unit_offer.agreed_at IS 'When the owner agreed.';
COMMENT ON COLUMN qgis.unit_offer.geom IS 'Entrance of the shop unit, in the metric CRS of the deployment.';
