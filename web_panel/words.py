"""The words of the panel in each language, from catalogues as translators know them."""

import gettext
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask

from appliance.reporting.catalogue import catalogue_of

_LARGE = 10.0
_WRITTEN_IN = "en"
_CATALOGUES = Path(__file__).parent / "catalogues"


def languages() -> tuple[str, ...]:
    """The languages in which the panel has all its words."""
    return (_WRITTEN_IN, *sorted(path.stem for path in _CATALOGUES.glob("*.po")))


def say(text: str) -> str:
    """Mark words for the catalogues that are written here, and translated where a page says them.

    Programs are told them as they are.
    """
    return text


def speak(app: Flask, current: Callable[[], str]) -> None:
    """Let the templates of an application speak.

    Args:
        app: whose templates they are.
        current: the language in which a page is answered now, two letters.
    """
    known = {language: catalogue_of(language, _CATALOGUES) for language in languages()}
    unknown = gettext.NullTranslations()

    def words() -> gettext.NullTranslations:
        return known.get(current(), unknown)

    app.jinja_env.add_extension("jinja2.ext.i18n")
    install = app.jinja_env.install_gettext_callables  # type: ignore[attr-defined]
    install(
        lambda text: words().gettext(text),
        lambda one, many, count: words().ngettext(one, many, count),
        newstyle=True,
    )
    app.context_processor(lambda: {"language": current()})
    app.jinja_env.filters.update(
        day=lambda day: format_date(_day(day), "long", current()),
        told=lambda text: words().gettext(text),
        figure=lambda value: _figure(value, current()),
        own_name=lambda language: _name(language, language),
        name=lambda language: _name(language, current()),
    )


def _name(language: str, told_in: str) -> str:
    """What a language is called."""
    return Locale.parse(language).get_display_name(told_in) or language


def _day(number: int) -> date:
    """A day since 1970."""
    return date(1970, 1, 1) + timedelta(days=number)


def _figure(value: float, language: str) -> str:
    """A value with as many decimals as it is true to."""
    return format_decimal(value, "#,##0.#" if abs(value) < _LARGE else "#,##0", language)
