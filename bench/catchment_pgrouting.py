"""pgRouting on the same nodes and costs, in a database of its own; times are wall times, as the server does the work."""

import os
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

import numpy as np
import psycopg
from sqlalchemy import make_url

from bench.catchment_peers import node_graph
from bench.deployment import SERVER_VARIABLE
from gis.network import StreetNetwork

EXTENSION = "skipped: pgRouting is not there; as root: apt-get install postgresql-15-pgrouting"
NO_SERVER = f"skipped: pgRouting needs {SERVER_VARIABLE}: run ./kernkaart bench"
EDGES = "SELECT id, source, target, cost, reverse_cost FROM edge"
SHARE = 0.2


@contextmanager
def database() -> Iterator[psycopg.Connection | None]:
    """A database with PostGIS and pgRouting on the benchmark's server, dropped afterwards; None where there is none."""
    server = os.environ.get(SERVER_VARIABLE)
    if server is None:
        _say(NO_SERVER)
        yield None
        return
    address = make_url(server).set(drivername="postgresql")
    name = f"kk_bench_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as owner:
        known = owner.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pgrouting'").fetchone()
        if known is None:
            _say(EXTENSION)
            yield None
            return
        owner.execute(f"CREATE DATABASE {name}")
        try:
            own = address.set(database=name).render_as_string(hide_password=False)
            with psycopg.connect(own, autocommit=True) as connection:
                connection.execute("CREATE EXTENSION pgrouting CASCADE")
                yield connection
        finally:
            owner.execute(f"DROP DATABASE {name} WITH (FORCE)")


@cache
def _say(why: str) -> None:
    """Say it once."""
    print(why)


class PgRouting:
    """A network as the two tables that pgRouting's manual asks for, with their indexes."""

    def __init__(self, connection: psycopg.Connection, network: StreetNetwork, epsg: int) -> None:
        self._db, self._epsg = connection, epsg
        table = node_graph(network).tocoo()
        xy = network.graph.node_mm / 1000.0 + network.graph.corner_m
        self._db.execute("DROP TABLE IF EXISTS edge, node")
        self._db.execute(
            "CREATE UNLOGGED TABLE edge (id bigint GENERATED ALWAYS AS IDENTITY, source bigint, target bigint, "
            "cost float8, reverse_cost float8, x1 float8, y1 float8, x2 float8, y2 float8)"
        )
        self._db.execute("CREATE UNLOGGED TABLE node (id bigint, x float8, y float8)")
        with self._db.cursor() as cursor:
            with cursor.copy(
                "COPY edge (source, target, cost, reverse_cost, x1, y1, x2, y2) FROM STDIN"
            ) as copy:
                rows = zip(table.row, table.col, table.data, xy[table.row], xy[table.col], strict=True)
                for a, b, cost, start, end in rows:
                    copy.write_row((int(a), int(b), float(cost), -1.0, *start.tolist(), *end.tolist()))
            with cursor.copy("COPY node (id, x, y) FROM STDIN") as copy:
                for i, point in enumerate(xy.tolist()):
                    copy.write_row((i, *point))
        line = f"st_setsrid(st_makeline(st_point(x1, y1), st_point(x2, y2)), {epsg})"
        point = f"st_setsrid(st_point(x, y), {epsg})"
        for statement in (
            f"ALTER TABLE edge ADD geom geometry(LineString, {epsg}) GENERATED ALWAYS AS ({line}) STORED",
            f"ALTER TABLE node ADD geom geometry(Point, {epsg}) GENERATED ALWAYS AS ({point}) STORED",
            "CREATE INDEX ON edge USING gist (geom)",
            "CREATE INDEX ON node USING gist (geom)",
            "ALTER TABLE node ADD PRIMARY KEY (id)",
            "VACUUM ANALYZE edge",
            "VACUUM ANALYZE node",
        ):
            self._db.execute(statement)

    def isochrone(self, xy: np.ndarray, minutes: Sequence[float], within_m: float) -> list[str]:
        """From a point to a concave hull of what is reached in each band, searched in a box around the point."""
        x, y = xy.tolist()
        box = f"st_makeenvelope({x - within_m}, {y - within_m}, {x + within_m}, {y + within_m}, {self._epsg})"
        hulls = ", ".join(
            f"st_asgeojson(st_transform(st_concavehull(st_collect(geom) FILTER (WHERE agg_cost <= {60 * band}), "
            f"{SHARE}), 4326), 7)"
            for band in minutes
        )
        query = (
            f"WITH place AS (SELECT id FROM node ORDER BY geom <-> st_setsrid(st_point({x}, {y}), {self._epsg}) LIMIT 1) "
            f"SELECT {hulls} FROM pgr_drivingdistance('{EDGES} WHERE geom && {box}', (SELECT id FROM place), "
            f"{60.0 * max(minutes)}) d JOIN node n ON n.id = d.node"
        )
        return list(self._db.execute(query).fetchone() or [])

    def sums(self, nodes: np.ndarray, limit_s: float) -> list[tuple[int, int]]:
        """How many nodes each of some reaches."""
        query = (
            f"SELECT from_v, count(*) FROM pgr_drivingdistance('{EDGES}', %s::bigint[], {float(limit_s)}) "
            "GROUP BY from_v"
        )
        return self._db.execute(query, [[int(node) for node in nodes]]).fetchall()

    def table(self, origins: np.ndarray, destinations: np.ndarray) -> list[tuple[int, int, float]]:
        """Seconds from nodes to nodes."""
        given = [[int(node) for node in nodes] for nodes in (origins, destinations)]
        return self._db.execute(
            f"SELECT * FROM pgr_dijkstracost('{EDGES}', %s::bigint[], %s::bigint[])", given
        ).fetchall()
