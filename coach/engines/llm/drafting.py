"""Drafting: from what a model proposes to a plan whose every number and name stands in the notes.

What does not hold (``entries``) is left out, and the step's gap becomes a question.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from coach.engines.embedded.drafting.dates import checkpoint, period, written_date
from coach.engines.embedded.drafting.questions import open_questions
from coach.engines.llm.answers import DraftAnswer, EntryAnswer, field_of
from coach.engines.llm.entries import Grounds, details_of, entry_of, inoffensive, texts_of
from coach.guide import Guide, Step
from coach.mapping import LeftOut, addressed
from coach.plan import Entry, Goal, OpenQuestion, Plan, Section

MOST_GOALS = 3
MOST_QUESTIONS = 2
"""Questions of a model's own for one step."""


def draft_faults(answer: DraftAnswer, guide: Guide, grounds: Grounds) -> tuple[str, ...]:
    """What is wrong with the answer, as ``place: what`` lines for the model to mend."""
    return tuple(_faults(answer, guide, grounds))


def _faults(answer: DraftAnswer, guide: Guide, grounds: Grounds) -> Iterator[str]:
    for step in guide.steps:
        for place, proposed in _proposed(answer, step):
            lines = grounds.lines(proposed.lines)
            if not lines:
                yield f"{place}.lines: name the lines that it rests on"
                continue
            for name, text in texts_of(proposed):
                missing = grounds.missing(text, lines)
                if missing:
                    told = ", ".join(missing)
                    yield f"{place}.{name}: {told} stands in none of its lines"


def _proposed(answer: DraftAnswer, step: Step) -> Iterator[tuple[str, EntryAnswer]]:
    """Every entry proposed for a step, with its place in the answer."""
    held: Any = getattr(answer, field_of(step))
    groups = {"": held} if isinstance(held, list) else dict(held)
    for name, entries in groups.items():
        where = f"{field_of(step)}.{name}" if name else field_of(step)
        for at, entry in enumerate(entries):
            yield f"{where}.{at}", entry


def plan_of(answers: Sequence[DraftAnswer], guide: Guide, grounds: Grounds) -> Plan:
    """The plan these answers hold, one answer for each part of a long document."""
    document = grounds.document
    written = written_date(document)
    tried = {
        step.id: [
            (proposed, entry_of(proposed, grounds))
            for answer in answers
            for _, proposed in _proposed(answer, step)
        ]
        for step in guide.steps
    }
    sections = tuple(
        Section(
            step=step.id,
            title=step.heading,
            entries=_chosen([entry for _, entry in tried[step.id] if entry is not None]),
        )
        for step in guide.steps
    )
    return Plan(
        guide=guide.id,
        employee=document.employee,
        manager=document.manager,
        date=written,
        period=period(document) or _as_written([a.facts.period for a in answers], grounds),
        sections=sections,
        open_questions=_questions(answers, guide, grounds, sections),
        next_checkpoint=_as_written([a.facts.next_checkpoint for a in answers], grounds)
        or checkpoint([line.content for line in document.content_lines]),
        left_out=_left_out([pair for pairs in tried.values() for pair in pairs]),
    )


def _left_out(tried: Sequence[tuple[EntryAnswer, Entry | None]]) -> LeftOut:
    """How many proposals came to nothing, and how many details of the others did."""
    lost = sum(entry is None for _, entry in tried)
    details = sum(details_of(asked) - details_of(entry) for asked, entry in tried if entry)
    return LeftOut(entries=lost, details=details)


def _chosen(entries: list[Entry]) -> tuple[Entry, ...]:
    """The entries, each wording once; of the goals at most three chosen."""
    kept = {(entry.kind, entry.text.casefold()): entry for entry in reversed(entries)}
    found: list[Entry] = []
    chosen = 0
    for entry in reversed(kept.values()):
        if isinstance(entry, Goal):
            chosen += entry.chosen
            found.append(entry.model_copy(update={"chosen": entry.chosen and chosen <= MOST_GOALS}))
        else:
            found.append(entry)
    return tuple(found)


def _as_written(values: Sequence[str | None], grounds: Grounds) -> str | None:
    """The first of these that stands in the document as it is."""
    text = grounds.read.text.casefold()
    return next(
        (grounds.show(value) for value in values if value and value.casefold() in text), None
    )


def _came_to_nothing(step: str, sections: Sequence[Section], grounds: Grounds) -> bool:
    """Whether the step was talked about, and yet nothing of it stands in the plan."""
    talked = any(step in label.steps for label in grounds.steps.lines)
    return talked and not any(one.entries for one in sections if one.step == step)


def _questions(
    answers: Sequence[DraftAnswer], guide: Guide, grounds: Grounds, sections: Sequence[Section]
) -> tuple[OpenQuestion, ...]:
    """The model's questions in the notes' own terms, then what code finds open.

    A question may not bring a number or a name of its own either.
    """
    own: dict[str, list[OpenQuestion]] = {step: [] for step in guide.step_ids}
    everything = [line for line in grounds.read.lines if line.mappable]
    for answer in answers:
        for asked in answer.questions:
            text = asked.text.strip()
            fits = text.endswith("?") and len(own[asked.step]) < MOST_QUESTIONS
            if fits and grounds.provenance(text, everything) and inoffensive(text, grounds.rules):
                shown = grounds.show(text)
                own[asked.step].append(OpenQuestion(step=asked.step, question=shown))
    rest = open_questions(grounds.document, guide, grounds.steps, sections=sections, vague=())
    found: list[OpenQuestion] = []
    for step in guide.step_ids:
        mine = [asked for asked in rest if asked.step == step]
        planned = [asked for asked in mine if asked.planned]
        others = own[step] or [asked for asked in mine if not asked.planned]
        if not others and not planned and _came_to_nothing(step, sections, grounds):
            first = guide.step(step).items[0].question
            others = [OpenQuestion(step=step, question=addressed(first, grounds.document.employee))]
        found += planned + others
    return tuple(dict.fromkeys(found))
