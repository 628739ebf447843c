"""How a question is asked, without any input or output.

A question is a conversation: it yields statements and is sent their answers, and returns the result. Each shell of
``graph.py`` drives it its own way, so the library behaves the same with and without ``async``.
"""

from __future__ import annotations

import difflib
from collections.abc import Generator, Mapping
from dataclasses import replace
from typing import TypeVar

from mce_graph.errors import NotFoundError, ParameterError
from mce_graph.result import GraphResult, Result, graph_of, row_class, rows_of
from mce_graph.statement import Answer, Statement
from mce_graph.template import Bound, Template

T = TypeVar("T")
Conversation = Generator[Statement, Answer, T]
_NEAREST = 3


def ask(
    template: Template,
    given: Mapping[str, object],
    row: type[object] | None = None,
    *,
    timeout: float | None = None,
    prefix: str = "",
) -> Conversation[Result[object] | GraphResult]:
    """Ask a question: complete its references, run it, and tell an unknown thing from an empty answer.

    ``prefix`` is ``EXPLAIN`` or ``PROFILE``. Raises ``ParameterError`` for arguments that do not fit and
    ``NotFoundError`` where a reference names nothing in the graph.
    """
    bound = yield from ready(template, given, timeout=timeout, prefix=prefix)
    answer = yield bound.statement
    if not answer.rows and prefix != "EXPLAIN":
        yield from named(template, bound)
    if template.returns == "graph":
        return graph_of(template, answer, bound.limit)
    result = rows_of(template, row or row_class(template), answer, bound.limit)
    if template.returns in ("one", "value") and prefix != "EXPLAIN":
        result.one()
    return result


def ready(
    template: Template, given: Mapping[str, object], *, timeout: float | None = None, prefix: str = ""
) -> Conversation[Bound]:
    """Bind the arguments and complete the references: what is left is to send the statement."""
    bound = template.bind(given)
    if bound.pending:
        bound = yield from _complete(template, bound)
    statement = bound.statement
    if timeout is not None:
        statement = replace(statement, timeout=timeout)
    if prefix:
        statement = replace(statement, text=f"{prefix} {statement.text}")
    return replace(bound, statement=statement)


def _complete(template: Template, bound: Bound) -> Conversation[Bound]:
    """Find which of the labels a bare id may have: one lookup for all references."""
    wanted = [uid for p in bound.pending for uid in p.candidates]
    labels = tuple(dict.fromkeys(label for p in bound.pending for label in p.labels))
    answer = yield Statement(_lookup(labels), {"uids": wanted}, name=template.id)
    there = {str(row[0]) for row in answer.rows}
    params = dict(bound.statement.params)
    refs = dict(bound.refs)
    for p in bound.pending:
        fits = [uid for uid in p.candidates if uid in there]
        if not fits:
            yield from _refuse(template, p.parameter, p.candidates)
        if len(fits) > 1:
            raise ParameterError(
                f"{template.id}: {p.parameter} fits more than one thing", hint=f"say which: {' or '.join(fits)}"
            )
        params[p.parameter] = fits[0]
        refs[p.parameter] = (fits[0],)
    return replace(bound, statement=replace(bound.statement, params=params), pending=(), refs=refs)


def named(template: Template, bound: Bound) -> Conversation[None]:
    """No row came: is there nothing to say, or no such thing? Raises ``NotFoundError`` for the latter."""
    if not bound.refs:
        return
    uids = [uid for refs in bound.refs.values() for uid in refs]
    labels = tuple(dict.fromkeys(uid.partition(":")[0] for uid in uids))
    answer = yield Statement(_lookup(labels), {"uids": uids}, name=template.id)
    there = {str(row[0]) for row in answer.rows}
    for parameter, named in bound.refs.items():
        if not any(uid in there for uid in named):
            yield from _refuse(template, parameter, list(named))


def _refuse(template: Template, parameter: str, candidates: list[str]) -> Conversation[None]:
    """Raise ``NotFoundError`` with the nearest ids of the same kinds."""
    shown = candidates[0].partition(":")[2]
    labels = tuple(uid.partition(":")[0] for uid in candidates if not uid.startswith("ContactMedium:"))
    near: list[str] = []
    for keep in (len(shown) - 1, max(1, len(shown) // 2), 1):
        if near or keep < 1 or not labels:
            continue
        heads = [f"{label}:{shown[:keep]}" for label in labels]
        answer = yield Statement(
            f"UNWIND $heads AS head MATCH (n:{'|'.join(labels)}) WHERE n.uid STARTS WITH head "
            "RETURN DISTINCT n.uid AS uid LIMIT 200",
            {"heads": heads},
            name=template.id,
        )
        near = difflib.get_close_matches(candidates[0], [str(r[0]) for r in answer.rows], _NEAREST, 0.5)
    kinds = " or ".join(dict.fromkeys(uid.partition(":")[0] for uid in candidates[:4]))
    kinds = kinds if len(candidates) <= 4 else "thing"
    raise NotFoundError(
        f"{template.id}: no {kinds} has the id given for {parameter}",
        hint=f"nearest: {', '.join(near)}" if near else "`mce identify find-party` looks for names, numbers and logins",
    )


def _lookup(labels: tuple[str, ...]) -> str:
    """One unique seek for each label, on every version."""
    return f"UNWIND $uids AS uid MATCH (n:{'|'.join(labels)} {{uid: uid}}) RETURN n.uid AS uid"
