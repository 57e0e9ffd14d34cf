"""The booth's screen on a terminal: what goes on, what one can do, and how long there is."""

from collections.abc import Callable, Mapping
from typing import Any

from appliance.interview.booth import Booth
from appliance.interview.session_events import State
from appliance.reporting.summary import summarise

_CLEAR = "\r\x1b[K"
_KEYS = "(space: go on · s: skip · w: stop, and wipe)"
_CAPTION = 50  # characters

_WORDS: Mapping[State, str] = {
    State.ATTRACT: "Practise an interview. Nothing is kept. (space: start)",
    State.WELCOME: "You hear a question, you answer it aloud, and you see what was heard.\n"
    "Everything is wiped at the end.",
    State.CONSENT: "Going on agrees to this: your voice is heard: {voice}; the camera looks: "
    "{camera};\nwhat face and voice show is estimated: {expression}.",
    State.CHECK: "Say a few words: can we see you, and hear you?",
    State.CHOOSE: "Going on draws a set of questions.",
    State.ASK: "Question {place} of {questions}: {question}\nTake your time.",
    State.LISTEN: "Listening. (space: finish)",
    State.PAUSED: "A pause: nothing is taken in.",
    State.THINKING: "Working on your feedback.",
    State.REVIEW: "{summary}",
    State.COMPARE: "{summary}",
    State.REPORT: "That was all. (space: finish)",
    State.GOODBYE: "Thank you. Everything is wiped in a moment.",
    State.WIPED: "Everything has been wiped.",
}

_HINTS = {
    "still_thinking": "still thinking?",
    "nearly_over": "nearly over",
}

_CUES = {
    "pace": "a little slower",
    "volume": "a little louder",
    "facing": "look at the lens",
}


class TerminalScreen:
    """Writes a screen for each state, and one line below it that keeps up.

    Args:
        write: to the terminal.
    """

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._shown: tuple[Any, ...] = ()
        self._line = ""

    def show(self, booth: Booth) -> None:
        """Show the booth as it is now; to be called some times a second."""
        now = booth.snapshot()
        screen = (now["state"], now["place"], now["attempt"], tuple(now["faults"].items()))
        if screen != self._shown:
            self._shown = screen
            self._line = ""
            self._write(f"{_CLEAR}\n{self._text(booth, now)}\n")
        line = _below(now)
        if line != self._line:
            self._line = line
            self._write(f"{_CLEAR}{line}")

    def close(self) -> None:
        """Leave the terminal's line as it was found."""
        self._write(_CLEAR)

    def _text(self, booth: Booth, now: Mapping[str, Any]) -> str:
        state = State(now["state"])
        proposed = booth.proposed
        words = _WORDS[state].format(
            voice=_yes(proposed.voice),
            camera=_yes(proposed.camera),
            expression=_yes(proposed.expression),
            place=now["place"],
            questions=now["questions"],
            question=(now["question"] or {}).get("text", ""),
            summary=_summary(booth),
        )
        keys = "" if "space" in words or state is State.WIPED else f" {_KEYS}"
        faults = "".join(f"\n! {part}: {told}" for part, told in now["faults"].items())
        return f"{words}{keys}{faults}"


def _yes(agreed: bool) -> str:
    return "yes" if agreed else "no"


def _summary(booth: Booth) -> str:
    """What was found in the last answer."""
    if not booth.given:
        return ""
    outcome = booth.given[-1].outcome
    if outcome.report is None:
        return f"This answer could not be understood. {outcome.fault or ''}".rstrip()
    return summarise(outcome.report)


def _below(now: Mapping[str, Any]) -> str:
    """Time that is left, and what is heard and seen."""
    left_s = now["left_s"]
    parts = [] if left_s is None else [f"{int(left_s) // 60}:{int(left_s) % 60:02d} left"]
    if now["face_in_view"] is not None:
        parts.append("we can see you" if now["face_in_view"] else "you are out of view")
    if now["heard"] is not None:
        parts.append("we can hear you" if now["heard"] else "say something")
    if now["sensing"]:
        parts.append(f"{now['level_dbfs']} dBFS{', too loud' if now['too_loud'] else ''}")
    if now["hint"] in _HINTS:
        parts.append(_HINTS[now["hint"]])
    elif now["cue"] in _CUES:
        parts.append(_CUES[now["cue"]])
    if now["captions"]:
        parts.append(f"… {now['captions'][-_CAPTION:]}")
    return " · ".join(parts)
