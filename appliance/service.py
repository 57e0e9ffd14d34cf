"""The composition root: builds the parts and runs them together."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from appliance.coaching.coach import coach
from appliance.coaching.language import load_language
from appliance.coaching.question_bank import find_question
from appliance.devices.camera.live import CameraMode
from appliance.devices.camera.recording import RecordingCamera
from appliance.devices.camera.selection import Backend, CameraSettings, camera_opener
from appliance.devices.controls.selection import ControlsKind, ControlsSetting, choose_controls
from appliance.devices.equipment import Equipment, Parts
from appliance.devices.microphone.level import Level
from appliance.devices.microphone.recording import RecordingMicrophone
from appliance.devices.microphone.selection import MicrophoneSettings, microphone_opener
from appliance.devices.playback import Playback
from appliance.devices.recording import RecordingInfo, probe
from appliance.devices.speaker.player import AplayPlayer
from appliance.devices.speaker.speaker import Speaker
from appliance.devices.trial import Tally, Trial
from appliance.domain.health import Health
from appliance.domain.report import Report
from appliance.domain.settings import Settings
from appliance.interview.pipeline import Pipeline, Senses, feed
from appliance.operations.doctor.doctor import Booth
from appliance.operations.settings.loading import load
from appliance.perception import expression, speech_probability
from appliance.perception.expression import ExpressionModel
from appliance.perception.face import FaceObserver
from appliance.perception.speech.selection import choose_transcriber
from appliance.perception.voice import VoiceModel
from appliance.perception.voice_activity import VoiceActivity
from appliance.storage.store import Store

_OPENING_S = 1.0
"""Camera and microphone of a recording begin together when both had this long to open."""

_LOOK_S = 0.03


@dataclass(frozen=True, slots=True)
class Setup:
    """What an analysis works with.

    Attributes:
        models_dir: folder of the model files, and of Vosk's model folders where installed.
        language: two letters, ISO 639-1.
        expression: whether to estimate what faces show; if not, that model is never opened.
    """

    models_dir: Path
    language: str = "en"
    expression: bool = True


def default_models_dir() -> Path:
    """`models_tflite/` beside the package."""
    return Path(__file__).resolve().parent.parent / "models_tflite"


def sample_recording() -> Path:
    """The packaged sample answer."""
    return Path(__file__).resolve().parent / "sample" / "answer.mp4"


def build_senses(setup: Setup) -> Senses:
    """Load every model that is wanted.

    Raises:
        ModelError: a model is missing or damaged; the message says which.
        WrongUsageError: there is no pack for the language.
    """
    language = load_language(setup.language)
    return Senses(
        face=FaceObserver(setup.models_dir),
        expression=ExpressionModel(setup.models_dir / expression.MODEL_FILE)
        if setup.expression
        else None,
        activity=VoiceActivity(setup.models_dir / speech_probability.MODEL_FILE),
        transcriber=choose_transcriber(setup.models_dir, setup.language),
        voice=VoiceModel(setup.models_dir),
        fillers=language.filled_pauses,
    )


def analyse_recording(
    path: Path,
    question_id: str | None,
    setup: Setup,
    progress: Callable[[float], None],
) -> Report:
    """One recording through perception and coaching, as fast as the machine can.

    Args:
        path: a recording with picture, sound or both.
        question_id: what was asked, if it is known.
        setup: models and language.
        progress: told the share that is done, 0..1, where the recording says how long it is.

    Raises:
        RecordingNotFoundError, RecordingError: the recording cannot be used.
        ModelError: a model cannot be used.
        WrongUsageError: there is no such question or language.
    """
    question = find_question(setup.language, question_id) if question_id is not None else None
    info = probe(path)
    camera, microphone = RecordingCamera(path), RecordingMicrophone(path)
    pipeline = Pipeline(build_senses(setup))
    length_s = info.duration_s or float("inf")
    feed(
        pipeline,
        camera.frames(),
        microphone.blocks(),
        lambda time_s: progress(min(1.0, time_s / length_s)),
    )
    faults = tuple(fault for fault in (camera.fault, microphone.fault) if fault)
    seen = pipeline.finish(_missing(info), faults)
    return coach(seen, source=_printable(path.name), language=setup.language, question=question)


@dataclass(frozen=True, slots=True)
class Onlookers:
    """Who is told of devices that run.

    Attributes:
        changed: of a device that does otherwise than before.
        level: of how loud the sound is, some times a second.
    """

    changed: Callable[[Health], None]
    level: Callable[[Level], None]


def build_equipment(settings: Settings, simulate: Path | None) -> Equipment:
    """The devices of this machine, or a recording in place of its camera and microphone.

    Args:
        settings: which devices.
        simulate: the recording; None for what the machine has.

    Raises:
        RecordingNotFoundError, RecordingError: it cannot be used.
    """
    playback = None
    if simulate is not None:
        probe(simulate)
        playback = Playback(simulate, begins_s=time.monotonic() + _OPENING_S)
    parts = Parts(
        camera=camera_opener(camera_of(settings, playback)),
        microphone=microphone_opener(MicrophoneSettings(settings.microphone.identity, playback)),
        controls=choose_controls(controls_of(settings), lambda _: None),
        speaker=Speaker(player=AplayPlayer(settings.speaker.output or None)),
    )
    return Equipment(parts, time.monotonic)


def camera_of(settings: Settings, playback: Playback | None = None) -> CameraSettings:
    """The camera that is set, or a recording in its place."""
    chosen = settings.camera
    return CameraSettings(
        Backend.AUTO if playback is None else Backend.RECORDING,
        chosen.identity,
        CameraMode(chosen.width_px, chosen.height_px, chosen.rate_hz, chosen.rotation_deg),
        playback,
    )


def controls_of(settings: Settings) -> ControlsSetting:
    """The button and the lights that are set; a pin that is not has its usual place."""
    chosen = settings.controls
    pins = {
        "button": chosen.button_pin,
        "red": chosen.red_pin,
        "green": chosen.green_pin,
        "blue": chosen.blue_pin,
    }
    given: dict[str, Any] = {name: pin for name, pin in pins.items() if pin is not None}
    usual = ControlsSetting()
    return ControlsSetting(
        ControlsKind(chosen.kind), replace(usual.gpio, **given), replace(usual.jetson, **given)
    )


def run_devices(
    settings: Settings, simulate: Path | None, stop: threading.Event, onlookers: Onlookers
) -> Tally:
    """Run all devices until somebody stops them, or the recording is over.

    Args:
        settings: which devices.
        simulate: a recording in place of camera and microphone, in real time.
        stop: set to end.
        onlookers: told what happens meanwhile.

    Raises:
        RecordingNotFoundError, RecordingError: the recording cannot be used.
    """
    equipment = build_equipment(settings, simulate)
    trial = Trial(equipment, time.monotonic)
    equipment.start()
    equipment.start_camera()
    equipment.start_microphone()
    try:
        while not stop.is_set() and not trial.is_over:
            for part in trial.changes():
                onlookers.changed(part)
            trial.take(_LOOK_S)
            onlookers.level(equipment.level.level)
        for part in trial.changes():
            onlookers.changed(part)
        return trial.tally()
    finally:
        equipment.stop()


def doctored(environment: Mapping[str, str]) -> Booth:
    """What the doctor is to look at.

    Args:
        environment: of the process.
    """
    loaded = load(environment)
    settings = loaded.settings
    return Booth(
        models_dir=default_models_dir(),
        state_dir=state_dir(environment),
        camera=camera_of(settings),
        microphone=MicrophoneSettings(settings.microphone.identity),
        controls=controls_of(settings),
        ollama_hosts=settings.ollama.hosts,
        ollama_model=settings.ollama.model,
        mistakes=tuple(map(str, loaded.mistakes)),
    )


def state_dir(environment: Mapping[str, str]) -> Path:
    """Where the booth keeps what people want kept."""
    if given := environment.get("STATE_DIRECTORY"):  # by systemd
        return Path(given)
    home = environment.get("XDG_STATE_HOME")
    return (Path(home) if home else Path.home() / ".local" / "state") / "interview-booth"


def open_store(settings: Settings, environment: Mapping[str, str]) -> Store:
    """What is kept.

    Args:
        settings: for how long.
        environment: of the process.

    Raises:
        StorageError: the folder cannot be written, or the disk is full.
    """
    return Store(state_dir(environment), settings.storage.retention_days, time.time, time.monotonic)


def _printable(name: str) -> str:
    """A file's name as text: bytes that are none become question marks."""
    return name.encode(errors="replace").decode()


def _missing(info: RecordingInfo) -> dict[str, str]:
    missing = {}
    if not info.has_picture:
        missing["picture"] = "The recording has no picture."
    if not info.has_sound:
        missing["sound"] = "The recording has no sound."
    return missing
