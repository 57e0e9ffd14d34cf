"""A printer: what it is sent, what is told where it takes nothing, and that nobody waits for it."""

import contextlib
import errno
import fcntl
import os
import socket
import threading
import time
from pathlib import Path

import pytest

from appliance.devices.printer.faults import (
    NoPaperError,
    PrinterBusyError,
    PrinterMissingError,
    PrinterStalledError,
)
from appliance.devices.printer.port import NetworkPort, UsbPort, refusal
from appliance.devices.printer.printer import Printer, look_for
from appliance.domain.errors import DeviceError, DeviceUnusableError
from appliance.domain.health import Status
from appliance.domain.paper import Line, Strip
from appliance.reporting.receipt import Paper, receipt
from tests.printers import PipePrinter, answering_printer, network_printer
from tests.reports import report_of
from tests.waiting import ended, open_files, until

STRIP = (Line("Übung", bold=True), Line('"¿Qué pasó, Íñigo?"'))
HAS_PAPER, HAS_NONE = b"\x12", b"\x72"
LIMIT_S = 0.4


def print_on(printer: Printer, strip: Strip = STRIP) -> bool:
    return printer.print(lambda: strip)


def usb(path: Path, limit_s: float = 10.0) -> Printer:
    return Printer(UsbPort(str(path)), 32, limit_s=limit_s)


@pytest.fixture
def pipe(tmp_path: Path) -> PipePrinter:
    return PipePrinter(tmp_path / "lp0")


def fill(pipe: PipePrinter) -> int:
    """Let a pipe take no more, and give its end that keeps it so."""
    fd = os.open(pipe.path, os.O_WRONLY | os.O_NONBLOCK)
    fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ if hasattr(fcntl, "F_SETPIPE_SZ") else 1031, 4096)
    with contextlib.suppress(BlockingIOError):
        while os.write(fd, bytes(4096)):
            pass
    return fd


@pytest.mark.parametrize("width", [32, 48])
@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_what_comes_out_of_the_printer_is_what_was_written(
    pipe: PipePrinter, width: int, language: str
) -> None:
    strip = receipt([report_of(language)], Paper(width, language))
    pipe.reads()
    assert print_on(usb(pipe.path), strip)
    assert pipe.printed() == "".join(f"{line.text}\n" for line in strip)


def test_letters_of_three_languages_and_titles_arrive(pipe: PipePrinter) -> None:
    pipe.reads()
    printer = usb(pipe.path)
    assert printer.health().status is Status.UNKNOWN
    assert print_on(printer)
    assert pipe.printed() == 'Übung\n"¿Qué pasó, Íñigo?"\n'
    assert b"\x1bE\x01\x9abung\n\x1bE\x00" in pipe.data, "bold, and in code page 850"
    assert printer.health().status is Status.HEALTHY
    assert printer.health().details == {"place": str(pipe.path), "printed": 1}


def test_a_printer_that_has_paper_is_asked_and_prints() -> None:
    with answering_printer(HAS_PAPER) as there:
        assert print_on(usb(there.path))
        until(lambda: there.data.endswith(b"\x1dV\x00"))
        look_for(UsbPort(str(there.path)))
        assert there.data.count(b"\x1b@") == 1, "looking prints nothing"


@pytest.mark.parametrize("kind", ["usb", "network"])
def test_a_printer_without_paper_gets_nothing_that_it_could_print_later(kind: str) -> None:
    with answering_printer(HAS_NONE) as near, network_printer(HAS_NONE) as far:
        port = NetworkPort("127.0.0.1", far.port) if kind == "network" else UsbPort(str(near.path))
        printer = Printer(port, 32)
        with pytest.raises(NoPaperError, match=r"no paper. Put a new roll in"):
            print_on(printer)
        assert printer.health().status is Status.WARNING
    assert near.data + far.data == b"\x10\x04\x04"


@pytest.mark.parametrize("status", [b"", HAS_PAPER, b"\x16\x00"])
def test_a_printer_in_the_network(status: bytes) -> None:
    with network_printer(status) as there:
        assert print_on(Printer(NetworkPort("localhost", there.port), 32))
        assert there.printed() == 'Übung\n"¿Qué pasó, Íñigo?"\n'


def test_a_full_pipe_is_told_in_time_and_its_thread_ends(pipe: PipePrinter) -> None:
    fd = fill(pipe)
    files = open_files()
    printer = usb(pipe.path, LIMIT_S)
    began_s = time.monotonic()
    with pytest.raises(PrinterStalledError, match=r"takes nothing. See whether it has paper"):
        print_on(printer)
    assert time.monotonic() - began_s < 5
    ended("booth-printer")
    assert open_files() == files
    assert printer.health().message == "The printer takes nothing."
    os.close(fd)


def test_a_printer_in_the_network_that_takes_nothing_is_told_in_time() -> None:
    with network_printer(reads=False) as there:
        printer = Printer(NetworkPort("127.0.0.1", there.port), 32, limit_s=1.0)
        with pytest.raises(PrinterStalledError):
            print_on(printer, [Line("x" * 32)] * 4_000)
        ended("booth-printer")


def test_a_fifo_that_nobody_reads_does_not_hold_anybody(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "lp0")
    began_s = time.monotonic()
    with pytest.raises(PrinterMissingError, match=r"does not answer.* Plug the printer in"):
        print_on(usb(tmp_path / "lp0"))
    assert time.monotonic() - began_s < 5


def test_unplugged_before_and_while_it_prints(tmp_path: Path, pipe: PipePrinter) -> None:
    with pytest.raises(PrinterMissingError, match="There is no printer at"):
        print_on(usb(tmp_path / "lp9"))
    assert not (tmp_path / "lp9").exists(), "no file is made of what somebody said"
    fd = fill(pipe)
    files = open_files()
    faults: list[BaseException] = []

    def prints() -> None:
        with pytest.raises(PrinterMissingError, match="was unplugged") as told:
            print_on(usb(pipe.path))
        faults.append(told.value)

    thread = threading.Thread(target=prints)
    thread.start()
    until(lambda: open_files() > files)
    pipe.unplugs()
    os.close(fd)
    thread.join(10)
    assert len(faults) == 1


def test_a_printer_that_comes_later_is_found(tmp_path: Path) -> None:
    printer = Printer(UsbPort(folder=tmp_path), 32)
    with pytest.raises(PrinterMissingError, match=r"no printer at .*lp\*"):
        print_on(printer)
    pipe = PipePrinter(tmp_path / "lp1")
    pipe.reads()
    assert print_on(printer)
    assert "Übung" in pipe.printed()


def test_an_ordinary_file_is_no_printer(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path):
        with pytest.raises(PrinterMissingError):
            print_on(usb(path))
    assert (tmp_path / "file").read_text() == ""


@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [
        (errno.EACCES, DeviceUnusableError, "Run 'sudo usermod -aG "),
        (errno.EPERM, DeviceUnusableError, "This user may not use the printer"),
        (errno.EBUSY, DeviceError, "Another program uses the printer"),
        (errno.ENODEV, PrinterMissingError, "does not answer: No such device."),
    ],
)
def test_what_the_kernel_refuses_is_told_in_words(
    pipe: PipePrinter, number: int, kind: type[DeviceError], words: str
) -> None:
    told = refusal(pipe.path, OSError(number, os.strerror(number)))
    assert isinstance(told, kind)
    assert words in str(told)


def test_one_strip_at_a_time_and_a_wipe_waits_for_none(pipe: PipePrinter) -> None:
    fd = fill(pipe)
    printer = usb(pipe.path, 60.0)
    printed: list[bool] = []
    thread = threading.Thread(target=lambda: printed.append(print_on(printer)))
    thread.start()
    until(lambda: any(one.name == "booth-printer" for one in threading.enumerate()))
    with pytest.raises(PrinterBusyError, match="at work"):
        print_on(printer)
    began_s = time.monotonic()
    printer.cancel()
    assert time.monotonic() - began_s < 1
    thread.join(5)
    assert printed == [False]
    assert printer.stop()
    ended("booth-printer")
    assert printer.health().status is Status.UNKNOWN, "that was no fault"
    os.close(fd)


def test_a_host_that_is_not_there_or_refuses_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        with pytest.raises(PrinterMissingError, match=f"127.0.0.1:{port} cannot be reached: Conn"):
            print_on(Printer(NetworkPort("127.0.0.1", port), 32))
    with pytest.raises(PrinterMissingError, match="Check its address"):
        look_for(NetworkPort("printer.invalid", 9100))
    assert NetworkPort("fe80::1", 9100).place == "[fe80::1]:9100"


def test_a_thread_that_is_stuck_is_not_waited_for(pipe: PipePrinter) -> None:
    release = threading.Event()

    def make() -> Strip:
        release.wait(30)
        return STRIP

    printer = usb(pipe.path, 0.1)
    with pytest.raises(PrinterStalledError):
        printer.print(make)
    with pytest.raises(PrinterBusyError):
        print_on(printer)
    assert not printer.stop(0.1)
    pipe.reads()
    release.set()
    ended("booth-printer")
    assert printer.stop()
    assert pipe.data == b"", "what was given up does not come later"


def test_preparing_loads_the_library_beside_everything_else(pipe: PipePrinter) -> None:
    printer = usb(pipe.path)
    printer.prepare()
    ended("booth-printer-prepares")
    assert printer.health().details["printed"] == 0
