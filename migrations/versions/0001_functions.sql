-- Functions and triggers of the core model.

CREATE FUNCTION raise_data_version() RETURNS trigger LANGUAGE plpgsql AS $$
-- TG_ARGV[0] selects the NIS codes of the changed rows from the transition table "changed".
BEGIN
    EXECUTE format(
        'UPDATE municipality SET data_version = data_version + 1 WHERE nis_code IN (%s)', TG_ARGV[0]
    );
    RETURN NULL;
END $$;

CREATE FUNCTION raise_street_version() RETURNS trigger LANGUAGE plpgsql AS $$
-- Tells the processes that hold the street network that it must be built anew.
BEGIN
    UPDATE municipality SET street_version = street_version + 1 WHERE nis_code IN (SELECT nis_code FROM changed);
    RETURN NULL;
END $$;
CREATE TRIGGER raise_street_version_insert AFTER INSERT ON street_segment REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION raise_street_version();
CREATE TRIGGER raise_street_version_update AFTER UPDATE ON street_segment REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION raise_street_version();
CREATE TRIGGER raise_street_version_delete AFTER DELETE ON street_segment REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION raise_street_version();

CREATE FUNCTION refuse_trade_during_vacancy() RETURNS trigger LANGUAGE plpgsql AS $$
-- A unit cannot trade and stand empty on one day, but for temporary use, which leaves the spell open.
DECLARE
    clash daterange;
BEGIN
    IF TG_TABLE_NAME = 'occupancy' THEN
        IF NEW.is_popup THEN RETURN NULL; END IF;
        SELECT v.period INTO clash FROM vacancy_spell v
        WHERE v.shop_unit_id = NEW.shop_unit_id AND v.period && NEW.period LIMIT 1;
    ELSE
        SELECT o.period INTO clash FROM occupancy o
        WHERE o.shop_unit_id = NEW.shop_unit_id AND o.period && NEW.period AND NOT o.is_popup LIMIT 1;
    END IF;
    IF clash IS NOT NULL THEN
        RAISE EXCEPTION 'Shop unit % cannot be occupied and vacant at once: % overlaps %.',
            NEW.shop_unit_id, NEW.period, clash
            USING ERRCODE = 'exclusion_violation', HINT = 'End the earlier period first.';
    END IF;
    RETURN NULL;
END $$;

-- Deferred, because closing one period and opening the next are two statements of one transaction.
CREATE CONSTRAINT TRIGGER refuse_trade_during_vacancy AFTER INSERT OR UPDATE ON occupancy
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_trade_during_vacancy();
CREATE CONSTRAINT TRIGGER refuse_trade_during_vacancy AFTER INSERT OR UPDATE ON vacancy_spell
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_trade_during_vacancy();

CREATE FUNCTION ensure_count_partitions(first_at timestamptz, last_at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
-- One partition a year, in UTC: ten million rows each at a hundred million rows in ten years.
DECLARE
    y integer;
BEGIN
    FOR y IN extract(year FROM first_at AT TIME ZONE 'UTC')::integer
          .. extract(year FROM last_at AT TIME ZONE 'UTC')::integer LOOP
        IF to_regclass(format('footfall_count_y%s', y)) IS NULL THEN
            PERFORM pg_advisory_xact_lock(hashtext('footfall_count_partitions'));
            EXECUTE format(
                'CREATE TABLE IF NOT EXISTS footfall_count_y%s PARTITION OF footfall_count '
                'FOR VALUES FROM (%L) TO (%L)',
                y, y || '-01-01 00:00:00+00', (y + 1) || '-01-01 00:00:00+00'
            );
        END IF;
    END LOOP;
END $$;

CREATE FUNCTION place_shop_units(of_nis_code text) RETURNS bigint LANGUAGE sql AS $$
-- Core and parcel of a shop unit follow from where it stands; the smallest core wins where cores overlap.
-- An entrance may stand just outside its parcel, hence the tolerance of 8 m.
WITH located AS (
    SELECT u.id,
        (SELECT c.id FROM core c WHERE c.geom && u.geom AND st_intersects(c.geom, u.geom)
            AND c.area_type NOT IN ('retail_poor_area', 'business_park')
         ORDER BY st_area(c.geom) LIMIT 1) AS core_id,
        (SELECT p.id FROM parcel p WHERE st_dwithin(p.geom, u.geom, 8) AND p.ends_on IS NULL
         ORDER BY p.geom <-> u.geom LIMIT 1) AS parcel_id
    FROM shop_unit u WHERE u.nis_code = of_nis_code
), moved AS (
    UPDATE shop_unit u SET core_id = l.core_id, parcel_id = l.parcel_id
    FROM located l
    WHERE l.id = u.id AND (u.core_id IS DISTINCT FROM l.core_id OR u.parcel_id IS DISTINCT FROM l.parcel_id)
    RETURNING u.id
)
SELECT count(*) FROM moved
$$;
