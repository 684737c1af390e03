import datetime as dt
import gzip
import json
import re
import threading

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from api.__main__ import app as command_line
from api.db.session import get_engine
from api.db.store import undo_batch
from api.footfall import push_body
from tests.api.conftest import good, problem
from tests.town_database import NIS, rows

PATH = "/api/push/counts"
RUN = CliRunner()


def run(*words, ok=True):
    done = RUN.invoke(command_line, words)
    assert (done.exit_code == 0) is ok, done.output
    return done.output


@pytest.fixture
def token(own_town):
    """The token of a supplier of two of the three sensors of the town."""
    told = run("supplier", "add", "Teller NV", "--municipality", NIS, "--sensor", "high", "--sensor", "east")
    assert "2 sensors" in told
    return re.search(r"kk_[\w-]{43}", told)[0]


def counts(*values, sensor="high", start="2026-03-02T10:00:00+01:00", minutes=5, **more):
    first = dt.datetime.fromisoformat(start)
    return [
        {"sensor": sensor, "start": (first + dt.timedelta(minutes=minutes * n)).isoformat(), "minutes": minutes, "value": value, **more}
        for n, value in enumerate(values)
    ]  # fmt: skip


def push(client, token, given, **headers):
    body = given if isinstance(given, bytes) else json.dumps({"counts": given}).encode()
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return client.post(PATH, content=body, headers={"Content-Type": "application/json", **headers})


def stored(sensor="high", since="2026-01-01"):
    return rows(
        "SELECT c.start_at, c.value FROM footfall_count c JOIN footfall_sensor s ON s.id = c.sensor_id "
        "WHERE s.code = :code AND c.start_at >= CAST(:since AS timestamptz) ORDER BY c.start_at",
        code=sensor, since=since,
    )  # fmt: skip


def test_pushed_counts_are_stored_and_summed_and_another_site_may_do_so(client, token):
    answer = push(client, token, counts(*range(12)), Origin="https://teller.example")
    assert {**good(answer), "import": 0} == {
        "received": 12,
        "added": 12,
        "changed": 0,
        "unchanged": 0,
        "import": 0,
    }
    assert [value for _, value in stored()] == list(range(12))
    assert rows("SELECT passages, minutes_valid, n FROM footfall_hour WHERE start_at > '2026-01-01'") == [
        (66, 60, 12)
    ]


def test_the_same_batch_again_changes_nothing(client, token):
    push(client, token, counts(1, 2, 3))
    version = rows("SELECT data_version FROM municipality ORDER BY 1")
    again = good(push(client, token, counts(1, 2, 3)))
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 3)
    assert rows("SELECT data_version FROM municipality ORDER BY 1") == version
    assert len(stored()) == 3


def test_a_corrected_count_replaces_the_one_that_was_there_with_a_trace(client, token):
    push(client, token, counts(1, 2, 3))
    again = good(push(client, token, counts(1, 20, 3)))
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 1, 2)
    assert [value for _, value in stored()] == [1, 20, 3]
    assert rows("SELECT before, after FROM import_change WHERE table_name = 'footfall_count'") == [
        ({"value": 2}, {"value": 20})
    ]
    assert rows("SELECT passages FROM footfall_day WHERE counted_on = '2026-03-02'") == [(24,)]


def test_a_batch_packed_with_gzip_is_unpacked(client, token):
    body = gzip.compress(json.dumps({"counts": counts(4)}).encode())
    assert good(push(client, token, body, **{"Content-Encoding": "gzip"}))["added"] == 1


def test_a_day_of_one_supplier_is_one_import_and_is_undone_as_one(client, token):
    push(client, token, counts(5))
    # A count that was there before, corrected twice: undo gives back what was before the first time.
    there = counts(777, start="2025-03-04T10:00:00+01:00", minutes=60)
    before = stored(since="2025-03-04T10:00+01:00")[0]
    first = good(push(client, token, there))
    second = good(push(client, token, [{**there[0], "value": 888}]))
    assert first["import"] == second["import"]
    assert (first["changed"], second["changed"]) == (1, 1)
    assert rows("SELECT counts FROM import_batch WHERE id = :id", id=first["import"])[0][0]["footfall_count"] == {
        "read": 3, "added": 1, "changed": 2, "unchanged": 0, "refused": 0, "outside": 0,
    }  # fmt: skip
    with Session(get_engine()) as session, session.begin():
        undo_batch(session, first["import"])
    assert stored(since="2025-03-04T10:00+01:00")[0] == before
    assert stored() == []
    assert good(push(client, token, counts(5)))["import"] > first["import"]


def test_one_wrong_row_refuses_the_whole_batch_and_says_which_and_what_to_do(client, token):
    batch = [*counts(1, 2), *counts(3, sensor="nobody"), *counts(4, sensor="side")]
    told = problem(push(client, token, batch), 422)
    assert [(f["row"], f["column"], f["value"]) for f in told["faults"]] == [
        (3, "sensor", "nobody"),
        (4, "sensor", "side"),
    ]
    assert "names Teller NV as its supplier" in told["faults"][1]["reason"]
    assert "kernkaart supplier sensors" in told["faults"][0]["remedy"]
    assert "Nothing of the batch was stored" in told["way_out"]
    assert stored() == []
    assert rows("SELECT 1 FROM import_batch WHERE source = 'push'") == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("value", -1), ("value", "veel"), ("value", None), ("value", 40_000), ("start", "2026-03-02T10:00:00"),
        ("start", "2199-01-01T00:00:00Z"), ("start", "1980-01-01T00:00:00Z"), ("minutes", 1), ("minutes", 3000),
        ("mode", "horse"), ("direction", "up"), ("uptime", 1.5), ("mac", "aa:bb"), ("sensor", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_row_is_named_with_its_remedy(client, token, column, value):
    batch = counts(1, 2, start="2026-03-02T10:00:00+01:00")
    batch[1][column] = value
    (told,) = problem(push(client, token, batch), 422)["faults"]
    assert (told["row"], told["column"]) == (2, column)
    assert len(told["reason"]) > 10
    assert len(told["remedy"]) > 10
    assert stored() == []


def test_a_count_that_stands_twice_in_a_batch_is_refused(client, token):
    (told,) = problem(push(client, token, [*counts(1), *counts(2)]), 422)["faults"]
    assert (told["row"], told["reason"][:5]) == (2, "Row 1")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"counts": []}', b'{"counts": 1}', b'{"other": []}', b"\xff\xfe"]
)
def test_what_is_no_batch_is_refused_with_the_shape_of_one(client, token, body):
    told = problem(push(client, token, body), 422)
    assert '{"counts"' in told["way_out"]


def test_nobody_pushes_without_a_good_token(client, token):
    for wrong in (None, "", "kk_" + "x" * 43, token[:-1]):
        answer = push(client, wrong, counts(1))
        assert "kernkaart supplier add" in problem(answer, 401)["way_out"]
        assert answer.headers["www-authenticate"] == "Bearer"
    run("supplier", "revoke", "Teller NV", "--municipality", NIS)
    problem(push(client, token, counts(1)), 401)
    assert "revoked" in run("supplier", "list")
    run("supplier", "revoke", "Teller NV", "--municipality", NIS, ok=False)
    renewed = re.search(r"kk_[\w-]{43}", run("supplier", "add", "Teller NV", "--municipality", NIS))[0]
    problem(push(client, token, counts(1)), 401)
    good(push(client, renewed, counts(1)))


def test_the_token_itself_is_kept_nowhere(client, token):
    good(push(client, token, counts(1)))
    for table in ("push_supplier", "import_batch", "dataset"):
        assert token not in str(rows(f"SELECT t::text FROM {table} t"))


def test_a_supplier_of_a_sensor_that_is_not_there_is_not_added(own_town):
    assert "no sensor ghost" in run(
        "supplier", "add", "X", "--municipality", NIS, "--sensor", "ghost", ok=False
    )
    assert rows("SELECT 1 FROM push_supplier") == []
    assert "No supplier" in run("supplier", "list")
    assert "may push nothing" in run("supplier", "add", "X", "--municipality", NIS)
    run("supplier", "add", "X", "--municipality", "00000", ok=False)


def test_a_batch_that_is_too_large_packed_or_unpacked_is_refused(client, token, monkeypatch):
    monkeypatch.setenv("KERNKAART_PUSH_MAX_MB", "1")
    from api.settings import get_settings

    get_settings.cache_clear()
    bomb = gzip.compress(b" " * 1_100_000)
    assert len(bomb) < 10_000
    assert "several batches" in problem(push(client, token, b" " * 1_100_000), 413)["way_out"]
    problem(push(client, token, bomb, **{"Content-Encoding": "gzip"}), 413)
    problem(push(client, token, b"x", **{"Content-Encoding": "br"}), 415)
    problem(push(client, token, gzip.compress(b"{}")[:-9], **{"Content-Encoding": "gzip"}), 422)
    problem(push(client, token, b"nothing packed", **{"Content-Encoding": "gzip"}), 422)
    get_settings.cache_clear()


def test_more_batches_at_once_than_there_are_places_are_sent_back_for_later(client, token, monkeypatch):
    monkeypatch.setattr(push_body.SLOTS, "taken", 4)
    answer = push(client, token, counts(1))
    assert "Send this batch again" in problem(answer, 429)["way_out"]
    assert int(answer.headers["retry-after"]) >= 1
    monkeypatch.setattr(push_body.SLOTS, "taken", 0)
    good(push(client, token, counts(1)))
    assert push_body.SLOTS.taken == 0
    problem(push(client, token, b"{"), 422)
    assert push_body.SLOTS.taken == 0


def test_a_batch_that_must_wait_too_long_for_another_write_is_sent_back_for_later(client, token, monkeypatch):
    from api.footfall import push as service

    monkeypatch.setattr(service, "LONGEST_WAIT_S", 0.2)
    with Session(get_engine()) as other, other.begin():
        other.execute(text("UPDATE municipality SET population = 1"))
        answer = push(client, token, counts(1))
        problem(answer, 503)
        assert int(answer.headers["retry-after"]) >= 1
        other.rollback()
    good(push(client, token, counts(1)))


def test_readings_of_a_time_that_is_closed_are_refused(client, token):
    with get_engine().begin() as connection:
        connection.execute(text("UPDATE footfall_sensor SET raw_from_at = '2026-03-02T10:05+01:00'"))
    (told,) = problem(push(client, token, counts(1, 2)), 422)["faults"]
    assert (told["row"], told["column"]) == (1, "start")


def test_two_that_push_the_same_at_once_store_it_once(client, token):
    answers = []
    batch = counts(*range(100))

    def send():
        answers.append(push(client, token, batch))

    threads = [threading.Thread(target=send) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(good(answer)["added"] for answer in answers) == [0, 0, 100]
    assert len(stored()) == 100
