"""A booth with its panel, served for a browser, whose person the test is."""

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from appliance.coaching.messages import load_messages
from appliance.domain.settings import Settings
from appliance.interview.front_desk import FrontDesk
from appliance.interview.session_events import State
from appliance.operations.administration.administration import Administration
from appliance.operations.administration.premises import Premises
from appliance.operations.service_manager import ServiceManager
from appliance.storage.store import Store
from tests.kiosk import Kiosk
from web_panel.access import Doors
from web_panel.admin_sessions import AdminSessions, Clock
from web_panel.app import Panel, create_app, panel_of
from web_panel.server import Address, Server, names_of_this_machine

_TURN_S = 0.02
_MODELS = Path(__file__).resolve().parent.parent / "models_tflite"


class ServedBooth:
    """A booth on a recording that turns in a thread of its own, and its panel.

    Args:
        kiosk: the booth.
        folder: for the administrator's PIN.
        clock: by which administrators are signed in.
        environment: of the process, for the administrator's side.
        models: folder of the models, as the administrator's side sees it.

    Attributes:
        stopped: set when the administrator starts the booth again.
        config: the settings file; there is none at first.
        staff: what the administrator's side works with.
    """

    def __init__(
        self,
        kiosk: Kiosk,
        folder: Path | None = None,
        clock: Clock = time.monotonic,
        environment: Mapping[str, str] | None = None,
        models: Path = _MODELS,
    ) -> None:
        self.kiosk = kiosk
        self.booth = kiosk.booth
        self.stopped = threading.Event()
        self.config = (folder or Path("/nowhere")).parent / "booth.toml"
        surroundings = environment or {}
        premises = Premises(
            surroundings,
            self.config,
            kiosk.wiring.settings,
            models,
            self.config.parent,
            kiosk.wiring.store,
            ServiceManager(surroundings),
            self.stopped,
        )
        self.staff = Administration(premises)
        self.panel: Panel = panel_of(
            FrontDesk(kiosk.booth, kiosk.wiring, load_messages("en")),
            Doors(
                b"a secret of thirty-two bytes ...",
                names_of_this_machine(lan=False),
                sessions=AdminSessions(clock),
            ),
            lambda: self.address,
            folder,
            self.staff,
        )
        self.app = create_app(self.panel)
        self._server = Server(self.app, Address(0))
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._turn, daemon=True)

    @property
    def address(self) -> str:
        """Where the panel is."""
        return f"http://127.0.0.1:{self._server.port}"

    def start(self) -> None:
        """Serve, once the booth has told how it begins."""
        self._server.start()
        self._thread.start()
        while not self.booth.progress()["turns"]:
            time.sleep(_TURN_S)

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()
        self.booth.close()
        self._server.stop()
        self.kiosk.equipment.stop()

    def does(self, *events: Any) -> None:
        """One event after the other, each taken before the next."""
        for event in events:
            before = self.booth.progress()["turns"] or 0
            self.booth.do(event)
            while (self.booth.progress()["turns"] or 0) < before + 2:
                time.sleep(_TURN_S)

    def comes_to(self, *states: State, seconds: float = 60.0) -> None:
        """Wait until the interview is there."""
        end_s = time.monotonic() + seconds
        while self.booth.session.state not in states:
            assert time.monotonic() < end_s, f"it stays at {self.booth.session.state}"
            time.sleep(_TURN_S)

    def _turn(self) -> None:
        while not self._stop.wait(_TURN_S):
            self.booth.turn()


@contextlib.contextmanager
def served(
    models_dir: Path,
    sample: Path,
    settings: Settings | None = None,
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    store: Store | None = None,
    clock: Clock = time.monotonic,
    models: Path = _MODELS,
    **others: Any,
) -> Iterator[ServedBooth]:
    """A booth and its panel for as long as a test takes."""
    kiosk = Kiosk(models_dir, sample, store, settings or Settings(), **others)
    booth = ServedBooth(kiosk, folder, clock, environment, models)
    booth.start()
    try:
        yield booth
    finally:
        booth.stop()
