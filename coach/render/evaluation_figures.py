"""How a figure of an evaluation is written, the same in every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from coach.evaluation.record import (
    Check,
    Comparison,
    Difference,
    GateResult,
    Outcome,
    Report,
    RunHeader,
    Score,
)

_REMARKS = 5
"""Entries that a judge finds unsupported and that are told."""
_HOW = {
    "offline": "no network",
    "replay": "from recordings",
    "record": "recorded",
    "live": "live",
}


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


def run_text(run: RunHeader) -> str:
    """``core: 190 cases, embedded (lines-3), no network``."""
    times = f", {run.repeats} times each" if run.repeats > 1 else ""
    cases = "1 case" if len(run.cases) == 1 else f"{len(run.cases)} cases"
    return f"{run.suite}: {cases}{times}, {run.engine} ({run.model}), {_HOW[run.mode]}"


def cautions(found: Comparison) -> Iterator[str]:
    """What to know before two runs are believed to differ, a sentence a line."""
    if found.before.suite_sha256 != found.after.suite_sha256:
        yield "the suite was changed in between: differences may come from its cases"
    for name, cases in (("first", found.only_before), ("second", found.only_after)):
        if cases:
            those = "1 case stands" if len(cases) == 1 else f"{len(cases)} cases stand"
            yield f"{those} in the {name} run only, and in no difference"


def shortened(notes: Sequence[str], most: int = 3) -> list[str]:
    """The first of these, and how many more there are."""
    more = len(notes) - most
    return [*notes[:most], *([f"and {more} more"] if more > 0 else [])]


def facts(report: Report) -> Iterator[str]:
    """What a run was and took, a sentence a line."""
    yield run_text(report.run)
    if report.failures:
        causes = ", ".join(f"{cause} {count}" for cause, count in report.failures.items())
        total = sum(report.failures.values())
        yield f"{total} without a result, counted as missed: {causes}"
    if not report.complete:
        yield "the run is not complete"
    if report.unjudged:
        gates = "1 gate is" if report.unjudged == 1 else f"{report.unjudged} gates are"
        yield f"{gates} not judged: not all of their cases were run"
    if report.flips:
        flips = report.flips
        yield f"{flips.count.right} of {flips.cases} cases differ between repeats"
    if report.spent:
        spent = report.spent
        cost = f"; {report.cost}" if report.cost else ""
        yield f"{spent.prompt:,} tokens in, {spent.completion:,} out{cost}"
    if report.latency:
        yield f"{report.latency[0]:.1f} s a case, {report.latency[1]:.1f} s at the 95th percentile"


def judged_facts(report: Report) -> Iterator[str]:
    """What a judge says, its agreement to people's labels with it, a sentence a line."""
    one = report.opinion
    if one is None:
        return
    share = f"{one.more} of {one.entries} entries say more than their lines"
    if one.low is not None and one.high is not None:
        share += f" ({one.low:.3f} to {one.high:.3f})"
    agreed = "its agreement to people is not known"
    if one.kappa is not None:
        agreed = (
            f"kappa {one.kappa:.2f} ({one.kappa_low:.2f} to {one.kappa_high:.2f}) "
            f"on {one.examples} that a person judged"
        )
    yield f"judge {one.model}: {share}; {agreed}; it warns, and no gate hears it"
    if one.unanswered:
        yield f"judge: no verdict on {one.unanswered} entries"
    for remark in one.remarks[:_REMARKS]:
        yield f"judge: {remark.case}: {remark.text}"
    if len(one.remarks) > _REMARKS:
        yield f"judge: and {len(one.remarks) - _REMARKS} more, in --json"


def failed_checks(report: Report) -> Iterator[tuple[str, str]]:
    """Cases and what did not hold of them, or why they have no result; a repeat adds its count."""
    repeats = report.run.repeats
    times = Counter((one.case, what) for one in report.outcomes for what in _failed(one))
    for (case, what), count in times.items():
        yield case, what + (f" ({count} of {repeats} times)" if repeats > 1 else "")


def check_text(check: Check) -> str:
    """``covered: success, found partial``."""
    return f"{check.name}, found {check.found}" if check.found else check.name


def _failed(outcome: Outcome) -> Iterator[str]:
    if outcome.failure:
        yield f"no result: {outcome.failure.cause}"
    yield from (check_text(check) for check in outcome.checks if not check.passed)
