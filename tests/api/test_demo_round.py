import datetime as dt

from sqlalchemy.orm import Session

from api.commands.demo_round import walk_demo_round
from api.db.session import get_engine
from tests.api.conftest import good
from tests.town_database import EMPTY_NIS, NIS, rows

UNTIL = dt.datetime.now(dt.UTC).date()


def walk(nis: str) -> int | None:
    with Session(get_engine()) as session, session.begin():
        return walk_demo_round(session, nis, until=UNTIL)


def test_the_demo_has_a_closed_round_with_differences_that_wait(client, own_town):
    key = walk(NIS)
    told = good(client.get(f"/api/rounds/{key}"))
    assert told["closed_at"] is not None
    assert told["seen"] > 0
    differences = good(client.get(f"/api/rounds/{key}/differences"))
    assert differences["waiting"]
    assert "confirmed" not in {item["kind"] for item in differences["items"] if item["decision"] == "pending"}
    assert any("two_views" in item["conflicts"] for item in differences["items"]) == (told["stops"] > 8)
    assert differences["batches"][0]["accepted"] > 0


def test_the_same_town_is_walked_the_same_way(copy_town):
    seen = []
    for _ in range(2):
        copy_town()
        walk(NIS)
        seen.append(rows("SELECT uid, shop_unit_id, status, decision FROM survey_observation ORDER BY uid"))
    assert seen[0] == seen[1]
    assert seen[0]


def test_a_town_without_a_core_has_none(own_town):
    assert walk(EMPTY_NIS) is None
    assert rows("SELECT count(*) FROM survey_round") == [(0,)]
