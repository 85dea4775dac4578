"""Seed: what a plan or draft gives a rehearsal: who, which step, whose work, what is open. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pydantic import BaseModel, ConfigDict

from coach.plan import Decision, Draft, Entry, Plan, PlanFile, Responsibility

_SOMEBODY = "one of the others"
"""A colleague, where the source tells of the job and no persona's colleague fits."""
_MOST_FACTS = 24
_NOUN_LIKE = re.compile(r"[^\W\d_][\w'’&£$€%/-]*(?: [\w'’&£$€%/-]+){0,5}")
_SENTENCE_LIKE = re.compile(
    r"\b(?:i|you|he|she|we|they|it|is|are|was|were|be|been|has|have|had|do|does|did|can|could|will"
    r"|would|should|comes?|goes|went|wants?|needs?|likes?|thinks?|feels?|looks?|gets?|got|said|says"
    r"|first|later|ask|wait|though|next|who|when|if|that|because|not|no|yes|none|nothing)\b"
    r"|^(?:over|under|up|about|at|in|on|by|for|with|from|to|and|or|but|as|all|new|please)\b|n't|'d\b"
    r"|'ll\b|'re\b|'ve\b",
    re.IGNORECASE,
)


class Seed(BaseModel):
    """What a source says for a rehearsal."""

    model_config = ConfigDict(frozen=True)

    guide: str | None = None
    employee: str | None = None
    open_steps: tuple[str, ...] = ()
    """Steps that are not covered, the emptiest first."""
    questions: Mapping[str, tuple[str, ...]] = {}
    slots: Mapping[str, str] = {}
    facts: tuple[str, ...] = ()


def seed_of(source: Draft | PlanFile) -> Seed:
    """What this draft or plan says for a rehearsal."""
    plan = source.plan
    questions: dict[str, tuple[str, ...]] = {}
    for asked in plan.open_questions:
        if not asked.planned:
            questions[asked.step] = (*questions.get(asked.step, ()), asked.question)
    entries = [entry for section in plan.sections for entry in section.entries]
    found = {
        "work": _noun(e for e in entries if isinstance(e, Responsibility)),
        "decision": _noun(e for e in entries if isinstance(e, Decision)),
    }
    facts = [
        f"{section.title}: {entry.text}" for section in plan.sections for entry in section.entries
    ]
    return Seed(
        guide=plan.guide,
        employee=plan.employee,
        open_steps=_open_steps(source, plan),
        questions=questions,
        slots={"colleague": _SOMEBODY, **{key: noun for key, noun in found.items() if noun}},
        facts=tuple(facts[:_MOST_FACTS]),
    )


def _open_steps(source: Draft | PlanFile, plan: Plan) -> tuple[str, ...]:
    if isinstance(source, Draft):
        order = ("skipped", "planned", "partial")
        left = [step for step in source.steps if step.status in order]
        return tuple(s.id for s in sorted(left, key=lambda step: order.index(step.status)))
    empty = [section.step for section in plan.sections if not section.entries]
    asked = [question.step for question in plan.open_questions]
    return tuple(dict.fromkeys((*empty, *asked)))


def _noun(entries: Iterable[Entry]) -> str | None:
    """The first entry that reads as the name of a thing, as it was written."""
    for entry in entries:
        text = entry.text.strip(" .;")
        if len(text) > 3 and _NOUN_LIKE.fullmatch(text) and not _SENTENCE_LIKE.search(text):
            written = next(
                (
                    piece.quote[at : at + len(text)]
                    for piece in entry.evidence
                    if (at := piece.quote.casefold().find(text.casefold())) >= 0
                ),
                text,
            )
            return written if written[1:2].isupper() else _small(written, starts=written == text)
    return None


def _small(text: str, *, starts: bool) -> str:
    """The text as it stands inside a sentence: a capital that only a line's start gave is taken."""
    return text[:1].lower() + text[1:] if starts and text[:1].isupper() else text
