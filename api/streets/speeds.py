"""Speeds by mode and street class: what applies in a municipality, where it comes from, and how it is changed."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from api.errors import Malformed, NotFound
from api.streets import queries
from gis.speeds import DEFAULT_SPEEDS, MODES, STREET_CLASSES, Mode, Speeds

Origin = Literal["municipality", "deployment", "default"]
DEFAULT_SOURCE = "Kernkaart, docs/methods/catchment.md"
OFF_STREET = ("walk", "off_street")
FERRY_WAIT = ("any", "ferry_wait")
# The fastest that can be meant, km/h; the table checks the same.
SLOWEST_KMH = 0.5
FASTEST_KMH = {"walk": 15.0, "bicycle": 50.0, "car": 150.0}
FASTEST_FERRY_KMH = 60.0
LONGEST_WAIT_MIN = 600.0


@dataclass(frozen=True, kw_only=True)
class Speed:
    """
    One speed, or the wait for a ferry.

    Attributes
    ----------
    value, unit
        A speed in km/h, or a wait in min.
    origin
        Who says so: the municipality, the deployment for all its municipalities, or Kernkaart's usual speeds.
    """

    mode: str
    street_class: str
    value: float
    unit: Literal["km/h", "min"]
    origin: Origin = "default"
    source: str | None = DEFAULT_SOURCE
    changed_at: datetime | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What it is the speed of."""
        return self.mode, self.street_class


def usual_speeds() -> dict[tuple[str, str], Speed]:
    """Kernkaart's own, in the order in which they are shown."""
    speeds = {
        (mode, name): Speed(mode=mode, street_class=name, value=DEFAULT_SPEEDS.of(mode)[name], unit="km/h")
        for mode in MODES
        for name in STREET_CLASSES
    }
    off_street = Speed(
        mode="walk", street_class="off_street", value=DEFAULT_SPEEDS.off_street_kmh, unit="km/h"
    )
    wait = Speed(mode="any", street_class="ferry_wait", value=DEFAULT_SPEEDS.ferry_wait_min, unit="min")
    return speeds | {off_street.key: off_street, wait.key: wait}


def speeds_in_force(session: Session, nis_code: str | None = None) -> dict[tuple[str, str], Speed]:
    """What applies on the streets of a municipality, or of every one that has nothing of its own."""
    return _with_own(_with_own(usual_speeds(), queries.own_speeds(session, None)), _own(session, nis_code))


def network_speeds(session: Session) -> tuple[Speeds, dict[str, int]]:
    """
    The speeds of all networks, and the area number of each municipality that has its own.

    The streets of the others are in area 0.
    """
    deployment = speeds_in_force(session)
    areas = {nis_code: number for number, nis_code in enumerate(queries.own_municipalities(session), 1)}
    by_area = {
        number: _as_gis(speeds_in_force(session, nis_code).values()) for nis_code, number in areas.items()
    }
    return replace(_as_gis(deployment.values()), by_area=by_area), areas


def as_items(speeds: Iterable[Speed]) -> list[dict[str, Any]]:
    """Rows for an answer, each with the usual value beside it."""
    usual = usual_speeds()
    return [{**asdict(speed), "usual_value": usual[speed.key].value} for speed in speeds]


def check_speed(mode: str, street_class: str, value: float, nis_code: str | None) -> None:
    """
    Refuse what cannot be meant.

    Raises
    ------
    Malformed
        When there is no such mode or class, or nobody moves like that.
    """
    key = (mode, street_class)
    if key not in usual_speeds():
        _refuse_key(mode, street_class)
    if key == FERRY_WAIT:
        if not 0 <= value <= LONGEST_WAIT_MIN:
            raise Malformed(
                f"A wait of {value:g} minutes for a ferry cannot be meant.",
                f"Give 0 to {LONGEST_WAIT_MIN:g} minutes.",
            )
        return
    fastest = FASTEST_FERRY_KMH if street_class == "ferry" else FASTEST_KMH[mode]
    if not SLOWEST_KMH <= value <= fastest:
        raise Malformed(
            f"{value:g} km/h cannot be meant for {mode} on {street_class}.",
            f"Give {SLOWEST_KMH:g} to {fastest:g} km/h; to close streets to {mode}, change their access instead.",
        )
    if key == OFF_STREET and nis_code is not None:
        raise Malformed(
            "The speed between a door and its street is one for the whole deployment.",
            "Leave the municipality out.",
        )


def set_speeds(session: Session, speeds: Iterable[Speed], nis_code: str | None) -> int:
    """
    Set speeds of a municipality, or of the deployment.

    Returns
    -------
    How many were not so already.

    Raises
    ------
    Malformed
        When one of them cannot be meant; nothing is written then.
    """
    wanted = list(speeds)
    for speed in wanted:
        check_speed(speed.mode, speed.street_class, speed.value, nis_code)
    own = {row["mode"] + " " + row["street_class"]: row for row in queries.own_speeds(session, nis_code)}
    changed = 0
    for speed in wanted:
        known = own.get(f"{speed.mode} {speed.street_class}")
        if known and (known["value"], known["source"]) == (speed.value, speed.source):
            continue
        queries.put_speed(session, nis_code, speed.key, speed.value, speed.source)
        changed += 1
    return changed


def reset_speeds(
    session: Session, nis_code: str | None, mode: str | None = None, street_class: str | None = None
) -> int:
    """
    Forget what a municipality, or the deployment, had set; returns how many that were.

    Raises
    ------
    Malformed
        When there is no such mode or class.
    """
    if (mode is not None and mode not in {key[0] for key in usual_speeds()}) or (
        street_class is not None and (mode, street_class) not in usual_speeds()
    ):
        _refuse_key(mode or "", street_class)
    return queries.drop_speeds(session, nis_code, mode, street_class)


def require_known(session: Session, nis_code: str | None) -> None:
    """
    Refuse a municipality nobody knows.

    Raises
    ------
    NotFound
        When it is not known here.
    """
    if nis_code is not None and not queries.is_municipality(session, nis_code):
        raise NotFound(
            f"Municipality {nis_code} is not known here.", "kernkaart municipality list shows those that are."
        )


def _refuse_key(mode: str, street_class: str | None) -> None:
    modes = {key[0] for key in usual_speeds()}
    if mode not in modes:
        raise Malformed(f"There is no mode {mode!r}.", f"Give one of {', '.join(sorted(modes))}.")
    classes = [key[1] for key in usual_speeds() if key[0] == mode]
    raise Malformed(f"There is no speed of {mode} on {street_class!r}.", f"Give one of {', '.join(classes)}.")


def _own(session: Session, nis_code: str | None) -> list[dict[str, Any]]:
    return [] if nis_code is None else queries.own_speeds(session, nis_code)


def _with_own(
    speeds: dict[tuple[str, str], Speed], rows: list[dict[str, Any]]
) -> dict[tuple[str, str], Speed]:
    found = dict(speeds)
    for row in rows:
        key = (row["mode"], row["street_class"])
        found[key] = replace(
            found[key],
            value=row["value"],
            origin="deployment" if row["nis_code"] is None else "municipality",
            source=row["source"],
            changed_at=row["changed_at"],
        )
    return found


def _as_gis(speeds: Iterable[Speed]) -> Speeds:
    value = {speed.key: speed.value for speed in speeds}

    def of(mode: Mode) -> dict[str, float]:
        return {name: value[mode, name] for name in STREET_CLASSES}

    return Speeds(
        walk_kmh=of("walk"),
        bicycle_kmh=of("bicycle"),
        car_kmh=of("car"),
        off_street_kmh=value[OFF_STREET],
        ferry_wait_min=value[FERRY_WAIT],
    )
