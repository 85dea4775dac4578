"""Checking a suite: what its files hold, beside each other; faults at their place in suite.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from coach.document import Document
from coach.errors import DataFileError, UsageError
from coach.evaluation.baseline import read_baseline
from coach.evaluation.case import Case, Expectations
from coach.evaluation.example import Example, Shelf
from coach.evaluation.expecting import wanted_lines
from coach.evaluation.measures import figures_of
from coach.evaluation.suite import Gate, Suite, SuiteFolder, load_suite
from coach.resources import Fault

_STATUSES = ("covered", "partial", "planned", "skipped")
_STEP_LISTS = (*_STATUSES, "not_covered", "not_skipped", "asks")


def check_suite(name_or_path: str) -> SuiteFolder:
    """The suite, if nothing is wrong with it or with any file that it names.

    Raises:
        UsageError: there is no such suite.
        DataFileError: every fault of every file, one a line, as ``path:line:column: where: what``.
    """
    shelves: dict[Path, Shelf] = {}
    elsewhere: list[str] = []

    def look(found: SuiteFolder, part: Case | Gate) -> Iterator[Fault]:
        shelf = shelves.setdefault(found.folder, Shelf(found))
        if isinstance(part, Gate):
            yield from _gate_faults(part, found.suite, shelf)
        elif not any(_missing(found.folder, part)):
            try:
                yield from _case_faults(shelf.example(part, check=True))
            except DataFileError as error:
                elsewhere.append(error.message)
            except UsageError as error:
                yield Fault(("guide",), error.message)

    try:
        found = load_suite(name_or_path, look=look)
        read_baseline(found.folder)
    except DataFileError as error:
        elsewhere.insert(0, error.message)
    if elsewhere:
        raise DataFileError(
            "\n".join(dict.fromkeys(elsewhere)),
            hint="each line starts with file, line and column; mend them and check again",
        )
    return found


def _gate_faults(gate: Gate, suite: Suite, shelf: Shelf) -> Iterator[Fault]:
    try:
        guides = [shelf.guide(case) for case in suite.cases]
    except (DataFileError, UsageError):
        return  # told of the case
    steps = {step for guide in guides for step in guide.step_ids}
    items = {item.id for guide in guides for step in guide.steps for item in step.items}
    known = [figure.id for figure in figures_of(steps, items)]
    if gate.score not in known:
        near = get_close_matches(gate.score, known, n=1)
        meant = f", did you mean {near[0]!r}?" if near else ""
        yield Fault(("score",), f"{gate.score!r} is no score{meant} (see docs/evaluation.md)")


def _missing(folder: Path, case: Case) -> Iterator[str]:
    for name in (case.input, case.labels, case.second):
        if name is not None and not (folder / name).is_file():
            yield name


def _case_faults(example: Example) -> Iterator[Fault]:
    case, guide, document = example.case, example.guide, example.document
    expect = case.expect
    if not isinstance(document, Document):
        if expect.refused is None:
            key = "text" if case.input is None else "input"
            yield Fault((key,), f"cannot be read: {document.message}")
        return
    if expect.refused is not None:
        yield Fault(("expect", "refused"), "the source is read without a fault")
    yield from _task_faults(example)
    yield from _kind_faults(expect)
    yield from _step_faults(expect, set(guide.step_ids))
    yield from _line_faults(expect, len(document.lines))


def _step_faults(expect: Expectations, known: set[str]) -> Iterator[Fault]:
    named: list[tuple[tuple[str | int, ...], str]] = []
    for key in _STEP_LISTS:
        named += [((key, at), step) for at, step in _numbered(expect, key)]
    named += [(("entries", step), step) for step in expect.entries]
    for line, steps in expect.steps.items():
        named += [(("steps", str(line), at), step) for at, step in enumerate(steps)]
    listed = ", ".join(sorted(known))
    for place, step in named:
        if step not in known:
            what = f"{step!r} is no step of the guide (its steps: {listed})"
            yield Fault(("expect", *place), what)
    seen: dict[str, str] = {}
    for key in _STATUSES:
        for at, step in _numbered(expect, key):
            if seen.setdefault(step, key) != key:
                yield Fault(("expect", key, at), f"{step!r} is expected to be {seen[step]} as well")


def _numbered(expect: Expectations, key: str) -> Iterator[tuple[int, str]]:
    yield from enumerate(getattr(expect, key))


def _task_faults(example: Example) -> Iterator[Fault]:
    """What is expected and can never be seen, as the case is not taken so far."""
    expect, task = example.case.expect, example.task
    if task != "draft" and expect.needs_plan:
        yield Fault(
            ("task",), f"no plan is made with task {task!r}, and one is expected: take draft"
        )
    if task == "tone":
        asked = [key for key in (*_STEP_LISTS, "steps", "ranges") if getattr(expect, key)]
        if asked:
            told = f"lines get no steps with task 'tone', and {asked[0]!r} needs them: take map"
            yield Fault(("expect", asked[0]), told)


def _kind_faults(expect: Expectations) -> Iterator[Fault]:
    from coach.checks.rulebook import rulebook

    known = {entry.category for entry in rulebook()}
    for at, kind in _numbered(expect, "finds"):
        if kind not in known:
            told = f"{kind!r} is no kind of finding (known: {', '.join(sorted(known))})"
            yield Fault(("expect", "finds", at), told)


def _line_faults(expect: Expectations, last: int) -> Iterator[Fault]:
    for key, lines in (
        ("punitive", wanted_lines(expect)),
        ("not_punitive", expect.not_punitive),
        ("steps", expect.steps),
        ("ranges", expect.ranges),
    ):
        for line in lines:
            if not 1 <= line <= last:
                yield Fault(("expect", key), f"there is no line {line}: the source has {last}")
