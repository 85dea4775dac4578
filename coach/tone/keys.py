"""Keys: the words by which phrases are looked up, so that most are never tried on a text.

A key is a word, or two neighbouring words with a blank between. A phrase knows sets of keys of
each of which a text must hold one; a text gives all that it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

Keys = frozenset[str]

EMPLOYEE = "ꙮ"
"""Each letter of the employee's name in a masked text; the key of the whole name."""

_NAME = re.compile(rf"{EMPLOYEE}+(?:'s)?")
_TOKEN = re.compile(r"\w+(?:'\w+)*")
_MOST_PAIRS = 600
"""A set of more pairs takes longer to look up than it saves."""
_PLAIN = frozenset(
    "a about again all always an and any are as at be been by can cant do does dont else for from"
    " get go had has have he hes her his how i ill im if in is isnt it its like me more my"
    " never no not of off on one or out she shes so that thats the their them there they this"
    " to too up was we what when who will with you youre your".split()
)


def text_words(masked: str) -> set[str]:
    """The words of a masked text and the pairs of neighbours, as phrases' keys know them.

    A word with an apostrophe stands there without it and in its parts; a hyphen parts words.
    """
    if EMPLOYEE in masked:
        masked = _NAME.sub(EMPLOYEE, masked)
    tokens = _TOKEN.findall(masked)
    found = set(tokens)
    if "'" not in masked:
        found.update(map(" ".join, pairwise(tokens)))
        return found
    before: tuple[str, ...] = ()
    for token in tokens:
        heads: tuple[str, ...] = (token,)
        tails = heads
        if "'" in token:
            parts = token.split("'")
            whole = "".join(parts)
            found.update(parts, (whole,), map(" ".join, pairwise(parts)))
            heads, tails = (whole, parts[0]), (whole, parts[-1])
        found.update([f"{left} {right}" for left in before for right in heads])
        before = tails
    return found


def either(sets: Sequence[Keys | None]) -> Keys | None:
    """All keys of these; None if one set is not known."""
    known = [keys for keys in sets if keys is not None]
    return frozenset().union(*known) if len(known) == len(sets) else None


def neighbours(parts: Sequence[tuple[Keys | None, Keys | None, bool]]) -> Iterator[Keys]:
    """The pairs that must be met where these parts follow each other.

    A part is the words it may start with, those it may end with, and whether it may be missing.
    """
    for at, (_, lasts, empty) in enumerate(parts):
        nexts: set[str] = set()
        for firsts, _, skipped in parts[at + 1 :] if lasts and not empty else ():
            if not firsts:
                break
            nexts |= firsts
            if not skipped:
                if len(nexts) * len(lasts or ()) <= _MOST_PAIRS:
                    yield frozenset(f"{left} {right}" for left in lasts or () for right in nexts)
                break


def rarest(needs: Iterable[Keys]) -> Keys | None:
    """Of sets that must all be met, the one that fewest texts meet."""
    return min(needs, key=_often_any, default=None)


@lru_cache(maxsize=8192)
def _often_any(keys: Keys) -> float:
    """How often a text holds one of them, roughly."""
    return sum(_often(*key.split(" ")) for key in keys)


def _often(word: str, after: str | None = None) -> float:
    share = 40.0 if word in _PLAIN else 1.0
    return share if after is None else share * (40.0 if after in _PLAIN else 1.0) / 400.0
