"""Second thoughts: a decision taken back, changed, or given another amount, in the same talk."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.engines.embedded.drafting.naming import split
from coach.engines.embedded.drafting.passages import Passage
from coach.engines.embedded.drafting.wording import closed, raised
from coach.plan import Decision

_TAKES_BACK = re.compile(
    r"^\W*(?:(?:no|wait|sorry|oh|actually|hmm+|ok|okay|well|and|but|so)\W+)*"
    r"(?:scratch|strike|delete|cancel)\s+(?:that|this|it|the last (?:one|line|bit))"
    r"(?=\s*(?:[.,;!–—-]|$))"
    r"|^\W*(?:i\s+take\s+(?:that|it)\s+back|let\s+me\s+(?:rephrase|start\s+(?:again|over)))\b",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"\b(?:chang(?:e|ed|ing)\s+(?:my|our|her|his)\s+minds?|(?:on\s+)?(?:second\s+thoughts?|reflection)|"
    r"actually|instead|after\s+all|no\s+longer|not\s+any\s?more|correction|though|however|"
    r"come\s+to\s+think|thinking\s+about|let'?s\s+(?:say|do|make)|you\s+know\s+what|"
    r"from\s+(?:now\s+on|today)|i\s+can(?:'t|not)\s+do\s+that)\b"
    r"|^\W*(?:no|wait|ok|okay|fine|fair|right|alright|all\s+right)\b",
    re.IGNORECASE,
)
_NAMED_WITHIN = 5
"""Words of the changing clause among which the thing has to be named."""
_AMOUNT = r"[£$€]?\d[\d.,]*(?:\s?(?:k\b|%|per\s?cent\b))?"
_MARK = (
    r"(?:no|wait|sorry|actually|correction|(?:on\s+)?second\s+thoughts?|"
    r"rather|or\s+rather|i\s+mean)"
)
_MAKE = r"(?:(?:let'?s\s+)?(?:make|call|say)\s+(?:it\s+|that\s+|them\s+)?|up\s+to\s+|to\s+)"
_OTHER_AMOUNT = re.compile(
    rf"^\W*(?:(?:{_MARK}\W+)+(?:{_MAKE})?|(?:let'?s\s+)?make\s+(?:it|that)\s+)(?:up\s+to\s+)?"
    rf"(?P<amount>{_AMOUNT})(?:\s+(?:then|instead|for\s+now|rather))*\W*$",
    re.IGNORECASE,
)
_CORRECTED = re.compile(
    rf"\s*[,;:(–—-]*\s*\b(?:no(?=\W*[,:–—-]|\W+{_MAKE})|sorry|correction|"
    r"scratch\s+that|make\s+that|i\s+mean|or\s+rather)\b"
    rf"[\s,:–—-]+(?:{_MAKE})?(?P<amount>{_AMOUNT})\)?(?!\w)",
    re.IGNORECASE,
)
_RETHOUGHT = re.compile(
    r"^(?P<first>.{8,200}?)\s*[,;–—-]+\s*(?:no|oh|sorry|hmm+)[,\s]+(?:wait|sorry|scratch\s+that|"
    r"actually)\b[\s,:–—-]*(?P<then>.{8,})$",
    re.IGNORECASE | re.DOTALL,
)
_THING = re.compile(r"(?P<thing>.{4,60}?)[\s,:]+(?:he|she|they|you)\b", re.IGNORECASE)
_AMOUNTS = re.compile(rf"(?<![\w.,]){_AMOUNT}")
_COMMON = frozenset(
    "what when with that this them then they have need from your just about please again every "
    "time tell asks asked first before after afterwards decide decides give gives given mind "
    "changed want wants would could should will always never only herself himself yourself myself "
    "without over their these those some such more much than done talk talks okay fine wait".split()
)


def takes_back(passage: Passage) -> bool:
    """Whether it only takes back what was just said."""
    return _TAKES_BACK.match(passage.text) is not None


def other_amount(passage: Passage) -> str | None:
    """The amount that it puts in place of the one just named: "no, make it 800"."""
    match = _OTHER_AMOUNT.match(passage.text)
    return match["amount"].rstrip(".,") if match else None


def corrected(text: str) -> str:
    """The words with an amount that is corrected on the spot: "to 200, correction: to 150"."""
    match = _CORRECTED.search(text)
    if match is None:
        return text
    before = _swapped(text[: match.start()], match["amount"].rstrip(".,"))
    return text if before is None else before + text[match.end() :]


def rethought(clean: str) -> tuple[str, str] | None:
    """The thing and the words that hold, of a clause that takes back how it began."""
    match = _RETHOUGHT.match(clean)
    thing = _THING.match(match["first"]) if match else None
    return (raised(closed(thing["thing"])), closed(match["then"])) if match and thing else None


def amended(last: Decision, passage: Passage, amount: str) -> Decision | None:
    """The decision with this amount for its own; None where it is not plain which one is meant."""
    evidence = (*last.evidence, passage.evidence())
    for field in ("text", "terms"):
        told = _swapped(getattr(last, field) or "", amount)
        if told is not None:
            update = {field: told, "evidence": evidence, "provenance": "inferred"}
            return last.model_copy(update=update)
    return None


def _swapped(text: str, amount: str) -> str | None:
    """The text with this amount in place of its only one."""
    found = list(_AMOUNTS.finditer(text))
    if len(found) != 1:
        return None
    (old,) = found
    named = old.group().rstrip(".,")
    unit = re.sub(r"[\d.,]", "", named)
    if not re.sub(r"[\d.,\s]", "", amount) and unit:  # "£500 ... make it 800"
        lead, tail = (unit, "") if unit in "£$€" else ("", unit)
        amount = f"{lead}{amount}{tail}"
    return text[: old.start()] + amount + text[old.start() + len(named) :]


def changed_before(
    entries: Sequence[Decision], passage: Passage, turn: Sequence[Passage]
) -> int | None:
    """Which decision it changes: its own voice's, on the same thing, with words that say so.

    ``turn`` is what stands before it in the same turn or line. "Above 300 ask first" after "up to
    300 she decides" is no change: an amount of its own parts a thing in two.
    """
    said = " ".join([*(part.text for part in turn), passage.text])
    if not _CHANGES.search(said) and not any(_CHANGES.search(part.text) for part in turn):
        return None
    if _AMOUNTS.search(passage.clean):
        return None
    words = _named(passage.clean) | _named(split(passage.clean)[1] or "")
    for at in range(len(entries) - 1, -1, -1):
        last = entries[at]
        same_voice = last.evidence[-1].speaker == passage.speaker
        if same_voice and last.range != passage.range and words & _words(last.text):
            return at
    return None


def _named(text: str) -> set[str]:
    return _words(" ".join(text.split()[:_NAMED_WITHIN]))


def _words(text: str) -> set[str]:
    return {word.rstrip("s") for word in re.findall(r"[^\W\d_]{4,}", text.lower())} - _COMMON
