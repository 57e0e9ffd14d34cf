"""Words in other languages, straight from a translator's catalogue."""

from pathlib import Path

from web_panel.words import catalogue_of

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
