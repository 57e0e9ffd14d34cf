"""What the booth uses of picamera2, and its stand-in, agree with the real package's source.

The package is unpacked without what it depends on, so it cannot be imported: it is read.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import appliance.devices.camera.picamera2 as used_by
import tests.fake_picamera2 as stand_in

_REAL = Path(sys.prefix) / "contracts" / "picamera2"

_CLASSES = {
    "library.Picamera2": "Picamera2",
    "camera": "Picamera2",
    "self._camera": "Picamera2",
    "request": "CompletedRequest",
}
"""Names in our module, and the class of picamera2 that they hold."""

Members = dict[str, ast.FunctionDef | None]
"""Methods and attributes of a class; attributes have no definition."""


@pytest.fixture(scope="module")
def real() -> dict[str, Members]:
    if not _REAL.is_dir():
        pytest.skip(f"needs picamera2's source in {_REAL}, which is not here")
    files = ("picamera2.py", "request.py", "job.py")
    return _classes(*(ast.parse((_REAL / file).read_text()) for file in files))


@pytest.fixture(scope="module")
def faked() -> dict[str, Members]:
    return _classes(_source(stand_in))


def _source(module: object) -> ast.Module:
    return ast.parse(Path(str(vars(module)["__file__"])).read_text())


def _classes(*trees: ast.Module) -> dict[str, Members]:
    nodes = (node for tree in trees for node in ast.walk(tree))
    return {node.name: _members(node) for node in nodes if isinstance(node, ast.ClassDef)}


def _members(definition: ast.ClassDef) -> Members:
    members: Members = {}
    for node in ast.walk(definition):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            members.setdefault(node.attr, None)
    # Of a method with overloads the last definition is the one that runs.
    members.update(
        {node.name: node for node in definition.body if isinstance(node, ast.FunctionDef)}
    )
    return members


def _arguments(function: ast.FunctionDef) -> list[tuple[str, str | None]]:
    """Names and default values, without the object or the class itself."""
    names = [argument.arg for argument in function.args.args]
    defaults = [ast.unparse(default) for default in function.args.defaults]
    padded: list[str | None] = [None] * (len(names) - len(defaults))
    pairs = list(zip(names, padded + list(defaults), strict=True))
    return pairs[1:] if names and names[0] in {"self", "cls"} else pairs


def _uses() -> Iterator[tuple[str, str]]:
    """Class and member for each member that our module touches."""
    for node in ast.walk(_source(used_by)):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in _CLASSES:
            yield _CLASSES[ast.unparse(node.value)], node.attr


def _calls() -> Iterator[tuple[str, str, ast.Call]]:
    for node in ast.walk(_source(used_by)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            holder = ast.unparse(node.func.value)
            if holder in _CLASSES and node.func.attr != "__new__":
                yield _CLASSES[holder], node.func.attr, node


def test_the_uses_are_found() -> None:
    assert {member for _, member in _uses()} >= {
        "global_camera_info",
        "__init__",
        "create_video_configuration",
        "configure",
        "start",
        "stream_configuration",
        "capture_request",
        "wait",
        "make_array",
        "get_metadata",
        "release",
        "cancel_all_and_flush",
        "close",
        "notifyme_r",
        "notifyme_w",
        "notifymeread",
    }


def test_everything_that_is_used_is_there(real: dict[str, Members]) -> None:
    for class_name, member in _uses():
        assert member == "__new__" or member in real[class_name], f"{class_name}.{member}"


def test_every_argument_that_is_given_is_taken(real: dict[str, Members]) -> None:
    for class_name, method, call in _calls():
        definition = real[class_name][method]
        assert definition, f"{class_name}.{method} is no method"
        taken = [name for name, _ in _arguments(definition)]
        given = [keyword.arg for keyword in call.keywords]
        assert set(given) <= set(taken), f"{class_name}.{method}"
        required = [name for name, default in _arguments(definition) if default is None]
        assert set(required) <= set(taken[: len(call.args)]) | set(given), f"{class_name}.{method}"


def test_the_stand_in_has_the_same_methods_with_the_same_arguments(
    real: dict[str, Members], faked: dict[str, Members]
) -> None:
    for class_name in ("Picamera2", "CompletedRequest", "Job"):
        for name, definition in faked[class_name].items():
            theirs = real[class_name].get(name)
            if definition is None:
                continue
            if (class_name, name) == ("Job", "__init__"):
                continue  # tests make no jobs, and neither does the booth
            assert theirs, f"{class_name}.{name}"
            assert _arguments(definition) == _arguments(theirs), f"{class_name}.{name}"


def test_the_stand_in_lacks_nothing_that_is_used(faked: dict[str, Members]) -> None:
    for class_name, member in _uses():
        assert member == "__new__" or member in faked[class_name], f"{class_name}.{member}"


def test_the_name_of_the_format_means_red_green_blue_in_memory(real: dict[str, Members]) -> None:
    assert real
    tables = [
        ast.literal_eval(node.value)
        for node in ast.walk(ast.parse((_REAL / "request.py").read_text()))
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "FORMAT_TABLE"
    ]
    assert tables
    assert all(table[used_by._FORMAT] == "RGB" for table in tables)
    orders = stand_in._RED_GREEN_BLUE_IN_MEMORY
    assert all((table[name] == "RGB") is orders[name] for table in tables for name in orders)


def test_a_camera_that_does_not_open_still_leaves_a_pipe_behind(real: dict[str, Members]) -> None:
    opening, closing = real["Picamera2"]["__init__"], real["Picamera2"]["close"]
    assert opening
    assert closing
    assert "self.notifyme_r, self.notifyme_w = os.pipe2" in ast.unparse(opening)
    assert "os.close" not in ast.unparse(opening)
    steps = [ast.unparse(step) for step in closing.body]
    gives_up = next(n for n, step in enumerate(steps) if step.startswith("if not self.is_open"))
    assert gives_up < steps.index("os.close(self.notifyme_w)")


def test_a_job_that_is_not_done_in_time_raises_what_the_booth_waits_for(
    real: dict[str, Members],
) -> None:
    waiting = real["Job"]["get_result"]
    assert waiting
    assert "self._future.result(timeout=timeout)" in ast.unparse(waiting)
    job = ast.parse((_REAL / "job.py").read_text())
    assert "from concurrent.futures import CancelledError, Future" in ast.unparse(job)
