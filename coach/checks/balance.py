"""Balance: how much a text asks, orders and supports, and whose voices are in it. Counts only."""

from __future__ import annotations

from collections.abc import Collection
from typing import Self

from pydantic import BaseModel, ConfigDict

from coach.checks.acts import ACTS, Act, deeds
from coach.document import Document
from coach.document.model import Role


class _Result(BaseModel):
    model_config = ConfigDict(frozen=True)


class TalkShare(_Result):
    """One voice of a transcript: how much of the words were its own."""

    speaker: str
    role: Role | None
    turns: int
    words: int
    share: float
    """Of all words said, 0 to 1."""


class Balance(_Result):
    """What the manager's sentences do, as the numbers of their lines, once for each sentence.

    Counts to look at, never a grade. In a transcript only the manager's turns are counted; where
    nobody knows who is who, everybody's.
    """

    open_questions: tuple[int, ...] = ()
    closed_questions: tuple[int, ...] = ()
    orders: tuple[int, ...] = ()
    support: tuple[int, ...] = ()
    """Offers of help, promises, thanks."""
    views: tuple[int, ...] = ()
    """Where the employee's view is taken up."""
    we: tuple[int, ...] = ()
    both_voices: bool = False
    """Whether both speak, or in notes, whether the employee's view stands in them."""
    talk: tuple[TalkShare, ...] = ()
    """The voices of a transcript, in order of their first turn."""

    def among(self, lines: Collection[int]) -> Self:
        """The same counts for some lines only, those of one step perhaps."""
        kept = {
            name: tuple(line for line in getattr(self, name) if line in lines)
            for name in _FIELDS.values()
        }
        return self.model_copy(update=kept)


_FIELDS: dict[Act, str] = {
    "open_question": "open_questions",
    "closed_question": "closed_questions",
    "order": "orders",
    "support": "support",
    "view": "views",
    "we": "we",
}
_SAYS_SOMETHING = 4
"""Words in all from which on a voice is present."""


def balance(document: Document, *, flagged: Collection[int] = ()) -> Balance:
    """The balance of the whole document; ``among`` gives that of a part.

    In a line that is ``flagged`` nothing counts as support: "I'll find someone who cares".
    """
    counted: dict[Act, list[int]] = {act: [] for act in ACTS}
    for act, line in deeds(document):
        if act != "support" or line not in flagged:
            counted[act].append(line)
    talk = talk_shares(document)
    return Balance(
        **{name: tuple(counted[act]) for act, name in _FIELDS.items()},
        both_voices=_both_speak(talk) if talk else bool(counted["view"]),
        talk=talk,
    )


def talk_shares(document: Document) -> tuple[TalkShare, ...]:
    """How much each voice of a transcript said; nothing for notes."""
    voices = document.speakers
    said = sum(voice.words for voice in voices) or 1
    return tuple(
        TalkShare(
            speaker=voice.name,
            role=voice.role,
            turns=voice.turns,
            words=voice.words,
            share=round(voice.words / said, 3),
        )
        for voice in voices
    )


def _both_speak(talk: Collection[TalkShare]) -> bool:
    present = [voice for voice in talk if voice.words >= _SAYS_SOMETHING]
    roles = {voice.role for voice in present}
    return {"manager", "employee"} <= roles if roles - {None} else len(present) > 1
