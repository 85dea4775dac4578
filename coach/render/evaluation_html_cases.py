"""The cases of an HTML report: what does not hold of each, and the lines, words flagged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from coach.evaluation.record import ChangedCase, Check, Comparison, Outcome, Report, StepOutcome
from coach.render.evaluation_figures import check_text
from coach.render.evaluation_html_lines import LineRow, line_rows, lines_table, shown_lines
from coach.render.evaluation_html_scores import pill, table
from coach.render.markup import Content, element

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


class Example(NamedTuple):
    """A case as it went in each run; None where a run has not got it."""

    case: str
    outcomes: tuple[Outcome | None, ...]
    repeats: tuple[tuple[Outcome, ...], ...]
    """The further repeats of each run."""
    change: ChangedCase | None
    rows: tuple[LineRow, ...]

    @property
    def last(self) -> Outcome:
        """How it went in the last run that has it."""
        return [one for one in self.outcomes if one][-1]

    @property
    def failed(self) -> int:
        """How much failed in the last run: expectations, or the case itself, in any repeat."""
        last = self.repeats[-1] if self.outcomes[-1] else self.repeats[0]
        return sum(_failed(one) for one in (self.last, *last))

    @property
    def wrong(self) -> int:
        """Lines and statuses that are not as wanted in the last run."""
        return sum(row.wrong[-1] for row in self.rows) + sum(map(_astray, self.last.steps))


def examples(runs: Sequence[Report], comparison: Comparison | None) -> list[Example]:
    """Every case of the runs, the worst first."""
    changes = {one.case: one for one in comparison.changed} if comparison else {}
    repeats: dict[str, list[list[Outcome]]] = {}
    for at, run in enumerate(runs):
        for outcome in run.outcomes:
            repeats.setdefault(outcome.case, [[] for _ in runs])[at].append(outcome)
    found = []
    for case, sides in repeats.items():
        firsts = tuple(side[0] if side else None for side in sides)
        rest = tuple(tuple(side[1:]) for side in sides)
        found.append(Example(case, firsts, rest, changes.get(case), (*line_rows(firsts),)))
    return sorted(found, key=_rank, reverse=True)


def _rank(one: Example) -> tuple[int, ...]:
    broken = one.change.broken - one.change.repaired if one.change else 0
    return (one.last.failure is not None, one.failed, broken, one.wrong)


def case_id(case: str) -> str:
    """Where the case stands in the page."""
    return f"case-{case}"


def cases_section(found: Sequence[Example], runs: Sequence[Report], *, room: int) -> Element:
    """Filters, and each case folded up; its lines as far as there is room for them, in bytes."""
    shown = shown_lines([one.rows for one in found], room=room)
    whole = "coach eval SUITE --case ID --json"
    return element(
        "section",
        element("h2", "Cases"),
        element("p", "The worst first. Lines that differ come before all others, and no more than "
                "keeps this page small; everything about a case: ", element("code", whole),
                class_="soft"),
        _key(len(runs)),
        element("p", "Keys: / to search, Escape to clear, j and k for the next case and the one "
                "before, Enter to open it.", class_="soft", id="keys", hidden=True),
        _filters(found, two=len(runs) > 1),
        (_case(one, rows) for one, rows in zip(found, shown, strict=True)),
        id="cases",
    )  # fmt: skip


def _key(runs: int) -> Element:
    flagged: tuple[Content, ...] = (element("mark", "words"), " flagged")
    if runs > 1:
        flagged = (
            element("mark", "words"), " flagged in both runs, ",
            element("mark", "words", class_="first"), " before only, ",
            element("mark", "words", class_="then"), " after only",
        )  # fmt: skip
    return element(
        "p",
        element("span", flagged),
        element("span", element("u", "words"), " punitive by their author"),
        element("span", "wanted ", element("b", "red"), ": missed"),
        element("span", "said ", element("b", "red"), ": not wanted"),
        element("span", "18 ▲ repaired, 18 ▼ broken") if runs > 1 else None,
        class_="key",
    )


def _filters(found: Sequence[Example], *, two: bool) -> Element:
    kinds = [("", "all"), ("failed", "failed"), ("wrong", "not as wanted")]
    kinds += [("changed", "changed")] if two else []
    tags = sorted({tag for one in found for tag in one.last.tags})
    choices = [
        element(
            "label",
            element("input", type="radio", name="kind", value=kind, checked=not kind),
            element("span", f"{name} {sum(not kind or kind in _is(one) for one in found)}"),
        )
        for kind, name in kinds
    ]
    return element(
        "form",
        element("fieldset", element("legend", "which cases"), choices),
        element("label", "tag ", element(
            "select", element("option", "any", value=""),
            (element("option", tag, value=tag) for tag in tags), name="tag",
        )),
        element("input", id="search", type="search", name="search", placeholder="search  /",
                aria_label="search the cases"),
        element("button", "open or close all", id="open", type="button"),
        element("output", id="found", aria_live="polite"),
        id="filters", hidden=True,
    )  # fmt: skip


def _is(one: Example) -> list[str]:
    kinds = {"failed": one.failed, "wrong": one.wrong, "changed": one.change}
    return [kind for kind, held in kinds.items() if held]


def _case(one: Example, rows: Sequence[Element]) -> Element:
    left = len(one.rows) - len(rows)
    right = sum(not any(row.wrong) for row in one.rows)
    more = "1 line is not shown" if left == 1 else f"{left} lines are not shown"
    more += ", all as wanted" if left > 1 and left <= right else ""
    return element(
        "details",
        element(
            "summary",
            element("strong", one.case),
            (pill(text, kind) for text, kind in _told(one)),
            element("small", ", ".join(one.last.tags)),
        ),
        element(
            "div",
            _failures(one),
            _changes(one),
            _checks(one),
            _statuses(one),
            lines_table(rows, two=len(one.outcomes) > 1) if rows else None,
            element("p", f"{more}.", class_="soft") if left else None,
        ),
        class_="case", id=case_id(one.case), data_is=" ".join(_is(one)),
        data_tags=" ".join(one.last.tags),
    )  # fmt: skip


def _told(one: Example) -> Iterator[tuple[str, str]]:
    """The case in a few words each."""
    last = one.last
    if None in one.outcomes:
        yield "in one run only", "unsure"
    if last.failure:
        yield f"no result: {last.failure.cause}", "bad"
    elif one.failed and last.checks:
        missed = sum(not check.passed for check in last.checks)
        yield f"{missed} of {len(last.checks)} expectations fail", "bad"
    if one.change:
        gain = one.change.repaired - one.change.broken
        kind = "good" if gain > 0 else "bad" if gain else "unsure"
        yield f"{one.change.repaired} repaired, {one.change.broken} broken", kind
    lines = sum(row.wrong[-1] for row in one.rows)
    if lines:
        yield f"{lines} of {len(one.rows)} lines differ", "unsure"
    steps = sum(map(_astray, last.steps))
    if steps:
        yield f"{steps} of {len(last.steps)} steps differ", "unsure"
    if not (one.failed or one.wrong):
        yield "as wanted", "good"


def _failed(outcome: Outcome) -> int:
    missed = sum(not check.passed for check in outcome.checks)
    return missed + (outcome.failure is not None)


def _astray(step: StepOutcome) -> bool:
    return step.wanted is not None and step.said != step.wanted


def _failures(one: Example) -> Iterator[Content]:
    names = ("before: ", "after: ") if len(one.outcomes) > 1 else ("",)
    for name, outcome, rest in zip(names, one.outcomes, one.repeats, strict=True):
        if outcome and outcome.failure:
            why = outcome.failure
            yield element("p", element("b", f"{name}no result, {why.cause}: "), why.message)
        for again in rest:
            if _failed(again):
                missed = [check.name for check in again.checks if not check.passed]
                cause = [f"no result, {again.failure.cause}"] if again.failure else []
                told = "; ".join(cause + missed)
                yield element("p", element("b", f"{name}repeat {again.repeat}: "), told)


def _changes(one: Example) -> Content:
    if one.change is None:
        return None
    return element("p", "Changed: " + "; ".join(one.change.notes))


def _checks(one: Example) -> Content:
    """One run's as a list, two runs' as a table."""
    names = dict.fromkeys(check.name for run in one.outcomes if run for check in run.checks)
    if not names:
        return None
    sides = [{check.name: check for check in run.checks} if run else {} for run in one.outcomes]
    if len(sides) == 1:
        return element("ul", [
            element("li", name if check.passed else check_text(check),
                    class_="holds" if check.passed else "fails")
            for name, check in sorted(sides[0].items(), key=lambda item: item[1].passed)
        ])  # fmt: skip
    return table(("expected", "before", "after"), (
        element("tr", element("th", name, scope="row"), (
            element("td", _held(side.get(name)),
                    class_="fails" if name in side and not side[name].passed else None)
            for side in sides
        ))
        for name in names
    ))  # fmt: skip


def _held(check: Check | None) -> str:
    if check is None:
        return "-"
    return "holds" if check.passed else f"fails, found {check.found or 'nothing'}"


def _statuses(one: Example) -> Content:
    """The steps in a line: each one's status, and only those of note where all are labelled."""
    sides = [{step.id: step for step in run.steps} if run else {} for run in one.outcomes]
    ids = list(dict.fromkeys(step for side in sides for step in side))
    shown = [told for id_ in ids if (told := [*_status([side.get(id_) for side in sides])])]
    pieces = [piece for told in shown for piece in (" · ", *told)][1:]
    rest = len(ids) - len(shown)
    if rest and pieces:
        pieces.append(f" · {rest} as wanted")
    return element("p", "Steps: ", pieces) if pieces else None


def _status(steps: Sequence[StepOutcome | None]) -> Iterator[Content]:
    known = [step for step in steps if step]
    last, wanted = known[-1], known[-1].wanted
    unasked = wanted not in {None, "covered"} and last.said is not None and not last.asked
    if wanted and not unasked and not any(map(_astray, known)):
        return
    said = " → ".join(dict.fromkeys(step.said or "no answer" for step in known))
    yield f"{last.id} "
    told = f"{said}, {wanted} wanted" if wanted and said != wanted else said
    yield element("b", told) if _astray(last) else told
    if unasked:
        yield element("b", " and not asked for")
