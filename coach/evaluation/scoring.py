"""Report: the scores of a run, part by part, and which gates were kept. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from coach.evaluation.baseline import Baseline
from coach.evaluation.example import Shelf
from coach.evaluation.expecting import compared
from coach.evaluation.gating import judged
from coach.evaluation.judging import agreement
from coach.evaluation.measures import scores_of
from coach.evaluation.record import Count, GateResult, Outcome, Report, Score, Spent
from coach.evaluation.run_file import Run
from coach.evaluation.statistics import Part, quantile, share, share_interval
from coach.evaluation.suite import SuiteFolder

_TWICE = 3
"""Cases labelled twice from which on the agreement is shown."""


def report_of(run: Run, found: SuiteFolder | None, *, baseline: Baseline | None = None) -> Report:
    """The report of a run: scores by part, failures by cause, what it took.

    Without the suite's folder (the run alone was kept) there are no gates and no ceilings.
    """
    outcomes = compared(run.outcomes, found.suite) if found else run.outcomes
    parts: tuple[str | None, ...] = tuple(
        part for part in run.header.parts if any(part in one.tags for one in outcomes)
    )
    ceilings = _ceilings(found, outcomes) if found else {}
    scores = tuple(
        one.model_copy(update=ceilings.get(one.id, {}) if _labelled(outcomes, part) else {})
        for part in parts or (None,)
        for one in scores_of(outcomes, part)
    )
    gates, left = _gates(run, outcomes, found, baseline) if found else ((), 0)
    spent = [one.spent for one in outcomes if one.spent]
    return Report(
        run=run.header,
        scores=scores,
        gates=gates,
        unjudged=left,
        failures=dict(sorted(Counter(o.failure.cause for o in outcomes if o.failure).items())),
        flips=_flips(outcomes) if run.header.repeats > 1 else None,
        spent=_sum(spent) if spent else None,
        latency=_latency(spent),
        complete=run.complete,
        outcomes=outcomes,
    )


def _gates(
    run: Run, outcomes: Sequence[Outcome], found: SuiteFolder, baseline: Baseline | None
) -> tuple[tuple[GateResult, ...], int]:
    replay = run.header.mode == "replay"
    unrecorded = {case.id for case in found.suite.cases if replay and not found.recorded(case)}
    return judged(run.header, outcomes, found.suite, baseline=baseline, unrecorded=unrecorded)


def _ceilings(
    found: SuiteFolder, outcomes: Iterable[Outcome]
) -> dict[str, dict[str, float | int | None]]:
    """Each figure for a second annotator against the first, over all cases that have one."""
    run = {one.case for one in outcomes}
    shelf = Shelf(found)
    twice = []
    for case in found.suite.cases:
        if case.second and case.id in run:
            example = shelf.example(case)
            if example.labels and example.second:
                twice.append(agreement(example.labels, example.second, example))
    known = [one for one in twice if one is not None]
    kept = ("steps", "items", "punitive", "ranges", "supportive")
    return {
        one.id: {"ceiling": one.value, "ceiling_cases": one.cases}
        for one in scores_of(known)
        if one.id.partition(".")[0] in kept and one.cases >= _TWICE
    }


def _labelled(outcomes: Iterable[Outcome], tag: str | None) -> bool:
    return any(one.truth == "lines" and (tag is None or tag in one.tags) for one in outcomes)


def _flips(outcomes: Iterable[Outcome]) -> Score | None:
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for one in outcomes:
        seen[one.case].add(one.model_dump_json(exclude={"repeat", "spent"}))
    flipped = sum(len(ways) > 1 for ways in seen.values())
    parts = [Part(int(len(ways) > 1), 1) for ways in seen.values()]
    interval = share_interval(parts)
    return Score(
        id="flips",
        title="cases that differ between repeats",
        value=share(parts),
        low=round(interval.low, 7) if interval else None,
        high=round(interval.high, 7) if interval else None,
        count=Count(flipped, len(parts), len(parts)),
        cases=len(parts),
        better="less",
    )


def _sum(spent: Sequence[Spent]) -> Spent:
    return Spent(
        prompt=sum(one.prompt for one in spent),
        completion=sum(one.completion for one in spent),
        cached=sum(one.cached for one in spent),
        seconds=round(sum(one.seconds for one in spent), 3),
    )


def _latency(spent: Sequence[Spent]) -> tuple[float, float] | None:
    seconds = [one.seconds for one in spent if one.seconds]
    if not seconds:
        return None
    return round(quantile(seconds, 0.5), 3), round(quantile(seconds, 0.95), 3)
