-- Cards of shop units for QGIS, for the city itself: all facts, but no agency, contact or officer, who may be persons.
CREATE VIEW qgis.unit_card AS
SELECT
    s.id, s.nis_code, s.address, s.postcode, s.place, s.state, s.floor_area_m2, s.gross_area_m2, s.frontage_m,
    k.storage_m2, k.basement_m2, k.floors, k.ceiling_height_m,
    coalesce(k.fitout_state, s.fitout_state) AS fitout_state, k.epc_label, k.step_access,
    coalesce(k.is_terrace_possible, s.is_terrace_possible) AS is_terrace_possible, k.heritage, k.planning_use,
    k.horeca, k.delivery, coalesce(k.rent_eur_per_month, s.asking_rent_eur_per_month) AS rent_eur_per_month,
    k.price_eur, k.charges_eur_per_month, k.deposit_months, k.lease_type, k.grants, c.id IS NOT NULL AS is_published,
    k.version AS card_version, k.changed_at, s.geom
FROM public.shop_unit_state s
JOIN public.unit_card k ON k.shop_unit_id = s.id
LEFT JOIN public.unit_consent c ON c.shop_unit_id = s.id AND c.withdrawn_at IS NULL;

COMMENT ON VIEW qgis.unit_card IS 'Cards of active shop units: what the city knows of each, the card before the register. No contacts.';
COMMENT ON COLUMN qgis.unit_card.id IS 'Key of the shop unit.';
COMMENT ON COLUMN qgis.unit_card.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.unit_card.address IS 'Street, house number and box.';
COMMENT ON COLUMN qgis.unit_card.postcode IS 'Postcode.';
COMMENT ON COLUMN qgis.unit_card.place IS 'Name of town or village.';
COMMENT ON COLUMN qgis.unit_card.state IS 'vacant, occupied, non_retail or unknown, today.';
COMMENT ON COLUMN qgis.unit_card.floor_area_m2 IS 'Sales floor area, m2.';
COMMENT ON COLUMN qgis.unit_card.gross_area_m2 IS 'Gross area, m2.';
COMMENT ON COLUMN qgis.unit_card.frontage_m IS 'Width of the shop front, m.';
COMMENT ON COLUMN qgis.unit_card.storage_m2 IS 'Storage, m2.';
COMMENT ON COLUMN qgis.unit_card.basement_m2 IS 'Basement, m2.';
COMMENT ON COLUMN qgis.unit_card.floors IS 'Floors of the shop, ground floor included.';
COMMENT ON COLUMN qgis.unit_card.ceiling_height_m IS 'Free height of the shop, m.';
COMMENT ON COLUMN qgis.unit_card.fitout_state IS 'Condition, code list fitout_state.';
COMMENT ON COLUMN qgis.unit_card.epc_label IS 'Energy label, code list epc_label.';
COMMENT ON COLUMN qgis.unit_card.step_access IS 'How one gets in on wheels, code list step_access.';
COMMENT ON COLUMN qgis.unit_card.is_terrace_possible IS 'Is a terrace possible?';
COMMENT ON COLUMN qgis.unit_card.heritage IS 'Protection, code list heritage.';
COMMENT ON COLUMN qgis.unit_card.planning_use IS 'Use that planning allows, code list planning_use.';
COMMENT ON COLUMN qgis.unit_card.horeca IS 'Fit for food and drink, code list horeca.';
COMMENT ON COLUMN qgis.unit_card.delivery IS 'When and where goods are delivered.';
COMMENT ON COLUMN qgis.unit_card.rent_eur_per_month IS 'Rent asked, EUR a month.';
COMMENT ON COLUMN qgis.unit_card.price_eur IS 'Price asked, EUR.';
COMMENT ON COLUMN qgis.unit_card.charges_eur_per_month IS 'Charges, EUR a month.';
COMMENT ON COLUMN qgis.unit_card.deposit_months IS 'Deposit, months of rent.';
COMMENT ON COLUMN qgis.unit_card.lease_type IS 'Code list lease_type.';
COMMENT ON COLUMN qgis.unit_card.grants IS 'Grants that apply.';
COMMENT ON COLUMN qgis.unit_card.is_published IS 'Did the owner agree to publish anything of it?';
COMMENT ON COLUMN qgis.unit_card.card_version IS 'Version of the card.';
COMMENT ON COLUMN qgis.unit_card.changed_at IS 'When the card last changed.';
COMMENT ON COLUMN qgis.unit_card.geom IS 'Entrance of the shop unit, in the metric CRS of the deployment.';
