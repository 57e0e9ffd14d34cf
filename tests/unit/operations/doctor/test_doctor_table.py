"""What people read."""

from appliance.domain.health import Health, Status
from appliance.operations.doctor.table import table

_FOUND = (
    Health("camera", Status.HEALTHY, "Webcam works."),
    Health("microphone", Status.CRITICAL, "There is no microphone.", "Plug one in."),
    Health("disk", Status.WARNING, "0.5 GB of 32.0 GB are free under /var. " * 2),
    Health("memory", Status.UNKNOWN, "Nobody tells."),
    Health("power", Status.SKIPPED, "Only a Raspberry Pi tells."),
)


def test_a_line_for_each_part_and_what_to_do_below() -> None:
    lines = table(_FOUND, 100, colour=False).splitlines()
    assert lines[0] == "camera      ok       Webcam works."
    assert lines[1] == "microphone  fault    There is no microphone."
    assert lines[2] == "                     → Plug one in."
    assert lines[-1] == ("The booth cannot work as it is. 1 fault, 1 warning, 1 unknown, 1 well.")


def test_long_words_are_wrapped_into_their_column() -> None:
    lines = table(_FOUND, 60, colour=False).splitlines()
    assert max(map(len, lines[:-1])) <= 60
    assert lines[4].startswith(" " * 21)


def test_colours_are_for_terminals_and_change_no_width() -> None:
    plain, coloured = (table(_FOUND, 100, colour=colour) for colour in (False, True))
    assert "\x1b" not in plain
    assert "\x1b[31mfault    \x1b[0m" in coloured


def test_without_a_fault_the_booth_can_work() -> None:
    assert table(_FOUND[:1], 80, colour=False).endswith("The booth can work. 1 well.")
    assert table((), 80, colour=False).endswith("The booth can work.")
