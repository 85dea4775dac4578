"""How a figure of an evaluation is written, the same in every format."""

from __future__ import annotations

from collections.abc import Iterator

from coach.evaluation.record import Difference, GateResult, Report, Score


def written(value: float | None, per: int = 1) -> str:
    """``0.84``; ``12.3`` where it counts so many in a thousand; ``-`` where there is none."""
    if value is None:
        return "-"
    return f"{value:.1f}" if per > 1 else f"{value:.3f}"


def interval(one: Score | Difference) -> str:
    """``0.816 to 0.858``."""
    if one.low is None or one.high is None:
        return "-"
    sign = "+" if isinstance(one, Difference) else ""
    form = f"{sign}.1f" if one.per > 1 else f"{sign}.3f"
    return f"{one.low:{form}} to {one.high:{form}}"


def gate_name(result: GateResult) -> str:
    """``steps.f1 [test] at least 0.8``."""
    gate = result.gate
    bounds = [
        f"{words} {bound:g}"
        for words, bound in (
            ("at least", gate.at_least),
            ("at most", gate.at_most),
            ("low end at least", gate.low_at_least),
            ("high end at most", gate.high_at_most),
            ("not worse than the baseline by", gate.not_worse),
            ("cases at least", gate.cases),
        )
        if bound is not None
    ]
    tag = f" [{gate.tag}]" if gate.tag else ""
    return f"{gate.score}{tag} {', '.join(bounds)}"


def facts(report: Report) -> Iterator[str]:
    """What a run was and took, a sentence a line."""
    run = report.run
    times = f", {run.repeats} times each" if run.repeats > 1 else ""
    how = {
        "offline": "no network",
        "replay": "from recordings",
        "record": "recorded",
        "live": "live",
    }[run.mode]
    cases = "1 case" if len(run.cases) == 1 else f"{len(run.cases)} cases"
    yield f"{run.suite}: {cases}{times}, {run.engine} ({run.model}), {how}"
    if report.failures:
        causes = ", ".join(f"{cause} {count}" for cause, count in report.failures.items())
        total = sum(report.failures.values())
        yield f"{total} without a result, counted as missed: {causes}"
    if not report.complete:
        yield "the run is not complete"
    if report.flips:
        flips = report.flips
        yield f"{flips.count.right} of {flips.cases} cases differ between repeats"
    if report.spent:
        spent = report.spent
        cost = f"; {report.cost}" if report.cost else ""
        yield f"{spent.prompt:,} tokens in, {spent.completion:,} out{cost}"
    if report.latency:
        yield f"{report.latency[0]:.1f} s a case, {report.latency[1]:.1f} s at the 95th percentile"


def failed_checks(report: Report) -> Iterator[tuple[str, str]]:
    """Cases and what did not hold of them, or why they have no result."""
    for outcome in report.outcomes:
        name = outcome.case + (f" ({outcome.repeat})" if report.run.repeats > 1 else "")
        if outcome.failure:
            yield name, f"no result: {outcome.failure.cause}"
        for check in outcome.checks:
            if not check.passed:
                yield name, f"{check.name}" + (f", found {check.found}" if check.found else "")
