"""What became of feedback, and what is worth asking."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from ._base import Result
from .predictions import Step

AnswerKind: TypeAlias = Literal["accepted", "rejected", "modified", "missed"]
EdgeCaseAnswer: TypeAlias = Literal["kept", "dismissed", "dismissed_for_component"]
FeedbackPart: TypeAlias = Literal["rating", "comments", "actual_minutes"]


@dataclass(frozen=True, repr=False)
class FeedbackItem(Result):
    """What was recorded of one scenario."""

    prediction_id: int | None
    """The stored scenario's row id; None for what was missed."""
    pattern_id: int | None
    """The stored pattern, which learns from the answer; None for a scenario that is none."""
    scenario_name: str | None
    """The scenario's name, where it is still known."""
    answer: AnswerKind
    """The answer."""
    rating: int | None
    """1 to 5."""
    comments: str | None
    """What the tester has to say."""
    actual_minutes: int | None
    """Minutes that it took; of a whole prediction, this scenario's share."""
    made_pattern: bool
    """Whether the pattern came with this answer."""
    steps: tuple[Step, ...] | None = None
    """The tester's own steps."""
    cleared: tuple[FeedbackPart, ...] = ()
    """What of an earlier answer it cleared."""


@dataclass(frozen=True, repr=False)
class FeedbackReceipt(Result):
    """What one call of feedback recorded."""

    feedback_id: int
    """For taking it back."""
    ticket_key: str | None
    """The ticket; None where its row has no key any more."""
    given_at: datetime | None
    """When it was given."""
    repeated: bool
    """Whether the host's id was seen before: then nothing has changed."""
    items: tuple[FeedbackItem, ...]
    """What was recorded, a scenario each, in the order of the prediction."""
    host_id: str | None = None
    """The host's own id of the call."""


@dataclass(frozen=True, repr=False)
class Undone(FeedbackReceipt):
    """What taking feedback back did."""

    removed_patterns: int = field(kw_only=True)
    """Patterns that had come with it and are gone."""
    withdrawn_models: int = field(kw_only=True)
    """Versions of what was learned that had seen it and are withdrawn."""


@dataclass(frozen=True, repr=False)
class Forgotten(Result):
    """What forgetting a ticket removed."""

    ticket_key: str | None
    """The ticket, which itself stays."""
    observations: int
    """Observations: which pattern was right or wrong for it."""
    feedback: int
    """Calls of feedback."""
    answers: int
    """Answers in its stored predictions."""
    not_similar: int
    """Pairs that were called not similar."""
    edge_cases: int
    """Answers to its edge cases."""
    pattern_sources: int
    """Mined patterns that no longer name it as their source."""
    removed_patterns: int
    """Patterns that had come with its feedback and are gone."""
    withdrawn_models: int
    """Versions of what was learned that had seen it and are withdrawn."""


@dataclass(frozen=True, repr=False)
class EdgeCaseReceipt(Result):
    """An answer to an edge case, as it is stored."""

    id: int
    """For taking it back."""
    ticket_key: str | None
    """The ticket; None where its row has no key any more."""
    rule: str
    """The rule that had named the edge case."""
    answer: EdgeCaseAnswer
    """The answer."""
    components: tuple[str, ...]
    """The ticket's components when it was given."""
    given_at: datetime | None
    """When it was given."""


@dataclass(frozen=True, repr=False)
class Question(Result):
    """A scenario of a stored prediction whose answer would teach much."""

    ticket_key: str
    """The ticket."""
    summary: str
    """Its title."""
    scenario_name: str
    """The scenario."""
    number: int
    """Its number in the ticket's newest prediction, from 1."""
    prediction_id: int
    """The stored scenario's row id."""
    pattern_id: int
    """The pattern's row id."""
    confidence: float
    """Confidence when it was predicted, 0 to 100."""
    uncertainty: float
    """How unsure that is: entropy in bits, 0 to 1."""
    others: int
    """Other tickets whose newest prediction has this scenario without an answer."""
    speaks_for: float
    """For how many scenarios the answer speaks."""
    reason: str
    """Why it is asked, in one line."""
