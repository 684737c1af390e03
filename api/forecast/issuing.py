"""Issuing a forecast: computed, stored with its bands, and kept to be held against what comes."""

import time
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from api import __version__
from api.db.models import ForecastRun
from api.forecast import queries
from api.forecast.reading import KNOWN_H, Past, read_past
from api.forecast.weather import told_of
from api.numbers import known
from api.settings import get_settings
from gis.forecast import Forecast, forecast
from gis.forecast_base import DAY_H
from gis.forecast_interval import QUANTILE_NAMES
from gis.forecast_trials import LEARNED

BACK_TESTS = 8
# Daily issues for a quarter, then one a week for two years.
DAILY_DAYS, WEEKLY_DAYS = 92, 731
# A model that did not earn its keep is not tried again within the week.
TRIED_EVERY = timedelta(days=7)
COLUMNS = ("run_id", "sensor_id", "hour_at", "expected", *QUANTILE_NAMES, "is_less_certain")
DAY_COLUMNS = ("run_id", "sensor_id", "on_day", "hours", "expected", *QUANTILE_NAMES, "is_less_certain")


def issue(
    session: Session, nis_code: str, *, source: str | None, is_learning: bool = False
) -> dict[str, Any]:
    """
    Issue the forecast of a municipality for the fortnight after its last counts.

    The first time, the eight weeks before are issued as well from what was known then, so that there is something to
    judge it by. An issue of the same first day is replaced, unless it was learned and this one would not be.

    Parameters
    ----------
    source
        Datasets of the counts.
    is_learning
        Try the learned model too (some twenty seconds).

    Returns
    -------
    dict
        What a run keeps: first day, method, sensors with a forecast, shares missed.
    """
    started = time.perf_counter()
    past = read_past(session, nis_code)
    if past is None:
        return {"begins_on": None, "method": None, "sensors": 0, "missed": {}}
    existing = queries.run_on(session, nis_code, past.begins_on)
    is_learned = existing is not None and existing["method"] == LEARNED
    if existing is not None and is_learned and not is_learning:
        return _told(existing)
    if queries.n_runs(session, nis_code) == 0:
        _issue_back_tests(session, nis_code, past, source)
        started = time.perf_counter()
    told = forecast(
        past.counted,
        past.origin,
        is_learning=is_learning and _is_due(session, nis_code, past),
        known_at=past.origin + KNOWN_H,
    )
    _store(session, nis_code, past, told, source=source, started=started, is_back_test=False)
    # Counted back from the issue itself: where counts ended years ago, their last forecast stays.
    queries.thin_out(session, nis_code, before=past.begins_on, daily_days=DAILY_DAYS, weekly_days=WEEKLY_DAYS)
    found = queries.run_on(session, nis_code, past.begins_on)
    assert found is not None
    return _told(found)


def _told(run: Any) -> dict[str, Any]:
    has_one = [sensor for sensor in run["sensors"] if sensor["reason"] is None]
    return {
        "begins_on": str(run["begins_on"]),
        "method": run["method"],
        "sensors": len(has_one),
        "missed": run["missed"],
        "weather": bool(run["weather"] and run["weather"]["is_used"]),
    }


def _is_due(session: Session, nis_code: str, past: Past) -> bool:
    tried = queries.last_trial_of_learning(session, nis_code, past.begins_on)
    return tried is None or tried["method"] == LEARNED or past.begins_on - tried["begins_on"] >= TRIED_EVERY


def _issue_back_tests(session: Session, nis_code: str, past: Past, source: str | None) -> None:
    for weeks in range(BACK_TESTS, 0, -1):
        started = time.perf_counter()
        origin = past.origin - weeks * 7 * DAY_H
        if origin < DAY_H:
            continue
        told = forecast(past.counted, origin)
        if any(reason is None for reason in told.reasons):
            _store(session, nis_code, past, told, source=source, started=started, is_back_test=True)


def _store(
    session: Session,
    nis_code: str,
    past: Past,
    told: Forecast,
    *,
    source: str | None,
    started: float,
    is_back_test: bool,
) -> None:
    begins_on = past.day(told.origin)
    session.execute(
        text("DELETE FROM forecast_run WHERE nis_code = :nis AND begins_on = :day"),
        {"nis": nis_code, "day": begins_on},
    )
    zone = get_settings().timezone
    begin = (past.first + pd.Timedelta(hours=told.origin)).tz_localize(zone)
    run_id = session.execute(
        insert(ForecastRun)
        .values(
            nis_code=nis_code,
            begins_on=begins_on,
            is_back_test=is_back_test,
            counted_until=min(past.counted_until, begin.to_pydatetime()),
            method=told.method,
            missed={name: known(round(share, 5)) for name, share in told.wape.items() if np.isfinite(share)},
            sensors=_about_sensors(past, told),
            weather=told_of(session, nis_code, past.first, told),
            source=source,
            code_version=__version__,
            seconds=time.perf_counter() - started,
        )
        .returning(ForecastRun.id)
    ).scalar_one()
    _copy(session, "forecast_value", COLUMNS, _hour_rows(run_id, past, told, zone))
    _copy(session, "forecast_day", DAY_COLUMNS, _day_rows(run_id, past, told))


def _about_sensors(past: Past, told: Forecast) -> list[dict[str, Any]]:
    whole = past.counted.values[: told.origin // DAY_H * DAY_H].reshape(-1, DAY_H, len(told.reasons))
    days = np.asarray(np.isfinite(whole).any(axis=1))
    about = []
    for place, sensor in enumerate(past.counted.sensors):
        counted_days = np.flatnonzero(days[:, place])
        about.append(
            {
                "sensor_id": int(sensor),
                "reason": told.reasons[place],
                "is_cold": bool(told.is_cold[place]),
                "n_days": len(counted_days),
                "n_errors": int(told.n_errors[place]),
                "from_on": str(past.day(int(counted_days[0]) * DAY_H)) if len(counted_days) else None,
                "to_on": str(past.day(int(counted_days[-1]) * DAY_H)) if len(counted_days) else None,
            }
        )
    return about


def _hour_rows(run_id: int, past: Past, told: Forecast, zone: str) -> list[tuple[Any, ...]]:
    clock = pd.date_range(past.first + pd.Timedelta(hours=told.origin), periods=len(told.expected), freq="h")
    # An hour that the clock skips does not exist; of one that it shows twice, the first is meant.
    moments = clock.tz_localize(zone, ambiguous=np.ones(len(clock), dtype=bool), nonexistent="NaT")
    rows: list[tuple[Any, ...]] = []
    for place, sensor in enumerate(past.counted.sensors):
        for hour in np.flatnonzero(np.isfinite(told.expected[:, place]) & moments.notna()):
            band = (told.expected[hour, place], *told.quantiles[hour, place])
            rows.append(
                (
                    run_id,
                    int(sensor),
                    moments[int(hour)].isoformat(),
                    *(float(value) for value in band),
                    bool(told.is_less_certain[hour]),
                )
            )
    return rows


def _day_rows(run_id: int, past: Past, told: Forecast) -> list[tuple[Any, ...]]:
    hours = np.isfinite(told.expected).reshape(-1, DAY_H, told.expected.shape[1]).sum(axis=1)
    less = np.asarray(told.is_less_certain.reshape(-1, DAY_H).any(axis=1))
    rows: list[tuple[Any, ...]] = []
    for place, sensor in enumerate(past.counted.sensors):
        for day in np.flatnonzero(np.isfinite(told.day_expected[:, place])):
            band = (told.day_expected[day, place], *told.day_quantiles[day, place])
            on_day = past.day(told.origin + int(day) * DAY_H)
            numbers = (float(value) for value in band)
            rows.append((run_id, int(sensor), on_day, int(hours[day, place]), *numbers, bool(less[day])))
    return rows


def _copy(session: Session, table: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    raw = session.connection().connection.driver_connection
    assert raw is not None
    with raw.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
