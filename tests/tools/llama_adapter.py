"""A llama-server behind Ollama's REST contract, as far as the booth uses it: thin, for tests.

llama.cpp's server speaks OpenAI's API; this turns `/api/chat` into that, and its server-sent
events into Ollama's lines.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

_AT = "2026-03-02T10:00:00.000000Z"


@dataclass(frozen=True)
class Model:
    """A model that llama-server serves.

    Attributes:
        name: as Ollama would call it.
        server: where llama-server listens.
        keeps_schema: whether the schema is handed on; without it the model writes as it likes.
    """

    name: str
    server: str
    keeps_schema: bool


@contextmanager
def as_ollama(model: Model) -> Iterator[str]:
    """Serve as long as the context lasts; gives the address."""
    handler = type("Handler", (_Handler,), {"model": model})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(30)


class _Handler(BaseHTTPRequestHandler):
    model: Model
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        known = [{"name": self.model.name, "model": self.model.name}]
        self._whole({"models": known} if self.path != "/api/version" else {"version": "0.13.1"})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not asked["messages"]:
            self._whole({**self._line(""), "done": True, "done_reason": "load"})
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for piece in self._pieces(asked):
                self._chunk(self._line(piece))
            self._chunk({**self._line(""), "done": True, "done_reason": "stop"})
            self.wfile.write(b"0\r\n\r\n")
        except (OSError, httpx.HTTPError):  # the booth hung up, or llama-server ended
            self.close_connection = True

    def _pieces(self, asked: dict[str, Any]) -> Iterator[str]:
        options = asked.get("options", {})
        body: dict[str, Any] = {
            "messages": asked["messages"],
            "stream": True,
            "temperature": options.get("temperature", 0.8),
            "max_tokens": options.get("num_predict", 512),
            "seed": 1,
        }
        if self.model.keeps_schema:
            schema = {"name": "answer", "strict": True, "schema": asked["format"]}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        address = f"{self.model.server}/v1/chat/completions"
        with httpx.stream("POST", address, json=body, timeout=300, trust_env=False) as answer:
            answer.raise_for_status()
            for line in answer.iter_lines():
                if line.startswith("data: ") and line != "data: [DONE]":
                    delta = json.loads(line[6:])["choices"][0]["delta"]
                    if delta.get("content"):
                        yield delta["content"]

    def _line(self, content: str) -> dict[str, Any]:
        message = {"role": "assistant", "content": content}
        return {"model": self.model.name, "created_at": _AT, "message": message, "done": False}

    def _chunk(self, value: dict[str, Any]) -> None:
        data = json.dumps(value).encode() + b"\n"
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _whole(self, value: dict[str, Any]) -> None:
        data = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Only what is asked for is printed."""
