"""The exceptions of ATLAS: a base class, and a class per kind of what can be done about it."""

from __future__ import annotations


class AtlasError(Exception):
    """Every error of ATLAS. `code` never changes between versions; the message may.

    >>> import atlas
    >>> db = atlas.open()
    >>> try:
    ...     db.predict("WRKA-1")
    ... except atlas.AtlasError as error:
    ...     error.code, error.details
    ('TICKET_NOT_FOUND', {'ticket_key': 'WRKA-1'})
    """

    code: str
    """A stable code in capitals, such as TICKET_NOT_FOUND."""
    details: dict[str, str]
    """The values that the message names."""

    def __init__(self, message: str, code: str = "", details: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.details = dict(details or {})

    def __str__(self) -> str:
        return str(self.args[0])

    def __reduce__(self) -> tuple[type[AtlasError], tuple[str, str, dict[str, str]]]:
        return type(self), (str(self), self.code, self.details)


class InvalidError(AtlasError, ValueError):
    """The input is wrong: correct it and call again."""


class NotFoundError(AtlasError):
    """What was named does not exist in the database."""


class ConflictError(AtlasError):
    """The state forbids it now, for example because a sync is under way or the database is closed."""


class StorageError(AtlasError):
    """The database cannot be opened, read or written."""


class FileError(AtlasError, OSError):
    """A file cannot be read or written."""


class ModelError(AtlasError):
    """A model cannot be loaded or does not fit."""


class PluginError(AtlasError):
    """A plugin failed, where `on_plugin_error="raise"`; `__cause__` is what it raised."""


class RemoteError(AtlasError):
    """A service elsewhere refuses or cannot be reached."""


class CancelledError(AtlasError):
    """A progress function asked to stop; what was finished is stored."""


for _class in (AtlasError, *AtlasError.__subclasses__()):
    _class.__module__ = "atlas"
