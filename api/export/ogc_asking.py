"""What the address of an OGC request asks: read strictly, so that a slip is told and never passed over."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute

from api.errors import Malformed, NotUnderstood
from api.export.columns import Column
from api.export.ogc import CRS84, CRS_NAMES, DEFAULT_LIMIT, LARGEST_LIMIT, Question

FORMATS = {"json": "application/json", "html": "text/html"}
PLAIN = frozenset({"f", "lang"})
OF_ITEM = PLAIN | {"crs"}
OF_ITEMS = OF_ITEM | {
    "limit", "bbox", "bbox-crs", "datetime", "filter", "filter-lang", "filter-crs", "sortby", "cursor",
}  # fmt: skip


class OgcRoute(APIRoute):
    """A route that answers 400 to what it cannot follow, as OGC asks, where the house says 422."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap what FastAPI makes of the function."""
        handle = super().get_route_handler()

        async def strict(request: Request) -> Response:
            try:
                return await handle(request)
            except Malformed as fault:
                raise NotUnderstood(fault.detail, fault.way_out, code=fault.code, **fault.values) from None
            except RequestValidationError as fault:
                named = "; ".join(f"{error['loc'][-1]}: {error['msg']}" for error in fault.errors())
                raise NotUnderstood(named, "/api/docs lists what each parameter may be.") from None

        return strict


def only(request: Request, allowed: frozenset[str]) -> None:
    """
    Refuse a parameter that is not known, or given twice (/req/core/query-param-unknown).

    Raises
    ------
    NotUnderstood
        When there is one.
    """
    names = [name for name, _ in request.query_params.multi_items()]
    if unknown := sorted(set(names) - allowed):
        raise NotUnderstood(
            f"{', '.join(unknown)} is no parameter here.", f"Known are {', '.join(sorted(allowed))}."
        )
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise NotUnderstood(f"{', '.join(twice)} is given twice.", "Give each parameter once.")


def wants_html(request: Request) -> bool:
    """
    Is a page for people wanted, by `f` or else by what a browser says it takes?

    Raises
    ------
    NotUnderstood
        When `f` is neither json nor html.
    """
    chosen = request.query_params.get("f")
    if chosen is not None:
        if chosen not in FORMATS:
            raise NotUnderstood(f"f={chosen} is not known.", "Write f=json or f=html.")
        return chosen == "html"
    for part in request.headers.get("accept", "").split(","):
        kind = part.split(";")[0].strip().lower()
        if kind in {"application/json", "application/geo+json"}:
            return False
        if kind in {"text/html", "application/xhtml+xml"}:
            return True
    return False


def srid_of(name: str, *, parameter: str) -> int:
    """
    EPSG code of a CRS named by its address.

    Raises
    ------
    NotUnderstood
        When it is not one of those offered (/req/crs/fc-crs-valid-value).
    """
    if name not in CRS_NAMES:
        raise NotUnderstood(f"{parameter}={name} is not offered.", f"Choose from {', '.join(CRS_NAMES)}.")
    return 4326 if name == CRS84 else int(name.rsplit("/", 1)[1])


def _limit(written: str) -> int:
    if not written.isdecimal() or not int(written[:9]) >= 1 or len(written) > 9:
        raise NotUnderstood(f"limit={written} is no whole number from 1.", f"Write limit={DEFAULT_LIMIT}.")
    # A larger one is cut to what a page holds; `next` goes on from there (/rec/core/fc-limit-response-2).
    return min(int(written), LARGEST_LIMIT)


def _box(written: str) -> tuple[float, ...]:
    try:
        numbers = tuple(float(part) for part in written.split(","))
    except ValueError:
        numbers = ()
    if len(numbers) == 6:
        numbers = (*numbers[:2], *numbers[3:5])
    if len(numbers) != 4 or not all(abs(number) < 1e9 for number in numbers):
        raise NotUnderstood(
            f"bbox={written} is not four or six numbers.", "Write bbox=3.40,50.87,3.45,50.90."
        )
    if numbers[1] > numbers[3] or numbers[0] > numbers[2]:
        raise NotUnderstood(f"bbox={written} has its corners exchanged.", "Give the lowest corner first.")
    return numbers


def question_of(request: Request, columns: tuple[Column, ...]) -> Question:
    """
    Read what is asked of the items of a collection.

    Raises
    ------
    NotUnderstood
        When a parameter is not known or its value cannot be read.
    """
    own = {column.name for column in columns} - OF_ITEMS
    only(request, OF_ITEMS | own)
    asked: Mapping[str, str] = request.query_params
    crs, bbox_crs = asked.get("crs", CRS84), asked.get("bbox-crs", CRS84)
    if "bbox-crs" in asked and "bbox" not in asked:
        srid_of(bbox_crs, parameter="bbox-crs")
    language = asked.get("filter-lang", "cql2-text")
    if language not in {"cql2-text", "cql2-json"}:
        raise NotUnderstood(f"filter-lang={language} is not known.", "Write cql2-text or cql2-json.")
    filter_crs = asked.get("filter-crs", CRS84)
    return Question(
        limit=_limit(asked.get("limit", str(DEFAULT_LIMIT))),
        crs=crs,
        srid=srid_of(crs, parameter="crs"),
        bbox=_box(asked["bbox"]) if "bbox" in asked else (),
        bbox_srid=srid_of(bbox_crs, parameter="bbox-crs"),
        flips_bbox=bbox_crs.endswith("/EPSG/0/4326"),
        datetime=asked.get("datetime", ""),
        filter=asked.get("filter", ""),
        filter_language=language,
        filter_srid=srid_of(filter_crs, parameter="filter-crs"),
        sortby=asked.get("sortby", ""),
        cursor=asked.get("cursor", ""),
        properties={name: asked[name] for name in asked if name in own},
    )
