"""Parameters computed from others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mce_graph import derived
from mce_graph.errors import ParameterError


@pytest.mark.parametrize(
    ("term", "region", "number"),
    [
        ("+44 7700 900123", None, "+447700900123"),
        ("0044 (0)7700-900123", "GB", "+447700900123"),
        ("07700 900123", "gb", "+447700900123"),
        ("07700 900123", None, "07700900123"),
        ("anna@example.org", None, None),
        ("C-1001", None, None),
        ("", None, None),
    ],
)
def test_a_phone_number_is_read_in_any_format(term: str, region: str | None, number: str | None) -> None:
    assert derived.e164(term, region) == number


def test_an_unknown_region_is_refused() -> None:
    with pytest.raises(ParameterError, match="region"):
        derived.e164("07700 900123", "Nowhere")


def test_words_for_the_full_text_index_hold_no_operator() -> None:
    assert derived.lucene('O\'Brien (Zoë) AND "x*"') == '"O" AND "Brien" AND "Zoë" AND "AND" AND "x"'
    assert derived.lucene("***") == '""'


@given(st.text())
def test_no_text_breaks_a_full_text_query(text: str) -> None:
    words = derived.lucene(text)
    assert words.count('"') % 2 == 0
    assert not set(words.replace('"', "").replace(" AND ", "")) & set("+-!(){}[]^~*?:\\/&|")


def test_a_term_may_be_the_id_of_anything() -> None:
    assert "Customer:C-1" in derived.uids("C-1")
    assert "SourceRecord:C-1" not in derived.uids("C-1")
    assert derived.uids("Account:A-1") == ["Account:A-1"]
