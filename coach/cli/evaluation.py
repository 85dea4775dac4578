"""What ``coach eval`` does between its options and its renderers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from coach.errors import UsageError

if TYPE_CHECKING:
    from coach.engines.llm.endpoint import Endpoint
    from coach.evaluation import Answers, Report, Run, SuiteFolder
    from coach.evaluation.case import Case
    from coach.evaluation.opinion import Judge
    from coach.evaluation.record import Opinion, Outcome, Spent
    from coach.settings import Settings

Source = Literal["none", "new", "all", "live"]
"""Where the llm engine's answers come from: recordings alone, or also a server."""
ENDINGS = {"json": (".json",), "junit": (".xml",), "markdown": (".md",)}


class Wanted(NamedTuple):
    """What the options ask for."""

    suite: str
    flags: Mapping[str, Any]
    source: Source
    repeats: int
    tags: tuple[str, ...]
    ids: tuple[str, ...]
    save: Path | None
    judge: bool = False
    """Whether a model is asked about the drafted entries."""


def run(wanted: Wanted, *, keep_baseline: bool) -> Report:
    """The report of the run that is wanted, with progress on standard error."""
    from coach.evaluation import load_suite, read_baseline, report_of, run_suite
    from coach.evaluation.baseline import FILE, Baseline
    from coach.settings import Settings

    settings = Settings.load(wanted.flags)
    found = load_suite(wanted.suite)
    answers = _answers(settings, found, wanted)
    judge = _judge(settings, found, wanted.source) if wanted.judge else None
    cases = _cases(found, answers, wanted)
    with _progress(wanted.save) as progress:
        done = run_suite(
            found,
            cases,
            answers,
            repeats=wanted.repeats,
            save=wanted.save,
            progress=progress,
        )
    if keep_baseline:
        from coach.cli.output import say, write

        known = read_baseline(found.folder) or Baseline()
        write(found.folder / FILE, known.with_run(done, found.suite).text())
        say(f"baseline kept in {found.folder / FILE}")
    report = report_of(done, found, baseline=read_baseline(found.folder))
    cost = _cost(settings, report.spent) if wanted.source != "none" else None
    opinion = judge and _opinion(done, found, judge)
    return report.model_copy(update={"cost": cost, "opinion": opinion})


def scored(saved: Run, suite: str | None) -> Report:
    """The report of a saved run; with gates where its suite is at hand and unchanged."""
    from coach.cli.output import say
    from coach.evaluation import load_suite, read_baseline, report_of, suites

    name = suite or (saved.header.suite if saved.header.suite in suites() else None)
    found = load_suite(name) if name else None
    if found is None:
        say("no gate is judged: give the suite's folder with --suite")
        return report_of(saved, None)
    if found.sha256() != saved.header.suite_sha256:
        say(f"no gate is judged: {found.name} has other cases, texts or expectations by now")
        return report_of(saved, None)
    return report_of(saved, found, baseline=read_baseline(found.folder))


def check_output(form: str, output: Path | None, *, force: bool) -> None:
    """Refuse a target before the run, which may take minutes."""
    from coach.cli.output import check_target

    if output is None:
        return
    if form == "table":
        raise UsageError("a table is for the terminal", hint="add --format markdown to -o")
    check_target(output, endings=ENDINGS[form], force=force)


def deliver(report: Report, form: str, output: Path | None, *, whole: bool = False) -> None:
    """Print the report, or write it to a file that was checked."""
    from coach.cli.output import as_text, console, emit, say, write
    from coach.render.evaluation_junit import report_junit
    from coach.render.evaluation_markdown import report_markdown
    from coach.render.evaluation_table import print_report

    if form == "table":
        print_report(report, console(stderr=False), whole=whole)
        return
    text = {"json": as_text, "junit": report_junit, "markdown": report_markdown}[form](report)
    if output is None:
        emit(text)
        return
    write(output, text)
    say(f"written to {output}")


def exit_code(report: Report, *, gate: bool) -> int:
    """0; 1 a gate failed; 3 a case has no result."""
    from coach.cli.output import say

    if gate and not report.passed:
        return 1
    if report.failures or not report.complete:
        say("some cases have no result; they are counted as missed")
        return 3
    return 0


def show_plan(wanted: Wanted) -> None:
    """What a run would ask a server; nothing is sent."""
    from coach.cli.output import emit
    from coach.document import Document
    from coach.engines.llm.client import Client
    from coach.engines.llm.engine import LlmEngine
    from coach.evaluation import load_suite
    from coach.evaluation.example import Shelf
    from coach.evaluation.record import Spent
    from coach.settings import Settings

    settings = Settings.load(wanted.flags)
    found = load_suite(wanted.suite)
    judged = wanted.judge and wanted.source != "none"
    if judged:
        emit("the judge asks besides: of the labelled examples and of the entries that are drafted")
    if settings.engine == "embedded":
        emit("to be sent: nothing; the embedded engine asks no server")
        return
    client = Client(settings.endpoint(keyless=True))
    engine, shelf = LlmEngine(client), Shelf(found)
    questions = []
    for case in found.selected(wanted.tags, wanted.ids):
        example = shelf.example(case)
        if isinstance(example.document, Document):
            questions += engine.label_requests(example.document, example.guide)
    tokens = sum(one.tokens or 0 for one in questions) * wanted.repeats
    emit(f"to be sent: {len(questions) * wanted.repeats} to {client.endpoint.base_url}, none sent")
    emit(f"~{tokens:,} tokens in for these; {_cost(settings, Spent(prompt=tokens))}")
    emit("drafts and repairs follow from the answers and take about as much again")


def _answers(settings: Settings, found: SuiteFolder, wanted: Wanted) -> Answers:
    from coach.evaluation import EmbeddedAnswers, LlmAnswers, read_recorded

    source = wanted.source
    if settings.engine == "embedded":
        if source != "none" and not wanted.judge:
            raise UsageError(
                "there is nothing to record of the embedded engine", hint="add --engine llm"
            )
        return EmbeddedAnswers()
    if source == "none":
        one = read_recorded(found.folder).chosen(settings.model)
        return LlmAnswers(one.endpoint(), cassettes=found.cassettes)
    if source == "live":
        return LlmAnswers(_asked(settings), cassettes=None)
    endpoint = _recording(_asked(settings), found.folder)
    return LlmAnswers(endpoint, cassettes=found.cassettes, record=source)


def _judge(settings: Settings, found: SuiteFolder, source: Source) -> Judge:
    """Whoever judges the drafted entries: the recorded model, or the one of the settings."""
    from coach.evaluation import read_recorded
    from coach.evaluation.opinion import FOLDER, Judge

    folder = found.folder / FOLDER
    if source == "live":
        return Judge(_asked(settings), cassette=None)
    if source == "none":
        known = read_recorded(folder)
        if not known.models:
            raise UsageError(
                "nobody recorded what a judge says of this suite",
                hint="`--judge --record new --base-url URL --model NAME` asks a server",
            )
        endpoint = known.chosen(None).endpoint()
    else:
        endpoint = _recording(_asked(settings), folder)
    return Judge(endpoint, cassette=folder / "answers.yaml", record=source)


def _opinion(run: Run, found: SuiteFolder, judge: Judge) -> Opinion:
    from coach.evaluation.opinion import opinion_of

    return opinion_of(run, found, judge)


def _asked(settings: Settings) -> Endpoint:
    from coach.cli.output import say

    endpoint = settings.endpoint()
    say(f"engine llm: {endpoint.model} at {endpoint.host} gets the texts, names replaced")
    return endpoint


def _recording(endpoint: Endpoint, folder: Path) -> Endpoint:
    """The endpoint as its answers are recorded, which a replay finds in the folder."""
    from coach.cli.output import write
    from coach.evaluation import RecordedModel, read_recorded
    from coach.evaluation.recorded import FILE

    rung = endpoint.rung or _rung(endpoint)
    one = RecordedModel.of(endpoint, rung)
    folder.mkdir(exist_ok=True)
    models = read_recorded(folder).with_model(one)
    write(folder / FILE, models.model_dump_json(indent=2) + "\n")
    return endpoint.model_copy(update={"rung": rung, "context": one.context})


def _rung(endpoint: Any) -> Any:
    """How the server takes the form of an answer, found out before any case depends on it."""
    from coach.cli.output import say
    from coach.engines.llm.probe import probe
    from coach.errors import EngineError

    say(f"asking {endpoint.host} a few made-up questions first")
    found = probe(endpoint)
    if found.rung is None:
        told = found.trouble
        raise EngineError(
            told.message if told else f"the server at {endpoint.host!r} gives no answer",
            hint=told.hint if told else "run `coach doctor --probe`",
        )
    return found.rung


def _cases(found: SuiteFolder, answers: Answers, wanted: Wanted) -> Sequence[Case]:
    """The cases to run; in a replay those that were recorded, unless they are named."""
    from coach.cli.output import say

    chosen = found.selected(wanted.tags, wanted.ids)
    if answers.mode != "replay":
        return chosen
    there = [case for case in chosen if case.id in wanted.ids or found.recorded(case)]
    if not there:
        raise UsageError(
            "none of these cases has recorded answers",
            hint="record them with `--record new`, which asks the server",
        )
    if len(there) < len(chosen):
        say(f"{len(chosen) - len(there)} of {len(chosen)} cases were never recorded: left out")
    return there


def _cost(settings: Settings, spent: Spent | None) -> str | None:
    from coach.engines.llm.prices import cost
    from coach.engines.llm.question import Usage

    if spent is None:
        return None
    endpoint = settings.endpoint(keyless=True)
    if endpoint.is_local:
        return "your own machine"
    usage = Usage(prompt=spent.prompt, completion=spent.completion, cached=spent.cached)
    known = cost(endpoint.model, endpoint.host, usage, own=settings.prices)
    return "price unknown" if known is None else f"about ${known.usd:.4f} ({known.table})"


@contextmanager
def _progress(save: Path | None) -> Iterator[Any]:
    """A line that moves in a terminal; where a run is stopped, what is kept of it."""
    from coach.cli.output import console, say

    shown = console()
    done = 0

    def tell(_fresh: Sequence[Outcome], now: int, total: int) -> None:
        nonlocal done
        done = now
        if live is not None:
            live.update(f"{now} of {total} cases")

    live = shown.status("starting") if shown.is_terminal else None
    try:
        if live is not None:
            live.start()
        yield tell
    except KeyboardInterrupt:
        kept = f"{done} cases are kept in {save}: the same command goes on from there"
        say(kept if save else "nothing was kept: --save FILE keeps what is done")
        raise
    finally:
        if live is not None:
            live.stop()
