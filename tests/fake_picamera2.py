"""A stand-in for the picamera2 library, held to the real one's source by a contract test."""

import os
import types
from collections import deque
from concurrent.futures import CancelledError, Future
from typing import Any, ClassVar

import numpy as np

from appliance.domain.media import ImageArray

IMX219 = {"Model": "imx219", "Location": 2, "Rotation": 180, "Id": "/base/soc/i2c@1/imx219@10"}
USB = {"Model": "Webcam", "Id": "/base/soc/pcie/usb@0,0-1:1.0-046d:0825"}

libcamera = types.SimpleNamespace(Transform=tuple)

_RED_GREEN_BLUE_IN_MEMORY = {"BGR888": True, "RGB888": False}


class PiBoard:
    """A Pi with camera modules, commanded by a test.

    Attributes:
        cameras: what is connected.
        in_use: another program has the camera.
        open_cameras: how many are open.
        unreleased: buffers that were taken and not given back.
        asked: the configurations that were asked for.
        fault: what the next request ends with.
    """

    def __init__(self, *cameras: dict[str, Any]) -> None:
        self.cameras = list(cameras or [IMX219])
        self.in_use = False
        self.does_not_start = False
        self.open_cameras = 0
        self.unreleased = 0
        self.asked: list[dict[str, Any]] = []
        self.fault: Exception | None = None
        self.pictures: deque[tuple[ImageArray, dict[str, Any]]] = deque()
        self.jobs: list[Job] = []

    def give(self, picture: ImageArray, **metadata: Any) -> None:
        """Let the sensor deliver an RGB picture."""
        self.pictures.append((picture, metadata))
        self.serve()

    def serve(self) -> None:
        """Finish the jobs for which there is a picture, or a fault."""
        while self.jobs and (self.pictures or self.fault):
            job = self.jobs.pop(0)
            if self.fault:
                job.future.set_exception(self.fault)
                self.fault = None
            else:
                self.unreleased += 1
                request = CompletedRequest(self.pictures.popleft(), self)
                job.future.set_result(request)

    def library(self) -> types.ModuleType:
        """The module, as `import picamera2` gives it on this board."""
        module = types.ModuleType("picamera2")
        vars(module)["Picamera2"] = type("Picamera2", (Picamera2,), {"board": self})
        return module


class Job:
    def __init__(self) -> None:
        self.future: Future[CompletedRequest] = Future()

    def get_result(self, timeout: float | None = None) -> "CompletedRequest":
        return self.future.result(timeout=timeout)

    def cancel(self) -> None:
        self.future.set_exception(CancelledError())


class CompletedRequest:
    def __init__(self, request: Any, picam2: Any) -> None:
        self._picture, self._metadata = request
        self._board = picam2

    def make_array(self, name: str) -> ImageArray:
        main = self._board.asked[-1][name]
        width, height = main["size"]
        assert self._picture.shape == (height, width, 3)
        in_order = _RED_GREEN_BLUE_IN_MEMORY[main["format"]]
        return np.ascontiguousarray(self._picture if in_order else self._picture[..., ::-1])

    def get_metadata(self) -> dict[str, Any]:
        return dict(self._metadata)

    def release(self) -> None:
        self._board.unreleased -= 1


class Picamera2:
    board: ClassVar[PiBoard]

    @classmethod
    def global_camera_info(cls) -> list[dict[str, Any]]:
        return list(cls.board.cameras)

    def __init__(
        self,
        camera_num: int = 0,
        verbose_console: Any = None,
        tuning: Any = None,
        allocator: Any = None,
    ) -> None:
        self.notifyme_r, self.notifyme_w = os.pipe2(os.O_NONBLOCK)
        self.notifymeread = os.fdopen(self.notifyme_r, "rb")
        if self.board.in_use:
            raise RuntimeError("Camera __init__ sequence did not complete.")
        self._configuration: dict[str, Any] = {}
        self.is_open = True
        self.board.open_cameras += 1

    def create_video_configuration(  # noqa: PLR0917  # as in the real one
        self,
        main: Any = {},  # noqa: B006
        lores: Any = None,
        raw: Any = {},  # noqa: B006
        transform: Any = libcamera.Transform(),  # noqa: B008
        colour_space: Any = None,
        buffer_count: int = 6,
        controls: Any = {},  # noqa: B006
        display: str = "main",
        encode: str = "main",
        queue: bool = True,
        sensor: Any = {},  # noqa: B006
        use_case: str = "video",
    ) -> dict[str, Any]:
        return {"main": main, "buffer_count": buffer_count, "controls": controls}

    def configure(self, camera_config: Any = None) -> None:
        self._configuration = camera_config
        self.board.asked.append(camera_config)

    def start(self, config: Any = None, show_preview: bool = False) -> None:
        if self.board.does_not_start:
            raise RuntimeError("Configuration failed")

    def stream_configuration(self, name: str = "main") -> dict[str, Any]:
        stream: dict[str, Any] = self._configuration[name]
        return stream

    def capture_request(
        self, wait: Any = None, signal_function: Any = None, flush: Any = None
    ) -> Job:
        assert wait is False, "the real one would wait for ever"
        job = Job()
        self.board.jobs.append(job)
        self.board.serve()
        return job

    def wait(self, job: Job, timeout: float | None = None) -> CompletedRequest:
        return job.get_result(timeout=timeout)

    def cancel_all_and_flush(self) -> None:
        for job in self.board.jobs:
            job.cancel()
        self.board.jobs.clear()

    def close(self) -> None:
        if not self.is_open:
            return
        self.is_open = False
        self.board.open_cameras -= 1
        self.notifymeread.close()
        os.close(self.notifyme_w)
