import datetime as dt
import io

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.db.session import get_engine
from api.db.store import undo_batch
from api.event.service import refresh_effects
from tests.api.conftest import good, problem
from tests.conftest import use_database
from tests.town_database import EMPTY_NIS, NIS, import_readings, reading, rows

SENSORS = ("middle", "west", "east", "north")
FIRST, N_DAYS = dt.date(2024, 1, 1), 600
FAIR_ON = dt.date(2025, 6, 14)
LIFT = 0.8


def sensor_rows() -> pd.DataFrame:
    x, y = np.array([0.0, -600, 600, 0]), np.array([0.0, 0, 0, 600])
    middle = rows(
        "SELECT st_x(st_centroid(st_collect(geom))) AS x, st_y(st_centroid(st_collect(geom))) AS y FROM shop_unit"
    )[0]
    points = shapely.points(x + middle.x, y + middle.y)
    return gpd.GeoDataFrame(
        {"code": [f"E-{name}" for name in SENSORS], "name": list(SENSORS)}, geometry=points, crs=31370
    )


def count_rows() -> pd.DataFrame:
    rng = np.random.default_rng(4)
    days = pd.date_range(FIRST, periods=N_DAYS)
    level = np.array([1.0, 1.0, 1.1, 1.0, 1.2, 1.6, 0.4])[days.day_of_week] * np.exp(
        rng.normal(0, 0.15, N_DAYS)
    )
    frames = []
    for name in SENSORS:
        per_hour = 100 * level * np.exp(rng.normal(0, 0.05, N_DAYS))
        if name == "middle":
            per_hour = np.where(days.date == FAIR_ON, per_hour * (1 + LIFT), per_hour)
        start = pd.date_range(FIRST, periods=N_DAYS * 24, freq="h")
        start = start[(start.hour >= 10) & (start.hour < 18)]
        frames.append(
            pd.DataFrame(
                {
                    "sensor_code": f"E-{name}",
                    "start_at": start.tz_localize("Europe/Brussels").tz_convert("UTC"),
                    "minutes": 60, "mode": "ped", "direction": "both", "quality_flag": 0,
                    "value": np.rint(np.repeat(per_hour, 8)),
                }
            )
        )  # fmt: skip
    return pd.concat(frames, ignore_index=True)


@pytest.fixture(scope="module")
def fair_town(copy_town):
    town = copy_town()
    with get_engine().begin() as connection:
        connection.execute(text("DELETE FROM footfall_count"))
        connection.execute(text("DELETE FROM footfall_sensor"))
    import_readings([reading("footfall_sensor", sensor_rows()), reading("footfall_count", count_rows())])
    return town


@pytest.fixture
def fair(fair_town, client):
    use_database(fair_town.url)
    key = add(client, cost_net_eur=2500)
    yield key
    with get_engine().begin() as connection:
        connection.execute(text("DELETE FROM event"))


def place() -> dict:
    (at,) = rows(
        "SELECT st_x(st_transform(geom, 4326)) AS lon, st_y(st_transform(geom, 4326)) AS lat FROM footfall_sensor "
        "WHERE code = 'E-middle'"
    )
    return {"type": "Point", "coordinates": [at.lon, at.lat]}


def body(**changed) -> dict:
    return {
        "name": "Jaarmarkt 2025", "kind": "fair", "starts_at": f"{FAIR_ON}T10:00:00+02:00",
        "ends_at": f"{FAIR_ON}T18:00:00+02:00", "geometry": place(), **changed,
    }  # fmt: skip


def add(client, **changed) -> int:
    return made(client.post(f"/api/events?municipality={NIS}", json=body(**changed)))


def made(answer) -> int:
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def listed(client) -> dict[int, dict]:
    return {item["id"]: item for item in good(client.get(f"/api/events?municipality={NIS}"))["items"]}


def test_a_fair_that_was_planted_is_found_with_its_interval_and_its_cost(client, fair):
    study = good(client.get(f"/api/events/{fair}/effect"))
    assert (study["verdict"], study["method"], study["treated"], study["controls"]) == (
        "more",
        "controls",
        1,
        3,
    )
    assert study["lower_share"] < LIFT < study["upper_share"]
    assert study["first_on"] == str(FAIR_ON)
    assert study["p_value"] < 0.05
    extra, cost = study["extra"], study["cost_per_extra"]
    assert extra["lower"] < extra["value"] < extra["upper"]
    assert cost["value"] == pytest.approx(2500 / extra["value"], rel=0.01)
    assert study["observed"] - study["expected"] == pytest.approx(extra["value"], abs=1)
    assert study["sentence_nl"].startswith("+")
    assert "passanten, tussen +" in study["sentence_nl"]


def test_the_study_tells_days_hours_streets_and_what_chance_does(client, fair):
    study = good(client.get(f"/api/events/{fair}/effect"))
    days = {day["day"]: day for day in study["days"]}
    assert days[str(FAIR_ON)]["is_event"]
    assert days[str(FAIR_ON)]["observed"] > days[str(FAIR_ON)]["upper"]
    assert {hour["hour"] for hour in study["hours"] if hour["expected"]} == set(range(10, 18))
    roles = {row["name"]: (row["role"], row["verdict"]) for row in study["sensors"]}
    assert roles["middle"] == ("treated", "more")
    assert roles["west"][0] in {"control", "near_control"}
    assert len(study["placebo_shares"]) == study["placebos"] > 40
    assert study["before"]["verdict"] == study["after"]["verdict"] == "not_conclusive"
    assert {caution["code"] for caution in study["cautions"]} == {"one_day_one_sensor"}


def test_the_answer_is_kept_and_measured_anew_when_data_change(client, fair):
    first = good(client.get(f"/api/events/{fair}/effect"))["computed_at"]
    assert good(client.get(f"/api/events/{fair}/effect"))["computed_at"] == first
    add(client, name="Iets anders", starts_at="2025-03-01T10:00:00Z", ends_at="2025-03-01T18:00:00Z")
    again = good(client.get(f"/api/events/{fair}/effect"))
    assert again["computed_at"] > first
    assert rows("SELECT count(*) AS n FROM event_effect WHERE event_id = :id", id=fair)[0].n == 1


def test_two_refreshes_store_the_same_and_do_not_raise_the_data_version(client, fair):
    before = rows("SELECT data_version FROM municipality WHERE nis_code = :nis", nis=NIS)
    for _ in range(2):
        with Session(get_engine()) as session, session.begin():
            found = refresh_effects(session, NIS, version=before[0].data_version)
        assert found == {"times": 1, "measured": 1}
    assert rows("SELECT data_version FROM municipality WHERE nis_code = :nis", nis=NIS) == before
    effect = listed(client)[fair]["held"][0]["effect"]
    assert (effect["verdict"], effect["is_stale"]) == ("more", False)


def test_what_cannot_be_measured_is_an_answer_with_its_reason(client, fair):
    far = place()
    far["coordinates"][1] += 0.012
    cases = {
        "no_sensor": {"geometry": far},
        "every_week": {"recurring_rule": "FREQ=WEEKLY;BYDAY=SA"},
        "to_come": {"starts_at": "2025-12-06T10:00:00Z", "ends_at": "2025-12-06T17:00:00Z"},
        "few_placebos": {"starts_at": "2024-03-30T10:00:00Z", "ends_at": "2024-03-30T17:00:00Z"},
    }
    for reason, changed in cases.items():
        study = good(client.get(f"/api/events/{add(client, name=reason, **changed)}/effect"))
        assert (study["verdict"], study["reason"], study["effect_share"]) == ("not_measurable", reason, None)
        assert study["sentence_en"]
    ahead = next(key for key, item in listed(client).items() if item["name"] == "to_come")
    assert good(client.get(f"/api/events/{ahead}/effect"))["smallest_share"] > 0.05


def test_years_stand_side_by_side_and_are_joined(client, fair):
    add(client, name="Jaarmarkt 2024", starts_at="2024-12-07T10:00:00Z", ends_at="2024-12-07T17:00:00Z")
    found = good(client.get(f"/api/events/{fair}/editions"))
    assert [item["first_on"] for item in found["items"]] == ["2024-12-07", str(FAIR_ON)]
    assert found["together"]["editions"] == 2
    assert found["items"][1]["verdict"] == "more"
    weekly = add(client, recurring_rule="FREQ=WEEKLY;BYDAY=SA")
    problem(client.get(f"/api/events/{weekly}/editions"), 409)


def test_an_event_is_changed_removed_and_put_back(client, fair):
    version = good(client.get(f"/api/events/{fair}"))["version"]
    good(client.put(f"/api/events/{fair}", json=body(name="Grote markt", version=version)))
    # Whoever read it before must read it again.
    problem(client.put(f"/api/events/{fair}", json=body(version=version)), 412)
    assert listed(client)[fair]["name"] == "Grote markt"
    good(client.delete(f"/api/events/{fair}"))
    assert fair not in listed(client)
    problem(client.get(f"/api/events/{fair}/effect"), 404)
    good(client.post(f"/api/events/{fair}/restore"))
    assert fair in listed(client)
    problem(client.post(f"/api/events/{fair}/restore"), 409)


@pytest.mark.parametrize(
    "changed",
    [
        {"recurring_rule": "elke dinsdag"},
        {"ends_at": "2025-06-13T10:00:00Z"},
        {"kind": "party"},
        {"geometry": {"type": "Point", "coordinates": [150.0, -30.0]}},
        {"geometry": {"type": "Polygon", "coordinates": [[[4, 51], [4.1, 51], [4.1, 51.1], [4.05, 51.2]]]}},
        {"streets": ["Nergensstraat"]},
        {"starts_at": "2025-06-14T10:00:00"},
        {"ends_at": None, "recurring_rule": "FREQ=MONTHLY"},
    ],
)
def test_what_makes_no_sense_is_refused_with_the_way_out(client, fair, changed):
    problem(client.post(f"/api/events?municipality={NIS}", json=body(**changed)), 422)


def test_a_street_is_a_place_too_and_a_measure_may_go_on(client, fair):
    street = good(client.get(f"/api/events/choices?municipality={NIS}"))["streets"][0]
    key = add(
        client,
        kind="street_closure",
        ends_at=None,
        geometry=None,
        streets=[street],
        starts_at="2025-05-05T00:00:00Z",
    )
    one = good(client.get(f"/api/events/{key}"))
    assert (one["streets"], one["ends_at"]) == ([street], None)
    study = good(client.get(f"/api/events/{key}/effect"))
    assert study["parameters"]["hours"] == [10, 18]


def test_files_and_the_page_say_the_same_as_the_study(client, fair):
    study = good(client.get(f"/api/events/{fair}/effect"))
    sheet = client.get(f"/api/events/{fair}/effect.csv")
    lines = sheet.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("day;observed;expected")
    assert len(lines) == len(study["days"]) + 1
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/api/events/{fair}/effect.xlsx").content))
    assert book.sheetnames == ["answer", "days", "hours", "sensors", "placebos", "editions"]
    answer = dict(zip(*([cell.value for cell in row] for row in book["answer"].iter_rows()), strict=True))
    assert answer["effect_share"] == study["effect_share"]
    assert answer["placebos"] == study["placebos"]
    for language in ("nl", "fr", "en"):
        page = client.get(f"/api/events/{fair}/effect.pdf?lang={language}")
        assert page.content.startswith(b"%PDF-")
        assert page.headers["content-disposition"].endswith('.pdf"')
    every = client.get(f"/api/events.csv?municipality={NIS}").content.decode("utf-8-sig")
    assert "Jaarmarkt 2025" in every
    (mapped,) = good(client.get(f"/api/events.geojson?municipality={NIS}"))["features"]
    assert mapped["geometry"]["type"] == "Point"
    assert mapped["properties"]["verdict"] == "more"


def test_a_list_that_was_imported_can_be_undone_with_what_was_measured_of_it(client, fair):
    given = pd.DataFrame(
        {
            "code": ["m1"],
            "name": ["Jaarmarkt uit een lijst"],
            "kind": ["market"],
            "starts_at": pd.to_datetime(["2025-05-10T08:00:00Z"]),
            "ends_at": pd.to_datetime(["2025-05-10T16:00:00Z"]),
        }
    )
    batch = import_readings([reading("event", given)], source="list")
    (key,) = (key for key, item in listed(client).items() if item["name"] == given["name"][0])
    good(client.get(f"/api/events/{key}/effect"))
    with Session(get_engine()) as session, session.begin():
        undo_batch(session, batch.id)
    assert list(listed(client)) == [fair]
    assert rows("SELECT count(*) AS n FROM event_effect WHERE event_id = :id", id=key)[0].n == 0


def test_an_empty_municipality_has_no_events_and_no_study(client, town):
    found = good(client.get(f"/api/events?municipality={EMPTY_NIS}"))
    assert (found["items"], found["counted_to"], found["sensors"]) == ([], None, 0)
    assert good(client.get(f"/api/events.geojson?municipality={EMPTY_NIS}"))["features"] == []
    problem(client.get("/api/events/987654321/effect"), 404)


def test_an_event_where_nobody_ever_counted_says_so(client, own_town):
    given = {
        "name": "Feest",
        "kind": "festival",
        "starts_at": "2025-06-14T10:00:00Z",
        "ends_at": "2025-06-14T18:00:00Z",
    }
    key = made(client.post(f"/api/events?municipality={EMPTY_NIS}", json=given))
    study = good(client.get(f"/api/events/{key}/effect"))
    assert study["verdict"] == "not_measurable"
    assert good(client.get(f"/api/events/{key}/editions"))["items"] == []
    assert client.get(f"/api/events/{key}/effect.pdf").content.startswith(b"%PDF-")
