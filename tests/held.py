"""What a database holds, to be compared with what it held."""

from sqlalchemy import text

from api.db.session import get_engine

TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.objid = pg_class.oid AND d.deptype = 'e') ORDER BY relname
"""


def held(*wanted: str) -> dict[str, tuple[int, int]]:
    """How many rows every table, or each of those wanted, holds, and a sum of what stands in them."""
    with get_engine().connect() as connection:
        names = wanted or connection.execute(text(TABLES)).scalars().all()
        counted = (
            f"SELECT '{name}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM \"{name}\" t"
            for name in names
        )
        return {name: (n, total) for name, n, total in connection.execute(text(" UNION ALL ".join(counted)))}
