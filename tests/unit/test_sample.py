"""The packaged sample is what its truth file says: every other test leans on these times."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "appliance" / "sample"
HOP_S = 0.01
SILENT_DBFS = -45.0

Samples = npt.NDArray[np.float64]


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "answer.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def sound() -> tuple[Samples, int]:
    with av.open(str(FOLDER / "answer.mp4")) as container:
        rate = container.streams.audio[0].rate
        blocks = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    return np.concatenate(blocks).astype(np.float64), rate


@pytest.fixture(scope="module")
def warm_shares() -> list[tuple[float, float]]:
    """Time of each frame and the share of its pixels that are warm: skin, before a blue wall."""
    shares = []
    with av.open(str(FOLDER / "answer.mp4")) as container:
        for frame in container.decode(video=0):
            picture = frame.to_ndarray(format="rgb24").astype(int)
            shares.append(
                (float(frame.time), float(np.mean(picture[..., 0] > picture[..., 2] + 30)))
            )
    return shares


def cut(sound: tuple[Samples, int], start_s: float, end_s: float) -> Samples:
    samples, rate = sound
    return samples[round(start_s * rate) : round(end_s * rate)]


def dbfs(samples: Samples) -> float:
    return 20 * float(np.log10(np.sqrt(np.mean(np.square(samples))) + 1e-9))


def pitch_hz(samples: Samples, rate: int) -> float:
    """Pitch of one short block, by the peak of its autocorrelation between 100 and 300 Hz."""
    block = samples * np.hanning(len(samples))
    similarity = np.correlate(block, block, "full")[len(block) - 1 :]
    shortest, longest = rate // 300, rate // 100
    return rate / (shortest + int(np.argmax(similarity[shortest:longest])))


def test_it_is_small_and_plays_in_any_browser(truth: dict[str, Any]) -> None:
    assert (FOLDER / "answer.mp4").stat().st_size < 1_500_000
    with av.open(str(FOLDER / "answer.mp4")) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec.name, video.pix_fmt, video.width, video.height) == (
            "h264",
            "yuv420p",
            640,
            480,
        )
        assert (audio.codec.name, audio.channels) == ("aac", 1)
        assert float(video.duration * video.time_base) == pytest.approx(
            truth["duration_s"], abs=0.1
        )
        assert float(audio.duration * audio.time_base) == pytest.approx(
            truth["duration_s"], abs=0.1
        )


def test_it_says_nothing_of_when_and_where_it_was_made() -> None:
    with av.open(str(FOLDER / "answer.mp4")) as container:
        assert not {"creation_time", "encoder", "location"} & set(container.metadata)


def test_its_words_are_its_phrases_in_order(truth: dict[str, Any]) -> None:
    assert truth["text"] == " ".join(phrase["text"] for phrase in truth["phrases"])
    assert 90 <= len(truth["text"].split()) <= 140
    for earlier, later in pairwise(truth["phrases"]):
        assert earlier["end_s"] < later["start_s"]


def test_speech_is_as_loud_as_a_person_at_a_good_microphone(
    truth: dict[str, Any], sound: tuple[Samples, int]
) -> None:
    for phrase in truth["phrases"]:
        level = dbfs(cut(sound, phrase["start_s"], phrase["end_s"]))
        assert level == pytest.approx(-20, abs=1.5), phrase["text"]
    assert np.max(np.abs(sound[0])) < 1


def test_every_silence_is_listed_as_a_pause_and_every_pause_is_silent(
    truth: dict[str, Any], sound: tuple[Samples, int]
) -> None:
    samples, rate = sound
    hop = round(HOP_S * rate)
    count = len(samples) // hop
    quiet = [dbfs(samples[at * hop : (at + 1) * hop]) < SILENT_DBFS for at in range(count)]
    edges = np.flatnonzero(np.diff(np.asarray([False, *quiet, False]).astype(int))) * HOP_S
    silences = [(start, end) for start, end in edges.reshape(-1, 2) if end - start >= 0.24]
    within = silences[1:-1]  # the first and the last are before and after the answer
    assert len(within) == len(truth["pauses"])
    for (start, end), pause in zip(within, truth["pauses"], strict=True):
        assert start == pytest.approx(pause["start_s"], abs=0.05)
        assert end == pytest.approx(pause["end_s"], abs=0.05)


def test_the_room_is_never_digitally_silent(sound: tuple[Samples, int]) -> None:
    assert -75 < dbfs(cut(sound, 0.1, 0.7)) < -55


def test_one_pause_is_long_and_it_stands_before_the_result(truth: dict[str, Any]) -> None:
    long = [pause for pause in truth["pauses"] if pause["end_s"] - pause["start_s"] > 2]
    assert len(long) == 1
    after = next(p for p in truth["phrases"] if p["start_s"] >= long[0]["end_s"] - 0.01)
    assert "two days to four hours" in after["text"]


def test_filled_pauses_are_steady_voice_between_silences(
    truth: dict[str, Any], sound: tuple[Samples, int]
) -> None:
    rate = sound[1]
    assert len(truth["fillers"]) == 5
    for filler in truth["fillers"]:
        start, end = filler["start_s"], filler["end_s"]
        assert filler["text"] in {"um", "uh"}
        assert 0.3 <= end - start <= 0.6
        assert dbfs(cut(sound, start, end)) > -25
        assert dbfs(cut(sound, start - 0.2, start - 0.03)) < SILENT_DBFS
        assert dbfs(cut(sound, end + 0.03, end + 0.2)) < SILENT_DBFS
        steady = np.arange(start + 0.06, start + 0.26, 0.02)  # an "um" ends on another sound
        pitch = [pitch_hz(cut(sound, at - 0.02, at + 0.02), rate) for at in steady]
        assert np.std(pitch) / np.mean(pitch) < 0.03


def test_the_face_is_gone_in_the_spans_that_face_away_and_there_otherwise(
    truth: dict[str, Any], warm_shares: list[tuple[float, float]]
) -> None:
    spans = [(span["start_s"], span["end_s"]) for span in truth["facing_away"]]
    assert len(spans) == 2
    for start, end in spans:
        assert 2 <= end - start <= 3
        gone = [share for at, share in warm_shares if start + 0.4 <= at <= end - 0.4]
        assert max(gone) < 0.01
    there = [
        share
        for at, share in warm_shares
        if all(at < start - 0.6 or at > end + 0.6 for start, end in spans)
    ]
    assert min(there) > 0.1
