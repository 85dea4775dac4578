"""Atoms: the runs of letters in a text, and how two of them hang together."""

from __future__ import annotations

import re
from typing import NamedTuple

from coach.engines.llm.pseudonyms.lexicon import fold

# Marks and invisible characters belong to their letter: a soft hyphen must not part a name.
_ATOM = re.compile(r"(?:[^\W\d_]++[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]*+)++", re.UNICODE)
_OPENING = frozenset(".!?:;\n•*>|#")
_BLANK = frozenset(" \t\u00a0\u2009\u202f")
_JOINER = frozenset(" \t\u00a0\u2009\u202f-‐‑'’ʼ.,_·")
APOSTROPHES = "'’ʼ"


class Atom(NamedTuple):
    """A run of letters and how it stands."""

    start: int
    end: int
    folded: str
    cap: bool
    """Starts with a capital."""
    upper: bool
    """Two letters or more, all of them capitals."""
    opens: bool
    """Stands where a capital says nothing: at the start of a line or sentence."""
    gap: str
    """What stands between the atom before and this one."""

    @property
    def spaced(self) -> bool:
        """Whether only blanks part it from the atom before."""
        return bool(self.gap) and _BLANK.issuperset(self.gap)

    @property
    def joined(self) -> bool:
        """Whether it may be the next part of a name: ``O'Neil``, ``Whitlock, Dana``, ``D. Ash``."""
        return bool(self.gap) and len(self.gap) <= 6 and _JOINER.issuperset(self.gap)

    @property
    def fused(self) -> bool:
        """Whether a hyphen or apostrophe ties it to the atom before."""
        return self.gap in {"-", "‐", "‑", "'", "’", "ʼ"}


def atoms(text: str) -> list[Atom]:
    """The atoms of a text in order."""
    found: list[Atom] = []
    after = 0
    for match in _ATOM.finditer(text):
        raw = match[0]
        gap = text[after : match.start()]
        opens = gap != " " and (not found or not _OPENING.isdisjoint(gap))
        found.append(
            Atom(
                match.start(),
                match.end(),
                fold(raw),
                raw[0].isupper() or raw[0].istitle(),
                len(raw) > 1 and raw.isupper(),
                opens,
                gap,
            )
        )
        after = match.end()
    return found


def mostly_lower(found: list[Atom]) -> bool:
    """Whether who wrote this does not bother with capitals at all."""
    capital = sum(atom.cap and not atom.upper and atom.folded != "i" for atom in found)
    return capital * 50 <= len(found)


def folded(name: str) -> tuple[str, ...]:
    """The atoms of a name, folded."""
    return tuple(atom.folded for atom in atoms(name))
