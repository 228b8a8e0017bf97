"""What imports did, and what of a file they used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from ._base import Result

DateOrder: TypeAlias = Literal["day-first", "month-first"]
DecimalMark: TypeAlias = Literal["comma", "point"]


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
    truncated: str | None = None
    """Why reading ended early, if it did (for example a truncated gzip file)."""

    @property
    def stored(self) -> int:
        """Records that were read well."""
        return self.new + self.updated + self.unchanged
