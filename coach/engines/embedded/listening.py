"""listen: what sounds punitive to the model, found fast enough for a whole book.

A line's own words, scored by a linear model, say which lines are worth the time (``own_words``).
These are judged as in a map, by themselves and among what stands around them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, compress
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from coach.document import Document, Line
from coach.engines.embedded.by_itself import Manner, by_itself
from coach.engines.embedded.clauses import fragments
from coach.engines.embedded.encoder import load_encoder
from coach.engines.embedded.features import seen_lines
from coach.engines.embedded.line_model import ITSELF, WORTH_HEARING, LineModel
from coach.engines.embedded.long_lines import cut_long
from coach.engines.embedded.own_words import Scores, load_own_words
from coach.engines.embedded.stand_ins import stand_ins
from coach.engines.embedded.voices import may_sting
from coach.engines.embedded.wrapped import on_one_line, unwrapped
from coach.finding import Severity
from coach.mapping import cut
from coach.tone import as_notes, heard
from coach.tone.scan import Voice

_LONG = 1000
"""Lines (sentences of long ones) from which on a document has to be heard faster: ..."""
_WORTH_IN_LONG = 0.0
"""... fewer lines are judged, and written ones by themselves alone: ..."""
_HASTE = 3.0
"""... these have to be so much louder."""
_WRITTEN = 1.5
"""How much more than in a map a written line counts by itself: it may be from any kind of text."""
_LEAST: dict[Voice, float] = {"written": 3.5, "spoken": 0.5, "quoted": 1.0}
"""The log-odds from which on a line is punitive. These numbers were chosen on dev."""
_SURE: dict[Voice, float] = {"written": 7.5, "spoken": 1.5, "quoted": 1.5}
"""So much above, it is more than "could be read that way": low severity."""
_MOST_HEARD = 50
"""Pieces of one line that are heard, the loudest in their own words: it is flagged but once."""
_MOST_CLAUSES = 50
"""Clauses of a line that are told apart; a longer one is named whole."""


Wanted = npt.NDArray[np.bool_]


class Heard(NamedTuple):
    """A line that sounds punitive, and where in the document's text."""

    line: int
    span: tuple[int, int]
    category: str
    severity: Severity


class Evidence(NamedTuple):
    """Lines that were judged, and what came of it."""

    pieces: tuple[Line, ...]
    voices: tuple[Voice, ...]
    sureness: Scores
    """How far each lies above what makes a line punitive, in log-odds; below 0 it is not."""
    manners: tuple[Manner, ...]
    """The likeliest category and severity of each, if it is."""
    in_haste: bool
    """Whether the document is too long for a closer look."""


def listen(document: Document) -> list[Heard]:
    """The punitive lines among the manager's, in order; of a long line the loudest sentence."""
    found = evidence(unwrapped(document))
    loudest: dict[int, tuple[float, int]] = {}
    for at, (piece, sure) in enumerate(zip(found.pieces, found.sureness, strict=True)):
        if sure >= max(0.0, loudest.get(piece.number, (0.0, at))[0]):
            loudest[piece.number] = sure, at
    return [_heard(document, found, at) for _, at in loudest.values()]


def _heard(document: Document, found: Evidence, at: int) -> Heard:
    piece, (category, severity) = found.pieces[at], found.manners[at]
    sure = found.sureness[at] >= _SURE[found.voices[at]]
    line, place = on_one_line(document, _place(piece, closely=not found.in_haste))
    return Heard(line.number, place, category, severity if sure else "low")


def evidence(document: Document) -> Evidence:
    """How each line of the manager's that is worth a closer look sounds."""
    pieces = tuple(chain.from_iterable(cut_long(seen_lines(document))))
    own = load_own_words().scores([piece.content for piece in pieces])
    voice_of = {line.number: voice for line, _, _, voice in heard(document)}
    long = len(pieces) >= _LONG
    asked = own >= (_WORTH_IN_LONG if long else WORTH_HEARING)
    asked &= np.array([piece.number in voice_of for piece in pieces], bool)
    for at in np.flatnonzero(asked):
        asked[at] = may_sting(pieces[at].content)
    asked &= _loudest(pieces, np.where(asked, own, -np.inf))
    kept = tuple(compress(pieces, asked))
    # in a long document names are looked for only where it matters
    told = as_notes("\n".join(piece.content for piece in kept)) if long else document
    shown = stand_ins(told) if kept else str
    voices = tuple(voice_of[piece.number] for piece in kept)
    hasty = np.array([long and voice_of.get(piece.number) == "written" for piece in pieces], bool)
    sure, manners = np.full(len(pieces), -np.inf), dict[int, Manner]()
    for judge, wanted in ((_by_itself, asked & hasty), (_among_others, asked & ~hasty)):
        if wanted.any():
            sure[wanted], found = judge(pieces, wanted, shown)
            manners.update(zip(np.flatnonzero(wanted).tolist(), found, strict=True))
    sureness = sure[asked] - [_LEAST[voice] for voice in voices]
    return Evidence(kept, voices, sureness, tuple(manners[at] for at in sorted(manners)), long)


def _by_itself(
    pieces: Sequence[Line], wanted: Wanted, shown: Callable[[str], str]
) -> tuple[Scores, Sequence[Manner]]:
    """How punitive these are by themselves, at the least, as log-odds, and their manners."""
    sound = by_itself([shown(piece.content) for piece in compress(pieces, wanted)])
    return (ITSELF + _WRITTEN) * sound.odds - _HASTE, sound.manners


def _among_others(
    pieces: Sequence[Line], wanted: Wanted, shown: Callable[[str], str]
) -> tuple[Scores, Sequence[Manner]]:
    """The same, with what stands around them, as in a map."""
    near = _with_neighbours(wanted)
    among, model = tuple(_as_shown(compress(pieces, near), shown)), LineModel.load()
    chances = model.chances(among, load_encoder().hear(among))
    at = np.flatnonzero(wanted[near]).tolist()
    spoken = np.array([piece.kind == "speech" for piece in among], bool)
    odds = model.punitive_odds(chances) + np.where(spoken, 0.0, _WRITTEN * chances.itself)
    return odds[at], [model.manner(chances, one) for one in at]


def _as_shown(pieces: Iterable[Line], shown: Callable[[str], str]) -> Iterator[Line]:
    for piece in pieces:
        yield piece.model_copy(update={"text": piece.text[: piece.prefix] + shown(piece.content)})


def _loudest(pieces: Sequence[Line], own: Scores) -> Wanted:
    """Which pieces are among the loudest of their line."""
    kept = np.ones(len(pieces), bool)
    numbers = np.array([piece.number for piece in pieces])
    for number, count in Counter(numbers.tolist()).items():
        if count > _MOST_HEARD:
            (here,) = np.nonzero(numbers == number)
            kept[here[np.argsort(-own[here], kind="stable")[_MOST_HEARD:]]] = False
    return kept


def _with_neighbours(asked: Wanted) -> Wanted:
    near = asked.copy()
    near[1:] |= asked[:-1]
    near[:-1] |= asked[1:]
    return near


def _place(piece: Line, *, closely: bool) -> tuple[int, int]:
    whole = cut(piece)
    start, end = sting(whole.quote, closely=closely)
    return whole.start + start, whole.start + end


def sting(text: str, *, closely: bool = True) -> tuple[int, int]:
    """Start and end of the clause that makes this text sound punitive.

    ``closely`` lets the encoder judge each clause, not only its words.
    """
    spans = fragments(text)
    if len(spans) > _MOST_CLAUSES:
        return 0, len(text)
    clauses = [text[start:end] for start, end in spans]
    closely = closely and len(clauses) > 1
    loud = by_itself(clauses).odds if closely else load_own_words().scores(clauses)
    return spans[int(np.argmax(loud))]
