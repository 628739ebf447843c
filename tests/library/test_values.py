"""What becomes of the server's values: exactly what the table in ``result`` says, on the way in and on the way out."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from mce_graph import library, model
from mce_graph.errors import CardinalityError, ParameterError, QueryError, UsageError
from mce_graph.graph import Graph
from mce_graph.load.run import load
from mce_graph.load.stale import remove_stale
from mce_graph.result import Result, json_value
from mce_graph.statement import Summary
from mce_graph.template import Column

EAST = timezone(timedelta(hours=1))
VALUES: dict[str, tuple[object, object]] = {
    "9223372036854775807": (2**63 - 1, 2**63 - 1),
    "-9223372036854775807 - 1": (-(2**63), -(2**63)),
    "9007199254740993": (2**53 + 1, 2**53 + 1),
    "0.1": (0.1, 0.1),
    "1.0 / 0.0": (float("inf"), None),
    "true": (True, True),
    "null": (None, None),
    "'Zoë'": ("Zoë", "Zoë"),
    "[1, [2.5, 'a'], null]": ((1, (2.5, "a"), None), [1, [2.5, "a"], None]),
    "{a: [date('2026-11-01')]}": ({"a": (date(2026, 11, 1),)}, {"a": ["2026-11-01"]}),
    "date('2026-11-01')": (date(2026, 11, 1), "2026-11-01"),
    "date('0001-01-01')": (date(1, 1, 1), "0001-01-01"),
    "date('9999-12-31')": (date(9999, 12, 31), "9999-12-31"),
    "datetime('2026-11-01T12:00:00Z')": (datetime(2026, 11, 1, 12, tzinfo=UTC), "2026-11-01T12:00:00Z"),
    "datetime('2026-11-01T12:00:00.123456+05:30')": (
        datetime(2026, 11, 1, 6, 30, 0, 123456, UTC),
        "2026-11-01T06:30:00.123456Z",
    ),
    "datetime('2026-10-25T02:30:00+01:00[Europe/Paris]')": (
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        "2026-10-25T01:30:00Z",
    ),
    "datetime('2026-10-25T02:30:00+02:00[Europe/Paris]')": (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        "2026-10-25T00:30:00Z",
    ),
    "datetime('9999-12-31T23:59:59.999999Z')": (
        datetime(9999, 12, 31, 23, 59, 59, 999999, UTC),
        "9999-12-31T23:59:59.999999Z",
    ),
    "datetime('0001-01-01T00:00:00Z')": (None, None),
    "datetime('0001-01-01T00:00:01Z')": (datetime(1, 1, 1, 0, 0, 1, tzinfo=UTC), "0001-01-01T00:00:01Z"),
    "localdatetime('2026-11-01T12:00:00')": (datetime(2026, 11, 1, 12), "2026-11-01T12:00:00"),
    "time('12:00:00.5+01:00')": (time(12, 0, 0, 500000, EAST), "12:00:00.500000+01:00"),
    "localtime('12:00')": (time(12), "12:00:00"),
    "duration('P1Y2M3DT4.000000005S')": ("P1Y2M3DT4.000000005S", "P1Y2M3DT4.000000005S"),
    "point({x: 1, y: 2})": ({"srid": 7203, "x": 1.0, "y": 2.0}, {"srid": 7203, "x": 1.0, "y": 2.0}),
    "point({longitude: 2.5, latitude: 1.5, height: 3})": (
        {"srid": 4979, "x": 2.5, "y": 1.5, "z": 3.0},
        {"srid": 4979, "x": 2.5, "y": 1.5, "z": 3.0},
    ),
}


@pytest.mark.parametrize("text", VALUES)
def test_a_value_comes_out_as_the_table_says(text: str, graph: Graph) -> None:
    value = graph.cypher(f"RETURN {text} AS x").value()
    expected, in_json = VALUES[text]
    assert value == expected
    assert type(value) is type(expected)
    assert json_value(value) == in_json
    if isinstance(value, datetime) and value.tzinfo:
        assert value.tzinfo is UTC


def test_nanoseconds_are_cut_never_rounded(graph: Graph) -> None:
    at = "12:00:00.999999999"
    row = graph.cypher(
        f"RETURN datetime('2026-11-01T{at}Z') AS a, localdatetime('2026-11-01T{at}') AS b, time('{at}Z') AS c"
    ).one()
    assert row["a"] == datetime(2026, 11, 1, 12, 0, 0, 999999, UTC)
    assert row["b"] == datetime(2026, 11, 1, 12, 0, 0, 999999)
    assert row["c"] == time(12, 0, 0, 999999, UTC)


def test_durations_and_points_go_back_unchanged(graph: Graph) -> None:
    text = "duration({months: -1, days: 2, seconds: -3, nanoseconds: 1})"
    back = graph.cypher(f"RETURN {text} AS d, point({{longitude: 2.5, latitude: 1.5}}) AS p").one()
    same = f"RETURN duration($d) = {text} AND point($p) = point({{longitude: 2.5, latitude: 1.5}}) AS same"
    assert graph.cypher(same, dict(back)).value() is True


@pytest.mark.parametrize("text", ["date({year: -5})", "datetime({year: 10000})"])
def test_years_that_python_lacks_are_refused_in_words(text: str, graph: Graph) -> None:
    with pytest.raises(QueryError, match=r"year outside 1\.\.9999"):
        graph.cypher(f"RETURN {text} AS x")


def test_nodes_relationships_and_paths_are_plain_values(story: Graph) -> None:
    row = story.cypher(
        "MATCH p = (c:Customer {uid: $c})-[r:HOLDS_ACCOUNT]->(:Account {uid: $a}) RETURN c, r, p, p AS again",
        {"c": "Customer:C-1001", "a": "Account:A-1001"},
    ).one()
    assert row["p"] == ("Customer:C-1001", "-HOLDS_ACCOUNT->", "Account:A-1001")
    assert isinstance(row["c"], dict)
    assert row["c"]["labels"] == ("Customer",)
    assert isinstance(row["r"], dict)
    assert row["r"]["type"] == "HOLDS_ACCOUNT"


def test_a_naive_time_is_refused_by_every_question(graph: Graph) -> None:
    asked = 0
    for template in library.questions():
        given = {p.name: p.example for p in template.parameters if p.required}
        for p in template.parameters:
            for naive in (datetime(2026, 11, 1, 12), "2026-11-01T12:00"):
                if p.type == "datetime":
                    with pytest.raises(ParameterError, match="zone"):
                        graph.run(template.id, **{**given, p.name: naive})
                    asked += 1
    assert asked > 20


def test_a_naive_time_is_refused_by_a_load(graph: Graph) -> None:
    naive = datetime(2026, 11, 1)
    with pytest.raises(UsageError, match=r"extracted-at.* zone"):
        load(graph, extracted_at=naive)
    with pytest.raises(UsageError, match=r"now.* zone"):
        load(graph, now=naive)
    with pytest.raises(UsageError, match=r"now.* zone"):
        remove_stale(graph, "CRM", now=naive)


def test_temporal_and_spatial_values_go_in_exactly(graph: Graph) -> None:
    from neo4j.spatial import WGS84Point
    from neo4j.time import DateTime

    for value, text in {
        date(2026, 11, 1): "date('2026-11-01')",
        time(12, 0, 0, 500000): "localtime('12:00:00.5')",
        timedelta(days=1, seconds=-1, microseconds=1): "duration('PT86399.000001S')",
        datetime(2026, 11, 1, 12, 0, 0, 1, EAST): "datetime('2026-11-01T11:00:00.000001Z')",
        DateTime(2026, 11, 1, 12, 0, 0, 123456789, UTC): "datetime('2026-11-01T12:00:00.123456789Z')",
        WGS84Point((2.5, 1.5)): "point({longitude: 2.5, latitude: 1.5})",
    }.items():
        assert graph.cypher(f"RETURN $v = {text} AS same", {"v": value}).value() is True, text
    with pytest.raises(ParameterError, match="zone"):
        graph.cypher("RETURN $v AS v", {"v": DateTime(2026, 11, 1, 12)})
    with pytest.raises(ParameterError) as refused:
        graph.cypher("RETURN $v AS v", {"v": [time(12, 0, tzinfo=EAST)]})
    assert refused.value.hint == "send its text: time($v[0])"
    assert graph.cypher("RETURN time($v) AS v", {"v": "12:00+01:00"}).value() == time(12, 0, tzinfo=EAST)


def test_an_instant_means_the_same_in_every_zone(story: Graph) -> None:
    noon = datetime(2026, 11, 1, 12, tzinfo=UTC)
    asked = [story.identify.account_users("A-1001", as_of=at).rows for at in (noon, noon.astimezone(EAST))]
    assert asked[0] == asked[1]


def result(*values: object, columns: int = 1) -> Result[dict[str, object]]:
    names = [f"c{i}" for i in range(columns)]
    rows = tuple(dict.fromkeys(names, value) for value in values)
    return Result(rows, tuple(Column(n, "any", "") for n in names), False, Summary(), "own.test")


def test_value_wants_one_row_of_one_column() -> None:
    assert result(7).value() == 7
    for odd in (result(), result(1, 2), result(1, columns=2)):
        with pytest.raises(CardinalityError):
            odd.value()


def test_json_has_no_nan() -> None:
    assert json_value([float("nan"), {"x": float("-inf")}, b"\x00\xff"]) == [None, {"x": None}, "AP8="]
    assert json_value(model.BEGINNING) == "0001-01-01T00:00:00Z"
