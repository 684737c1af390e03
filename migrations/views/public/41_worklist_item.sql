-- What a person should look at: stale units, and what two sources say differently. Always as of now: nothing is stored.
-- `facts` are what is judged; a decision holds while they stay the same. `told` is shown beside them and may change.
-- One pass over the units, each looked at through its own indexes: a question about one municipality reads only its rows.
CREATE VIEW public.worklist_item AS
SELECT
    u.id * 16 + array_position(ARRAY['vacant_active', 'occupied_ended', 'other_branch', 'vacant_hint', 'state_unknown',
        'temporary_clash', 'same_occupant', 'unplaced', 'stale'], k.kind) AS id,
    u.nis_code, k.kind, k.facts, k.told, k.evidence_key, u.id AS shop_unit_id, u.address, u.street, u.state,
    u.occupant_name, u.branch_code, u.branch_group, u.occupied_since, u.vacant_latest_on, u.last_seen_on,
    months_since(u.last_seen_on) AS seen_months_ago, d.name AS survey, v.id AS decision_id, v.verdict, v.reason,
    v.decided_by, v.decided_at, u.geom,
    concat_ws(' ', u.street, lpad(coalesce(u.house_number, ''), 6, '0'), u.house_number_suffix, u.box) AS sort_address
FROM shop_unit_state u
JOIN municipality m ON m.nis_code = u.nis_code
LEFT JOIN dataset d ON d.id = u.dataset_id
LEFT JOIN LATERAL (
    -- Only establishments with a shop's activity: an office upstairs says nothing of the shop below.
    SELECT bool_or(e.is_active) AS has_active, max(e.ended_on) AS last_ended_on, max(e.snapshot_on) AS snapshot_on,
        jsonb_agg(e.told ORDER BY e.started_on DESC NULLS LAST, e.establishment_number) FILTER (WHERE e.is_active)
            AS active,
        jsonb_agg(e.told ORDER BY e.ended_on DESC, e.establishment_number) FILTER (WHERE NOT e.is_active) AS ended
    FROM (
        SELECT s.*, jsonb_build_object('number', s.establishment_number, 'name', s.name, 'nace', s.nace_code,
            'nace_version', s.nace_version, 'nace_prefix', s.nace_prefix, 'groups', s.branch_groups,
            'started_on', s.started_on, 'ended_on', s.ended_on) AS told
        FROM establishment_state s WHERE s.shop_unit_id = u.id
    ) e
    WHERE e.branch_groups IS NOT NULL
) r ON true
CROSS JOIN LATERAL (
    SELECT f.*, encode(sha256(convert_to(f.kind || f.facts::text, 'UTF8')), 'hex') AS evidence_key
    FROM (
        SELECT 'stale' AS kind, jsonb_build_object('last_seen_on', u.last_seen_on) AS facts, '{}'::jsonb AS told
        WHERE freshness_of(u.last_seen_on, m.fresh_months, m.stale_months) IN ('stale', 'never')
        UNION ALL
        SELECT 'vacant_active', jsonb_build_object('since', u.vacant_latest_on, 'active', r.active),
            jsonb_build_object('snapshot_on', r.snapshot_on)
        WHERE u.state = 'vacant' AND r.has_active
        UNION ALL
        -- An establishment that ended before the present occupant came says nothing of it.
        SELECT 'occupied_ended', jsonb_build_object('name', u.occupant_name, 'since', u.occupied_since,
            'ended', r.ended), jsonb_build_object('snapshot_on', r.snapshot_on, 'ended_on', r.last_ended_on)
        WHERE u.state = 'occupied' AND NOT r.has_active AND r.last_ended_on > u.occupied_since
        UNION ALL
        -- "Other goods" is too wide a word to be held against any shop of goods.
        SELECT 'other_branch', jsonb_build_object('name', u.occupant_name, 'branch_group', u.branch_group,
            'active', r.active), jsonb_build_object('snapshot_on', r.snapshot_on)
        WHERE u.state = 'occupied' AND u.branch_group IS NOT NULL AND r.has_active AND NOT EXISTS (
            SELECT 1 FROM jsonb_array_elements(r.active) a WHERE a -> 'groups' ? u.branch_group
            OR a -> 'groups' ? 'retail_other'
            AND u.branch_group IN ('daily', 'fashion_luxury', 'leisure_goods', 'home_garden'))
        UNION ALL
        -- Checked before the unit fell vacant is no contradiction; the address counts, else the nearest door.
        SELECT 'vacant_hint', jsonb_build_object('since', u.vacant_latest_on, 'name', h.name, 'shop', h.kind,
            'key', h.source_key, 'checked_on', h.checked_on), jsonb_build_object('snapshot_on', h.vintage_on,
            'source', h.dataset)
        FROM (
            SELECT p.name, p.kind, p.source_key, p.checked_on, w.vintage_on, w.name AS dataset
            FROM place_hint p LEFT JOIN dataset w ON w.id = p.dataset_id
            WHERE u.state = 'vacant' AND p.nis_code = u.nis_code AND st_dwithin(p.geom, u.geom, 60)
                AND p.kind NOT LIKE 'disused:%' AND p.kind NOT IN ('shop=vacant', 'shop=no')
                AND p.kind NOT LIKE 'office=%' AND coalesce(p.checked_on > u.vacant_latest_on, true)
                AND CASE WHEN p.tags ? 'addr:housenumber' THEN
                        number_key(p.tags ->> 'addr:housenumber', '')
                            = number_key(u.house_number, u.house_number_suffix)
                        AND coalesce(street_key(p.tags ->> 'addr:street') = street_key(u.street), true)
                    ELSE st_dwithin(p.geom, u.geom, 10) AND NOT EXISTS (
                        SELECT 1 FROM shop_unit n WHERE n.nis_code = u.nis_code AND n.lifecycle = 'active'
                        AND n.id <> u.id AND st_dwithin(n.geom, p.geom, 10) AND n.geom <-> p.geom < u.geom <-> p.geom)
                    END
            ORDER BY p.geom <-> u.geom, p.id LIMIT 1
        ) h
        UNION ALL
        SELECT 'state_unknown', jsonb_build_object('last_seen_on', u.last_seen_on, 'active', r.active),
            jsonb_build_object('snapshot_on', r.snapshot_on)
        WHERE u.state = 'unknown'
        UNION ALL
        -- Temporary use leaves a vacancy open: one without the other is a slip of whoever wrote it.
        SELECT 'temporary_clash', jsonb_build_object('why', CASE WHEN o.id IS NULL THEN 'no_use' ELSE 'no_spell' END,
            'name', o.occupant_name, 'since', coalesce(lower(o.period), u.vacant_latest_on)), '{}'::jsonb
        FROM (SELECT 1) one
        LEFT JOIN occupancy o ON o.shop_unit_id = u.id AND o.is_popup AND o.period @> current_date
        WHERE o.id IS NULL AND u.market_status = 'temporary_use' OR o.id IS NOT NULL AND u.vacant_latest_on IS NULL
        UNION ALL
        -- Told once, of the first of them.
        SELECT 'same_occupant', jsonb_build_object('name', u.occupant_name, 'units',
            jsonb_agg(jsonb_build_object('id', n.id, 'address', n.address) ORDER BY n.id)), '{}'::jsonb
        FROM shop_unit_state n
        WHERE u.state = 'occupied' AND btrim(u.occupant_name) <> '' AND n.nis_code = u.nis_code
            AND n.street = u.street AND n.house_number = u.house_number AND n.state = 'occupied'
            AND lower(btrim(n.occupant_name)) = lower(btrim(u.occupant_name))
        HAVING count(*) > 1 AND min(n.id) = u.id
        UNION ALL
        SELECT 'unplaced', jsonb_build_object('why', q.why, 'street', u.street), '{}'::jsonb
        FROM (
            SELECT array_remove(ARRAY[
                -- Where no streets or parcels are known at all, a unit cannot be blamed for being on none; a name that
                -- five units bear is a place of its own, such as a shopping centre.
                CASE WHEN coalesce(u.street, '') = '' THEN 'no_street'
                    WHEN EXISTS (SELECT 1 FROM street_segment g WHERE g.nis_code = u.nis_code AND g.name = u.street)
                        THEN NULL
                    WHEN NOT EXISTS (SELECT 1 FROM street_segment g WHERE g.nis_code = u.nis_code
                        AND g.name IS NOT NULL) THEN NULL
                    WHEN (SELECT count(*) FROM shop_unit n WHERE n.nis_code = u.nis_code AND n.street = u.street) >= 5
                        THEN NULL
                    WHEN EXISTS (SELECT 1 FROM street_segment g WHERE g.nis_code = u.nis_code
                        AND street_key(g.name) = street_key(u.street)) THEN NULL
                    ELSE 'unknown_street' END,
                CASE WHEN number_key(u.house_number, u.house_number_suffix) IS NULL THEN 'no_number' END,
                CASE WHEN u.parcel_id IS NULL AND EXISTS (SELECT 1 FROM parcel p WHERE p.nis_code = u.nis_code)
                    THEN 'no_parcel' END], NULL) AS why
        ) q
        WHERE cardinality(q.why) > 0
    ) f
) k
LEFT JOIN LATERAL (
    SELECT x.* FROM worklist_decision x
    WHERE x.shop_unit_id = u.id AND x.kind = k.kind AND x.evidence_key = k.evidence_key AND x.verdict <> 'undone'
        AND NOT EXISTS (SELECT 1 FROM worklist_decision y WHERE y.undoes_id = x.id)
        -- "Look on the next round" holds until somebody looked.
        AND (x.verdict <> 'next_round' OR x.seen_on IS NOT DISTINCT FROM u.last_seen_on)
    ORDER BY x.id DESC LIMIT 1
) v ON true;
