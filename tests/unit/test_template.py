"""What a header may say, and what a question makes of its arguments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mce_graph import library
from mce_graph.errors import ParameterError, TemplateError, UsageError
from mce_graph.statement import ALL
from mce_graph.template import Template, parse

HEADER = """/*
title    = "T"
question = "Q?"
actors   = ["care-agent"]
access   = "read"
returns  = "many"
key      = ["uid"]
timeout  = 5

[params]
customer = { type = "ref[Customer]", help = "Who", example = "C-1" }
thing    = { type = "ref[User|Account]", optional = true, help = "What" }
depth    = { type = "int", literal = true, default = 3, min = 1, max = 6, help = "Hops" }
kind     = { type = "string", optional = true, choices = ["primary", "guest"], help = "Kind" }
share    = { type = "float", default = 0.5, min = 0, max = 1, help = "Share" }
since    = { type = "datetime", default = "as_of-30d", help = "From" }
until    = { type = "datetime", default = "as_of", help = "To" }
as_of    = { type = "datetime", default = "now", help = "When" }
limit    = { type = "int", default = 100, min = 1, help = "Rows" }

[columns]
uid = { type = "string", help = "Key" }
*/
MATCH (c:Customer {uid: $customer})-[:OWNS*1../*=depth*/3]->(n)
WHERE $kind IS NULL AND $share > 0 AND $since < $until AND n.uid <> $thing AND $as_of > $since
RETURN n.uid AS uid LIMIT $limit
"""
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def template() -> Template:
    return parse(HEADER, "identify.test")


def bound(template: Template, **given: Any) -> dict[str, Any]:
    return dict(template.bind({"customer": "C-1", **given}, now=NOW).statement.params)


def test_defaults_are_filled_in(template: Template) -> None:
    assert bound(template) == {
        "customer": "Customer:C-1",
        "thing": None,
        "kind": None,
        "share": 0.5,
        "since": NOW - timedelta(days=30),
        "until": NOW,
        "as_of": NOW,
        "limit": 101,
    }


def test_a_window_follows_as_of_wherever_it_is_declared(template: Template) -> None:
    asked = bound(template, as_of="2026-06-01T00:00Z")
    assert asked["until"] == datetime(2026, 6, 1, tzinfo=UTC)
    assert asked["since"] == datetime(2026, 5, 2, tzinfo=UTC)


def test_a_literal_stands_in_the_text_and_not_among_the_parameters(template: Template) -> None:
    statement = template.bind({"customer": "C-1", "depth": 5}).statement
    assert "*1..5]" in statement.text
    assert "depth" not in statement.params


@pytest.mark.parametrize("given", [None, "all", ALL])
def test_no_limit_sends_the_greatest_integer(template: Template, given: object) -> None:
    assert bound(template, limit=given)["limit"] == ALL


@pytest.mark.parametrize(
    ("given", "uid"),
    [
        ("C-1001", "Customer:C-1001"),
        ("Customer:C-1001", "Customer:C-1001"),
        (" C-1 ", "Customer:C-1"),
        ("urn:x:1", "Customer:urn:x:1"),
    ],
)
def test_a_reference_is_completed(template: Template, given: str, uid: str) -> None:
    assert bound(template, customer=given)["customer"] == uid


def test_a_bare_id_of_several_labels_waits_for_the_graph(template: Template) -> None:
    asked = template.bind({"customer": "C-1", "thing": "X-1"})
    assert [p.candidates for p in asked.pending] == [["User:X-1", "Account:X-1"]]
    assert not template.bind({"customer": "C-1", "thing": "User:X-1"}).pending


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"customer": ""}, "empty"),
        ({"customer": "User:U-1"}, "takes Customer"),
        ({"customer": 7}, "wants an id"),
        ({"depth": 40}, "depth=40 is outside 1..6"),
        ({"depth": True}, "wants a number"),
        ({"depth": "1_0"}, "whole number"),
        ({"depth": "٣"}, "whole number"),
        ({"share": "nan"}, "wants a number"),
        ({"share": 1.5}, "outside 0..1"),
        ({"kind": "secondry"}, "none of primary, guest"),
        ({"as_of": datetime(2026, 1, 1)}, "needs its zone"),
        ({"as_of": "2026-11-01T12:00"}, "without its zone"),
        ({"as_of": "2026"}, "not a time"),
        ({"since": "2026-11-01", "until": "2026-10-01"}, "not before"),
        ({"limit": 0}, "outside"),
        ({"limt": 5}, "no parameter 'limt'"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(template: Template, given: dict[str, object], said: str) -> None:
    with pytest.raises(ParameterError, match=said) as caught:
        template.bind({"customer": "C-1", **given})
    assert caught.value.message.startswith("identify.test")
    assert caught.value.hint


def test_a_missing_argument_is_named_with_an_example(template: Template) -> None:
    with pytest.raises(ParameterError, match="customer is missing") as caught:
        template.bind({})
    assert "C-1" in caught.value.hint


def test_times_are_sent_in_utc(template: Template) -> None:
    zoned = datetime(2026, 11, 1, 13, tzinfo=timezone(timedelta(hours=1)))
    assert bound(template, as_of=zoned)["as_of"].isoformat() == "2026-11-01T12:00:00+00:00"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("/*\ntitle", "title", "no header"),
        ('title    = "T"', "title    = ", "not TOML"),
        ('title    = "T"', "", "title is missing"),
        ('"care-agent"', '"nobody"', "who asks"),
        ('"read"', '"maybe"', "neither read nor write"),
        ('"many"', '"some"', "returns is none"),
        ("timeout  = 5", "timeout  = 0", "timeout"),
        ("timeout  = 5", "timeout  = 5\ncolour = 1", "unknown header entry 'colour'"),
        ('key      = ["uid"]', 'key      = ["id"]', "names no columns"),
        ("ref[Customer]", "ref[Custommer]", "names no label"),
        (', example = "C-1"', "", "shows an example"),
        ('"as_of-30d"', '"yesterday"', "none of now"),
        ("/*=depth*/3", "/*=depth*/4", "the text says 4"),
        ("1../*=depth*/3", "1..3", "no marker"),
        ("$share > 0", "true", "declared and not used"),
        ("$share > 0", "$shore > 0 AND $share > 0", "used and not declared"),
        ('uid = { type = "string"', 'uid = { type = "text"', "column uid"),
        ('limit    = { type = "int", default = 100, min = 1, help = "Rows" }', "", "used and not declared"),
    ],
)
def test_a_file_that_is_not_well_formed_is_refused(old: str, new: str, said: str) -> None:
    assert old in HEADER
    with pytest.raises(TemplateError, match=said):
        parse(HEADER.replace(old, new, 1), "identify.test")


def test_a_parameter_in_a_comment_or_a_text_is_none() -> None:
    parse(HEADER.replace("RETURN", "// $nothing\nWITH n, '$nothing' AS x RETURN"), "identify.test")


def test_an_unknown_question_gets_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        library.get("identify.custmer_360")
    assert "identify.customer_360" in caught.value.hint


@given(st.text())
def test_no_text_crashes_a_reference(text: str) -> None:
    template = parse(HEADER, "identify.test")
    try:
        asked = template.bind({"customer": text})
    except ParameterError:
        return
    assert str(asked.statement.params["customer"]).startswith("Customer:")


@given(st.text())
def test_no_text_crashes_a_time(text: str) -> None:
    template = parse(HEADER, "identify.test")
    try:
        asked = template.bind({"customer": "C-1", "as_of": text, "since": "1900-01-01", "until": "2200-01-01"})
    except ParameterError:
        return
    moment = asked.statement.params["as_of"]
    assert isinstance(moment, datetime)
    assert moment.utcoffset() == timedelta(0)
