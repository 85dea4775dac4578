"""State: how far somebody has opened up, and what a manager's line changes in that. Pure.

Held in code and restated each turn, so that she neither caves nor turns into a caricature,
whichever engine finds the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict

from coach.rehearsal.moves import Heard
from coach.rehearsal.persona import Need, Persona
from coach.rehearsal.replies import Band, Move

Difficulty = Literal[1, 2, 3]
Beat = Literal["talk", "need", "names", "stops"]
"""What the next reply is for: to answer, or to say that a need was met, that it is too much, or
that the talk ends here."""

MOVED: Mapping[Move, float] = {
    "greeted": 0.02,
    "asked_open": 0.06,
    "asked_closed": -0.01,
    "asked_feedback": 0.08,
    "reflected": 0.10,
    "thanked": 0.05,
    "apologised": 0.09,
    "offered_range": 0.08,
    "offered_help": 0.06,
    "proposed": 0.03,
    "told": -0.03,
    "threatened": -0.35,
    "belittled": -0.25,
    "silent": -0.02,
    "wrapped_up": 0.0,
}
"""By how much a move opens most people, on a scale from 0 to 1."""

_DISTRESS: Mapping[Move, float] = {"threatened": 0.4, "belittled": 0.3, "apologised": -0.25}
_CALMS = -0.08
"""What any other line does to distress: it fades when nothing hurts."""
_NAMES, _STOPS = 0.55, 0.95
_WARY, _OPEN = 0.38, 0.66
_START: Mapping[Difficulty, float] = {1: 0.12, 2: 0.0, 3: -0.1}
_GAIN: Mapping[Difficulty, float] = {1: 1.4, 2: 1.0, 3: 0.7}
_TIRES = 2
"""Times in a row that a kind of question opens; after that only half, without a listening line."""
_SPEECH = -0.04
_MOST_AT_ONCE = 0.16
"""However much a line holds."""
_NEED_MET = 0.06
_GIVES_BACK = 0.35
"""Of what harsh lines took, by the first apology that is meant."""
_HURTS = 0.1
"""Distress above which what was said is still on somebody's mind."""
_AT_EASE = 0.3
"""Distress above which no need is met: it is too early for that."""


class State(BaseModel):
    """Where somebody stands between two lines."""

    model_config = ConfigDict(frozen=True)

    openness: float
    """0 to 1."""
    distress: float = 0.0
    """0 to 1; at one the talk is over."""
    taken: float = 0.0
    """Openness that harsh lines took and no apology has given back."""
    named: bool = False
    """Whether they have said that it is too much, and nothing has hurt since it faded."""
    met: tuple[str, ...] = ()
    """Ids of the needs that were met."""
    moves: tuple[Move, ...] = ()
    """What the manager has done so far, answered moves only, in order."""
    done: Mapping[str, int] = {}
    """How often the manager made each move, and meant it: what needs ask for."""
    raised: tuple[str, ...] = ()
    """Topics that the employee has brought up, the freshest last."""
    thread: str | None = None
    """The one of these that is being talked about."""
    beat: Beat = "talk"

    @classmethod
    def at_start(cls, persona: Persona, difficulty: Difficulty) -> State:
        """Where this person stands as they sit down."""
        return cls(openness=_within(persona.starts + _START[difficulty]))

    @property
    def band(self) -> Band:
        """How open they are, as a word."""
        return "closed" if self.openness < _WARY else "wary" if self.openness < _OPEN else "open"

    @property
    def hurts(self) -> bool:
        """Whether something that was said still hurts."""
        sorry = self.moves[-1:] == ("apologised",) and self.taken > _HURTS
        return sorry or self.distress > _HURTS

    @property
    def ended(self) -> bool:
        """Whether they have ended the talk."""
        return self.beat == "stops"

    def after(self, heard: Heard, persona: Persona, difficulty: Difficulty) -> State:
        """Where this line leaves them."""
        opened = self._opened(heard, persona, difficulty)
        hurt = sum(_DISTRESS.get(move, 0.0) for move in heard.moves)
        distress = _within(self.distress + (hurt or _CALMS))
        back = self._given_back(heard) if hurt < 0 else 0.0
        openness = _within(self.openness + opened + back)
        taken = self.taken + max(0.0, self.openness - openness) if hurt > 0 else self.taken - back
        done = dict(self.done)
        for move in heard.meant:
            done[move] = done.get(move, 0) + 1
        at_ease = self.distress <= _AT_EASE
        need = self._now_met(persona, done, heard.meant) if at_ease else None
        beat = self._beat(distress, need, hurt=hurt > 0)
        return self.model_copy(
            update={
                "openness": _within(openness + _NEED_MET) if beat == "need" else openness,
                "distress": distress,
                "taken": _within(taken),
                "named": beat == "names" or (self.named and distress > _NAMES / 2),
                "met": (*self.met, need.id) if need and beat == "need" else self.met,
                "moves": (*self.moves, heard.answered),
                "done": done,
                "beat": beat,
            }
        )

    def raising(self, topics: tuple[str, ...]) -> State:
        """The state once the employee has spoken of these; what was talked about goes on."""
        kept = tuple(topic for topic in self.raised if topic not in topics)
        thread = topics[-1] if topics else self.thread
        return self.model_copy(update={"raised": (*kept, *topics), "thread": thread})

    def turning(self, topics: tuple[str, ...] = ()) -> State:
        """The state once the talk has left its topic, for the freshest of these if for any."""
        here = [topic for topic in self.raised if topic in topics]
        return self.model_copy(update={"thread": here[-1] if here else None})

    def _opened(self, heard: Heard, persona: Persona, difficulty: Difficulty) -> float:
        moved = {**MOVED, **persona.moved_by}
        tired = self._tired(heard.answered)
        gain, loss = 0.0, _SPEECH if heard.is_long else 0.0
        for move in heard.moves:
            by = moved[move]
            if by > 0:
                by *= 0.5 if tired and move == heard.answered else 1.0
                gain += by * (0.5 if move == "apologised" and move not in heard.meant else 1.0)
            elif move == heard.answered or move in _DISTRESS:
                loss += by
        if tired and heard.answered == "asked_closed":
            loss -= 0.03
        slower = 1.0 - self.openness / 2  # the last stretch is the longest
        return min(gain, _MOST_AT_ONCE) * _GAIN[difficulty] * slower + loss

    def _given_back(self, heard: Heard) -> float:
        """What an apology makes good of what harsh lines took: never all, and each time less."""
        if "apologised" not in heard.meant:
            return 0.0
        return round(_GIVES_BACK * self.taken / (1 + self.done.get("apologised", 0)), 3)

    def _tired(self, move: Move) -> bool:
        last = self.moves[-_TIRES:]
        return len(last) == _TIRES and set(last) == {move}

    def _now_met(
        self, persona: Persona, done: Mapping[str, int], moves: tuple[Move, ...]
    ) -> Need | None:
        for need in persona.needs:
            often = sum(done.get(move, 0) for move in need.met_by)
            if need.id not in self.met and often >= need.times and {*need.met_by} & {*moves}:
                return need
        return None

    def _beat(self, distress: float, need: Need | None, *, hurt: bool) -> Beat:
        if distress >= _STOPS:
            return "stops"
        if hurt and distress >= _NAMES and not self.named:
            return "names"
        return "need" if need and not hurt else "talk"


def _within(value: float) -> float:
    return round(min(1.0, max(0.0, value)), 3)
