"""``mce show``: what hangs around a thing, drawn; and how every answer of nodes and relationships is drawn."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from mce_graph import config, library
from mce_graph.cli import recall, show, writing
from mce_graph.cli.progress import waiting
from mce_graph.errors import NotFoundError, UsageError
from mce_graph.instants import parse_instant, show_instant

if TYPE_CHECKING:
    from mce_graph.graph import Graph
    from mce_graph.picture.text import Series
    from mce_graph.result import GraphResult

MEASURED = 20
"""Users whose experience is fetched for sparklines."""
_BY_LABEL = {
    "Customer": ("identify.customer_360_graph", "customer"),
    "Service": ("tickets.service_impact_graph", "element"),
    "Resource": ("tickets.service_impact_graph", "element"),
}
_BY_CUSTOMER = ("Account", "Individual", "Organization", "TroubleTicket", "User")


def show_thing(
    thing: Annotated[
        str,
        typer.Argument(
            metavar="UID", help="Customer:C-1001, Group:G-HOME, or a bare id; - reads it from standard input"
        ),
    ],
    html: Annotated[
        str | None, typer.Option("--html", metavar="FILE", help="Write one self-contained page to open in a browser")
    ] = None,
    output_format: Annotated[
        str, typer.Option("-o", "--format", metavar="FORMAT", help=f"{', '.join(show.PICTURES)}")
    ] = "tree",
    output: writing.Output = None,
    as_of: Annotated[str, typer.Option(metavar="TIME", help="Relationships valid at this instant")] = "now",
    limit: Annotated[str, typer.Option(metavar="N", help="At most this many nodes; or all")] = "200",
    timeout: Annotated[float | None, typer.Option(metavar="SECONDS", help="After so many the server gives up")] = None,
) -> None:
    """Draw what hangs around a customer, household, group, user, account, ticket, service or resource.

    A customer, an account or a ticket: its customer with all around. A household: who lives in it. Another group: its
    nesting. A user: the chain of invitations, or where there is none the customer behind. A service or a resource: what
    is hit when it fails. A bar of eight heights shows the experience of each window of the last 30 days.

    Example: mce show Customer:C-1001 --as-of 2026-11-01T12:00Z
    """
    from mce_graph.cli.opening import opened

    if html is not None and output is not None:
        raise UsageError("--html and --output both name a file", hint="one of them")
    how, where = ("html", html) if html is not None else (output_format, output)
    if how not in show.PICTURES:
        raise UsageError(f"-o {how} is for rows; this is a picture", hint=f"one of {', '.join(show.PICTURES)}")
    writing.checked(where)
    try:
        at = show_instant(parse_instant(as_of, datetime.now(UTC)))
    except ValueError as error:
        raise UsageError(f"--as-of {error}") from None
    private = thing == "-"
    if private:
        thing = sys.stdin.readline().strip()
    if not thing:
        raise UsageError("which thing? none is named", hint="for example mce show Customer:C-1001")
    with opened() as graph:
        answer, root = around(graph, thing, {"as_of": at, "limit": limit}, timeout)
        series = experience(graph, answer, at) if how in ("tree", "html") else {}
    with writing.into(where):
        draw(answer, how, root, as_of=at, series=series)
    if sys.stdout.isatty() and where is None and not private:
        recall.remember(config.load(), [root, *recall.shown(answer)])
    if answer.truncated:
        show.say(f"more than {len(answer.nodes)} nodes: these are the nearest; --limit all gives every one")


def around(
    graph: Graph, thing: str, given: Mapping[str, object], timeout: float | None = None
) -> tuple[GraphResult, str]:
    """The picture of a thing and the uid it starts from. Raises ``NotFoundError`` where there is no such thing."""

    def ask(id: str, **about: object) -> GraphResult:
        from mce_graph.result import GraphResult

        with waiting(f"asking {id}", timeout or library.get(id).timeout):
            answer = graph.ask(id, {**given, **about}, timeout=timeout)
        assert isinstance(answer, GraphResult)
        return answer

    uid = thing if _label(thing) else _found(graph, thing, given["as_of"])
    label = _label(uid)
    if not label:
        # Groups and resources have no customer of their own: the question says it where there is no such thing.
        try:
            answer = ask("groups.group_nesting_graph", group=thing)
            uid, label = f"Group:{thing}", "Group"
        except NotFoundError:
            try:
                return (answer := ask("tickets.service_impact_graph", element=thing)), _first(answer, thing)
            except NotFoundError as error:
                raise NotFoundError(
                    "there is nothing with this id", hint="`mce identify find-party` looks for names, numbers, logins"
                ) from error
    if label in _BY_LABEL:
        id, parameter = _BY_LABEL[label]
        return ask(id, **{parameter: uid}), uid
    if label == "Group":
        answer = ask("groups.household_profile_graph", household=uid)
        return (answer if answer.nodes else ask("groups.group_nesting_graph", group=uid)), uid
    if label == "User":
        answer = ask("acquisition.invitation_tree_graph", user=uid)
        customer = _customer(graph, uid, given["as_of"]) if len(answer.nodes) < 2 else ""
        return (ask("identify.customer_360_graph", customer=customer) if customer else answer), uid
    if label not in _BY_CUSTOMER:
        raise UsageError(
            f"there is no picture of a {label}",
            hint=f"of {', '.join(sorted({*_BY_LABEL, *_BY_CUSTOMER, 'Group'}))}; "
            "`mce identify explain-link-graph` draws how any two things hang together",
        )
    customer = _customer(graph, uid, given["as_of"])
    if not customer:
        raise NotFoundError(f"no customer is behind this {label}, or there is no such thing")
    return ask("identify.customer_360_graph", customer=customer), uid


def experience(graph: Graph, answer: GraphResult, as_of: str) -> dict[str, list[Series]]:
    """The experience of the users in a picture, by uid: the mean of each window, the finest windows there are."""
    from mce_graph.picture.text import Series

    users = [n.uid for n in answer.nodes if "User" in n.labels][:MEASURED]
    found: dict[str, list[Series]] = {}
    for uid in users:
        windows: dict[tuple[str, str], dict[str, list[Mapping[str, object]]]] = {}
        for row in _rows(graph, "qoe.user_qoe", {"user": uid, "as_of": as_of, "limit": 500}):
            if row["mean"] is not None:
                of = windows.setdefault((str(row["service_uid"]), str(row["metric"])), {})
                of.setdefault(str(row["granularity"]), []).append(row)
        for (service, metric), by_length in sorted(windows.items()):
            rows = max(by_length.values(), key=len)[::-1]
            note = str(rows[-1]["band"] or "")
            values = tuple(float(str(r["mean"])) for r in rows)
            found.setdefault(uid, []).append(Series(metric, service, values, note))
    return found


def draw(
    answer: GraphResult,
    how: str,
    root: str | None = None,
    *,
    as_of: str = "",
    series: Mapping[str, Sequence[Series]] | None = None,
) -> None:
    """Write an answer of nodes and relationships as a tree, a text of a drawing language, JSON or a page."""
    from mce_graph.picture import text
    from mce_graph.result import json_value

    if how in ("json", "jsonl"):
        show.document(json_value(answer.to_dict()), how)
    elif how == "tree":
        made = text.tree(answer, root, series)
        show.drawing(made) if made else show.say("nothing to draw")
    elif how == "html":
        from mce_graph.picture.page import page

        show.text(page(answer, root, title=library.get(answer.question).title, as_of=as_of, series=series))
    else:
        show.text({"mermaid": text.mermaid, "dot": text.dot}[how](answer))


def _label(uid: str) -> str:
    from mce_graph import model

    label, colon, rest = uid.partition(":")
    return label if colon and rest and label in model.NODES else ""


def _found(graph: Graph, term: str, as_of: object) -> str:
    """The uid that a bare id, number or login names; empty where it names none, or a group."""
    for row in _rows(graph, "identify.find_party", {"term": term, "as_of": as_of}):
        if row["matched_on"] == "id":
            return str(row["via"])
        if row["matched_on"] in ("external id", "login", "email", "msisdn"):
            return str(row["uid"])
    return ""


def _customer(graph: Graph, uid: str, as_of: object) -> str:
    """The customer behind an account, a person, a user or a ticket; empty where there is none."""
    rows = _rows(graph, "identify.find_party", {"term": uid, "as_of": as_of})
    return next((str(r["customer_uid"]) for r in rows if r["customer_uid"] and r["via"] == uid), "")


def _rows(graph: Graph, id: str, given: Mapping[str, object]) -> list[dict[str, object]]:
    from mce_graph.result import Result

    answer = graph.ask(id, given)
    assert isinstance(answer, Result)
    return answer.to_dicts()


def _first(answer: GraphResult, thing: str) -> str:
    return next((n.uid for n in answer.nodes if n.uid.partition(":")[2] == thing), thing)
