"""Voices: whose words a line tells, and whether it speaks to one person or to everybody."""

from __future__ import annotations

import re

from coach.engines.embedded.clauses import clauses
from coach.patterns import pattern
from coach.tone.context import is_bad_example, is_handbook, plain

_LONGEST = 400
_WHO = r"(?:she|he|they|(?-i:(?!Me\b|My\b|I\b|We\b|Note\b|Told\b|Said\b)[A-Z])[\w'’-]{1,20})"
_QUOTES = pattern(
    rf"^\W*(?:{_WHO}(?: \w+){{0,2}}|(?:her|his|their) (?:own )?words?)\s*[:,–—-]\s*[\"“'‘«]",
    re.IGNORECASE,
)
_SAYS = pattern(
    rf"^\W*{_WHO}(?: \w+){{0,2}}? (?:said|says|told me|tells me|feels?|felt|thinks?|thought|"
    r"reckons?|complain(?:s|ed)|shouted|snapped|wrote|called (?:me|my)|calls (?:me|my)|"
    r"(?:is|was) (?:angry|upset|cross|furious|annoyed))\b",
    re.IGNORECASE,
)
_MINE = pattern(
    r"\b(?:i|we) (?:\w+ )?(?:said|say|told|tell|answered|replied|warned|asked|made|wrote)\b"
    r"|\b(?:told|warned|reminded|informed) (?:her|him|them)\b",
    re.IGNORECASE,
)
_VAGUE = pattern(
    r"\b(?:we|all of us|everybody) (?:can|could|should|need to|all)\b[^.!?]{0,30}"
    r"\b(?:more|better)\b"
    r"|^\W*more \w+[.!]"
    r"|^\W*(?:(?:ehn|ok|so|well|please|just|and)\W+){0,2}(?:try (?:and|to)|do your best)\b",
    re.IGNORECASE,
)
"""What is asked of all in general words is vague, and the model takes it for a reproach."""
_HEDGE = pattern(
    r"\b(?:wondering|maybe|perhaps|possibly|sort of|kind of|at some point|no pressure|i suppose"
    r"|something like that|one day|a (?:tiny|little)? ?bit)\b",
    re.IGNORECASE,
)
_DENIES = pattern(
    r"\W*(?:(?:and|so|well|please)[ ,]{1,2})?"
    r"(?:(?:(?:i|we) (?:would never|don't|do not) (?:say|think|believe)"
    r"|(?:i|we)'d never (?:say|think)|(?:nobody|no one|no-one)(?: here)? (?:thinks|says|believes))"
    r"(?: that)? (?:you|she|he|they)(?:'re|'s| are| is) (?:just |simply )?(?:an? )?"
    r"(?:lazy|careless|stupid|useless|incompetent|slow|sloppy|rude|difficult|unreliable|hopeless"
    r"|to blame|at fault|problem)"
    r"|(?:i'm|i am|we're|we are) not (?:blaming|accusing|criticising|criticizing) "
    r"(?:you|her|him|them|anyone|anybody)(?: for (?:it|this|that))?"
    r"|(?:i'm|i am|we're|we are) not comparing (?:you|her|him|them) with (?-i:[A-Z])\w{1,20})"
    r"[\s.]*",
    re.IGNORECASE,
)
"""That nothing bad is thought, and not a word more: what follows might take it back."""
_TIMID = 3
"""Hedges from which on a line is too timid to sting; two may be irony."""


def tells_their_words(text: str) -> bool:
    """Whether these notes give what the employee said, in quotes or told, and nothing beside it."""
    text = text[:_LONGEST].replace("’", "'")
    if _MINE.search(text):
        return False
    if _QUOTES.match(text):
        return True
    return len(clauses(text)) == 1 and _SAYS.match(text) is not None


def may_sting(text: str) -> bool:
    """Whether one person may say this to another, and it says more than that no harm is meant."""
    return is_to_one(text) and not only_denies(text)


def only_denies(text: str) -> bool:
    """Whether it says that nothing bad is thought of somebody, and nothing else."""
    return _DENIES.fullmatch(text[:_LONGEST].replace("’", "'")) is not None


def is_to_one(text: str) -> bool:
    """Whether one person may say this to another.

    Not everybody to all, nor a handbook, nor what is softened until nobody is asked, nor what
    only shows how not to say it.
    """
    timid = len(_HEDGE.findall(text[:_LONGEST])) >= _TIMID
    low = plain(text)
    return not (timid or _VAGUE.search(text) or is_handbook(low) or is_bad_example(low))
