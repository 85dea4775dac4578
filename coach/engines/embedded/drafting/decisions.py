"""Who decides what: each decision named, its range, the words that settle it, the way to more."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.engines.embedded.drafting.changes import (
    amended,
    changed_before,
    corrected,
    other_amount,
    rethought,
    takes_back,
)
from coach.engines.embedded.drafting.naming import split
from coach.engines.embedded.drafting.passages import Passage
from coach.engines.embedded.drafting.talk import asked_before, topic_of
from coach.engines.embedded.drafting.two_views import (
    Wish,
    accepts,
    claimed,
    noted_disputes,
    second_view,
    wished,
    wished_beside,
)
from coach.engines.embedded.views import leaves_open
from coach.guide import SettledRange
from coach.plan import Decision, Provenance

_THEIR_VIEW = re.compile(r"(?:she|he|they)\s+(?:thinks?|says?|feels?|reckons?|wants?)\b", re.I)
_NEAR = 2
"""Turns between what belongs to one decision, at most."""
_COMMON = frozenset(
    "what when with that this them then they have need from your just about".split()
)


def decisions(found: Sequence[Passage], around: Sequence[Passage], *, step: str) -> list[Decision]:
    """The autonomy map. ``found`` are the step's passages, ``around`` all of the document's.

    A range stands only where something said settles it; a wish for more without one is
    ``not_discussed``. Two sides that settle one decision differently are both kept.
    """
    table = _Table(found, around, step)
    for here, passage in enumerate(around):
        table.take(passage, around[max(0, here - 6) : here])
    return table.closed()


class _Table:
    """The decisions so far, and what of the talk still waits for its answer."""

    def __init__(self, found: Sequence[Passage], around: Sequence[Passage], step: str) -> None:
        self._around = around
        self._step = step
        self._ours = {(p.line, p.start) for p in found}
        self._settling = {p.line for p in found if p.range and not p.asks}
        self._disputes = noted_disputes(found, around)
        self._turns = {p.line: p.turn for p in around}
        self._entries: list[Decision] = []
        self._waiting: list[Passage] = []
        self._held: set[int] = set()
        self._turn = 0
        self._wish: Wish | None = None

    def take(self, passage: Passage, before: Sequence[Passage]) -> None:
        """Enter what the passage says of deciding; ``before`` are the passages before it."""
        place = passage.line, passage.start
        if passage.flagged:
            return
        if takes_back(passage):
            self._take_back(passage)
        elif (amount := other_amount(passage)) and not any(part.asks for part in before[-2:]):
            self._amend(passage, amount)
        elif self._wish and accepts(passage, self._wish):
            self._enter(self._wish.granted(passage), passage)
        elif place in self._disputes:
            if dispute := self._disputes[place]:
                self._enter(dispute, passage)
        elif self._is_next(passage) and (other := claimed(passage, self._entries[-1])):
            if _same_decision(self._entries[-1], passage, before):
                self._entries[-1] = wished_beside(self._entries[-1], passage, other)
            elif place in self._ours:
                self._take_ours(passage, before)
        elif place in self._ours:
            self._take_ours(passage, before)

    def _take_ours(self, passage: Passage, before: Sequence[Passage]) -> None:
        near = bool(self._entries) and passage.turn - self._turn <= _NEAR
        wish = wished(passage)
        if wish:
            self._take_wish(passage, wish, before)
        elif passage.range is None or passage.asks:
            if passage.line not in self._held and passage.line in self._settling:
                self._waiting.append(passage)
            else:
                self._entries = _attach(self._entries, passage, step=self._step, near=near)
        else:
            self._settle(passage, passage.range, before, near=near)
            for earlier in self._waiting:
                self._entries = _attach(self._entries, earlier, step=self._step, near=True)
            self._waiting = []

    def _settle(
        self, passage: Passage, settled: SettledRange, before: Sequence[Passage], *, near: bool
    ) -> None:
        here = [part for part in before if part.line == passage.line]
        if passage.spoken and near and _same_decision(self._entries[-1], passage, before):
            self._entries[-1] = second_view(self._entries[-1], passage)
            self._turn = passage.turn
        elif (at := changed_before(self._entries, passage, here)) is not None:
            self._entries[at] = second_view(self._entries[at], passage)
            self._turn = passage.turn
        else:
            decision = _decision(passage, settled, before)
            if self._wish and self._wish.passage.turn >= passage.turn - _NEAR:
                decision = self._wish.beside(decision, passage)
            self._enter(decision, passage)
        self._held.add(passage.line)

    def _take_wish(self, passage: Passage, wish: SettledRange, before: Sequence[Passage]) -> None:
        near = bool(self._entries) and passage.turn - self._turn <= _NEAR
        if near and _same_decision(self._entries[-1], passage, before):
            self._entries[-1] = wished_beside(self._entries[-1], passage, wish)
        else:
            self._give_up_wish()
            asked = asked_before(passage, before)
            self._wish = Wish(passage, wish, asked, topic_of(asked) if asked else None)

    def _enter(self, decision: Decision, passage: Passage) -> None:
        if self._wish and passage.turn - self._wish.passage.turn > _NEAR:
            self._give_up_wish()
        self._entries.append(decision)
        self._wish = None
        self._turn = passage.turn

    def _give_up_wish(self) -> None:
        """What the employee wanted and nobody answered is a row that settles nothing."""
        if self._wish:
            self._entries.append(self._wish.unanswered())
        self._wish = None

    def _is_next(self, passage: Passage) -> bool:
        last = self._turns[max(self._entries[-1].lines)] if self._entries else -_NEAR
        return bool(self._entries) and passage.turn - last <= 1

    def _take_back(self, passage: Passage) -> None:
        if self._is_next(passage) and self._entries[-1].evidence[-1].speaker == passage.speaker:
            self._entries.pop()

    def _amend(self, passage: Passage, amount: str) -> None:
        near = self._is_next(passage) or passage.turn - self._turn <= _NEAR
        said_by_manager = not passage.spoken or passage.role != "employee"
        if self._entries and near and said_by_manager:
            self._entries[-1] = amended(self._entries[-1], passage, amount) or self._entries[-1]

    def closed(self) -> list[Decision]:
        """All of them, once everything was taken in."""
        self._give_up_wish()
        return [self._left_open(entry) for entry in self._entries]

    def _left_open(self, entry: Decision) -> Decision:
        """The decision without a range where two views stood and the talk left it there."""
        if len({view.who for view in entry.views}) < 2:
            return entry
        last = self._turns[max(entry.lines)]
        after = (p for p in self._around if p.spoken and last <= p.turn <= last + _NEAR + 1)
        if any(leaves_open(p.text) for p in after):
            return entry.model_copy(update={"range": "not_discussed"})
        return entry


def _decision(passage: Passage, settled: SettledRange, before: Sequence[Passage]) -> Decision:
    asked = asked_before(passage, before) if passage.spoken else None
    topic = topic_of(asked) if asked else None
    clean = corrected(passage.clean)
    provenance: Provenance = "stated" if clean == passage.clean else "inferred"
    if asked and topic:
        return Decision(
            text=topic,
            range=settled,
            terms=clean,
            provenance=provenance,
            evidence=(asked.evidence(), passage.evidence()),
        )
    text, terms = rethought(clean) or split(clean)
    return Decision(
        text=text,
        range=settled,
        terms=terms,
        provenance=provenance,
        evidence=(passage.evidence(),),
    )


def _same_decision(last: Decision, passage: Passage, before: Sequence[Passage]) -> bool:
    """Whether the line answers the decision just settled, with no new question in between."""
    asked = [p for p in before if p.asks and p.line > max(last.lines)]
    other_voice = last.evidence[-1].speaker != passage.speaker
    return other_voice if not asked else _about(asked[-1], last)


def _about(question: Passage, last: Decision) -> bool:
    """Whether a question takes up the words of the decision just settled."""
    if not re.search(r"\bor\b", question.text):
        return False
    told = set(re.findall(r"\w{4,}", f"{last.text} {last.terms or ''}".lower()))
    return bool(told & set(re.findall(r"\w{4,}", question.text.lower())) - _COMMON)


def _attach(entries: list[Decision], passage: Passage, *, step: str, near: bool) -> list[Decision]:
    """A reason or a way to more joins the decision before it; what settles nothing is a row."""
    if passage.asks or passage.words < 3:
        return entries
    last = entries[-1] if entries and near else None
    same_line = last is not None and passage.line in last.lines
    wish = passage.has(f"{step}.increase")
    why = passage.has(f"{step}.reasoning")
    alone = wish or len(passage.steps) == 1
    if not passage.spoken and not same_line and alone and not (why and last):
        text, terms = split(corrected(passage.clean))
        return [*entries, Decision(text=text, terms=terms, evidence=(passage.evidence(),))]
    field = "terms" if _THEIR_VIEW.match(passage.clean) else "path" if wish else "reason"
    if last is None or not (wish or why) or getattr(last, field):
        return entries
    told = {field: passage.clean, "evidence": (*last.evidence, passage.evidence())}
    return [*entries[:-1], last.model_copy(update=told)]
