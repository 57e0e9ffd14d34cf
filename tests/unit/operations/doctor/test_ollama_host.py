"""The Ollama hosts: reachable or not, with the model or without."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from appliance.domain.health import Health, Status
from appliance.domain.settings import Ollama
from appliance.operations.doctor import ollama_host
from appliance.operations.doctor.ollama_host import check_ollama
from tests.connections import watched
from tests.names import known_names
from tests.ollama_server import OllamaServer, ollama_server

_MODEL = "llama3.2:3b"


@pytest.fixture
def server() -> Iterator[OllamaServer]:
    with ollama_server(_MODEL, "gemma3:latest") as server:
        yield server


def _check(host: str, model: str = _MODEL) -> Health:
    (found,) = check_ollama(Ollama(hosts=(host,), model=model))
    return found


def test_without_a_host_nothing_is_wrong() -> None:
    (found,) = check_ollama(Ollama())
    assert found.status is Status.SKIPPED
    assert "the booth's own words" in found.message


@pytest.mark.parametrize("model", [_MODEL, "gemma3", "gemma3:latest"])
def test_a_host_that_has_the_model_is_well(server: OllamaServer, model: str) -> None:
    found = _check(server.host, model)
    assert found.status is Status.HEALTHY
    assert found.message == f"{server.host} answers, and has {model}."
    assert found.details["models"] == ["gemma3:latest", _MODEL]


def test_a_model_that_is_missing_comes_with_the_command(server: OllamaServer) -> None:
    found = _check(server.host, "qwen2.5:3b")
    assert found.status is Status.WARNING
    assert "answers, but has no qwen2.5:3b. Feedback comes in the booth's own" in found.message
    assert found.advice == "Run there: ollama pull qwen2.5:3b"


def test_a_host_that_is_not_there_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"http://127.0.0.1:{free.getsockname()[1]}"
    found = _check(host)
    assert found.status is Status.WARNING
    assert f"{host} does not answer." in found.message


def test_a_host_that_hangs_is_given_up(
    server: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ollama_host, "_ANSWERS_S", 0.3)
    server.silent = True
    assert "does not answer within" in _check(server.host).message


def test_a_host_that_refuses_is_quoted(server: OllamaServer) -> None:
    server.status, server.body = 503, '{"error": "server busy"}'
    assert "refuses: server busy (HTTP 503)" in _check(server.host).message


@pytest.mark.parametrize("body", ["<html>a router</html>", '{"models": 3}', "[]"])
def test_another_program_at_the_address_is_told(server: OllamaServer, body: str) -> None:
    server.body = body
    found = _check(server.host)
    assert found.status is Status.WARNING
    assert "gives no answer that Ollama would give" in found.message


def test_a_proxy_gets_the_token(server: OllamaServer) -> None:
    check_ollama(Ollama(hosts=(server.host,), model=_MODEL, token=SecretStr("s3cret")))
    assert server.asked[0].headers["authorization"] == "Bearer s3cret"


def test_every_host_is_asked(server: OllamaServer) -> None:
    found = check_ollama(Ollama(hosts=(server.host, "http://127.0.0.1:9"), model=_MODEL))
    assert [part.status for part in found] == [Status.HEALTHY, Status.WARNING]


def test_a_name_that_leads_out_of_the_house_is_told_and_sent_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known_names(monkeypatch, words_lan=["93.184.216.34"])
    with watched() as seen:
        found = _check("http://words.lan:11434")
    assert seen.addresses == []
    assert found.status is Status.WARNING
    assert "http://words.lan:11434 leads out of your own network, to 93.184.216.34" in found.message
    assert found.advice.startswith("Set the host's address as a number")


def test_a_name_that_nobody_knows_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    known_names(monkeypatch)
    found = _check("http://words.lan:11434")
    assert "has a name that nobody in your network knows" in found.message


@pytest.mark.parametrize(
    ("holds", "fault"),
    [(None, "cannot be read: No such file or directory"), ("no pem", "holds no certificate")],
)
def test_a_certificate_that_does_not_serve_is_told(
    server: OllamaServer, tmp_path: Path, holds: str | None, fault: str
) -> None:
    path = tmp_path / "authority.pem"
    if holds is not None:
        path.write_text(holds, encoding="utf-8")
    settings = Ollama(hosts=(server.host,), model=_MODEL, certificate=str(path))
    certificate, host = check_ollama(settings)
    assert certificate.status is Status.WARNING
    assert f"The certificate '{path}' {fault}." in certificate.message
    assert host.status is Status.HEALTHY
