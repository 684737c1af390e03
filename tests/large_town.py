"""A municipality of over a hundred thousand parcels, and what stands on them: to see which indexes are asked."""

import psycopg

NIS = "99001"
# So many parcels, 25 m apart, in one square.
SIDE, STEP_M, CORNER = 320, 25, (100_000, 160_000)
# In the middle of it, metres in the CRS of the database.
MIDDLE = CORNER[0] + SIDE * STEP_M / 2, CORNER[1] + SIDE * STEP_M / 2
PLACES = f"generate_series(1, {SIDE}) x, generate_series(1, {SIDE}) y"
X, Y = f"{CORNER[0]} + x * {STEP_M}", f"{CORNER[1]} + y * {STEP_M}"
# A shop unit and a street on every fifth parcel.
FIFTH = f"FROM {PLACES} WHERE (x + y) % 5 = 0"
STATEMENTS = (
    f"INSERT INTO municipality (nis_code, name_nl) VALUES ('{NIS}', 'Veelstad')",
    (
        f"INSERT INTO parcel (nis_code, capakey, geom) SELECT '{NIS}', x || '-' || y, "
        f"st_multi(st_makeenvelope({X}, {Y}, {X} + 20, {Y} + 20, 31370)) FROM {PLACES}"
    ),
    (
        f"INSERT INTO building (nis_code, source_key, geom) SELECT '{NIS}', x || '-' || y, "
        f"st_multi(st_makeenvelope({X} + 5, {Y} + 5, {X} + 15, {Y} + 15, 31370)) {FIFTH}"
    ),
    (
        f"INSERT INTO street_segment (nis_code, source_key, street_class, is_walk_forward, is_walk_backward, is_bicycle_forward, "
        f"is_bicycle_backward, is_car_forward, is_car_backward, geom) SELECT '{NIS}', x || '-' || y, 'residential', "
        f"true, true, true, true, true, true, "
        f"st_setsrid(st_makeline(st_makepoint({X}, {Y} + 22), st_makepoint({X} + {STEP_M}, {Y} + 22)), 31370) {FIFTH}"
    ),
    (
        f"INSERT INTO shop_unit (nis_code, local_code, street, house_number, geom) SELECT '{NIS}', x || '-' || y, "
        f"'Straat ' || x, y::text, st_setsrid(st_makepoint({X} + 10, {Y} + 10), 31370) {FIFTH}"
    ),
    (
        "INSERT INTO occupancy (shop_unit_id, period, start_basis, occupant_name) "
        "SELECT id, daterange('2015-01-01', NULL), 'exact', 'Winkel ' || id FROM shop_unit"
    ),
    (
        f"INSERT INTO analysis_run (nis_code, kind, parameters, data_version, code_version, state, finished_at) "
        f"SELECT '{NIS}', 'refresh', '{{}}', 1, 'x', 'done', now()"
    ),
    (
        "INSERT INTO location_score (run_id, shop_unit_id, profile, score, components) "
        "SELECT r.id, u.id, 'general', u.id % 100, '[]' FROM shop_unit u, analysis_run r"
    ),
)
TABLES = ("parcel", "building", "street_segment", "shop_unit", "occupancy", "location_score")


INDEXES = (
    "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'parcel' AND indexdef LIKE '%USING gist%'"
)


def fill(url: str) -> None:
    """Fill an empty database, and let the planner know what is in it."""
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as connection:
        with connection.transaction():
            # Each row refers to what was written just before it, and an index is made quicker when all are there.
            connection.execute("SET LOCAL session_replication_role = replica")
            indexes = connection.execute(INDEXES).fetchall()
            for name, _ in indexes:
                connection.execute(f"DROP INDEX {name}")
            for statement in (*STATEMENTS, *(made for _, made in indexes)):
                connection.execute(statement)
        connection.execute(f"VACUUM ANALYZE {', '.join(TABLES)}")
