"""A JSON document that comes in chunks is read as one that comes whole, wherever it is cut."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mce_graph.load.strictjson import JsonStream, StrictJsonError, TooLongError, strict_json

scalars = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
)
values = st.recursive(
    scalars | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=8,
)
texts = st.builds(
    lambda value, indent: json.dumps(value, indent=indent, ensure_ascii=False), values, st.none() | st.just(1)
)
broken = st.builds(
    lambda text, at, sign: text[:at] + sign + text[at:], texts, st.integers(0, 40), st.sampled_from('[]{},"1')
)


def chunks(data: bytes, size: int) -> Iterator[bytes]:
    for at in range(0, len(data), size):
        yield data[at : at + size]


def streamed(data: bytes, size: int) -> object:
    stream = JsonStream(chunks(data, size), 1000)
    entries = list(stream)
    return entries if stream.listed else entries[0]


def told(read: Callable[[], object]) -> object:
    """What is read, or the place of the fault."""
    try:
        return read()
    except StrictJsonError as error:
        return StrictJsonError, str(error)


@settings(max_examples=500, deadline=None)
@given(texts | broken, st.integers(1, 9))
@example("[12345678901234567890.5, 1]", 1)
@example("[]", 1)
@example("[1,]", 2)
@example("[1] x", 3)
@example('\ufeff[{"a": 1, "a": 2}]', 1)
@example("[NaN]", 2)
@example('[1,\n 2,\n  "\\ud800"]', 4)
def test_in_chunks_it_is_what_it_is_as_a_whole(text: str, size: int) -> None:
    data = text.encode("utf-8", "surrogatepass")
    assert told(lambda: streamed(data, size)) == told(lambda: strict_json(data))


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_a_fault_is_told_with_its_place(size: int) -> None:
    with pytest.raises(StrictJsonError, match=r"line 3, column 7: Expecting"):
        streamed(b'[{"a": 1},\n {"b": 2},\n {"c" 3}]', size)
    with pytest.raises(StrictJsonError, match=r"line 2, column 2: Extra data"):
        streamed(b"[1]\n 2", size)


def test_a_value_that_has_no_end_is_not_read_for_ever() -> None:
    with pytest.raises(TooLongError):
        list(JsonStream(chunks(b'["' + b"x" * 100_000, 100), 1000))


def test_entries_come_before_the_end_of_the_document() -> None:
    taken = []

    def counted() -> Iterator[bytes]:
        for _ in range(1000):
            taken.append(1)
            yield b'{"a": 1},' if taken[1:] else b'[{"a": 1},'

    entries = iter(JsonStream(counted(), 1000))
    assert [next(entries) for _ in range(3)] == [{"a": 1}] * 3
    assert len(taken) < 6
