"""A flat object of texts, however it is cut into pieces."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.coaching.ollama.unfolding import NoObjectError, Unfolding


def unfolded(text: str, size: int) -> list[tuple[str, str]]:
    unfolding = Unfolding()
    found = [
        member
        for place in range(0, len(text), size)
        for member in unfolding.feed(text[place : place + size])
    ]
    unfolding.close()
    return found


@given(
    st.dictionaries(st.text(max_size=20), st.text(max_size=80), max_size=6),
    st.integers(1, 40),
    st.sampled_from([None, 1]),
    st.booleans(),
)
def test_every_object_comes_out_as_json_reads_it(
    fields: dict[str, str], size: int, indent: int | None, ascii_only: bool
) -> None:
    if not fields:
        return
    written = json.dumps(fields, indent=indent, ensure_ascii=ascii_only)
    assert unfolded(f" {written}\n", size) == list(fields.items())


@given(st.text(max_size=60), st.integers(1, 20))
def test_whatever_comes_it_is_an_object_or_none(text: str, size: int) -> None:
    try:
        found = unfolded(text, size)
    except NoObjectError:
        return
    assert json.loads(text) == dict(found)


def test_a_member_is_there_with_its_last_letter() -> None:
    unfolding = Unfolding()
    assert list(unfolding.feed('{"a": "b')) == []
    assert list(unfolding.feed('"')) == [("a", "b")]


def test_it_does_not_grow_without_end() -> None:
    with pytest.raises(NoObjectError, match="too long"):
        unfolded('{"a": "' + "x" * 10_000, 100)
