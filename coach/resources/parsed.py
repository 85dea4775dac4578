"""Values of coach's own data files as they were parsed, kept from one run to the next.

Bringing in the parser and parsing takes longer than all else that is done with them. What is kept
goes by a digest of the file, so it is never out of date. The user's own files are parsed anew.
"""

from __future__ import annotations

import atexit
import json
from functools import cache
from hashlib import sha256
from typing import Any

from coach.resources.keeping import keep, kept

_FILE = "data-files.json"
_MOST = 64
"""Files whose values are kept; the oldest go first."""


def recalled(data: bytes) -> Any:
    """The values of a file with these bytes; None where they are not kept."""
    return _values().get(_digest(data))


def remember(data: bytes, value: Any) -> None:
    """Keep these values, when the run ends."""
    if not _new():
        atexit.register(_flush)
    _new()[_digest(data)] = value


def _flush() -> None:
    newest = dict([*_values().items(), *_new().items()][-_MOST:])
    keep(_FILE, json.dumps(newest, separators=(",", ":")).encode())


@cache
def _values() -> dict[str, Any]:
    data = kept(_FILE)
    try:
        found = json.loads(data) if data else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


@cache
def _new() -> dict[str, Any]:
    return {}


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()
