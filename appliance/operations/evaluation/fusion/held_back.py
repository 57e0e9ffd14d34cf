"""Face and voice, alone and together, on actors whom nothing that is judged has met."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from appliance.operations.evaluation.figures import expected_calibration_error
from appliance.operations.evaluation.fusion.answers import (
    MODES,
    Answers,
    Mode,
    ask_everything,
    blurred_face,
    early,
    face_sense,
    heard_quality,
    voice_sense,
)
from appliance.operations.evaluation.fusion.in_time import (
    STREAM_MODES,
    InTime,
    StreamMode,
    judge_in_time,
    surest,
)
from appliance.operations.evaluation.fusion.material import (
    BLURRED_TESTS,
    ORDERS,
    Material,
    known_windows,
    own_sets,
)
from appliance.operations.evaluation.fusion.rules import (
    Rated,
    Rule,
    Sense,
    alone,
    fit_rule,
    outer,
    stacked,
)
from appliance.operations.evaluation.fusion.scores import Score, accuracy, score
from appliance.operations.evaluation.fusion.sounds import Sounds
from appliance.operations.evaluation.fusion.streams import Order
from appliance.operations.evaluation.progress import Progress
from appliance.perception.fusion.classes import CLASSES
from appliance.perception.fusion.smoothing import smoothed
from appliance.perception.voice_description import MOST_STILL, QUIET_DB

COVERAGES = tuple(round(1 - step / 20, 2) for step in range(14))

_SHUFFLES = 20

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class InMode:
    """One way of knowing a person, of `MODES`.

    Attributes:
        scores: by what answered.
        calibration: expected calibration error before and after, by what answered.
        rules: of each fold.
        hurt: accuracy of voice, face and both, by what was wrong; and the worst fold's lead of both
            over the better one.
        shuffled: accuracy with another clip's face of the same actor.
        coverage: share that is answered at the folds' own thresholds.
        answered: accuracy of those.
        risk: accuracy at each of `COVERAGES`, of the surest.
        said: (draws, n, classes) of both.
    """

    scores: dict[str, Score]
    calibration: dict[str, tuple[float, float]]
    rules: list[Rule]
    hurt: dict[str, tuple[float, float, float, float]]
    shuffled: float
    coverage: float
    answered: float
    risk: tuple[float, ...]
    said: _Floats


@dataclass(frozen=True, slots=True, eq=False)
class HeldBack:
    """All of it.

    Attributes:
        modes: by the way of knowing a person.
        in_time: by the order of clips, and against what; where enough of somebody is heard.
        lone: share that is answered, and accuracy of those, where each clip is an answer of one
            window and the threshold is that of windows of a stream.
        quiet: share of clips whose loudness ranges over too little for a baseline, by their noise.
        still: scores by what answered, against a baseline of neutral and calm speech alone.
        refused: share of baselines that the booth would not use, of those and of mixed ones.
    """

    modes: dict[Mode, InMode]
    in_time: dict[tuple[Order, StreamMode], InTime]
    lone: dict[StreamMode, tuple[float, float]]
    quiet: dict[str, float]
    still: dict[str, Score]
    refused: dict[str, float]


def judge_held_back(material: Material, progress: Progress) -> HeldBack:
    """Ask the experts, fit the rules fold by fold, and judge what they say."""
    answers = ask_everything(material, progress)
    joint = early(material, progress)
    modes: dict[Mode, InMode] = {}
    for mode in MODES:
        progress(f"Fusing, {mode}", 0.0)
        modes[mode] = _judge(answers, joint, material, mode)
    in_time = {
        (order, mode): judge_in_time(answers, material, order, mode, COVERAGES)
        for order in ORDERS
        for mode in STREAM_MODES
        if mode == "none" or _is_known(material, order)
    }
    lone = {
        mode: _lone(modes[mode], timed, material)
        for (order, mode), timed in in_time.items()
        if order == "shuffled"
    }
    quiet = {"clean": _quiet(material.clean)}
    quiet |= {noise: _quiet(sounds) for noise, sounds in material.noisy.items()}
    still, refused = _still(answers, material, modes)
    return HeldBack(modes, in_time, lone, quiet, still, refused)


def _is_known(material: Material, order: Order) -> bool:
    """Whether every fold has windows before which enough was heard for a baseline."""
    known = known_windows(material.streams[order])
    folds = material.fold_of_windows(order)
    return all(known[folds == fold].any() for fold in range(len(material.folds)))


def _lone(mode: InMode, stream: InTime, material: Material) -> tuple[float, float]:
    """Each clip as an answer of one window, which has no other beside it to be smoothed with."""
    said = np.zeros_like(mode.said)
    for fold, rows in enumerate(material.folds):
        for place in np.flatnonzero(rows):
            for draw in range(len(said)):
                (said[draw, place],) = smoothed(
                    mode.said[draw, place][np.newaxis], *stream.chosen[fold]
                )
    sure = said.max(axis=2) >= np.array(stream.thresholds)[material.fold_of]
    right = said.argmax(axis=2) == material.labels
    return float(sure.mean()), float(right[sure].mean()) if sure.any() else 0.0


def _quiet(sounds: Sounds) -> float:
    return float(np.mean(sounds.range_db < QUIET_DB))


def _judge(
    answers: Answers,
    joint: Mapping[str, _Floats],
    material: Material,
    mode: Mode,
) -> InMode:
    voice, face = voice_sense(answers, material, mode), face_sense(answers, mode)
    labels, folds, fold_of = material.labels, material.folds, material.fold_of
    rules = [fit_rule(voice, face, labels, index, ~fold) for index, fold in enumerate(folds)]
    heard, seen = (
        np.stack([alone(rules, fold_of, draw, sense) for draw in one.clean])
        for sense, one in enumerate((voice, face))
    )
    both = np.stack(
        [
            outer(rules, fold_of, said, shown)
            for said, shown in zip(voice.clean, face.clean, strict=True)
        ]
    )
    said = {
        "voice": heard,
        "face": seen,
        "fused": both,
        "plain mean": (heard + seen) / 2,
        "logistic stacking": stacked(voice, face, labels, folds),
    }
    if mode != "own voice":  # one regression has one baseline
        joined = [joint[name] for name in answers.draws(mode, "voice")]
        said["early concatenation"] = np.stack(joined)
    threshold = np.array([rule.threshold for rule in rules])[fold_of]
    sure = both.max(axis=2) >= threshold
    right = both.argmax(axis=2) == labels
    return InMode(
        scores={name: score(one, labels, material.actors, folds) for name, one in said.items()},
        calibration=_calibration(voice, face, said, labels),
        rules=rules,
        hurt=_hurt(answers, material, mode, rules),
        shuffled=_shuffled(voice, face, material, rules),
        coverage=float(sure.mean()),
        answered=float(right[sure].mean()),
        risk=tuple(
            float(np.mean([surest(draw, labels, coverage) for draw in both]))
            for coverage in COVERAGES
        ),
        said=both,
    )


def _calibration(
    voice: Sense, face: Sense, then: Mapping[str, _Floats], labels: npt.NDArray[np.int64]
) -> dict[str, tuple[float, float]]:
    """Expected calibration error: of what the experts say, and of what the rules make of it."""
    first = {
        name: np.stack([draw.said.outer for draw in sense.clean])
        for name, sense in (("voice", voice), ("face", face))
    }
    product = first["voice"] * first["face"]
    first["fused"] = product / product.sum(axis=2, keepdims=True)

    def error(said: _Floats) -> float:
        return float(np.mean([expected_calibration_error(draw, labels) for draw in said]))

    return {name: (error(said), error(then[name])) for name, said in first.items()}


def _hurt(
    answers: Answers, material: Material, mode: Mode, rules: list[Rule]
) -> dict[str, tuple[float, float, float, float]]:
    """Accuracy of voice, face and both where one is drowned, and the worst fold's lead."""
    voice, face = voice_sense(answers, material, mode), face_sense(answers, mode)
    fold_of, labels = material.fold_of, material.labels
    heard, seen = voice.clean[0], face.clean[0]
    cases = {f"voice in {noise} noise at 0 dB": (said, seen) for noise, said in voice.hurt.items()}
    cases |= {name: (heard, blurred_face(answers, mode, name)) for name in BLURRED_TESTS}
    found = {}
    for name, (said, shown) in cases.items():
        both = outer(rules, fold_of, said, shown)
        one, other = alone(rules, fold_of, said, 0), alone(rules, fold_of, shown, 1)
        leads = [
            accuracy(both[fold], labels[fold])
            - max(accuracy(one[fold], labels[fold]), accuracy(other[fold], labels[fold]))
            for fold in material.folds
        ]
        rates = [accuracy(answer, labels) for answer in (one, other, both)]
        found[name] = (rates[0], rates[1], rates[2], min(leads))
    return found


def _shuffled(voice: Sense, face: Sense, material: Material, rules: list[Rule]) -> float:
    """Accuracy where each clip's face is that of another clip of the same actor."""
    random = np.random.default_rng(5)
    heard, seen = voice.clean[0], face.clean[0]
    rates = []
    for _ in range(_SHUFFLES):
        place = np.arange(len(material.labels))
        for actor in np.unique(material.actors):
            rows = random.permutation(np.flatnonzero(material.actors == actor))
            place[rows] = np.roll(rows, 1)
        moved = Rated(seen.said.at(place), seen.quality.at(place))
        rates.append(accuracy(outer(rules, material.fold_of, heard, moved), material.labels))
    return float(np.mean(rates))


def _still(
    answers: Answers, material: Material, modes: Mapping[Mode, InMode]
) -> tuple[dict[str, Score], dict[str, float]]:
    """What a baseline of neutral and calm speech alone does, which is what interviews give.

    It is one of the voice, as on the device.

    Returns:
        Scores by what answered, and the share of baselines that the booth would not use.
    """
    clear, usual = heard_quality(material.clean.range_db), answers.likeness["clean"]
    voice, face = Rated(answers.voice["still"], clear), Rated(answers.face["none"], usual)
    rules, fold_of = modes["own voice"].rules, material.fold_of
    both = outer(rules, fold_of, voice, face)
    refused = {name: _refused(answers, material, name) for name in ("still", "own 0")}
    used = np.where(refused["still"][:, np.newaxis], modes["none"].said[0], both)
    said = {
        "voice": alone(rules, fold_of, voice, 0),
        "face": alone(rules, fold_of, face, 1),
        "fused": both,
        "fused, as the booth would": used,
    }
    scores = {
        name: score(one[np.newaxis], material.labels, material.actors, material.folds)
        for name, one in said.items()
    }
    return scores, {name: float(one.mean()) for name, one in refused.items()}


def _refused(answers: Answers, material: Material, name: str) -> npt.NDArray[np.bool_]:
    """Whose baseline sounds so still to somebody who does not know them that it is not used."""
    still = answers.voice["none"].outer[:, [CLASSES.index("neutral"), CLASSES.index("calm")]]
    shares = [
        float(still[chosen].sum() / max(1, len(chosen))) for chosen in own_sets(material)[name]
    ]
    return np.array(shares) > MOST_STILL
