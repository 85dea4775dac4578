"""``coach eval``: run a suite, compare two runs, report, add a case, check a suite."""

from __future__ import annotations

from collections.abc import Sized
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from coach.cli import options
from coach.errors import UsageError

if TYPE_CHECKING:
    from coach.evaluation.adding import NewCase


class RunByDefault(TyperGroup):
    """``coach eval core`` is ``coach eval run core``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command's name in where none is given."""
        if not args or (args[0] not in self.commands and args[0] not in {"-h", "--help"}):
            args = ["run", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=RunByDefault,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Run an evaluation suite on examples: coach eval [SUITE] [OPTIONS], core by default.\n\n"
    "coach eval run --help tells the options. Embedded runs need no network; the llm engine is "
    "played from recordings unless --record or --live is given.",
)

Suite = Annotated[str, typer.Argument(help="A suite's name, or its folder.")]
Format = Annotated[
    Literal["table", "json", "junit", "markdown"], typer.Option("--format", help="How to print it.")
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write it here instead.", show_default=False)
]
Record = Annotated[
    Literal["new", "all"] | None,
    typer.Option(help="llm: ask the server for what is not recorded, or for all of it anew."),
]


@app.command()
def run(
    suite: Suite = "core",
    engine: options.Engine = None,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    record: Record = None,
    replay: Annotated[
        bool, typer.Option("--replay", help="llm: recordings only; the default.")
    ] = False,
    live: Annotated[
        bool, typer.Option("--live", help="llm: ask the server, record nothing.")
    ] = False,
    judge: Annotated[
        bool,
        typer.Option("--judge", help="llm: ask whether drafted entries say more than their lines."),
    ] = False,
    repeat: Annotated[int, typer.Option(min=1, max=100, help="Run each case so many times.")] = 1,
    tag: Annotated[list[str] | None, typer.Option(help="Only cases with this tag.")] = None,
    case: Annotated[list[str] | None, typer.Option(help="Only this case.")] = None,
    save: Annotated[
        Path | None, typer.Option(help="Keep the run here (.jsonl); go on with it if it is there.")
    ] = None,
    gate: Annotated[bool, typer.Option(help="Exit 1 where a gate of the suite fails.")] = True,
    keep_baseline: Annotated[
        bool,
        typer.Option("--keep-baseline", help="Make this run what later ones are compared with."),
    ] = False,
    format_: Format = "table",
    as_json: options.Json = False,
    output: Output = None,
    force: options.Force = False,
    whole: Annotated[
        bool, typer.Option("--all", help="Show every figure of every part, gated or not.")
    ] = False,
    dry_run: options.DryRun = False,
) -> None:
    """Run a suite: scores with intervals, what does not hold, and the suite's gates."""
    from coach.cli import evaluation

    if sum([record is not None, replay, live]) > 1:
        raise UsageError("--record, --replay and --live exclude each other", hint="give one")
    wanted = evaluation.Wanted(
        suite=suite,
        flags={"engine": engine, "model": model, "base_url": base_url},
        source="live" if live else record or "none",
        repeats=repeat,
        tags=tuple(tag or ()),
        ids=tuple(case or ()),
        save=save,
        judge=judge,
    )
    if dry_run:
        evaluation.show_plan(wanted)
        return
    form = "json" if as_json else format_
    evaluation.check_output(form, output, force=force)
    report = evaluation.run(wanted, keep_baseline=keep_baseline)
    evaluation.deliver(report, form, output, whole=whole)
    raise typer.Exit(evaluation.exit_code(report, gate=gate))


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(help="A saved run.")],
    after: Annotated[Path, typer.Argument(help="Another on the same suite.")],
    format_: Annotated[
        Literal["table", "json", "markdown"], typer.Option("--format", help="How to print it.")
    ] = "table",
    as_json: options.Json = False,
) -> None:
    """Say what is better, worse or cannot be told between two saved runs."""
    from coach.cli.output import console, emit, emit_json
    from coach.evaluation import compare as compared
    from coach.evaluation import read_run
    from coach.render.evaluation_markdown import comparison_markdown
    from coach.render.evaluation_table import print_comparison

    found = compared(read_run(before), read_run(after))
    if as_json or format_ == "json":
        emit_json(found)
    elif format_ == "markdown":
        emit(comparison_markdown(found))
    else:
        print_comparison(found, console(stderr=False))


@app.command()
def report(
    saved: Annotated[Path, typer.Argument(metavar="RUN", help="A saved run.")],
    other: Annotated[
        Path | None, typer.Argument(help="Another, to show beside it.", show_default=False)
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The .html file to write.")] = Path(
        "report.html"
    ),
    suite: Annotated[
        str | None, typer.Option(help="The suite's folder, for gates; found by its name else.")
    ] = None,
    force: options.Force = False,
) -> None:
    """Write one self-contained HTML page about a saved run, or two side by side."""
    from coach.cli import evaluation
    from coach.cli.output import check_target, say, write
    from coach.evaluation import compare as compared
    from coach.evaluation import read_run
    from coach.render.evaluation_html import report_html

    check_target(
        output, endings=(".html",), force=force, taken=[saved, *([other] if other else [])]
    )
    first = read_run(saved)
    second = read_run(other) if other else None
    page = report_html(
        evaluation.scored(first, suite),
        evaluation.scored(second, suite) if second else None,
        compared(first, second) if second else None,
    )
    write(output, page)
    say(f"report written to {output}")


@app.command()
def check(suite: Suite = "core") -> None:
    """Check a suite: every fault of suite.yaml and of the files it names, at line and column."""
    from coach.cli.output import emit
    from coach.evaluation import check_suite

    found = check_suite(suite)
    tags = sorted({tag for case in found.suite.cases for tag in case.tags})
    cases, gates = (_count(found.suite.cases, "case"), _count(found.suite.gates, "gate"))
    emit(f"{found.name}: {cases}, {gates}, no fault")
    emit(f"tags: {', '.join(tags) or 'none'}")


@app.command()
def add(
    source: options.Source,
    suite: Annotated[str, typer.Option(help="The suite's folder.")],
    expect: Annotated[
        list[str], typer.Option(help="What would be right: 'skipped: [purpose]'. May be repeated.")
    ],
    id_: Annotated[
        str | None, typer.Option("--id", help="Of the case; else the file's name.")
    ] = None,
    tag: Annotated[list[str] | None, typer.Option(help="A tag of the case.")] = None,
    employee: options.Employee = None,
    manager: options.Manager = None,
    yes: Annotated[bool, typer.Option("--yes", help="Write it without asking.")] = False,
    run_it: Annotated[
        bool, typer.Option("--run", help="Run the case at once, with the embedded engine.")
    ] = False,
) -> None:
    """Make a case of a source that went wrong: names replaced, shown, and written when you say so.

    Read what is shown: what makes a person known to colleagues is more than names.
    """
    from coach.cli.output import say
    from coach.document import read
    from coach.evaluation import load_suite
    from coach.evaluation.adding import default_id, new_case, write_case

    found = load_suite(suite)
    document = read(source, employee=employee, manager=manager)
    name = id_ or default_id(Path("case" if source == "-" else source))
    new = new_case(document, found, id_=name, tags=tag or (), expect=expect)
    _show(new)
    if not yes and not _agreed():
        say("nothing was written")
        raise typer.Exit
    write_case(new, found)
    say(f"added {name!r} to {found.folder}; see it fail: coach eval {suite} --case {name}")
    if run_it:
        run(suite, engine="embedded", case=[name])


def _agreed() -> bool:
    try:
        return typer.confirm("write it?", default=False, err=True)
    except typer.Abort as stop:
        if not isinstance(stop.__context__, EOFError):
            raise KeyboardInterrupt from None
        raise UsageError("nobody answered, so nothing was written", hint="give --yes") from None


def _count(of: Sized, what: str) -> str:
    return f"{len(of)} {what}" if len(of) == 1 else f"{len(of)} {what}s"


def _show(new: NewCase) -> None:
    from coach.cli.output import emit, say
    from coach.render.visible import visible

    emit(visible(new.text, lines=True))
    emit(visible(new.block, lines=True))
    say(f"replaced: {', '.join(new.replaced) or 'nothing'}")
    if new.left:
        say(f"capitalised words that stay: {', '.join(new.left[:30])}")
    say("read it: names that stay, places, dates and jobs can still tell who it is")
