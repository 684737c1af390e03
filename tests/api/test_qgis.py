"""Schema qgis as a login of QGIS meets it, without QGIS itself: rights, rules, undo, styles and the project."""

import datetime as dt
import io
import re
import uuid
import zipfile
from xml.etree import ElementTree

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.orm import Session

from api.db import migrate
from api.db.session import get_engine
from api.db.store import undo_batch
from api.export.qgis.layers import LAYERS
from api.export.qgis.stored import known
from api.export.qgis.styles import _fields, field_of
from api.export.qgis.views import VIEWS
from tests.api.conftest import good
from tests.conftest import give_login, on_server, use_database
from tests.town_database import NIS, rows

TODAY = dt.datetime.now(tz=dt.UTC).date()
TO_COME = TODAY + dt.timedelta(days=2)


@pytest.fixture(scope="module")
def logins():
    """A login of QGIS, and one whose account may only look."""
    names = {kind: f"kk_{kind}_{uuid.uuid4().hex[:8]}" for kind in ("gis", "other")}
    on_server(f"CREATE ROLE {names['gis']} LOGIN PASSWORD 'geheim' IN ROLE kernkaart_gis")
    on_server(f"CREATE ROLE {names['other']} LOGIN PASSWORD 'geheim'")
    yield names
    for name in names.values():
        on_server(f"DROP ROLE {name}")


@pytest.fixture(scope="module")
def edited_town(copy_town, logins):
    """One town for all edits, as what one leaves behind is no matter to the next."""
    copy = copy_town()
    give_login(logins["gis"], NIS)
    yield copy
    use_database(copy.url)
    write(f"DROP OWNED BY {logins['other']}")
    get_engine().dispose()


@pytest.fixture
def at_work(edited_town):
    """That town, with the application pointed at it."""
    use_database(edited_town.url)
    return edited_town


@pytest.fixture
def sql(at_work, logins):
    """Run one statement as a login of QGIS, stored at once."""
    address = make_url(at_work.url).set(drivername="postgresql", username=logins["gis"], password="geheim")
    with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as connection:
        yield lambda statement, *values: connection.execute(statement, values)


def unit_of(state):
    return rows("SELECT id, local_code FROM shop_unit_state WHERE nis_code = :nis AND state = :state ORDER BY id", nis=NIS, state=state)[0]  # fmt: skip


def write(statement):
    with get_engine().begin() as connection:
        connection.execute(text(statement))


def batches():
    return rows("SELECT count(*) FROM import_batch WHERE source = 'qgis'")[0][0]


def last_batch():
    return rows("SELECT max(id) FROM import_batch WHERE source = 'qgis'")[0][0]


def undo(batch):
    with Session(get_engine()) as session, session.begin():
        return undo_batch(session, batch)


def data_version():
    return rows("SELECT data_version FROM municipality WHERE nis_code = :nis", nis=NIS)[0][0]


def test_every_view_of_the_schema_is_in_the_catalogue_and_stands_in_the_project(at_work):
    held = {name for (name,) in rows("SELECT viewname FROM pg_views WHERE schemaname = 'qgis'")}
    assert held == {view.name for view in VIEWS} == {layer.view for layer in LAYERS}


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_column_has_a_name_for_people_and_no_name_is_left_over(at_work, lang):
    with get_engine().connect() as connection:
        columns = known(connection, 31370).columns
    used = set()
    for view, held in columns.items():
        for column in held:
            assert field_of(view, column.name, lang).alias.strip()
            used.add(f"{view}.{column.name}" if f"{view}.{column.name}" in _fields() else column.name)
    assert set(_fields()) == used


def test_every_column_of_every_view_says_what_it_holds_and_every_key_is_unique(at_work):
    silent = rows(
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 "
        "WHERE c.relnamespace = 'qgis'::regnamespace AND c.relkind = 'v' "
        "AND (col_description(c.oid, a.attnum) IS NULL OR obj_description(c.oid) IS NULL)"
    )
    assert silent == []
    for view in VIEWS:
        assert rows(f"SELECT count(*) - count(DISTINCT id) FROM qgis.{view.name}") == [(0,)], view.name


def test_a_form_names_only_columns_that_the_view_has(at_work):
    with get_engine().connect() as connection:
        columns = known(connection, 31370).columns
    for view in VIEWS:
        named = [name for _, names in view.form for name in names] + list(view.required)
        assert set(named) <= {column.name for column in columns[view.name]}, view.name


def test_views_read_with_the_rights_of_a_role_that_passes_no_policy_by(at_work):
    owners = rows(
        "SELECT DISTINCT r.rolname, r.rolsuper, r.rolbypassrls, r.rolcanlogin FROM pg_views v "
        "JOIN pg_roles r ON r.rolname = v.viewowner WHERE v.schemaname IN ('qgis', 'public') "
        "AND v.viewname NOT IN ('geometry_columns', 'geography_columns')"
    )
    assert owners == [("kernkaart_reader", False, False, False)]
    by_reader = rows(
        "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'v' AND 'security_invoker=true' = ANY(reloptions)"
    )
    assert by_reader == []
    assert rows("SELECT has_schema_privilege('kernkaart_reader', 'qgis', 'CREATE')") == [(False,)]


def test_a_login_of_qgis_reads_views_and_no_tables_and_nothing_of_persons(sql):
    assert sql("SELECT count(*) FROM qgis.shop_unit").fetchone() == (12,)
    for view in VIEWS:
        sql(f"SELECT * FROM qgis.{view.name} LIMIT 1")
    for table in ("public.shop_unit", "public.acquisition_case", "public.shop_unit_state", "crm.person"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sql(f"SELECT 1 FROM {table}")
    for write_to in ("public.layer_styles", "public.qgis_projects", "qgis.parcel"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sql(f"DELETE FROM {write_to}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        sql("SELECT qgis.open_batch('99001', 'x')")


def test_a_login_that_may_see_and_not_change_is_refused_by_name(at_work, logins):
    write(f"GRANT kernkaart_gis TO {logins['other']}")
    give_login(logins["other"], NIS, "viewer")
    address = make_url(at_work.url).set(drivername="postgresql", username=logins["other"], password="geheim")
    with (
        psycopg.connect(address.render_as_string(hide_password=False)) as connection,
        pytest.raises(
            psycopg.errors.InsufficientPrivilege, match=rf"{logins['other']} mag in gemeente 99001"
        ),
    ):
        connection.execute("UPDATE qgis.shop_unit SET floor_area_m2 = 1")


def test_an_edit_of_a_unit_is_stored_as_an_edit_of_whoever_is_logged_in_and_undone_to_the_last_digit(
    sql, logins
):
    unit, was = unit_of("occupied"), data_version()
    before = rows("SELECT u::text FROM shop_unit u WHERE id = :id", id=unit.id)
    sql(
        "UPDATE qgis.shop_unit SET floor_area_m2 = 77.25, fitout_state = 'shell', geom = st_translate(geom, 0.123, 0.456) "
        "WHERE id = %s",
        unit.id,
    )
    assert data_version() > was
    (batch,) = rows("SELECT mapping, counts, nis_code FROM import_batch WHERE id = :id", id=last_batch())
    assert (batch.mapping["officer"], batch.mapping["kind"], batch.nis_code) == (logins["gis"], "qgis", NIS)
    assert batch.counts["shop_unit"]["changed"] == 1
    (change,) = rows("SELECT after FROM import_change WHERE batch_id = :id", id=last_batch())
    assert set(change.after) == {"floor_area_m2", "fitout_state", "geom"}
    assert undo(last_batch()) == {"restored shop_unit": 1}
    assert rows("SELECT u::text FROM shop_unit u WHERE id = :id", id=unit.id) == before


def test_an_edit_in_qgis_is_listed_and_taken_back_where_other_edits_are(sql, client, logins):
    unit = unit_of("occupied")
    before = rows("SELECT u::text FROM shop_unit u WHERE id = :id", id=unit.id)
    sql("UPDATE qgis.shop_unit SET note = 'Nieuw raam' WHERE id = %s", unit.id)
    newest = good(client.get("/api/edits", params={"municipality": NIS}))["items"][0]
    assert (newest["kind"], newest["label"]) == ("qgis", f"qgis: Panden, {logins['gis']}")
    assert client.post(f"/api/edits/{newest['id']}/undo").status_code == 200
    assert rows("SELECT u::text FROM shop_unit u WHERE id = :id", id=unit.id) == before


def test_a_unit_drawn_in_qgis_gets_its_municipality_core_and_code_and_goes_with_undo(sql):
    made = sql(
        "INSERT INTO qgis.shop_unit (street, house_number, geom) SELECT 'Nieuw', '1', st_translate(geom, 1, 1) "
        "FROM qgis.shop_unit WHERE id = %s RETURNING id, nis_code",
        unit_of("occupied").id,
    ).fetchone()
    assert made[1] == NIS
    (row,) = rows(
        "SELECT local_code, core_id, parcel_id, lifecycle FROM shop_unit WHERE id = :id", id=made[0]
    )
    assert re.fullmatch(r"QGIS-\d+-1", row.local_code)
    assert row.core_id is not None
    assert undo(last_batch()) == {"removed shop_unit": 1}


def test_a_street_that_was_erased_in_qgis_comes_back_with_undo(sql):
    before = rows("SELECT s::text FROM street_segment s ORDER BY id")
    sql("DELETE FROM qgis.street_segment WHERE id = (SELECT min(id) FROM qgis.street_segment)")
    assert len(rows("SELECT 1 FROM street_segment")) == len(before) - 1
    assert undo(last_batch()) == {"put back street_segment": 1}
    assert rows("SELECT s::text FROM street_segment s ORDER BY id") == before


def test_changes_of_one_transaction_are_one_edit(sql):
    before = batches()
    sql("BEGIN")
    for capacity in (5, 6):
        sql(
            "UPDATE qgis.parking_zone SET capacity = %s WHERE id = (SELECT min(id) FROM qgis.parking_zone)",
            capacity,
        )
    sql("COMMIT")
    assert batches() == before + 1
    assert rows("SELECT count(*) FROM import_change WHERE batch_id = :id", id=last_batch()) == [(2,)]


def test_an_area_drawn_in_qgis_is_a_parking_zone_with_a_point_in_it(sql):
    sql(
        "INSERT INTO qgis.parking_area (name, regime, geom) SELECT 'Plein', 'paid', st_multi(st_buffer(geom, 15)) "
        "FROM qgis.shop_unit WHERE id = %s",
        unit_of("occupied").id,
    )
    assert rows("SELECT regime, st_contains(area_geom, geom) FROM parking_zone WHERE name = 'Plein'") == [
        ("paid", True)
    ]


def test_a_core_redrawn_in_qgis_takes_the_units_that_lie_in_it_now(sql, at_work):
    sql(
        "UPDATE qgis.core SET geom = (SELECT st_multi(st_buffer(geom, 1)) FROM qgis.shop_unit WHERE id = %s) WHERE id = %s",
        unit_of("occupied").id,
        at_work.core,
    )
    assert rows("SELECT units FROM qgis.core WHERE id = :id", id=at_work.core) == [(1,)]


def spell(day, *, earliest="NULL", ended="NULL", why="NULL", unit):
    return (
        "INSERT INTO qgis.vacancy_spell (shop_unit_id, start_earliest_on, start_latest_on, start_basis, ended_on, end_reason) "
        f"VALUES ({unit}, {earliest}, '{day}', 'exact', {ended}, {why})"
    )


@pytest.mark.parametrize(
    ("state", "case", "said"),
    [
        ("occupied", {"day": TODAY}, "In die periode is het pand in gebruik"),
        ("vacant", {"day": TODAY}, "stond in die periode al leeg"),
        ("occupied", {"day": TO_COME}, "moet nog komen"),
        ("occupied", {"day": "2001-01-01", "ended": f"'{TO_COME}'", "why": "'let'"}, "moet nog komen"),
        (
            "occupied",
            {"day": "2001-01-01", "ended": "'2000-01-01'", "why": "'let'"},
            "De einddag ligt niet na",
        ),
        ("occupied", {"day": "2001-01-01", "earliest": "'2002-01-01'"}, "vroegste begindag"),
        ("occupied", {"day": "2001-01-01", "ended": "'2002-01-01'"}, "horen samen"),
        ("occupied", {"day": "2001-01-01", "ended": "'2002-01-01'", "why": "'zomaar'"}, "niet toegestaan"),
    ],
)
def test_a_vacancy_spell_that_the_rules_forbid_is_refused_in_dutch_and_nothing_is_stored(
    sql, state, case, said
):
    before = rows("SELECT count(*) FROM vacancy_spell"), batches()
    with pytest.raises(psycopg.Error, match=said) as refused:
        sql(spell(**case, unit=unit_of(state).id))
    assert refused.value.diag.message_hint
    assert (rows("SELECT count(*) FROM vacancy_spell"), batches()) == before


def test_a_unit_that_a_case_would_let_is_let_in_qgis_under_the_same_rules(sql, client):
    """The same days, by the way of the application and by that of QGIS."""
    from api.errors import Malformed, NotAnswerable, NotFound
    from api.places.letting import Letting, let

    empty, open_since = rows(
        "SELECT s.id, v.start_latest_on FROM shop_unit_state s JOIN vacancy_spell v ON v.shop_unit_id = s.id "
        "WHERE s.state = 'vacant' AND v.ended_on IS NULL ORDER BY s.id LIMIT 1"
    )[0]
    end = (
        "UPDATE qgis.vacancy_spell SET ended_on = %s, end_reason = 'let' WHERE shop_unit_id = %s AND is_open"
    )
    for day, kind in ((TO_COME, Malformed), (open_since, NotAnswerable)):
        with pytest.raises(kind), Session(get_engine()) as session:
            let(session, Letting(empty, day, "Nieuw", None))
        with pytest.raises(psycopg.errors.CheckViolation):
            sql(end, day, empty)
    with pytest.raises(NotFound), Session(get_engine()) as session:
        let(session, Letting(10**9, TODAY, "Nieuw", None))
    with pytest.raises(psycopg.errors.NoDataFound):
        sql(end, TODAY, 10**9)
    with Session(get_engine()) as session:
        assert let(session, Letting(empty, TODAY, "Nieuw", None)).batch_id
        session.rollback()
    assert sql(end, TODAY, empty).rowcount == 1
    assert good(client.get(f"/api/shop-units/{empty}"))["state"] != "vacant"


@pytest.mark.parametrize("view", ["shop_unit", "vacancy_spell", "core"])
def test_what_a_report_once_showed_is_not_erased(sql, view):
    with pytest.raises(psycopg.errors.CheckViolation, match="wordt niet gewist"):
        sql(f"DELETE FROM qgis.{view} WHERE id = (SELECT min(id) FROM qgis.{view})")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE qgis.shop_unit SET location_score = 100 WHERE id = %s", "Niet te wijzigen: location_score"),
        ("UPDATE qgis.shop_unit SET nis_code = '99002' WHERE id = %s", "Niet te wijzigen: nis_code"),
        ("UPDATE qgis.shop_unit SET geom = st_translate(geom, 200000, 0) WHERE id = %s", "Dit ligt buiten"),
        ("UPDATE qgis.shop_unit SET geom = NULL WHERE id = %s", "Er is geen vorm getekend"),
        ("UPDATE qgis.shop_unit SET local_code = (SELECT max(local_code) FROM qgis.shop_unit) WHERE id = %s", "al een rij met deze code"),
        ("UPDATE qgis.shop_unit SET local_code = NULL WHERE id = %s", "verplicht veld is niet ingevuld: local_code"),
        ("UPDATE qgis.shop_unit SET note = 'x' WHERE id = %s + 1000000", "er is niets bewaard"),
    ],
)  # fmt: skip
def test_a_change_of_a_unit_that_the_rules_forbid_is_refused_in_dutch(sql, statement, said):
    first = rows("SELECT min(id) FROM shop_unit WHERE nis_code = :nis", nis=NIS)[0][0]
    with pytest.raises(psycopg.Error, match=said):
        sql(statement, first)


def test_a_shape_that_crosses_itself_is_refused(sql, at_work):
    with pytest.raises(psycopg.errors.CheckViolation, match="De vorm is niet geldig"):
        sql(
            "UPDATE qgis.core SET geom = st_geomfromtext('MULTIPOLYGON(((0 0,10 10,10 0,0 10,0 0)))', 31370) WHERE id = %s",
            at_work.core,
        )


def project(client, lang):
    answer = client.get("/api/qgis/kernkaart.qgz", params={"lang": lang})
    assert answer.status_code == 200
    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    return answer.content, ElementTree.fromstring(packed.read("kernkaart.qgs"))


@pytest.mark.parametrize(("lang", "group", "column"), [("nl", "Panden", "Vraaghuur (euro per maand)"), ("en", "Premises", "Asking rent (EUR a month)")])  # fmt: skip
def test_the_project_names_a_service_and_no_user_and_speaks_one_language(
    client, own_town, lang, group, column
):
    content, tree = project(client, lang)
    sources = [node.text for node in tree.iter("datasource") if "qgis" in (node.text or "")]
    assert len(sources) == len(LAYERS)
    assert all(text.startswith("service='kernkaart' ") and "user=" not in text and "password" not in text for text in sources)  # fmt: skip
    assert group in {node.get("name") for node in tree.iter("layer-tree-group")}
    assert column in {node.get("name") for node in tree.iter("alias")}
    assert project(client, lang)[0] == content


def test_the_project_opens_on_the_municipalities_that_are_known_and_on_flanders_when_none_is(
    client, own_town
):
    def shown():
        return [float(node.text) for node in project(client, "nl")[1].find("mapcanvas/extent")]

    (extent,) = rows("SELECT st_xmin(e), st_ymin(e), st_xmax(e), st_ymax(e) FROM (SELECT st_extent(geom) e FROM municipality) x")  # fmt: skip
    if extent[0] is not None:
        assert shown() == pytest.approx(list(extent))
    write("UPDATE municipality SET geom = NULL")
    assert shown() == [22_000, 153_000, 259_000, 245_000]


def test_a_migration_renews_our_styles_and_keeps_those_of_a_planner_in_their_place(database):
    write(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, stylename, useasdefault, owner) "
        "VALUES (current_database(), 'qgis', 'core', 'geom', 'Van mij', true, 'els')"
    )
    count = len(rows("SELECT 1 FROM layer_styles"))
    write("UPDATE layer_styles SET f_table_catalog = 'elders' WHERE owner = 'kernkaart'")
    migrate.upgrade(get_engine())
    assert len(rows("SELECT 1 FROM layer_styles")) == count
    assert rows("SELECT count(*) FROM layer_styles WHERE f_table_catalog <> current_database()") == [(0,)]
    assert rows("SELECT stylename FROM layer_styles WHERE f_table_name = 'core' AND useasdefault") == [
        ("Van mij",)
    ]
    assert rows("SELECT name FROM qgis_projects ORDER BY 1") == [("Kernkaart",), ("Kernkaart (English)",)]
