"""What a full extract of the company register no longer holds has ended."""

from api.db.store.merge import Stage

# Within the postcodes that the extract was read for: whoever reads one of two must not end the other's.
MISSING = """
e.gone_on IS NULL AND e.nis_code = x.nis_code AND e.snapshot_on < x.snapshot_on AND e.postcode = ANY(x.postcodes)
AND NOT EXISTS (
    SELECT 1 FROM stage_company_establishment s
    WHERE s.nis_code = e.nis_code AND s.establishment_number = e.establishment_number
)
"""
EXTRACT = (
    "(SELECT nis_code, max(snapshot_on) AS snapshot_on, array_agg(DISTINCT postcode) AS postcodes "
    "FROM stage_company_establishment GROUP BY nis_code) x"
)


def close_missing(stage: Stage) -> dict[str, int]:
    """
    Mark establishments that the staged extract no longer holds as gone, on its date; recorded as changes.

    Returns
    -------
    How many ended.
    """
    if not stage.given:
        return {}
    cursor = stage.cursor
    cursor.execute(
        "INSERT INTO import_change (batch_id, table_name, row_key, before, after) "
        "SELECT %s, 'company_establishment', jsonb_build_object('id', e.id), jsonb_build_object('gone_on', e.gone_on), "
        f"jsonb_build_object('gone_on', x.snapshot_on) FROM company_establishment e, {EXTRACT} WHERE {MISSING}",
        [stage.batch.id],
    )
    cursor.execute(
        f"UPDATE company_establishment e SET gone_on = x.snapshot_on FROM {EXTRACT} WHERE {MISSING}"
    )
    return {"establishments ended": cursor.rowcount}
