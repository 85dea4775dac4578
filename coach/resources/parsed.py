"""Values of coach's own data files as they were parsed, kept from one run to the next.

Bringing in the parser and parsing takes longer than all else that is done with them. What is kept
goes by a digest of the file and of the code that parsed it, so it is never out of date.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from coach.resources.keeping import keep_values, kept_values

_FILE = "data-files.json"
_MOST = 64
"""Files whose values are kept; the oldest go first."""


def recalled(data: bytes) -> Any:
    """The values of a file with these bytes; None where they are not kept."""
    return _values().get(_digest(data))


def remember(data: bytes, value: Any) -> None:
    """Keep these values for the next run."""
    _values()[_digest(data)] = value
    keep_values(_FILE, _values(), most=_MOST)


@cache
def _values() -> dict[str, Any]:
    return kept_values(_FILE)


def _digest(data: bytes) -> str:
    return sha256(_parser() + data).hexdigest()


@cache
def _parser() -> bytes:
    """The code that parses."""
    return files("coach.resources").joinpath("yaml_text.py").read_bytes()
