import numpy as np
import pytest
from sqlalchemy import text

from api.db.session import get_engine
from api.refresh import refresh
from api.refresh.service import stale_municipalities
from tests.api.conftest import good, problem
from tests.town_database import EMPTY_NIS, NIS, rows

# High Street's sensor doubles from the first of March on a Saturday, eight weeks into its counts.
SHIFT_FROM = "2025-03-01"


def execute(query: str, **values) -> None:
    with get_engine().begin() as connection:
        connection.execute(text(query), values)


@pytest.fixture
def faulty(own_town):
    """The town with a sensor that doubles, a run of zeros, and a spike; then refreshed."""
    rng = np.random.default_rng(1)
    for name, sensor in own_town.sensors.items():
        # A little chance of its own, else every sensor would be the twin of every other.
        starts = [
            row.start_at
            for row in rows("SELECT start_at FROM footfall_count WHERE sensor_id = :id", id=sensor)
        ]
        execute(
            "UPDATE footfall_count c SET value = round(c.value * n.factor) FROM "
            "unnest(CAST(:starts AS timestamptz[]), CAST(:factors AS float8[])) AS n(start_at, factor) "
            "WHERE c.sensor_id = :id AND c.start_at = n.start_at",
            id=sensor, starts=starts, factors=rng.lognormal(0, 0.2, len(starts)).tolist(),
        )  # fmt: skip
        assert starts, name
    high, side = own_town.sensors["high"], own_town.sensors["side"]
    execute(
        "UPDATE footfall_count SET value = value * 2 WHERE sensor_id = :id AND start_at >= :day",
        id=high,
        day=f"{SHIFT_FROM} 00:00+01",
    )
    execute(
        "UPDATE footfall_count SET value = 0 WHERE sensor_id = :id AND start_at >= '2025-02-19 09:00+01' "
        "AND start_at < '2025-02-19 17:00+01'", id=side,
    )  # fmt: skip
    refresh(NIS)
    return own_town


def findings(client, **query) -> list[dict]:
    return good(client.get("/api/footfall/findings", params={"municipality": NIS, "lang": "nl", **query}))[
        "items"
    ]


def only(client, kind: str) -> dict:
    (item,) = findings(client, kind=kind)
    return item


def decide(client, found: dict, verdict: str, status: int = 201, **more):
    body = {"municipality": NIS, "findings": [found["id"]], "verdict": verdict, "by": "AB", **more}
    answer = client.post("/api/footfall/findings/decisions", json=body)
    assert answer.status_code == status, answer.text
    return answer


def undo(client, found: dict, status: int = 201):
    body = {"municipality": NIS, "findings": [found["id"]], "by": "AB"}
    answer = client.post("/api/footfall/findings/decisions/undo", json=body)
    assert answer.status_code == status, answer.text
    return answer


def flags(sensor: int, first: str = "2025-01-01", last: str = "2026-01-01") -> dict[int, int]:
    found = rows(
        "SELECT quality_flag, count(*) AS n FROM footfall_count WHERE sensor_id = :id AND start_at >= :first "
        "AND start_at < :last GROUP BY 1", id=sensor, first=f"{first} 00:00+01", last=f"{last} 00:00+01",
    )  # fmt: skip
    return {row.quality_flag: row.n for row in found}


def values(sensor: int) -> list[float]:
    return [
        row.value
        for row in rows("SELECT value FROM footfall_count WHERE sensor_id = :id ORDER BY start_at", id=sensor)
    ]


def test_a_shift_waits_for_a_person_and_its_hours_count_until_then(client, faulty):
    shift = only(client, "level_shift")
    assert (shift["sensor_id"], shift["state"], shift["is_counted"]) == (faulty.sensors["high"], "open", True)
    assert shift["from"].startswith(SHIFT_FROM)
    assert shift["strength"] == pytest.approx(2, rel=0.1)
    assert shift["sentence"].startswith("Telt sinds 1 maart 2025 dubbel zoveel als gewoonlijk (")
    assert shift["sentence"].endswith(", de andere tellers niet.")
    assert set(flags(faulty.sensors["high"], SHIFT_FROM)) <= {0, 8}


def test_zeros_are_left_out_until_somebody_says_that_nobody_passed(client, faulty):
    side = faulty.sensors["side"]
    zeros, before = only(client, "zero_run"), values(side)
    assert (zeros["hours"], zeros["is_counted"]) == (8.0, False)
    assert flags(side)[2] == 8
    assert decide(client, zeros, "overruled", reason="Straat was afgesloten").json() == {
        "findings": 1,
        "readings": 8,
    }
    assert 2 not in flags(side)
    told = only(client, "zero_run")
    assert (told["state"], told["reason"], told["decided_by"], told["is_counted"]) == (
        "overruled", "Straat was afgesloten", "AB", True,
    )  # fmt: skip
    refresh(NIS)
    assert 2 not in flags(side)
    assert only(client, "zero_run")["state"] == "overruled"
    undo(client, told)
    assert flags(side)[2] == 8
    assert values(side) == before


def test_a_confirmed_shift_takes_its_hours_out_of_every_figure_and_undo_puts_them_back(client, faulty):
    high = faulty.sensors["high"]
    shift, before, flags_before = only(client, "level_shift"), values(high), flags(high)
    per_day = good(client.get(f"/api/sensors/{high}"))["footfall_per_day"]["value"]
    decide(client, shift, "confirmed", reason="Dubbele telling")
    assert set(flags(high, SHIFT_FROM)) == {6}
    assert (NIS,) in [(nis,) for nis, _ in _stale()]
    refresh(NIS)
    assert set(flags(high, SHIFT_FROM)) == {6}
    assert only(client, "level_shift")["state"] == "confirmed"
    lower = good(client.get(f"/api/sensors/{high}"))["footfall_per_day"]["value"]
    assert lower < 0.85 * per_day
    undo(client, shift)
    assert flags(high) == flags_before
    refresh(NIS)
    assert good(client.get(f"/api/sensors/{high}"))["footfall_per_day"]["value"] == pytest.approx(per_day)
    assert values(high) == before


def _stale() -> list[tuple[str, str]]:
    from sqlalchemy.orm import Session

    with Session(get_engine()) as session:
        return stale_municipalities(session, only_stale=True)


def test_a_refresh_gives_the_flags_that_a_decision_gave_at_once_and_is_not_stale_by_itself(client, faulty):
    assert NIS not in [nis for nis, _ in _stale()]
    decide(client, only(client, "zero_run"), "overruled")
    decide(client, only(client, "level_shift"), "confirmed")
    at_once = {name: flags(key) for name, key in faulty.sensors.items()}
    refresh(NIS)
    assert {name: flags(key) for name, key in faulty.sensors.items()} == at_once
    assert NIS not in [nis for nis, _ in _stale()]
    listed = findings(client)
    refresh(NIS)
    assert findings(client) == listed


def test_a_decision_is_made_once_and_taken_back_once(client, faulty):
    shift = only(client, "level_shift")
    assert undo(client, shift, 409).json()["way_out"]
    decide(client, shift, "overruled")
    assert "Load the list again" in decide(client, shift, "confirmed", 412).json()["way_out"]
    undo(client, shift)
    undo(client, shift, 409)
    trace = rows("SELECT history FROM count_finding WHERE id = :id", id=shift["id"])[0].history
    assert [step["state"] for step in trace] == ["overruled", "open"]
    assert all(step["at"] and step["by"] == "AB" for step in trace)


def test_what_nobody_decided_on_goes_when_the_counts_are_put_right_and_a_decision_stays(client, faulty):
    side = faulty.sensors["side"]
    assert only(client, "zero_run")
    decide(client, only(client, "level_shift"), "confirmed")
    execute(
        "UPDATE footfall_count SET value = 90 + extract(hour FROM start_at) WHERE sensor_id = :id AND value = 0 "
        "AND start_at >= '2025-02-19 09:00+01' AND start_at < '2025-02-19 17:00+01'", id=side,
    )  # fmt: skip
    refresh(NIS)
    assert findings(client, kind="zero_run") == []
    assert only(client, "level_shift")["state"] == "confirmed"


def test_hours_that_miss_are_told_but_not_judged(client, faulty):
    execute(
        "DELETE FROM footfall_count WHERE sensor_id = :id AND start_at >= '2025-02-20 09:00+01' "
        "AND start_at < '2025-02-20 15:00+01'", id=faulty.sensors["side"],
    )  # fmt: skip
    refresh(NIS)
    gap = only(client, "gap")
    assert (gap["strength"], gap["is_decidable"], gap["is_counted"]) == (6.0, False, False)
    assert gap["sentence"] == "6 uur ontbreken, op 20 februari 2025."
    assert decide(client, gap, "confirmed", 409).json()["way_out"]


def test_a_finding_is_shown_beside_what_is_usual(client, faulty):
    shift = only(client, "level_shift")
    around = good(client.get(f"/api/footfall/findings/{shift['id']}/around"))
    assert (around["step"], around["finding"]["id"]) == ("day", shift["id"])
    after = [item for item in around["items"] if item["start"] >= SHIFT_FROM and item["usual"]]
    before = [item for item in around["items"] if item["start"] < SHIFT_FROM and item["usual"]]
    assert np.median([item["value"] / item["usual"] for item in after]) == pytest.approx(2, rel=0.15)
    assert np.median([item["value"] / item["usual"] for item in before]) == pytest.approx(1, rel=0.1)
    zeros = only(client, "zero_run")
    hours = good(client.get(f"/api/footfall/findings/{zeros['id']}/around"))
    assert hours["step"] == "hour"
    assert {
        item["value"] for item in hours["items"] if "2025-02-19T09" <= item["start"] < "2025-02-19T17"
    } == {0.0}


def test_shares_tell_doubt_from_left_out_and_follow_a_decision(client, faulty):
    def share(name: str) -> dict:
        items = good(client.get("/api/footfall/quality", params={"municipality": NIS}))["items"]
        return next(item for item in items if item["sensor_id"] == faulty.sensors[name])

    side, high = share("side"), share("high")
    assert side["left_out_share"] * side["n_expected"] == pytest.approx(8, abs=0.1)
    assert side["fillable_share"] == side["left_out_share"]
    assert high["in_doubt_share"] > 0.3
    waiting = [
        found for found in findings(client, state="open", sensor=high["sensor_id"]) if found["is_decidable"]
    ]
    assert (high["left_out_share"], high["n_open"]) == (0.0, len(waiting))
    decide(client, only(client, "level_shift"), "confirmed")
    high = share("high")
    assert (high["in_doubt_share"], high["n_open"]) == (0.0, len(waiting) - 1)
    assert high["left_out_share"] > 0.3
    total = sum(high[f"{name}_share"] for name in ("valid", "in_doubt", "left_out", "missing"))
    assert total == pytest.approx(1, abs=1e-3)


def test_a_series_tells_what_was_filled_and_holds_back_what_rests_on_it_too_much(client, faulty):
    side = faulty.sensors["side"]
    query = {"interval": "day", "from": "2025-02-17T00:00:00+01:00", "to": "2025-02-24T00:00:00+01:00"}
    answer = good(client.get(f"/api/footfall/sensors/{side}/filled", params=query))
    day = {item["start"][:10]: item for item in answer["items"]}
    assert day["2025-02-18"] | {"value": None} == {
        "start": "2025-02-18T00:00:00", "value": None, "n_hours": 24, "n_imputed": 0, "imputed_share": 0.0,
        "reason": None,
    }  # fmt: skip
    assert day["2025-02-18"]["value"] > 0
    wednesday = day["2025-02-19"]
    assert (wednesday["value"], wednesday["n_imputed"], wednesday["reason"]) == (None, 8, "too_much_imputed")
    hours = good(client.get(f"/api/footfall/sensors/{side}/filled", params={**query, "interval": "hour"}))[
        "items"
    ]
    filled = [item for item in hours if item["n_imputed"]]
    assert len(filled) == 8
    assert all(item["value"] > 10 for item in filled)
    assert answer["imputed_share"] == pytest.approx(8 / 168)


def test_what_cannot_be_asked_says_the_way_out(client, own_town):
    high = own_town.sensors["high"]
    problem(client.get("/api/footfall/findings", params={"municipality": NIS, "kind": "odd"}), 422)
    problem(client.get("/api/footfall/findings/999999/around"), 404)
    problem(client.get("/api/footfall/sensors/999999/filled"), 404)
    far = {"interval": "hour", "from": "2020-01-01T00:00:00Z", "to": "2024-01-01T00:00:00Z"}
    problem(client.get(f"/api/footfall/sensors/{high}/filled", params=far), 422)
    body = {"municipality": NIS, "findings": [999999], "verdict": "confirmed", "by": "AB"}
    problem(client.post("/api/footfall/findings/decisions", json=body), 404)
    other_site = client.post(
        "/api/footfall/findings/decisions", json=body, headers={"Origin": "https://elsewhere.example"}
    )
    problem(other_site, 403)


def test_a_municipality_without_sensors_has_no_findings_and_no_shares(client, town):
    listed = good(client.get("/api/footfall/findings", params={"municipality": EMPTY_NIS}))
    assert listed == {
        "total": 0, "states": {"open": 0, "confirmed": 0, "overruled": 0, "gap": 0}, "items": [],
    }  # fmt: skip
    assert good(client.get("/api/footfall/quality", params={"municipality": EMPTY_NIS}))["items"] == []


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "deux fois plus que d'habitude"), ("en", "twice as many as usual")]
)
def test_a_finding_speaks_the_language_that_is_asked_for(client, faulty, language, said):
    (shift,) = findings(client, kind="level_shift", lang=language)
    assert said in shift["sentence"]
