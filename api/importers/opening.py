"""Which reader a file needs, and one kind of error for everything that can be wrong with it."""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
from python_calamine import CalamineError
from shapely.errors import ShapelyError

from api.importers import data_tables, layers, sheets, text_tables
from api.importers.reading import Request, UnreadableSource
from api.importers.refusals import Notes
from api.importers.source import Source, filtered, guarded

TEXT_SUFFIXES = (".csv", ".txt", ".tsv")
# A table of counts packs some thirty times, a spreadsheet some fifty; nothing honest does both at once.
MOST_UNPACKED_BYTES = 1_000_000_000
MOST_FOLD = 200
MOST_FOLD_OF_GZIP = 1032
# What the libraries that read files raise on a damaged one; GDAL's, zipfile's own and too deep a tree are RuntimeErrors.
_OF_LIBRARIES = (
    pa.ArrowException,
    OSError,
    EOFError,
    UnicodeError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
    csv.Error,
    CalamineError,
    ShapelyError,
)


def refuse_bomb(path: Path) -> None:
    """Refuse a packed file that grows beyond measure: little that fills a memory or a disk.

    Raises
    ------
    UnreadableSource
        When what is in it is both large and far larger than the file.
    """
    most = max(MOST_UNPACKED_BYTES, MOST_FOLD * path.stat().st_size)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            size = sum(info.file_size for info in archive.infolist())
    else:
        size = _unpacked_size(path, most)
    if size > most:
        raise UnreadableSource(
            f"{path.name} unpacks to more than {most / 1e9:,.1f} GB, over {MOST_FOLD} times its size",
            "Ask whoever made it; if it is sound, unpack it and give the file that was in it",
        )


def _unpacked_size(path: Path, most: int) -> int:
    """Bytes in a gzipped file, counted no further than is needed; 0 for one that cannot be that large."""
    with path.open("rb") as peek:
        is_gzip = peek.read(2) == b"\x1f\x8b"
    if not is_gzip or path.stat().st_size * MOST_FOLD_OF_GZIP <= most:
        return 0
    size = 0
    with text_tables.open_bytes(path) as stream:
        while size <= most and (block := stream.read(1 << 22)):
            size += len(block)
    return size


def open_source(request: Request, notes: Notes) -> Source:
    """Open whatever a user gives as batches, without personal columns and with `where` applied.

    Raises
    ------
    UnreadableSource
        Nothing we can read.
    """
    source = guarded(_open(request, notes), notes)
    return filtered(source, request.options.get("where"), notes)


def _open(request: Request, notes: Notes) -> Source:
    path, options = request.path, request.options
    name = path.name.lower().removesuffix(".gz")
    if not path.exists():
        raise FileNotFoundError(path)
    if path.is_dir() and not name.endswith(".gdb"):
        return _in_folder(request, notes)
    if name.endswith(sheets.SUFFIXES):
        return sheets.open_sheet(path, options, notes)
    if zipfile.is_zipfile(path):
        return _in_zip(request, notes)
    return _open_file(path, name, options, notes)


def _open_file(path: Path, name: str, options: Mapping[str, str], notes: Notes) -> Source:
    if name.endswith((".osm", ".pbf", ".osm.bz2")):
        raise UnreadableSource(f"{path.name} is an OpenStreetMap file", "Import it as source osm")
    if name.endswith((".parquet", ".geoparquet", ".pq")):
        return data_tables.open_parquet(path)
    if name.endswith(".json") and not _is_geojson(path):
        return data_tables.open_json(path)
    if name.endswith(layers.SUFFIXES):
        return layers.open_layer(path, options, notes)
    if name.endswith(TEXT_SUFFIXES) or path.suffix.lower() == ".gz":
        return text_tables.open_text(path, options, notes)
    raise UnreadableSource(
        f"{path.name}: files of this type are not read here",
        "Use CSV, XLSX, Parquet, GeoJSON, GeoPackage, shapefile or GML",
    )


def _is_geojson(path: Path) -> bool:
    with text_tables.open_bytes(path) as stream:
        head = stream.read(4096)
    return any(
        word in head for word in (b'"FeatureCollection"', b'"Feature"', b'"Topology"', b'"coordinates"')
    )


def _in_folder(request: Request, notes: Notes) -> Source:
    shapes = sorted(request.path.glob("*.[sS][hH][pP]"))
    wanted = request.options.get("layer")
    if wanted is not None:
        shapes = [one for one in shapes if one.stem.lower() == wanted.lower()]
    if len(shapes) != 1:
        names = ", ".join(one.stem for one in sorted(request.path.glob("*.[sS][hH][pP]"))) or "no shapefile"
        raise UnreadableSource(
            f"The folder {request.path.name} does not hold exactly one layer of that name; it has {names}",
            "Choose with --option layer=NAME",
        )
    rest = {key: value for key, value in request.options.items() if key != "layer"}
    return layers.open_layer(shapes[0], rest, notes)


def _in_zip(request: Request, notes: Notes) -> Source:
    path, options = request.path, dict(request.options)
    members = [name for name in zipfile.ZipFile(path).namelist() if not name.startswith("__MACOSX")]
    maps = [
        name for name in members if name.lower().endswith(tuple(s for s in layers.SUFFIXES if s != ".dbf"))
    ]
    maps = [name for name in maps if not name.lower().endswith(".shp.xml")]
    texts = [name for name in members if name.lower().endswith(TEXT_SUFFIXES)]
    wanted = options.get("layer")
    if wanted is not None and len(maps) > 1:
        maps = [name for name in maps if Path(name).stem.lower() == wanted.lower()]
        options.pop("layer")
    if len(maps) == 1:
        return layers.open_layer(path, options, notes, member=maps[0])
    if not maps and len(texts) == 1:
        return text_tables.open_text(path, options, notes, member=texts[0])
    raise UnreadableSource(
        f"{path.name} does not hold exactly one layer or table but {', '.join(members[:20]) or 'nothing'}",
        "Unpack it and give one file, or choose with --option layer=NAME",
    )


@contextmanager
def told_plainly(path: Path) -> Iterator[None]:
    """Turn what libraries raise on a bad file into `UnreadableSource`."""
    try:
        yield
    except UnreadableSource:
        raise
    except FileNotFoundError as error:
        raise UnreadableSource(f"{path} does not exist", "Check the name") from error
    except PermissionError as error:
        raise UnreadableSource(f"{path} may not be read", "Ask for the right to read it") from error
    except MemoryError as error:
        raise UnreadableSource(f"{path.name} does not fit in memory", "Split the file") from error
    except _OF_LIBRARIES as error:
        raise UnreadableSource(
            f"{path.name} cannot be read ({error})", "Download or export it again"
        ) from error
