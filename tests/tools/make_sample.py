"""Make the packaged sample: a portrait in the public domain, set in motion, speaking our own words.

From the repository's root:

    python -m venv voice && voice/bin/pip install hibari-tts==0.2.1 av matplotlib numpy scipy
    voice/bin/python -m tests.tools.make_sample appliance/sample

writes `answer.mp4` and its truth, `answer.json`. `hibari-tts` (Apache-2.0, its voice "heart") is
needed here alone; the booth never depends on it. The run takes some minutes, reads no clock and
no network, and its seeds are fixed: the same versions on the same machine give the same bytes.
"""

import importlib
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import matplotlib as mpl
import numpy as np
from scipy.ndimage import gaussian_filter1d

from tests.tools.moving_portrait import (
    HEIGHT,
    WIDTH,
    FloatArray,
    ImageArray,
    MovingPortrait,
    Pose,
    smooth,
)

QUESTION = "Tell me about a time you solved a problem at work."
RATE_HZ = 24_000  # what the voice speaks
FPS = 20
PACE = 0.8  # of the voice's own pace, which is that of someone who reads
SPEECH_DBFS = -20.0
ROOM_DBFS = -60.0
SHORTEST_PAUSE_S = 0.25  # a shorter silence only joins two phrases
EDGE_DBFS = -46.0  # quieter than this at the ends of a phrase is the voice's own padding
FILLER_PITCH_HZ = 185.0


# ---------------------------------------------------------------- the words


@dataclass(frozen=True)
class Say:
    """A phrase spoken in one breath."""

    text: str


@dataclass(frozen=True)
class Fill:
    """A filled pause: what it is written as, and its phonemes in the voice's alphabet."""

    text: str
    phonemes: str
    pace: float


@dataclass(frozen=True)
class Wait:
    """Silence, in seconds."""

    seconds: float


UM, UH = "ʌm…", "ˈʌ,"

SCRIPT: tuple[Say | Fill | Wait, ...] = (
    Wait(0.8),
    Say("In my last job I worked at a small library,"),
    Wait(0.2),
    Say("and every Monday the returns were piling up."),
    Wait(0.6),
    Say("We were two days behind,"),
    Wait(0.3),
    Fill("um", UM, 0.62),
    Wait(0.3),
    Say("and people kept asking for their books."),
    Wait(0.8),
    Say("My manager asked me to find out why."),
    Wait(0.45),
    Fill("uh", UH, 0.6),
    Wait(0.3),
    Say("So I spent one morning at the returns desk,"),
    Wait(0.2),
    Say("and I timed every step."),
    Wait(1.0),
    Say("It turned out that we scanned each book twice,"),
    Wait(0.4),
    Say("once at the door,"),
    Wait(0.3),
    Fill("um", UM, 0.72),
    Wait(0.3),
    Say("and once again at the shelf."),
    Wait(0.7),
    Say("So I wrote a short checklist,"),
    Wait(0.2),
    Say("I showed it to the team,"),
    Wait(0.35),
    Fill("uh", UH, 0.7),
    Wait(0.3),
    Say("and we tried it with just one scan."),
    Wait(2.6),
    Say("In the end the backlog went from two days to four hours,"),
    Wait(0.45),
    Say("and we saved six hours of work every week."),
    Wait(0.5),
    Fill("um", UM, 0.66),
    Wait(0.4),
    Say("I learned to watch the work before I try to fix it."),
    Wait(1.0),
)


# ---------------------------------------------------------------- the voice


@dataclass
class Answer:
    """The spoken answer and where everything in it is; times in seconds."""

    samples: FloatArray
    phrases: list[dict[str, Any]] = field(default_factory=list)
    pauses: list[dict[str, Any]] = field(default_factory=list)
    fillers: list[dict[str, Any]] = field(default_factory=list)

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / RATE_HZ


def level_dbfs(samples: FloatArray) -> float:
    """RMS level relative to full scale."""
    return 20 * float(np.log10(np.sqrt(np.mean(np.square(samples))) + 1e-9))


def without_padding(samples: FloatArray) -> FloatArray:
    """Cut the silence that the voice puts around a phrase, and fade both ends over 5 ms."""
    hop = RATE_HZ // 100
    loud = [
        at for at in range(0, len(samples), hop) if level_dbfs(samples[at : at + hop]) > EDGE_DBFS
    ]
    cut = samples[loud[0] : loud[-1] + hop]
    ramp = np.linspace(0, 1, RATE_HZ // 200, dtype=np.float32)
    body = np.ones(len(cut) - 2 * len(ramp), np.float32)
    return np.asarray(cut * np.concatenate([ramp, body, ramp[::-1]]), np.float32)


def hum(voice: Any, fill: Fill) -> FloatArray:
    """Speak a filled pause: the voice's spectrum over a pitch held level, falling by a tenth.

    Of its own accord the voice gives a lone syllable the melody of a sentence, which no filled
    pause has. Its network hands out pitch and spectrum apart: the pitch is replaced in between.
    """
    ids = np.asarray([voice.ids(fill.phonemes)], np.int64)
    pace = np.asarray([fill.pace], np.float32)
    *spectrum, pitch = (part[0] for part in voice.sess.run(None, {"ids": ids, "speed": pace}))
    level = FILLER_PITCH_HZ * np.linspace(1.05, 0.95, len(pitch), dtype=np.float32)
    pitch = np.where(pitch > 80, level, 0).astype(np.float32)
    synth = importlib.import_module("hibari.dsp").synth
    return np.asarray(synth(*spectrum, pitch, np.random.default_rng(0)), np.float32)


def speak() -> Answer:
    """Speak the script phrase by phrase, with its silences exact and a faint room behind it."""
    voice = importlib.import_module("hibari").Hibari()
    answer = Answer(np.zeros(0, np.float32))
    parts: list[FloatArray] = []
    at = 0
    for step in SCRIPT:
        if isinstance(step, Wait):
            part = np.zeros(round(step.seconds * RATE_HZ), np.float32)
        else:
            spoken = hum(voice, step) if isinstance(step, Fill) else voice(step.text, PACE, seed=0)
            part = without_padding(spoken)
            part *= 10 ** ((SPEECH_DBFS - level_dbfs(part)) / 20)
        span = {"start_s": round(at / RATE_HZ, 3), "end_s": round((at + len(part)) / RATE_HZ, 3)}
        if isinstance(step, Say):
            answer.phrases.append({"text": step.text, **span})
        elif isinstance(step, Fill):
            answer.fillers.append({"text": step.text, **span})
        elif step.seconds >= SHORTEST_PAUSE_S:
            answer.pauses.append(span)
        parts.append(part)
        at += len(part)
    room = np.random.default_rng(1).standard_normal(at).astype(np.float32)
    answer.pauses = answer.pauses[1:-1]  # before the first word and after the last, nobody pauses
    answer.samples = np.concatenate(parts) + room * np.float32(10 ** (ROOM_DBFS / 20))
    return answer


# ---------------------------------------------------------------- the performance

LEAN_S, LEAN_MOVE_S = 3.4, 1.0  # one lean out of the picture, and each way of it
BLINKS_S = (2.1, 5.4, 9.3, 13.2, 17.9, 24.6, 28.2, 32.1, 40.3, 43.7, 47.5)


def lean_at(answer: Answer, time_s: float) -> float:
    """How far out she is: she leans out, as for a note, about the middle of each long silence."""
    lean = 0.0
    for pause in answer.pauses:
        if pause["end_s"] - pause["start_s"] > 0.9:
            from_middle_s = abs(time_s - (pause["start_s"] + pause["end_s"]) / 2)
            lean = max(lean, float(smooth((LEAN_S / 2 - from_middle_s) / LEAN_MOVE_S)))
    return lean


def perform(answer: Answer) -> list[Pose]:
    """One pose a frame: the mouth follows the loudness, the rest are slow sines."""
    count = int(answer.duration_s * FPS)
    hop = RATE_HZ // FPS
    blocks = answer.samples[: count * hop].reshape(count, hop)
    loudness = np.sqrt(np.mean(np.square(blocks), axis=1))
    mouth = gaussian_filter1d(np.clip((loudness - 0.02) / 0.13, 0, 1), 0.6)
    poses = []
    for index in range(count):
        t = index / FPS
        poses.append(
            Pose(
                lean=lean_at(answer, t),
                yaw_deg=float(4 * np.sin(2 * np.pi * t / 7.3) + 3 * np.sin(2 * np.pi * t / 4.7)),
                roll_deg=float(1.3 * np.sin(2 * np.pi * t / 9.1) + 0.5 * np.sin(t)),
                sway_px=float(3.0 * np.sin(2 * np.pi * t / 11.7)),
                nod_px=float(1.2 * np.sin(2 * np.pi * t / 3.1) + 1.5 * mouth[index]),
                breath=float(0.004 * np.sin(2 * np.pi * t / 4.2)),
                mouth_px=float(6.5 * mouth[index]),
                lids=max(max(0.0, 1 - abs(t - at) / 0.13) for at in BLINKS_S),
            )
        )
    return poses


def away_spans(poses: list[Pose]) -> list[dict[str, float]]:
    """Spans of frames in which she has leaned more than half of her way out."""
    away = np.asarray([pose.lean > 0.5 for pose in poses])
    edges = np.flatnonzero(np.diff(np.concatenate([[False], away, [False]]).astype(int)))
    return [
        {"start_s": float(start / FPS), "end_s": float(end / FPS)}
        for start, end in edges.reshape(-1, 2)
    ]


# ---------------------------------------------------------------- the files


def encode(path: Path, pictures: Iterator[ImageArray], samples: FloatArray) -> None:
    """Write H.264 and AAC into an MP4 that holds no date."""
    options = {"fflags": "+bitexact", "movflags": "+faststart"}
    with av.open(str(path), "w", options=options) as container:
        video = container.add_stream("libx264", rate=FPS)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.options = {"crf": "25", "preset": "slow", "flags": "+bitexact", "threads": "1"}
        audio = container.add_stream("aac", rate=RATE_HZ, layout="mono")
        audio.bit_rate = 56_000
        audio.options = {"flags": "+bitexact"}
        hop = RATE_HZ // FPS
        for index, picture in enumerate(pictures):
            image = av.VideoFrame.from_ndarray(picture, format="rgb24")
            image.pts, image.time_base = index, Fraction(1, FPS)
            container.mux(video.encode(image))
            block = samples[None, index * hop : (index + 1) * hop]
            sound = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), "fltp", "mono")
            sound.sample_rate, sound.pts = RATE_HZ, index * hop
            sound.time_base = Fraction(1, RATE_HZ)
            container.mux(audio.encode(sound))
        container.mux(video.encode(None))
        container.mux(audio.encode(None))


def main() -> None:
    """Make the recording and its truth in the folder that is named on the command line."""
    folder = Path(sys.argv[1])
    answer = speak()
    poses = perform(answer)
    portrait = MovingPortrait(Path(mpl.get_data_path()) / "sample_data" / "grace_hopper.jpg")
    encode(folder / "answer.mp4", (portrait.frame(pose) for pose in poses), answer.samples)
    truth = {
        "question": QUESTION,
        "duration_s": round(len(poses) / FPS, 3),
        "text": " ".join(phrase["text"] for phrase in answer.phrases),
        **{key: value for key, value in asdict(answer).items() if key != "samples"},
        "facing_away": away_spans(poses),
    }
    (folder / "answer.json").write_text(json.dumps(truth, indent=2) + "\n", encoding="utf-8")
    print(f"{truth['duration_s']} s, {(folder / 'answer.mp4').stat().st_size} bytes")


if __name__ == "__main__":
    main()
