"""by_itself: how punitive a line is whatever stands around it, by its words and by its sense.

Upper layers of the encoder were fitted for it on lines without neighbours, of many more authors and
kinds of text than the talks come from, so it hears what is new to a model of talks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast

import numpy as np

from coach.engines.embedded.encoder import ALONE, load_encoder
from coach.engines.embedded.own_words import Scores, load_own_words
from coach.finding import Severity

_OWN = 0.9
"""What a line's own words count beside what the encoder makes of it; chosen on dev."""
_CATEGORY, _SEVERITY = slice(2, 10), slice(10, 13)
"""Where these stand in ``ALONE``."""

Manner = tuple[str, Severity]


class Sound(NamedTuple):
    """How some lines sound, each by itself."""

    odds: Scores
    """How punitive, as log-odds."""
    manners: tuple[Manner, ...]
    """The likeliest category and severity of each, if it is punitive."""


def by_itself(texts: Sequence[str]) -> Sound:
    """How these lines sound."""
    if not texts:
        return Sound(np.zeros(0), ())
    alone = load_encoder().alone(texts)
    odds = alone[:, 0] + _OWN * load_own_words().scores(texts)
    return Sound(odds, tuple(map(_manner, alone)))


def _manner(alone: Scores) -> Manner:
    category, severity = (ALONE[part][int(alone[part].argmax())] for part in (_CATEGORY, _SEVERITY))
    return category, cast("Severity", severity)
