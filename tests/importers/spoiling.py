"""Ways in which a sound file is spoiled: by a bad copy, by a careless hand, or by somebody who means harm."""

import csv
import gzip
import io
import json
import random
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
from hypothesis import HealthCheck, Phase, settings

Spoil = Callable[[bytes, random.Random], bytes]


def tried(examples: int) -> settings:
    """Rules for trying spoiled files: the same ones every time, and no smaller one looked for."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


# A cell that somebody may have typed, pasted or aimed at us.
CELLS = (
    "", " ", "\u00a0", "-", "?", "n.v.t.", "NaN", "nan", "inf", "-inf", "Infinity", "null", "None", "TRUE", "0", "-0", "-1",
    "1e309", "-1e309", "1e-400", "1e18", "9" * 18, "9" * 25, "9" * 400, "0x1F", "1_000", "12,5", "1.234,56", "1,234.56",
    "1 234", "50,889", "-200", "999.999", "1/2", "\u0663\u0662", "\u00bd", "0000-00-00", "2026-02-30", "99999-01-01", "0001-01-01",
    "-4713-01-01", "9999-12-31", "31/12/9999 23:59", "1677-01-01", "2262-12-31", "2026-03-29 02:30", "2026-10-25 02:30",
    "2026-01-01T24:00:00", "2026-01-01T00:00:00+99:99", "2026-01-01T10:00+14:00", "45000", "45000.75", "1e5", "20261301",
    "=cmd|' /C calc'!A0", "@SUM(1)", "+32 56 62 12 11", "'; DROP TABLE parcel; --", "{1,2}", '{"a": [1]}', '"', "''", "\\N",
    "\\.", "a\x00b", "\x00", "\x07", "a\rb", "a\nb", "\u202eabc", "\u200b", "\ufeff", "\U0001f600" * 40, "e\u0301", "\ud800",
    "\udcff", "NULL", "%s%n", "../../etc/passwd", "<script>alert(1)</script>", "POINT(1 2)", "POINT(nan inf)",
    "POLYGON((0 0,1 1,0 1,1 0,0 0))", "POLYGON EMPTY", "34040", "99999", "34040A0001/00A000", "bezet", "leeg", "ja", "x" * 300,
    "x" * 5000, "x" * 1_000_000,
)  # fmt: skip
NUMBERS = (0, -1, 1e309, -1e309, float("nan"), 1e18, 2**63, -(2**63) - 1, 1e-320, 10**400, True, 0.1)
ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "cp437", "utf-7")


def flipped(content: bytes, rng: random.Random) -> bytes:
    """Some bits are others."""
    spoiled = bytearray(content)
    for _ in range(rng.choice([1, 1, 4, 40])):
        spoiled[rng.randrange(len(spoiled))] = rng.randrange(256)
    return bytes(spoiled)


def cut_off(content: bytes, rng: random.Random) -> bytes:
    """The copy stopped half way."""
    return content[: rng.choice([0, 1, 2, 3, len(content) - 1, rng.randrange(len(content))])]


def with_a_gap(content: bytes, rng: random.Random) -> bytes:
    """A piece is missing, or there twice, or something else stands in it."""
    start = rng.randrange(len(content))
    end = min(len(content), start + rng.choice([1, 10, 200]))
    between = rng.choice(
        [b"", content[start:end] * 2, bytes(rng.randrange(256) for _ in range(20)), b"\x00" * 50]
    )
    return content[:start] + between + content[end:]


def re_encoded(content: bytes, rng: random.Random) -> bytes:
    """Saved in another encoding."""
    return content.decode("utf-8", "replace").encode(rng.choice(ENCODINGS), "replace")


def other_line_ends(content: bytes, rng: random.Random) -> bytes:
    """Saved with other line ends, or with a mixture of them."""
    ends = [rng.choice([b"\r\n", b"\r", b"\n\n", b"\n\r", b"\x0b\n", b"\x0c"]) for _ in range(2)] + [b"\n"]
    return b"".join(line + rng.choice(ends) for line in content.replace(b"\r\n", b"\n").split(b"\n"))


def packed(content: bytes, rng: random.Random) -> bytes:
    """Packed, and then perhaps spoiled."""
    if rng.random() < 0.4:
        return rng.choice([bytes, lambda whole: flipped(whole, rng), lambda whole: cut_off(whole, rng)])(
            gzip.compress(content)
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in rng.choice(
            [["a.csv"], ["a.geojson"], ["a.json"], ["a.shp"], ["../a.csv"], ["a.csv", "b.csv"], ["x/"], []]
        ):
            archive.writestr(name, content)
    return rng.choice([bytes, lambda whole: flipped(whole, rng), lambda whole: cut_off(whole, rng)])(
        out.getvalue()
    )


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(";,|\t", key=head.count)


def table(content: bytes, rng: random.Random) -> bytes:
    """Columns and cells of a text table are others."""
    text = content.decode("utf-8", "replace")
    delimiter = _delimiter(text)
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row]
    for _ in range(rng.choice([1, 1, 2, 5])):
        rng.choice([_cell, _cell, _cell, _cell, _column, _row])(rows, rng)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=rng.choice([delimiter] * 9 + [":"]), lineterminator="\n")
    writer.writerows(rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


def _cell(rows: list[list[str]], rng: random.Random) -> None:
    row = rng.choice(rows[1:] or rows)
    if row:
        row[rng.randrange(len(row))] = rng.choice(CELLS)


def _column(rows: list[list[str]], rng: random.Random) -> None:
    place = rng.randrange(len(rows[0])) if rows[0] else 0
    kind = rng.choice(["drop", "rename", "double", "move", "fill"])
    word = rng.choice(CELLS)
    order = list(range(max(map(len, rows))))
    rng.shuffle(order)
    for i, row in enumerate(rows):
        if place >= len(row):
            continue
        if kind == "drop":
            del row[place]
        elif kind == "rename" and i == 0:
            row[place] = rng.choice([word, row[-1], "eigenaar", "id", "geometry", "row_number", "index"])
        elif kind == "double":
            row.append(row[place])
        elif kind == "move":
            row[:] = [row[k] for k in order if k < len(row)]
        elif kind == "fill" and i:
            row[place] = word


def _row(rows: list[list[str]], rng: random.Random) -> None:
    row = list(rng.choice(rows))
    rng.choice([
        lambda: rows.append(row), lambda: rows.append(row[:-1]), lambda: rows.append([*row, *row]), lambda: rows.append(row[:1]),
        lambda: rows.__delitem__(slice(1, None)), lambda: rows.insert(0, [""]), lambda: rows.insert(0, row),
        lambda: rows.extend([row] * 300), lambda: rows.__delitem__(0), lambda: rows.append([]),
    ])()  # fmt: skip
    if not rows:
        rows.append([""])


def sheet(content: bytes, rng: random.Random) -> bytes:
    """The table in a spreadsheet, with cells as Excel makes them."""
    text = content.decode("utf-8", "replace")
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=_delimiter(text)) if row]
    book = openpyxl.Workbook()
    odd = [
        *NUMBERS[:4],
        45000.5,
        -1,
        "=1/0",
        "#N/A",
        "#DIV/0!",
        pd.Timestamp("1900-01-01"),
        pd.Timestamp("9999-12-31"),
        None,
    ]
    spoiled = {(rng.randrange(len(rows)), rng.randrange(max(1, len(rows[0])))) for _ in range(3)}
    for i, row in enumerate(rows):
        for k, cell in enumerate(row):
            word = rng.choice([*odd, *CELLS[:70]]) if (i, k) in spoiled else cell
            clean = openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", word) if isinstance(word, str) else word
            book.active.cell(i + 1, k + 1).value = (
                clean.encode("utf-8", "replace").decode() if isinstance(clean, str) else clean
            )
    out = io.BytesIO()
    book.save(out)
    whole = out.getvalue()
    return whole if rng.random() < 0.7 else rng.choice([flipped, cut_off, with_a_gap])(whole, rng)


def as_json(content: bytes, rng: random.Random) -> bytes:
    """The table as a list of objects, some of whose values are others."""
    text = content.decode("utf-8", "replace")
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=_delimiter(text)) if row]
    return tree(json.dumps([dict(zip(rows[0], row, strict=False)) for row in rows[1:]]).encode(), rng)


def tree(content: bytes, rng: random.Random) -> bytes:
    """Values of a JSON tree are others."""
    try:
        found = json.loads(content)
    except ValueError:
        return content
    for _ in range(rng.choice([1, 1, 3])):
        found = _grown(found, rng)
    # Lone halves of a character pass as escapes; numbers that are none as words that JSON does not know.
    return json.dumps(found, ensure_ascii=rng.random() < 0.7).encode("utf-8", "surrogatepass")


def _grown(value: Any, rng: random.Random) -> Any:
    if not isinstance(value, dict | list) or not value or rng.random() < 0.12:
        return _odd(value, rng)
    if isinstance(value, list):
        place = rng.randrange(len(value))
        return [*value[:place], _grown(value[place], rng), *value[place + 1 :]]
    key = rng.choice(list(value))
    if rng.random() < 0.1:
        return {k: v for k, v in value.items() if k != key}
    return {**value, key: _grown(value[key], rng)}


def _odd(value: Any, rng: random.Random) -> Any:
    deep: Any = []
    for _ in range(rng.choice([3, 200])):
        deep = [deep]
    return rng.choice([
        rng.choice(CELLS), rng.choice(CELLS), rng.choice(NUMBERS), None, [], {}, [value, value], {"@id": value}, {"@value": value},
        str(value), [None], [[]], deep, {"a": {"b": [1, {"c": None}]}},
    ])  # fmt: skip


GEOMETRIES: tuple[Any, ...] = (
    None, {}, [], "POINT(1 2)", {"type": "Point", "coordinates": []}, {"type": "Polygon", "coordinates": []},
    {"type": "Polygon", "coordinates": [[]]}, {"type": "Polygon", "coordinates": [[[3.4, 50.9]]]},
    {"type": "Polygon", "coordinates": [[[3.4, 50.9], [3.5, 50.9], [3.4, 50.9]]]},
    {"type": "Polygon", "coordinates": [[[3.4, 50.8], [3.41, 50.81], [3.41, 50.8], [3.4, 50.81], [3.4, 50.8]]]},
    {"type": "Polygon", "coordinates": [[[3.4, 50.8, 9], [3.41, 50.8, 9], [3.41, 50.81, 9], [3.4, 50.8, 9]]]},
    {"type": "Polygon", "coordinates": [[[3.4, 50.8], [3.41, 50.8], [3.41, 50.81], [3.4, 50.81]]]},
    {"type": "Polygon", "coordinates": [[[50.8, 3.4], [50.8, 3.41], [50.81, 3.41], [50.8, 3.4]]]},
    {"type": "Polygon", "coordinates": [[[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]]},
    {"type": "Polygon", "coordinates": [[[1e308, 1e308], [-1e308, 1e308], [0, -1e308], [1e308, 1e308]]]},
    {"type": "Polygon", "coordinates": [[[3.4, 50.8], [3.4, 50.8], [3.4, 50.8], [3.4, 50.8]]]},
    {"type": "Point", "coordinates": [float("nan"), 50.8]}, {"type": "Point", "coordinates": [float("inf"), 50.8]},
    {"type": "Point", "coordinates": [1e400, 1]}, {"type": "Point", "coordinates": [3.4, 50.88, 1, 2, 3]},
    {"type": "Point", "coordinates": [0, 0]}, {"type": "Point", "coordinates": [83700, 175800]},
    {"type": "Point", "coordinates": ["3.4", "50.8"]}, {"type": "LineString", "coordinates": [[3.4, 50.8]]},
    {"type": "LineString", "coordinates": [[3.4, 50.8], [3.4, 50.8]]}, {"type": "LineString", "coordinates": []},
    {"type": "MultiPolygon", "coordinates": []}, {"type": "MultiPoint", "coordinates": [[3.4, 50.8], [3.41, 50.8]]},
    {"type": "MultiLineString", "coordinates": [[[3.4, 50.8], [3.41, 50.8]], []]},
    {"type": "GeometryCollection", "geometries": []}, {"type": "Curve", "coordinates": [3.4, 50.8]}, {"type": 7},
    {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [3.4, 50.8]}]},
)  # fmt: skip
SYSTEMS = (
    "EPSG:4326",
    "urn:ogc:def:crs:EPSG::31370",
    "EPSG:3812",
    "EPSG:3857",
    "EPSG:7855",
    "EPSG:99999",
    "",
    "\x00",
    31370,
    None,
)


def layer(content: bytes, rng: random.Random) -> bytes:
    """Shapes, properties and the coordinate system of a GeoJSON are others."""
    found = json.loads(content)
    for _ in range(rng.choice([1, 1, 3])):
        rng.choice([_shape, _shape, _property, _property, _property, _collection])(found, rng)
    return json.dumps(found, ensure_ascii=rng.random() < 0.7).encode("utf-8", "surrogatepass")


def _shape(found: Any, rng: random.Random) -> None:
    features = found.get("features")
    if features:
        rng.choice(features)["geometry"] = rng.choice(GEOMETRIES)


def _property(found: Any, rng: random.Random) -> None:
    features = found.get("features")
    if not features:
        return
    row = rng.choice(features)["properties"]
    name = rng.choice(list(row))
    kind = rng.choice(["word", "word", "number", "odd", "drop", "rename", "all"])
    if kind == "drop":
        del row[name]
    elif kind == "rename":
        for one in features:
            one["properties"][
                rng.choice([str(rng.choice(CELLS))[:80], "geometry", "row_number", "index"])
            ] = one["properties"].pop(name, None)
    elif kind == "all":
        word = rng.choice(CELLS)
        for one in features:
            one["properties"][name] = word
    else:
        row[name] = {"word": rng.choice(CELLS), "number": rng.choice(NUMBERS), "odd": _odd(row[name], rng)}[
            kind
        ]
    if not row:
        row[name] = None


def _collection(found: Any, rng: random.Random) -> None:
    kind = rng.choice(["crs", "crs", "double", "empty", "id"])
    if kind == "crs":
        found["crs"] = {"type": "name", "properties": {"name": rng.choice(SYSTEMS)}}
    elif kind == "double":
        found["features"] = found["features"] * rng.choice([2, 50])
    elif kind == "empty":
        found["features"] = []
    else:
        for one in found["features"]:
            one["id"] = rng.choice([None, "x", -1, 2**70, [], "\u0000"])


def container(kind: str) -> Spoil:
    """The layer in another format, whose pages are then damaged."""

    def spoil(content: bytes, rng: random.Random) -> bytes:
        whole = _converted(content, kind)
        if rng.random() < 0.2:
            return whole
        spoiled = bytearray(whole)
        for _ in range(rng.choice([1, 20, 400])):
            start = rng.randrange(len(spoiled))
            width = rng.choice([1, 1, 8, 200])
            spoiled[start : start + width] = bytes(
                rng.choice([0, 255, rng.randrange(256)]) for _ in range(width)
            )
        return bytes(spoiled) if rng.random() < 0.8 else cut_off(bytes(spoiled), rng)

    return spoil


_made: dict[tuple[bytes, str], bytes] = {}


def _converted(content: bytes, kind: str) -> bytes:
    if (content, kind) not in _made:
        # GDAL tells how it renames columns that a format cannot name.
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(action="ignore"):
            source = Path(folder) / "in.geojson"
            source.write_bytes(content)
            frame = gpd.read_file(source)
            path = Path(folder) / f"out.{kind}"
            if kind == "parquet":
                frame.to_parquet(path)
            elif kind == "zip":
                inside = Path(folder) / "in"
                inside.mkdir()
                # A shapefile holds shapes of one kind, and FlatGeobuf none that are missing.
                _one_kind(frame).to_file(inside / "out.shp")
                with zipfile.ZipFile(path, "w") as archive:
                    for part in sorted(inside.iterdir()):
                        archive.write(part, part.name)
            else:
                (_one_kind(frame) if kind == "fgb" else frame).to_file(path)
            _made[content, kind] = path.read_bytes()
    return _made[content, kind]


def _one_kind(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    known = frame[frame.geometry.notna()]
    return known[known.geom_type == known.geom_type.mode()[0]]


# Ten letters, ten times each in the next, nine times over.
ENTITIES = '<!DOCTYPE osm [<!ENTITY a "aaaaaaaaaa">{}]>'.format(
    "".join(f"<!ENTITY {after} '{f'&{before};' * 10}'>" for before, after in pairwise("abcdefghij"))
)


def markup(content: bytes, rng: random.Random) -> bytes:
    """Attributes of an XML are others, or entities that grow without end stand in it."""
    text = content.decode("utf-8", "replace")
    if rng.random() < 0.15:
        head, _, rest = text.partition("?>")
        return f"{head}?>{ENTITIES}{rest.replace('Kerkstraat', '&j;')}".encode()
    for _ in range(rng.choice([1, 3, 10])):
        starts = [i for i, letter in enumerate(text) if letter == '"']
        start = rng.choice(starts[:-1])
        end = text.index('"', start + 1)
        word = rng.choice([*CELLS[:-1], *map(str, NUMBERS[:6])]).replace("<", "&lt;").replace('"', "&quot;")
        text = text[: start + 1] + word + text[end:]
    return text.encode("utf-8", "surrogatepass")


def member(content: bytes, rng: random.Random) -> bytes:
    """A table in an archive is another, or is missing."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as whole,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as spoiled,
    ):
        chosen = rng.choice(whole.namelist())
        for name in whole.namelist():
            inside = whole.read(name)
            if name == chosen:
                if rng.random() < 0.1:
                    continue
                inside = rng.choice([table, table, table, flipped, cut_off, with_a_gap, re_encoded])(
                    inside, rng
                )
            spoiled.writestr(name, inside)
    return out.getvalue()


ANY = {
    "flipped": flipped, "cut off": cut_off, "with a gap": with_a_gap, "re-encoded": re_encoded,
    "other line ends": other_line_ends, "packed": packed,
}  # fmt: skip


def ways(suffix: str) -> dict[str, tuple[str, Spoil]]:
    """How a file of this kind may be spoiled: name to its suffix afterwards and what does it."""
    own: dict[str, tuple[str, Spoil]] = {}
    if suffix in ("csv", "txt"):
        own = {f"table {i}": (suffix, table) for i in range(6)} | {
            "sheet": ("xlsx", sheet),
            "list": ("json", as_json),
        }
    elif suffix == "geojson":
        own = {f"layer {i}": (suffix, layer) for i in range(5)} | {"tree": (suffix, tree)}
        own |= {kind: (kind, container(kind)) for kind in ("gpkg", "zip", "gml", "fgb", "parquet")}
    elif suffix == "jsonld":
        own = {f"tree {i}": (suffix, tree) for i in range(6)}
    elif suffix == "osm":
        own = {f"markup {i}": (suffix, markup) for i in range(6)}
    elif suffix == "zip":
        own = {f"member {i}": (suffix, member) for i in range(6)}
    unpacked = {name: (suffix, spoil) for name, spoil in ANY.items() if name != "packed"}
    return {**own, **unpacked, "packed": ("zip", packed), "zipped": ("gz", packed)}
