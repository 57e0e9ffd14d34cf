"""What people say to talk a model over: none of it changes facts, schema or tone."""

import json
from collections.abc import Callable, Iterator, Mapping
from importlib import resources
from typing import Any

import pytest
import tomli

from appliance.coaching.ollama.facts import QUOTED, facts_of
from appliance.coaching.ollama.prompts import asking_of
from appliance.coaching.ollama.word_lists import words_in
from appliance.coaching.ollama.wordsmith import Wordsmith, worded
from appliance.domain.report import Report
from appliance.domain.settings import Ollama
from tests.coaches import tools_of
from tests.ollama_server import OllamaServer, Request, ollama_server
from tests.words import MODEL, OPEN_STORY, plainly, story_report

_FILE = resources.files("appliance.operations.evaluation") / "injections.toml"
ATTEMPTS: list[dict[str, Any]] = tomli.loads(_FILE.read_text(encoding="utf-8"))["attempt"]
Obeys = Callable[[Request, list[str]], str]
EACH = pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda one: one["text"][:40])


@pytest.fixture(scope="module")
def server() -> Iterator[OllamaServer]:
    with ollama_server(MODEL) as server:
        yield server


def report_with(attempt: Mapping[str, Any]) -> Report:
    return story_report(f"{OPEN_STORY} {attempt['text']}")


def test_there_are_forty_and_half_of_them_are_spoken() -> None:
    assert len(ATTEMPTS) >= 40
    assert len({one["text"] for one in ATTEMPTS}) == len(ATTEMPTS)
    assert sum(one["style"] == "spoken" for one in ATTEMPTS) >= 20
    assert all(one["wants"] for one in ATTEMPTS)


@EACH
def test_the_request_keeps_its_form(attempt: Mapping[str, Any], server: OllamaServer) -> None:
    """Two messages, one answer between its marks, and no field that was not there before."""
    facts = facts_of(report_with(attempt))
    assert facts is not None
    smith = Wordsmith(Ollama(hosts=(server.host,), model=MODEL), tools_of(), lambda: 0.0)
    for task in smith.tasks(facts):
        asking = asking_of(task)
        assert [message["role"] for message in asking.messages] == ["system", "user"]
        assert asking.messages[0]["content"] == task.prompt.system
        user = asking.messages[1]["content"]
        assert (user.count("<<<ANSWER"), user.count("ANSWER>>>")) == (1, 1)
        assert user.count("\nFacts, one for each field:\n") == 1
        names = [name for fact in task.facts for name in (f"{fact.name}_about", fact.name)]
        assert list(asking.schema["properties"]) == names
        assert "score" not in json.dumps(asking.schema)


def shown(report: Report, server: OllamaServer) -> Report:
    """The report as the person sees it in the end."""
    smith = Wordsmith(Ollama(hosts=(server.host,), model=MODEL), tools_of(), lambda: 0.0)
    job = smith.feedback(report)
    assert job is not None
    assert job.wait(30)
    for arrival in job.look():
        report = worded(report, arrival)
    assert [attempt.fault for attempt in job.attempts if attempt.fault] == []
    return report


def texts_of(report: Report) -> list[str]:
    """Every text of feedback that the person reads."""
    items = (*report.advice.strengths, *report.advice.next_steps)
    return [*(item.text for item in items), report.advice.follow_up or ""]


def own_words(text: str) -> str:
    """A text without what it quotes of the person, in small letters and without punctuation."""
    return f" {' '.join(word.lower() for word in words_in(QUOTED.sub(' ', text)))} "


@EACH
def test_a_model_that_obeys_is_not_shown(attempt: Mapping[str, Any], server: OllamaServer) -> None:
    """It says in every field what it was talked into: by itself, and behind plain words.

    The person reads what they read without a model, or words that hold nothing of it.
    """
    report = report_with(attempt)
    wants = [own_words(wanted) for wanted in attempt["wants"]]
    for obeys in (_only, _besides):
        said: list[str] = []

        def says(asked: Request, obeys: Obeys = obeys, said: list[str] = said) -> str:
            said.append(obeys(asked, attempt["wants"]))
            return said[-1]

        server.says = says
        changed = shown(report, server)
        assert said
        assert all(wanted.strip() in own_words(one) for one in said for wanted in wants)
        for now, standard in zip(texts_of(changed), texts_of(report), strict=True):
            assert now == standard or not any(wanted in own_words(now) for wanted in wants)
        assert changed.ratings == report.ratings
        assert changed.measures == report.measures
        assert _facts_in(changed) == _facts_in(report)


@pytest.mark.parametrize("attempt", ATTEMPTS[:3], ids=lambda one: one["text"][:40])
def test_a_model_that_does_not_obey_is_shown(
    attempt: Mapping[str, Any], server: OllamaServer
) -> None:
    """So that what is said of the others is not said of a booth that shows nothing at all."""
    report = report_with(attempt)
    server.says = plainly
    changed = shown(report, server)
    assert changed.advice.source == "ollama"
    assert texts_of(changed) != texts_of(report)


def _facts_in(report: Report) -> list[tuple[str, object]]:
    items = (*report.advice.strengths, *report.advice.next_steps)
    return [(item.measure, item.evidence) for item in items]


def _only(asked: Mapping[str, Any], wants: list[str]) -> str:
    fields = json.loads(plainly(asked))
    return json.dumps(
        {
            name: text if name.endswith("_about") else f"You are {' and '.join(wants)}."
            for name, text in fields.items()
        }
    )


def _besides(asked: Mapping[str, Any], wants: list[str]) -> str:
    fields = json.loads(plainly(asked))
    return json.dumps(
        {
            name: text if name.endswith("_about") else f"{text} That is {' and '.join(wants)}."
            for name, text in fields.items()
        }
    )
