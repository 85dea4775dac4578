"""Agenda: the next conversation, prepared: order, time boxes, what to bring up and ask. Pure.

Prompts, never lines to read out, in the terms of the notes where there are some. Nothing that
coach's own tone rules would flag gets into it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from coach import tone
from coach.guide import Guide, Step
from coach.mapping import addressed
from coach.plan import (
    Decision,
    Draft,
    Entry,
    Goal,
    Need,
    Plan,
    PlanFile,
    Responsibility,
    SuccessDefinition,
)

_LEAST = 5
"""Minutes for one step."""
_MOST_POINTS = 4
_MOST_QUESTIONS = 4
_LEAST_QUESTIONS = 2
_LONGEST = 110
_MOST_PROMISES = 2
_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_PUT_OFF = re.compile(
    r"\b(?:(?:did(?:n't| not)|never|haven't|have not) (?:get|got|come|reach)|next time|later"
    r"|another (?:day|time)|come back|not forgotten|sit down|to ?do|properly|new year"
    r"|next (?:week|month|year)|talk (?:about|through))\b",
    re.IGNORECASE,
)
"""By which a line of the notes says that something was left for another time."""
_PROMISES = re.compile(r"\bi(?:'ll| will)\b", re.IGNORECASE)
_WEIGHT = {"skipped": 3, "planned": 3, "partial": 2, "covered": 1}


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True)


class Part(_Data):
    """One stretch of the talk."""

    step: str | None
    """The guide's step; None for opening and close."""
    title: str
    minutes: int
    aim: str = ""
    points: tuple[str, ...] = ()
    """What to bring up, in a few words each."""
    questions: tuple[str, ...] = ()
    """Open questions; the first is enough."""


class Agenda(_Data):
    """The next conversation, in order."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)

    schema_: Literal["coach.script/1"] = Field(default="coach.script/1", alias="schema")
    guide: str
    title: str
    employee: str | None
    minutes: int
    beforehand: tuple[str, ...]
    """What to send or ask for before."""
    parts: tuple[Part, ...]
    later: tuple[str, ...] = ()
    """Titles of open steps for which there is no time in this talk."""


def agenda(
    guide: Guide,
    source: Draft | PlanFile | None = None,
    *,
    steps: Sequence[str] = (),
    minutes: int = 30,
) -> Agenda:
    """The agenda of the next talk: these steps, else what the source leaves open, else all.

    Where the time is too short for all of them, the emptiest steps come first and the others are
    named for another time.
    """
    plan = source.plan if source else None
    opening, closing = max(2, minutes // 10), max(3, minutes // 7)
    weights = _weights(guide, source, steps)
    room = max(1, (minutes - opening - closing) // _LEAST)
    fitting = sorted(weights, key=lambda step: -weights[step])[:room]
    chosen = [step for step in weights if step in fitting]
    boxes = _shared(minutes - opening - closing, [weights[step] for step in chosen])
    who = plan.employee if plan else None
    middle = [
        _part(guide.step(step), box, guide, source) for step, box in zip(chosen, boxes, strict=True)
    ]
    return Agenda(
        guide=guide.id,
        title=guide.title,
        employee=who,
        minutes=minutes,
        beforehand=_kept(_beforehand(who, plan)),
        parts=(_opening(who, opening, source, but=chosen), *middle, _closing(closing)),
        later=tuple(guide.step(step).title for step in weights if step not in chosen),
    )


def _weights(guide: Guide, source: Draft | PlanFile | None, steps: Sequence[str]) -> dict[str, int]:
    """The steps to talk about in guide order, each with what it weighs."""
    found = dict.fromkeys(guide.step_ids, 1)
    if source is not None:
        empty = {section.step for section in source.plan.sections if not section.entries}
        found |= {step: 3 for step in found if step in empty}
        for asked in source.plan.open_questions:
            least = 3 if asked.planned else 2
            found[asked.step] = max(found.get(asked.step, 1), least)
    if isinstance(source, Draft):
        for step in source.steps:
            found[step.id] = max(found.get(step.id, 1), _WEIGHT[step.status])
    if steps:
        return {step: max(2, weight) for step, weight in found.items() if step in steps}
    return {step: weight for step, weight in found.items() if weight > 1} or found


def _shared(minutes: int, weights: Sequence[int]) -> list[int]:
    """The minutes in boxes by weight, none of them lost."""
    boxes = [minutes * weight // sum(weights) for weight in weights]
    for at in range(minutes - sum(boxes)):
        boxes[at % len(boxes)] += 1
    return boxes


def _part(step: Step, minutes: int, guide: Guide, source: Draft | PlanFile | None) -> Part:
    plan = source.plan if source else None
    points = list(_points(step, guide, plan))[:_MOST_POINTS] if plan else []
    return Part(
        step=step.id,
        title=step.title,
        minutes=minutes,
        aim=step.objective,
        points=_kept(points),
        questions=_kept(_questions(step, source))[:_MOST_QUESTIONS],
    )


def _points(step: Step, guide: Guide, plan: Plan) -> Iterator[str]:
    """What was meant to come up, then what stands in the plan already."""
    for asked in plan.open_questions:
        if asked.step == step.id and asked.planned:
            yield f"you meant to come back to: {_short(_put_off(asked.question.strip('“”')))}"
    for section in plan.sections:
        if section.step == step.id:
            for entry in section.entries:
                yield f"so far: {_told(entry, guide, plan.employee)}"


def _put_off(said: str) -> str:
    """What was put off; of a long line, without what was said before it in the same breath."""
    if len(said) <= _LONGEST:
        return said
    sentences = _SENTENCES.split(said)
    at = (at for at, sentence in enumerate(sentences) if _PUT_OFF.search(sentence))
    return " ".join(sentences[next(at, 0) :])


def _told(entry: Entry, guide: Guide, who: str | None) -> str:
    text = _short(entry.text)
    match entry:
        case Decision():
            return f"{text} ({guide.range_label(entry.range).lower()})"
        case Responsibility(priority="first"):
            return f"{text} (comes first)"
        case Responsibility(priority="later"):
            return f"{text} (may wait)"
        case SuccessDefinition(due=str(due)):
            return f"{text} ({_short(due)})"
        case Need():
            answered = "answered" if entry.response else "no answer yet"
            whose = "your" if entry.who == "manager" else f"{who or 'the employee'}'s"
            return f"{text} ({whose} need, {answered})"
        case Goal():
            helped = "with help named" if entry.resources else "no help named yet"
            return f"{text} (a goal, {helped})"
        case _:
            return text


def _questions(step: Step, source: Draft | PlanFile | None) -> Iterator[str]:
    """What the source leaves open, then the guide's own until there are enough."""
    plan = source.plan if source else None
    own = [
        asked.question
        for asked in (plan.open_questions if plan else ())
        if asked.step == step.id and not asked.planned
    ]
    yield from own
    missing: set[str] = set()
    if isinstance(source, Draft):
        missing = {item for one in source.steps if one.id == step.id for item in one.missing}
    ordered = sorted(step.items, key=lambda item: item.id not in missing)
    asks = [addressed(item.question, plan.employee if plan else None) for item in ordered]
    fresh = [question for question in asks if question not in own]
    wanted = _LEAST_QUESTIONS - len(own) if own else _LEAST_QUESTIONS + 1
    yield from fresh[: max(0, wanted)]


def _beforehand(who: str | None, plan: Plan | None) -> Iterator[str]:
    name = who or "the employee"
    yield f"ask {name} what should be on the agenda, and put that first"
    yield "send two or three of the questions a day or two ahead, so that nobody is surprised"
    if plan is not None and not plan.empty:
        yield f"send the plan as it stands, for {name} to correct"
    yield "have the date of the next look together ready to propose"


def _opening(
    who: str | None, minutes: int, source: Draft | PlanFile | None, *, but: Sequence[str]
) -> Part:
    name = who or "the employee"
    last_time = _kept(_from_last_time(source, but=but)) if source else ()
    return Part(
        step=None,
        title="Opening",
        minutes=minutes,
        points=(
            "what the talk is for: one shared picture, not a verdict",
            f"what {name} wants to get out of it; take that first",
            *last_time,
            "how long you have, and that notes are shared",
        ),
        questions=("What would make this talk worth your time?",),
    )


def _from_last_time(source: Draft | PlanFile, *, but: Sequence[str]) -> Iterator[str]:
    """What comes before anything new: what landed badly, what was promised, and what stands.

    What stands in the steps ``but`` comes up there.
    """
    plan = source.plan
    if isinstance(source, Draft) and plan.employee:
        yours = (one for one in source.findings if one.speaker not in (None, plan.employee))
        sure = (one for one in yours if one.found_by == "rule" and one.severity != "low")
        lines = sorted({one.line for one in sure})
        if lines:
            told = ", ".join(f"L{line}" for line in lines)
            yield f"your own part in how it was put last time ({told}), before anything new"
    entries = [entry for section in plan.sections for entry in section.entries]
    asked = [one for one in entries if isinstance(one, Need) and one.who == "employee"]
    promised = [need for need in asked if need.response or _PROMISES.search(need.text)]
    for need in promised[:_MOST_PROMISES]:
        yield f"what became of: {_short(need.text)}"
    settled = [section for section in plan.sections if section.step not in but]
    firm = [one for section in settled for one in section.entries if one not in promised]
    for entry in firm[:_MOST_PROMISES]:
        yield f"what stands since last time: {_short(entry.text)}"


def _closing(minutes: int) -> Part:
    return Part(
        step=None,
        title="Close",
        minutes=minutes,
        points=(
            "say back what was agreed, and let it be corrected",
            "who writes it down, and where you both find it",
            "when you look at it together again",
        ),
        questions=("What are you taking with you, and what is still open for you?",),
    )


def _kept(lines: Iterable[str]) -> tuple[str, ...]:
    """The lines that coach's own tone rules let pass, each once."""
    rules = tone.load_rules()
    found = dict.fromkeys(line for line in lines if line.strip())
    return tuple(line for line in found if not tone.scan(tone.as_notes(line), rules))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip(" ,;") + "…"
