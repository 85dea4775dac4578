"""Remarks: lines of a rehearsal that are worth keeping, and lines to try otherwise. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ConfigDict

from coach.finding import Finding
from coach.rehearsal.moves import Heard, heard, wanted
from coach.rehearsal.replies import Move, Wanted
from coach.rehearsal.session import Session

_MOST_KEPT = 3
_MOST_OTHERWISE = 4
_WORTH_KEEPING = 0.03
"""By how much a line opened the employee."""
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
_HARSH: dict[Move, str] = {
    "threatened": "it can be heard as a threat: say what you need, by when, and why",
    "belittled": "it can be heard as a reproach: say what you saw and what you ask for",
}
"""Said of what no tone rule names."""
_ENOUGH: dict[Wanted | None, str] = {
    "who": "a name is answer enough",
    "when": "a date is answer enough",
    "by_when": "a date is answer enough",
    "how_many": "a number is answer enough",
    "how_far": "a number is answer enough",
    "why": "it asks for a defence, not for what happened",
}


class Remark(BaseModel):
    """A line of the manager's, and what to do with it."""

    model_config = ConfigDict(frozen=True)

    line: int
    """In the transcript of the debrief."""
    quote: str
    why: str
    instead: str | None = None
    """A better wording, or a question that would open the same thing."""


class Spoken(BaseModel):
    """A line of the manager's with what it did."""

    model_config = ConfigDict(frozen=True)

    number: int
    text: str
    step: str
    move: Move
    gain: float
    heard: Heard

    @property
    def is_harsh(self) -> bool:
        """Whether it hurts, whatever the tone rules say of it."""
        return self.move in _HARSH


def spoken(session: Session) -> Iterator[Spoken]:
    """The manager's lines, in order."""
    start = session.at_start.openness
    for number, turn in enumerate(session.counted, 1):
        if turn.role == "manager" and turn.move is not None:
            yield Spoken(
                number=number,
                text=turn.text,
                step=turn.step,
                move=turn.move,
                gain=round(turn.openness - start, 3),
                heard=heard(turn.text, first=number <= 2),
            )
        start = turn.openness


def kept(lines: Sequence[Spoken], findings: Sequence[Finding]) -> tuple[Remark, ...]:
    """The lines after which the employee opened up most."""
    flagged = {finding.line for finding in findings}
    meant = [line for line in lines if line.move in _WHY_KEPT and line.move in line.heard.meant]
    good = [one for one in meant if one.gain >= _WORTH_KEEPING and one.number not in flagged]
    best = sorted(good, key=lambda line: -line.gain)[:_MOST_KEPT]
    return tuple(
        Remark(line=line.number, quote=line.text, why=_WHY_KEPT[line.move])
        for line in sorted(best, key=lambda line: line.number)
    )


def otherwise(
    session: Session, lines: Sequence[Spoken], findings: Sequence[Finding]
) -> tuple[Remark, ...]:
    """The lines to say another way: what hurts first, then speeches, then closed questions."""
    return tuple(_otherwise(session, lines, findings))[:_MOST_OTHERWISE]


def _otherwise(
    session: Session, lines: Sequence[Spoken], findings: Sequence[Finding]
) -> Iterator[Remark]:
    by_help = sorted(findings, key=lambda finding: finding.suggestion is not None)
    one_a_line = {finding.line: finding for finding in by_help}
    for finding in sorted(one_a_line.values(), key=lambda finding: finding.line):
        why = finding.message
        if not finding.suggestion and finding.advice:
            why = f"{why} {finding.advice}"
        yield Remark(line=finding.line, quote=finding.quote, why=why, instead=finding.suggestion)
    plain = [line for line in lines if line.number not in one_a_line]
    for line in plain:
        if line.is_harsh:
            yield Remark(line=line.number, quote=line.text, why=_HARSH[line.move])
    asked = iter(_open_questions(session))
    for line in plain:
        if line.heard.is_long:
            why = f"{line.heard.words} words at a stretch"
            yield Remark(line=line.number, quote=line.text, why=why, instead=next(asked, None))
    for line in plain:
        if line.move == "asked_closed" and wanted(line.text) != "leave":
            why = _ENOUGH.get(wanted(line.text), "yes or no is answer enough")
            yield Remark(line=line.number, quote=line.text, why=why, instead=next(asked, None))


def _open_questions(session: Session) -> list[str]:
    """Open questions of the step that were not asked."""
    said = {turn.text for turn in session.turns}
    lines = [line for scenes in session.scenes[:1] for line in scenes.manager]
    asking = [line for line in map(session.setting.filled, lines) if heard(line).open_questions]
    guide = [item.question for item in session.guide_step.items]
    return [line for line in dict.fromkeys((*asking, *guide)) if line not in said]
