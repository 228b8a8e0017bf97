"""What is remembered, and what backups did."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ._base import Result, json_name


@dataclass(frozen=True, repr=False)
class MemoryEntry(Result):
    """A remembered value."""

    memory_type: str = field(metadata=json_name("type"))
    """pattern, context, preference, session, or a host's own word."""
    key: str
    """Unique within its type."""
    value: str
    """JSON or text."""
    expires_at: datetime | None = None
    """From when on it is forgotten; never, if None."""
    created_at: datetime | None = None
    """When its key was first stored."""


@dataclass(frozen=True, repr=False)
class MemoryHit(MemoryEntry):
    """A remembered value that was found by meaning."""

    similarity: float = field(kw_only=True)
    """The cosine of what was asked and what is remembered, -1 to 1."""


@dataclass(frozen=True, repr=False)
class FolderBackup(Result):
    """What a backup to a folder did."""

    path: Path
    """The new file."""
    removed: tuple[str, ...]
    """Earlier backups that were removed, oldest first."""


@dataclass(frozen=True, repr=False)
class Restored(Result):
    """What a restore did."""

    path: Path
    """The database."""
    replaced: Path | None
    """Where the file that it replaced lies now, if there was one."""
    schema_version: int
    """The schema version of the backup; opening it upgrades it."""


@dataclass(frozen=True, repr=False)
class Repair(Result):
    """What a repair of the database did."""

    repaired: tuple[str, ...]
    """What the check found before and finds no more."""
    left: tuple[str, ...]
    """What it still finds: it cannot be derived from anything else."""
    copy: Path | None
    """The database as it was before, for `restore`; None where nothing was changed."""
