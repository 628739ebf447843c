"""Trees, Mermaid, Graphviz and sparklines: whole texts, and hostile names that stay names."""

from __future__ import annotations

import pytest

from mce_graph import model
from mce_graph.picture import style
from mce_graph.picture.text import Series, dot, mermaid, nearest_first, sparkline, tree
from tests.picture import made


def test_every_label_that_has_a_look_is_one_of_the_model() -> None:
    assert set(style.LOOKS) <= set(model.NODES)


def test_the_times_of_a_thing_are_those_of_the_model() -> None:
    times = {p.name for n in model.NODES.values() for p in (*n.properties, *model.HOUSEKEEPING) if p.type == "datetime"}
    assert {*style.BEGINS, *style.ENDS} <= times


@pytest.mark.parametrize(
    ("values", "span", "bars"),
    [
        ([1, 2, 3], None, "▁▅█"),
        ([1, 5], (1, 5), "▁█"),
        ([3], (1, 5), "▅"),
        ([2, 2], None, "▄▄"),
        ([0, 9], (1, 5), "▁█"),
        ([], None, ""),
    ],
)
def test_a_sparkline_has_eight_heights(values: list[float], span: tuple[float, float] | None, bars: str) -> None:
    assert sparkline(values, span) == bars


def test_a_tree_shows_every_node_once_and_marks_what_stands_elsewhere() -> None:
    anna = [Series("mos", "Service:S-1", (3.0, 4.2), "good")]
    assert tree(made.household(), "Account:A-1", {"User:U-1": anna}) == (
        "Account A-1 Family\n"
        f"├─ HOLDS_ACCOUNT (accountHolder) ← Customer C-1 {made.EVIL} [active], since 2019-03-01\n"
        "├─ USES_ACCOUNT (primary) ← User U-1 Anna, since 2019-03-01\n"
        "│  └─ QoE mos ▅▇ 4.2, good on Service:S-1\n"
        "└─ USES_ACCOUNT (secondary) ← User U-2 Mia, since 2026-06-01\n"
        "   └─ KNOWS → User U-1 Anna ↑\n"
        "↑ stands elsewhere in the tree\n"
    )


def test_without_series_a_measurement_is_a_leaf() -> None:
    assert "HAS_QOE → QoE mos 4.2 2026-10-31\n" in tree(made.household(), "Account:A-1")


def test_a_tree_of_nothing_and_of_parts() -> None:
    assert tree(made.graph([])) == ""
    apart = made.graph([made.node("User:U-1"), made.node("User:U-2")])
    assert tree(apart, "User:U-2") == "User U-2\nUser U-1\n"


def test_a_cycle_and_a_loop_end() -> None:
    a, b = made.node("Group:A"), made.node("Group:B")
    links = [made.link("Group:A", "SUBGROUP_OF", "Group:B"), made.link("Group:B", "SUBGROUP_OF", "Group:A")]
    drawn = tree(made.graph([a, b], [*links, made.link("Group:A", "SUBGROUP_OF", "Group:A")]), "Group:A")
    assert drawn.count("SUBGROUP_OF") == 3


def test_nearest_come_first() -> None:
    order = [n.uid for n, _ in nearest_first(made.household(), "Customer:C-1")]
    assert order[:2] == ["Customer:C-1", "Account:A-1"]
    assert sorted(order) == [n.uid for n in made.household().nodes]


@pytest.mark.parametrize("bad", ["\x1b[31mred", "a\u202eb", "two\nlines", "\x9b1m", "x\u2028y"])
def test_control_characters_do_not_reach_a_terminal(bad: str) -> None:
    drawn = made.graph([made.node("User:U-1", nickname=bad)])
    for text in (tree(drawn), mermaid(drawn), dot(drawn)):
        assert not {"\x1b", "\u202e", "\x9b", "\u2028"} & set(text)
        assert "\N{REPLACEMENT CHARACTER}" in text


def test_mermaid_quotes_what_would_end_or_open_something() -> None:
    drawn = made.graph(
        [made.node("User:U-1", nickname='"]; click n0 "javascript:alert(1)" <b>`#|'), made.node("User:U-2")],
        [made.link("User:U-1", "KNOWS", "User:U-2", role="a|b")],
    )
    assert drawn.to_mermaid() == mermaid(drawn)
    assert mermaid(drawn) == (
        "flowchart LR\n"
        '  n0["User U-1<br/>#quot;]; click n0 #quot;javascript:alert(1)#quot; #lt;b#gt;#96;#35;#124;"]:::User\n'
        '  n1["User U-2"]:::User\n'
        '  n0 -->|"KNOWS (a#124;b)"| n1\n'
        "  classDef User fill:#1d4ed8,color:#ffffff,stroke:#00000040\n"
    )


def test_dot_quotes_what_would_end_a_string() -> None:
    text = dot(made.graph([made.node("User:U-1", nickname='a"b\\N')]))
    assert 'label="User U-1\\na\\"b\\\\N"' in text
