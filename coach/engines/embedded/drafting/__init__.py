"""Drafting by rule: a plan out of labelled lines, in their own words."""

from __future__ import annotations

from collections.abc import Sequence

from coach.document import Document
from coach.engines.embedded.drafting.dates import base_date, checkpoint, period, written_date
from coach.engines.embedded.drafting.decisions import decisions
from coach.engines.embedded.drafting.growth import growth
from coach.engines.embedded.drafting.needs import needs
from coach.engines.embedded.drafting.passages import Labeller, Passage, passages
from coach.engines.embedded.drafting.questions import open_questions
from coach.engines.embedded.drafting.success import definitions
from coach.engines.embedded.drafting.work import responsibilities, statements
from coach.engines.embedded.ranges import settled_range
from coach.guide import Guide, Step
from coach.mapping import StepMap
from coach.plan import Decision, Entry, Plan, Section

__all__ = ["draft"]


def draft(document: Document, guide: Guide, steps: StepMap, *, label: Labeller) -> Plan:
    """The plan that the labelled lines hold; what they leave open becomes questions."""
    found = passages(document, steps.lines, label=label, findings=steps.findings)
    written = written_date(document)
    sections = []
    vague: list[tuple[str, Passage]] = []
    for step in guide.steps:
        entries, unclear = _entries(step, found, written)
        vague += [(step.id, passage) for passage in unclear]
        unsure = {label.line for label in steps.lines if step.id in label.likely}
        told = tuple(_with_provenance(entry, unsure) for entry in entries)
        sections.append(Section(step=step.id, title=step.heading, entries=told))
    dated = [p.text for p in found if not p.asks and not p.flagged]
    return Plan(
        guide=guide.id,
        employee=document.employee,
        manager=document.manager,
        date=written,
        period=period(document),
        sections=tuple(sections),
        open_questions=open_questions(document, guide, steps, sections=sections, vague=vague),
        next_checkpoint=checkpoint(dated),
    )


def _entries(
    step: Step, found: Sequence[Passage], written: str | None
) -> tuple[Sequence[Entry], list[Passage]]:
    """The entries of one step, and the passages too vague to be one."""
    mine = [passage for passage in found if step.id in passage.steps]
    match step.produces:
        case "responsibilities":
            return responsibilities(mine, found, step=step.id), []
        case "success":
            return definitions(mine, step=step.id, base=base_date(written))
        case "autonomy":
            return decisions(mine, found, step=step.id), []
        case "development":
            return growth(mine, step=step.id), []
        case "needs":
            return needs(mine, step=step.id), []
        case _:
            return statements(mine), []


def _with_provenance(entry: Entry, unsure: set[int]) -> Entry:
    """The entry as stated; inferred where the model alone, and not surely, put it there.

    The words are the source's in either case. What is inferred is their place in the plan, or the
    range of a decision that its wording does not settle.
    """
    guessed = (
        isinstance(entry, Decision)
        and entry.range != "not_discussed"
        and not any(settled_range(piece.quote) for piece in entry.evidence)
    )
    if guessed or set(entry.lines) <= unsure:
        return entry.model_copy(update={"provenance": "inferred"})
    return entry
