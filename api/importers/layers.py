"""Map layers: GeoJSON, GeoPackage, shapefile, GML and their zips, read as batches."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS
from pyproj.exceptions import CRSError

from api.importers.crs import Label
from api.importers.reading import UnreadableSource
from api.importers.refusals import Notes
from api.importers.source import SAMPLE_ROWS, Batch, Source

SUFFIXES = (
    ".geojson",
    ".json",
    ".gpkg",
    ".shp",
    ".gml",
    ".xml",
    ".fgb",
    ".kml",
    ".topojson",
    ".gdb",
    ".tab",
    ".dbf",
)
_BATCH_ROWS = 5_000
# GDAL would leave a .gfs file beside every GML that it opens.
_GML_OPTIONS = {"WRITE_GFS": "NO"}


@contextmanager
def quiet() -> Iterator[None]:
    """GDAL's warnings on measured lines and unclosed rings say nothing that we do not handle."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def open_layer(path: Path, options: Mapping[str, str], notes: Notes, *, member: str | None = None) -> Source:
    """Open one layer of a vector file.

    Parameters
    ----------
    path
        The file, folder, or zip that holds `member`.
    options
        layer (name) and encoding where the user knows better.
    notes
        Told which layer is read.
    member
        Name inside a zip.

    Raises
    ------
    UnreadableSource
        GDAL cannot open it, or it has no such layer.
    """
    place = _place(path, member)
    layer = _layer(place, path, options, notes)
    encoding = options.get("encoding") or _dbf_encoding(path, member, notes)
    arguments = _arguments(place) | ({"encoding": encoding} if encoding else {})
    try:
        with quiet():
            info = pyogrio.read_info(place, layer=layer, **arguments)
    except (DataSourceError, DataLayerError, UnicodeDecodeError, ValueError) as error:
        raise _unreadable(path, error) from error
    columns = [str(name) for name in info["fields"]]
    total = int(info["features"])
    has_geometry = info["geometry_type"] is not None

    def read(wanted: Sequence[str]) -> Iterator[Batch]:
        return _batches(path, _Layer(place, layer, arguments, total), list(wanted))

    def head(wanted: Sequence[str]) -> pd.DataFrame:
        if not wanted:
            return pd.DataFrame()
        with quiet():
            _, rows = pyogrio.read_arrow(
                place,
                layer=layer,
                columns=list(wanted),
                max_features=SAMPLE_ROWS,
                read_geometry=False,
                **arguments,
            )
        return pd.DataFrame({name: _plain(rows.column(name)) for name in wanted})

    return Source(columns, read, _label(info) if has_geometry else None, head)


def _place(path: Path, member: str | None) -> str:
    if member is not None:
        return f"/vsizip/{path.resolve()}/{member}"
    return f"/vsigzip/{path.resolve()}" if path.suffix == ".gz" else str(path)


def _arguments(place: str) -> dict[str, Any]:
    return dict(_GML_OPTIONS) if place.lower().endswith((".gml", ".xml", ".gml.gz")) else {}


def _unreadable(path: Path, error: Exception) -> UnreadableSource:
    return UnreadableSource(
        f"{path.name} is no readable map layer ({error})",
        "Check that it was downloaded whole; a shapefile needs its .shx and .dbf beside it",
    )


def _layer(place: str, path: Path, options: Mapping[str, str], notes: Notes) -> str:
    try:
        with quiet():
            names = _names(place)
    except (DataSourceError, DataLayerError) as error:
        raise _unreadable(path, error) from error
    wanted = options.get("layer")
    if wanted is not None and _arguments(place):
        return wanted
    if wanted is not None:
        by_folded = {name.lower(): name for name in names}
        if wanted.lower() not in by_folded:
            raise UnreadableSource(
                f"{path.name} has no layer '{wanted}'", f"It has: {', '.join(names) or 'none'}"
            )
        return by_folded[wanted.lower()]
    if not names:
        raise UnreadableSource(f"{path.name} has no layer", "Check that the export was not empty")
    if len(names) > 1:
        notes.say(
            f"Layer '{names[0]}' is read; the file also has: {', '.join(names[1:])} (--option layer=NAME)"
        )
    return names[0]


def _names(place: str) -> list[str]:
    if not _arguments(place):
        return [str(name) for name, _ in pyogrio.list_layers(place)]
    # Listing the layers of a GML takes no options, and would leave a .gfs beside it; downloads hold one layer.
    return [str(pyogrio.read_info(place, layer=0, **_arguments(place))["layer_name"])]


def _label(info: Mapping[str, Any]) -> Label:
    try:
        crs = CRS.from_user_input(info["crs"]) if info["crs"] else None
    except CRSError:
        crs = None
    # GDAL calls every GeoJSON without a crs member WGS 84, as RFC 7946 says; many hold metres all the same.
    is_stated = not (info.get("driver") == "GeoJSON" and crs is not None and crs.to_epsg() == 4326)
    return Label(crs, is_stated)


def _dbf_encoding(path: Path, member: str | None, notes: Notes) -> str | None:
    """What a dBase file is written in where neither a .cpg beside it nor its own header says so."""
    data = _dbf_without_cpg(path, member)
    body = data[int.from_bytes(data[8:10], "little") :]
    if body.isascii():
        return None
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        # Byte 29 names the code page; 0 leaves it open.
        if data[29] != 0:
            return None
        notes.say("The texts of the shapefile are read as Windows-1252")
        return "CP1252"
    notes.say("The texts of the shapefile are UTF-8, although nothing beside it says so")
    return "UTF-8"


def _dbf_without_cpg(path: Path, member: str | None) -> bytes:
    """The attribute table of a shapefile that has no .cpg; nothing for anything else."""
    name = (member or path.name).lower()
    if not name.endswith((".shp", ".dbf")):
        return b""
    try:
        if member is None:
            beside = {one.name.lower(): one for one in path.parent.glob(f"{path.stem}.*")}
            return b"" if name[:-4] + ".cpg" in beside else beside[name[:-4] + ".dbf"].read_bytes()
        with zipfile.ZipFile(path) as archive:
            inside = {inner.lower(): inner for inner in archive.namelist()}
            return b"" if name[:-4] + ".cpg" in inside else archive.read(inside[name[:-4] + ".dbf"])
    except (KeyError, OSError, RuntimeError):
        return b""


@dataclass(frozen=True)
class _Layer:
    place: str
    name: str
    arguments: dict[str, Any]
    total: int


def _batches(path: Path, layer: _Layer, wanted: list[str]) -> Iterator[Batch]:
    start = 1
    try:
        with (
            quiet(),
            pyogrio.open_arrow(
                layer.place,
                layer=layer.name,
                columns=wanted,
                batch_size=_BATCH_ROWS,
                use_pyarrow=True,
                **layer.arguments,
            ) as (meta, reader),
        ):
            shape = meta["geometry_name"] or "wkb_geometry"
            for record in reader:
                yield _batch(record, wanted, shape, start, layer.total)
                start += record.num_rows
    except NotImplementedError:
        # Arcs: shapely has none, and only the slower way of reading turns them into short lines.
        yield from _linear_batches(layer, wanted, start)
    except (DataSourceError, DataLayerError) as error:
        raise _unreadable(path, error) from error


def _linear_batches(layer: _Layer, wanted: list[str], start: int) -> Iterator[Batch]:
    """The rest of a layer from row `start`, with arcs drawn as short lines."""
    while True:
        with quiet():
            frame = pyogrio.read_dataframe(
                layer.place,
                layer=layer.name,
                columns=wanted,
                skip_features=start - 1,
                max_features=_BATCH_ROWS,
                on_invalid="ignore",
                **layer.arguments,
            )
        if frame.empty:
            return
        index = pd.RangeIndex(start, start + len(frame))
        geometry = np.asarray(frame.geometry.to_numpy(), dtype=object)
        data = {name: frame[name].array for name in wanted}
        start += len(frame)
        yield Batch(pd.DataFrame(data, index=index), geometry, done_share=_share(start - 1, layer.total))


def _plain(column: Any) -> Any:
    """The values of a column; days and moments that Python has none for, such as of the year 20220, as texts."""
    try:
        return column.to_pandas().array
    except (ValueError, OverflowError, pa.ArrowException):
        return column.cast(pa.string()).to_pandas().array


def _share(done: int, total: int) -> float | None:
    return min(1.0, done / total) if total > 0 else None


def _batch(record: Any, wanted: list[str], shape: str, start: int, total: int) -> Batch:
    data = {name: _plain(record.column(name)) for name in wanted}
    frame = pd.DataFrame(data, index=pd.RangeIndex(start, start + record.num_rows))
    geometry = None
    if shape in record.schema.names:
        wkb = record.column(shape).to_numpy(zero_copy_only=False)
        geometry = np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"))
    return Batch(frame, geometry, done_share=_share(start - 1 + record.num_rows, total))
