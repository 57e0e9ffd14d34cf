"""The panel's web server: in threads of its own, beside the booth."""

import socket
import threading
from dataclasses import dataclass
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from appliance.domain.errors import BoothError
from web_panel.connection import Connection

_THREADS = 24
"""A stream holds one; with fewer than sixteen, six streams starved the rest."""

_PATIENCE_S = 30

_LAST_ANSWERS_S = 5.0

_LARGEST_HEADER = 16 * 1024


class PanelError(BoothError):
    """The panel cannot be shown."""

    code = "panel"


@dataclass(frozen=True, slots=True)
class Address:
    """Where the panel listens.

    Attributes:
        port: 0 for any that is free.
        lan: other machines may reach it, too.
    """

    port: int
    lan: bool = False


class Server:
    """Serves an application until it is stopped.

    Args:
        app: that is served.
        address: where.
        patience_s: who takes longer to send a request, or sends nothing for so long, is let go
            when the server looks next; it looks three times in as long.

    Raises:
        PanelError: something else listens there.
    """

    def __init__(self, app: Flask, address: Address, patience_s: int = _PATIENCE_S) -> None:
        self._sockets: dict[int, Any] = {}
        try:
            self._server = create_server(
                app,
                map=self._sockets,
                host="0.0.0.0" if address.lan else "127.0.0.1",  # noqa: S104 - the site's choice
                port=address.port,
                threads=_THREADS,
                channel_timeout=patience_s,
                cleanup_interval=patience_s // 3,
                connection_limit=200,
                channel_request_lookahead=1,  # by which a stream learns that its reader is gone
                max_request_header_size=_LARGEST_HEADER,
                max_request_body_size=app.config.get(
                    "LARGEST_FILE", app.config["MAX_CONTENT_LENGTH"]
                ),
                ident=None,
                clear_untrusted_proxy_headers=True,
            )
        except OSError as error:
            raise PanelError(
                f"The panel cannot listen on port {address.port}: {error.strerror or error}.",
                "End what uses that port, or set another: BOOTH_PANEL_PORT=8090.",
            ) from error
        self._server.channel_class = Connection
        self._thread = threading.Thread(target=self._serve, name="panel", daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.effective_port)

    def start(self) -> None:
        """Serve from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Serve no more."""
        # First whoever still writes an answer, or they would write to a server that is gone.
        self._server.task_dispatcher.shutdown(timeout=_LAST_ANSWERS_S)
        # Its own thread lets go, since it may wait for what would be closed.
        self._server.trigger.pull_trigger(self._let_go)
        self._thread.join(_LAST_ANSWERS_S)

    def _let_go(self) -> None:
        """Close everything that is open, by which the loop ends."""
        wasyncore.close_all(self._sockets, ignore_all=True)

    def _serve(self) -> None:
        self._server.run()


def names_of_this_machine(*, lan: bool) -> frozenset[str]:
    """The names by which a browser may call the panel, lower case.

    Args:
        lan: also those that other machines use.
    """
    names = {"localhost", "127.0.0.1", "[::1]"}
    if lan:
        name = socket.gethostname().lower()
        names |= {name, f"{name}.local"}
    return frozenset(names)


def address_in_the_network(port: int) -> str | None:
    """Where other machines find this one; None where it is in no network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 9))  # sends nothing, but picks our own address
        except OSError:
            return None
        address = str(probe.getsockname()[0])
    return None if address.startswith("127.") else f"http://{address}:{port}"
