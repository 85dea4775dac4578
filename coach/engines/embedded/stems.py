"""Words of English text, cut down so that their forms meet. Light on purpose.

``decide``, ``decides`` and ``deciding`` become one stem; nothing is looked up, so other languages
lose nothing but the endings they share with English.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|%")
_SHORTENED = re.compile(r"(?<=\w)'(d|ll|m|re|ve)\b")
_IN_FULL = {"d": " would", "ll": " will", "m": " am", "re": " are", "ve": " have"}
_ENDINGS = ("ingly", "edly", "ing", "ied", "ies", "ed", "ly", "es", "s")
_FOR_Y = ("ied", "ies")
_SHORTEST = 3

_STOP_WORDS = """
a about after again all also always am an and any are around as ask asked at away back be because
been before being both but by came can can't come could day days did didn't do does doesn't doing
don't done down each even every few first for from get gets getting give go goes going gone got had
has hasn't have haven't having he he'd he'll he's her here hers him his how i i'd i'll i'm i've if
in into is isn't it it'd it'll it's its just keep kept know last let like little long look looked
made make makes many may me might mine more most much must my need needed needs never new next no
not now of off ok okay on once one only or other our ours out over own people per put quite rather
really said same say says see seen she she'd she'll she's should since so some something soon still
such take taken takes tell than that that'd that's the their them then there there's these they
they'd they'll they're thing things think this those though three through till time to together
told too took two under until up us use used very want wanted wants was wasn't way we we'd we'll
we're week weeks well went were weren't we've what what's when where which while who whose why will
with without won't work working works would yeah yes yet you you'd you'll you're you've your yours
"""


def stems(text: str) -> list[str]:
    """The stems of the text's words in order, stop words and numbers among them."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'").lower()
    plain = _SHORTENED.sub(lambda found: _IN_FULL[found[1]], plain)
    return [_stem(word) for word in _WORD.findall(plain)]


def is_informative(stem: str) -> bool:
    """Whether the stem says something about the matter: no stop word, no number, no letter."""
    return len(stem) > 1 and stem not in _STOPPED and not stem[0].isdigit()


@lru_cache(maxsize=16384)
def _stem(word: str) -> str:
    word = word.removesuffix("'s")
    for ending in _ENDINGS:
        shortest = _SHORTEST - (ending in _FOR_Y)
        if word.endswith(ending) and len(word) - len(ending) >= shortest:
            return _tidied(word, ending)
    return word.removesuffix("e") if len(word) > _SHORTEST else word


def _tidied(word: str, ending: str) -> str:
    if ending == "s" and word[-2] in "su":
        return word
    root = word[: -len(ending)]
    if ending in _FOR_Y:
        return root + "y"
    doubled = root[-1] == root[-2] and root[-1] not in "lsz"
    if ending in ("ing", "ed") and doubled:
        return root[:-1]
    return root.removesuffix("e") if len(root) > _SHORTEST else root


_STOPPED = frozenset(stem for word in _STOP_WORDS.split() for stem in (word, _stem(word)))
