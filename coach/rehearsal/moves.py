"""What a manager's line does: the moves in it, sentence by sentence, by its wording alone. Pure.

Questions are counted, and open ones told from closed ones, by rule and never by a model: models
count badly.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from coach import tone
from coach.finding import Finding
from coach.rehearsal import asking, wording
from coach.rehearsal.replies import Move, Wanted

_FORMAL = frozenset({"threat", "pip", "surveillance"})
_LONG = 60
_IN_PASSING = 4
"""Words of a move that does little, whatever its form: "Sorry, that came out wrong."."""

_TO_AGREE_TO: frozenset[Move] = frozenset({"proposed", "offered_range", "offered_help", "told"})
_ORDER: tuple[Move, ...] = (
    "threatened",
    "belittled",
    "asked_feedback",
    "apologised",
    "offered_range",
    "offered_help",
    "proposed",
    "asked_open",
    "asked_closed",
    "wrapped_up",
    "reflected",
    "thanked",
    "greeted",
    "told",
    "silent",
)
"""Which of several moves in a line is answered."""


class Heard(NamedTuple):
    """A manager's line, as it is taken."""

    moves: tuple[Move, ...]
    """All moves in it, each once, in order."""
    open_questions: int
    closed_questions: int
    words: int
    meant: tuple[Move, ...]
    """Those of the moves that are about something, and not made in passing."""
    findings: tuple[Finding, ...]
    """What the tone rules say of it; offsets count in the line."""

    @property
    def answered(self) -> Move:
        """The move that the reply answers: the harshest, else the last question, else the rest."""
        harsh = [move for move in self.moves if move in {"threatened", "belittled"}]
        if harsh:
            return min(harsh, key=_ORDER.index)
        questions = [move for move in self.moves if move.startswith("asked_")]
        offers = [move for move in self.moves if move in {"offered_range", "offered_help"}]
        if questions and questions[-1] == self.moves[-1] and not offers:
            return questions[-1]
        if self.moves[0] == "greeted" and not (questions or offers or "apologised" in self.moves):
            return "greeted"
        return min(self.moves, key=_ORDER.index)

    @property
    def is_long(self) -> bool:
        """Whether it is a speech."""
        return self.words > _LONG


def heard(line: str, *, first: bool = False) -> Heard:
    """What this line of a manager's does; ``first`` where it may be a greeting."""
    text = _plain(line)
    findings = tone.scan(tone.as_notes(text), tone.load_rules()) if text else ()
    harsh: list[Move] = [
        "threatened" if found.category in _FORMAL else "belittled"
        for found in findings
        if found.severity != "low" and not _gives_back(text, found)
    ]
    spoken = _sentences(text)
    taken = [(_move(sentence, first=first), _weight(sentence)) for sentence in spoken]
    asks_assent = len(taken) > 1 and taken[-2][0] in _TO_AGREE_TO
    asks_assent = asks_assent and _met(wording.ASKS_ASSENT, _bare(spoken[-1]))
    if asks_assent:  # it is the line before that is answered
        taken.pop()
    told = ["silent"] if _is_silent(text) else [move for move, _ in taken]
    if len(told) > 1:
        told = [move for move in told if move != "silent"] or ["silent"]
    moves = tuple(dict.fromkeys((*harsh, *told))) or ("silent",)
    weights: Counter[Move] = Counter()
    for move, words in taken:
        weights[move] += words
    asked = sum(move in {"asked_open", "asked_feedback"} for move in told)
    announced = sum(_met(wording.ANNOUNCES, _bare(sentence)) for sentence in spoken)
    return Heard(
        moves=moves,
        open_questions=max(0, asked + asks_assent - announced),
        closed_questions=sum(
            _is_closed(move, bare)
            for (move, _), bare in zip(taken, map(_bare, spoken), strict=False)
        ),
        words=len(text.split()),
        meant=tuple(dict.fromkeys(move for move, _ in taken if weights[move] > _IN_PASSING)),
        findings=tuple(findings),
    )


def _gives_back(text: str, found: Finding) -> bool:
    """Whether what sounds like brushing aside says how the other seems: "You sound fed up."."""
    told = next(one.group() for one in wording.SENTENCE.finditer(text) if one.end() > found.start)
    return found.category == "dismissal" and _met(wording.REFLECTED, told.strip().lower())


def is_speech(line: str) -> bool:
    """Whether a line is so long that nobody takes all of it in."""
    return len(line.split()) > _LONG


def is_unclear(line: str) -> bool:
    """Whether a line holds no words, only keys that were struck."""
    words = _plain(line).split()
    return bool(words) and all(wording.NO_WORD.fullmatch(one.strip(".,!?…")) for one in words)


def wanted(line: str) -> Wanted | None:
    """What the last question in this line wants to be told, where that is one thing."""
    asked = [_bare(one) for one in _sentences(_plain(line)) if _asks(one)]
    last = "".join(asked[-1:])
    return next((kind for kind, pattern in asking.WANTED.items() if pattern.match(last)), None)


def _plain(line: str) -> str:
    return " ".join(line.replace("’", "'").split())


def _sentences(text: str) -> list[str]:
    found = (one.group().strip().lower() for one in wording.SENTENCE.finditer(text))
    return [sentence for sentence in found if sentence.strip(" .…!?")]


def _weight(sentence: str) -> int:
    """The words that do something; to name the topic, or to ask for a deed, does nothing."""
    bare = _bare(sentence)
    idle = _met(wording.ANNOUNCES, bare) or asking.WANTED["deed"].match(bare) is not None
    return 0 if idle else len(bare.split())


def _bare(sentence: str) -> str:
    return wording.LEAD_IN.sub("", sentence) or sentence


def _is_silent(text: str) -> bool:
    bare = text.strip(" .…!?()*[]-").lower()
    return wording.SILENT.fullmatch(bare) is not None and not wording.ENCOURAGES.search(
        text.lower()
    )


def _asks(sentence: str) -> bool:
    bare = sentence.rstrip("\"”’')]. ")
    return bare.endswith("?") or wording.ASKS_BARE.fullmatch(bare) is not None


def _move(sentence: str, *, first: bool) -> Move:
    if _met(wording.THREATENS, sentence):
        return "threatened"
    if _met(wording.REPROACHES, sentence):
        return "belittled"
    if first and wording.GREETED.search(sentence):
        return "greeted"
    if wording.ENCOURAGES.search(sentence):
        return "asked_open"
    bare = _bare(sentence)
    if _asks(sentence):
        return _question(sentence, bare)
    return _statement(sentence, bare)


def _question(sentence: str, bare: str) -> Move:
    kinds: tuple[tuple[Move, bool], ...] = (
        ("asked_feedback", _met(wording.FEEDBACK, sentence)),
        ("reflected", _met(wording.CHECKS_BACK, sentence) or _met(wording.REFLECTED, sentence)),
        ("asked_closed", _met(wording.BLAMES, bare) or _asks_leave(bare)),
        ("asked_open", _met(wording.ASKS_WHAT, bare)),
        ("offered_help", _met(wording.HELP, sentence)),
        ("proposed", _met(wording.PROPOSED, sentence)),
        ("asked_open", _met(wording.ASKS_LATER, bare)),
        ("asked_open", _met(wording.ASKS_ON, sentence) or _met(wording.ASKS_ABROAD, sentence)),
        ("asked_open", asking.WANTED["what_if"].match(bare) is not None),
        ("asked_closed", _met(asking.COUNTS_AS_CLOSED, bare)),
        ("asked_open", _met(wording.ASKS_OPEN, bare)),
        ("offered_range", _met(wording.RANGE, sentence)),
        ("proposed", asking.WANTED["deed"].match(bare) is not None),
    )
    return next((move for move, is_it in kinds if is_it), "asked_closed")


def _statement(sentence: str, bare: str) -> Move:
    kinds: tuple[tuple[Move, bool], ...] = (
        ("silent", _is_silent(sentence)),
        ("wrapped_up", _met(wording.WRAPPED, sentence)),
        ("apologised", _met(wording.SORRY, sentence)),
        ("reflected", _met(wording.REFLECTED, sentence)),
        ("asked_feedback", _met(wording.WANTS_FEEDBACK, sentence)),
        ("asked_open", wording.INVITES.match(bare) is not None),
        ("asked_open", _met(wording.ANNOUNCES, bare)),
        ("offered_range", _met(wording.RANGE, sentence)),
        ("offered_help", _met(wording.HELP, sentence)),
        ("thanked", _met(wording.THANKED, sentence)),
        ("proposed", _met(wording.PROPOSED, sentence)),
        ("asked_open", _met(wording.INVITES, bare)),
        ("reflected", _met(wording.REFLECTED, bare)),
    )
    return next((move for move, is_it in kinds if is_it), "told")


def _is_closed(move: Move, bare: str) -> bool:
    """Whether it asks for little where more was to be had; courtesy and blame ask for neither."""
    return move == "asked_closed" and not (_asks_leave(bare) or _met(wording.BLAMES, bare))


def _asks_leave(bare: str) -> bool:
    return asking.WANTED["leave"].match(bare) is not None


def _met(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.search(text) is not None
