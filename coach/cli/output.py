"""Where results go: standard output, standard error, or a file written whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from coach.errors import OutputError, UsageError

if TYPE_CHECKING:
    from pydantic import BaseModel
    from rich.console import Console


def say(text: str) -> None:
    """A remark to the person at the terminal, on standard error."""
    from coach.render.visible import visible

    typer.echo(visible(text, lines=True), err=True)


def warn(text: str) -> None:
    """A warning, on standard error."""
    say(f"coach: note: {text}")


def console(*, stderr: bool = True) -> Console:
    """A rich console, 100 columns wide where nobody looks at it."""
    from rich.console import Console

    class Terminal(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # no failure, as the boundary knows; rich would exit with 1

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() or os.environ.get("COLUMNS") else 100
    return Terminal(file=stream, width=width, highlight=False, emoji=False, markup=False)


def emit(text: str) -> None:
    """A result, on standard output."""
    typer.echo(text.removesuffix("\n"))


def as_text(model: BaseModel) -> str:
    """A result as one JSON document."""
    return model.model_dump_json(indent=2) + "\n"


def emit_json(model: BaseModel) -> None:
    """A result as one JSON document, on standard output."""
    emit(as_text(model))


def check_target(
    path: Path, *, endings: tuple[str, ...], force: bool, taken: Sequence[Path] = ()
) -> None:
    """Refuse a target early: before any work is done, and before anything is overwritten.

    ``taken`` are the source and the other targets: nothing is ever written over these.
    """
    if any(path.resolve() == other.resolve() for other in taken):
        raise UsageError(
            f"{path} is named twice, as source or as another result",
            hint="give every result a file of its own",
        )
    if path.suffix.lower() not in endings:
        raise UsageError(
            f"cannot write {path.name!r}: its ending is not one of {', '.join(endings)}",
            hint=f"name the file with one of {', '.join(endings)}",
        )
    if path.is_dir():
        raise OutputError(f"{path} is a folder", hint="name a file inside it")
    if not path.parent.is_dir():
        raise OutputError(f"there is no folder {path.parent}", hint="make it first")
    if path.exists() and not force:
        raise OutputError(
            f"{path} is there already, and may hold your edits",
            hint="choose another name, or overwrite it with --force",
        )


def write(path: Path, text: str) -> None:
    """Write the file whole or not at all, readable by its owner only."""
    temporary = None
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError(
            f"could not write {path}: {reason.lower()}", hint="nothing was changed there"
        ) from None
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
