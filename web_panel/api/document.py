"""The OpenAPI document, written from the types by which views check what they take and tell."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, Response, abort, request
from pydantic import BaseModel, ValidationError
from spectree import Response as Told
from spectree import SpecTree
from spectree.model_adapter import ModelClass
from spectree.model_adapter.protocol import SchemaMode
from spectree.model_adapter.pydantic_adapter import PydanticModelAdapter

from web_panel.access import SAFE_METHODS, TOKEN_HEADER, Audience, audience_of
from web_panel.api.models import Problem, Session
from web_panel.api.taking import words_of

View = TypeVar("View", bound=Callable[..., Any])

ON_SCREEN = (409, 412, 428)
"""How a view refuses what depends on the screen that somebody saw."""

_OF_ALL = (403, 421, 500)
_OF_BODIES = (400, 413, 415, 422)

_TOKEN: dict[str, list[str]] = {"booth_token": []}
_BEARER: dict[str, list[str]] = {"staff": []}

_SCHEMES = {
    "booth_token": {
        "type": "apiKey",
        "in": "header",
        "name": TOKEN_HEADER,
        "description": 'As the booth\'s own page has it, in its `<meta name="booth-token">`.',
    },
    "staff": {
        "type": "http",
        "scheme": "bearer",
        "description": "As /api/v1/admin/sessions gave it.",
    },
}

_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "The ETag of the screen on which it is done. Only the act `active` needs none.",
}

_ETAG = {
    "description": "Names the screen; what is heard and seen meanwhile does not change it.",
    "schema": {"type": "string"},
}

_ABOUT = (
    "What the booth's own screen can do, for programs on the same machine, and what staff can see. "
    "What somebody does counts once, and only on the screen that they saw."
)


class _Types(PydanticModelAdapter):
    def json_schema(
        self, model: type[Any], *, ref_template: str, mode: SchemaMode = "validation"
    ) -> dict[str, Any]:
        """Describe a type as it is read, since reports write themselves and say no more of it."""
        del mode
        return super().json_schema(model, ref_template=ref_template, mode="validation")


class Document:
    """Collects what views say of themselves, and holds them to it.

    A view that takes JSON has a parameter `json` of the type that it takes.
    """

    def __init__(self) -> None:
        self._spec = SpecTree(
            "flask",
            after=_require_told,
            validation_error_model=Problem,
            naming_strategy=_name,
            nested_naming_strategy=_own_name,
            model_adapter=_Types(),  # type: ignore[arg-type]  # nor does that which it inherits from
            mode="strict",
            annotations=False,  # or it keeps every view that was ever called, with its booth
            page_templates={},
            title="Interview Booth",
            version="1",
            description=_ABOUT,
        )
        self._plain: dict[Callable[..., Any], dict[str, Any]] = {}

    def of(
        self, tells: type[BaseModel] | None, *refuses: int, status: int = 200
    ) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
        """Describe a view that tells JSON, and check what it takes and tells.

        Args:
            tells: the type of it; None for nothing.
            refuses: the statuses of its own refusals, besides those that many have.
            status: where all is well.
        """

        def describe(view: Callable[..., Any]) -> Callable[..., Response]:
            takes = view.__annotations__.get("json")
            refusals = {*_OF_ALL, *refuses, *(_OF_BODIES if takes else ())}
            told = {f"HTTP_{one}": Problem for one in sorted(refusals)}
            checked: Callable[..., Response] = self._spec.validate(
                json=takes,
                resp=Told(**{f"HTTP_{status}": tells}, **told),
                before=_require_taken(takes),
                operation_id=view.__name__,
            )(_given(view) if takes else view)
            return checked

        return describe

    def of_plain(self, media_type: str, *refuses: int) -> Callable[[View], View]:
        """Describe a view that is no matter of types, such as a stream; nothing is checked.

        Args:
            media_type: of what it tells.
            refuses: the statuses of its own refusals.
        """

        def describe(view: View) -> View:
            self._plain[view] = {
                "summary": view.__doc__,
                "operationId": view.__name__,
                "responses": {
                    "200": {"description": "OK", "content": {media_type: {}}},
                    **{
                        str(one): {"description": "Refused", "content": _content_of(Problem)}
                        for one in sorted({*_OF_ALL, *refuses})
                    },
                },
            }
            return view

        return describe

    def write(self, app: Flask) -> dict[str, Any]:
        """The document of all views of an application that were described.

        Args:
            app: with all its views.
        """
        with app.app_context():
            document: dict[str, Any] = self._spec.spec
        document["components"]["securitySchemes"] = _SCHEMES
        paths = document["paths"]
        for rule in app.url_map.iter_rules():
            view = app.view_functions[rule.endpoint]
            path, _ = self._spec.backend.parse_path(rule, None)
            if view in self._plain:
                paths[path] = {"get": self._plain[view]}
            for method in (rule.methods or set()) & {name.upper() for name in paths.get(path, ())}:
                _complete(paths[path][method.lower()], audience_of(app, rule.endpoint), method)
        return document


def _complete(operation: dict[str, Any], audience: Audience | None, method: str) -> None:
    """Say what types cannot: who may call, and by which headers screens are named."""
    told = operation["responses"]
    if "requestBody" not in operation:
        told.pop("422", None)
    if audience is Audience.ANYONE:
        told.pop("403")
    if "428" in told:
        operation["parameters"].append(_IF_MATCH)
    if told.get("200", {}).get("content") == _content_of(Session):
        told["200"]["headers"] = {"ETag": _ETAG}
    operation["security"] = []
    if audience is Audience.ADMIN:
        operation["security"] = [_BEARER]
    elif audience is Audience.KIOSK and method not in SAFE_METHODS:
        operation["security"] = [_TOKEN]


def _given(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view, which is given what was taken."""

    @wraps(view)
    def called(**others: Any) -> Any:
        return view(json=request.context.json, **others)  # type: ignore[attr-defined]

    return called


def _require_taken(takes: type[BaseModel] | None) -> Callable[..., None]:
    """Refuse what is not of the type that a view takes."""

    def check(_request: Any, _response: Any, error: ValidationError | None, *_others: Any) -> None:
        if error is not None and takes is not None:
            abort(422, words_of(error, takes))

    return check


def _require_told(_request: Any, _response: Any, error: Exception | None, *_others: Any) -> None:
    """A view that tells something else than it says has a fault, and is told as one."""
    if error is not None:
        raise error


def _content_of(model: ModelClass) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{_name(model)}"}}}


def _name(model: ModelClass) -> str:
    return str(model.__name__)


def _own_name(_parent: str, child: str) -> str:
    return child
