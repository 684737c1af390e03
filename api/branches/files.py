"""Branch gaps as files for spreadsheets."""

from typing import Any

from sqlalchemy.orm import Session

from api.branches.service import Asked, get_gaps
from api.export import service as export
from api.vacancy.files import CSV, XLSX, File
from api.vacancy.tables import to_csv, to_workbook
from gis.peers import FACTS

GAPS = (
    "branch", "branch_group", "label_nl", "kind", "certainty", "n_own", "own_per_1000", "n_peers", "n_with",
    "rate_per_1000", "rate_lower_per_1000", "rate_upper_per_1000", "expected", "gap", "usual_lower", "usual_upper",
    "own_m2", "m2_per_1000", "expected_m2", "gap_m2", "usual_lower_m2", "usual_upper_m2", "n_peers_m2",
    "leakage_share", "leakage_source", "leakage_year", "online_share", "online_source", "online_year", "room_group_m2",
    "backed_gap_m2", "stance", "stance_reason", "stance_by", "stance_since", "stance_core", "scope", "peers", "source", "surveyed_on",
    "on",
)  # fmt: skip
PEERS = ("nis_code", "name_nl", "is_peer", "distance", "n_facts", *FACTS, "missing", "why_not")
FORMULAS = ("name", "branch", "n_towns")


def gaps_csv(session: Session, asked: Asked) -> File:
    """The gaps as one table."""
    told = get_gaps(session, asked)
    return _named(session, asked, to_csv(GAPS, _rows(told)), "csv", CSV)


def gaps_xlsx(session: Session, asked: Asked) -> File:
    """Gaps, towns compared with, and formulas missing here, as sheets."""
    told = get_gaps(session, asked)
    peers = [
        {**item, "missing": ", ".join(item["missing"])}
        for item in [{**told["town"], "missing": []}, *told["items"]]
    ]
    sheets: dict[str, Any] = {
        "gaps": (GAPS, _rows(told)), "peers": (PEERS, peers), "formulas": (FORMULAS, told["formulas"]),
    }  # fmt: skip
    return _named(session, asked, to_workbook(sheets), "xlsx", XLSX)


def _rows(told: dict[str, Any]) -> list[dict[str, Any]]:
    scope = told["core"]["name"] if told["core"] else told["town"]["name_nl"]
    about = {
        "scope": scope, "peers": ", ".join(item["name_nl"] for item in told["items"] if item["is_peer"]),
        "source": told["source"], "surveyed_on": told["surveyed_on"], "on": told["today"],
    }  # fmt: skip
    rows = []
    for row in told["rows"]:
        flat = {**row, **about}
        for kind in ("leakage", "online"):
            for name, value in (row[kind] or {}).items():
                flat[f"{kind}_{name}"] = value
        wish = row["wish"] or {}
        flat |= {
            "stance": wish.get("stance"), "stance_reason": wish.get("reason"), "stance_by": wish.get("made_by"),
            "stance_since": wish.get("since_on"), "stance_core": wish.get("core_code"),
        }  # fmt: skip
        rows.append(flat)
    return rows


def _named(session: Session, asked: Asked, content: bytes, ending: str, kind: str) -> File:
    return File(content, export.file_name(session, "branch-gaps", asked.nis_code, ending), kind)
