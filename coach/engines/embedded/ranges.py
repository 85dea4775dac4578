"""Ranges by rule, where the wording alone settles them.

Four signals are looked for in one clause: the manager keeps the yes, the two talk before, the
employee decides, the manager hears afterwards. Who acts after the talk decides the range, never
the word "consult": "run it by me, then you pick" is the employee's decision, "I'll hear everybody
and then decide" the manager's. Where the signals are missing or pull apart, nothing is said.
"""

from __future__ import annotations

import re

from coach.guide import SettledRange
from coach.patterns import pattern

_LONGEST = 400
"""A clause is short; what stands further on is not looked at."""


def _any(*alternatives: str) -> re.Pattern[str]:
    return pattern("|".join(alternatives), re.IGNORECASE)


def _one_of(words: str) -> str:
    """A group of these words, with or without the ending of the third person."""
    return "(?:" + "|".join(f"{word.replace('_', ' ')}(?:e?s)?" for word in words.split()) + ")"


_EMPLOYEE = r"(?:you|he|she|they|(?-i:[A-Z])\w{1,15})"
_THEIR = r"(?:your|his|her|their|hers|yours|theirs)"
_CALL = r"(?:call|shout|choice|decision|pick)"
_YES = (
    r"(?:yes|ok|okay|o\.k\.|nod|say-?so|approval|permission|signature|sign-?off|tick|go-ahead|"
    r"green light|answer|consent)"
)
_TALK = _one_of(
    "talk speak chat discuss consult check ask ring call phone text ping gist sound_out run_it "
    "run_this run_that run_them run_these run_those run_any word yarn natter bounce_it "
    "bounce_them come_to tri hear"
)
_TELL = _one_of(
    "tell text inform notify notifi email e-mail message ping whatsapp ring call drop send cc copy "
    "copi let post log flag"
)
_ACT = _one_of(
    "do order book buy get go send fix sort swap pick decide choose set close sign spend give ship "
    "crack move pull press put make call write switch act start approve"
)
_ASK = (
    r"(?:ask|asking (?:me|anyone|first)|asking$|tell|telling|ring|ringing|call(?:ing)?|hear|see|"
    r"check(?:ing)?|know|find|permission|approval|sign-?off|wait(?:ing)?)"
)

_OPEN = _any(
    r"\?\s*$",
    r"\b(?:wants? to|would like|wish|used to|last time|one day|some day|maybe)\b",
    r"\bwonder(?:ed|ing|s)?\b",
    r"\b(?:could become|asked (?:if|about|whether)|when i say)\b",
    r"\bfrom (?:you|her|him|them)\b[^.;]{0,30}(?:one|thing|need|want|love|like)\b",
    r"\b(?:next time|todo|didn'?t get to|not discussed)\b",
    r"\b(?:not|wasn'?t|isn'?t|aren'?t|weren'?t) sure\b",
    r"\b(?:no idea|don'?t know|didn'?t know|unclear|thought (?:i|he|she) could)\b",
    r"\b(?:he|she|they) (?:says?|said|thinks?|thought|reckons?) (?:he|she|they) should\b",
)
_WISH = _any(
    r"\?\s*$",
    r"\b(?:he|she|they|i)(?:'d| would) (?:like|love)\b",
    r"\b(?:he|she|they) wants? to\b",
    r"\bone day\b",
)
_WAIT = _any(
    r"\bwaits? (?:for|on|til+|until) (?:my|me|a|an|the|both)\b",
    r"\b(?:and|,|\+|&|then) waits?\b(?! till it| until it)",
    rf"\b(?:needs?|want|require[sd]?|takes?|has to (?:get|have|take)) (?:my|a|an|our|one) "
    rf"(?:\w+ ){{0,2}}{_YES}\b",
    rf"\b(?:my|our) (?:\w+ )?{_YES} (?:first|before|always|every time)\b",
    r"\b(?:not|nothing|never|no one|nobody)\b[^.;]{0,40}\bwithout (?:my|our|me|both)\b",
    r"\b(?:never|can'?t|cannot|not|nothing|no \w+|nobody)\b[^.;]{0,40}\bwithout "
    r"(?:me|asking|ringing|telling|my|checking)\b",
    r"\b(?:til+|until|unless|before) i(?:'ve| have)? (?:say|said|ok|okay|agree|approve|sign)",
    r"\bi(?:'ll| will)? (?:then )?(?:decide|say yes or no|(?:make|take) the (?:call|decision))\b",
    r"\b(?:stays?|remains?|sits?) (?:with me|mine)\b",
    rf"\b(?:still|always) (?:my {_CALL}|mine|needs? me)\b",
    r"\b(?:asks?|check with|checks with|clear it with) me (?:first|before)\b(?!.*\bthen\b)",
    r"\bask first\b",
    r"\bme first[.!]?$",
    r"\bprior approval\b",
    rf"\bwith my (?:written )?{_YES} only\b",
    r"\bi (?:choose|pick|decide|sign)\b(?! (?:to|what|whether) )",
    r"(?:[-:–—=]|\bis|\bare)\s*(?:me|mine)[.!]?$",
)
_NO_WAIT = _any(
    r"\b(?:no need|don'?t|doesn'?t|does not|do not|not|never|without|nobody|stop|quit) "
    r"(?:\w+ ){0,3}(?:wait|asking|to ask|ask|approval|permission|a yes|my ok|my yes|sign-?off)",
)
_TALK_BEFORE = _any(
    rf"\b{_TALK}\b[^.;]{{0,60}}?\b(?:first|before(?:hand)?|then|but|and you decide)\b",
    r"\b(?:after|once) (?:talking|speaking|checking|a (?:word|chat)|consulting|discussing)\b",
    r"\b(?:after|once) we(?:'ve)? talk(?:ed)?\b",
    r"\bconsults?,? (?:then|and) (?:do|go|act)",
)
_THEIRS_AFTER = _any(
    r"\b(?:then|but|after(?:wards| that)?|and)\b[^.;]{0,25}?(?:"
    + "|".join(
        (
            rf"\b{_THEIR} (?:own )?{_CALL}\b",
            r"\bup to (?:you|him|her|them)\b",
            rf"\b{_EMPLOYEE}(?:'s the one| (?:can|may|just|still|then|alone|himself|herself))? "
            rf"(?:to )?{_ACT}\b",
            r"\b(?:do|does) (?:it|what)\b",
            r"\bgo(?:es)? ahead\b",
            r"\bit'?s (?:yours|hers|his)\b",
        )
    )
    + ")",
    r"\bconsults?,? (?:then|and) (?:do|go|act)",
    rf"\b{_EMPLOYEE} (?:calls it|decides?|picks?|chooses?) (?:after|once)\b",
)
_AFTERWARDS = (
    "(?:"
    + "|".join(
        (
            r"after(?:wards)?(?! (?:talk|speak|check|a |that it))",
            r"later",
            r"in the morning",
            r"same day",
            r"(?:that|the same) (?:day|evening|night)",
            r"once (?:it|she|he|you|they)",
            r"when (?:it|you|he|she|they)",
            r"at (?:handover|standup|the end)",
        )
    )
    + ")"
)
_TELL_AFTER = _any(
    rf"\b{_TELL}\b[^.;]{{0,45}}?\b{_AFTERWARDS}\b",
    r"\bdrops? (?:me|us) a (?:line|note|text|message)\b",
    r"\blets? (?:me|us) know\b(?! (?:what|how|if|why|when) you (?:think|need|want))",
    r"(?:\b(?:just|then|and)|[,&+]) (?:tells?|texts?|informs?|notify|notifies|copies|cc'?s?) "
    r"(?:me|us)\b",
    r"\bdo,? (?:and )?then tell\b",
    r"\b(?:puts?|posts?|notes?|logs?) (?:it |that )?(?:through )?(?:in|on) the "
    r"(?:\w+ )?(?:log|book|sheet|ticket|card|channel|group|chat)\b",
    r"\bso i (?:can )?(?:see|know|hear)\b",
)
_FREE = _any(
    rf"\b(?:no need to|without|nobody(?:'s)?|no) {_ASK}\b",
    r"\b(?:don'?t|doesn'?t|does not|do not|needn'?t|not) (?:even )?(?:need|have|want|got|hav)?"
    rf"(?: to)? {_ASK}\b",
    r"\boff (?:your|his|her|their) own bat\b",
    r"\b(?:his|her|your|their) own (?:call|decision|judge?ment)\b",
    r"\b(?:entirely|all|just|completely|fully|purely) (?:yours|hers|his call|her call|your call|"
    r"you)\b",
    r"\bjust (?:do|order|book|buy|get|fix|sort|swap|send|pick|close|sign|crack|go)\b",
)
_FIRST = _any(r"\b(?:first|before)\b")


def settled_range(text: str) -> SettledRange | None:
    """The range that this one clause settles by its wording, or None where it is not plain."""
    text = text.strip()[:_LONGEST].replace("’", "'")
    if not text or _OPEN.search(text):
        return None
    talk = bool(_TALK_BEFORE.search(text))
    theirs = bool(_THEIRS_AFTER.search(text))
    free = bool(_FREE.search(text))
    wait = bool(_WAIT.search(text)) and not _NO_WAIT.search(text)
    tell = bool(_TELL_AFTER.search(text))
    if wait:
        return None if free or tell or (talk and theirs) else "ask_first"
    if talk and theirs and not tell and not free:
        return "consult_then_do"
    if _FIRST.search(text):
        return None
    if tell:
        return "do_then_tell"
    return "do" if free else None


def only_wished(text: str) -> bool:
    """Whether the clause asks or wishes, so that it settles nothing by itself."""
    return bool(_WISH.search(text.strip()[-_LONGEST:].replace("’", "'")))
