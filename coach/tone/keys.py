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
_TOKEN = re.compile(r"\w+(?:'\w+)*|\n")
_MOST_PAIRS = 600
"""A set of more pairs takes longer to look up than it saves."""
_COMMON = frozenset(
    "after again also asked ask back because before by call come could day days did down each even"
    " every everyone file first good got ive just know last like line list look made make may must"
    " need never new next nobody now okay only other over own people put right said same say second"
    " see should some still take tell than then there think three time told two until use used want"
    " way week well where which why work would yes".split()
)
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
    return words_of(tokens_of(masked))


def tokens_of(masked: str) -> list[str]:
    """The words of a masked text in order, a line break being one."""
    if EMPLOYEE in masked:
        masked = _NAME.sub(EMPLOYEE, masked)
    return _TOKEN.findall(masked)


def words_of(tokens: Sequence[str]) -> set[str]:
    """The same as ``text_words`` for words in order."""
    found = set(tokens)
    found.update(map(" ".join, pairwise(tokens)))
    for at, token in enumerate(tokens):
        if "'" in token:
            found.update(short_form(tokens, at))
    return found


def short_form(tokens: Sequence[str], at: int) -> tuple[str, ...]:
    """What a word with an apostrophe adds: without it, its parts, both beside neighbours."""
    token = tokens[at]
    before = _pairs(tokens[at - 1], token) if at else ()
    after = _pairs(token, tokens[at + 1]) if at + 1 < len(tokens) else ()
    return (*_inside(token), *before, *after)


@lru_cache(maxsize=4096)
def _inside(token: str) -> tuple[str, ...]:
    parts = token.split("'")
    return (*parts, "".join(parts), *map(" ".join, pairwise(parts)))


@lru_cache(maxsize=8192)
def _pairs(left: str, right: str) -> tuple[str, ...]:
    lefts, rights = left.split("'"), right.split("'")
    return tuple(
        f"{one} {other}"
        for one in {"".join(lefts), lefts[-1]}
        for other in {"".join(rights), rights[0]}
    )


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
    return min(needs, key=often_any, default=None)


@lru_cache(maxsize=8192)
def often_any(keys: Keys) -> float:
    """How often a text holds one of them, roughly."""
    return sum(_often(*key.split(" ")) for key in keys)


def _often(word: str, after: str | None = None) -> float:
    return _share(word) if after is None else _share(word) * _share(after) / 400.0


def _share(word: str) -> float:
    return 40.0 if word in _PLAIN else 8.0 if word in _COMMON else 1.0
