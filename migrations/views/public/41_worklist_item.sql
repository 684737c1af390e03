-- What a person should look at: stale units, and what two sources say differently. Always as of now: nothing is stored.
-- `facts` are what is judged; a decision holds while they stay the same. `told` is shown beside them and may change.
CREATE VIEW public.worklist_item WITH (security_invoker = true) AS
-- NIS codes go through every part, so that a question about one municipality reads only its rows.
WITH unit AS NOT MATERIALIZED (
    SELECT s.id, s.nis_code, s.street, s.house_number, s.house_number_suffix, s.box, s.address, s.state,
        s.occupant_name, s.branch_code, s.branch_group, s.occupied_since, s.vacant_earliest_on, s.vacant_latest_on,
        s.market_status, s.last_seen_on, s.parcel_id, s.geom, m.fresh_months, m.stale_months,
        street_key(s.street) AS street_key, number_key(s.house_number, s.house_number_suffix) AS number_key
    FROM shop_unit_state s JOIN municipality m ON m.nis_code = s.nis_code
), register AS NOT MATERIALIZED (
    -- Only establishments with a shop's activity: an office upstairs says nothing of the shop below.
    SELECT e.nis_code, e.shop_unit_id,
        bool_or(e.is_active) AS has_active, max(e.ended_on) AS last_ended_on, max(e.snapshot_on) AS snapshot_on,
        jsonb_agg(jsonb_build_object('number', e.establishment_number, 'name', e.name, 'nace', e.nace_code,
            'nace_version', e.nace_version, 'nace_prefix', e.nace_prefix, 'groups', e.branch_groups,
            'started_on', e.started_on, 'ended_on', e.ended_on)
            ORDER BY e.started_on DESC NULLS LAST, e.establishment_number) FILTER (WHERE e.is_active) AS active,
        jsonb_agg(jsonb_build_object('number', e.establishment_number, 'name', e.name, 'nace', e.nace_code,
            'nace_version', e.nace_version, 'nace_prefix', e.nace_prefix, 'groups', e.branch_groups,
            'started_on', e.started_on, 'ended_on', e.ended_on)
            ORDER BY e.ended_on DESC, e.establishment_number) FILTER (WHERE NOT e.is_active) AS ended
    FROM establishment_state e WHERE e.shop_unit_id IS NOT NULL AND e.branch_groups IS NOT NULL
    GROUP BY e.nis_code, e.shop_unit_id
), found AS (
    SELECT u.nis_code, u.id AS shop_unit_id, 'stale' AS kind, jsonb_build_object('last_seen_on', u.last_seen_on) AS facts,
        '{}'::jsonb AS told
    FROM unit u WHERE freshness_of(u.last_seen_on, u.fresh_months, u.stale_months) IN ('stale', 'never')
    UNION ALL
    SELECT u.nis_code, u.id, 'vacant_active', jsonb_build_object('since', u.vacant_latest_on, 'active', r.active),
        jsonb_build_object('snapshot_on', r.snapshot_on)
    FROM unit u JOIN register r ON r.nis_code = u.nis_code AND r.shop_unit_id = u.id WHERE u.state = 'vacant' AND r.has_active
    UNION ALL
    -- An establishment that ended before the present occupant came says nothing of it.
    SELECT u.nis_code, u.id, 'occupied_ended', jsonb_build_object('name', u.occupant_name, 'since', u.occupied_since,
        'ended', r.ended), jsonb_build_object('snapshot_on', r.snapshot_on, 'ended_on', r.last_ended_on)
    FROM unit u JOIN register r ON r.nis_code = u.nis_code AND r.shop_unit_id = u.id
    WHERE u.state = 'occupied' AND NOT r.has_active AND r.last_ended_on > u.occupied_since
    UNION ALL
    SELECT u.nis_code, u.id, 'other_branch', jsonb_build_object('name', u.occupant_name, 'branch_group', u.branch_group,
        'active', r.active), jsonb_build_object('snapshot_on', r.snapshot_on)
    FROM unit u JOIN register r ON r.nis_code = u.nis_code AND r.shop_unit_id = u.id
    WHERE u.state = 'occupied' AND u.branch_group IS NOT NULL AND r.has_active AND NOT EXISTS (
        -- "Other goods" is too wide a word to be held against any shop of goods.
        SELECT 1 FROM jsonb_array_elements(r.active) a WHERE a -> 'groups' ? u.branch_group OR a -> 'groups' ? 'retail_other'
            AND u.branch_group IN ('daily', 'fashion_luxury', 'leisure_goods', 'home_garden'))
    UNION ALL
    -- Checked before the unit fell vacant is no contradiction; the address counts, else the nearest door.
    SELECT u.nis_code, u.id, 'vacant_hint', jsonb_build_object('since', u.vacant_latest_on, 'name', h.name, 'shop', h.kind,
        'key', h.source_key, 'checked_on', h.checked_on), jsonb_build_object('snapshot_on', h.vintage_on,
        'source', h.dataset)
    FROM unit u CROSS JOIN LATERAL (
        SELECT p.name, p.kind, p.source_key, p.checked_on, d.vintage_on, d.name AS dataset
        FROM place_hint p LEFT JOIN dataset d ON d.id = p.dataset_id
        WHERE p.nis_code = u.nis_code AND st_dwithin(p.geom, u.geom, 60)
            AND p.kind NOT LIKE 'disused:%' AND p.kind NOT IN ('shop=vacant', 'shop=no') AND p.kind NOT LIKE 'office=%'
            AND coalesce(p.checked_on > u.vacant_latest_on, true)
            AND CASE WHEN p.tags ? 'addr:housenumber' THEN number_key(p.tags ->> 'addr:housenumber', '') = u.number_key
                    AND coalesce(street_key(p.tags ->> 'addr:street') = u.street_key, true)
                ELSE st_dwithin(p.geom, u.geom, 10) AND NOT EXISTS (
                    SELECT 1 FROM shop_unit n WHERE n.nis_code = u.nis_code AND n.lifecycle = 'active'
                    AND n.id <> u.id AND st_dwithin(n.geom, p.geom, 10) AND n.geom <-> p.geom < u.geom <-> p.geom)
                END
        ORDER BY p.geom <-> u.geom, p.id LIMIT 1
    ) h
    WHERE u.state = 'vacant'
    UNION ALL
    SELECT u.nis_code, u.id, 'state_unknown', jsonb_build_object('last_seen_on', u.last_seen_on, 'active', r.active),
        jsonb_build_object('snapshot_on', r.snapshot_on)
    FROM unit u LEFT JOIN register r ON r.nis_code = u.nis_code AND r.shop_unit_id = u.id WHERE u.state = 'unknown'
    UNION ALL
    -- Temporary use leaves a vacancy open: one without the other is a slip of whoever wrote it.
    SELECT u.nis_code, u.id, 'temporary_clash', jsonb_build_object('why', CASE WHEN o.id IS NULL THEN 'no_use' ELSE 'no_spell' END,
        'name', o.occupant_name, 'since', coalesce(lower(o.period), u.vacant_latest_on)), '{}'::jsonb
    FROM unit u
    LEFT JOIN occupancy o ON o.shop_unit_id = u.id AND o.is_popup AND o.period @> current_date
    WHERE o.id IS NULL AND u.market_status = 'temporary_use' OR o.id IS NOT NULL AND u.vacant_latest_on IS NULL
    UNION ALL
    SELECT u.nis_code, min(u.id), 'same_occupant', jsonb_build_object('name', min(u.occupant_name),
        'units', jsonb_agg(jsonb_build_object('id', u.id, 'address', u.address) ORDER BY u.id)), '{}'::jsonb
    FROM unit u
    WHERE u.state = 'occupied' AND btrim(u.occupant_name) <> ''
    GROUP BY u.nis_code, u.street_key, u.house_number, lower(btrim(u.occupant_name))
    HAVING count(*) > 1 AND u.street_key IS NOT NULL AND u.house_number IS NOT NULL
    UNION ALL
    -- Where no streets or parcels are known at all, a unit cannot be blamed for being on none.
    SELECT q.nis_code, q.id, 'unplaced', jsonb_build_object('why', q.why, 'street', q.street), '{}'::jsonb
    FROM (
        SELECT u.nis_code, u.id, u.street, array_remove(ARRAY[
            CASE WHEN u.street_key IS NULL THEN 'no_street' WHEN k.streets IS NOT NULL
                AND NOT u.street_key = ANY(k.streets) THEN 'unknown_street' END,
            CASE WHEN u.number_key IS NULL THEN 'no_number' END,
            CASE WHEN u.parcel_id IS NULL AND k.has_parcels THEN 'no_parcel' END], NULL) AS why
        FROM unit u JOIN (
            SELECT m.nis_code, EXISTS (SELECT 1 FROM parcel p WHERE p.nis_code = m.nis_code) AS has_parcels,
                (SELECT array_agg(DISTINCT street_key(n.name)) FROM (SELECT DISTINCT name FROM street_segment g
                 WHERE g.nis_code = m.nis_code AND g.name IS NOT NULL) n) AS streets
            FROM municipality m
        ) k ON k.nis_code = u.nis_code
    ) q
    WHERE cardinality(q.why) > 0
), keyed AS (
    SELECT f.*, encode(sha256(convert_to(f.kind || f.facts::text, 'UTF8')), 'hex') AS evidence_key FROM found f
)
SELECT
    u.id * 16 + array_position(ARRAY['vacant_active', 'occupied_ended', 'other_branch', 'vacant_hint', 'state_unknown',
        'temporary_clash', 'same_occupant', 'unplaced', 'stale'], k.kind) AS id,
    u.nis_code, k.kind, k.facts, k.told, k.evidence_key, u.id AS shop_unit_id, u.address, u.street, u.state,
    u.occupant_name, u.branch_code, u.branch_group, u.occupied_since, u.vacant_latest_on, u.last_seen_on,
    months_since(u.last_seen_on) AS seen_months_ago, d.name AS survey, v.id AS decision_id, v.verdict, v.reason,
    v.decided_by, v.decided_at, u.geom,
    concat_ws(' ', u.street, lpad(coalesce(u.house_number, ''), 6, '0'), u.house_number_suffix, u.box) AS sort_address
FROM keyed k
JOIN unit u ON u.nis_code = k.nis_code AND u.id = k.shop_unit_id
LEFT JOIN shop_unit w ON w.id = u.id
LEFT JOIN dataset d ON d.id = w.dataset_id
LEFT JOIN LATERAL (
    SELECT x.* FROM worklist_decision x
    WHERE x.shop_unit_id = u.id AND x.kind = k.kind AND x.evidence_key = k.evidence_key AND x.verdict <> 'undone'
        AND NOT EXISTS (SELECT 1 FROM worklist_decision y WHERE y.undoes_id = x.id)
        -- "Look on the next round" holds until somebody looked.
        AND (x.verdict <> 'next_round' OR x.seen_on IS NOT DISTINCT FROM u.last_seen_on)
    ORDER BY x.id DESC LIMIT 1
) v ON true;
