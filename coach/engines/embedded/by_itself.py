"""by_itself: how punitive a line is whatever stands around it, by its words and by its sense.

Upper layers of the encoder were fitted for it on lines without neighbours, of many more authors and
kinds of text than the talks come from, so it hears what is new to a model of talks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, cast

import numpy as np

from coach.engines.embedded.encoder import ALONE, load_encoder
from coach.engines.embedded.own_words import Scores, load_own_words
from coach.finding import Severity
from coach.patterns import pattern

_OWN = 0.9
"""What a line's own words count beside what the encoder makes of it; chosen on dev."""
_CATEGORY, _SEVERITY = slice(2, 10), slice(10, 13)
"""Where these stand in ``ALONE``."""
_MARKS = pattern(
    r"(?:\s|>+|[-*+•–—|~]+(?=\s)|#{1,6}(?=\s)|#\w+(?=\s)|\d{1,3}[.)](?=\s)|\(?[a-z][.)](?=\s)"
    r"|\[[ x]?\]|\d{4}-\d\d-\d\d(?=[\s,:])[,:]?|\d{1,2}:\d{2}(?::\d{2})?(?=[\s,])[,]?"
    r"|[*_(\[\"“‘]+(?=\w))+",
    re.IGNORECASE,
)
_END_MARKS = ' \t\n|*_)]"”’'

Manner = tuple[str, Severity]


class Sound(NamedTuple):
    """How some lines sound, each by itself."""

    odds: Scores
    """How punitive, as log-odds."""
    manners: tuple[Manner, ...]
    """The likeliest category and severity of each, if it is punitive."""


def by_itself(texts: Sequence[str]) -> Sound:
    """How these lines sound; what marks them as items of a list or a table is not heard."""
    if not texts:
        return Sound(np.zeros(0), ())
    bare = list(map(bare_of, texts))
    alone = load_encoder().alone(bare)
    odds = alone[:, 0] + _OWN * load_own_words().scores(bare)
    return Sound(odds, tuple(map(_manner, alone)))


def bare_of(text: str) -> str:
    """The text without bullets, numbers, times and brackets around it, and not in capitals."""
    marks = _MARKS.match(text)
    bare = (text[marks.end() :] if marks else text).rstrip(_END_MARKS) or text
    return bare.capitalize() if bare.isupper() and " " in bare else bare


def _manner(alone: Scores) -> Manner:
    category, severity = (ALONE[part][int(alone[part].argmax())] for part in (_CATEGORY, _SEVERITY))
    return category, cast("Severity", severity)
