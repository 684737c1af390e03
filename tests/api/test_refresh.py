import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from api.__main__ import app as command
from api.db.session import get_engine
from api.errors import NotAnswerable, NotFound
from api.refresh import refresh, stale_municipalities
from api.refresh.service import STEPS
from tests.api.conftest import good, units
from tests.town_database import EMPTY_NIS, NIS, rows

RESULTS = ("indicator_value", "location_score", "vacancy_cluster", "population_point", "accessibility")


def write(statement: str, **values) -> None:
    with get_engine().begin() as connection:
        connection.execute(text(statement), values)


def scores() -> dict[str, tuple]:
    found = rows(
        "SELECT u.local_code, l.score, l.rank, l.rank_lower, l.rank_upper, l.p_first, l.components, l.missing "
        "FROM location_score l JOIN current_run r ON r.id = l.run_id JOIN shop_unit u ON u.id = l.shop_unit_id"
    )
    return {row[0]: tuple(row)[1:] for row in found}


def indicators() -> list[tuple]:
    query = (
        "SELECT i.code, i.shop_unit_id, i.core_id, i.value, i.lower, i.upper, i.numerator, i.denominator, i.coverage, "
        "i.reason, i.source, i.observed_on, i.detail FROM indicator_value i JOIN current_run r ON r.id = i.run_id "
        "ORDER BY i.code, i.shop_unit_id, i.core_id, i.detail::text"
    )
    return [tuple(row) for row in rows(query)]


def everything() -> dict[str, list]:
    tables = (*RESULTS, "analysis_run", "vacancy_cluster_unit", "footfall_count")
    return {name: sorted(row[0] for row in rows(f"SELECT t::text FROM {name} t")) for name in tables}


def stale() -> list[str]:
    with Session(get_engine()) as session:
        return [code for code, _ in stale_municipalities(session, only_stale=True)]


def run(*words: str):
    return CliRunner().invoke(command, ["refresh", *words])


# -- what a refresh stores ----------------------------------------------------------------------


def test_a_run_says_what_it_computed_from_and_how_long_each_step_took(town):
    ((kind, state, version, finished, seconds, messages, parameters),) = rows(
        "SELECT r.kind, r.state, r.data_version, r.finished_at, r.seconds, r.messages, r.parameters FROM analysis_run r"
    )
    assert (kind, state) == ("refresh", "done")
    assert rows("SELECT data_version FROM municipality WHERE nis_code = :nis", nis=NIS) == [(version,)]
    assert finished is not None
    assert seconds > 0
    assert [step["step"] for step in messages] == [
        "streets and units",
        "inhabitants",
        "vacancy",
        "footfall",
        "parking",
        "scores",
        "clusters",
        "durations",
        "accessibility",
        "profiles",
        "forecast",
        "events",
    ]
    assert sum(parameters["weights"].values()) == pytest.approx(1)
    assert parameters["population"] == {"placed": 2, "suppressed": 1, "unknown": 0}
    assert parameters["off_streets"] == 0


def test_the_people_of_a_sector_are_placed_whole_and_withheld_ones_are_not(town):
    found = dict(rows("SELECT sector_code, sum(persons) FROM population_point GROUP BY 1"))
    assert found == pytest.approx({"west": 900, "north_east": 400})


def test_the_same_data_give_the_same_figures_again(own_town):
    before = scores(), indicators()
    first = refresh(NIS)
    second = refresh(NIS)
    assert (scores(), indicators()) == before
    assert second.run_id > first.run_id


def test_earlier_runs_stay_and_the_latest_is_the_current_one(own_town):
    ((earlier,),) = rows("SELECT id FROM current_run")
    kept = rows("SELECT count(*) FROM location_score WHERE run_id = :id", id=earlier)
    write("UPDATE shop_unit SET floor_area_m2 = 1 WHERE local_code = 'H1'")
    later = refresh(NIS)
    assert rows("SELECT id FROM current_run") == [(later.run_id,)]
    assert rows("SELECT count(*) FROM location_score WHERE run_id = :id", id=earlier) == kept == [(12,)]
    # The list shows each unit once, with the figures of the current run.
    assert rows("SELECT count(*) FROM qgis.shop_unit") == [(12,)]


def test_inhabitants_are_kept_once_and_not_once_a_run(own_town):
    before = rows("SELECT sum(persons) FROM population_point")
    refresh(NIS)
    assert rows("SELECT sum(persons) FROM population_point") == [(pytest.approx(before[0][0]),)]


def test_a_unit_off_the_streets_is_listed_without_a_score(client, own_town):
    write(
        "INSERT INTO shop_unit (nis_code, local_code, geom) "
        "VALUES (:nis, 'far', st_setsrid(st_makepoint(75000, 205000), 31370))",
        nis=NIS,
    )
    refresh(NIS)
    (far,) = [unit for unit in units(client) if unit["local_code"] == "far"]
    assert far["score"] is None
    assert rows("SELECT parameters->'off_streets' FROM current_run") == [(1,)]


def test_without_sectors_the_inhabitants_of_the_whole_municipality_are_spread(own_town):
    write("DELETE FROM stat_sector")
    refresh(NIS)
    assert rows("SELECT round(sum(persons)) FROM population_point") == [(1300,)]


def test_without_any_inhabitants_known_the_criterion_is_missing_and_not_zero(client, own_town):
    write("DELETE FROM stat_sector")
    write("UPDATE municipality SET population = NULL")
    refresh(NIS)
    detail = good(client.get(f"/api/shop-units/{own_town.units['H1']}"))["score_detail"]
    assert detail["missing"] == ["catchment_population"]


# -- all or nothing -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "obstacle",
    [
        # The last result a refresh writes before it is done, and one in the middle.
        "ALTER TABLE analysis_run ADD CONSTRAINT obstacle CHECK (state <> 'done') NOT VALID",
        "ALTER TABLE location_score ADD CONSTRAINT obstacle CHECK (score < 0) NOT VALID",
    ],
)
def test_a_refresh_that_fails_half_way_leaves_the_earlier_figures_as_they_were(client, own_town, obstacle):
    write("UPDATE shop_unit SET floor_area_m2 = 999 WHERE local_code = 'H1'")
    write("UPDATE footfall_count SET value = 77 WHERE sensor_id = :id", id=own_town.sensors["side"])
    before, listed = everything(), units(client)
    write(obstacle)
    with pytest.raises(IntegrityError, match="obstacle"):
        refresh(NIS)
    assert everything() == before
    assert units(client) == listed
    assert good(client.get(f"/api/municipalities/{NIS}"))["is_stale"] is True


def test_readers_see_the_earlier_figures_until_all_are_new(client, own_town):
    listed = units(client)
    seen = []

    def look(step: str) -> None:
        seen.append((step, units(client) == listed))

    write("UPDATE occupancy SET is_anchor = true WHERE occupant_name = 'Shop H1'")
    refresh(NIS, progressed=look)
    assert [same for _, same in seen] == [True] * len(STEPS)
    assert units(client) != listed


def test_a_city_that_knows_no_floor_area_at_all_gets_its_figures_too(client, own_town):
    write("UPDATE shop_unit SET floor_area_m2 = NULL, gross_area_m2 = NULL, frontage_m = NULL, street = NULL")
    refresh(NIS)
    for path in (
        "vacancy",
        "vacancy/series",
        "vacancy/durations",
        "vacancy/flows",
        "vacancy/chains",
        "vacancy/outlook",
        "vacancy-clusters",
        "vacancy-clusters/history",
        "vacancy-notions",
        "worklist",
        "exports/vacancy.pdf",
        "exports/vacancy-rates.xlsx",
        "shop-units/points",
    ):
        answer = client.get(f"/api/{path}", params={"municipality": NIS})
        assert answer.status_code == 200, (path, answer.text)
    told = good(client.get("/api/vacancy", params={"municipality": NIS}))
    assert told["floor_area"]["reason"] == "coverage"
    assert told["units"]["denominator"] > 0


# -- stale --------------------------------------------------------------------------------------


def test_figures_are_stale_after_a_write_and_fresh_after_a_refresh(client, own_town):
    assert stale() == [EMPTY_NIS]
    write("UPDATE vacancy_spell SET market_status = 'listed'")
    assert stale() == [NIS, EMPTY_NIS]
    assert good(client.get(f"/api/municipalities/{NIS}"))["is_stale"] is True
    refresh(NIS)
    assert stale() == [EMPTY_NIS]
    assert good(client.get(f"/api/municipalities/{NIS}"))["is_stale"] is False


def test_figures_of_an_earlier_version_of_the_application_are_stale(own_town):
    write("UPDATE analysis_run SET code_version = '0.0.1'")
    assert stale() == [NIS, EMPTY_NIS]


def test_what_somebody_writes_during_a_refresh_makes_it_stale(own_town):
    def meanwhile(step: str) -> None:
        if step == "scores":
            write("UPDATE shop_unit SET note = 'meanwhile' WHERE local_code = 'H1'")

    refresh(NIS, progressed=meanwhile)
    assert NIS in stale()


def test_flags_that_a_refresh_writes_itself_do_not_make_it_stale(own_town):
    write("UPDATE footfall_count SET quality_flag = 4 WHERE sensor_id = :id", id=own_town.sensors["side"])
    refresh(NIS)
    assert rows("SELECT count(*) FROM footfall_count WHERE quality_flag = 4") == [(0,)]
    assert stale() == [EMPTY_NIS]


# -- what cannot be computed --------------------------------------------------------------------


def test_without_streets_a_refresh_says_which_to_import(own_town):
    write("DELETE FROM street_segment")
    with pytest.raises(NotAnswerable) as caught:
        refresh(NIS)
    assert "no streets" in caught.value.detail
    assert "kernkaart import osm" in caught.value.way_out
    assert rows("SELECT count(*) FROM analysis_run") == [(1,)]


def test_without_shop_units_a_refresh_says_what_to_import(own_town):
    with pytest.raises(NotAnswerable) as caught:
        refresh(EMPTY_NIS)
    assert f"--municipality {EMPTY_NIS}" in caught.value.way_out


def test_a_municipality_that_is_not_known_cannot_be_refreshed(own_town):
    with pytest.raises(NotFound):
        refresh("00000")


def test_one_unit_alone_is_refreshed(client, own_town):
    write("DELETE FROM shop_unit WHERE local_code <> 'H2'")
    result = refresh(NIS)
    assert result.scored == 1
    (unit,) = units(client)
    assert (unit["score"]["rank"], unit["score"]["of"]) == (1, 1)


def test_units_of_which_none_is_vacant_are_scored_and_not_ranked(client, own_town):
    write("DELETE FROM vacancy_spell")
    assert refresh(NIS).scored == 12
    assert {unit["score"]["rank"] for unit in units(client)} == {None}
    assert good(client.get(f"/api/scores?municipality={NIS}"))["items"] == []


# -- the command --------------------------------------------------------------------------------


def test_the_command_refreshes_what_is_asked_and_says_how_it_went(own_town):
    result = run("--municipality", NIS)
    assert result.exit_code == 0, result.output
    assert "Papierstad: 12 units scored, 0 vacancy clusters" in result.stderr
    assert "1 of 1 refreshed" in result.stdout


def test_the_command_goes_on_after_a_municipality_that_cannot_be_refreshed(own_town):
    result = run()
    assert result.exit_code == 1
    assert "no shop units yet" in result.stderr
    assert "1 of 2 refreshed" in result.stdout


def test_the_command_goes_on_after_a_fault_of_ours(own_town):
    write("ALTER TABLE location_score ADD CONSTRAINT obstacle CHECK (score < 0) NOT VALID")
    result = run()
    assert result.exit_code == 1
    assert "something went wrong on our side" in result.stderr
    assert "no shop units yet" in result.stderr
    assert "0 of 2 refreshed" in result.stdout


def test_the_command_leaves_fresh_figures_alone_when_asked_to(own_town):
    write("DELETE FROM municipality WHERE nis_code = :nis", nis=EMPTY_NIS)
    before = everything()
    result = run("--if-stale")
    assert (result.exit_code, everything()) == (0, before)
    assert "up to date" in result.stdout


def test_the_command_names_a_municipality_that_is_not_known(town):
    result = run("--municipality", "00000")
    assert result.exit_code == 2
    assert "Not known here: 00000" in result.stderr
    assert "kernkaart municipality list" in result.stderr
