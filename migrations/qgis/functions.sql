-- What stands behind the views that are edited in QGIS: rights, rules, history and readable errors.
-- __VERSION__ stands for the version of the application, __TITLES__ for what layers are called, as JSON. Texts are Dutch, for whoever edits; the hint is English.

CREATE FUNCTION qgis.check_right(nis text, subject text) RETURNS void LANGUAGE plpgsql STABLE AS $$
-- The one place that says who may change rows of a municipality in QGIS.
BEGIN
    IF rights.may_change(nis, subject) IS NOT TRUE THEN
        RAISE EXCEPTION '% mag in gemeente % niets wijzigen (onderwerp %).', session_user, nis, subject
            USING ERRCODE = 'insufficient_privilege',
            HINT = 'You may not edit here. Ask the administrator of Kernkaart for the right to edit.';
    END IF;
END $$;

CREATE FUNCTION qgis.refuse(message text, hint text, code text DEFAULT 'check_violation') RETURNS void
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RAISE EXCEPTION '%', message USING ERRCODE = code, HINT = hint;
END $$;

CREATE FUNCTION qgis.count_rows() RETURNS trigger LANGUAGE plpgsql AS $$
-- QGIS takes no row for success: whoever changes a row that is gone must be told.
BEGIN
    IF TG_WHEN = 'BEFORE' THEN
        PERFORM set_config('kernkaart.qgis_rows', '0', true);
    ELSIF current_setting('kernkaart.qgis_rows', true) = '0' THEN
        PERFORM qgis.refuse('Deze rij bestaat niet meer, of u mag ze niet zien: er is niets bewaard.',
            'The row is gone or hidden from you; nothing was stored. Reload the layer.', 'no_data_found');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION qgis.explain_violation(state text, constraint_name text, column_name text, message text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
-- What a constraint of the tables says, in Dutch.
SELECT CASE
    WHEN constraint_name = 'ex_vacancy_spell_period' THEN 'Dit pand stond in die periode al leeg: leegstandsperiodes overlappen niet.'
    WHEN state = '23P01' THEN 'In die periode is het pand in gebruik: een pand staat niet tegelijk leeg en in gebruik.'
    WHEN constraint_name LIKE '%start_interval' THEN 'De vroegste begindag ligt na de laatste begindag.'
    WHEN constraint_name = 'ck_vacancy_spell_ended_on' OR message LIKE 'range lower bound%' THEN 'De einddag ligt niet na de begindag.'
    WHEN constraint_name LIKE '%valid_period' THEN 'De dag van einde ligt niet na de dag van begin.'
    WHEN state = '23505' THEN 'Er is al een rij met deze code in de gemeente.'
    WHEN state = '23502' THEN format('Een verplicht veld is niet ingevuld: %s.', column_name)
    WHEN state = '23503' THEN 'Deze rij verwijst naar iets dat niet bestaat, of er hangt nog iets aan.'
    WHEN state = '23514' THEN format('De waarde is niet toegestaan (regel %s).', regexp_replace(constraint_name, '^ck_', ''))
    ELSE 'De wijziging is niet aanvaard: ' || message
END
$$;

CREATE FUNCTION qgis.check_shape(shape geometry, nis text) RETURNS void LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- A row of a municipality lies in it, as for what is imported.
DECLARE
    town municipality;
BEGIN
    IF shape IS NULL OR st_isempty(shape) THEN
        PERFORM qgis.refuse('Er is geen vorm getekend.', 'Draw the shape first.');
    END IF;
    IF NOT st_isvalid(shape) THEN
        PERFORM qgis.refuse(format('De vorm is niet geldig: %s.', st_isvalidreason(shape)), 'Mend the shape: it crosses itself.');
    END IF;
    SELECT * INTO town FROM municipality m WHERE m.nis_code = nis;
    IF town.geom IS NOT NULL AND NOT st_intersects(town.geom,
        CASE WHEN st_dimension(shape) = 2 THEN st_pointonsurface(shape) ELSE shape END) THEN
        PERFORM qgis.refuse(format('Dit ligt buiten %s.', town.name_nl), 'It lies outside its municipality. Move it back.');
    END IF;
END $$;

CREATE FUNCTION qgis.check_spell(unit bigint, spell jsonb) RETURNS void LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- The days of a vacancy spell, by the rules of the application: nothing is to come, nothing precedes the unit.
DECLARE
    u shop_unit;
BEGIN
    SELECT * INTO u FROM shop_unit x WHERE x.id = unit;
    -- The day may have begun where the officer is before it does in the zone of the database.
    IF greatest((spell ->> 'start_latest_on')::date, (spell ->> 'ended_on')::date) > current_date + 1 THEN
        PERFORM qgis.refuse(format('De dag %s moet nog komen.',
            greatest((spell ->> 'start_latest_on')::date, (spell ->> 'ended_on')::date)),
            'Give a day up to today.');
    END IF;
    IF (spell ->> 'start_latest_on')::date < u.valid_from THEN
        PERFORM qgis.refuse(format('Het pand bestaat pas sinds %s.', u.valid_from), 'A spell begins when its unit does, or later.');
    END IF;
    IF spell ->> 'ended_on' IS NULL AND u.lifecycle <> 'active' THEN
        PERFORM qgis.refuse('Dit pand bestaat niet meer: een leegstandsperiode blijft er niet open.', 'End the spell.');
    END IF;
    IF (spell ->> 'ended_on' IS NULL) <> (spell ->> 'end_reason' IS NULL) THEN
        PERFORM qgis.refuse('Einddag en reden van einde horen samen: vul beide in of geen van beide.',
            'Give both the end day and the reason of the end, or neither.');
    END IF;
END $$;

CREATE FUNCTION qgis.open_batch(nis text, layer text) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- What one transaction changes in one municipality is one edit, listed and undone like an import.
DECLARE
    held text := format('kernkaart.qgis_batch_%s', regexp_replace(nis, '\W', '_', 'g'));
    -- A login can write any key in a setting: only what it began in this very transaction is its own.
    key bigint := (SELECT b.id FROM import_batch b WHERE b.id = nullif(current_setting(held, true), '')::bigint
        AND b.source = 'qgis' AND b.nis_code = nis AND b.imported_at = now() AND b.mapping ->> 'officer' = session_user);
    told jsonb := jsonb_build_object('kind', 'qgis', 'on', current_date, 'officer', session_user, 'layer', layer);
BEGIN
    IF key IS NULL THEN
        INSERT INTO dataset (code, name) VALUES ('own-edits', 'Bewerkt in Kernkaart') ON CONFLICT (code) DO NOTHING;
        INSERT INTO import_batch (dataset_id, source, nis_code, file_name, file_sha256, file_bytes, mapping, code_version)
        SELECT d.id, 'qgis', nis, format('qgis: %s, %s', coalesce('__TITLES__'::jsonb ->> layer, layer), session_user),
            encode(sha256(convert_to(told::text || txid_current(), 'UTF8')), 'hex'), octet_length(told::text), told, '__VERSION__'
        FROM dataset d WHERE d.code = 'own-edits' RETURNING id INTO key;
        PERFORM set_config(held, key::text, true);
    END IF;
    RETURN key;
END $$;

CREATE FUNCTION qgis.count_in_batch(batch bigint, tbl text, what text) RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
UPDATE import_batch SET counts = counts || jsonb_build_object(tbl,
    '{"read": 0, "added": 0, "changed": 0, "unchanged": 0, "refused": 0, "outside": 0}'::jsonb || coalesce(counts -> tbl, '{}')
    || jsonb_build_object('read', coalesce((counts -> tbl ->> 'read')::int, 0) + 1,
        what, coalesce((counts -> tbl ->> what)::int, 0) + 1))
WHERE id = batch
$$;

CREATE FUNCTION qgis.stored_row(tbl text, key bigint) RETURNS jsonb LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- A row with geometries as EWKB, as the record of changes keeps it.
DECLARE
    found jsonb;
    name text;
    shape text;
BEGIN
    EXECUTE format('SELECT to_jsonb(t) FROM %I t WHERE id = $1', tbl) INTO found USING key;
    FOR name IN SELECT attname FROM pg_attribute WHERE attrelid = tbl::regclass AND atttypid = 'geometry'::regtype
        AND attnum > 0 AND NOT attisdropped LOOP
        EXECUTE format('SELECT %I::text FROM %I WHERE id = $1', name, tbl) INTO shape USING key;
        found := found || jsonb_build_object(name, shape);
    END LOOP;
    RETURN found;
END $$;

CREATE FUNCTION qgis.edit_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Writes a row of a view to its table. Arguments: table, subject, column of the geometry or '', columns that are edited.
DECLARE
    tbl constant text := TG_ARGV[0];
    geom_column constant text := TG_ARGV[2];
    editable constant text[] := string_to_array(TG_ARGV[3], ',');
    becomes jsonb := '{}';
    was jsonb;
    wrong text;
    shape geometry;
    before_shape geometry;
    nis text;
    batch bigint;
    key bigint;
    state text;
    broken text;
    missing text;
    message text;
BEGIN
    PERFORM set_config('kernkaart.qgis_rows', '1', true);
    IF TG_OP <> 'INSERT' THEN
        key := OLD.id; nis := OLD.nis_code;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}') INTO becomes FROM jsonb_each(to_jsonb(NEW)) e
        WHERE e.key <> 'geom' AND CASE TG_OP WHEN 'INSERT' THEN e.value <> 'null' AND e.key = ANY(editable || ARRAY['nis_code'])
            ELSE e.value IS DISTINCT FROM to_jsonb(OLD) -> e.key END;
        IF geom_column <> '' OR tbl = 'vacancy_spell' THEN
            EXECUTE 'SELECT ($1).geom' INTO shape USING NEW;
        END IF;
        IF (geom_column <> '' OR tbl = 'vacancy_spell') AND TG_OP = 'UPDATE' THEN
            EXECUTE 'SELECT ($1).geom' INTO before_shape USING OLD;
        END IF;
    END IF;

    IF TG_OP = 'UPDATE' THEN
        IF tbl = 'vacancy_spell' AND shape::text IS DISTINCT FROM before_shape::text THEN
            PERFORM qgis.refuse('Een leegstandsperiode staat waar haar pand staat.', 'Move the unit, in the layer of units.');
        END IF;
        SELECT string_agg(k, ', ' ORDER BY k) INTO wrong FROM jsonb_object_keys(becomes) k WHERE k <> ALL(editable);
        IF wrong IS NOT NULL THEN
            PERFORM qgis.refuse(format('Niet te wijzigen: %s.', wrong),
                'These columns are computed, or belong to another layer; leave them as they are.');
        END IF;
    ELSIF TG_OP = 'INSERT' THEN
        IF tbl = 'vacancy_spell' THEN
            becomes := qgis.spell_of_unit(becomes - 'nis_code', shape);
            SELECT u.nis_code INTO nis FROM shop_unit u WHERE u.id = (becomes ->> 'shop_unit_id')::bigint;
        ELSE
            nis := coalesce(NEW.nis_code, (SELECT m.nis_code FROM municipality m WHERE st_intersects(m.geom,
                CASE WHEN st_dimension(shape) = 2 THEN st_pointonsurface(shape) ELSE shape END) LIMIT 1));
            IF nis IS NULL AND tbl <> 'travel_speed' THEN
                PERFORM qgis.refuse('Dit ligt in geen gemeente die hier gekend is.', 'Draw it inside a municipality, or give its NIS code.');
            END IF;
            becomes := becomes || jsonb_strip_nulls(jsonb_build_object('nis_code', nis));
        END IF;
    END IF;
    PERFORM qgis.check_right(nis, TG_ARGV[1]);
    -- A row that is tied to another unit is written where that unit is.
    PERFORM qgis.check_right(u.nis_code, TG_ARGV[1]) FROM shop_unit u
    WHERE tbl = 'vacancy_spell' AND u.id = (becomes ->> 'shop_unit_id')::bigint;
    IF TG_OP = 'DELETE' THEN
        PERFORM qgis.check_delete(tbl, key);
    END IF;

    -- A spell is drawn where its unit stands; it has no place of its own.
    IF geom_column <> '' AND TG_OP <> 'DELETE' AND shape::text IS DISTINCT FROM before_shape::text THEN
        PERFORM qgis.check_shape(shape, nis);
        becomes := becomes || jsonb_build_object(geom_column, shape::text);
        IF geom_column = 'area_geom' AND TG_OP = 'INSERT' THEN
            becomes := becomes || jsonb_build_object('geom', st_pointonsurface(shape)::text);
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' AND becomes = '{}' THEN
        RETURN NEW;
    END IF;

    BEGIN
        batch := qgis.open_batch(nis, TG_TABLE_NAME);
        IF TG_OP = 'INSERT' THEN
            key := qgis.add_row(tbl, becomes, batch);
            PERFORM qgis.count_in_batch(batch, tbl, 'added');
        ELSE
            EXECUTE format('SELECT 1 FROM %I WHERE id = $1 FOR UPDATE', tbl) USING key;
            was := qgis.stored_row(tbl, key);
            IF was IS NULL THEN
                PERFORM qgis.refuse('Deze rij bestaat niet meer.', 'Somebody removed it. Reload the layer.', 'no_data_found');
            END IF;
            PERFORM qgis.change_row(tbl, key, becomes, was, batch, TG_OP = 'DELETE');
        END IF;
        IF tbl = 'vacancy_spell' THEN
            was := qgis.stored_row(tbl, key);
            PERFORM qgis.check_spell((was ->> 'shop_unit_id')::bigint, was);
            SET CONSTRAINTS refuse_trade_during_vacancy IMMEDIATE;
        ELSIF tbl IN ('shop_unit', 'core') AND becomes ? 'geom' THEN
            PERFORM place_shop_units(nis);
        END IF;
    EXCEPTION WHEN exclusion_violation OR unique_violation OR not_null_violation OR foreign_key_violation OR check_violation
        OR data_exception THEN
        GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, broken = CONSTRAINT_NAME, missing = COLUMN_NAME,
            message = MESSAGE_TEXT, wrong = PG_EXCEPTION_HINT;
        IF wrong <> '' AND state <> '23P01' THEN
            RAISE;
        END IF;
        RAISE EXCEPTION '%', qgis.explain_violation(state, broken, missing, message) USING ERRCODE = state,
            HINT = format('Nothing was stored: %s', message);
    END;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    NEW.id := key; NEW.nis_code := nis;
    RETURN NEW;
END $$;

CREATE FUNCTION qgis.spell_of_unit(spell jsonb, shape geometry) RETURNS jsonb LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- A new spell names its unit, or is drawn at its entrance.
DECLARE
    found bigint := (spell ->> 'shop_unit_id')::bigint;
BEGIN
    IF found IS NULL THEN
        SELECT u.id INTO found FROM shop_unit u WHERE st_dwithin(u.geom, shape, 10) AND u.lifecycle = 'active'
        ORDER BY u.geom <-> shape LIMIT 1;
    END IF;
    IF found IS NULL OR NOT EXISTS (SELECT 1 FROM shop_unit u WHERE u.id = found AND u.lifecycle = 'active') THEN
        PERFORM qgis.refuse('Er is hier geen actief pand (binnen 10 m).', 'Draw the spell at the entrance of a unit, or give shop_unit_id.');
    END IF;
    RETURN spell || jsonb_build_object('shop_unit_id', found)
        || CASE WHEN spell ? 'start_basis' THEN '{}'::jsonb ELSE '{"start_basis": "exact"}'::jsonb END;
END $$;

CREATE FUNCTION qgis.check_delete(tbl text, key bigint) RETURNS void LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- What a report once showed does not go without a trace.
BEGIN
    IF tbl = 'shop_unit' THEN
        PERFORM qgis.refuse('Een pand wordt niet gewist: splits, voeg samen of beëindig het in Kernkaart.',
            'A unit is not deleted. Split, join or end it in Kernkaart, which keeps its history.');
    ELSIF tbl = 'vacancy_spell' THEN
        PERFORM qgis.refuse('Een leegstandsperiode wordt niet gewist: vul de einddag in, met reden "data_error" als ze er nooit was.',
            'A spell is not deleted. Give its end day, with end reason data_error if it never was.');
    ELSIF tbl = 'core' THEN
        PERFORM qgis.refuse('Een kern wordt niet gewist: vul in tot wanneer ze geldt.', 'A core is not deleted. Give valid_to.');
    ELSIF tbl = 'parking_zone' AND EXISTS (SELECT 1 FROM parking_observation o WHERE o.parking_zone_id = key) THEN
        PERFORM qgis.refuse('Van deze parkeerzone zijn metingen bewaard: ze wordt niet gewist.',
            'Observations of this zone are kept. Undo their import first.');
    END IF;
END $$;

CREATE FUNCTION qgis.add_row(tbl text, becomes jsonb, batch bigint) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    code_column constant text := CASE tbl WHEN 'shop_unit' THEN 'local_code' WHEN 'street_segment' THEN 'source_key'
        WHEN 'parking_zone' THEN 'code' WHEN 'core' THEN 'code' END;
    own jsonb;
    names text;
    key bigint;
BEGIN
    IF code_column IS NOT NULL AND NOT becomes ? code_column THEN
        EXECUTE format('SELECT count(*) + 1 FROM %I WHERE batch_id = $1', tbl) INTO key USING batch;
        becomes := becomes || jsonb_build_object(code_column, format('QGIS-%s-%s', batch, key));
    END IF;
    SELECT jsonb_build_object('batch_id', b.id, 'dataset_id', b.dataset_id) INTO own FROM import_batch b WHERE b.id = batch
        AND EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = tbl::regclass AND attname = 'batch_id');
    becomes := becomes || coalesce(own, '{}');
    SELECT string_agg(quote_ident(k), ', ') INTO names FROM jsonb_object_keys(becomes) k;
    EXECUTE format('INSERT INTO %I (%s) SELECT %s FROM jsonb_populate_record(NULL::%I, $1) RETURNING id', tbl, names, names, tbl)
        INTO key USING becomes;
    RETURN key;
END $$;

CREATE FUNCTION qgis.change_row(tbl text, key bigint, becomes jsonb, was jsonb, batch bigint, goes boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    names text;
    taken text;
BEGIN
    IF goes THEN
        EXECUTE format('DELETE FROM %I WHERE id = $1', tbl) USING key;
    ELSE
        SELECT string_agg(quote_ident(k), ', '), string_agg('r.' || quote_ident(k), ', '), jsonb_object_agg(k, was -> k)
            INTO names, taken, was FROM jsonb_object_keys(becomes) k;
        EXECUTE format('UPDATE %I t SET (%s) = (SELECT %s FROM jsonb_populate_record(t, $1) r) WHERE id = $2', tbl, names, taken)
            USING becomes, key;
    END IF;
    -- A row that goes has nothing after it; undo puts it back.
    INSERT INTO import_change (batch_id, table_name, row_key, before, after)
    VALUES (batch, tbl, jsonb_build_object('id', key), was, CASE WHEN goes THEN 'null' ELSE becomes END);
    PERFORM qgis.count_in_batch(batch, tbl, 'changed');
END $$;

-- Only the triggers call these, and the triggers are tied to views whose rights are granted one by one.
REVOKE ALL ON FUNCTION qgis.open_batch(text, text), qgis.count_in_batch(bigint, text, text), qgis.stored_row(text, bigint),
    qgis.add_row(text, jsonb, bigint), qgis.change_row(text, bigint, jsonb, jsonb, bigint, boolean),
    qgis.edit_row(), qgis.spell_of_unit(jsonb, geometry), qgis.check_delete(text, bigint),
    qgis.check_shape(geometry, text), qgis.check_spell(bigint, jsonb) FROM PUBLIC;
