"""What systemd is told, on a real socket."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.operations.service_manager import ServiceManager


class Listener:
    """A socket as systemd's."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address.replace("@", "\0", 1) if address.startswith("@") else address)
        self._socket.settimeout(10)
        self.address = address

    def heard(self) -> str:
        return self._socket.recv(4096).decode()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(params=["file", "abstract"])
def listener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Listener]:
    kind = request.param
    address = str(tmp_path / "notify") if kind == "file" else f"@booth-test-{os.getpid()}"
    listener = Listener(address)
    yield listener
    listener.close()


def test_each_message_is_one_datagram(listener: Listener) -> None:
    manager = ServiceManager({"NOTIFY_SOCKET": listener.address})
    manager.ready()
    manager.alive()
    manager.status("loading\nthe models")
    manager.stopping()
    assert [listener.heard() for _ in range(4)] == [
        "READY=1",
        "WATCHDOG=1",
        "STATUS=loading the models",
        "STOPPING=1",
    ]


@pytest.mark.parametrize(
    "environment", [{}, {"NOTIFY_SOCKET": "/nonexistent/notify"}, {"NOTIFY_SOCKET": "vsock:1:2"}]
)
def test_where_nobody_listens_nothing_happens(environment: dict[str, str]) -> None:
    manager = ServiceManager(environment)
    manager.ready()
    manager.alive()
    assert manager.watchdog_s is None


def test_the_watchdogs_time_is_read_where_it_is_meant_for_us() -> None:
    mine, other = str(os.getpid()), str(os.getpid() + 1)
    assert ServiceManager({"WATCHDOG_USEC": "30000000"}).watchdog_s == 30.0
    of = {"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": mine}
    assert ServiceManager(of).watchdog_s == 30.0
    assert ServiceManager({**of, "WATCHDOG_PID": other}).watchdog_s is None
    assert ServiceManager({"WATCHDOG_USEC": "soon"}).watchdog_s is None
