"""Which screen is shown, and what stands on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from appliance.domain.report import Evidence, Report
from appliance.interview.front_desk import FrontDesk
from appliance.interview.given import Given
from appliance.interview.session_events import State
from web_panel.visit import Visit

_SHARED = {State.PAUSED: "listen", State.WIPED: "goodbye"}
_ROLES_A_PAGE = 5
"""With the card that leads to more, no more than six."""

GUIDE_VIEW = "guide"
VIEWS = ("feedback", "ratings", "timeline", "words", GUIDE_VIEW)
RECORD_VIEW = "record"

NEEDS_VIEW = "needs"

_OF_RECORD = {State.WELCOME: "screens/progress.html", State.REPORT: "screens/keep.html"}


@dataclass(frozen=True, slots=True)
class Change:
    """A rating beside that of the attempt before.

    Attributes:
        title: of the rating.
        before: value of the attempt before; None where it was not rated.
        now: value of this attempt.
    """

    title: str
    before: int | None
    now: int | None

    @property
    def direction(self) -> int:
        """1 for more, -1 for less, 0 for no change that is larger than chance.

        A whole level is: measures move a little with every attempt, and levels are wider.
        """
        if self.before is None or self.now is None:
            return 0
        return (self.now > self.before) - (self.now < self.before)


def version_of(snapshot: Mapping[str, Any]) -> str:
    """Names the screen that a person looks at; another question or attempt is another screen."""
    parts = (snapshot["state"], snapshot["place"], snapshot["attempt"], snapshot["answers"])
    return "-".join(str(part if part is not None else 0) for part in parts)


def template_of(state: State, view: str = "", *, of_record: bool = False) -> str:
    """The template of a state's screen.

    Args:
        state: of the interview.
        view: what somebody wants to see on it.
        of_record: the person looks at their own record, where the state has a place for it.
    """
    if of_record and state in _OF_RECORD:
        return _OF_RECORD[state]
    if view == NEEDS_VIEW and state is State.CONSENT:
        return "screens/needs.html"
    return f"screens/{_SHARED.get(state, state.value)}.html"


def context_of(desk: FrontDesk, visit: Visit, view: str, page: int) -> dict[str, Any]:
    """Everything that a screen shows.

    Args:
        desk: the booth.
        visit: what the panel remembers of the person.
        view: which side of an answer is shown, one of `VIEWS`.
        page: of the kinds of work, from 0.
    """
    snapshot = desk.booth.snapshot()
    state = State(snapshot["state"])
    version = version_of(snapshot)
    given = desk.booth.given
    question = snapshot["question"]
    return {
        "now": snapshot,
        "state": state.value,
        "version": version,
        "settings": desk.settings,
        "simulated": desk.simulated,
        "proposed": desk.booth.proposed,
        "question": desk.question(question["id"]) if question else None,
        "choices": desk.choices if state is State.CHOOSE else None,
        "roles_a_page": _ROLES_A_PAGE,
        "page": page,
        "view": view if view in VIEWS else VIEWS[0],
        "guide": desk.guide() if view == GUIDE_VIEW else None,
        "draft": visit.draft(version),
        "given": given,
        "answer": len(given) - 1,
        "last": given[-1] if given else None,
        "changes": changes(given) if state is State.COMPARE else (),
        "summary": desk.booth.summary,
    }


def changes(given: tuple[Given, ...]) -> tuple[Change, ...]:
    """The ratings of the last answer beside those of the attempt before."""
    report = given[-1].outcome.report if given else None
    before = _before(given)
    if report is None or before is None:
        return ()
    was = {rating.name: rating.value for rating in before.ratings}
    return tuple(
        Change(rating.title, was.get(rating.name), rating.value) for rating in report.ratings
    )


def _before(given: tuple[Given, ...]) -> Report | None:
    """The report of the attempt before the last one at the same question."""
    for one in reversed(given[:-1]):
        if one.question == given[-1].question and one.outcome.report is not None:
            return one.outcome.report
    return None


def quote_of(places: tuple[Evidence, ...]) -> Evidence | None:
    """The first place that has words to quote."""
    return next((place for place in places if place.quote), None)
