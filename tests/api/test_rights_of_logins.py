"""Logins of PostgreSQL, as QGIS and psql use them: which rows each sees and may write, and what none of them may."""

import os
import subprocess
from collections.abc import Callable, Iterator

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import ProgrammingError

from api.accounts.queries import set_memberships
from api.db.session import SYSTEM, get_engine, session_as
from launch import binaries
from launch.places import Places
from migrations import rights
from tests.api import full_town
from tests.api.accounts import OWN_SUBJECTS, ROLES, account_with, role_right, share
from tests.api.conftest import Town
from tests.conftest import use_database
from tests.town_database import EMPTY_NIS, NIS, rows

SECRET = "abcdefghijkl"
WITH_A_LOGIN = ("gis", "planner", "officer", "coordinator", "administrator")
SHARED = tuple(subject for subject in OWN_SUBJECTS if subject not in {"persons", "acquisition"})
# Subjects that must all be open for a row of a view to be there; nothing: the same for everybody.
NEEDS = {
    "backdrop": {"ground"},
    "building": {"ground"},
    "business_premises_record": {"units"},
    "case_unit": {"acquisition", "units"},
    "catchment": {"reach"},
    "code_list": set(),
    "core": {"ground"},
    "count_finding": {"footfall"},
    "event": {"footfall"},
    "event_area": {"footfall"},
    "event_effect": {"footfall"},
    "footfall_sensor": {"footfall"},
    "forecast_day": {"footfall"},
    "legal_vacancy_record": {"units"},
    "manual_count": {"footfall"},
    "municipality": set(),
    "neighbourhood": {"ground"},
    "occupancy": {"units"},
    "parcel": {"ground"},
    "parcel_accessibility": {"ground", "reach"},
    "parking_area": {"parking"},
    "parking_zone": {"parking"},
    "public_place": {"ground"},
    "series_break": {"units"},
    "shop_unit": {"units"},
    "shop_unit_accessibility": {"units", "reach"},
    "source": set(),
    "stat_sector": {"ground"},
    "street_footfall": {"footfall"},
    "street_island": {"ground"},
    "street_segment": {"ground"},
    "survey_observation": {"units"},
    "travel_speed": {"ground"},
    "unit_card": {"acquisition", "units"},
    "unit_offer": {"acquisition", "units"},
    "vacancy_cluster": {"units"},
    "vacancy_cluster_history": {"units"},
    "vacancy_outlook": {"units"},
    "vacancy_spell": {"units"},
    "worklist": {"units"},
}
OF_ALL = {view for view, needs in NEEDS.items() if not needs}
Login = tuple[str, str]
# A coordinator works in all municipalities, and so in none as a stranger.
LOGINS: tuple[Login, ...] = tuple(
    (role, nis) for role in WITH_A_LOGIN for nis in (NIS, EMPTY_NIS) if role != "coordinator" or nis == NIS
)
STRANGER, OFFICER = ("gis", EMPTY_NIS), ("officer", NIS)
Seen = dict[str, tuple[int, str]]


@pytest.fixture(scope="module")
def full_copy(copy_town: Callable[[], Town]) -> Town:
    """A full copy of the town, of which the catalogue of databases keeps the rights of the database itself."""
    copy = copy_town()
    full_town.fill_rest()
    with get_engine().begin() as connection:
        connection.connection.cursor().execute(rights.CLOSED)
    return copy


@pytest.fixture(scope="module")
def accounts(full_copy: Town) -> Iterator[dict[Login, tuple[int, str]]]:
    """Per role and municipality an account and its login."""
    made = {}
    for role, nis in LOGINS:
        key, _ = account_with(role, None if role == "coordinator" else nis)
        made[role, nis] = key, give(key)
    yield made
    use_database(full_copy.url)
    for key, _ in made.values():
        take(key)
    names = [user for _, user in made.values()]
    assert rows("SELECT rolname FROM pg_roles WHERE rolname = ANY(:names)", names=names) == []
    get_engine().dispose()


@pytest.fixture
def logins(full_copy: Town, accounts: dict[Login, tuple[int, str]]) -> dict[Login, tuple[int, str]]:
    use_database(full_copy.url)
    return accounts


@pytest.fixture
def enter(
    full_copy: Town, logins: dict[Login, tuple[int, str]]
) -> Iterator[Callable[..., psycopg.Connection]]:
    """Sign in as a login."""
    opened: list[psycopg.Connection] = []

    def sign_in(login: Login) -> psycopg.Connection:
        opened.append(psycopg.connect(address(full_copy, logins[login][1]), options="-c timezone=UTC"))
        return opened[-1]

    yield sign_in
    for connection in opened:
        connection.close()


def give(key: int) -> str:
    with session_as("kernkaart_accounts", SYSTEM) as session:
        return str(
            session.execute(
                text("SELECT rights.give_database_login(:id, :secret)"), {"id": key, "secret": SECRET}
            ).scalar_one()
        )


def take(key: int) -> None:
    with session_as("kernkaart_accounts", SYSTEM) as session:
        session.execute(text("SELECT rights.take_database_login(:id)"), {"id": key})


def address(town: Town, user: str) -> str:
    at = make_url(town.url).set(drivername="postgresql", username=user, password=SECRET)
    return at.render_as_string(hide_password=False)


def share_all(level: str) -> None:
    share(level, *SHARED)
    share(min(level, "partners"), "acquisition")


def asked(where: str = "") -> str:
    """SQL of all views: name, rows, and a sum of everything in them."""
    return " UNION ALL ".join(
        f"SELECT '{view}', count(*), md5(string_agg(CAST(v AS text), ' ' ORDER BY v.id)) FROM qgis.{view} v "
        f"{where if NEEDS[view] else ''}"
        for view in NEEDS
    )


def there(where: str = f"WHERE nis_code = '{NIS}' OR nis_code IS NULL") -> Seen:
    """What the application itself finds in the views."""
    with session_as("kernkaart_app", SYSTEM) as system:
        return {view: (count, digest) for view, count, digest in system.execute(text(asked(where)))}


def seen(connection: psycopg.Connection) -> Seen:
    return {view: (count, digest) for view, count, digest in connection.execute(asked()).fetchall()}  # type: ignore[arg-type]


def test_every_view_is_in_the_matrix_and_tells_its_municipality_or_is_the_same_for_all(logins):
    columns = dict(
        rows(
            "SELECT c.relname, bool_or(a.attname = 'nis_code') FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            "WHERE c.relnamespace = 'qgis'::regnamespace GROUP BY 1"
        )
    )
    assert set(columns) == set(NEEDS)
    assert {view for view, has_town in columns.items() if not has_town} == OF_ALL - {"municipality"}


@pytest.mark.parametrize("level", ["own", "partners", "public"])
def test_every_login_sees_through_every_view_the_rows_that_it_may_and_no_others(logins, enter, level):
    share_all(level)
    all_rows, of_nobody = there(), there("WHERE nis_code IS NULL")
    assert [view for view, (count, _) in all_rows.items() if not count] == []
    wrong = []
    for login in LOGINS:
        open_to_it = set(OWN_SUBJECTS) if login[1] == NIS else set(SHARED if level == "public" else ())
        expected = {
            view: all_rows[view] if needs <= open_to_it else of_nobody[view] for view, needs in NEEDS.items()
        }
        found = seen(enter(login))
        wrong += [
            (login, view, found[view], expected[view]) for view in NEEDS if found[view] != expected[view]
        ]
    assert wrong == []


@pytest.mark.parametrize("subject", SHARED)
def test_a_view_is_open_with_its_own_subjects_and_with_no_other(logins, enter, subject):
    share_all("own")
    share("public", subject)
    found = {view for view, (count, _) in seen(enter(STRANGER)).items() if count}
    assert found == {view for view, needs in NEEDS.items() if needs <= {subject}}
    assert found > OF_ALL


def test_roles_that_do_not_work_in_qgis_get_no_login(logins):
    for role in (None, *ROLES):
        if role in WITH_A_LOGIN:
            continue
        key, _ = account_with(role, NIS)
        with pytest.raises(ProgrammingError, match="no role that may work in QGIS"):
            give(key)


def test_what_an_account_loses_its_login_loses_in_the_same_breath(logins, enter):
    share_all("own")
    key, _ = account_with("officer", NIS)
    logins["leaving", NIS] = key, give(key)
    try:
        connection = enter(("leaving", NIS))
        connection.autocommit = True

        def units() -> int:
            return seen(connection)["shop_unit"][0]

        assert units() > 0
        with session_as("kernkaart_accounts", SYSTEM) as session:
            set_memberships(session, key, [("officer", EMPTY_NIS)])
        assert units() == 0
        with session_as("kernkaart_accounts", SYSTEM) as session:
            set_memberships(session, key, [("officer", NIS)])
            session.execute(text("UPDATE rights.account SET is_active = false WHERE id = :id"), {"id": key})
        assert units() == 0
        assert connection.execute("SELECT rights.asking()").fetchone() == (None,)
        take(key)
        with pytest.raises(psycopg.OperationalError):
            units()
    finally:
        take(logins.pop(("leaving", NIS))[0])


def editable() -> dict[str, str]:
    """Views that are edited, each with the subject whose rights that asks."""
    found = rows(
        "SELECT c.relname, t.tgargs FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE c.relnamespace = 'qgis'::regnamespace AND t.tgname = 'edit_row'"
    )
    return {view: bytes(args).split(b"\0")[1].decode() for view, args in found}


def verdict(connection: psycopg.Connection, statement: str) -> str:
    """allowed, or the name of the error; nothing is kept."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(statement)
    except psycopg.Error as refusal:
        return type(refusal).__name__
    return "allowed"


def test_only_views_with_rules_of_their_own_can_be_written_at_all(logins):
    writable = rows(
        "SELECT relname FROM pg_class WHERE relnamespace = 'qgis'::regnamespace "
        "AND has_table_privilege('kernkaart_gis', oid, 'INSERT, UPDATE, DELETE')"
    )
    assert {view for (view,) in writable} == set(editable())
    assert len(writable) > 5


@pytest.mark.parametrize("level", ["own", "public"])
def test_every_login_writes_where_it_may_change_and_is_refused_aloud_elsewhere(logins, enter, level):
    share_all(level)
    elsewhere = "InsufficientPrivilege" if level == "public" else "NoDataFound"
    unit = rows("SELECT min(id) FROM shop_unit WHERE nis_code = :nis", nis=NIS)[0][0]
    wrong = []
    for login in LOGINS:
        role, nis = login
        connection = enter(login)
        for view, subject in editable().items():
            may = nis == NIS and role_right(role, subject)[2]
            refusal = "InsufficientPrivilege" if nis == NIS else elsewhere
            own = (
                f"(shop_unit_id) VALUES ({unit})"
                if view == "vacancy_spell"
                else f"(nis_code) VALUES ('{NIS}')"
            )
            tried = {
                f"UPDATE qgis.{view} SET id = id WHERE nis_code = '{NIS}'": "allowed" if may else refusal
            }
            if not may:
                tried[f"DELETE FROM qgis.{view} WHERE nis_code = '{NIS}'"] = refusal
                tried[f"INSERT INTO qgis.{view} {own}"] = "InsufficientPrivilege"
            for statement, expected in tried.items():
                if (told := verdict(connection, statement)) != expected:
                    wrong.append((login, statement, told, expected))
        common = (
            "INSERT INTO qgis.travel_speed (mode, street_class, speed_kmh) VALUES ('car', 'residential', 20)"
        )
        if (told := verdict(connection, common)) != "InsufficientPrivilege":
            wrong.append((login, common, told, "InsufficientPrivilege"))
    assert wrong == []


NEW_UNIT = (
    f"INSERT INTO qgis.shop_unit (nis_code, local_code, geom) VALUES ('{EMPTY_NIS}', 'E1', "
    "st_setsrid(st_makepoint(100000, 200000), 31370)) RETURNING id"
)


@pytest.mark.parametrize("level", ["own", "public"])
def test_a_spell_of_ones_own_is_not_moved_to_a_unit_of_another_town(logins, enter, level):
    share_all(level)
    foreign = rows(
        "SELECT min(id) FROM shop_unit_state WHERE nis_code = :nis AND state = 'occupied'", nis=NIS
    )[0][0]
    connection = enter(STRANGER)
    unit = connection.execute(NEW_UNIT).fetchone()[0]
    spell = connection.execute(
        "INSERT INTO qgis.vacancy_spell (shop_unit_id, start_latest_on, ended_on, end_reason) "
        "VALUES (%s, '2001-01-01', '2002-01-01', 'let') RETURNING id",
        (unit,),
    ).fetchone()[0]
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match=f"mag in gemeente {NIS}"):
        connection.execute("UPDATE qgis.vacancy_spell SET shop_unit_id = %s WHERE id = %s", (foreign, spell))


def test_an_edit_is_not_written_into_the_import_of_somebody_else(logins, enter):
    others = rows("SELECT id FROM import_batch WHERE nis_code = :nis ORDER BY id LIMIT 1", nis=NIS)[0][0]
    connection = enter(STRANGER)
    held = f"kernkaart.qgis_batch_{EMPTY_NIS}"
    connection.execute("SELECT set_config(%s, %s, false)", (held, str(others)))
    connection.execute(NEW_UNIT)
    (first,) = connection.execute("SELECT current_setting(%s)", (held,)).fetchone()
    assert int(first) > others
    connection.execute("UPDATE qgis.shop_unit SET note = 'x' WHERE local_code = 'E1'")
    assert connection.execute("SELECT current_setting(%s)", (held,)).fetchone() == (first,)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kernkaart.account", "0"),
        ("kernkaart.account", "1"),
        ("kernkaart.scope", "write"),
        ("kernkaart.sums", "on"),
        ("kernkaart.taking", "on"),
        ("search_path", "public, crm, rights"),
    ],
)
def test_no_setting_makes_a_login_another(logins, enter, name, value):
    share_all("own")
    # Sums of partners are for the application alone.
    share("partners", "units")
    connection = enter(STRANGER)
    before = seen(connection)
    connection.execute("SELECT set_config(%s, %s, false)", (name, value))
    assert seen(connection) == before
    assert connection.execute("SELECT rights.asking()").fetchone() == (logins[STRANGER][0],)
    told = connection.execute(
        "SELECT rights.may_see(%(nis)s, 'units'), rights.may_change(%(nis)s, 'units')", {"nis": NIS}
    )
    assert told.fetchone() == (False, False)


def test_a_condition_is_not_judged_on_rows_that_a_login_may_not_see(logins, enter):
    share_all("own")
    # An error of a condition tells the value that it stumbled over.
    leak = "SELECT count(*) FROM qgis.shop_unit WHERE CAST(street AS integer) > 0"
    assert verdict(enter(OFFICER), leak) == "InvalidTextRepresentation"
    assert verdict(enter(STRANGER), leak) == "allowed"
    with enter(STRANGER) as connection:
        connection.execute("SET row_security = off")
        assert verdict(connection, "SELECT count(*) FROM qgis.shop_unit") == "InsufficientPrivilege"


def forbidden() -> list[str]:
    """Statements that no login may run, of which those about tables are made from the catalogue."""
    tables = rows(
        "SELECT format('%I.%I', n.nspname, c.relname), c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname IN ('public', 'crm', 'rights') AND c.relkind IN ('r', 'p', 'v') AND c.relname NOT IN "
        "('layer_styles', 'qgis_projects', 'spatial_ref_sys', 'geometry_columns', 'geography_columns')"
    )
    assert len(tables) > 100
    others = rows(
        "SELECT rolname FROM pg_roles WHERE rolname IN ('kernkaart_app', 'kernkaart_crm', 'kernkaart_accounts', "
        "'kernkaart_reader', 'pg_read_all_data', 'pg_read_all_stats', 'pg_execute_server_program') OR rolsuper"
    )
    return [
        *(f"SELECT 1 FROM {name} LIMIT 1" for name, _ in tables),
        *(f"DELETE FROM {name}" for name, kind in tables if kind != "v"),
        *(f"DELETE FROM public.{name}" for name in ("layer_styles", "qgis_projects", "spatial_ref_sys")),
        *(f'SET ROLE "{role}"' for (role,) in others),
        *(f'SET SESSION AUTHORIZATION "{role}"' for (role,) in others),
        "COPY (SELECT 1) TO PROGRAM 'id'",
        "COPY (SELECT 1) TO '/tmp/kernkaart'",
        "SELECT pg_read_file('PG_VERSION')",
        "SELECT pg_ls_dir('.')",
        "SELECT lo_import('/etc/hostname')",
        "SELECT lo_creat(-1)",
        "SELECT lo_create(0)",
        "SELECT lo_from_bytea(0, 'x')",
        "CREATE TABLE public.mine (a integer)",
        "CREATE TABLE qgis.mine (a integer)",
        "CREATE TEMP TABLE mine (a integer)",
        "CREATE VIEW qgis.mine AS SELECT 1",
        "CREATE SCHEMA mine",
        "CREATE EXTENSION file_fdw",
        "CREATE ROLE mine",
        *(
            f"CREATE FUNCTION {schema}.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'"
            for schema in ("public", "qgis", "pg_temp")
        ),
        "CREATE RULE mine AS ON INSERT TO qgis.parcel DO INSTEAD NOTHING",
        "ALTER VIEW qgis.parcel RENAME TO mine",
        "DROP VIEW qgis.parcel",
        "ALTER ROLE CURRENT_USER CONNECTION LIMIT 100",
        "ALTER ROLE CURRENT_USER BYPASSRLS",
        "GRANT kernkaart_app TO CURRENT_USER",
        "LOCK TABLE qgis.shop_unit IN EXCLUSIVE MODE",
        "SELECT 1 FROM qgis.parcel FOR UPDATE",
        "SELECT passwd FROM pg_shadow",
        "SELECT rolpassword FROM pg_authid",
        "SELECT query_to_xml('SELECT * FROM crm.person', true, true, '')",
        "SELECT nextval('shop_unit_id_seq')",
        "SELECT pg_reload_conf()",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> current_user",
        "SELECT rights.enter('system', '')",
        "SELECT rights.note('a', 'b', 'c', 'd')",
        "SELECT rights.give_database_login(1, 'abcdefghijkl')",
        "SELECT rights.take_database_login(1)",
        "SELECT rights.may_manage(1)",
        "SELECT rights.pusher('x')",
        "SELECT qgis.open_batch('99001', 'x')",
        "SELECT qgis.check_spell(1, '{}')",
        "SELECT public.contacts_of_import(1)",
        "SELECT public.ensure_count_partitions('1990-01-01', '1991-01-01')",
    ]


@pytest.mark.parametrize("login", [("administrator", NIS), STRANGER], ids=["administrator", "stranger"])
def test_no_login_reads_a_table_becomes_another_or_keeps_anything_here(logins, enter, login):
    share_all("public")
    connection = enter(login)
    told = {statement: verdict(connection, statement) for statement in forbidden()}
    assert {statement: each for statement, each in told.items() if each != "InsufficientPrivilege"} == {}


def test_nothing_that_acts_with_greater_rights_is_called_by_a_login_but_what_says_its_own(logins):
    callable_ = rows(
        "SELECT n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
        "WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema') "
        "AND has_schema_privilege('kernkaart_gis', n.oid, 'USAGE') AND has_function_privilege('kernkaart_gis', p.oid, 'EXECUTE') "
        "AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
    )
    assert {name for (name,) in callable_} == {
        f"rights.{name}"
        for name in (
            "acting", "asking", "changed", "held", "may_change", "may_download", "may_see", "scope", "seen", "shared",
            "state", "taken",
        )
    }  # fmt: skip


def test_a_login_reads_neither_what_others_ask_nor_what_the_planner_knows_of_rows(logins, enter):
    with get_engine().begin() as connection:
        connection.execute(text("ANALYZE shop_unit"))
    with get_engine().connect() as other:
        other.execute(text("SELECT 'of nobody''s business'"))
        connection = enter(STRANGER)
        queries = connection.execute(
            "SELECT DISTINCT query FROM pg_stat_activity WHERE datname = current_database() AND usename <> current_user"
        ).fetchall()
        assert queries == [("<insufficient privilege>",)]
    assert rows("SELECT count(*) > 0 FROM pg_stats WHERE schemaname = 'public' AND tablename = 'shop_unit'")[
        0
    ][0]
    known = connection.execute(
        "SELECT DISTINCT tablename FROM pg_stats WHERE schemaname IN ('public', 'crm', 'rights')"
    ).fetchall()
    assert {name for (name,) in known} <= {"layer_styles", "qgis_projects", "spatial_ref_sys"}


def test_a_login_has_six_connections_and_a_minute_for_a_query(logins, enter, full_copy):
    login = ("planner", NIS)
    connections = [enter(login) for _ in range(6)]
    with pytest.raises(psycopg.OperationalError, match="too many connections for role"):
        psycopg.connect(address(full_copy, logins[login][1]))
    told = connections[0].execute(
        "SELECT name, setting, source FROM pg_settings WHERE name IN "
        "('statement_timeout', 'idle_in_transaction_session_timeout') ORDER BY name"
    )
    assert told.fetchall() == [
        ("idle_in_transaction_session_timeout", "600000", "user"),
        ("statement_timeout", "60000", "user"),
    ]


def test_psql_signs_in_sees_its_rows_writes_where_it_may_and_is_refused_persons(logins, full_copy):
    found = binaries.find(Places.of(os.environ))
    if found is None:
        pytest.skip("there is no PostgreSQL with psql on this machine: ./kernkaart up installs one")
    share_all("own")

    def psql(login: Login, statement: str) -> tuple[int, str, str]:
        ran = subprocess.run(
            [
                found.program("psql"),
                "-XAtq",
                "-v",
                "ON_ERROR_STOP=1",
                "-c",
                statement,
                address(full_copy, logins[login][1]),
            ],
            env=found.env() | {"PGCONNECT_TIMEOUT": "10"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return ran.returncode, ran.stdout.strip(), ran.stderr

    for login in (OFFICER, STRANGER):
        expected = there()["shop_unit"][0] if login == OFFICER else 0
        asked_for = "SELECT rights.asking(), count(*) FROM qgis.shop_unit"
        assert psql(login, asked_for) == (0, f"{logins[login][0]}|{expected}", "")
        code, _, said = psql(login, "SELECT * FROM crm.person")
        assert code == 1
        assert "permission denied for schema crm" in said
    change = f"UPDATE qgis.parking_zone SET id = id WHERE nis_code = '{NIS}'"
    assert psql(OFFICER, change)[0] == 0
    assert psql(STRANGER, change)[0] == 1
