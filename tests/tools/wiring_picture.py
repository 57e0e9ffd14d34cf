"""Draws how button and light are wired, from the pins in the code and gpiozero's own header.

    .venv/bin/python -m tests.tools.wiring_picture docs/build/wiring.svg

A test compares the picture in `docs/build` with what this makes.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from gpiozero.pins.pi import PiBoardInfo  # type: ignore[import-untyped]

from appliance.devices.controls.gpio import GpioPins
from appliance.devices.controls.jetson import JetsonPins

_PI_4 = 0xC03115
_HEADER: Mapping[int, str] = {
    place: pin.name for place, pin in PiBoardInfo.from_revision(_PI_4).headers["J8"].pins.items()
}
"""What is at each place of the 40-pin header; a Jetson has power and ground at the same ones."""

_INK, _QUIET, _BOARD, _PAPER = "#1b2326", "#4b565b", "#d8e6e3", "#ffffff"
_COLOURS = {"button": "#8a4500", "red": "#b3261e", "green": "#1c6b2c", "blue": "#1f4fa3"}
_GROUND = "#1b2326"
_TOP, _ROW = 92, 28
_ODD_X, _EVEN_X = 410, 438
_BUTTON_X, _LED_X = 120, 700


class PinsDisagreeError(ValueError):
    """A Raspberry Pi and a Jetson are wired otherwise, and one picture cannot show both."""


@dataclass(frozen=True, slots=True)
class Wire:
    """From a place on the header to a part.

    Attributes:
        place: on the header, from 1 to 40.
        part: "button", "red", "green", "blue", or "ground" with the part it is the other side of.
        label: what is written at the place.
        colour: of the wire.
    """

    place: int
    part: str
    label: str
    colour: str


def wires(pi: GpioPins, jetson: JetsonPins) -> list[Wire]:
    """All wires, by the pins that the booth uses where nothing is set.

    Raises:
        PinsDisagreeError: the same part has another place on a Jetson.
    """
    pins = {"button": pi.button, "red": pi.red, "green": pi.green, "blue": pi.blue}
    places = {
        "button": jetson.button,
        "red": jetson.red,
        "green": jetson.green,
        "blue": jetson.blue,
    }
    found = []
    for part, pin in pins.items():
        place = next(place for place, name in _HEADER.items() if name == f"GPIO{pin}")
        if place != places[part]:
            raise PinsDisagreeError(f"{part}: place {place} on a Pi, {places[part]} on a Jetson")
        found.append(Wire(place, part, f"{place}: GPIO {pin}", _COLOURS[part]))
    button, *lights = (wire.place for wire in found)
    taken = _ground_near([button])
    found.append(Wire(taken, "ground of the button", f"{taken}: ground", _GROUND))
    common = _ground_near(lights)
    found.append(Wire(common, "ground of the light", f"{common}: ground", _GROUND))
    return found


def _ground_near(places: list[int]) -> int:
    """The ground in the same row of pins that is nearest to the middle of them."""
    middle = sum(places) / len(places)
    grounds = (
        place
        for place, name in _HEADER.items()
        if name == "GND" and place % 2 == places[0] % 2 and place not in places
    )
    return min(grounds, key=lambda place: abs(place - middle))


def to_svg() -> str:
    """The picture."""
    drawn = wires(GpioPins(), JetsonPins())
    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 720" role="img"',
        'aria-labelledby="title says" font-family="system-ui, sans-serif">',
        '<title id="title">Wiring of the button and the light</title>',
        f'<desc id="says">{escape(_in_words(drawn))}</desc>',
        f'<rect width="860" height="720" fill="{_PAPER}"/>',
        _text((430, 34), "Button and light on the 40-pin header", 22, _INK, "middle"),
        _text((430, 60), "Place 1 is marked on the board: a square pad.", 15, _QUIET, "middle"),
        *_button(drawn),
        *_light(drawn),
        *(line for wire in drawn for line in _drawn(wire)),
        *_header({wire.place: wire for wire in drawn}),
        _text((430, 690), "The same places on a Raspberry Pi and a Jetson.", 15, _QUIET, "middle"),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _in_words(drawn: list[Wire]) -> str:
    return "; ".join(f"place {wire.label} to the {wire.part}" for wire in drawn) + "."


def _text(at: tuple[int, int], words: str, size: int, colour: str, anchor: str) -> str:
    x, y = at
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )


def _y(place: int) -> int:
    return _TOP + (place - 1) // 2 * _ROW


def _is_of_button(wire: Wire) -> bool:
    return wire.part.endswith("button")


def _drawn(wire: Wire) -> Iterator[str]:
    """A wire straight to its part, with the resistor that each LED needs."""
    y = _y(wire.place)
    start = _ODD_X if wire.place % 2 else _EVEN_X
    end = _BUTTON_X + 40 if _is_of_button(wire) else _LED_X
    yield (
        f'<path d="M{start} {y}H{end}" stroke="{wire.colour}" stroke-width="3" fill="none"'
        f' data-place="{wire.place}" data-part="{wire.part}"/>'
    )
    if wire.part in {"red", "green", "blue"}:
        yield (
            f'<rect x="590" y="{y - 8}" width="64" height="16" rx="3" fill="{_PAPER}"'
            f' stroke="{wire.colour}" stroke-width="2"/>'
        )
        yield _text((622, y + 4), "330 Ω", 12, _INK, "middle")
    if _is_of_button(wire):
        yield _text((start - 20, y - 6), wire.label, 14, _INK, "end")
    else:
        yield _text((start + 20, y - 6), wire.label, 14, _INK, "start")


def _button(drawn: list[Wire]) -> Iterator[str]:
    rows = [_y(wire.place) for wire in drawn if _is_of_button(wire)]
    top, height = min(rows) - 22, max(rows) - min(rows) + 44
    yield (
        f'<rect x="{_BUTTON_X - 60}" y="{top}" width="100" height="{height}" rx="10"'
        f' fill="{_BOARD}" stroke="{_INK}" stroke-width="2"/>'
    )
    yield _text((_BUTTON_X - 10, top + height // 2 + 5), "Button", 17, _INK, "middle")
    yield _text(
        (_BUTTON_X - 60, top + height + 24), "On a Jetson, a resistor from", 14, _QUIET, "start"
    )
    yield _text((_BUTTON_X - 60, top + height + 43), "its pin to 3.3 V, too.", 14, _QUIET, "start")


def _light(drawn: list[Wire]) -> Iterator[str]:
    rows = [_y(wire.place) for wire in drawn if not _is_of_button(wire)]
    top, height = min(rows) - 22, max(rows) - min(rows) + 44
    yield (
        f'<rect x="{_LED_X}" y="{top}" width="116" height="{height}" rx="40"'
        f' fill="{_BOARD}" stroke="{_INK}" stroke-width="2"/>'
    )
    for wire in drawn:
        if not _is_of_button(wire):
            words = "ground" if wire.part.startswith("ground") else wire.part
            yield _text((_LED_X + 58, _y(wire.place) + 5), words, 15, wire.colour, "middle")
    yield _text((_LED_X + 58, top + height + 24), "RGB LED,", 14, _QUIET, "middle")
    yield _text((_LED_X + 58, top + height + 43), "common cathode", 14, _QUIET, "middle")


def _header(used: Mapping[int, Wire]) -> Iterator[str]:
    yield (
        f'<rect x="{_ODD_X - 16}" y="{_TOP - 18}" width="{_EVEN_X - _ODD_X + 32}"'
        f' height="{19 * _ROW + 36}" rx="6" fill="{_QUIET}"/>'
    )
    for place in sorted(_HEADER):
        x, y = (_ODD_X if place % 2 else _EVEN_X), _y(place)
        wire = used.get(place)
        ring = wire.colour if wire else _INK
        corner = 0 if place == 1 else 11
        yield (
            f'<rect x="{x - 11}" y="{y - 11}" width="22" height="22" rx="{corner}"'
            f' fill="{_PAPER if wire else "#b9c3c5"}" stroke="{ring}" stroke-width="3"/>'
        )
        yield _text((x, y + 4), str(place), 12, _INK, "middle")


def main() -> None:
    """Write the picture."""
    Path(sys.argv[1]).write_text(to_svg(), encoding="utf-8")


if __name__ == "__main__":
    main()
