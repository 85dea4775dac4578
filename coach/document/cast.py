"""Which of two voices leads, told by what they say; silent where it is not plain.

A counter of cues, each a turn of phrase that goes with giving or with receiving direction. Weights
are set by hand. ``docs/reading-files.md`` says how often it speaks and how often it is right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from math import sqrt
from typing import NamedTuple


class Verdict(NamedTuple):
    """The voice that leads, and the line (1-based) that says so most."""

    manager: str
    line: int


class _Score(NamedTuple):
    balance: float
    spread: float
    line: int


# One habit of speech must not decide alone.
_MOST = 4
_NEEDED = 6.0
# In standard deviations of the sum, were each cue as likely either way.
_CLEAR = 2.0
_ENOUGH = 400
"""Lines of each voice that are listened to."""

_LEADS = (
    # asks what the other needs, thinks, would do
    (3, r"what (?:do|would|else do) you need (?:from|off) (?:me|us)|need from me\b"),
    (2, r"what (?:do|would) you need\b|anything (?:you need|else from me|from me)\b"),
    (2, r"what (?:should|could|can) i (?:do|be doing) (?:differently|better|more)"),
    (1, r"what do you (?:think|want|reckon|see)\b"),
    (1, r"how (?:do|did|would) you\b"),
    (1, r"tell me (?:what|how|where|about|from)\b"),
    (1, r"what would (?:good|great)\b|what does (?:good|great|done) look"),
    # gives freedom, or keeps a decision
    (
        3,
        r"(?:no need|don'?t(?: need| have)?|needn'?t) (?:to )?"
        r"(?:ask|check|ring|call|tell|text)\b",
    ),
    (3, r"(?:it'?s|that'?s|is) (?:all )?(?:your|yours)(?: own)? (?:call|to decide|decision)"),
    (2, r"you (?:just )?decide\b|up to you\b|your (?:call|decision|shout)\b"),
    (2, r"(?:tell|ring|call|text|message|ask|ping|email|show|send|bring) me\b(?! why)"),
    (2, r"(?:come|goe?s?|run it|check|talk|speak) (?:to|by|past|with|through) me (?:first|before)"),
    (2, r"do it,? (?:and |then )?(?:tell|let) me\b|wait for (?:me|my)\b"),
    (1, r"(?:that'?s|it'?s|is|are) yours\b"),
    (1, r"you (?:wait|take|keep|own|run)\b"),
    # assigns, plans, asks for
    (3, r"from you,? i\b|(?:i|we) need (?:you|from you)\b|(?:need|want) you to\b"),
    (2, r"i'?d like you to\b|i (?:want|expect) (?:you|to see)\b"),
    (2, r"from you\b"),
    (2, r"on your plate\b|(?:your|the) (?:main|first|top|big) (?:thing|job|priority)\b"),
    (1, r"(?:can|could|would|will) you\b"),
    (1, r"i'?ll (?:get|book|sort|pay|order|put) you\b|(?:i|we)'?ll (?:pay|cover|fund|find)\b"),
    (1, r"your\b"),
    (1, r"for you\b"),
    # praises, judges
    (2, r"(?:good|great|nice|lovely|brilliant) (?:job|work)\b|well done\b|proud of you\b"),
    (2, r"you(?:'ve)? (?:did|handled|kept|got|done) (?:that|it|the|this)\b"),
    (1, r"i (?:saw|noticed|heard) (?:you|your|that you|how you)\b"),
    (1, r"you (?:know|are|were)\b"),
)
_REPORTS = (
    # asks leave, asks for help
    (3, r"(?:do|should|must|shall) i (?:need to |have to )?(?:ask|check|tell|ring|call|text|wait)"),
    (2, r"(?:can|could|may) i (?:ask|say|have|get|do|just|take|go|put|try|use|still)\b"),
    (2, r"am i (?:allowed|supposed|meant|ok|okay|in)\b|(?:is|are) (?:that|it|we) ok(?:ay)? if"),
    (1, r"can i\b"),
    (1, r"what about\b|what if\b"),
    (1, r"do i\b|should i\b"),
    (3, r"i'?d? need from you\b|you (?:could|can) (?:help|sort|get) me\b"),
    (2, r"if you (?:could|can) (?:just )?(?:tell|give|get|let|back|sort|ask)\b"),
    (2, r"you (?:never|didn'?t|don'?t) (?:tell|told|answer|reply|back|give)\b"),
    # own growth, own work
    (3, r"i'?d (?:like|love|want) to (?:learn|do|try|get|go|move|be|have|run|see|take)\b"),
    (2, r"i (?:want|would like|wanna|hope) to (?:learn|do|try|get|become|be)\b"),
    (1, r"i (?:thought|didn'?t know|was|had|did|finished|got|sent|made|went|wrote|fixed)\b"),
    (1, r"i'?ve (?:been|done|got|had|finished|sent|started)\b"),
    (1, r"i can'?t\b"),
    # how one speaks upwards
    (
        3,
        r"(?:yes|ok|okay|no|noted|morning|sorry|thank you|thanks),? "
        r"(?:sir|ma|ma'?am|mam|madam|boss|chef|miss|aunty|oga)\b",
    ),
    (2, r"(?:sir|ma|ma'am|mam|madam|boss|chef|miss)[.,!?]?$"),
    (2, r"thank(?:s| you)\b"),
    (2, r"understood\b|noted\b"),
)


def leading_voice(said: Mapping[str, Sequence[tuple[int, str]]]) -> Verdict | None:
    """Which of two voices leads, from (line, words) of each; None where it is not plain."""
    (one, first), (other, second) = said.items()
    scores = (_score(first[:_ENOUGH]), _score(second[:_ENOUGH]))
    margin = scores[0].balance - scores[1].balance
    spread = sqrt(scores[0].spread + scores[1].spread)
    if abs(margin) < max(_NEEDED, _CLEAR * spread):
        return None
    winner = 0 if margin > 0 else 1
    return Verdict((one, other)[winner], scores[winner].line)


@cache
def _cues() -> tuple[tuple[float, re.Pattern[str]], ...]:
    """Signed weight and pattern of each cue, compiled when first needed."""
    signed = [*((float(w), p) for w, p in _LEADS), *((-float(w), p) for w, p in _REPORTS)]
    return tuple((weight, re.compile(rf"\b(?:{pattern})")) for weight, pattern in signed)


def _score(lines: Sequence[tuple[int, str]]) -> _Score:
    folded = [(number, words.casefold().replace("’", "'")) for number, words in lines]
    by_line = {number: 0.0 for number, _ in folded}
    balance = spread = 0.0
    for weight, pattern in _cues():
        hits = [number for number, words in folded if pattern.search(words)][:_MOST]
        balance += weight * len(hits)
        spread += weight * weight * len(hits)
        for number in hits:
            by_line[number] += weight
    return _Score(balance, spread, max(by_line, key=by_line.__getitem__, default=0))
