"""The list of sources: one line to add when a source is added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib import import_module

from api.importers.reading import Chunk, Importer, Reading, Request


def _importer(name: str, summary: str, targets: str, place: str, /, **options: str) -> Importer:
    """Describe a source; its module is loaded when it is used, so that listing the sources is instant."""
    module, function = place.split(".")

    def start(request: Request) -> Iterable[Reading]:
        from api.importers.asking import check
        from api.importers.opening import refuse_bomb, told_plainly

        check(IMPORTERS[name], request)
        with told_plainly(request.path):
            if request.path.is_file():
                refuse_bomb(request.path)
            readings: Iterable[Reading] = getattr(import_module(f"api.importers.{module}"), function)(request)
            return [replace(one, chunks=_plainly(one, request)) for one in readings]

    return Importer(name, summary, tuple(targets.split()), start, options)


def _plainly(reading: Reading, request: Request) -> Iterator[Chunk]:
    from api.importers.opening import told_plainly

    with told_plainly(request.path):
        yield from reading.chunks


# What every source understands, beside its own options.
COMMON_OPTIONS = {
    "crs": "coordinate system of the file, such as EPSG:3812, when it is neither stated nor recognised",
    "layer": "layer of a file with several",
    "sheet": "sheet of a spreadsheet",
    "encoding": "encoding of the texts, such as cp1252",
    "delimiter": "separator of a text table: ; , | or tab",
    "header_row": "line on which the column names stand",
    "decimal": "decimal sign: , or .",
    "date_order": "dmy (3/4 is 3 April, the default) or mdy",
    "where": "only rows such as column=a,b or column!=a; several conditions separated by ;",
    "margin_m": "how far outside the municipality things are kept, metres",
}
_CLOCK = "time zone of clock times without an offset; Europe/Brussels unless said"
_MOST = "more counts per hour than this are refused; 30000 unless said"
_MINUTES = "length of an interval where no column says it"
_MODE = "mode where no column says it; ped unless said"
_YEAR = "year of the numbers, where neither the file nor its name says it"
_OSM = "street_segment building backdrop place_hint public_place parking_zone"
_PLACE = {
    "lon": "longitude of the counter: then the sensor itself is read too",
    "lat": "latitude of the counter",
    "name": "name of the counter",
}

_LAND = (
    _importer("parcels", "Cadastral parcels: GRB or any polygons", "parcel", "parcels.read_parcels"),
    _importer("buildings", "Buildings: GRB or any polygons", "building", "buildings.read_buildings"),
    _importer(
        "osm",
        "OpenStreetMap file: streets, buildings, backdrop, shops as hints, public places, car parks",
        _OSM,
        "osm.read_osm",
        only="what to read of it, such as street_segment,building",
    ),
    _importer(
        "wegenregister",
        "Extract of the Flemish road register, V1 or V2: zip, folder or one layer",
        "street_segment",
        "wegenregister.read_wegenregister",
    ),
    _importer(
        "streets",
        "Streets from any layer of lines",
        "street_segment",
        "streets.read_streets",
        class_map="CSV from their street classes to ours",
    ),
)
_AREAS = (
    _importer(
        "municipalities",
        "Borders of municipalities from any layer of polygons",
        "municipality",
        "areas.read_municipalities",
        dissolve="yes: join all areas with the same nis_code into one border",
    ),
    _importer(
        "cores",
        "Shopping areas from any layer of polygons",
        "core",
        "areas.read_cores",
        area_type="kind of area where no column says it; other unless said",
    ),
    _importer(
        "neighbourhoods",
        "Neighbourhoods from any layer of polygons",
        "neighbourhood",
        "areas.read_neighbourhoods",
    ),
    _importer(
        "sectors",
        "Statistical sectors or any counting areas, with their numbers where they have columns",
        "stat_sector sector_stat",
        "sectors.read_sectors",
        year=_YEAR,
    ),
    _importer(
        "statbel-population",
        "Statbel's population per sector (OPENDATA_SECTOREN)",
        "sector_stat",
        "statbel.read_statbel_population",
        year=_YEAR,
    ),
    _importer(
        "statbel-income",
        "Statbel's fiscal income per sector (TF_PSNL_INC_TAX_SECTOR)",
        "sector_stat",
        "statbel.read_statbel_income",
        year=_YEAR,
    ),
)
_SHOPS = (
    _importer(
        "shop-units",
        "Shop units from a survey, Locatus or any table, with the state that was seen",
        "shop_unit",
        "shop_units.read_shop_units",
        branch_map="CSV from their branches to ours, vacant or non_retail",
    ),
    _importer(
        "expected-vacancies",
        "Announced closings and ends of leases, by shop unit or address",
        "expected_vacancy",
        "expected.read_expected",
    ),
    _importer(
        "osm-shops", "Shops in OpenStreetMap as GeoJSON: hints only", "place_hint", "osm_shops.read_osm_shops"
    ),
    _importer(
        "public-places", "Stations, schools, town halls", "public_place", "public_places.read_public_places"
    ),
)
_FOOTFALL = (
    _importer("sensors", "Footfall sensors and where they stand", "footfall_sensor", "sensors.read_sensors"),
    _importer(
        "counts",
        "Counts in long form: one row per counter, moment, mode and direction",
        "footfall_count",
        "counts.read_counts",
        timezone=_CLOCK,
        minutes=_MINUTES,
        mode=_MODE,
        max_per_hour=_MOST,
    ),
    _importer(
        "counts-wide",
        "Counts in wide form: a row per hour, a column per sensor",
        "footfall_count",
        "counts_wide.read_counts_wide",
        timezone=_CLOCK,
        minutes=_MINUTES,
        mode=_MODE,
        max_per_hour=_MOST,
        code_pattern=r"regular expression that finds the sensor code in a column name, such as \[(\d+)",
        code_map="CSV from column names to sensor codes",
    ),
    _importer(
        "telraam",
        "Telraam report: four modes in two directions",
        "footfall_sensor footfall_count",
        "telraam.read_telraam",
        minutes=_MINUTES,
        max_per_hour=_MOST,
        **_PLACE,
    ),
    _importer(
        "hystreet",
        "hystreet or another laser counter with its columns",
        "footfall_sensor footfall_count",
        "hystreet.read_hystreet",
        timezone=_CLOCK,
        minutes=_MINUTES,
        max_per_hour=_MOST,
        **_PLACE,
    ),
    _importer(
        "oslo",
        "OSLO Verkeersmetingen as JSON-LD: sensors and counts",
        "footfall_sensor footfall_count",
        "oslo.read_oslo",
        max_per_hour=_MOST,
    ),
    _importer(
        "manual-counts",
        "Counts by hand: minutes counted, and the factor that makes an hour, day or week of them",
        "manual_count",
        "manual_counts.read_manual_counts",
        timezone=_CLOCK,
        max_per_hour=_MOST,
        expands_to="what count x factor stands for where no column says it: hour, day or week",
    ),
    _importer(
        "area-figures",
        "Spending and visitors of areas, with suppressed cells",
        "area_figure",
        "area_figures.read_area_figures",
        kind="spending or visitors, where no column says it",
    ),
)
_PARKING = (
    _importer(
        "parking-zones",
        "Parking zones as areas or points",
        "parking_zone",
        "parking_zones.read_parking_zones",
    ),
    _importer(
        "parking-bays",
        "Single bays that make zones together",
        "parking_zone",
        "parking_zones.read_parking_bays",
    ),
    _importer(
        "parking-occupancy",
        "Occupancy of parking zones: surveys, feeds, tables of shares",
        "parking_observation",
        "parking_occupancy.read_parking_occupancy",
        timezone=_CLOCK,
        minutes="length of a band in minutes; 0, a look at one moment, unless said",
        capacity_map="CSV from zones to their number of spaces",
        capacity_is="log1p where the column holds ln(1 + spaces)",
        max_share="highest share of the capacity that is believed; 1 unless said",
    ),
)
_EVENTS = (
    _importer(
        "events",
        "Events, actions and measures: when, where, what they cost",
        "event",
        "events.read_events",
        timezone=_CLOCK,
    ),
)
_WEATHER = (
    _importer(
        "weather",
        "Weather by the hour: measured, or a forecast with the moment it was issued",
        "weather_hour",
        "weather.read_weather",
        timezone="time zone of moments without an offset; UTC unless said",
        issued_at="moment at which a forecast was made, where no column says it",
        hour_is="begin or end: what the moment of a row is of its hour; end for columns of the KMI, else begin",
        station="code of the one station that is meant, in a file with several",
    ),
)
_OF_REGISTER = {
    "earlier": "layer of parcels of an earlier cadastre, to place records that still carry its keys",
    "earlier_layer": "which layer of that file",
    "earlier_crs": "coordinate system of that file, when it is neither stated nor recognised",
    "complete": "yes: the file is the whole register, so a record that it lacks was struck off",
}
_REGISTERS = (
    _importer(
        "legal-vacancy",
        "Legal vacancy register (leegstandsregister), one row per record",
        "former_parcel legal_vacancy_record",
        "registers.read_legal_vacancy",
        **_OF_REGISTER,
    ),
    _importer(
        "business-premises",
        "Flemish inventory of vacant and neglected business premises",
        "former_parcel business_premises_record",
        "registers.read_business_premises",
        **_OF_REGISTER,
    ),
    _importer(
        "companies",
        "Company register (KBO Open Data, full extract): establishments as candidate occupants",
        "company_establishment",
        "companies.read_companies",
        postcodes="postcodes of the municipality, by comma, where they are not known",
        nace_version="2008 or 2025; the newest the extract holds unless said",
    ),
)
IMPORTERS: dict[str, Importer] = {
    one.name: one
    for one in (*_AREAS, *_LAND, *_SHOPS, *_REGISTERS, *_FOOTFALL, *_PARKING, *_EVENTS, *_WEATHER)
}
