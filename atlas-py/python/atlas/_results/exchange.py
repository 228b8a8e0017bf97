"""What imports and exports of other tools' test cases and results did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeAlias

from ._base import Result
from .imports import FileReport

TestFormat: TypeAlias = Literal[
    "atlas",
    "csv",
    "gherkin",
    "xray-cloud",
    "xray-dc",
    "xray-csv",
    "testrail-csv",
    "testrail-xml",
    "testlink-xml",
    "zephyr-csv",
    "zephyr-json",
    "zephyr-squad",
    "qase-csv",
    "jira-csv",
    "azure-csv",
    "junit",
    "cucumber-json",
    "markdown",
]
TestAction: TypeAlias = Literal["created", "updated", "unchanged", "refused"]
TestOutcome: TypeAlias = Literal["passed", "failed", "blocked", "skipped"]
TestField: TypeAlias = Literal[
    "key",
    "name",
    "pattern_type",
    "component",
    "objective",
    "precondition",
    "steps",
    "labels",
    "minutes",
    "active",
    "tickets",
]


@dataclass(frozen=True, repr=False)
class TestItem(Result):
    """One test case or result of an import or export."""

    __test__ = False

    action: TestAction
    """What becomes of it."""
    name: str
    """Its name; empty where it could not be read."""
    line: int
    """The line of the file where it starts, from 1; 0 where there is none."""
    external_id: str | None = None
    """The id by which the other side knows it, the same in every export."""
    file: Path | None = None
    """The file in a folder."""
    column: int | None = None
    """The character of the line where a mistake is, from 1, if known."""
    reason: str | None = None
    """Why, where that does not go without saying."""
    not_held: tuple[TestField, ...] = ()
    """Which parts the format could not hold, or not unchanged."""


@dataclass(frozen=True, repr=False)
class TestReport(Result):
    """What an import or export of test cases or results did, or would do."""

    __test__ = False

    format: TestFormat
    """The format, detected or forced."""
    dry_run: bool
    """Whether nothing was done."""
    created: int
    """How many were not there."""
    updated: int
    """How many were there and differ."""
    unchanged: int
    """How many were there and are the same."""
    refused: int
    """How many could not be read, stored or written."""
    linked: int
    """Imports: links of a test case with a ticket that are new; each is an observation."""
    items: tuple[TestItem, ...]
    """Each of them, in the order of the file."""
    file: FileReport
    """Imports: what of the file was used, assumed and left unread."""
    notes: tuple[str, ...] = ()
    """What is worth knowing of the whole."""
    import_id: int | None = None
    """Imports: for taking it back; None where it found and changed nothing."""
    files: tuple[Path, ...] = ()
    """Exports: the files that were written, or would be."""
    truncated: str | None = None
    """Imports: why reading ended early, if it did."""


@dataclass(frozen=True, repr=False)
class TestRun(Result):
    """The newest result of a pattern for a ticket, as it was imported."""

    __test__ = False

    pattern_id: int
    """The pattern's row id."""
    pattern_name: str
    """The pattern's name."""
    outcome: TestOutcome
    """What came of it."""
    seconds: float | None
    """How long it took, in seconds, if known."""
    ran_at: datetime | None
    """When it ran, if known."""
