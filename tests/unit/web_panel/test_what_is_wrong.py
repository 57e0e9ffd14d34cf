"""What a person at the booth reads of what does not work: in their language, and for them."""

from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from appliance.domain.errors import DeviceError, DeviceUnusableError
from appliance.domain.settings import Settings, Site
from appliance.interview.session_events import FaultBegan, Kind, State, consented
from tests.api import Program
from tests.panel import ServedBooth, served
from tests.waiting import until

_UNPLUGGED = DeviceError("The camera was unplugged.", "Check its cable.")
_FORBIDDEN = DeviceUnusableError("This user may not listen.", "Run 'sudo usermod -aG audio USER'.")


def _no_camera() -> NoReturn:
    raise _UNPLUGGED


def _no_microphone() -> NoReturn:
    raise _FORBIDDEN


@pytest.fixture(scope="module")
def kept(models_dir: Path, sample: Path) -> Iterator[ServedBooth]:
    with served(models_dir, sample, camera=_no_camera, microphone=_no_microphone) as booth:
        yield booth


@pytest.fixture
def booth(kept: ServedBooth) -> ServedBooth:
    """A booth whose camera and microphone do not work, at the check of both."""
    kept.does(Kind.LEAVE)
    kept.comes_to(State.ATTRACT)
    kept.does(Kind.START, Kind.GO_ON, consented(voice=True, camera=True, expression=False))
    until(lambda: {"camera", "microphone"} <= set(kept.booth.session.faults))
    return kept


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", ("The camera does not work now", "You can type instead", "Please tell the staff.")),
        ("de", ("Die Kamera arbeitet gerade nicht", "stattdessen tippen", "dem Personal.")),
        ("es", ("La cámara no funciona ahora", "Puede escribir", "Avise al personal")),
    ],
)
def test_a_person_reads_in_their_language_what_still_works_and_programs_what_is_wrong(
    booth: ServedBooth, language: str, says: tuple[str, ...]
) -> None:
    booth.panel.visit.speak(language, booth.panel.visit.number)
    page = booth.app.test_client().get("/").text
    for words in says:
        assert words in page
    for technical in ("unplugged", "cable", "sudo"):
        assert technical not in page
    told = Program(booth).looks()["faults"]
    assert (told["camera"], told["microphone"]) == (str(_UNPLUGGED), str(_FORBIDDEN))


def test_a_part_that_nobody_thought_of_is_told_of_without_its_own_words(
    booth: ServedBooth,
) -> None:
    booth.does(FaultBegan("lamp", "The bulb is broken."))
    page = booth.app.test_client().get("/").text
    assert "A part of the booth does not work now." in page
    assert "bulb" not in page


def test_a_page_that_is_over_says_so_in_the_language_of_who_holds_the_phone(
    booth: ServedBooth,
) -> None:
    booth.panel.visit.speak("es", booth.panel.visit.number)
    page = booth.app.test_client().get("/take/nothing")
    assert page.status_code == 410
    assert "Esto ya se recogió" in page.text


def test_what_is_no_page_is_told_to_people_in_the_language_of_the_site(
    models_dir: Path, sample: Path
) -> None:
    with served(models_dir, sample, Settings(site=Site(language="de"))) as booth:
        client = booth.app.test_client()
        assert "Diese Seite gibt es nicht." in client.get("/<b>nothing").text
        told = client.get("/api/v1/nothing").get_json()["error"]["message"]
        assert told == "There is no such page."
        token = {"token": booth.panel.doors.kiosk_token}
        page = client.post("/kiosk/do", data={**token, "act": "dance"}).text
        assert "Die Kabine weiß nicht, was sie tun soll." in page
