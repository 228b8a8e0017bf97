"""What all results have in common."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar


@dataclasses.dataclass(frozen=True)
class Result:
    """A frozen result: attributes, equality, `to_dict()`, pickling.

    Its `repr` leaves out what is None or empty.
    """

    _rust_name: ClassVar[str] = ""
    """The Rust struct's name, where it is another than the class's."""
    _fields: ClassVar[tuple[tuple[str, str, Callable[[Any], object] | None, str | None], ...]] = ()
    """Of every field the name in Rust's JSON, its own, what reads an instant, a date or a path, and the
    class of a value that serde writes as a map."""

    def to_dict(self) -> dict[str, Any]:
        """The attributes as plain data that `json.dumps` takes; instants as ISO 8601 text."""
        return {name: plain(getattr(self, name)) for _, name, *_ in self._fields}

    def __repr__(self) -> str:
        values = ((name, getattr(self, name)) for _, name, *_ in self._fields)
        said = (f"{name}={value!r}" for name, value in values if value is not None and value != ())
        return f"{type(self).__name__}({', '.join(said)})"


def describe(cls: type[Result]) -> None:
    """Notes the fields of a class, for making instances from Rust and JSON from instances."""
    cls._fields = tuple(
        (
            field.metadata.get("json", field.name),
            field.name,
            _READERS.get(str(field.type).removesuffix(" | None")),
            field.metadata.get("flat"),
        )
        for field in dataclasses.fields(cls)
    )


def plain(value: Any) -> Any:
    """A value as plain data."""
    if isinstance(value, Result):
        return value.to_dict()
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Path) else value


def to_json(value: Any) -> str:
    """The JSON that Rust reads."""
    return json.dumps(value, default=_default)


def _default(value: Any) -> Any:
    if isinstance(value, Result):
        given = ((name, getattr(value, own)) for name, own, *_ in value._fields)
        return {name: item for name, item in given if item is not None}
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone: give it one, such as datetime.timezone.utc")
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be given to ATLAS")


def instant(text: str) -> datetime:
    """An instant as Rust writes it."""
    # Python 3.10 knows neither `Z` nor fractions of other lengths than 3 and 6.
    text = text.removesuffix("Z")
    whole, _, fraction = text.partition(".")
    return datetime.fromisoformat(f"{whole}.{fraction[:6]:0<6}+00:00")


def paths(texts: tuple[str, ...]) -> tuple[Path, ...]:
    """Paths as Rust writes them."""
    return tuple(map(Path, texts))


_READERS: dict[str, Callable[[Any], object]] = {
    "datetime": instant,
    "date": date.fromisoformat,
    "Path": Path,
    "tuple[Path, ...]": paths,
}


def flat(name: str) -> dict[str, str]:
    """Metadata of a field whose values are of this class and written as a map by serde."""
    return {"flat": name}


def json_name(name: str) -> dict[str, str]:
    """Metadata of a field that has another name in Rust's JSON."""
    return {"json": name}
