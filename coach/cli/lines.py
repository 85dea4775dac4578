"""Lines: where those of a rehearsal come from, and where they go: a terminal, a pipe or a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coach.engines import Aloud

Reader = Callable[[str], str | None]
"""Gives the next line for a prompt; None at the end."""
Show = Callable[[str], None]

_LINE_WIDTH = 100
_AT_ONCE = 0.3
"""Seconds in which an answer needs no sign that it is on its way."""


@contextmanager
def reader(script: Path | None, show: Show) -> Iterator[Reader]:
    """Lines of a script, of a terminal with editing and completion, or of a pipe."""
    if script is not None:
        yield _from_lines(iter(_lines_of(script)), show)
    elif at_terminal():
        yield _from_terminal()
    else:
        yield _from_lines(iter(sys.stdin or ()), show)


def at_terminal() -> bool:
    """Whether somebody types the lines."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


def _lines_of(script: Path) -> list[str]:
    from coach.document import read

    return [line.text for line in read(script).lines]


def _from_lines(lines: Iterator[str], show: Show) -> Reader:
    def read(prompt: str) -> str | None:
        for line in lines:
            if line.strip():
                show(f"{prompt}{line.strip()}")
                return line
        return None

    return read


def _from_terminal() -> Reader:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter

    from coach.render.rehearsal_view import COMMANDS

    words = WordCompleter(list(COMMANDS), meta_dict=COMMANDS, sentence=True)
    prompting: PromptSession[str] = PromptSession(completer=words, complete_while_typing=False)

    def read(prompt: str) -> str | None:
        try:
            return prompting.prompt(prompt)
        except EOFError:
            return None

    return read


@contextmanager
def voice(name: str, *, write: Show) -> Iterator[Aloud]:
    """Show that an answer is on its way, unless it comes at once; then write it as it comes.

    The sign turns on standard error.
    """
    from threading import Timer

    from rich.markup import escape

    from coach.cli.output import console
    from coach.render.visible import visible

    status = console().status(f"{escape(visible(name))} …", spinner="dots")
    soon = Timer(_AT_ONCE, status.start)
    soon.daemon = True
    soon.start()
    written = ""

    def aloud(text: str) -> None:
        nonlocal written
        soon.cancel()
        soon.join()
        status.stop()
        whole = shown(f"{name}: {text}")
        # In a window that was made narrower or wider since, the line starts anew.
        write(whole.removeprefix(written) if whole.startswith(written) else f"\n{whole}")
        written = whole

    try:
        yield aloud
    finally:
        soon.cancel()
        soon.join()
        status.stop()
        if written:
            write("\n")


def shown(text: str) -> str:
    """A line as it is put on the terminal: harmless, and wrapped under its first word."""
    import shutil
    import textwrap

    from coach.render.visible import visible

    text = visible(text)
    indent = len(text) - len(text.lstrip()) + 2
    width = min(_LINE_WIDTH, shutil.get_terminal_size((_LINE_WIDTH, 24)).columns)
    return textwrap.fill(text, width, subsequent_indent=" " * indent, break_on_hyphens=False)
