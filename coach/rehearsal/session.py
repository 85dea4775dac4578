"""Session: a rehearsal as it goes, line by line. Frozen; every step gives a new one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from string import Template
from typing import Literal

from pydantic import BaseModel, ConfigDict

from coach.document import Document, Line, Role
from coach.guide import Guide, Step
from coach.rehearsal.moves import Heard, heard
from coach.rehearsal.persona import Persona
from coach.rehearsal.replies import Move
from coach.rehearsal.scenes import StepScenes, load_scenes
from coach.rehearsal.state import Difficulty, State

_STARTS = re.compile(r"((?:^|[.!?…]\s+)\$\{?)([a-z])")
"""A slot at the start of a sentence."""
_FOLLOW_UP = 5
"""Words of a line that only asks for more: "Tell me more about that."."""


class Turn(BaseModel):
    """One line of a rehearsal, and where it left the employee."""

    model_config = ConfigDict(frozen=True)

    role: Role
    """Whose line it is."""
    text: str
    step: str
    move: Move | None = None
    """What a manager's line did; None for the employee's."""
    openness: float
    """Of the employee, after the line."""
    played: bool
    """Whether coach said it; the other lines are the user's."""


class Setting(BaseModel):
    """What a rehearsal is about: fixed before the first line."""

    model_config = ConfigDict(frozen=True)

    persona: Persona
    guide: Guide
    steps: tuple[str, ...]
    """To practise, in order."""
    difficulty: Difficulty = 2
    seed: int = 0
    slots: Mapping[str, str] = {}
    """What the source says of the persona's work, by slot."""
    questions: Mapping[str, tuple[str, ...]] = {}
    """What the source leaves open, by step."""
    facts: tuple[str, ...] = ()
    """What the source says, for a model that plays the employee."""
    seeded: bool = False
    """Whether a source tells of the employee's job, so that the persona's own is left out."""

    def filled(self, text: str) -> str:
        """A line of the scenes with its slots filled."""
        if "$" not in text:
            return text
        nouns = {**self.persona.knows.model_dump(), **self.slots}
        starting = {name.capitalize(): noun[:1].upper() + noun[1:] for name, noun in nouns.items()}
        marked = _STARTS.sub(lambda found: found[1] + found[2].upper(), text)
        return Template(marked).safe_substitute(nouns | starting)


class Session(BaseModel):
    """A rehearsal: the setting, what was said, and how the employee stands now."""

    model_config = ConfigDict(frozen=True)

    setting: Setting
    step: str
    state: State
    turns: tuple[Turn, ...] = ()
    passed: tuple[str, ...] = ()
    """Lines of the employee that were taken back; they are not said again."""
    swapped: bool = False
    """Whether the user plays the employee."""
    before: Session | None = None
    """The session before the user's last line, for taking it back."""

    @classmethod
    def start(cls, setting: Setting) -> Session:
        """The rehearsal before its first line."""
        state = State.at_start(setting.persona, setting.difficulty)
        return cls(setting=setting, step=setting.steps[0], state=state)

    def say(self, line: str) -> Session:
        """The session after a line of the user's."""
        if self.swapped:
            return self._with(line, role="employee", played=False, before=self)
        taken = self.heard(line)
        state = self.state.after(taken, self.setting.persona, self.setting.difficulty)
        moved = self.model_copy(update={"state": state})
        return moved._with(line, role="manager", played=False, before=self, move=taken.answered)

    def hear(self, line: str) -> Session:
        """The session after a line that an engine found for whom it plays."""
        if self.swapped:
            return self._with(line, role="manager", played=True, before=self.before)
        state = self.state
        named = self.mentioned
        if state.beat != "talk" or (named and state.thread not in named):
            state = state.turning(named)  # the talk has left its topic
        written = self.written_about(line, self.step)
        state = state.raising(self.scenes[0].topics_in(line) if written is None else written)
        moved = self.model_copy(update={"state": state})
        return moved._with(line, role="employee", played=True, before=self.before)

    def undo(self) -> Session:
        """The session before the user's last line; the reply to it is not said again."""
        if self.before is None:
            return self
        lost = [turn.text for turn in self.turns[len(self.before.turns) :] if turn.played]
        return self.before.model_copy(update={"passed": (*self.passed, *lost)})

    def again(self) -> Session:
        """The session before the last reply, so that another one can be found."""
        if self.before is None:
            return self
        return self.undo().say(self.turns[len(self.before.turns)].text)

    def at_step(self, step: str) -> Session:
        """The session as it turns to another step."""
        turned = {"step": step, "state": self.state.turning(), "before": None}
        return self.model_copy(update=turned)

    def swap(self) -> Session:
        """The session with the roles changed round."""
        return self.model_copy(update={"swapped": not self.swapped, "before": None})

    def heard(self, line: str) -> Heard:
        """How the employee takes this line."""
        mine = [turn for turn in self.turns if turn.role == "manager"]
        return heard(line, first=not mine)

    def retaken(self, turn: Turn) -> Heard:
        """How the employee took a line that was said."""
        first = next(one for one in self.turns if one.role == "manager")
        return heard(turn.text, first=turn is first)

    # -- what an engine is told --------------------------------------------------------------------

    @property
    def guide_step(self) -> Step:
        """The step that is being practised."""
        return self.setting.guide.step(self.step)

    @property
    def scenes(self) -> tuple[StepScenes, ...]:
        """What is written for this step."""
        return load_scenes(self.step)

    @property
    def last_line(self) -> str:
        """What was said last; nothing, before the first line."""
        return self.turns[-1].text if self.turns else ""

    @property
    def line(self) -> str:
        """The manager's last line; nothing, before the first."""
        mine = (turn.text for turn in reversed(self.turns) if turn.role == "manager")
        return next(mine, "")

    @property
    def mentioned(self) -> tuple[str, ...]:
        """The topics that the manager's last line speaks of."""
        return self.scenes[0].topics_in(self.line)

    @property
    def is_follow_up(self) -> bool:
        """Whether the manager's last line only asks for more of the same."""
        short = 0 < len(self.line.split()) <= _FOLLOW_UP
        return short and bool(self.state.raised) and not self.mentioned

    @property
    def said(self) -> frozenset[str]:
        """All that coach has said, lines taken back included; none of it is said again."""
        return frozenset((*self.passed, *(turn.text for turn in self.turns if turn.played)))

    @property
    def draw(self) -> int:
        """A number that settles which of equal replies is taken: the same for the same session."""
        told = "\x1f".join((str(self.setting.seed), *(t.text for t in self.turns), *self.passed))
        return int.from_bytes(hashlib.sha256(told.encode()).digest()[:8])

    def document(self) -> Document:
        """What was said in the user's own role as a manager, as a transcript."""
        name = self.setting.persona.name
        lines: list[Line] = []
        start = 0
        for turn in self.counted:
            speaker = "Manager" if turn.role == "manager" else name
            text = f"{speaker}: {turn.text}"
            lines.append(
                Line(
                    number=len(lines) + 1,
                    start=start,
                    text=text,
                    kind="speech",
                    speaker=speaker,
                    role=turn.role,
                    prefix=len(speaker) + 2,
                )
            )
            start += len(text) + 1
        text = "\n".join(line.text for line in lines)
        return Document(
            name="rehearsal",
            kind="transcript",
            format="rehearsal",
            encoding=None,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            text=text,
            lines=tuple(lines),
            manager="Manager",
            employee=name,
            roles_from="the rehearsal",
        )

    def written_about(self, line: str, step: str) -> tuple[str, ...] | None:
        """The topics under which an employee's line is written; None of a model's words."""
        sources: tuple[Persona | StepScenes, ...] = (self.setting.persona, *load_scenes(step))
        for source in sources:
            for reply in source.lines:
                if self.setting.filled(reply.text) == line:
                    return (reply.topic,) if reply.topic else ()
        return None

    def named_in(self, turn: Turn) -> tuple[str, ...]:
        """The topics that this line names."""
        return load_scenes(turn.step)[0].topics_in(turn.text)

    def items_of(self, topics: Sequence[str], step: str) -> tuple[str, ...]:
        """The items of the guide's step that these topics stand for."""
        listed = {item.id for item in self.setting.guide.step(step).items}
        stands_for = {topic.id: topic.item for topic in load_scenes(step)[0].topics}
        found = (stands_for.get(topic) for topic in topics)
        return tuple(item for item in found if item in listed)

    @property
    def counted(self) -> tuple[Turn, ...]:
        """The turns in which the user was the manager."""
        return tuple(turn for turn in self.turns if turn.played == (turn.role == "employee"))

    @property
    def at_start(self) -> State:
        """How the employee stood before the first line."""
        return State.at_start(self.setting.persona, self.setting.difficulty)

    def _with(
        self,
        line: str,
        *,
        role: Literal["manager", "employee"],
        played: bool,
        before: Session | None,
        move: Move | None = None,
    ) -> Session:
        text = " ".join(line.split())
        turn = Turn(
            role=role,
            text=text,
            step=self.step,
            move=move,
            openness=self.state.openness,
            played=played,
        )
        return self.model_copy(update={"turns": (*self.turns, turn), "before": before})
