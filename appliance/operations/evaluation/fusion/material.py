"""What is asked about: clips as they are, in noise, against their own, and strung together."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from appliance.domain.errors import DataError
from appliance.domain.media import FloatArray
from appliance.operations.evaluation.fusion import action_units
from appliance.operations.evaluation.fusion.experts import Lessons
from appliance.operations.evaluation.fusion.nested import Question
from appliance.operations.evaluation.fusion.noise import NOISES, Noise, blurred, chance, in_noise
from appliance.operations.evaluation.fusion.own import (
    Indices,
    all_others,
    baselines,
    drawn,
    drawn_still,
    running,
)
from appliance.operations.evaluation.fusion.sounds import Sounds, SoundStore, samples_of, whole
from appliance.operations.evaluation.fusion.streams import Order, Streams, build_streams
from appliance.operations.evaluation.progress import Progress, with_progress
from appliance.operations.evaluation.ravdess import CLASSES, actor_folds, find_clips
from appliance.perception.fusion.grid import HOP_S, WINDOW_S
from appliance.perception.voice_description import ENOUGH_WINDOWS, VoiceBaseline

OWN_DRAWS = 5
"""How often ten clips of a person's own are drawn."""

LESSON_DRAWS = 8
_LESSON_COUNTS = (8, 10, 12, 20)
_STILL = ("neutral", "calm")

BLURS = {"blurred": 1.0, "half blurred": 0.5}
"""Noise of faces by which weights are fitted, as a share of how much faces differ."""

BLURRED_TESTS = ("face at 0 dB, first", "face at 0 dB, second", "face at 0 dB, third")

ORDERS: tuple[Order, ...] = ("shuffled", "in runs")

_Floats = npt.NDArray[np.float64]
_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Clips in order of name, and what was made of them.

    Attributes:
        labels: (n,) truth.
        actors: (n,) who it is.
        folds: which clips each fold holds back.
        clean: voices as they are.
        noisy: in noise of 0 dB, by its kind.
        faces: (n, units) square roots of action units.
        streams: clips strung together, by their order.
    """

    labels: Indices
    actors: Indices
    folds: list[_Flags]
    clean: Sounds
    noisy: dict[Noise, Sounds]
    faces: FloatArray
    streams: dict[Order, Streams]

    @property
    def fold_of(self) -> Indices:
        """Which fold each clip belongs to."""
        fold_of: Indices = np.argmax(np.stack(self.folds), axis=0)
        return fold_of

    def fold_of_windows(self, order: Order) -> Indices:
        """Which fold each window of a stream belongs to."""
        fold = {actor: int(self.fold_of[self.actors == actor][0]) for actor in self.actors}
        return np.array([fold[actor] for actor in self.streams[order].actors])


def load_material(data: Path, models: Path, work: Path, progress: Progress) -> Material:
    """Find the clips and faces of a folder, and describe them.

    Args:
        data: folder that holds RAVDESS speech clips and their action units.
        models: folder of the models that describe.
        work: folder for what is kept between runs.
        progress: told how far it is.

    Raises:
        DataError: there are no such clips, no faces of them, or fewer than five actors.
        RecordingError: a clip cannot be decoded.
        OutputError: what is kept cannot be written.
    """
    clips = find_clips(data)
    labels = np.array([clip.label for clip in clips], dtype=np.int64)
    actors = np.array([clip.actor for clip in clips], dtype=np.int64)
    folds = actor_folds(actors)
    faces = action_units.load_action_units(_table(data), [clip.path.stem for clip in clips])
    store = SoundStore(models, work, clips)
    following = with_progress(clips, "Listening to clips", progress)
    clean = store.of("clips", (whole(samples_of(clip.path)) for clip in following))
    if not clean.voiced.all():
        silent = clips[int(np.argmin(clean.voiced))]
        raise DataError(f"'{silent.path.name}' has too little sound.", "Take it out of the folder.")
    fold_of = np.argmax(np.stack(folds), axis=0)
    noisy = {
        noise: store.of(f"noise-{noise}", in_noise(clips, fold_of, noise, progress))
        for noise in NOISES
    }
    streams = {order: build_streams(clips, faces, order, store, progress) for order in ORDERS}
    return Material(labels, actors, folds, clean, noisy, faces.astype(np.float32), streams)


def lessons(material: Material, values: FloatArray) -> Lessons:
    """What experts of one sense learn from: `values` (n, values) of the clips."""
    random = np.random.default_rng(0)
    sets = [drawn(material.actors, _LESSON_COUNTS, random) for _ in range(LESSON_DRAWS)]
    own = [baselines(values, chosen) for chosen in sets]
    return Lessons(values, material.labels, material.actors, own)


def own_sets(material: Material) -> dict[str, list[Indices]]:
    """Which other clips of a person's own each clip is judged against, by the question's name."""
    sets = {
        f"own {draw}": drawn(material.actors, (ENOUGH_WINDOWS,), np.random.default_rng(100 + draw))
        for draw in range(OWN_DRAWS)
    }
    still = np.isin(material.labels, [CLASSES.index(name) for name in _STILL])
    sets["all"] = all_others(material.actors)
    sets["still"] = drawn_still(material.actors, still, ENOUGH_WINDOWS, np.random.default_rng(200))
    return sets


def clip_questions(material: Material, values: FloatArray) -> dict[str, Question]:
    """Clips against everybody ("none") and against their own."""
    questions = {"none": Question(values, material.fold_of)}
    for name, chosen in own_sets(material).items():
        questions[name] = Question(values, material.fold_of, baselines(values, chosen))
    return questions


def noise_questions(material: Material, quiet_db: float) -> dict[str, Question]:
    """Voices in noise: against everybody, and against what was heard before the noise began.

    Args:
        material: of the clips.
        quiet_db: range of loudness below which the person's own is not used.
    """
    own = baselines(material.clean.values, own_sets(material)["own 0"])
    questions = {}
    for noise, sounds in material.noisy.items():
        questions[f"{noise} none"] = Question(sounds.values, material.fold_of)
        known = [
            baseline if range_db >= quiet_db else VoiceBaseline()
            for baseline, range_db in zip(own, sounds.range_db, strict=True)
        ]
        questions[f"{noise} own 0"] = Question(sounds.values, material.fold_of, known)
    return questions


def blurred_faces(material: Material) -> dict[str, FloatArray]:
    """Faces in noise, by name: some to fit weights by, others to judge by."""
    levels = BLURS | dict.fromkeys(BLURRED_TESTS, 1.0)
    return {
        name: blurred(material.faces, level, chance(name)).astype(np.float32)
        for name, level in levels.items()
    }


def stream_questions(material: Material, sense: str) -> dict[str, Question]:
    """Windows of the streams, against everybody and against what was heard so far.

    Args:
        material: of the clips.
        sense: "voice" or "face".
    """
    questions = {}
    for order, stream in material.streams.items():
        values = stream.sounds.values if sense == "voice" else stream.faces.astype(np.float32)
        fold = material.fold_of_windows(order)
        questions[f"{order} none"] = Question(values, fold)
        questions[f"{order} own"] = Question(values, fold, _heard_so_far(stream, values))
    return questions


def known_windows(stream: Streams) -> _Flags:
    """Before which windows enough of a person was heard to use their own baseline: (n,)."""
    nothing = np.zeros((len(stream.labels), 0), np.float32)
    return np.array([baseline.enough for baseline in _heard_so_far(stream, nothing)])


def _heard_so_far(stream: Streams, values: FloatArray) -> list[VoiceBaseline]:
    known: list[VoiceBaseline] = []
    for actor in np.unique(stream.actors):
        own = stream.actors == actor
        known += running(values[own], stream.sounds.voiced[own], round(WINDOW_S / HOP_S))
    return known


def _table(data: Path) -> Path:
    tables = sorted(data.rglob(action_units.FILE))
    if not tables:
        raise DataError(
            f"There is no '{action_units.FILE}' in '{data}'.",
            "It holds what the videos of the clips show; or name a folder with the videos.",
        )
    return tables[0]
