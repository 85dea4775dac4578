"""The roster: people whose names must not leave, and the ways each name is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from coach.engines.llm.pseudonyms.atoms import folded
from coach.engines.llm.pseudonyms.lexicon import lexicon
from coach.errors import DataFileError, UsageError
from coach.resources import load_model, read_text

Form = tuple[str, ...]
"""The folded atoms of one way to write a name."""

HONORIFICS = frozenset(
    "mr mrs ms miss mx dr prof professor sir madam herr frau mme mlle monsieur senor senora sr sra "
    "dame lord lady rev father sister pastor".split()
)
PARTICLES = frozenset(
    "de da di do dos das du del della der den van von zu la le el al bin binti ibn abu ap mac mc "
    "st ter ten of".split()
)
_MOST_BYTES = 1_000_000
_ENDINGS = frozenset({".txt", ".yaml", ".yml"})
_COMMA = re.compile(r",(?![^(]*\))")
"""One that stands in no parentheses."""
_EXPANDED = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "å": "aa", "ø": "oe"}
)
_ENTRY = re.compile(
    r"(?P<name>[^<>()\n]{1,120}?)\s{0,8}(?:<(?P<email>[^<>()\s]{1,254})>)?\s{0,8}"
    r"(?:\((?P<aliases>[^()\n]{0,400})\))?\s{0,8}\Z"
)


class Person(BaseModel):
    """Somebody on the roster. Pronouns are for the reader of the file: they stay in the text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=120)
    aliases: tuple[str, ...] = ()
    pronouns: str | None = None
    email: str | None = None
    id: str | None = None
    """Employee number or the like, as it is written in notes."""

    @model_validator(mode="before")
    @classmethod
    def _name_alone(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value

    @field_validator("name")
    @classmethod
    def _has_letters(cls, value: str) -> str:
        if not any(letter.isalpha() for letter in value):
            raise ValueError("must hold a letter")
        return value.strip()


class _Roster(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    people: tuple[Person, ...]


def load_people(path: Path) -> tuple[Person, ...]:
    """The people of a roster file.

    YAML (``people:`` with a list of names, or of blocks with name, aliases, pronouns, email, id),
    or else plain text, one person a line: ``Dana Whitlock <dana@example.org> (Dee, DW)``, of which
    only the name is needed; ``#`` starts a comment.

    Raises:
        DataFileError: the file cannot be read or is not valid, told at path:line:column.
    """
    if path.suffix.lower() in {".yaml", ".yml"}:
        return load_model(path, _Roster).people
    people: list[Person] = []
    for number, line in enumerate(read_text(path, most_bytes=_MOST_BYTES).splitlines(), 1):
        entry = line.partition("#")[0].rstrip()
        if entry.strip():
            column = len(entry) - len(entry.lstrip()) + 1
            people.append(_person(entry.strip(), f"{path}:{number}:{column}"))
    if not people:
        raise DataFileError(f"{path}:1:1: names nobody", hint="write one name a line")
    return tuple(people)


def people_of(told: str) -> tuple[Person, ...]:
    """The people that a setting tells: those of a roster file, or names with commas between them.

    What ends in ``.txt``, ``.yaml`` or ``.yml``, or has a slash in it, is a file; all else are
    names, each as in a file's line: ``Dana Whitlock (Dee, DW), Raj``.

    Raises:
        DataFileError: the file is not valid.
        UsageError: there is no name in it, or it may as well be a file.
    """
    path = Path(told).expanduser()
    if path.suffix.lower() in _ENDINGS or "/" in told or "\\" in told:
        return load_people(path)
    if path.is_file():
        raise UsageError(
            f"--people {told!r} may be a name or the file of that name",
            hint="give the file an ending: .txt or .yaml",
        )
    try:
        return tuple(_person(entry.strip(), "--people") for entry in _COMMA.split(told))
    except DataFileError as error:
        raise UsageError(
            error.message, hint="write names with commas between them, or the path of a file"
        ) from None


def forms_of(name: str) -> Iterator[Form]:
    """The ways this name is written, the whole of it first; honorifics are left out."""
    yield from _forms(name)
    expanded = name.translate(_EXPANDED)
    if expanded != name:
        yield from _forms(expanded)


def nicknames_of(name: str) -> Iterator[Form]:
    """Other forms of the first name, alone and with the last: Liz, Liz Whitlock."""
    words = _words(name)
    if words and len(words[0]) == 1:
        for short in lexicon().short.get(words[0][0], ()):
            yield (short,)
            if len(words) > 1:
                yield (short, *words[-1])


def _forms(name: str) -> Iterator[Form]:
    words = _words(name)
    if not words:
        return
    first, last = words[0], words[-1]
    whole = tuple(atom for word in words for atom in word)
    yield whole
    yield from _part(first)
    if len(words) == 1:
        return
    at = next((i for i in range(1, len(words)) if words[i][0] in PARTICLES), len(words) - 1)
    surname = tuple(atom for word in words[at:] for atom in word)
    families = [surname, last, ("".join(last),)]
    if len(last[0]) > 2:
        families.append(last[:1])
    for family in dict.fromkeys(families):
        yield from _part(family)
        yield family + first
        yield first + family
        yield (first[0][:1], *family)
        yield (*family, first[0][:1])
        for joined in ("".join(first + family), first[0][:1] + "".join(family)):
            if len(joined) > 3 and not lexicon().is_word(joined):
                yield (joined,)
    yield (*first, last[0][:1])
    for middle in words[1:at]:
        if len(middle[0]) > 2 and middle[0] not in PARTICLES:
            yield from _part(middle)
            yield first + middle


def _part(part: Form) -> Iterator[Form]:
    yield part
    if len(part) == 1:
        return
    yield ("".join(part),)
    lead = part[0] if part[0] not in PARTICLES and len(part[0]) > 2 else None
    if lead is not None:
        yield (lead,)
        if len(part[-1]) > 2:
            yield (part[-1],)


def _words(name: str) -> list[Form]:
    """The name's words as atoms, ``Last, First`` turned round, without honorifics."""
    last, comma, rest = name.partition(",")
    ordered = f"{rest} {last}" if comma and rest.strip() else name
    words = [folded(word) for word in ordered.split()]
    named = [word for word in words if word]
    while len(named) > 1 and named[0][0] in HONORIFICS:
        named = named[1:]
    return named


def _person(entry: str, place: str) -> Person:
    match = _ENTRY.match(entry)
    if match is None or not any(letter.isalpha() for letter in match["name"]):
        raise DataFileError(
            f"{place}: is not 'Name', 'Name <mail>' or 'Name <mail> (alias, alias)'",
            hint="write one person a line",
        )
    aliases = (alias.strip() for alias in (match["aliases"] or "").split(","))
    return Person(
        name=match["name"].strip(), email=match["email"], aliases=tuple(filter(None, aliases))
    )
