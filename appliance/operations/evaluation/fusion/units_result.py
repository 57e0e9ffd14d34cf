"""What `booth evaluate fusion` prints of voices and action units."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from appliance.operations.evaluation.figures import Figures, judge
from appliance.operations.evaluation.fusion.answers import Mode
from appliance.operations.evaluation.fusion.held_back import COVERAGES, HeldBack, InMode
from appliance.operations.evaluation.fusion.in_time import InTime, StreamMode
from appliance.operations.evaluation.fusion.material import Material
from appliance.operations.evaluation.fusion.rules import COVERAGE
from appliance.operations.evaluation.fusion.scores import Score
from appliance.operations.evaluation.ravdess import CLASSES

EARLIER_PROJECT = 0.185
"""Accuracy of the fusion of the project before this one, as it was told."""

TITLES: dict[Mode, str] = {
    "none": "against everybody",
    "own voice": "against ten unlabelled clips of their own voice, as on the device",
    "own": "against ten unlabelled clips of their own",
    "all": "against all other clips of their own",
}

STREAM_TITLES: dict[StreamMode, str] = {
    "none": "against everybody",
    "own voice": "against what was heard so far, as on the device",
    "own": "against what was heard and seen so far",
}


@dataclass(frozen=True, slots=True, eq=False)
class UnitsResult:
    """Voices of clips and action units of their faces.

    Attributes:
        material: that was judged.
        held_back: how it was judged.
    """

    material: Material
    held_back: HeldBack

    def to_json_value(self) -> dict[str, Any]:
        """Fused without any baseline first, then everything."""
        first = self.named_figures()["fusion none"]
        return {
            **first.to_json_value(),
            "actors": len(np.unique(self.material.actors)),
            "flattering": False,
            "earlier_project_accuracy": EARLIER_PROJECT,
            "modes": {mode: _mode_value(one) for mode, one in self.held_back.modes.items()},
            "still_baseline": {
                name: one.to_json_value() for name, one in self.held_back.still.items()
            },
            "baselines_not_used": {
                name: round(share, 4) for name, share in self.held_back.refused.items()
            },
            "too_quiet_for_a_baseline": {
                name: round(share, 4) for name, share in self.held_back.quiet.items()
            },
            "answers_of_one_window": {
                mode: {"share": round(share, 4), "accuracy": round(right, 4)}
                for mode, (share, right) in self.held_back.lone.items()
            },
            "streams": {
                f"{order}, {mode}": _time_value(one)
                for (order, mode), one in self.held_back.in_time.items()
            },
        }

    def named_figures(self) -> dict[str, Figures]:
        """What can be drawn; of a person's own ten clips, the first draw."""
        judged = {
            f"fusion {mode}": judge(one.said[0], self.material.labels, CLASSES)
            for mode, one in self.held_back.modes.items()
        }
        return {name: figures for name, figures in judged.items() if figures is not None}

    def lines(self) -> list[str]:
        """For a person."""
        count, actors = len(self.material.labels), len(np.unique(self.material.actors))
        lines = [
            f"Fusion: {count} clips of {actors} actors, five folds; nothing knows a fold's actors",
            f"The project before reached {EARLIER_PROJECT:.1%}; guessing, {1 / len(CLASSES):.1%}",
        ]
        for mode, one in self.held_back.modes.items():
            lines += ["", f"Each actor {TITLES[mode]}", *_mode_lines(one)]
        lines += ["", "Against a baseline of ten neutral and calm clips alone"]
        lines += [_score_line(name, one) for name, one in self.held_back.still.items()]
        still, mixed = (self.held_back.refused[name] for name in ("still", "own 0"))
        lines.append(f"  not used by the booth: {still:.0%} of these, {mixed:.0%} of mixed ones")
        told = ", ".join(f"{name} {share:.0%}" for name, share in self.held_back.quiet.items())
        lines.append(f"  loudness ranges over too little for a baseline, of the clips: {told}")
        for (order, mode), timed in self.held_back.in_time.items():
            lines += ["", f"Clips {order}, strung together, {STREAM_TITLES[mode]}"]
            lines += _time_lines(timed)
        lines += ["", "Each clip as an answer of one window, at the thresholds of shuffled windows"]
        lines += [
            f"  {TITLES[mode]}: 'not sure' of {1 - share:.1%}; of the rest right: {right:.3f}"
            for mode, (share, right) in self.held_back.lone.items()
        ]
        return lines


def _mode_value(one: InMode) -> dict[str, Any]:
    return {
        "scores": {name: score.to_json_value() for name, score in one.scores.items()},
        "lead_over_the_better_one": [round(lead, 4) for lead in leads(one)],
        "expected_calibration_error": {
            name: {"before": round(before, 4), "after": round(after, 4)}
            for name, (before, after) in one.calibration.items()
        },
        "temperatures": [[round(value, 3) for value in rule.temperatures] for rule in one.rules],
        "thresholds": [round(rule.threshold, 3) for rule in one.rules],
        "hurt": {
            name: {
                "voice": round(voice, 4),
                "face": round(face, 4),
                "fused": round(both, 4),
                "worst_fold_lead": round(lead, 4),
            }
            for name, (voice, face, both, lead) in one.hurt.items()
        },
        "another_clips_face": round(one.shuffled, 4),
        "answered": {"share": round(one.coverage, 4), "accuracy": round(one.answered, 4)},
        "risk_coverage": _risk_value(one.risk),
    }


def _risk_value(risk: tuple[float, ...]) -> list[list[float]]:
    return [[coverage, round(right, 4)] for coverage, right in zip(COVERAGES, risk, strict=True)]


def _time_value(one: InTime) -> dict[str, Any]:
    return {
        "windows": one.windows,
        "voice": round(one.voice, 4),
        "face": round(one.face, 4),
        "fused_by_late_s": {
            str(shift): None if rate is None else round(rate, 4)
            for shift, rate in one.shifts.items()
        },
        "smoothing": {
            name: {"log_likelihood": round(likelihood, 4), "accuracy": round(rate, 4)}
            for name, (likelihood, rate) in one.smoothing.items()
        },
        "chosen_stay_and_pull": [list(pair) for pair in one.chosen],
        "thresholds": [round(threshold, 3) for threshold in one.thresholds],
        "sure_by": {
            name: {
                "share": round(sure.share, 4),
                "accuracy": round(sure.right, 4),
                "accuracy_on_other_folds": round(sure.inner_right, 4),
            }
            for name, sure in one.sure.items()
        },
        "risk_coverage": _risk_value(one.risk),
    }


def leads(one: InMode) -> list[float]:
    """Of both over the better one alone, in each fold."""
    voice, face, both = (one.scores[name].folds for name in ("voice", "face", "fused"))
    return [fused - max(heard, seen) for heard, seen, fused in zip(voice, face, both, strict=True)]


def _mode_lines(one: InMode) -> list[str]:
    lines = [_score_line(name, score) for name, score in one.scores.items()]
    told = ", ".join(f"{lead:+.3f}" for lead in leads(one))
    lines.append(f"  both lead over the better one alone by {told} in the folds")
    lines += [
        f"  {name}: expected calibration error {before:.3f} before, {after:.3f} after"
        for name, (before, after) in one.calibration.items()
    ]
    lines += [
        f"  {name}: voice {voice:.3f}, face {face:.3f}, both {both:.3f}; worst fold {lead:+.3f}"
        for name, (voice, face, both, lead) in one.hurt.items()
    ]
    lines.append(f"  with another clip's face of the same actor: {one.shuffled:.3f}")
    lines.append(f"  'not sure' of {1 - one.coverage:.1%}; of the rest right: {one.answered:.3f}")
    lines.append(_risk_line(one.risk))
    return lines


def _risk_line(risk: tuple[float, ...]) -> str:
    curve = ", ".join(
        f"{coverage:.0%} {right:.3f}" for coverage, right in zip(COVERAGES, risk, strict=True)
    )
    return f"  of the surest right: {curve}"


def _score_line(name: str, one: Score) -> str:
    low, high = one.accuracy_interval
    lowest, highest = one.recall_interval
    folds = " ".join(f"{fold:.3f}" for fold in one.folds)
    return (
        f"  {name:<20} accuracy {one.accuracy:.3f} ({low:.3f} to {high:.3f}), unweighted average "
        f"recall {one.recall:.3f} ({lowest:.3f} to {highest:.3f}); folds {folds}"
    )


def _time_lines(one: InTime) -> list[str]:
    shifts = ", ".join(
        f"{shift:g} s {rate:.3f}" for shift, rate in one.shifts.items() if rate is not None
    )
    lines = [
        f"  {one.windows} windows: voice {one.voice:.3f}, face {one.face:.3f}",
        f"  both, by how late the face is: {shifts}",
    ]
    lines += [
        f"  smoothed, {name}: log likelihood {likelihood:.3f}, accuracy {rate:.3f}"
        for name, (likelihood, rate) in one.smoothing.items()
    ]
    chosen = ", ".join(f"{stay:g} and {pull:g}" for stay, pull in one.chosen)
    lines.append(f"  stay and pull chosen for each fold: {chosen}")
    lines += [
        f"  sure by the {name}: 'not sure' of {1 - sure.share:.1%}; of the rest right: "
        f"{sure.right:.3f}; on the other folds, at {COVERAGE:.0%}: {sure.inner_right:.3f}"
        for name, sure in one.sure.items()
    ]
    return [*lines, _risk_line(one.risk)]
