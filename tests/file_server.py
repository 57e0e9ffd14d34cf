"""A web server on this machine that serves one file, well or badly."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class FileServer:
    """What it serves, how, and what it was asked for.

    Attributes:
        content: the file, under every path.
        ranges: whether it serves a part of a file where asked to.
        cut_after: it closes the connection after so many bytes.
        stall_after: it gives nothing more after so many bytes, until it is closed.
        tells_length: whether it says how long the file is.
        status: what it answers instead of the file.
        redirect_to: where it sends those who ask, except for the path "/moved.zip".
        sent: how many bytes of the file each request was given.
    """

    content: bytes
    port: int = 0
    ranges: bool = True
    cut_after: int | None = None
    stall_after: int | None = None
    tells_length: bool = True
    status: int | None = None
    redirect_to: str | None = None
    sent: list[int] = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def url(self, name: str = "vosk-model-small-en-us-0.15.zip") -> str:
        return f"http://127.0.0.1:{self.port}/{name}"


@contextmanager
def serve(content: bytes) -> Iterator[FileServer]:
    """Serve a file as long as the context lasts."""
    files = FileServer(content)

    class Handler(_Handler):
        served = files

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    files.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield files
    finally:
        files.closed.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    served: FileServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        files = self.served
        self.close_connection = True
        if files.redirect_to and self.path != "/moved.zip":
            self._head(302, {"Location": files.redirect_to, "Content-Length": "0"})
        elif files.status:
            self._head(files.status, {"Content-Length": "0"})
        else:
            self._file(files)

    def _file(self, files: FileServer) -> None:
        start, whole = 0, len(files.content)
        wanted = self.headers.get("Range")
        if wanted and files.ranges:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
            if start >= whole:
                self._head(416, {"Content-Range": f"bytes */{whole}", "Content-Length": "0"})
                return
        rest = files.content[start:]
        headers = {"Content-Length": str(len(rest))} if files.tells_length else {}
        if start:
            headers["Content-Range"] = f"bytes {start}-{whole - 1}/{whole}"
        self._head(206 if start else 200, headers)
        limits = [n for n in (files.cut_after, files.stall_after) if n is not None]
        given = rest[: min(limits)] if limits else rest
        files.sent.append(len(given))
        self.wfile.write(given)
        self.wfile.flush()
        if files.stall_after is not None:
            files.closed.wait(60)

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Connection": "close"}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""
