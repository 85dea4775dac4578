"""Debrief: what a rehearsal showed, counted in code; nothing in it judges a person. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from coach.finding import Finding
from coach.mapping import EngineInfo, StepMap, StepResult, assemble
from coach.rehearsal.asking import asks_again
from coach.rehearsal.known import relabelled
from coach.rehearsal.remarks import Remark, Spoken, kept, otherwise, spoken
from coach.rehearsal.session import Session, Turn

_MOST_TO_WORK_ON = 3
_MUCH_TALK = 60
"""Per cent of the words."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True)


class Balance(_Data):
    """Who talked, and how was asked; counts, never a grade."""

    manager_words: int = 0
    employee_words: int = 0
    open_questions: int = 0
    closed_questions: int = 0
    listening: int = 0
    """Lines that gave back what had been said."""
    longest: int = 0
    """Words of the manager's longest line."""

    @property
    def share(self) -> int:
        """The manager's share of the words, in per cent."""
        return round(100 * self.manager_words / max(1, self.manager_words + self.employee_words))


class Opened(_Data):
    """How far the persona opened up: a figure of the game, not of anybody."""

    start: float
    end: float
    met: tuple[str, ...] = ()
    """What helped."""
    unmet: tuple[str, ...] = ()
    """What would have helped."""


class Debrief(_Data):
    """What a rehearsal showed."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)

    schema_: Literal["coach.rehearsal/1"] = Field(default="coach.rehearsal/1", alias="schema")
    persona: str
    name: str
    guide: str
    difficulty: int
    seed: int
    engine: EngineInfo
    ended_by: Literal["manager", "employee"]
    turns: tuple[Turn, ...]
    """All of them; those of swapped roles are not judged."""
    steps: tuple[StepResult, ...]
    """Those that were practised."""
    findings: tuple[Finding, ...]
    balance: Balance
    opened: Opened
    spoken_of: tuple[str, ...] = ()
    """Topics of the scenes that the employee brought up."""
    keep: tuple[Remark, ...]
    otherwise: tuple[Remark, ...]
    work_on: tuple[str, ...]
    compared: tuple[str, ...] = ()
    """With the last rehearsal of the same scene."""

    @property
    def scene(self) -> tuple[str, str, tuple[str, ...]]:
        """What makes two rehearsals comparable: guide, persona and steps."""
        return self.guide, self.persona, tuple(step.id for step in self.steps)

    def since(self, earlier: Debrief) -> Debrief:
        """The same, compared with an earlier rehearsal of the same scene."""
        return self.model_copy(update={"compared": tuple(_compared(earlier, self))})


def debrief(session: Session, steps: StepMap) -> Debrief:
    """What this session showed, with the map of its transcript."""
    lines = tuple(spoken(session))
    persona = session.setting.persona
    practised = {line.step for line in lines} or {session.step}
    results = tuple(step for step in _earned(session, steps).steps if step.id in practised)
    balance = _balance(session, lines)
    keep = kept(lines, steps.findings)
    # what hurt first, then how it was asked, and one place for the step itself
    habits = list(_habits(session, balance, _hurting(lines, steps.findings)))
    asks = list(_still_open(results, keep))
    return Debrief(
        persona=persona.id,
        name=persona.name,
        guide=session.setting.guide.id,
        difficulty=session.setting.difficulty,
        seed=session.setting.seed,
        engine=steps.engine,
        ended_by="employee" if session.state.ended else "manager",
        turns=session.turns,
        steps=results,
        findings=steps.findings,
        balance=balance,
        opened=_opened(session),
        spoken_of=session.state.raised,
        keep=keep,
        otherwise=otherwise(session, lines, steps.findings),
        work_on=tuple([*habits[: _MOST_TO_WORK_ON - min(1, len(asks))], *asks][:_MOST_TO_WORK_ON]),
    )


def _earned(session: Session, steps: StepMap) -> StepMap:
    """The map without what was no work on a step: flagged lines, and the persona's own opening."""
    idle = _hurting(tuple(spoken(session)), steps.findings) | {1}
    if session.counted and session.counted[0].role == "manager":
        idle.discard(1)
    labels = [
        label.model_copy(update={"steps": (), "items": (), "planned": (), "likely": ()})
        if label.line in idle
        else label
        for label in relabelled(session, steps.lines)
    ]
    return assemble(session.document(), session.setting.guide, labels=labels, engine=steps.engine)


def _balance(session: Session, lines: Sequence[Spoken]) -> Balance:
    words = [len(turn.text.split()) for turn in session.counted if turn.role == "employee"]
    return Balance(
        manager_words=sum(line.heard.words for line in lines),
        employee_words=sum(words),
        open_questions=sum(line.heard.open_questions for line in lines),
        closed_questions=sum(line.heard.closed_questions for line in lines),
        listening=sum("reflected" in line.heard.moves for line in lines),
        longest=max((line.heard.words for line in lines), default=0),
    )


def _opened(session: Session) -> Opened:
    needs, met = session.setting.persona.needs, session.state.met
    return Opened(
        start=session.at_start.openness,
        end=session.state.openness,
        met=tuple(need.what for need in needs if need.id in met),
        unmet=tuple(need.what for need in needs if need.id not in met),
    )


def _still_open(steps: Sequence[StepResult], keep: Sequence[Remark]) -> Iterator[str]:
    """A question for each step that is not covered, other than those that were asked well."""
    for step in steps:
        new = (one for one in step.questions if not any(asks_again(one, its.quote) for its in keep))
        if step.status != "covered" and (question := next(new, None)):
            yield f"{step.id} is still open: {question}"


def _hurting(lines: Sequence[Spoken], findings: Sequence[Finding]) -> set[int]:
    return {line.number for line in lines if line.is_harsh} | {found.line for found in findings}


def _habits(session: Session, balance: Balance, hurting: set[int]) -> Iterator[str]:
    if hurting:
        count = "one line" if len(hurting) == 1 else f"{len(hurting)} lines"
        yield f"{count} could land as punitive: say what you saw and what it does, then ask"
    if balance.share > _MUCH_TALK:
        yield f"you spoke {balance.share} of 100 words: ask, then wait"
    if balance.closed_questions > balance.open_questions:
        counted = f"closed questions: {balance.closed_questions}, open: {balance.open_questions}"
        yield f"{counted}: start with what, how or which"
    if not balance.listening:
        yield "say back what you heard before you go on"
    needs, state = session.setting.persona.needs, session.state
    for need in needs:
        begun = not state.done.keys().isdisjoint(need.met_by)  # to ask for it would belie the line
        if begun or need.id in state.met:
            continue
        if balance.listening or "reflected" not in need.met_by:
            yield need.what[:1].lower() + need.what[1:]


def _compared(before: Debrief, now: Debrief) -> Iterator[str]:
    pairs = (
        ("open questions", before.balance.open_questions, now.balance.open_questions),
        ("closed questions", before.balance.closed_questions, now.balance.closed_questions),
        ("your share of the words, per cent", before.balance.share, now.balance.share),
        ("places flagged for tone", len(before.findings), len(now.findings)),
    )
    for what, then, since in pairs:
        if then != since:
            yield f"{what}: {then}, now {since}"
    known = {step.id: step.status for step in before.steps}
    for step in now.steps:
        if known[step.id] != step.status:
            yield f"{step.id}: {known[step.id]}, now {step.status}"
