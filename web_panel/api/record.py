"""A person's own record: kept by their code, read, and deleted."""

from flask import Blueprint, Response, abort

from appliance.interview.session_events import State
from web_panel.access import Audience, for_
from web_panel.answers import problem
from web_panel.api.document import Document
from web_panel.api.models import CodeGiven, Deleted, KeepRecord, Record
from web_panel.own_record import OwnRecord, Shown

_REFUSALS = {
    "code": (422, "wrong_code", "A code has five words of the list of BIP-39."),
    "unknown": (404, "unknown_code", "Nothing is kept under this code."),
    "storage": (503, "storage", "The booth cannot reach what is kept."),
}


def add_record(views: Blueprint, document: Document, record: OwnRecord) -> None:
    """Add the views of a person's own record.

    Args:
        views: to which they are added.
        document: in which they are described.
        record: the person's own.
    """

    def require(there: bool, state: State) -> None:
        if not there:
            says = f"That can be done while the session's state is '{state.value}'."
            abort(problem(409, "means_nothing", says))

    @views.get("/record")
    @for_(Audience.KIOSK)
    @document.of(Record)
    def look_at_record() -> Record:
        """See which record the screen shows, until its person is gone."""
        return _told(record.shown)

    @views.post("/record/keep")
    @for_(Audience.KIOSK)
    @document.of(Record, 409, 503)
    def keep_in_record(json: KeepRecord) -> Record:
        """Keep what was measured today, once, and give the code that opens it."""
        require(record.keep(json.code, transcript=json.transcript), State.REPORT)
        return _after(record.shown)

    @views.post("/record/open")
    @for_(Audience.KIOSK)
    @document.of(Record, 404, 409, 503)
    def open_record(json: CodeGiven) -> Record:
        """Read all sessions of a code."""
        require(record.open(json.code), State.WELCOME)
        return _after(record.shown)

    @views.post("/record/close")
    @for_(Audience.KIOSK)
    @document.of(None, status=204)
    def close_record() -> Response:
        """Show it no more."""
        record.close()
        return Response(status=204)

    @views.delete("/record")
    @for_(Audience.KIOSK)
    @document.of(Deleted, 409, 503)
    def delete_record() -> Deleted:
        """Delete all sessions of the record that is open."""
        require(record.delete(), State.WELCOME)
        return Deleted(sessions=_sound(record.shown).deleted)


def _after(shown: Shown) -> Record:
    return _told(_sound(shown))


def _sound(shown: Shown) -> Shown:
    """What is shown, where all went well."""
    if shown.fault:
        abort(problem(*_REFUSALS[shown.fault]))
    return shown


def _told(shown: Shown) -> Record:
    return Record(code=shown.code, is_kept=shown.is_kept, sessions=shown.summaries)
