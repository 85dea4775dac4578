"""Who decides what: each decision named, its range, the words that settle it, the way to more."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.engines.embedded.drafting.passages import Passage
from coach.engines.embedded.drafting.talk import asked_before, topic_of
from coach.engines.embedded.drafting.wording import closed, lowered, raised
from coach.guide import SettledRange
from coach.plan import Decision, View

_HEAD = re.compile(
    r"^(?P<head>[^:=→?]{2,70}?)\s*(?::(?!\d)|=|→|->|—|–|\s-\s|\?)\s*(?P<rest>.{2,})$", re.DOTALL
)
_ORDER = re.compile(
    r"^(?:she|he|they|you|we|i|just|ring|call|ask|tell|check|talk|text|go\s+ahead|do\s+it|no\s+need|"
    r"yes|no|up\s+to\s+(?:her|him|you)|(?:her|his|your|my)\s+call)\b",
    re.IGNORECASE,
)
_MAY = re.compile(
    r"^(?:(?:she|he|they|you)\s+(?:can|may|could|gets?\s+to|is\s+free\s+to|are\s+free\s+to|will)\s+"
    r"(?:just\s+|now\s+)?|(?:can|may)\s+(?:just\s+|now\s+)?|(?:free|ok|okay|fine)\s+to\s+)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"""\b(?:and\s+|then\s+|so\s+)?(?:
        (?:she|he|they|you|her|him)\s+(?:can\s+|could\s+|may\s+)?(?:just\s+)?(?:do(?:es)?|decides?|rings?|calls?|asks?|
            tells?|texts?|checks?|talks?|comes?|waits?|goes\s+ahead|handles?|signs?)\b
      | just\s+(?:do|put|tell|let|send|drop|ring|text|log|go|ship|book|order|fix)\b
      | (?:ring|call|ask|tell|check\s+with|talk\s+to|speak\s+to|
          come\s+to|run\s+(?:it|that)\s+(?:by|past)|loop)\s+(?:me|us|him|her|it)\b
      | (?:do|decide|sign|handle|close)\s+(?:it|them|that)\b
      | no\s+need\s+to\b | don'?t\s+(?:ask|ring|call|need)\b | without\s+asking\b
      | (?:it'?s\s+)?(?:her|his|your|their|my|hers|yours|mine)\s+(?:call|decision|shout|own)\b
      | (?:is|are|stays?)\s+(?:her|his|your|their|my|hers|yours|mine)\b
      | wait(?:s)?\s+for\b | only\s+(?:after|through|with|when\s+i)\b | needs?\s+(?:my|me|a\s+yes)\b
      | up\s+to\s+(?:her|him|you|them)\b | (?:then\s+)?(?:tell|let)\s+me\s+(?:know|after)\b
      | herself\b | himself\b | yourself\b | themselves\b
    ).*$""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_POINTER = re.compile(
    r"(?:that|this|it|them|those|anything|everything|always|never|also|before|after|when|if|once|"
    r"until|for|as|but|so|then)(?:'s)?",
    re.IGNORECASE,
)
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
    place = {(p.line, p.start): i for i, p in enumerate(around)}
    settling = {p.line for p in found if p.range and not p.asks}
    entries: list[Decision] = []
    waiting: list[Passage] = []
    held: set[int] = set()
    turn = 0
    for passage in found:
        later = passage.turn - turn
        if passage.range is None or passage.asks:
            if passage.line not in held and passage.line in settling:
                waiting.append(passage)
            else:
                entries = _attach(entries, passage, step=step, near=later <= _NEAR)
            continue
        here = place[passage.line, passage.start]
        before = around[max(0, here - 6) : here]
        near = bool(entries) and later <= _NEAR
        if passage.spoken and near and _same_decision(entries[-1], passage, before):
            entries[-1] = _second_view(entries[-1], passage)
        else:
            entries.append(_decision(passage, passage.range, before))
        for earlier in waiting:
            entries = _attach(entries, earlier, step=step, near=True)
        waiting = []
        turn = passage.turn
        held.add(passage.line)
    return entries


def _decision(passage: Passage, settled: SettledRange, before: Sequence[Passage]) -> Decision:
    asked = asked_before(passage, before) if passage.spoken else None
    topic = topic_of(asked) if asked else None
    if asked and topic:
        return Decision(
            text=topic,
            range=settled,
            terms=passage.clean,
            evidence=(asked.evidence(), passage.evidence()),
        )
    text, terms = _split(passage.clean)
    return Decision(
        text=text,
        range=settled,
        terms=terms,
        evidence=(passage.evidence(),),
    )


def _split(clean: str) -> tuple[str, str | None]:
    """The decision and the words that settle it: "comps up to $50" and "she just does em"."""
    if (match := _HEAD.match(clean)) and not _ORDER.match(match["head"]):
        head = closed(match["head"])
        if 1 <= len(head.split()) <= 9:
            return raised(head), lowered(closed(match["rest"]))
    body = _MAY.sub("", clean, count=1)
    tail = _TAIL.search(body)
    head = closed(body[: tail.start()]) if tail else ""
    if tail and len(head) > 3 and not _ORDER.match(head) and not _POINTER.fullmatch(head):
        return raised(head), closed(body[tail.start() :].lstrip(" ,;–—-"))
    return raised(closed(body)), None


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


def _second_view(last: Decision, passage: Passage) -> Decision:
    evidence = (*last.evidence, passage.evidence())
    if passage.range == last.range or passage.range is None:
        return last.model_copy(update={"evidence": evidence})
    first = last.evidence[-1]
    views = (
        *(last.views or (View(who=first.speaker or "?", range=last.range, line=first.line),)),
        View(who=passage.speaker or "?", range=passage.range, line=passage.line),
    )
    changed: dict[str, object] = {"views": views, "evidence": evidence}
    if first.speaker == passage.speaker or passage.role == "manager":
        # second thoughts of one voice, or the manager's word after the employee's: it holds for
        # now, beside both views; an employee's wish never widens what the manager has said
        changed |= {"range": passage.range, "terms": passage.clean}
    return last.model_copy(update=changed)


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
        text, terms = _split(passage.clean)
        return [*entries, Decision(text=text, terms=terms, evidence=(passage.evidence(),))]
    field = "terms" if _THEIR_VIEW.match(passage.clean) else "path" if wish else "reason"
    if last is None or not (wish or why) or getattr(last, field):
        return entries
    told = {field: passage.clean, "evidence": (*last.evidence, passage.evidence())}
    return [*entries[:-1], last.model_copy(update=told)]
