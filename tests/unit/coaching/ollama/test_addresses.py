"""Where a host is, and how it is known: nothing is said to anybody else."""

import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.coaching.ollama.wordsmith import Wordsmith
from appliance.domain.settings import Ollama
from tests.coaches import tools_of
from tests.connections import watched
from tests.hosts import EVERY, Clock, all_of, begun, smith_of
from tests.names import known_names
from tests.ollama_server import OllamaServer, ollama_server
from tests.waiting import ended, until
from tests.words import MODEL, plainly


@pytest.fixture
def server() -> Iterator[OllamaServer]:
    with ollama_server(MODEL, says=plainly) as server:
        yield server


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for this machine, which is its own authority, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1,DNS:words.lan"),
            *("-keyout", os.fspath(key), "-out", os.fspath(cert)),
        ],
        check=True,
        capture_output=True,
    )
    return cert, key


def test_an_https_host_is_known_by_the_sites_own_authority(authority: tuple[Path, Path]) -> None:
    cert, key = authority
    with ollama_server(MODEL, says=plainly, tls=(cert, key)) as server:
        for certificate, expected in ((str(cert), EVERY), ("", []), ("/nowhere.pem", [])):
            settings = Ollama.model_validate(
                {"hosts": [server.host], "model": MODEL, "certificate": certificate}
            )
            job = begun(Wordsmith(settings, tools_of(), Clock()))
            assert all_of(job) == expected, certificate
        assert len(server.chats) == 1, "nothing is said to a host that is not known"


def test_a_host_can_have_a_name_of_the_own_network(
    server: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = known_names(monkeypatch, words_lan=["93.184.216.34", "127.0.0.2", "127.0.0.1"])
    with watched() as seen:
        assert all_of(begun(smith_of(f"http://words.lan:{server.port}"))) == EVERY
    places = [("127.0.0.2", server.port), ("127.0.0.1", server.port)]
    assert seen.addresses == places, "the public address is not even knocked at"
    assert names.asked == ["words.lan"]
    assert server.asked[0].headers["host"] == f"words.lan:{server.port}"


@pytest.mark.parametrize(
    ("known", "kind"),
    [
        ({"words_lan": ["93.184.216.34"]}, "not_local"),
        ({"words_lan": ["2003:1::5", "100.64.0.1"]}, "not_local"),
        ({}, "no_address"),
    ],
)
def test_a_name_that_leads_out_of_the_house_is_sent_nothing(
    known: dict[str, list[str]], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known_names(monkeypatch, **known)
    with watched() as seen:
        job = begun(smith_of("http://words.lan:11434", token="s3cret"))
        assert all_of(job) == []
    assert [attempt.fault for attempt in job.attempts] == [kind]
    assert seen.addresses == []


def test_a_name_that_takes_long_holds_nobody_who_moves_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread with the person's words ends; the one that waits for the system has none."""
    names = known_names(monkeypatch)
    names.thinks.clear()
    job = begun(smith_of("http://words.lan:11434"))
    until(lambda: bool(names.asked))
    job.cancel()
    assert job.wait(30)
    assert job.attempts[0].fault == "cut_off"
    assert [one for one in threading.enumerate() if one.name == "lookup"]
    names.thinks.set()
    ended("lookup")


def test_an_https_host_must_prove_its_name_and_not_its_address(
    authority: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    cert, key = authority
    known_names(monkeypatch, words_lan=["127.0.0.1"], others_lan=["127.0.0.1"])
    with ollama_server(MODEL, says=plainly, tls=(cert, key)) as server:
        for name, expected in (("words.lan", EVERY), ("others.lan", [])):
            settings = Ollama.model_validate(
                {
                    "hosts": [f"HTTPS://{name}:{server.port}"],
                    "model": MODEL,
                    "certificate": str(cert),
                }
            )
            assert all_of(begun(Wordsmith(settings, tools_of(), Clock()))) == expected, name
