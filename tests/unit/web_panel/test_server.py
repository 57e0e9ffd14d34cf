"""The web server under the panel: where it listens, and what it lets in."""

import socket
import threading
from collections.abc import Iterator

import httpx
import pytest
from flask import Flask

from web_panel.server import (
    Address,
    PanelError,
    Server,
    address_in_the_network,
    names_of_this_machine,
)


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 1024

    @app.post("/")
    def page() -> str:
        return "here"

    return app


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    one = Server(app, Address(0))
    one.start()
    yield one
    one.stop()


def test_it_serves_this_machine_until_it_is_stopped(app: Flask) -> None:
    server = Server(app, Address(0))
    server.start()
    address = f"http://127.0.0.1:{server.port}/"
    answer = httpx.post(address, content=b"x" * 1000)
    assert answer.text == "here"
    assert "Server" not in answer.headers, "what serves is nobody's business"
    server.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.post(address)


def test_who_keeps_a_connection_open_does_not_keep_it_from_stopping(app: Flask) -> None:
    for _ in range(10):
        server = Server(app, Address(0))
        server.start()
        with httpx.Client(base_url=f"http://127.0.0.1:{server.port}") as client:
            client.post("/")
            before = threading.active_count()
            server.stop()
        assert threading.active_count() < before, "its thread has ended"


def test_what_is_too_large_is_refused_before_the_application_sees_it(server: Server) -> None:
    address = f"http://127.0.0.1:{server.port}/"
    assert httpx.post(address, content=b"x" * 2000).status_code == 413
    assert httpx.post(address, headers={"X-Long": "x" * 20_000}).status_code == 431


def test_a_file_may_be_larger_where_the_application_takes_files(app: Flask) -> None:
    app.config["LARGEST_FILE"] = 4096
    server = Server(app, Address(0))
    server.start()
    address = f"http://127.0.0.1:{server.port}/"
    assert httpx.post(address, content=b"x" * 2000).text == "here"
    assert httpx.post(address, content=b"x" * 5000).status_code == 413
    server.stop()


def test_a_port_that_is_taken_is_told_with_what_to_do(app: Flask) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PanelError, match=f"on port {port}.*BOOTH_PANEL_PORT"):
            Server(app, Address(port))


def test_this_machine_has_names_for_itself_and_more_for_others() -> None:
    own = names_of_this_machine(lan=False)
    assert own == {"localhost", "127.0.0.1", "[::1]"}
    name = socket.gethostname().lower()
    assert names_of_this_machine(lan=True) == own | {name, f"{name}.local"}


def test_where_there_is_a_network_phones_are_told_an_address_in_it() -> None:
    address = address_in_the_network(8080)
    assert address is None or (address.startswith("http://") and address.endswith(":8080"))
    assert address is None or "127.0.0.1" not in address
