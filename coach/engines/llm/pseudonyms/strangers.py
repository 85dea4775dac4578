"""Strangers: names on no roster, told by a list, by a cue, or by the frame of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from coach.engines.llm.pseudonyms.atoms import Atom
from coach.engines.llm.pseudonyms.cues import (
    dated,
    followed,
    led,
    modal,
    prefixed,
    related,
    titled,
)
from coach.engines.llm.pseudonyms.lexicon import Lexicon, lexicon
from coach.engines.llm.pseudonyms.roster import HONORIFICS, PARTICLES

_MOST_PARTS = 4
_FRAME = re.compile(
    r"[ \t>*_#-]{0,8}(?:from|to|cc|bcc|attendees?|attending|present|participants?|apologies|with"
    r"|people"
    r"|facilitator|note-?taker|notes by|interviewer|prepared by|author|written by|by|signed"
    r"|manager|employee"
    r"|line manager|team lead|name|reviewer|owner|report"
    r"|colleague)\*{0,2}[ \t]{0,3}:\*{0,2}[ \t]{0,3}(?=\S)",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"(?<!\w)(?:1[:.-]1|1on1|1-to-1|121|one[- ](?:to|on)[- ]one|catch[- ]?up|check[- ]?in|chat"
    r"|call|meeting"
    r"|review|sync|talk|conversation|spoke|notes?|isp|plan)s?(?:[ \t](?:with|w/|for|avec|mit|con))?"
    r"[ \t]{0,2}(?:w/|[:,–—|-])?[ \t]{0,2}",
    re.IGNORECASE,
)
_FAREWELL = re.compile(
    r"[ \t]{0,8}(?:(?:kind |best |warm )?regards|best|best wishes|thanks|many thanks|cheers|yours"
    r"|sincerely"
    r"|all the best|love)[,!.]?[ \t]{0,4}\Z",
    re.IGNORECASE,
)
_MAIL = re.compile(r"(?<![\w.])([^\W\d_]{2,20})[._]([^\W\d_]{2,20})@")
_LEADING = frozenset("van von der den de bin ibn mc".split())
"""Small words that lead a family name."""
_COMPANY = frozenset(
    "ltd limited inc llc plc gmbh ag corp corporation university hospital airport "
    "street road avenue college school group holdings foundation institute".split()
)
_ARTICLES = frozenset("the a an this that our my your their his her its each every no any".split())


def strangers(text: str, found: Sequence[Atom], *, lower: bool) -> Iterator[str]:
    """The names of people in a text that nobody listed, as they are written, longest first."""
    search = _Search(text, found, lower)
    names = [*search.names(), *_mail_names(text)]
    yield from sorted(dict.fromkeys(names), key=lambda name: -len(name.split()))


class _Search:
    """One text, and which of its words stand like a person's name."""

    def __init__(self, text: str, found: Sequence[Atom], lower: bool) -> None:
        self._text = text
        self._found = found
        self._lower = lower
        self._known: Lexicon = lexicon()
        self._framed = self._frames()

    def names(self) -> Iterator[str]:
        at = 0
        person_before = -2
        while at < len(self._found):
            last = self._run(at)
            if last >= at and self._person(at, last, after_person=person_before == at - 2):
                yield self._text[self._found[at].start : self._found[last].end]
                person_before = last
            at = max(last, at) + 1

    def _person(self, at: int, last: int, *, after_person: bool) -> bool:
        """Whether the run of atoms is a person's name, by list or by cue."""
        atom, text, found = self._found[at], self._text, self._found
        if dated(text, found, at) or modal(found, at) or self._company(last):
            return False
        if titled(found, at) or prefixed(found, at):
            return True
        cued = led(found, at) or related(found, at) or followed(text, found, last)
        cued = cued or at in self._framed
        chained = after_person and found[at - 1].folded in {"and", "or"} and atom.spaced
        if atom.upper and len(atom.folded) == 3 and last == at and not (cued or chained):
            return False
        if last > at and not atom.cap and atom.folded in _LEADING:
            return atom.folded != "de" or cued
        if atom.folded in self._known.places or atom.folded in self._known.capitals:
            return cued or (last > at and not self._known.is_plain(self._found[last].folded))
        if atom.folded in self._known.wordy:
            return self._wordy(at, last, cued or chained)
        if atom.folded in self._known.given or atom.folded in self._known.family:
            return True
        return (cued or chained) and not self._known.is_plain(atom.folded)

    def _wordy(self, at: int, last: int, cued: bool) -> bool:
        """Mark, Grace, Hill: a capital inside a sentence says person, unless an article leads."""
        atom = self._found[at]
        if not atom.cap or (atom.upper and len(atom.folded) < 4):
            return False
        if cued or (last > at and not self._known.is_plain(self._found[last].folded)):
            return True
        before = self._found[at - 1].folded if at and atom.spaced else ""
        given = atom.folded in self._known.given
        return given and not atom.opens and bool(before) and self._calm(at, last, before)

    def _calm(self, at: int, last: int, before: str) -> bool:
        after = self._found[last + 1] if last + 1 < len(self._found) else None
        if before in _ARTICLES or (self._found[at - 1].cap and not self._found[at - 1].opens):
            return False
        return after is None or not (after.spaced and after.cap)

    def _run(self, at: int) -> int:
        """The last atom of the name that could start here; before ``at`` where none could."""
        last = at
        if self._found[at].folded in _LEADING and at + 1 < len(self._found):
            last += 1 + (self._particle(at + 1) and at + 2 < len(self._found))
            if not (self._found[last].cap and self._found[last].spaced and self._starts(last)):
                return at - 1
        elif not self._starts(at):
            return at - 1
        while last + 1 < len(self._found) and last - at < _MOST_PARTS - 1:
            step = 1
            while step < 3 and self._particle(last + step):
                step += 1
            if last + step >= len(self._found) or not self._continues(at, last + step, step):
                break
            last += step
        return last

    def _starts(self, at: int) -> bool:
        atom, known = self._found[at], self._known
        if prefixed(self._found, at):
            return True
        if len(atom.folded) < 2 or atom.folded in HONORIFICS:
            return False
        if not atom.cap:
            listed = atom.folded in known.given or (self._lower and atom.folded in known.family)
            plain = atom.folded in known.wordy or atom.folded in known.words
            return listed and not plain and len(atom.folded) >= 4
        if atom.folded in known.capitals and atom.folded not in known.wordy:
            return False
        acronym = atom.upper and len(atom.folded) <= 5
        listed = atom.folded in known.given and atom.folded not in known.wordy
        if acronym and not (listed and len(atom.folded) > 2):
            return False
        return not known.is_plain(atom.folded) or titled(self._found, at)

    def _continues(self, at: int, place: int, step: int) -> bool:
        """Whether the atom at ``place`` goes on with the name that starts at ``at``."""
        first, part, known = self._found[at], self._found[place], self._known
        if prefixed(self._found, place):
            return part.gap == " " and first.cap
        if prefixed(self._found, place - 1):
            return True
        if part.cap != first.cap or part.folded in known.capitals or len(part.folded) < 2:
            return False
        if part.gap in {"'", "’"}:
            return place == at + 1 or step > 1
        if part.gap != " " and not part.fused:
            return False
        if not first.cap:
            return part.folded in known.family and part.folded not in known.words
        if part.upper and not first.upper:
            return False
        return part.fused or not known.is_plain(part.folded)

    def _particle(self, place: int) -> bool:
        if place >= len(self._found):
            return False
        atom = self._found[place]
        return atom.folded in PARTICLES and atom.gap == " " and not atom.upper

    def _company(self, last: int) -> bool:
        after = self._found[last + 1] if last + 1 < len(self._found) else None
        return after is not None and after.spaced and after.cap and after.folded in _COMPANY

    def _frames(self) -> frozenset[int]:
        """The atoms that the frame points at: after From:, among attendees, 1:1 X, Thanks, X."""
        starts = {atom.start: at for at, atom in enumerate(self._found)}
        places: set[int] = set()
        offset, farewell = 0, False
        for line in self._text.split("\n"):
            lead = offset + len(line) - len(line.lstrip())
            if farewell and len(line.split()) <= 3:
                places.add(starts.get(lead, -1))
            farewell = len(line) < 60 and bool(_FAREWELL.match(line))
            frame = _FRAME.match(line[:80])
            if frame:
                places |= self._listed(line, offset, frame.end(), starts)
            for talk in _TALK.finditer(line[:120]):
                places.add(starts.get(offset + talk.end(), -1))
            offset += len(line) + 1
        return frozenset(places)

    def _listed(self, line: str, offset: int, at: int, starts: dict[int, int]) -> set[int]:
        places: set[int] = set()
        for part in re.finditer(r"(?:[^,;/&|]{1,60}?)(?=,|;|/|&|\||\band\b|$)", line[at:600]):
            skipped = len(part[0]) - len(part[0].lstrip(" \t,;/&|<"))
            head = part[0].lstrip(" \t,;/&|<")
            if head.startswith("and "):
                skipped += 4
            places.add(starts.get(offset + at + part.start() + skipped, -1))
        return places


def _mail_names(text: str) -> Iterator[str]:
    """``dana.whitlock@...`` names Dana Whitlock."""
    known = lexicon()
    for match in _MAIL.finditer(text):
        first, last = match[1], match[2]
        if not (known.is_plain(first.lower()) or known.is_plain(last.lower())):
            yield f"{first} {last}"
