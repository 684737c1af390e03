"""What each kind of thing is called: the columns of the frames that importers give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import geopandas as gpd
import pandas as pd

Kind = Literal["text", "number", "integer", "boolean", "date", "instant", "object"]
Shape = Literal["polygon", "line", "point"]


@dataclass(frozen=True)
class Target:
    """The columns of one kind of thing.

    Attributes
    ----------
    columns
        Name to kind of value; missing values are NaN, NA, NaT or None (`isna()` finds them all).
    key
        What makes a row the same row in the next file.
    shape
        What its geometry is (polygons are always MultiPolygon), or None without geometry.
    """

    columns: dict[str, Kind]
    key: tuple[str, ...]
    shape: Shape | None = None


def _columns(**kinds: str) -> dict[str, Kind]:
    return {name: kind for kind, names in kinds.items() for name in names.split()}  # type: ignore[misc]


_RECORD = _columns(
    text="nis_code record_key dossier_prefix dossier_type dossier_number internal_number inventory_type status"
    " status_code property_kind street house_number box postcode place capakey objection exemption",
    date="found_on entered_on objection_on exemption_until removed_on",
    integer="levy_year",
    number="levy_eur",
    boolean="is_removed",
)

TARGETS: dict[str, Target] = {
    "municipality": Target(
        _columns(
            text="nis_code name_nl name_fr name_en",
            object="postcodes market_weekdays",
            integer="population",
            date="population_on",
        ),
        ("nis_code",),
        "polygon",
    ),
    "neighbourhood": Target(_columns(text="nis_code code name"), ("code",), "polygon"),
    "core": Target(
        _columns(
            text="nis_code code name area_type legal_basis plan_ref main_type", date="valid_from valid_to"
        ),
        ("code",),
        "polygon",
    ),
    "parcel": Target(
        _columns(
            text="nis_code capakey canu",
            integer="oidn uidn version",
            date="begins_on fiscal_on",
            number="area_m2",
        ),
        ("capakey",),
        "polygon",
    ),
    "building": Target(
        _columns(text="nis_code source_key building_type use", integer="floors", number="height_m"),
        ("source_key",),
        "polygon",
    ),
    "backdrop": Target(_columns(text="nis_code source_key kind name"), ("source_key",), "polygon"),
    "street_segment": Target(
        _columns(
            text="nis_code source_key name street_class code_scheme code_version code",
            boolean="is_walk_forward is_walk_backward is_bicycle_forward is_bicycle_backward"
            " is_car_forward is_car_backward is_private",
            number="car_speed_kmh",
        ),
        ("source_key",),
        "line",
    ),
    "stat_sector": Target(
        _columns(text="nis_code code name_nl name_fr", integer="year"), ("code", "year"), "polygon"
    ),
    "sector_stat": Target(
        _columns(text="sector_code key", integer="year", number="value", boolean="is_suppressed"),
        ("sector_code", "year", "key"),
    ),
    "shop_unit": Target(
        _columns(
            text="nis_code local_code name street house_number house_number_suffix house_number_end box"
            " postcode place floor_level lifecycle fitout_state note status occupant_name branch_code"
            " branch_text market_status moved_from_local_code",
            number="floor_area_m2 gross_area_m2 frontage_m asking_rent_eur_per_month",
            boolean="is_storefront is_chain is_anchor is_terrace_possible is_horeca_permitted",
            date="last_seen_on vacant_since seen_on",
        ),
        ("nis_code", "local_code"),
        "point",
    ),
    "series_break": Target(
        _columns(text="nis_code kind reason source", date="breaks_on"), ("breaks_on", "kind")
    ),
    "expected_vacancy": Target(
        _columns(
            text="nis_code local_code street house_number house_number_suffix box kind source",
            date="expected_on",
        ),
        ("local_code", "kind"),
    ),
    "place_hint": Target(
        _columns(text="nis_code source_key kind name brand", object="tags", date="checked_on"),
        ("source_key",),
        "point",
    ),
    "public_place": Target(
        _columns(text="nis_code source_key kind name", number="weight"), ("source_key",), "point"
    ),
    "footfall_sensor": Target(
        _columns(
            text="nis_code code name instrument measure_kind supplier direction_a direction_b local_code processor",
            integer="interval_minutes",
            date="active_from active_to contract_end_on",
            boolean="is_indoor stores_images on_device",
        ),
        ("nis_code", "code"),
        "point",
    ),
    "footfall_count": Target(
        _columns(
            text="sensor_code mode direction",
            instant="start_at",
            integer="minutes quality_flag",
            number="value uptime",
        ),
        ("sensor_code", "start_at", "mode", "direction"),
    ),
    "manual_count": Target(
        _columns(
            text="nis_code code name mode expands_to",
            instant="start_at",
            integer="minutes",
            number="value factor",
        ),
        ("code", "start_at", "mode"),
        "point",
    ),
    "area_figure": Target(
        _columns(
            text="nis_code kind area origin branch_group unit state",
            date="from_on to_on",
            number="value largest_merchant_share",
            integer="cards merchants",
        ),
        ("kind", "area", "from_on", "to_on", "origin", "branch_group", "unit"),
    ),
    "weather_hour": Target(
        _columns(
            text="nis_code",
            instant="hour_at issued_at",
            number="temperature_c precipitation_mm wind_speed_kmh sunshine_min cloud_cover_percent",
        ),
        ("nis_code", "hour_at", "issued_at"),
    ),
    "parking_zone": Target(
        _columns(
            text="nis_code code name kind regime",
            integer="capacity max_stay_min",
            number="fee_eur_per_hour",
            object="area_geom",
        ),
        ("nis_code", "code"),
        "point",
    ),
    "parking_observation": Target(
        _columns(text="zone_code", instant="observed_at", integer="minutes capacity", number="occupied"),
        ("zone_code", "observed_at"),
    ),
    "event": Target(
        _columns(
            text="nis_code code name kind recurring_rule organiser note",
            instant="starts_at ends_at",
            integer="reach_m",
            number="cost_net_eur",
            object="streets geom area_geom",
        ),
        ("nis_code", "code"),
    ),
    "former_parcel": Target(_columns(text="nis_code capakey"), ("capakey",), "polygon"),
    "legal_vacancy_record": Target(_RECORD, ("record_key",)),
    "business_premises_record": Target(_RECORD, ("record_key",)),
    "company_establishment": Target(
        _columns(
            text="nis_code establishment_number enterprise_number name street house_number house_number_suffix"
            " house_number_end box postcode nace_version nace_code",
            boolean="is_natural_person",
            object="nace_codes",
            date="started_on struck_off_on gone_on snapshot_on",
        ),
        ("nis_code", "establishment_number"),
    ),
}

_DTYPES: dict[str, Any] = {
    "text": "str",
    "number": "float64",
    "integer": "Int64",
    "boolean": "boolean",
    "date": "object",
    "instant": "datetime64[us, UTC]",
    "object": "object",
}


def conform(frame: pd.DataFrame, target: str, *, srid: int) -> pd.DataFrame | gpd.GeoDataFrame:
    """Give a frame exactly the columns and dtypes of a target.

    Parameters
    ----------
    frame
        Any of the target's columns, `geometry` where it has a shape; the index is the row number.
    target
        A name in `TARGETS`.
    srid
        EPSG number of the geometry.
    """
    spec = TARGETS[target]
    given: dict[str, Any] = {"row_number": frame.index.to_numpy(dtype="int64")}
    for name, kind in spec.columns.items():
        column = frame[name] if name in frame.columns else pd.Series(None, index=frame.index, dtype="object")
        if kind in ("date", "object"):
            given[name] = column.astype("object").where(column.notna(), None).to_numpy()
        else:
            given[name] = column.astype(_DTYPES[kind]).array
    rows = pd.DataFrame(given)
    if spec.shape is None:
        return rows
    return gpd.GeoDataFrame(rows, geometry=list(frame["geometry"]), crs=srid)
