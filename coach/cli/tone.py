"""``coach tone``: the linter for wording."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from coach.cli import options
from coach.errors import UsageError

if TYPE_CHECKING:
    from coach.cli.tone_run import Checks, Run
    from coach.document import Document

Format = Literal["text", "line", "json", "sarif", "github", "junit", "checkstyle"]
FailOn = Literal["high", "medium", "low", "never"]

_ENDINGS: dict[Format, tuple[str, ...]] = {
    "text": (".txt",),
    "line": (".txt",),
    "json": (".json",),
    "sarif": (".sarif", ".json"),
    "github": (".txt",),
    "junit": (".xml",),
    "checkstyle": (".xml",),
}


@dataclass(frozen=True)
class Reporting:
    """How and where the findings are told."""

    format: Annotated[
        Format, typer.Option("--format", "-f", help="How the findings are written.")
    ] = "text"
    as_json: options.Json = False
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write the findings here.", show_default=False),
    ] = None
    force: options.Force = False
    balance: Annotated[
        bool,
        typer.Option(
            "--balance", help="Count questions, orders, support, voices: with lines, no grade."
        ),
    ] = False

    @property
    def chosen(self) -> Format:
        """The format, ``--json`` being short for one of them."""
        if self.as_json and self.format not in {"text", "json"}:
            raise UsageError(
                f"--json and --format {self.format} cannot both hold", hint="give one of them"
            )
        return "json" if self.as_json else self.format


@dataclass(frozen=True)
class Mending:
    """Whether suggestions are shown as changes, or made."""

    diff: Annotated[bool, typer.Option("--diff", help="Show suggestions as a patch.")] = False
    fix: Annotated[
        bool, typer.Option("--fix", help="Put suggestions into the files, one by one if asked.")
    ] = False
    yes: Annotated[bool, typer.Option("--yes", "-y", help="With --fix: ask nothing.")] = False


@options.grouped
def tone(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE...",
            help="Files, folders, patterns such as '**/*.md'; - for standard input.",
            show_default=False,
        ),
    ] = None,
    *,
    fail_on: Annotated[
        FailOn | None,
        typer.Option(
            "--fail-on", help="Exit with 1 if something is as bad as this.", show_default="medium"
        ),
    ] = None,
    rules_only: Annotated[
        bool, typer.Option("--rules-only", help="Ask the rules alone, not the model: faster.")
    ] = False,
    explain: Annotated[
        str | None,
        typer.Option(
            metavar="RULE",
            help="Explain a rule, a category or a word; all lists the rules.",
            show_default=False,
        ),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(help="Leave out what this file has accepted.", show_default=False),
    ] = None,
    write_baseline: Annotated[
        Path | None,
        typer.Option(
            "--write-baseline", help="Accept all that is found now, in this file (.json): hashes."
        ),
    ] = None,
    reporting: Reporting,
    mending: Mending,
    reading: options.Reading,
    answering: options.Answering,
) -> None:
    """Check wording before anyone else reads it: what lands badly, why, what to say instead.

    Exits with 1 if something is flagged at or above --fail-on, and with 3 if a file could not be
    read; the others are checked all the same.
    """
    if explain is not None:
        _explain(explain, files or [], as_json=reporting.chosen == "json")
        return
    from coach.cli import engines
    from coach.cli.tone_run import Checks, accept, check_files, find_files, open_house
    from coach.settings import Settings

    _refuse_clashes(files or [], reporting, mending, write_baseline)
    flags = {"tone.fail_on": fail_on, "tone.baseline": baseline}
    settings = Settings.load({**answering.flags, **flags})
    house = open_house(settings, baseline=write_baseline is None)
    sources = find_files(files or [], settings)
    with nullcontext(None) if rules_only else engines.opened(answering.flags) as engine:
        checks = Checks(house, _reader(reading), engine)
        run = check_files(sources, checks)
        run = _mended(run, checks, ask=not mending.yes) if mending.fix else run
    if write_baseline:
        accept(run, write_baseline)
        raise typer.Exit(run.exit_code("never"))
    _deliver(run, reporting, diff=mending.diff, fail_on=settings.tone.fail_on)
    raise typer.Exit(run.exit_code(settings.tone.fail_on))


def _refuse_clashes(
    files: list[str], reporting: Reporting, mending: Mending, baseline: Path | None
) -> None:
    """Refuse, before any work is done, what cannot hold together or would be written over."""
    from coach.cli.output import check_target

    if not all(map(str.strip, files)):
        raise UsageError(
            "one of the files has an empty name", hint="a variable of your shell may be empty"
        )
    if mending.yes and not mending.fix:
        raise UsageError("--yes answers what --fix asks", hint="give --fix as well")
    if mending.fix and "-" in files:
        raise UsageError("--fix cannot change standard input", hint="--diff shows the changes")
    if mending.diff and reporting.output:
        raise UsageError("--diff prints a patch and takes no --output", hint="`> FILE` keeps it")
    given = {"--fix": mending.fix, "--diff": mending.diff, "--write-baseline": baseline}
    if len(clash := [name for name, value in given.items() if value]) > 1:
        raise UsageError(f"{' and '.join(clash)} do not go together", hint="give one of them")
    taken = [Path(name) for name in files]
    for path, endings in ((reporting.output, _ENDINGS[reporting.chosen]), (baseline, (".json",))):
        if path:
            check_target(path, endings=endings, force=reporting.force, taken=taken)
            taken.append(path)


def _reader(reading: options.Reading) -> Callable[[str], Document]:
    from coach.cli.output import say

    def read(source: str) -> Document:
        if source == "-" and options.is_terminal():
            say("reading from the terminal: paste the text, then end with Ctrl-D")
        return reading.read(source)

    return read


def _mended(run: Run, checks: Checks, *, ask: bool) -> Run:
    from coach.cli.tone_fix import mend
    from coach.cli.tone_run import check_again

    changed = mend(run, ask=ask)
    return check_again(run, changed, checks) if changed else run


def _deliver(run: Run, reporting: Reporting, *, diff: bool, fail_on: FailOn) -> None:
    from coach.cli.output import console, emit, say, write
    from coach.cli.tone_run import with_balance, written

    chosen = reporting.chosen
    run = with_balance(run) if reporting.balance else run
    if diff:
        from coach.cli.tone_fix import show_changes

        show_changes(run)
    elif reporting.output:
        write(reporting.output, written(run, chosen, fail_on=fail_on))
        say(f"findings written to {reporting.output}")
    elif chosen == "text":
        from coach.render.tone_text import print_tone

        print_tone(run.report, run.documents, console(stderr=False))
    elif told := written(run, chosen, fail_on=fail_on):
        emit(told)


def _explain(name: str, files: list[str], *, as_json: bool) -> None:
    import shutil
    import sys

    from coach.checks.rulebook import explain
    from coach.cli.output import emit, emit_json, warn
    from coach.render.rule_view import rule_view

    found = explain(name)
    if files:
        left = f"{files[0]!r} is not read" if len(files) == 1 else "the files are not read"
        warn(f"--explain only explains: {left}")
    if as_json:
        emit_json(found)
    else:
        wide = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        emit(rule_view(found, width=wide))
