"""What is published: one entry for each layer and result, and nothing about persons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Share = Literal["own", "partners", "public"]
Words = Mapping[str, str]


@dataclass(frozen=True)
class Holder:
    """A table whose rows stand behind those of a layer, so that its datasets say what may be done with them."""

    table: str
    # How its row `h` belongs to row `v` of the layer, and to the municipalities of `:nis`.
    on: str = "h.id = v.id"
    of: str = "h.nis_code = ANY(:nis)"


@dataclass(frozen=True)
class Colours:
    """How a layer is drawn where nobody chose otherwise: by the codes of a column, else in one colour."""

    plain: str = "#1f6f78"
    column: str = ""
    by_code: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Layer:
    """
    One published layer or result.

    `relation` names the view or table where columns, types and definitions come from; `hidden` the columns that are
    not given, such as names of officers; `unit_key` the column with the key of a shop unit, where the filter of shop
    units makes sense; `moment` the column that `datetime` asks; an aggregate gives away none of the rows it was made of.
    """

    name: str
    subject: str
    relation: str
    geometry: str
    titles: Words
    holders: tuple[Holder, ...] = ()
    columns: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    condition: str = "true"
    geom: str = "geom"
    unit_key: str = ""
    moment: str = ""
    is_aggregate: bool = False
    share: Share = "own"
    colours: Colours = Colours()
    min_zoom: int = 8

    @property
    def is_table(self) -> bool:
        """Whether it is a table itself, of which each change raises the version of its municipality's data."""
        return self.relation.startswith("public.")


def _titles(nl: str, fr: str, en: str) -> Words:
    return {"nl": nl, "fr": fr, "en": en}


OF_UNIT = "h.shop_unit_id IN (SELECT u.id FROM shop_unit u WHERE u.nis_code = ANY(:nis))"


def _unit(key: str) -> tuple[Holder, ...]:
    """What a row about a shop unit of today rests on: the unit, who trades in it, since when it is empty."""
    return (
        Holder("shop_unit", f"h.id = v.{key}"),
        Holder("occupancy", f"h.shop_unit_id = v.{key} AND h.period @> current_date", OF_UNIT),
        Holder("vacancy_spell", f"h.shop_unit_id = v.{key} AND h.period @> current_date", OF_UNIT),
    )


STATE = Colours(
    "#7a8794",
    "state",
    {"vacant": "#c8442c", "occupied": "#2f7d5b", "non_retail": "#8a7fae", "unknown": "#9aa5ad"},
)
SENSOR = Holder("footfall_sensor", "h.nis_code = v.nis_code AND h.code = v.sensor_code")

LAYERS: tuple[Layer, ...] = (
    Layer(
        "shop-units",
        "units",
        "qgis.shop_unit",
        "Point",
        _titles("Handelspanden", "Cellules commerciales", "Shop units"),
        _unit("id"),
        hidden=("note",),
        unit_key="id",
        moment="last_seen_on",
        share="public",
        colours=STATE,
    ),
    Layer(
        "accessibility",
        "reach",
        "qgis.shop_unit_accessibility",
        "Point",
        _titles("Bereikbaarheid van panden", "Accessibilité des cellules", "Accessibility of shop units"),
        _unit("id"),
        unit_key="id",
        moment="computed_at",
        share="public",
        colours=STATE,
    ),
    Layer(
        "parcel-accessibility",
        "reach",
        "qgis.parcel_accessibility",
        "MultiPolygon",
        _titles("Bereikbaarheid van percelen", "Accessibilité des parcelles", "Accessibility of parcels"),
        (Holder("parcel"),),
        moment="computed_at",
        share="public",
        min_zoom=13,
    ),
    Layer(
        "parcels",
        "ground",
        "public.parcel",
        "MultiPolygon",
        _titles("Percelen", "Parcelles", "Parcels"),
        (Holder("parcel"),),
        columns=("capakey", "canu", "area_m2", "begins_on"),
        condition="ends_on IS NULL",
        moment="begins_on",
        share="public",
        colours=Colours("#8a8f98"),
        min_zoom=13,
    ),
    Layer(
        "cores",
        "ground",
        "public.core",
        "MultiPolygon",
        _titles("Kernen", "Noyaux commerciaux", "Cores"),
        (Holder("core"),),
        columns=(
            "code", "name", "area_type", "legal_basis", "plan_ref", "main_type", "valid_from", "valid_to",
        ),
        share="public",
        moment="valid_from",
        colours=Colours("#3b6ea8"),
    ),
    Layer(
        "vacancy-clusters",
        "units",
        "qgis.vacancy_cluster",
        "MultiPolygon",
        _titles("Clusters van leegstand", "Grappes de vacance", "Vacancy clusters"),
        (Holder("shop_unit"),),
        moment="computed_at",
        is_aggregate=True,
        share="public",
        colours=Colours("#b3261e"),
    ),
    Layer(
        "vacancy-cluster-history",
        "units",
        "qgis.vacancy_cluster_history",
        "MultiPolygon",
        _titles("Clusters door de jaren", "Grappes au fil des ans", "Clusters over the years"),
        (Holder("shop_unit"),),
        moment="as_of_on",
        is_aggregate=True,
        share="public",
        colours=Colours("#b3261e"),
    ),
    Layer(
        "vacancy-outlook",
        "units",
        "qgis.vacancy_outlook",
        "Point",
        _titles("Leegstand die komt", "Vacance attendue", "Vacancy to come"),
        _unit("id"),
        unit_key="id",
        moment="expected_on",
        colours=STATE,
    ),
    Layer(
        "street-footfall",
        "footfall",
        "qgis.street_footfall",
        "LineString",
        _titles("Passanten per straat", "Passants par rue", "Footfall per street"),
        (Holder("footfall_sensor"), Holder("manual_count"), Holder("street_segment")),
        moment="computed_at",
        is_aggregate=True,
        share="public",
        colours=Colours(
            "#9aa5ad",
            "passage_class",
            {"A1": "#7a1f5c", "A2": "#a8407d", "B1": "#cf6f9d", "B2": "#e3a3bd", "C": "#efd0da"},
        ),
    ),
    Layer(
        "sensors",
        "footfall",
        "public.footfall_sensor",
        "Point",
        _titles("Passantentellers", "Compteurs de passants", "Footfall sensors"),
        (Holder("footfall_sensor"),),
        columns=(
            "code", "name", "instrument", "measure_kind", "interval_minutes", "supplier", "active_from",
            "active_to", "is_indoor",
        ),
        moment="active_from",
        share="public",
        colours=Colours("#5b3f8c"),
    ),
    Layer(
        "manual-counts",
        "footfall",
        "qgis.manual_count",
        "Point",
        _titles("Tellingen met de hand", "Comptages manuels", "Counts by hand"),
        (Holder("manual_count"),),
        moment="start_at",
        colours=Colours("#8c5b3f"),
    ),
    Layer(
        "count-findings",
        "footfall",
        "qgis.count_finding",
        "Point",
        _titles("Twijfel aan tellingen", "Doutes sur les comptages", "Findings about counts"),
        (SENSOR,),
        hidden=("decided_by", "sensor_id"),
        moment="from_at",
    ),
    Layer(
        "forecasts",
        "footfall",
        "qgis.forecast_day",
        "Point",
        _titles("Verwachte drukte", "Affluence prévue", "Forecast of footfall"),
        (SENSOR,),
        moment="on_day",
        is_aggregate=True,
        colours=Colours("#5b3f8c"),
    ),
    Layer(
        "event-effects",
        "footfall",
        "qgis.event_effect",
        "Point",
        _titles("Effect van evenementen", "Effet des événements", "Effects of events"),
        (Holder("event", "h.id = v.event_id"),),
        moment="occurs_on",
        is_aggregate=True,
    ),
    Layer(
        "catchments",
        "reach",
        "qgis.catchment",
        "MultiPolygon",
        _titles("Bewaarde verzorgingsgebieden", "Zones de chalandise gardées", "Kept catchments"),
        (Holder("street_segment"), Holder("stat_sector")),
        moment="computed_at",
        is_aggregate=True,
        colours=Colours("#3b6ea8"),
    ),
    Layer(
        "street-islands",
        "ground",
        "qgis.street_island",
        "MultiLineString",
        _titles("Losse stukken stratennet", "Tronçons isolés", "Loose parts of the street network"),
        (Holder("street_segment", "h.id = v.segment_id"),),
        moment="computed_at",
        is_aggregate=True,
    ),
    Layer(
        "parking-zones",
        "parking",
        "public.parking_zone",
        "Geometry",
        _titles("Parkeerzones", "Zones de stationnement", "Parking zones"),
        (Holder("parking_zone"),),
        columns=("code", "name", "kind", "capacity", "regime", "max_stay_min", "fee_eur_per_hour"),
        geom="coalesce(v.area_geom, v.geom)",
        share="public",
        colours=Colours("#2f6fb0"),
    ),
    Layer(
        "legal-vacancy",
        "units",
        "qgis.legal_vacancy_record",
        "MultiPolygon",
        _titles("Register van leegstaande gebouwen", "Registre des bâtiments vides", "Register of vacant buildings"),
        (Holder("legal_vacancy_record"),),
        moment="entered_on",
    ),
    Layer(
        "business-premises",
        "units",
        "qgis.business_premises_record",
        "MultiPolygon",
        _titles(
            "Inventaris van bedrijfsruimten", "Inventaire des locaux d'activité", "Inventory of business premises"
        ),
        (Holder("business_premises_record"),),
        moment="entered_on",
    ),
    Layer(
        "worklist",
        "units",
        "qgis.worklist",
        "Point",
        _titles("Werklijst", "Liste de travail", "Work list"),
        _unit("shop_unit_id"),
        unit_key="shop_unit_id",
        moment="last_seen_on",
        colours=STATE,
    ),
    Layer(
        "observations",
        "units",
        "qgis.survey_observation",
        "Point",
        _titles("Waarnemingen op ronde", "Observations de tournée", "Observations on rounds"),
        (),
        hidden=("officer", "note"),
        moment="observed_at",
    ),
    Layer(
        "cases",
        "acquisition",
        "qgis.case_unit",
        "Point",
        _titles("Panden in dossiers", "Cellules dans les dossiers", "Shop units in cases"),
        _unit("shop_unit_id"),
        unit_key="shop_unit_id",
        moment="opened_on",
    ),
)  # fmt: skip
BY_NAME = {layer.name: layer for layer in LAYERS}


def subject_of(name: str) -> str | None:
    """Subject of a layer, by which rights to it are given; None where there is no such layer."""
    return BY_NAME[name].subject if name in BY_NAME else None
