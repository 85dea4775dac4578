"""Which of a case's expectations hold: one check for each value, as a sentence and a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from coach.evaluation.case import PUNITIVE, Case, Expectations
from coach.evaluation.record import Check, Count, Failure, Outcome
from coach.evaluation.suite import Suite
from coach.finding import Finding
from coach.mapping import LineLabel, StepMap
from coach.plan import Decision, Plan, Section

_FORMAL = "tone.formal"
_SHOWN = 5
"""Differences that are told of two cases that should be the same."""


class Result(NamedTuple):
    """What an engine made of a source; for the tone check alone, findings and no more."""

    findings: tuple[Finding, ...] = ()
    steps: StepMap | None = None
    plan: Plan | None = None


def checks_of(
    expect: Expectations, result: Result | None, failure: Failure | None = None
) -> tuple[Check, ...]:
    """A check for each value expected; all of them fail where there is no result."""
    checks = [*_status(expect, result or Result()), *_tone(expect, result or Result())]
    checks += [*_lines(expect, result or Result()), *_plan(expect, result or Result())]
    if result is None:
        cause = failure.cause if failure else "no answer"
        checks = [check.model_copy(update={"passed": False, "found": cause}) for check in checks]
    if expect.refused is not None:
        cause = failure.cause if failure else "read"
        checks.append(_check(f"refused: {expect.refused}", cause == expect.refused, cause))
    return tuple(checks)


def compared(outcomes: Sequence[Outcome], suite: Suite) -> tuple[Outcome, ...]:
    """The outcomes with a check for each case that should be the same as another."""
    cases = {case.id: case for case in suite.cases if case.expect.same_as}
    by_id = {(one.case, one.repeat): one for one in outcomes}
    checked = []
    for one in outcomes:
        if one.case in cases:
            twin = by_id.get((str(cases[one.case].expect.same_as), one.repeat))
            check = twin_check(cases[one.case], one, twin)
            twins = twin_lines(one, twin)
            checked.append(one.model_copy(update={"checks": (*one.checks, check), "twins": twins}))
        else:
            checked.append(one)
    return tuple(checked)


def twin_check(case: Case, own: Outcome, other: Outcome | None) -> Check:
    """Whether a case came out as the one that it should be the same as, line by line."""
    name = f"same as {case.expect.same_as}"
    failed = own.failure or (other.failure if other else None)
    if other is None or failed:
        return _check(name, False, failed.cause if failed else "not run")
    sizes = [f"{own.size} lines, there {other.size}"] if own.size != other.size else []
    found = [*sizes, *_line_differences(own, other), *_step_differences(own, other)]
    shown = "; ".join(found[:_SHOWN]) + ("; ..." if len(found) > _SHOWN else "")
    return _check(name, not found, shown)


def twin_lines(own: Outcome, other: Outcome | None) -> Count:
    """Lines with the same label in both, of those that either gives one; none where one failed."""
    labelled = {
        line.line
        for one in (own, other)
        for line in (one.lines if one else ())
        if line.said not in {None, LineLabel(line=line.line)}
    }
    of = len(labelled)
    if other is None or own.failure or other.failure:
        return Count(0, of, of)
    differing = len([*_line_differences(own, other)])
    return Count(of - differing, of, of)


def _check(name: str, passed: bool, found: object = "") -> Check:
    return Check(name=name, passed=passed, found=str(found))


# -- one kind of expectation after the other -------------------------------------------------------


def _status(expect: Expectations, result: Result) -> Iterator[Check]:
    found = {step.id: step for step in result.steps.steps} if result.steps else {}
    for status in ("covered", "partial", "planned", "skipped"):
        for step in getattr(expect, status):
            said = found[step].status if step in found else "no such step"
            yield _check(f"{status}: {step}", said == status, said)
    for name, right in (
        ("not_covered", {"partial", "planned", "skipped"}),
        ("not_skipped", {"covered", "partial"}),
    ):
        for step in getattr(expect, name):
            said = found[step].status if step in found else "no such step"
            yield _check(f"{name}: {step}", said in right, said)
    open_ = {asked.step for asked in result.plan.open_questions} if result.plan else set()
    for step in expect.asks:
        asked = step in open_ or bool(step in found and found[step].questions)
        yield _check(f"asks: {step}", asked, "a question" if asked else "no question")


def _tone(expect: Expectations, result: Result) -> Iterator[Check]:
    flagged: dict[int, list[str]] = {}
    for finding in result.findings:
        if finding.category in PUNITIVE:
            flagged.setdefault(finding.line, []).append(finding.category)
    if expect.punitive is not None:
        wanted = wanted_lines(expect)
        for line, category in wanted.items():
            kinds = flagged.get(line, [])
            named = f"punitive: line {line}" + (f" {category}" if category else "")
            right = category in kinds if category else bool(kinds)
            yield _check(named, right, ", ".join(kinds) or "not flagged")
        others = sorted(set(flagged) - set(wanted))
        shown = ", ".join(f"line {line} {flagged[line][0]}" for line in others)
        yield _check("punitive: no other line" if wanted else "punitive: none", not others, shown)
    for line in expect.not_punitive:
        kinds = flagged.get(line, [])
        yield _check(f"not punitive: line {line}", not kinds, ", ".join(kinds))
    kinds_found = sorted({finding.category for finding in result.findings})
    for kind in expect.finds:
        yield _check(f"finds: {kind}", kind in kinds_found, ", ".join(kinds_found) or "nothing")
    if expect.formal is not None:
        formal = [finding for finding in result.findings if finding.rule == _FORMAL]
        softened = any(finding.suggestion for finding in formal)
        said = "recognised" if formal else "not recognised"
        named = "formal: recognised" if expect.formal else "formal: not there"
        right = bool(formal) is expect.formal and not softened
        yield _check(named, right, f"{said}, and softened" if softened else said)


def _lines(expect: Expectations, result: Result) -> Iterator[Check]:
    found = {label.line: label for label in result.steps.lines} if result.steps else {}
    for line, steps in expect.steps.items():
        said = found.get(line, LineLabel(line=line)).steps
        named = f"steps: line {line} {', '.join(steps) or 'none'}"
        yield _check(named, {*said} == {*steps}, ", ".join(said) or "none")
    for line, range_ in expect.ranges.items():
        settled = found.get(line, LineLabel(line=line)).range
        yield _check(f"ranges: line {line} {range_}", settled == range_, settled or "none")


def _plan(expect: Expectations, result: Result) -> Iterator[Check]:
    sections = result.plan.sections if result.plan else ()
    decisions = [
        entry for section in sections for entry in section.entries if isinstance(entry, Decision)
    ]
    for words, range_ in expect.decisions.items():
        said = sorted({one.range for one in decisions if _holds(words, one)})
        yield _check(f"decisions: {words} {range_}", said == [range_], ", ".join(said) or "none")
    for words in expect.two_views:
        views = max((len(one.views) for one in decisions if _holds(words, one)), default=0)
        yield _check(f"two views: {words}", views >= 2, f"{views} views")
    for step, count in expect.entries.items():
        there = sum(len(section.entries) for section in sections if section.step == step)
        yield _check(f"entries: {step} {count}", there == count, there)
    for words in expect.plan_holds:
        yield _check(f"plan holds: {words}", _in_plan(words, sections))
    for words in expect.plan_lacks:
        yield _check(f"plan lacks: {words}", not _in_plan(words, sections))


def wanted_lines(expect: Expectations) -> dict[int, str | None]:
    """The punitive lines that are expected, with their category where one is given."""
    punitive = expect.punitive
    if isinstance(punitive, dict):
        return dict(punitive)
    return dict.fromkeys(punitive) if isinstance(punitive, tuple) else {}


def _holds(words: str, entry: Any) -> bool:
    told = entry.model_dump(exclude={"evidence", "kind", "provenance"})
    return words.casefold() in " ".join(_texts(told)).casefold()


def _in_plan(words: str, sections: tuple[Section, ...]) -> bool:
    return any(_holds(words, entry) for section in sections for entry in section.entries)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _texts(inner)


# -- twins -----------------------------------------------------------------------------------------


def _line_differences(own: Outcome, other: Outcome) -> Iterator[str]:
    said = [{line.line: line.said for line in one.lines if line.said} for one in (own, other)]
    for number in sorted({*said[0], *said[1]}):
        here, there = (one.get(number, LineLabel(line=number)) for one in said)
        for field in ("steps", "items", "tone", "category", "severity", "range", "planned"):
            one, two = getattr(here, field), getattr(there, field)
            if one != two:
                yield f"line {number}: {field} {_told(one)}, there {_told(two)}"
                break


def _step_differences(own: Outcome, other: Outcome) -> Iterator[str]:
    theirs = {step.id: step.said for step in other.steps}
    for step in own.steps:
        if step.said != theirs.get(step.id):
            yield f"{step.id}: {step.said}, there {theirs.get(step.id)}"


def _told(value: Any) -> str:
    return ", ".join(value) or "none" if isinstance(value, tuple) else str(value or "none")
