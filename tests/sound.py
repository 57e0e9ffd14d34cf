"""Sound for the tests: synthetic speech, noise, and how it is cut into blocks."""

import io
import os
import shutil
import subprocess
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soxr

from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock, FloatArray
from appliance.perception.speech_probability import MODEL_FILE
from appliance.perception.voice_activity import VoiceActivity


def voice_activity() -> VoiceActivity:
    """The booth's own, with the model that the project ships."""
    return VoiceActivity(Path(__file__).parent.parent / "models_tflite" / MODEL_FILE)


def spoken(text: str, voice: str = "en-us") -> FloatArray:
    """A sentence by espeak-ng, (n,) float32 at 16 kHz, trimmed to where the voice is heard."""
    if shutil.which("espeak-ng") is None:
        pytest.skip("needs Debian's espeak-ng, which is not installed")
    command = ["espeak-ng", "-v", voice, "--stdout", text]
    # It looks for a sound server although it needs none, and waits for one that stands still.
    nowhere = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}
    said = subprocess.run(command, capture_output=True, check=True, env=nowhere)
    with wave.open(io.BytesIO(said.stdout)) as w:
        rate_hz = w.getframerate()
        pcm = np.frombuffer(w.readframes(w.getnframes()), "<i2")
    # soxr's types say that it may also return other shapes than it was given
    samples = np.asarray(
        soxr.resample(pcm / np.float32(32768), rate_hz, SAMPLE_RATE_HZ), np.float32
    )
    loud = np.flatnonzero(np.abs(samples) > 0.02)
    return samples[loud[0] : loud[-1] + 1]


def silence(seconds: float) -> FloatArray:
    return np.zeros(round(seconds * SAMPLE_RATE_HZ), np.float32)


def white_noise(seconds: float, level: float, seed: int = 0) -> FloatArray:
    generator = np.random.default_rng(seed)
    return generator.normal(0, level, round(seconds * SAMPLE_RATE_HZ)).astype(np.float32)


def hum(seconds: float, hz: float = 50, level: float = 0.2) -> FloatArray:
    """A mains hum with its second and third harmonics."""
    phase = 2 * np.pi * hz * np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    wave_form = np.sin(phase) + np.sin(2 * phase) / 2 + np.sin(3 * phase) / 4
    return (level * wave_form).astype(np.float32)


def in_blocks(
    samples: FloatArray, block_s: float = 0.1, start_s: float = 0.0
) -> Iterator[AudioBlock]:
    """Cut sound as a microphone would; the last block may be shorter."""
    length = round(block_s * SAMPLE_RATE_HZ)
    for first in range(0, len(samples), length):
        yield AudioBlock(start_s + first / SAMPLE_RATE_HZ, samples[first : first + length])
