"""Persona: who sits across the table. What they want, fear and know, and what moves them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, NamedTuple

from pydantic import Field, field_validator

from coach.errors import DataFileError
from coach.rehearsal.replies import Block, Data, Move, Reply, Text
from coach.resources import bundled, find, load_model, named

FOLDER = "guides/personas"


class Knows(Data):
    """What fills the slots of replies where there is no source. Short noun phrases."""

    work: Text
    decision: Text
    colleague: Text


class Need(Data):
    """Something that has to happen before this person can go further."""

    id: Text
    what: Text
    """For the debrief, after the talk: what would have helped."""
    met_by: Annotated[tuple[Move, ...], Field(min_length=1)]
    times: Annotated[int, Field(ge=1, le=5)] = 1
    say: tuple[Reply, ...] = ()
    """What they say at the moment it is met."""


class Distress(Data):
    """What they say when it gets too much."""

    names: Annotated[tuple[Reply, ...], Field(min_length=1)]
    """Says that it hurts."""
    stops: Annotated[tuple[Reply, ...], Field(min_length=1)]
    """Ends the talk."""


class Persona(Data):
    """One person to rehearse with."""

    id: Text
    name: Text
    about: Text
    """For the manager, before the talk."""
    role: Text
    like: str | None = None
    """Another persona, whose replies are used beside their own."""
    wants: Annotated[tuple[Text, ...], Field(min_length=1)]
    fears: Annotated[tuple[Text, ...], Field(min_length=1)]
    opens: Annotated[tuple[Text, ...], Field(min_length=1)]
    """What opens them, in words."""
    closes: Annotated[tuple[Text, ...], Field(min_length=1)]
    voice: Text
    """How they talk."""
    knows: Knows
    starts: Annotated[float, Field(ge=0.0, le=1.0)]
    """Openness at the start, on the middle difficulty."""
    moved_by: Mapping[Move, Annotated[float, Field(ge=-0.6, le=0.4)]] = {}
    """How much a move opens (above zero) or closes, where it differs from most people."""
    needs: tuple[Need, ...] = ()
    distress: Distress | None = None
    replies: tuple[Block, ...] = ()

    @property
    def lines(self) -> tuple[Reply, ...]:
        """Every line in here."""
        met = (reply for need in self.needs for reply in need.say)
        hurt = (*self.distress.names, *self.distress.stops) if self.distress else ()
        return (*(reply for block in self.replies for reply in block.say), *met, *hurt)

    @field_validator("id")
    @classmethod
    def _an_id(cls, value: str) -> str:
        if not (value.isascii() and value.isidentifier() and value.islower()):
            raise ValueError("must be lower-case letters, digits and _: 'guarded'")
        return value

    def named(self, name: str | None) -> Persona:
        """The same with another name, where there is one."""
        if not name:
            return self
        return self.model_copy(update={"name": name, "about": self.about.replace(self.name, name)})


class KnownPersona(NamedTuple):
    """A persona that can be given by name."""

    name: str
    about: str
    where: str
    """``bundled``, or the path of the user's own file."""
    fault: str | None = None


def load_persona(name_or_path: str) -> Persona:
    """The persona of this name, the user's own first, or of this path.

    What a persona that is ``like`` another one leaves out comes from that one.

    Raises:
        UsageError: nobody has the name.
        DataFileError: the file is not valid; every fault with its place.
    """
    persona = load_model(find(FOLDER, name_or_path), Persona)
    if not persona.like:
        return persona
    other = load_model(find(FOLDER, persona.like), Persona)
    return persona.model_copy(
        update={
            "moved_by": {**other.moved_by, **persona.moved_by},
            "distress": persona.distress or other.distress,
            "needs": persona.needs or other.needs,
            "replies": (*persona.replies, *other.replies),
        }
    )


def personas() -> tuple[KnownPersona, ...]:
    """Everybody who has a name, bundled ones and the user's own, which stand for theirs."""
    shipped = set(bundled(FOLDER))
    found = []
    for name, file in named(FOLDER).items():
        where = "bundled" if file in shipped else str(file)
        try:
            found.append(KnownPersona(name, load_persona(name).about, where))
        except DataFileError as error:
            found.append(KnownPersona(name, "", where, error.message.partition("\n")[0]))
    return tuple(found)
