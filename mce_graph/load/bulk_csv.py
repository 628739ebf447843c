"""CSV files as ``neo4j-admin database import full`` takes them, and the arguments that name them.

One file for each label and each type, with its header in the first line. Cells are written by the model's types; an
empty cell is a property that is not there. The files hold personal data: only their owner may read them.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from mce_graph import model
from mce_graph.load.rows import Value

SEPARATOR = "\x1f"
"""Between the values of a list: no text that was checked holds it."""
_TYPES: Mapping[str, str] = {
    "string": "string", "text": "string", "int": "long", "float": "double", "boolean": "boolean",
    "datetime": "datetime", "date": "date", "list[string]": "string[]",
}  # fmt: skip
ARGUMENTS, SCHEMA = "import.args", "schema.cypher"


class ImportFiles:
    """A folder of import files, written one table after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.nodes: dict[str, int] = {}
        """Rows written, by key label."""
        self.relationships: dict[str, int] = {}
        """Rows written, by type."""
        self.lines = False
        """Whether any text holds the end of a line."""
        self._files: list[tuple[str, str]] = []

    def node_table(self, label: str, columns: Iterable[str], described: str = "") -> Table:
        """A file of nodes; ``described`` is the key label that the source records in it describe."""
        types = _node_types(label, described)
        names = [name for name in sorted(columns) if name != "uid"]
        header = ["uid:ID", ":LABEL", *(f"{name}:{_TYPES[types.get(name, 'string')]}" for name in names)]
        name = f"{label}_{described}" if described else label
        self._files.append(("nodes", f"{name}.csv"))
        return Table(self, name, header, names)

    def relationship_table(self, type_: str, columns: Iterable[str]) -> Table:
        types: dict[str, str] = {p.name: p.type for p in model.rel_properties(model.RELATIONSHIPS[type_])}
        types |= _HOUSEKEEPING
        names = sorted(columns)
        header = [":START_ID", ":END_ID", ":TYPE", *(f"{name}:{_TYPES[types.get(name, 'string')]}" for name in names)]
        self._files.append(("relationships", f"{type_}.csv"))
        return Table(self, type_, header, names)

    def size(self) -> int:
        """Bytes of all files."""
        return sum((self.folder / name).stat().st_size for _, name in self._files)

    def arguments(self, *, absolute: bool) -> list[str]:
        """The arguments of neo4j-admin; the database stands before the files, whose list has no end."""
        where = f"{self.folder}{os.sep}" if absolute else f".{os.sep}"  # a bare name has no folder, and is refused
        return [
            "database", "import", "full", "neo4j", "--overwrite-destination=true", "--bad-tolerance=0",
            f"--array-delimiter=U+{ord(SEPARATOR):04X}", f"--multiline-fields={'true' if self.lines else 'false'}",
            f"--report-file={where}import.report",
            *(f"--{kind}={where}{name}" for kind, name in self._files),
        ]  # fmt: skip


class Table:
    """One file; used as a context."""

    def __init__(self, files: ImportFiles, name: str, header: Sequence[str], names: Sequence[str]) -> None:
        self.names = names
        self._files = files
        path = files.folder / f"{name}.csv"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file: TextIO = os.fdopen(descriptor, "w", encoding="utf-8", newline="", buffering=1 << 20)
        self._write = csv.writer(self._file, lineterminator="\n").writerow
        self._write(header)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def node(self, uid: str, labels: Iterable[str], properties: Mapping[str, Value]) -> None:
        label = uid.partition(":")[0]
        self._files.nodes[label] = self._files.nodes.get(label, 0) + 1
        self._write([uid, SEPARATOR.join(labels), *map(self._cell, map(properties.get, self.names))])

    def relationship(self, start: str, end: str, type_: str, properties: Mapping[str, Value]) -> None:
        self._files.relationships[type_] = self._files.relationships.get(type_, 0) + 1
        self._write([start, end, type_, *map(self._cell, map(properties.get, self.names))])

    def _cell(self, value: Value) -> str | int:
        if value is None:
            return ""
        if isinstance(value, str):
            if "\n" in value or "\r" in value:
                self._files.lines = True
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, list):
            return SEPARATOR.join(value)
        if isinstance(value, date):  # a datetime is one too
            return value.isoformat()
        return repr(value) if isinstance(value, float) else value


_HOUSEKEEPING: Mapping[str, str] = {p.name: p.type for p in (*model.HOUSEKEEPING, model.OTHER_PERIODS)}


def _node_types(label: str, described: str) -> Mapping[str, str]:
    types: dict[str, str] = {}
    for name in (described, label):
        if name:
            types |= {p.name: p.type for p in model.NODES[name].properties}
    types |= _HOUSEKEEPING
    return types
