-- What officers saw during street rounds, at the entrance of the unit, for QGIS.
CREATE VIEW qgis.survey_observation AS
SELECT
    o.id, r.nis_code, r.name AS round, o.status, o.branch_code, o.occupant_name, o.note, o.observed_at, o.officer,
    o.base_state, o.decision, o.decided_at, o.is_late, s.street, s.position, u.geom
FROM survey_observation o
JOIN survey_round r ON r.id = o.round_id
JOIN shop_unit u ON u.id = o.shop_unit_id
LEFT JOIN survey_stop s ON s.round_id = o.round_id AND s.shop_unit_id = o.shop_unit_id;

COMMENT ON VIEW qgis.survey_observation IS 'What officers saw of shop units during street rounds, and what was decided.';
COMMENT ON COLUMN qgis.survey_observation.id IS 'Key of the observation.';
COMMENT ON COLUMN qgis.survey_observation.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.survey_observation.round IS 'Name of the street round.';
COMMENT ON COLUMN qgis.survey_observation.status IS 'What was seen: code list round_status.';
COMMENT ON COLUMN qgis.survey_observation.branch_code IS 'Branch seen.';
COMMENT ON COLUMN qgis.survey_observation.occupant_name IS 'Name over the door.';
COMMENT ON COLUMN qgis.survey_observation.note IS 'Note for the desk.';
COMMENT ON COLUMN qgis.survey_observation.observed_at IS 'When it was seen.';
COMMENT ON COLUMN qgis.survey_observation.officer IS 'Alias of the officer.';
COMMENT ON COLUMN qgis.survey_observation.base_state IS 'State in the register, as the officer saw it.';
COMMENT ON COLUMN qgis.survey_observation.decision IS 'What became of it: code list round_decision.';
COMMENT ON COLUMN qgis.survey_observation.decided_at IS 'When that was decided.';
COMMENT ON COLUMN qgis.survey_observation.is_late IS 'Received after the round was closed?';
COMMENT ON COLUMN qgis.survey_observation.street IS 'Street under which the unit was walked.';
COMMENT ON COLUMN qgis.survey_observation.position IS 'Place of the unit in the walk, 0 = first.';
COMMENT ON COLUMN qgis.survey_observation.geom IS 'Entrance of the unit, in the metric CRS of the deployment.';
