"""The Ollama hosts: reachable or not, with the model or without."""

import socket
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from appliance.domain.health import Health, Status
from appliance.domain.settings import Ollama
from appliance.operations.doctor import ollama_host
from appliance.operations.doctor.ollama_host import check_ollama
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
