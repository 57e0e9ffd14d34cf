"""A booth whose person the test is, on a recording, with the devices' real supervisors."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from appliance.coaching.question_bank import load_questions
from appliance.devices.camera.selection import Backend, CameraSettings, camera_opener
from appliance.devices.controls.controls import NoControls
from appliance.devices.controls.lights import Light
from appliance.devices.equipment import Equipment, Parts
from appliance.devices.microphone.selection import MicrophoneSettings, microphone_opener
from appliance.devices.playback import Playback
from appliance.devices.printer.printer import Printer
from appliance.devices.source import Opener
from appliance.devices.speaker.speaker import Speaker
from appliance.domain.health import Health
from appliance.domain.media import AudioBlock, Frame
from appliance.domain.observations import Word
from appliance.domain.settings import Settings
from appliance.interview.booth import Booth
from appliance.interview.session_events import Kind, State, chose, consented
from appliance.interview.wiring import Wiring
from appliance.perception.expression import MODEL_FILE, ExpressionModel
from appliance.perception.speech.transcriber import Transcriber
from appliance.perception.voice import VoiceModel
from appliance.storage.store import Store
from tests.coaches import coach_of
from tests.senses import ScriptedTranscriber, light_senses

WORDS = (Word("marigold", 0.3, 0.8, 0.9), Word("and", 0.9, 1.0, 0.9), Word("um", 1.1, 1.4, 0.9))
QUESTION = "solved-problem"


class Kiosk:
    """A booth whose person the test is, on a recording."""

    def __init__(
        self,
        models_dir: Path,
        sample: Path,
        store: Store | None,
        settings: Settings,
        *,
        microphone: Opener[AudioBlock] | None = None,
        camera: Opener[Frame] | None = None,
        transcriber: Transcriber | None = None,
        printer: Printer | None = None,
        interview_clock: Callable[[], float] = time.monotonic,
        standing: tuple[Health, ...] = (),
    ) -> None:
        playback = Playback(sample)
        parts = Parts(
            camera or camera_opener(CameraSettings(Backend.RECORDING, playback=playback)),
            microphone or microphone_opener(MicrophoneSettings(playback=playback)),
            NoControls("There is no button.", time.monotonic),
            Speaker((), None),
            printer,
        )
        self.equipment = Equipment(parts, time.monotonic)
        self.equipment.start()
        senses = light_senses(models_dir, transcriber or ScriptedTranscriber(WORDS))
        self.senses = replace(
            senses,
            expression=ExpressionModel(models_dir / MODEL_FILE),
            voice=VoiceModel(models_dir),
        )
        self.wiring = Wiring(
            equipment=self.equipment,
            senses=self.senses,
            coach=coach_of(),
            questions=load_questions("en"),
            settings=settings,
            store=store,
            clock=interview_clock,
            standing=standing,
        )
        self.booth = Booth(self.wiring)
        self.news = self.booth.news.reader()
        self.told: list[dict[str, Any]] = []
        self.lights: list[Light] = []

    def does(self, *events: Any) -> None:
        for event in events:
            self.booth.do(event)
            self.turns()

    def turns(self) -> None:
        self.booth.turn()
        light = self.equipment.controls.light
        if not self.lights or self.lights[-1] is not light:
            self.lights.append(light)
        while (news := self.news.next(0.0)) is not None:
            self.told.append({"kind": news.kind, **news.data})

    def waits_for(self, holds: Callable[[], bool], seconds: float = 30.0) -> None:
        end_s = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end_s, f"it did not come to that: {self.booth.snapshot()}"
            self.turns()
            time.sleep(0.02)

    def waits(self, seconds: float) -> None:
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s:
            self.turns()
            time.sleep(0.02)

    @property
    def state(self) -> State:
        return self.booth.session.state

    def comes_to_ask(self, *, camera: bool = True, expression: bool = False) -> None:
        self.does(
            Kind.START,
            Kind.GO_ON,
            consented(voice=True, camera=camera, expression=expression),
            Kind.GO_ON,
            chose(QUESTION),
        )
        assert self.state is State.ASK

    def answers(self, seconds: float = 2.0) -> None:
        self.waits_for(lambda: self.equipment.blocks.waiting_s > 0)
        self.does(Kind.ANSWER)
        self.waits(seconds)
        self.does(Kind.FINISH)
        self.waits_for(lambda: self.state in {State.REVIEW, State.COMPARE})
