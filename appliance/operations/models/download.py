"""Fetching one file: resumable, bounded, checked, and only over a safe way."""

import http.client
import ipaddress
import shutil
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from appliance.domain.errors import BoothError, DownloadError, OutputError
from appliance.operations.models.checksum import sha256_of

Progress = Callable[[int, int | None], None]
"""Told the bytes that are there, and how many there will be where the server says so."""

_CHUNK = 1 << 16  # bytes
_GO_ON = "Run the same command again: it goes on from what has arrived."
_LOOK_AT_NETWORK = "Check the network, then run the same command again."
_FREE_SPACE = "Free some space, then run the same command again: it goes on from what has arrived."


@dataclass(frozen=True, slots=True)
class Limits:
    """What a download may cost.

    Attributes:
        silence_s: how long a server may give nothing, in seconds, when connecting and later.
        size_bytes: the largest file. The largest Vosk model has 2.3 GB.
    """

    silence_s: float = 30.0
    size_bytes: int = 3_000_000_000


def download(
    url: str, sha256: str, partial: Path, progress: Progress, limits: Limits | None = None
) -> None:
    """Fetch a file, going on from what an earlier run left in `partial`, until it is whole.

    Args:
        url: an address that `address_fault` finds nothing wrong with.
        sha256: what the file must have, in lower case.
        partial: grows while bytes arrive, and stays when they stop. Its folder exists.
        progress: told after each piece.
        limits: what the download may cost.

    Raises:
        DownloadError: the file did not come whole, or it is another: then `partial` is removed.
        OutputError: the disk is full or may not be written to.
    """
    bounds = limits or Limits()
    if partial.is_file() and sha256_of(partial) == sha256:
        return
    resumed = _receive(url, partial, progress, bounds)
    found = sha256_of(partial)
    if found != sha256 and resumed:  # what was there may be of another file: all of it anew
        partial.unlink()
        _receive(url, partial, progress, bounds)
        found = sha256_of(partial)
    if found != sha256:
        partial.unlink()
        raise DownloadError(
            f"What came from {url} is not what it should be, and was deleted: its sha256 is "
            f"{found} and should be {sha256}.",
            "Run the same command again; if the same comes, do not use that address.",
        )


def address_fault(url: str) -> str | None:
    """Why the booth does not fetch from an address, as the end of a sentence; or None.

    Only https is safe from being read and changed on its way. Plain http is for a server on this
    very machine.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
        (host or "").encode("idna")  # as the standard library will
    except ValueError as error:
        return f"is no address ({error})"
    if not host or not url.isascii() or any(c.isspace() or not c.isprintable() for c in url):
        return "is no address of the form https://host/name.zip"
    if parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host)):
        return None
    return "does not begin with https://, and anything else can be changed on its way"


def _receive(url: str, partial: Path, progress: Progress, limits: Limits) -> bool:
    """Append what is missing; True says that the server went on from what was there."""
    start = partial.stat().st_size if partial.is_file() else 0
    with _told(url):
        response = _ask(url, start, limits) or _ask(url, 0, limits)
        if response is None:
            raise DownloadError(
                f"{_host(url)} sends no whole file for {url}.", "Choose another address."
            )
        with response, _writable(partial) as file:
            resumed = response.status == http.HTTPStatus.PARTIAL_CONTENT
            if not resumed:  # a server need not know how to go on
                _empty(file)
            _copy(response, file, progress, limits)
        return resumed


def _ask(url: str, start: int, limits: Limits) -> http.client.HTTPResponse | None:
    """Open an address from a byte on; None says that the server cannot go on from there."""
    headers = {"User-Agent": "interview-booth", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - checked by the opener
    try:
        response: http.client.HTTPResponse = _opener(url).open(request, timeout=limits.silence_s)
    except urllib.error.HTTPError as error:
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and start:
            error.close()
            return None
        raise
    if response.status == http.HTTPStatus.OK:
        return response
    came_from = response.headers.get("Content-Range", "")
    if response.status == http.HTTPStatus.PARTIAL_CONTENT and came_from.startswith(
        f"bytes {start}-"
    ):
        return response
    response.close()
    return None


def _copy(
    response: http.client.HTTPResponse, file: IO[bytes], progress: Progress, limits: Limits
) -> None:
    done, coming = file.tell(), response.length
    total = None if coming is None else done + coming
    if (total or 0) > limits.size_bytes:
        raise _too_large(limits)
    free = shutil.disk_usage(Path(file.name).parent).free
    if coming is not None and free < coming:
        raise OutputError(f"{coming:,} bytes are to come, and {free:,} are free.", _FREE_SPACE)
    # read1 gives what has arrived; read would lose it where the rest does not come.
    while (total is None or done < total) and (chunk := response.read1(_CHUNK)):
        done += len(chunk)
        if done > limits.size_bytes:
            _empty(file)
            raise _too_large(limits)
        _write(file, chunk)
        progress(done, total)
    if total is not None and done < total:
        raise DownloadError(f"The connection broke after {done:,} of {total:,} bytes.", _GO_ON)


def _too_large(limits: Limits) -> DownloadError:
    return DownloadError(
        f"The file is larger than {limits.size_bytes:,} bytes, which is more than a model takes.",
        "Check the address.",
    )


def _empty(file: IO[bytes]) -> None:
    file.seek(0)
    file.truncate()


def _write(file: IO[bytes], chunk: bytes) -> None:
    rest = memoryview(chunk)
    try:
        while rest:  # a disk that is nearly full takes a part
            rest = rest[file.write(rest) :]
    except OSError as error:
        raise _not_written(Path(file.name), error) from error


@contextmanager
def _writable(partial: Path) -> Iterator[IO[bytes]]:
    """The file, open at its end."""
    try:
        file = partial.open("ab", buffering=0)
    except OSError as error:
        raise _not_written(partial, error) from error
    with file:
        yield file


def _not_written(path: Path, error: OSError) -> OutputError:
    reason = (error.strerror or str(error)).lower()
    return OutputError(f"'{path}' could not be written: {reason}.", _FREE_SPACE)


@contextmanager
def _told(url: str) -> Iterator[None]:
    """Whatever the network does becomes one sentence of what, why and what to do."""
    try:
        yield
    except BoothError:
        raise
    except urllib.error.HTTPError as error:
        error.close()
        raise DownloadError(*_refusal(url, error)) from error
    except urllib.error.URLError as error:
        raise DownloadError(*_no_connection(url, error.reason)) from error
    except (OSError, http.client.HTTPException) as error:
        raise DownloadError(*_no_connection(url, error)) from error


def _refusal(url: str, error: urllib.error.HTTPError) -> tuple[str, str]:
    host, answer = _host(url), f"it answered {error.code} ({error.reason}) for {url}."
    if error.code in (http.HTTPStatus.NOT_FOUND, http.HTTPStatus.GONE):
        return f"{host} has no such file: {answer}", "Check the address; the file may have moved."
    if error.code >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
        return f"{host} is in trouble: {answer}", "Run the same command again later."
    return f"{host} does not give the file: {answer}", "Check the address."


def _no_connection(url: str, reason: object) -> tuple[str, str]:
    host = _host(url)
    if isinstance(reason, socket.gaierror):
        return f"{host} was not found: there may be no network.", _LOOK_AT_NETWORK
    if isinstance(reason, ssl.SSLCertVerificationError):
        return (
            f"{host} could not prove that it is {host}: {reason.verify_message}.",
            "Check the clock of this machine and the network, then run the same command again.",
        )
    if isinstance(reason, ssl.SSLError) and reason.reason:
        what = reason.reason.replace("_", " ").lower()
        return f"{host} does not speak https as it should: {what}.", "Check the address."
    if isinstance(reason, TimeoutError):
        return f"{host} gave nothing for too long.", _GO_ON
    if isinstance(reason, OSError) and reason.strerror:
        return f"{host} could not be reached: {reason.strerror.lower()}.", _LOOK_AT_NETWORK
    return f"The connection to {host} broke: {reason}.", _GO_ON


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    """Follows a server to another address only where that one is as safe."""

    def redirect_request(  # noqa: PLR0913, PLR0917 - urllib's signature
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        """Refuse an address that a person may not give either."""
        if fault := address_fault(newurl):
            raise DownloadError(
                f"{_host(req.full_url)} leads on to {newurl}, which {fault}.",
                "Choose another address.",
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener(url: str) -> urllib.request.OpenerDirector:
    """An opener for http and https alone; for a server on this machine, without a proxy."""
    opener = urllib.request.OpenerDirector()
    no_proxy: dict[str, str] | None = {} if _is_this_machine(_host(url)) else None
    for handler in (
        urllib.request.ProxyHandler(no_proxy),
        urllib.request.UnknownHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        _SafeRedirects(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
