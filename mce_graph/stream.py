"""Rows as they come from the server, for answers that do not fit into memory: to wait for and to await."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from itertools import islice
from typing import TYPE_CHECKING, Generic, Self, TypeVar, cast

from mce_graph import asking, bolt, errors
from mce_graph.asking import Conversation
from mce_graph.result import Result, agree, made, row_class
from mce_graph.statement import Statement, Summary
from mce_graph.template import Bound, Column, Template

if TYPE_CHECKING:
    import neo4j

    from mce_graph.async_graph import AsyncGraph
    from mce_graph.graph import Graph

Row = TypeVar("Row")
SECONDS = 3600.0
"""How long a stream may last: the server counts the time its reader takes."""
CHUNK = bolt.FETCH


class _Flow(Generic[Row]):
    """What a stream is without any input or output: which question, how rows are made, how many there were."""

    def __init__(self, template: Template, row: type[object] | None, given: Mapping[str, object]) -> None:
        if template.returns == "graph":
            raise errors.UsageError(f"{template.id} gives a picture, which is not streamed", hint="ask it")
        if template.access == "write":
            raise errors.UsageError(f"{template.id} writes: it is asked, not streamed")
        self.question = template.id
        self.columns: tuple[Column, ...] = template.columns
        self.count = 0
        """Rows given so far."""
        self.truncated = False
        """Whether there are more rows than ``limit``; known at the end."""
        self._template = template
        self._row = cast(type[Row], row or row_class(template))
        self._given = given if template.parameter("limit") is None else {"limit": None, **given}
        self._bound: Bound | None = None
        self._at: Iterator[Row] = iter(())

    def _ready(self, timeout: float | None) -> Conversation[Bound]:
        return asking.ready(self._template, self._given, timeout=timeout or SECONDS)

    def _make(self, records: Sequence[tuple[object, ...]]) -> tuple[Row, ...]:
        limit = self._bound.limit if self._bound else None
        if self._template.returns == "many" and limit is not None and self.count + len(records) > limit:
            self.truncated = True
            records = records[: limit - self.count]
        self.count += len(records)
        return made(self.columns, self._row, records)

    def _batch(self, rows: Sequence[Row]) -> Result[Row]:
        return Result(tuple(rows), self.columns, self.truncated, Summary(), self.question)

    def _opened(self) -> Bound:
        if self._bound is None:
            raise errors.UsageError(f"{self.question}: a stream is used in a with block")
        return self._bound

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.question}: {self.count} rows so far>"


class Stream(_Flow[Row]):
    """The rows of a question, one after the other, in constant memory.

    ::

        with graph.stream(graph.reconcile.users_unknown_to_crm) as rows:
            for batch in rows.batches(50_000):
                writer.write_table(batch.to_arrow())
    """

    def __init__(self, graph: Graph, template: Template, row: type[object] | None, given: Mapping[str, object]) -> None:
        super().__init__(template, row, given)
        self._graph = graph
        self._stack = ExitStack()
        self._result: neo4j.Result | None = None

    def __enter__(self) -> Self:
        self._bound = self._graph.converse(self._ready(self._graph.timeout), self.question)
        statement = self._bound.statement
        self._graph.trying(lambda: self._open(statement), self.question)
        return self

    def _open(self, s: Statement) -> None:
        with ExitStack() as stack:
            tx = stack.enter_context(self._graph.transaction("READ", name=s.name, timeout=s.timeout))
            self._result = tx.run(s.text, dict(s.params))
            agree(self._template, self._result.keys())
            self._stack = stack.pop_all()

    def __exit__(self, *error: object) -> None:
        try:
            self._stack.__exit__(*cast(tuple[None, None, None], error))
        except Exception as failure:
            raise bolt.mapped(failure, self.question) from failure
        finally:
            self._result = None

    def __iter__(self) -> Iterator[Row]:
        self._opened()
        return self

    def __next__(self) -> Row:
        for row in self._at:
            return row
        self._at = iter(self._chunk(CHUNK))
        for row in self._at:
            return row
        raise StopIteration

    def batches(self, size: int = 10_000) -> Iterator[Result[Row]]:
        """The rows in results of ``size``, each with ``to_arrow()`` and the rest; the last may be shorter."""
        self._opened()
        while rows := list(islice(self, size)):
            yield self._batch(rows)

    def _chunk(self, size: int) -> Sequence[Row]:
        bound = self._opened()
        if self._result is None:
            return ()
        try:
            rows = self._make(list(islice(self._result, size)))
            if not rows and not self.count:
                self._graph.converse(asking.named(self._template, bound), self.question)
            return rows
        except errors.MceError:
            raise
        except Exception as error:
            raise bolt.mapped(error, self.question) from error


class AsyncStream(_Flow[Row]):
    """The rows of a question, one after the other, in constant memory, for event loops.

    ::

        async with graph.stream(graph.reconcile.users_unknown_to_crm) as rows:
            async for user in rows:
                ...
    """

    def __init__(
        self, graph: AsyncGraph, template: Template, row: type[object] | None, given: Mapping[str, object]
    ) -> None:
        super().__init__(template, row, given)
        self._graph = graph
        self._stack = AsyncExitStack()
        self._result: neo4j.AsyncResult | None = None

    async def __aenter__(self) -> Self:
        self._bound = await self._graph.converse(self._ready(self._graph.timeout), self.question)
        statement = self._bound.statement
        await self._graph.trying(lambda: self._open(statement), self.question)
        return self

    async def _open(self, s: Statement) -> None:
        async with AsyncExitStack() as stack:
            tx = await stack.enter_async_context(self._graph.transaction("READ", name=s.name, timeout=s.timeout))
            self._result = await tx.run(s.text, dict(s.params))
            agree(self._template, self._result.keys())
            self._stack = stack.pop_all()

    async def __aexit__(self, *error: object) -> None:
        try:
            await self._stack.__aexit__(*cast(tuple[None, None, None], error))
        except Exception as failure:
            raise bolt.mapped(failure, self.question) from failure
        finally:
            self._result = None

    def __aiter__(self) -> AsyncIterator[Row]:
        self._opened()
        return self

    async def __anext__(self) -> Row:
        for row in self._at:
            return row
        self._at = iter(await self._chunk(CHUNK))
        for row in self._at:
            return row
        raise StopAsyncIteration

    async def batches(self, size: int = 10_000) -> AsyncIterator[Result[Row]]:
        """The rows in results of ``size``, each with ``to_arrow()`` and the rest; the last may be shorter."""
        self._opened()
        rows: list[Row] = []
        async for row in self:
            rows.append(row)
            if len(rows) == size:
                yield self._batch(rows)
                rows = []
        if rows:
            yield self._batch(rows)

    async def _chunk(self, size: int) -> Sequence[Row]:
        bound = self._opened()
        if self._result is None:
            return ()
        try:
            records = await self._result.fetch(size)
            rows = self._make(list(records))
            if not rows and not self.count:
                await self._graph.converse(asking.named(self._template, bound), self.question)
            return rows
        except errors.MceError:
            raise
        except Exception as error:
            raise bolt.mapped(error, self.question) from error
