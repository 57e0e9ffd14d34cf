"""What kept descriptions depend on, as one short word: clips, code and models."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from appliance.perception.fusion.grid import HOP_S, WINDOW_S
from appliance.perception.speech_embedding import EMBEDDING_FILE, SPECTROGRAM_FILE
from appliance.perception.speech_probability import MODEL_FILE

SOURCES = (
    "devices/microphone/recording.py",
    "devices/microphone/resampling.py",
    "devices/recording.py",
    "operations/evaluation/fusion/noise.py",
    "operations/evaluation/fusion/sounds.py",
    "operations/evaluation/fusion/streams.py",
    "operations/evaluation/ravdess.py",
    "perception/prosody.py",
    "perception/speech_embedding.py",
    "perception/speech_probability.py",
    "perception/tflite.py",
    "perception/voice_activity.py",
    "perception/voice_description.py",
    "perception/voice_features.py",
    "perception/voice_windows.py",
)
"""Code that decides what is described and how, below the package's folder."""

MODELS = (SPECTROGRAM_FILE, EMBEDDING_FILE, MODEL_FILE)

_PACKAGE = Path(__file__).parents[3]
_LENGTH = 16


def fingerprint(models: Path, clips: Iterable[Path], package: Path = _PACKAGE) -> str:
    """Sixteen hexadecimal digits that differ where a description could.

    Args:
        models: the folder with the model files.
        clips: that are described, by name and size.
        package: the folder with the code.
    """
    digest = hashlib.sha256(f"{WINDOW_S} {HOP_S}\n".encode())
    for path in (*(package / name for name in SOURCES), *(models / name for name in MODELS)):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for clip in clips:
        digest.update(f"{clip.name} {clip.stat().st_size}\n".encode())
    return digest.hexdigest()[:_LENGTH]
