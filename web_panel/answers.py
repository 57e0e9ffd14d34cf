"""Answers of one shape: JSON for programs, a page for people."""

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from web_panel.access import TOKEN_HEADER, is_for_programs
from web_panel.words import say

_SAYS = {
    400: say("The booth did not understand that."),
    404: say("There is no such page."),
    405: say("That cannot be done here."),
    413: say("That is too long."),
    500: say("The booth made a mistake. What you said so far is safe."),
}

_KEPT_HEADERS = {"Allow", "Retry-After", "WWW-Authenticate"}


def problem(status: int, code: str, message: str) -> Response:
    """What went wrong, in the one shape that programs know."""
    response = jsonify({"error": {"code": code, "message": message}})
    response.status_code = status
    return response


def tell_problems(app: Flask) -> None:
    """Let every fault be told in one way, without a word of where in the program it was."""

    @app.errorhandler(HTTPException)
    def tell(error: HTTPException) -> Response:
        status = error.code or 500
        own = error.description if status < 500 and _is_ours(error) else None
        says = own or _SAYS.get(status, say("That did not work."))
        if is_for_programs() or request.headers.get(TOKEN_HEADER):
            told = problem(status, _code(error), says)
        else:
            told = Response(render_template("problem.html", status=status, says=says), status)
        told.headers.update(_kept_headers(error))
        return told

    @app.errorhandler(Exception)
    def fail(error: Exception) -> Response:
        app.logger.error("The panel failed at %s: %s.", request.endpoint, type(error).__name__)
        return tell(HTTPException(description=None))


def _is_ours(error: HTTPException) -> bool:
    """Whether its words were written here, and not by a library."""
    return error.description != type(error).description


def _code(error: HTTPException) -> str:
    return error.name.lower().replace(" ", "_") if error.code else "internal_error"


def _kept_headers(error: HTTPException) -> dict[str, str]:
    return {name: value for name, value in error.get_headers() if name in _KEPT_HEADERS}
