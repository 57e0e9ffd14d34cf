"""The composition root: builds the parts and runs them together."""

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from appliance.coaching.coach import Coach, Wishes
from appliance.coaching.language import load_language
from appliance.coaching.messages import load_messages
from appliance.coaching.question_bank import BankQuestion, find_question, load_questions
from appliance.coaching.tools import load_tools
from appliance.devices.camera.recording import RecordingCamera
from appliance.devices.controls.button import ButtonEvent
from appliance.devices.controls.selection import choose_controls
from appliance.devices.from_settings import controls_of, equipment_of
from appliance.devices.microphone.level import Level
from appliance.devices.microphone.recording import RecordingMicrophone
from appliance.devices.recording import RecordingInfo, probe
from appliance.devices.simulation import Simulation
from appliance.devices.trial import Tally, Trial
from appliance.domain.errors import BoothError, StorageError, WrongUsageError
from appliance.domain.health import Health
from appliance.domain.report import Report
from appliance.domain.settings import Settings
from appliance.interview.booth import Booth
from appliance.interview.front_desk import FrontDesk
from appliance.interview.pipeline import Pipeline, Senses, feed
from appliance.interview.wiring import Wiring
from appliance.operations.administration.administration import Administration
from appliance.operations.administration.premises import Premises
from appliance.operations.allocation import keep_little
from appliance.operations.doctor.doctor import Booth as Patient
from appliance.operations.doctor.patient import patient_of
from appliance.operations.privacy import keep_off_the_disk
from appliance.operations.rounds import Rounds
from appliance.operations.safe_mode import run_safely
from appliance.operations.service_manager import ServiceManager
from appliance.operations.settings.loading import load
from appliance.operations.start_guard import StartGuard
from appliance.operations.terminal_screen import TerminalScreen
from appliance.perception import speech_probability
from appliance.perception.expression import MODEL_FILE as EXPRESSION_FILE
from appliance.perception.expression import ExpressionModel
from appliance.perception.face import FaceObserver
from appliance.perception.fusion.model import FusionModel
from appliance.perception.speech.selection import choose_transcriber
from appliance.perception.voice import VoiceModel
from appliance.perception.voice_activity import VoiceActivity
from appliance.storage.store import Store, health_without
from web_panel.access import Doors
from web_panel.app import create_app, panel_of
from web_panel.device_secret import device_secret
from web_panel.server import (
    Address,
    PanelError,
    Server,
    address_in_the_network,
    names_of_this_machine,
)

_LOOK_S = 0.03


@dataclass(frozen=True, slots=True)
class Setup:
    """What an analysis works with.

    Attributes:
        models_dir: folder of the model files, and of Vosk's model folders where installed.
        language: two letters, ISO 639-1.
        estimates: whether to estimate what faces and voices show; if not, those models are never
            opened.
    """

    models_dir: Path
    language: str = "en"
    estimates: bool = True


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
        expression=ExpressionModel(setup.models_dir / EXPRESSION_FILE) if setup.estimates else None,
        activity=VoiceActivity(setup.models_dir / speech_probability.MODEL_FILE),
        transcriber=choose_transcriber(setup.models_dir, setup.language),
        voice=VoiceModel(setup.models_dir) if setup.estimates else None,
        fillers=language.filled_pauses,
        fusion=FusionModel(setup.models_dir) if setup.estimates else None,
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
    question = None
    if question_id is not None:
        question = find_question(load_questions(setup.language), question_id)
    coach = Coach(load_tools(setup.language, setup.models_dir))
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
    seen = pipeline.finish(_missing(info), tuple(f for f in (camera.fault, microphone.fault) if f))
    wishes = Wishes(frozenset(), setup.estimates)
    return coach.report(seen, source=_printable(path.name), question=question, wishes=wishes)


@dataclass(frozen=True, slots=True)
class Onlookers:
    """Who is told of devices that run.

    Attributes:
        changed: of a device that does otherwise than before.
        level: of how loud the sound is, some times a second.
    """

    changed: Callable[[Health], None]
    level: Callable[[Level], None]


def run_devices(
    settings: Settings, simulate: Path | None, stop: threading.Event, onlookers: Onlookers
) -> Tally:
    """Run all devices until somebody stops them, or a recording that took their place was played.

    Args:
        settings: which devices.
        simulate: a recording in place of camera and microphone, in real time.
        stop: set to end.
        onlookers: told what happens meanwhile.

    Raises:
        RecordingNotFoundError, RecordingError: the recording cannot be used.
    """
    equipment = equipment_of(settings, lambda _: None, simulation_of(simulate, repeats=False))
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


def simulation_of(recording: Path | None, *, repeats: bool) -> Simulation | None:
    """A recording in place of camera and microphone, if there is one.

    Raises:
        RecordingNotFoundError, RecordingError: it cannot be used.
    """
    if recording is None:
        return None
    probe(recording)
    return Simulation(recording, time.monotonic, repeats=repeats)


@dataclass(frozen=True, slots=True)
class Running:
    """How the booth is run.

    Attributes:
        simulate: a recording in place of camera and microphone.
        visits: interviews after which it ends, by a visitor made of software; None for real people.
        stop: set to end.
        say: takes one line for whoever reads along, such as the journal.
        screen: shows the interview on a terminal; None where nobody looks at one.
        config: the settings file; None for the booth's own.
        standing: parts of which something is known to be wrong already, such as the settings.
    """

    simulate: Path | None
    visits: int | None
    stop: threading.Event
    say: Callable[[str], None]
    screen: TerminalScreen | None = None
    config: Path | None = None
    standing: tuple[Health, ...] = ()


def run_booth(settings: Settings, environment: Mapping[str, str], running: Running) -> None:
    """Run the whole booth until somebody stops it; in safe mode where two starts were in vain.

    Args:
        settings: of the site.
        environment: of the process.
        running: how.

    Raises:
        RecordingNotFoundError, RecordingError: the recording cannot be used.
        ModelError: a model cannot be used.
        StuckError: a part hangs; everything of the person is wiped, and a new start helps.
    """
    keep_off_the_disk()
    keep_little()
    manager = ServiceManager(environment)
    if not manager.is_there:
        _run_whole(settings, environment, running, manager, lambda: None)
        return
    guard = StartGuard(state_dir(environment))
    before = guard.begin()
    if before.calls_for_safe_mode:
        guard.completed()
        controls = choose_controls(controls_of(settings), lambda _: None)
        run_safely(before, controls, manager, running.stop, running.say)
        return
    try:
        _run_whole(settings, environment, running, manager, guard.completed)
    except BoothError as error:
        guard.failed(str(error), error.code)
        raise
    guard.completed()


def _run_whole(
    settings: Settings,
    environment: Mapping[str, str],
    running: Running,
    manager: ServiceManager,
    steady: Callable[[], None],
) -> None:
    """Build everything, run it until somebody stops it, and let go of it."""
    manager.status("loading the models")
    simulation = simulation_of(running.simulate, repeats=True)
    language = settings.site.language
    setup = Setup(default_models_dir(), language, settings.loads_emotion_models)
    senses = build_senses(setup)
    store, unkept = _store_or_none(settings, environment, running.say)
    presses: SimpleQueue[ButtonEvent] = SimpleQueue()
    equipment = equipment_of(settings, presses.put, simulation)
    wiring = Wiring(
        equipment=equipment,
        senses=senses,
        coach=Coach(load_tools(language, setup.models_dir)),
        questions=_questions(settings, running.say),
        settings=settings,
        store=store,
        clock=time.monotonic,
        presses=presses,
        standing=(*running.standing, *unkept),
    )
    booth = Booth(wiring)
    desk = FrontDesk(booth, wiring, load_messages(language), simulated=simulation is not None)
    kept = state_dir(environment)
    premises = Premises(
        environment, running.config, settings, setup.models_dir, kept, store, manager, running.stop
    )
    panel = _panel_or_none(desk, Administration(premises), kept / "panel", running.say)
    equipment.start()
    try:
        Rounds(booth, manager, running, steady).go()
    finally:
        manager.stopping()
        booth.close()
        if panel is not None:
            panel.stop()
        equipment.stop()
        if store is not None:
            store.close()


def _panel_or_none(
    desk: FrontDesk, staff: Administration, folder: Path, say: Callable[[str], None]
) -> Server | None:
    """The panel, which serves; without it the booth still works by its button."""
    panel = desk.settings.panel
    try:
        secret, kept = device_secret(folder), folder
    except StorageError as error:
        say(str(error))
        secret, kept = secrets.token_bytes(32), None
    doors = Doors(secret, names_of_this_machine(lan=panel.lan), panel.lan)

    def in_the_network() -> str | None:
        return address_in_the_network(panel.port) if panel.lan else None

    try:
        app = create_app(panel_of(desk, doors, in_the_network, kept, staff))
        server = Server(app, Address(panel.port, panel.lan))
    except PanelError as error:
        say(str(error))
        return None
    server.start()
    say(f"The panel: http://localhost:{server.port}")
    return server


def _questions(settings: Settings, say: Callable[[str], None]) -> tuple[BankQuestion, ...]:
    """What can be practised; a site's file with a fault is told and left out."""
    language, site = settings.site.language, settings.site.questions
    if site:
        try:
            return load_questions(language, Path(site))
        except WrongUsageError as error:
            say(str(error))
    return load_questions(language)


def _store_or_none(
    settings: Settings, environment: Mapping[str, str], say: Callable[[str], None]
) -> tuple[Store | None, tuple[Health, ...]]:
    """What is kept, or why nothing can be; a booth that can keep nothing works all the same."""
    try:
        return open_store(settings, environment), ()
    except StorageError as error:
        say(str(error))
        return None, (health_without(error),)


def doctored(environment: Mapping[str, str], config: Path | None = None) -> Patient:
    """What the doctor is to look at.

    Args:
        environment: of the process.
        config: a settings file, instead of the booth's own.
    """
    return patient_of(load(environment, config), default_models_dir(), state_dir(environment))


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
    parts = {"picture": info.has_picture, "sound": info.has_sound}
    return {part: f"The recording has no {part}." for part, there in parts.items() if not there}
