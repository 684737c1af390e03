"""What an importer is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from shapely.geometry.base import BaseGeometry


class UnreadableSource(Exception):
    """A file that cannot be read as a whole.

    Parameters
    ----------
    what
        What is wrong, one sentence without a full stop.
    way_out
        What the user can do about it, one sentence without a full stop.
    """

    def __init__(self, what: str, way_out: str) -> None:
        super().__init__(f"{what}. {way_out}.")
        self.what = what
        self.way_out = way_out


@dataclass(frozen=True)
class Chunk:
    """One piece of a stream; a big file gives many.

    Attributes
    ----------
    rows
        The canonical columns of one target (`targets.TARGETS`) and `row_number`, 1-based, header excluded.
        A geometry is already in the CRS that was asked for.
    refused
        Columns row_number, column_name, value, reason, remedy. A refusal of one cell says so in its reason;
        the row itself is then in `rows`, without that value.
    done_share
        How far the file has been read, 0-1, where that is known.
    """

    rows: pd.DataFrame | gpd.GeoDataFrame
    refused: pd.DataFrame
    done_share: float | None


@dataclass(frozen=True)
class Reading:
    """One kind of thing that a file holds.

    Attributes
    ----------
    target
        A name in `targets.TARGETS`.
    assumed
        Sentences on what was assumed. The list grows while `chunks` is read (counts are known at the end
        only), so show it at the start and again at the end.
    chunks
        The pieces; to be read once.
    """

    target: str
    assumed: list[str]
    chunks: Iterator[Chunk]


@dataclass(frozen=True)
class Request:
    """What the user asks of an importer.

    Attributes
    ----------
    path
        A file, or a folder for a source that is one.
    srid
        EPSG number of the deployment's metric CRS.
    nis_code
        The municipality the file is for; None when the file says it itself.
    mapping
        Our column name to theirs; theirs starting with `=` is a constant.
    within
        Border of the municipality in `srid`, where known.
    options
        Settings of the source, such as layer=edges or timezone=Australia/Melbourne.
    postcodes
        Those of the municipality, where known.
    """

    path: Path
    srid: int = 31370
    nis_code: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    within: BaseGeometry | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    postcodes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Importer:
    """One outside source.

    Attributes
    ----------
    name
        The word on the command line.
    summary
        One sentence for the help text.
    targets
        What it can give.
    open
        Starts reading; raises `UnreadableSource` when the file as a whole cannot be read.
    options
        The source's own options and what each means.
    """

    name: str
    summary: str
    targets: tuple[str, ...]
    open: Callable[[Request], Iterable[Reading]]
    options: Mapping[str, str] = field(default_factory=dict)
