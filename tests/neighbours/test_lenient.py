"""What cannot be a value costs that value only."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from main_controller.neighbours import lenient

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.parametrize(
    "text",
    [
        b"NaN",
        b"Infinity",
        b"-Infinity",
        b"1e999",
        b"-1e999",
        b"18446744073709551616",
        b"-9223372036854775809",
        b"9" * 5000,
        b'"\\ud800"',
        b'"a\\udc00b"',
        b'"\xff"',
        b'"\xed\xa0\x80"',
    ],
)
def test_an_impossible_value_becomes_null_and_its_neighbours_stay(text: bytes) -> None:
    assert lenient.loads(b'{"a": [1, ' + text + b', "x"], "b": 2.5}') == {"a": [1, None, "x"], "b": 2.5}


def test_the_largest_integers_survive() -> None:
    assert lenient.loads(b"[18446744073709551615, -9223372036854775808]") == [2**64 - 1, -(2**63)]


def test_a_name_that_is_no_text_goes_with_its_value() -> None:
    assert lenient.loads(b'{"\\ud800": 1, "b": 2}') == {"b": 2}


@pytest.mark.parametrize("text", [b"", b"{", b'{"a":', b"<html>", b"{'a': 1}", b"[1,]", b"[" * 100000, b"1 2"])
def test_what_is_no_json_is_a_value_error(text: bytes) -> None:
    with pytest.raises(ValueError):
        lenient.loads(text)


@given(JSON_VALUES)
def test_good_json_is_read_as_it_is(value: object) -> None:
    assert lenient.loads(json.dumps(value).encode()) == value


@given(st.binary())
def test_no_bytes_raise_anything_but_a_value_error(body: bytes) -> None:
    with contextlib.suppress(ValueError):
        lenient.loads(body)
