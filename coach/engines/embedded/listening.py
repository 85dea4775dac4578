"""listen: what sounds punitive to the model, found fast enough for a whole book.

Two listeners have to agree. A line's own words, scored by themselves, say which lines are worth
the time (``own_words``, fitted on ordinary text as well); n-grams and encoder, which know talks
between manager and employee, hear those in their context. The tone of the line is what both say
together, so that neither a harsh-looking manual nor a short "Camera." is flagged by one alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from coach.document import Document, Line
from coach.engines.embedded.clauses import fragments
from coach.engines.embedded.encoder import load_encoder
from coach.engines.embedded.features import seen_lines
from coach.engines.embedded.line_model import LineModel
from coach.engines.embedded.long_lines import cut_long
from coach.engines.embedded.own_words import load_own_words
from coach.finding import Severity
from coach.tone import heard

_LOUD = -1.6
"""Log-odds of a line's own words from which on it is loud. These numbers were chosen on dev."""
_LONG = 1000
"""Lines from which on a document is long, and has to be heard faster: ..."""
_LOUD_IN_LONG = -1.2
"""... fewer lines are loud ..."""
_WORTH = -1.5
"""... and the encoder hears those whose log-odds by n-grams are no less than this."""
_OWN_WEIGHT = 0.3
"""How much its own words count beside the model."""
_LEAST = 0.5
"""Log-odds of both together from which on a line is punitive."""
_SURE = 1.25
"""Below it a line "could be read that way": low severity."""
_QUOTED = 0.5
"""How much surer it must be that an employee quotes a punitive line."""
_VAGUE = re.compile(
    r"\b(?:we|all of us|everybody) (?:can|could|should|need to|all)\b[^.!?]{0,30}"
    r"\b(?:more|better)\b"
    r"|^\W*more \w+[.!]"
    r"|^\W*(?:(?:ehn|ok|so|well|please|just|and)\W+){0,2}(?:try (?:and|to)|do your best)\b",
    re.IGNORECASE,
)
"""What is asked of all in general words is vague, and the model takes it for a reproach."""
_MOST_CLAUSES = 50
"""Clauses of a line that are told apart; a longer one is named whole."""


class Heard(NamedTuple):
    """A line that sounds punitive, and where in the document's text."""

    line: int
    span: tuple[int, int]
    category: str
    severity: Severity


def listen(document: Document, model: LineModel) -> list[Heard]:
    """The punitive lines among the manager's, in order; of a long line the loudest sentence."""
    pieces = tuple(chain.from_iterable(cut_long(seen_lines(document))))
    own = load_own_words().scores([piece.content for piece in pieces])
    voices = {line.number: voice for line, _, _, voice in heard(document)}
    long = len(pieces) >= _LONG
    judged = [piece.number in voices and not _VAGUE.search(piece.content) for piece in pieces]
    asked = np.array(judged, bool) & (own >= (_LOUD_IN_LONG if long else _LOUD))
    if long and asked.any():
        near = _with_neighbours(asked)
        asked[near] &= model.punitive_odds(model.chances(_those(pieces, near), None)) >= _WORTH
    if not asked.any():
        return []
    near = _with_neighbours(asked)
    among = _those(pieces, near)
    chances = model.chances(among, load_encoder().hear(among))
    odds = model.punitive_odds(chances) + _OWN_WEIGHT * own[near]
    loudest: dict[int, tuple[float, Heard]] = {}
    for at in np.flatnonzero(asked[near]).tolist():
        piece, odd = among[at], float(odds[at])
        least = _LEAST + (_QUOTED if voices[piece.number] == "quoted" else 0.0)
        if odd >= max(least, loudest.get(piece.number, (least,))[0]):
            category, severity = model.manner(chances.first[at])
            how_bad: Severity = severity if odd >= _SURE else "low"
            loudest[piece.number] = odd, Heard(piece.number, _place(piece), category, how_bad)
    return [said for _, said in loudest.values()]


def _those(pieces: Sequence[Line], wanted: npt.NDArray[np.bool_]) -> tuple[Line, ...]:
    return tuple(piece for piece, is_wanted in zip(pieces, wanted, strict=True) if is_wanted)


def _with_neighbours(asked: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    near = asked.copy()
    near[1:] |= asked[:-1]
    near[:-1] |= asked[1:]
    return near


def _place(piece: Line) -> tuple[int, int]:
    start, end = sting(piece.content)
    return piece.content_start + start, piece.content_start + end


def sting(text: str) -> tuple[int, int]:
    """Start and end of the clause that makes this text sound punitive."""
    spans = fragments(text)
    if len(spans) > _MOST_CLAUSES:
        return 0, len(text)
    own = load_own_words().scores([text[start:end] for start, end in spans])
    return spans[int(np.argmax(own))]
