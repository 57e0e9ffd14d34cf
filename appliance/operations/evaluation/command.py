"""`booth evaluate`: builds the models that are asked for, and runs them on labelled data."""

import argparse
import time
from pathlib import Path
from typing import Any, Protocol

from pydantic import ValidationError

from appliance.coaching.coach import Coach
from appliance.coaching.ollama.wordsmith import Wordsmith
from appliance.coaching.tools import load_tools
from appliance.domain.errors import WrongUsageError
from appliance.domain.settings import Ollama
from appliance.operations.evaluation.expression import evaluate_expression
from appliance.operations.evaluation.feedback import evaluate_feedback, samples_of
from appliance.operations.evaluation.figures import Figures
from appliance.operations.evaluation.fusion.curves import write_fusion_pictures
from appliance.operations.evaluation.fusion.evaluation import Places, evaluate_fusion
from appliance.operations.evaluation.fusion.videos import DevicePath
from appliance.operations.evaluation.labelled_faces import load_faces
from appliance.operations.evaluation.pictures import write_pictures
from appliance.operations.evaluation.progress import Progress
from appliance.operations.evaluation.ravdess import find_clips
from appliance.operations.evaluation.speech import evaluate_speech, find_spoken
from appliance.operations.evaluation.voice import evaluate_voice
from appliance.perception import expression, face_detection, speech_probability
from appliance.perception.expression import ExpressionModel
from appliance.perception.face import FaceObserver
from appliance.perception.face_detection import FaceDetector
from appliance.perception.fusion.model import FusionModel
from appliance.perception.speech.selection import choose_transcriber
from appliance.perception.tflite import TfliteModel
from appliance.perception.voice import VoiceModel
from appliance.perception.voice_activity import VoiceActivity
from appliance.perception.voice_description import ENOUGH_WINDOWS
from appliance.reporting.files import require_folder


class Result(Protocol):
    """What every evaluation ends with."""

    def to_json_value(self) -> dict[str, Any]:
        """For programs."""
        ...

    def named_figures(self) -> dict[str, Figures]:
        """What can be drawn, by name."""
        ...

    def to_text(self) -> str:
        """For a person."""
        ...


def evaluate(options: argparse.Namespace, models_dir: Path, progress: Progress) -> Result:
    """Evaluate what the arguments of `add_tasks` ask for.

    Raises:
        DataError: the data is missing or not laid out as it must be.
        ModelError: a model cannot be used.
        RecordingError: a clip cannot be decoded.
        OutputError: the pictures cannot be written.
        WrongUsageError: the arguments do not go together.
    """
    tasks = {
        "expression": _expression,
        "voice": _voice,
        "speech": _speech,
        "feedback": _feedback,
        "fusion": _fusion,
    }
    pictures: Path | None = getattr(options, "pictures", None)
    if pictures is not None:
        require_folder(pictures, "--pictures")
    result = tasks[options.task](options, models_dir, progress)
    if pictures is not None:
        write_pictures(result.named_figures(), pictures)
    return result


def _expression(options: argparse.Namespace, models_dir: Path, progress: Progress) -> Result:
    detector = FaceDetector(TfliteModel(models_dir / face_detection.MODEL_FILE))
    model = ExpressionModel(models_dir / expression.MODEL_FILE)
    faces = load_faces(options.data, options.part, detector, progress)
    return evaluate_expression(faces, model, progress)


def _voice(options: argparse.Namespace, models_dir: Path, progress: Progress) -> Result:
    if options.own and options.own < ENOUGH_WINDOWS:
        message = f"'--own {options.own}' is too few: a baseline counts from {ENOUGH_WINDOWS} on."
        raise WrongUsageError(message)
    clips = find_clips(options.data)
    folders = options.model or [models_dir]
    models = [VoiceModel(models_dir, folder) for folder in folders]
    return evaluate_voice(clips, models, progress, options.own)


def _feedback(options: argparse.Namespace, models_dir: Path, progress: Progress) -> Result:
    try:
        hosts = Ollama(hosts=(options.host,), model=options.model, deadline_s=options.deadline)
    except ValidationError as error:
        raise WrongUsageError(
            f"'{options.host}' is no address in your own network, or there is no model.",
            "An address is such as http://192.168.1.20:11434.",
        ) from error
    samples = samples_of(options.language, options.data, options.answers, options.injections)
    tools = load_tools(options.language, models_dir)

    def wordsmith() -> Wordsmith:
        return Wordsmith(hosts, tools, time.monotonic)

    return evaluate_feedback(samples, Coach(tools), wordsmith, progress)


def _fusion(options: argparse.Namespace, models_dir: Path, progress: Progress) -> Result:
    clips, observer = options.clips, FaceObserver(models_dir)
    path = DevicePath(
        observer,
        ExpressionModel(models_dir / expression.MODEL_FILE),
        VoiceActivity(models_dir / speech_probability.MODEL_FILE),
        VoiceModel(models_dir),
        FusionModel(models_dir),
    )
    result = evaluate_fusion(options.data, path, Places(models_dir, options.work, clips), progress)
    if options.pictures is not None:
        write_fusion_pictures(result, options.pictures)
    return result


def _speech(options: argparse.Namespace, models_dir: Path, progress: Progress) -> Result:
    spoken = find_spoken(options.data)
    activity = VoiceActivity(models_dir / speech_probability.MODEL_FILE)
    transcriber = choose_transcriber(models_dir, options.language)
    return evaluate_speech(spoken, activity, transcriber, progress)
