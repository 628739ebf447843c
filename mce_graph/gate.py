"""The gate for Cypher that somebody typed: what the text may hold, and what the server's plan of it may do.

A reading session refuses writes, and nothing else: within it Cypher reads files and addresses of the network, other
people's running queries with their values, users and settings. So before anything runs

* the text has at most ``TEXT`` characters and ``TOKENS`` words, is not nested too deep (``DEPTH``, ``BRACES``), and has
  no escapes that hide characters;
* it has no regular expression (some run for hours, and no time limit stops them), calls no function or procedure but
  the known ones, and loads no file;
* the server explains it, and its plan is of the right kind and holds none but the operators listed here. A list of
  what is allowed: an operator that a later version brings is refused until somebody has looked at it.

Both are needed. Keywords alone miss what a plan shows, and the plan does not show subqueries inside of a list or a
``reduce``. While it runs, a clock on our side closes the connection, because some queries cannot be stopped by the
server's own limit; those go on there until they end.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from mce_graph.asking import Conversation
from mce_graph.errors import GateError, ParameterError, WriteRefusedError
from mce_graph.result import Result, loose
from mce_graph.statement import ALL, Statement, Summary, walk

TEXT = 10_000
"""Characters."""
TOKENS = 2_000
"""Words, numbers and signs: planning a sum of so many terms takes seconds, and of more minutes."""
DEPTH = 40
"""Brackets of any kind, and NOT, within each other."""
BRACES = 10
"""Subqueries, maps or CASE within each other: the planner needs twice as long for each EXISTS around another."""
ROWS = 10_000
SECONDS = 30.0
GRACE = 1.0
"""Seconds that the server has to end a query itself before the connection is closed."""
NAME = "cypher"


def _operators(names: str) -> frozenset[str]:
    return frozenset(names.split())


READING = _operators(
    """
    AllNodesScan Anti AntiConditionalApply AntiSemiApply Apply Argument AssertSameNode AssertSameRelationship
    AssertingMultiNodeIndexSeek AssertingMultiRelationshipIndexSeek BidirectionalRepeat CacheProperties
    CartesianProduct ConditionalApply DirectedAllRelationshipsScan DirectedRelationshipByElementIdSeek
    DirectedRelationshipByIdSeek DirectedRelationshipFulltextIndexSearch DirectedRelationshipIndexContainsScan
    DirectedRelationshipIndexEndsWithScan DirectedRelationshipIndexScan DirectedRelationshipIndexSeek
    DirectedRelationshipIndexSeekByRange DirectedRelationshipTypeScan DirectedRelationshipUniqueIndexSeek
    DirectedRelationshipVectorIndexSearch DirectedUnionRelationshipTypesScan Distinct
    DynamicDirectedRelationshipTypeLookup DynamicLabelNodeLookup DynamicUndirectedRelationshipTypeLookup Eager
    EagerAggregation EmptyResult EmptyRow ExhaustiveLimit Expand Filter IntersectionNodeByLabelsScan
    LetAntiSemiApply LetSelectOrAntiSemiApply LetSelectOrSemiApply LetSemiApply Limit MultiNodeIndexSeek
    NodeByElementIdSeek NodeByIdSeek NodeByLabelScan NodeCountFromCountStore NodeFulltextIndexSearch NodeHashJoin
    NodeIndexContainsScan NodeIndexEndsWithScan NodeIndexScan NodeIndexSeek NodeIndexSeekByRange
    NodeLeftOuterHashJoin NodeRightOuterHashJoin NodeUniqueIndexSeek NodeUniqueIndexSeekByRange
    NodeVectorIndexSearch NonFuseable NullifyMetadata Optional OptionalExpand OrderedAggregation OrderedDistinct
    OrderedUnion PartialSort PartialTop PartitionedAllNodesScan PartitionedDirectedAllRelationshipsScan
    PartitionedDirectedRelationshipIndexScan PartitionedDirectedRelationshipIndexSeek
    PartitionedDirectedRelationshipIndexSeekByRange PartitionedDirectedRelationshipTypeScan
    PartitionedDirectedUnionRelationshipTypesScan PartitionedIntersectionNodeByLabelsScan PartitionedNodeByLabelScan
    PartitionedNodeIndexScan PartitionedNodeIndexSeek PartitionedNodeIndexSeekByRange
    PartitionedSubtractionNodeByLabelsScan PartitionedUndirectedAllRelationshipsScan
    PartitionedUndirectedRelationshipIndexScan PartitionedUndirectedRelationshipIndexSeek
    PartitionedUndirectedRelationshipIndexSeekByRange PartitionedUndirectedRelationshipTypeScan
    PartitionedUndirectedUnionRelationshipTypesScan PartitionedUnionNodeByLabelsScan PartitionedUnwind
    PathPropagatingBFS PreserveOrder ProduceResults ProjectEndpoints Projection RelationshipCountFromCountStore
    Repeat RollUpApply SelectOrAntiSemiApply SelectOrSemiApply SemiApply ShortestPath Skip Sort StatefulShortestPath
    SubtractionNodeByLabelsScan Top TriadicBuild TriadicFilter TriadicSelection UndirectedAllRelationshipsScan
    UndirectedRelationshipByElementIdSeek UndirectedRelationshipByIdSeek UndirectedRelationshipFulltextIndexSearch
    UndirectedRelationshipIndexContainsScan UndirectedRelationshipIndexEndsWithScan UndirectedRelationshipIndexScan
    UndirectedRelationshipIndexSeek UndirectedRelationshipIndexSeekByRange UndirectedRelationshipTypeScan
    UndirectedRelationshipUniqueIndexSeek UndirectedRelationshipVectorIndexSearch
    UndirectedUnionRelationshipTypesScan Union UnionNodeByLabelsScan Unwind ValueHashJoin ValueMergeJoin
    VarLengthExpand
    """
)
"""Operators that look at the graph and do nothing else; ``Expand`` stands for ``Expand(All)`` and ``Expand(Into)``."""
WRITING = _operators(
    """
    Create Delete DeletePath DetachDelete DetachDeletePath Foreach LockNodes LockingMerge Merge MergeInto
    MergeUniqueNode RemoveLabels SetDynamicProperty SetLabels SetNodePropertiesFromMap SetProperties
    SetPropertiesFromMap SetProperty SetRelationshipPropertiesFromMap SubqueryForeach
    """
)
"""Operators that change nodes and relationships, for ``write``."""
PROCEDURES = frozenset(
    {
        "db.index.fulltext.querynodes", "db.index.fulltext.queryrelationships", "db.index.vector.querynodes",
        "db.index.vector.queryrelationships", "db.labels", "db.propertykeys", "db.relationshiptypes",
        "db.schema.visualization",
    }
)  # fmt: skip
"""Procedures that only read, in lower case."""
NAMESPACES = frozenset(
    {"date", "datetime", "duration", "localdatetime", "localtime", "point", "time", "vector.similarity"}
)
"""What stands before the dot of the functions that Cypher has itself; others come from plug-ins and may do anything."""

_QUOTED = re.compile(
    r"(?P<comment>/\*.*?\*/|//[^\n]*)|(?P<text>'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")|(?P<name>`(?:[^`]|``)*`)",
    re.DOTALL,
)
_WORD = r"[^\W\d]\w*"
_FUNCTION = re.compile(rf"(?P<name>{_WORD}(?:\s*\.\s*{_WORD})+)\s*\(")
_CALL = re.compile(rf"(?<![.:$\w])CALL\s+(?P<name>{_WORD}(?:\s*\.\s*{_WORD})*)", re.IGNORECASE)
_PREFIX = re.compile(r"\s*(?P<word>EXPLAIN|PROFILE)\b", re.IGNORECASE)


def ad_hoc(
    text: str, params: Mapping[str, object] | None, *, write: bool, timeout: float, limit: int
) -> Conversation[Result[Mapping[str, object]]]:
    """Look at the text, have the server explain it, look at the plan, and only then run it."""
    if not timeout > 0 or not 0 < limit < ALL:
        raise ParameterError("timeout and limit are greater than zero")
    look_at_text(text)
    values = {str(name): value_of(value, f"${name}") for name, value in (params or {}).items()}
    statement = Statement(text, values, "write" if write else "read", timeout, NAME, rows=limit + 1)
    explained = yield replace(statement, text=f"EXPLAIN {text}", access="read")
    look_at_plan(explained.summary, write=write)
    return loose((yield statement), limit, NAME)


def look_at_text(text: str) -> None:
    """Raise ``GateError`` for what may not stand in a text, whatever its plan looks like."""
    if len(text) > TEXT:
        raise GateError(f"the text has {len(text)} characters; {TEXT} are allowed", hint="put values into params")
    if "\\u" in text.lower():
        raise GateError("the text has an escape \\u…, which hides what it means", hint="put the value into params")
    bare = _QUOTED.sub(lambda m: " " if m["comment"] else "''" if m["text"] else "q_", text)
    for character in bare:
        if unicodedata.category(character)[0] in "ZC" and character not in " \t\r\n":
            raise GateError(f"the text has the invisible character U+{ord(character):04X}", hint="take it out")
    tokens = re.findall(r"\w+|[^\w\s]", bare.upper())
    if len(tokens) > TOKENS:
        raise GateError(
            f"the text has {len(tokens)} words and signs; {TOKENS} are allowed", hint="put lists into params"
        )
    brackets, braces = _nesting(tokens)
    if brackets > DEPTH or braces > BRACES:
        raise GateError(f"nested too deep: {DEPTH} brackets or NOT, {BRACES} subqueries, maps or CASE are allowed")
    if match := _PREFIX.match(bare):
        raise GateError(f"{match['word'].upper()} does not belong here", hint="give the query itself")
    if re.search(r"=\s*~", bare):
        raise GateError("regular expressions are not allowed", hint="use CONTAINS, STARTS WITH or ENDS WITH")
    if re.search(r"\bLOAD\s+CSV\b", bare, re.IGNORECASE):
        raise GateError("LOAD CSV is not allowed", hint="`mce load` loads files")
    for match in _CALL.finditer(bare):
        _look_at_procedure(_joined(match["name"]))
    calls = {m.start("name") for m in _CALL.finditer(bare)}
    for match in _FUNCTION.finditer(bare):
        name = _joined(match["name"])
        if match.start("name") not in calls and name.rpartition(".")[0].lower() not in NAMESPACES:
            raise GateError(f"the function {name} is not one of Cypher's own")


def look_at_plan(summary: Summary, *, write: bool) -> None:
    """Raise ``GateError`` for a plan that does what was not asked for, ``WriteRefusedError`` for one that writes."""
    steps = walk(summary.plan) if summary.plan else []
    operators = [_operator(step) for step in steps]
    if not write and (summary.kind in ("rw", "w") or WRITING & set(operators)):
        raise WriteRefusedError("the text writes", hint="say write=True if it should")
    if summary.kind not in (("r", "rw", "w") if write else ("r",)) or not steps:
        raise GateError("the text does not read the graph", hint="schema, users and settings are not for ad-hoc Cypher")
    allowed = READING | WRITING if write else READING
    for step, operator in zip(steps, operators, strict=True):
        details = _details(step)
        if operator == "ProcedureCall":
            _look_at_procedure(details.partition("(")[0].strip())
        elif operator not in allowed:
            raise GateError(f"the plan has the operator {operator}, which is not allowed here")
        bare = _QUOTED.sub("''", details)
        if re.search(r"=\s*~|\bLOAD\s+CSV\b", bare, re.IGNORECASE):
            raise GateError(f"the plan's {operator} has a file or a regular expression")
        for match in _CALL.finditer(bare):
            _look_at_procedure(_joined(match["name"]))


def value_of(value: object, where: str, level: int = 0) -> object:
    """A value as a parameter: instants in UTC. Raises ``ParameterError`` for one that has no place in Cypher."""
    if value is None or isinstance(value, bool | float | str | bytes | bytearray):
        return value
    if isinstance(value, int):
        if not -ALL - 1 <= value <= ALL:
            raise ParameterError(f"{where} is too large: integers have 64 bits")
        return int(value)
    if isinstance(value, datetime) or type(value).__name__ == "DateTime":
        if getattr(value, "utcoffset", lambda: None)() is None:
            raise ParameterError(f"{where}: a time needs its zone", hint="datetime(…, tzinfo=UTC)")
        return value.astimezone(UTC) if isinstance(value, datetime) else value
    if isinstance(value, time) or type(value).__name__ == "Time":
        if getattr(value, "tzinfo", None) is not None:
            raise ParameterError(
                f"{where}: the driver cannot send a time of day with its zone", hint=f"send its text: time({where})"
            )
        return value
    if isinstance(value, date | timedelta) or type(value).__module__.partition(".")[0] == "neo4j":
        return value
    if level > DEPTH:
        raise ParameterError(f"{where}: lists and maps are nested more than {DEPTH} deep")
    if isinstance(value, Mapping):
        return {str(k): value_of(v, f"{where}.{k}", level + 1) for k, v in value.items()}
    if isinstance(value, Sequence | set | frozenset):
        return [value_of(v, f"{where}[{i}]", level + 1) for i, v in enumerate(value)]
    item = getattr(value, "item", None)  # a number of numpy
    if callable(item):
        return value_of(item(), where, DEPTH + 1)
    raise ParameterError(f"{where}: a {type(value).__name__} has no place in Cypher")


def _look_at_procedure(name: str) -> None:
    if name.lower() not in PROCEDURES:
        raise GateError(f"the procedure {name} is not allowed", hint=f"allowed are {', '.join(sorted(PROCEDURES))}")


def _operator(step: Mapping[str, object]) -> str:
    """``VarLengthExpand`` of ``VarLengthExpand(Pruning,BFS,All)@neo4j``."""
    return str(step["operatorType"]).partition("@")[0].partition("(")[0].strip()


def _details(step: Mapping[str, object]) -> str:
    arguments = step.get("args")
    return str(arguments.get("Details", "")) if isinstance(arguments, Mapping) else ""


def _nesting(tokens: Sequence[str]) -> tuple[int, int]:
    """How deep brackets and prefixes (NOT NOT …) stand within each other, and how deep braces and CASE."""
    brackets = braces = cases = prefixes = deepest = deepest_brace = 0
    for token in tokens:
        prefixes = prefixes + 1 if token in ("NOT", "-", "+") else 0
        brackets += (token in "([{") - (token in ")]}")
        braces += (token == "{") - (token == "}")
        cases = max(0, cases + (token == "CASE") - (token == "END"))
        deepest = max(deepest, brackets + prefixes)
        deepest_brace = max(deepest_brace, braces, cases)
    return deepest, deepest_brace


def _joined(name: str) -> str:
    return re.sub(r"\s+", "", name)
