"""Replies: what an employee may say next, as data: after which move, how open, about what."""

from __future__ import annotations

from string import Template
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Move = Literal[
    "greeted",
    "asked_open",
    "asked_closed",
    "asked_feedback",
    "reflected",
    "thanked",
    "apologised",
    "offered_range",
    "offered_help",
    "proposed",
    "told",
    "threatened",
    "belittled",
    "silent",
    "wrapped_up",
]
"""What a manager's line does to the one who hears it."""

Wanted = Literal[
    "who",
    "when",
    "by_when",
    "how_many",
    "how_far",
    "which",
    "why",
    "help",
    "view",
    "worry",
    "what_if",
    "example",
    "else",
    "mood",
    "feeling",
    "deed",
    "leave",
]
"""What a question wants to be told, where that is one thing."""

Band = Literal["closed", "wary", "open"]
"""How far somebody has opened up."""

BANDS: tuple[Band, ...] = ("closed", "wary", "open")

SLOTS = frozenset({"work", "decision", "colleague"})
"""What a reply may name with a ``$``: from the source, else from the persona."""

Text = Annotated[str, Field(min_length=1)]


class Data(BaseModel):
    """What stands in a data file of rehearsals."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Reply(Data):
    """One thing an employee may say; never said twice in a session."""

    text: Text
    topic: str | None = None
    """What it is about, one of the step's topics; saying it raises the topic."""
    after: str | None = None
    """The topic that she must have raised before; without it the reply brings its topic up."""
    own_job: bool = False
    """Whether it speaks of the persona's own job, so that it is left out where a source tells of
    another one."""

    @model_validator(mode="before")
    @classmethod
    def _bare_text(cls, data: Any) -> Any:
        return {"text": data} if isinstance(data, str) else data

    @field_validator("text")
    @classmethod
    def _known_slots(cls, text: str) -> str:
        template = Template(text)
        unknown = sorted(set(template.get_identifiers()) - SLOTS)
        if unknown or not template.is_valid():
            known = ", ".join(f"${name}" for name in sorted(SLOTS))
            raise ValueError(f"a $ may stand only in {known}; a dollar sign is $$")
        return text


class Block(Data):
    """Replies that fit the same moment."""

    on: Annotated[tuple[Move, ...], Field(min_length=1)]
    when: tuple[Band, ...] = BANDS
    whose: Annotated[tuple[str, ...], Field(alias="for")] = ()
    """Ids of the personas who talk like this; everybody, where none is named."""
    wanted: Wanted | None = None
    """Only where the question wants to be told this."""
    speech: bool = False
    """Only after a line of the manager's that was a speech."""
    unclear: bool = False
    """Only after a line of the manager's that holds no words."""
    hurt: bool = False
    """Only while something that the manager said still hurts."""
    say: Annotated[tuple[Reply, ...], Field(min_length=1)]


class Opening(Data):
    """What she says when she sits down."""

    whose: Annotated[tuple[str, ...], Field(alias="for")] = ()
    say: Annotated[tuple[Reply, ...], Field(min_length=1)]
