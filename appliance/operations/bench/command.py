"""What `booth bench` prints."""

import platform
from argparse import Namespace
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from appliance.coaching.coach import Coach
from appliance.interview.pipeline import Senses
from appliance.operations.bench.answers import (
    REACHES_S,
    SILENT_S,
    SPOKEN_S,
    Waits,
    measure_answers,
)
from appliance.operations.bench.fusion import ANSWER_S, FusionCost, measure_fusion
from appliance.operations.bench.recording import write_answer
from appliance.operations.bench.running_booth import running_booth
from appliance.operations.bench.stages import Stage, measure_stages
from appliance.operations.doctor.machine import machine_name

_PERCENTILE = 95
_ENDED = (
    "From the end of an answer to its scores on the screen, {n} answers that were ended "
    "{seconds} s after the last word:"
)
_DISTRIBUTION = (
    "  median {median_ms:.0f} ms, 95% within {p95_ms:.0f} ms, longest {longest_ms:.0f} ms"
)
_ROOT = Path("/")


@dataclass(frozen=True, slots=True)
class Bench:
    """What was measured on a machine.

    Attributes:
        machine: its model, or its processor.
        stages: of perception and coaching, on a recording; a call of fusion is a window.
        fusion: over a long interview; None where the site's profile loads no such model.
        waits: after answers given to a whole booth; None where none were wanted.
    """

    machine: str
    stages: tuple[Stage, ...]
    fusion: FusionCost | None
    waits: Waits | None

    def to_json_value(self) -> dict[str, Any]:
        """The figures as plain values."""
        return {
            "machine": self.machine,
            "stages": [{**asdict(one), "mean_ms": one.mean_ms} for one in self.stages],
            "fusion": None if self.fusion is None else asdict(self.fusion),
            "answers": None if self.waits is None else _figures(self.waits),
        }

    def to_text(self) -> str:
        """The figures as lines."""
        lines = [self.machine, "", *_stage_lines(self.stages), *_fusion_lines(self.fusion)]
        return "\n".join([*lines, *_wait_lines(self.waits)])


def bench(
    options: Namespace,
    recording: Path,
    parts: tuple[Senses, Coach],
    progress: Callable[[str, float], None],
) -> Bench:
    """Measure the stages, and then a whole booth.

    Args:
        options: `answers`, how many are given to the whole booth.
        recording: that is looked at, and that stands in for camera and microphone.
        parts: perception and coach.
        progress: told what goes on, and the share that is done.

    Raises:
        BenchError: the booth does not start, or does not give scores.
    """
    progress("Measuring the stages", 0.0)
    senses, _ = parts
    stages = measure_stages(recording, *parts)
    fusion = measure_fusion(senses.fusion) if senses.fusion is not None else None
    if fusion is not None:
        told = Stage("fusion", fusion.windows, fusion.total_s, fusion.total_s / fusion.media_s)
        stages = (*stages[:-1], told, stages[-1])
    waits = None
    if options.answers:
        progress("Starting a booth", 0.0)
        with TemporaryDirectory() as folder:
            answer = Path(folder) / "answer.mkv"
            write_answer(recording, answer, SPOKEN_S, SILENT_S)
            profile = "self" if senses.expression is not None else "observations"
            with running_booth(answer, profile) as booth:
                waits = measure_answers(booth, options.answers, progress)
    return Bench(f"{machine_name(_ROOT)}, {platform.machine()}", stages, fusion, waits)


def _stage_lines(stages: Iterable[Stage]) -> list[str]:
    lines = [f"{'stage':<20}{'calls':>8}{'ms a call':>12}{'of one core':>13}"]
    lines += [
        f"{one.name:<20}{one.calls:>8}{one.mean_ms:>12.2f}{one.share:>12.1%}" for one in stages
    ]
    return lines


def _fusion_lines(fusion: FusionCost | None) -> list[str]:
    if fusion is None:
        return ["", "This site's profile loads no model that estimates from face or voice."]
    length = f"{fusion.media_s / ANSWER_S:.0f} answers of {ANSWER_S:.0f} s"
    held = f"{fusion.first_kib:.0f} KiB in the first, {fusion.most_kib:.0f} KiB in any"
    return ["", f"Fusion holds at most, over {length}: {held}"]


def _wait_lines(waits: Waits | None) -> list[str]:
    if waits is None:
        return []
    told = _figures(waits)
    return [
        "",
        _ENDED.format(seconds=REACHES_S, **told),
        _DISTRIBUTION.format(**told),
        f"While somebody answers: {told['processor']:.0%} of one core",
        f"Most memory: {told['most_memory_mb']:.0f} MB",
    ]


def _figures(waits: Waits) -> dict[str, Any]:
    return {
        "n": len(waits.waits_ms),
        "median_ms": float(np.median(waits.waits_ms)),
        "p95_ms": float(np.percentile(waits.waits_ms, _PERCENTILE)),
        "longest_ms": max(waits.waits_ms),
        "waits_ms": list(waits.waits_ms),
        "processor": waits.processor,
        "most_memory_mb": waits.most_memory_mb,
    }
