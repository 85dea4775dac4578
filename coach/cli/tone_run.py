"""One run of ``coach tone``: finding the files, checking each, telling what was found."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from coach import workflow
from coach.checks.baseline import Baseline, Found
from coach.checks.house import House
from coach.checks.report import FOREIGN, STDIN, CheckedFile, ToneReport, Unread
from coach.checks.sources import Sources, find_sources
from coach.cli.output import say, warn
from coach.document import Document, prose
from coach.errors import CoachError, EmptyError, InputError, UsageError
from coach.finding import SEVERITIES, Severity

if TYPE_CHECKING:
    from coach.engines import Engine
    from coach.settings import Settings

Read = Callable[[str], Document]
Format = Literal["text", "line", "json", "sarif", "github", "junit", "checkstyle"]


class Checks(NamedTuple):
    """How a file is read and judged in this run."""

    house: House
    read: Read
    engine: Engine | None

    def judge(self, name: str, document: Document) -> CheckedFile:
        """What is found in a text."""
        return self.house.judge(
            name,
            document,
            check=lambda text: workflow.check(text, self.engine),
            complete=self.engine is not None,
        )


class Run(NamedTuple):
    """What was checked, and the texts by the names they go by."""

    report: ToneReport
    documents: dict[str, Document]

    def exit_code(self, fail_on: Severity | Literal["never"]) -> int:
        """0, 1 if something is as bad as this, 3 if a file could not be read."""
        return 3 if self.report.unread else int(self.report.reaches(fail_on))


def open_house(settings: Settings, *, baseline: bool) -> House:
    """What was agreed on for texts here; tells which settings files say so."""
    for file in settings.tone_files():
        say(f"coach: the table tone of {file} is followed")
    house = settings.house(baseline=baseline)
    for fault in house.faults():
        warn(f"tone.off: {fault}")
    return house


def find_files(named: Sequence[str], settings: Settings) -> Sources:
    """The sources to check; tells which are left out."""
    if not named:
        raise UsageError(
            "no file was named",
            hint="coach tone notes.md, coach tone docs/, or - for standard input",
        )
    sources = find_sources(named, ignoring=settings.ignoring())
    for name, file in sources.left_out:
        warn(f"{name} is left out, as {file} says")
    return sources


def check_files(sources: Sources, checks: Checks) -> Run:
    """Every source checked; one that cannot be read is told and does not stop the others.

    Raises:
        CoachError: the only one cannot be read.
    """
    files: list[CheckedFile] = []
    documents: dict[str, Document] = {}
    if len(sources.missing) == 1 and not sources.found:
        raise sources.missing[0][1]
    unread = [_unread(name, error) for name, error in sources.missing]
    for source in sources.found:
        name = STDIN if source == "-" else source
        try:
            document = checks.read(source)
        except EmptyError as error:
            warn(f"{error.message}; there is nothing to check")
            files.append(CheckedFile(name=name, findings=()))
            continue
        except (InputError, UsageError) as error:
            if len(sources.found) + len(sources.missing) == 1:
                raise
            unread.append(_unread(name, error))
            continue
        _tell(name, document)
        documents[name] = document
        files.append(checks.judge(name, document))
        if files[-1].foreign:
            warn(f"{name}: {FOREIGN}")
    return Run(ToneReport.of(files, unread), documents)


def check_again(run: Run, names: Collection[str], checks: Checks) -> Run:
    """The run after these files were changed."""
    documents = run.documents | {name: checks.read(name) for name in names}
    files = [
        checks.judge(file.name, documents[file.name]) if file.name in names else file
        for file in run.report.files
    ]
    return Run(ToneReport.of(files, run.report.unread), documents)


def _tell(name: str, document: Document) -> None:
    for warning in document.warnings:
        warn(f"{name}: {warning}")
    if document.kind == "transcript" and document.roles_from:
        say(f"{name}: who is who: {document.roles_from}")


def _unread(name: str, error: CoachError) -> Unread:
    # the message calls the file by its last part: of many files that says too little
    message = error.message.removeprefix(f"{Path(name).name}: ")
    told = message if message == error.message else f"{name}: {message}"
    say(f"coach: error: {told}")
    if error.hint:
        say(f"hint: {error.hint}")
    return Unread(name=name, message=told, hint=error.hint)


def with_balance(run: Run) -> Run:
    """The run with what the wording of each file does, counted."""
    from coach.checks.balance import balance

    def counted(file: CheckedFile) -> CheckedFile:
        flagged = {one.line for one in file.findings if one.severity != "low"}
        found = balance(prose(run.documents[file.name]), flagged=flagged)
        return file.model_copy(update={"balance": found})

    files = [counted(one) if one.name in run.documents else one for one in run.report.files]
    return run._replace(report=ToneReport.of(files, run.report.unread))


def accept(run: Run, path: Path) -> None:
    """Write the baseline that accepts all that was found."""
    from coach.cli.output import write

    found = [
        Found(file.name, run.documents[file.name], file.findings)
        for file in run.report.files
        if file.findings
    ]
    write(path, Baseline.of(found, folder=path.parent).text())
    counts = run.report.summary.findings
    say(f"baseline written to {path}: {counts.total} accepted, but formal discipline never is")


def written(run: Run, chosen: Format, *, fail_on: Severity | Literal["never"]) -> str:
    """The report in a format for machines."""
    from coach.cli.output import as_text

    match chosen:
        case "text":
            return _as_text(run)
        case "json":
            return as_text(run.report)
        case "line" | "github":
            from coach.render.tone_lines import tone_github, tone_lines

            return (tone_lines if chosen == "line" else tone_github)(run.report)
        case "sarif":
            from coach.checks.rulebook import rulebook
            from coach.render.tone_sarif import tone_sarif

            return tone_sarif(run.report, run.documents, rulebook())
        case "junit" | "checkstyle":
            from coach.render.tone_xml import tone_checkstyle, tone_junit

            if chosen == "checkstyle":
                return tone_checkstyle(run.report)
            barred = SEVERITIES[SEVERITIES.index(fail_on) :] if fail_on != "never" else ()
            return tone_junit(run.report, failing=frozenset(barred))


def _as_text(run: Run) -> str:
    import io

    from rich.console import Console

    from coach.render.tone_text import print_tone

    out = io.StringIO()
    print_tone(run.report, run.documents, Console(file=out, width=100, emoji=False, markup=False))
    return out.getvalue()
