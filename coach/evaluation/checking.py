"""Checking a suite: what its files hold, beside each other; faults at their place in suite.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from coach.document import Document
from coach.errors import DataFileError, UsageError
from coach.evaluation.baseline import read_baseline
from coach.evaluation.case import Case, Expectations
from coach.evaluation.example import Example, Shelf
from coach.evaluation.expecting import wanted_lines
from coach.evaluation.suite import Suite, SuiteFolder, load_suite
from coach.resources import Fault

_STEP_LISTS = (
    "covered", "partial", "planned", "skipped", "not_covered", "not_skipped", "asks",
)  # fmt: skip


def check_suite(name_or_path: str) -> SuiteFolder:
    """The suite, if nothing is wrong with it or with any file that it names.

    Raises:
        UsageError: there is no such suite.
        DataFileError: every fault of every file, one a line, as ``path:line:column: where: what``.
    """
    shelves: dict[Path, Shelf] = {}
    elsewhere: list[str] = []

    def look(folder: Path, suite: Suite | None, case: Case) -> Iterator[Fault]:
        if suite is None or any(_missing(folder, case)):
            return
        shelf = shelves.setdefault(folder, Shelf(SuiteFolder(folder, suite)))
        try:
            yield from _case_faults(shelf.example(case, check=True))
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
            "\n".join(elsewhere),
            hint="each line starts with file, line and column; mend them and check again",
        )
    return found


def _missing(folder: Path, case: Case) -> Iterator[str]:
    for name in (case.input, case.labels, case.second):
        if name is not None and not (folder / name).is_file():
            yield name


def _case_faults(example: Example) -> Iterator[Fault]:
    case, guide, document = example.case, example.guide, example.document
    expect = case.expect
    if not isinstance(document, Document):
        if expect.refused is None:
            yield Fault(("input",), f"cannot be read: {document.message}")
        return
    if expect.refused is not None:
        yield Fault(("expect", "refused"), "the source is read without a fault")
    yield from _step_faults(expect, set(guide.step_ids))
    yield from _line_faults(expect, len(document.lines))


def _step_faults(expect: Expectations, known: set[str]) -> Iterator[Fault]:
    listed = ", ".join(sorted(known))
    for key in _STEP_LISTS:
        for at, step in enumerate(getattr(expect, key)):
            if step not in known:
                what = f"{step!r} is no step of the guide (its steps: {listed})"
                yield Fault(("expect", key, at), what)
    for step in (*expect.entries, *(one for steps in expect.steps.values() for one in steps)):
        if step not in known:
            yield Fault(("expect",), f"{step!r} is no step of the guide (its steps: {listed})")


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
