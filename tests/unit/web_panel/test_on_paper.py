"""The report on paper, by the screen and by programs, on a real printer's other end."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from appliance.devices.printer.port import UsbPort
from appliance.devices.printer.printer import Printer
from appliance.interview.session_events import Kind, State, chose, consented
from appliance.storage.practice_code import Cost
from appliance.storage.store import Store
from tests.api import Program, code_of
from tests.panel import ServedBooth, served
from tests.printers import PipePrinter, answering_printer
from tests.waiting import ended, until

TYPED = (
    "Last winter the heating of our hotel failed. I had to keep sixty guests warm, so I rang five "
    "hotels and carried “twenty” heaters \x1bp to the rooms. In the end nobody left."
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("usb")


@pytest.fixture(scope="module")
def kept(models_dir: Path, sample: Path, folder: Path) -> Iterator[ServedBooth]:
    store = Store(folder / "kept", 90, time.time, time.monotonic, Cost(1, 1, 64))
    printer = Printer(UsbPort(folder=folder), 48, limit_s=2.0)
    with served(models_dir, sample, store=store, printer=printer) as booth:
        yield booth
    store.close()


@pytest.fixture
def booth(kept: ServedBooth, folder: Path) -> Iterator[ServedBooth]:
    """A booth whose person is at the report, with one typed answer; there is no printer yet."""
    leave(kept)
    answers(kept)
    yield kept
    for node in folder.glob("lp*"):
        node.unlink()


@pytest.fixture
def client(booth: ServedBooth) -> FlaskClient:
    return booth.app.test_client()


@pytest.fixture
def pipe(folder: Path) -> PipePrinter:
    return PipePrinter(folder / "lp0")


def leave(booth: ServedBooth) -> None:
    booth.does(Kind.LEAVE)
    booth.comes_to(State.ATTRACT)


def answers(booth: ServedBooth) -> None:
    booth.does(Kind.START, Kind.GO_ON, consented(voice=False, camera=False, expression=False))
    booth.does(chose("solved-problem"), Kind.ANSWER)
    booth.booth.type_answer(TYPED)
    booth.comes_to(State.REVIEW)
    booth.does(Kind.TO_REPORT)


def presses(booth: ServedBooth, client: FlaskClient, **fields: str) -> TestResponse:
    token = booth.panel.doors.kiosk_token
    return client.post("/kiosk/print", data={"token": token, **fields})


def test_the_report_comes_on_paper_as_the_screen_says(
    booth: ServedBooth, client: FlaskClient, pipe: PipePrinter
) -> None:
    assert "Print it on paper" in client.get("/").text
    pipe.reads()
    assert presses(booth, client).status_code == 303
    page = client.get("/").text
    assert "It is printing." in page
    assert "Print it on paper" not in page
    paper = pipe.printed()
    assert max(map(len, paper.splitlines())) == 48
    flowing = " ".join(paper.split())
    assert "1. Tell me about a time you solved a problem at work." in flowing
    assert "What went well" in flowing
    assert "nobody left" in flowing
    assert "Structure " in flowing
    assert flowing.endswith("Nothing of this is kept in the booth.")


def test_a_second_press_prints_once_and_again_prints_again(
    booth: ServedBooth, client: FlaskClient, folder: Path
) -> None:
    with answering_printer(b"\x12") as there:
        (folder / "lp0").symlink_to(there.path)
        presses(booth, client)
        presses(booth, client)
        until(lambda: there.data.count(b"\x1dV\x00") == 1)
        presses(booth, client, again="on")
        until(lambda: there.data.count(b"\x1dV\x00") == 2)


def test_the_fixed_words_are_in_the_language_of_the_person(
    booth: ServedBooth, client: FlaskClient, pipe: PipePrinter
) -> None:
    booth.panel.visit.speak("de", booth.panel.visit.number)
    assert "Auf Papier drucken" in client.get("/").text
    pipe.reads()
    presses(booth, client)
    assert "Es wird gedruckt." in client.get("/").text
    assert pipe.printed().endswith("Nichts davon bleibt in der Kabine.\n")


def test_who_keeps_their_progress_is_not_told_that_nothing_is_kept(
    booth: ServedBooth, client: FlaskClient, pipe: PipePrinter
) -> None:
    booth.panel.record.keep("", transcript=False)
    pipe.reads()
    presses(booth, client)
    assert "kept in the booth" not in pipe.printed()


def test_what_is_wrong_stands_on_the_screen_and_another_press_tries_again(
    booth: ServedBooth, client: FlaskClient, folder: Path
) -> None:
    assert presses(booth, client).status_code == 303
    page = client.get("/").text
    assert "The printer cannot be reached. Please ask the staff to look at it." in page
    assert "Your report stays here until you finish." in page
    assert "Print it on paper" in page
    with answering_printer(b"\x72") as empty:
        (folder / "lp0").symlink_to(empty.path)
        presses(booth, client)
        assert "The printer has no paper. Please ask the staff for a new roll." in (
            client.get("/").text
        )
    (folder / "lp0").unlink()
    pipe = PipePrinter(folder / "lp0")
    pipe.reads()
    presses(booth, client)
    assert "It is printing." in client.get("/").text
    assert "nobody left" in pipe.printed()
    assert "no paper" not in client.get("/").text


def test_a_wipe_waits_for_no_printer_and_nothing_of_it_is_left(
    booth: ServedBooth, client: FlaskClient, pipe: PipePrinter
) -> None:
    full = os.open(pipe.path, os.O_WRONLY | os.O_NONBLOCK)
    os.write(full, bytes(65_536))
    pressed = threading.Thread(target=lambda: presses(booth, client))
    pressed.start()
    until(lambda: any(one.name == "booth-printer" for one in threading.enumerate()))
    leave(booth)
    pressed.join(1.5)
    assert not pressed.is_alive(), "sooner than the printer's own time"
    ended("booth-printer")
    pipe.reads()
    os.close(full)
    until(lambda: len(pipe.data) == 65_536)
    assert pipe.data == bytes(65_536)
    assert booth.panel.home.paper.shown.fault == ""
    answers(booth)
    page = booth.app.test_client().get("/").text
    assert "printing" not in page
    assert "The printer" not in page


def test_a_printer_that_takes_nothing_is_told_in_time(
    booth: ServedBooth, client: FlaskClient, pipe: PipePrinter
) -> None:
    full = os.open(pipe.path, os.O_WRONLY | os.O_NONBLOCK)
    os.write(full, bytes(65_536))
    presses(booth, client)
    assert "The printer takes nothing." in client.get("/").text
    answer = Program(booth).does("POST", "/paper")
    assert (answer.status_code, code_of(answer)) == (503, "printer_stalled")
    os.close(full)


def test_it_is_printed_at_the_report_alone(booth: ServedBooth, client: FlaskClient) -> None:
    leave(booth)
    assert presses(booth, client).status_code == 409
    answer = Program(booth).does("POST", "/paper")
    assert (answer.status_code, code_of(answer)) == (409, "nothing_to_print")


def test_a_program_prints_and_is_told_what_is_wrong(booth: ServedBooth, folder: Path) -> None:
    program = Program(booth)
    answer = program.does("POST", "/paper")
    assert (answer.status_code, code_of(answer)) == (503, "printer_missing")
    assert "Plug the printer in" in answer.get_json()["error"]["message"]
    pipe = PipePrinter(folder / "lp0")
    pipe.reads()
    answer = program.does("POST", "/paper")
    assert (answer.status_code, answer.get_json()) == (202, {"answers": 1})
    assert "nobody left" in pipe.printed()


def test_one_print_at_a_time(booth: ServedBooth, client: FlaskClient, pipe: PipePrinter) -> None:
    full = os.open(pipe.path, os.O_WRONLY | os.O_NONBLOCK)
    os.write(full, bytes(65_536))
    pressed = threading.Thread(target=lambda: presses(booth, client))
    pressed.start()
    until(lambda: any(one.name == "booth-printer" for one in threading.enumerate()))
    answer = Program(booth).does("POST", "/paper")
    assert (answer.status_code, code_of(answer)) == (409, "printer_busy")
    assert "The printer is at work." in booth.app.test_client().get("/").text
    pressed.join()
    os.close(full)


def test_without_a_printer_nobody_is_offered_paper(models_dir: Path, sample: Path) -> None:
    with served(models_dir, sample) as booth:
        answers(booth)
        client = booth.app.test_client()
        assert "Print it on paper" not in client.get("/").text
        presses(booth, client)
        answer = Program(booth).does("POST", "/paper")
        assert (answer.status_code, code_of(answer)) == (409, "nothing_to_print")
