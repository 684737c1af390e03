"""Speeds as a CSV for spreadsheets, out and in again."""

import csv
from collections.abc import Iterable
from pathlib import Path

from api.streets.speeds import Speed, usual_speeds

COLUMNS = ("municipality", "mode", "street_class", "value", "unit", "set_by", "source")
NEEDED = ("mode", "street_class", "value")


class Refused(ValueError):
    """A file of speeds that cannot be used: what is wrong, the way out, and each faulty line."""

    def __init__(self, what: str, way_out: str, lines: Iterable[str] = ()) -> None:
        super().__init__(what)
        self.what, self.way_out, self.lines = what, way_out, list(lines)


def write_speeds(path: Path, speeds: Iterable[Speed], municipality: str | None) -> None:
    """Write speeds (UTF-8 with BOM, semicolons); an empty municipality is the whole deployment."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(COLUMNS)
        for speed in speeds:
            # Of the whole deployment, whichever municipality's list it stands in.
            if speed.street_class == "off_street" and municipality is not None:
                continue
            # The source of a usual speed would be told of whatever stands there later.
            source = speed.source if speed.origin != "default" else None
            row = (speed.mode, speed.street_class, f"{speed.value:.10g}", speed.unit, speed.origin, source)
            writer.writerow((municipality or "", *row))


def read_speeds(path: Path, municipality: str | None) -> dict[str | None, list[Speed]]:
    """
    Speeds by municipality, None for the deployment.

    Parameters
    ----------
    municipality
        Where a file without a column of that name belongs; with one, no other may stand in it.

    Raises
    ------
    Refused
        With every line that cannot be read.
    """
    rows = _rows(path)
    found: dict[str | None, list[Speed]] = {}
    faults = []
    for number, row in enumerate(rows, 2):
        try:
            nis_code, speed = _speed_of(row, municipality)
        except ValueError as error:
            faults.append(f"line {number}: {error}")
            continue
        if any(known.key == speed.key for known in found.get(nis_code, ())):
            faults.append(f"line {number}: {speed.mode} on {speed.street_class} stands there twice")
        found.setdefault(nis_code, []).append(speed)
    if faults:
        raise Refused(
            f"{len(faults)} lines cannot be used.", "Correct them and import the file again.", faults
        )
    if not found:
        raise Refused(
            "There are no speeds in it.", "kernkaart speeds export FILE.csv writes one to begin with."
        )
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Refused(f"It cannot be read: {error.strerror}.", "Check the name of the file.") from None
    except UnicodeDecodeError:
        raise Refused("It is not text in UTF-8.", "Save it as CSV UTF-8.") from None
    first = text.splitlines()[0] if text else ""
    delimiter = max(";,\t", key=first.count)
    reader = csv.DictReader(text.splitlines(), delimiter=delimiter)
    names = [(name or "").strip().lower() for name in reader.fieldnames or []]
    reader.fieldnames = names
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise Refused(
            f"It has no column {', '.join(missing)}.", f"Give the columns {', '.join(COLUMNS)}, in any order."
        )
    return [
        {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)} for row in reader
    ]


def _speed_of(row: dict[str, str], municipality: str | None) -> tuple[str | None, Speed]:
    key = (row["mode"], row["street_class"])
    usual = usual_speeds().get(key)
    if usual is None:
        raise ValueError(f"there is no speed of {key[0]!r} on {key[1]!r}")
    try:
        value = float(row["value"].replace(",", "."))
    except ValueError:
        raise ValueError(f"value {row['value']!r} is not a number") from None
    if row.get("unit", "") not in ("", usual.unit):
        raise ValueError(f"{key[1]} is in {usual.unit}, not in {row['unit']}")
    nis_code = row.get("municipality") or (None if "municipality" in row else municipality)
    if municipality is not None and nis_code != municipality:
        raise ValueError(f"it is of {nis_code or 'the whole deployment'}, not of {municipality}")
    speed = Speed(
        mode=key[0], street_class=key[1], value=value, unit=usual.unit, source=row.get("source") or None
    )
    return nis_code, speed
