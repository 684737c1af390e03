import shlex

from typer.testing import CliRunner

from api.__main__ import app as command
from tests.api.conftest import good, problem
from tests.town_database import EMPTY_NIS, NIS

WHY = "Horeca telt mee; zie 'handleiding'"


def run(*words: object, fails: bool = False) -> str:
    result = CliRunner().invoke(command, ["breaks", *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert (result.exit_code != 0) == fails, result.output
    return " ".join(result.output.split())


def shown(client) -> list[dict]:
    return good(client.get("/api/series-breaks", params={"municipality": NIS}))["items"]


def test_a_break_is_added_corrected_and_removed_and_what_is_printed_takes_it_back(client, own_town):
    said = run("add", "2022-01-01", "--municipality", NIS, "--reason", WHY, "--source", "Handleiding")
    (row,) = shown(client)
    assert (row["breaks_on"], row["kind"], row["reason"]) == ("2022-01-01", "definition", WHY)
    assert f"To undo: kernkaart breaks remove {row['id']}" in said
    assert WHY in run("list", "--municipality", NIS)

    run("change", row["id"], "--on", "2023-01-01", "--source", "")
    (changed,) = shown(client)
    assert (changed["breaks_on"], changed["source"], changed["reason"]) == ("2023-01-01", None, WHY)

    removed = run("remove", row["id"])
    assert shown(client) == []
    again = shlex.split(removed.partition("To undo: kernkaart breaks ")[2])
    run(*again)
    (back,) = shown(client)
    assert back | {"id": 0} == changed | {"id": 0}


def test_a_break_that_is_there_already_is_named_with_the_way_out(client, own_town):
    run("add", "2022-01-01", "--municipality", NIS, "--reason", WHY)
    run("add", "2022-01-01", "--municipality", NIS, "--reason", WHY, "--kind", "source")
    first, second = (row["id"] for row in shown(client))
    said = run("add", "2022-01-01", "--municipality", NIS, "--reason", WHY, fails=True)
    assert f"Break {first} is of 2022-01-01" in said
    run("change", second, "--kind", "definition", fails=True)
    answer = client.patch(f"/api/series-breaks/{second}", json={"kind": "definition"})
    body = problem(answer, 409)
    assert (body["code"], body["values"]) == ("break_taken", {"on": "2022-01-01"})
    # Not against itself.
    good(client.patch(f"/api/series-breaks/{second}", json={"kind": "source"}))


def test_what_cannot_be_is_refused_in_words(own_town):
    assert "No break was written down" in run("list", "--municipality", EMPTY_NIS)
    assert "The kind is not right" in run(
        "add", "2022-01-01", "--municipality", NIS, "--reason", WHY, "--kind", "weather", fails=True
    )
    assert "The reason is not right" in run(
        "add", "2022-01-01", "--municipality", NIS, "--reason", " ", fails=True
    )
    assert "nowhere" in run("list", "--municipality", "nowhere", fails=True)
    assert "Nothing is to be changed" in run("change", 1, fails=True)
    assert "There is no series break 999999" in run("remove", 999999, fails=True)
