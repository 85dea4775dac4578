"""Everything that can go wrong, as one tree.

    CoachError                 2  never raised itself
    ├── InputError             2  a source that cannot be read
    │   └── EmptyError         2  a source that holds nothing
    ├── DataFileError          2  a guide, rule, prompt or suite file that is not valid
    ├── UsageError             2  options that do not go together, an unknown name
    ├── OutputError            2  a result that could not be written
    └── EngineError            4  an engine that cannot answer

Every error carries a message (what is wrong, whole sentence, lower case, never a word of the
notes), a hint (what to do next) and the exit code of the command that meets it.
"""

from __future__ import annotations

from typing import ClassVar


class CoachError(Exception):
    """A failure that ends a command with one clear line, a hint and an exit code."""

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 2

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InputError(CoachError):
    """A source that cannot be read: missing, empty, binary, hostile, or without a turn."""

    code = "input"


class EmptyError(InputError):
    """A source without a word in it."""


class DataFileError(CoachError):
    """A data file of coach or of the user that is not valid; the message starts with its place."""

    code = "data-file"


class UsageError(CoachError):
    """Options that do not go together, or a name that does not exist."""

    code = "usage"


class OutputError(CoachError):
    """A result that could not be written; what stood there before is untouched."""

    code = "output"


class EngineError(CoachError):
    """An engine that cannot answer."""

    code = "engine"
    exit_code = 4
