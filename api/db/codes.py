"""Code values that the database enforces; their labels in three languages are rows of `code_list`."""

STATE = ("occupied", "vacant", "non_retail", "unknown")
AREA_TYPE = (
    "core_shopping_area", "trading_core", "retail_poor_area", "retail_zone", "retail_ribbon",
    "shopping_centre", "village_core", "business_park", "other",
)  # fmt: skip
LEGAL_BASIS = ("rup", "verordening", "policy_vision", "locatus", "own")
LIFECYCLE = ("active", "converted", "merged", "split", "demolished")
FITOUT_STATE = ("ready", "refresh", "renovate", "shell")
FLOOR_LEVEL = ("ground", "upper", "basement", "unknown")
START_BASIS = ("exact", "between_visits", "first_seen", "owner_statement")
ORIGIN = ("starter", "relocation_within", "relocation_outside", "chain_expansion", "takeover", "unknown")
CAUSE = (
    "retirement", "bankruptcy", "relocation", "chain_closure", "works", "end_of_lease", "new_build", "unknown",
)  # fmt: skip
END_REASON = ("let", "sold_own_use", "converted", "merged", "split", "demolished", "data_error")
MARKET_STATUS = (
    "announced", "unlisted", "listed", "under_offer", "signed", "fit_out", "temporary_use", "withdrawn",
)  # fmt: skip
RELATION = ("split", "merge", "replace")
SERIES_BREAK = ("definition", "source", "method", "boundary")
STREET_CLASS = (
    "motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street",
    "pedestrian", "service", "track", "cycleway", "footway", "path", "steps", "ferry",
)  # fmt: skip
SPEED_MODE = ("walk", "bicycle", "car", "any")
SPEED_CLASS = (*STREET_CLASS, "off_street", "ferry_wait")
BUILDING_TYPE = ("main", "annex", "clipped", "other")
BUILDING_USE = ("residential", "commercial", "mixed", "other")
BACKDROP = ("water", "green", "rail")
INSTRUMENT = (
    "radar", "rubber", "piezo", "fiber", "loop", "camera", "anpr", "manual", "telraam",
    "laser", "rf_attenuation", "mobile_network", "unknown",
)  # fmt: skip
MEASURE_KIND = ("passage", "occupancy", "visitors", "entries")
MODE = ("ped", "bike", "auto", "truck", "all")
DIRECTION = ("a", "b", "both")
# Of people present, and of visitors who are counted once a day, a sum over time means nothing.
SUMMABLE = ("passage", "entries")
VALID_FLAG = (0, 8, 10)
# A refresh looks two years back at single readings.
LEAST_RAW_MONTHS = 25
EXPANDS_TO = ("hour", "day", "week")
AREA_FIGURE = ("spending", "visitors")
AREA_FIGURE_UNIT = ("eur", "index", "persons", "transactions")
CELL_STATE = ("known", "suppressed", "missing")
PARKING_KIND = ("street", "surface", "garage", "bay_group")
PARKING_REGIME = ("blue_zone", "shop_and_go", "paid", "free", "resident", "loading", "unknown")
EVENT_KIND = (
    "market", "fair", "braderie", "festival", "sales_sunday", "sport", "procession", "action", "seasonal", "works",
    "street_closure", "parking_measure", "other",
)  # fmt: skip
EVENT_VERDICT = ("more", "less", "not_conclusive", "not_measurable")
EVENT_METHOD = ("controls", "last_year", "own_weeks")
SHARE_LEVEL = ("own", "partners", "public")
RUN_STATE = ("running", "done", "failed")
BATCH_STATE = ("done", "undone")
REGISTER = ("legal_vacancy", "business_premises")
OBJECTION = ("none", "pending", "upheld", "rejected")
EXEMPTION = ("new_owner", "works", "to_let_or_sell", "disaster", "other")
MATCHED_BY = ("hand", "capakey", "earlier_geometry", "address", "none")
MATCH_DOUBT = ("no_key", "key_unknown", "several_parcels", "nothing_there", "address_unclear")
ESTABLISHMENT_MATCHED_BY = ("exact", "number", "range")
WORKLIST_KIND = (
    "vacant_active", "occupied_ended", "other_branch", "vacant_hint", "state_unknown", "temporary_clash",
    "same_occupant", "unplaced", "stale",
)  # fmt: skip
WORKLIST_VERDICT = ("survey_right", "register_right", "next_round", "not_same", "undone")
ROUND_SCOPE = ("municipality", "core", "streets")
ROUND_STATUS = ("same", "vacant", "occupied", "non_retail", "not_found", "new_unit", "withdrawn")
ROUND_DECISION = ("pending", "accepted", "rejected", "superseded")
EXPECTED_VACANCY_KIND = ("announced_closing", "lease_end", "other")
DURATION_GROUPING = ("all", "core", "branch_group", "size")
CLUSTER_QUESTION = ("location", "average")
CLUSTER_CHANGE = ("new", "growing", "stable", "shrinking", "merged", "split", "dissolved")
PASSAGE_CLASS = ("A1", "A2", "B1", "B2", "C")
STREET_FOOTFALL_REASON = ("no_sensor", "no_sensor_within_reach")
FORECAST_METHOD = ("weeks", "weeks_season", "learned")
COUNT_FINDING_KIND = (
    "zero_run", "stuck", "spike", "drop_out", "spike_review", "level_shift", "clock", "night", "one_direction", "twin",
    "gap", "low_uptime",
)  # fmt: skip
COUNT_FINDING_STATE = ("open", "confirmed", "overruled")
CASE_PROCESS = (
    "identified", "qualified", "contacted", "in_dialogue", "visit_planned", "visited", "offer", "negotiation",
    "signed", "fit_out", "opened", "aftercare",
)  # fmt: skip
CASE_SIDE = ("on_hold", "lost", "rejected")
CASE_STATE = (*CASE_PROCESS, *CASE_SIDE)
CASE_ACTOR = ("city", "owner", "prospect", "broker")
LOSS_REASON = (
    "rent", "size", "state", "location_footfall", "parking_access", "permit", "finance", "expansion_stop",
    "chose_other_city", "owner_refused", "no_response", "not_wished", "other",
)  # fmt: skip
CASE_NEED = (
    "ground_floor", "corner", "terrace", "parking_near", "loading_near", "kitchen_extraction", "step_free", "storage",
)  # fmt: skip
CASE_UNIT_RESPONSE = ("proposed", "interested", "offered", "declined")
CASE_OWNER_STATE = ("unknown", "found", "informed", "cooperating", "refusing")
CASE_ACTIVITY_KIND = ("call", "visit", "mail", "note")
MATCH_WISH = (
    "floor_area_m2", "frontage_m", "is_ground_floor", "rent_eur_per_month", "rent_eur_per_m2_year", "passage_class",
    "catchment_population", "persons_bicycle_15_min", "persons_car_10_min", "spaces_200_m", "spaces_400_m",
    "neighbours_wanted", "neighbours_unwanted", "own_branch_m", "is_terrace_possible", "is_horeca_permitted",
    "is_in_core",
)  # fmt: skip
MATCH_OFFER = ("vacant", "temporary", "expected")
CASE_DOCUMENT_FORMAT = ("pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "jpg")
CASE_CHANGE_KIND = ("made", "facts", "state", "removed", "restored", "undone")
BRANCH_STANCE = ("wished", "unwanted", "open")
BRANCH_FLOW_KIND = ("leakage", "online")
# A public authority has no "legitimate interest" (GDPR 6.1, last sentence).
PERSON_LEGAL_BASIS = ("public_task", "consent", "pre_contract")
PERSON_SOURCE = ("self", "broker_listing", "kbo", "cadastre", "register")
PERSON_PURPOSE = ("levy", "acquisition")
PERSON_ROLE = ("owner", "broker", "prospect", "operator")
PERSON_CHANGE_KIND = ("made", "facts", "undone")
PERSON_ACTION = ("list", "read", "change", "export", "erase")
ERASURE_REASON = ("asked", "prospect", "owner", "lost")
EPC_LABEL = ("A_plus", "A", "B", "C", "D", "E", "F", "G", "exempt")
STEP_ACCESS = ("step_free", "threshold", "steps")
HERITAGE = ("none", "inventory", "townscape", "monument")
PLANNING_USE = ("retail", "hospitality", "services", "mixed", "other")
HORECA = ("fit", "with_works", "unfit")
LEASE_TYPE = ("commercial", "short", "popup", "other", "sale")
CARD_ROLE = ("owner", "broker")
CONSENT_VIA = ("link", "letter", "mail", "talk")
PROPOSAL_DECISION = ("pending", "accepted", "rejected")
