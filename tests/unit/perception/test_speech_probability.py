"""The model that tells speech from other sound."""

from pathlib import Path

import numpy as np
import pytest

from appliance.domain.errors import ModelError
from appliance.domain.media import FloatArray
from appliance.perception.speech_probability import CHUNK, MODEL_FILE, SpeechProbability
from tests.sound import spoken, white_noise


@pytest.fixture
def model(models_dir: Path) -> SpeechProbability:
    return SpeechProbability(models_dir / MODEL_FILE)


def _chunks(sound: FloatArray) -> list[FloatArray]:
    return list(sound[: len(sound) // CHUNK * CHUNK].reshape(-1, CHUNK))


def test_a_voice_is_likely_and_noise_is_not(model: SpeechProbability) -> None:
    voice = [model.of(chunk) for chunk in _chunks(spoken("tell me about your work"))]
    model.reset()
    noise = [model.of(chunk) for chunk in _chunks(white_noise(2, 0.1))]
    assert np.median(voice) > 0.9
    assert max(noise) < 0.5


def test_after_a_reset_the_same_sound_gives_the_same_probabilities(
    model: SpeechProbability,
) -> None:
    chunks = _chunks(spoken("hello again"))
    first = [model.of(chunk) for chunk in chunks]
    model.reset()
    assert [model.of(chunk) for chunk in chunks] == first


def test_two_streams_do_not_disturb_each_other(models_dir: Path) -> None:
    one, other = (SpeechProbability(models_dir / MODEL_FILE) for _ in range(2))
    chunks = _chunks(spoken("hello again"))
    alone = [one.of(chunk) for chunk in chunks]
    one.reset()
    together = []
    for chunk in chunks:
        together.append(one.of(chunk))
        other.of(chunk[::-1].copy())
    assert together == alone


def test_a_missing_a_damaged_and_another_model_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"nothing.onnx cannot be read"):
        SpeechProbability(tmp_path / "nothing.onnx")
    (tmp_path / "broken.onnx").write_bytes(b"no model")
    with pytest.raises(ModelError, match=r"broken.onnx is damaged"):
        SpeechProbability(tmp_path / "broken.onnx")
