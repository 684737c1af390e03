"""Establishments of the company register out of KBO Open Data, as candidate occupants of shop units.

Tables are read one after the other, each in pieces and only for the numbers that the one before left: addresses in the
postcodes of the municipality come first, activities (1.6 GB) last. No name of a natural person is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from api.importers.kbo_files import Extract, Kept, digits, is_checked, open_extract, snapshot_of
from api.importers.opening import told_plainly
from api.importers.reading import Chunk, Reading, Request, UnreadableSource
from api.importers.refusals import CELL_EMPTIED, Notes, Refusals
from api.importers.shop_units import with_house_numbers
from api.importers.targets import conform
from api.importers.values import is_missing, parse_date

ESTABLISHMENT_ADDRESS = "BAET"
LEGAL_PERSON = "2"
# Commercial name, name, abbreviation; in Dutch, French, no language, German, English.
NAMES = ("003", "001", "002")
LANGUAGES = ("2", "1", "0", "3", "4")
NACE_VERSIONS = ("2025", "2008")
MAIN_FIRST = ("MAIN", "SECO")
_SUFFIX = re.compile(r"\s*\([^)]*\)\s*$")
_ADDRESS = ("EntityNumber", "TypeOfAddress", "Zipcode", "MunicipalityNL", "StreetNL", "StreetFR", "HouseNumber", "Box",
            "DateStrikingOff")  # fmt: skip


def read_companies(request: Request) -> list[Reading]:
    """Read the establishments of one municipality.

    Options: `postcodes` where the municipality's are not known, `nace_version` 2008 or 2025.

    Raises
    ------
    UnreadableSource
        No full extract, no municipality or no postcodes, or an unknown version of NACE.
    """
    postcodes = _postcodes(request)
    version = request.options.get("nace_version")
    if version is not None and version not in NACE_VERSIONS:
        raise UnreadableSource(
            f"nace_version={version} is not known here", f"Choose from {', '.join(NACE_VERSIONS)}"
        )
    notes = Notes()
    with told_plainly(request.path):
        extract = open_extract(request.path, notes)
        snapshot_on = snapshot_of(extract)
    notes.say(f"The extract describes {snapshot_on:%d/%m/%Y}; postcodes {', '.join(sorted(postcodes))}")

    def chunks() -> Iterator[Chunk]:
        with told_plainly(request.path):
            refusals = Refusals()
            frame = _addresses(extract, postcodes, refusals)
            frame = _with_enterprises(extract, frame, refusals)
            frame = _with_names(extract, frame)
            frame = _with_activities(extract, frame, version or _version_used(extract), notes)
            frame["nis_code"], frame["snapshot_on"] = request.nis_code, snapshot_on
            notes.close()
            rows = conform(frame, "company_establishment", srid=request.srid)
            yield Chunk(rows, refusals.frame(), 1.0)

    return [Reading("company_establishment", notes.sentences, chunks())]


def _postcodes(request: Request) -> set[str]:
    if request.nis_code is None:
        raise UnreadableSource(
            "The company register is read for one municipality at a time", "Name it with --municipality NIS"
        )
    given = request.options.get("postcodes")
    found = set(given.replace(" ", "").split(",")) - {""} if given else set(request.postcodes)
    if not found:
        raise UnreadableSource(
            f"The postcodes of municipality {request.nis_code} are not known",
            "Give them with --option postcodes=8790,8791",
        )
    return found


def _addresses(extract: Extract, postcodes: set[str], refusals: Refusals) -> pd.DataFrame:
    """Addresses of establishments in the postcodes; index is the row number in address.csv."""
    parts = []
    for batch in extract.batches("address", _ADDRESS):
        refusals.add_frame(batch.refused)
        raw = batch.frame
        is_ours = (raw["TypeOfAddress"].str.strip() == ESTABLISHMENT_ADDRESS) & raw[
            "Zipcode"
        ].str.strip().isin(postcodes)
        parts.append(raw.loc[is_ours])
    raw = pd.concat(parts).astype("object") if parts else pd.DataFrame(columns=list(_ADDRESS), dtype="object")
    number = digits(raw["EntityNumber"])
    wrong = ~number.map(is_checked).astype(bool)
    refusals.add_where(
        wrong,
        raw["EntityNumber"],
        column="address.csv: EntityNumber",
        reason="This is no number of the register: its last two digits do not follow from the others.",
        remedy="Download the extract again, or correct the number.",
    )
    street = raw["StreetNL"].where(~raw["StreetNL"].map(is_missing), raw["StreetFR"])
    nowhere = street.map(is_missing) & ~wrong
    refusals.add_where(
        nowhere,
        raw["EntityNumber"],
        column="address.csv: StreetNL",
        reason="The establishment has no street, so it cannot be laid beside a shop unit.",
        remedy="Nothing to do here: the register itself does not know it.",
    )
    frame = pd.DataFrame(
        {
            "establishment_number": number,
            "street": street.map(_plain, na_action="ignore"),
            "house_number": raw["HouseNumber"].map(_value),
            "box": raw["Box"].map(_value),
            "postcode": raw["Zipcode"].map(_value),
            "place": raw["MunicipalityNL"].map(_value),
            "struck_off_on": _dates(raw["DateStrikingOff"], "address.csv: DateStrikingOff", refusals),
        }
    ).loc[~wrong & ~nowhere]
    frame = _once(frame, refusals)
    # A box in the number ("12 bus 3") fills an empty box and never replaces one.
    frame["box"] = frame["box"].astype("object")
    return with_house_numbers(frame.astype({"house_number": "object"}), refusals)


def _plain(street: Any) -> Any:
    """A street without the municipality behind it: Budastraat(Kor)."""
    return None if is_missing(street) else _SUFFIX.sub("", str(street)).strip()


def _value(cell: Any) -> Any:
    return None if is_missing(cell) else str(cell).strip()


def _once(frame: pd.DataFrame, refusals: Refusals) -> pd.DataFrame:
    again = frame.duplicated("establishment_number")
    refusals.add_where(
        again,
        frame["establishment_number"],
        column="address.csv: EntityNumber",
        reason="An earlier row has an address of the same establishment.",
        remedy="Nothing to do here: the first one stands.",
    )
    kept: pd.DataFrame = frame.loc[~again].copy()
    return kept


def _dates(column: pd.Series[Any], name: str, refusals: Refusals) -> pd.Series[Any]:
    """Dates as dd-mm-yyyy; what is no date is refused and the cell left empty."""
    known: dict[Any, date | None] = {}
    for text in column.unique():
        try:
            known[text] = None if is_missing(text) else parse_date(text)
        except ValueError:
            known[text] = None
    read = column.map(known).astype("object")
    bad = read.isna() & ~column.map(is_missing).astype(bool)
    refusals.add_where(
        bad,
        column,
        column=name,
        reason=f"This is not a date.{CELL_EMPTIED}",
        remedy="Write it as 31-12-2025.",
    )
    return read


def _with_enterprises(extract: Extract, frame: pd.DataFrame, refusals: Refusals) -> pd.DataFrame:
    """Begin and enterprise of every establishment, and whether that is a natural person; unknown counts as one."""
    kept = Kept(frame["establishment_number"].tolist())
    columns = ("EstablishmentNumber", "StartDate", "EnterpriseNumber")
    found = _gather(extract, "establishment", columns, kept)
    found = found.assign(StartDate=_dates(found["StartDate"], "establishment.csv: StartDate", refusals))
    found = found.drop_duplicates("EstablishmentNumber").set_index("EstablishmentNumber")
    number = frame["establishment_number"]
    frame["started_on"] = number.map(found["StartDate"]).astype("object")
    frame["enterprise_number"] = digits(number.map(found["EnterpriseNumber"]))
    owners = Kept(frame["enterprise_number"].dropna().unique().tolist())
    types = _gather(extract, "enterprise", ("EnterpriseNumber", "TypeOfEnterprise"), owners)
    kind = types.drop_duplicates("EnterpriseNumber").set_index("EnterpriseNumber")["TypeOfEnterprise"]
    is_legal = frame["enterprise_number"].map(kind).astype("object").str.strip() == LEGAL_PERSON
    frame["is_natural_person"] = ~is_legal
    return frame


def _gather(extract: Extract, table: str, columns: tuple[str, ...], kept: Kept) -> pd.DataFrame:
    """The rows of a table whose first column is one of the numbers."""
    parts = [kept.rows(batch.frame, columns[0]) for batch in extract.batches(table, columns)]
    if not parts:
        return pd.DataFrame(columns=list(columns), dtype="object")
    return pd.concat(parts).astype("object")


def _with_names(extract: Extract, frame: pd.DataFrame) -> pd.DataFrame:
    """Name over the door, else that of the enterprise; only of legal persons, names of others are not even gathered."""
    legal = frame.loc[~frame["is_natural_person"]]
    kept = Kept([*legal["establishment_number"], *legal["enterprise_number"].unique()])
    columns = ("EntityNumber", "Language", "TypeOfDenomination", "Denomination")
    found = _gather(extract, "denomination", columns, kept)
    order = [
        _place(found[name], listed)
        for name, listed in (("TypeOfDenomination", NAMES), ("Language", LANGUAGES))
    ]
    found = found.assign(kind=order[0], language=order[1]).sort_values(["kind", "language"], kind="stable")
    names = found.drop_duplicates("EntityNumber").set_index("EntityNumber")["Denomination"]
    name = frame["establishment_number"].map(names).astype("object")
    name = name.where(name.notna(), frame["enterprise_number"].map(names).astype("object"))
    frame["name"] = name.where(~frame["is_natural_person"], None)
    return frame


def _place(column: pd.Series[Any], listed: tuple[str, ...]) -> pd.Series[Any]:
    return column.str.strip().map({value: place for place, value in enumerate(listed)}).fillna(len(listed))


def _version_used(extract: Extract) -> str:
    """The newest version of NACE that the extract holds: the same activity is there once per version."""
    for batch in extract.batches("activity", ("NaceVersion",)):
        found = set(batch.frame["NaceVersion"].str.strip())
        known = [version for version in NACE_VERSIONS if version in found]
        if known:
            return known[0]
    return NACE_VERSIONS[0]


def _with_activities(extract: Extract, frame: pd.DataFrame, version: str, notes: Notes) -> pd.DataFrame:
    """NACE codes of one version, main activities first."""
    kept = Kept(frame["establishment_number"].tolist())
    columns = ("EntityNumber", "NaceVersion", "NaceCode", "Classification")
    parts = []
    for batch in extract.batches("activity", columns):
        raw = batch.frame
        parts.append(kept.rows(raw.loc[raw["NaceVersion"].str.strip() == version], "EntityNumber"))
    found = (
        pd.concat(parts).astype("object") if parts else pd.DataFrame(columns=list(columns), dtype="object")
    )
    found["code"] = found["NaceCode"].str.replace(r"\D", "", regex=True)
    found = found.assign(place=_place(found["Classification"], MAIN_FIRST)).sort_values(
        "place", kind="stable"
    )
    found = found.drop_duplicates(["EntityNumber", "code"])
    codes = found.groupby("EntityNumber", sort=False)["code"].agg(list)
    frame["nace_codes"] = frame["establishment_number"].map(codes).astype("object")
    frame["nace_code"] = frame["nace_codes"].map(lambda listed: listed[0], na_action="ignore")
    frame["nace_version"] = pd.Series(version, index=frame.index).where(frame["nace_codes"].notna(), None)
    notes.say(f"Activities are read in NACE {version}")
    notes.count(
        "{n} establishments of natural persons are kept without a name", int(frame["is_natural_person"].sum())
    )
    notes.count("{n} establishments have no activity of their own", int(frame["nace_codes"].isna().sum()))
    return frame
