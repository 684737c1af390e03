"""The Flemish road register, both code lists: V1 (MORF 101-130) and V2 (MORF 1-12, direction per mode)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from api.importers import layers
from api.importers.keys import with_municipality
from api.importers.mapping import Field, names
from api.importers.opening import open_source, told_plainly
from api.importers.reading import Reading, Request, UnreadableSource
from api.importers.refusals import Notes, Refusals
from api.importers.source import Batch, Source, filtered, guarded
from api.importers.streaming import Recipe, read
from api.importers.streets import STREET_SCOPE, numbered_pieces
from api.importers.wegenregister_codes import V1, V2, CodeList

_MODES = ("autoheen", "autoterug", "fietsheen", "fietsterug", "voetganger")
FIELDS = (
    Field("source_key", names=names("ws_oidn original:ws_oidn"), is_required=True),
    Field("status", names=names("original:status"), is_required=True),
    Field("code", names=names("morf original:morf"), is_required=True),
    Field("category", names=names("wegcat original:wegcat")),
    Field("left_name", names=names("lstrnm original:lstrnm")),
    Field("right_name", names=names("rstrnm original:rstrnm")),
    Field("access", names=names("tgbep toegang original:tgbep")),
    *(Field(mode, "integer") for mode in _MODES),
)
CODE_SCHEME = "wegenregister_morf"


def read_wegenregister(request: Request) -> list[Reading]:
    """Read an extract: zip, folder or one layer. Only segments that are in use are kept."""
    notes = Notes()
    with told_plainly(request.path):
        if not request.path.exists():
            raise FileNotFoundError(request.path)
        source = _source(request, notes)
    codes = V2 if "AUTOHEEN" in {column.upper() for column in source.columns} else V1
    notes.say(f"Code list of the road register: {codes.version.upper()} (MORF, STATUS)")
    if codes is V1:
        notes.say("V1 has no driving directions: every street is open both ways to whoever may use it")

    def finish(frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
        frame = _used(frame, codes, refusals)
        frame["source_key"] = numbered_pieces("ws/" + frame["source_key"])
        frame["name"] = _names(frame)
        frame["code_scheme"] = CODE_SCHEME
        frame["code_version"] = codes.version
        return with_municipality(frame, request.nis_code, notes)

    recipe = Recipe("street_segment", FIELDS, finish, STREET_SCOPE)
    return [read(request, recipe, notes=notes, source=source)]


def _used(frame: pd.DataFrame, codes: CodeList, refusals: Refusals) -> pd.DataFrame:
    """Rows in use that somebody may go along, with class and access."""
    in_use = frame["status"] == codes.in_use
    refusals.add_where(
        ~in_use,
        frame["status"],
        column="STATUS",
        reason=f"The segment is not in use (STATUS {codes.in_use} is).",
        remedy="Nothing to do: it is planned, being built or closed.",
    )
    frame = frame.loc[in_use]
    found = [codes.access_of(row) for row in frame.to_dict("records")]
    known = pd.Series([one is not None for one in found], index=frame.index, dtype=bool)
    refusals.add_where(
        ~known,
        frame["code"],
        column="MORF",
        reason="Nobody walks, cycles or drives on this kind of road (tramway, unknown code).",
        remedy="Nothing to do; if the code is new, tell us.",
    )
    frame = frame.loc[known].copy()
    kept = [one for one in found if one is not None]
    table = pd.DataFrame([one._asdict() for one in kept], index=frame.index)
    for column in table.columns:
        frame[column] = table[column]
    return frame


def _names(frame: pd.DataFrame) -> pd.Series[Any]:
    """The street name on the left, else on the right; both where they differ."""
    empty = pd.Series(None, index=frame.index, dtype="str")
    left = frame["left_name"] if "left_name" in frame.columns else empty
    right = frame["right_name"] if "right_name" in frame.columns else empty
    both = left.notna() & right.notna() & (left != right)
    return (left + " / " + right).where(both, left.fillna(right))


def _source(request: Request, notes: Notes) -> Source:
    """The segments of an extract: its own and those around it (file name beginning with i)."""
    path = request.path
    if path.is_dir():
        found = {one.stem.lower(): one for one in sorted(path.rglob("*.[sS][hH][pP]"))}
        chosen = [layers.open_layer(found[name], {}, notes) for name in _chosen(list(found), path)]
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            members = [name for name in archive.namelist() if name.lower().endswith(".shp")]
        inside = {Path(name).stem.lower(): name for name in members}
        names_ = _chosen(list(inside), path)
        chosen = [layers.open_layer(path, {}, notes, member=inside[name]) for name in names_]
        notes.say(f"Layers read one after the other, row numbers counting on: {', '.join(names_)}")
    else:
        return open_source(request, notes)
    source = guarded(_joined(chosen), notes)
    return filtered(source, request.options.get("where"), notes)


def _chosen(stems: Sequence[str], path: Path) -> list[str]:
    # An extract holds its segments twice: Wegsegment and eWegsegment are the same.
    own = next((name for name in ("wegsegment", "ewegsegment") if name in stems), None)
    chosen = [name for name in (own, "iwegsegment") if name in stems]
    if not chosen:
        raise UnreadableSource(
            f"{path.name} holds no Wegsegment layer; it holds {', '.join(stems[:20]) or 'no shapefile'}",
            "Give the extract of the road register, or import another layer of lines as source streets",
        )
    return [str(name) for name in chosen]


def _joined(sources: Sequence[Source]) -> Source:
    first = sources[0]
    columns = [name for name in first.columns if all(name in one.columns for one in sources)]

    def read_all(wanted: Sequence[str]) -> Iterator[Batch]:
        offset = 0
        for one in sources:
            last = 0
            for batch in one.read(wanted):
                last = int(batch.frame.index[-1]) if len(batch.frame) else last
                moved = batch.frame.set_axis(batch.frame.index + offset, axis=0)
                yield Batch(moved, batch.geometry, batch.refused, None)
            offset += last

    return Source(columns, read_all, first.label)
