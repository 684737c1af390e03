"""Which rows belong to which subject and municipality: row-level security of all tables, made anew after each migration."""

import re

from sqlalchemy import Connection, text

# How a row leads to the NIS code of its municipality: a column of its own, or a key into a table that has one.
OWN = "nis_code"
UNIT = "shop_unit_id IN (SELECT id FROM public.shop_unit WHERE {there})"
RUN = "run_id IN (SELECT id FROM public.analysis_run WHERE {there})"
SENSOR = "sensor_id IN (SELECT id FROM public.footfall_sensor WHERE {there})"
ZONE = "parking_zone_id IN (SELECT id FROM public.parking_zone WHERE {there})"
CASE = "case_id IN (SELECT id FROM public.acquisition_case WHERE {there})"
# Without a municipality it is common to all, and only the application itself writes it.
COMMON = "(nis_code IS NULL OR {there})"
CATCHMENT = "catchment_id IN (SELECT id FROM public.catchment WHERE {there})"
ROUND = "round_id IN (SELECT id FROM public.survey_round WHERE {there})"
BATCH = "batch_id IN (SELECT id FROM public.import_batch WHERE nis_code IS NULL OR {there})"

GROUND = (
    "backdrop",
    "building",
    "core",
    "former_parcel",
    "neighbourhood",
    "parcel",
    "place_hint",
    "population_point",
    "public_place",
    "stat_sector",
    "street_island",
    "street_segment",
)
UNITS = {
    "business_premises_record": OWN,
    "company_establishment": OWN,
    "expected_vacancy": OWN,
    "indicator_value": RUN,
    "legal_vacancy_record": OWN,
    "location_score": RUN,
    "occupancy": UNIT,
    "register_assignment": OWN,
    "register_parcel": "(business_premises_record_id IN (SELECT id FROM public.business_premises_record WHERE {there}) "
    "OR legal_vacancy_record_id IN (SELECT id FROM public.legal_vacancy_record WHERE {there}))",
    "relocation_decision": OWN,
    "score_profile": COMMON,
    "series_break": OWN,
    "shop_unit": OWN,
    "shop_unit_relation": "from_unit_id IN (SELECT id FROM public.shop_unit WHERE {there})",
    "survey_observation": ROUND,
    "survey_photo": "observation_id IN (SELECT id FROM public.survey_observation WHERE round_id IN "
    "(SELECT id FROM public.survey_round WHERE {there}))",
    "survey_round": OWN,
    "survey_stop": ROUND,
    "unit_indicators": OWN,
    "vacancy_cluster": f"({RUN} OR scan_id IN (SELECT id FROM public.vacancy_scan WHERE {{there}}))",
    "vacancy_cluster_unit": UNIT,
    "vacancy_duration": RUN,
    "vacancy_outlook": RUN,
    "vacancy_scan": OWN,
    "vacancy_spell": UNIT,
    "worklist_decision": OWN,
}
FOOTFALL = {
    "area_figure": OWN,
    "count_finding": OWN,
    "event": OWN,
    "event_effect": OWN,
    "footfall_count": SENSOR,
    "footfall_day": SENSOR,
    "footfall_hour": SENSOR,
    "footfall_sensor": OWN,
    "forecast_day": SENSOR,
    "forecast_run": OWN,
    "forecast_value": SENSOR,
    "manual_count": OWN,
    "street_footfall": OWN,
    "weather_hour": OWN,
}
ACQUISITION = {
    "acquisition_case": OWN,
    "branch_flow": OWN,
    "branch_wish": OWN,
    "case_activity": CASE,
    "case_change": CASE,
    "case_document": CASE,
    "case_unit": CASE,
    "incentive_grant": CASE,
    "owner_link": UNIT,
    "peer_choice": OWN,
    "public_contact": OWN,
    "requirement_profile": OWN,
    "unit_card": UNIT,
    "unit_card_change": UNIT,
    "unit_consent": UNIT,
    "unit_photo": UNIT,
    "unit_proposal": UNIT,
    "unit_proposal_field": "proposal_id IN (SELECT id FROM public.unit_proposal WHERE " + UNIT + ")",
}
# Table: (subject, how its rows lead to their municipality).
OF_A_SUBJECT: dict[str, tuple[str, str]] = {
    **dict.fromkeys(GROUND, ("ground", OWN)),
    "travel_speed": ("ground", COMMON),
    **{table: ("units", way) for table, way in UNITS.items()},
    **{table: ("footfall", way) for table, way in FOOTFALL.items()},
    "parking_zone": ("parking", OWN),
    "parking_observation": ("parking", ZONE),
    "accessibility": ("reach", OWN),
    "catchment": ("reach", OWN),
    "catchment_run": ("reach", CATCHMENT),
    "catchment_band": (
        "reach",
        "run_id IN (SELECT id FROM public.catchment_run WHERE " + CATCHMENT + ")",
    ),
    **{table: ("acquisition", way) for table, way in ACQUISITION.items()},
}
# Who works on a municipality at all may write what stands behind all subjects: runs, and imports that can be undone.
OF_ALL = {
    "analysis_run": OWN,
    "import_batch": COMMON,
    "import_change": BATCH,
    "import_refusal": BATCH,
}
# Only the application itself enters these, after a secret of their own.
OF_THE_APPLICATION = {"push_supplier": OWN}
# What is the same for all, and names nobody.
OPEN = {
    "alembic_version",
    "code_list",
    "dataset",
    "footfall_clock",
    "layer_styles",
    "municipality",
    "qgis_projects",
    "sector_stat",
    "spatial_ref_sys",
}
# What stands within a query in a condition, so that only columns of the row itself are left.
WITHIN = re.compile(r"\(\)|\('[^']*'\)|\(::text\[\]\)|\([^()]*SELECT[^()]*\)")
LEADING = re.compile(r"(\w+) (?:IN|= ANY|IS NULL)\b")
AMONG = re.compile(r"\b(\w+) IN \(SELECT id FROM (public\.(?:shop_unit|analysis_run)) WHERE ")
REMOVAL = (
    "CREATE TRIGGER kernkaart_removal BEFORE DELETE OR UPDATE OF {columns} ON {table} FOR EACH ROW "
    "EXECUTE FUNCTION rights.refuse_removal('{condition}')"
)
# Contacts: the role that may enter their schema sees those of municipalities where its officer works.
PERSONS = {
    "person": OWN,
    "person_tie": "person_id IN (SELECT id FROM crm.person WHERE {there})",
    "person_change": "person_id IN (SELECT id FROM crm.person WHERE {there})",
    "access_log": OWN,
    "erasure": OWN,
    "retention": OWN,
    "retention_change": OWN,
    "retention_run": OWN,
}
READERS = ("kernkaart_app", "kernkaart_reader", "kernkaart_crm")

GUARDED = (
    "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname IN ('public', 'crm') AND c.relkind IN ('r', 'p') AND c.relrowsecurity ORDER BY 1, 2"
)
POLICIES = (
    "SELECT schemaname, tablename, policyname FROM pg_policies WHERE schemaname IN ('public', 'crm') "
    "AND policyname LIKE 'kernkaart\\_%'"
)


def leads(way: str, codes: str) -> str:
    """The condition that a row's municipality is among codes, an SQL array."""
    there = f"nis_code = ANY((SELECT {codes})::text[])"
    return there if way == OWN else way.format(there=there)


def one_by_one(condition: str) -> str:
    """
    The same condition, by which each shop unit and each run may be looked up.

    To see whether a unit is in a list, PostgreSQL makes the list first: all units of a town for the few that a map shows.
    Of what exists it may look up each, or make the list where it expects many. Rows of a run are asked for by unit too, and
    a list makes their index look dear. Other lists are short.
    """
    return AMONG.sub(r"EXISTS (SELECT FROM \2 WHERE id = \1 AND ", condition)


def leading(condition: str) -> list[str]:
    """Columns of the row itself in a condition: what leads to its municipality."""
    before = ""
    while condition != before:
        before, condition = condition, WITHIN.sub("", condition)
    return list(dict.fromkeys(LEADING.findall(condition)))


# Whether boxes meet tells nothing of a row that a reader may not see; said so, the index works under row-level security.
# PostGIS does not say it (its makers mark only comparisons of trees), an upgrade of PostGIS forgets it, and only a
# superuser may say it: without one, maps are slower and no less right.
LEAKPROOF = """
DO $$ BEGIN
    ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE WARNING 'Only a superuser may mark geometry_overlaps leakproof: maps of large municipalities will be slow.';
END $$
"""

# A login of QGIS reads views and edits some; it keeps nothing here, and calls nothing that acts with greater rights than
# its own. What PostgreSQL lets everybody do is taken back, as far as the login of the deployment may: objects beside the
# tables, and tables of a session.
CLOSED = """
REVOKE EXECUTE ON FUNCTION public.ensure_count_partitions(timestamptz, timestamptz), public.contacts_of_import(bigint)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.ensure_count_partitions(timestamptz, timestamptz), public.contacts_of_import(bigint)
    TO kernkaart_app;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
DO $$ BEGIN
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO kernkaart_app', current_database());
EXCEPTION WHEN insufficient_privilege THEN
    RAISE WARNING 'Only the owner of the database may keep logins of QGIS from making tables of their session.';
END $$;
DO $$ BEGIN
    REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) FROM PUBLIC;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE WARNING 'Only a superuser may keep logins of QGIS from storing large objects.';
END $$
"""


def drop(connection: Connection) -> None:
    """Take all policies away, so that a revision may change what they rest on."""
    for schema, table, policy in connection.execute(text(POLICIES)).all():
        connection.execute(text(f'DROP POLICY "{policy}" ON {schema}."{table}"'))
    for schema, table in connection.execute(text(GUARDED)).all():
        connection.execute(text(f'DROP TRIGGER IF EXISTS kernkaart_removal ON {schema}."{table}"'))
        connection.execute(text(f'ALTER TABLE {schema}."{table}" DISABLE ROW LEVEL SECURITY'))


def create(connection: Connection) -> None:
    """Give every table of a municipality its policies: who sees its rows, and who writes."""
    statements = [
        statement
        for table, (subject, way) in OF_A_SUBJECT.items()
        for statement in _policies(
            table,
            seen=leads(way, f"rights.seen('{subject}')"),
            changed=leads(way, f"rights.changed('{subject}')"),
        )
    ]
    for table, way in OF_ALL.items():
        statements += _policies(table, seen="true", changed=leads(way, "rights.changed('')"))
    for table, way in OF_THE_APPLICATION.items():
        itself = "(SELECT rights.asking()) = 0"
        within = leads(way, "rights.changed('')")
        statements += _policies(table, seen=itself, changed=f"{itself} AND {within}")
    for table, way in PERSONS.items():
        statements += _policies(
            table,
            seen=leads(way, "rights.seen('persons')"),
            changed=leads(way, "rights.changed('persons')"),
            schema="crm",
        )
    connection.connection.cursor().execute(";\n".join([*statements, LEAKPROOF, CLOSED]))


def _policies(table: str, *, seen: str, changed: str, schema: str = "public") -> list[str]:
    changed = changed.replace("nis_code IS NULL OR", "nis_code IS NULL AND (SELECT rights.asking()) = 0 OR")
    readers = ", ".join(READERS) if schema == "public" else "kernkaart_crm"
    name, columns = f"{schema}.{table}", ", ".join(leading(changed))
    seen, changed = one_by_one(seen), one_by_one(changed)
    quoted = changed.replace("'", "''")
    return [
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY kernkaart_see ON {name} FOR SELECT TO {readers} USING ({seen})",
        f"CREATE POLICY kernkaart_add ON {name} FOR INSERT TO {readers} WITH CHECK ({changed})",
        # A row that is seen but may not be changed is refused aloud: by the check, or by the trigger on removal.
        f"CREATE POLICY kernkaart_change ON {name} FOR UPDATE TO {readers} USING ({seen}) WITH CHECK ({changed})",
        f"CREATE POLICY kernkaart_remove ON {name} FOR DELETE TO {readers} USING ({seen})",
        REMOVAL.format(table=name, condition=quoted, columns=columns),
    ]
