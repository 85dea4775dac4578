"""Frame: how a rule says a kind of sting otherwise, as data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from coach.tone.phrase import Lists, read_phrase

SLOTS = re.compile(r"\$(before|after|After)\b")
"""The places of a wording that words of the flagged sentence fill."""


class Frame(BaseModel):
    """How to say a kind of sting: what it is, what stands there instead, and examples.

    ``say`` may hold ``$before`` and ``$after``, the words of the sentence before and after the
    sting, and ``$After``, where they become a sentence of their own. A part that it does not hold
    must say nothing, or the frame does not fit.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    when: str | None = None
    """The sting as a phrase; without it, the words that the rule flagged."""
    then: str | None = None
    """What follows the sting must start with this."""
    unless: str | None = None
    """This may stand nowhere in the sentence."""
    say: str
    alone: bool = False
    """Whether a wording that keeps no word of the sentence makes sense with nothing around it."""
    turns: Annotated[dict[str, str | None], Field(min_length=1)]
    """Lines, and what becomes of them; null where nothing is certain."""


class ReadFrame:
    """A frame whose phrases are read."""

    def __init__(self, frame: Frame, lists: Lists) -> None:
        self.say = frame.say
        self.alone = frame.alone
        self.slots = frozenset(SLOTS.findall(frame.say))
        self.when, self.then, self.unless = (
            read_phrase(text, lists) if text else None
            for text in (frame.when, frame.then, frame.unless)
        )


def read_frames(frames: Sequence[Frame], words: Mapping[str, str]) -> tuple[ReadFrame, ...]:
    """The frames, their phrases read with these lists of words."""
    lists = Lists(words)
    return tuple(ReadFrame(frame, lists) for frame in frames)
