-- Every active shop unit as it stands today: who trades there, or since when it is empty.
CREATE VIEW public.shop_unit_state AS
SELECT
    u.*,
    CASE
        WHEN s.id IS NOT NULL THEN 'vacant'
        WHEN o.id IS NULL THEN 'unknown'
        WHEN b.parent_code = 'non_retail' THEN 'non_retail'
        ELSE 'occupied'
    END AS state,
    o.occupant_name,
    o.branch_code,
    b.parent_code AS branch_group,
    coalesce(o.is_anchor, false) AND s.id IS NULL AS is_anchor,
    o.is_chain,
    lower(o.period) AS occupied_since,
    s.start_earliest_on AS vacant_earliest_on,
    s.start_latest_on AS vacant_latest_on,
    s.start_basis AS vacant_start_basis,
    s.market_status,
    s.asking_rent_eur_per_month,
    s.cause AS vacant_cause,
    s.last_branch_code,
    CASE
        WHEN s.id IS NULL THEN NULL
        -- First seen empty three years ago or more: whenever it began, it is structural by now.
        WHEN s.start_earliest_on IS NULL THEN
            CASE WHEN current_date - s.start_latest_on < 1096 THEN 'unknown' ELSE 'structural' END
        WHEN current_date - (s.start_earliest_on + (s.start_latest_on - s.start_earliest_on) / 2) < 365 THEN 'initial'
        WHEN current_date - (s.start_earliest_on + (s.start_latest_on - s.start_earliest_on) / 2) < 1096 THEN 'long_term'
        ELSE 'structural'
    END AS vacancy_class,
    concat_ws(' ', u.street, nullif(concat(
        u.house_number, u.house_number_suffix, CASE WHEN u.house_number_end IS NOT NULL THEN '-' || u.house_number_end END
    ), ''), CASE WHEN u.box IS NOT NULL THEN 'bus ' || u.box END) AS address
FROM shop_unit u
LEFT JOIN vacancy_spell s ON s.shop_unit_id = u.id AND s.period @> current_date
LEFT JOIN occupancy o ON o.shop_unit_id = u.id AND o.period @> current_date
LEFT JOIN code_list b ON b.scheme = o.branch_scheme AND b.version = o.branch_version AND b.code = o.branch_code
WHERE u.lifecycle = 'active';
