"""The words of the panel in the language of the site, from catalogues as translators know them."""

import gettext
import io
from datetime import date, timedelta
from pathlib import Path

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from flask import Flask

_LARGE = 10.0
_CATALOGUES = Path(__file__).parent / "catalogues"


def catalogue_of(language: str, folder: Path = _CATALOGUES) -> gettext.NullTranslations:
    """The words of a language; English, in which the templates are written, where there are none.

    The catalogues are compiled when they are read, so that a booth needs no step to build them.

    Args:
        language: two letters, ISO 639-1.
        folder: of the catalogues.
    """
    path = folder / f"{language}.po"
    if not path.is_file():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def speak(app: Flask, language: str) -> None:
    """Let the templates of an application speak a language."""
    words = catalogue_of(language)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    install = app.jinja_env.install_gettext_callables  # type: ignore[attr-defined]
    install(words.gettext, words.ngettext, newstyle=True)
    app.jinja_env.globals["language"] = language
    app.jinja_env.filters["day"] = lambda day: format_date(_day(day), "long", language)
    app.jinja_env.filters["figure"] = lambda value: _figure(value, language)


def _day(number: int) -> date:
    """A day since 1970."""
    return date(1970, 1, 1) + timedelta(days=number)


def _figure(value: float, language: str) -> str:
    """A value with as many decimals as it is true to."""
    return format_decimal(value, "#,##0.#" if abs(value) < _LARGE else "#,##0", language)
