"""A file comes whole or not at all, whatever the network and the server do."""

import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from appliance.domain.errors import DownloadError, OutputError
from appliance.operations.models.download import Limits, address_fault, download
from tests.file_server import FileServer


@pytest.fixture
def partial(tmp_path: Path) -> Path:
    return tmp_path / "model.zip.part"


def fetch(server: FileServer, partial: Path, limits: Limits | None = None) -> list[int]:
    """Download what the server has; the bytes that the progress told of."""
    told: list[int] = []
    download(server.url(), server.sha256, partial, lambda done, _: told.append(done), limits)
    return told


def test_a_file_comes_whole_and_its_progress_is_told(server: FileServer, partial: Path) -> None:
    told = fetch(server, partial)

    assert partial.read_bytes() == server.content
    assert told == sorted(told)
    assert told[-1] == len(server.content)


def test_a_broken_download_goes_on_with_only_the_rest(server: FileServer, partial: Path) -> None:
    server.cut_after = 100_000
    with pytest.raises(DownloadError, match=r"broke after 100,000 of \d+,\d+ bytes.*goes on"):
        fetch(server, partial)
    assert partial.read_bytes() == server.content[:100_000]

    server.cut_after = None
    fetch(server, partial)

    assert partial.read_bytes() == server.content
    assert server.sent == [100_000, len(server.content) - 100_000]


def test_a_server_that_only_gives_whole_files_is_asked_for_the_whole(
    server: FileServer, partial: Path
) -> None:
    partial.write_bytes(server.content[:1000])
    server.ranges = False

    told = fetch(server, partial)

    assert partial.read_bytes() == server.content
    assert server.sent == [len(server.content)]
    assert told[-1] == len(server.content)


def test_more_than_the_file_has_is_thrown_away(server: FileServer, partial: Path) -> None:
    partial.write_bytes(server.content + b"and more")  # the server answers 416

    fetch(server, partial)

    assert partial.read_bytes() == server.content


def test_the_beginning_of_another_file_is_thrown_away(server: FileServer, partial: Path) -> None:
    partial.write_bytes(bytes(1000))

    fetch(server, partial)

    assert partial.read_bytes() == server.content
    assert server.sent == [len(server.content) - 1000, len(server.content)]


def test_what_came_whole_before_is_not_fetched_again(server: FileServer, partial: Path) -> None:
    partial.write_bytes(server.content)

    fetch(server, partial)

    assert server.sent == []


def test_wrong_bytes_are_deleted_and_both_hashes_told(server: FileServer, partial: Path) -> None:
    expected = "0" * 64
    with pytest.raises(DownloadError, match=f"deleted.*{server.sha256}.*should be {expected}"):
        download(server.url(), expected, partial, lambda *_: None)

    assert not partial.exists()


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (404, "127.0.0.1 has no such file: it answered 404"),
        (403, "127.0.0.1 does not give the file: it answered 403"),
        (503, "127.0.0.1 is in trouble: it answered 503.*later"),
        (416, "answered 416"),
        (204, "sends no whole file"),
    ],
)
def test_a_refusal_is_told_and_leaves_nothing(
    server: FileServer, partial: Path, status: int, says: str
) -> None:
    server.status = status
    with pytest.raises(DownloadError, match=says):
        fetch(server, partial)

    assert not partial.exists()


@pytest.mark.parametrize(
    "address", ["http://example.org/moved.zip", "ftp://example.org/moved.zip", "file:///etc/passwd"]
)
def test_nobody_is_led_on_to_an_address_that_can_be_tampered_with(
    server: FileServer, partial: Path, address: str
) -> None:
    server.redirect_to = address
    with pytest.raises(DownloadError, match=address):
        fetch(server, partial)

    assert not partial.exists()


def test_a_moved_file_is_found_and_gone_on_with(server: FileServer, partial: Path) -> None:
    partial.write_bytes(server.content[:1000])
    server.redirect_to = server.url("moved.zip")

    fetch(server, partial)

    assert partial.read_bytes() == server.content
    assert server.sent == [len(server.content) - 1000]


def test_a_server_that_falls_silent_is_left_and_what_came_is_kept(
    server: FileServer, partial: Path
) -> None:
    server.stall_after = 5000
    with pytest.raises(DownloadError, match=r"gave nothing for too long.*goes on"):
        fetch(server, partial, Limits(silence_s=0.2))

    assert partial.read_bytes() == server.content[:5000]


@pytest.mark.parametrize("tells_length", [True, False])
def test_a_file_without_end_is_given_up(
    server: FileServer, partial: Path, tells_length: bool
) -> None:
    server.tells_length = tells_length
    with pytest.raises(DownloadError, match="larger than 1,000 bytes"):
        fetch(server, partial, Limits(size_bytes=1000))

    assert not partial.exists() or partial.stat().st_size == 0


def test_a_server_that_is_not_there_is_told(partial: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(DownloadError, match=r"127.0.0.1 could not be reached: connection refused"):
        download(f"http://127.0.0.1:{port}/a.zip", "0" * 64, partial, lambda *_: None)


def test_a_server_without_encryption_is_told(server: FileServer, partial: Path) -> None:
    url = server.url().replace("http:", "https:")
    with pytest.raises(DownloadError, match=r"127.0.0.1 does not speak https as it should"):
        download(url, server.sha256, partial, lambda *_: None)


def test_a_full_disk_is_told_and_what_fitted_is_kept(server: FileServer, partial: Path) -> None:
    with largest_file(50_000), pytest.raises(OutputError, match=r"could not be written.*space"):
        fetch(server, partial)
    assert partial.read_bytes() == server.content[:50_000]

    fetch(server, partial)

    assert server.sent[-1] == len(server.content) - 50_000


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """What a full disk is like, for files of this process."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize(
    "url",
    ["https://alphacephei.com/vosk/a.zip", "http://127.0.0.1:80/a.zip", "http://[::1]/a.zip"],
)
def test_a_safe_address_has_no_fault(url: str) -> None:
    assert address_fault(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://alphacephei.com/a.zip",
        "http://127.0.0.1.example.org/a.zip",
        "ftp://example.org/a.zip",
        "file:///a.zip",
        "/media/usb/a.zip",
        "https:///a.zip",
        "https://host:port/a.zip",
        "https://a..b/a.zip",
        "https://host/a b.zip",
        "https://höst/a.zip",
        "",
    ],
)
def test_any_other_address_is_refused(url: str) -> None:
    assert address_fault(url)
