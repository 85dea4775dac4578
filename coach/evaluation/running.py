"""Putting the cases of a suite to whoever answers them: several at once, resumable."""

from __future__ import annotations

import hashlib
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from queue import SimpleQueue

from coach.errors import CoachError
from coach.evaluation.answering import Answers
from coach.evaluation.case import Case
from coach.evaluation.example import Example, Shelf
from coach.evaluation.judging import outcome_of
from coach.evaluation.record import Outcome, RunHeader
from coach.evaluation.run_file import Run, RunFile, in_order
from coach.evaluation.suite import SuiteFolder
from coach.guide import Guide

_WORTH_PROCESSES = 200
"""Answers in a replay from which on starting a second process pays."""

Progress = Callable[[Sequence[Outcome], int, int], None]
"""Told the outcomes of a case that ended, how many cases have, and of how many."""


def run_suite(
    found: SuiteFolder,
    cases: Sequence[Case],
    answers: Answers,
    *,
    repeats: int = 1,
    save: Path | None = None,
    progress: Progress | None = None,
) -> Run:
    """The outcomes of these cases. What is done is in the file ``save`` whatever happens then.

    A long replay starts processes of its own: a script that calls this for one has to be safe to
    import (``if __name__ == "__main__":``).

    Raises:
        UsageError: ``save`` holds another run.
        DataFileError: a file of the suite is not valid.
        CassetteMiss: a recording is missing or stale; the first one in the suite's order.
        EngineError: the server does not answer at all.
    """
    cases = with_twins(found, cases)
    shelf = Shelf(found)
    header = _header(found, cases, repeats, answers=answers, shelf=shelf)
    with RunFile(save, header) as file:
        done = {outcome.case for outcome in file.known}
        outcomes = [*file.known]
        open_ = [shelf.example(case) for case in cases if case.id not in done]
        for fresh in _each(open_, answers, repeats):
            file.add(fresh)
            outcomes += fresh
            done.add(fresh[0].case)
            if progress:
                progress(fresh, len(done), len(cases))
        run = Run(header, in_order(header, outcomes))
        file.finish(run.outcomes)
    return run


def with_twins(found: SuiteFolder, cases: Iterable[Case]) -> tuple[Case, ...]:
    """These cases and those that they are compared with, in the suite's order."""
    wanted = {case.id for case in cases}
    known = {case.id: case for case in found.suite.cases}
    todo = list(wanted)
    while todo:
        other = known[todo.pop()].expect.same_as
        if other and other in known and other not in wanted:
            wanted.add(other)
            todo.append(other)
    return tuple(case for case in found.suite.cases if case.id in wanted)


def _header(
    found: SuiteFolder, cases: Sequence[Case], repeats: int, *, answers: Answers, shelf: Shelf
) -> RunHeader:
    from importlib.metadata import PackageNotFoundError, version

    try:
        own = version("conversation-coach")
    except PackageNotFoundError:
        own = "from a checkout"
    return RunHeader(
        suite=found.name,
        suite_sha256=found.sha256(),
        coach=own,
        engine=answers.engine,
        model=answers.model,
        fingerprint=_fingerprint(answers, [shelf.guide(case) for case in cases]),
        mode=answers.mode,
        cases=tuple(case.id for case in cases),
        repeats=repeats,
        parts=found.suite.parts,
    )


def _fingerprint(answers: Answers, guides: Iterable[Guide]) -> str:
    """Of what answers and of the guides as they were read: a suite may bring its own."""
    digest = hashlib.sha256(answers.fingerprint().encode())
    for text in sorted({guide.model_dump_json() for guide in guides}):
        digest.update(text.encode())
    return digest.hexdigest()


def _each(examples: Sequence[Example], answers: Answers, repeats: int) -> Iterator[list[Outcome]]:
    """The outcomes of each example: by processes where nothing is waited for, else by threads."""
    if answers.mode == "replay" and len(examples) * repeats >= _WORTH_PROCESSES:
        return _by_processes(examples, answers, repeats)
    return _by_threads(examples, answers, repeats)


def _by_processes(
    examples: Sequence[Example], answers: Answers, repeats: int
) -> Iterator[list[Outcome]]:
    """As they end. A replay is all Python, which threads do not make faster.

    This process takes every second case itself: to start another one takes as long as many answers.
    """
    work = partial(_outcomes, answers=answers, repeats=repeats)
    context = get_context("spawn")
    with ProcessPoolExecutor(
        answers.at_once - 1, mp_context=context, initializer=_leave_stopping_to_parent
    ) as pool:
        others = {at: pool.submit(work, examples[at]) for at in range(1, len(examples), 2)}
        try:
            for at in range(0, len(examples), 2):
                try:
                    yield work(examples[at])
                except CoachError:  # the first fault in the suite's order is the one to tell
                    for before in sorted(others.keys() & range(at)):
                        others[before].result()
                    raise
                done = [one for one, other in others.items() if other.done()]
                yield from (others.pop(one).result() for one in done if not others[one].exception())
            yield from (other.result() for other in others.values())
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _leave_stopping_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _by_threads(
    examples: Sequence[Example], answers: Answers, repeats: int
) -> Iterator[list[Outcome]]:
    """As they end.

    Who stops a run does not wait for a server's last answer: the threads are daemons. The embedded
    engine's are waited for, as Python may not end while its runtime is at work.
    """
    results: SimpleQueue[list[Outcome] | None] = SimpleQueue()
    open_ = iter(enumerate(examples))
    lock = threading.Lock()
    stopped = threading.Event()
    faults: dict[int, BaseException] = {}

    def work() -> None:
        while not stopped.is_set():
            with lock:
                at, example = next(open_, (-1, None))
            if example is None:
                return
            try:
                results.put(_outcomes(example, answers, repeats))
            except BaseException as error:
                faults[at] = error
                results.put(None)

    count = min(answers.at_once, len(examples))
    threads = [threading.Thread(target=work, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        for _ in examples:
            result = results.get()
            if result is None:
                break
            yield result
    finally:
        stopped.set()
        for thread in threads if answers.mode in {"offline", "replay"} else ():
            thread.join()
    if faults:
        raise faults[min(faults)]


def _outcomes(example: Example, answers: Answers, repeats: int) -> list[Outcome]:
    return [
        outcome_of(
            example, answer.result, repeat=number, failure=answer.failure, spent=answer.spent
        )
        for number, answer in enumerate(answers.answer(example, repeats=repeats), 1)
    ]
