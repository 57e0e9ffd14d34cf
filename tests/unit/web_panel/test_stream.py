"""News over the wire: a snapshot first, resuming by id, and an end for readers who are gone."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from appliance.interview.session_events import Kind
from tests.panel import ServedBooth, served
from tests.waiting import until


@pytest.fixture(scope="module")
def booth(models_dir: Path, sample: Path) -> Iterator[ServedBooth]:
    with served(models_dir, sample) as one:
        yield one


def events(lines: Iterator[str]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Id, kind and data of each event."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            yield int(fields["id"]), fields["event"], json.loads(fields["data"])
            fields = {}


def test_a_reader_gets_a_snapshot_then_changes_and_resumes_where_they_were(
    booth: ServedBooth,
) -> None:
    address = f"{booth.address}/api/v1/events"
    with httpx.stream("GET", address, timeout=60) as stream:
        told = events(stream.iter_lines())
        first, kind, data = next(told)
        assert (kind, data["state"]) == ("snapshot", "attract")
        booth.does(Kind.START)
        changed = next(one for one in told if one[1] == "state")
        assert changed[2]["state"] == "welcome"
    with httpx.stream("GET", address, headers={"Last-Event-ID": str(first)}, timeout=60) as stream:
        again = next(events(stream.iter_lines()))
        assert again[0] == first + 1
        assert again[1] != "snapshot"
    booth.does(Kind.LEAVE)
    with httpx.stream(
        "GET", address, headers={"Last-Event-ID": str(changed[0])}, timeout=60
    ) as stream:
        _, kind, data = next(events(stream.iter_lines()))
        assert kind == "snapshot", "what was told of a person who is gone is told to nobody"


def test_one_stream_too_many_is_refused_and_a_place_is_free_again_when_a_reader_goes(
    booth: ServedBooth,
) -> None:
    until(lambda: booth.panel.streams.count == 0)
    address = f"{booth.address}/api/v1/events"
    with httpx.Client(timeout=60) as client:
        opened = [client.stream("GET", address) for _ in range(8)]
        # Kept, since a stream whose lines nobody reads any more is closed.
        lines = [one.__enter__().iter_lines() for one in opened]
        assert [next(one) for one in lines] == ["retry: 1000"] * 8
        busy = client.get(address)
        assert busy.status_code == 503
        assert busy.json()["error"]["code"] == "too_many_streams"
        assert busy.headers["Retry-After"] == "5"
        assert client.get(f"{booth.address}/healthz").status_code == 200
        for one in opened:
            one.__exit__(None, None, None)
    until(lambda: booth.panel.streams.count == 0)


def test_an_id_that_is_none_gets_a_snapshot(booth: ServedBooth) -> None:
    headers = {b"Last-Event-ID": "²; drop".encode()}
    address = f"{booth.address}/api/v1/events"
    with httpx.stream("GET", address, headers=headers, timeout=60) as stream:
        assert next(events(stream.iter_lines()))[1] == "snapshot"
