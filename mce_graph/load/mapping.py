"""Foreign tables by a mapping file: any number of nodes and relationships from each row of a table that is not ours.

The file is TOML::

    system = "CRM"                        # who issued the ids; left out: the master of each label
    extracted_at = 2026-11-01T00:00:00Z   # the day that ages are counted back from
    as_of = "changed_on"                  # the row's own time, a value like those of properties

    [[node]]
    as = "customer"                       # a name for the relationships below
    label = "Customer"
    id = "{cust_no}"                      # a template; an empty cell in it rejects the row
    when = 'kind != "test"'               # a condition (see condition.py); where it does not hold, there is no node
    [node.properties]
    name = "full name"                                                     # the cell of a column
    status = { column = "st", values = { A = "active", T = "terminated" } }  # translated; another word rejects the row,
                                                                           # unless other = "keep", or other = "active"
    startDate = { column = "since", format = "%d.%m.%Y", zone = "Europe/Paris" }
    segment = { const = "consumer" }
    churnReason = { template = "{reason} ({code})", when = 'st = "T"' }    # empty where the condition does not hold
    terminationDate = { months_before = "tenure" }                         # or days_before; a column or a number

    [[relationship]]
    type = "HOLDS_ACCOUNT"
    start = "customer"                    # a node by its name: none of it where the node has none; or
    end = "Account:{acct}"                # a label and the template of its id
    [relationship.properties]
    role = { const = "accountHolder" }

A page log has instead, for each row that is a page view (see pages.py)::

    [page]
    when = 'event = "view"'
    [page.properties]
    session = "sid"
    user = "login"                        # session or user, or both
    page = "url"
    enteredAt = { column = "ts", format = "%d.%m.%Y %H:%M:%S", zone = "Europe/Paris" }
    goal = { column = "url", values = { "/paid" = "true" }, other = "false" }

A value with ``column`` may also have ``empty = ["-", "n/a"]`` (words that mean nothing), ``decimal = ","`` and
``factor = 0.01`` (cents to euros). The whole file is held against the model when it is read, and every mistake is told.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from mce_graph import model, specs
from mce_graph.errors import ConfigurationError
from mce_graph.load import pages
from mce_graph.load.condition import Condition
from mce_graph.load.mapping_parts import End, ForeignMapping, NodePart, Part, RelationshipPart, Source, did_you_mean
from mce_graph.load.mapping_values import MistakeError, condition, source, template

__all__ = ["ForeignMapping", "load", "parse"]


def load(path: Path) -> ForeignMapping:
    """Read a mapping file and hold it against the model. Raises ``ConfigurationError`` with every mistake."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8"
        raise ConfigurationError(f"{path}: {reason}", hint="give the path of a mapping file (TOML)") from error
    return parse(text, path.name)


def parse(text: str, file: str) -> ForeignMapping:
    """Read the text of a mapping file; ``file`` is its name in messages.

    >>> mapping = parse('''[[node]]
    ... label = "Customer"
    ... id = "{no}"
    ... properties = { name = "who" }''', "customers.toml")
    >>> [record] = mapping.records([(2, {"no": "7", "who": "Ada"})], "customers.csv")
    >>> dict(record.drafts[0].cells)
    {'id': '7', 'name': 'Ada'}
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(
            f"{file}: is no TOML: {error}", hint="mend the line; toml.io has the grammar"
        ) from error
    return _Checker(file).mapping(document)


_NODE_KEYS = ("as", "label", "id", "when", "properties")
_REL_KEYS = ("type", "start", "end", "when", "properties")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}\Z", re.ASCII)
Table = Mapping[str, object]
"""A table of the TOML file."""


class _Checker:
    """Reads the parts of one mapping file and gathers its mistakes."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.mistakes: list[str] = []
        self.counts_back = ""
        """Where a value is counted back from the day of the extract, if anywhere."""

    def mapping(self, document: Table) -> ForeignMapping:
        system: str | None = None
        extracted_at: datetime | None = None
        as_of: Source | None = None
        self._known_keys("", document, ("system", "extracted_at", "as_of", "node", "relationship", "page"))
        with self._at(""):
            system = _name(document, "system")
        with self._at(""):
            extracted_at = _moment(document.get("extracted_at"))
        with self._at(""):
            if "as_of" in document:
                as_of = self._source(specs.Property("asOf", "datetime"), document["as_of"], "as_of")
        nodes: list[NodePart] = []
        for where, table in self._tables(document, "node", "label"):
            with self._at(where):
                node = self._node(table, where)
                if node.name and any(n.name == node.name for n in nodes):
                    raise MistakeError("as", f"{node.name!r} names a node above already; give this one another name")
                nodes.append(node)
        named = {n.name: n for n in nodes if n.name}
        rels: list[RelationshipPart] = []
        for where, table in self._tables(document, "relationship", "type"):
            with self._at(where):
                rels.append(self._relationship(table, where, named))
        page: Part | None = None
        if "page" in document:
            with self._at("[page]"):
                page = self._page(document["page"])
            if nodes or rels:
                self.mistakes.append("[page]: a page log has no [[node]] and no [[relationship]] beside it")
        if not nodes and not rels and page is None and not self.mistakes:
            self.mistakes.append("has neither a [[node]] nor a [[relationship]], nor a [page]; add one")
        if self.counts_back and extracted_at is None and not self.mistakes:
            self.mistakes.append(
                f"{self.counts_back} counts back from extracted_at, which is missing:"
                " add extracted_at = 2026-11-01T00:00:00Z at the top"
            )
        if self.mistakes:
            several = len(self.mistakes) > 1
            said = f"{len(self.mistakes)} mistakes" + "".join(f"\n  {m}" for m in self.mistakes)
            raise ConfigurationError(
                f"{self.file}: {said if several else self.mistakes[0]}",
                hint="`mce schema show` has every label, type and property",
            )
        return ForeignMapping(self.file, tuple(nodes), tuple(rels), system, extracted_at, as_of, page)

    @contextmanager
    def _at(self, where: str) -> Iterator[None]:
        """Gather a mistake, with where it stands, and go on with the next part."""
        try:
            yield
        except MistakeError as mistake:
            self.mistakes.append(f"{', '.join(p for p in (where, mistake.key) if p)}: {mistake.what}")

    def _tables(self, document: Table, key: str, title: str) -> Iterator[tuple[str, Table]]:
        entries = document.get(key, [])
        if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
            self.mistakes.append(f"{key}: write each as a table of its own, [[{key}]]")
            return
        for i, entry in enumerate(entries, start=1):
            name = entry.get(title)
            yield f"[[{key}]] {i}" + (f" ({name})" if isinstance(name, str) else ""), entry

    def _known_keys(self, where: str, table: Table, known: Iterable[str]) -> None:
        for key in table:
            if key not in known:
                hint = did_you_mean(key, known) or f"; known are {', '.join(known)}"
                self.mistakes.append(f"{f'{where}, ' if where else ''}{key}: is no key here{hint}")

    def _node(self, table: Table, where: str) -> NodePart:
        self._known_keys(where, table, _NODE_KEYS)
        label = _one_of(table, "label", model.NODES)
        spec = model.NODES[label]
        id_: Source | None = None
        if spec.composite:
            if "id" in table:
                raise MistakeError(
                    "id", f"the id of {label} is made of {' and '.join(spec.key)}: give those as properties"
                )
        else:
            id_ = template("id", table.get("id"), required=True)
        known = {p.name: p for p in spec.properties if spec.composite or p.name != "id"}
        properties = self._properties(table, known, where, label)
        lacking = [p.name for p in known.values() if p.required and p.name not in properties]
        if lacking:
            raise MistakeError("properties", f"{label} needs {' and '.join(lacking)}")
        return NodePart(label, _condition(table), properties, name=_name(table, "as") or "", id=id_)

    def _page(self, table: object) -> Part:
        if not isinstance(table, dict):
            raise MistakeError("", "is a table: [page], with [page.properties]")
        self._known_keys("[page]", table, ("when", "properties"))
        properties = self._properties(table, pages.PROPERTIES, "[page]", "a page view")
        if lacking := [name for name in pages.REQUIRED if name not in properties]:
            raise MistakeError("properties", f"a page view needs {' and '.join(lacking)}")
        if not {"session", "user"} & properties.keys():
            raise MistakeError("properties", "a page view needs session or user: whose visit it is")
        return Part(pages.PAGE_VIEW, _condition(table), properties)

    def _relationship(self, table: Table, where: str, named: Mapping[str, NodePart]) -> RelationshipPart:
        self._known_keys(where, table, _REL_KEYS)
        type_ = _one_of(table, "type", model.RELATIONSHIPS)
        spec = model.RELATIONSHIPS[type_]
        start = _end(table, "start", model.key_labels(spec.starts), named)
        end = _end(table, "end", model.key_labels(spec.ends), named)
        known = {p.name: p for p in model.rel_properties(spec)}
        if "role" in known and "*" not in spec.roles:
            known["role"] = replace(known["role"], enum=(*spec.roles, model.UNKNOWN_ROLE))
        properties = self._properties(table, known, where, type_)
        return RelationshipPart(type_, _condition(table), properties, start, end)

    def _properties(
        self, table: Table, known: Mapping[str, specs.Property], where: str, owner: str
    ) -> dict[str, Source]:
        given = table.get("properties", {})
        if not isinstance(given, dict):
            raise MistakeError("properties", "is a table: property = column, or property = { column = ... }")
        found: dict[str, Source] = {}
        for name, value in given.items():
            with self._at(where):
                if name not in known:
                    if name == "id":
                        raise MistakeError("properties.id", 'the id stands above the properties: id = "{column}"')
                    hint = did_you_mean(name, known) or f"; it has {', '.join(known) or 'none'}"
                    raise MistakeError(f"properties.{name}", f"{owner} has no such property{hint}")
                found[name] = self._source(known[name], value, f"properties.{name}", where)
        return found

    def _source(self, spec: specs.Property, value: object, key: str, where: str = "") -> Source:
        made = source(spec, value, key)
        if made.counts_back and not self.counts_back:
            self.counts_back = f"{where}, {key}" if where else key
        return made


def _one_of(table: Table, key: str, known: Mapping[str, object]) -> str:
    name = table.get(key)
    if not isinstance(name, str):
        raise MistakeError(key, f'is missing: give the {key}, such as {key} = "{next(iter(known))}"')
    if name not in known:
        raise MistakeError(key, f"the model has no {name!r}{did_you_mean(name, known)}")
    return name


def _name(table: Table, key: str) -> str | None:
    value = table.get(key)
    if value is None or (isinstance(value, str) and _NAME.match(value)):
        return value
    raise MistakeError(key, "is a name: letters, digits, - and _, a letter first")


def _moment(value: object) -> datetime | None:
    """The day of the extract, as TOML or in quotes; it must have its zone."""
    try:
        when = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        when = ""
    if when is None:
        return None
    if not isinstance(when, datetime) or when.tzinfo is None:
        raise MistakeError("extracted_at", "is a time with its zone, such as 2026-11-01T00:00:00Z")
    return when.astimezone(UTC)


def _condition(table: Table) -> Condition | None:
    text = table.get("when")
    return None if text is None else condition("when", text)


def _end(table: Table, key: str, labels: tuple[str, ...], named: Mapping[str, NodePart]) -> End:
    text = table.get(key)
    if not isinstance(text, str):
        raise MistakeError(
            key, f'is missing: give the name of a node above, or a label and an id, "{labels[0]}:{{column}}"'
        )
    label, colon, rest = text.partition(":")
    part = None
    if not colon:
        part = named.get(text)
        if part is None:
            hint = did_you_mean(text, named)
            raise MistakeError(key, f'no node above has as = {text!r}{hint}; an id is written "{labels[0]}:{{column}}"')
        label = part.table
    if label not in labels:
        raise MistakeError(key, f"{table['type']} has {' or '.join(labels)} at its {key}, not {label!r}")
    if part is not None:
        return End(label, part.id or Source(()), part)
    return End(label, template(key, rest, required=True))
