-- What may be seen and done where, in functions whose queries are planned once per connection. In SQL functions that cannot
-- be inlined they were planned anew for every table that a query reads, which cost more than the query.

CREATE OR REPLACE FUNCTION rights.asking() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = rights, pg_temp AS $$
BEGIN
    IF pg_has_role(session_user, current_user, 'MEMBER') THEN
        RETURN coalesce(nullif(current_setting('kernkaart.account', true), '')::bigint,
            CASE WHEN current_setting('role') = 'none' THEN 0 END);
    END IF;
    RETURN (SELECT a.id FROM rights.account a WHERE a.database_login = session_user AND a.is_active);
END $$;

CREATE OR REPLACE FUNCTION rights.scope() RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = rights, pg_temp AS $$
BEGIN
    RETURN CASE WHEN pg_has_role(session_user, current_user, 'MEMBER')
        THEN coalesce(nullif(current_setting('kernkaart.scope', true), ''), 'write') ELSE 'write' END;
END $$;

CREATE OR REPLACE FUNCTION rights.held(wanted text, about text) RETURNS SETOF text LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = rights, public, pg_temp AS $$
DECLARE
    who CONSTANT bigint := rights.asking();
    scope CONSTANT text := rights.scope();
BEGIN
    -- Nobody, and the application itself, hold nothing.
    IF who IS NULL OR who = 0 THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT DISTINCT m.nis_code FROM rights.membership b
    JOIN rights.account a ON a.id = b.account_id AND a.is_active
    JOIN rights.role_right r ON r.role = b.role
    JOIN public.municipality m ON b.nis_code IS NULL OR m.nis_code = b.nis_code
    WHERE b.account_id = who AND (r.subject = about OR about = '')
    AND CASE wanted
        WHEN 'look' THEN r.may_look AND scope IN ('read', 'write')
        WHEN 'download' THEN r.may_download AND scope IN ('read', 'write')
        WHEN 'change' THEN r.may_change AND (scope = 'write' OR scope = 'push' AND r.subject = 'footfall')
        ELSE false END;
END $$;

CREATE OR REPLACE FUNCTION rights.shared(about text, wanted text) RETURNS SETOF text LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = rights, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT m.nis_code FROM public.municipality m JOIN rights.share_default d ON d.subject = about
    LEFT JOIN rights.sharing s ON s.nis_code = m.nis_code AND s.subject = about
    WHERE coalesce(s.level, d.level) = wanted;
END $$;

CREATE OR REPLACE FUNCTION rights.seen(about text) RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = rights, public, pg_temp AS $$
DECLARE
    who CONSTANT bigint := rights.asking();
    way CONSTANT text := CASE WHEN current_setting('kernkaart.taking', true) = 'on' THEN 'download' ELSE 'look' END;
BEGIN
    IF who = 0 THEN
        RETURN ARRAY(SELECT nis_code FROM public.municipality);
    ELSIF current_setting('kernkaart.sums', true) = 'on' AND pg_has_role(session_user, current_user, 'MEMBER')
        AND EXISTS (SELECT rights.held('look', ''))
    THEN
        RETURN ARRAY(SELECT rights.held(way, about) UNION SELECT rights.shared(about, 'public')
            UNION SELECT rights.shared(about, 'partners'));
    END IF;
    RETURN ARRAY(SELECT rights.held(way, about) UNION SELECT rights.shared(about, 'public'));
END $$;

CREATE OR REPLACE FUNCTION rights.changed(about text) RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = rights, public, pg_temp AS $$
BEGIN
    IF rights.asking() = 0 THEN
        RETURN ARRAY(SELECT nis_code FROM public.municipality);
    END IF;
    RETURN ARRAY(SELECT rights.held('change', about));
END $$;

CREATE OR REPLACE FUNCTION rights.taken(about text) RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = rights, public, pg_temp AS $$
BEGIN
    IF rights.asking() = 0 THEN
        RETURN ARRAY(SELECT nis_code FROM public.municipality);
    END IF;
    RETURN ARRAY(SELECT rights.held('download', about) UNION SELECT rights.shared(about, 'public'));
END $$;

CREATE OR REPLACE FUNCTION rights.may_see(nis text, about text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = rights, pg_temp AS $$ BEGIN RETURN nis = ANY(rights.seen(about)); END $$;

CREATE OR REPLACE FUNCTION rights.may_change(nis text, about text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = rights, pg_temp AS $$ BEGIN RETURN nis = ANY(rights.changed(about)); END $$;

CREATE OR REPLACE FUNCTION rights.may_download(nis text, about text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = rights, pg_temp AS $$ BEGIN RETURN nis = ANY(rights.taken(about)); END $$;
