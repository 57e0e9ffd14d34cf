"""One call to a host, which another thread can cut off, and which takes no more than it should."""

import socket
import ssl
import threading
from collections.abc import Iterator
from typing import Any

import httpx

_LARGEST_BYTES = 1_000_000
"""An answer has some thousand; each word comes wrapped in a line of about 150 bytes."""

_CONNECTED = {"connection.connect_tcp.complete", "connection.start_tls.complete"}
"""httpcore's names, by https://www.encode.io/httpcore/extensions/#trace."""


class CutOffError(httpx.ReadError):
    """Somebody cut the call off, or it brought more than it may."""


class Call:
    """One request and its answer, on a connection of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._is_cut = False

    def was_cut(self) -> bool:
        """Whether it was cut off."""
        return self._is_cut

    def cut(self) -> None:
        """Hang up; whoever waits for the host wakes up. May be called from any thread."""
        with self._lock:
            self._is_cut = True
            self._shut()

    def connected(self, event: str, info: dict[str, Any]) -> None:
        """What httpcore tells of a connection."""
        if event in _CONNECTED:
            with self._lock:
                self._socket = info["return_value"].get_extra_info("socket")
                if self._is_cut:
                    self._shut()

    def _shut(self) -> None:
        """Closing alone would not wake a thread that reads."""
        if self._socket is not None:
            try:
                # Not TLS's own, which would let what is being written go out unsealed.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            except OSError:
                self._socket = None


class CallTransport(httpx.BaseTransport):
    """Carries one call, and nothing else: no proxy, no compressed answer, no key of somebody else.

    Args:
        call: that it carries.
        trust: by which an https host is known.
        token: bearer token; empty for none, whatever the environment holds.
    """

    def __init__(self, call: Call, trust: ssl.SSLContext, token: str) -> None:
        self._call = call
        self._token = token
        self._inner = httpx.HTTPTransport(verify=trust, trust_env=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and watch over what comes."""
        request.headers["Accept-Encoding"] = "identity"
        request.headers.pop("Authorization", None)
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        request.extensions = {**request.extensions, "trace": self._call.connected}
        response = self._inner.handle_request(request)
        stream = response.stream
        encoding = response.headers.get("Content-Encoding", "identity")
        if encoding != "identity" or not isinstance(stream, httpx.SyncByteStream):
            response.close()
            raise CutOffError("The answer is compressed, which was not asked for.")
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=_Watched(stream, self._call),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Let go of the connection."""
        self._inner.close()


class _Watched(httpx.SyncByteStream):
    """The body of an answer, as far as it is wanted."""

    def __init__(self, stream: httpx.SyncByteStream, call: Call) -> None:
        self._stream = stream
        self._call = call

    def __iter__(self) -> Iterator[bytes]:
        taken = 0
        for piece in self._stream:
            taken += len(piece)
            if taken > _LARGEST_BYTES:
                raise CutOffError("The answer does not come to an end.")
            if self._call.was_cut():
                raise CutOffError("The call was cut off.")
            yield piece

    def close(self) -> None:
        self._stream.close()
