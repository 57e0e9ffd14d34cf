"""Words in other languages, straight from a translator's catalogue."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from appliance.reporting.catalogue import catalogue_of

_ROOT = Path(__file__).resolve().parent.parent.parent.parent
_PLACES = re.compile(r"%\(\w+\)s|\{\w+(?::\w+)?\}")

CATALOGUE = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: de\\n"

msgid "Start"
msgstr "Los geht’s"
"""


def test_a_catalogue_is_read_as_it_is_and_what_it_lacks_stays_english(tmp_path: Path) -> None:
    (tmp_path / "de.po").write_text(CATALOGUE, encoding="utf-8")
    words = catalogue_of("de", tmp_path)
    assert words.gettext("Start") == "Los geht’s"
    assert words.gettext("Finish") == "Finish"


def test_a_language_without_a_catalogue_is_english(tmp_path: Path) -> None:
    assert catalogue_of("xx", tmp_path).gettext("Start") == "Start"


@pytest.mark.parametrize("language", ["de", "es"])
@pytest.mark.parametrize("folder", ["web_panel", "appliance/reporting"])
def test_every_word_of_screens_and_reports_is_translated_with_its_places(
    folder: str, language: str
) -> None:
    known = {message.id: message for message in _catalogue(folder, language) if message.id}
    written = _words_written_in(folder)
    assert written == set(known), "run the extraction again, and translate what is new"
    for text, message in known.items():
        assert isinstance(text, str)
        assert isinstance(message.string, str)
        assert message.string, text
        assert not message.fuzzy, text
        assert sorted(_PLACES.findall(message.string)) == sorted(_PLACES.findall(text)), text


def _catalogue(folder: str, language: str) -> Catalog:
    with (_ROOT / folder / "catalogues" / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def _words_written_in(folder: str) -> set[str]:
    """What stands in templates and code to be translated."""
    options = {"trimmed": "true", "newstyle_gettext": "true"}
    found = extract_from_dir(
        _ROOT / folder,
        method_map=[("**.html", "jinja2"), ("**.py", "python")],
        options_map={"**.html": options},
        keywords={**DEFAULT_KEYWORDS, "say": None},
    )
    return {text for _, _, text, _, _ in found if isinstance(text, str)}
