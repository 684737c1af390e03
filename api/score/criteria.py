"""The registry of indicators that may count in a location score: one line each."""

from dataclasses import dataclass, replace

from gis.profile import BAD, COMPETITORS, GOOD
from gis.score import DEFAULT_CRITERIA, Criterion

# Shops within a stone's throw are neighbours, those within a short walk competitors.
NEAR_M, FAR_M = 100.0, 400.0


@dataclass(frozen=True)
class Registered:
    """An indicator as a criterion, the unit its value is shown in, and where it comes from; labels are in `code_list`."""

    criterion: Criterion
    unit: str | None
    sources: tuple[str, ...] = ("shop_unit",)

    @property
    def code(self) -> str:
        """Code of the criterion."""
        return self.criterion.code


def _of(
    code: str,
    unit: str,
    *sources: str,
    direction: str = "more",
    scale: str = "linear",
    error_points: float = 5.0,
) -> Registered:
    criterion = Criterion(code, 0.10, direction=direction, scale=scale, error_points=error_points)
    return Registered(criterion, unit, sources or ("shop_unit",))


# A weight here is what a slider starts at when somebody adds the criterion to a profile.
INDICATORS: tuple[Registered, ...] = (
    _of("footfall", "per_day", "footfall", scale="log"),
    _of("passage_class", "passage_class", "footfall"),
    _of("catchment_population", "persons", "population", scale="log"),
    _of("persons_bicycle_15_min", "persons", "population", scale="log"),
    _of("persons_car_10_min", "persons", "population", scale="log"),
    _of("purchasing_power", "persons", "population", "income", scale="log"),
    _of("parking", "spaces", "parking"),
    _of("spaces_200_m", "spaces", "parking"),
    _of("spaces_400_m", "spaces", "parking"),
    _of("free_spaces_400_m", "spaces", "parking"),
    _of("stop_m", "m", "stops", direction="less"),
    _of("anchors", "anchors"),
    _of(GOOD, "shops"),
    _of(BAD, "shops", direction="less"),
    _of(COMPETITORS, "shops", direction="less"),
    _of("shops_around", "shops", scale="log"),
    _of("vacancy_around", "share", direction="less"),
    _of("vacancy_cluster", "yes_no", direction="less", error_points=0.0),
    # What a tape measures needs no margin.
    _of("frontage_m", "m", error_points=2.0),
    _of("floor_area_m2", "m2", error_points=2.0),
    _of("rent_ratio", "ratio", direction="less"),
    _of("asking_rent_eur_per_month", "eur_per_month", direction="less", error_points=0.0),
    _of("is_ground_floor", "yes_no", error_points=0.0),
)
BY_CODE = {item.code: item for item in INDICATORS}
CRITERIA: tuple[Registered, ...] = tuple(replace(BY_CODE[c.code], criterion=c) for c in DEFAULT_CRITERIA)
