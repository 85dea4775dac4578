"""listen: what sounds punitive to the model, found fast enough for a whole book.

Three listeners are weighed. A line's own words, scored by themselves, say which lines are worth the
time (``own_words``, fitted on ordinary text as well). Of those, n-grams and encoder, which know
talks between manager and employee, judge the line in its context, and a score of its meaning
judges it by itself, as a sentence of a mail stands. In context a line has to sound loud in its own
words as well, so that neither a harsh-looking manual nor a short "Camera." is flagged by one alone.
"""

from __future__ import annotations

import re
from collections import Counter
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
from coach.engines.embedded.own_words import Scores, load_own_words
from coach.finding import Severity
from coach.mapping import cut
from coach.tone import heard
from coach.tone.scan import Voice

_WORTH_HEARING = -3.0
"""Log-odds of a line's own words from which on it is judged. These numbers were chosen on dev."""
_LOUD = -1.6
"""... and from which on what stands around it can make it punitive."""
_LONG = 1000
"""Lines from which on a document is long, and has to be heard faster: ..."""
_LOUD_IN_LONG = -0.5
"""... fewer lines are loud ..."""
_WORTH = -1.5
"""... and the encoder hears those whose log-odds by n-grams are no less than this."""
_IN_CONTEXT = (1.0, 0.3, 0.5)
"""What counts how much in context: the model, the line's own words, its meaning; ..."""
_LEAST = 0.95
"""... the log-odds from which on the line is punitive."""
_BY_ITSELF = (0.3, 0.5, 1.0)
"""The same for the line by itself; ..."""
_LEAST_BY_ITSELF = 0.75
_SURE = 0.75
"""So much above it, it is more than "could be read that way": low severity."""
_MOST_OF_WORDS = 1.0
"""Log-odds of its own words that count towards that, at most: loud words alone are no proof."""
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
_MOST_HEARD = 100
"""Pieces of one line that are heard, the loudest in their own words: it is flagged but once."""
_MOST_CLAUSES = 50
"""Clauses of a line that are told apart; a longer one is named whole."""


class Heard(NamedTuple):
    """A line that sounds punitive, and where in the document's text."""

    line: int
    span: tuple[int, int]
    category: str
    severity: Severity


class Evidence(NamedTuple):
    """What speaks for some lines being punitive, a row each, as log-odds."""

    pieces: tuple[Line, ...]
    voices: tuple[Voice, ...]
    first: Scores
    """Scores of every head by n-grams."""
    odds: Scores
    """Three columns: the model in context, the line's own words, its meaning by itself."""


def listen(document: Document, model: LineModel) -> list[Heard]:
    """The punitive lines among the manager's, in order; of a long line the loudest sentence."""
    found = evidence(document, model)
    loudest: dict[int, tuple[float, Heard]] = {}
    quieter = found.odds.copy()
    quieter[:, 1] = np.minimum(quieter[:, 1], _MOST_OF_WORDS)
    proven = sureness(quieter)
    for at, sure in enumerate(sureness(found.odds).tolist()):
        piece = found.pieces[at]
        least = _QUOTED if found.voices[at] == "quoted" else 0.0
        if sure >= max(least, loudest.get(piece.number, (least,))[0]):
            category, severity = model.manner(found.first[at])
            how_bad: Severity = severity if proven[at] >= _SURE else "low"
            loudest[piece.number] = sure, Heard(piece.number, _place(piece), category, how_bad)
    return [said for _, said in loudest.values()]


def sureness(odds: Scores) -> Scores:
    """How far each row of evidence lies above what makes a line punitive; below 0 it is not."""
    around = np.einsum("ij,j->i", odds, np.array(_IN_CONTEXT)) - _LEAST
    around[odds[:, 1] < _LOUD] = -np.inf
    by_itself = np.einsum("ij,j->i", odds, np.array(_BY_ITSELF)) - _LEAST_BY_ITSELF
    return np.asarray(np.maximum(around, by_itself))


def evidence(document: Document, model: LineModel) -> Evidence:
    """What speaks for each line of the manager's that is worth a closer look."""
    pieces = tuple(chain.from_iterable(cut_long(seen_lines(document))))
    own_words = load_own_words()
    own = own_words.scores([piece.content for piece in pieces])
    voices = {line.number: voice for line, _, _, voice in heard(document)}
    long = len(pieces) >= _LONG
    judged = [piece.number in voices and not _VAGUE.search(piece.content) for piece in pieces]
    asked = np.array(judged, bool) & (own >= (_LOUD_IN_LONG if long else _WORTH_HEARING))
    asked &= _loudest(pieces, np.where(asked, own, -np.inf))
    if long and asked.any():
        near = _with_neighbours(asked)
        asked[near] &= model.punitive_odds(model.chances(_those(pieces, near), None)) >= _WORTH
    if not asked.any():
        return Evidence((), (), np.zeros((0, 0)), np.zeros((0, 3)))
    near = _with_neighbours(asked)
    among, encoder = _those(pieces, near), load_encoder()
    chances = model.chances(among, encoder.hear(among))
    wanted = _those(pieces, asked)
    alone = own_words.meaning_scores(encoder.meanings([piece.content for piece in wanted]))
    context = model.punitive_odds(chances)[asked[near]]
    return Evidence(
        wanted,
        tuple(voices[piece.number] for piece in wanted),
        chances.first[asked[near]],
        np.column_stack([context, own[asked], alone]),
    )


def _loudest(pieces: Sequence[Line], own: Scores) -> npt.NDArray[np.bool_]:
    """Which pieces are among the loudest of their line."""
    kept = np.ones(len(pieces), bool)
    numbers = np.array([piece.number for piece in pieces])
    for number, count in Counter(numbers.tolist()).items():
        if count > _MOST_HEARD:
            (here,) = np.nonzero(numbers == number)
            kept[here[np.argsort(-own[here], kind="stable")[_MOST_HEARD:]]] = False
    return kept


def _those(pieces: Sequence[Line], wanted: npt.NDArray[np.bool_]) -> tuple[Line, ...]:
    return tuple(piece for piece, is_wanted in zip(pieces, wanted, strict=True) if is_wanted)


def _with_neighbours(asked: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    near = asked.copy()
    near[1:] |= asked[:-1]
    near[:-1] |= asked[1:]
    return near


def _place(piece: Line) -> tuple[int, int]:
    whole = cut(piece)
    start, end = sting(whole.quote)
    return whole.start + start, whole.start + end


def sting(text: str) -> tuple[int, int]:
    """Start and end of the clause that makes this text sound punitive."""
    spans = fragments(text)
    if len(spans) > _MOST_CLAUSES:
        return 0, len(text)
    own = load_own_words().scores([text[start:end] for start, end in spans])
    return spans[int(np.argmax(own))]
