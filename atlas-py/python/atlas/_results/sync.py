"""What a sync with a live Jira did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ._base import Result


@dataclass(frozen=True, repr=False)
class Account(Result):
    """Whom the credentials belong to."""

    name: str
    """Display name, or what else names the person."""
    time_zone: str | None
    """The zone in which Jira reads dates in this account's queries."""


@dataclass(frozen=True, repr=False)
class SkippedIssue(Result):
    """An issue that could not be read."""

    issue: str
    """Its key, else its id."""
    reason: str
    """Why."""


@dataclass(frozen=True, repr=False)
class SyncReport(Result):
    """What a sync did: every issue that was read is counted once for each time."""

    full: bool
    """Whether it began at the beginning."""
    new: int
    """Tickets that were not there before."""
    updated: int
    """Tickets that were there and changed."""
    unchanged: int
    """Tickets that were there and are the same."""
    gone: int
    """Tickets that Jira no longer has, or that the account no longer sees."""
    skipped: tuple[SkippedIssue, ...]
    """Issues that could not be read."""
    encoded: int
    """Texts that were turned into vectors."""
    census: bool
    """Whether all ids were compared."""
    import_id: int | None = None
    """For taking the sync back; None where it brought nothing."""


@dataclass(frozen=True, repr=False)
class SyncFailure(Result):
    """Why a sync failed."""

    code: str
    """The stable code of the error."""
    message: str
    """The error in words."""


@dataclass(frozen=True, repr=False)
class SyncOutcome(Result):
    """The last sync."""

    started: datetime
    """When it began."""
    finished: datetime
    """When it ended."""
    report: SyncReport | None
    """What it did, if it succeeded."""
    failure: SyncFailure | None
    """Why it failed, if it did."""


@dataclass(frozen=True, repr=False)
class SyncStatus(Result):
    """Whether a sync is under way, when the next is due, and what the last one did."""

    running: bool
    """Whether one is under way in this process."""
    next: datetime | None
    """When the scheduled next one is due."""
    last: SyncOutcome | None
    """The last one, of whatever process."""
