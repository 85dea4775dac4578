"""Measures: every figure, which count of an outcome it is a ratio of, and its interval. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Literal, NamedTuple

from coach.evaluation import counts
from coach.evaluation.record import Count, Outcome, Score
from coach.evaluation.statistics import Part, f1_of, share, share_interval

Ratio = Literal["f1", "precision", "recall", "share"]


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
    items = {item for one in labelled for line in one.lines for item in counts.both(line, "items")}
    return figures_of(steps, items)


def figures_of(steps: Iterable[str], items: Iterable[str]) -> tuple[Figure, ...]:
    """Every figure there is, with those of these steps and items."""
    return (
        Figure("answered", "cases answered", counts.answered, "share"),
        Figure("checks", "expectations that hold", counts.checks, "share"),
        *_spread("steps", "steps of lines", partial(counts.names, "steps", None)),
        *(
            figure
            for step in steps
            for figure in _spread(
                f"steps.{step}", f"  {step}", partial(counts.names, "steps", step), step=True
            )
        ),
        *_spread("items", "items of lines", partial(counts.names, "items", None)),
        *(
            figure._replace(listed=False)
            for item in sorted(items)
            for figure in _spread(f"items.{item}", item, partial(counts.names, "items", item))
        ),
        *_spread(
            "planned", "steps only put off", partial(counts.names, "planned", None), step=True
        ),
        Figure("ranges", "range right, of lines that settle one", counts.ranges, "share"),
        Figure("status", "status of a step right", counts.status, "share"),
        Figure("status.false_skipped", "found by people, called skipped", counts.false_skipped,
               "share", better="less"),
        Figure("status.false_covered", "skipped by people, called covered", counts.false_covered,
               "share", better="less"),
        *_spread("punitive", "punitive lines", counts.punitive),
        Figure("punitive.false_alarms", "false alarms in 1,000 lines", counts.false_alarms, "share",
               per=1000, better="less"),
        *_spread("spans", "punitive words, characters", counts.spans, step=True),
        Figure("category", "category, of punitive lines found", counts.category, "share"),
        *_spread("supportive", "supportive lines", counts.supportive, step=True),
        Figure("twins", "lines labelled as in the twin", counts.twins, "share"),
        Figure("quotes", "quotes that stand in the source", counts.quotes, "share"),
        Figure("entries", "plan entries on lines of their step", counts.entries, "share"),
        Figure("asked", "open steps that a question is asked for", counts.asked, "share"),
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
    known: dict[str, Count] = {}
    for outcome in outcomes:
        count = figure.counted(outcome)
        if any(count):
            so_far = known.get(outcome.case, counts.NOTHING)
            known[outcome.case] = Count(*(a + b for a, b in zip(so_far, count, strict=True)))
    return known


def score(figure: Figure, outcomes: Iterable[Outcome], tag: str | None = None) -> Score | None:
    """The figure over the cases with this tag, with its interval; None where nothing is counted."""
    chosen = [one for one in outcomes if tag is None or tag in one.tags]
    return score_of(figure, by_case(figure, chosen), repeats=repeats_of(chosen), tag=tag)


def scores_of(outcomes: Iterable[Outcome], tag: str | None = None) -> tuple[Score, ...]:
    """Every figure that can be counted over the cases with this tag."""
    chosen = [one for one in outcomes if tag is None or tag in one.tags]
    repeats = repeats_of(chosen)
    counted: dict[Callable[[Outcome], Count], dict[str, Count]] = {}
    found = []
    for figure in figures(chosen):  # F1, precision and recall are three ratios of one count
        if figure.counted not in counted:
            counted[figure.counted] = by_case(figure, chosen)
        found.append(score_of(figure, counted[figure.counted], repeats=repeats, tag=tag))
    return tuple(one for one in found if one is not None)


def score_of(
    figure: Figure, cases: Mapping[str, Count], *, repeats: int, tag: str | None = None
) -> Score | None:
    """The figure of what each case adds; None where nothing is counted."""
    if not cases:
        return None
    parts = [a_repeat(_unit(figure.ratio, count), repeats) for count in cases.values()]
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
        count=Count(*map(sum, zip(*cases.values(), strict=True))),
        cases=len(cases),
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
