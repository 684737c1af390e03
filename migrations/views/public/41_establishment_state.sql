-- Every establishment of the company register as it stands today, with the branch groups its activities lead to.
CREATE VIEW public.establishment_state AS
SELECT
    e.*,
    least(e.struck_off_on, e.gone_on) AS ended_on,
    coalesce(least(e.struck_off_on, e.gone_on) > current_date, true) AS is_active,
    -- The longest prefix that is in the list wins: 5914 is a cinema although 59 is no branch of ours.
    (SELECT array_agg(DISTINCT l.parent_code ORDER BY l.parent_code)
     FROM unnest(e.nace_codes) AS n (code)
     CROSS JOIN LATERAL (
         SELECT c.parent_code FROM code_list c
         WHERE c.scheme = 'nace_' || e.nace_version AND starts_with(n.code, c.code)
         ORDER BY length(c.code) DESC LIMIT 1
     ) l) AS branch_groups,
    (SELECT c.code FROM code_list c
     WHERE c.scheme = 'nace_' || e.nace_version AND starts_with(e.nace_code, c.code)
     ORDER BY length(c.code) DESC LIMIT 1) AS nace_prefix
FROM company_establishment e;
