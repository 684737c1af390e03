"""Catchments that are kept: asked again, compared, put away and taken back."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import shapely
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api import __version__
from api.catchment import kept, service
from api.catchment.asked import Asked
from api.db.base import SRID
from api.dependencies import require_municipality
from api.errors import Malformed, NotAnswerable, NotFound
from api.geojson import Row

WAY_OUT = "GET /api/catchments?municipality=... lists those that are kept."


def list_catchments(session: Session, nis_code: str) -> dict[str, Any]:
    """Those of a municipality, newest first, each with whether its figures are still those of today."""
    now = _Now(session)
    return {"items": [_item(row, now) for row in kept.listed(session, nis_code)]}


def add_catchment(session: Session, given: Mapping[str, Any]) -> dict[str, Any]:
    """
    Compute a catchment and keep it.

    Raises
    ------
    NotFound
        When the municipality or the place is not known.
    Malformed
        When its parameters make no sense.
    """
    require_municipality(session, given["municipality"])
    asked = Asked.from_parameters(given)
    computed = service.compute(session, asked)
    _refuse_empty(computed)
    name = str(given["name"]).strip()
    if not name:
        raise Malformed("A catchment needs a name.", "Give it one by which colleagues will know it.")
    key = kept.insert(
        session,
        nis_code=given["municipality"],
        name=name,
        parameters=asked.to_parameters(),
        xy=(computed.place.x, computed.place.y),
    )
    _store_run(session, key, computed)
    return get_catchment(session, key)


def run_again(session: Session, key: int) -> dict[str, Any]:
    """
    Compute a kept catchment with the streets and data of now; earlier runs stay.

    Raises
    ------
    NotFound
        When it is not kept, or its place is gone.
    """
    row = one_kept(session, key)
    computed = service.compute(session, Asked.from_parameters(row["parameters"]))
    _refuse_empty(computed)
    _store_run(session, key, computed)
    return get_catchment(session, key)


def get_catchment(session: Session, key: int, run: int | None = None) -> dict[str, Any]:
    """
    A kept catchment as it was computed last, or in one run.

    Raises
    ------
    NotFound
        When it is not kept, or has no such run.
    """
    row = one_kept(session, key)
    runs = kept.runs(session, key)
    chosen = chosen_run(runs, key, run)
    bands = kept.bands(session, chosen["id"])
    item = _item({**row, **_newest(runs)}, _Now(session))
    baseline = [band for band in bands if band["is_baseline"]]
    return {
        "type": "FeatureCollection",
        "features": [_feature(band) for band in bands if not band["is_baseline"]],
        "catchment": chosen["answer"],
        "baseline": {"type": "FeatureCollection", "features": [_feature(band) for band in baseline]}
        if baseline
        else None,
        "stored": {
            **{
                name: item[name]
                for name in ("id", "name", "nis_code", "is_stale", "stale_because", "parameters")
            },
            "run": run_of(chosen),
            "runs": [run_of(each) for each in runs],
        },
    }


def rename(session: Session, key: int, name: str) -> dict[str, Any]:
    """
    Give a kept catchment another name.

    Raises
    ------
    NotFound
        When it is not kept.
    Malformed
        When the name is empty.
    """
    if not name.strip():
        raise Malformed("A catchment needs a name.", "Give it one by which colleagues will know it.")
    one_kept(session, key)
    kept.rename(session, key, name.strip())
    return get_catchment(session, key)


def remove(session: Session, key: int) -> None:
    """
    Put a catchment away; `restore` takes it back.

    Raises
    ------
    NotFound
        When it is not kept.
    """
    one_kept(session, key)
    kept.set_removed(session, key, is_removed=True)


def restore(session: Session, key: int) -> dict[str, Any]:
    """
    Take back a catchment that was put away.

    Raises
    ------
    NotFound
        When there never was one.
    """
    if kept.one(session, key) is None:
        raise NotFound(f"There is no catchment {key}.", WAY_OUT)
    kept.set_removed(session, key, is_removed=False)
    return get_catchment(session, key)


class _Now:
    """The streets, data and code of this moment, looked up once."""

    def __init__(self, session: Session) -> None:
        self.versions = service.current_versions(session)
        self.network = service.network_version(session)

    def stale_because(self, row: Row) -> list[str]:
        """What changed since a run: streets, data, code."""
        reasons = []
        if row["network_version"] != self.network:
            reasons.append("streets")
        counted = [part.partition("=")[0] for part in row["data_version"].split(";") if part]
        today = {nis: self.versions[nis] for nis in counted if nis in self.versions}
        if row["data_version"] != service.data_version(today):
            reasons.append("data")
        if row["code_version"] != __version__:
            reasons.append("code")
        return reasons


def _item(row: Row, now: _Now) -> dict[str, Any]:
    asked = Asked.from_parameters(row["parameters"])
    reasons = now.stale_because(row)
    return {
        "id": row["id"],
        "name": row["name"],
        "nis_code": row["nis_code"],
        "mode": asked.mode,
        "unit": asked.unit,
        "bands": list(asked.bands),
        "place": row["answer"]["place"],
        "is_scenario": asked.is_scenario,
        "created_at": row["created_at"].isoformat(),
        "computed_at": row["computed_at"].isoformat(),
        "is_stale": bool(reasons),
        "stale_because": reasons,
        "lon": row["answer"]["origin"][0],
        "lat": row["answer"]["origin"][1],
        "parameters": row["parameters"],
        "largest": {"band": row["largest_band"], "population": row["largest_population"]},
    }


def one_kept(session: Session, key: int) -> RowMapping:
    """
    A catchment that is kept.

    Raises
    ------
    NotFound
        When it is not, or was put away.
    """
    row = kept.one(session, key)
    if row is None or row["removed_at"] is not None:
        raise NotFound(
            f"There is no catchment {key}." if row is None else f"Catchment {key} was put away.",
            WAY_OUT if row is None else f"POST /api/catchments/{key}/restore takes it back.",
        )
    return row


def chosen_run(runs: Sequence[RowMapping], key: int, run: int | None) -> RowMapping:
    """
    The run asked for, else the newest.

    Raises
    ------
    NotFound
        When there is no such run.
    """
    for each in runs:
        if run is None or each["id"] == run:
            return each
    raise NotFound(f"Catchment {key} has no run {run}.", f"GET /api/catchments/{key} lists its runs.")


def _newest(runs: Sequence[RowMapping]) -> dict[str, Any]:
    names = ("network_version", "data_version", "code_version", "computed_at", "answer")
    return {
        **{name: runs[0][name] for name in names},
        "largest_band": runs[0]["largest_band"],
        "largest_population": runs[0]["largest_population"],
    }


def run_of(row: Row) -> dict[str, Any]:
    """What is told of a run."""
    names = ("id", "network_version", "data_version", "code_version", "seconds")
    return {**{name: row[name] for name in names}, "computed_at": row["computed_at"].isoformat()}


def _feature(band: Row) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": band["id"],
        "geometry": orjson.Fragment(band["geometry"]),
        "properties": band["holdings"],
    }


def _refuse_empty(computed: service.Computed) -> None:
    if not computed.drawn.shapes:
        wanted = ", ".join(f"{people:g}" for people in computed.asked.bands)
        raise NotAnswerable(
            f"{wanted} inhabitants are not within reach of this place.",
            "Ask for fewer, or choose a faster mode.",
        )


def _store_run(session: Session, key: int, computed: service.Computed) -> None:
    drawn = [(computed.drawn, False)]
    if computed.baseline is not None:
        drawn.append((computed.baseline, True))
    kept.insert_run(
        session,
        key,
        code_version=__version__,
        answer=computed.about,
        bands=[
            {
                "band": each.values[i],
                "is_baseline": is_baseline,
                "holdings": service.band_properties(computed.asked, each, i),
                "wkb": shapely.to_wkb(shapely.set_srid(shape, SRID), include_srid=True),
            }
            for each, is_baseline in drawn
            for i, shape in enumerate(each.shapes)
        ],
    )
