"""The words of pages in other languages, from catalogues as translators know them."""

import gettext
import io
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def catalogue_of(language: str, folder: Path) -> gettext.NullTranslations:
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
