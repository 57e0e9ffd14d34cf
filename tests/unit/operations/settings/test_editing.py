"""Settings are changed in the text of their file, and all else stays as somebody wrote it."""

import difflib
from pathlib import Path
from typing import Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.errors import WrongUsageError
from appliance.operations.settings.editing import edited

EXAMPLE = (Path(__file__).parents[4] / "systemd" / "booth.toml").read_text(encoding="utf-8")


def changed_lines(before: str, after: str) -> list[str]:
    compared = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in compared if line[0] in "+-"]


def test_a_new_setting_comes_below_the_comment_that_shows_it() -> None:
    after = edited(EXAMPLE, {("site", "name"): "Library", ("camera", "rate_hz"): 10})
    assert changed_lines(EXAMPLE, after) == ['+ name = "Library"', "+ rate_hz = 10"]
    lines = after.splitlines()
    assert lines[lines.index('name = "Library"') - 1] == '#name = ""'


def test_comments_order_and_line_endings_stay() -> None:
    before = '# ours\n[site]\r\nname = "a"   # why\n\n# the camera\n[camera]\nwidth_px = 640\n'
    after = edited(before, {("site", "name"): "b", ("site", "language"): "de"})
    assert after == (
        '# ours\n[site]\r\nlanguage = "de"\nname = "b"   # why\n\n# the camera\n[camera]\n'
        "width_px = 640\n"
    )


def test_a_setting_that_is_not_set_any_more_is_taken_out() -> None:
    before = "[controls]\nbutton_pin = 17\npull_up = true\n"
    assert edited(before, {("controls", "button_pin"): None}) == "[controls]\npull_up = true\n"
    assert edited("", {("controls", "button_pin"): None}) == ""


@pytest.mark.parametrize(
    "before",
    [
        "",
        "[site]",
        'site.name = "a"\n',
        'site = {name = "a"}\n',
        '[camera]\nidentity = """\n[site]\n#language =\n"""\n',
        '[ "site" ]\nname = "a"\n',
        "[storage]\nretention_days = 3 # days\n[site] # here\n",
    ],
)
def test_however_a_file_is_written_it_says_what_was_wanted(before: str) -> None:
    after = edited(before, {("site", "language"): "de", ("storage", "retention_days"): 30})
    was, now = tomli.loads(before), tomli.loads(after)
    assert now["site"] == {**was.get("site", {}), "language": "de"}
    assert now["storage"] == {"retention_days": 30}
    assert now.get("camera") == was.get("camera")


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["site", "camera", "odd"]), st.sampled_from(["a", "b-c"])),
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(-9, 9999),
            st.text(alphabet=st.characters(codec="utf-8"), max_size=9),
            st.lists(st.text(max_size=5), max_size=3),
        ),
    )
)
def test_whatever_is_written_is_read_again_as_it_was(changes: dict[tuple[str, str], Any]) -> None:
    read = tomli.loads(edited("[site]\n#a = 1\n\n[camera]\na = 2 # two\n", changes))
    for (section, key), value in changes.items():
        assert read.get(section, {}).get(key) == value


def test_a_file_that_is_no_toml_is_left_alone() -> None:
    with pytest.raises(WrongUsageError, match="no TOML"):
        edited("[site", {("site", "name"): "b"})
    with pytest.raises(WrongUsageError):
        edited("site = 3\n", {("site", "name"): "b"})
