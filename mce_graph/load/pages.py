"""Page logs to self-care visits: rows of page views, grouped by session, intent and 30 minutes of silence.

A log is a table ``PageView`` (CSV, JSON Lines or Parquet), one row a page view: ``session`` or ``user``, or both,
``page``, ``enteredAt``; and, where known, ``leftAt``, ``intent``, ``goal`` (true where the visit reached what it was
for), ``channel``, ``device``, ``lcpMs``, ``loadMs``, ``isForm``, ``fieldsFilled``, ``error``. A visit is completed
by a page that is a goal; any other has no outcome, as in TM Forum's flows: a question decides how long it may be
silent. Logs that are loaded together are grouped together.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from mce_graph import model, specs
from mce_graph.load import values
from mce_graph.load.records import Draft, Record
from mce_graph.load.values import Fault

T = TypeVar("T")
PAGE_VIEW = "PageView"
SILENCE = timedelta(minutes=30)
"""A visit that is silent for longer has ended; what follows is another one."""
_STEP: Mapping[str, str] = {
    "page": "pageId", "enteredAt": "enteredAt", "leftAt": "leftAt", "lcpMs": "lcpMs", "loadMs": "loadMs",
    "isForm": "isForm", "fieldsFilled": "fieldsFilled", "error": "error",
}  # fmt: skip
"""Columns of a log that become properties of the step."""
_VISIT = ("intent", "channel", "device")
"""Columns that become properties of the visit: the first that is not empty."""
COLUMNS: tuple[str, ...] = ("session", "user", *_STEP, "goal", *_VISIT, "sources")
REQUIRED = ("page", "enteredAt")


def _property(name: str) -> specs.Property:
    """What a column is to a mapping file."""
    if name == "goal":
        return specs.Property(name, "boolean")
    label = "SelfCareStep" if name in _STEP else "SelfCareTransaction"
    return replace(model.NODES[label].find(_STEP.get(name, name)) or specs.Property(name), name=name, required=False)


PROPERTIES: Mapping[str, specs.Property] = {name: _property(name) for name in COLUMNS if name != "sources"}


@dataclass(frozen=True, slots=True)
class View:
    """One page view, as far as the grouping needs it."""

    key: str
    """Whose it is: the session, else the user."""
    entered: datetime
    last: datetime
    """When it was left, else entered."""
    goal: bool
    text: str = field(repr=False)
    """The whole row in one spelling: equal rows are one view."""
    session: str = ""
    user: str = ""
    said: tuple[str, ...] = ("", "", "")
    """Intent, channel, device."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit: the cells of its node, and who began it."""

    cells: Mapping[str, object] = field(repr=False)
    user: str


class Visits:
    """The visits of one or more logs: fill it with every row, then ask it for the record of each."""

    def __init__(self, assume_tz: ZoneInfo | None = None) -> None:
        self.assume_tz = assume_tz
        self._views: dict[str, View] = {}
        self._found: dict[str, tuple[Visit, int]] | None = None

    def add(self, records: Iterable[object]) -> None:
        """Take the rows of a log; those that cannot be grouped are told when their record is asked for."""
        for record in records:
            if isinstance(record, Record) and record.drafts and not record.faults:
                view = self._view(record)
                if isinstance(view, View):
                    self._views[view.text] = view

    def record(self, record: Record) -> Record:
        """The step that a row is, with the visit that it belongs to."""
        if record.faults or not record.drafts:
            return record
        cells = record.drafts[0].cells
        names = record.drafts[0].columns
        view = self._view(record)
        if not isinstance(view, View):
            column, reason = view
            return replace(record, drafts=(), faults=((names.get(column, column), reason),))
        if self._found is None:
            self._found = _grouped(self._views.values())
        visit, seq = self._found[view.text]
        id_ = str(visit.cells["id"])
        step: dict[str, object] = {"transaction": id_, "seq": seq}
        columns = {"transaction": names.get("session", "session"), "seq": names.get("enteredAt", "enteredAt")}
        for name, target in _STEP.items():
            if name in cells:
                step[target], columns[target] = cells[name], names.get(name, name)
        uid = model.uid("SelfCareTransaction", id_)
        ends = {"start": uid, "end": model.uid("SelfCareStep", f"{id_}|{seq}")}
        drafts = [
            Draft("SelfCareStep", step, columns),
            Draft("SelfCareTransaction", visit.cells, own=False),
            Draft("HAS_STEP", ends, own=False),
        ]
        if visit.user:
            drafts.append(
                Draft("STARTED", {"start": visit.user, "end": uid}, {"start": names.get("user", "user")}, own=False)
            )
        return replace(record, drafts=tuple(drafts))

    def _view(self, record: Record) -> View | tuple[str, str]:
        """A row as a view, or (column, reason) why it is none."""
        cells = record.drafts[0].cells
        try:
            session = _checked("session", cells, lambda said: values.string(said) or "")
            user = _checked("user", cells, _user)
            if not session and not user:
                return ("session", "is empty, as is user: nothing tells whose visit it is")
            entered = _checked("enteredAt", cells, self._instant)
            left = _checked("leftAt", cells, self._instant)
            goal = _checked("goal", cells, lambda said: values.boolean(said) or False)
            said = tuple(_checked(name, cells, lambda said: values.string(said) or "") for name in _VISIT)
        except _ColumnError as error:
            return (error.column, error.reason)
        if not isinstance(entered, datetime):
            return ("enteredAt", "is empty")
        last = max(left, entered) if isinstance(left, datetime) else entered
        text = json.dumps(
            [record.system, {k: str(v) for k, v in cells.items() if v not in (None, "")}, entered.isoformat()],
            sort_keys=True,
        )
        key = f"session {session}" if session else f"user {user}"
        return View(key, entered, last, goal is True, text, session or "", user or "", said)

    def _instant(self, said: str) -> datetime | None:
        return values.instant(said, self.assume_tz)


class _ColumnError(Exception):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__()
        self.column, self.reason = column, reason


def _checked(column: str, cells: Mapping[str, object], check: Callable[[str], T]) -> T | str:
    said = cells.get(column)
    if said is None or said == "":
        return ""
    if isinstance(said, bool):
        said = "true" if said else "false"
    try:
        return check(str(said))
    except Fault as fault:
        raise _ColumnError(column, str(fault)) from None


def _user(said: str) -> str:
    """The uid of a user; a bare id is one too."""
    label, colon, id_ = said.strip().partition(":")
    if not colon:
        return model.uid("User", values.identifier(said))
    if label != "User":
        raise Fault("is no User")
    return model.uid("User", values.identifier(id_))


def _grouped(views: Iterable[View]) -> dict[str, tuple[Visit, int]]:
    """Each view's visit and its place in it, whatever the order of the rows."""
    by_key: dict[str, list[View]] = {}
    for view in views:
        by_key.setdefault(view.key, []).append(view)
    found: dict[str, tuple[Visit, int]] = {}
    for same in by_key.values():
        same.sort(key=lambda v: (v.entered, v.last, v.text))
        for visit in _cut(same):
            made = _visit(visit)
            for seq, view in enumerate(visit, start=1):
                found[view.text] = (made, seq)
    return found


def _cut(views: list[View]) -> Iterable[list[View]]:
    """Cut where it was silent for too long, or where another intent begins."""
    part: list[View] = []
    last, intent = None, ""
    for view in views:
        other = bool(view.said[0] and intent and view.said[0] != intent)
        if part and last is not None and (view.entered - last > SILENCE or other):
            yield part
            part, last, intent = [], None, ""
        part.append(view)
        last = view.last if last is None else max(last, view.last)
        intent = view.said[0] or intent
    if part:
        yield part


def _visit(views: list[View]) -> Visit:
    first = views[0]
    start = first.entered.astimezone(UTC).isoformat()
    cells: dict[str, object] = {"id": hashlib.sha256(f"{first.key}|{start}".encode()).hexdigest()[:24], "start": start}
    if session := next((v.session for v in views if v.session), ""):
        cells["sessionId"] = session
    for i, name in enumerate(_VISIT):
        if said := next((v.said[i] for v in views if v.said[i]), ""):
            cells[name] = said
    if any(view.goal for view in views):
        cells["outcome"] = "completed"
        cells["end"] = max(view.last for view in views).astimezone(UTC).isoformat()
    return Visit(cells, next((v.user for v in views if v.user), ""))
