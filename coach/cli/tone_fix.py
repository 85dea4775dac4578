"""``coach tone --diff`` and ``--fix``: suggestions shown as a patch, or put into the files."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import typer

from coach.checks.fixes import Fix, apply, diff, fixes
from coach.checks.report import STDIN, CheckedFile
from coach.cli.options import is_terminal
from coach.cli.output import console, emit, say, warn
from coach.cli.tone_run import Run
from coach.document import Document
from coach.errors import CoachError, InputError, OutputError, UsageError

Answer = Literal["yes", "no", "all", "quit"]
_CHOICES = (
    "y changes this, n leaves it, a changes this and the rest of the file, "
    "q asks no more and makes the changes that you took so far"
)


def show_changes(run: Run) -> None:
    """Print what the suggestions would change, as a patch; letter for letter where it is kept."""
    from coach.render.visible import visible

    safe = 0
    for file in run.report.files:
        if not (found := _fixes(run, file)):
            continue
        try:
            before = _source(file.name, run.documents[file.name])
            patch = diff(file.name, before, apply(before, found))
        except CoachError as error:
            warn(f"{file.name}: {error.message}")
            continue
        emit(visible(patch, lines=True) if sys.stdout.isatty() else patch)
        safe += len(found)
    _tell_left(run, safe, "can be changed safely", rest="the rest needs your own words")


def mend(run: Run, *, ask: bool) -> tuple[str, ...]:
    """Put suggestions into the files, each asked for in a terminal; gives the files it changed.

    Raises:
        UsageError: there is nobody to ask, or nothing that can be changed.
    """
    if ask and not is_terminal():
        raise UsageError(
            "--fix asks for each change, and there is no terminal to ask in",
            hint="see the changes with --diff; to make them all, add --yes",
        )
    found = {file.name: _fixes(run, file) for file in run.report.files}
    wanted = _chosen(run, found) if ask else found
    changed = [
        name for name, taken in wanted.items() if taken and _write(name, run.documents[name], taken)
    ]
    rest = "the rest stays as it was" if ask else "the rest needs your own words"
    _tell_left(run, sum(len(wanted[name]) for name in changed), "changed", rest=rest)
    return tuple(changed)


def _fixes(run: Run, file: CheckedFile) -> tuple[Fix, ...]:
    return fixes(run.documents[file.name], file.findings) if file.findings else ()


def _tell_left(run: Run, done: int, how: str, *, rest: str) -> None:
    for file in run.report.files:
        if any(one.suggestion for one in file.findings) and not run.documents[file.name].verbatim:
            warn(f"{file.name}: only text and Markdown are changed; take its suggestions by hand")
    flagged = run.report.summary.findings.total
    left = f"; {rest}" if done < flagged else ""
    say(f"{done} of {flagged} flagged {how}{left}" if flagged else "nothing flagged to change")


def _chosen(run: Run, found: Mapping[str, Sequence[Fix]]) -> dict[str, list[Fix]]:
    """The fixes of each file that the person at the terminal says yes to, asked before any is made.

    So Ctrl-C leaves every file as it was; to quit keeps what was said so far.
    """
    from coach.render.tone_text import print_finding

    taken: dict[str, list[Fix]] = {name: [] for name in found}
    for name, fixes_here in found.items():
        everything = False
        for fix in fixes_here:
            if not everything:
                print_finding(fix.finding, name, run.documents[name], console())
                answer = _asked(fix)
                if answer == "quit":
                    return taken
                if answer == "no":
                    continue
                everything = answer == "all"
            taken[name].append(fix)
    return taken


def _asked(fix: Fix) -> Answer:
    say(f"- {fix.before}")
    say(f"+ {fix.after}")
    answers: dict[str, Answer] = {"y": "yes", "n": "no", "a": "all", "q": "quit"}
    while True:
        typer.echo("change it? y(es), n(o), a(ll here), q(uit): ", nl=False, err=True)
        said = sys.stdin.readline()
        if not said:  # Ctrl-D
            typer.echo(err=True)
            return "quit"
        if (key := said.strip().lower()[:1]) in answers:
            return answers[key]
        say(_CHOICES)


def _write(name: str, document: Document, wanted: Sequence[Fix]) -> bool:
    """Change the file, whole or not at all; whether it was changed."""
    try:
        _rewrite(Path(name).resolve(), document, wanted)
    except CoachError as error:
        warn(f"{name} stays as it is: {error.message}")
        return False
    say(f"{name}: {len(wanted)} changed")
    return True


def _source(name: str, document: Document) -> str:
    """The file's whole text, byte-order mark and CR included."""
    if name == STDIN:
        return document.text
    encoding = document.encoding or "utf-8"
    try:
        data = Path(name).read_bytes()
        text = data.decode(encoding)
        if text.encode(encoding) == data:
            return text
    except OSError as error:
        raise InputError(f"it cannot be read again: {_reason(error)}") from None
    except UnicodeError:
        pass
    raise InputError(f"it could not be written back in {encoding} as it was")


def _rewrite(path: Path, document: Document, wanted: Sequence[Fix]) -> None:
    changed = apply(_source(str(path), document), wanted)
    temporary = None
    try:
        data = changed.encode(document.encoding or "utf-8")
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        shutil.copymode(path, temporary)
        Path(temporary).replace(path)
    except OSError as error:
        raise OutputError(f"it could not be written: {_reason(error)}") from None
    except UnicodeError:
        raise InputError(f"the new words cannot be written in {document.encoding}") from None
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
