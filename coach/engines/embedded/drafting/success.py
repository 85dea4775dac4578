"""What success looks like: the thing, how one will know, and when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from coach.engines.embedded.drafting.dates import checkpoint, deadline, resolve
from coach.engines.embedded.drafting.passages import Passage
from coach.engines.embedded.drafting.wording import closed, lowered, raised
from coach.engines.embedded.views import only_apart
from coach.plan import Indicator, IndicatorKind, SuccessDefinition

_NUMBER = re.compile(
    r"\d|%|\b(?:zero|none|nothing|nobody|no\s+more\s+than|at\s+(?:least|most)|half|every|all|"
    r"twice|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|"
    r"sixty|seventy|eighty|ninety|hundred|single\s+digits?)\b",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"\b(?:text|e-?mail|message|report|note|update|post|whiteboard|channel|dashboard|log|ping|tell|"
    r"call|ring|slack|whatsapp|stand-?up|summary|list|flag|let\s+\w+\s+know|check-?in)\b",
    re.IGNORECASE,
)
_ACTS = re.compile(
    r"\b(?:stops?|asks?|says?|calls?|rings?|walks?|smil\w+|thank\w*|comes?|goes?|knows?|uses?|"
    r"picks?|brings?|greets?|listens?|speaks?|raises?|hands?)\b",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"\b(?:improve|improving|better|more|step(?:ping)?\s+up|be\s+(?:stronger|proactive)|work\s+on|"
    r"get\s+good|tighten|wow)\b",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"^(?P<head>[^=:→]{2,60}?)\s*(?:=|:(?!\d)|→|->|—|\s-\s)\s*(?P<rest>.{3,})$",
    re.DOTALL,
)
_RULE = re.compile(
    r"^(?P<head>.{3,60}?)\s+(?P<rest>(?:(?:is|are|counts?\s+as)\s+(?:done|good|fixed|ok|finished)?\s*"
    r"(?:only\s+)?(?:when|if|once)|must|should|needs?\s+to|has\s+to|have\s+to|to\s+be|to\s+go|"
    r"is\s+to\s+be|goes\s+from|from\s+\d|under|below|above|over|at\s+least|within|down\s+to|up\s+to)"
    r"\s.{2,})$",
    re.IGNORECASE | re.DOTALL,
)
_GENERIC = re.compile(
    r"^(?:(?:what|so|then|this|that|which|and|it|she|he|they|we|i|you|nothing|nobody|no\s?one|none|"
    r"there|everything|all|every)\b.*|"
    r"(?:what\s+)?(?:good|great|done|success|well|happy|ok|target|goal|aim|measure|how\s+we\s+know|"
    r"indicator)s?(?:\s+(?:is|looks?\s+like|means?|here|now|for\s+me))?|.*\b(?:said|says|asked)\b.*)$",
    re.IGNORECASE,
)
_ASKED_FOR = re.compile(
    r"\b(?:good|great|done|success|well|happy|perfect|smug|wow|finished|brilliant)\b[^?]*?"
    r"\b(?:on|for|with|about|in|of)\s+(?:the\s+|your\s+|this\s+)?(?P<topic>[^?,.]{3,50})",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"\b(?:done|good|great|success|finished)\s+(?:is|means|looks\s+like|=)\s", re.IGNORECASE
)
_ME = re.compile(r"(?:you|me|us|him|her|it|that|this|yourself|end|your\s+end)", re.IGNORECASE)
_TIME_IN_TOPIC = re.compile(
    r"\s*\b(?:by|at|before|until|till|in)\s+(?:the\s+)?(?:end|\d|q[1-4]|next|this)\b.*$", re.I
)


def definitions(
    found: Sequence[Passage], *, step: str, base: date | None
) -> tuple[list[SuccessDefinition], list[Passage]]:
    """Success definitions, and the passages too vague to be one (they become questions)."""
    entries: list[SuccessDefinition] = []
    vague: list[Passage] = []
    for group in _groups(found, step):
        said = [p for p in group if p.says_something and not _tells_the_past(p)]
        said = [p for p in said if not only_apart(p.text)]
        if not said:
            continue
        if all(_too_vague(p, step) for p in said):
            vague.append(said[0])
            continue
        entries.append(_definition(group, said, step, base))
    return entries, vague


def _groups(found: Sequence[Passage], step: str) -> list[list[Passage]]:
    """Passages about one thing: the clauses of a note line; talk from its question on."""
    groups: list[list[Passage]] = []
    for passage in found:
        last = groups[-1][-1] if groups else None
        only_when = not passage.spoken and (
            passage.items == (f"{step}.timeline",) or _meets(passage)
        )
        reach = 2 if passage.spoken else 1 if only_when else 0
        near = last is not None and passage.turn - last.turn <= reach
        opens = bool(_OPENS.search(passage.text)) or (
            passage.asks and bool(_ASKED_FOR.search(passage.text))
        )
        if near and not opens and len(groups[-1]) < 10:
            groups[-1].append(passage)
        else:
            groups.append([passage])
    return groups


def _tells_the_past(passage: Passage) -> bool:
    """Whether it is a miss or a strength rather than an aim."""
    return any(item.endswith((".misses", ".strengths")) for item in passage.items)


def _meets(passage: Passage) -> bool:
    """Whether it only says when the two will look at things together."""
    when = checkpoint([passage.text])
    return when is not None and not _NUMBER.search(passage.clean.replace(when, ""))


def _too_vague(passage: Passage, step: str) -> bool:
    text = passage.clean
    return (
        bool(_VAGUE.search(text))
        and not _NUMBER.search(text)
        and deadline(text) is None
        and len(text.split()) < 9
    )


def _definition(
    group: list[Passage], said: list[Passage], step: str, base: date | None
) -> SuccessDefinition:
    head, rest = _split(said[0])
    if head is None:
        head = _topic(group)
    indicators = [
        Indicator(kind=_kind(passage, text, step), text=text)
        for passage, text in [(said[0], rest), *((p, p.clean) for p in said[1:])]
        if len(text.split()) > 1 and closed(text).lower() != (deadline(text) or "").lower()
    ]
    if head is None:
        head = rest
    phrases = [phrase for p in said if (phrase := deadline(p.text))]
    due = "; ".join(dict.fromkeys(phrases)) if not said[0].spoken else next(iter(phrases), None)
    sure = len(set(phrases)) == 1 or said[0].spoken
    asked = [p for p in group if p.asks and p.line <= said[0].line]
    return SuccessDefinition(
        text=raised(head),
        indicators=tuple(indicators),
        due=due or None,
        due_date=resolve(phrases[0], base) if phrases and sure else None,
        evidence=tuple(p.evidence() for p in sorted([*said, *asked], key=lambda p: p.start)),
    )


def _split(passage: Passage) -> tuple[str | None, str]:
    """What the clause is about and what it says of it, where it shows which is which."""
    text = passage.clean
    for pattern in (_HEAD, _RULE):
        if match := pattern.match(text):
            head, rest = closed(match["head"]), closed(match["rest"])
            if pattern is _HEAD and _GENERIC.match(head):
                inner, said = _inner(rest)
                return inner, raised(said)
            if not _GENERIC.match(head) and len(head.split()) <= 8:
                return head, lowered(rest)
    return None, text


def _inner(text: str) -> tuple[str | None, str]:
    match = _RULE.match(text)
    if match and not _GENERIC.match(match["head"]) and len(match["head"].split()) <= 6:
        return closed(match["head"]), closed(match["rest"])
    return None, text


def _topic(group: list[Passage]) -> str | None:
    """What the question before asked about: "what would good look like on the noise?"."""
    for passage in group:
        if passage.asks and (match := _ASKED_FOR.search(passage.text)):
            topic = closed(_TIME_IN_TOPIC.sub("", match["topic"]).strip())
            if (
                topic
                and len(topic.split()) <= 6
                and not _GENERIC.match(topic)
                and not _ME.fullmatch(topic)
            ):
                return topic
    return None


def _kind(passage: Passage, text: str, step: str) -> IndicatorKind:
    if passage.has(f"{step}.measurable") and _NUMBER.search(text):
        return "measurable"
    if passage.has(f"{step}.communication") and _TELLS.search(text):
        return "communication"
    when = deadline(text)
    if re.search(r"\d", text.replace(when, "") if when else text):
        return "measurable"
    if passage.has(f"{step}.behaviours") or _ACTS.search(text):
        return "behaviour"
    return "quality"
