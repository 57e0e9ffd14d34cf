"""A server on this machine with a small model of English."""

from collections.abc import Iterator

import pytest

from tests.file_server import FileServer, serve
from tests.vosk_archives import vosk_archive


@pytest.fixture
def server() -> Iterator[FileServer]:
    with serve(vosk_archive()) as files:
        yield files
