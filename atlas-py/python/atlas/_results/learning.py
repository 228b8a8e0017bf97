"""What was learned, and how good predictions are on the user's own past."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

from ._base import Result, json_name

ModelState: TypeAlias = Literal["serving", "retired", "refused", "withdrawn"]


@dataclass(frozen=True, repr=False)
class Scored(Result):
    """How a way of ordering did on tickets that it had not seen."""

    tickets: int
    """Tickets with at least one right pattern."""
    mrr: float
    """Mean of one over the first right rank, 0 beyond ten."""
    brier: float
    """Mean squared error of the probabilities."""


@dataclass(frozen=True, repr=False)
class TrainingLog(Result):
    """What a training run did."""

    tickets: int
    """Judged tickets."""
    observations: int
    """Their observations."""
    judged: int
    """Judged scenarios that the calibration rests on."""
    loss_before: float | None
    """Mean negative log-likelihood of the right scenarios before training."""
    loss_after: float | None
    """The same after it."""
    usual: Scored
    """How the weighted sum did on the later part of the past."""
    learned: Scored | None
    """How rankers did there that had seen only what was before."""
    serving_and_new: tuple[Scored, Scored] | None
    """How the model that served until now did on the newest tickets, and how the new one."""
    decision: str
    """What was decided and why, in one sentence."""


@dataclass(frozen=True, repr=False)
class ModelVersion(Result):
    """A version of what was learned, and how it did."""

    version: int
    """Its number, ascending."""
    state: ModelState
    """What became of it."""
    trained_at: datetime | None
    """When it was trained."""
    log: TrainingLog
    """What it was trained on and how it did."""


@dataclass(frozen=True, repr=False)
class TrainingStatus(Result):
    """Whether there is something new to learn from."""

    running: bool
    """Whether it is being learned from right now."""
    due: bool
    """Whether the policy wants a retraining."""
    new_observations: int
    """Observations since the last training."""
    serving: int | None
    """The version that answers."""
    failure: str | None
    """Why the last training in the background failed, if it did."""


@dataclass(frozen=True, repr=False)
class Interval(Result):
    """A value that 95 of 100 resampled pasts stay within."""

    value: float
    """The value."""
    low: float
    """2.5 of 100 are lower."""
    high: float
    """2.5 of 100 are higher."""


@dataclass(frozen=True, repr=False)
class MethodScore(Result):
    """How one way of predicting did; all 0 to 1, means over tickets."""

    name: str
    """ATLAS, learned blend, weighted sum, a plugin's name, or a baseline."""
    hit_1: Interval
    """Share of tickets whose first scenario was right."""
    hit_5: Interval
    """With a right one among the first five."""
    hit_10: Interval
    """With a right one among the first ten."""
    mrr: Interval
    """Mean of one over the first right rank, 0 beyond ten."""
    recall_10: Interval
    """Mean share of the right scenarios among the first ten."""


@dataclass(frozen=True, repr=False)
class GroupScore(Result):
    """How ATLAS did on a part of the tickets."""

    name: str
    """The component, or the first and last ticket of a stretch of time."""
    tickets: int
    """How many tickets."""
    hit_10: float
    """Share with a right scenario among the first ten."""
    mrr: float
    """Mean of one over the first right rank."""


@dataclass(frozen=True, repr=False)
class BacktestOptions(Result):
    """How a backtest was run."""

    learn_first: int
    """So many judged tickets at the beginning were learned from and not scored."""
    frozen: bool
    """Whether what is known stayed as it was after these."""
    retrain_every: int
    """Tickets between two trainings."""
    resamples: int
    """Resampled pasts behind the intervals."""
    seed: int
    """The seed of the resampling."""


@dataclass(frozen=True, repr=False)
class ReliabilityBand(Result):
    """One band of a reliability table."""

    _rust_name: ClassVar[str] = "Band"

    start: float = field(metadata=json_name("from"))
    """The least probability in the band."""
    end: float = field(metadata=json_name("to"))
    """The probability where it ends."""
    count: int
    """How many scenarios were in it."""
    said: float
    """Their mean probability."""
    right: float
    """The share of them that was right."""


@dataclass(frozen=True, repr=False)
class Reliability(Result):
    """How well probabilities keep their promise."""

    brier: float
    """Mean squared difference of probability and truth: 0 is perfect."""
    calibration_error: float
    """Expected calibration error: 0 is perfect."""
    bands: tuple[ReliabilityBand, ...]
    """Ten bands of equal width."""


@dataclass(frozen=True, repr=False)
class TimeBacktest(Result):
    """How minutes were estimated on the past."""

    asked: int
    """Measured times that were estimated."""
    with_own: int
    """Of these, those of patterns that had own times by then."""
    covered: float
    """Share inside the 80 % interval, 0 to 1."""
    covered_with_own: float
    """The same for patterns with own times."""
    median_error: float
    """Median absolute error in minutes."""
    median_error_before: float
    """The same for the specification's estimate."""


@dataclass(frozen=True, repr=False)
class TimelinePoint(Result):
    """One position of the window."""

    ticket: str
    """The newest ticket in the window."""
    tickets: int
    """How many tickets were scored by then, this one included."""
    hit_10: float
    """Share of the window's tickets with a right scenario among ATLAS's first ten."""
    frequency_hit_10: float
    """The same share of the most frequent scenarios."""


@dataclass(frozen=True, repr=False)
class Timeline(Result):
    """Hit rates of a window that slides over the scored tickets."""

    window: int
    """How many tickets a point looks back on."""
    points: tuple[TimelinePoint, ...]
    """Oldest first; none where there are fewer than two windows of tickets."""


@dataclass(frozen=True, repr=False)
class Drift(Result):
    """A significant fall of the hit rate."""

    lately: float
    """Share of the latest tickets with a right scenario among the first ten."""
    before: float
    """The same share of the tickets before them."""
    tickets: int
    """How many tickets "lately" is."""
    component: str | None
    """The component that it fell most in, where one stands out."""
    warning: str
    """The same in one sentence."""


@dataclass(frozen=True, repr=False)
class BacktestReport(Result):
    """What a backtest found."""

    summary: str
    """One sentence for a manager."""
    options: BacktestOptions
    """What was asked for."""
    tickets: int
    """Tickets with a right scenario that were predicted and scored."""
    learned_first: int
    """Judged tickets before them, which were only learned from."""
    patterns: int
    """Patterns that could be named."""
    methods: tuple[MethodScore, ...]
    """ATLAS first, then its parts, then baselines."""
    answered_by_learned: int
    """Of the scored tickets, how many the learned blend answered."""
    reliability: Reliability | None
    """How well calibrated confidence kept its promise; None where it was never calibrated."""
    calibrated_scenarios: int
    """Judged scenarios behind it."""
    minutes: TimeBacktest | None
    """How the minutes did; None where no real minutes are known."""
    by_component: tuple[GroupScore, ...]
    """ATLAS by component of the tickets, most tickets first."""
    by_time: tuple[GroupScore, ...]
    """ATLAS by time, oldest first."""
    timeline: Timeline
    """The same in more detail, beside the most frequent scenarios."""
    drift: Drift | None
    """Whether it has become worse lately."""

    def method(self, name: str) -> MethodScore | None:
        """A method's score."""
        return next((method for method in self.methods if method.name == name), None)

    def to_svg(self) -> str:
        """The backtest as one picture, for light and dark backgrounds."""
        from .._atlas import backtest_svg

        return backtest_svg(self)

    def _repr_html_(self) -> str:
        from .._html import backtest

        return backtest(self)
