"""The panel's own keyboard has the letters of each language."""

import pytest

from web_panel.keyboard import ACUTE, DIAERESIS, keyboard_of
from web_panel.words import languages

_OWN = {"en": "'£$", "de": "äöüß€„“", "es": f"ñ¿¡€{ACUTE}{DIAERESIS}"}


def test_each_language_of_the_panel_has_its_own() -> None:
    assert set(_OWN) == set(languages())


@pytest.mark.parametrize("language", languages())
def test_every_letter_digit_and_sign_of_a_language_is_there_once(language: str) -> None:
    pages = keyboard_of(language).pages
    written = "".join(pages["letters"] + pages["signs"])
    wanted = "abcdefghijklmnopqrstuvwxyz0123456789?!:;()-@%&/" + _OWN[language]
    assert set(wanted) <= set(written)
    assert len(set(written)) == len(written)
    assert sorted("".join(pages["digits"])) == list("123456789")


@pytest.mark.parametrize("language", languages())
def test_no_row_has_more_keys_than_a_finger_can_tell_apart(language: str) -> None:
    """On a screen of 800 px a key is 61 px wide, with capital letter and delete in the last row."""
    pages = keyboard_of(language).pages
    for first, second, last in (pages["letters"], pages["signs"]):
        assert max(len(first), len(second), len(last) + 2) <= 12


def test_a_language_without_a_keyboard_of_its_own_gets_the_english_one() -> None:
    assert keyboard_of("fr") == keyboard_of("en")
