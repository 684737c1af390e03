"""An invented extract of the company register: numbers that fulfil its rule but begin with 8, which none does."""

import csv
import zipfile
from dataclasses import dataclass
from pathlib import Path

COLUMNS = {
    "meta": "Variable,Value",
    "code": "Category,Code,Language,Description",
    "enterprise": "EnterpriseNumber,Status,JuridicalSituation,TypeOfEnterprise,JuridicalForm,JuridicalFormCAC,StartDate",
    "establishment": "EstablishmentNumber,StartDate,EnterpriseNumber",
    "branch": "Id,StartDate,EnterpriseNumber",
    "denomination": "EntityNumber,Language,TypeOfDenomination,Denomination",
    "address": "EntityNumber,TypeOfAddress,CountryNL,CountryFR,Zipcode,MunicipalityNL,MunicipalityFR,StreetNL,StreetFR,"
    "HouseNumber,Box,ExtraAddressInfo,DateStrikingOff",
    "contact": "EntityNumber,EntityContact,ContactType,Value",
    "activity": "EntityNumber,ActivityGroup,NaceVersion,NaceCode,Classification",
}


@dataclass(frozen=True)
class Company:
    """One establishment and its enterprise; what is left out is the ordinary case."""

    serial: int
    street: str = "High Street"
    house_number: str = "1"
    name: str | None = "Winkel"
    nace: tuple[str, ...] = ("47711",)
    box: str = ""
    postcode: str = "9999"
    started: str = "01-03-2019"
    struck_off: str = ""
    is_legal: bool = True
    kind: str = "BAET"


def checked(eight: int) -> str:
    """A number of the register: eight digits and the two that follow from them."""
    return f"{eight:08d}{97 - eight % 97:02d}"


def establishment_number(serial: int) -> str:
    return checked(80_000_000 + serial)


def enterprise_number(serial: int) -> str:
    return checked(9_000_000 + serial)


def dotted(number: str) -> str:
    """As the register writes it: 2.000.000.339 and 0403.449.823."""
    if number[0] == "0":
        return f"{number[:4]}.{number[4:7]}.{number[7:]}"
    return f"{number[0]}.{number[1:4]}.{number[4:7]}.{number[7:]}"


def tables(
    companies: list[Company], *, snapshot: str = "01-06-2026", kind: str = "full"
) -> dict[str, list[tuple]]:
    """The rows of every table, numbers with dots in some and without in others."""
    rows: dict[str, list[tuple]] = {name: [] for name in COLUMNS}
    rows["meta"] = [("SnapshotDate", snapshot), ("ExtractType", kind), ("Version", "R022.00")]
    for one in companies:
        here, owner = establishment_number(one.serial), enterprise_number(one.serial)
        rows["enterprise"].append(
            (dotted(owner), "AC", "000", "2" if one.is_legal else "1", "014", "", "01-01-2010")
        )
        rows["establishment"].append((dotted(here), one.started, dotted(owner)))
        if one.name is not None:
            rows["denomination"].append((dotted(here), "2", "003", one.name))
            rows["denomination"].append((dotted(owner), "2", "001", f"{one.name} Holding"))
        address = (
            "",
            "",
            one.postcode,
            "Papierstad",
            "Ville-Papier",
            one.street,
            "",
            one.house_number,
            one.box,
            "",
        )
        rows["address"].append((dotted(owner), "REGO", *address, ""))
        rows["address"].append((dotted(here), one.kind, *address, one.struck_off))
        for code in one.nace:
            rows["activity"].append((here, "001", "2008", code, "MAIN"))
            rows["activity"].append((here, "001", "2003", "52420", "MAIN"))
        rows["contact"].append((dotted(here), "EST", "TEL", "056 12 34 56"))
    return rows


def write_folder(folder: Path, rows: dict[str, list[tuple]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, columns in COLUMNS.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL)
            writer.writerow(columns.split(","))
            writer.writerows(rows[name])
    return folder


def write_zip(path: Path, rows: dict[str, list[tuple]]) -> Path:
    folder = write_folder(path.with_suffix(""), rows)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in sorted(folder.iterdir()):
            packed.write(part, part.name)
    return path
