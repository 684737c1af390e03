"""Every table, every route, every role: what rights let through, and what they do not."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from starlette.testclient import TestClient

from api import access
from api.access import right_of
from api.accounts.queries import SUBJECTS, set_memberships
from api.app import ASKING_THEMSELVES
from api.db.session import SYSTEM, get_engine, session_as
from migrations import rights
from tests.api import full_town
from tests.api.accounts import OWN_SUBJECTS, ROLES, account_with, asking_as, role_right, share
from tests.api.conftest import good, problem
from tests.town_database import EMPTY_NIS, NIS, rows


@pytest.fixture(scope="module")
def filled(copy_town: Callable):
    """A full copy of the town for the whole file; accounts and share levels are all that is written."""
    copy = copy_town()
    full_town.fill_rest()
    return copy


@pytest.fixture
def shared_copy(filled):
    from tests.conftest import use_database

    use_database(filled.url)
    return filled


def test_every_table_is_open_to_all_on_purpose_or_under_row_level_security(shared_copy):
    guarded = {*rights.OF_A_SUBJECT, *rights.OF_ALL, *rights.OF_THE_APPLICATION}
    found = dict(
        rows(
            "SELECT relname, relrowsecurity FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind IN ('r', 'p') AND NOT relispartition"
        )
    )
    assert {name for name, is_on in found.items() if is_on} == guarded
    assert set(found) - guarded <= rights.OPEN
    of_persons = dict(
        rows(
            "SELECT relname, relrowsecurity FROM pg_class WHERE relnamespace = 'crm'::regnamespace AND relkind = 'r'"
        )
    )
    assert {name for name, is_on in of_persons.items() if is_on} == set(of_persons) == set(rights.PERSONS)


def test_no_view_reads_past_the_rights_of_who_asks(shared_copy):
    owner_views = rows(
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname IN ('public', 'qgis') AND c.relkind IN ('v', 'm') AND NOT EXISTS (SELECT FROM pg_depend d "
        "WHERE d.objid = c.oid AND d.deptype = 'e') AND NOT coalesce(c.reloptions::text LIKE '%security_invoker=true%', false) "
        "AND c.relowner <> coalesce((SELECT oid FROM pg_roles WHERE rolname = 'kernkaart_reader'), 0)"
    )
    assert owner_views == []


def test_a_condition_that_looks_something_up_takes_no_column_of_that_for_its_own(shared_copy):
    ways = {way for _, way in rights.OF_A_SUBJECT.values()} | set(rights.PERSONS.values())
    sought = {found for way in ways for found in rights.AMONG.findall(rights.leads(way, "ARRAY['x']"))}
    assert {table for _, table in sought} == {"public.shop_unit", "public.analysis_run"}
    for column, table in sought:
        query = "SELECT 1 FROM pg_attribute WHERE attrelid = CAST(:table AS regclass) AND attname = :column"
        assert rows(query, table=table, column=column) == []


def test_every_route_says_what_it_asks_of_whom(app):
    asked = {
        (method.upper(), path): right_of(method.upper(), path)
        for path, methods in app.openapi()["paths"].items()
        for method in methods
        if not path.startswith(OPEN_BEGINNINGS)
    }
    assert len(asked) > 200
    assert {right.subject for right in asked.values()} <= {*SUBJECTS, "open"}
    # What is open tells of the application and of the list of municipalities, or asks per layer.
    assert {path for (_, path), right in asked.items() if right.kind == "open"} == {
        "/api/about",
        "/api/code-lists/{scheme}",
        "/api/exports/{layer}.geojson",
        "/api/municipalities",
        "/api/municipalities/{nis_code}",
        "/api/municipalities/{nis_code}/areas.geojson",
        "/api/dcat",
        "/api/exports/layers",
        "/api/exports/layers/{layer}",
        "/api/exports/layers/{layer}/file",
        "/api/qgis/kernkaart.qgz",
        *[path for path in app.openapi()["paths"] if path.startswith("/api/ogc")],
        "/api/tiles/{layer}/{z}/{x}/{y}.mvt",
    }


OPEN_BEGINNINGS = (
    "/api/health",
    "/api/push/",
    "/api/public/",
    "/api/owner-form",
    "/api/me",
    "/api/session",
    "/api/welcome",
    "/api/oidc/",
    "/api/accounts",
    "/api/sharing",
    "/api/audit",
)


def test_only_routes_that_the_tests_of_layers_try_ask_for_the_right_themselves():
    collection = "/api/ogc/collections/{collection}"
    assert {route.path for router in ASKING_THEMSELVES for route in router.routes} == {
        "/api/tiles/{layer}/{z}/{x}/{y}.mvt",
        f"{collection}/items",
        f"{collection}/items/{{item}}",
        f"{collection}/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}",
    }


def test_a_route_that_nobody_gave_a_subject_is_not_served():
    with pytest.raises(LookupError, match="no subject"):
        right_of("GET", "/api/something-new")


@pytest.mark.parametrize("level", ["own", "partners", "public"])
@pytest.mark.parametrize("role", [None, *ROLES])
def test_rows_of_every_table_are_seen_by_those_who_may(shared_copy, level, role):
    subjects = [subject for subject in OWN_SUBJECTS if subject not in {"persons", "acquisition"}]
    share(level, *subjects)
    share(min(level, "partners"), "acquisition")
    for where in (NIS, EMPTY_NIS):
        if role == "coordinator" and where != NIS:
            continue
        nis = None if role == "coordinator" else where
        secret = account_with(role, nis)[1] if role else None
        wrong = []
        with session_as("kernkaart_app", SYSTEM) as system, asking_as(secret) as session:
            for table, (subject, way) in rights.OF_A_SUBJECT.items():
                mine = rights.leads(way, f"ARRAY['{NIS}']")
                query = text(f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {mine} LIMIT 50) q")
                there = system.execute(query).scalar()
                assert there, table
                is_own = role is not None and where == NIS and role_right(role, subject)[0]
                is_public = level == "public" and subject != "acquisition"
                seen = session.execute(query).scalar()
                # What is common to all municipalities is no secret of one.
                if way != rights.COMMON and seen != (there if is_own or is_public else 0):
                    wrong.append((table, seen, there))
        assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_the_rights_of_a_role_are_those_of_the_list_and_only_where_it_is_held(shared_copy, role):
    share("own", *[subject for subject in OWN_SUBJECTS if subject != "persons"])
    nis = None if role == "coordinator" else NIS
    _, secret = account_with(role, nis)
    with asking_as(secret) as session:
        for subject in SUBJECTS:
            look, download, change = role_right(role, subject)
            for code in (NIS, EMPTY_NIS):
                is_held = code == NIS or role == "coordinator"
                # The other town keeps what is given where nobody chose.
                is_open = code == EMPTY_NIS and subject == "ground"
                may = session.execute(
                    text(
                        "SELECT rights.may_see(:n, :s), rights.may_download(:n, :s), rights.may_change(:n, :s)"
                    ),
                    {"n": code, "s": subject},
                ).one()
                expected = (
                    (look and is_held) or is_open,
                    (download and is_held) or is_open,
                    change and is_held,
                )
                assert tuple(may) == expected, (subject, code)


def _refusal(client: TestClient, method: str, path: str, secret: str | None) -> int:
    import re

    address = re.sub(r"\{layer\}", "parcels", re.sub(r"\{nis_code\}", NIS, path))
    address = re.sub(r"\{\w+\}", "1", address)
    cookies = {access.COOKIE: secret} if secret else {}
    client.cookies.clear()
    for name, value in cookies.items():
        client.cookies.set(name, value)
    query = {"municipality": NIS}
    return client.request(method, address, params=query).status_code


def test_no_route_lets_a_stranger_in_or_a_viewer_take_along_or_change(shared_copy, app, client):
    share("own", *[subject for subject in OWN_SUBJECTS if subject != "persons"])
    _, viewer = account_with("viewer", NIS)
    _, stranger = account_with("officer", EMPTY_NIS)
    let_in = []
    for path, methods in app.openapi()["paths"].items():
        if path.startswith(OPEN_BEGINNINGS):
            continue
        for method in (name.upper() for name in methods):
            right = right_of(method, path)
            if right.kind == "open":
                continue
            if _refusal(client, method, path, None) != 401:
                let_in.append(("nobody", method, path))
            if _refusal(client, method, path, stranger) != 403:
                let_in.append(("stranger", method, path))
            if right.kind != "look" and _refusal(client, method, path, viewer) != 403:
                let_in.append(("viewer", method, path))
    assert let_in == []


def test_rows_that_are_seen_but_not_ones_own_are_refused_aloud(shared_copy):
    share("public", "units")
    _, stranger = account_with("officer", EMPTY_NIS)
    unit = shared_copy.units["A1"] if "A1" in shared_copy.units else next(iter(shared_copy.units.values()))
    for statement in (
        "UPDATE shop_unit SET frontage_m = 3 WHERE id = :id",
        "DELETE FROM shop_unit WHERE id = :id",
        f"UPDATE shop_unit SET nis_code = '{EMPTY_NIS}' WHERE id = :id",
    ):
        with (
            pytest.raises(ProgrammingError, match=r"row-level security|may not change"),
            asking_as(stranger) as session,
        ):
            session.execute(text(statement), {"id": unit})


def test_nobody_gives_rights_they_do_not_hold(shared_copy):
    _, town_clerk = account_with("administrator", NIS)
    key, _ = account_with("viewer", NIS)
    with asking_as(town_clerk, "kernkaart_accounts") as session:
        set_memberships(session, key, [("viewer", NIS), ("officer", NIS)])
    for role, nis in (("officer", EMPTY_NIS), ("administrator", None), ("coordinator", None)):
        with (
            pytest.raises(ProgrammingError, match="may not give or take"),
            asking_as(town_clerk, "kernkaart_accounts") as session,
        ):
            set_memberships(session, key, [("viewer", NIS), (role, nis)])


def test_an_ordinary_request_cannot_say_it_is_another_or_read_accounts(shared_copy):
    _, viewer = account_with("viewer", NIS)
    for statement in (
        "SELECT rights.enter('system', '')",
        "SELECT * FROM rights.account",
        "SELECT * FROM rights.session",
        "INSERT INTO rights.membership (account_id, role) VALUES (1, 'administrator')",
        "UPDATE rights.audit SET action = 'x'",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), asking_as(viewer) as session:
            session.execute(text(statement))


def test_the_log_only_grows(shared_copy):
    for statement in ("UPDATE rights.audit SET action = 'x'", "TRUNCATE rights.audit"):
        with (
            pytest.raises(ProgrammingError, match="neither changed nor removed"),
            get_engine().begin() as session,
        ):
            session.execute(text(statement))


def test_the_last_administrator_of_all_cannot_be_closed_or_demoted(shared_copy):
    from sqlalchemy.exc import IntegrityError

    with (
        pytest.raises(IntegrityError, match="Nobody would be left"),
        session_as("kernkaart_accounts", SYSTEM) as session,
    ):
        session.execute(text("UPDATE rights.account SET is_active = false"))


def test_what_a_browser_kept_from_before_it_signed_in_is_not_taken_for_todays(shared_copy, client):
    share("public", "units")
    client.cookies.clear()
    before = client.get("/api/shop-units", params={"municipality": NIS})
    good(before)
    _, secret = account_with("officer", NIS)
    client.cookies.set(access.COOKIE, secret)
    headers = {"If-None-Match": before.headers["etag"]}
    assert client.get("/api/shop-units", params={"municipality": NIS}, headers=headers).status_code == 200
    share("own", "units")
    client.cookies.clear()
    assert (
        problem(client.get("/api/shop-units", params={"municipality": NIS}, headers=headers), 401)["code"]
        == "sign_in_needed"
    )


def test_a_tile_tells_a_viewer_only_what_the_map_draws(shared_copy, client):
    from tests.api.test_tiles import tile

    share("public", "units")
    client.cookies.clear()
    unit = good(client.get("/api/shop-units", params={"municipality": NIS}))["items"][0]
    place = (unit["lon"], unit["lat"])
    accounts = {role: account_with(role, NIS)[1] for role in ("viewer", "officer")}

    def told(role: str | None, layer: str = "shop_unit", zoom: int = 14) -> set[str]:
        client.cookies.clear()
        if role:
            client.cookies.set(access.COOKIE, accounts[role])
        return {name for each in tile(client, layer, zoom, place) for name in each["properties"]}

    # What everybody may take along is no secret of a viewer's.
    assert {"branch_group", "freshness"} <= told("viewer") == told("officer") == told(None)
    share("own", "units")
    assert (told("viewer"), told(None)) == ({"state"}, set())
    assert {"branch_group", "freshness"} <= told("officer")
    share("public", "ground")
    assert told("viewer", "parcel", 16) == told(None, "parcel", 16) == {"capakey"}
    share("own", "ground")
    assert (told("viewer", "parcel", 16), told("officer", "parcel", 16)) == (set(), {"capakey"})
    client.cookies.clear()
    client.cookies.set(access.COOKIE, accounts["viewer"])
    assert len(tile(client, "parcel", 16, place)) > 0


def test_what_is_public_is_answered_to_anybody_without_writing_in_their_name(shared_copy, app, client):
    share("public", "units", "footfall", "parking", "reach", "ground")
    client.cookies.clear()
    refused = {}
    asked = 0
    for path, methods in app.openapi()["paths"].items():
        if "get" not in methods or "{" in path or path.startswith(OPEN_BEGINNINGS):
            continue
        if right_of("GET", path).subject in {"acquisition", "persons"}:
            continue
        asked += 1
        status = client.get(path, params={"municipality": NIS}).status_code
        if status in {401, 403, 500}:
            refused[path] = status
    assert asked > 50
    assert refused == {}


def test_who_may_take_along_elsewhere_takes_nothing_of_a_town_it_may_only_look_at(shared_copy, client):
    share("own", "units", "acquisition")
    key, secret = account_with("viewer", NIS)
    with session_as("kernkaart_accounts", SYSTEM) as session:
        set_memberships(session, key, [("viewer", NIS), ("officer", EMPTY_NIS)])
    client.cookies.clear()
    client.cookies.set(access.COOKIE, secret)
    assert good(client.get("/api/shop-units", params={"municipality": NIS}))["total"] > 0
    unit = next(iter(shared_copy.units.values()))
    # A municipality that is named beside a key of another changes nothing.
    card = client.get(f"/api/shop-units/{unit}/card.pdf", params={"municipality": EMPTY_NIS})
    assert problem(card, 403)["code"] == "may_not_download"
    assert client.get("/api/shortlist.html", params={"units": unit}).status_code == 404
    assert (
        good(client.get("/api/ogc/collections/shop-units/items", params={"f": "json"}))["numberMatched"] == 0
    )


def test_every_beginning_of_a_path_is_of_use(app):
    paths = [path for path in app.openapi()["paths"] if not path.startswith(OPEN_BEGINNINGS)]
    for beginning, subject in access.SUBJECTS.items():
        shorter = [
            subject
            for other, subject in access.SUBJECTS.items()
            if other != beginning and beginning.startswith(other)
        ]
        assert any(path.startswith(beginning) for path in paths), beginning
        assert shorter[-1:] != [subject], beginning
    assert {path for _, path in access.LOOKS} <= set(paths)
