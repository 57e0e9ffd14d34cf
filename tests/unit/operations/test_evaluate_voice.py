"""Each clip is judged by models that have not heard its speaker, as far as there are any."""

from pathlib import Path

import numpy as np
import pytest

from appliance.domain.errors import DataError
from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock, FloatArray
from appliance.domain.observations import VoiceObservation
from appliance.operations.evaluation.ravdess import CLASSES, Clip, find_clips
from appliance.operations.evaluation.voice import VoiceResult, evaluate_voice
from appliance.perception.voice_description import VoiceBaseline
from tests.media import tone, write_recording

_ACTED = (1, 5, 8)  # neutral, angry, surprised


class PitchModel:
    """Takes 100 Hz for each class: right of hums at 100 Hz for neutral, 200 for calm and so on.

    Its windows are the halves of a block; in the second it is not sure at all.
    """

    def __init__(self, *speakers: str, classes: tuple[str, ...] = CLASSES, shift: int = 0) -> None:
        self.classes = classes
        self.speakers = frozenset(speakers)
        self._shift = shift
        self.baselines: list[int] = []

    def describe(self, samples: FloatArray) -> FloatArray:
        return np.array([np.argmax(np.abs(np.fft.rfft(samples)))], np.float32)

    def observe(
        self, block: AudioBlock, baseline: VoiceBaseline | None = None
    ) -> list[VoiceObservation]:
        self.baselines.append(0 if baseline is None else baseline.count)
        if np.abs(block.samples).max() < 0.01:
            return []
        spectrum = np.abs(np.fft.rfft(block.samples))
        hz = float(spectrum.argmax()) * SAMPLE_RATE_HZ / len(block.samples)
        heard = (round(hz / 100) - 1 + self._shift) % len(self.classes)
        even = 1 / len(self.classes)
        sure = {name: 0.93 if index == heard else 0.01 for index, name in enumerate(self.classes)}
        unsure = dict.fromkeys(self.classes, even)
        middle_s = block.duration_s / 2
        return [
            VoiceObservation(0.0, middle_s, sure, 1.0),
            VoiceObservation(middle_s, block.duration_s, unsure, 1.0),
        ]


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Clip]:
    """Two actors, who hum three classes each."""
    folder = tmp_path_factory.mktemp("ravdess")
    for actor in (1, 2):
        for emotion in _ACTED:
            sound = tone(100 * emotion, 0.5, SAMPLE_RATE_HZ)
            name = f"03-01-{emotion:02}-01-01-01-{actor:02}.wav"
            write_recording(folder / name, sound=sound, sound_rate_hz=SAMPLE_RATE_HZ)
    return find_clips(folder)


def judged(clips: list[Clip], *models: PitchModel) -> VoiceResult:
    return evaluate_voice(clips, models, lambda doing, share: None)


def test_the_model_that_has_not_heard_a_speaker_is_the_one_to_ask(clips: list[Clip]) -> None:
    # Each is wrong of everybody but for the actor whom the other has heard.
    right_of_second = PitchModel("ravdess-01")
    never_asked = PitchModel("ravdess-01", "ravdess-02", shift=1)
    right_of_first = PitchModel("ravdess-02")
    result = judged(clips, right_of_second, never_asked, right_of_first)
    assert set(result.groups) == {"unheard"}
    value = result.to_json_value()
    assert (value["n"], value["accuracy"], value["flattering"]) == (6, 1.0, False)
    assert value["heard"] is None
    assert np.sum(value["confusion"]) == value["n"]


def test_clips_of_known_speakers_are_told_apart_and_said_to_flatter(clips: list[Clip]) -> None:
    result = judged(clips, PitchModel("ravdess-01", "ravdess-09"))
    value = result.to_json_value()
    assert (value["n"], value["unheard"]["n"], value["heard"]["n"]) == (3, 3, 3)
    assert value["flattering"] is False
    assert "Speakers whom the model has heard in training: 3 clips" in result.to_text()
    assert "These figures flatter" in result.to_text()


def test_only_known_speakers_are_figures_that_flatter(clips: list[Clip]) -> None:
    value = judged(clips, PitchModel("ravdess-01", "ravdess-02")).to_json_value()
    assert (value["n"], value["speakers"], value["flattering"]) == (6, "heard", True)
    assert value["unheard"] is None


def test_a_file_that_does_not_say_whom_it_heard_is_not_trusted(clips: list[Clip]) -> None:
    result = judged(clips, PitchModel())
    value = result.to_json_value()
    assert (value["n"], value["speakers"], value["flattering"]) == (6, "unknown", None)
    assert "does not say whether it was trained on them" in result.to_text()


def test_a_clips_probabilities_are_the_geometric_mean_of_its_windows(clips: list[Clip]) -> None:
    figures = judged(clips, PitchModel()).groups["unknown"]
    # sqrt(0.93 / 8) against seven times sqrt(0.01 / 8)
    confidence = np.sqrt(0.93) / (np.sqrt(0.93) + 7 * 0.1)
    assert figures.expected_calibration_error == pytest.approx(1 - confidence, abs=1e-3)


def test_silence_is_counted_and_not_guessed(clips: list[Clip], tmp_path: Path) -> None:
    silence = np.zeros(SAMPLE_RATE_HZ // 2, np.float32)
    path = tmp_path / "03-01-01-01-01-01-03.wav"
    write_recording(path, sound=silence, sound_rate_hz=SAMPLE_RATE_HZ)
    quiet = find_clips(tmp_path)
    result = judged([*clips, *quiet], PitchModel())
    assert (result.silent, result.groups["unknown"].count) == (1, 6)
    assert "1 more have too little sound" in result.to_text()
    with pytest.raises(DataError, match="None of the 1 clips"):
        judged(quiet, PitchModel())


def test_classes_that_do_not_meet_are_refused(clips: list[Clip]) -> None:
    with pytest.raises(DataError, match="labelled angry, surprised, which"):
        judged(clips, PitchModel(classes=("neutral", "calm")))
    with pytest.raises(DataError, match="different classes"):
        judged(clips, PitchModel(), PitchModel(classes=("neutral", "calm")))


def test_a_clip_is_heard_against_as_many_of_its_actors_other_clips_as_asked(
    clips: list[Clip],
) -> None:
    for own, known in ((0, 0), (1, 1), (10, 2)):
        model = PitchModel("ravdess-09")
        evaluate_voice(clips, [model], lambda doing, share: None, own)
        assert model.baselines == [known] * len(clips)
