"""The timeline of an answer as a picture of its own, in the colours of the screen."""

from flask import Response

from appliance.domain.observations import Span
from appliance.domain.report import Report
from appliance.reporting.html import report_words
from appliance.reporting.timeline_picture import PictureSize, timeline_svg

_COLOURS = (
    "<style>svg{--paper:#fbfaf7;--card:#fff;--ink:#1b2326;--quiet:#566166;--line:#d9dcd8;"
    "--accent:#0b5d5a;--soft:#d8e6e3;--amber:#a35200;--amber-soft:#fbead2}"
    "@media(prefers-color-scheme:dark){svg{--paper:#14191b;--card:#1c2326;--ink:#ecefee;"
    "--quiet:#a9b4b6;--line:#39444a;--accent:#6cc5bd;--soft:#23413f;--amber:#f0a94e;"
    "--amber-soft:#47351c}}.mark{visibility:visible}</style>"
)


def timeline_image(report: Report, size: PictureSize, mark: Span | None) -> Response:
    """An SVG file; it styles itself, which the policy of the pages would not let it do there.

    Args:
        report: of the answer.
        size: of the picture.
        mark: a place that somebody looks for.
    """
    svg = timeline_svg(report, size, () if mark is None else (mark,), report_words(report))
    head, bracket, rest = svg.partition(">")
    response = Response(f"{head}{bracket}{_COLOURS}{rest}", mimetype="image/svg+xml")
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response
