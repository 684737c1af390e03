"""A reader of Mapbox Vector Tiles (specification 2.1), just enough to see what a tile holds."""

import struct
from collections.abc import Iterator
from typing import Any


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not byte & 0x80:
            return value, at


def _fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """Fields of a protobuf message: number and value."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = _varint(data, at)
        elif wire == 2:
            size, at = _varint(data, at)
            value, at = data[at : at + size], at + size
        elif wire == 1:
            value, at = data[at : at + 8], at + 8
        else:
            assert wire == 5, wire
            value, at = data[at : at + 4], at + 4
        yield number, value


def _value(data: bytes) -> Any:
    ((number, value),) = _fields(data)
    if number == 1:
        return value.decode()
    if number in {2, 3}:
        return struct.unpack("<f" if number == 2 else "<d", value)[0]
    if number == 6:
        return _signed(value)
    return bool(value) if number == 7 else value


def _signed(value: int) -> int:
    return (value >> 1) ^ -(value & 1)


def _packed(data: bytes) -> list[int]:
    found, at = [], 0
    while at < len(data):
        value, at = _varint(data, at)
        found.append(value)
    return found


def _points(commands: list[int]) -> list[tuple[int, int]]:
    points, at, x, y = [], 0, 0, 0
    while at < len(commands):
        command, count = commands[at] & 7, commands[at] >> 3
        at += 1
        for _ in range(count if command != 7 else 0):
            x, y = x + _signed(commands[at]), y + _signed(commands[at + 1])
            points.append((x, y))
            at += 2
    return points


def read_tile(data: bytes) -> dict[str, list[dict[str, Any]]]:
    """Layers of a tile; each feature with `id`, `properties`, `type` (1 point, 2 line, 3 polygon) and `points`."""
    layers = {}
    for number, layer in _fields(data):
        assert number == 3
        name, features, keys, values = "", [], [], []
        for part, content in _fields(layer):
            if part == 1:
                name = content.decode()
            elif part == 2:
                features.append(dict(_fields(content)))
            elif part == 3:
                keys.append(content.decode())
            elif part == 4:
                values.append(_value(content))
        layers[name] = [
            {
                "id": each.get(1),
                "properties": {
                    keys[key]: values[value]
                    for key, value in zip(*[iter(_packed(each.get(2, b"")))] * 2, strict=True)
                },
                "type": each.get(3),
                "points": _points(_packed(each[4])),
            }
            for each in features
        ]
    return layers
