"""What imports did, and what of a file they used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from ._base import Result

DateOrder: TypeAlias = Literal["day-first", "month-first"]
DecimalMark: TypeAlias = Literal["comma", "point"]
ImportKind: TypeAlias = Literal["tickets", "patterns", "history", "results", "training", "sync"]
ImportState: TypeAlias = Literal["complete", "stopped", "undone", "forgotten"]


@dataclass(frozen=True, repr=False)
class ColumnReport(Result):
    """A column of a file: what it was used as."""

    name: str
    """Its name in the file."""
    sheet: str | None = None
    """The sheet that it is in, where there are several."""
    used_as: str | None = None
    """The field that it was used as, such as `summary`; None where it was not used."""
    first_value: str | None = None
    """Its first value that is not empty, shortened; None where all are empty."""


@dataclass(frozen=True, repr=False)
class SheetReport(Result):
    """A sheet of a workbook."""

    name: str
    """Its name."""
    rows: int
    """Rows with text below the header."""
    left_out: str | None = None
    """Why it was not read; None where it was."""


@dataclass(frozen=True, repr=False)
class UnreadValues(Result):
    """The values of a column that could not be read."""

    column: str
    """The column or field."""
    count: int
    """How many."""
    line: int
    """The line of the first, from 1."""
    example: str
    """The first, shortened."""
    expected: str
    """What would be right."""


@dataclass(frozen=True, repr=False)
class Assumption(Result):
    """Something that was decided without clear evidence."""

    about: str
    """What it is about, such as `date_order`; the option of the same name settles it."""
    assumed: str
    """What was assumed."""
    why: str
    """Why, with an example."""


@dataclass(frozen=True, repr=False)
class FileReport(Result):
    """What of a file was used, assumed and left unread."""

    warnings: tuple[str, ...] = ()
    """What a person should see before all else."""
    encoding: str | None = None
    """The encoding, where it is not UTF-8."""
    delimiter: str | None = None
    """The character between the columns of a table; `tab` for the tabulator."""
    columns: tuple[ColumnReport, ...] = ()
    """The columns of a table, or the fields of JSON, in the order of the file."""
    sheets: tuple[SheetReport, ...] = ()
    """The sheets of a workbook."""
    unread: tuple[UnreadValues, ...] = ()
    """Values that were there and could not be read, by column."""
    assumed: tuple[Assumption, ...] = ()
    """What was decided without clear evidence."""


@dataclass(frozen=True, repr=False)
class Skipped(Result):
    """A record that could not be imported."""

    line: int
    """The line of the file where the record starts, from 1."""
    reason: str
    """Why."""


@dataclass(frozen=True, repr=False)
class ImportReport(Result):
    """What an import did: every record is counted once."""

    new: int
    """Records that were not there before."""
    updated: int
    """Records that were there and changed."""
    unchanged: int
    """Records that were there and are the same."""
    skipped_count: int
    """How many records could not be read."""
    skipped: tuple[Skipped, ...]
    """The first 1,000 of them."""
    file: FileReport
    """What of the file was used, assumed and left unread."""
    dry_run: bool = False
    """Whether nothing was done."""
    import_id: int | None = None
    """For taking the import back; None where it found and changed nothing."""
    truncated: str | None = None
    """Why reading ended early, if it did (for example a truncated gzip file)."""

    @property
    def stored(self) -> int:
        """Records that were read well."""
        return self.new + self.updated + self.unchanged


@dataclass(frozen=True, repr=False)
class ImportCounts(Result):
    """How many of each."""

    tickets: int
    """Tickets."""
    patterns: int
    """Test patterns."""
    observations: int
    """Observations: which pattern was right or wrong for which ticket."""


@dataclass(frozen=True, repr=False)
class PreviewRecord(Result):
    """A record of a file, in short."""

    line: int
    """The line where it starts, from 1."""
    key: str | None
    """The ticket's key, or the test case's id, if there is one."""
    title: str
    """The ticket's title, the test case's name; of a history, the test case that was used."""


@dataclass(frozen=True, repr=False)
class FilePreview(Result):
    """What a file holds, and how it begins."""

    kind: ImportKind
    """What it holds, by its content."""
    records: tuple[PreviewRecord, ...]
    """Its first records that can be read, at most three."""


@dataclass(frozen=True, repr=False)
class ImportRecord(Result):
    """An import: a file that was read, or a sync."""

    import_id: int
    """For taking it back."""
    kind: ImportKind
    """What it brought."""
    source: str
    """The name of the file without its folder; of a sync, Jira's host."""
    is_sample: bool
    """Whether it is a part of the sample, the invented data that ships."""
    began_at: datetime | None
    """When it began."""
    ended_at: datetime | None
    """When it ended; None where it was stopped half-way, or is still under way."""
    new: ImportCounts
    """What was not there before."""
    updated: ImportCounts
    """What was there and changed. Numbers that a pattern only learned do not count."""
    state: ImportState
    """What became of it: `complete` and `stopped` can be taken back."""


@dataclass(frozen=True, repr=False)
class KeptRecord(Result):
    """Something of an import that was not taken back."""

    what: str
    """`ticket`, `pattern` or `observation`."""
    name: str
    """The ticket's key, the pattern's name, or both of an observation."""
    reason: str
    """Why it was kept, in words."""


@dataclass(frozen=True, repr=False)
class ImportUndone(Result):
    """What taking an import back did."""

    record: ImportRecord
    """What was taken back."""
    removed: ImportCounts
    """What had come with it and is gone."""
    put_back: ImportCounts
    """What it had changed and is as it was before."""
    kept: tuple[KeptRecord, ...]
    """What was kept because it was changed or used since: the first 1,000."""
    kept_count: int
    """How many were kept."""
    removed_predictions: int
    """Predicted scenarios without an answer that named what is gone, and went with it."""
    withdrawn_models: int
    """Versions of what was learned that had seen it and are withdrawn."""


@dataclass(frozen=True, repr=False)
class SampleReport(Result):
    """What loading a sample did."""

    tickets: ImportReport
    """Its tickets."""
    patterns: ImportReport
    """Its patterns."""
    history: ImportReport
    """Its history."""
