"""Gates: which bounds of a suite a run keeps. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from coach.evaluation.baseline import Baseline
from coach.evaluation.measures import Figure, a_repeat, by_case, figures, ratio_part, score
from coach.evaluation.record import Count, GateResult, Outcome, RunHeader, Score
from coach.evaluation.statistics import gap
from coach.evaluation.suite import Gate, Suite

_ZERO = Count(0, 0, 0)


def judged(
    header: RunHeader,
    outcomes: Sequence[Outcome],
    suite: Suite,
    *,
    baseline: Baseline | None,
    unrecorded: Set[str] = frozenset(),
) -> tuple[tuple[GateResult, ...], int]:
    """What became of each gate that this run can judge, and how many of its engine's it cannot.

    A gate is judged on all of its cases or not at all: a run of some cases only (by tag or id), or
    one that was broken off, leaves the gates out that speak of others. Cases that a replay leaves
    out, as nobody recorded them, are missing from a gate that says how many there have to be.
    """
    known = {figure.id: figure for figure in figures(outcomes)}
    run = {one.case for one in outcomes}
    found, left = [], 0
    for gate in suite.gates:
        if gate.engine not in {None, header.engine}:
            continue
        own = {case.id for case in suite.cases if gate.tag is None or gate.tag in case.tags}
        counted = gate.cases is not None and gate.engine == header.engine
        if own <= (run | unrecorded if counted else run):
            chosen = [one for one in outcomes if one.case in own]
            found.append(_result(gate, known.get(gate.score), chosen, header, baseline))
        else:
            left += 1
    return tuple(found), left


def _result(
    gate: Gate,
    figure: Figure | None,
    outcomes: Sequence[Outcome],
    header: RunHeader,
    baseline: Baseline | None,
) -> GateResult:
    one = score(figure, outcomes) if figure else None
    if figure is None or one is None or one.value is None:
        return GateResult(gate=gate, passed=False, why="nothing was there to be counted")
    faults = [*_bounds(gate, one)]
    if gate.not_worse is not None:
        fault = _worse(gate.not_worse, figure, outcomes, header, baseline)
        faults += [fault] if fault else []
    return GateResult(
        gate=gate, passed=not faults, value=one.value, why="; ".join(faults) or "kept"
    )


def _bounds(gate: Gate, one: Score) -> Iterator[str]:
    for bound, value, what, above in (
        (gate.at_least, one.value, "value", True),
        (gate.at_most, one.value, "value", False),
        (gate.low_at_least, one.low, "lower end of the interval", True),
        (gate.high_at_most, one.high, "upper end of the interval", False),
    ):
        if bound is None or value is None:
            continue
        if value < bound if above else value > bound:
            side = "below" if above else "above"
            yield f"the {what}, {value:.3f}, is {side} {bound:g}"
    if gate.cases is not None and one.cases < gate.cases:
        yield f"cases behind it: {one.cases}, not {gate.cases}"


def _worse(
    margin: float,
    figure: Figure,
    outcomes: Sequence[Outcome],
    header: RunHeader,
    baseline: Baseline | None,
) -> str | None:
    """What is wrong beside the baseline, on the cases that both have."""
    kept = baseline.counts_of(header.engine, figure.id) if baseline else None
    if kept is None:
        return "there is no baseline to compare with: keep one with --keep-baseline"
    now = by_case(figure, outcomes)
    both = [case for case in {one.case: None for one in outcomes} if case in kept]
    scale = header.repeats
    before = [ratio_part(figure.ratio, kept[case]) for case in both]
    after = [a_repeat(ratio_part(figure.ratio, now.get(case, _ZERO)), scale) for case in both]
    found = gap(before, after)
    if found is None:
        return "the baseline has none of these cases: keep a new one with --keep-baseline"
    worst = -found.low if figure.better == "more" else found.high
    if worst <= margin:
        return None
    sign = found.difference if figure.better == "more" else -found.difference
    return (
        f"beside the baseline {sign:+.3f}, at worst -{worst:.3f} (95 %): "
        f"no more than -{margin:g} is allowed"
    )
