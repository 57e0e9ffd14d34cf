"""Reports as one PDF, from the same page that a browser shows."""

import re
import warnings
from collections.abc import Sequence

from appliance.domain.errors import BoothError

_PRINT = """
@page { size: A4; margin: 18mm 16mm }
body { font-size: 12px; background: #fff }
main { max-width: none; padding: 0 }
h1 { font-size: 24px } h2 { font-size: 15px } h3 { font-size: 12px }
section { padding: 12px; margin-top: 12px; border-radius: 8px }
.columns, .measure, .rating, dl { display: block; break-inside: avoid }
.measures, .ratings { break-inside: auto }
.measure, .rating { padding: 8px 0 }
.value { font-size: 12px }
.bar { width: 45% }
svg.narrow { display: none }
.guide, .guide details { display: block }
"""
"""What differs on paper: WeasyPrint cannot break a grid between pages."""


class PdfError(BoothError, OSError):
    """A PDF cannot be made here."""

    code = "pdf"


def render_pdf(pages: Sequence[str]) -> bytes:
    """One PDF of the pages that `render_html` made, one after the other.

    Nothing is fetched: what a page names and does not hold is left out.

    Args:
        pages: self-contained HTML, at least one.

    Raises:
        PdfError: the library that lays text out is not installed.
    """
    try:
        with warnings.catch_warnings():
            # It tells that HarfBuzz's library for smaller fonts is missing, as on Ubuntu 22.04;
            # fontTools does that work then.
            warnings.simplefilter("ignore")
            # Here, since it needs Pango, which a booth may lack.
            import weasyprint  # noqa: PLC0415
            from weasyprint.urls import URLFetcher  # noqa: PLC0415
    except OSError as error:
        raise PdfError(
            "A PDF cannot be made: Pango is missing.",
            "Run './setup.sh demo' again, which installs it.",
        ) from error
    own = URLFetcher(allowed_protocols={"data"})
    documents = [
        weasyprint.HTML(string=_for_paper(page), url_fetcher=own).render() for page in pages
    ]
    sheets = [sheet for document in documents for sheet in document.pages]
    made: bytes = documents[0].copy(sheets).write_pdf()
    return made


def _for_paper(page: str) -> str:
    """The page in its light colours, which are put in place since pictures cannot look them up."""
    root = re.search(r":root \{(.*?)\}", page, re.DOTALL)
    colours = dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]+)", root[1] if root else ""))
    page = re.sub(r"var\((--[a-z-]+)\)", lambda used: colours.get(used[1], "#000"), page)
    return page.replace("</head>", f"<style>{_PRINT}</style></head>", 1)
