"""The columns of a file of counts, and the words that may stand in them."""

from __future__ import annotations

from api.importers.mapping import Field, names

MODE = {
    **dict.fromkeys(
        ("ped", "pedestrian", "pedestrians", "voetganger", "voetgangers", "pieton", "pietons", "voet", "walk"), "ped"
    ),
    **dict.fromkeys(("bike", "bicycle", "cyclist", "fiets", "fietser", "fietsers", "velo", "velos"), "bike"),
    **dict.fromkeys(("auto", "car", "cars", "autos", "wagen", "voiture", "voitures"), "auto"),
    **dict.fromkeys(("truck", "heavy", "vrachtwagen", "vrachtwagens", "camion", "camions", "zwaar"), "truck"),
    **dict.fromkeys(("all", "alle", "totaal", "total", "tous", "allverkeer"), "all"),
}  # fmt: skip
DIRECTION = {
    **dict.fromkeys(("a", "lft", "left", "links", "ltr", "in", "heen"), "a"),
    **dict.fromkeys(("b", "rgt", "right", "rechts", "rtl", "out", "uit", "terug"), "b"),
    **dict.fromkeys(("both", "beide", "total", "totaal", "lesdeux", "ab"), "both"),
}
MEASURE = {
    **dict.fromkeys(("passage", "passages", "passanten"), "passage"),
    **dict.fromkeys(("occupancy", "aanwezigen", "presences", "drukte"), "occupancy"),
    **dict.fromkeys(("visitors", "bezoekers", "visiteurs"), "visitors"),
    **dict.fromkeys(("entries", "binnenstappers", "entrees"), "entries"),
}

_SENSOR = (
    "counter_id sensor_id counter sensor telpunt teller location_id locationname location_name segment_id id"
)
_START = "start timestamp tijdstip datum_tijd datetime date_time begin starttijd van horodatage moment"

FIELDS = (
    Field("sensor_code", names=names(_SENSOR), is_required=True),
    Field("start_utc", "raw", names=names("start_at utc timestamp_utc")),
    Field("start_local", "raw", names=names(_START)),
    Field("date", names=names("datum jour day dag")),
    Field("hour", names=names("uur heure time time_from tijd")),
    # Shorter, and single people could be followed from counter to counter.
    Field(
        "minutes",
        "integer",
        names("interval_minutes duration_min duur_min"),
        lowest=5,
        highest=1440,
        is_strict=True,
    ),
    Field("mode", "choice", names("vervoerswijze modus type voertuigtype"), choices=MODE, is_strict=True),
    Field("direction", "choice", names("richting sens rijrichting"), choices=DIRECTION, is_strict=True),
    Field("value", names=names("count aantal telling total incount passages passanten nombre comptage")),
    Field("uptime", "number", names("beschikbaarheid"), lowest=0, highest=1),
    Field("measure_kind", "choice", names("soort_meting meetsoort"), choices=MEASURE),
)
