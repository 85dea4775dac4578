"""Later: by rule, the steps that a line only puts off ("TODO who signs off what", "park growth").

Two things must stand in the line: words that put something off, and words for what is put off.
A task that waits ("the bulletin can wait") is an order of work, not a promise to talk.
"""

from __future__ import annotations

import re

from coach.patterns import pattern

_LONGEST = 300


def _any(*alternatives: str) -> re.Pattern[str]:
    return pattern("|".join(alternatives), re.IGNORECASE)


_DAY = r"(?:fri|mon|tues?|wed|thurs?)"
_MONTH = (
    r"(?:spring|summer|autumn|winter|jan|feb|march|april|may|june|july|aug(?:ust)?|sept?|"
    r"september|oct(?:ober)?|nov|dec|the new year)"
)
_TURN = r"(?:is|are|back|in|over|know|easter|xmas|christmas|half term|quieter|then)"
_TALK = (
    r"(?:talk|chat|discuss|pick|do|cover|sit|ask|leave|keep|save|sort|settle|go|come|parked|nail|"
    r"wait|write)"
)
_WHEN = (
    "(?:"
    + "|".join(
        (
            rf"next (?:time|one|mtg|meeting|session|week|wk|month|visit|1:1|1-1|{_DAY})",
            r"another (?:day|time|evening|hour)",
            r"(?:some |whole )?other day",
            r"one day",
            r"a separate hour",
            r"not (?:today|tonight|now|anyway)",
            r"properly",
            r"till? next",
            r"later",
            r"mid-?(?:year|term)",
            r"on the \d+(?:th|st|nd|rd)?",
            rf"in (?:person|{_MONTH})",
            rf"(?:when|once|after|till?|until) (?:\w+(?:'s)? ){{0,3}}{_TURN}",
        )
    )
    + ")"
)

_PUT_OFF = _any(
    r"\b(?:to-?do|park(?:ed)?|tabled|held over)\b",
    r"\b(?:did ?n[o']?t|have ?n[o']?t|never|not) "
    r"(?:get|got|said|asked?|talked|done|gone|discussed)\b",
    r"\b(?:forgot|skipped|ran out of|outta|no|short of) (?:time|to (?:ask|bring|talk|cover))\b",
    rf"\b{_TALK}\b[^.;]{{0,60}}\b{_WHEN}\b",
    rf"{_WHEN}\s*$",
    rf"[-:(]\s*{_WHEN}\b",
    r"\b(?:need|have|got|want) to (?:do|talk|sort|sit down|discuss|go over|agree)\b",
)
_SETTLED = _any(
    r"[£$€]",
    r"\b(?:pay|paid|budget|draft|enrol+ed|booked|keen)\b",
    r"\bwants? to (?:do|learn)\b",
    r"\b(?:i|she|he)'d (?:like|love)\b",
    r"\bi'll (?:find|fund|get|book)\b",
)
_ABOUT = {
    "purpose": _any(
        r"\bwhy (?:it|the|we|this)\b",
        r"\b(?:strategy|mission|vision|big picture)\b",
    ),
    "tasks": _any(
        r"\b(?:job|position) description\b",
        r"\b(?:duties|priorities|workload)\b",
    ),
    "success": _any(
        r"\bwhat (?:a )?(?:good|great|done|success)\b",
        r"\b(?:numbers?|kpis?|targets?|figures) (?:too|either|we|i|what|that|after|for)",
        r"\bwhat it (?:ought|gotta|has to|should)\b",
    ),
    "autonomy": _any(
        r"\bwho(?:'s| is)? (?:can|may|signs?|decides?|orders?|calls?|gets? to|rings?|allowed|"
        r"approves?|pays?|validates?|authori[sz]es?)",
        r"\bwhat (?:you|he|she|they) can (?:sign|decide|spend|waive|switch|order|turn)",
        r"\bsign(?:s|ing)? off\b",
        r"\bown bat\b",
        r"\bwithout me\b",
        r"\bdecision rights\b",
        r"\bdecides? there\b",
        r"\bautonomy\b",
        r"\bwho-(?:can|decides)",
    ),
    "development": _any(
        r"\b(?:growth|training|courses?|development|career|certificate|quals?|promotion|"
        r"learn(?:ing)?|secondment|goals? for|cpd|nvq|diploma|apprenticeship|strengths)\b",
        r"\bwhere (?:he|she|they|you)(?:'s|'re|s)? (?:wants?|heading|want to)\b",
    ),
    "support": _any(
        r"\bwhat (?:he|she|they|you|i) (?:wants?|needs?|should do) (?:off|from|differently)\b",
        r"\bwhat i (?:could|should|can|might) do (?:better|differently)\b",
        r"\bas (?:his|her|their|your) (?:boss|manager|lead)\b",
        r"\bfeedback (?:for|on|to) me\b",
        r"\bhow (?:i|i'm) (?:lead|manag|doing)",
    ),
}
"""In guide order."""


def puts_off(text: str) -> bool:
    """Whether the line has words that put something off, and none that settle it."""
    text = _straight(text)
    return bool(_PUT_OFF.search(text)) and not _SETTLED.search(text)


def planned_steps(text: str) -> tuple[str, ...]:
    """The ISP steps this line promises to talk about later, in guide order; none if not plain."""
    if not puts_off(text):
        return ()
    text = _straight(text)
    return tuple(step for step, about in _ABOUT.items() if about.search(text))


def _straight(text: str) -> str:
    return text[:_LONGEST].replace("’", "'")
