"""What the model is declared in: properties, kinds of nodes and types of relationships."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from mce_graph.systems import believed

Type = Literal["string", "text", "int", "float", "boolean", "datetime", "date", "list[string]"]
"""``string`` is at most 256 characters, ``text`` at most 4,096; a ``datetime`` is always an instant in UTC."""
Pii = Literal["", "name", "contact", "location", "birth", "identifier", "behaviour"]


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a node or relationship.

    ``tmf`` is the field of the TM Forum resource; ``None`` means the same name, ``""`` that the property is ours.
    ``enum`` closes the set of values, compared without regard to case; with ``lenient`` a foreign word leaves the
    property empty and is kept in ``<name>Raw``; with ``open_enum`` it is kept as it is, known words in their own
    spelling; otherwise the row is rejected.
    """

    name: str
    type: Type = "string"
    required: bool = False
    enum: tuple[str, ...] = ()
    lenient: bool = False
    open_enum: bool = False
    translate: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Other spellings, lower case, and the word they stand for."""
    minimum: float | None = None
    maximum: float | None = None
    pii: Pii = ""
    tmf: str | None = None
    help: str = ""
    form: Literal["", "id", "uid", "phone", "lower"] = ""
    """A stricter spelling of a text: an id, the uid of one of ``refers``, a phone number, lower case."""
    refers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.name[:1].islower() or not self.name.isalnum():
            raise ValueError(f"property {self.name!r} is not camelCase")
        if self.lenient and not self.enum:
            raise ValueError(f"property {self.name}: lenient says what happens outside an enum, and there is none")


@dataclass(frozen=True, slots=True)
class NodeSpec:
    """One kind of node. ``label`` is its key label: ``uid`` is ``<label>:<id>`` and unique under that label."""

    label: str
    properties: tuple[Property, ...]
    master: str
    tmf: str
    sid: str
    help: str
    also: tuple[str, ...] = ()
    """Labels that every such node carries beside the key label."""
    markers: tuple[str, ...] = ()
    """Labels that the loader keeps for now, or that a property decides."""
    key: tuple[str, ...] = ("id",)
    """The properties that make the id, joined by ``|``."""
    indexes: tuple[tuple[str, ...], ...] = ()
    ours: bool = False

    def find(self, name: str) -> Property | None:
        return next((p for p in self.properties if p.name == name), None)

    @property
    def authority(self) -> tuple[str, ...]:
        """Systems in the order in which they are believed when they disagree: the master first."""
        return believed(self.master)

    @property
    def composite(self) -> bool:
        return self.key != ("id",)


@dataclass(frozen=True, slots=True)
class RelSpec:
    """One type of relationship between the key labels ``starts`` and ``ends``."""

    type: str
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    help: str
    validity: bool = True
    """Whether it holds for a half-open period ``validFrom`` to ``validTo``."""
    roles: tuple[str, ...] = ()
    """The roles it may have; ``*`` means any word."""
    properties: tuple[Property, ...] = ()
    ours: bool = False
    tmf: str = ""
    master: str = ""
    """The system of a row that names none; else the master of the label that it starts at."""
    most_current_ends: int | None = None
    """At most so many current ends from one start; more are reported by ``mce schema check``."""
    indexes: tuple[str, ...] = ()
    """Properties by which the loader finds it: periods that began or lapsed since the last load."""

    @property
    def role(self) -> bool:
        return bool(self.roles)

    @property
    def key(self) -> tuple[str, ...]:
        """The properties that tell two relationships between the same ends apart."""
        return (*(("role",) if self.role else ()), *(("validFrom",) if self.validity else ()))
