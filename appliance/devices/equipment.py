"""All devices of a booth together: each kept working on its own, and what they gave last."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from appliance.devices.buffers import BlockQueue, LatestFrame
from appliance.devices.controls.controls import Controls
from appliance.devices.microphone.level import LevelMeter
from appliance.devices.printer.printer import Printer
from appliance.devices.source import Opener
from appliance.devices.speaker.speaker import Speaker
from appliance.devices.supervisor import Patience, State, Supervisor
from appliance.domain.health import Health
from appliance.domain.media import AudioBlock, Frame


@dataclass(frozen=True, slots=True)
class Parts:
    """What a booth is made of.

    Attributes:
        camera: opens the camera.
        microphone: opens the microphone.
        controls: a button and a light.
        speaker: says the questions.
        printer: prints what people take home; None where there is none.
    """

    camera: Opener[Frame]
    microphone: Opener[AudioBlock]
    controls: Controls
    speaker: Speaker
    printer: Printer | None = None


class Equipment:
    """Runs the devices. Camera and microphone are off until somebody agreed to them.

    Args:
        parts: what the booth is made of.
        clock: monotonic seconds.
        patience: of the supervisors of camera and microphone.

    Attributes:
        frames: holds the newest frame.
        blocks: holds the sound that nobody has taken yet.
        level: how loud it is.
        controls: the button and the light.
        speaker: says the questions.
        printer: prints what people take home; None where there is none.
    """

    def __init__(
        self, parts: Parts, clock: Callable[[], float], patience: Patience | None = None
    ) -> None:
        self.frames = LatestFrame()
        self.blocks = BlockQueue()
        self.level = LevelMeter()
        self.controls = parts.controls
        self.speaker = parts.speaker
        self.printer = parts.printer
        self._camera = Supervisor("camera", parts.camera, self.frames.put, clock, patience)
        self._microphone = Supervisor("microphone", parts.microphone, self._hear, clock, patience)

    def start(self) -> None:
        """Switch on what needs nobody's consent: the button, the light, speaker and printer."""
        self.controls.start()
        self.speaker.start()
        if self.printer is not None:
            self.printer.prepare()

    def start_camera(self) -> None:
        """Begin to take pictures; somebody agreed to it."""
        self._camera.start()

    def start_microphone(self) -> None:
        """Begin to listen; somebody agreed to it."""
        self._microphone.start()

    def stop_sensors(self) -> bool:
        """Stop looking and listening, and forget the last frame and all sound.

        Returns:
            Whether both were let go of in time.
        """
        stopped = [self._camera.stop(), self._microphone.stop()]
        self.frames.clear()
        self.blocks.clear()
        self.level.clear()
        return all(stopped)

    def stop(self) -> bool:
        """Switch everything off; return whether that was done in time."""
        sensors = self.stop_sensors()
        self.speaker.cancel()
        printed = self.printer is None or self.printer.stop()
        return all((sensors, printed, self.speaker.stop(), self.controls.stop()))

    def check(self) -> None:
        """Notice threads that are stuck; to be called about once a second."""
        self._camera.check()
        self._microphone.check()
        self.controls.check()

    @property
    def camera_state(self) -> State:
        """Where the camera is."""
        return self._camera.state

    @property
    def microphone_state(self) -> State:
        """Where the microphone is."""
        return self._microphone.state

    def health(self) -> tuple[Health, ...]:
        """How each device is doing: camera, microphone, speaker, controls, and a printer."""
        microphone = self._microphone.health()
        heard = {**microphone.details, "blocks_dropped": self.blocks.dropped}
        return (
            self._camera.health(),
            replace(microphone, details=heard),
            self.speaker.health(),
            self.controls.health(),
            *(() if self.printer is None else (self.printer.health(),)),
        )

    def _hear(self, block: AudioBlock) -> None:
        self.level.hear(block)
        self.blocks.put(block)
