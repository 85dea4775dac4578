"""What coach has worked out from its own data files, kept for the next run.

A file that is not there, cannot be read or is not the user's own is as good as none, and one that
cannot be written is left out: nothing depends on it but time.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

_MOST_BYTES = 20_000_000


def cache_folder() -> Path:
    """``$COACH_HOME/cache``, else the platform's cache folder for coach; it need not exist."""
    home = os.environ.get("COACH_HOME")
    if home:
        return Path(home).expanduser() / "cache"
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("coach", appauthor=False))


def kept(name: str) -> bytes | None:
    """What was kept under this file name, if it is still what was put there."""
    try:
        with (cache_folder() / name).open("rb") as stream:
            if not _is_ours(os.fstat(stream.fileno())):
                return None
            digest, _, data = stream.read(_MOST_BYTES).partition(b"\n")
    except OSError:
        return None
    return data if sha256(data).hexdigest().encode() == digest else None


def kept_values(name: str) -> dict[str, Any]:
    """What was kept under this file name as JSON, by key; nothing where it is no such file."""
    data = kept(name)
    try:
        found = json.loads(data) if data else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def keep_values(name: str, values: Mapping[str, Any], *, most: int) -> None:
    """Keep so many of these values for the next run, the last ones, as JSON."""
    newest = dict([*values.items()][-most:])
    keep(name, json.dumps(newest, separators=(",", ":")).encode())


def keep(name: str, data: bytes) -> None:
    """Keep this for the next run, readable by its owner only, written whole or not at all."""
    import tempfile

    path = cache_folder() / name
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{name}.")  # mode 0600
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(sha256(data).hexdigest().encode() + b"\n" + data)
        Path(temporary).replace(path)
    except OSError:
        if temporary:
            with suppress(OSError):
                Path(temporary).unlink()


def _is_ours(found: os.stat_result) -> bool:
    """Whether it is a plain file that nobody but the user can have written."""
    if os.name == "nt":  # no owner and no rights to go by
        return stat.S_ISREG(found.st_mode)
    others = stat.S_IWGRP | stat.S_IWOTH
    return (
        stat.S_ISREG(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & others
    )
