"""What somebody might write by mistake: each line is an error, of the kind named beside it."""

# ruff: noqa: B018, F841, T201
from __future__ import annotations

import mce_graph
from mce_graph import AsyncGraph, Graph


def mistakes(graph: Graph) -> None:
    graph.identify.account_user("A-1001")  # E: attr-defined
    graph.identity.account_users("A-1001")  # E: attr-defined
    graph.identify.account_users()  # E: call-arg
    graph.identify.account_users(1001)  # E: arg-type
    graph.identify.account_users("A-1001", "guest")  # E: call-arg
    graph.identify.account_users("A-1001", kin="guest")  # E: call-arg
    graph.identify.account_users("A-1001", limit="all")  # E: arg-type
    user = graph.identify.account_users("A-1001")[0]
    user.nick_name  # E: attr-defined
    user.nickname.upper()  # E: union-attr
    user.nickname = "Zoe"  # E: misc
    with graph.stream(graph.reconcile.users_unknown_to_crm, kin="guest") as rows:  # E: call-overload
        pass
    with graph.stream(graph.reconcile.users_unknown_to_crm) as typed:
        next(typed).uid  # E: attr-defined
    graph.run("churn.at_risk").rows  # E: union-attr
    graph.cypher("RETURN 1 AS x", write="yes")  # E: arg-type
    graph.cypher("RETURN 1 AS x")[0].x  # E: attr-defined
    for name in mce_graph.connect():  # E: attr-defined
        print(name)


async def awaited_mistakes(graph: AsyncGraph) -> None:
    for _ in graph.identify.account_users("A-1001"):  # E: attr-defined
        pass
    with graph.stream(graph.reconcile.users_unknown_to_crm) as rows:  # E: attr-defined
        print(rows)
    with mce_graph.aconnect() as other:  # E: attr-defined
        print(other)
