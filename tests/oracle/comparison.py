"""An oracle beside its question: the same world and arguments, two answers, and what differs.

The world is written into a transaction, the questions are asked within it, and it is rolled back.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from neo4j import Transaction
from neo4j.exceptions import DriverError, Neo4jError

from mce_graph import asking, library
from mce_graph.errors import MceError
from mce_graph.graph import Graph
from mce_graph.result import Result
from mce_graph.statement import ALL

from .world import AS_OF, NOW, WRONG_RULES, Shape, World, answered, put, worlds

WORLDS = int(os.environ.get("MCE_ORACLE_WORLDS", "60"))
"""How many worlds each use case is tried on."""
TIMES = 4
"""How often each question is asked of a world."""
ROUND = 10
HEALTHY = 0.15
"""The least share of answers that have rows; below, the worlds say too little about a question."""
ENOUGH = 100
"""From so many answers on, shares are looked at."""

Row = dict[str, Any]
Args = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Oracle:
    """How one question is answered from records.

    ``answer`` takes the world and the question's parameters (``as_of`` always given, ``limit`` never) and gives every
    row, with columns of its own beside the question's where ``order``, the order that the header promises, needs them;
    rows that ``order`` puts in one place may come in any order. ``arguments`` draws arguments for a world, or is none
    where the world has no subject. ``sets`` names columns that list things in no promised order, ``healthy`` is the
    least share of answers with rows, ``rules`` are the wrong rules of validity that the answers must tell.
    """

    question: str
    answer: Callable[..., list[Row]]
    order: Callable[[Row], Any]
    arguments: Callable[[World], st.SearchStrategy[dict[str, Any]] | None]
    sets: Sequence[str] = ()
    healthy: float = HEALTHY
    rules: Sequence[str] = WRONG_RULES

    def __repr__(self) -> str:
        return self.question

    def expected(self, world: World, args: Args) -> list[Row]:
        """Every row of the right answer, in order; ``as_of`` left out is now."""
        template = library.get(self.question)
        known = {k: v for k, v in args.items() if k != "limit"}
        if template.parameter("as_of"):
            known["as_of"] = args.get("as_of") or NOW
        return sorted(self.answer(world, **known), key=self.order)


@dataclass(slots=True)
class Tally:
    """How many answers were compared, how many had rows, and how many a wrong rule of validity would have changed."""

    asked: Counter[str] = field(default_factory=Counter)
    full: Counter[str] = field(default_factory=Counter)
    told: Counter[tuple[str, str]] = field(default_factory=Counter)
    worlds: int = 0

    def note(self, oracle: Oracle, world: World, args: Args, rows: int) -> None:
        self.asked[oracle.question] += 1
        self.full[oracle.question] += bool(rows)
        # Without the times in a row: a wrong rule changes them where nothing else changes.
        names = [c.name for c in library.get(oracle.question).columns if c.type != "datetime"]
        right = [[row[n] for n in names] for row in oracle.expected(world, args)]
        for rule in oracle.rules:
            wrong = [[row[n] for n in names] for row in oracle.expected(world.bent(rule), args)]
            self.told[oracle.question, rule] += wrong != right

    def weaknesses(self, oracles: Iterable[Oracle]) -> list[str]:
        """Why a comparison that found no difference says little; none where it says enough."""
        found = []
        for o in oracles:
            asked = self.asked[o.question]
            if self.worlds and not asked:
                found.append(f"{o.question}: no world had anything to ask about")
            if asked < ENOUGH:
                continue
            if self.full[o.question] < o.healthy * asked:
                found.append(f"{o.question}: only {self.full[o.question]} of {asked} answers had rows")
            untold = [rule for rule in o.rules if not self.told[o.question, rule]]
            found += [f"{o.question}: no answer would differ if {rule}" for rule in untold]
        return found


def arguments(
    always: Mapping[str, Sequence[Any]], **strategies: st.SearchStrategy[Any]
) -> st.SearchStrategy[dict[str, Any]] | None:
    """Arguments for a question: an instant, one value each of ``always``, and any of the others or not.

    None where one of ``always`` has no value: a question about a thing of which the world has none.
    """
    if not all(always.values()):
        return None
    fixed = {"as_of": AS_OF} | dict(always)
    others = {"limit": st.sampled_from((None, None, 1, 2, 5)), **strategies}
    return st.fixed_dictionaries(
        {name: st.sampled_from(list(values)) for name, values in fixed.items()}, optional=others
    )


Case = tuple[World, list[tuple[Oracle, dict[str, Any]]]]


@st.composite
def cases(draw: st.DrawFn, shape: Shape, oracles: Sequence[Oracle], times: int) -> Case:
    """A random world and a few questions about it."""
    world = draw(worlds(shape))
    asks = []
    for oracle in oracles:
        strategy = oracle.arguments(world)
        if strategy is not None:
            asks += [(oracle, draw(strategy)) for _ in range(times)]
    return world, asks


def try_out(
    graph: Graph, shape: Shape, oracles: Sequence[Oracle], *, times: int = TIMES, number: int = WORLDS
) -> Tally:
    """Compare oracles with their questions on random worlds; a difference fails with the smallest world it shows in."""
    tally = Tally()

    def run(case: Case) -> None:
        world, asks = case
        for (oracle, args), rows in zip(asks, compare(graph, world, asks), strict=True):
            tally.note(oracle, world, args, rows)
        tally.worlds += 1

    each(cases(shape, oracles, times), run, number)
    return tally


def each(strategy: st.SearchStrategy[Case], run: Callable[[Case], None], number: int) -> None:
    """Run something with so many cases; the same ones each time where ``CI`` is set.

    In rounds of ten, because from the eleventh on Hypothesis makes most cases by copying parts of one about within
    itself, which leaves worlds that are much alike.
    """
    first = 0 if os.environ.get("CI") else random.randrange(2**32)
    for turn in range(-(-number // ROUND)):

        @seed(first + turn)
        @settings(
            max_examples=min(ROUND, number - turn * ROUND),
            deadline=None,
            database=None,
            derandomize=bool(os.environ.get("CI")),
            phases=(Phase.generate, Phase.shrink),
            verbosity=Verbosity.quiet,  # the message of `compare` says it all
            suppress_health_check=list(HealthCheck),
        )
        @given(strategy)
        def some(case: Case) -> None:
            run(case)

        some()


def compare(graph: Graph, world: World, asks: Sequence[tuple[Oracle, Args]]) -> list[int]:
    """Ask each question of the server and of its oracle; give the numbers of rows, or fail with what differs."""
    with graph.driver.session(database=graph.database) as session, session.begin_transaction() as tx:
        put(world, tx)
        counts = []
        for oracle, args in asks:
            where = f"\n{oracle.question}({_said(args)})\n"
            try:
                got = _asked(tx, oracle.question, args)
            except (MceError, DriverError, Neo4jError) as error:
                raise AssertionError(f"{where}  {type(error).__name__}: {error}\n{world!r}") from error
            wrong = difference(oracle, oracle.expected(world, args), got, _limit(oracle.question, args))
            assert not wrong, f"{where}{wrong}\n{world!r}"
            counts.append(len(got))
        tx.rollback()
    return counts


def _asked(tx: Transaction, question: str, args: Args) -> Result[object]:
    conversation = asking.ask(library.get(question), args)
    try:
        statement = next(conversation)
        while True:
            statement = conversation.send(answered(tx, statement))
    except StopIteration as done:
        return cast(Result[object], done.value)


def _limit(question: str, args: Args) -> int | None:
    declared = library.get(question).parameter("limit")
    assert declared is not None
    return cast("int | None", args.get("limit", declared.default))


def difference(oracle: Oracle, expected: Sequence[Row], got: Result[object], limit: int | None) -> str:
    """What is wrong with an answer, in a few lines; empty where nothing is."""
    names = [c.name for c in got.columns]
    tidy = [_plain(dict(zip(names, row, strict=True)), oracle.sets) for row in got.tuples()]
    right = [_plain({n: row[n] for n in names}, oracle.sets) for row in expected]
    places = {key: oracle.order(row) for key, row in zip(right, expected, strict=True)}
    most = ALL if limit is None else limit
    missing, surplus = Counter(right) - Counter(tidy), Counter(tidy) - Counter(right)
    lines = []
    if surplus or (missing and len(right) <= most):
        lines += [f"  missing  {_shown(row)}" for row in missing.elements()] if len(right) <= most else []
        lines += [f"  surplus  {_shown(row)}" for row in surplus.elements()]
    elif len(tidy) != min(len(right), most) or got.truncated != (len(right) > most):
        lines.append(f"  limit {limit}: {len(tidy)} rows of {len(right)}, truncated={got.truncated}")
    elif [places[row] for row in tidy] != [oracle.order(row) for row in expected][:most]:
        lines += ["  in another order:", *(f"    {_shown(row)}" for row in tidy)]
        lines += ["  instead of:", *(f"    {_shown(row)}" for row in right[:most])]
    return "\n".join(lines)


Plain = tuple[tuple[str, Any], ...]


def _plain(row: Row, sets: Sequence[str]) -> Plain:
    """A row that can be counted: lists as tuples, those in no order sorted."""
    out = []
    for name, value in row.items():
        if isinstance(value, list | tuple):
            value = tuple(sorted(value)) if name in sets else tuple(value)
        out.append((name, value))
    return tuple(out)


def _shown(row: Plain) -> str:
    return " ".join(f"{k}={' '.join(v) if isinstance(v, tuple) else v}" for k, v in row)


def _said(args: Args) -> str:
    return ", ".join(f"{k}={v}" for k, v in args.items())


def last(value: Any) -> tuple[bool, Any]:
    """An empty value comes after every other."""
    return (value is None, "" if value is None else value)
