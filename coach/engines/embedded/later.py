"""Later: by rule, the steps that a line only puts off ("TODO who signs off what", "park growth").

Two things must stand in the line: words that put something off, and words for what is put off.
A task that waits ("the bulletin can wait") is an order of work, not a promise to talk.
"""

from __future__ import annotations

import re

_FLAGS = re.IGNORECASE
_WHEN = (
    r"(?:next (?:time|one|mtg|meeting|session|week|wk|month|visit|1:1|1-1|fri|mon|tues?|wed|thurs?)|"
    r"another (?:day|time|evening|hour)|(?:some )?other day|whole other day|one day|a separate hour|"
    r"not (?:today|tonight|now|anyway)|properly|till? next|later|mid-?(?:year|term)|"
    r"on (?:a dry day|the \d+(?:th|st|nd|rd)?)|"
    r"in (?:person|spring|summer|autumn|winter|jan|feb|march|april|may|june|july|aug(?:ust)?|sept?|"
    r"september|oct(?:ober)?|nov|dec|the new year)|"
    r"(?:when|once|after|till?|until) (?:\w+(?:'s)? ){0,3}(?:is|are|back|in|over|know|easter|xmas|"
    r"christmas|half term|quieter|then))"
)
_PUT_OFF = re.compile(
    r"\b(?:to-?do|park(?:ed)?|tabled|held over)\b"
    r"|\b(?:did ?n[o']?t|have ?n[o']?t|never|not) (?:get|got|said|asked|talked|done|gone|discussed|asked?)\b"
    r"|\b(?:forgot|skipped|ran out of|outta|no|short of) (?:time|to (?:ask|bring|talk|cover))\b"
    rf"|\b(?:talk|chat|discuss|pick|do|cover|sit|ask|leave|keep|save|sort|settle|go|come|parked|"
    rf"nail|wait|write)\b"
    rf"[^.;]{{0,60}}\b{_WHEN}\b"
    rf"|{_WHEN}\s*$|[-:(]\s*{_WHEN}\b"
    r"|\b(?:still )?(?:need|have|got|want) to (?:do|talk|sort out|sort|sit down|discuss|go over|agree)\b",
    _FLAGS,
)
_SETTLED = re.compile(
    r"[£$€]|\b(?:pay|paid|budget|draft|enrol+ed|booked|keen|wants? to (?:do|learn)|"
    r"i'd (?:like|love))\b",
    _FLAGS,
)
_ABOUT = {
    "autonomy": re.compile(
        r"\bwho(?:'s| is)? (?:can|may|signs?|decides?|orders?|calls?|gets? to|rings?|allowed|"
        r"approves?|pays?|validates?|authori[sz]es?)|\bwhat (?:you|he|she|they) can (?:sign|"
        r"decide|spend|waive|switch|order|turn)|\bsign(?:s|ing)? off\b|\bown bat\b|\bwithout me\b|"
        r"\bdecision rights\b|\bdecides? there\b|\bautonomy\b|\bwho-(?:can|decides)",
        _FLAGS,
    ),
    "development": re.compile(
        r"\b(?:growth|training|courses?|development|career|certificate|quals?|promotion|learn(?:ing)?|"
        r"secondment|goals? for|where (?:he|she|they|you)(?:'s|'re|s)? (?:wants?|heading|want to)|"
        r"cpd|nvq|diploma|apprenticeship|strengths)\b",
        _FLAGS,
    ),
    "success": re.compile(
        r"\bwhat (?:a )?(?:good|great|done|success)\b|\b(?:the )?(?:numbers?|kpis?|targets?|figures) "
        r"(?:too|either|we|i|what|that|after|for)|\bwhat it (?:ought|gotta|has to|should)\b",
        _FLAGS,
    ),
    "support": re.compile(
        r"\bwhat (?:he|she|they|you|i) (?:wants?|needs?|should do) (?:off|from|differently)\b|"
        r"\bfeedback (?:for|on|to) me\b|\bhow (?:i|i'm) (?:lead|manag|doing)",
        _FLAGS,
    ),
    "purpose": re.compile(
        r"\bwhy (?:it|the|we|this)\b|\b(?:strategy|mission|vision|big picture)\b", _FLAGS
    ),
    "tasks": re.compile(
        r"\b(?:job|position) description\b|\b(?:duties|priorities|workload)\b", _FLAGS
    ),
}
_LONGEST = 300


def puts_off(text: str) -> bool:
    """Whether the line has words that put something off."""
    return bool(_PUT_OFF.search(text[:_LONGEST].replace("’", "'")))


def planned_steps(text: str) -> tuple[str, ...]:
    """The ISP steps this line promises to talk about later, in guide order; none if not plain."""
    text = text[:_LONGEST].replace("’", "'")
    if not _PUT_OFF.search(text) or _SETTLED.search(text):
        return ()
    order = ("purpose", "tasks", "success", "autonomy", "development", "support")
    return tuple(step for step in order if _ABOUT[step].search(text))
