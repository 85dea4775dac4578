"""Comparison: two runs on the same cases, figure by figure and case by case. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from coach.errors import UsageError
from coach.evaluation.measures import (
    Figure,
    a_repeat,
    by_case,
    figures,
    ratio_part,
    repeats_of,
    score,
)
from coach.evaluation.record import (
    ChangedCase,
    Comparison,
    Count,
    Difference,
    Line,
    Outcome,
    Verdict,
)
from coach.evaluation.run_file import Run
from coach.evaluation.statistics import Gap, gap
from coach.mapping import LineLabel

_ZERO = Count(0, 0, 0)
_FIELDS = ("steps", "tone", "range")


def compare(before: Run, after: Run) -> Comparison:
    """What became better, worse, or cannot be told; on the cases that both runs have.

    Raises:
        UsageError: they have no case in common.
    """
    ids = [{one.case for one in run.outcomes} for run in (before, after)]
    both = ids[0] & ids[1]
    if not both:
        raise UsageError(
            "the two runs have no case in common", hint="compare two runs of the same suite"
        )
    old = [one for one in before.outcomes if one.case in both]
    new = [one for one in after.outcomes if one.case in both]
    parts = [part for part in after.header.parts if any(part in one.tags for one in new)]
    return Comparison(
        before=before.header,
        after=after.header,
        differences=tuple(
            difference
            for part in parts or (None,)
            for figure in figures(new)
            if (difference := _difference(figure, _of(old, part), _of(new, part), part))
        ),
        changed=tuple(
            sorted(_changed(old, new), key=lambda one: (one.repaired - one.broken, one.case))
        ),
        only_before=tuple(sorted(ids[0] - both)),
        only_after=tuple(sorted(ids[1] - both)),
    )


def _of(outcomes: Sequence[Outcome], tag: str | None) -> list[Outcome]:
    return [one for one in outcomes if tag is None or tag in one.tags]


def _difference(
    figure: Figure, old: Sequence[Outcome], new: Sequence[Outcome], tag: str | None
) -> Difference | None:
    first, last = by_case(figure, old), by_case(figure, new)
    cases = sorted({*first, *last})
    sides = [
        [a_repeat(ratio_part(figure.ratio, side.get(case, _ZERO)), repeats) for case in cases]
        for side, repeats in ((first, repeats_of(old)), (last, repeats_of(new)))
    ]
    found = gap(*sides)
    values = score(figure, old), score(figure, new)
    if found is None or values[0] is None or values[1] is None:
        return None
    one, two = values[0].value, values[1].value
    if one is None or two is None:
        return None
    return Difference(
        id=figure.id,
        title=figure.title,
        tag=tag,
        before=one,
        after=two,
        difference=round(found.difference * figure.per, 7),
        low=round(found.low * figure.per, 7),
        high=round(found.high * figure.per, 7),
        detectable=round(found.detectable * figure.per, 7),
        cases=len(cases),
        changed=sum(was != is_ for was, is_ in zip(*sides, strict=True)),
        better=figure.better,
        per=figure.per,
        listed=figure.listed,
        verdict=_verdict(found, figure),
    )


def _verdict(found: Gap, figure: Figure) -> Verdict:
    if found.detectable == 0:
        return "same"
    if found.low <= 0 <= found.high:
        return "cannot tell"
    return "better" if (found.difference > 0) == (figure.better == "more") else "worse"


def _changed(old: Sequence[Outcome], new: Sequence[Outcome]) -> Iterator[ChangedCase]:
    before = {(one.case, one.repeat): one for one in old}
    for after in new:
        known = before.get((after.case, after.repeat))
        if known is None or after.repeat != 1:
            continue
        turns = [*_turns(known, after)]
        if turns:
            yield ChangedCase(
                case=after.case,
                repaired=sum(better for better, _ in turns),
                broken=sum(not better for better, _ in turns),
                notes=tuple(note for better, note in sorted(turns)),
            )


def _turns(old: Outcome, new: Outcome) -> Iterator[tuple[bool, str]]:
    """Every verdict that turned: whether for the better, and what."""
    if bool(old.failure) != bool(new.failure):
        cause = new.failure or old.failure
        told = f"fails: {cause.cause}" if new.failure and cause else "is answered"
        yield not new.failure, f"the case {told} now"
    was = {check.name: check.passed for check in old.checks}
    for check in new.checks:
        if check.name in was and was[check.name] != check.passed:
            found = f", found {check.found}" if check.found and not check.passed else ""
            told = "holds" if check.passed else "fails"
            yield check.passed, f"{check.name} {told} now{found}"
    statuses = {step.id: step for step in old.steps}
    for step in new.steps:
        known = statuses.get(step.id)
        if known and step.wanted and known.said != step.said:
            right = step.said == step.wanted
            if right != (known.said == step.wanted):
                yield (
                    right,
                    f"{step.id}: {known.said} before, {step.said} now, {step.wanted} wanted",
                )
    yield from _line_turns(old, new)


def _line_turns(old: Outcome, new: Outcome) -> Iterator[tuple[bool, str]]:
    lines = {line.line: line for line in old.lines}
    for number in sorted({*lines, *(line.line for line in new.lines)}):
        pair = lines.get(number), next((li for li in new.lines if li.line == number), None)
        wanted = next((line.wanted for line in pair if line and line.wanted), None)
        if wanted is None and new.truth is None:
            continue
        gold: LineLabel = wanted or LineLabel(line=number)
        fields = _FIELDS if new.truth == "lines" else ("tone",)
        for field in fields:
            was, is_ = (_right(line, gold, field) for line in pair)
            if was != is_:
                told = "right" if is_ else "wrong"
                yield is_, f"line {number}: {field} {told} now"


def _right(line: Line | None, gold: LineLabel, field: str) -> bool:
    said = line.said if line and line.said else LineLabel(line=gold.line)
    one, two = getattr(said, field), getattr(gold, field)
    if field == "tone":
        return bool((one == "punitive") == (two == "punitive"))
    return {*one} == {*two} if field == "steps" else bool(one == two)
