"""Data frames, Arrow tables, networkx graphs and notebook tables of the same answers."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from mce_graph import frames
from mce_graph.errors import MissingExtraError
from mce_graph.graph import Graph
from mce_graph.result import GraphResult, Node, Relationship, Result
from mce_graph.statement import Summary
from mce_graph.template import Column

COLUMNS = (
    Column("uid", "string", "Who", pii="identifier"),
    Column("n", "int", "How often", unit="calls"),
    Column("share", "float", "Part", unit="ratio"),
    Column("open", "boolean", "Still open"),
    Column("at", "datetime", "When"),
    Column("born", "date", "Birthday", pii="birth"),
    Column("path", "list[string]", "Way"),
    Column("steps", "list[int]", "Steps"),
    Column("more", "map", "The rest"),
    Column("loose", "any", "Nobody knows"),
)
FULL = {
    "uid": "User:<b>1</b>",
    "n": 2**53 + 1,
    "share": 0.1,
    "open": True,
    "at": datetime(2026, 11, 1, 12, 0, 0, 1, UTC),
    "born": date(1950, 2, 28),
    "path": ("a", "b"),
    "steps": (1, 2**60),
    "more": {"k": (1, date(2026, 1, 1))},
    "loose": 1,
}
EMPTY: dict[str, object] = dict.fromkeys(FULL)
FAR = {
    **EMPTY, "at": datetime(9999, 12, 31, 23, 59, 59, 999999, UTC), "born": date(1, 1, 1), "path": (), "loose": "x",
}  # fmt: skip


def made(*rows: dict[str, object]) -> Result[dict[str, object]]:
    return Result(rows, COLUMNS, True, Summary(), "own.test")


def test_arrow_has_every_value_its_type_and_its_meaning() -> None:
    pa = pytest.importorskip("pyarrow")
    table = made(FULL, EMPTY, FAR).to_arrow()
    assert [str(f.type) for f in table.schema] == [
        "string", "int64", "double", "bool", "timestamp[us, tz=UTC]", "date32[day]", "list<item: string>",
        "list<item: int64>", "string", "string",
    ]  # fmt: skip
    rows = table.to_pylist()
    assert rows[0] == {
        **FULL, "path": ["a", "b"], "steps": [1, 2**60], "more": '{"k": [1, "2026-01-01"]}', "loose": "1",
    }  # fmt: skip
    assert rows[1] == EMPTY
    assert rows[2] == {**FAR, "path": [], "loose": '"x"'}
    assert table.schema.field("n").metadata == {b"type": b"int", b"help": b"How often", b"unit": b"calls"}
    assert table.schema.field("born").metadata[b"pii"] == b"birth"
    assert table.schema.metadata == {b"question": b"own.test", b"truncated": b"true"}
    assert made().to_arrow().schema.field("at").type == pa.timestamp("us", tz="UTC")


def test_polars_has_every_value_and_its_type() -> None:
    pl = pytest.importorskip("polars")
    frame = made(FULL, EMPTY, FAR).to_polars()
    assert dict(frame.schema) == {
        "uid": pl.String, "n": pl.Int64, "share": pl.Float64, "open": pl.Boolean, "at": pl.Datetime("us", "UTC"),
        "born": pl.Date, "path": pl.List(pl.String), "steps": pl.List(pl.Int64), "more": pl.String, "loose": pl.String,
    }  # fmt: skip
    rows = frame.to_dicts()
    assert rows[0]["n"] == 2**53 + 1
    assert rows[0]["at"] == FULL["at"]
    assert rows[1] == EMPTY
    assert rows[2]["at"] == FAR["at"]
    assert rows[2]["born"] == date(1, 1, 1)
    assert made().to_polars().schema["at"] == pl.Datetime("us", "UTC")


def test_pandas_has_every_value_and_its_type() -> None:
    pd = pytest.importorskip("pandas")
    frame = made(FULL, EMPTY, FAR).to_pandas()
    assert {c: str(t) for c, t in frame.dtypes.items()} == {
        "uid": "string", "n": "Int64", "share": "float64", "open": "boolean", "at": "datetime64[us, UTC]",
        "born": "object", "path": "object", "steps": "object", "more": "object", "loose": "object",
    }  # fmt: skip
    assert frame["n"][0] == 2**53 + 1
    assert frame["at"][0] == FULL["at"]
    assert frame["at"][2].to_pydatetime() == FAR["at"]
    assert frame["born"][2] == date(1, 1, 1)
    assert frame["steps"][0] == [1, 2**60]
    assert frame["more"][0] == FULL["more"]
    assert frame["n"].isna().tolist() == [False, True, True]
    assert pd.isna(frame["at"][1])
    assert frame.attrs["columns"]["n"] == {"type": "int", "help": "How often", "unit": "calls"}
    assert str(made().to_pandas().dtypes["at"]) == "datetime64[us, UTC]"


def test_an_answer_of_the_graph_goes_through_all_three(story: Graph) -> None:
    for extra in ("pyarrow", "polars", "pandas"):
        pytest.importorskip(extra)
    answer = story.identify.account_users("A-1001", as_of="2026-11-01T12:00Z")
    as_lists = [tuple(row) for row in answer.tuples()]
    assert [tuple(r.values()) for r in answer.to_arrow().to_pylist()] == as_lists
    assert answer.to_polars().rows() == as_lists
    frame = answer.to_pandas()
    assert frame["user_uid"].tolist() == [row.user_uid for row in answer]
    assert [None if x is frame["valid_to"].dtype.na_value else x for x in frame["valid_to"]] == [
        row.valid_to for row in answer
    ]


def test_cypher_of_ones_own_goes_through_all_three(graph: Graph) -> None:
    text = (
        "UNWIND [1, 2] AS i RETURN i, i / 2.0 AS half, date('2026-11-01') AS day, {a: i} AS m, [i] AS l, 'x' AS `a b`"
    )
    answer = graph.cypher(text)
    assert [c.type for c in answer.columns] == ["int", "float", "date", "map", "list[int]", "string"]
    pytest.importorskip("pyarrow")
    pytest.importorskip("polars")
    assert answer.to_arrow().to_pylist()[1] == {
        "i": 2, "half": 1.0, "day": date(2026, 11, 1), "m": '{"a": 2}', "l": [2], "a b": "x",
    }  # fmt: skip
    assert answer.to_polars()["l"].to_list() == [[1], [2]]
    assert graph.cypher("UNWIND [1, 'a', date('2026-11-01')] AS x RETURN x").to_polars()["x"].to_list() == [
        "1",
        '"a"',
        '"2026-11-01"',
    ]
    assert graph.cypher("UNWIND [] AS x RETURN x").to_polars().columns == ["x"]


GRAPH = GraphResult(
    (Node("User:1", ("User",), {"nickname": "Zoë", "uid": "User:1"}), Node("Account:1", ("Account",), {})),
    (
        Relationship("USES_ACCOUNT", "User:1", "Account:1", {"role": "guest"}),
        Relationship("USES_ACCOUNT", "User:1", "Account:1", {"role": "secondary"}),
    ),
    False,
    Summary(),
    "own.picture",
)


def test_networkx_has_every_node_and_both_of_two_like_relationships() -> None:
    pytest.importorskip("networkx")
    graph = GRAPH.to_networkx()
    assert graph.nodes["User:1"] == {"nickname": "Zoë", "uid": "User:1", "labels": ("User",)}
    assert sorted(graph.edges(keys=True)) == [
        ("User:1", "Account:1", "USES_ACCOUNT"),
        ("User:1", "Account:1", "USES_ACCOUNT#2"),
    ]
    assert {d["role"] for *_, d in graph.edges(data=True)} == {"guest", "secondary"}
    assert {d["type"] for *_, d in graph.edges(data=True)} == {"USES_ACCOUNT"}


def test_a_notebook_shows_a_table_in_which_nothing_is_markup() -> None:
    shown = made(FULL, EMPTY)._repr_html_()
    assert "&lt;b&gt;1&lt;/b&gt;" in shown
    assert "<b>" not in shown
    assert "n [calls]" in shown
    assert "2 rows; there are more: raise limit" in shown
    assert "2026-11-01T12:00:00.000001Z" in shown
    assert f"the first {frames.SHOWN} shown" in made(*[EMPTY] * 60)._repr_html_()


MISSING: dict[str, tuple[Callable[[], object], str]] = {
    "pandas": (made(FULL).to_pandas, "pandas"),
    "polars": (made(FULL).to_polars, "polars"),
    "pyarrow": (made(FULL).to_arrow, "parquet"),
    "networkx": (GRAPH.to_networkx, "networkx"),
}


@pytest.mark.parametrize("library", MISSING)
def test_a_missing_library_names_its_extra(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    convert, extra = MISSING[library]
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtraError) as missing:
        convert()
    assert f"mce-graph[{extra}]" in missing.value.hint
