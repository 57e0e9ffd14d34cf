"""Coaches for the tests, loaded once."""

from functools import cache
from pathlib import Path

from appliance.coaching.coach import Coach
from appliance.coaching.tools import Tools, load_tools

MODELS = Path(__file__).resolve().parent.parent / "models_tflite"


@cache
def tools_of(language: str = "en") -> Tools:
    """Everything that coaching in a language needs."""
    return load_tools(language, MODELS)


@cache
def coach_of(language: str = "en") -> Coach:
    """A coach."""
    return Coach(tools_of(language))
