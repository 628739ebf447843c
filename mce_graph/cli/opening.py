"""Opening the graph for a command, with a word when that takes a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mce_graph import config
from mce_graph.cli.progress import Progress

if TYPE_CHECKING:
    from mce_graph.graph import Graph


@contextmanager
def opened() -> Iterator[Graph]:
    """The graph of the settings; the managed Neo4j is started where no address is given."""
    with Progress() as progress:
        address, user, secret, database = config.load().endpoint(progress)
    from mce_graph.graph import Graph, open_driver

    with Graph(open_driver(address, user, secret), database=database) as graph:
        yield graph
