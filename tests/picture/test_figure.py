"""Bars and lines: what a header may declare, what is drawn of rows, how it reads in a terminal and in a page."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from mce_graph import library
from mce_graph.chart import Chart, declared
from mce_graph.picture.figure import Bar, Figure, Line, figures, said, text
from mce_graph.picture.sheet import sheet
from mce_graph.picture.svg import svg
from mce_graph.picture.text import ASCII
from mce_graph.template import Column
from tests.picture import made

COLUMNS = (
    Column("bucket", "string", "Kind"),
    Column("good", "float", "Good", "share"),
    Column("poor", "float", "Poor", "share"),
    Column("users", "int", "Users", "users"),
    Column("visits", "int", "Visits", "visits"),
    Column("at", "datetime", "When"),
    Column("metric", "string", "What"),
    Column("mean", "float", "Mean", "in the metric's unit"),
    Column("target", "float", "Promised"),
    Column("statistic", "string", "Of which"),
)
SHARES = Chart("bars", ("good", "poor"), ("bucket",), stacked=True)
TRENDS = Chart("lines", ("mean",), ("bucket",), "at", measure="metric", promised=("target", "statistic"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def drawn(chart: Chart, *rows: dict[str, object]) -> Figure:
    empty = dict.fromkeys(c.name for c in COLUMNS)
    (figure,) = figures([chart], COLUMNS, [{**empty, **row} for row in rows], "Title")
    return figure


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("bars", "it is"),
        ({"of": ["bucket"]}, "one of bars, lines and count"),
        ({"bars": ["users"], "count": "users", "of": ["bucket"]}, "one of bars, lines and count"),
        ({"bars": ["users"], "of": ["bucket"], "colour": "red"}, "unknown entry 'colour'"),
        ({"bars": ["nothing"], "of": ["bucket"]}, "nothing is no column"),
        ({"bars": ["metric"], "of": ["bucket"]}, "metric is no number"),
        ({"bars": [], "of": ["bucket"]}, "up to 4"),
        ({"bars": ["users", "visits"], "of": ["bucket"]}, "different units"),
        ({"bars": ["users"]}, "which columns name a bar"),
        ({"bars": ["users"], "of": ["bucket"], "stacked": True}, "shares of one whole"),
        ({"bars": ["users"], "of": ["bucket"], "along": "at"}, "along a time"),
        ({"lines": ["mean"], "of": ["bucket"]}, "along a time"),
        ({"lines": ["mean", "target"], "along": "at"}, "one column"),
        ({"lines": ["mean"], "along": "bucket"}, "no time"),
        ({"lines": ["mean"], "along": "at", "promised": ["target"]}, "promised"),
        ({"count": "visits"}, "which columns name a bar"),
        ({"count": "visits", "of": ["bucket"], "along": "at"}, "along a time or of something"),
    ],
)
def test_a_chart_that_does_not_fit_its_columns_is_refused(entry: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        declared(entry, COLUMNS)


def test_the_reports_of_experience_and_self_care_are_drawn() -> None:
    rows = {t.id for case in ("qoe", "selfcare") for t in library.questions(case) if t.returns != "graph"}
    assert {t.id for t in library.questions() if t.charts} >= rows


def test_shares_are_stacked_and_what_is_suppressed_is_said() -> None:
    figure = drawn(SHARES, {"bucket": "primary", "good": 0.25, "poor": 0.75}, {"bucket": "guest"})
    assert figure.bars == (Bar("primary", (0.25, 0.75)), Bar("guest", (None, None)))
    # 80 columns less a name of 7, numbers of 9 and 4 blanks would be 60: no bar is longer than 50 cells.
    first = round(0.25 * 50)
    assert text(figure, 80).splitlines() == [
        "Title",
        "█ good   ▒ poor",
        f"primary  {'█' * first}{'▒' * (50 - first)}  25% · 75%",
        f"guest    {' ' * 50}  not shown",
    ]
    narrow = text(figure, 40).translate(ASCII)
    # 40 - 7 - 9 - 4 = 20
    assert f"primary  {'#' * 5}{'=' * 15}  25% / 75%\n" in narrow
    assert narrow.isascii()


def test_counts_are_bars_from_nought() -> None:
    figure = drawn(Chart("bars", ("users",), ("bucket",)), {"bucket": "a", "users": 1000}, {"bucket": None, "users": 0})
    assert text(figure, 80).splitlines() == ["Title", f"a     {'█' * 50} 1,000", "none   0"]


def test_rows_are_counted() -> None:
    rows: list[dict[str, object]] = [{"bucket": name} for name in ("slow", "error", "slow", None)]
    figure = drawn(Chart("count", of=("bucket",), counted="visits"), *rows)
    assert figure.title == "Title: visits by bucket"
    assert figure.bars == (Bar("slow", (2,)), Bar("error", (1,)), Bar("none", (1,)))


def test_a_day_without_a_row_counts_nought() -> None:
    days = ("2026-10-30T23:59", "2026-11-01T00:00", "2026-11-01T12:00")
    rows: list[dict[str, object]] = [{"at": at(day)} for day in days]
    figure = drawn(Chart("count", along="at", counted="visits"), *rows)
    (line,) = figure.lines
    assert line.points == ((at("2026-10-30"), 1), (at("2026-10-31"), 0), (at("2026-11-01"), 2))
    assert text(figure, 80).splitlines()[1] == "visits a day  ▅▁█  1 → 2, 2026-10-30 to 2026-11-01"


def test_many_days_are_weeks() -> None:
    figure = drawn(Chart("count", along="at", counted="visits"), {"at": at("2026-01-01")}, {"at": at("2026-03-31")})
    (line,) = figure.lines
    # 89 days after the first is in the 13th week.
    assert len(line.points) == 13
    assert [v for _, v in line.points] == [1, *[0] * 11, 1]


def test_a_line_for_each_thing_with_what_was_promised_of_the_same_number() -> None:
    rows: list[dict[str, object]] = [
        {"bucket": "S-1", "at": at("2026-10-31"), "metric": "mos", "mean": 5.0, "target": 4.0, "statistic": "mean"},
        {"bucket": "S-1", "at": at("2026-10-30"), "metric": "mos", "mean": 1.0, "target": 3.0, "statistic": "mean"},
        {"bucket": "S-2", "at": at("2026-10-30"), "metric": "delay", "mean": 40.0, "target": 9.0, "statistic": "p10"},
        {"bucket": "S-2", "at": at("2026-10-31"), "metric": "delay", "mean": None},
    ]
    figure = drawn(TRENDS, *rows)
    assert figure.lines == (
        Line("S-1", ((at("2026-10-30"), 1.0), (at("2026-10-31"), 5.0)), "mos", 4.0),
        Line("S-2", ((at("2026-10-30"), 40.0),), "delay", None),
    )
    assert figure.lines[0].span == (1.0, 5.0)
    assert text(figure, 80).splitlines()[1:] == [
        "S-1  ▁█  1 → 5, 2026-10-30 to 2026-10-31, promised 4",
        "S-2  ▅  40",
    ]


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [(0.1429, "share", "14.3%"), (1.0, "share", "100%"), (1234567.0, "visits", "1,234,567"), (4.267, "", "4.27"),
     (10.0, "ms", "10"), (None, "share", "–")],
)  # fmt: skip
def test_numbers_are_said_as_people_say_them(value: float | None, unit: str, shown: str) -> None:
    assert said(value, unit) == shown


def test_nothing_is_drawn_of_columns_that_were_left_out_or_of_no_rows() -> None:
    assert figures([SHARES], COLUMNS[:2], [{"bucket": "a", "good": 1.0}], "T") == []
    assert figures([SHARES], COLUMNS, [], "T") == []


SVG = "{http://www.w3.org/2000/svg}"


def test_the_length_of_a_bar_is_its_number() -> None:
    root = ElementTree.fromstring(svg(drawn(SHARES, {"bucket": "primary", "good": 0.25, "poor": 0.5})))
    bars = [float(r.attrib["width"]) for r in root.iter(f"{SVG}rect") if r.find(f"{SVG}title") is not None]
    assert bars[1] == pytest.approx(2 * bars[0])
    assert [t.text for t in root.iter(f"{SVG}title")][:3] == ["Title", "primary, good: 25%", "primary, poor: 50%"]
    assert root.findtext(f"{SVG}desc") == "good, poor. primary: 25% · 50%."
    assert {"good", "poor", "primary", "25% · 50%"} <= {t.text for t in root.iter(f"{SVG}text")}


def test_a_line_goes_through_its_points() -> None:
    root = ElementTree.fromstring(svg(drawn(TRENDS, *(
        {"bucket": "S-1", "at": at(day), "metric": "mos", "mean": mean}
        for day, mean in (("2026-10-29", 1.0), ("2026-10-30", 3.0), ("2026-11-02", 5.0))
    ))))  # fmt: skip
    (line,) = root.iter(f"{SVG}polyline")
    points = [tuple(map(float, p.split(","))) for p in line.attrib["points"].split()]
    assert points[1][0] - points[0][0] == pytest.approx((points[2][0] - points[0][0]) / 4, abs=0.1)
    assert points[1][1] == pytest.approx((points[0][1] + points[2][1]) / 2)
    assert points[0][1] > points[2][1]


@pytest.mark.parametrize(
    "bad", [made.EVIL, "]]><script>alert(1)</script>", '" onload="alert(1)', "a\u202eb\x1b[31m\x00"]
)
def test_a_hostile_name_is_a_name(bad: str) -> None:
    figure = drawn(SHARES, {"bucket": bad, "good": 0.5, "poor": 0.5})
    root = ElementTree.fromstring(svg(figure, alone=True))
    assert {e.tag.removeprefix(SVG) for e in root.iter()} <= {
        "svg", "title", "desc", "style", "defs", "pattern", "rect", "circle", "text", "line",
    }  # fmt: skip
    assert not any(name.startswith("on") for e in root.iter() for name in e.attrib)
    page = sheet(["bucket"], [[bad]], bad, [figure])
    assert "<script" not in page
    assert "<img" not in page
    assert not {"\u202e", "\x1b", "\x00"} & set(page + text(figure, 80))


def test_what_is_not_drawn_is_said() -> None:
    chart = Chart("bars", ("users",), ("bucket",))
    figure = drawn(chart, *({"bucket": f"b{n}", "users": n} for n in range(45)))
    assert (len(figure.bars), figure.more) == (40, 5)
    assert "5 more in the table" in text(figure, 80)
    assert "5 more in the table" in svg(figure)


def test_wide_and_long_names_keep_the_columns() -> None:
    rows: list[dict[str, object]] = [{"bucket": name, "users": 1} for name in ("顧客サービス" * 10, "عميل", "short")]
    lines = text(drawn(Chart("bars", ("users",), ("bucket",)), *rows), 80).splitlines()[1:]
    from rich.cells import cell_len

    assert all(cell_len(line) <= 80 for line in lines)
    assert len({cell_len(line.partition("█")[0]) for line in lines}) == 1
