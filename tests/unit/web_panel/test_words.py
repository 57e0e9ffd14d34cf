"""Words in other languages, straight from a translator's catalogue."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from web_panel.words import catalogue_of

_PANEL = Path(__file__).resolve().parent.parent.parent.parent / "web_panel"
_PLACES = re.compile(r"%\(\w+\)s|\{\w+\}")

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
def test_every_word_of_the_screens_is_translated_with_its_places(language: str) -> None:
    known = {message.id: message for message in _catalogue(language) if message.id}
    written = _words_of_the_templates()
    assert written == set(known), "run the extraction again, and translate what is new"
    for text, message in known.items():
        assert isinstance(text, str)
        assert isinstance(message.string, str)
        assert message.string, text
        assert not message.fuzzy, text
        assert _PLACES.findall(message.string) == _PLACES.findall(text), text


def _catalogue(language: str) -> Catalog:
    with (_PANEL / "catalogues" / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def _words_of_the_templates() -> set[str]:
    """What stands in the templates to be translated."""
    options = {"trimmed": "true", "newstyle_gettext": "true"}
    found = extract_from_dir(
        _PANEL, method_map=[("**.html", "jinja2")], options_map={"**.html": options}
    )
    return {text for _, _, text, _, _ in found if isinstance(text, str)}
