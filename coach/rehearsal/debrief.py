"""Debrief: what a rehearsal showed, counted in code; nothing in it judges a person. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from coach.finding import Finding
from coach.mapping import EngineInfo, StepMap, StepResult, assemble
from coach.rehearsal.known import relabelled
from coach.rehearsal.moves import Heard, heard, wanted
from coach.rehearsal.replies import Move, Wanted
from coach.rehearsal.session import Session, Turn

_MOST_KEPT = 3
_MOST_OTHERWISE = 4
_MOST_TO_WORK_ON = 3
_WORTH_KEEPING = 0.03
"""By how much a line opened the employee."""
_MUCH_TALK = 60
"""Per cent of the words."""
_WHY_KEPT: dict[Move, str] = {
    "asked_open": "an open question",
    "asked_feedback": "you asked about your own part",
    "reflected": "you gave back what you had heard",
    "thanked": "you said what was good",
    "apologised": "you named your own part",
    "offered_range": "you gave room to decide",
    "offered_help": "you took something on yourself",
    "proposed": "you proposed a step together",
}
_ENOUGH: dict[Wanted | None, str] = {
    "who": "a name is answer enough",
    "when": "a date is answer enough",
    "by_when": "a date is answer enough",
    "how_many": "a number is answer enough",
    "how_far": "a number is answer enough",
}


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True)


class Remark(_Data):
    """A line of the manager's, and what to do with it."""

    line: int
    """In the transcript of the debrief."""
    quote: str
    why: str
    instead: str | None = None
    """A better wording, or a question that would open the same thing."""


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


class _Line(_Data):
    """A line of the manager's with what it did."""

    number: int
    text: str
    step: str
    move: Move
    gain: float
    heard: Heard


def debrief(session: Session, steps: StepMap) -> Debrief:
    """What this session showed, with the map of its transcript."""
    lines = tuple(_lines(session))
    persona = session.setting.persona
    practised = {line.step for line in lines} or {session.step}
    results = tuple(step for step in _earned(session, steps).steps if step.id in practised)
    balance = _balance(session, lines)
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
        keep=_kept(lines, steps.findings),
        otherwise=tuple(_otherwise(session, lines, steps.findings))[:_MOST_OTHERWISE],
        work_on=_work_on(session, balance, results, steps.findings),
    )


def _earned(session: Session, steps: StepMap) -> StepMap:
    """The map without what was no work on a step: flagged lines, and the persona's own opening."""
    idle = {finding.line for finding in steps.findings} | {1}
    if session.counted and session.counted[0].role == "manager":
        idle.discard(1)
    labels = [
        label.model_copy(update={"steps": (), "items": (), "planned": (), "likely": ()})
        if label.line in idle
        else label
        for label in relabelled(session, steps.lines)
    ]
    return assemble(session.document(), session.setting.guide, labels=labels, engine=steps.engine)


def _lines(session: Session) -> Iterator[_Line]:
    start = session.at_start.openness
    for number, turn in enumerate(session.counted, 1):
        if turn.role == "manager" and turn.move is not None:
            yield _Line(
                number=number,
                text=turn.text,
                step=turn.step,
                move=turn.move,
                gain=round(turn.openness - start, 3),
                heard=heard(turn.text, first=number <= 2),
            )
        start = turn.openness


def _balance(session: Session, lines: Sequence[_Line]) -> Balance:
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


def _kept(lines: Sequence[_Line], findings: Sequence[Finding]) -> tuple[Remark, ...]:
    flagged = {finding.line for finding in findings}
    meant = [line for line in lines if line.move in _WHY_KEPT and line.move in line.heard.meant]
    good = [one for one in meant if one.gain >= _WORTH_KEEPING and one.number not in flagged]
    best = sorted(good, key=lambda line: -line.gain)[:_MOST_KEPT]
    return tuple(
        Remark(line=line.number, quote=line.text, why=_WHY_KEPT[line.move])
        for line in sorted(best, key=lambda line: line.number)
    )


def _otherwise(
    session: Session, lines: Sequence[_Line], findings: Sequence[Finding]
) -> Iterator[Remark]:
    by_help = sorted(findings, key=lambda finding: finding.suggestion is not None)
    one_a_line = {finding.line: finding for finding in by_help}
    for finding in sorted(one_a_line.values(), key=lambda finding: finding.line):
        why = finding.message
        if not finding.suggestion and finding.advice:
            why = f"{why} {finding.advice}"
        yield Remark(line=finding.line, quote=finding.quote, why=why, instead=finding.suggestion)
    plain = [line for line in lines if line.number not in one_a_line]
    asked = iter(_open_questions(session))
    for line in plain:
        if line.heard.is_long:
            why = f"{line.heard.words} words at a stretch"
            yield Remark(line=line.number, quote=line.text, why=why, instead=next(asked, None))
    for line in plain:
        if line.move == "asked_closed":
            why = _ENOUGH.get(wanted(line.text), "yes or no is answer enough")
            yield Remark(line=line.number, quote=line.text, why=why, instead=next(asked, None))


def _open_questions(session: Session) -> list[str]:
    """Open questions of the step that were not asked."""
    said = {turn.text for turn in session.turns}
    lines = [line for scenes in session.scenes[:1] for line in scenes.manager]
    asking = [line for line in map(session.setting.filled, lines) if heard(line).open_questions]
    guide = [item.question for item in session.guide_step.items]
    return [line for line in dict.fromkeys((*asking, *guide)) if line not in said]


def _work_on(
    session: Session,
    balance: Balance,
    steps: Sequence[StepResult],
    findings: Sequence[Finding],
) -> tuple[str, ...]:
    """At most three: what hurt first, then how it was asked, and one place for the step itself."""
    habits = list(_habits(session, balance, findings))
    left = [step for step in steps if step.status != "covered"]
    asks = [f"{step.id} is still open: {step.questions[0]}" for step in left if step.questions]
    kept = habits[: _MOST_TO_WORK_ON - min(1, len(asks))]
    return tuple([*kept, *asks][:_MOST_TO_WORK_ON])


def _habits(session: Session, balance: Balance, findings: Sequence[Finding]) -> Iterator[str]:
    if lines := {finding.line for finding in findings}:
        count = "one line" if len(lines) == 1 else f"{len(lines)} lines"
        yield f"{count} could land as punitive: say what you saw and what it does, then ask"
    if balance.share > _MUCH_TALK:
        yield f"you spoke {balance.share} of 100 words: ask, then wait"
    if balance.closed_questions > balance.open_questions:
        counted = f"closed questions: {balance.closed_questions}, open: {balance.open_questions}"
        yield f"{counted}: start with what, how or which"
    if not balance.listening:
        yield "say back what you heard before you go on"
    needs, met = session.setting.persona.needs, session.state.met
    for need in needs:
        if need.id not in met and (balance.listening or "reflected" not in need.met_by):
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
