"""A service as somebody would write it with the library: mypy --strict has nothing to say about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import mce_graph
from mce_graph import AsyncGraph, Graph, GraphResult, Result
from mce_graph.queries import AccountUsers, UsersUnknownToCrm


def guests(graph: Graph, account: str) -> list[str]:
    users: Result[AccountUsers] = graph.identify.account_users(account, kind="guest", as_of=datetime.now(UTC))
    return [user.user_uid for user in users if user.nickname]


def first(graph: Graph) -> AccountUsers:
    return graph.identify.account_users("A-1001", limit=1)[0]


def unknown(graph: Graph) -> Iterator[UsersUnknownToCrm]:
    with graph.stream(graph.reconcile.users_unknown_to_crm, kind="guest") as rows:
        for batch in rows.batches(1000):
            yield from batch


async def unknown_awaited(graph: AsyncGraph) -> list[str]:
    async with graph.stream(graph.reconcile.users_unknown_to_crm) as rows:
        return [user.user_uid async for user in rows]


async def service() -> str | None:
    async with mce_graph.aconnect("bolt://localhost:7687", username="neo4j", password="x") as graph:
        users = await graph.identify.account_users("A-1001")
        return users.one().nickname


def by_id(graph: Graph) -> int:
    answer = graph.run("churn.at_risk", region="north")
    if isinstance(answer, GraphResult):
        drawn: str = answer.to_mermaid()
        return len(drawn)
    return len(answer.to_dicts())


def own(graph: Graph) -> object:
    rows = graph.cypher("MATCH (c:Customer) RETURN c.uid AS uid LIMIT $n", {"n": 3}, timeout=5, limit=10)
    return [row["uid"] for row in rows] or rows.value()


def careful() -> str:
    try:
        with mce_graph.connect(timeout=5) as graph:
            return str(guests(graph, "A-1001"))
    except mce_graph.errors.NotFoundError as error:
        return error.hint
