"""Routes about vacancy."""

from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response

from api.dependencies import (
    LARGEST_KEY,
    InKey,
    InLanguage,
    InMunicipality,
    InSession,
    refuse_other_sites,
    stamp,
)
from api.geojson import GEOJSON, answer
from api.room import Room
from api.vacancy import breaks, clusters, files, history, rates, service

router = Room(prefix="/api", tags=["vacancy"])
OURS_ONLY = [Depends(refuse_other_sites)]

InScope = Annotated[service.Scope, Query(description="Which branches count.")]
InDay = Annotated[date | None, Query(description="The register as it stood on this day; default today.")]
InPastDay = Annotated[
    date, Query(description="The register as it stood on this day.", examples=["2024-01-01"])
]
InCore = Annotated[int | None, Query(ge=0, le=LARGEST_KEY, description="Only this core.")]
InStep = Annotated[rates.Step, Query(description="First days of what.")]
InBy = Annotated[rates.By, Query(description="What a row is of.")]


def get_asked(
    municipality: InMunicipality, scope: InScope = "all_branches", core: InCore = None
) -> rates.Asked:
    """Of which municipality, core and branches."""
    return rates.Asked(municipality, scope, core)


InAsked = Annotated[rates.Asked, Depends(get_asked)]


def _file(kind: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {kind: {}}}}


@router.get("/vacancy")
def get_vacancy(
    asked: InAsked, session: InSession, request: Request, response: Response, on: InDay = None
) -> dict[str, Any]:
    """
    Vacancy rates in units and floor area, with numerator, denominator, coverage and source.

    Of a municipality or one of its cores on any past day: in total, by core, street, branch group and duration class,
    with the units that stand empty longest, the history, and the days across which it must not be read. A vacant unit
    belongs to the branch group of its last occupant, or to `unknown`.
    """
    stamp(request, response, session, asked.nis_code)
    return rates.get_vacancy(session, asked, on)


@router.get("/vacancy/series")
def get_vacancy_series(
    asked: InAsked,
    session: InSession,
    request: Request,
    response: Response,
    by: InBy = "municipality",
    step: InStep = "quarter",
    since: Annotated[
        date | None, Query(description="First day; default when something was first known.")
    ] = None,
    until: Annotated[date | None, Query(description="Last day; default today.")] = None,
    dates: Annotated[
        str | None,
        Query(
            max_length=8000, description="These days by comma instead.", examples=["2020-01-01,2024-01-01"]
        ),
    ] = None,
) -> Response:
    """
    Rates of many days as columns, per core, street or branch group.

    Days with the same `stretch` may be joined by a line; -1 is a day on which the state of less than half of the units
    is known. `breaks` says why a stretch ends.
    """
    stamp(request, response, session, asked.nis_code)
    body = history.get_series(session, asked, by=by, step=step, since=since, until=until, dates=dates)
    return answer(body, headers=response.headers, media_type="application/json")


@router.get("/vacancy/units")
def list_units_on(
    municipality: InMunicipality, session: InSession, request: Request, response: Response, on: InPastDay
) -> Response:
    """Shop units as they stood on a day, as columns, those that were merged or split since too: for the map."""
    stamp(request, response, session, municipality)
    body = history.units_on(session, municipality, on)
    return answer(body, headers=response.headers, media_type="application/json")


InQuestion = Annotated[
    clusters.Question,
    Query(
        description="location: more than expected for such a location; average: more than in the municipality."
    ),
]
InventoryDay = Annotated[
    date | None, Query(description="The last inventory at or before this day; default today's figures.")
]


@router.get("/vacancy-clusters", response_class=Response, responses=_file(GEOJSON))
def list_vacancy_clusters(
    municipality: InMunicipality,
    session: InSession,
    request: Request,
    response: Response,
    question: InQuestion = "location",
    on: InventoryDay = None,
    with_dissolved: Annotated[
        bool, Query(description="Also those of earlier inventories that the next one no longer found.")
    ] = False,
) -> Response:
    """Vacancy clusters as GeoJSON, and the verdict of the test; none is an answer."""
    stamp(request, response, session, municipality)
    found = clusters.list_clusters(
        session, municipality, question=question, on=on, with_dissolved=with_dissolved
    )
    return answer(found, headers=response.headers)


@router.get("/vacancy-clusters/history")
def get_vacancy_cluster_history(
    municipality: InMunicipality,
    session: InSession,
    request: Request,
    response: Response,
    question: InQuestion = "location",
) -> dict[str, Any]:
    """Every inventory with its clusters: new, growing, stable, shrinking, merged, split or dissolved."""
    stamp(request, response, session, municipality)
    return clusters.get_history(session, municipality, question=question)


@router.get("/vacancy-clusters.csv", response_class=Response, responses=_file(files.CSV))
def export_vacancy_clusters(
    municipality: InMunicipality,
    session: InSession,
    language: InLanguage,
    question: InQuestion = "location",
    on: InventoryDay = None,
) -> Response:
    """Vacancy clusters of a day and those that dissolved before it, for a spreadsheet."""
    table = clusters.clusters_csv(session, municipality, question=question, on=on, language=language)
    headers = {
        "Content-Disposition": f'attachment; filename="vacancy-clusters-{municipality}-{question}.csv"',
        "Cache-Control": "no-store",
    }
    return Response(table, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/series-breaks", response_model=breaks.BreakList)
def list_series_breaks(municipality: InMunicipality, session: InSession) -> dict[str, Any]:
    """Days from which vacancy figures must not be compared with those before, as somebody wrote them down."""
    return breaks.list_breaks(session, municipality)


@router.post("/series-breaks", dependencies=OURS_ONLY, status_code=201, response_model=breaks.BreakOut)
def add_series_break(session: InSession, given: breaks.BreakIn) -> dict[str, Any]:
    """Write a break down: every series of the municipality stops there."""
    return breaks.add_break(session, given)


@router.patch("/series-breaks/{key}", dependencies=OURS_ONLY, response_model=breaks.BreakOut)
def change_series_break(session: InSession, key: InKey, given: breaks.BreakChange) -> dict[str, Any]:
    """Correct a break; what is left out stays."""
    return breaks.change_break(session, key, given)


@router.delete("/series-breaks/{key}", dependencies=OURS_ONLY, status_code=204, response_class=Response)
def remove_series_break(session: InSession, key: InKey) -> None:
    """Take a break away; write it down again to undo that."""
    breaks.remove_break(session, key)


@router.get("/exports/vacancy-rates.csv", response_class=Response, responses=_file(files.CSV))
def export_rates_csv(asked: InAsked, session: InSession, on: InDay = None) -> Response:
    """Rates of a day as a table: the whole, every core, street and branch group, each with its coverage and source."""
    return files.sent(files.rates_csv(session, asked, on))


@router.get("/exports/vacancy-rates.xlsx", response_class=Response, responses=_file(files.XLSX))
def export_rates_xlsx(asked: InAsked, session: InSession, on: InDay = None) -> Response:
    """The same as a workbook, with the history, the longest vacant units and the breaks of the series."""
    return files.sent(files.rates_xlsx(session, asked, on))


@router.get("/exports/vacancy-series.csv", response_class=Response, responses=_file(files.CSV))
def export_series_csv(
    asked: InAsked, session: InSession, by: InBy = "municipality", step: InStep = "quarter"
) -> Response:
    """Rates over time as a table, one row per group and day."""
    return files.sent(files.series_csv(session, asked, step, by))


@router.get("/exports/longest-vacant.csv", response_class=Response, responses=_file(files.CSV))
def export_longest_csv(asked: InAsked, session: InSession, on: InDay = None) -> Response:
    """Every unit that stood empty on a day, the longest first."""
    return files.sent(files.longest_csv(session, asked, on))


@router.get("/exports/shop-units-on.geojson", response_class=Response, responses=_file(GEOJSON))
def export_units_on(municipality: InMunicipality, session: InSession, on: InPastDay) -> Response:
    """Shop units with the state of a past day, as GeoJSON."""
    return files.sent(files.units_geojson(session, municipality, on))


@router.get("/exports/vacancy.pdf", response_class=Response, responses=_file(files.PDF))
def export_page(asked: InAsked, session: InSession, language: InLanguage, on: InDay = None) -> Response:
    """One A4 page for the council: the rate with its history, duration, streets and clusters, a map, and the sources."""
    return files.sent(files.page_pdf(session, asked, on, language))
