"""A whole booth with real devices' supervisors: what a person does, and what becomes of it."""

import gc
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance.devices.camera.selection import Backend, CameraSettings, camera_opener
from appliance.devices.controls.button import ButtonEvent
from appliance.devices.controls.lights import FaultLight, LightState
from appliance.devices.playback import Playback
from appliance.domain.errors import DeviceUnusableError, ModelError
from appliance.domain.health import Health, Status
from appliance.domain.media import AudioBlock
from appliance.domain.report import Report
from appliance.domain.settings import Accommodations, Interview, Settings, Site
from appliance.interview.pipeline import Heard, Pipeline
from appliance.interview.record_book import RecordBook
from appliance.interview.session import Consent
from appliance.interview.session_events import LIGHTS, Kind, State, chose, consented
from appliance.reporting.files import to_json
from appliance.storage.practice_code import Cost, new_code
from appliance.storage.store import Store
from tests.kiosk import QUESTION, Kiosk
from tests.media import grey, tone, write_recording


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path, 90, time.time, time.monotonic, Cost(1, 1, 64))
    yield store
    store.close()


@pytest.fixture
def build(models_dir: Path, sample: Path, store: Store) -> Iterator[Callable[..., Kiosk]]:
    kiosks: list[Kiosk] = []

    def built(settings: Settings | None = None, **more: Any) -> Kiosk:
        kiosks.append(Kiosk(models_dir, sample, store, settings or Settings(), **more))
        return kiosks[-1]

    yield built
    for kiosk in kiosks:
        kiosk.booth.close()
        assert kiosk.equipment.stop()


def book_of(kiosk: Kiosk) -> RecordBook:
    return RecordBook(kiosk.wiring, lambda: kiosk.booth.given)


def test_an_interview_from_welcome_to_wiped(build: Callable[..., Kiosk], store: Store) -> None:
    kiosk = build()
    kiosk.comes_to_ask()
    kiosk.answers()
    (given,) = kiosk.booth.given
    report = given.outcome.report
    assert report is not None
    assert report.transcript is not None
    assert report.transcript.text == "marigold and um"
    assert report.question is not None
    assert report.question.id == QUESTION
    assert report.face is not None
    assert report.face.samples
    kiosk.does(Kind.TO_REPORT, Kind.FINISH, Kind.FINISH)
    assert kiosk.state is State.ATTRACT
    assert kiosk.booth.given == ()
    assert kiosk.lights[-1] is LightState.READY
    assert LightState.LISTENING in kiosk.lights
    seen = [told["state"] for told in kiosk.told if "state" in told]
    assert seen[0] == "welcome"
    assert {"ask", "listen", "thinking", "review", "report", "goodbye"} <= set(seen)
    assert store.tallies.uses() == ()


def test_captions_and_level_come_while_somebody_speaks(build: Callable[..., Kiosk]) -> None:
    kiosk = build()
    kiosk.comes_to_ask()
    kiosk.answers()
    live = [told for told in kiosk.told if told["kind"] == "live"]
    assert any("marigold" in told["captions"] for told in live)
    assert any(told["level_dbfs"] > -40 for told in live)
    assert any(told["face_in_view"] for told in live)
    json.dumps(kiosk.told)


def _parts() -> list[object]:
    """What was said and is held somewhere, whoever said it."""
    return [thing for thing in gc.get_objects() if type(thing).__name__ == "TranscriptPart"]


def test_after_the_wiping_nobody_finds_a_word(build: Callable[..., Kiosk]) -> None:
    others = {id(part): part for part in _parts()}  # of tests before
    kiosk = build()
    kiosk.comes_to_ask()
    kiosk.answers()
    kiosk.does(Kind.LEAVE)
    assert kiosk.state is State.ATTRACT
    kiosk.told.clear()
    newcomer = kiosk.booth.news.reader(after=0)
    news = newcomer.next(0.0)
    assert news is not None
    assert "marigold" not in json.dumps(news.data)
    assert kiosk.equipment.frames.snapshot() is None
    gc.collect()
    assert [part for part in _parts() if id(part) not in others] == []


def test_sensors_run_from_the_question_to_the_end_of_its_answer(
    build: Callable[..., Kiosk],
) -> None:
    kiosk = build()
    kiosk.does(Kind.START, Kind.GO_ON)
    assert kiosk.equipment.frames.snapshot() is None
    kiosk.does(consented(voice=True, camera=False, expression=False), Kind.GO_ON, chose(QUESTION))
    kiosk.answers(1.0)
    (given,) = kiosk.booth.given
    assert given.outcome.report is not None
    assert given.outcome.report.face is None
    facing = {m.name: m for m in given.outcome.report.measures}["facing_camera"]
    assert facing.reason == "You chose not to be seen."
    kiosk.waits(0.5)
    assert kiosk.equipment.blocks.waiting_s == 0
    kiosk.does(Kind.AGAIN)
    kiosk.waits_for(lambda: kiosk.equipment.blocks.waiting_s > 0)


def test_whoever_follows_the_booth_hears_the_question_and_no_model_answer(
    build: Callable[..., Kiosk],
) -> None:
    kiosk = build()
    kiosk.comes_to_ask()
    assert set(kiosk.booth.snapshot()["question"]) == {"id", "competency", "role", "text"}


def test_a_second_attempt_is_kept_beside_the_first(build: Callable[..., Kiosk]) -> None:
    kiosk = build()
    kiosk.comes_to_ask()
    kiosk.answers(1.0)
    kiosk.does(Kind.AGAIN)
    kiosk.answers(1.0)
    assert kiosk.state is State.COMPARE
    assert [one.attempt for one in kiosk.booth.given] == [1, 2]


def test_the_one_button_is_enough(build: Callable[..., Kiosk]) -> None:
    kiosk = build(Settings(interview=Interview(questions=1)))
    for _ in range(5):
        kiosk.does(ButtonEvent.PRESS)
    assert kiosk.state is State.ASK
    assert kiosk.booth.session.consent.voice
    assert not kiosk.booth.session.consent.expression
    kiosk.waits_for(lambda: kiosk.equipment.blocks.waiting_s > 0)
    kiosk.does(ButtonEvent.PRESS)
    kiosk.waits(1.0)
    kiosk.does(ButtonEvent.PRESS)
    kiosk.waits_for(lambda: kiosk.state is State.REVIEW)
    kiosk.does(ButtonEvent.PRESS, ButtonEvent.PRESS, ButtonEvent.PRESS)
    kiosk.waits_for(lambda: kiosk.state is State.ATTRACT)


def test_a_typed_answer_gets_a_report_without_any_sensor(build: Callable[..., Kiosk]) -> None:
    kiosk = build(Settings(accommodations=Accommodations(typed_answers=True, no_camera=True)))
    kiosk.does(
        Kind.START,
        Kind.GO_ON,
        consented(voice=True, camera=True, expression=True),
        chose(QUESTION),
        Kind.ANSWER,
    )
    assert kiosk.booth.snapshot()["typed"]
    assert not kiosk.booth.session.sensing
    kiosk.waits(1.1)
    assert kiosk.lights[-1] is LightState.ASKING
    kiosk.booth.type_answer("I led the marigold project.")
    kiosk.turns()
    assert kiosk.state is State.REVIEW
    (given,) = kiosk.booth.given
    assert given.outcome.report is not None
    assert given.outcome.report.transcript is not None
    assert given.outcome.report.transcript.text == "I led the marigold project."


def test_what_a_person_does_not_want_measured_is_not(build: Callable[..., Kiosk]) -> None:
    kiosk = build()
    needs = Accommodations(no_pace=True, no_fillers=True, no_gaze=True)
    kiosk.booth.accommodate(needs)
    kiosk.does(Kind.START, Kind.GO_ON)
    assert kiosk.booth.accommodations == Accommodations(), "nobody was there to need it"
    kiosk.booth.accommodate(needs)
    kiosk.comes_to_ask()
    kiosk.answers()
    report = kiosk.booth.given[0].outcome.report
    assert report is not None
    left_out = [m.name for m in report.measures if m.reason and "chose not" in m.reason]
    assert left_out == ["pace", "filled_pauses", "facing_camera", "fillers", "restarts"]
    named = {s.measure for s in (*report.advice.strengths, *report.advice.next_steps)}
    assert not named & set(left_out)
    kiosk.does(Kind.LEAVE)
    assert kiosk.booth.accommodations == Accommodations(), "the next person needs something else"


def test_estimates_are_made_only_where_somebody_agreed(build: Callable[..., Kiosk]) -> None:
    for expression in (False, True):
        kiosk = build()
        kiosk.comes_to_ask(expression=expression)
        kiosk.answers()
        report = kiosk.booth.given[0].outcome.report
        assert report is not None
        assert report.face is not None
        assert bool(report.face.expression) is expression


def test_in_a_workplace_nobody_can_agree_to_estimates_and_nothing_names_them(
    build: Callable[..., Kiosk], store: Store
) -> None:
    kiosk = build(Settings(site=Site(profile="observations")))
    kiosk.comes_to_ask(expression=True)
    assert not kiosk.booth.session.consent.expression
    kiosk.answers()
    report = kiosk.booth.given[0].outcome.report
    assert report is not None
    value = json.loads(to_json(report))
    assert set(value["face"]) == {"visible_ratio", "samples"}
    assert "segments" not in value["voice"]
    assert "fusion" not in value
    assert Report.model_validate(value).face is not None
    code = new_code()
    book_of(kiosk).keep(code, transcript=True)
    for text in (json.dumps(value), store.record.read(code)[0].model_dump_json()):
        assert "probabilities" not in text
        assert "expression" not in text
    told = json.dumps([news for news in kiosk.told if news["kind"] != "state"])
    assert "happiness" not in told


def test_who_walks_away_is_wiped(build: Callable[..., Kiosk], tmp_path: Path) -> None:
    empty = write_recording(tmp_path / "empty.mkv", [grey(160, 120)] * 50, sound=tone(440, 2.0))
    camera = camera_opener(
        CameraSettings(Backend.RECORDING, playback=Playback(empty, repeats=True))
    )
    kiosk = build(Settings(interview=Interview(away_s=15.0)), camera=camera)
    kiosk.comes_to_ask()
    began_s = time.monotonic()
    kiosk.waits_for(lambda: kiosk.state is State.GOODBYE)
    assert time.monotonic() - began_s > 14.0
    assert not kiosk.booth.session.sensing


def test_who_stays_in_view_may_think(build: Callable[..., Kiosk]) -> None:
    kiosk = build(Settings(interview=Interview(away_s=15.0)))
    kiosk.comes_to_ask()
    kiosk.waits(17.0)
    assert kiosk.state is State.ASK


def test_how_busy_perception_is_is_told_while_somebody_answers(
    build: Callable[..., Kiosk],
) -> None:
    kiosk = build()
    kiosk.comes_to_ask()
    kiosk.waits_for(lambda: kiosk.equipment.blocks.waiting_s > 0)
    assert "perception" not in {part.name for part in kiosk.booth.health()}
    kiosk.does(Kind.ANSWER)
    kiosk.waits(1.0)
    (load,) = (part for part in kiosk.booth.health() if part.name == "perception")
    assert 0 < load.details["sound_load"] < 1
    assert kiosk.booth.progress()["sound"]


def test_the_warm_up_sees_hears_and_learns_how_the_voice_sounds(
    build: Callable[..., Kiosk],
) -> None:
    kiosk = build()
    kiosk.does(Kind.START, Kind.GO_ON, consented(voice=True, camera=True, expression=True))
    assert kiosk.state is State.CHECK
    kiosk.waits_for(lambda: bool(kiosk.booth.snapshot()["heard"]))
    assert kiosk.booth.snapshot()["face_in_view"]
    kiosk.waits(6.0)
    kiosk.does(Kind.GO_ON, chose(QUESTION))
    assert kiosk.booth.snapshot()["heard"] is None
    known = kiosk.booth.windows_known
    assert known > 0
    kiosk.answers(3.0)
    assert kiosk.booth.windows_known > known
    assert "marigold" not in json.dumps([t for t in kiosk.told if t.get("state") == "check"])
    kiosk.does(Kind.LEAVE)
    assert kiosk.booth.windows_known == 0


def test_without_consent_to_estimates_nothing_is_learned_of_the_voice(
    build: Callable[..., Kiosk],
) -> None:
    kiosk = build()
    kiosk.comes_to_ask()
    kiosk.answers(3.0)
    assert kiosk.booth.windows_known == 0


def test_the_countdown_is_told(build: Callable[..., Kiosk]) -> None:
    kiosk = build()
    assert kiosk.booth.snapshot()["left_s"] is None
    kiosk.does(Kind.START)
    assert 59.0 < kiosk.booth.snapshot()["left_s"] <= 60.0
    kiosk.does(Kind.GO_ON)
    (told,) = (news for news in kiosk.told if news.get("state") == "consent")
    assert 119.0 < told["left_s"] <= 120.0


def test_a_pause_is_no_part_of_the_answer(build: Callable[..., Kiosk]) -> None:
    kiosk = build()
    kiosk.comes_to_ask()
    kiosk.waits_for(lambda: kiosk.equipment.blocks.waiting_s > 0)
    kiosk.does(Kind.ANSWER)
    kiosk.waits(1.0)
    kiosk.does(Kind.PAUSE)
    kiosk.waits(1.0)
    kiosk.does(Kind.GO_ON)
    kiosk.waits(0.5)
    kiosk.does(Kind.FINISH)
    kiosk.waits_for(lambda: kiosk.state is State.REVIEW)
    report = kiosk.booth.given[0].outcome.report
    assert report is not None
    assert 1.0 < report.duration_s < 2.2


def test_an_answer_that_is_skipped_leaves_nothing(build: Callable[..., Kiosk]) -> None:
    kiosk = build()
    kiosk.comes_to_ask()
    kiosk.waits_for(lambda: kiosk.equipment.blocks.waiting_s > 0)
    kiosk.does(Kind.ANSWER)
    kiosk.waits(0.5)
    kiosk.does(Kind.SKIP)
    assert (kiosk.state, kiosk.booth.given) == (State.REPORT, ())


def test_a_report_that_is_not_waited_for_is_no_other_answers_report(
    build: Callable[..., Kiosk],
) -> None:
    kiosk = build()
    kiosk.comes_to_ask()
    kiosk.answers()
    kiosk.does(Kind.AGAIN, Kind.ANSWER)
    kiosk.booth.do(Kind.FINISH)
    kiosk.booth.do(Kind.SKIP)
    kiosk.turns()
    assert kiosk.state is State.REVIEW
    first, second = kiosk.booth.given
    assert first.outcome.report is not None
    assert (second.attempt, second.outcome.report) == (2, None)


def test_what_somebody_proposes_too_late_is_not_proposed_to_the_next(
    build: Callable[..., Kiosk],
) -> None:
    kiosk = build()
    late = {"voice": False, "camera": True, "expression": True}
    kiosk.booth.propose(**late)
    kiosk.does(Kind.START)
    kiosk.booth.propose(**late)
    kiosk.does(Kind.GO_ON)
    assert kiosk.booth.proposed == Consent(voice=True, camera=True)
    kiosk.booth.propose(**late)
    assert kiosk.booth.proposed.expression
    kiosk.does(Kind.LEAVE, Kind.START, Kind.GO_ON)
    assert kiosk.state is State.CONSENT
    assert kiosk.booth.proposed == Consent(voice=True, camera=True)


def test_models_that_fail_in_the_middle_end_the_answer_and_not_the_interview(
    build: Callable[..., Kiosk], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Pipeline, __: AudioBlock, *, ahead: bool) -> Heard:
        raise ModelError("The model failed.")

    kiosk = build()
    kiosk.comes_to_ask()
    kiosk.waits_for(lambda: kiosk.equipment.blocks.waiting_s > 0)
    monkeypatch.setattr(Pipeline, "hear", fail)
    kiosk.does(Kind.ANSWER)
    kiosk.waits_for(lambda: kiosk.state is State.REVIEW)
    (given,) = kiosk.booth.given
    assert (given.outcome.report, given.outcome.fault) == (None, "The model failed.")


def test_a_broken_microphone_is_told_and_the_light_counts_it_at_rest(
    build: Callable[..., Kiosk],
) -> None:
    def broken() -> Any:
        raise DeviceUnusableError("Only the group 'audio' may use the microphone.")

    kiosk = build(microphone=broken)
    kiosk.comes_to_ask()
    kiosk.waits_for(lambda: "microphone" in kiosk.booth.session.faults)
    assert "group 'audio'" in kiosk.booth.snapshot()["faults"]["microphone"]
    assert FaultLight.MICROPHONE not in kiosk.lights
    kiosk.does(Kind.ANSWER)
    kiosk.waits(0.3)
    kiosk.does(Kind.FINISH)
    kiosk.waits_for(lambda: kiosk.state is State.REVIEW)
    report = kiosk.booth.given[0].outcome.report
    assert report is not None
    assert report.voice is None


@pytest.mark.parametrize(
    ("part", "light", "is_told"),
    [("settings", FaultLight.SETTINGS, False), ("storage", FaultLight.STORAGE, True)],
)
def test_what_the_start_found_wrong_is_counted_at_rest_and_stops_nobody(
    build: Callable[..., Kiosk], part: str, light: FaultLight, is_told: bool
) -> None:
    kiosk = build(standing=(Health(part, Status.CRITICAL, "It is broken.", "Mend it."),))
    kiosk.waits_for(lambda: light in kiosk.lights)
    assert ("It is broken. Mend it." in kiosk.booth.session.faults.values()) is is_told
    kiosk.does(Kind.START)
    kiosk.waits(1.2)
    assert kiosk.lights[-1] is LIGHTS[State.WELCOME]
    assert part in {one.name for one in kiosk.booth.health()}


def test_a_record_is_kept_by_the_persons_code_and_without_their_words(
    build: Callable[..., Kiosk], store: Store
) -> None:
    kiosk = build()
    kiosk.comes_to_ask()
    kiosk.answers()
    bare, whole = new_code(), new_code()
    assert book_of(kiosk).keep(bare, transcript=False)
    assert book_of(kiosk).keep(whole, transcript=True)
    (kept,) = store.record.read(bare)
    assert kept.attempts[0].transcript is None
    assert "marigold" not in kept.model_dump_json()
    (kept,) = store.record.read(whole)
    assert kept.attempts[0].transcript == "marigold and um"


def test_without_an_answer_there_is_nothing_to_keep(build: Callable[..., Kiosk]) -> None:
    kiosk = build()
    kiosk.comes_to_ask()
    assert not book_of(kiosk).keep(new_code(), transcript=True)
