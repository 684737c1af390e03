"""Two fictional towns, refreshed, and beside them the paper town, which is not: for the rings that look from outside."""

import datetime as dt

from api.commands.console import progress
from api.commands.demo import SEED, write_towns
from api.refresh import refresh
from tests import town_database

# As they come out of the demo: in the first, chance explains every gap; the second has a cluster.
CALM, CLUSTERED = "31022", "31004"
UNREFRESHED, EMPTY = town_database.NIS, town_database.EMPTY_NIS
UNTIL = dt.date(2026, 11, 24)


def fill() -> None:
    """Fill the database that the application is pointed at."""
    with progress() as bar:
        task = bar.add_task("demo", visible=False)
        written = list(write_towns(2, seed=SEED, until=UNTIL, count_days=150, bar=bar, task=task))
    assert [code for code, _ in written] == [CALM, CLUSTERED]
    for nis_code, _ in written:
        refresh(nis_code)
    town_database.fill()
