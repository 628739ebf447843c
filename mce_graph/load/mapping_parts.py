"""A mapping file once it is read: the parts that each row of a foreign table becomes, and the making of its record."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mce_graph import model
from mce_graph.errors import SourceError
from mce_graph.load.condition import Cell, CellError, Condition
from mce_graph.load.records import Draft, Place, Record
from mce_graph.load.tmf_payload import issued

Value = Callable[[Cell, datetime | None], object]
"""What a property is in one row, given the row's cells and the day of the extract."""
BLANKS = " \t\r\n"
"""Taken off the ends of cells; any other blank is left for the check of rows to see."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a property's value comes from: the columns it needs and how it is made."""

    columns: tuple[str, ...]
    value: Value = field(default=lambda cell, anchor: "", repr=False)
    counts_back: bool = False
    """Whether it needs the day of the extract."""


@dataclass(frozen=True, slots=True)
class Part:
    """One ``[[node]]`` or ``[[relationship]]``: a key label or a type, its condition and its properties."""

    table: str
    when: Condition | None
    properties: Mapping[str, Source]


@dataclass(frozen=True, slots=True)
class NodePart(Part):
    """``id`` is ``None`` for a label whose key is made of its properties."""

    name: str = ""
    id: Source | None = None


@dataclass(frozen=True, slots=True)
class End:
    """One end of a relationship: the node part it names, or a label and a template for its id."""

    label: str
    id: Source
    part: NodePart | None = None


@dataclass(frozen=True, slots=True)
class RelationshipPart(Part):
    start: End
    end: End


@dataclass(frozen=True, slots=True)
class ForeignMapping:
    """A mapping file that was read and fits the model."""

    file: str
    nodes: tuple[NodePart, ...]
    relationships: tuple[RelationshipPart, ...]
    system: str | None = None
    extracted_at: datetime | None = None
    as_of: Source | None = None
    page: Part | None = None
    """What a row of a page log is; there is nothing else then."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that a table must have."""
        parts: tuple[Part, ...] = (*self.nodes, *self.relationships, *((self.page,) if self.page else ()))
        sources = [s for p in parts for s in p.properties.values()]
        sources += [n.id for n in self.nodes if n.id] + [e.id for r in self.relationships for e in (r.start, r.end)]
        sources += [self.as_of] if self.as_of else []
        tests = [p.when for p in parts if p.when]
        return tuple(dict.fromkeys([*(c for s in sources for c in s.columns), *(c for t in tests for c in t.columns)]))

    def check_header(self, header: Iterable[str], file: str) -> dict[str, str]:
        """The file's own spelling of each column. Raises ``SourceError`` that names every column it lacks."""
        theirs = [h for h in header if isinstance(h, str)]
        exact = {h: h for h in theirs}
        loose = {_loose(h): h for h in reversed(theirs)}
        found = {c: exact.get(c) or loose.get(_loose(c)) for c in self.columns}
        missing = [c for c, h in found.items() if h is None]
        if missing:
            said = "; ".join(f"{c!r}{did_you_mean(c, theirs)}" for c in missing)
            raise SourceError(
                f"{file}: no column {said}, which {self.file} reads",
                hint=f"the file's columns are {', '.join(theirs)}: mend the mapping, or load the table that it is for",
            )
        return {c: h for c, h in found.items() if h is not None}

    def records(
        self,
        rows: Iterable[tuple[int, Mapping[str, str]]],
        file: str,
        *,
        system: str | None = None,
        extracted_at: datetime | None = None,
    ) -> Iterator[Record]:
        """One record for each row (line number and cells), with every node and relationship that the row asserts.

        ``system`` and ``extracted_at`` go before the mapping's own. The header is checked at the first row.
        """
        owner = system or self.system
        anchor = extracted_at or self.extracted_at
        header: dict[str, str] | None = None
        for line, row in rows:
            if header is None:
                header = self.check_header(row, file)
            yield self._record(row, Place(file, line), header, owner, anchor)

    def _record(
        self,
        row: Mapping[str, str],
        place: Place,
        header: Mapping[str, str],
        system: str | None,
        anchor: datetime | None,
    ) -> Record:
        def cell(column: str) -> str:
            text: str | None = row.get(header[column])
            return text.strip(BLANKS) if text else ""

        given = dict(row)
        try:
            drafts = tuple(self._drafts(cell, system, anchor))
            as_of = str(self.as_of.value(cell, anchor)) or None if self.as_of else None
        except CellError as fault:
            column = header.get(fault.column, fault.column)
            return Record(place, given, (), system=system, faults=((column, fault.reason),))
        warnings = () if drafts else (f"no part of {self.file} applies to this row",)
        return Record(place, given, drafts, system=system, as_of=as_of, warnings=warnings)

    def _drafts(self, cell: Cell, system: str | None, anchor: datetime | None) -> Iterator[Draft]:
        if self.page is not None and (self.page.when is None or self.page.when.holds(cell)):
            viewed: dict[str, object] = {}
            names: dict[str, str] = {}
            _fill(self.page, cell, anchor, viewed, names)
            if (user := str(viewed.get("user") or "")) and ":" not in user:
                viewed["user"] = issued("User", user, system=system)
            yield Draft(self.page.table, viewed, names)
        ids: dict[str, str] = {}
        for node in self.nodes:
            if node.when is not None and not node.when.holds(cell):
                continue
            cells: dict[str, object] = {}
            columns: dict[str, str] = {}
            if node.id is not None:
                cells["id"] = issued(node.table, str(node.id.value(cell, anchor)), system=system)
                columns["id"] = ", ".join(node.id.columns)
            _fill(node, cell, anchor, cells, columns)
            if node.name:
                ids[node.name] = _key(node.table, cells)
            yield Draft(node.table, cells, columns)
        for rel in self.relationships:
            if rel.when is not None and not rel.when.holds(cell):
                continue
            cells, columns = {}, {}
            for name, end in (("start", rel.start), ("end", rel.end)):
                if end.part is None:
                    id_ = issued(end.label, str(end.id.value(cell, anchor)), system=system)
                elif end.part.name in ids:
                    id_ = ids[end.part.name]
                else:
                    break
                cells[name] = model.uid(end.label, id_)
                columns[name] = ", ".join(end.id.columns)
            else:
                _fill(rel, cell, anchor, cells, columns)
                yield Draft(rel.table, cells, columns)


def _fill(part: Part, cell: Cell, anchor: datetime | None, cells: dict[str, object], columns: dict[str, str]) -> None:
    for name, source in part.properties.items():
        cells[name] = source.value(cell, anchor)
        if source.columns:
            columns[name] = ", ".join(source.columns)


def _key(label: str, cells: Mapping[str, object]) -> str:
    """The id of a node that was just made; the check of rows gives the values of a composite one their spelling."""
    return "|".join(str(cells.get(name, "")) for name in model.NODES[label].key)


def _loose(column: str) -> str:
    return re.sub(r"[\s_]+", " ", column.lstrip("\ufeff").strip()).casefold()


def did_you_mean(word: str, known: Iterable[str]) -> str:
    by_fold = {k.casefold(): k for k in known}
    close = difflib.get_close_matches(word.casefold(), by_fold, n=1, cutoff=0.6)
    return f" (did you mean {by_fold[close[0]]!r}?)" if close else ""
