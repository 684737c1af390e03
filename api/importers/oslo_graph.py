"""JSON-LD as plain objects, whichever of its forms a file uses: with a context, prefixed or expanded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from api.importers.reading import UnreadableSource
from api.importers.text_tables import open_bytes


def local(name: Any) -> str:
    """The last word of a name: of an address, a prefixed name or Class.property."""
    text = str(name or "")
    for sign in ("#", "/", ":"):
        text = text.rstrip(sign).rsplit(sign, 1)[-1]
    return text.rsplit(".", 1)[-1]


class Graph:
    """The objects of a file, found by what they are and by their @id.

    Parameters
    ----------
    path
        A file with JSON-LD.

    Raises
    ------
    UnreadableSource
        When it holds none.
    """

    def __init__(self, path: Path) -> None:
        try:
            with open_bytes(path) as stream:
                self.root = json.loads(stream.read())
        except (ValueError, EOFError, OSError) as error:
            raise UnreadableSource(
                f"{path.name} is no readable JSON-LD ({error})", "Download it again"
            ) from error
        self.by_id: dict[str, dict[str, Any]] = {}
        for each in walk(self.root):
            name = each.get("@id")
            # A mere reference has nothing but its @id.
            if isinstance(name, str) and len(each) > 1:
                self.by_id.setdefault(name, {}).update(each)

    def of_type(self, *kinds: str) -> Iterator[dict[str, Any]]:
        """Every object of one of these kinds, once."""
        seen: set[str] = set()
        for each in walk(self.root):
            given = each.get("@type")
            if not any(local(one) in kinds for one in (given if isinstance(given, list) else [given])):
                continue
            name = each.get("@id")
            if isinstance(name, str):
                if name in seen:
                    continue
                seen.add(name)
                yield self.by_id.get(name, each)
            else:
                yield each

    def value(self, thing: Any, *names: str) -> Any:
        """The first of some properties that a thing has: a plain value, or the object that it refers to."""
        if not isinstance(thing, dict):
            return None
        for key, given in thing.items():
            if local(key).lower() in names and not key.startswith("@"):
                return self.plain(given)
        return None

    def plain(self, given: Any) -> Any:
        """Without the wrapping of JSON-LD: lists of one, @value, references."""
        while isinstance(given, list) and len(given) == 1:
            given = given[0]
        if isinstance(given, dict) and "@value" in given:
            return given["@value"]
        name = given.get("@id") if isinstance(given, dict) else given
        if isinstance(name, str) and name in self.by_id:
            return self.by_id[name]
        if isinstance(given, dict) and set(given) == {"@id"}:
            return name
        return given


def walk(thing: Any) -> Iterator[dict[str, Any]]:
    """Every object in a file, outermost first, in the order of the file; the context is none."""
    stack = [thing]
    while stack:
        each = stack.pop()
        if isinstance(each, dict):
            yield each
            inner = [value for key, value in each.items() if key != "@context"]
            stack.extend(reversed(inner))
        elif isinstance(each, list):
            stack.extend(reversed(each))
