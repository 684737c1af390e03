-- The municipal vacancy register, for QGIS.
CREATE VIEW qgis.legal_vacancy_record AS
SELECT
    l.id, l.nis_code, l.dossier_number, l.record_key, l.inventory_type, l.status, l.property_kind,
    concat_ws(' ', l.street, l.house_number, l.box) AS address, l.capakey, p.capakey AS capakey_today,
    l.found_on, l.entered_on, l.removed_on, l.period @> current_date AS is_on_register,
    l.objection, l.exemption, l.exemption_until, l.levy_year, l.levy_eur, l.matched_by, l.match_doubt, l.geom
FROM legal_vacancy_record l
LEFT JOIN parcel p ON p.id = l.parcel_id;

COMMENT ON VIEW qgis.legal_vacancy_record IS 'Buildings on the municipal vacancy register; empty geometry where no parcel was found.';
COMMENT ON COLUMN qgis.legal_vacancy_record.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.legal_vacancy_record.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.legal_vacancy_record.dossier_number IS 'Number of the dossier.';
COMMENT ON COLUMN qgis.legal_vacancy_record.record_key IS 'Key of the record: prefix, type, number and internal number of the dossier.';
COMMENT ON COLUMN qgis.legal_vacancy_record.inventory_type IS 'Inventory it is of, as the register says.';
COMMENT ON COLUMN qgis.legal_vacancy_record.status IS 'Status, as the register says.';
COMMENT ON COLUMN qgis.legal_vacancy_record.property_kind IS 'Kind of real estate, as the register says.';
COMMENT ON COLUMN qgis.legal_vacancy_record.address IS 'Address in the register.';
COMMENT ON COLUMN qgis.legal_vacancy_record.capakey IS 'Cadastral key in the register, of whichever cadastre.';
COMMENT ON COLUMN qgis.legal_vacancy_record.capakey_today IS 'Key of the one parcel of today it lies on; empty when there are several or none.';
COMMENT ON COLUMN qgis.legal_vacancy_record.found_on IS 'Day the vacancy was established.';
COMMENT ON COLUMN qgis.legal_vacancy_record.entered_on IS 'Day it came on the register.';
COMMENT ON COLUMN qgis.legal_vacancy_record.removed_on IS 'First day no longer on the register.';
COMMENT ON COLUMN qgis.legal_vacancy_record.is_on_register IS 'Is it on the register today?';
COMMENT ON COLUMN qgis.legal_vacancy_record.objection IS 'Code list objection.';
COMMENT ON COLUMN qgis.legal_vacancy_record.exemption IS 'Code list exemption.';
COMMENT ON COLUMN qgis.legal_vacancy_record.exemption_until IS 'Day the exemption ends.';
COMMENT ON COLUMN qgis.legal_vacancy_record.levy_year IS 'Year of the last levy.';
COMMENT ON COLUMN qgis.legal_vacancy_record.levy_eur IS 'Amount of the last levy, EUR.';
COMMENT ON COLUMN qgis.legal_vacancy_record.matched_by IS 'How its parcel was found: code list matched_by.';
COMMENT ON COLUMN qgis.legal_vacancy_record.match_doubt IS 'Why somebody must settle it; empty when nobody must.';
COMMENT ON COLUMN qgis.legal_vacancy_record.geom IS 'Parcel of today, or the earlier one it was found by, in the metric CRS of the deployment.';
