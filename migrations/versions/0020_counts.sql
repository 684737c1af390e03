-- Sums per hour and day tell what a refresh needs: flagged readings by direction, and the lowest uptime of an hour.

ALTER TABLE footfall_hour
    ADD COLUMN flagged_a DOUBLE PRECISION,
    ADD COLUMN flagged_b DOUBLE PRECISION,
    ADD COLUMN lowest_uptime DOUBLE PRECISION;
ALTER TABLE footfall_day
    ADD COLUMN flagged_a DOUBLE PRECISION,
    ADD COLUMN flagged_b DOUBLE PRECISION;

CREATE OR REPLACE FUNCTION roll_up_counts(sensor_ids bigint[], from_at timestamptz[], until_at timestamptz[]) RETURNS void
LANGUAGE plpgsql SET jit = off AS $$
-- Sums the hours of the given ranges (whole local hours, disjoint) anew, and then their days. Hours whose single
-- readings were dropped are never touched. Who calls holds the lock on the municipality that raising its data version
-- took, so nobody else writes counts of the same sensors meanwhile.
DECLARE
    zone text := (SELECT timezone FROM footfall_clock);
BEGIN
    -- The lateral sub-query keeps to the index of one sensor and range, however little is known of the partitions.
    WITH span AS MATERIALIZED (
        SELECT r.sensor_id, greatest(r.lo, s.raw_from_at) AS lo, r.hi, s.measure_kind IN ('passage', 'entries') AS is_sum
        FROM unnest(sensor_ids, from_at, until_at) AS r(sensor_id, lo, hi)
        JOIN footfall_sensor s ON s.id = r.sensor_id WHERE r.hi > coalesce(s.raw_from_at, r.lo)
    ), fresh AS MATERIALIZED (
        SELECT s.sensor_id, h.* FROM span s CROSS JOIN LATERAL (
            SELECT m.hour_at AS start_at, m.mode,
                sum(m.value) FILTER (WHERE m.is_valid AND s.is_sum) AS passages,
                sum(m.value) FILTER (WHERE NOT m.is_valid AND s.is_sum) AS passages_flagged,
                sum(m.a) FILTER (WHERE m.is_valid AND s.is_sum) AS passages_a,
                sum(m.b) FILTER (WHERE m.is_valid AND s.is_sum) AS passages_b,
                sum(m.a) FILTER (WHERE NOT m.is_valid AND s.is_sum) AS flagged_a,
                sum(m.b) FILTER (WHERE NOT m.is_valid AND s.is_sum) AS flagged_b,
                avg(m.value) FILTER (WHERE m.is_valid AND NOT s.is_sum) AS present,
                max(m.value) FILTER (WHERE m.is_valid AND NOT s.is_sum) AS present_max,
                sum(m.minutes)::int AS minutes,
                coalesce(sum(m.minutes) FILTER (WHERE m.is_valid), 0)::int AS minutes_valid,
                count(*)::int AS n, count(*) FILTER (WHERE NOT m.is_valid)::int AS n_flagged,
                min(m.uptime) AS lowest_uptime, max(m.flag) AS worst_flag, max(m.minutes) AS longest_minutes
            FROM (
                -- One reading per moment: the sum of both directions where the sensor gives it, else the directions.
                SELECT date_trunc('hour', c.start_at, zone) AS hour_at, c.mode, max(c.minutes) AS minutes,
                    max(c.quality_flag) AS flag, max(c.quality_flag) IN (0, 8, 10) AS is_valid,
                    min(c.uptime) AS uptime,
                    coalesce(sum(c.value) FILTER (WHERE c.direction = 'both'), sum(c.value)) AS value,
                    sum(c.value) FILTER (WHERE c.direction = 'a') AS a,
                    sum(c.value) FILTER (WHERE c.direction = 'b') AS b
                FROM footfall_count c
                WHERE c.sensor_id = s.sensor_id AND c.start_at >= s.lo AND c.start_at < s.hi
                GROUP BY c.start_at, c.mode
            ) m GROUP BY m.hour_at, m.mode
        ) h
    ), gone AS (
        DELETE FROM footfall_hour h USING span s
        WHERE h.sensor_id = s.sensor_id AND h.start_at >= s.lo AND h.start_at < s.hi AND NOT EXISTS (
            SELECT 1 FROM fresh f
            WHERE f.sensor_id = h.sensor_id AND f.start_at = h.start_at AND f.mode = h.mode)
    )
    INSERT INTO footfall_hour AS h (sensor_id, start_at, mode, passages, passages_flagged, passages_a, passages_b,
        flagged_a, flagged_b, present, present_max, minutes, minutes_valid, n, n_flagged, lowest_uptime, worst_flag,
        longest_minutes)
    SELECT * FROM fresh
    ON CONFLICT (sensor_id, start_at, mode) DO UPDATE SET (passages, passages_flagged, passages_a, passages_b,
        flagged_a, flagged_b, present, present_max, minutes, minutes_valid, n, n_flagged, lowest_uptime, worst_flag,
        longest_minutes)
        = (excluded.passages, excluded.passages_flagged, excluded.passages_a, excluded.passages_b,
        excluded.flagged_a, excluded.flagged_b, excluded.present, excluded.present_max, excluded.minutes,
        excluded.minutes_valid, excluded.n, excluded.n_flagged, excluded.lowest_uptime, excluded.worst_flag,
        excluded.longest_minutes)
    WHERE h IS DISTINCT FROM excluded;

    WITH span AS MATERIALIZED (
        SELECT r.sensor_id, d.day::date AS counted_on,
            d.day AT TIME ZONE zone AS lo, (d.day + interval '1 day') AT TIME ZONE zone AS hi
        FROM unnest(sensor_ids, from_at, until_at) AS r(sensor_id, lo, hi)
        JOIN footfall_sensor s ON s.id = r.sensor_id
        CROSS JOIN LATERAL generate_series(
            date_trunc('day', greatest(r.lo, s.raw_from_at) AT TIME ZONE zone),
            (r.hi - interval '1 microsecond') AT TIME ZONE zone, interval '1 day') AS d(day)
        GROUP BY 1, 2, 3, 4
    ), fresh AS MATERIALIZED (
        SELECT s.sensor_id, s.counted_on, d.*, (extract(epoch FROM s.hi - s.lo) / 60)::smallint AS day_minutes
        FROM span s CROSS JOIN LATERAL (
            SELECT h.mode, sum(h.passages) AS passages, sum(h.passages_flagged) AS passages_flagged,
                sum(h.passages_a) AS passages_a, sum(h.passages_b) AS passages_b,
                sum(h.flagged_a) AS flagged_a, sum(h.flagged_b) AS flagged_b,
                sum(h.present * h.minutes_valid) / nullif(sum(h.minutes_valid) FILTER (WHERE h.present IS NOT NULL), 0)
                    AS present,
                max(h.present_max) AS present_max, sum(h.minutes)::int AS minutes,
                sum(h.minutes_valid)::int AS minutes_valid, sum(h.n)::int AS n, sum(h.n_flagged)::int AS n_flagged,
                max(h.worst_flag) AS worst_flag
            FROM footfall_hour h
            WHERE h.sensor_id = s.sensor_id AND h.start_at >= s.lo AND h.start_at < s.hi GROUP BY h.mode
        ) d
    ), gone AS (
        DELETE FROM footfall_day d USING span s
        WHERE d.sensor_id = s.sensor_id AND d.counted_on = s.counted_on AND NOT EXISTS (
            SELECT 1 FROM fresh f
            WHERE f.sensor_id = d.sensor_id AND f.counted_on = d.counted_on AND f.mode = d.mode)
    )
    INSERT INTO footfall_day AS d (sensor_id, counted_on, mode, passages, passages_flagged, passages_a, passages_b,
        flagged_a, flagged_b, present, present_max, minutes, minutes_valid, n, n_flagged, worst_flag, day_minutes)
    SELECT * FROM fresh
    ON CONFLICT (sensor_id, counted_on, mode) DO UPDATE SET (passages, passages_flagged, passages_a, passages_b,
        flagged_a, flagged_b, present, present_max, minutes, minutes_valid, n, n_flagged, worst_flag, day_minutes)
        = (excluded.passages, excluded.passages_flagged, excluded.passages_a, excluded.passages_b,
        excluded.flagged_a, excluded.flagged_b, excluded.present, excluded.present_max, excluded.minutes,
        excluded.minutes_valid, excluded.n, excluded.n_flagged, excluded.worst_flag, excluded.day_minutes)
    WHERE d IS DISTINCT FROM excluded;
END $$;
