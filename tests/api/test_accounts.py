"""Signing in and out, one's own account, and those of others, as a browser does it."""

import html
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import pyotp
import pytest

from api import access
from api.accounts import secrets, service
from api.settings import get_settings
from tests.api.conftest import good, problem
from tests.browser.site import free_port
from tests.conftest import SIGNED_IN
from tests.town_database import EMPTY_NIS, NIS, rows

PASSWORD = "vier gele fietsen thuis"
ROLE = {"role": "officer", "nis_code": NIS}


@pytest.fixture
def desk(own_town, client):
    """Whoever manages all accounts."""
    return client


@pytest.fixture
def browser(desk, app):
    """A browser in which nobody is signed in."""
    from starlette.testclient import TestClient

    return TestClient(app, raise_server_exceptions=False, follow_redirects=False)


def made(desk, login="an@stad.test", name="An Peeters", memberships=(ROLE,), **more):
    body = {"login": login, "display_name": name, "memberships": list(memberships), **more}
    answer = desk.post("/api/accounts", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def welcomed(desk, browser, account, password=PASSWORD):
    secret = desk.post(f"/api/accounts/{account['id']}/link").json()["secret"]
    answer = browser.post("/api/welcome", json={"secret": secret, "password": password})
    assert answer.status_code == 204, answer.text
    return secret


def sign_in(browser, login="an@stad.test", password=PASSWORD, code=None):
    return browser.post("/api/session", json={"login": login, "password": password, "code": code})


def me(browser):
    return good(browser.get("/api/me"))


def test_an_invitation_lets_somebody_choose_a_password_once_and_be_signed_in(desk, browser):
    account = made(desk)
    assert (account["has_password"], account["signed_in_at"]) == (False, None)
    link = desk.post(f"/api/accounts/{account['id']}/link").json()["secret"]
    told = good(browser.get("/api/welcome", params={"secret": link}))
    assert (told["purpose"], told["display_name"]) == ("invitation", "An Peeters")
    answer = browser.post("/api/welcome", json={"secret": link, "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    found = me(browser)
    assert (found["login"], found["memberships"]) == ("an@stad.test", [ROLE])
    assert found["rights"]["acquisition"]["change"] == [NIS]
    assert found["rights"]["accounts"]["change"] == []
    assert (
        problem(browser.post("/api/welcome", json={"secret": link, "password": PASSWORD}), 404)["code"]
        == "link_ended"
    )


def test_who_signs_out_is_nobody_and_the_cookie_works_no_more(desk, browser):
    welcomed(desk, browser, made(desk))
    cookie = browser.cookies[access.COOKIE]
    assert browser.delete("/api/session").status_code == 204
    browser.cookies.set(access.COOKIE, cookie)
    assert me(browser)["account_id"] is None


def test_a_wrong_password_and_an_unknown_login_are_refused_alike(desk, browser):
    welcomed(desk, browser, made(desk))
    wrong = problem(sign_in(browser, password="iets helemaal anders"), 401)
    unknown = problem(sign_in(browser, login="niemand@stad.test"), 401)
    assert wrong["code"] == unknown["code"] == "login_wrong"
    assert wrong["detail"] == unknown["detail"]


def test_after_eight_failures_one_waits_even_with_the_right_password(desk, browser):
    welcomed(desk, browser, made(desk))
    for _ in range(8):
        problem(sign_in(browser, password="iets helemaal anders"), 401)
    answer = sign_in(browser)
    assert problem(answer, 429)["code"] == "too_many_attempts"
    assert int(answer.headers["retry-after"]) == 900


@pytest.mark.parametrize(
    ("password", "code"),
    [("kort", "password_length"), ("x" * 300, "password_length"), ("aaaaaaaaaaaaaaaa", "password_weak"),
     ("mijn an@stad.test woord", "password_weak")],
)  # fmt: skip
def test_a_password_that_is_easy_to_guess_is_refused_and_the_link_still_works(desk, browser, password, code):
    link = desk.post(f"/api/accounts/{made(desk)['id']}/link").json()["secret"]
    assert (
        problem(browser.post("/api/welcome", json={"secret": link, "password": password}), 422)["code"]
        == code
    )
    assert browser.post("/api/welcome", json={"secret": link, "password": PASSWORD}).status_code == 204


def test_passwords_and_secrets_are_nowhere_in_the_database_as_they_are(desk, browser):
    link = welcomed(desk, browser, made(desk))
    kept = str(rows("SELECT a.* FROM rights.account a")) + str(
        rows("SELECT to_jsonb(s) FROM rights.session s")
    )
    kept += str(rows("SELECT * FROM rights.link")) + str(rows("SELECT * FROM rights.audit"))
    for secret in (PASSWORD, link, browser.cookies[access.COOKIE]):
        assert secret not in kept
    assert rows("SELECT password_hash FROM rights.account WHERE login = 'an@stad.test'")[0][0].startswith(
        "$argon2id$"
    )


def test_one_time_codes_are_asked_once_set_up_and_each_works_once(desk, browser, monkeypatch):
    welcomed(desk, browser, made(desk))
    started = browser.post("/api/me/totp").json()
    assert started["qr_svg"].startswith("<svg")
    totp = pyotp.TOTP(started["secret"])
    now = time.time()
    monkeypatch.setattr(secrets.time, "time", lambda: now)
    wrong = browser.put("/api/me/totp", json={"code": "000000", "secret": started["secret"]})
    assert problem(wrong, 422)["code"] == "code_wrong"
    kept = browser.put("/api/me/totp", json={"code": totp.at(now), "secret": started["secret"]})
    assert kept.status_code == 204
    assert problem(sign_in(browser), 401)["code"] == "code_wanted"
    assert problem(sign_in(browser, code=totp.at(now)), 401)["code"] == "code_wrong"
    now += 60
    assert sign_in(browser, code=totp.at(now)).status_code == 204
    now += 60
    assert browser.put("/api/me/totp", json={"code": totp.at(now)}).status_code == 204
    assert sign_in(browser).status_code == 204


def test_another_password_ends_all_other_sessions(desk, browser, app):
    from starlette.testclient import TestClient

    welcomed(desk, browser, made(desk))
    other = TestClient(app)
    assert sign_in(other).status_code == 204
    assert len(browser.get("/api/me/sessions").json()) == 2
    body = {"old": PASSWORD, "new": "drie rode boten varen"}
    assert browser.post("/api/me/password", json=body).status_code == 204
    assert me(other)["account_id"] is None
    assert me(browser)["account_id"] is not None
    assert problem(browser.post("/api/me/password", json=body), 422)["code"] == "old_password_wrong"


def test_a_token_reads_writes_or_pushes_as_far_as_it_was_made_for(desk, browser, app):
    from starlette.testclient import TestClient

    welcomed(desk, browser, made(desk))
    token = browser.post("/api/me/tokens", json={"name": "QGIS", "scope": "read", "days": 10}).json()
    program = TestClient(app, headers={"Authorization": f"Bearer {token['secret']}"})
    assert good(program.get("/api/shop-units", params={"municipality": NIS}))["total"] > 0
    refused = program.post("/api/events", params={"municipality": NIS}, json={})
    assert problem(refused, 403)["code"] == "may_not_change"
    assert problem(program.get("/api/me/tokens"), 403)["code"] == "token_may_not"
    assert browser.delete(f"/api/me/tokens/{token['id']}").status_code == 204
    assert problem(program.get("/api/shop-units", params={"municipality": NIS}), 401)


def test_a_supplier_pushes_the_counts_of_its_own_sensors_and_reads_no_units(desk, browser, app):
    from sqlalchemy import text
    from starlette.testclient import TestClient

    from api.db.session import get_engine

    with get_engine().begin() as connection:
        connection.execute(text("UPDATE footfall_sensor SET supplier = 'Teller NV' WHERE code = 'high'"))
    welcomed(desk, browser, made(desk, name="Teller NV", memberships=[{"role": "supplier", "nis_code": NIS}]))
    problem(browser.get("/api/shop-units", params={"municipality": NIS}), 403)
    token = browser.post("/api/me/tokens", json={"name": "teller", "scope": "push"}).json()["secret"]
    program = TestClient(app, headers={"Authorization": f"Bearer {token}"})
    count = {"start": "2026-03-02T10:00:00+01:00", "minutes": 5, "value": 7}
    body = {"counts": [{**count, "sensor": "high"}]}
    assert good(program.post("/api/push/counts", json=body))["added"] == 1
    assert good(program.post("/api/push/counts", json=body))["unchanged"] == 1
    problem(program.post("/api/push/counts", json={"counts": [{**count, "sensor": "side"}]}), 422)
    reader = browser.post("/api/me/tokens", json={"name": "x", "scope": "read"})
    problem(reader, 403)


def test_a_viewer_makes_no_token(desk, browser):
    welcomed(desk, browser, made(desk, memberships=[{"role": "viewer", "nis_code": NIS}]))
    answer = browser.post("/api/me/tokens", json={"name": "x", "scope": "read"})
    assert problem(answer, 403)["code"] == "may_not_download"


def test_a_closed_account_is_out_everywhere_and_can_be_opened_again(desk, browser):
    account = made(desk)
    welcomed(desk, browser, account)
    good(desk.patch(f"/api/accounts/{account['id']}", json={"is_active": False}))
    assert me(browser)["account_id"] is None
    problem(sign_in(browser), 401)
    good(desk.patch(f"/api/accounts/{account['id']}", json={"is_active": True}))
    assert sign_in(browser).status_code == 204


def test_a_municipal_administrator_manages_its_own_and_no_more(desk, browser):
    clerk = made(desk, login="clerk", name="Clerk", memberships=[{"role": "administrator", "nis_code": NIS}])
    stranger = made(desk, login="ver@weg.test", memberships=[{"role": "officer", "nis_code": EMPTY_NIS}])
    both = made(desk, login="beide@stad.test", memberships=[ROLE, {"role": "officer", "nis_code": EMPTY_NIS}])
    welcomed(desk, browser, clerk)
    listed = {one["login"]: one["may_manage"] for one in good(browser.get("/api/accounts"))}
    assert listed["clerk"] is True
    assert listed["beide@stad.test"] is False
    assert "ver@weg.test" not in listed
    problem(browser.post(f"/api/accounts/{stranger['id']}/link"), 404)
    problem(browser.post(f"/api/accounts/{both['id']}/link"), 403)
    everywhere = {
        "login": "x@y.test",
        "display_name": "X",
        "memberships": [{"role": "officer", "nis_code": None}],
    }
    problem(browser.post("/api/accounts", json=everywhere), 403)
    assert problem(browser.put("/api/sharing", params={"municipality": EMPTY_NIS},
        json={"subject": "units", "level": "public"}), 403)  # fmt: skip


def test_a_login_that_somebody_has_is_refused_in_words(desk):
    made(desk)
    body = {"login": "AN@stad.test", "display_name": "An", "memberships": [ROLE]}
    assert problem(desk.post("/api/accounts", json=body), 422)["code"] == "login_taken"


def test_sharing_opens_rows_to_all_but_never_contacts_or_cases(desk, browser):
    problem(browser.get("/api/shop-units", params={"municipality": NIS}), 401)
    levels = good(
        desk.put("/api/sharing", params={"municipality": NIS}, json={"subject": "units", "level": "public"})
    )
    assert {one["subject"] for one in levels} >= {"units", "acquisition"}
    assert "persons" not in {one["subject"] for one in levels}
    assert good(browser.get("/api/shop-units", params={"municipality": NIS}))["total"] > 0
    body = {"subject": "acquisition", "level": "public"}
    problem(desk.put("/api/sharing", params={"municipality": NIS}, json=body), 409)
    desk.put("/api/sharing", params={"municipality": NIS}, json={"subject": "units", "level": "own"})
    # The first level of a subject, and another one, are each one line.
    noted = [row for row in good(desk.get("/api/audit")) if row["action"] == "sharing_changed"]
    assert [row["about"] for row in noted] == ["own", "public"]


def test_the_name_of_an_account_stands_beside_what_it_does_whatever_a_header_says(desk, browser):
    welcomed(desk, browser, made(desk))
    answer = browser.post(
        "/api/cases",
        params={"municipality": NIS},
        json={"organisation": "Bakkerij", "municipality": NIS},
        headers={"Kernkaart-Officer": "Somebody%20else"},
    )
    assert answer.status_code in {201, 422}
    if answer.status_code == 201:
        assert answer.json()["changed_by"] == "An Peeters"


def test_another_sites_page_signs_nobody_in_or_out(desk, browser):
    welcomed(desk, browser, made(desk))
    for call in (
        lambda: browser.delete("/api/session", headers={"Origin": "https://elsewhere.test"}),
        lambda: browser.post(
            "/api/me/tokens", json={"name": "x", "scope": "read"}, headers={"Sec-Fetch-Site": "cross-site"}
        ),
        lambda: browser.post(
            "/api/events", params={"municipality": NIS}, json={}, headers={"Origin": "https://elsewhere.test"}
        ),
    ):
        problem(call(), 403)


def test_files_that_were_taken_along_stand_in_the_log(desk, browser):
    welcomed(desk, browser, made(desk))
    assert browser.get("/api/exports/shop-units.csv", params={"municipality": NIS}).status_code == 200
    row = good(desk.get("/api/audit"))[0]
    assert (row["action"], row["account_name"], row["nis_code"]) == ("exported", "an@stad.test", NIS)
    assert row["about"] == "/api/exports/shop-units.csv"
    problem(browser.get("/api/audit"), 403)


def test_pages_of_one_layer_are_one_line_in_the_log(desk, browser):
    access._NOTED.clear()
    welcomed(desk, browser, made(desk))
    items = "/api/ogc/collections/shop-units/items"
    for path in (
        items,
        f"{items}?limit=1",
        items,
        items.replace("items", "tiles/WebMercatorQuad/14/5489/8347"),
    ):
        assert browser.get(path).status_code in {200, 204}
    log = good(desk.get("/api/audit"))
    about = [
        row["about"] for row in log if (row["action"], row["account_name"]) == ("exported", "an@stad.test")
    ]
    assert about.count(items) == 1
    assert about.count(items.replace("items", "tiles")) == 1


def test_the_first_link_makes_the_first_administrator_and_no_second(desk, browser):
    assert service.first_link() is None
    from sqlalchemy import text

    from api.db.session import get_engine

    with get_engine().begin() as connection:
        connection.execute(text("ALTER TABLE rights.membership DISABLE TRIGGER keep_a_way_in"))
        connection.execute(text("DELETE FROM rights.membership"))
        connection.execute(text("ALTER TABLE rights.membership ENABLE TRIGGER keep_a_way_in"))
    link = service.first_link()
    assert link is not None
    problem(browser.post("/api/welcome", json={"secret": link[0], "password": PASSWORD}), 422)
    body = {"secret": link[0], "password": PASSWORD, "login": "Eerste@Stad.test", "display_name": "Eerste"}
    assert browser.post("/api/welcome", json=body).status_code == 204
    found = me(browser)
    assert (found["login"], found["memberships"]) == (
        "eerste@stad.test",
        [{"role": "administrator", "nis_code": None}],
    )
    assert service.first_link() is None


# -- a provider of identities, as a process of its own ---------------------------------------------


@pytest.fixture(scope="module")
def provider():
    port = free_port()
    user = '{"sub": "an", "email": "an@stad.test", "email_verified": true}'
    process = subprocess.Popen(
        [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "oidc_provider_mock",
            "--port",
            str(port),
            "--user-claims",
            user,
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{address}/.well-known/openid-configuration", timeout=5).close()
            break
        except OSError:
            assert process.poll() is None, "the provider does not start"
            assert time.monotonic() < deadline, "the provider does not answer"
            time.sleep(0.1)
    yield address
    process.terminate()
    process.wait()


@pytest.fixture
def tied(provider, monkeypatch):
    monkeypatch.setenv("KERNKAART_OIDC_ISSUER", provider)
    monkeypatch.setenv("KERNKAART_OIDC_CLIENT_ID", "kernkaart")
    monkeypatch.setenv("KERNKAART_OIDC_CLIENT_SECRET", "shared")
    monkeypatch.setenv("KERNKAART_OIDC_NAME", "Burgerprofiel")
    get_settings.cache_clear()
    yield provider
    monkeypatch.undo()
    get_settings.cache_clear()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments, **_more):
        return None


def vouched(browser, who):
    """Go to the provider, say who one is, and come back: the last answer."""
    start = browser.get("/api/oidc/start")
    assert start.status_code == 303
    # A form is sent as it is on its page; the answer sends the browser back.
    body = urllib.parse.urlencode({"sub": who}).encode()
    opener = urllib.request.build_opener(NoRedirect, urllib.request.ProxyHandler({}))
    with pytest.raises(urllib.error.HTTPError) as sent:
        opener.open(start.headers["location"], data=body, timeout=20)
    sent.value.close()
    back = urllib.parse.urlsplit(html.unescape(sent.value.headers["location"]))
    return browser.get(f"{back.path}?{back.query}")


def test_a_provider_vouches_for_somebody_with_an_account_by_its_verified_address(desk, browser, tied):
    made(desk)
    assert me(browser)["provider"] == "Burgerprofiel"
    answer = vouched(browser, "an")
    assert answer.status_code == 303, answer.text
    assert me(browser)["login"] == "an@stad.test"
    assert rows("SELECT oidc_subject FROM rights.account WHERE login = 'an@stad.test'")[0][0].endswith(" an")
    browser.delete("/api/session")
    assert vouched(browser, "an").status_code == 303


def test_a_stranger_of_the_provider_gets_no_account_and_hears_why(desk, browser, tied):
    assert problem(vouched(browser, "vreemde@elders.test"), 401)["code"] == "no_account_here"


def test_an_answer_to_the_question_of_another_browser_is_refused(desk, browser, tied):
    browser.get("/api/oidc/start")
    assert problem(browser.get("/api/oidc/back?code=x&state=y"), 401)["code"] == "provider_state"


def test_without_a_provider_its_way_in_says_so(desk, browser):
    assert problem(browser.get("/api/oidc/start"), 409)["code"] == "no_provider"


def test_the_session_of_the_desk_is_one_of_the_tests_alone():
    assert list(SIGNED_IN) == [access.COOKIE]
    assert re.fullmatch(r"[\w-]+", SIGNED_IN[access.COOKIE])


@pytest.fixture
def open_database(monkeypatch, tmp_path):
    """The settings with which the launcher tells that the database is open to QGIS elsewhere."""
    certificate = tmp_path / "server.crt"
    certificate.write_text("-----BEGIN CERTIFICATE-----\n")
    told = {"HOST": "kernkaart.city.example", "PORT": "55432", "CERTIFICATE": str(certificate)}

    def tell(**changed):
        for name, value in {**told, **changed}.items():
            monkeypatch.setenv(f"KERNKAART_QGIS_{name}", value)
        get_settings.cache_clear()

    yield tell
    monkeypatch.undo()
    get_settings.cache_clear()


def test_the_lines_for_qgis_name_where_the_database_is_open_and_how_it_is_known(desk, browser, open_database):
    account = made(desk)

    def lines():
        given = good(desk.post(f"/api/accounts/{account['id']}/database-login"))
        service = given["service"].splitlines()
        assert service[-2:] == [f"user={given['user']}", f"password={given['password']}"]
        return service[1:-3], given["needs_certificate"]

    closed, needs = lines()
    assert closed[0] == "host=127.0.0.1"
    assert not needs
    problem(browser.get("/api/public/database.crt"), 404)

    open_database()
    opened = ["host=kernkaart.city.example", "port=55432", "sslmode=verify-full"]
    assert lines() == (opened, True)
    given = browser.get("/api/public/database.crt")
    assert given.text == "-----BEGIN CERTIFICATE-----\n"
    assert "root.crt" in given.headers["content-disposition"]

    open_database(CERTIFICATE="")
    assert lines() == ([*opened, "sslrootcert=system"], False)
    problem(browser.get("/api/public/database.crt"), 404)
    assert desk.delete(f"/api/accounts/{account['id']}/database-login").status_code == 204
