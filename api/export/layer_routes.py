"""Routes that give any layer or result as a file."""

from typing import Annotated, Any, Literal

from fastapi import Depends, Path, Query, Request
from fastapi.responses import FileResponse, Response

from api.dependencies import InLanguage, InMunicipality, InSession
from api.export import layers
from api.export.schemas import LayerAbout, LayerList
from api.places.filters import UnitFilter, get_unit_filter
from api.room import Room

router = Room(prefix="/api/exports/layers", tags=["export"])

Filter = Annotated[UnitFilter, Depends(get_unit_filter)]
InLayer = Annotated[
    str,
    Path(
        pattern=r"^[a-z-]{1,40}$", description="Layer, of GET /api/exports/layers.", examples=["shop-units"]
    ),
]
InWritten = Annotated[
    str,
    Query(alias="filter", max_length=20000, description="Further filter, in CQL2 text.", examples=["floor_area_m2 > 100"]),
]  # fmt: skip
FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file. Kernkaart-Rows and Kernkaart-Left-Out say how many rows it holds and leaves out.",
        "content": {"application/zip": {}, layers.MEDIA["xlsx"]: {}},
    },
    206: {"description": "The part of the file that Range asks for."},
    400: {"description": "The Range cannot be read."},
    416: {"description": "The file is shorter than what Range asks for."},
    429: {"description": "Too many files are being made at once; try again later."},
}
CONTROLS = {"format", "crs", "lang", "crs_member"}


@router.get("", response_model=LayerList)
def list_layers(municipality: InMunicipality, language: InLanguage, session: InSession) -> Any:
    """Layers and results that can be taken home, and the formats and coordinate systems there are."""
    return layers.listed(session, municipality, language)


@router.get("/{layer}", response_model=LayerAbout)
def get_layer(
    layer: InLayer, wanted: Filter, language: InLanguage, session: InSession, written: InWritten = ""
) -> Any:
    """How many rows a file would hold, how many a licence leaves out, and what each column means."""
    return layers.told_of(session, layer, wanted, written, language)


@router.get("/{layer}/file", response_class=Response, responses=FILE)
def get_layer_file(
    layer: InLayer,
    wanted: Filter,
    language: InLanguage,
    session: InSession,
    request: Request,
    *,
    file_format: Annotated[
        Literal["geojson", "gpkg", "fgb", "parquet", "csv", "xlsx"],
        Query(alias="format", description="Kind of file."),
    ] = "gpkg",
    crs: Annotated[
        Literal["31370", "3812", "4326", "3857"], Query(description="EPSG code of the coordinates.")
    ] = "31370",
    crs_member: Annotated[
        bool, Query(description="GeoJSON in degrees with the `crs` member of 2008, which RFC 7946 left out.")
    ] = False,
    written: InWritten = "",
) -> FileResponse:
    """
    Exactly the rows that the filters let through, with a readme that tells what they are.

    A download that broke goes on where it stopped (Range), for an hour after it began.
    """
    asked = {name: value for name, value in request.query_params.items() if name not in CONTROLS}
    made = layers.file_of(
        session,
        layer,
        wanted,
        file_format=file_format,
        crs=int(crs),
        written=written,
        with_crs=crs_member,
        asked=asked,
        language=language,
        is_continued="range" in request.headers,
    )
    headers = {
        "ETag": made.etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
        "Kernkaart-Rows": str(made.rows),
        "Kernkaart-Left-Out": str(made.left_out),
    }
    return FileResponse(made.path, media_type=made.media_type, filename=made.name, headers=headers)
