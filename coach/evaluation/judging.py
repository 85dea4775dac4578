"""Outcome: what an engine made of a case, beside what its author said."""

from __future__ import annotations

from coach.document import Document, Line
from coach.evaluation.case import PUNITIVE, Label, Labels
from coach.evaluation.example import Example
from coach.evaluation.expecting import Result, checks_of, wanted_lines
from coach.evaluation.record import (
    Failure,
    Outcome,
    PlanEntry,
    Spent,
    StepOutcome,
)
from coach.evaluation.record import Line as LineOutcome
from coach.finding import Finding
from coach.mapping import LineLabel, stands
from coach.plan import Decision, Plan


def outcome_of(
    example: Example,
    result: Result | None,
    *,
    repeat: int = 1,
    failure: Failure | None = None,
    spent: Spent | None = None,
) -> Outcome:
    """The outcome of this example; what is missing counts as missed."""
    case, document = example.case, example.document
    readable = document if isinstance(document, Document) else None
    expected = case.expect.refused is not None and failure is not None
    found = result or Result()
    return Outcome(
        case=case.id,
        repeat=repeat,
        tags=case.tags,
        task=example.task,
        name=case.input or f"{case.id}.txt",
        failure=None if expected and failure.cause == case.expect.refused else failure,  # type: ignore[union-attr]
        checks=checks_of(case.expect, result, failure),
        steps=_steps(example, found),
        truth="lines" if example.labels else "tone" if case.expect.punitive is not None else None,
        lines=_lines(example, readable, result) if readable else (),
        size=len(readable.content_lines) if readable else 0,
        quotes=_quotes(readable, found) if readable else (0, 0),
        entries=tuple(_entries(found.plan)) if found.plan else (),
        spent=spent,
    )


def _steps(example: Example, result: Result) -> tuple[StepOutcome, ...]:
    if example.task == "tone":
        return ()
    wanted = example.labels.coverage if example.labels else {}
    said = {step.id: step for step in result.steps.steps} if result.steps else {}
    open_ = {asked.step for asked in result.plan.open_questions} if result.plan else set()
    ids = dict.fromkeys((*example.guide.step_ids, *wanted))
    return tuple(
        StepOutcome(
            id=step,
            wanted=wanted.get(step),
            said=said[step].status if step in said else None,
            asked=step in open_ or bool(step in said and said[step].questions),
        )
        for step in ids
    )


def _lines(example: Example, document: Document, result: Result | None) -> tuple[LineOutcome, ...]:
    wanted = _wanted(example)
    said = {label.line: label for label in _said(result)}
    flagged: dict[int, list[Finding]] = {}
    for finding in result.findings if result else ():
        flagged.setdefault(finding.line, []).append(finding)
    outcomes = []
    for line in document.lines:
        own = said.get(line.number)
        gold = wanted.get(line.number) if wanted is not None else None
        if gold is None and (own is None or not _says(own)):
            continue
        outcomes.append(
            LineOutcome(
                line=line.number,
                speaker=line.speaker,
                text=line.text,
                wanted=gold or (Label(line=line.number) if wanted is not None else None),
                said=(own or LineLabel(line=line.number)) if result else None,
                flagged=tuple(_span(line, finding) for finding in flagged.get(line.number, ())),
            )
        )
    return tuple(outcomes)


def _said(result: Result | None) -> list[LineLabel]:
    """What the engine says of the lines, without what the document says anyway."""
    if result is None:
        return []
    if result.steps is not None:
        return [label.model_copy(update={"speaker": None}) for label in result.steps.lines]
    worst: dict[int, Finding] = {}
    for finding in result.findings:
        if finding.category in PUNITIVE:
            worst.setdefault(finding.line, finding)
    return [
        LineLabel(line=line, tone="punitive", category=finding.category, severity=finding.severity)
        for line, finding in worst.items()
    ]


def _wanted(example: Example) -> dict[int, Label] | None:
    """The labels by line; those of tone alone, where only punitive lines are named."""
    if example.labels is not None:
        return {label.line: label for label in example.labels.lines if _says(label)}
    if example.case.expect.punitive is None:
        return None
    return {
        line: Label(line=line, tone="punitive", category=category)
        for line, category in wanted_lines(example.case.expect).items()
    }


def _says(label: LineLabel) -> bool:
    return bool(label.steps or label.planned or label.range or label.tone != "neutral")


def _span(line: Line, finding: Finding) -> tuple[int, int]:
    return finding.start - line.start, finding.end - line.start


def _quotes(document: Document, result: Result) -> tuple[int, int]:
    evidence = [
        piece
        for step in (result.steps.steps if result.steps else ())
        for piece in (*step.evidence, *step.planned)
    ]
    if result.plan:
        entries = [entry for section in result.plan.sections for entry in section.entries]
        evidence += [piece for entry in entries for piece in entry.evidence]
    right = sum(stands(piece, document) for piece in evidence)
    right += sum(stands(finding, document) for finding in result.findings)
    return right, len(evidence) + len(result.findings)


def _entries(plan: Plan) -> list[PlanEntry]:
    return [
        PlanEntry(
            step=section.step,
            kind=entry.kind,
            text=entry.text,
            range=entry.range if isinstance(entry, Decision) else None,
            views=len(entry.views) if isinstance(entry, Decision) else 0,
            lines=entry.lines,
        )
        for section in plan.sections
        for entry in section.entries
    ]


def agreement(labels: Labels, second: Labels, example: Example) -> Outcome | None:
    """A second annotator's labels as if an engine had said them: the ceiling of every figure."""
    document = example.document
    if not isinstance(document, Document):
        return None
    said = {label.line: label for label in second.lines if _says(label)}
    wanted = {label.line: label for label in labels.lines if _says(label)}
    lines = [
        LineOutcome(
            line=number,
            text="",
            wanted=wanted.get(number, Label(line=number)),
            said=said.get(number, LineLabel(line=number)),
        )
        for number in sorted({*said, *wanted})
    ]
    return Outcome(
        case=example.case.id,
        tags=example.case.tags,
        task=example.task,
        name=example.case.id,
        truth="lines",
        lines=tuple(lines),
        size=len(document.content_lines),
    )
