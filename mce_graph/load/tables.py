"""The columns of interchange tables: which property each is, and the record that a row makes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from mce_graph import model
from mce_graph.errors import SourceError
from mce_graph.load import pages
from mce_graph.load.csvread import CsvRow
from mce_graph.load.pages import PAGE_VIEW
from mce_graph.load.records import Draft, Place, Record

MORE = "(more)"
"""The cells of a rejected row beyond its header."""
_TIME_NAMES = ("asof", "lastupdate", "eventtime")
_ASIDE = ("sources", "asOf", "uid", "id", "stub", "deletedAt")


def row_of_json(row: Mapping[str, object], table: str, place: Place) -> Record:
    """The record of a JSON object with a table's columns: a line of JSON Lines, or of a mended rejects file."""
    if row.get(MORE):
        return Record(place, row, (), faults=(("", "has more fields than its header"),), table=table)
    known = _columns(table)
    cells: dict[str, object] = {}
    columns: dict[str, str] = {}
    aside: dict[str, str] = {}
    for column, value in row.items():
        name = known.get(_normal(column), column)
        if name in ("sources", "asOf"):
            aside[name] = _joined(value)
        elif column != MORE:
            cells[name] = value
            columns[name] = column
    _id_from_uid(table, cells)
    draft = Draft(table, cells, columns)
    as_of = aside.get("asOf") or None
    return Record(place, row, (draft,), system=aside.get("sources"), as_of=as_of, table=table)


class Header:
    """The columns of an interchange table: which property each is, or a refusal that names what is wrong."""

    def __init__(self, header: list[str], table: str, file: str) -> None:
        self.header = header
        self.table = table
        known = _columns(table)
        self.names = [known.get(_normal(h)) for h in header]
        named = [n for n in self.names if n is not None]
        if twice := repeated(named) or repeated([_normal(h) for h in header]):
            raise SourceError(f"{file}: the column {twice!r} stands twice in the header")
        self.unknown = [h for h, n in zip(header, self.names, strict=True) if n is None]
        if missing := _missing(table, set(named)):
            raise SourceError(
                f"{file}: the column{'s' if len(missing) > 1 else ''} {', '.join(missing)} of {table} "
                f"{'are' if len(missing) > 1 else 'is'} missing",
                hint=f"the first line has to be a header; `mce schema show` has the columns of {table}",
            )
        self.places = [(i, n) for i, n in enumerate(self.names) if n is not None and n not in ("sources", "asOf")]
        self.sources = self.names.index("sources") if "sources" in named else None
        self.as_of = self.names.index("asOf") if "asOf" in named else None
        self.columns = {n: header[i].strip() for i, n in self.places if header[i] != n}

    def record(self, row: CsvRow, file: str) -> Record:
        if row.fault is not None:
            return faulty(row, self.header, file)
        return self.filled(row.cells, Place(file, row.line))

    def filled(self, values: Sequence[object], place: Place) -> Record:
        """The record of one row of texts or typed values, in the order of the columns."""
        cells: dict[str, object] = {n: values[i] for i, n in self.places}
        _id_from_uid(self.table, cells)
        said = values[self.as_of] if self.as_of is not None else None
        return Record(
            place,
            dict(zip(self.header, values, strict=True)),
            (Draft(self.table, cells, self.columns),),
            system=_joined(values[self.sources]) if self.sources is not None else None,
            as_of=str(said) if said is not None and said != "" else None,
        )


def faulty(row: CsvRow, header: list[str], file: str) -> Record:
    assert row.fault is not None
    at, reason = row.fault
    given: dict[str, object] = dict(zip(header, row.cells, strict=False))
    if len(row.cells) > len(header):
        given[MORE] = row.cells[len(header) :] if len(row.cells) <= 10_000 else len(row.cells) - len(header)
    column = header[at] if at is not None and at < len(header) else ""
    return Record(Place(file, row.line), given or None, (), faults=((column, reason),))


def _joined(value: object) -> str:
    return ";".join(map(str, value)) if isinstance(value, list) else str(value if value is not None else "")


def unknown_columns(row: Mapping[str, object], table: str) -> list[str]:
    """The columns of a row that its table does not have."""
    known = _columns(table)
    return [column for column in row if _normal(column) not in known]


@lru_cache(maxsize=256)
def _columns(table: str) -> Mapping[str, str]:
    """Normal form of a column's name to the property that it is."""
    names: list[str]
    if table == PAGE_VIEW:
        names = list(pages.COLUMNS)
    elif spec := model.NODES.get(table):
        names = [*(p.name for p in spec.properties), *(f"{p.name}Raw" for p in spec.properties if p.enum), *_ASIDE]
        if table == "SourceRecord":
            names += [p.name for n in model.NODES.values() for p in n.properties]
    else:
        names = ["start", "end", "sources", "asOf", *(p.name for p in model.rel_properties(model.RELATIONSHIPS[table]))]
    found = {_normal(n): n for n in names}
    for alias in _TIME_NAMES:
        found.setdefault(alias, "asOf")
    return found


def _missing(table: str, there: set[str]) -> list[str]:
    if table == PAGE_VIEW:
        return [n for n in pages.REQUIRED if n not in there]
    if spec := model.NODES.get(table):
        required = [p.name for p in spec.properties if p.required]
        if there & {"id", "uid"}:
            required = [n for n in required if n not in spec.key]
        return [n for n in required if n not in there]
    required = [p.name for p in model.RELATIONSHIPS[table].properties if p.required]
    return [n for n in ("start", "end", *required) if n not in there]


def _id_from_uid(table: str, cells: dict[str, object]) -> None:
    uid = cells.get("uid")
    if "id" not in cells and isinstance(uid, str) and uid.startswith(table + ":"):
        cells["id"] = uid.partition(":")[2]


@lru_cache(maxsize=4096)
def _normal(column: str) -> str:
    return re.sub(r"[\s_-]+", "", unicodedata.normalize("NFC", column)).lower()


def repeated(names: list[str]) -> str:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return ""
