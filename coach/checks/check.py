"""Check: a tone rule that looks at what stands around its words, as data a manager could write."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from coach.checks.acts import Act
from coach.tone import Rule
from coach.tone.phrase import Lists, Phrase, read_phrase
from coach.tone.rule import Phrases

Whom = Literal["anyone", "person", "named"]


class Check(Rule):
    """A rule whose words count only where something is missing near them."""

    reach: Annotated[int, Field(ge=0, le=50)] | None = None
    """How many lines before and after are looked at; the whole document, if left out."""
    least: Annotated[int, Field(ge=1)] = 1
    """In so many sentences its words must stand; the first is flagged."""
    without: Phrases = ()
    """None of these may stand in reach."""
    silent: tuple[Act, ...] = ()
    """Nothing in reach may do any of these."""
    whom: Whom = "anyone"
    """``person``: only in a talk, or in a text to or about one person. ``named``: only in a text
    that names her, as a greeting does."""

    def __hash__(self) -> int:
        return hash(self.id)

    @cached_property
    def read_without(self) -> tuple[Phrase, ...]:
        """What may not stand in reach, read."""
        lists = Lists(self.words)
        return tuple(read_phrase(text, lists) for text in self.without)
