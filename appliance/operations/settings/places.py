"""On which line of a TOML file a key is; the parser does not tell."""

import re
from collections.abc import Mapping

import tomli

Path = tuple[str, ...]

_HEADER = re.compile(r"^\s*\[([^\[\]]+)\]\s*(#.*)?$")
_NAME = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_KEY = re.compile(rf"^\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*=")


def lines_of_keys(text: str) -> Mapping[Path, int]:
    """The line of each table and each key, from 1; keys inside of an inline table have none.

    Args:
        text: a TOML file that can be parsed.
    """
    places: dict[Path, int] = {}
    table: Path = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _split(header[1])
            places.setdefault(table, number)
        elif key := _KEY.match(line):
            places.setdefault((*table, *_split(key[1])), number)
    return places


def line_of(path: Path, places: Mapping[Path, int]) -> int | None:
    """The line of a key, or of the nearest table around it; None where there is neither."""
    for length in range(len(path), 0, -1):
        if path[:length] in places:
            return places[path[:length]]
    return None


def _split(dotted: str) -> Path:
    """The parts of a dotted key, as TOML reads it."""
    names: list[str] = []
    value = tomli.loads(f"{dotted} = 0")
    while isinstance(value, dict):
        (name,) = value
        names.append(name)
        value = value[name]
    return tuple(names)
