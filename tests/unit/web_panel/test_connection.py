"""Connections that send slowly, over real sockets to the real server."""

import contextlib
import socket
import time
from collections.abc import Iterator

import httpx
import pytest
from flask import Flask

from web_panel.server import Address, Server

_PATIENCE_S = 1
_BOUND_S = 10.0
"""Far more than the patience and a look, and far less than a whole request would take."""

_HEAD = b"POST / HTTP/1.1\r\nHost: booth\r\n"
_LONG = b"x" * 1000


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 2048

    @app.post("/")
    def page() -> str:
        return "here"

    return app


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    one = Server(app, Address(0), _PATIENCE_S)
    one.start()
    yield one
    one.stop()


def is_here(server: Server, address: str = "127.0.0.1") -> bool:
    """Whether somebody else is answered."""
    transport = httpx.HTTPTransport(local_address=address)
    with httpx.Client(transport=transport, timeout=_BOUND_S) as client:
        return client.post(f"http://127.0.0.1:{server.port}/", content=b"x").text == "here"


def calls(server: Server, address: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection(
        ("127.0.0.1", server.port), _BOUND_S, source_address=(address, 0)
    )


def is_dropped(slow: socket.socket) -> bool:
    """Whether the other side hangs up, within what the socket waits, without an answer."""
    try:
        return slow.recv(100) == b""
    except ConnectionError:
        return True
    except TimeoutError:
        return False


def is_dropped_now(one: socket.socket) -> bool:
    """Whether the other side has hung up already."""
    one.settimeout(0.0)
    try:
        return one.recv(100) == b""
    except BlockingIOError:
        return False


@pytest.mark.parametrize(
    "head",
    [
        _HEAD + b"Content-Length: 1000\r\n\r\n",
        _HEAD + b"Transfer-Encoding: chunked\r\n\r\n3e8\r\n",
        _HEAD + b"X-Long: ",
    ],
    ids=["body", "chunked body", "headers"],
)
def test_who_sends_one_byte_at_a_time_is_let_go_and_keeps_nobody_waiting(
    server: Server, head: bytes
) -> None:
    with calls(server) as slow:
        slow.sendall(head)
        slow.settimeout(0.1)
        end_s = time.monotonic() + _BOUND_S
        while not is_dropped(slow):
            assert time.monotonic() < end_s, "it goes on for as long as bytes come"
            assert is_here(server)
            try:
                slow.sendall(b"x")
            except ConnectionError:
                break
    assert is_here(server)


def test_who_sends_nothing_is_let_go(server: Server) -> None:
    with calls(server) as silent:
        assert is_dropped(silent)


def test_a_body_in_several_parts_is_taken(server: Server) -> None:
    with calls(server) as client:
        for part in (_HEAD, b"Content-Length: 1000\r\n\r\n", _LONG[:1], _LONG[1:]):
            client.sendall(part)
        assert client.recv(12) == b"HTTP/1.1 200"


def test_a_connection_that_is_used_again_stays(server: Server) -> None:
    with calls(server) as client:
        for _ in range(3):
            client.sendall(_HEAD + b"Content-Length: 1\r\n\r\nx")
            assert client.recv(12) == b"HTTP/1.1 200"
            while b"here" not in client.recv(1000):
                pass


def test_one_address_cannot_keep_all_others_out(app: Flask) -> None:
    server = Server(app, Address(0))
    server.start()
    with contextlib.ExitStack() as stack:
        stack.callback(server.stop)
        many = [stack.enter_context(calls(server, "127.0.0.2")) for _ in range(250)]
        assert is_here(server)
        assert sum(not is_dropped_now(one) for one in many) == 50
