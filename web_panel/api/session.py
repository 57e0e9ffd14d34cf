"""The interview: which screen is there, and what a person does on it."""

from dataclasses import asdict

from flask import Blueprint, abort, request

from appliance.interview.booth import Booth
from appliance.interview.session_events import consented
from web_panel.access import Audience, for_
from web_panel.answers import problem
from web_panel.api.document import ON_SCREEN, Document
from web_panel.api.models import ActOnScreen, Choice, Consent, Needed, Session, Tongue, Typed
from web_panel.hands import NO_QUESTIONS, Hands, Needs, Taken
from web_panel.screens import version_of

Now = tuple[Session, dict[str, str]]

_REFUSALS = {
    Taken.PASSED: (412, "another_screen", "Another screen is there now. Look at it first."),
    Taken.TWICE: (409, "done_twice", "Something was done on this screen just before."),
    Taken.IGNORED: (409, "means_nothing", "That means nothing on this screen."),
    Taken.NO_QUESTIONS: (409, "no_questions", NO_QUESTIONS),
}


def add_session(views: Blueprint, document: Document, booth: Booth, hands: Hands) -> None:
    """Add the views of the interview.

    Args:
        views: to which they are added.
        document: in which they are described.
        booth: the interview.
        hands: take what is done.
    """

    @views.get("/session")
    @for_(Audience.KIOSK)
    @document.of(Session)
    def session() -> Now:
        """Look where the interview is."""
        return _now(booth)

    @views.put("/session/proposal")
    @for_(Audience.KIOSK)
    @document.of(Session)
    def propose(json: Consent) -> Now:
        """Show on the screen what going on would agree to."""
        hands.propose(**json.model_dump())
        return _now(booth)

    @views.get("/session/needs")
    @for_(Audience.KIOSK)
    @document.of(Needed)
    def needs() -> Needed:
        """See what helps the person who is there."""
        return Needed(**asdict(hands.needs))

    @views.put("/session/needs")
    @for_(Audience.KIOSK)
    @document.of(Needed)
    def need(json: Needed) -> Needed:
        """Say what helps; it counts where the state is 'consent'. What holds then is told."""
        hands.need(Needs(**json.model_dump()))
        return Needed(**asdict(hands.needs))

    @views.put("/session/language")
    @for_(Audience.KIOSK)
    @document.of(Session, 404)
    def speak(json: Tongue) -> Now:
        """Show the screen in a language, until the person is gone; begins where nobody is there."""
        if not hands.speak(version_of(booth.snapshot()), json.language):
            abort(problem(404, "unknown_language", "The panel does not speak that language."))
        return _now(booth)

    _add_acts(views, document, booth, hands)
    _add_writing(views, document, booth, hands)


def _add_acts(views: Blueprint, document: Document, booth: Booth, hands: Hands) -> None:
    @views.post("/session/acts")
    @for_(Audience.KIOSK)
    @document.of(Session, *ON_SCREEN)
    def act(json: ActOnScreen) -> Now:
        """Do what needs no more words."""
        if json.act == "active":
            hands.stay()
            return _now(booth)
        return _after(booth, hands.act(_seen(booth), json.act))

    @views.put("/session/consent")
    @for_(Audience.KIOSK)
    @document.of(Session, *ON_SCREEN)
    def agree(json: Consent) -> Now:
        """Agree to what is sensed, and go on."""
        agreed = hands.agree(_seen(booth), consented(**json.model_dump()))
        return _after(booth, agreed)

    @views.put("/session/choice")
    @for_(Audience.KIOSK)
    @document.of(Session, *ON_SCREEN)
    def choose(json: Choice) -> Now:
        """Choose a set of questions, and go on to the first."""
        return _after(booth, hands.choose(_seen(booth), json.role, json.focus, json.count))


def _add_writing(views: Blueprint, document: Document, booth: Booth, hands: Hands) -> None:
    @views.post("/session/answer")
    @for_(Audience.KIOSK)
    @document.of(Session, *ON_SCREEN)
    def answer(json: Typed) -> Now:
        """Give an answer in writing, which ends it."""
        return _after(booth, hands.answer(_seen(booth), json.text))

    @views.get("/session/draft")
    @for_(Audience.KIOSK)
    @document.of(Typed)
    def draft() -> Typed:
        """Read what was typed so far on the screen that is there."""
        return Typed(text=hands.draft())

    @views.put("/session/draft")
    @for_(Audience.KIOSK)
    @document.of(Session, 412, 428)
    def keep_draft(json: Typed) -> Now:
        """Keep what was typed so far, until the person is gone."""
        return _after(booth, hands.keep_draft(_seen(booth), json.text))


def _now(booth: Booth) -> Now:
    """The session, under the name of its screen."""
    snapshot = booth.snapshot()
    return Session.model_validate(snapshot), {"ETag": f'"{version_of(snapshot)}"'}


def _after(booth: Booth, taken: Taken) -> Now:
    """The session after something that was done, or why it was not."""
    if taken in _REFUSALS:
        abort(problem(*_REFUSALS[taken]))
    return _now(booth)


def _seen(booth: Booth) -> str:
    """The screen that a program saw, where it is still there; else empty."""
    if not request.if_match:
        abort(428, "Say by If-Match on which screen: the ETag of /api/v1/session.")
    version = version_of(booth.snapshot())
    return version if request.if_match.is_strong(version) else ""
