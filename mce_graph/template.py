"""One question: a ``.cypher`` file with a TOML header, checked, and its arguments bound to a ``Statement``.

A file that is not well formed cannot become a ``Template``: every message says which file, what is wrong and how to
mend it. Nothing here talks to a server; a reference that only the graph can complete is left for ``graph.py``.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Literal, cast

from mce_graph import chart, derived, model
from mce_graph.chart import Chart
from mce_graph.errors import ParameterError, TemplateError
from mce_graph.instants import parse_date, parse_instant, zoned
from mce_graph.statement import ALL, Access, Statement

ACTORS: Mapping[str, str] = MappingProxyType(
    {
        "care-agent": "Care agent, tier 1 or 2",
        "sla-manager": "SLA and service-quality manager",
        "account-holder": "Account holder, through self-care or an agent",
        "secondary-user": "Secondary user or guest",
        "identity-admin": "Identity administrator",
        "privacy-officer": "Privacy officer",
        "noc": "Network operations centre, service desk",
        "product-owner": "Product or self-care owner",
        "marketing": "Marketing and acquisition",
        "retention-analyst": "Retention analyst",
        "billing-analyst": "Billing and credit analyst",
        "data-engineer": "Data engineer",
    }
)
"""The people who ask, by the slug that headers and ``--actor`` use, in the catalogue's order."""
USE_CASES: Mapping[str, str] = MappingProxyType(
    {
        "identify": "Who is this, and what hangs together",
        "reconcile": "Front end against back end",
        "groups": "Households, enterprises, closed user groups",
        "sla": "Which service level was promised, and kept",
        "qoe": "Whether they enjoy the service",
        "tickets": "Tickets, problems and their impact",
        "selfcare": "Why they closed the page and went away",
        "access": "Controls, permissions, privacy",
        "acquisition": "Guests, invitations, conversion",
        "retention": "Who may leave, and who goes with them",
    }
)
"""The folders of ``cypher/`` and what each is about, in the catalogue's order."""

Returns = Literal["many", "one", "one_or_none", "value", "graph"]
SCALARS = ("string", "int", "float", "boolean", "datetime", "date")
COLUMN_TYPES = (*SCALARS, "list[string]", "list[int]", "list[float]", "map", "node", "relationship")
PII = ("name", "contact", "location", "birth", "identifier", "behaviour")

_HEADER = re.compile(r"\A\s*/\*(?P<toml>.*?)\*/", re.DOTALL)
_LITERAL = re.compile(r"/\*=(?P<name>[a-z_]+)\*/(?P<value>\d+)")
_PARAMETER = re.compile(r"(?<![\w$`])\$(?P<name>[A-Za-z_]\w*)")
_SNAKE = re.compile(r"[a-z][a-z0-9_]*\Z")
_BARE_ID = re.compile(r"[^\x00-\x1f\x7f]{1,600}\Z")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a question, as its header declares it."""

    name: str
    type: str
    help: str
    default: object = None
    """The value when none is given; ``now`` and ``as_of - 30d`` are computed when the question is asked."""
    optional: bool = False
    """Whether it may be left out; then the statement receives null."""
    example: object = None
    unit: str = ""
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    literal: bool = False
    """Written into the text in place of its marker, because Cypher takes no parameter there."""
    pii: str = ""

    @property
    def required(self) -> bool:
        return self.default is None and not self.optional

    @property
    def labels(self) -> tuple[str, ...]:
        """Key labels a ``ref`` may name, in order; empty for any other type."""
        inner = self.type.removeprefix("ref[").removesuffix("]")
        if inner == self.type:
            return ()
        return tuple(model.NODES) if inner == "any" else model.key_labels(inner.split("|"))

    @property
    def many(self) -> bool:
        return self.type.startswith("list[")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an answer."""

    name: str
    type: str
    help: str
    unit: str = ""
    pii: str = ""
    nullable: bool = True
    """Whether it may be empty; a column of the key may not, unless the header says ``nullable = true``."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A parameter of the text that is computed from others, so that nobody has to spell it: a phone number in E.164."""

    name: str
    function: str
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pending:
    """A bare id that fits several key labels: only the graph knows which of them exists."""

    parameter: str
    labels: tuple[str, ...]
    id: str = field(repr=False)

    @property
    def candidates(self) -> list[str]:
        return [model.uid(label, self.id) for label in self.labels]


@dataclass(frozen=True, slots=True)
class Bound:
    """A question with its arguments: the statement, the limit asked for and what the graph must still say."""

    statement: Statement
    limit: int | None
    pending: tuple[Pending, ...] = ()
    refs: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    """The uids that ``ref`` parameters name: looked up only when no row came."""


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A question that may be asked of the graph."""

    id: str
    text: str = field(repr=False)
    title: str
    question: str
    actors: tuple[str, ...]
    access: Access
    returns: Returns
    key: tuple[str, ...]
    timeout: float
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    derived: tuple[Derived, ...] = ()
    scope: Literal["anchored", "graph"] = "anchored"
    """``graph`` touches every node of a kind: its cost grows with the operator."""
    source: tuple[str, ...] = ()
    """Where formulas and thresholds come from."""
    notes: str = ""
    allow: Mapping[str, str] = field(default_factory=dict)
    """Plan operators that the contract tests would refuse, each with the reason why it is right here."""
    path: Path | None = None
    charts: tuple[Chart, ...] = ()
    """How the rows are drawn on a page and a terminal."""

    @property
    def use_case(self) -> str:
        return self.id.partition(".")[0]

    @property
    def name(self) -> str:
        return self.id.partition(".")[2]

    @property
    def command(self) -> str:
        """What the command line calls it: ``identify customer-360``."""
        return f"{self.use_case} {self.name.replace('_', '-')}"

    def parameter(self, name: str) -> Parameter | None:
        return next((p for p in self.parameters if p.name == name), None)

    def bind(self, given: Mapping[str, object], *, now: datetime | None = None) -> Bound:
        """Check the arguments and give the statement to send.

        Raises ``ParameterError`` for an unknown name, a missing value, or one that does not fit its type or bounds.
        """
        known = [p.name for p in self.parameters]
        for name in given:
            if name not in known:
                near = difflib.get_close_matches(name, known, 1)
                raise ParameterError(
                    f"{self.id}: there is no parameter {name!r}",
                    hint=f"did you mean {near[0]!r}?" if near else f"it takes {', '.join(known) or 'none'}",
                )
        moment = (now or datetime.now(UTC)).astimezone(UTC)
        values: dict[str, object] = {}
        pending: list[Pending] = []
        refs: dict[str, tuple[str, ...]] = {}
        limit: int | None = None
        # as_of first: windows are counted from it, wherever the header declares it.
        for p in sorted(self.parameters, key=lambda p: p.name != "as_of"):
            value = given.get(p.name)
            if value is None and not (p.name == "limit" and p.name in given):
                value = self._default(p, values, moment)
            if p.labels and value is not None:
                uid = self._reference(p, value)
                if isinstance(uid, Pending):
                    pending.append(uid)
                    values[p.name] = None
                else:
                    values[p.name] = uid
                    refs[p.name] = (uid,)
                continue
            if p.name == "limit":
                limit = None if value in (None, "all", ALL) else cast(int, self._checked(p, value, moment))
                more = self.returns == "many" and limit is not None
                values[p.name] = ALL if limit is None else limit + 1 if more else limit
                continue
            values[p.name] = self._checked(p, value, moment) if value is not None else None
        self._window(values)
        for d in self.derived:
            values[d.name] = derived.FUNCTIONS[d.function](*(values[name] for name in d.of))
        text = self.text
        for p in self.parameters:
            if p.literal:
                text = _LITERAL.sub(
                    lambda m, p=p: str(values[p.name]) if m["name"] == p.name else m[0],  # type: ignore[misc]
                    text,
                )
                del values[p.name]
        return Bound(Statement(text, values, self.access, self.timeout, self.id), limit, tuple(pending), refs)

    def _default(self, p: Parameter, values: Mapping[str, object], now: datetime) -> object:
        if p.default is None:
            if not p.optional:
                raise ParameterError(f"{self.id}: {p.name} is missing", hint=f"{p.help} (for example {p.example!r})")
            return None
        if p.type != "datetime":
            return p.default
        word = str(p.default)
        if word == "now":
            return now
        anchor = values.get("as_of", now)
        if word == "as_of":
            return anchor
        return cast(datetime, anchor) - timedelta(days=int(word.removeprefix("as_of-").removesuffix("d")))

    def _reference(self, p: Parameter, value: object) -> str | Pending:
        if not isinstance(value, str):
            raise ParameterError(f"{self.id}: {p.name} wants an id, not {type(value).__name__}", hint=p.help)
        text = value.strip()
        label, colon, rest = text.partition(":")
        if colon and label in model.NODES:
            if label not in p.labels:
                raise ParameterError(
                    f"{self.id}: {p.name} takes {' or '.join(p.labels)}, not a {label}",
                    hint=f"for example {p.example!r}",
                )
            if rest:
                return f"{label}:{rest}"
        if not text or not _BARE_ID.match(text):
            raise ParameterError(f"{self.id}: {p.name} is empty or holds control characters", hint=p.help)
        return model.uid(p.labels[0], text) if len(p.labels) == 1 else Pending(p.name, p.labels, text)

    def _checked(self, p: Parameter, value: object, now: datetime) -> object:
        if p.many:
            items = value.split(",") if isinstance(value, str) else value
            if not isinstance(items, Sequence):
                raise ParameterError(f"{self.id}: {p.name} wants a list")
            inner = p.type.removeprefix("list[").removesuffix("]")
            return [self._scalar(p, inner, item.strip() if isinstance(item, str) else item, now) for item in items]
        return self._scalar(p, p.type, value, now)

    def _scalar(self, p: Parameter, type_: str, value: object, now: datetime) -> object:
        where = f"{self.id}: {p.name}"
        try:
            out = _convert(type_, value, now)
        except ValueError as error:
            raise ParameterError(f"{where}: {error}", hint=p.help) from None
        if p.choices and out not in p.choices:
            near = difflib.get_close_matches(str(out), p.choices, 1, 0.5)
            raise ParameterError(
                f"{where} is none of {', '.join(p.choices)}", hint=f"did you mean {near[0]!r}?" if near else p.help
            )
        if isinstance(out, int | float) and not isinstance(out, bool):
            low, high = p.minimum, p.maximum
            if (low is not None and out < low) or (high is not None and out > high):
                bounds = f"{_plain(low)}..{_plain(high)}"
                raise ParameterError(f"{where}={out} is outside {bounds}", hint=p.help)
        return out

    def _window(self, values: Mapping[str, object]) -> None:
        since, until = values.get("since"), values.get("until")
        if isinstance(since, datetime) and isinstance(until, datetime) and since >= until:
            raise ParameterError(
                f"{self.id}: since {since:%Y-%m-%dT%H:%M:%SZ} is not before until {until:%Y-%m-%dT%H:%M:%SZ}",
                hint="a window is half-open: from since, before until",
            )


def _plain(bound: float | None) -> str:
    return "" if bound is None else f"{bound:g}"


def _convert(type_: str, value: object, now: datetime) -> object:
    if type_ == "datetime":
        if isinstance(value, datetime):
            return zoned(value)
        return parse_instant(str(value), now)
    if type_ == "date":
        return value if type(value) is date else parse_date(str(value), now)
    if type_ == "string":
        if not isinstance(value, str):
            raise ValueError(f"wants a text, not {type(value).__name__}")
        return value
    if type_ == "boolean":
        if isinstance(value, bool):
            return value
        if str(value).lower() in ("true", "false"):
            return str(value).lower() == "true"
        raise ValueError("wants true or false")
    if isinstance(value, bool):
        raise ValueError("wants a number, not true or false")
    text = str(value).strip()
    if not re.fullmatch(r"[+-]?\d+" if type_ == "int" else r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", text, re.ASCII):
        raise ValueError("wants a whole number" if type_ == "int" else "wants a number")
    number = int(text) if type_ == "int" else float(text)
    if abs(number) > ALL:
        raise ValueError("is too large")
    return number


def parse(text: str, id: str, path: Path | None = None) -> Template:
    """Make a template of a file's text; ``id`` is ``<use case>.<name>``, from the file's place.

    Raises ``TemplateError`` that names the id, what is wrong and how to mend it.
    """
    return _Header(text, id, path).template()


def load(path: Path) -> Template:
    """Read one question's file; its folder and its name make the id."""
    return parse(path.read_text(encoding="utf-8"), f"{path.parent.name}.{path.stem}", path)


class _Header:
    """The checks of one header, in the order in which its author would mend them."""

    def __init__(self, text: str, id: str, path: Path | None) -> None:
        self.text, self.id, self.path = text, id, path

    def fail(self, what: str, hint: str = "") -> TemplateError:
        return TemplateError(f"{self.path or self.id}: {what}", hint=hint)

    def template(self) -> Template:
        match = _HEADER.match(self.text)
        if not match:
            raise self.fail("no header", "the file begins with /* TOML */; see cypher/README.md")
        try:
            header = tomllib.loads(match["toml"])
        except tomllib.TOMLDecodeError as error:
            raise self.fail(f"the header is not TOML: {error}") from error
        body = self.text[match.end() :].strip()
        if not all(_SNAKE.match(part) for part in self.id.split(".")) or self.id.count(".") != 1:
            raise self.fail("folder and file name are lower case with underscores")
        allowed = {
            "title", "question", "actors", "access", "returns", "key", "timeout", "scope", "source", "notes", "allow",
            "params", "columns", "derived", "chart",
        }  # fmt: skip
        if unknown := sorted(set(header) - allowed):
            raise self.fail(f"unknown header entry {unknown[0]!r}", f"entries are {', '.join(sorted(allowed))}")
        for name in ("title", "question"):
            if not isinstance(header.get(name), str) or not header[name].strip():
                raise self.fail(f"{name} is missing", f'{name} = "…"')
        actors = header.get("actors") or []
        if not actors or any(a not in ACTORS for a in actors):
            raise self.fail(f"actors {actors!r}: who asks?", f"some of {', '.join(ACTORS)}")
        if header.get("access") not in ("read", "write"):
            raise self.fail("access is neither read nor write")
        if header.get("returns") not in ("many", "one", "one_or_none", "value", "graph"):
            raise self.fail("returns is none of many, one, one_or_none, value, graph")
        timeout = header.get("timeout")
        if not isinstance(timeout, int | float) or isinstance(timeout, bool) or not 0 < timeout <= 600:
            raise self.fail("timeout is not a number of seconds up to 600")
        if header.get("scope", "anchored") not in ("anchored", "graph"):
            raise self.fail("scope is neither anchored nor graph")
        parameters = tuple(self._parameter(n, d) for n, d in header.get("params", {}).items())
        columns = tuple(self._column(n, d, header.get("key", ())) for n, d in header.get("columns", {}).items())
        computed = tuple(self._derived(n, d, parameters) for n, d in header.get("derived", {}).items())
        self._against_text(body, parameters, computed)
        returns: Returns = header["returns"]
        if returns == "many" and not any(p.name == "limit" for p in parameters):
            raise self.fail("a list takes limit", 'limit = { type = "int", default = 100, min = 1, help = "…" }')
        if not columns and returns != "graph":
            raise self.fail("no columns", "[columns] names each with type and help")
        key = tuple(header.get("key", ()))
        if returns == "many" and (not key or any(k not in [c.name for c in columns] for k in key)):
            raise self.fail(f"key {list(key)} names no columns", "key says which columns tell two rows apart")
        try:
            charts = chart.declared(header["chart"], columns) if "chart" in header else ()
        except (ValueError, TypeError) as error:
            raise self.fail(f"chart: {error}", "see mce_graph/chart.py") from error
        return Template(
            id=self.id, text=body, title=header["title"], question=header["question"], actors=tuple(actors),
            access=header["access"], returns=returns, key=key, timeout=float(timeout), parameters=parameters,
            columns=columns, derived=computed, scope=header.get("scope", "anchored"),
            source=tuple(header.get("source", ())),
            notes=header.get("notes", "").strip(), allow=MappingProxyType(header.get("allow", {})), path=self.path,
            charts=charts,
        )  # fmt: skip

    def _parameter(self, name: str, d: object) -> Parameter:
        where = f"parameter {name}"
        if not _SNAKE.match(name) or not isinstance(d, dict):
            raise self.fail(f"{where} is not `name = {{ type = …, help = … }}` in snake_case")
        known = {
            "type", "help", "default", "optional", "example", "unit", "choices", "min", "max", "literal", "pii",
        }  # fmt: skip
        if unknown := sorted(set(d) - known):
            raise self.fail(f"{where}: unknown entry {unknown[0]!r}", f"entries are {', '.join(sorted(known))}")
        type_ = d.get("type", "")
        inner = type_.removeprefix("list[").removesuffix("]")
        if not (inner in SCALARS or type_.startswith("ref[")):
            raise self.fail(f"{where}: type {type_!r} is none of {', '.join(SCALARS)}, list[…], ref[Label]")
        if not d.get("help"):
            raise self.fail(f"{where}: help is missing")
        p = Parameter(
            name, type_, d["help"], d.get("default"), d.get("optional", False), d.get("example"), d.get("unit", ""),
            tuple(d.get("choices", ())), d.get("min"), d.get("max"), d.get("literal", False), d.get("pii", ""),
        )  # fmt: skip
        if type_.startswith("ref[") and not p.labels:
            raise self.fail(f"{where}: {type_} names no label of the model")
        if p.required and p.example is None:
            raise self.fail(f"{where}: a required parameter shows an example")
        if p.literal and (type_ != "int" or p.minimum is None or p.maximum is None or p.default is None):
            raise self.fail(f"{where}: a literal is an int with default, min and max")
        word = str(p.default)
        if type_ == "datetime" and p.default is not None and not re.fullmatch(r"now|as_of|as_of-\d+d", word):
            raise self.fail(f"{where}: default {word!r} is none of now, as_of, as_of-30d")
        if p.pii and p.pii not in PII:
            raise self.fail(f"{where}: pii {p.pii!r} is none of {', '.join(PII)}")
        return p

    def _column(self, name: str, d: object, key: Sequence[str]) -> Column:
        if not _SNAKE.match(name) or not isinstance(d, dict) or d.get("type") not in COLUMN_TYPES or not d.get("help"):
            raise self.fail(f"column {name} is not `name = {{ type = …, help = … }}` in snake_case")
        known = {"type", "help", "unit", "pii", "nullable"}
        if unknown := sorted(set(d) - known):
            raise self.fail(f"column {name}: unknown entry {unknown[0]!r}")
        if d.get("pii", "") not in ("", *PII):
            raise self.fail(f"column {name}: pii {d['pii']!r} is none of {', '.join(PII)}")
        nullable = d.get("nullable", name not in key)
        return Column(name, d["type"], d["help"], d.get("unit", ""), d.get("pii", ""), nullable)

    def _derived(self, name: str, call: object, parameters: Sequence[Parameter]) -> Derived:
        match = re.fullmatch(r"(?P<function>[a-z0-9]+)\((?P<of>[a-z_, ]*)\)", str(call))
        if not _SNAKE.match(name) or not match or match["function"] not in derived.FUNCTIONS:
            functions = ", ".join(derived.FUNCTIONS)
            raise self.fail(f"derived {name} is not `name = function(parameters)`", f"functions are {functions}")
        of = tuple(x.strip() for x in match["of"].split(",") if x.strip())
        if stray := [x for x in of if x not in [p.name for p in parameters]]:
            raise self.fail(f"derived {name}: {stray[0]} is no parameter")
        return Derived(name, match["function"], of)

    def _against_text(self, body: str, parameters: Sequence[Parameter], computed: Sequence[Derived]) -> None:
        """What is declared is used, and what is used is declared."""
        bare = without_comments(body)
        used = {m["name"] for m in _PARAMETER.finditer(bare)}
        marked = {m["name"]: int(m["value"]) for m in _LITERAL.finditer(body)}
        for p in parameters:
            if p.literal and p.name not in marked:
                raise self.fail(f"literal {p.name} has no marker", f"write *1../*={p.name}*/{p.default}")
            if p.literal and marked[p.name] != p.default:
                raise self.fail(f"literal {p.name}: the text says {marked[p.name]}, the header {p.default}")
            if not p.literal and p.name not in used and not any(p.name in d.of for d in computed):
                raise self.fail(f"parameter {p.name} is declared and not used", f"use ${p.name} or drop it")
        for d in computed:
            if d.name not in used:
                raise self.fail(f"derived {d.name} is not used", f"use ${d.name} or drop it")
        declared = {p.name for p in parameters} | {d.name for d in computed}
        if stray := sorted((used | set(marked)) - declared):
            raise self.fail(f"${stray[0]} is used and not declared", "add it to [params]")


def without_comments(text: str) -> str:
    """Cypher without comments and quoted texts: what parameters and words really are in it."""
    pattern = r"/\*.*?\*/|//[^\n]*|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|`[^`]*`"
    return re.sub(pattern, " ", text, flags=re.DOTALL)


__all__ = ["ACTORS", "USE_CASES", "Bound", "Column", "Parameter", "Pending", "Template", "load", "parse"]
