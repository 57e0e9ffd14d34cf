"""All checks of the doctor, in the order in which they are told."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from appliance.devices.camera.selection import CameraSettings, camera_opener, list_cameras
from appliance.devices.controls.selection import ControlsSetting, choose_controls, detect
from appliance.devices.from_settings import port_of
from appliance.devices.microphone.selection import (
    MicrophoneSettings,
    list_microphones,
    microphone_opener,
)
from appliance.devices.speaker.player import AplayPlayer
from appliance.devices.speaker.voices import installed_voices
from appliance.domain.health import Health, Status
from appliance.domain.settings import Ollama, Printer
from appliance.operations.doctor.check import Check
from appliance.operations.doctor.clock import check_clock, kernel_says_set
from appliance.operations.doctor.devices import (
    check_controls,
    check_printer,
    check_sensor,
    check_speaker,
)
from appliance.operations.doctor.disk_space import check_disk_space
from appliance.operations.doctor.disk_writes import check_disk_writes
from appliance.operations.doctor.groups import check_groups, current_person, may_open
from appliance.operations.doctor.hearing import check_hearing
from appliance.operations.doctor.libraries import check_libraries, libraries_of
from appliance.operations.doctor.machine import check_memory, check_processor
from appliance.operations.doctor.model_files import check_models
from appliance.operations.doctor.ollama_host import check_ollama
from appliance.operations.doctor.runner import run_checks
from appliance.operations.doctor.swap import check_swap
from appliance.operations.doctor.temperature import check_temperature
from appliance.operations.doctor.throttling import check_throttling


@dataclass(frozen=True, slots=True)
class Booth:
    """What the doctor looks at.

    Attributes:
        models_dir: folder of the models.
        state_dir: where the booth keeps things.
        camera: which camera.
        microphone: which microphone.
        controls: which button and lights.
        printer: which printer.
        ollama: hosts of a model that words the feedback.
        mistakes: what is wrong with the settings.
        root: of the file system.
    """

    models_dir: Path
    state_dir: Path
    camera: CameraSettings
    microphone: MicrophoneSettings
    controls: ControlsSetting
    printer: Printer
    ollama: Ollama
    mistakes: tuple[str, ...] = ()
    root: Path = Path("/")


def examine(booth: Booth, progress: Callable[[float], None]) -> tuple[Health, ...]:
    """Look at everything at once; a check that hangs is told, and waited for no longer.

    Args:
        booth: what to look at.
        progress: told the share that is done, 0..1.
    """
    return run_checks(checks(booth), time.monotonic, progress)


def examine_beside(booth: Booth) -> tuple[Health, ...]:
    """Look at everything but the devices, which a booth that runs may hold.

    Args:
        booth: what to look at.
    """
    beside = [_of_groups(booth), *_of_files(booth), *_of_machine(booth)]
    return run_checks(beside, time.monotonic, lambda _: None)


def try_sensors(booth: Booth) -> tuple[Health, ...]:
    """Open camera and microphone, and take a picture and some sound; nothing of them is kept.

    Args:
        booth: what to look at.
    """
    listen = Check("microphone", 20.0, lambda: check_hearing(microphone_opener(booth.microphone)))
    return run_checks([_of_camera(booth), listen], time.monotonic, lambda _: None)


def checks(booth: Booth) -> list[Check]:
    """What is looked at: devices first, then files, the machine, and the network."""
    return [*_of_devices(booth), *_of_files(booth), *_of_machine(booth)]


def _of_camera(booth: Booth) -> Check:
    clock = time.monotonic
    return Check(
        "camera",
        20.0,
        lambda: check_sensor("camera", camera_opener(booth.camera), list_cameras, clock),
    )


def _of_groups(booth: Booth) -> Check:
    return Check("groups", 5.0, lambda: check_groups(booth.root, current_person(), may_open))


def _of_devices(booth: Booth) -> list[Check]:
    clock = time.monotonic
    controls = booth.controls
    return [
        _of_camera(booth),
        Check(
            "microphone",
            20.0,
            lambda: check_sensor(
                "microphone", microphone_opener(booth.microphone), list_microphones, clock
            ),
        ),
        Check(
            "speaker",
            15.0,
            lambda: check_speaker(AplayPlayer(), installed_voices()),
            Status.WARNING,
        ),
        Check(
            "controls",
            10.0,
            lambda: check_controls(
                detect(booth.root), lambda: choose_controls(controls, lambda _: None)
            ),
            Status.WARNING,
        ),
        Check(
            "printer",
            15.0,
            lambda: check_printer(port_of(booth.printer)),
            Status.WARNING,
        ),
        _of_groups(booth),
    ]


def _of_files(booth: Booth) -> list[Check]:
    return [
        Check("settings", 5.0, lambda: _of_settings(booth.mistakes)),
        Check("models", 60.0, lambda: check_models(booth.models_dir)),
        Check("libraries", 150.0, lambda: check_libraries(libraries_of(booth.root))),
        Check("disk", 10.0, lambda: check_disk_space(booth.state_dir, booth.models_dir)),
        Check(
            "disk writes",
            10.0,
            lambda: check_disk_writes(booth.state_dir, booth.root, time.monotonic, time.sleep),
            Status.UNKNOWN,
        ),
        Check("swap", 5.0, lambda: check_swap(booth.root), Status.UNKNOWN),
    ]


def _of_machine(booth: Booth) -> list[Check]:
    root = booth.root
    return [
        Check("processor", 5.0, lambda: check_processor(root), Status.UNKNOWN),
        Check("memory", 5.0, lambda: check_memory(root), Status.UNKNOWN),
        Check("temperature", 5.0, lambda: check_temperature(root), Status.UNKNOWN),
        Check("power", 5.0, lambda: check_throttling(root), Status.UNKNOWN),
        Check("clock", 5.0, lambda: check_clock(root, _now, kernel_says_set), Status.UNKNOWN),
        Check(
            "Ollama",
            15.0,
            lambda: check_ollama(booth.ollama),
            Status.WARNING,
        ),
    ]


def _of_settings(mistakes: tuple[str, ...]) -> list[Health]:
    if not mistakes:
        return [Health("settings", Status.HEALTHY, "The settings are right.")]
    advice = "Mend that line; until then the default holds."
    return [Health("settings", Status.WARNING, mistake, advice) for mistake in mistakes]


def _now() -> datetime:
    return datetime.now().astimezone()
