"""What an agenda is made of."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True)


class Part(_Data):
    """One stretch of the talk."""

    step: str | None
    """The guide's step; None for opening and close."""
    title: str
    minutes: int
    aim: str = ""
    points: tuple[str, ...] = ()
    """What to bring up, in a few words each."""
    questions: tuple[str, ...] = ()
    """Open questions; the first is enough."""


class Agenda(_Data):
    """The next conversation, in order."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)

    schema_: Literal["coach.script/1"] = Field(default="coach.script/1", alias="schema")
    guide: str
    title: str
    employee: str | None
    minutes: int
    beforehand: tuple[str, ...]
    """What to send or ask for before."""
    parts: tuple[Part, ...]
    later: tuple[str, ...] = ()
    """Titles of open steps for which there is no time in this talk."""
