"""Measures: what is counted of an outcome, and which figures follow. Pure.

A case without an answer says nothing, so all that was wanted of it is missed; it is never left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Literal, NamedTuple

from coach.evaluation.record import Count, Line, Outcome, Score
from coach.evaluation.statistics import Part, f1_of, share, share_interval
from coach.mapping import LineLabel

Ratio = Literal["f1", "precision", "recall", "share"]
_NOTHING = Count(0, 0, 0)
_DONE = frozenset({"covered", "partial"})


class Figure(NamedTuple):
    """A score as it is counted: which count of an outcome, and which ratio of it."""

    id: str
    title: str
    counted: Callable[[Outcome], Count]
    ratio: Ratio
    per: int = 1
    better: Literal["more", "less"] = "more"
    listed: bool = True
    """Whether tables show it; the others stand in JSON and may be gated."""


def figures(outcomes: Sequence[Outcome]) -> tuple[Figure, ...]:
    """Every figure that can be counted of these outcomes; steps and items are those they name."""
    labelled = [one for one in outcomes if one.truth == "lines"]
    steps = dict.fromkeys(step.id for one in labelled for step in one.steps)
    items = {item for one in labelled for line in one.lines for item in _both(line, "items")}
    return figures_of(steps, items)


def figures_of(steps: Iterable[str], items: Iterable[str]) -> tuple[Figure, ...]:
    """Every figure there is, with those of these steps and items."""
    return (
        Figure("answered", "cases answered", _answered, "share"),
        Figure("checks", "expectations that hold", _checks, "share"),
        *_spread("steps", "steps of lines", partial(_names, "steps", None)),
        *(
            figure
            for step in steps
            for figure in _spread(
                f"steps.{step}", f"  {step}", partial(_names, "steps", step), step=True
            )
        ),
        *_spread("items", "items of lines", partial(_names, "items", None)),
        *(
            figure._replace(listed=False)
            for item in sorted(items)
            for figure in _spread(f"items.{item}", item, partial(_names, "items", item))
        ),
        *_spread("planned", "steps only put off", partial(_names, "planned", None), step=True),
        Figure("ranges", "range right, of lines that settle one", _ranges, "share"),
        Figure("status", "status of a step right", _status, "share"),
        Figure("status.false_skipped", "found by people, called skipped", _false_skipped, "share",
               better="less"),
        Figure("status.false_covered", "skipped by people, called covered", _false_covered,
               "share", better="less"),
        *_spread("punitive", "punitive lines", _punitive),
        Figure("punitive.false_alarms", "false alarms in 1,000 lines", _false_alarms, "share",
               per=1000, better="less"),
        *_spread("spans", "punitive words, characters", _spans, step=True),
        Figure("category", "category, of punitive lines found", _category, "share"),
        *_spread("supportive", "supportive lines", _supportive, step=True),
        Figure("quotes", "quotes that stand in the source", _quotes, "share"),
        Figure("entries", "plan entries on lines of their step", _entries, "share"),
        Figure("asked", "open steps that a question is asked for", _asked, "share"),
    )  # fmt: skip


def _spread(
    id_: str, title: str, count: Callable[[Outcome], Count], *, step: bool = False
) -> tuple[Figure, ...]:
    return (
        Figure(f"{id_}.f1", f"{title}, F1", count, "f1"),
        Figure(f"{id_}.precision", f"{title}, precision", count, "precision", listed=not step),
        Figure(f"{id_}.recall", f"{title}, recall", count, "recall", listed=not step),
    )


def by_case(figure: Figure, outcomes: Iterable[Outcome]) -> dict[str, Count]:
    """What each case adds to a figure, its repeats together; only cases that add something."""
    counts: dict[str, Count] = {}
    for outcome in outcomes:
        count = figure.counted(outcome)
        if any(count):
            known = counts.get(outcome.case, _NOTHING)
            counts[outcome.case] = Count(*(a + b for a, b in zip(known, count, strict=True)))
    return counts


def score(figure: Figure, outcomes: Iterable[Outcome], tag: str | None = None) -> Score | None:
    """The figure over the cases with this tag, with its interval; None where nothing is counted."""
    chosen = [one for one in outcomes if tag is None or tag in one.tags]
    counts = by_case(figure, chosen)
    if not counts:
        return None
    repeats = repeats_of(chosen)
    parts = [a_repeat(_unit(figure.ratio, count), repeats) for count in counts.values()]
    value, interval = share(parts), share_interval(parts)
    bend = f1_of if figure.ratio == "f1" else float
    low, high = interval or (None, None)
    return Score(
        id=figure.id,
        title=figure.title,
        tag=tag,
        value=_rounded(value, bend, figure.per),
        low=_rounded(low, bend, figure.per),
        high=_rounded(high, bend, figure.per),
        count=Count(*map(sum, zip(*counts.values(), strict=True))),
        cases=len(counts),
        per=figure.per,
        better=figure.better,
        listed=figure.listed,
    )


def repeats_of(outcomes: Iterable[Outcome]) -> int:
    """How often each case was run."""
    return max((one.repeat for one in outcomes), default=1)


def a_repeat(part: Part, repeats: int) -> Part:
    """What one repeat adds on average: repeats are no new cases, and make nothing surer."""
    return Part(part.right / repeats, part.of / repeats)


def ratio_part(ratio: Ratio, count: Count) -> Part:
    """The two sums that the ratio is made of, for paired differences; F1 by its own formula."""
    if ratio == "f1":
        return Part(2 * count.right, count.said + count.wanted)
    return _unit(ratio, count)


def _unit(ratio: Ratio, count: Count) -> Part:
    right, said, wanted = count
    of = {"f1": said + wanted - right, "precision": said, "recall": wanted, "share": wanted}
    return Part(right, of[ratio])


def _rounded(value: float | None, bend: Callable[[float], float], per: int) -> float | None:
    """Seven digits: enough for any gate, and the same on every machine."""
    return None if value is None else round(bend(value) * per, 7)


# -- counts of one outcome -------------------------------------------------------------------------


def _both(line: Line, field: str) -> set[str]:
    said = getattr(line.said, field) if line.said else ()
    wanted = getattr(line.wanted, field) if line.wanted else ()
    return {*said, *wanted}


def _pairs(outcome: Outcome) -> list[tuple[LineLabel, LineLabel]]:
    """What was said and what was wanted of each line, where its author labelled all it does."""
    if outcome.truth != "lines" or outcome.task == "tone":
        return []
    return [
        (line.said or LineLabel(line=line.line), line.wanted or LineLabel(line=line.line))
        for line in outcome.lines
    ]


def _tones(outcome: Outcome) -> list[tuple[LineLabel, LineLabel]]:
    if outcome.truth is None:
        return []
    return [
        (line.said or LineLabel(line=line.line), line.wanted or LineLabel(line=line.line))
        for line in outcome.lines
    ]


def _names(field: str, only: str | None, outcome: Outcome) -> Count:
    right = said = wanted = 0
    for label, gold in _pairs(outcome):
        ours, theirs = {*getattr(label, field)}, {*getattr(gold, field)}
        if only is not None:
            ours, theirs = ours & {only}, theirs & {only}
        right, said, wanted = right + len(ours & theirs), said + len(ours), wanted + len(theirs)
    return Count(right, said, wanted)


def _lines_of(tone: str, outcome: Outcome) -> Count:
    pairs = [(label.tone == tone, gold.tone == tone) for label, gold in _tones(outcome)]
    return Count(sum(a and b for a, b in pairs), sum(a for a, _ in pairs), sum(b for _, b in pairs))


def _punitive(outcome: Outcome) -> Count:
    return _lines_of("punitive", outcome)


def _supportive(outcome: Outcome) -> Count:
    whole = outcome.truth == "lines" and outcome.task != "tone"
    return _lines_of("supportive", outcome) if whole else _NOTHING


def _false_alarms(outcome: Outcome) -> Count:
    if outcome.truth is None:
        return _NOTHING
    found = _punitive(outcome)
    calm = outcome.size - found.wanted
    return Count(found.said - found.right, found.said - found.right, calm)


def _category(outcome: Outcome) -> Count:
    both = [
        (label.category, gold.category)
        for label, gold in _tones(outcome)
        if label.tone == gold.tone == "punitive" and gold.category
    ]
    return _shared(sum(a == b for a, b in both), len(both))


def _spans(outcome: Outcome) -> Count:
    """Characters, of the lines in which the punitive words are marked, and of the calm ones."""
    right = said = wanted = 0
    for line in outcome.lines:
        gold = line.wanted
        quote = getattr(gold, "quote", None)
        if gold is None or not quote:
            continue
        at = line.text.find(quote)
        theirs = set(range(at, at + len(quote))) if at >= 0 else set()
        ours = {place for start, end in line.flagged for place in range(start, end)}
        right, said, wanted = right + len(ours & theirs), said + len(ours), wanted + len(theirs)
    return Count(right, said, wanted)


def _ranges(outcome: Outcome) -> Count:
    settled = [(label.range, gold.range) for label, gold in _pairs(outcome) if gold.range]
    return _shared(sum(a == b for a, b in settled), len(settled))


def _statuses(outcome: Outcome) -> list[tuple[str | None, str]]:
    """Said and wanted; ``planned`` counts as skipped: not every author tells the two apart."""
    pairs = [(step.said, step.wanted) for step in outcome.steps if step.wanted]
    return [
        ("skipped" if a == "planned" else a, "skipped" if b == "planned" else b) for a, b in pairs
    ]


def _status(outcome: Outcome) -> Count:
    pairs = _statuses(outcome)
    return _shared(sum(a == b for a, b in pairs), len(pairs))


def _false_skipped(outcome: Outcome) -> Count:
    found = [a for a, b in _statuses(outcome) if b in _DONE]
    return _shared(sum(a not in _DONE for a in found), len(found))


def _false_covered(outcome: Outcome) -> Count:
    skipped = [a for a, b in _statuses(outcome) if b == "skipped"]
    return _shared(sum(a == "covered" for a in skipped), len(skipped))


def _answered(outcome: Outcome) -> Count:
    return _shared(int(outcome.failure is None), 1)


def _checks(outcome: Outcome) -> Count:
    return _shared(sum(check.passed for check in outcome.checks), len(outcome.checks))


def _quotes(outcome: Outcome) -> Count:
    return _shared(*outcome.quotes)


def _entries(outcome: Outcome) -> Count:
    """Entries that rest on a line which the author gave their step."""
    if outcome.truth != "lines":
        return _NOTHING
    gold = {line.line: line.wanted.steps for line in outcome.lines if line.wanted}
    right = sum(
        any(entry.step in gold.get(line, ()) for line in entry.lines) for entry in outcome.entries
    )
    return _shared(right, len(outcome.entries))


def _asked(outcome: Outcome) -> Count:
    open_ = [step for step in outcome.steps if step.wanted and step.wanted != "covered"]
    return _shared(sum(step.asked for step in open_), len(open_))


def _shared(right: int, of: int) -> Count:
    return Count(right, of, of)
