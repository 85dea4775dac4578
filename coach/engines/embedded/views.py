"""Views: what each side wants the range of a decision to be, where it is wanted and not settled.

"She thinks it's her call, I want to be asked first" settles nothing; it names two views.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal, NamedTuple

from coach.guide import SettledRange
from coach.patterns import pattern

Side = Literal["employee", "manager"]

_LONGEST = 400
"""A view is told in a line; what stands further on is not looked at."""
_FEW = 5


def _any(*alternatives: str) -> re.Pattern[str]:
    return pattern("|".join(alternatives), re.IGNORECASE)


_YES = r"(?:ok|okay|yes|nod|approval|sign-?off|go-ahead|final say|last word|say-?so)"
_ASKING = r"(?:asking|ask|wait|waiting|check|checking|call|ring|permission|approval)"
_OWN = r"(?:my|her|his|their)"
_ACT = (
    r"(?:decide|choose|pick|sign|send|set|order|book|approve|handle|make|give|run|hand|place|buy|pay|"
    r"fix|plan|hire)"
)

_TELLS = _any(
    r"\b(?:tell|text|inform|ring|call|mail|e-?mail|message|let|drop|show)s? (?:me|you|us)\b"
    r"[^.;,]{0,30}\b(?:after(?:wards?)?|later|know|note|line|at the end)\b",
    r"\b(?:and|then|just) (?:tell|inform|text)s? (?:me|you|us)\b(?! (?:first|before))",
)
_ALONE = _any(
    r"\b(?:my|her|him|them)sel(?:f|ves)\b",
    rf"\bon {_OWN} own\b",
    r"\balone\b",
    rf"\bwithout (?:{_ASKING}|me|you|a yes)\b",
    rf"(?:\bnot|n't) (?:have|need|want|like) to {_ASKING}\b",
    rf"\b{_OWN} (?:own )?(?:call|decision|choice|shout)\b",
    r"\b(?:hers|his|mine|theirs)(?: to (?:decide|make|sign|choose)\b|\s*[.,;]|\s*$)",
    r"\bup to (?:me|her|him|them)\b",
    r"\b(?:she|he|they|i)(?:'d| would| can| could| should| may| will)?(?: just| rather)? "
    rf"{_ACT}s?\b",
    r"\bto (?:decide|choose|pick)\b|\bbe (?:mine|hers|his|theirs)\b",
)
_KEEPS = _any(
    r"\basks? me\b|\bbe asked\b|\basked (?:first|before)\b|\bme first\b",
    rf"\b(?:my|an?|the) (?:\w+ )?{_YES}\b",
    r"\b(?:comes?|goes?|go|runs?) (?:\w+ )?(?:to|through|past|by) me\b",
    r"\bi(?:'d| would| will|'ll| want to| need to| should)?(?: still| rather| like to| prefer to)* "
    r"(?:decide|sign|approve|choose|pick|say (?:yes|no))\b|\bi do\s*(?:[.;,]|$)",
    r"\b(?:my (?:call|decision)|mine)\b",
    r"\bkeep (?:it|that|this|them|those) (?:with me|myself|mine)\b",
    r"\b(?:see|check|hear|know|look at|read)\b[^.;]{0,30}\b(?:first|before)\b",
    r"\bwaits? for me\b",
)
_TALKS = _any(
    r"\b(?:talk|speak|discuss|consult|chat)s?\b[^.;]{0,40}\b(?:first|before|then)\b"
    r"[^.;]{0,40}\b(?:decide|choose|pick|go|act|do|sign)s?\b",
)
_REFUSED = _any(r"\b(?:do|does|did|would|should|can|could|is|was)(?:n't| not)\b|\bnever\b")
_WISH = _any(
    r"\b(?:wants?|wanted|would (?:like|rather|prefer)|'d (?:like|rather|prefer)|prefers?|"
    r"i'd|i would|wish(?:es)?|hopes?|should|ought to|could|thinks?|thought|feels?|reckons?|"
    r"believes?|finds?)\b",
)

_SIDE = pattern(
    r"(?P<employee>\b(?:(?:she|he|they|(?-i:[A-Z])(?!')[\w-]{1,20})(?:'d (?:like|rather|prefer)|"
    r"(?: also| still| only| really)? (?:thinks?|thought|says?|said|feels?|felt|reckons?|wants?|"
    r"wanted|would (?:like|rather|prefer)|prefers?|sees?|believes?|finds?|argues?|insists?))|"
    r"(?:her|his|their|(?-i:[A-Z])[\w-]{1,20}'s) (?:view|opinion|take|side)|"
    r"for (?:her|him|them))\b)"
    r"|(?P<manager>\b(?:(?-i:I)(?:'d|(?: also| still| only| really)? (?:want|wanted|think|thought|"
    r"say|said|feel|felt|prefer|would|see|need|insist|keep|believe|have))|"
    r"my (?:view|opinion|take|side)|for me)\b|\bme\s*:|^\W*me\s*[,–—-]|\bmine\s*[:=–—-])",
    re.IGNORECASE,
)
_NAMED = pattern(r"(?P<employee>(?:^|(?<=[.;,] ))[A-Z][\w'-]{1,20}\s*:)(?<!Me:)")
_ME = pattern(r"\bme\s*:", re.IGNORECASE)
_APART = _any(
    r"\b(?:(?:do|did|could)(?:n't| not)|cannot|can't) (?:\w+ )?agree\b|\bagree to disagree\b",
    r"\bnot agreed\b|\bno agreement\b|\bdisagree\w*|\bdiffer(?:s|ed)?\b",
    r"\b(?:see|sees|saw) (?:it|that|this) (?:differently|otherwise)\b|\btwo views\b",
    r"\bundecided\b|\bunresolved\b|\bnot settled\b",
)
_OPEN = _any(
    r"\b(?:leave|left|leaving|keep|kept|stays?|stayed|remains?|still|is|was)(?: \w+){0,2} open\b",
    r"\bundecided\b|\bunresolved\b|\bnot settled\b|\bnot decided\b|\bsleep on (?:it|that|this)\b",
)
_RECORD = _any(
    r"\bi (?:have|had) (?:it|that|them|her|him|this)\b",
    r"\bmy (?:log|list|records?|numbers?|count|notes?|sheet) (?:says?|shows?|has|have)\b",
    r"\bi (?:remember|recall|see|saw) (?:it|that|this) (?:differently|otherwise)\b",
)
_NUMBER = pattern(r"[£$€]?\d[\d.,]*\s*(?:%|[^\W\d_]+)?")


class Claim(NamedTuple):
    """One side's view in a line of notes, and where in the line its words stand."""

    side: Side
    range: SettledRange | None
    start: int
    text: str


def claimed_range(text: str, side: Side) -> SettledRange | None:
    """The range that this side's words want, whether or not anything settles it."""
    text = text[:_LONGEST].replace("’", "'")
    if text.rstrip().endswith("?"):
        return None
    if _TALKS.search(text):
        return "consult_then_do"
    if side == "manager":
        return "ask_first" if _KEEPS.search(text) and not _REFUSED.search(text) else None
    if _TELLS.search(text):
        return "do_then_tell"
    free = _ALONE.search(text)
    refused = _REFUSED.search(text, 0, free.start()) if free else None
    return "do" if free and not refused else None


def only_wanted(text: str) -> bool:
    """Whether the words wish or think, so that they settle nothing by themselves."""
    return _WISH.search(text[:_LONGEST].replace("’", "'")) is not None


def claims(text: str, line: str | None = None) -> list[Claim]:
    """The views that a line of notes tells, by whose they are: "she thinks", "I want", "me:".

    ``line`` is the whole line where ``text`` is a clause of it: "Ada: mine. Me: no, ask me."
    """
    text = text[:_LONGEST].replace("’", "'")
    found: list[tuple[int, Side]] = [
        (match.start(), "employee" if match["employee"] else "manager")
        for match in _SIDE.finditer(text)
    ]
    if _ME.search(line or text):
        found += [(match.start(), "employee") for match in _NAMED.finditer(text)]
    marks: list[tuple[Side, int]] = []
    for start, side in sorted(found):
        if not marks or marks[-1][0] != side:
            marks.append((side, start))
    told: list[Claim] = []
    for (side, start), (_, end) in pairwise([*marks, ("manager", len(text))]):
        words = text[start:end]
        told.append(Claim(side, claimed_range(words, side), start, words))
    return told


def names_two_views(text: str) -> bool:
    """Whether a line of notes tells that the two sides want a decision's range to differ."""
    told = {(claim.side, claim.range) for claim in claims(text) if claim.range}
    return len({side for side, _ in told}) > 1 and len({range_ for _, range_ in told}) > 1


def tells_apart(text: str) -> bool:
    """Whether a line of notes tells a view of each side, on whatever, that do not agree."""
    told = claims(text)
    if len({claim.side for claim in told}) < 2:
        return False
    return (
        names_two_views(text)
        or bool(_APART.search(text))
        or bool(_RECORD.search(text))
        or _counts_differ(told)
    )


def only_apart(text: str) -> bool:
    """Whether the words say no more than that the two did not agree."""
    return len(text.split()) <= _FEW and bool(_APART.search(text) or _OPEN.search(text))


def leaves_open(text: str) -> bool:
    """Whether the words say that something was not settled."""
    return _OPEN.search(text[:_LONGEST].replace("’", "'")) is not None


def _counts_differ(told: list[Claim]) -> bool:
    """Whether the sides name different numbers of the same thing, or of what one leaves out."""
    ours, theirs = (
        {match.group().strip().lower() for c in told if c.side == side
         for match in _NUMBER.finditer(c.text)}
        for side in ("manager", "employee")
    )  # fmt: skip
    if len(ours) != 1 or len(theirs) != 1:
        return False
    units = {re.sub(r"[\d.,\s]", "", number) for number in (*ours, *theirs)} - {"", "a", "k"}
    return ours != theirs and len(units) <= 1
