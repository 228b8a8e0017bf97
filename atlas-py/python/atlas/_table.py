"""Results as columns."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any

from ._results import Prediction, Result, Scenario, Ticket

_KINDS = {
    "str": "str",
    "int": "int",
    "float": "float",
    "bool": "bool",
    "datetime": "time",
    "date": "date",
    "tuple[str, ...]": "words",
    "Sequence[str]": "words",
}


class Table:
    """Columns by name, which polars, DuckDB, pyarrow and pandas read as a stream of Arrow:
    `polars.DataFrame(table)`, `duckdb.sql("SELECT … FROM table")`,
    `pandas.DataFrame.from_arrow(table)`. For others it is columns of lists: `to_dict()`.

    >>> import atlas
    >>> table = atlas.table([atlas.Ticket("WRKA-7", "Export is empty", labels=["csv"])])
    >>> table["key"], table["labels"], table.num_rows
    (['WRKA-7'], [('csv',)], 1)
    """

    def __init__(self, kinds: dict[str, str], columns: dict[str, list[Any]]) -> None:
        self._columns = columns
        self._kinds = kinds

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(self._columns)

    @property
    def num_rows(self) -> int:
        """How many rows there are."""
        return len(next(iter(self._columns.values()), ()))

    def __getitem__(self, name: str) -> list[Any]:
        """A column's values."""
        return self._columns[name]

    def to_dict(self) -> dict[str, list[Any]]:
        """The columns as lists, by name: `pandas.DataFrame(table.to_dict())`."""
        return dict(self._columns)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The columns for whoever reads Arrow's PyCapsule stream."""
        from ._atlas import arrow_stream

        return arrow_stream([(name, self._kinds[name], values) for name, values in self._columns.items()])

    def __repr__(self) -> str:
        return f"Table({self.num_rows} rows: {', '.join(self._columns)})"

    def _repr_html_(self) -> str:
        from ._html import table

        return table(self)


def table(results: Iterable[Result]) -> Table:
    """Results of one class as columns: texts, numbers, instants and lists of words; results within
    results are left out. Of predictions it has a row for every scenario.

    >>> import atlas
    >>> db = atlas.open()
    >>> rows = atlas.table(db.patterns.list())
    >>> rows.num_rows, rows["origin"][0]
    (115, 'starter')
    """
    rows = list(results)
    if rows and isinstance(rows[0], Prediction):
        return _scenarios(row for row in rows if isinstance(row, Prediction))
    cls = type(rows[0]) if rows else Ticket
    kinds = _kinds(cls)
    return Table(kinds, {name: [getattr(row, name) for row in rows] for name in kinds})


def _scenarios(predictions: Iterable[Prediction]) -> Table:
    own = {"ticket_key": "str", "number": "int"}
    kinds = own | _kinds(Scenario)
    columns: dict[str, list[Any]] = {name: [] for name in kinds}
    for prediction in predictions:
        for number, scenario in enumerate(prediction.scenarios, 1):
            columns["ticket_key"].append(prediction.ticket_key)
            columns["number"].append(number)
            for name in kinds.keys() - own.keys():
                columns[name].append(getattr(scenario, name))
    return Table(kinds, columns)


def _kinds(cls: type[Result]) -> dict[str, str]:
    return dict(_columns(cls))


def _columns(cls: type[Result]) -> Iterator[tuple[str, str]]:
    from . import _results

    for field in dataclasses.fields(cls):
        written = str(field.type).removesuffix(" | None")
        # A word of a fixed set, such as `Band`, is a text.
        is_word = getattr(getattr(_results, written, None), "__args__", None) is not None
        kind = "str" if is_word else _KINDS.get(written)
        if kind is not None:
            yield field.name, kind
