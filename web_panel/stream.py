"""News as server-sent events: a snapshot first, then changes; who was away resumes by id."""

import json
import threading
from collections.abc import Callable, Iterator

from flask import Blueprint, Response, request

from appliance.interview.booth import Booth
from appliance.interview.events import News
from web_panel.access import Audience, for_
from web_panel.answers import problem
from web_panel.api.document import Document

_MOST_STREAMS = 8
"""Each holds a thread of the server, of which there are three times as many."""

_HEARTBEAT_S = 10.0
"""After so long without news a comment is sent, so that nothing on the way takes it for dead."""

_LOOK_S = 0.5
"""Between two looks whether the reader is still there."""

IsGone = Callable[[], bool]

_RETRY_MS = 1000


class Streams:
    """Hands out streams of news, and counts them.

    Args:
        booth: whose news they are.
        most: streams at a time.
        heartbeat_s: longest silence on a stream.
    """

    def __init__(
        self, booth: Booth, most: int = _MOST_STREAMS, heartbeat_s: float = _HEARTBEAT_S
    ) -> None:
        self._booth = booth
        self._heartbeat_s = heartbeat_s
        self._most = most
        self._lock = threading.Lock()
        self._open = 0

    @property
    def count(self) -> int:
        """Streams that are open."""
        with self._lock:
            return self._open

    def open(self, after: int | None, is_gone: IsGone) -> "Stream | None":
        """A new stream; None where there are too many.

        Args:
            after: id of the last news that the reader got.
            is_gone: whether the reader has left.
        """
        with self._lock:
            if self._open >= self._most:
                return None
            self._open += 1
        return Stream(self, after, is_gone)

    def closed(self) -> None:
        """A stream has ended."""
        with self._lock:
            self._open -= 1

    def news(self, after: int | None, is_gone: IsGone) -> Iterator[str]:
        """The events of a stream, as they are written, until the booth or the reader goes."""
        reader = self._booth.news.reader(after)
        yield f"retry: {_RETRY_MS}\n\n"
        quiet_s = 0.0
        while not self._booth.news.is_closed and not is_gone():
            told = reader.next(_LOOK_S)
            quiet_s = 0.0 if told is not None else quiet_s + _LOOK_S
            if told is not None:
                yield _written(told)
            elif quiet_s >= self._heartbeat_s:
                quiet_s = 0.0
                yield ": still here\n\n"


class Stream:
    """The body of one answer; ends with its reader. The server iterates it, and then closes it."""

    def __init__(self, streams: Streams, after: int | None, is_gone: IsGone) -> None:
        self._streams: Streams | None = streams
        self._events = streams.news(after, is_gone)

    def __iter__(self) -> Iterator[str]:
        return self._events

    def close(self) -> None:
        """Give the place back, once."""
        streams, self._streams = self._streams, None
        if streams is not None:
            streams.closed()


def stream(streams: Streams, document: Document) -> Blueprint:
    """The view of the news.

    Args:
        streams: of them.
        document: in which it is described.
    """
    views = Blueprint("stream", __name__)

    @views.get("/api/v1/events")
    @for_(Audience.KIOSK)
    @document.of_plain("text/event-stream", 503)
    def events() -> Response:
        """Follow what happens: a snapshot first, then changes; resumes by `Last-Event-ID`."""
        last = request.headers.get("Last-Event-ID", "")
        is_gone: IsGone = request.environ.get("waitress.client_disconnected", _never)
        opened = streams.open(int(last) if last.isascii() and last.isdigit() else None, is_gone)
        if opened is None:
            busy = problem(503, "too_many_streams", "Too many screens are open. Close one.")
            busy.headers["Retry-After"] = "5"
            return busy
        response = Response(iter(opened), mimetype="text/event-stream")
        response.call_on_close(opened.close)
        return response

    return views


def _written(told: News) -> str:
    return f"id: {told.id}\nevent: {told.kind}\ndata: {json.dumps(told.data)}\n\n"


def _never() -> bool:
    return False
