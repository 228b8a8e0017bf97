"""Tickets, what is like them, what they are about, and what imports did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from ._base import Result, json_name

Band: TypeAlias = Literal["weak", "medium", "strong"]
ChosenFrom: TypeAlias = Literal["given", "accepted", "prediction", "nothing"]
CriteriaKind: TypeAlias = Literal["section", "scenarios", "sentences"]
Severity: TypeAlias = Literal["low", "medium", "high"]
TicketPart: TypeAlias = Literal["summary", "criterion", "description"]


@dataclass(frozen=True, repr=False)
class TicketLink(Result):
    """A link from one ticket to another."""

    kind: str
    """The link type's name, such as Duplicate or Relates."""
    key: str
    """The ticket at the other end."""


@dataclass(frozen=True, repr=False)
class Ticket(Result):
    """A ticket as ATLAS keeps it. Only key and summary are needed.

    >>> ticket = Ticket("WRKA-7", "CSV export drops umlauts", components=["Reports"])
    >>> ticket
    Ticket(key='WRKA-7', summary='CSV export drops umlauts', ticket_type='', status='', components=('Reports',))
    """

    key: str
    """Such as WRKA-1234."""
    summary: str
    """The title."""
    description: str | None = None
    """Plain text, whole."""
    ticket_type: str = ""
    """Story, Task, Bug, …"""
    status: str = ""
    """To Do, In Progress, Done, …"""
    priority: str | None = None
    """The Jira site's own name for it."""
    resolution: str | None = None
    """Why it was closed: Fixed, Duplicate, …"""
    assignee: str | None = None
    """Display name."""
    reporter: str | None = None
    """Display name."""
    components: Sequence[str] = ()
    """Names, in Jira's order."""
    labels: Sequence[str] = ()
    """Labels, in Jira's order."""
    created: datetime | None = None
    """When it was filed."""
    updated: datetime | None = None
    """When Jira last changed it."""
    resolved: datetime | None = None
    """When it was resolved."""
    parent: str | None = None
    """The epic or parent ticket."""
    links: Sequence[TicketLink] = ()
    """Links to other tickets."""
    jira_id: str | None = None
    """Jira's own id of the issue, which survives a move to another project."""

    def __post_init__(self) -> None:
        for name in ("components", "labels", "links"):
            object.__setattr__(self, name, tuple(getattr(self, name)))


@dataclass(frozen=True, repr=False)
class Part(Result):
    """A named share of a score."""

    name: str
    """The signal's name, such as meaning or words."""
    value: float
    """What it adds to the score, in the score's own unit. May be negative."""


@dataclass(frozen=True, repr=False)
class SimilarTicket(Result):
    """A ticket that is like another one."""

    ticket_key: str
    """The other ticket."""
    summary: str
    """Its title."""
    status: str
    """Its status."""
    similarity: float
    """The score, 0 to 1: the sum of `parts`."""
    band: Band
    """The score in words, from calibration on real duplicates."""
    cosine: float
    """Cosine of the two texts, -1 to 1."""
    parts: tuple[Part, ...]
    """What the score is made of."""
    shared_words: tuple[str, ...]
    """The rarest words that both have."""
    degraded: str | None = None
    """Why words alone were compared, where they were."""


@dataclass(frozen=True, repr=False)
class DuplicateTicket(Result):
    """A ticket that is probably the same report as another one."""

    ticket_key: str
    """The other ticket."""
    summary: str
    """Its title."""
    status: str
    """Its status."""
    likelihood: float
    """How likely it is the same report, 0 to 1, from calibration on a public tracker."""
    parts: tuple[Part, ...]
    """What speaks for it and against it, in logits."""
    shared_words: tuple[str, ...]
    """The rarest words that both have."""
    linked: bool
    """Whether the asking ticket already links to it."""
    degraded: str | None = None
    """Why words alone were compared, where they were."""


@dataclass(frozen=True, repr=False)
class ComponentGuess(Result):
    """A component that a ticket is probably about."""

    name: str
    """The component's name."""
    confidence: float
    """0 to 1; 1 where the ticket names it itself."""
    reason: str
    """Where the guess comes from, in words."""


@dataclass(frozen=True, repr=False)
class ScenarioTypeGuess(Result):
    """A type of test scenario that a ticket calls for."""

    scenario_type: str = field(metadata=json_name("type"))
    """The type's name, such as Form Submission."""
    relevance: float
    """0 to 1."""
    words: tuple[str, ...]
    """The words in the ticket that speak for it."""


@dataclass(frozen=True, repr=False)
class Analysis(Result):
    """What a ticket is about."""

    ticket_key: str | None
    """The ticket; None for free text."""
    components: tuple[ComponentGuess, ...]
    """Most confident first."""
    scenario_types: tuple[ScenarioTypeGuess, ...]
    """Most relevant first."""
    similar_tickets: tuple[SimilarTicket, ...]
    """Most alike first."""

    def _repr_html_(self) -> str:
        from .._html import analysis

        return analysis(self)


@dataclass(frozen=True, repr=False)
class NamedScenario(Result):
    """A scenario by its name."""

    name: str
    """The scenario's name."""
    pattern_id: int | None
    """The pattern's row id, if it is one."""
    pattern_key: str | None = None
    """The pattern's key in its library."""
    score: float | None = None
    """How well it fits, 0 to 1; None where nothing was compared."""


@dataclass(frozen=True, repr=False)
class CriterionCoverage(Result):
    """A criterion, and whether a chosen scenario checks it."""

    criterion: str
    """The criterion, one line."""
    covered: bool
    """Whether a chosen scenario covers it."""
    closest: NamedScenario | None
    """The chosen scenario that comes closest, with its score."""
    reason: str
    """What was found, in one line."""
    suggestion: NamedScenario | None = None
    """For a gap, the stored pattern that would cover it best."""


@dataclass(frozen=True, repr=False)
class TypeGap(Result):
    """A usual type of scenario of which nothing is chosen."""

    scenario_type: str
    """The type, such as Form Submission."""
    relevance: float
    """How much the ticket's text calls for it, 0 to 1; 0 where only the past does."""
    past_tickets: tuple[str, ...]
    """The past tickets that were alike and for which it was right, most alike first."""
    reason: str
    """Why it is missed, in one line."""
    suggestion: NamedScenario | None = None
    """The stored pattern of that type to add."""


@dataclass(frozen=True, repr=False)
class CoverageGaps(Result):
    """Acceptance criteria and usual types of scenario with nothing chosen."""

    ticket_key: str | None
    """The ticket; None for free text."""
    chosen_from: ChosenFrom
    """How the chosen scenarios were found."""
    chosen: tuple[NamedScenario, ...]
    """The chosen scenarios."""
    criteria_kind: CriteriaKind | None
    """How the ticket states its criteria; None where it states none."""
    criteria: tuple[CriterionCoverage, ...]
    """Every criterion, covered or not, in the order of the text."""
    type_gaps: tuple[TypeGap, ...]
    """Types of scenario with nothing chosen, those that are called for the most first."""
    notes: tuple[str, ...] = ()
    """What there is to say of the whole, such as that the ticket states no criteria."""

    @property
    def open_criteria(self) -> tuple[CriterionCoverage, ...]:
        """The criteria that no chosen scenario covers."""
        return tuple(criterion for criterion in self.criteria if not criterion.covered)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.type_gaps and not self.open_criteria


@dataclass(frozen=True, repr=False)
class Quote(Result):
    """A sentence of the ticket, with its place."""

    text: str
    """As the ticket has it, at most 500 characters."""
    part: TicketPart
    """Where it stands."""
    number: int | None
    """Which criterion, or which line of the description, from 1; None for the summary."""


@dataclass(frozen=True, repr=False)
class Finding(Result):
    """Something that a tester would ask the author."""

    code: str
    """The kind, such as no-criteria or limit-without-number; stable."""
    severity: Severity
    """How much it matters."""
    question: str
    """The question to the author, in English."""
    quotes: tuple[Quote, ...]
    """The sentence that it is about; two where two sentences do not go together, several where several
    headings are empty. Never empty: what is missing from the whole quotes the summary."""


@dataclass(frozen=True, repr=False)
class Review(Result):
    """What a tester would ask a ticket's author before testing."""

    ticket_key: str | None
    """The ticket; None for free text."""
    language: str | None
    """The language by whose words the text was read, such as en; None where none is known."""
    findings: tuple[Finding, ...]
    """The most important first, at most 20."""
    left_out: int
    """How many more there are."""
    notes: tuple[str, ...] = ()
    """What was not looked at, and why."""


@dataclass(frozen=True, repr=False)
class ReadOnly(Result):
    """Why a database is only read, and what is left out because of it."""

    reason: str
    """Why: what the system says, or that the caller wanted it."""
    left_out: tuple[str, ...]
    """What opening for writing would have put right, in sentences; usually nothing."""


@dataclass(frozen=True, repr=False)
class Counts(Result):
    """How much a database holds."""

    tickets: int
    """Tickets."""
    patterns: int
    """Test patterns, the starter catalogue's among them."""
    starter_patterns: int
    """Patterns of the starter catalogue."""
    observations: int
    """Observations: which pattern was right or wrong for which ticket."""
    unencoded: int
    """Texts that wait for their vector; they are found by words until they have it."""

    def _repr_html_(self) -> str:
        from .._html import counts

        return counts(self)
