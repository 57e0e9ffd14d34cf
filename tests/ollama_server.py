"""A server on this machine that keeps Ollama's REST contract, or breaks it in one of many ways.

What it answers follows Ollama's `docs/api.md`: `/api/chat` as NDJSON with statistics in
nanoseconds, `/api/tags`, `/api/ps`, `/api/version`; a chat without messages loads a model, and with
`keep_alive: 0` it unloads it; errors are `{"error": "..."}`, also in the middle of a stream that
began with status 200.
"""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Request = Mapping[str, Any]
Say = Callable[[Request], str]

_PATIENCE_S = 60.0
_HUGE_BYTES = 10_000_000
_NOW = "2026-03-02T10:00:00.000000Z"
_LONG_AGO = "1970-01-01T00:00:07.000000Z"


class Fault(Enum):
    """How a chat goes wrong."""

    NONE = "none"
    STALL = "takes the request and says nothing"
    DRIP = "says one byte a second"
    STALL_LATER = "says half, and then nothing"
    CUT = "hangs up in the middle of a line"
    BAD_JSON = "sends lines that are no JSON"
    HUGE = "says ten megabytes in one line"
    BUSY = "503"
    MISSING = "404"
    REFUSED_REQUEST = "400"
    ERROR_LATER = "an error after status 200"
    CLOCK_SKEW = "its clock is in 1970"
    REDIRECT = "sends the caller elsewhere"


@dataclass(frozen=True)
class Asked:
    """A request that came.

    Attributes:
        path: such as "/api/chat".
        body: as JSON; empty for a GET.
        headers: by lower-case name.
    """

    path: str
    body: Request
    headers: Mapping[str, str]


@dataclass
class OllamaServer:
    """What it has, what it says, and how it fails.

    Attributes:
        models: names of the models that it has.
        says: makes the words of a chat from its request.
        fault: how chats fail.
        elsewhere: where `Fault.REDIRECT` leads.
        status: HTTP's, of the list of models.
        body: what the list of models is instead.
        silent: the list of models never comes.
        held: chats say nothing before this is set; set from the start.
        piece: letters in one chunk of a chat.
        pieces: called after each chunk that was sent, with the text so far.
        asked: every request that came, in order.
        gone: set when a caller hung up in the middle of a chat.
        arrived: released once for every chat that came.
    """

    models: tuple[str, ...]
    says: Say = lambda _: "{}"
    fault: Fault = Fault.NONE
    elsewhere: str = ""
    status: int = 200
    body: str | None = None
    silent: bool = False
    held: threading.Event = field(default_factory=threading.Event)
    piece: int = 4
    pieces: Callable[[str], None] = lambda _: None
    asked: list[Asked] = field(default_factory=list)
    loaded: set[str] = field(default_factory=set)
    gone: threading.Event = field(default_factory=threading.Event)
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    closed: threading.Event = field(default_factory=threading.Event)
    port: int = 0
    scheme: str = "http"

    @property
    def host(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def chats(self) -> list[Request]:
        """The requests for words, without those that only load or unload."""
        return [one.body for one in self.asked if one.path == "/api/chat" and one.body["messages"]]

    def listing(self, path: str) -> str:
        """What a GET is told."""
        if path == "/api/version":
            return json.dumps({"version": "0.13.1"})
        if path == "/api/ps":
            return json.dumps({"models": [_described(name) for name in sorted(self.loaded)]})
        if self.body is not None:
            return self.body
        return json.dumps({"models": [_described(name) for name in self.models]})

    def has(self, model: str) -> bool:
        """Whether a model is there; one without a tag is the latest."""
        return model in self.models or f"{model}:latest" in self.models


def _described(name: str) -> dict[str, Any]:
    details = {"format": "gguf", "family": "llama", "parameter_size": "3.2B"}
    return {"name": name, "model": name, "size": 2_019_393_189, "digest": "0", "details": details}


def _end(model: str, at: str, tokens: int) -> dict[str, Any]:
    """The last line of a stream, with its statistics; durations in nanoseconds."""
    return {
        **_line(model, at, ""),
        "done": True,
        "done_reason": "stop",
        "total_duration": 1_200_000_000,
        "load_duration": 20_000_000,
        "prompt_eval_count": 412,
        "prompt_eval_duration": 380_000_000,
        "eval_count": tokens,
        "eval_duration": 800_000_000,
    }


def _line(model: str, at: str, content: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": content}
    return {"model": model, "created_at": at, "message": message, "done": False}


@contextmanager
def ollama_server(
    *models: str, says: Say = lambda _: "{}", tls: tuple[Path, Path] | None = None
) -> Iterator[OllamaServer]:
    """Serve as long as the context lasts.

    Args:
        models: that it has.
        says: makes the words of a chat.
        tls: files of a certificate and its key, for https.
    """
    told = OllamaServer(models, says)
    told.held.set()
    server = _Server(("127.0.0.1", 0), _handler(told))
    told.port = server.server_port
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        told.scheme = "https"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield told
    finally:
        told.closed.set()
        told.held.set()
        server.shutdown()
        server.server_close()
        thread.join(30)


@contextmanager
def nobody_listens() -> Iterator[str]:
    """An address at which connections are refused: the port is taken, and nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Callers hang up in many tests, and tests print nothing."""


class _Handler(BaseHTTPRequestHandler):
    told: OllamaServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._note({})
        if self.told.silent:
            self.told.closed.wait(_PATIENCE_S)
        known = self.path in {"/api/tags", "/api/ps", "/api/version"}
        text = self.told.listing(self.path).encode() if known else b"404 page not found"
        self._whole(self.told.status if known else 404, text)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        try:
            body = json.loads(self.rfile.read(length))
        except ValueError:
            self._error(400, "invalid character looking for beginning of value")
            return
        self._note(body)
        if self.path != "/api/chat":
            self._whole(404, b"404 page not found")
            return
        with suppress(OSError):
            self._chat(body)

    def _note(self, body: Request) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.told.asked.append(Asked(self.path, body, headers))

    def _chat(self, body: Request) -> None:
        model = body.get("model", "")
        if self.told.fault is Fault.MISSING or not self.told.has(model):
            self._error(404, f"model '{model}' not found")
        elif self.told.fault is Fault.REFUSED_REQUEST:
            self._error(400, 'invalid format: expected "json" or a JSON schema')
        elif self.told.fault is Fault.BUSY:
            busy = "server busy, please try again.  maximum pending requests exceeded"
            self._error(503, busy)
        elif self.told.fault is Fault.REDIRECT:
            self.send_response(307)
            self.send_header("Location", f"{self.told.elsewhere}/api/chat")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif not body.get("messages"):
            self._load(model, unload=body.get("keep_alive") == 0)
        else:
            self.told.loaded.add(model)
            self._talk(model, body)

    def _load(self, model: str, *, unload: bool) -> None:
        if self.told.fault is Fault.STALL:
            self._wait_for_the_end()
            return
        (self.told.loaded.discard if unload else self.told.loaded.add)(model)
        reason = "unload" if unload else "load"
        line = {**_line(model, _NOW, ""), "done": True, "done_reason": reason}
        self._whole(200, json.dumps(line).encode())

    def _talk(self, model: str, body: Request) -> None:
        self.told.arrived.release()
        if self.told.fault is Fault.STALL:
            self._wait_for_the_end()
            return
        self.told.held.wait(_PATIENCE_S)
        text = self.told.says(body)
        if not body.get("stream", True):
            whole = {**_end(model, _NOW, len(text)), **_said(text)}
            self._whole(200, json.dumps(whole).encode())
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            self._stream(model, text)
        except OSError:
            self.told.gone.set()
            raise

    def _stream(self, model: str, text: str) -> None:
        at = _LONG_AGO if self.told.fault is Fault.CLOCK_SKEW else _NOW
        if self.told.fault is Fault.HUGE:
            text = "x" * _HUGE_BYTES
        size = len(text) if self.told.fault is Fault.HUGE else self.told.piece
        for place in range(0, len(text), size):
            half = place >= len(text) // 2
            if half and self._fails_later():
                return
            line = json.dumps(_line(model, at, text[place : place + size])) + "\n"
            if self.told.fault is Fault.BAD_JSON:
                line = line.replace('"', "'")
            if self.told.fault is Fault.DRIP:
                self._drip(line.encode())
                return
            self._chunk(line.encode())
            self.told.pieces(text[: place + size])
        end = json.dumps(_end(model, at, len(text) // self.told.piece)) + "\n"
        self._chunk(end.encode())
        self.wfile.write(b"0\r\n\r\n")

    def _fails_later(self) -> bool:
        if self.told.fault is Fault.CUT:
            self._chunk(b'{"model":"x","mess')
            self._hang_up()
        elif self.told.fault is Fault.STALL_LATER:
            self._wait_for_the_end()
        elif self.told.fault is Fault.ERROR_LATER:
            self._chunk(b'{"error":"an error was encountered while running the model"}\n')
            self.wfile.write(b"0\r\n\r\n")
        else:
            return False
        return True

    def _drip(self, line: bytes) -> None:
        for byte in line:
            self._chunk(bytes([byte]))
            if self.told.closed.wait(1.0):
                return

    def _wait_for_the_end(self) -> None:
        """Say nothing until the caller hangs up, or the server is closed."""
        self.connection.settimeout(0.02)
        while not self.told.closed.is_set():
            try:
                if not self.connection.recv(1):
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        self.told.gone.set()
        self.close_connection = True

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _error(self, status: int, words: str) -> None:
        self._whole(status, json.dumps({"error": words}).encode())

    def _whole(self, status: int, text: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Tests print nothing."""


def _handler(told: OllamaServer) -> type[BaseHTTPRequestHandler]:
    return type("Handler", (_Handler,), {"told": told})


def _said(text: str) -> dict[str, Any]:
    return {"message": {"role": "assistant", "content": text}}
