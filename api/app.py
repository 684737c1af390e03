"""create_app(): wiring, nothing else."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from sqlalchemy import text
from starlette.middleware.gzip import GZipMiddleware

from api import __version__, access, docs_page, tiles
from api.accounts import routes as accounts
from api.acquisition import document_routes as case_documents
from api.acquisition import list_routes as case_lists
from api.acquisition import routes as acquisition
from api.branches import routes as branches
from api.card import list_routes as unit_lists
from api.card import owner_routes as owner_form
from api.card import routes as unit_card
from api.catchment import routes as catchment
from api.catchment.networks import warm_up
from api.db.session import check_srid, close_engines, get_engine
from api.errors import DOCUMENTED, NotFound, add_handlers
from api.event import routes as event
from api.export import dcat_routes, ogc_item_routes, ogc_routes
from api.export import layer_routes as export_layers
from api.export import routes as export
from api.export.qgis import routes as qgis
from api.finder import routes as finder
from api.footfall import counts_routes as footfall_counts
from api.footfall import finding_routes as footfall_findings
from api.footfall import overview_routes as footfall_overview
from api.footfall import push_routes as footfall_push
from api.footfall import routes as footfall
from api.footfall import street_routes as footfall_streets
from api.forecast import routes as forecast
from api.match import routes as match
from api.parking import routes as parking
from api.persons import routes as persons
from api.places import edit_routes as editing
from api.places import routes as places
from api.registers import routes as registers
from api.round import routes as street_round
from api.score import profile_routes as score_profiles
from api.score import routes as score
from api.settings import get_settings
from api.streets import routes as streets
from api.vacancy import outlook_routes as vacancy_outlook
from api.vacancy import routes as vacancy
from api.worklist import routes as worklist

DESCRIPTION = """
What a small city knows of its shop units: what stands empty and since when, who can reach it, how many people pass,
and how good each location is.

* Geometry is GeoJSON in degrees (EPSG:4326); `bbox` is always west, south, east, north.
* Errors are `application/problem+json` with a `way_out`.
* Answers about a municipality carry an `ETag` of its data version: send it back as `If-None-Match`.
"""

# Files that keep their name when their content changes: pages, and the worker that keeps one of them for when there is
# no reception.
PAGES = {".html", ".js", ".webmanifest"}
ALWAYS_ASKED = {"Cache-Control": "no-cache"}
# Addresses without the ending of their file; the finder may stand in a page of anybody, all else in our own only.
SHORT = {"finder": "finder.html"}
UNFRAMED = {"X-Frame-Options": "SAMEORIGIN", "Content-Security-Policy": "frame-ancestors 'self'"}
FRAMED = {"Content-Security-Policy": "frame-ancestors *"}

# Nobody signs in for these: they ask for a secret of their own, or give only what was agreed to be published.
OPEN_ROUTERS = (footfall_push.router, owner_form.router, qgis.open_router, finder.router, accounts.router)
# What a map asks for by the hundred: rows and the right to them in one question.
ASKING_THEMSELVES = (tiles.router, ogc_item_routes.router)
# /shop-units/points must be known before /shop-units/{unit_id}.
ROUTERS = (
    score.router,
    score_profiles.router,
    places.router,
    editing.router,
    vacancy.router,
    registers.router,
    vacancy_outlook.router,
    footfall.router,
    footfall_overview.router,
    footfall_streets.router,
    forecast.router,
    footfall_counts.router,
    footfall_findings.router,
    parking.router,
    catchment.router,
    streets.router,
    worklist.router,
    street_round.router,
    event.router,
    case_lists.router,
    acquisition.router,
    case_documents.router,
    match.router,
    branches.router,
    persons.router,
    unit_card.router,
    unit_lists.router,
)


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Refuse to serve tables in another CRS than the setting says."""
    check_srid(get_engine())
    # Compiling the kernels takes seconds the first time; nobody should wait for it with a click.
    threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
    yield
    await close_engines()


def create_app() -> FastAPI:
    """Build the application."""
    app = FastAPI(
        title="Kernkaart",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        responses=DOCUMENTED,
        lifespan=lifespan,
    )
    add_handlers(app)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=2)
    app.add_middleware(access.SayWhoAsks)
    # What fits any layer comes after the routes of one.
    layers = (
        dcat_routes.router,
        ogc_routes.router,
        export_layers.router,
        export.router,
    )
    # Parts are tried in this order, so what is asked most comes first.
    for router in ASKING_THEMSELVES:
        app.include_router(router)
    for router in (*ROUTERS, *layers, qgis.router):
        app.include_router(router, dependencies=[Depends(access.require_right)])
    for router in OPEN_ROUTERS:
        app.include_router(router)
    _add_health(app)
    _add_frontend(app, get_settings().frontend)
    return app


def _add_health(app: FastAPI) -> None:
    @app.get("/api/health", tags=["health"])
    def get_health() -> dict[str, Any]:
        """Whether the application and its database answer."""
        with get_engine().connect() as connection:
            connection.execute(text("SELECT 1"))
        return {"status": "ok", "version": __version__}


def _headers(file: Path) -> dict[str, str] | None:
    """What is said with a file of the front end."""
    if file.suffix not in PAGES:
        return None
    if file.suffix != ".html":
        return ALWAYS_ASKED
    framed = FRAMED if file.name == SHORT["finder"] else UNFRAMED
    return {**ALWAYS_ASKED, **framed}


def _add_frontend(app: FastAPI, folder: Path) -> None:
    """Serve the built front end; `/api` never falls back to it."""

    @app.get("/api/docs", include_in_schema=False)
    def get_docs() -> HTMLResponse:
        return HTMLResponse(docs_page.render(app.openapi()))

    @app.get("/api/{path:path}", include_in_schema=False)
    def no_such_route(path: str) -> Response:
        raise NotFound(f"There is no /api/{path}.", "/api/docs lists what there is.")

    if (folder / "assets").is_dir():
        app.mount("/assets", StaticFiles(directory=folder / "assets"), name="assets")

    @app.get("/{path:path}", include_in_schema=False)
    def get_page(path: str) -> Response:
        # No file has a zero byte in its name, and asking for one is an error.
        asked = (folder / SHORT.get(path, path).replace("\0", "")).resolve()
        if path and asked.is_relative_to(folder.resolve()) and asked.is_file():
            return FileResponse(asked, headers=_headers(asked))
        if (folder / "index.html").is_file():
            return FileResponse(folder / "index.html", headers=_headers(folder / "index.html"))
        return HTMLResponse("<p>The front end is not built: run ./kernkaart up.</p>", status_code=503)
