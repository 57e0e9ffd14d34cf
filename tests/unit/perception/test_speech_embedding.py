"""Pieces of sound become 96 values each, at any length and any time."""

from pathlib import Path

import numpy as np
import pytest

from appliance.domain.errors import ModelError
from appliance.domain.media import SAMPLE_RATE_HZ, FloatArray
from appliance.perception.speech_embedding import EMBEDDING_FILE, SPECTROGRAM_FILE, SpeechEmbedding
from tests.media import tone


@pytest.fixture(scope="module")
def embedding(models_dir: Path) -> SpeechEmbedding:
    return SpeechEmbedding(models_dir)


@pytest.mark.parametrize(("duration_s", "pieces"), [(0.1, 1), (0.782, 1), (0.95, 2), (3.0, 14)])
def test_pieces_start_every_sixth_of_a_second(
    embedding: SpeechEmbedding, duration_s: float, pieces: int
) -> None:
    sound: FloatArray = 0.1 * tone(200, duration_s, SAMPLE_RATE_HZ)
    described = embedding.of(sound)
    assert described.shape == (pieces, 96)
    assert np.all(np.isfinite(described))


def test_a_piece_is_described_alike_wherever_it_stands(embedding: SpeechEmbedding) -> None:
    sound = np.random.default_rng(0).normal(0, 0.1, 2 * SAMPLE_RATE_HZ).astype(np.float32)
    later = round(0.16 * SAMPLE_RATE_HZ)
    np.testing.assert_allclose(embedding.of(sound)[1:], embedding.of(sound[later:]), atol=1e-3)


def test_other_sounds_are_described_otherwise(embedding: SpeechEmbedding) -> None:
    low, high = (embedding.of(0.1 * tone(hz, 1.0, SAMPLE_RATE_HZ))[0] for hz in (150, 900))
    assert np.linalg.norm(low - high) > 10


def test_models_that_are_exchanged_are_refused(models_dir: Path, tmp_path: Path) -> None:
    for file in (SPECTROGRAM_FILE, EMBEDDING_FILE):
        (tmp_path / file).write_bytes((models_dir / EMBEDDING_FILE).read_bytes())
    with pytest.raises(ModelError, match=SPECTROGRAM_FILE):
        SpeechEmbedding(tmp_path)
