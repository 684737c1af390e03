"""From stage to table: place, refuse, compare, record, write. All in the caller's transaction."""

from typing import Any

import pandas as pd
import psycopg
from sqlalchemy.orm import Session

from api.db.base import SRID
from api.db.store.batch import Batch
from api.db.store.staging import copy_rows, create_stage, storable, unfit
from api.db.store.targets import Check, Target

DUPLICATE = Check(
    "", "", "The key occurs twice in the file; the first row was taken.", "Remove one of the two rows."
)


class Stage:
    """
    The rows of one target on their way in.

    `add` takes a frame at a time; `write` compares everything staged with what is stored and writes it.
    """

    def __init__(self, session: Session, batch: Batch, target: Target) -> None:
        raw = session.connection().connection.driver_connection
        assert isinstance(raw, psycopg.Connection)
        self.cursor: psycopg.Cursor[Any] = raw.cursor()
        self.batch = batch
        self.target = target
        self.name = f"stage_{target.name}"
        self.given: set[str] = set()
        self.outcome = batch.outcome(target.name)
        create_stage(self.cursor, self.name, target.staged)

    def add(self, rows: pd.DataFrame, refused: pd.DataFrame) -> None:
        """Stage one chunk and store what the importer refused."""
        self.outcome.read += len(rows) + len(refused)
        if len(rows):
            is_unfit, told = unfit(rows, self.target.staged, self.target.indexed)
            rows, refused = rows[~is_unfit], pd.concat([refused, told]) if len(told) else refused
        if len(rows):
            self.given |= set(rows.columns) | ({"geom"} if hasattr(rows, "geometry") else set())
            copy_rows(self.cursor, self.name, rows, self.target.staged, srid=SRID)
        if len(refused):
            self._refuse_rows(refused)

    def fill(self, column: str, value: Any) -> None:
        """Give staged rows without a value in `column` this one."""
        self.cursor.execute(f'UPDATE {self.name} SET "{column}" = %s WHERE "{column}" IS NULL', [value])
        self.given.add(column)

    def write(self) -> None:
        """Write what is staged; counts go to the batch's outcome."""
        if not self.given:
            return
        self.cursor.execute(f"ANALYZE {self.name}")
        if "nis_code" in self.target.staged and self.target.name != "municipality":
            self._place()
        for check in self.target.checks:
            self._refuse(f"NOT s.is_gone AND ({check.condition})", check, joins=self.target.joins)
        self._refuse_duplicates()
        if self.target.name == "footfall_count":
            self._ensure_partitions()
        self._resolve()
        self._refuse_incomplete()
        changed = self._update_changed()
        known = self._insert_new()
        self.outcome.changed += changed
        self.outcome.unchanged += known - changed

    def close(self) -> None:
        """Drop the temporary tables, so that another file may follow in the same session."""
        self.cursor.execute(f"DROP TABLE IF EXISTS {self.name}, resolved_{self.target.name}")

    # -- placing and refusing ------------------------------------------------------------------

    def mark_gone(self) -> None:
        """Give staged rows the mark of those that are left out."""
        self.cursor.execute(
            f"ALTER TABLE {self.name} ADD COLUMN IF NOT EXISTS is_gone boolean NOT NULL DEFAULT false"
        )

    def _place(self) -> None:
        """Give rows without a municipality the one that was named, or the one they lie in."""
        self.mark_gone()
        nis = self.batch.nis_code
        if nis is not None:
            self._leave_out_other_municipalities(nis)
            return
        if self.target.has_geometry:
            self.cursor.execute(
                f"UPDATE {self.name} s SET nis_code = m.nis_code FROM municipality m "
                "WHERE s.nis_code IS NULL AND m.geom && s.geom "
                "AND st_contains(m.geom, CASE WHEN st_dimension(s.geom) = 0 THEN s.geom "
                "ELSE st_pointonsurface(s.geom) END)"
            )
        check = Check(
            "",
            "nis_code",
            "The row lies in no municipality that is known here.",
            "Import the municipalities first, or name one with --municipality NIS.",
        )
        unknown = "NOT s.is_gone AND NOT EXISTS (SELECT 1 FROM municipality m WHERE m.nis_code = s.nis_code)"
        self._refuse(unknown, check)

    def _leave_out_other_municipalities(self, nis: str) -> None:
        """With --municipality a region-wide file gives only the rows of that municipality."""
        self.cursor.execute(
            f"UPDATE {self.name} s SET is_gone = true WHERE s.nis_code IS NOT NULL AND s.nis_code <> %s",
            [nis],
        )
        self.outcome.outside += self.cursor.rowcount
        if self.target.has_geometry and self.target.is_area:
            self.cursor.execute(
                f"UPDATE {self.name} s SET is_gone = true FROM municipality m "
                "WHERE m.nis_code = %s AND m.geom IS NOT NULL AND NOT s.is_gone AND s.nis_code IS NULL "
                "AND NOT st_intersects(m.geom, st_pointonsurface(s.geom))",
                [nis],
            )
            self.outcome.outside += self.cursor.rowcount
        self.cursor.execute(f"UPDATE {self.name} SET nis_code = %s WHERE nis_code IS NULL", [nis])

    def _refuse_duplicates(self) -> None:
        self.mark_gone()
        key = ", ".join(self._expression(column) for column in self.target.key)
        column = "value" if self.target.name == "footfall_count" else self.target.key[-1]
        check = Check("", column, DUPLICATE.reason, DUPLICATE.remedy)
        self.cursor.execute(
            f"CREATE TEMP TABLE twice ON COMMIT DROP AS SELECT ctid AS at FROM ("
            f"SELECT s.ctid, row_number() OVER (PARTITION BY {key} ORDER BY s.row_number) AS nth "
            f"FROM {self.name} s {self.target.joins} WHERE NOT s.is_gone) numbered WHERE nth > 1"
        )
        self._refuse("s.ctid IN (SELECT at FROM twice)", check)
        self.cursor.execute("DROP TABLE twice")

    def _refuse(self, condition: str, check: Check, *, joins: str = "") -> None:
        """Store refusals for staged rows that meet `condition` and take them out."""
        shown = f's."{check.column}"::text' if check.column in self.target.staged else "NULL"
        if check.column == "geom":
            shown = "left(st_astext(s.geom), 80)"
        self.cursor.execute(
            f"WITH bad AS (SELECT s.ctid, s.row_number, {shown} AS value FROM {self.name} s {joins} "
            f"WHERE {condition}), told AS (INSERT INTO import_refusal "
            "(batch_id, target, row_number, column_name, value, reason, remedy) "
            "SELECT %s, %s, row_number, %s, value, %s, %s FROM bad) "
            f"UPDATE {self.name} t SET is_gone = true FROM bad WHERE t.ctid = bad.ctid",
            [self.batch.id, self.target.name, check.column, check.reason, check.remedy],
        )
        self.outcome.refused += self.cursor.rowcount

    def _refuse_rows(self, refused: pd.DataFrame) -> None:
        self.outcome.refused += len(refused)
        columns = ("row_number", "column_name", "value", "reason", "remedy")
        records = refused.reindex(columns=list(columns)).astype("object")
        records = records.where(records.notna(), None)
        with self.cursor.copy(
            "COPY import_refusal (batch_id, target, row_number, column_name, value, reason, remedy) FROM STDIN"
        ) as copy:
            for number, column, value, reason, remedy in records.itertuples(index=False):
                shown = None if value is None else storable(str(value)[:200])
                place = None if number is None else int(number)
                told = (storable(column or ""), shown, storable(reason), storable(remedy))
                copy.write_row((self.batch.id, self.target.name, place, *told))

    # -- writing -------------------------------------------------------------------------------

    def _expression(self, column: str) -> str:
        """SQL of a table column; an empty cell of one that must hold something takes the column's default."""
        value = self.target.values.get(column, f's."{column}"')
        stored = self.target.table.columns[column]
        default = getattr(stored.server_default, "arg", None)
        if stored.nullable or default is None:
            return value
        text = str(default).replace("'", "''")
        return f"coalesce({value}, '{text}')"

    def _written(self) -> list[str]:
        """Table columns this file gives."""
        needed = {"nis_code", *self.target.key}
        return [c for c in self.target.columns if c in self.given or c in self.target.values or c in needed]

    def _ensure_partitions(self) -> None:
        self.cursor.execute(
            f"SELECT ensure_count_partitions(min(start_at), max(start_at)) FROM {self.name} "
            "HAVING min(start_at) IS NOT NULL"
        )

    def _resolve(self) -> None:
        """Compute the table columns of every staged row and find the stored row with the same key."""
        table = self.target.table.name
        primary = [column.name for column in self.target.table.primary_key]
        columns = self._written()
        computed = ", ".join(f'{self._expression(c)} AS "{c}"' for c in columns)
        matched = " AND ".join(self._same(c) for c in self.target.key)
        matched += f" AND {self.target.only}" if self.target.only else ""
        found = ", ".join(f't."{c}" AS found_{c}' for c in primary)
        self.cursor.execute(
            f"CREATE TEMP TABLE resolved_{self.target.name} ON COMMIT DROP AS "
            f"SELECT n.*, {found} FROM (SELECT s.row_number, {computed} FROM {self.name} s {self.target.joins} "
            f"WHERE NOT s.is_gone) n LEFT JOIN {table} t ON {matched}"
        )
        self.cursor.execute(f"ANALYZE resolved_{self.target.name}")

    def _refuse_incomplete(self) -> None:
        """Refuse what lacks a value that every row must have; what is stored already keeps what the file is silent of."""
        table, resolved = self.target.table, f"resolved_{self.target.name}"
        primary = next(iter(table.primary_key)).name
        written = self._written()
        for column in table.columns:
            if column.nullable or column.server_default is not None or column.name not in self.target.columns:
                continue
            lacks = f'n."{column.name}" IS NULL' if column.name in written else f"n.found_{primary} IS NULL"
            check = Check("", column.name, f"{column.name} is empty.", "Fill it in; every row needs it.")
            self.cursor.execute(
                f"WITH bad AS (DELETE FROM {resolved} n WHERE {lacks} RETURNING n.row_number) "
                "INSERT INTO import_refusal (batch_id, target, row_number, column_name, value, reason, remedy) "
                "SELECT %s, %s, row_number, %s, NULL, %s, %s FROM bad",
                [self.batch.id, self.target.name, check.column, check.reason, check.remedy],
            )
            self.outcome.refused += self.cursor.rowcount

    def _same(self, column: str) -> str:
        """SQL that compares a column of the key; nothing is nothing, where the key may hold it."""
        is_nullable = self.target.table.columns[column].nullable
        return f't."{column}" {"IS NOT DISTINCT FROM" if is_nullable else "="} n."{column}"'

    def _update_changed(self) -> int:
        """Record and write what differs; returns how many rows that were."""
        primary = [column.name for column in self.target.table.primary_key]
        kept = {*self.target.key, *primary, *self.target.insert_only}
        columns = [c for c in self._written() if c not in kept]
        if not columns:
            return 0
        table, resolved = self.target.table.name, f"resolved_{self.target.name}"
        same = " AND ".join(f't."{c}" = n."found_{c}"' for c in primary)
        differs = " OR ".join(f't."{c}" IS DISTINCT FROM n."{c}"' for c in columns)
        sets = ", ".join(f'"{c}" = n."{c}"' for c in columns)
        self.cursor.execute(
            f"INSERT INTO import_change (batch_id, table_name, row_key, before, after) "
            f"SELECT %s, %s, {json_of('t', primary, self.target)}, {json_of('t', columns, self.target, other='n')}, "
            f"{json_of('n', columns, self.target, other='t')} FROM {resolved} n JOIN {table} t ON {same} "
            f"WHERE {differs} ORDER BY n.row_number",
            [self.batch.id, table],
        )
        self.cursor.execute(f"UPDATE {table} t SET {sets} FROM {resolved} n WHERE {same} AND ({differs})")
        return self.cursor.rowcount

    def _insert_new(self) -> int:
        """Add the rows that are new, in the order of the file; returns how many were known already."""
        table, resolved = self.target.table, f"resolved_{self.target.name}"
        primary = [column.name for column in table.primary_key]
        columns = self._written()
        listed = ", ".join(f'"{c}"' for c in columns)
        given = ", ".join(f'n."{c}"' for c in columns)
        mark, marked = "", ""
        if "dataset_id" in table.columns:
            mark, marked = ", dataset_id", f", {int(self.batch.dataset_id)}"
        self.cursor.execute(
            f"INSERT INTO {table.name} ({listed}, batch_id{mark}) SELECT {given}, %s{marked} FROM {resolved} n "
            f"WHERE n.found_{primary[0]} IS NULL ORDER BY n.row_number",
            [self.batch.id],
        )
        self.outcome.added += self.cursor.rowcount
        self.cursor.execute(f"SELECT count(*) FROM {resolved} WHERE found_{primary[0]} IS NOT NULL")
        (known,) = self.cursor.fetchone() or (0,)
        return int(known)


def json_of(alias: str, columns: list[str], target: Target, other: str | None = None) -> str:
    """
    SQL that makes jsonb of `columns` of `alias`; with `other`, only of those that differ from it.

    Geometry goes in as EWKB text, because GeoJSON would round it.
    """
    parts = []
    for name in columns:
        is_geometry = target.columns.get(name, "").lower().startswith("geometry")
        value = f"encode(st_asewkb({alias}.\"{name}\"), 'hex')" if is_geometry else f'{alias}."{name}"'
        built = f"jsonb_build_object('{name}', {value})"
        if other is not None:
            empty = "'{}'::jsonb"
            built = (
                f'CASE WHEN {alias}."{name}" IS DISTINCT FROM {other}."{name}" THEN {built} ELSE {empty} END'
            )
        parts.append(built)
    return " || ".join(parts)
