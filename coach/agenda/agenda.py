"""Agenda: the next conversation, prepared: order, time boxes, what to bring up and ask. Pure.

Prompts, never lines to read out, in the terms of the notes where there are some. Nothing that
coach's own tone rules would flag gets into it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from coach import tone
from coach.agenda.mentions import Mention, mentions
from coach.agenda.model import Agenda, Part
from coach.agenda.wording import put_off, short
from coach.document import Document
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
_MOST_PROMISES = 2
_MOST_MENTIONS = 6
_MOST_EXAMPLES = 2
_PROMISES = re.compile(r"\bi(?:'ll| will)\b", re.IGNORECASE)
_OF_THE_TALK = re.compile(r"(?:met|talked|spoke|we|she|he|they|it|i|you|this|that)\b", re.I)
"""How an entry begins that tells what happened, and names no piece of work."""
_FOR_EACH_TASK = {"success", "autonomy"}
"""What steps produce that have an entry for each piece of work."""
_WEIGHT = {"skipped": 3, "planned": 4, "partial": 2, "covered": 1}


def agenda(
    guide: Guide,
    source: Draft | PlanFile | None = None,
    *,
    document: Document | None = None,
    steps: Sequence[str] = (),
    minutes: int = 30,
) -> Agenda:
    """The agenda of the next talk: these steps, else what the source leaves open, else all.

    ``document`` is what a draft was made from; what it speaks of beside is then named as well.
    Where the time is too short for all, what was put off comes first, then the emptiest steps, and
    the others are named for another time.
    """
    plan = source.plan if source else None
    opening, closing = max(2, minutes // 10), max(3, minutes // 7)
    weights = _weights(guide, source, steps)
    room = max(1, (minutes - opening - closing) // _LEAST)
    fitting = sorted(weights, key=lambda step: -weights[step])[:room]
    chosen = [step for step in weights if step in fitting]
    boxes = _shared(minutes - opening - closing, [weights[step] for step in chosen])
    who = plan.employee if plan else None
    beside = mentions(document, source) if document and isinstance(source, Draft) else []
    middle = [
        _part(guide.step(step), box, guide, source, [one for one in beside if step in one.steps])
        for step, box in zip(chosen, boxes, strict=True)
    ]
    elsewhere = [one for one in beside if not set(one.steps) & set(chosen)]
    return Agenda(
        guide=guide.id,
        title=guide.title,
        employee=who,
        minutes=minutes,
        beforehand=_kept(_beforehand(who, plan)),
        parts=(
            _opening(who, opening, _from_last_time(source, elsewhere, but=chosen)),
            *middle,
            _closing(closing),
        ),
        later=tuple(guide.step(step).title for step in weights if step not in chosen),
    )


def _weights(guide: Guide, source: Draft | PlanFile | None, steps: Sequence[str]) -> dict[str, int]:
    """The steps to talk about in guide order, each with what it weighs."""
    found = dict.fromkeys(guide.step_ids, 1)
    if source is not None:
        empty = {section.step for section in source.plan.sections if not section.entries}
        found |= {step: 3 for step in found if step in empty}
        for asked in source.plan.open_questions:
            least = 4 if asked.planned else 2
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


def _part(
    step: Step,
    minutes: int,
    guide: Guide,
    source: Draft | PlanFile | None,
    beside: Sequence[Mention],
) -> Part:
    told = [*_points(step, guide, source), *_mentioned(beside)] if source else []
    return Part(
        step=step.id,
        title=step.title,
        minutes=minutes,
        aim=step.objective,
        points=_kept(told[:_MOST_POINTS]),
        questions=_kept(_questions(step, source))[:_MOST_QUESTIONS],
    )


def _points(step: Step, guide: Guide, source: Draft | PlanFile) -> Iterator[str]:
    """What was put off, then what stands in the plan; where nothing does, work to ask about."""
    for said in _postponed(step, source):
        yield f"you meant to come back to: {short(put_off(said))}"
    plan = source.plan
    for section in plan.sections:
        if section.step == step.id:
            for entry in section.entries:
                yield f"so far: {_told(entry, guide, plan.employee)}"
            if not section.entries and step.produces in _FOR_EACH_TASK:
                for duty in _duties(plan)[:_MOST_EXAMPLES]:
                    yield f"for one thing: {short(duty.text)}"


def _postponed(step: Step, source: Draft | PlanFile) -> list[str]:
    """What the plan says was put off, else the map."""
    asked = [one for one in source.plan.open_questions if one.planned]
    if asked or not isinstance(source, Draft):
        return [one.question.strip("“”") for one in asked if one.step == step.id]
    sharp = {finding.line for finding in source.findings}
    later = (piece for one in source.steps if one.id == step.id for piece in one.planned)
    return [piece.quote for piece in later if piece.line not in sharp]


def _duties(plan: Plan) -> list[Responsibility]:
    entries = [entry for section in plan.sections for entry in section.entries]
    named = (entry for entry in entries if not _OF_THE_TALK.match(entry.text))
    return [entry for entry in named if isinstance(entry, Responsibility)]


def _mentioned(found: Sequence[Mention]) -> Iterator[str]:
    """Of more than there is room for, what weighs."""
    ranked = sorted(found, key=lambda one: not one.weighs)[:_MOST_MENTIONS]
    for one in sorted(ranked, key=found.index):
        yield f"your notes speak of: “{short(one.quote)}” (L{one.line})"


def _told(entry: Entry, guide: Guide, who: str | None) -> str:
    text = short(entry.text)
    match entry:
        case Decision():
            return f"{text} ({guide.range_label(entry.range).lower()})"
        case Responsibility(priority="first"):
            return f"{text} (comes first)"
        case Responsibility(priority="later"):
            return f"{text} (may wait)"
        case SuccessDefinition(due=str(due)):
            return f"{text} ({short(due)})"
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


def _opening(who: str | None, minutes: int, last_time: Iterable[str]) -> Part:
    name = who or "the employee"
    return Part(
        step=None,
        title="Opening",
        minutes=minutes,
        points=(
            "what the talk is for: one shared picture, not a verdict",
            f"what {name} wants to get out of it; take that first",
            *_kept(last_time),
            "how long you have, and that notes are shared",
        ),
        questions=("What would make this talk worth your time?",),
    )


def _from_last_time(
    source: Draft | PlanFile | None, beside: Sequence[Mention], *, but: Sequence[str]
) -> Iterator[str]:
    """What comes before anything new: what landed badly, what was promised, and what stands.

    What stands in the steps ``but`` comes up there. Last comes what the notes speak of beside.
    """
    if source is None:
        return
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
        yield f"what became of: {short(need.text)}"
    settled = [section for section in plan.sections if section.step not in but]
    firm = [one for section in settled for one in section.entries if one not in promised]
    for entry in firm[:_MOST_PROMISES]:
        yield f"what stands since last time: {short(entry.text)}"
    yield from _mentioned(beside)


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
