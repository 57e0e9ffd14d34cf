"""Lines of keys: whatever a parser accepts, the line that is told is the one where the key is."""

from collections.abc import Iterator
from typing import Any

import pytest
import tomli
from hypothesis import example, given
from hypothesis import strategies as st

from appliance.operations.settings.places import Path, line_of, lines_of_keys


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("# a = 1\n\na = 1\n", ("a",), 3),
        ("[camera] # note\n\n  rate_hz = 3\n", ("camera", "rate_hz"), 3),
        ("[ camera . deep ]\nx = 1\n", ("camera", "deep", "x"), 2),
        ("camera.rate_hz = 3\n", ("camera",), 1),
        ("\ncamera . rate_hz = 3\n", ("camera", "rate_hz"), 2),
        ('[camera]\n"rate_hz" = 3\n', ("camera", "rate_hz"), 2),
        ("[camera]\n'rate hz' = 3\n", ("camera", "rate hz"), 2),
        ('[camera]\n"a.b\\"]" = 3\n', ("camera", 'a.b"]'), 2),
        ('["a]b"]\nx = 1\n', ("a]b", "x"), 2),
        ("camera = { rate_hz = 3, deep = {x = 1} }\n", ("camera", "deep", "x"), 1),
        ("camera = {}\n[panel]\nport = 1\n", ("panel", "port"), 3),
        ("[ollama]\nhosts = [\n 'a', # one\n\n 'b',\n]\nmodel = 'm'\n", ("ollama", "hosts", 1), 5),
        ("[ollama]\nhosts = [\n 'a',\n]\nmodel = 'm'\n", ("ollama", "model"), 5),
        ("[a]\nx = [\n [1, 2],\n [3],\n]\ny = 1\n", ("a", "x", 1, 0), 4),
        ("[a]\nx = [\n [1, 2]\n]\ny = 1\n", ("a", "y"), 5),
        ('[a]\nx = """\n[panel]\nport = 1\n"""\n[panel]\nport = 2\n', ("panel", "port"), 7),
        ("[a]\nx = '''\n[b c]\n'''\ny = 2\n", ("a", "y"), 5),
        ('[a]\nx = """say ""yes"" and \\""""\ny = 2\n', ("a", "y"), 3),
        ('[a]\nx = """quoted: ""yes"""""\ny = 2\n', ("a", "y"), 3),
        ("[a]\nx = '#[b]' # '\ny = 2\n", ("a", "y"), 3),
        ('[a]\nx = "\u2028"\ny = 2\n', ("a", "y"), 3),
        ("[a]\nx = 2026-11-25 08:00:00\ny = 2\n", ("a", "y"), 3),
        ("[[camera]]\nx = 1\n[[camera]]\nx = 2\n", ("camera", 1, "x"), 4),
        ("[[camera]]\n[camera.deep]\nx = 1\n", ("camera", 0, "deep", "x"), 3),
        ("[a.b]\n[[c]]\n[[c.d]]\nx=1\n[[c.d]]\nx=2\n", ("c", 0, "d", 1, "x"), 6),
    ],
)
def test_the_line_of_a_key_in_every_way_of_writing_it(text: str, path: Path, line: int) -> None:
    tomli.loads(text)
    assert lines_of_keys(text)[path] == line


def test_what_has_no_line_has_that_of_the_table_around_it() -> None:
    places = lines_of_keys("\n[camera]\n")
    assert line_of(("camera", "rate_hz"), places) == 2
    assert line_of(("nowhere",), places) is None


def test_what_is_no_toml_comes_to_an_end() -> None:
    assert lines_of_keys("a = 1\n!\nb = 2\n") == {("a",): 1}


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from _paths(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _paths(inner, (*path, number))


_PIECES = st.sampled_from(
    [
        *"[]{}=,.#'\"\\",
        *("\n", "\n", " ", "a", "b", '"""', "'''", "= 1\n", "[a]\n", "[[b]]\n", "a = ", "b = ["),
        *('"a.b"', "{a = 1}", "'x'", "1,\n", "a.b = 2\n", "\u2028", "\t", "true"),
    ]
)


@given(st.lists(_PIECES, max_size=30).map("".join))
@example("a=[[],[{a=1}]]\n")
@example("a = '''''''\n'''''\n")
def test_each_key_of_each_file_has_a_line_that_is_there(text: str) -> None:
    try:
        tables = tomli.loads(text)
    except tomli.TOMLDecodeError:
        return
    places = lines_of_keys(text)
    lines = text.split("\n")
    for path in _paths(tables):
        assert 1 <= places[path] <= len(lines)
        assert str(path[-1]).isdigit() or str(path[-1]) in lines[places[path] - 1]


_NAMES = st.text(min_size=1, max_size=6)
_VALUES = st.recursive(
    st.booleans() | st.integers(-9, 9) | st.sampled_from(['""', "'#'", '"""\n[z]\nq = 1\n"""']),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


def _written(value: Any) -> str:
    if isinstance(value, list):
        return "[\n" + ",\n".join(map(_written, value)) + "\n]"
    return str(value).lower() if isinstance(value, bool) else str(value)


@given(st.dictionaries(_NAMES, st.dictionaries(_NAMES, _VALUES, max_size=4), max_size=4))
def test_lines_are_those_at_which_a_file_was_written(tables: dict[str, dict[str, Any]]) -> None:
    text = ""
    expected: dict[Path, int] = {}
    for table, keys in tables.items():
        expected[table,] = text.count("\n") + 1
        text += f"[{_quoted(table)}]\n"
        for key, value in keys.items():
            expected[table, key] = text.count("\n") + 1
            text += f"{_quoted(key)} = {_written(value)} # note = 1\n"
    places = lines_of_keys(text)
    assert {path: places[path] for path in expected} == expected


def _quoted(name: str) -> str:
    return '"' + "".join(f"\\U{ord(letter):08x}" for letter in name) + '"'
