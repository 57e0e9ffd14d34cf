"""Five words, as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.errors import WrongUsageError
from appliance.storage.practice_code import WORDS, Cost, keys_of, new_code, read_code

_CODE = "abandon zebra ability wrong apple"
_CHEAP = Cost(1, 1, 64)


def test_codes_are_new_each_time_and_read_as_they_are() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    for code in codes:
        assert len(code.split()) == WORDS
        assert read_code(code) == code


@pytest.mark.parametrize(
    "typed",
    [
        "Abandon Zebra ABILITY wrong apple",
        "  abandon-zebra-ability-wrong-apple\n",
        "aban zebr abil wron appl",
        "abandon, zebra; ability.wrong/apple!",
        "abandom zebra abilty wrong applle",
    ],
)
def test_people_may_type_it_as_they_like(typed: str) -> None:
    assert read_code(typed) == _CODE


@pytest.mark.parametrize("typed", ["", "abandon zebra", f"{_CODE} apple", "xyzzy " * 5])
def test_what_is_no_code_is_told_and_never_quoted(typed: str) -> None:
    with pytest.raises(WrongUsageError) as caught:
        read_code(typed)
    assert "zebra" not in str(caught.value)
    assert "xyzzy" not in str(caught.value)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_code_or_a_mistake(text: str) -> None:
    try:
        code = read_code(text)
    except WrongUsageError:
        return
    assert read_code(code) == code


def test_keys_depend_on_code_and_booth_and_do_not_show_themselves() -> None:
    keys = keys_of(_CODE, b"s" * 16, _CHEAP)
    assert keys == keys_of(_CODE, b"s" * 16, _CHEAP)
    assert keys.mark != keys.seal
    assert keys_of(_CODE, b"t" * 16, _CHEAP) != keys
    assert keys_of(new_code(), b"s" * 16, _CHEAP) != keys
    assert keys.seal.hex()[:8] not in repr(keys)
    assert str(keys.seal) not in repr(keys)
