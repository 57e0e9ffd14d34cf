"""The builder's picture shows the pins that the booth uses."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from appliance.devices.controls.gpio import GpioPins
from appliance.devices.controls.jetson import JetsonPins
from tests.tools.wiring_picture import PinsDisagreeError, to_svg, wires

_ROOT = Path(__file__).parents[4]
_SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_in_the_docs_is_what_the_code_makes() -> None:
    committed = (_ROOT / "docs/build/wiring.svg").read_text(encoding="utf-8")
    assert committed == to_svg(), (
        "Run .venv/bin/python -m tests.tools.wiring_picture docs/build/wiring.svg"
    )


def test_each_part_has_a_wire_from_its_own_place() -> None:
    paths = ET.fromstring(to_svg()).iter(f"{_SVG}path")
    drawn = {path.attrib["data-part"]: int(path.attrib["data-place"]) for path in paths}
    jetson = JetsonPins()
    assert drawn == {
        "button": jetson.button,
        "red": jetson.red,
        "green": jetson.green,
        "blue": jetson.blue,
        "ground of the button": 9,
        "ground of the light": 20,
    }


def test_the_readme_has_the_same_places() -> None:
    readme = (_ROOT / "README.md").read_text(encoding="utf-8")
    pi = GpioPins()
    pins = {"button": pi.button, "red": pi.red, "green": pi.green, "blue": pi.blue}
    for wire in wires(pi, JetsonPins()):
        if wire.part in pins:
            name = "button to ground" if wire.part == "button" else wire.part
            assert f"| {name} | {wire.place} | {pins[wire.part]} | {wire.place} |" in readme


def test_other_pins_make_another_picture() -> None:
    moved = wires(GpioPins(red=5), JetsonPins(red=29))
    assert {wire.part: wire.place for wire in moved}["red"] == 29


def test_a_jetson_that_is_wired_otherwise_needs_a_picture_of_its_own() -> None:
    with pytest.raises(PinsDisagreeError, match="red: place 29 on a Pi, 16 on a Jetson"):
        wires(GpioPins(red=5), JetsonPins())
