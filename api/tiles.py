"""The other door: vector tiles, made in PostGIS from stored web-mercator geometry."""

from typing import Annotated, Literal

from fastapi import Path, Request, Response

from api.db.at_once import Statement, ask_at_once
from api.dependencies import VERSION_OF_ALL, stamp_with
from api.room import Room
from api.tile_store import MVT, answer, tile_of

router = Room(prefix="/api/tiles", tags=["tiles"])

Layer = Literal["street", "building", "parcel", "backdrop", "shop_unit"]
MAX_ZOOM = 22
# Streets worth drawing when the map shows a whole province.
THROUGH = "('motorway', 'trunk', 'primary', 'secondary')"
LAYERS: dict[str, tuple[int, str]] = {
    "street": (
        9,
        (
            "SELECT id, street_class AS class, name, geom_3857 AS shape FROM street_segment "
            "WHERE geom_3857 && :box AND (:z >= 12 AND street_class <> 'service' OR :z >= 15 "
            f"OR street_class IN {THROUGH})"
        ),
    ),
    "building": (14, "SELECT id, use, geom_3857 AS shape FROM building WHERE geom_3857 && :box"),
    "parcel": (
        15,
        "SELECT id, nis_code, capakey, geom_3857 AS shape FROM parcel WHERE geom_3857 && :box AND ends_on IS NULL",
    ),
    "backdrop": (8, "SELECT id, kind, name, geom_3857 AS shape FROM backdrop WHERE geom_3857 && :box"),
    "shop_unit": (
        10,
        (
            "SELECT s.id, s.nis_code, s.state, s.branch_group, s.vacancy_class, l.score::float8 AS score, "
            "freshness_of(s.last_seen_on, m.fresh_months, m.stale_months) AS freshness, s.geom_3857 AS shape "
            "FROM shop_unit_state s JOIN municipality m ON m.nis_code = s.nis_code "
            "LEFT JOIN current_run r ON r.nis_code = s.nis_code AND r.kind = 'refresh' "
            "LEFT JOIN location_score l ON l.run_id = r.id AND l.shop_unit_id = s.id AND l.profile = 'general' "
            "WHERE s.geom_3857 && :box"
        ),
    ),
}
# MATERIALIZED: else PostGIS clips every geometry twice, once to test it and once to write it.
TILE = """
WITH clipped AS MATERIALIZED (
    SELECT q.*, st_asmvtgeom(q.shape, :box, 4096, 64, true) AS geom FROM ({rows}) q
)
SELECT st_asmvt(t, '{layer}', 4096, 'geom', 'id') FROM (
    SELECT {columns} FROM clipped c WHERE c.geom IS NOT NULL
) t
"""
# What is told of a shop unit or parcel only where it may be taken along; the map draws it by the rest.
GUARDED = ("branch_group", "vacancy_class", "score", "freshness")


def _guarded(name: str, subject: str) -> str:
    """SQL of a column that stays empty where it may not be taken along."""
    return f"CASE WHEN nis_code = ANY((SELECT rights.taken('{subject}'))::text[]) THEN {name} END AS {name}"


COLUMNS = {
    "street": "id, class, name, geom",
    "building": "id, use, geom",
    "parcel": f"id, {_guarded('capakey', 'ground')}, geom",
    "backdrop": "id, kind, name, geom",
    "shop_unit": ", ".join(["id", "state", *(_guarded(name, "units") for name in GUARDED), "geom"]),
}


def tile_sql(layer: str) -> str:
    """SQL of one tile; `:box` is written out, because a bound parameter hides the index from the planner."""
    sql = TILE.format(rows=LAYERS[layer][1], layer=layer, columns=COLUMNS[layer])
    return sql.replace(":box", "st_tileenvelope(:z, :x, :y)")


@router.get(
    "/{layer}/{z}/{x}/{y}.mvt",
    response_class=Response,
    responses={
        200: {"content": {MVT: {}}},
        204: {"description": "Nothing here."},
    },
)
async def get_tile(
    layer: Annotated[Layer, Path(description="What is drawn.")],
    z: Annotated[int, Path(ge=0, le=MAX_ZOOM, description="Zoom.")],
    x: Annotated[int, Path(ge=0, description="Column, from the west.")],
    y: Annotated[int, Path(ge=0, description="Row, from the north.")],
    request: Request,
    response: Response,
) -> Response:
    """One vector tile of one layer; 204 when it is empty or the layer is not drawn at this zoom."""
    version = Statement(VERSION_OF_ALL, {})
    if z < LAYERS[layer][0] or max(x, y) >= 2**z:
        [[known]] = await ask_at_once(version)
        stamp_with(request, response, *known)
        return Response(status_code=204, headers=dict(response.headers))
    tile = await tile_of(
        ask_at_once,
        ("map", layer, z, x, y),
        version,
        Statement(tile_sql(layer), {"z": z, "x": x, "y": y}),
        check=lambda known: stamp_with(request, response, *known),
        is_known="if-none-match" in request.headers,
    )
    return answer(request, tile, response.headers)
