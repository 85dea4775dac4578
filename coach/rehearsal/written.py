"""Written replies: one of those that the scenes hold for this moment, never the same twice. Pure.

What fits is settled by the manager's move, how open the employee is and what has come up; what fits
best, by topic and by whose line it is; which of those that are equal, by a draw that is the same
for the same talk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from string import Template
from typing import NamedTuple

from coach.rehearsal import asking
from coach.rehearsal.moves import heard, is_speech, is_unclear, wanted
from coach.rehearsal.replies import BANDS, Band, Block, Move, Reply, Wanted
from coach.rehearsal.session import Session
from coach.rehearsal.wishes import wish_in

_OF_FEELING: frozenset[Move] = frozenset(
    {"greeted", "thanked", "apologised", "threatened", "belittled", "silent", "wrapped_up"}
)
"""Moves that are answered as the person they are, before the step."""
_GOES_ON: frozenset[Move] = frozenset({"asked_open", "reflected", "silent"})
"""Moves after which the last topic is gone on with."""
_BRINGS_UP: frozenset[Move] = frozenset({"asked_open", "asked_feedback", "silent"})
"""Moves after which a new topic may come up of itself."""
_NEIGHBOURS: dict[Band, tuple[Band, ...]] = {
    "closed": ("closed", "wary", "open"),
    "wary": ("wary", "closed", "open"),
    "open": ("open", "wary", "closed"),
}
_OF_SOMETHING_SAID: frozenset[Move] = frozenset({"reflected", "apologised"})
"""Moves of a manager that need something to have been said."""
_MAKESHIFT: tuple[Move, ...] = ("silent", "told", "wrapped_up")
"""Moves whose answers fit nearly everywhere."""


class _Candidate(NamedTuple):
    reply: Reply
    text: str
    worth: tuple[int, ...]


def written_reply(session: Session) -> str:
    """What the one whom coach plays says next.

    Only when everything that could be said here has been said does a line come again.
    """
    return _manager(session) if session.swapped else _employee(session)


def in_the_manner_of(session: Session, most: int) -> tuple[str, ...]:
    """Lines that are written for just this moment, the best first, for a model to go by."""
    if session.swapped:
        fresh = [line for line in _leading(session) if line not in session.said]
        return tuple(fresh[:most])
    for pool in _pools(session):
        left = {one.text: one for one in pool if one.text not in session.said}
        if left:
            best = sorted(left.values(), key=lambda one: one.worth, reverse=True)
            first = _drawn(session, best)
            return tuple(dict.fromkeys((first, *(one.text for one in best))))[:most]
    return ()


def _employee(session: Session) -> str:
    for pool in _pools(session):
        fresh = [one for one in pool if one.text not in session.said]
        if fresh:
            return _drawn(session, fresh)
    return _drawn(session, [one for pool in _pools(session) for one in pool])


def _pools(session: Session) -> Iterator[list[_Candidate]]:
    """What could be said, the fitting before the makeshift."""
    persona, state = session.setting.persona, session.state
    if not session.turns:
        yield _plain(session, _openings(session))
    if state.beat == "stops" and persona.distress:
        yield _plain(session, persona.distress.stops)
    if state.beat == "names" and persona.distress:
        yield _plain(session, persona.distress.names)
    if state.beat == "need":
        yield _plain(session, next(n.say for n in persona.needs if n.id == state.met[-1]))
    move: Move = state.moves[-1] if state.moves else "greeted"
    for band in _NEIGHBOURS[state.band]:
        yield list(_candidates(session, move, band))
    for other in _MAKESHIFT:
        for band in BANDS:
            yield list(_candidates(session, other, band))


class _Moment(NamedTuple):
    """What a reply has to fit."""

    move: Move
    band: Band
    mentioned: Sequence[str]
    raised: Sequence[str]
    thread: str | None
    follow_up: bool
    wanted: Wanted | None
    hurts: bool
    speech: bool
    unclear: bool

    @property
    def here(self) -> Sequence[str | None]:
        """The topics that are talked about."""
        return self.mentioned or (self.thread,)


def _candidates(session: Session, move: Move, band: Band) -> Iterator[_Candidate]:
    state = session.state
    moment = _Moment(
        move,
        band,
        session.mentioned,
        state.raised,
        state.thread,
        follow_up=session.is_follow_up,
        wanted=_wanted(session.line, move),
        hurts=state.hurts,
        speech=is_speech(session.line),
        unclear=is_unclear(session.line),
    )
    for rank, blocks in _sources(session, feeling=move in _OF_FEELING):
        for block in blocks:
            if not (_fits(block, moment) and _is_for(session, block.whose)):
                continue
            asked = moment.move in block.on
            own = int(session.setting.persona.id in block.whose)
            for one in block.say:
                if one.own_job and session.setting.seeded:
                    continue
                if asking.asks_for_told(one.text, session.line):
                    continue
                if _in_place(one, moment) and (asked or _answers(one, moment)):
                    shares = move.startswith("asked_") and asking.alike(one.text, session.line)
                    fits = (_direct(one, block, moment), _apt(one, block, moment))
                    text = session.setting.filled(one.text)
                    yield _Candidate(one, text, (*fits, shares, own, rank))


def _wanted(line: str, move: Move) -> Wanted | None:
    """What is to be told: an offer or a proposal wants an answer to itself, if not a date."""
    found = wanted(line)
    return found if move.startswith("asked_") or found in {"by_when", "deed"} else None


def _fits(block: Block, moment: _Moment) -> bool:
    asked = block.wanted in (None, moment.wanted)
    told_on = moment.wanted is not None and "asked_open" in block.on
    fits = asked and moment.band in block.when
    fits = fits and (moment.hurts or not block.hurt) and (moment.speech or not block.speech)
    fits = fits and (moment.unclear or not block.unclear)
    return fits and (moment.move in block.on or told_on)


def _in_place(one: Reply, moment: _Moment) -> bool:
    """Whether it can be said: a topic is brought up once, and gone on with while it is there."""
    if one.after is None:
        return one.topic is None or one.topic not in moment.raised
    return one.after in moment.here and one.after in moment.raised


def _answers(one: Reply, moment: _Moment) -> bool:
    """Whether it tells, of what is talked about, the one thing that was asked."""
    here = moment.mentioned if moment.wanted in asking.OF_FACT else moment.here
    if moment.wanted not in asking.TELLS or not one.topic or one.topic not in here:
        return False
    return asking.TELLS[moment.wanted].search(one.text) is not None


def _direct(one: Reply, block: Block, moment: _Moment) -> int:
    """How directly it meets what hurts, or what was asked for."""
    if block.hurt or block.speech or block.unclear:
        return 3
    if _answers(one, moment):
        return 2
    if moment.wanted == "else":  # not more of the same
        return int(one.topic is not None and one.after is None)
    return int(block.wanted is not None)


def _apt(one: Reply, block: Block, moment: _Moment) -> int:
    """How well it goes with what the manager just said; below zero, hardly."""
    if one.topic in moment.mentioned:
        return 3 if one.after else 2
    if one.topic and moment.mentioned:
        return -1
    if moment.move == "reflected" and "asked_open" in block.on:
        return -1  # it tells on, and neither agrees nor corrects
    if moment.move == "asked_closed":
        return -1 if moment.wanted else int(asking.SAYS_YES_OR_NO.match(one.text) is not None)
    if one.after is not None:
        return int(moment.move in _GOES_ON)
    unasked = moment.move not in _BRINGS_UP or moment.follow_up
    return -1 if one.topic and unasked else 0


def _sources(session: Session, *, feeling: bool) -> Iterator[tuple[int, Sequence[Block]]]:
    """Blocks of replies, with what their place is worth."""
    own, *anywhere = session.scenes
    yield (2 if feeling else 1), session.setting.persona.replies
    yield (1 if feeling else 2), own.replies
    for scenes in anywhere:
        yield 0, scenes.replies


def _openings(session: Session) -> Iterator[Reply]:
    for opening in session.scenes[0].opening:
        if _is_for(session, opening.whose):
            yield from (one for one in opening.say if not (one.own_job and session.setting.seeded))


def _is_for(session: Session, whose: Sequence[str]) -> bool:
    persona = session.setting.persona
    return not whose or persona.id in whose or persona.like in whose


def _plain(session: Session, replies: Iterable[Reply]) -> list[_Candidate]:
    return [_Candidate(one, session.setting.filled(one.text), ()) for one in replies]


def _drawn(session: Session, candidates: Sequence[_Candidate]) -> str:
    best = max(one.worth for one in candidates)
    equal = [one for one in candidates if one.worth == best]
    return equal[session.draw % len(equal)].text


def _manager(session: Session) -> str:
    filled = _leading(session)
    return next((line for line in filled if line not in session.said), filled[0])


def _leading(session: Session) -> list[str]:
    """Lines of a manager who does this well: now listening, now on with the step."""
    own, *anywhere = (scenes.manager for scenes in session.scenes)
    listening = [line for lines in anywhere for line in lines]
    asking = [*own, *(item.question for item in session.guide_step.items)]
    spoken = sum(turn.played and turn.role == "manager" for turn in session.turns)
    ordered = [*listening, *asking] if spoken % 2 else [*asking, *listening]
    topics_in = session.scenes[0].topics_in
    about = {*topics_in(session.last_line)}

    def off(line: str) -> int:
        """How little it goes with what the employee just said."""
        if heard(line).answered in _OF_SOMETHING_SAID:
            return 2 if about.isdisjoint(topics_in(line)[:1]) else 0
        return 1 if about.isdisjoint(topics_in(line)) else 0

    taking_up = list(_taking_up(session))
    at = spoken % max(1, len(taking_up))
    filled = sorted((session.setting.filled(line) for line in ordered), key=off)
    return [*taking_up[at:], *taking_up[:at], *filled]


def _taking_up(session: Session) -> Iterator[str]:
    """Lines that go into what the employee has just wished for, if anything."""
    if wish := wish_in(session.last_line):
        for scenes in session.scenes:
            for line in scenes.takes_up:
                yield Template(line).safe_substitute(wish=wish)
