"""On which line of a TOML file a key is; the parser does not tell."""

import re
from bisect import bisect_left
from collections.abc import Mapping

import tomli

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_NAME = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_KEY = re.compile(rf"{_NAME}(?:[ \t]*\.[ \t]*{_NAME})*")
_STRING = re.compile(
    r'''"""(?:[^\\]|\\.)*?"{3,5}(?!")'''
    r"""|'{3}.*?'{3,5}(?!')"""
    r'''|"(?:[^"\\\n]|\\.)*"'''
    r"""|'[^'\n]*'""",
    re.DOTALL,
)
_PLAIN = re.compile(r"[^,\]}\n#]*")  # a number, a truth, a time


def lines_of_keys(text: str) -> Mapping[Path, int]:
    """The line of each table, key and item of an array, from 1; the first, where there are two.

    Args:
        text: a TOML file that a parser has accepted, its lines ended by newlines alone. Of any
            other text there may be lines of its beginning.
    """
    return _Scanner(text).places


def line_of(path: Path, places: Mapping[Path, int]) -> int | None:
    """The line of a key, or of the nearest table around it; None where there is neither."""
    for length in range(len(path), 0, -1):
        if path[:length] in places:
            return places[path[:length]]
    return None


class _Scanner:
    """Reads from key to key, and over the values between them."""

    def __init__(self, text: str) -> None:
        self.places: dict[Path, int] = {}
        self._text = text
        self._at = 0
        self._ends = [newline.start() for newline in re.finditer("\n", text)]
        self._tables: dict[Path, int] = {}
        table: Path = ()
        self._skip(_BLANK)
        while self._at < len(text):
            if text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _skip(self, pattern: re.Pattern[str]) -> str:
        """Go over what fits here, and return it; where nothing does, this is the end."""
        found = pattern.match(self._text, self._at)
        self._at = found.end() if found else len(self._text)
        return found[0] if found else ""

    def _note(self, path: Path) -> None:
        """This line is where a key is; a key itself never goes over the end of a line."""
        self.places.setdefault(path, bisect_left(self._ends, self._at) + 1)

    def _header(self) -> Path:
        """`[table]`, or `[[table]]`, of which there may be many."""
        many = self._text.startswith("[[", self._at)
        self._at += 2 if many else 1
        self._skip(_SPACE)
        path = self._key(())
        self._note(path)
        if many:
            number = self._tables.get(path, -1) + 1
            self._tables[path] = number
            path = (*path, number)
            self._note(path)
        self._skip(_SPACE)
        self._at += 2 if many else 1
        return path

    def _key(self, table: Path) -> Path:
        """A key, which is in the newest of the tables where there are many of them."""
        path = table
        for name in _names(self._skip(_KEY)):
            path = (*path, name)
        if table:
            return path
        inner: Path = ()
        for part in path[:-1]:
            inner = (*inner, part)
            if inner in self._tables:
                inner = (*inner, self._tables[inner])
        return (*inner, *path[-1:])

    def _pair(self, table: Path) -> None:
        """`key = value`."""
        path = self._key(table)
        for length in range(len(table) + 1, len(path) + 1):
            self._note(path[:length])
        self._skip(_SPACE)
        self._at += 1
        self._skip(_SPACE)
        self._value(path)

    def _value(self, path: Path) -> None:
        here = self._text[self._at : self._at + 1]
        if here == "[":
            self._inside(path, "]")
        elif here == "{":
            self._inside(path, "}")
        elif here in {'"', "'"}:
            self._skip(_STRING)
        else:
            self._skip(_PLAIN)

    def _inside(self, path: Path, end: str) -> None:
        """The items of an array or the pairs of an inline table."""
        number = 0
        self._at += 1
        self._skip(_BLANK)
        while self._at < len(self._text) and self._text[self._at] != end:
            if self._text[self._at] == ",":
                self._at += 1
            elif end == "}":
                self._pair(path)
            else:
                self._note((*path, number))
                self._value((*path, number))
                number += 1
            self._skip(_BLANK)
        self._at += 1


def _names(dotted: str) -> list[str]:
    """The parts of a dotted key, without their quotes."""
    parts = re.findall(_NAME, dotted)
    return [tomli.loads(f"name = {part}")["name"] if part[0] in "\"'" else part for part in parts]
