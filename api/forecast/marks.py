"""What makes days special, in the order in which a person names them."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from api.forecast import reading

Marks = dict[date, list[dict[str, Any]]]


def marks(session: Session, nis_code: str, first: date, last: date) -> Marks:
    """List holidays, events, markets, school holidays, sales and the neighbours' holidays per day."""
    days = reading.calendar(session, nis_code, first, last)
    events = reading.local_events(session, nis_code)
    found: Marks = {}
    for at, row in days.iterrows():
        day = pd.Timestamp(str(at)).date()
        named = [
            ("holiday", row["holiday"]),
            *(("event", name) for name in _on(events, day)),
            ("market", True if row["is_market"] else None),
            ("school_holiday", row["school_holiday"]),
            ("sales", True if row["is_sales"] else None),
            ("neighbour_holiday", row["neighbour_holiday"]),
        ]
        found[day] = [
            {"kind": kind, "name": name if isinstance(name, str) else None}
            for kind, name in named
            if pd.notna(name)
        ]
    return found


def _on(events: pd.DataFrame, day: date) -> list[str]:
    begin, end = pd.Timestamp(day), pd.Timestamp(day + timedelta(days=1))
    return [str(name) for name in events.loc[(events["starts"] < end) & (events["ends"] > begin), "name"]]
