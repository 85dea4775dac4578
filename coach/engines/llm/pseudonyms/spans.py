"""Spans: what is to be hidden in a text, without overlaps, and what then is left over."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from coach.engines.llm.pseudonyms.atoms import Atom
from coach.engines.llm.pseudonyms.cues import dated, modal
from coach.engines.llm.pseudonyms.lexicon import lexicon
from coach.engines.llm.pseudonyms.names import FUNCTION
from coach.engines.llm.pseudonyms.roster import HONORIFICS


class Span(NamedTuple):
    """Something to hide."""

    start: int
    end: int
    rank: int
    """Of two that overlap the lower rank stands."""
    kind: str
    owner: int


def apart(text: str, spans: Iterable[Span]) -> list[Span]:
    """The spans without overlap: lower rank first, then longer; what is left of a cut one stays."""
    taken = bytearray(len(text))
    chosen: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.rank, span.start - span.end, span.start)):
        start = taken.find(0, span.start, span.end)
        while start >= 0:
            end = taken.find(1, start, span.end)
            end = span.end if end < 0 else end
            if any(map(str.isalnum, text[start:end])):
                chosen.append(span._replace(start=start, end=end))
            taken[start:end] = b"\1" * (end - start)
            start = taken.find(0, end, span.end)
    return chosen


def outside(words: Iterable[Atom], spans: Iterable[Span]) -> list[Atom]:
    """The words that no span touches."""
    ordered = sorted(spans)
    ends = [span.end for span in ordered]
    return [
        word
        for word in words
        if (at := bisect_right(ends, word.start)) == len(ordered) or ordered[at].start >= word.end
    ]


def unexplained(text: str, found: Sequence[Atom]) -> list[Atom]:
    """The capitalised words that nothing known explains."""
    known = lexicon()
    rest = []
    for at, atom in enumerate(found):
        if not atom.cap or len(atom.folded) < 2 or atom.folded in known.capitals:
            continue
        acronym = atom.upper and len(atom.folded) <= 5 and not known.is_name(atom.folded)
        if atom.folded in HONORIFICS or acronym:
            continue
        if (
            (atom.fused and not _after_a_letter(found, at))
            or dated(text, found, at)
            or modal(found, at)
            or _contracted(found, at)
        ):
            continue
        if atom.folded not in FUNCTION and not (atom.opens and known.is_plain(atom.folded)):
            rest.append(atom)
    return rest


def _after_a_letter(found: Sequence[Atom], at: int) -> bool:
    """Whether this is the end of a name such as ``L'Amour``, of which the front is one letter."""
    return at > 0 and len(found[at - 1].folded) == 1 and found[at - 1].cap


def _contracted(found: Sequence[Atom], at: int) -> bool:
    """Whether this is the front of ``Don't`` or ``We'll``."""
    after = found[at + 1] if at + 1 < len(found) else None
    return after is not None and after.fused and after.folded in {"t", "ll", "re", "ve", "d", "m"}
