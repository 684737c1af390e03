"""The registry of criteria: one line per indicator that may count in a location score."""

from dataclasses import dataclass

from gis.score import DEFAULT_CRITERIA, Criterion


@dataclass(frozen=True)
class Registered:
    """A criterion and the unit its value is shown in; labels are in the code list `criterion`."""

    criterion: Criterion
    unit: str | None

    @property
    def code(self) -> str:
        """Code of the criterion."""
        return self.criterion.code


UNITS: dict[str, str | None] = {
    "footfall": "per_day",
    "catchment_population": "persons",
    "anchors": "anchors",
    "parking": "spaces",
    "shops_around": "shops",
    "vacancy_around": "share",
}
CRITERIA: tuple[Registered, ...] = tuple(Registered(c, UNITS.get(c.code)) for c in DEFAULT_CRITERIA)
