import re
import stat
from pathlib import Path

import pytest
from sqlalchemy import make_url

from launch import container
from launch.places import ROOT


def test_passwords_are_made_once_for_their_owner_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / ".env"
    assert container.write_passwords(file) == 0
    made = file.read_text()
    values = dict(line.split("=") for line in made.splitlines())
    assert set(values) == set(container.PASSWORDS)
    assert len(set(values.values())) == len(container.PASSWORDS)
    assert all(re.fullmatch("[0-9a-f]{48}", value) for value in values.values())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    assert container.write_passwords(file) == 1
    assert file.read_text() == made
    assert "left as it is" in capsys.readouterr().err


def test_any_password_survives_the_address_of_the_database() -> None:
    password = "p@ss:w/rd?#%&é'"
    url = make_url(container.database_url({"KERNKAART_DB_PASSWORD": password, "KERNKAART_DB_HOST": "db"}))
    assert (url.password, url.host, url.username, url.database) == (password, "db", "kernkaart", "kernkaart")


def test_a_whole_address_comes_before_its_parts() -> None:
    whole = "postgresql+psycopg://a:b@c:1/d"
    assert container.database_url({"KERNKAART_DATABASE_URL": whole, "KERNKAART_DB_PASSWORD": "x"}) == whole


def test_without_a_password_the_container_stops_with_the_way_out() -> None:
    with pytest.raises(SystemExit, match="passwords") as stopped:
        container.database_url({})
    assert "KERNKAART_DB_PASSWORD is not set" in str(stopped.value)


def test_the_image_copies_only_what_is_there_and_what_docker_may_see() -> None:
    copies = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    sources = [source for line in copies for source in line.split()]
    let_through = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), flags=re.MULTILINE)
    assert sources
    assert not [source for source in sources if not (ROOT / source).exists()]
    assert not [source for source in sources if source.strip("/").split("/")[0] not in let_through]


def test_compose_asks_for_every_password_and_holds_none() -> None:
    compose = (ROOT / "docker-compose.yml").read_text()
    given = re.findall(r"^\s+(\w*PASSWORD\w*):\s*(.+)$", compose, flags=re.MULTILINE)
    assert {name for name, _ in given} == set(container.PASSWORDS)
    assert all(value.startswith("${" + name + ":?") for name, value in given)
    assert re.findall(r'- "([\d.]+):', compose) == ["127.0.0.1"]
