"""The bytes of a source: a regular file or standard input, never more than the limit."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import BinaryIO

from coach.errors import InputError

STDIN = "-"
_CHUNK = 1 << 20


def fetch(source: str | Path, *, limit: int, stdin: BinaryIO | None = None) -> tuple[str, bytes]:
    """The name without folders and the bytes of a path, or of standard input for ``-``.

    Only regular files are opened for reading, so that a pipe or a device can never block.
    """
    if str(source) == STDIN:
        return STDIN, _from_stdin(stdin, limit)
    return name_of(source), _from_path(source, limit)


def name_of(source: str | Path) -> str:
    """The file name without folders, safe to store and to print whatever bytes it is made of."""
    name = Path(source).name or str(source)
    readable = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return readable if readable.isprintable() else ascii(readable)[1:-1]


def shown(name: str) -> str:
    """How a source is called in messages."""
    return "standard input" if name == STDIN else name


def _from_stdin(stdin: BinaryIO | None, limit: int) -> bytes:
    stream = stdin
    if stream is None:
        if sys.stdin is None:
            raise InputError(
                "standard input: it is closed", hint="name a file, or pipe the notes in"
            )
        stream = sys.stdin.buffer
    chunks: list[bytes] = []
    size = 0
    try:
        while chunk := stream.read(min(_CHUNK, limit + 1 - size)):
            chunks.append(chunk)
            size += len(chunk)
            if size > limit:
                raise _too_large(STDIN, limit)
    except OSError as error:
        raise InputError(
            f"standard input: it cannot be read ({error.strerror or 'input failed'})",
            hint="name a file instead of '-'",
        ) from error
    return b"".join(chunks)


def _from_path(source: str | Path, limit: int) -> bytes:
    name = name_of(source)
    # Without O_NONBLOCK the mere opening of a FIFO waits for a writer.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(source, flags)
    except (OSError, ValueError) as error:
        raise _unopened(source, error) from error
    state = os.fstat(descriptor)
    if not stat.S_ISREG(state.st_mode):
        os.close(descriptor)
        raise _not_a_file(name, state.st_mode)
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        if state.st_size > limit:
            raise _too_large(name, limit)
        chunks: list[bytes] = []
        size = 0
        try:
            while chunk := file.read(min(_CHUNK, limit + 1 - size)):
                chunks.append(chunk)
                size += len(chunk)
                if size > limit:
                    raise _too_large(name, limit)
        except OSError as error:
            raise _unopened(source, error) from error
    return b"".join(chunks)


def _unopened(source: str | Path, error: OSError | ValueError) -> InputError:
    name = name_of(source)
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return InputError(
            f"{name}: there is no such file",
            hint="check the path, or give '-' to read from standard input",
        )
    if isinstance(error, IsADirectoryError) or (
        isinstance(error, PermissionError) and Path(source).is_dir()
    ):
        return _not_a_file(name, stat.S_IFDIR)
    if isinstance(error, PermissionError):
        return InputError(
            f"{name}: it may not be read", hint="check who owns the file and its permissions"
        )
    why = (error.strerror if isinstance(error, OSError) else None) or "the path is not valid"
    return InputError(f"{name}: it cannot be opened ({why})", hint="check the path")


def _not_a_file(name: str, mode: int) -> InputError:
    if stat.S_ISDIR(mode):
        return InputError(f"{name}: it is a folder", hint="name one file in it")
    return InputError(
        f"{name}: it is a pipe or a device, not a file",
        hint="to read from a pipe, give '-' and pipe into standard input",
    )


def _too_large(name: str, limit: int) -> InputError:
    return InputError(
        f"{shown(name)}: it is larger than the limit of {limit / 1e6:g} MB",
        hint="give the notes of one conversation, or raise the limit with --max-mb",
    )
