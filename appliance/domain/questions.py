"""The words by which questions are sorted."""

from typing import Literal, get_args

Competency = Literal[
    "leadership",
    "teamwork",
    "conflict",
    "failure",
    "motivation",
    "problem solving",
    "customer",
    "planning",
    "ethics",
    "strengths",
]
"""What a question looks for."""

Role = Literal[
    "general",
    "retail",
    "office",
    "care",
    "engineering",
    "software",
    "trades",
    "first job",
    "career change",
]
"""The kind of work that a question fits; "general" fits all."""

Level = Literal["entry", "experienced", "lead"]
"""For whom a question is."""

SetLength = Literal[3, 5, 8]
"""How many questions a set may have: about 10, 15 or 25 minutes."""

SET_LENGTHS: tuple[SetLength, ...] = get_args(SetLength)
