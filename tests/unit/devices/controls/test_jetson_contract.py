"""What is used of Jetson.GPIO against its real source, which cannot be imported off a Jetson."""

import ast
import inspect
import sys
from pathlib import Path
from typing import Any

import pytest

from appliance.devices.controls.jetson import JetsonGpio, JetsonPins
from tests.unit.devices.controls.fake_jetson import FakeJetson

FUNCTIONS = ("setmode", "setup", "input", "output", "cleanup")
CONSTANTS = ("BOARD", "IN", "OUT", "HIGH", "LOW")


@pytest.fixture(scope="module")
def source() -> Path:
    folder = Path(sys.prefix) / "contracts" / "Jetson" / "GPIO"
    if not folder.is_dir():
        pytest.skip(f"needs Jetson.GPIO's source in {folder}: run ./setup.sh dev")
    return folder


@pytest.fixture(scope="module")
def functions(source: Path) -> dict[str, ast.FunctionDef]:
    tree = ast.parse((source / "gpio.py").read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.fixture(scope="module")
def constants(source: Path) -> dict[str, Any]:
    tree = ast.parse((source / "constants.py").read_text(encoding="utf-8"))
    return {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }


def _parameters(function: ast.FunctionDef) -> list[str]:
    return [argument.arg for argument in function.args.args]


def _required(function: ast.FunctionDef) -> list[str]:
    names = _parameters(function)
    return names[: len(names) - len(function.args.defaults)]


def test_the_contract_covers_everything_that_is_used() -> None:
    used = {name for name in vars(JetsonGpio) if not name.startswith("_")}
    assert used == set(FUNCTIONS)
    annotated = set(inspect.get_annotations(JetsonGpio))
    assert annotated == set(CONSTANTS)


def test_both_modules_give_their_names_to_the_package(source: Path) -> None:
    package = ast.parse((source / "__init__.py").read_text(encoding="utf-8"))
    gpio = ast.parse((source / "gpio.py").read_text(encoding="utf-8"))

    def stars(tree: ast.Module) -> set[str | None]:
        return {
            node.module
            for node in tree.body
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
        }

    assert "gpio" in stars(package)
    assert "Jetson.GPIO.constants" in stars(gpio)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_real_function_takes_what_we_pass(
    functions: dict[str, ast.FunctionDef], name: str
) -> None:
    real = functions[name]
    ours = list(inspect.signature(getattr(JetsonGpio, name)).parameters.values())[1:]
    by_place = [
        parameter.name for parameter in ours if parameter.kind is not parameter.KEYWORD_ONLY
    ]
    by_name = [parameter.name for parameter in ours if parameter.kind is parameter.KEYWORD_ONLY]
    assert by_place == _parameters(real)[: len(by_place)]
    assert set(by_name) <= set(_parameters(real))
    assert set(_required(real)) <= {*by_place, *by_name}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_fake_has_the_real_signature(functions: dict[str, ast.FunctionDef], name: str) -> None:
    real = functions[name]
    fake = list(inspect.signature(getattr(FakeJetson, name)).parameters.values())[1:]
    assert [parameter.name for parameter in fake] == _parameters(real)
    required = [parameter.name for parameter in fake if parameter.default is parameter.empty]
    assert required == _required(real)


@pytest.mark.parametrize("name", CONSTANTS)
def test_the_fake_has_the_real_constants(constants: dict[str, Any], name: str) -> None:
    assert getattr(FakeJetson, name) == constants[name]


def test_the_default_places_are_pins_on_every_board_that_the_package_knows(source: Path) -> None:
    tree = ast.parse((source / "gpio_pin_data.py").read_text(encoding="utf-8"))
    boards = {
        node.targets[0].id: {pin.elts[3].value for pin in node.value.elts}  # type: ignore[attr-defined]
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id.endswith("_PIN_DEFS")
        and isinstance(node.value, ast.List)
    }
    pins = JetsonPins()
    assert len(boards) >= 8
    for board, places in boards.items():
        assert {pins.button, *pins.lights} <= places, board


def test_errors_are_the_kinds_that_we_tell_apart(source: Path) -> None:
    text = (source / "gpio.py").read_text(encoding="utf-8")
    assert 'raise ValueError("Channel %s is invalid" % str(channel))' in text
    cdev = ast.parse((source / "gpio_cdev.py").read_text(encoding="utf-8"))
    errors = {node.name: node for node in cdev.body if isinstance(node, ast.ClassDef)}
    assert ast.unparse(errors["GPIOError"].bases[0]) == "IOError"
