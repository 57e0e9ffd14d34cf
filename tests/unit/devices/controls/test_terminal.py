"""Keys in a terminal: a real pseudo-terminal, and that it is always put back."""

import os
import pty
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance.devices.controls import terminal
from appliance.devices.controls.button import ButtonEvent
from appliance.devices.controls.terminal import TerminalSource, has_terminal
from appliance.domain.errors import DeviceUnusableError

_ROOT = Path(__file__).parents[4]


class Window:
    """A terminal window: what is typed into it, and the end that a program reads."""

    def __init__(self) -> None:
        self.hand, self.fd = pty.openpty()

    def types(self, keys: bytes) -> None:
        os.write(self.hand, keys)

    def modes(self) -> list[Any]:
        return termios.tcgetattr(self.fd)

    def closes(self) -> None:
        os.close(self.hand)
        self.hand = -1


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    window = Window()
    # The tests' own process does not have it as its controlling terminal, a started booth does.
    monkeypatch.setattr(terminal, "_in_foreground", os.isatty)
    yield window
    for fd in (window.hand, window.fd):
        if fd >= 0:
            os.close(fd)


@pytest.mark.parametrize(
    ("keys", "events"),
    [
        (b" ", (ButtonEvent.PRESS,)),
        (b"\r", (ButtonEvent.PRESS,)),
        (b"s", (ButtonEvent.SKIP,)),
        (b"W", (ButtonEvent.WIPE,)),
        (b" s", (ButtonEvent.PRESS, ButtonEvent.SKIP)),
        (b"x", ()),
        (b"\x1b[A", ()),
        (b"we saw", ()),
    ],
)
def test_keys_mean_what_the_readme_says(
    window: Window, keys: bytes, events: tuple[ButtonEvent, ...]
) -> None:
    source = TerminalSource(window.fd)
    window.types(keys)
    assert source.read() == events
    assert source.read() == ()
    source.close()


def test_keys_are_not_shown_and_the_terminal_is_put_back(window: Window) -> None:
    before = window.modes()
    for _ in range(10):
        source = TerminalSource(window.fd)
        assert not window.modes()[3] & (termios.ECHO | termios.ICANON)
        assert window.modes()[3] & termios.ISIG
        source.close()
        source.close()
        assert window.modes() == before


def test_a_terminal_that_is_closed_ends_it(window: Window) -> None:
    source = TerminalSource(window.fd)
    window.closes()
    with pytest.raises(DeviceUnusableError, match="terminal was closed"):
        source.read()
    source.close()


def test_without_a_terminal_nobody_can_type() -> None:
    read, write = os.pipe()
    with pytest.raises(DeviceUnusableError, match="no terminal"):
        TerminalSource(read)
    os.close(read)
    os.close(write)


def test_a_program_without_stdin_has_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert not has_terminal()


_DIES = """
from appliance.devices.controls.terminal import TerminalSource, has_terminal
assert has_terminal()
TerminalSource()
print("open", flush=True)
input()
raise RuntimeError("the booth broke")
"""


def test_a_program_that_breaks_leaves_a_terminal_that_shows_what_is_typed() -> None:
    window = Window()
    before = window.modes()

    def take_the_terminal() -> None:
        os.setsid()
        os.close(os.open(os.ttyname(0), os.O_RDWR))  # makes it the controlling one

    with subprocess.Popen(
        [sys.executable, "-c", _DIES],
        stdin=window.fd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=_ROOT,
        preexec_fn=take_the_terminal,  # noqa: PLW1509  # no thread of ours runs
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"open\n"
        assert window.modes() != before
        window.types(b"\n")
        _, words = program.communicate(timeout=30)
    assert b"the booth broke" in words
    assert window.modes() == before
    os.close(window.hand)
    os.close(window.fd)
