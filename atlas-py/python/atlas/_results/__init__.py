"""The results of ATLAS: frozen classes, a file per subject."""

from __future__ import annotations

from ._base import Result, describe, instant, to_json
from .tickets import (
    Analysis,
    Band,
    ChosenFrom,
    ComponentGuess,
    Counts,
    CoverageGaps,
    CriteriaKind,
    CriterionCoverage,
    DuplicateTicket,
    ImportReport,
    NamedScenario,
    Part,
    ScenarioTypeGuess,
    SimilarTicket,
    Skipped,
    Ticket,
    TicketLink,
    TypeGap,
)
from .predictions import (
    Blend,
    Criticality,
    Degraded,
    EdgeCase,
    MinutesOrigin,
    Prediction,
    Reason,
    ReasonKind,
    Scenario,
    Step,
    StepsOrigin,
)
from .feedback import (
    AnswerKind,
    FeedbackItem,
    FeedbackReceipt,
    Forgotten,
    Question,
    Undone,
)
from .patterns import (
    KnownPattern,
    PatternMerge,
    PatternName,
    PatternOrigin,
    PatternPair,
    PatternProposal,
    StoredPattern,
    TestPattern,
)
from .learning import (
    BacktestOptions,
    BacktestReport,
    Drift,
    GroupScore,
    Interval,
    MethodScore,
    ModelState,
    ModelVersion,
    Reliability,
    ReliabilityBand,
    Scored,
    TimeBacktest,
    Timeline,
    TimelinePoint,
    TrainingLog,
    TrainingStatus,
)
from .sync import (
    Account,
    SkippedIssue,
    SyncFailure,
    SyncOutcome,
    SyncReport,
    SyncStatus,
)

__all__ = [
    "Account",
    "Analysis",
    "AnswerKind",
    "BacktestOptions",
    "BacktestReport",
    "Band",
    "Blend",
    "ChosenFrom",
    "ComponentGuess",
    "Counts",
    "CoverageGaps",
    "CriteriaKind",
    "CriterionCoverage",
    "Criticality",
    "Degraded",
    "Drift",
    "DuplicateTicket",
    "EdgeCase",
    "FeedbackItem",
    "FeedbackReceipt",
    "Forgotten",
    "GroupScore",
    "ImportReport",
    "Interval",
    "KnownPattern",
    "MethodScore",
    "MinutesOrigin",
    "ModelState",
    "ModelVersion",
    "NamedScenario",
    "Part",
    "PatternMerge",
    "PatternName",
    "PatternOrigin",
    "PatternPair",
    "PatternProposal",
    "Prediction",
    "Question",
    "Reason",
    "ReasonKind",
    "Reliability",
    "ReliabilityBand",
    "Result",
    "Scenario",
    "ScenarioTypeGuess",
    "Scored",
    "SimilarTicket",
    "Skipped",
    "SkippedIssue",
    "Step",
    "StepsOrigin",
    "StoredPattern",
    "SyncFailure",
    "SyncOutcome",
    "SyncReport",
    "SyncStatus",
    "TestPattern",
    "Ticket",
    "TicketLink",
    "TimeBacktest",
    "Timeline",
    "TimelinePoint",
    "TrainingLog",
    "TrainingStatus",
    "TypeGap",
    "Undone",
]


def _classes(base: type[Result]) -> dict[str, type[Result]]:
    """The classes by their Rust structs' names."""
    named: dict[str, type[Result]] = {}
    for cls in base.__subclasses__():
        describe(cls)
        named[cls._rust_name or cls.__name__] = cls
        cls.__module__ = "atlas"
        named |= _classes(cls)
    return named


CLASSES = _classes(Result)
"""What Rust makes instances of."""
