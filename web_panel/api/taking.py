"""What programs send: JSON, whole, and of the type that a view takes."""

from flask import abort, request
from pydantic import BaseModel, ValidationError

_JSON = "application/json"


def require_json() -> None:
    """Refuse a body that is no JSON, which is also what no form of another site can send."""
    if not request.get_data():
        return
    if request.mimetype != _JSON:
        abort(415, f"The booth takes {_JSON} and nothing else.")
    try:
        request.get_json()
    except RecursionError:
        abort(400)


def words_of(error: ValidationError, takes: type[BaseModel]) -> str:
    """What is wrong with a body, without a word of what was sent.

    Args:
        error: what was found.
        takes: the type that it should have been of.
    """
    found = error.errors(include_url=False, include_context=False, include_input=False)[0]
    name = str(found["loc"][0]) if found["loc"] else ""
    field = takes.model_fields.get(name)
    if field is None:
        known = ", ".join(f"'{one}'" for one in takes.model_fields)
        return f"The booth takes {known} here and nothing else."
    fault = "is missing" if found["type"] == "missing" else "cannot be that"
    return f"'{name}' {fault}. {field.description}"
