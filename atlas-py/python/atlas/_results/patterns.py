"""Test patterns, and what ATLAS proposes to do with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from ._base import Result
from .predictions import Step

PatternOrigin: TypeAlias = Literal["starter", "imported", "user", "mined"]


@dataclass(frozen=True, repr=False)
class TestPattern(Result):
    """A reusable test scenario. Only name and type are needed.

    >>> TestPattern("Umlauts survive the export", "Data Export", steps=[Step("Export Ä")]).steps
    (Step(action='Export Ä'),)
    """

    __test__ = False  # pytest takes the name for a test's

    name: str
    """The scenario's name. Names may repeat."""
    pattern_type: str
    """The scenario's type, such as Form Submission."""
    key: str | None = None
    """The key in the library that it came from; unique where present."""
    component: str | None = None
    """The component it belongs to, or the library's folder."""
    objective: str | None = None
    """What the test is for."""
    precondition: str | None = None
    """What must hold before it starts."""
    steps: Sequence[Step] = ()
    """The steps, in order."""
    labels: Sequence[str] = ()
    """Words that help to find it; not shown."""
    avg_time_minutes: int | None = None
    """Average minutes that it takes, if known."""
    success_rate: float = 0.0
    """Share of its uses that were right, 0 to 1."""
    frequency: int = 0
    """How often it was used."""
    last_used: datetime | None = None
    """When it was last used."""
    is_active: bool = True
    """Retired patterns are kept and not predicted."""
    origin: PatternOrigin = "user"
    """Where it came from."""

    def __post_init__(self) -> None:
        for name in ("steps", "labels"):
            object.__setattr__(self, name, tuple(getattr(self, name)))


@dataclass(frozen=True, repr=False)
class StoredPattern(TestPattern):
    """A pattern with the row id that names it in calls."""

    id: int = field(kw_only=True)
    """The row id."""


@dataclass(frozen=True, repr=False)
class KnownPattern(Result):
    """A stored pattern that a proposal repeats."""

    id: int
    """Its row id."""
    name: str
    """Its name."""
    similarity: float
    """How alike they are, 0 to 1; 1 for equal steps."""


@dataclass(frozen=True, repr=False)
class PatternProposal(Result):
    """A scenario found in the user's tickets, to be kept as a pattern or dropped."""

    id: str
    """Eight hexadecimal digits made from the steps."""
    name: str
    """A name as a tester would say it, from the ticket that stands for the group."""
    pattern_type: str
    """The scenario's type."""
    component: str | None
    """The component that at least half of the tickets have."""
    steps: tuple[Step, ...]
    """The steps of the ticket that stands for the group, cleaned."""
    example: str
    """The ticket that the steps are from."""
    ticket_keys: tuple[str, ...]
    """All tickets that tell the scenario, the example among them."""
    words: tuple[str, ...]
    """The words that most of them share and few others have."""
    cohesion: float
    """How alike the tickets are, 0 to 1."""
    score: float
    """How much it is worth a look, 0 to 1."""
    known: KnownPattern | None = None
    """The stored pattern that says the same, if there is one."""
    merged: tuple[str, ...] = ()
    """The hashes of the steps of proposals that were merged into this one."""


@dataclass(frozen=True, repr=False)
class PatternName(Result):
    """What names a stored pattern."""

    id: int
    """Its row id."""
    name: str
    """The scenario's name."""
    key: str | None = None
    """Its key in its library."""


@dataclass(frozen=True, repr=False)
class PatternPair(Result):
    """Two patterns that say much the same."""

    keep: PatternName
    """The one to keep: the one used more often, else the older."""
    drop: PatternName
    """The other."""
    similarity: float
    """0 to 1; 1 for equal texts."""
    reason: str
    """Why, in one readable line."""


@dataclass(frozen=True, repr=False)
class PatternMerge(Result):
    """What merging two patterns did."""

    kept: int
    """The pattern that stays."""
    retired: int
    """The pattern that is retired."""
    sources_moved: int
    """Tickets that the kept pattern now names as sources and did not before."""
    observations_left: int
    """Observations that stayed with the retired pattern."""
