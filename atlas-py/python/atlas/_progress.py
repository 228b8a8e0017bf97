"""How far a long call is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class Progress(NamedTuple):
    """What a progress function gets. It stops the call by returning False."""

    stage: str
    """importing, encoding, replaying, learning, reading, comparing or syncing."""
    done: int
    """What is done, in the stage's unit: bytes of the file while importing, else texts or tickets."""
    total: int | None
    """All there is, where that is known."""


class _Bar:
    """A bar per stage."""

    def __init__(self, tqdm: Any) -> None:
        self._tqdm = tqdm
        self._bar: Any = None
        self._stage = ""

    def __call__(self, progress: Progress) -> None:
        if progress.stage != self._stage:
            self.close()
            self._stage = progress.stage
            scale = progress.stage == "importing"
            unit = "B" if scale else " texts" if progress.stage == "encoding" else " tickets"
            self._bar = self._tqdm(desc=progress.stage, unit=unit, unit_scale=scale)
        self._bar.total = progress.total
        self._bar.update(progress.done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def bar() -> Callable[[Progress], None] | None:
    """A progress bar where tqdm is installed, else nothing."""
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return None
    return _Bar(tqdm)
