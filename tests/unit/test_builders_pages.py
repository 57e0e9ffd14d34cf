"""The pages for builders say what the code does."""

import math
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import weasyprint

from appliance.devices.controls.button import WIPE_S
from appliance.devices.controls.lights import PATTERNS, FaultLight
from appliance.perception.gaze import TOWARD_PITCH_DEG

_ROOT = Path(__file__).parents[2]
_BUILD = _ROOT / "docs/build"
_PEOPLE_DIFFER_DEG = 8.0
"""As appliance/perception/gaze.py has it."""

_MARKDOWN = sorted(_BUILD.glob("*.md"))
_NO_MACHINE_SCRIPT = {
    "boot-files.sh",
    "bundle.sh",
    "from-bundle.sh",
    "installation.sh",
    "library.sh",
    "lock-dependencies.sh",
}


def _page(name: str) -> str:
    return (_BUILD / name).read_text(encoding="utf-8")


def test_each_blink_code_has_a_heading_in_its_own_words() -> None:
    found = re.findall(r"^## (\d) blinks?: (.*)$", _page("troubleshooting.md"), re.MULTILINE)
    assert found == [
        (str(pattern.blinks), pattern.meaning)
        for light, pattern in PATTERNS.items()
        if isinstance(light, FaultLight)
    ]


def test_the_lens_is_no_further_from_the_question_than_the_measure_of_gaze_bears() -> None:
    rows = re.findall(r"^\| (\d+) cm \| (\d+) cm \|$", _page("assembly.md"), re.MULTILINE)
    assert len(rows) == 4
    left = math.tan(math.radians(TOWARD_PITCH_DEG - _PEOPLE_DIFFER_DEG))
    assert [int(farthest) for _, farthest in rows] == [int(int(away) * left) for away, _ in rows]


def test_every_script_for_a_machine_is_on_the_page_of_scripts() -> None:
    scripts = {path.name for path in (_ROOT / "firmware_scripts").glob("*.sh")}
    listed = set(re.findall(r"^\| `([a-z-]+\.sh)` \|", _page("firmware.md"), re.MULTILINE))
    assert listed == scripts - _NO_MACHINE_SCRIPT


@pytest.mark.parametrize("page", _MARKDOWN, ids=lambda path: path.stem)
def test_what_a_page_links_to_is_there(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
    inside = [link for link in links if not link.startswith("https://")]
    assert [link for link in inside if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", _MARKDOWN, ids=lambda path: path.stem)
def test_a_script_that_a_page_names_is_there(page: Path) -> None:
    named = re.findall(r"firmware_scripts/([a-z-]+\.sh)", page.read_text(encoding="utf-8"))
    assert [name for name in named if not (_ROOT / "firmware_scripts" / name).exists()] == []


class _Sign(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.languages: list[str] = []
        self.addresses: list[str] = []
        self.promises: dict[str, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "section":
            self.languages.append(given["lang"] or "")
        elif tag == "li":
            language = self.languages[-1]
            self.promises[language] = self.promises.get(language, 0) + 1
        self.addresses += [value or "" for key, value in attrs if key in {"href", "src"}]


def test_the_sign_promises_the_same_in_each_language_of_the_panel() -> None:
    sign = _Sign()
    sign.feed(_page("privacy-sign.html"))
    catalogues = {path.stem for path in (_ROOT / "web_panel/catalogues").glob("*.po")}
    assert set(sign.languages) == {"en", *catalogues}
    assert len(set(sign.promises.values())) == 1
    assert all(address.startswith("#") for address in sign.addresses)


def test_the_sign_prints_on_one_page_for_each_language() -> None:
    printed = weasyprint.HTML(filename=str(_BUILD / "privacy-sign.html")).render()
    assert len(printed.pages) == _page("privacy-sign.html").count("<section lang=")


def test_the_sign_says_how_long_the_button_is_held_to_stop() -> None:
    assert WIPE_S == 5.0
    for words in ("for five seconds", "fünf Sekunden", "cinco segundos"):
        assert words in _page("privacy-sign.html")


def test_the_legal_page_sends_people_to_their_counsel_and_to_the_sources() -> None:
    legal = _page("legal.md")
    assert "no legal advice. Ask your counsel" in legal
    for source in ("eli/reg/2024/1689", "eli/reg/2016/679", "ilcs3.asp?ActID=3004"):
        assert source in legal
    assert 'profile = "observations"' in legal
