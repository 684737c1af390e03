"""What a map asks of a hundred thousand parcels, as ordinary askers: by which index PostgreSQL answers, and what it reads."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from pyproj import Transformer
from sqlalchemy import event
from starlette.testclient import TestClient

from api import access
from api.db.session import get_async_engine, get_engine
from api.export.catalogue import LAYERS
from api.tiles import LAYERS as DRAWN
from tests.api.accounts import account_with, share
from tests.api.test_tiles import tile_of
from tests.conftest import use_database
from tests.large_town import MIDDLE, NIS, TABLES

# Looked at closely, a map is some 400 m wide: a few hundred parcels of the 102,400.
MOST_ROWS = 5_000
TO_DEGREES = Transformer.from_crs(31370, 4326, always_xy=True)
# On a parcel, not in the gap between two.
LON, LAT = TO_DEGREES.transform(MIDDLE[0] + 10, MIDDLE[1] + 10)
BOX = (*MIDDLE, MIDDLE[0] + 400, MIDDLE[1] + 300)
METRES = ",".join(f"{value:.0f}" for value in BOX)
DEGREES = ",".join(f"{value:.6f}" for value in (LON, LAT, *TO_DEGREES.transform(*BOX[2:])))
EPSG = "http://www.opengis.net/def/crs/EPSG/0/31370"
# The work list holds every unit against all streets of its town: it is a list, and no map asks it by a box.
BY_BOX = [layer.name for layer in LAYERS if layer.name != "worklist"]
# What is of parcels and shop units is open to all askers, and there is something of it wherever they look.
OF_THE_LARGEST = re.compile(r"/(parcels?|shop.units?)([/?]|$)")
COUNTED = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
# PostgreSQL tells whoever asks the plan that it followed, with the rows that it read.
TELL = (
    "LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0; SET auto_explain.log_analyze = on; "
    "SET auto_explain.log_timing = off; SET auto_explain.log_format = json; SET auto_explain.log_level = notice"
)


def addresses() -> list[str]:
    """What a map asks where it is looked at closely, of every layer of the catalogues."""
    (x, y, *_), (wide_x, wide_y, *_) = tile_of(LON, LAT, 16), tile_of(LON, LAT, 15)
    town, ogc = f"municipality={NIS}", "/api/ogc/collections"
    return [
        *(f"/api/tiles/{layer}/16/{x}/{y}.mvt" for layer in DRAWN),
        f"/api/tiles/parcel/15/{wide_x}/{wide_y}.mvt",
        *(f"{ogc}/{name}/tiles/WebMercatorQuad/16/{y}/{x}" for name in BY_BOX),
        *(f"{ogc}/{name}/items?f=json&limit=1000&bbox={METRES}&bbox-crs={EPSG}" for name in BY_BOX),
        *(f"{ogc}/{name}/items?f=json&limit=1000&bbox={DEGREES}" for name in ("parcels", "shop-units")),
        *(f"{ogc}/{name}/items/10000?f=json" for name in ("parcels", "shop-units")),
        f"/api/parcels?{town}&bbox={DEGREES}",
        f"/api/parcels/at?lon={LON}&lat={LAT}",
        "/api/parcels/50000",
        f"/api/shop-units?{town}&bbox={DEGREES}",
        "/api/shop-units/10000",
        f"/api/street-segments/near?lon={LON}&lat={LAT}&mode=walk",
    ]


def is_told_by_design(table: str, path: str) -> bool:
    """A rank is told with how many units have one: those of the whole town."""
    return table == "location_score" and path.startswith("/api/shop-units")


@dataclass
class Plans:
    """What PostgreSQL told since this was last emptied."""

    told: list[dict[str, Any]] = field(default_factory=list)

    def listen(self, notice: Any) -> None:
        """Keep a plan that is told."""
        _, is_plan, plan = (notice.message_primary or "").partition("plan:")
        if is_plan:
            self.told.append(json.loads(plan)["Plan"])

    def steps(self) -> Iterator[dict[str, Any]]:
        """Every step that was taken."""
        waiting = list(self.told)
        while waiting:
            step = waiting.pop()
            waiting += step.get("Plans", [])
            if step["Actual Loops"]:
                yield step

    def read(self) -> dict[str, tuple[int, set[str]]]:
        """Per large table the rows that were read of it, and how."""
        found: dict[str, tuple[int, set[str]]] = defaultdict(lambda: (0, set()))
        for step in self.steps():
            if (table := step.get("Relation Name")) in TABLES:
                rows, ways = found[table]
                here = sum(step.get(name, 0) for name in COUNTED) * step["Actual Loops"]
                found[table] = rows + here, {*ways, step["Node Type"]}
        return found


@pytest.fixture(scope="module")
def plans(large_town_url: str) -> Plans:
    use_database(large_town_url)
    kept = Plans()

    @event.listens_for(get_engine(), "connect")
    @event.listens_for(get_async_engine().sync_engine, "connect")
    def tell(connection: Any, _: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(TELL)
        cursor.close()
        connection.commit()
        getattr(connection, "driver_connection", connection).add_notice_handler(kept.listen)

    return kept


@pytest.fixture(scope="module")
def shown(plans: Plans) -> dict[str, str | None]:
    """The secret that each asker shows: nobody, and an account of this one town."""
    share("public", "ground", "units", nis=NIS)
    return {"nobody": None, "officer": account_with("officer", NIS)[1]}


@pytest.mark.parametrize("who", ["nobody", "officer"])
def test_where_a_map_is_looked_at_closely_few_rows_are_read_and_no_large_table_whole(
    plans, shown, client: TestClient, who
):
    client.cookies.clear()
    if secret := shown[who]:
        client.cookies.set(access.COOKIE, secret)
    wrong, answers = [], {}
    for path in addresses():
        plans.told.clear()
        answers[path] = client.get(path).status_code
        read = plans.read()
        for table, (rows, ways) in read.items():
            if not is_told_by_design(table, path) and (rows > MOST_ROWS or "Seq Scan" in ways):
                wrong.append((path, table, rows, ways))
        if OF_THE_LARGEST.search(path) and (answers[path] != 200 or not read):
            wrong.append((path, answers[path], "nothing was read"))
    assert wrong == []
    # Layers of other subjects are refused to nobody, and most are empty here.
    assert set(answers.values()) == {200, 204} | ({401} if who == "nobody" else set())
