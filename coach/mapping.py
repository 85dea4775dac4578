"""StepMap: which line did which step's work, and what that leaves open. Pure.

An engine labels lines (``LineLabel``). From the labels alone, this module cuts the quotes, judges
each step's status, and picks the questions to ask next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from string import Template
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from coach.document import Document, Line
from coach.finding import Finding, Severity, joined, suggested
from coach.guide import Guide, SettledRange, Step

Tone = Literal["supportive", "neutral", "punitive"]
Status = Literal["covered", "partial", "planned", "skipped"]


class _Result(BaseModel):
    model_config = ConfigDict(frozen=True)


class LineLabel(_Result):
    """What one line does, as an engine sees it. Step and item ids are the guide's."""

    line: int
    speaker: str | None = None
    steps: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    tone: Tone = "neutral"
    category: str | None = None
    severity: Severity | None = None
    range: SettledRange | None = None
    planned: tuple[str, ...] = ()
    """Steps the line only means to get to later."""
    likely: tuple[str, ...] = ()
    """Those of ``steps`` the engine is not sure of; alone they never make a step covered."""


class Evidence(_Result):
    """A quote with its place; ``quote`` equals ``document.text[start:end]``."""

    quote: str
    line: int
    start: int
    end: int
    speaker: str | None = None
    items: tuple[str, ...] = ()


class StepResult(_Result):
    """One step of the guide: how far the conversation got with it."""

    id: str
    title: str
    status: Status
    evidence: tuple[Evidence, ...] = ()
    planned: tuple[Evidence, ...] = ()
    """Where it was only meant to be talked about."""
    missing: tuple[str, ...] = ()
    """Items that nothing was found for."""
    questions: tuple[str, ...] = ()
    """What to ask next."""


class SourceInfo(_Result):
    """Which text was read."""

    name: str
    kind: Literal["notes", "transcript"]
    lines: int
    sha256: str


class EngineInfo(_Result):
    """Who labelled it."""

    name: str
    model: str


class LeftOut(_Result):
    """How much of what a model said did not stand in the notes, and was not taken."""

    labels: int = 0
    entries: int = 0
    details: int = 0
    """Of entries that were kept."""
    malformed: int = 0
    """Parts of its answers that had not the form asked for."""

    def __add__(self, other: LeftOut) -> LeftOut:
        return LeftOut(**{name: count + getattr(other, name) for name, count in self})


class StepMap(_Result):
    """The map of one document: every line's labels, every step's status, every finding."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)

    schema_: Literal["coach.map/1", "coach.draft/1"] = Field(default="coach.map/1", alias="schema")
    source: SourceInfo
    guide: str
    engine: EngineInfo
    lines: tuple[LineLabel, ...]
    steps: tuple[StepResult, ...]
    findings: tuple[Finding, ...] = ()
    left_out: LeftOut = LeftOut()

    def grounded_in(self, document: Document) -> Self:
        """The map without evidence and findings that do not stand in the document."""
        steps = tuple(
            step.model_copy(
                update={
                    "evidence": tuple(e for e in step.evidence if stands(e, document)),
                    "planned": tuple(e for e in step.planned if stands(e, document)),
                }
            )
            for step in self.steps
        )
        steps = tuple(
            step
            if step.evidence or step.status in {"skipped", "planned"}
            else step.model_copy(update={"status": "planned" if step.planned else "skipped"})
            for step in steps
        )
        findings = tuple(f for f in self.findings if stands(f, document))
        return self.model_copy(update={"steps": steps, "findings": findings})

    def with_suggestions(self, wordings: Sequence[str | None]) -> Self:
        """The map with a wording for each of its findings that has none; None gives none."""
        return self.model_copy(update={"findings": suggested(self.findings, wordings)})

    def with_findings(self, found: Iterable[Finding]) -> Self:
        """The map with these findings joined to its own; a line with one counts as punitive."""
        findings = joined((*self.findings, *found))
        worst: dict[int, Finding] = {}
        for finding in findings:
            known = worst.get(finding.line)
            if known is None or finding.rank > known.rank:
                worst[finding.line] = finding
        lines = tuple(
            label.model_copy(
                update={
                    "tone": "punitive",
                    "category": worst[label.line].category,
                    "severity": worst[label.line].severity,
                }
            )
            if label.line in worst
            else label
            for label in self.lines
        )
        return self.model_copy(update={"findings": findings, "lines": lines})


def assemble(
    document: Document,
    guide: Guide,
    *,
    labels: Sequence[LineLabel],
    engine: EngineInfo,
    findings: Iterable[Finding] = (),
    left_out: LeftOut = LeftOut(),  # noqa: B008  frozen
) -> StepMap:
    """The map that follows from line labels: quotes cut, statuses judged, questions picked."""
    known = {
        label.line: label
        for label in labels
        if 1 <= label.line <= len(document.lines) and label.line not in document.set_aside
    }
    source = SourceInfo(
        name=document.name,
        kind=document.kind,
        lines=len(document.lines),
        sha256=document.sha256,
    )
    lines = tuple(
        known.get(line.number, LineLabel(line=line.number)).model_copy(
            update={"speaker": line.speaker}
        )
        for line in document.lines
        if line.text.strip()
    )
    steps = tuple(_result(step, document, lines) for step in guide.steps)
    bare = StepMap(
        source=source, guide=guide.id, engine=engine, lines=lines, steps=steps, left_out=left_out
    )
    return bare.with_findings(findings)


def cut(line: Line, items: Sequence[str] = ()) -> Evidence:
    """The quote of a whole line: its content without bullet, box or outer blanks."""
    content = line.content
    lead = _MARKER.match(content)
    begin = line.content_start + (lead.end() if lead else 0)
    quote = content[begin - line.content_start :].rstrip()
    return Evidence(
        quote=quote,
        line=line.number,
        start=begin,
        end=begin + len(quote),
        speaker=line.speaker,
        items=tuple(items),
    )


_MARKER = re.compile(r"\s*(?:(?:[-*+•–>]|\d{1,2}[.)])\s+)?(?:\[[ xX]?\]\s*)?")


def _result(step: Step, document: Document, labels: Sequence[LineLabel]) -> StepResult:
    serving = [label for label in labels if step.id in label.steps]
    evidence = tuple(
        cut(document.line(label.line), [i for i in label.items if i.startswith(f"{step.id}.")])
        for label in serving
    )
    planned = tuple(cut(document.line(la.line)) for la in labels if step.id in la.planned)
    found = {item for label in serving for item in label.items}
    missing = tuple(item.id for item in step.items if item.id not in found)
    status = status_of(labels, step.id, wanted=min(2, len(step.items)))
    return StepResult(
        id=step.id,
        title=step.title,
        status=status,
        evidence=evidence,
        planned=planned,
        missing=missing,
        questions=tuple(
            addressed(question, document.employee) for question in _questions(step, status, missing)
        ),
    )


def status_of(labels: Sequence[LineLabel], step: str, *, wanted: int = 2) -> Status:
    """How far the conversation got with this step, from the labels of its lines alone.

    ``covered``: two lines or more do its work, at least one of them surely, and they serve two
    items or more. ``partial``: fewer, or only lines the engine is not sure of. ``planned``: no
    line does it, one promises to. ``skipped``: none of these. ``wanted`` is the number of items
    asked for, less than two only where a step has no more.
    """
    serving = [label for label in labels if step in label.steps]
    if not serving:
        return "planned" if any(step in label.planned for label in labels) else "skipped"
    items = {item for label in serving for item in label.items if item.startswith(f"{step}.")}
    sure = any(step not in label.likely for label in serving)
    many = len(serving) > 1 and len(items) >= wanted
    return "covered" if sure and many else "partial"


def addressed(question: str, employee: str | None) -> str:
    """A guide's question with the employee's name where it has a place for one."""
    return Template(question).safe_substitute(employee=employee or "the employee")


def _questions(step: Step, status: Status, missing: Sequence[str]) -> tuple[str, ...]:
    """What to ask next: nothing where the step is covered, the open items' questions elsewhere."""
    wanted = {"covered": 0, "partial": 2, "planned": 3, "skipped": 3}[status]
    open_items = missing or [item.id for item in step.items]
    return tuple(step.item(item).question for item in open_items[:wanted])


def stands(piece: Evidence | Finding, document: Document) -> bool:
    """Whether it is what it says: this slice of the text, in this line, said or written.

    What was written for a machine is evidence of nothing; it can be flagged all the same.
    """
    if isinstance(piece, Evidence) and piece.line in document.set_aside:
        return False
    if not piece.quote or document.text[piece.start : piece.end] != piece.quote:
        return False
    line = document.line_at(piece.start)
    return line.number == piece.line and piece.end <= line.end and line.mappable
