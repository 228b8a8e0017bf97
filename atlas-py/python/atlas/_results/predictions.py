"""Predictions: what to test for a ticket, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ._base import Result, json_name
from .tickets import Part

Criticality: TypeAlias = Literal["low", "medium", "high"]
MinutesOrigin: TypeAlias = Literal["observed", "pattern", "component", "text", "default"]
ReasonKind: TypeAlias = Literal[
    "past_ticket", "shared_words", "component", "meaning", "like_chosen", "rule", "plugin"
]
StepsOrigin: TypeAlias = Literal["pattern", "starter", "edited", "ticket", "designed", "plugin"]


@dataclass(frozen=True, repr=False)
class Step(Result):
    """One step of a test."""

    action: str
    """What the tester does."""
    expected: str | None = None
    """What should be seen, if the source says."""
    data: str | None = None
    """Values to use, if the source says."""


@dataclass(frozen=True, repr=False)
class Reason(Result):
    """Why a scenario was named."""

    kind: ReasonKind
    """What kind of reason."""
    text: str
    """The reason in one line, for people."""
    ticket_key: str | None = None
    """The past ticket it speaks of, if any."""
    words: tuple[str, ...] = ()
    """The words it speaks of."""
    score: float | None = None
    """A number that goes with it, such as a cosine."""
    rule: str | None = None
    """The id of the rule of test design that made the scenario."""


@dataclass(frozen=True, repr=False)
class Scenario(Result):
    """One scenario to test."""

    name: str = field(metadata=json_name("scenario_name"))
    """The scenario's name."""
    confidence: float
    """0 to 100: the sum of `parts`."""
    calibrated: bool
    """Whether confidence was calibrated on this user's own past."""
    source: str
    """neural, similarity, hybrid (more than one named it), or a plugin's own name."""
    parts: tuple[Part, ...]
    """What each plugin adds, in points of confidence."""
    reasons: tuple[Reason, ...]
    """Why it was named."""
    steps: tuple[Step, ...]
    """What to do."""
    steps_origin: StepsOrigin
    """Where the steps come from."""
    minutes: int = field(metadata=json_name("estimated_time"))
    """Minutes that it will take."""
    minutes_low: int = field(metadata=json_name("estimated_time_low"))
    """The lower end of the 80 % interval."""
    minutes_high: int = field(metadata=json_name("estimated_time_high"))
    """The upper end of the 80 % interval."""
    minutes_origin: MinutesOrigin
    """Where the minutes come from."""
    pattern_id: int | None
    """The pattern's row id; None for a scenario that is no stored pattern."""
    pattern_key: str | None = None
    """The pattern's key in its library."""
    pattern_type: str | None = None
    """The scenario's type."""
    component: str | None = None
    """The pattern's component."""
    prediction_id: int | None = None
    """The stored scenario's row id; None for free text."""


@dataclass(frozen=True, repr=False)
class EdgeCase(Result):
    """An edge case to try."""

    description: str
    """What to try."""
    criticality: Criticality = "medium"
    """How much it matters."""
    component: str | None = None
    """The component it is for; None for a general one."""
    rule: str = "plugin"
    """The rule that named it."""
    reason: str | None = None
    """What in the ticket made the rule match."""


@dataclass(frozen=True, repr=False)
class Blend(Result):
    """How the plugins' votes became one list."""

    by: str
    """Who blended: weighted sum, learned, or what a host's blender calls itself."""
    weights: tuple[Part, ...]
    """The weights: of the plugins, or where it is learned of their signals."""
    calibrated: bool
    """Whether confidence was calibrated on this user's own past."""
    missing: int
    """How many more judged scenarios calibration needs; 0 when it has enough."""
    model: int | None = None
    """The version of the model that was learned from this user's past, if one took part."""


@dataclass(frozen=True, repr=False)
class Degraded(Result):
    """A plugin that took no part, and why."""

    predictor: str
    """The plugin's name."""
    reason: str
    """Why its weight went to the others; of a plugin in Python with the traceback."""


@dataclass(frozen=True, repr=False)
class Prediction(Result):
    """What to test for a ticket."""

    id: int | None = field(metadata=json_name("prediction_id"))
    """The stored prediction's id; None for free text."""
    ticket_key: str | None
    """The ticket; None for free text."""
    scenarios: tuple[Scenario, ...] = field(metadata=json_name("predictions"))
    """Most confident first."""
    edge_cases: tuple[EdgeCase, ...]
    """Most critical first, at most 10."""
    total_minutes: int = field(metadata=json_name("total_estimated_time"))
    """Minutes of all scenarios together."""
    degraded: tuple[Degraded, ...]
    """Plugins that took no part."""
    blend: Blend
    """Who blended the plugins' votes, and how."""
    stale: tuple[str, ...] = ()
    """Which fields of the ticket have changed since it was made; empty for one that still holds."""

    def _repr_html_(self) -> str:
        from .._html import prediction

        return prediction(self)
