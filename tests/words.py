"""What a language model would say of facts, for the tests' Ollama server; a report to word."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from appliance.coaching.question_bank import find_question, load_questions
from appliance.domain.report import Report
from tests.answers import answer, said_at
from tests.coaches import coach_of

MODEL = "llama3.2:3b"

STORY = (
    "The card machine broke with eleven people in the queue. I had to keep them until the engineer "
    "came. I wrote the names of nine customers in a notebook and asked the bakery for help. In the "
    "end nobody left, and my manager still keeps that notebook under the till."
)
"""Two strengths and a next step that follow from its words, and one from how it was spoken."""

OPEN_STORY = (
    "Last summer I worked in a bike shop in Leeds. The card machine broke on a Saturday with a "
    "long queue. I wrote the names of the customers in a notebook and asked the bakery for help."
)
"""Without an end, which is a next step and a question."""

_FACT = re.compile(r"^(\w+) \((\w+)\): (.*)$", re.MULTILINE)
_QUOTED = re.compile(r"“[^”]*”|„[^“]*“|«[^»]*»")


def story_report(text: str = STORY) -> Report:
    """The report of an answer to a question about a problem at work."""
    question = find_question(load_questions("en"), "solved-problem")
    return coach_of().report(answer(said=said_at(text)), source="booth", question=question)


def plainly(request: Mapping[str, Any]) -> str:
    """Words of a model that does as it is told: each fact's own, without quotes."""
    fields = {}
    wanted = request["format"]["properties"]
    for name, sentence, says in _FACT.findall(request["messages"][-1]["content"]):
        if name in wanted:
            bare = _QUOTED.sub("", says) if _QUOTED.match(says) else _QUOTED.sub("that", says)
            bare = " ".join(bare.replace("that. That", "that, which").split())
            fields[f"{name}_about"] = sentence
            fields[name] = bare.strip(" .") + ("" if bare.endswith("?") else ".")
    return json.dumps(fields, ensure_ascii=False)


def saying(**words: str) -> Callable[[Mapping[str, Any]], str]:
    """A model that says some things whatever it is asked, and the rest plainly.

    Args:
        words: by the name of the field.
    """

    def says(request: Mapping[str, Any]) -> str:
        fields = json.loads(plainly(request))
        return json.dumps({**fields, **{k: v for k, v in words.items() if k in fields}})

    return says
