"""What is kept of a municipality for catchments is read for everybody, and told only to whoever may know it."""

import shutil

import pytest
from sqlalchemy import text

from api import access
from api.catchment import held, networks
from api.db.session import get_engine
from api.settings import get_settings
from tests.api.accounts import account_with, share
from tests.api.conftest import good
from tests.town_database import EMPTY_NIS, NIS

SUBJECTS = ("ground", "units", "parking", "footfall", "reach")
FIGURES = {
    "population": "ground",
    "shop_units": "units",
    "vacant_units": "units",
    "floor_area_m2": "units",
    "parking_spaces": "parking",
    "sensors": "footfall",
}


@pytest.fixture
def place(own_town, client):
    return good(client.get(f"/api/shop-units/{own_town.units['H2']}"))


def asked_by(client, secret, place, **more):
    client.cookies.clear()
    if secret:
        client.cookies.set(access.COOKIE, secret)
    query = {"lon": place["lon"], "lat": place["lat"], "minutes": "1,5", **more}
    body = good(client.get("/api/catchment", params=query))
    return max((each["properties"] for each in body["features"]), key=lambda band: band["band"]), body


def forget():
    held._kept.clear()
    networks._held.clear()
    shutil.rmtree(get_settings().home / "networks", ignore_errors=True)


@pytest.mark.parametrize("first", ["officer", "nobody"])
@pytest.mark.parametrize("hidden", SUBJECTS[:4])
def test_whoever_asks_first_everybody_is_told_what_they_may_know(client, place, first, hidden):
    share("public", *SUBJECTS)
    share("own", hidden)
    askers = {"officer": account_with("officer", NIS)[1], "nobody": None}
    forget()
    order = [first, *(who for who in askers if who != first)]
    told = {who: asked_by(client, askers[who], place)[0] for who in order}
    for figure, subject in FIGURES.items():
        known = told["officer"][figure]
        assert known is not None, figure
        assert told["nobody"][figure] == (None if subject == hidden else known)
    assert (told["nobody"]["branches"] == {}) == (hidden == "units")


def test_what_is_left_out_is_named_and_is_in_nobody_elses_list(client, place):
    share("public", *SUBJECTS)
    share("partners", "units")
    own, partner = account_with("officer", NIS)[1], account_with("officer", EMPTY_NIS)[1]
    forget()
    branch = {"competitor_branch": "clothing"}
    mine, body = asked_by(client, own, place, **branch)
    assert mine["shop_units"] > 0
    assert len(body["catchment"]["competitors"]) > 0
    assert body["catchment"]["withheld"] == []
    # A catchment may hold a single shop, so partners do not add up there.
    for who in (partner, None):
        theirs, other = asked_by(client, who, place, **branch)
        assert theirs["shop_units"] is None
        assert other["catchment"]["competitors"] == []
        assert other["catchment"]["withheld"] == [{"nis_code": NIS, "subjects": ["units"]}]


def test_a_network_has_every_street_whoever_asked_first(client, place):
    share("public", *SUBJECTS)
    officer = account_with("officer", NIS)[1]
    share("own", "ground")
    with get_engine().begin() as connection:
        connection.execute(text("UPDATE municipality SET street_version = street_version + 1"))
    forget()
    asked_by(client, None, place)
    assert asked_by(client, officer, place)[0]["population"] > 0
