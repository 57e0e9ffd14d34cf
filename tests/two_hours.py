"""A two-hour recording and its analysis, in a program of its own: `python -m tests.two_hours`.

The sample's answer again and again, between silences, at one picture a second.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np

from appliance.devices.microphone.recording import RecordingMicrophone
from appliance.domain.media import SAMPLE_RATE_HZ
from tests.media import grey

_SAMPLE = Path(__file__).resolve().parent.parent / "appliance" / "sample" / "answer.mp4"
_ROOT = Path(__file__).resolve().parent.parent

# VmHWM is a program's own peak; getrusage would give that of its parent before exec.
_ANALYSE = (
    "import sys; from pathlib import Path; from appliance.cli import main; main(sys.argv[1:]);"
    "status = Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0];"
    "Path(sys.argv[-1], 'peak').write_text(status)"
)


@dataclass(frozen=True, slots=True)
class Analysed:
    """What became of it.

    Attributes:
        peak_mib: most memory that the program held.
        report: of the answer.
    """

    peak_mib: float
    report: dict[str, Any]


class TwoHours:
    """An analysis that goes on beside the other tests, at what they leave of the processor.

    Args:
        minutes_apart: from the beginning of one answer to that of the next.
    """

    def __init__(self, minutes_apart: int) -> None:
        self._folder = tempfile.TemporaryDirectory()
        # What is measured is the program, and not a program whose lines are counted.
        own = {key: value for key, value in os.environ.items() if not key.startswith("COV")}
        self._process = subprocess.Popen(
            [
                "nice",
                sys.executable,
                "-m",
                "tests.two_hours",
                self._folder.name,
                str(minutes_apart),
            ],
            cwd=_ROOT,
            env=own,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def result(self) -> Analysed:
        """Wait for it."""
        _, errors = self._process.communicate()
        assert self._process.returncode == 0, errors
        folder = Path(self._folder.name)
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
        return Analysed(int((folder / "peak").read_text()) / 1024, report)

    def close(self) -> None:
        """End it, whether it is done or not."""
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()


def main() -> None:
    """Write the recording and analyse it: FOLDER MINUTES_APART."""
    folder, minutes_apart = Path(sys.argv[1]), int(sys.argv[2])
    clip = folder / "long.mkv"
    _write(clip, minutes_apart)
    run = [sys.executable, "-c", _ANALYSE, "analyse", str(clip), "--out", str(folder)]
    os.execv(sys.executable, run)


def _write(clip: Path, minutes_apart: int) -> None:
    spoken = np.concatenate([block.samples for block in RecordingMicrophone(_SAMPLE).blocks()])
    minute = np.zeros(60 * SAMPLE_RATE_HZ, np.float32)
    answer = minute.copy()
    answer[: len(spoken)] = spoken[: len(minute)]
    with av.open(str(clip), "w") as container:
        picture = container.add_stream("libx264", rate=1, options={"preset": "ultrafast"})
        picture.width, picture.height, picture.pix_fmt = 320, 240, "yuv420p"
        sound = container.add_stream("pcm_s16le", rate=SAMPLE_RATE_HZ, layout="mono")
        frame = av.VideoFrame.from_ndarray(grey(320, 240), format="rgb24")
        for index in range(120):
            for second in range(60):
                frame.pts = index * 60 + second
                container.mux(picture.encode(frame))
            samples = minute if index % minutes_apart else answer
            block = av.AudioFrame.from_ndarray(samples[None], "fltp", "mono")
            block.sample_rate, block.pts = SAMPLE_RATE_HZ, index * 60 * SAMPLE_RATE_HZ
            container.mux(sound.encode(block))
        container.mux(picture.encode(None))
        container.mux(sound.encode(None))


if __name__ == "__main__":
    main()
