"""Example: a case with its source, guide and labels read, ready to be put to an engine."""

from __future__ import annotations

from typing import NamedTuple

from coach.document import Document, read_bytes
from coach.errors import InputError
from coach.evaluation.case import Case, Labels, Task
from coach.evaluation.labels import read_labels
from coach.evaluation.suite import SuiteFolder
from coach.guide import Guide, load_guide


class Example(NamedTuple):
    """A case, and what its files hold."""

    case: Case
    task: Task
    guide: Guide
    document: Document | InputError
    """The source, or why it cannot be read."""
    labels: Labels | None = None
    second: Labels | None = None


class Shelf:
    """Reads the examples of a suite; each guide once."""

    def __init__(self, found: SuiteFolder) -> None:
        self._found = found
        self._guides: dict[str, Guide] = {}

    def example(self, case: Case, *, check: bool = False) -> Example:
        """The case with its files; with ``check``, labels are held to source and guide.

        Raises:
            UsageError: its guide is not known.
            DataFileError: its guide or labels are not valid.
        """
        suite = self._found.suite
        guide = self.guide(case)
        document = _document(self._found, case)
        beside = document if check and isinstance(document, Document) else None
        labels = [
            read_labels(self._found.folder / name, document=beside, guide=guide) if name else None
            for name in (case.labels, case.second)
        ]
        return Example(
            case=case,
            task=case.task or ("draft" if case.expect.needs_plan else suite.task),
            guide=guide,
            document=document,
            labels=labels[0],
            second=labels[1],
        )

    def guide(self, case: Case) -> Guide:
        """The guide of this case: one of the suite's own, or one that is known by its name.

        Raises:
            UsageError: it is not known.
            DataFileError: it is not valid.
        """
        name = case.guide or self._found.suite.guide
        if name not in self._guides:
            own = self._found.folder / name
            self._guides[name] = load_guide(str(own) if own.is_file() else name)
        return self._guides[name]


def _document(found: SuiteFolder, case: Case) -> Document | InputError:
    if case.input is not None:
        path = found.folder / case.input
        data, name = path.read_bytes(), path.name
    else:
        data, name = (case.text or "").encode(), f"{case.id}.txt"
    try:
        return read_bytes(data, name, manager=case.manager, employee=case.employee)
    except InputError as error:
        return error
