"""Everything that the experts of both senses are asked, fold by fold."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from appliance.operations.evaluation.fusion.experts import (
    JOINT_PENALTIES,
    FaceExpert,
    LightExpert,
    VoiceExpert,
)
from appliance.operations.evaluation.fusion.material import (
    BLURS,
    OWN_DRAWS,
    Material,
    blurred_faces,
    clip_questions,
    lessons,
    noise_questions,
    own_sets,
    stream_questions,
)
from appliance.operations.evaluation.fusion.nested import Nested, Question, ask_all, ask_outer
from appliance.operations.evaluation.fusion.own import baselines
from appliance.operations.evaluation.fusion.rules import Rated, Sense
from appliance.operations.evaluation.progress import Progress
from appliance.operations.evaluation.ravdess import FOLDS
from appliance.perception.fusion.model import standing_out
from appliance.perception.voice_description import QUIET_DB

Mode = Literal["none", "own voice", "own", "all"]

MODES: tuple[Mode, ...] = ("none", "own voice", "own", "all")
"""Against what each sense is judged: everybody; ten clips of their own, of the voice alone as on
the device, or of both; all other clips of their own, of both."""

SenseName = Literal["voice", "face"]

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What the experts said.

    Attributes:
        voice: by question.
        face: by question.
        likeness: how usual the faces are, by question.
    """

    voice: dict[str, Nested]
    face: dict[str, Nested]
    likeness: dict[str, Nested]

    def draws(self, mode: Mode, sense: SenseName) -> list[str]:
        """The questions of a mode to one sense, as many to either."""
        if mode not in {"own", "own voice"}:
            return [mode]
        if mode == "own voice" and sense == "face":
            return ["none"] * OWN_DRAWS
        return [f"own {draw}" for draw in range(OWN_DRAWS)]


def ask_everything(material: Material, progress: Progress) -> Answers:
    """Train the experts on all folds but one or two, and ask them.

    Args:
        material: to train on and to ask about.
        progress: told how far it is.
    """
    heard = clip_questions(material, material.clean.values) | noise_questions(material, QUIET_DB)
    heard |= stream_questions(material, "voice")
    seen = clip_questions(material, material.faces) | stream_questions(material, "face")
    usual = {"clean": Question(material.faces, material.fold_of)}
    for name, faces in blurred_faces(material).items():
        seen |= _blurred(material, name, faces)
        usual[name] = Question(faces, material.fold_of)
    to_see = lessons(material, material.faces)
    likeness = {name: (question, FaceExpert.quality) for name, question in usual.items()}
    progress("Asking faces", 0.0)
    face = ask_all(material.folds, lambda rows: FaceExpert(to_see, rows), seen, likeness)
    progress("Asking voices", 0.0)
    to_hear = lessons(material, material.clean.values)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "voice.npz"
        voice = ask_all(material.folds, lambda rows: VoiceExpert(to_hear, rows, path), heard)
    return Answers(voice, face, {name: face.pop(f"about {name}") for name in usual})


def early(material: Material, progress: Progress) -> dict[str, _Floats]:
    """Early concatenation: one regression over both at once, its blocks of equal weight.

    Returns:
        By question, (n, classes) of each row by an expert of all other folds.
    """
    progress("Asking both at once", 0.0)
    both = np.hstack([material.clean.values, material.faces])
    widths = (material.clean.values.shape[1], material.faces.shape[1])
    shares = np.repeat([1 / np.sqrt(width) for width in widths], widths)
    to_learn = lessons(material, both)
    return ask_outer(
        material.folds,
        lambda rows: LightExpert(to_learn, rows, JOINT_PENALTIES, shares),
        clip_questions(material, both),
    )


def voice_sense(answers: Answers, material: Material, mode: Mode) -> Sense:
    """The voice in one mode, with noise that the person's own baseline does not know."""
    suffix = "own 0" if mode in {"own", "own voice"} else "none"
    clear = heard_quality(material.clean.range_db)
    return Sense(
        clean=[Rated(answers.voice[name], clear) for name in answers.draws(mode, "voice")],
        hurt={
            noise: Rated(answers.voice[f"{noise} {suffix}"], heard_quality(sounds.range_db))
            for noise, sounds in material.noisy.items()
        },
    )


def face_sense(answers: Answers, mode: Mode) -> Sense:
    """The face in one mode."""
    usual = answers.likeness["clean"]
    return Sense(
        clean=[Rated(answers.face[name], usual) for name in answers.draws(mode, "face")],
        hurt={name: blurred_face(answers, mode, name) for name in BLURS},
    )


def blurred_face(answers: Answers, mode: Mode, name: str) -> Rated:
    """The face in one mode, in the noise of that name."""
    return Rated(answers.face[f"{name} {answers.draws(mode, 'face')[0]}"], answers.likeness[name])


def heard_quality(range_db: _Floats) -> Nested:
    """Ranges of loudness (n,) on the scale of the weights: the same to every expert."""
    quality = np.array([standing_out(one) for one in range_db.tolist()])[:, np.newaxis]
    return Nested(quality, np.broadcast_to(quality, (FOLDS, *quality.shape)))


def _blurred(material: Material, name: str, faces: npt.NDArray[np.float32]) -> dict[str, Question]:
    """Faces in noise, against baselines that were seen without it."""
    sets = own_sets(material)
    questions = {f"{name} none": Question(faces, material.fold_of)}
    for chosen in ("own 0", "all"):
        known = baselines(material.faces, sets[chosen])
        questions[f"{name} {chosen}"] = Question(faces, material.fold_of, known)
    return questions
