"""What a host's own predictors and blenders are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

from ._results import EdgeCase, Reason, Step

if TYPE_CHECKING:
    from ._atlas import Query

__all__ = [
    "Answer",
    "BatchPredictorLike",
    "Blended",
    "Blender",
    "Candidate",
    "Predictor",
    "PredictorLike",
    "Suggestions",
    "Vote",
    "load_predictors",
]

Steps: TypeAlias = "Iterable[Step | tuple[str, str] | str]"
"""Steps: `Step`s, pairs of action and expected result, or actions."""


@dataclass(frozen=True)
class Candidate:
    """A scenario that a predictor names.

    >>> Candidate("Amounts are rounded", 0.9, minutes=15).scenario
    'Amounts are rounded'
    """

    scenario: int | str
    """The row id of a stored pattern, or the name of a scenario that the predictor brings along."""
    confidence: float
    """How sure the predictor is, 0 to 1."""
    steps: Steps = ()
    """What to do, where the scenario is no stored pattern."""
    minutes: int | None = None
    """Minutes that it takes, where the scenario is no stored pattern."""
    reasons: Sequence[Reason | str] = ()
    """Why, for people."""
    signals: Mapping[str, float] = field(default_factory=dict)
    """The numbers behind it, for learning: the same names on every candidate. A dict."""


@dataclass(frozen=True)
class Suggestions:
    """Scenarios and edge cases that a predictor names."""

    scenarios: Iterable[Candidate | tuple[int | str, float] | tuple[int | str, float, str]] = ()
    """Candidates, or pairs of scenario and confidence, or triples with a reason."""
    edge_cases: Iterable[EdgeCase] = ()
    """Edge cases, most important first."""


Answer: TypeAlias = "Suggestions | Iterable[Candidate | tuple[int | str, float] | tuple[int | str, float, str]] | None"
"""What a predictor answers: None to abstain, a list of candidates, or `Suggestions`."""


class PredictorLike(Protocol):
    """What `atlas.open` takes as a predictor."""

    @property
    def name(self) -> str:
        """Unique among the plugins."""

    def predict(self, query: Query, /) -> Answer:
        """Scenarios for one ticket."""


class BatchPredictorLike(Protocol):
    """What it takes as well: a predictor that answers about several tickets at once."""

    @property
    def name(self) -> str:
        """Unique among the plugins."""

    def predict_batch(self, queries: list[Query], /) -> Iterable[Answer]:
        """One answer per ticket, in order."""


class Predictor:
    """A base class for predictors; any object with `name` and `predict` will do as well.

    A `predict_batch(queries)` that returns a list of answers is called where several tickets are
    asked about at once, as a backtest does.

    >>> import atlas
    >>> class Money(atlas.Predictor):
    ...     name = "money"
    ...     def predict(self, query):
    ...         if "invoice" in query.text.lower():
    ...             return [("Amounts are rounded as the contract says", 0.9)]
    >>> with atlas.open(predictors=[Money()]) as db:
    ...     p = db.predict(text="Invoice total is wrong")
    >>> [s.name for s in p.scenarios if s.source == "money"]
    ['Amounts are rounded as the contract says']
    """

    name: str
    """Unique among the plugins."""

    def predict(self, query: Query, /) -> Answer:
        """Scenarios for one ticket; None or nothing to abstain."""
        raise NotImplementedError


@dataclass(frozen=True)
class Vote:
    """What one predictor said, as a blender sees it."""

    predictor: str
    """The predictor's name."""
    weight: float
    """Its weight, 0 or more."""
    candidates: tuple[Candidate, ...]
    """What it named."""


@dataclass(frozen=True)
class Blended:
    """A scenario after blending."""

    scenario: int | str
    """As in the candidate."""
    confidence: float
    """0 to 100."""
    parts: Mapping[str, float] = field(default_factory=dict)
    """What each predictor adds. A dict."""


class Blender(Protocol):
    """What `atlas.open` takes as a blender; a `name` of its own stands in the prediction's `blend`.

    >>> import atlas
    >>> class Loudest:
    ...     name = "loudest"
    ...     def blend(self, votes):
    ...         best = {}
    ...         for vote in votes:
    ...             for c in vote.candidates:
    ...                 best[c.scenario] = max(best.get(c.scenario, 0), 100 * c.confidence)
    ...         return list(best.items())
    >>> with atlas.open(blender=Loudest()) as db:
    ...     db.predict(text="Login fails").blend.by
    'loudest'
    """

    def blend(self, votes: tuple[Vote, ...], /) -> Iterable[Blended | tuple[int | str, float]]:
        """The scenarios with their confidence, 0 to 100, in any order."""


def load_predictors(*names: str) -> list[PredictorLike]:
    """Predictors that installed packages offer under the entry point `atlas.predictors`.

    All of them, or those of these names. An entry point names a class, which is called, or an
    object. Nothing is loaded unless this is called.

    >>> load_predictors()
    []
    """
    from importlib.metadata import entry_points

    from ._errors import NotFoundError

    offered = {entry.name: entry for entry in entry_points(group="atlas.predictors")}
    for name in names:
        if name not in offered:
            known = ", ".join(sorted(offered)) or "none"
            message = f'no installed package offers the predictor "{name}"; there are: {known}'
            raise NotFoundError(message, "PREDICTOR_NOT_FOUND", {"name": name})
    loaded = [offered[name].load() for name in names or sorted(offered)]
    return [made() if isinstance(made, type) else made for made in loaded]
