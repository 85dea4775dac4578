"""What a question wants to be told, and by which words a line tells it; by wording alone. Pure."""

from __future__ import annotations

import re

from coach.rehearsal.replies import Wanted


def _one_of(*phrases: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(phrases)})", flags)


def _words(*phrases: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b", re.IGNORECASE)


_IT = r"(?:it|that|this)"
_YOU_WILL = (
    r"(?:you (?:want|like|need|plan|think|be|have|start|begin|finish|do|send|tell)"
    r"|(?:i|we)\b|(?:it|that) be)"
)

_ASKED = (
    r"(?:is|are|was|were|do|does|did|will|would|can|could|should|shall|must|may|have|has|had|else"
    r"|exactly|about|roughly|then|in|on)\b"
)
"""What follows a "when" that asks; before any other word it is a case: "And when Ben is away?"."""

_TIME = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|june|july|august"
    r"|september|october|november|december|spring|summer|autumn|winter|easter|minutes?|hours?"
    r"|days?|weeks?|months?|years?|quarter|noon|morning|evening|tomorrow|tonight|yesterday|lunch"
)
_NO_DEED = (
    r"(?!like|want|prefer|rather|say|tell|give|name|know|think|feel|see|imagine|agree|mind|need"
    r"|call (?:it|that|this)|make it|describe|explain|(?:be|ever|have|stay|leave|quit)\b)"
)
_DEEDS = (
    r"(?:draft|write|send|bring|prepare|put|list|note|sketch|ask|ring|talk to|speak to|check|try"
    r"|make(?! it )|take|set up|look (?:at|into)|share|finish|update|book|invite|read|collect|add"
    r"|keep|let me have)\b"
)

WANTED: dict[Wanted, re.Pattern[str]] = {
    "leave": _one_of(
        r"is (?:now|this|it|today) (?:still )?an? (?:good|bad|right|convenient) (?:time|moment)",
        r"(?:do you have|have you(?: got)?|got) (?:an?|some|five|ten|enough)"
        r" (?:minutes?|moments?|time)",
        r"(?:may|can|could) i (?:ask (?:you )?(?:something|a question|one thing)|start|begin|sit"
        r"|come in)",
        rf"(?:is {_IT}|would {_IT} be) (?:ok|okay|all right|fine)(?: (?:with|for) you)? if i\b",
        r"(?:do|would) you mind if i\b",
        r"are you ready(?: to (?:start|begin))?\W*$",
    ),
    "by_when": _one_of(
        rf"(?:(?:by|until|from|since) )?when (?:can|could|should|shall|will|would|do) {_YOU_WILL}",
        r"(?:by|until) when\b",
        r"how soon\b",
        r"what (?:date|day|time)\b",
        r"(?:can|could) you (?:give|name|tell) (?:me |us )?a (?:date|day)",
    ),
    "how_far": _one_of(
        r"how (?:much|many|far)\b(?! (?:time|hours|days|weeks|work)\b)"
        r"[^?]*\b(?:would|should|could|want|need|like)\b",
        r"what (?:limit|sum|amount|number|figure|target|budget)\b",
        r"up to (?:what|how|which)\b",
    ),
    "who": re.compile(
        r"(?:(?:with|for|from|to|by) )?(?:whom?|whose)\b"
        r"(?! (?:do we|are we|is (?:it|this|that|our) [^?]*for|benefits|gains))"
    ),
    "when": re.compile(
        rf"(?:(?:since|until|by|from) )?when(?:'s| {_ASKED}|\W*$)|how (?:long|old|soon)\b"
    ),
    "how_many": re.compile(r"how (?:many|much|often|far)\b"),
    "which": re.compile(
        r"(?:which|what)\b[^?]{0,40}\b(?:you mean|are (?:they|those|these)|(?:is|was) (?:it|that"
        r"|this)|would that be|were (?:they|those|these))\W*$"
    ),
    "else": re.compile(
        r"(?:is there )?(?:what|anything|something) else\b(?! (?:would|could|do|can))"
    ),
    "why": _one_of(
        r"why\b(?! don'?t (?:we|you))",
        r"how come\b",
        rf"what ma(?:kes?|de) (?:you|{_IT}|them)\b(?! (?:easier|better|safe|work))",
        r"what(?:'s| is| was) the reason\b",
    ),
    "help": _one_of(
        r"what (?:else )?(?:would|could|might|can) (?:\w+ )?"
        rf"(?:help|make (?:{_IT}|a difference))",
        r"what would have helped",
        r"what (?:else )?(?:do|would|did) you (?:need|want|wish)\b"
        r"(?! to (?:do|be|learn|decide|become|reach|talk))",
        r"what would (?:it take|have to (?:change|happen|be)|you like (?:from|me))",
        r"what (?:can|could|shall|should|may) (?:i|we) (?:take|do for|help|offer|give)",
        rf"how (?:can|could|may|should) (?:i|we) (?:help|support|make {_IT})",
        r"what should i have (?:said|done)",
    ),
    "worry": _one_of(
        r"what(?:'s| is| would be| could be)? (?:the worst|your (?:worry|fear)|the risk)",
        r"what (?:worries|scares|concerns) you",
        r"what are you (?:afraid|worried|scared)",
        r"what (?:could|might|can) (?:go wrong|happen)",
        r"are you (?:afraid|worried|scared)",
    ),
    "what_if": _one_of(
        r"what if\b(?! (?:i|we)\b)",
        r"what (?:happens|would happen|do you do|would you do) if\b",
        rf"(?:when (?!{_ASKED})|if (?!i\b|we\b))[^,]*$",
    ),
    "feeling": _one_of(
        rf"how did (?:{_IT}|you) (?:feel|land)\b(?! about)",
        rf"how does {_IT} feel\W*$",
        rf"how was {_IT} for you",
        rf"what was {_IT} like\b",
        rf"what (?:did|does) {_IT} do (?:to|with) you",
        rf"did (?:{_IT}|i) hurt",
        r"how did you (?:take|feel)",
    ),
    "mood": _one_of(
        r"how (?:are|have) you(?: been| doing| today| feeling)?\b(?! (?:going|planning))",
        r"how(?:'s| is| are) (?:it going|things|life)",
        r"are you (?:ok|okay|all right|alright|well|fine)\W*$",
        r"what(?:'s| is) (?:going on|up|the matter|wrong)\W*$",
    ),
    "view": _one_of(
        rf"what do you (?:think|say|make)(?: about| of| to)?(?: {_IT})?\W*$",
        rf"how (?:does|would) {_IT} (?:sound|look|suit|work)(?: (?:to|for) you)?\W*$",
        rf"how is {_IT} for you",
        r"do you agree|(?:where|what) do(?:n't| not) you agree|where do you (?:dis|not )agree",
        r"(?:are you|is that|would that be|is it) (?:ok|okay|fine|all right|alright|clear|good"
        r"|happy|doable|realistic|fair)\b",
        rf"how do you (?:feel|see|think) about {_IT}\W*$",
        r"agreed\W*$",
        r"does that (?:help|work|suit|sound|make sense)",
    ),
    "example": re.compile(
        r"[^?]*\b(?:for instance|an? (?:\w+ )?example|more (?:specific|exact|concrete|precise)"
        r"|what do you mean|what does that mean|like what|such as what|what exactly)\b"
    ),
    "deed": _one_of(
        rf"(?:would|could|will|can) you (?:please |perhaps |maybe )?{_NO_DEED}\w+ [^?]*\b"
        rf"(?:by|before|on|this|next|in) [^?]{{0,20}}\b(?:{_TIME}|may\W*$|\d)",
        rf"(?:would|could|will) you (?:please |perhaps |maybe )?{_DEEDS} ",
    ),
}
"""How a question starts that wants to be told one thing; the first that matches is meant."""

COUNTS_AS_CLOSED = _one_of(*(WANTED[kind].pattern for kind in ("who", "when", "how_many")))
"""A name, a date or a number is answer enough."""

_NUMBER = (
    r"\d+|once|twice|half|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty"
    r"|forty|fifty|sixty|ninety|hundred|thousand|dozen|an hour|a day|a week|a month"
)

_TELLS_DATE = _words(_TIME)

TELLS: dict[Wanted | None, re.Pattern[str]] = {
    "when": _TELLS_DATE,
    "by_when": _words(rf"(?:by|until|in|from|next|for|give me) [^.?!]{{0,20}}(?:{_TIME})"),
    "how_many": _words(_NUMBER),
    "how_far": _words("up to", "limit", "number", "ceiling", "edge", "below", "above", _NUMBER),
    "who": re.compile(
        r"\$colleague|\b(?:director|upstairs)\b"
        r"|(?<=[a-z,] )(?!I\b|\w+day\b|(?:Janua|Februa|March|April|June|July|Augus|Septe|Octo"
        r"|Novem|Decem|Easter|Christmas))[A-Z][a-z]{2,}"
    ),
    "why": _words(
        "because",
        r"since (?!\w+ (?:i|it|we)\b)",
        "that's why",
        "so that",
        "so (?:i|now)",
        "otherwise",
        "nobody (?:said|told|ever|knows)",
        "i(?:'m| was) afraid",
        "easier",
        "if i'm honest",
        "i didn't (?:want|dare)",
        "costs? (?:me )?less",
    ),
    "help": _words(
        "i'd (?:like|want|love|take|wish|be glad)",
        "would (?:help|do|be enough)",
        "it'd be enough",
        "(?:give|tell|ask|ring|send|show|let) (?:me|us|them)",
        "could (?:you|we)",
        "somebody (?:who|beside)",
    ),
    "worry": _words(
        r"afraid|fear|worr\w+|wrong|lose|losing|mistakes?|blame\w*|trouble|fail\w*|drop\w*",
        r"if it|lay awake|nervous|scare\w*|angry|dare",
    ),
    "example": _words(
        r"yesterday|last \w+|once|there was|came|went|(?:in|on|since) (?:a )?(?:" + _TIME + ")",
        r"i (?:once|found|asked|had|swapped|moved|put|left)",
    ),
    "feeling": _words(
        r"felt|feel|stung|stings?|hurt\w*|tired|cross|ashamed|alone|small\w*|stood there|odd",
        "awake|careful",
    ),
}
"""By which words a line tells what is wanted; of the others, only the lines written for them do."""

OF_FACT: frozenset[Wanted] = frozenset({"who", "when", "by_when", "how_many", "how_far"})
"""What is told of one matter and says nothing about another."""

_ASKS_DATE = _words(
    "(?:until|since|by) when", "hold for good", "for how long", r"(?:which|what) (?:date|day)s?"
)

SAYS_YES_OR_NO = re.compile(
    r"(?:oh,? )?(?:yes|no\b|not\b|nearly|almost|mostly|partly|in (?:part|theory|principle|a way)"
    r"|half|sort of|kind of|more or less|now and then|sometimes"
    r"|i (?:think|believe|suppose|guess) (?:so|not)|probably|perhaps|maybe"
    r"|on and off|from time to time|that's a (?:yes|no)|sure)\b",
    re.IGNORECASE,
)
"""How a line starts that answers a question of yes or no."""

_STEM = 5
"""Letters by which words are taken for the same: "decide" and "decision"."""
_LONG_WORD = re.compile(r"[a-z]{5,}")
_EVERYWHERE = frozenset(
    "about after again could every first might other reall shoul somet still there these thing "
    "think those where which would".split()
)


def alike(text: str, line: str) -> bool:
    """Whether the two have a word in common that is not in every other line."""
    one, other = ({word[:_STEM] for word in _LONG_WORD.findall(t.lower())} for t in (text, line))
    return not one.isdisjoint(other - _EVERYWHERE)


def asks_for_told(text: str, line: str) -> bool:
    """Whether it asks for a date that the other line has told."""
    return bool(_ASKS_DATE.search(text) and _TELLS_DATE.search(line))


def asks_again(question: str, line: str) -> bool:
    """Whether this line has asked much the same, or told it."""
    return ("?" in line and alike(question, line)) or asks_for_told(question, line)
