"""The quiet hint of an answer that is being given, and what a person does not want."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from appliance.coaching.cue import Cue, LiveCue
from appliance.coaching.question_bank import find_question, load_questions
from appliance.devices.buffers import BlockQueue, LatestFrame
from appliance.domain.observations import Word
from appliance.domain.settings import Accommodations, Interview, Settings
from appliance.interview.answer import Answer
from appliance.interview.answering import Answering
from appliance.interview.end_of_answer import EndOfAnswer, Patience
from appliance.interview.listening import Media
from appliance.interview.pipeline import Heard
from appliance.interview.session import Consent
from tests.answers import answer as seen
from tests.answers import looks, said_at
from tests.coaches import coach_of
from tests.senses import ScriptedTranscriber, light_senses

QUESTION = find_question(load_questions("en"), "solved-problem")


@pytest.fixture
def media() -> Media:
    return Media(LatestFrame(), BlockQueue(), lambda: 0.0)


def words(until_s: float, per_minute: float) -> tuple[Word, ...]:
    step_s = 60 / per_minute
    ends = [until_s - 1 + i * step_s for i in range(int(1 / step_s) + 1)]
    return tuple(Word("word", end_s - step_s, end_s, 0.9) for end_s in ends)


def hints(answer: Answer, per_minute: float, level_dbfs: float = -25.0) -> set[Cue]:
    found = set()
    for second in range(1, 30):
        heard = Heard(float(second), True, words(second, per_minute), "")
        answer._hear(heard)
        answer.look(level_dbfs)
        found.add(answer.cue)
    return found


def build(models_dir: Path, media: Media, cue: LiveCue | None) -> Answer:
    senses = light_senses(models_dir, ScriptedTranscriber(()))
    end = EndOfAnswer(Patience(), frozenset())
    return Answer(senses, media, end, lambda _: pytest.fail("nothing is judged"), cue)


def test_who_speaks_fast_is_reminded_and_who_does_not_is_not(
    models_dir: Path, media: Media
) -> None:
    assert Cue.PACE in hints(build(models_dir, media, LiveCue()), 240)
    assert hints(build(models_dir, media, LiveCue()), 130) == {Cue.NONE}


def test_who_is_too_quiet_or_turned_away_is_reminded(models_dir: Path, media: Media) -> None:
    assert Cue.VOLUME in hints(build(models_dir, media, LiveCue()), 130, level_dbfs=-60.0)
    away = build(models_dir, media, LiveCue())
    away._see(replace(looks(1)[0], toward_camera=False))
    assert Cue.FACING in hints(away, 130)


def test_hints_can_be_off(models_dir: Path, media: Media) -> None:
    assert hints(build(models_dir, media, None), 240, level_dbfs=-60.0) == {Cue.NONE}


def test_captions_stay_until_there_is_something_newer(models_dir: Path, media: Media) -> None:
    answer = build(models_dir, media, None)
    told = []
    for words, partial in (
        ((), "I was"),
        ((), None),
        (said_at("I was there", 1.0), ""),
        ((), "and"),
        ((), ""),
    ):
        answer._hear(Heard(1.0, True, words, partial))
        told.append(answer.captions)
    assert told == ["I was", "I was", "I was there", "I was there and", "I was there"]


def answering(models_dir: Path, media: Media, **interview: Any) -> Answering:
    senses = light_senses(models_dir, ScriptedTranscriber(()))
    settings = Settings(interview=Interview(**interview))
    return Answering(senses, media, coach_of(), settings)


def test_a_voice_is_known_by_what_counts_alone(models_dir: Path, media: Media) -> None:
    booth = answering(models_dir, media)
    agreed = Consent(voice=True, camera=True, expression=True)

    def learns() -> None:
        baseline = booth._agreed(agreed).baseline
        assert baseline is not None
        baseline.add(np.zeros(3, np.float32))

    learns()
    assert booth.windows_known == 0, "nobody knows yet whether it counts"
    booth.keep_voice(counts=False)
    learns()
    booth.keep_voice(counts=True)
    assert booth.windows_known == 1
    learns()
    booth.keep_voice(counts=True)
    assert booth.windows_known == 2
    learns()
    booth.forget()
    booth.keep_voice(counts=True)
    assert booth.windows_known == 0, "the wipe came before"


def test_hints_follow_the_settings_and_what_a_person_needs(models_dir: Path, media: Media) -> None:
    assert answering(models_dir, media, live_cue=False)._cue(Accommodations()) is None
    cue = answering(models_dir, media)._cue(Accommodations(no_pace=True, no_gaze=True))
    assert hints(build(models_dir, media, cue), 240) == {Cue.NONE}


def test_who_does_not_want_fillers_counted_is_not_told_of_restarts_either(
    models_dir: Path, media: Media
) -> None:
    text = "I I went you know to the the shop and you know I I asked for for the key and got it."
    judged = answering(models_dir, media).judge(
        seen(said=said_at(text)), QUESTION, Accommodations(no_fillers=True)
    )
    values = {one.name: one.value for one in judged.measures}
    assert values["fillers"] is None
    assert values["restarts"] is None
    assert values["filled_pauses"] is None
    assert {one.name: one.value for one in judged.ratings}["clarity"] is None
    assert not {"fillers", "restarts"} & {item.measure for item in judged.advice.next_steps}
