"""Who decides what: each decision named, its range, the words that settle it, the way to more."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.engines.embedded.drafting.passages import Passage
from coach.engines.embedded.drafting.wording import cleaned, closed, lowered, raised
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
    r"""[\s,;–—-]*\b(?:and\s+|then\s+|so\s+)?(?:
        (?:she|he|they|you|her|him)\s+(?:can\s+|could\s+|may\s+)?(?:just\s+)?(?:do(?:es)?|decides?|rings?|calls?|asks?|
            tells?|texts?|checks?|talks?|comes?|waits?|goes\s+ahead|handles?|signs?)\b
      | just\s+(?:do|put|tell|let|send|drop|ring|text|log|go|ship|book|order|fix)\b
      | (?:ring|call|ask|tell|check\s+with|talk\s+to|speak\s+to|come\s+to|run\s+(?:it|that)\s+(?:by|past)|loop)\s+(?:me|us|him|her|it)\b
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
_TOPIC_LEAD = re.compile(
    r"^(?:(?:and|so|ok|okay|but|then|also|now|or|even)\s+)*(?:what\s+about|how\s+about|what\s+if|can\s+i|"
    r"could\s+i|may\s+i|should\s+i|do\s+i\s+(?:need|have)\s+(?:you\s+)?to|am\s+i\s+(?:ok|allowed)\s+to|"
    r"can\s+we|and\s+if|if|like)\s+(?:just\s+)?",
    re.IGNORECASE,
)
_ECHO = re.compile(r"^(?:yes|no|yeah|ok|okay|sure|fine|exactly|deal|right|agreed|clear|good|great)\b[\s,.!]*", re.I)
_PATH = re.compile(
    r"\b(?:until|till?|after|once|when|then\s+we|look\s+(?:at\s+it\s+)?again|review|revisit|next\s+step|"
    r"one\s+day|not\s+yet|eventually|later)\b",
    re.IGNORECASE,
)


def decisions(found: Sequence[Passage], around: Sequence[Passage], *, step: str) -> list[Decision]:
    """The autonomy map. ``found`` are the step's passages, ``around`` all of the document's.

    A range stands only where something said settles it; a wish for more without one is
    ``not_discussed``. Two sides that settle one decision differently are both kept.
    """
    place = {(p.line, p.start): i for i, p in enumerate(around)}
    entries: list[Decision] = []
    for passage in found:
        if passage.range is None or passage.asks:
            entries = _attach(entries, passage, step)
            continue
        before = list(around[: place[passage.line, passage.start]])[-3:]
        if passage.spoken and entries and _same_decision(entries[-1], passage, before):
            entries[-1] = _second_view(entries[-1], passage)
            continue
        entries.append(_decision(passage, before))
    return entries


def _decision(passage: Passage, before: list[Passage]) -> Decision:
    topic = _asked_topic(passage, before) if passage.spoken else None
    if topic is not None:
        text, asked = topic
        terms: str | None = passage.clean
        evidence = (asked.evidence(), passage.evidence())
    else:
        text, terms = _split(passage.clean)
        evidence = (passage.evidence(),)
    return Decision(text=text, range=passage.range or "not_discussed", terms=terms, evidence=evidence)


def _split(clean: str) -> tuple[str, str | None]:
    """The decision and the words that settle it: "comps up to $50" and "she just does em"."""
    if (match := _HEAD.match(clean)) and not _ORDER.match(match["head"]):
        head = closed(match["head"])
        if 1 <= len(head.split()) <= 9:
            return raised(head), lowered(closed(match["rest"]))
    body = _MAY.sub("", clean, count=1)
    tail = _TAIL.search(body)
    if tail and len(body[: tail.start()].split()) >= 2 and not _ORDER.match(body[: tail.start()]):
        return raised(closed(body[: tail.start()])), closed(body[tail.start() :].lstrip(" ,;–—-"))
    return raised(closed(body)), None


def _asked_topic(passage: Passage, before: list[Passage]) -> tuple[str, Passage] | None:
    """What the other voice asked or named just before: "And buying bits?" """
    for earlier in reversed(before):
        if passage.line - earlier.line > 2 or earlier.line == passage.line:
            continue
        if earlier.speaker != passage.speaker and (earlier.asks or earlier.words <= 8):
            topic = closed(_TOPIC_LEAD.sub("", cleaned(earlier.text, spoken=True)).rstrip("?! "))
            topic = _ECHO.sub("", topic)
            if 1 <= len(topic.split()) <= 14 and len(topic) > 3:
                return raised(topic), earlier
    return None


def _same_decision(last: Decision, passage: Passage, before: list[Passage]) -> bool:
    """Whether the line answers the decision just settled, with no new question in between."""
    near = passage.line - max(last.lines) <= 2
    asked = any(p.asks and p.line > max(last.lines) for p in before)
    other_voice = last.evidence[-1].speaker != passage.speaker
    return near and other_voice and not asked


def _second_view(last: Decision, passage: Passage) -> Decision:
    evidence = (*last.evidence, passage.evidence())
    if passage.range == last.range or passage.range is None:
        return last.model_copy(update={"evidence": evidence})
    first = last.evidence[-1]
    views = (
        *(last.views or (View(who=first.speaker or "?", range=last.range, line=first.line),)),
        View(who=passage.speaker or "?", range=passage.range, line=passage.line),
    )
    terms = passage.clean
    return last.model_copy(
        update={"range": passage.range, "views": views, "terms": terms, "evidence": evidence}
    )


def _attach(entries: list[Decision], passage: Passage, step: str) -> list[Decision]:
    """A reason or a way to more joins the decision before it; a wish of its own is a row."""
    if passage.asks or passage.words < 3:
        return entries
    last = entries[-1] if entries else None
    near = last is not None and passage.line - max(last.lines) <= 2
    if passage.has(f"{step}.increase"):
        if not near or (not passage.spoken and passage.line not in (last.lines if last else ())):
            text, terms = _split(passage.clean)
            wish = Decision(text=text, terms=terms, evidence=(passage.evidence(),))
            return [*entries, wish] if not passage.spoken else entries
        field = "path"
    elif passage.has(f"{step}.reasoning"):
        field = "reason"
    else:
        return entries
    if last is None or not near or getattr(last, field):
        return entries
    joined = last.model_copy(
        update={field: passage.clean, "evidence": (*last.evidence, passage.evidence())}
    )
    return [*entries[:-1], joined]
