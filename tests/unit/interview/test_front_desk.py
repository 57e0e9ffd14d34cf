"""What the panel needs of a booth besides its events: choices, sets, and a preview by consent."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from appliance.coaching.messages import load_messages
from appliance.domain.settings import Interview, Settings
from appliance.interview.front_desk import FrontDesk
from appliance.interview.session_events import Kind, State, consented
from tests.kiosk import Kiosk


@pytest.fixture
def kiosk(models_dir: Path, sample: Path) -> Iterator[Kiosk]:
    one = Kiosk(models_dir, sample, None, Settings(interview=Interview(role="care")))
    yield one
    one.booth.close()
    one.equipment.stop()


@pytest.fixture
def desk(kiosk: Kiosk) -> FrontDesk:
    return FrontDesk(kiosk.booth, kiosk.wiring, load_messages("en"))


def test_the_sites_own_kind_of_work_comes_first_among_the_choices(desk: FrontDesk) -> None:
    assert desk.choices.roles[0] == "care"
    assert len(set(desk.choices.roles)) == 9
    assert "teamwork" in desk.choices.focuses
    assert desk.choices.lengths == (3, 5, 8)


def test_a_set_is_drawn_for_a_kind_of_work_and_what_it_looks_for(desk: FrontDesk) -> None:
    names = desk.draw("software", "teamwork", 3)
    questions = [desk.question(name) for name in names]
    assert len(questions) == 3
    for question in questions:
        assert question is not None
        assert question.competency == "teamwork"
        assert question.role in {"software", "general"}
    assert 3 <= len(desk.draw("trades", "ethics", 8)) <= 8
    assert len(desk.draw("general", None, 8)) == 8
    assert desk.question("no-such-question") is None


def test_the_preview_is_there_only_for_who_agreed_to_be_seen(kiosk: Kiosk, desk: FrontDesk) -> None:
    assert desk.preview() is None
    kiosk.does(Kind.START, Kind.GO_ON)
    assert desk.preview() is None
    kiosk.does(consented(voice=True, camera=True, expression=False))
    assert kiosk.state is State.CHECK
    kiosk.waits_for(lambda: desk.preview() is not None)
    picture = desk.preview()
    assert picture is not None
    shown = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    assert shown is not None
    assert shown.shape[1] == 480
    kiosk.does(Kind.LEAVE)
    assert desk.preview() is None


def test_who_refused_the_camera_sees_no_preview(kiosk: Kiosk, desk: FrontDesk) -> None:
    kiosk.does(Kind.START, Kind.GO_ON, consented(voice=True, camera=False, expression=False))
    kiosk.waits(0.5)
    assert desk.preview() is None


def test_how_ratings_are_made_is_told(desk: FrontDesk) -> None:
    assert desk.guide().title
    assert len(desk.guide().ratings) == 6
