"""What a newer file says by leaving it out: parcels that were divided or joined, records that were struck off."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.db.store.batch import Batch

# One cadastre has no overlaps: a parcel that lies for more than half under parcels of a later file is of an earlier one.
COVERED_SHARE = 0.5
SUPERSEDED = """
WITH covered AS (
    SELECT old.id, sum(st_area(st_intersection(old.geom, new.geom))) / nullif(old.area_m2, 0) AS share
    FROM parcel new
    JOIN parcel old ON old.geom && new.geom AND st_intersects(old.geom, new.geom)
        AND old.nis_code = new.nis_code AND old.batch_id < new.batch_id AND old.ends_on IS NULL
    WHERE new.batch_id = :batch AND new.ends_on IS NULL
    GROUP BY old.id, old.area_m2
), ended AS (
    UPDATE parcel p SET ends_on = coalesce(CAST(:on AS date), current_date)
    FROM covered c WHERE c.id = p.id AND c.share > :share RETURNING p.id, p.ends_on
)
INSERT INTO import_change (batch_id, table_name, row_key, before, after)
SELECT :batch, 'parcel', jsonb_build_object('id', id), jsonb_build_object('ends_on', NULL),
    jsonb_build_object('ends_on', ends_on)
FROM ended ORDER BY id
"""
STRUCK_OFF = """
WITH struck AS (
    UPDATE {table} SET is_removed = true,
        removed_on = greatest(coalesce(CAST(:on AS date), current_date), entered_on, found_on)
    WHERE nis_code = :nis AND NOT is_removed AND record_key <> ALL(:held)
    RETURNING id, removed_on
)
INSERT INTO import_change (batch_id, table_name, row_key, before, after)
SELECT :batch, '{table}', jsonb_build_object('id', id),
    jsonb_build_object('removed_on', NULL, 'is_removed', false),
    jsonb_build_object('removed_on', removed_on, 'is_removed', true)
FROM struck ORDER BY id
"""


def end_superseded_parcels(session: Session, batch: Batch, on: date | None) -> int:
    """
    End the parcels that those of this batch have taken the place of; they stay, to be found by their old key.

    Returns
    -------
    How many ended.
    """
    codes = text("SELECT DISTINCT nis_code FROM parcel WHERE batch_id = :batch")
    added = list(session.execute(codes, {"batch": batch.id}).scalars())
    older = text("SELECT EXISTS (SELECT 1 FROM parcel WHERE nis_code = ANY(:codes) AND batch_id < :batch)")
    if not session.execute(older, {"codes": added, "batch": batch.id}).scalar():
        return 0
    # Rows of this transaction are in no statistics yet, and without them the index of places would not be used.
    session.execute(text("ANALYZE parcel"))
    done = session.execute(text(SUPERSEDED), {"batch": batch.id, "on": on, "share": COVERED_SHARE})
    return int(done.rowcount)  # type: ignore[attr-defined]


def strike_off_missing(
    session: Session, batch: Batch, table: str, *, held: Iterable[str], on: date | None
) -> int:
    """
    Strike off the records that a file of the whole register no longer holds.

    `held` are the keys of all rows of the file, those that were refused too.

    Returns
    -------
    How many were struck off.
    """
    values = {"batch": batch.id, "nis": batch.nis_code, "held": sorted(held), "on": on}
    done = session.execute(text(STRUCK_OFF.format(table=table)), values)
    return int(done.rowcount)  # type: ignore[attr-defined]
