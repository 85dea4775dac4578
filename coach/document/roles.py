"""Who is the manager and who the employee: as told, as labelled, or as plain from what is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from coach.document.cast import leading_voice
from coach.document.labels import (
    EMPLOYEE_WORDS,
    MANAGER_WORDS,
    in_order,
    key_of,
    person_of,
)
from coach.document.model import Role
from coach.document.turns import Part
from coach.errors import UsageError

# A voice with less than this share of the words only came by.
_MAIN = 0.15
_TWO = 2


class Cast(NamedTuple):
    """The role of each voice (by key), the two names, how they are known, what to warn of."""

    roles: Mapping[str, Role]
    manager: str | None = None
    employee: str | None = None
    source: str | None = None
    warnings: tuple[str, ...] = ()


class _Voice(NamedTuple):
    key: str
    label: str
    share: float
    """Of all words said by a named voice."""


def cast_voices(
    parts: Sequence[Part], *, manager: str | None = None, employee: str | None = None
) -> Cast:
    """The cast of a transcript.

    Names given must match a voice, by first or full name, else ``UsageError``;
    ``Devi=SPEAKER_01`` gives a voice its name. With two voices, or two main ones, knowing one
    settles the other. Nothing is guessed: where it is not plain, no role.
    """
    voices = _voices(parts)
    if not voices:
        return Cast({}, person(manager), person(employee), _options(manager, employee))
    told: dict[str, Role] = {}
    for name, role, option in (
        (manager, "manager", "--manager"),
        (employee, "employee", "--employee"),
    ):
        if name is not None:
            key = _match(name.partition("=")[2] or name, voices, option)
            if key in told:
                raise UsageError(
                    f"--manager and --employee both name the voice {name!r}",
                    hint="give the one you are sure of; the other follows",
                )
            told[key] = "manager" if role == "manager" else "employee"
    source = _options(manager, employee)
    if not told:
        told, source = _labelled(voices)
    if not told:
        told, source = _inferred(parts, voices)
    roles = _completed(told, voices)
    return Cast(
        roles,
        person(manager) or _named("manager", roles, voices),
        person(employee) or _named("employee", roles, voices),
        source if roles else None,
        _unclear(roles, voices),
    )


def person(told: str | None) -> str | None:
    """The name in what was told: ``Devi`` of ``Devi=SPEAKER_01``."""
    return told.partition("=")[0].strip() or None if told else None


def _voices(parts: Sequence[Part]) -> list[_Voice]:
    words: dict[str, int] = {}
    labels: dict[str, str] = {}
    for part in parts:
        if part.kind == "speech" and part.speaker is not None:
            key = key_of(part.speaker)
            labels.setdefault(key, part.speaker)
            words[key] = words.get(key, 0) + len(part.text[part.prefix :].split())
    total = sum(words.values()) or 1
    return [_Voice(key, label, words[key] / total) for key, label in labels.items()]


def _main(voices: Sequence[_Voice]) -> list[_Voice]:
    return [voice for voice in voices if voice.share >= _MAIN]


def _match(name: str, voices: Sequence[_Voice], option: str) -> str:
    """The key of the one voice a name means: the whole of it, or some of its words."""
    wanted = key_of(name)
    found = [voice.key for voice in voices if voice.key == wanted]
    if not found:
        parts = set(wanted.split())
        found = [voice.key for voice in voices if parts and parts <= set(voice.key.split())]
    if not found:
        # "Dana Whitlock" for the label "Dana": the label's words all stand in the name.
        parts = set(wanted.split())
        found = [voice.key for voice in voices if set(voice.key.split()) <= parts]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(repr(voice.label) for voice in voices[:8])
    what = "more than one voice is called" if found else "no voice is called"
    raise UsageError(
        f"{option}: {what} {name!r}",
        hint=f"the voices are {listed}; give one a name with {option} NAME=VOICE",
    )


def _labelled(voices: Sequence[_Voice]) -> tuple[dict[str, Role], str | None]:
    """Roles that the labels say themselves: Manager, Me and Them, "Dana (Manager)"."""
    roles: dict[str, Role] = {}
    for voice in voices:
        role = _word_role(voice.label)
        if role is not None and role not in roles.values():
            roles[voice.key] = role
    if not roles:
        return {}, None
    first = next(voice.label for voice in voices if voice.key in roles)
    return roles, f"the label {first!r}; --manager changes it"


def _word_role(label: str) -> Role | None:
    aside = label.rpartition("(")[2].rpartition("[")[2].rstrip(")] ") if label[-1:] in ")]" else ""
    for words in (in_order(label), aside):
        word = words.casefold().strip().replace(" ", "-")
        if word in MANAGER_WORDS:
            return "manager"
        if word in EMPLOYEE_WORDS:
            return "employee"
    return None


def _inferred(
    parts: Sequence[Part], voices: Sequence[_Voice]
) -> tuple[dict[str, Role], str | None]:
    main = _main(voices)
    if len(main) != _TWO:
        return {}, None
    said: dict[str, list[tuple[int, str]]] = {voice.key: [] for voice in main}
    for number, part in enumerate(parts, 1):
        if part.kind == "speech" and part.speaker and (key := key_of(part.speaker)) in said:
            said[key].append((number, part.text[part.prefix :]))
    verdict = leading_voice(said)
    if verdict is None:
        return {}, None
    return (
        {verdict.manager: "manager"},
        f"inferred from what is said (line {verdict.line}); --manager changes it",
    )


def _completed(told: Mapping[str, Role], voices: Sequence[_Voice]) -> dict[str, Role]:
    """The roles that follow: the other main voice's, and "other" for those who came by."""
    roles: dict[str, Role] = dict(told)
    if not roles:
        return roles
    # of two, the one that says next to nothing did not only come by
    main = [voice.key for voice in (voices if len(voices) == _TWO else _main(voices))]
    open_main = [key for key in main if key not in roles]
    missing: list[Role] = [role for role in ("manager", "employee") if role not in roles.values()]
    if len(missing) == 1 and len(open_main) == 1 and any(key in roles for key in main):
        roles[open_main[0]] = missing[0]
    settled = {"manager", "employee"} <= set(roles.values())
    for voice in voices:
        if voice.key not in roles and (settled or voice.share < _MAIN):
            roles[voice.key] = "other"
    return roles


def _named(role: Role, roles: Mapping[str, Role], voices: Sequence[_Voice]) -> str | None:
    return next((person_of(voice.label) for voice in voices if roles.get(voice.key) == role), None)


def _options(manager: str | None, employee: str | None) -> str | None:
    given = [option for option, name in (("--manager", manager), ("--employee", employee)) if name]
    return " and ".join(given) or None


def _unclear(roles: Mapping[str, Role], voices: Sequence[_Voice]) -> tuple[str, ...]:
    """What to say of a role that nobody has; of somebody who talks alone nothing but who it is."""
    known = set(roles.values())
    if {"manager", "employee"} <= known or (known and len(voices) == 1):
        return ()
    role = "employee" if "manager" in known else "manager"
    listed = ", ".join(voice.label for voice in voices[:8])
    more = f" and {len(voices) - 8} more" if len(voices) > 8 else ""
    return (f"who is the {role} is not clear: say --{role} NAME (voices: {listed}{more})",)
