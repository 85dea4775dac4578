"""A run on disk: JSON lines, a header and a row for each case and repeat, written as they end."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import IO, NamedTuple, Self

from pydantic import ValidationError

from coach.errors import DataFileError, OutputError, UsageError
from coach.evaluation.record import Outcome, RunHeader

_IN_WORDS = {
    "suite": "another suite",
    "suite_sha256": "other cases, texts or expectations",
    "coach": "another version of coach",
    "engine": "another engine",
    "model": "another model",
    "fingerprint": "other code, guides, rules, prompts or settings",
    "mode": "answers from elsewhere",
    "cases": "another selection of cases",
    "repeats": "another number of repeats",
}
"""What differs where a field of the header does."""


class Run(NamedTuple):
    """A header and what came out so far, in the order of the suite."""

    header: RunHeader
    outcomes: tuple[Outcome, ...]

    @property
    def complete(self) -> bool:
        """Whether every selected case and repeat has an outcome."""
        return len(self.outcomes) == len(self.header.cases) * self.header.repeats


def read_run(path: Path) -> Run:
    """The run in this file; a last line that was torn off is left out.

    Raises:
        DataFileError: it cannot be read, or is no run.
    """
    try:
        rows = path.read_bytes().split(b"\n")
    except OSError as error:
        why = (error.strerror or "it cannot be opened").lower()
        raise DataFileError(
            f"{path}: cannot be read: {why}", hint="a run is written with --save"
        ) from None
    outcomes = []
    number = 1
    try:
        header = RunHeader.model_validate_json(rows[0])
        for number, row in enumerate(rows[1:], 2):
            if row:
                outcomes.append(_row(row, torn=number == len(rows)))
    except ValidationError:
        raise DataFileError(
            f"{path}:{number}:1: this is no line of a run of this version of coach",
            hint="give a file that `coach eval SUITE --save FILE` wrote, or run it again",
        ) from None
    return Run(header, in_order(header, [one for one in outcomes if one is not None]))


class RunFile:
    """Where a run is being written; what stands there under the same header is taken up again.

    Raises:
        UsageError: another run stands there.
        OutputError: it cannot be written.
    """

    def __init__(self, path: Path | None, header: RunHeader) -> None:
        self._path = path
        self._header = header
        self._stream: IO[bytes] | None = None
        self.known: tuple[Outcome, ...] = ()
        if path is not None and path.exists() and path.stat().st_size:
            self.known = self._taken_up(path)

    def __enter__(self) -> Self:
        self._rewrite(self.known)
        return self

    def __exit__(self, *_: object) -> None:
        if self._stream:
            self._stream.close()

    def add(self, outcomes: Iterable[Outcome]) -> None:
        """Write these down at once."""
        if self._stream:
            for outcome in outcomes:
                self._stream.write(_line(outcome))
            self._stream.flush()

    def finish(self, outcomes: Iterable[Outcome]) -> None:
        """Put the rows into the suite's order: the same run gives the same bytes."""
        self._rewrite(outcomes)

    def _taken_up(self, path: Path) -> tuple[Outcome, ...]:
        found = read_run(path)
        if found.header != self._header:
            other = [
                words
                for name, words in _IN_WORDS.items()
                if getattr(found.header, name) != getattr(self._header, name)
            ]
            raise UsageError(
                f"{path} holds another run, with {' and '.join(other) or 'another form'}",
                hint="save to another file, and compare the two, or delete this one",
            )
        whole: dict[str, list[Outcome]] = {}
        for outcome in found.outcomes:
            whole.setdefault(outcome.case, []).append(outcome)
        return tuple(
            outcome
            for outcomes in whole.values()
            if len(outcomes) == self._header.repeats
            for outcome in outcomes
        )

    def _rewrite(self, outcomes: Iterable[Outcome]) -> None:
        if self._path is None:
            return
        beside = self._path.with_name(f".{self._path.name}.part")
        try:
            if self._stream:
                self._stream.close()
            with beside.open("wb") as stream:
                stream.write(self._header.model_dump_json().encode() + b"\n")
                for outcome in outcomes:
                    stream.write(_line(outcome))
            beside.chmod(0o600)
            beside.replace(self._path)
            self._stream = self._path.open("ab")
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise OutputError(
                f"could not write {self._path}: {(error.strerror or 'refused').lower()}",
                hint="check the folder, or save elsewhere",
            ) from None


def _line(outcome: Outcome) -> bytes:
    return outcome.model_dump_json(exclude_defaults=True).encode() + b"\n"


def _row(row: bytes, *, torn: bool) -> Outcome | None:
    try:
        return Outcome.model_validate_json(row)
    except ValidationError:
        if torn:  # no line break behind it: the run was broken off while it was written
            return None
        raise


def in_order(header: RunHeader, outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """These outcomes in the order of the suite."""
    place = {case: at for at, case in enumerate(header.cases)}
    known = [one for one in outcomes if one.case in place]
    return tuple(sorted(known, key=lambda one: (place[one.case], one.repeat)))
