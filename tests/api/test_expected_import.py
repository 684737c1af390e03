import csv
import re
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from api.__main__ import app as command
from api.db.session import get_engine
from tests.api.conftest import good
from tests.town_database import NIS, rows

FILE = Path(__file__).parents[1] / "data" / "expected_vacancies.csv"


def run(*words: object) -> str:
    result = CliRunner().invoke(command, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result.output


def imported(path: Path) -> str:
    return run("import", "expected-vacancies", path, "--municipality", NIS)


def shown(client) -> list[dict]:
    return good(client.get("/api/vacancy/expected", params={"municipality": NIS}))["items"]


def told(client) -> list[tuple]:
    return sorted((row["address"], row["kind"], row["expected_on"]) for row in shown(client))


@pytest.fixture
def write(tmp_path):
    def put(*lines: str) -> Path:
        path = tmp_path / "expected.csv"
        path.write_text(
            "\n".join(("code;straat;huisnr;bus;soort;datum;bron", *lines)) + "\n", encoding="utf-8"
        )
        return path

    return put


def test_a_file_of_closings_and_leases_is_on_the_list_and_in_the_panel_and_comes_off_again(client, own_town):
    said = imported(FILE)
    assert told(client) == [
        ("High Street 1", "announced_closing", "2026-12-31"),
        ("High Street 4", "lease_end", "2027-06-30"),
        ("High Street 5", "announced_closing", None),
        ("Side Street 1", "other", None),
    ]
    (first,) = [row for row in shown(client) if row["address"] == "High Street 1"]
    assert first["source"] == "Affiche op de etalage"
    prospects = good(client.get(f"/api/vacancy/prospects/{own_town.units['H4']}"))
    assert prospects["expected"][0]["kind"] == "lease_end"

    named = re.search(r"refused rows with reasons: (.+\.csv)", said)
    with Path(named[1]).open(encoding="utf-8-sig", newline="") as file:
        refused = {int(row["row_number"]): row["reason"] for row in csv.DictReader(file, delimiter=";")}
    assert sorted(refused) == [4, 5, 6, 7, 8, 9]
    assert "stands empty already" in refused[4]
    assert "at this address" in refused[5]
    assert "with this code" in refused[6]

    (batch,) = rows("SELECT max(id) FROM import_batch")[0]
    run("import", "--undo", batch)
    assert told(client) == []


def test_the_same_file_again_changes_nothing_and_what_a_person_put_away_stays_away(client, own_town):
    imported(FILE)
    before = rows("SELECT * FROM expected_vacancy ORDER BY id")
    imported(FILE)
    assert rows("SELECT * FROM expected_vacancy ORDER BY id") == before
    for row in shown(client):
        assert client.delete(f"/api/vacancy/expected/{row['id']}").status_code == 204
    imported(FILE)
    assert shown(client) == []


def test_a_later_file_moves_the_day_also_of_what_was_put_away_and_undo_moves_it_back(client, own_town, write):
    imported(write("H1;;;;sluiting;01/02/2027;krant", "H4;;;;sluiting;01/02/2027;krant"))
    put_away = next(row["id"] for row in shown(client) if row["address"] == "High Street 4")
    client.delete(f"/api/vacancy/expected/{put_away}")
    imported(write("H1;;;;sluiting;01/05/2027;krant", "H4;;;;sluiting;01/05/2027;krant"))
    assert told(client) == [
        ("High Street 1", "announced_closing", "2027-05-01"),
        ("High Street 4", "announced_closing", "2027-05-01"),
    ]
    (batch,) = rows("SELECT max(id) FROM import_batch")[0]
    run("import", "--undo", batch)
    assert told(client) == [("High Street 1", "announced_closing", "2027-02-01")]


def test_what_a_person_entered_twice_is_met_once(client, own_town, write):
    given = {"shop_unit_id": own_town.units["H1"], "kind": "lease_end"}
    keys = [client.post("/api/vacancy/expected", json=given).json()["id"] for _ in range(2)]
    imported(write("H1;;;;einde huur;01/05/2027;krant"))
    assert {row["id"]: row["expected_on"] for row in shown(client)} == {keys[0]: None, keys[1]: "2027-05-01"}


def test_an_address_with_several_units_needs_the_box_or_means_the_one_without(client, own_town, write):
    with_box = "UPDATE shop_unit SET street = 'High Street', house_number = '5', box = {} WHERE local_code = '{}' RETURNING id"

    def change(statement: str) -> None:
        with get_engine().begin() as connection:
            connection.execute(text(statement))

    change(with_box.format("'1'", "H5"))
    change(with_box.format("'2'", "H4"))
    line = ";High Street;5;{};sluiting;01/05/2027;krant"
    assert "Several shop units" in rows_refused(imported(write(line.format(""))))
    assert shown(client) == []
    imported(write(line.format("bus 2")))
    (row,) = shown(client)
    assert row["shop_unit_id"] == own_town.units["H4"]
    change("UPDATE shop_unit SET box = NULL WHERE local_code = 'H5'")
    imported(write(line.format("")))
    assert {row["shop_unit_id"] for row in shown(client)} == {own_town.units["H4"], own_town.units["H5"]}


def rows_refused(said: str) -> str:
    named = re.search(r"refused rows with reasons: (.+\.csv)", said)
    return Path(named[1]).read_text(encoding="utf-8-sig")
