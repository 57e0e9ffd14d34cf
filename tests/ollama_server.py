"""A server on this machine that keeps Ollama's contract for the list of models, or breaks it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class OllamaServer:
    """What it answers.

    Attributes:
        models: names of the models that it has.
        status: HTTP's.
        body: what it answers in place of the list.
        silent: it answers nothing until it is closed.
    """

    def __init__(self, *models: str) -> None:
        self.models = models
        self.status = 200
        self.body: str | None = None
        self.silent = False
        self.closed = threading.Event()
        self.port = 0

    @property
    def host(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self) -> str:
        if self.body is not None:
            return self.body
        return json.dumps({"models": [{"name": name, "model": name} for name in self.models]})


@contextmanager
def ollama_server(*models: str) -> Iterator[OllamaServer]:
    """Serve as long as the context lasts."""
    told = OllamaServer(*models)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if told.silent:
                told.closed.wait(60)
            text = told.answer().encode() if self.path == "/api/tags" else b"404 page not found"
            self.send_response(told.status if self.path == "/api/tags" else 404)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Tests print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield told
    finally:
        told.closed.set()
        server.shutdown()
        server.server_close()
        thread.join(30)
