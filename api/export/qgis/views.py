"""The views of schema qgis, one by one: their names, their drawings and their forms."""

from dataclasses import replace

from api.export.qgis.catalogue import (
    ACCENT,
    GREY,
    INK,
    SCORE_COLOURS,
    VACANT,
    WHITE,
    Drawing,
    Paint,
    Style,
    Text,
    View,
    classes,
    one,
)

_USUAL = ("Kernkaart", "Kernkaart")
_STATE = Drawing(
    {
        "vacant": Paint(VACANT, shape="diamond", size=3.6),
        "occupied": Paint("#5a7d95", size=2.6),
        "non_retail": Paint("#9aa4aa", shape="square", size=2.1),
        "unknown": Paint(WHITE, GREY, size=2.3),
    },
    by="state",
    codes="state",
    label='coalesce("occupant_name", "address")',
    label_from=1500,
)
_DURATION = Drawing(
    {
        "initial": Paint("#f0b84f", INK, "diamond", 3.6),
        "long_term": Paint("#cf5a17", shape="diamond", size=3.6),
        "structural": Paint("#6b1226", shape="diamond", size=3.6),
        "unknown": Paint(WHITE, GREY, "diamond", 3.4),
    },
    by="vacancy_class",
    codes="vacancy_class",
    label="address",
    label_from=2500,
)
_SCORE = classes("location_score", SCORE_COLOURS, (20, 40, 60, 80), Paint(line=INK, size=2.8, width=0.15))
_DEN = ("#fde3c8", "#fbc28d", "#f39a4d", "#d96f1a", "#9c4708")
_BLUES = ("#dbe9f6", "#a9cbe5", "#6fa6d0", "#3b7cb3", "#174f86")
_REGIME = {
    "blue_zone": "#2f6fb3", "shop_and_go": "#d17a00", "paid": "#8a2c7d", "free": "#3a8a4a", "resident": "#7a6a3a",
    "loading": "#444e55", "unknown": "#9aa4aa",
}  # fmt: skip
# Fifteen stages are too many to tell apart by colour.
_STAGE = {"begin": "#9f84cd", "talk": "#623f98", "won": "#2b7a3d", "on_hold": "#d6a93a", "lost": "#84919a"}
_STAGE_OF = (
    "CASE WHEN \"state\" IN ('identified', 'qualified', 'contacted') THEN 'begin' "
    "WHEN \"state\" IN ('signed', 'fit_out', 'opened', 'aftercare') THEN 'won' WHEN \"state\" = 'on_hold' THEN 'on_hold' "
    "WHEN \"state\" IN ('lost', 'rejected') THEN 'lost' ELSE 'talk' END"
)
_LEGEND = {
    "begin": ("Gezocht en gecontacteerd", "Found and contacted"),
    "talk": ("In gesprek tot onderhandeling", "Talking to negotiating"),
    "won": ("Getekend of open", "Signed or open"),
    "on_hold": ("In de wacht", "On hold"),
    "lost": ("Verloren of afgewezen", "Lost or rejected"),
    "water": ("Water", "Water"),
    "green": ("Groen", "Green"),
    "rail": ("Spoor", "Rail"),
    "": ("Niet te schatten", "No estimate"),
}
_OPEN = {"true": ("Vandaag leeg", "Vacant today"), "false": ("Voorbij", "Past")}
_CURRENT = {"true": ("Vandaag in gebruik", "In use today"), "false": ("Voorbij", "Past")}
_COUNTS = {"true": ("Telt vandaag", "Counts today"), "false": ("Telt niet meer", "Counts no more")}
_VERDICT = {"more": "#2b7a3d", "less": "#9b1c1c", "not_conclusive": "#d6a93a", "not_measurable": "#9aa4aa"}
_CHANGE = {
    "new": "#c4450f", "growing": "#d96f1a", "stable": "#8a4b20", "shrinking": "#c9a27e", "merged": "#7a3b5a",
    "split": "#a86f8c", "dissolved": "#9aa4aa", "": "#c9a27e",
}  # fmt: skip
_CORE = {
    "core_shopping_area": "#0b5563", "trading_core": "#24788a", "shopping_centre": "#3b7cb3", "village_core": "#5a8f5a",
    "retail_zone": "#8a6d2f", "retail_ribbon": "#a8753a", "retail_poor_area": "#9aa4aa", "business_park": "#6b767c",
    "other": "#84919a",
}  # fmt: skip
_STREET = {
    "motorway": 1.1, "trunk": 1.0, "primary": 0.9, "secondary": 0.8, "tertiary": 0.7, "unclassified": 0.55,
    "residential": 0.5, "living_street": 0.5, "pedestrian": 0.6, "service": 0.35, "track": 0.3, "cycleway": 0.3,
    "footway": 0.25, "path": 0.25, "steps": 0.35, "ferry": 0.4,
}  # fmt: skip
_DASHED = {"cycleway", "footway", "path", "steps", "ferry", "track"}

_UNIT_FORM = (
    (
        ("Adres", "Address"),
        (
            "local_code", "name", "street", "house_number", "house_number_suffix", "house_number_end", "box", "postcode",
            "place",
        ),
    ),
    (
        ("Pand", "Premises"),
        (
            "floor_area_m2", "gross_area_m2", "frontage_m", "floor_level", "is_storefront", "fitout_state",
            "is_terrace_possible", "is_horeca_permitted", "valid_from", "last_seen_on", "note",
        ),
    ),
    (
        ("Toestand vandaag", "State today"),
        (
            "state", "occupant_name", "branch_code", "branch_group", "vacancy_class", "vacant_earliest_on",
            "vacant_latest_on", "market_status", "asking_rent_eur_per_month", "seen_months_ago", "freshness",
        ),
    ),
    (("Score", "Score"), ("location_score", "rank", "rank_lower", "rank_upper")),
)  # fmt: skip
_SPELL_FORM = (
    (("Pand", "Premises"), ("shop_unit_id", "local_code", "address")),
    (
        ("Begin en einde", "Begin and end"),
        ("start_earliest_on", "start_latest_on", "start_basis", "ended_on", "end_reason", "is_open"),
    ),
    (
        ("Op de markt", "On the market"),
        (
            "cause",
            "market_status",
            "asking_rent_eur_per_month",
            "available_on",
            "listing_url",
            "last_branch_code",
        ),
    ),
)
_ZONE_FORM = (
    (("Parkeerzone", "Parking zone"), ("code", "name", "kind", "capacity")),
    (("Regime", "Regime"), ("regime", "max_stay_min", "fee_eur_per_hour")),
)
_CORE_FORM = (
    (("Kern", "Core"), ("code", "name", "area_type", "main_type", "units", "vacant")),
    (("Grondslag", "Legal basis"), ("legal_basis", "plan_ref", "valid_from", "valid_to")),
)
_STREET_FORM = (
    (("Straat", "Street"), ("name", "street_class", "is_private", "car_speed_kmh", "length_m", "source_key")),
    (("Te voet", "On foot"), ("is_walk_forward", "is_walk_backward")),
    (("Per fiets", "By bicycle"), ("is_bicycle_forward", "is_bicycle_backward")),
    (("Met de auto", "By car"), ("is_car_forward", "is_car_backward")),
)


def _coded(
    by: str,
    codes: str,
    colours: dict[str, str],
    like: Paint,
    *,
    label: str = "",
    label_from: int = 2500,
    legend: dict[str, Text] | None = None,
) -> Drawing:
    paints = {
        code: Paint(colour, like.line, like.shape, like.size, like.width, like.opacity, like.dash)
        for code, colour in colours.items()
    }
    return Drawing(paints, by=by, codes=codes, label=label, label_from=label_from, legend=legend or {})


def _dot(colour: str, *, shape: str = "circle", size: float = 2.6, label: str = "") -> Drawing:
    return one(Paint(colour, shape=shape, size=size), label=label)


def _area(
    fill: str, line: str, *, opacity: float = 0.2, width: float = 0.3, label: str = "", at: int = 25_000
) -> Drawing:
    return one(Paint(fill, line, width=width, opacity=opacity), label=label, label_from=at)


def _streets() -> Drawing:
    paints = {
        code: Paint(
            GREY if code in _DASHED else "#b9c2c7", width=width, dash="dash" if code in _DASHED else "solid"
        )
        for code, width in _STREET.items()
    }
    return Drawing(paints, by="street_class", codes="street_class", label="name", label_from=4000)


def _styled(*drawings: Drawing) -> tuple[Style, ...]:
    return tuple(Style(_USUAL, drawing) for drawing in drawings)


VIEWS = (
    View(
        "shop_unit", ("Panden", "Shop units"), "Point",
        (
            Style(("Toestand", "State"), _STATE),
            Style(("Duur van de leegstand", "Duration of vacancy"), _DURATION),
            Style(("Locatiescore", "Location score"), _SCORE),
        ),
        form=_UNIT_FORM,
    ),
    View("vacancy_spell", ("Leegstandsperiodes", "Vacancy spells"), "Point",
         _styled(_coded("is_open", "", {"true": VACANT, "false": "#c9b3a6"}, Paint(shape="diamond", size=3), label="address", legend=_OPEN)),
         form=_SPELL_FORM, required=("start_latest_on",)),
    View("occupancy", ("Invullingen", "Occupancies"), "Point",
         _styled(_coded("is_current", "", {"true": "#5a7d95", "false": "#c3ced6"}, Paint(size=2.4), label="occupant_name", legend=_CURRENT))),
    View("core", ("Kernen", "Cores"), "MultiPolygon",
         _styled(_coded("area_type", "area_type", _CORE, Paint(line=ACCENT, width=0.6, opacity=0.08), label="name", label_from=30_000)),
         form=_CORE_FORM, required=("name",)),
    View("survey_observation", ("Waarnemingen van rondes", "Observations of rounds"), "Point", _styled(_dot("#7a3b5a", label="occupant_name"))),
    View("worklist", ("Werklijst", "Work list"), "Point", _styled(_dot("#d6a93a", shape="triangle", size=3.2, label="address"))),
    View("vacancy_cluster", ("Leegstandsclusters", "Vacancy clusters"), "MultiPolygon",
         _styled(_area(VACANT, "#8f2f06", opacity=0.18, width=0.6, label="concat(\"label\", '\n', \"vacant\", ' / ', \"units\")"))),
    View("vacancy_cluster_history", ("Clusters door de jaren", "Clusters over the years"), "MultiPolygon",
         _styled(_coded("change", "cluster_change", _CHANGE, Paint(line="#8f2f06", width=0.4, opacity=0.25), label="label", label_from=15_000))),
    View("vacancy_outlook", ("Verwachte leegstand", "Expected vacancy"), "Point",
         _styled(classes("chance", _DEN, (0.05, 0.1, 0.2, 0.3), Paint(line=INK, size=2.8, width=0.15)))),
    View("legal_vacancy_record", ("Leegstandsregister", "Vacancy register"), "MultiPolygon",
         _styled(_area("#6b21a8", "#4a1675", opacity=0.3, label="address", at=2500))),
    View("business_premises_record", ("Inventaris bedrijfsruimten", "Inventory of business premises"), "MultiPolygon",
         _styled(_area("#26262b", "#26262b", opacity=0.25, label="address", at=2500))),
    View("series_break", ("Breuken in de reeks", "Breaks in the series"), None, required=("nis_code", "breaks_on", "kind", "reason")),
    View("case_unit", ("Dossiers per pand", "Cases by unit"), "Point",
         _styled(_coded(_STAGE_OF, "", _STAGE, Paint(shape="pentagon", size=3.6), label="title", legend=_LEGEND))),
    View("unit_card", ("Pandfiches", "Unit cards"), "Point",
         _styled(_coded("state", "state", {"vacant": VACANT, "": "#5a7d95"}, Paint(shape="square", size=3.2), label="address", label_from=2500))),
    View("unit_offer", ("Gepubliceerd aanbod", "Published offer"), "Point", _styled(_dot("#2b7a3d", shape="star", size=3.6, label="address"))),
    View("footfall_sensor", ("Telpunten", "Sensors"), "Point",
         _styled(_coded("is_active", "", {"true": "#174f86", "false": "#9aa4aa"}, Paint(shape="star", size=4),
                        label="concat(\"name\", '\n', round(\"day_passages\"))", label_from=10_000, legend=_COUNTS))),
    View("street_footfall", ("Passanten per straat", "Footfall by street"), "LineString",
         _styled(_coded("passage_class", "passage_class", dict(zip(("C", "B2", "B1", "A2", "A1", ""), (*_BLUES, "#d3d7da"), strict=True)), Paint(width=1.6),
                        label="concat(\"name\", ' ', round(\"footfall_per_day\"))", label_from=4000, legend=_LEGEND))),
    View("manual_count", ("Handtellingen", "Counts by hand"), "Point", _styled(_dot("#3b7cb3", shape="triangle", label="name"))),
    View("count_finding", ("Bevindingen bij tellingen", "Findings on counts"), "Point", _styled(_dot("#9b1c1c", shape="cross_fill", size=3.4, label="sensor"))),
    View("forecast_day", ("Voorspelling per dag", "Forecast by day"), "Point", _styled(_dot("#6fa6d0", label="concat(\"on_day\", ': ', round(\"expected\"))"))),
    View("event", ("Evenementen", "Events"), "Point", _styled(_dot("#8a2c7d", shape="star", size=3.6, label="name"))),
    View("event_area", ("Gebied van evenementen", "Areas of events"), "MultiPolygon", _styled(_area("#8a2c7d", "#8a2c7d", label="name", at=10_000))),
    View("event_effect", ("Effect van evenementen", "Effect of events"), "Point",
         _styled(_coded("verdict", "event_verdict", _VERDICT, Paint(shape="star", size=4), label="name", label_from=10_000))),
    View("parking_zone", ("Parkeerzones", "Parking zones"), "Point",
         _styled(_coded("regime", "parking_regime", _REGIME, Paint(shape="square", size=3.2),
                        label="concat(\"name\", ' (', \"capacity\", ')')", label_from=6000)),
         form=(*_ZONE_FORM, (("Bezetting", "Occupancy"), ("mean_share", "share_reason")))),
    View("parking_area", ("Parkeergebieden", "Parking areas"), "MultiPolygon",
         _styled(_coded("regime", "parking_regime", _REGIME, Paint(line="#1d4f91", width=0.3, opacity=0.3))), form=_ZONE_FORM),
    View("catchment", ("Bereikgebieden", "Catchments"), "MultiPolygon",
         _styled(_area("#3b7cb3", "#174f86", opacity=0.12, width=0.5, label="concat(\"name\", ' ', \"band\", ' min')", at=50_000))),
    View("shop_unit_accessibility", ("Bereikbaarheid van panden", "Accessibility of units"), "Point",
         _styled(classes("persons_walk_10_min", _BLUES, (1000, 2500, 5000, 10_000), Paint(line=INK, size=2.6, width=0.15)))),
    View("parcel_accessibility", ("Bereikbaarheid van percelen", "Accessibility of parcels"), "MultiPolygon",
         _styled(classes("persons_walk_10_min", _BLUES, (1000, 2500, 5000, 10_000), Paint(line="#84919a", width=0.1, opacity=0.6)))),
    View("street_island", ("Losse straten", "Streets cut off"), "MultiLineString", _styled(one(Paint("#9b1c1c", width=1.2)))),
    View("travel_speed", ("Eigen snelheden", "Own speeds"), None, required=("mode", "street_class")),
    View("public_place", ("Publiekstrekkers", "Places that draw people"), "Point", _styled(_dot("#5a8f5a", shape="triangle", label="name"))),
    View("street_segment", ("Straten", "Streets"), "LineString", _styled(_streets()), form=_STREET_FORM, required=("street_class",)),
    View("building", ("Gebouwen", "Buildings"), "MultiPolygon", _styled(_area("#dcd6cd", "#c4bcb0", opacity=1, width=0.1))),
    View("parcel", ("Percelen", "Parcels"), "MultiPolygon", _styled(_area(WHITE, "#c3b9a8", opacity=0, width=0.12, label="capakey", at=750))),
    View("backdrop", ("Water, groen en spoor", "Water, green and rail"), "MultiPolygon",
         _styled(_coded("kind", "", {"water": "#bcd9e8", "green": "#d5e6cc", "rail": "#c9c9c9"}, Paint(line="#ffffff", width=0, opacity=1), legend=_LEGEND))),
    View("neighbourhood", ("Wijken", "Neighbourhoods"), "MultiPolygon", _styled(_area(WHITE, "#84919a", opacity=0, width=0.4, label="name", at=50_000))),
    View("stat_sector", ("Statistische sectoren", "Statistical sectors"), "MultiPolygon",
         _styled(classes("population", _DEN, (250, 500, 1000, 2000), Paint(line="#84919a", width=0.15, opacity=0.45)))),
    View("municipality", ("Gemeenten", "Municipalities"), "MultiPolygon",
         _styled(replace(_area("#f6f4ef", "#6b767c", opacity=1, width=0.7, label="name", at=400_000), label_until=30_000))),
    View("source", ("Bronnen", "Sources"), None),
    View("code_list", ("Codelijsten", "Code lists"), None),
)  # fmt: skip
