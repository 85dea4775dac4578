"""Ranges by rule, where the wording alone settles them.

Four signals are looked for in one clause: the manager keeps the yes, the two talk before, the
employee decides, the manager hears afterwards. Who acts after the talk decides the range, never
the word "consult": "run it by me, then you pick" is the employee's decision, "I'll hear everybody
and then decide" the manager's. Where the signals are missing or pull apart, nothing is said.
"""

from __future__ import annotations

import re

from coach.guide import SettledRange

_FLAGS = re.IGNORECASE
_EMPLOYEE = r"(?:you|he|she|they|[A-Z]\w{1,15})"
_THEIR = r"(?:your|his|her|their|hers|yours|theirs)"
_CALL = r"(?:call|shout|choice|decision|pick)"
_YES = (
    r"(?:yes|ok|okay|o\.k\.|nod|say-?so|approval|permission|signature|sign-?off|tick|go-ahead|"
    r"green light|answer|consent)"
)
_TALK = (
    r"(?:talks?|speaks?|chats?|discuss(?:es)?|consults?|checks?|asks?|rings?|calls?|phones?|texts?|"
    r"pings?|gist|sounds? out|runs? (?:it|this|that|them|these|those|any)|(?:a )?(?:quick )?"
    r"(?:word|yarn|chat|natter)|bounces? (?:it|them)|comes? to|tries|hears?)"
)
_TELL = (
    r"(?:tells?|texts?|informs?|notif(?:y|ies)|e-?mails?|messages?|pings?|whatsapps?|"
    r"rings?|calls?|drops?|sends?|cc'?s?|cop(?:y|ies)|lets?|posts?|logs?|flags?)"
)
_ACT = (
    r"(?:do|does|order|orders|book|books|buy|buys|get|gets|go|goes|send|sends|fix|fixes|sort|sorts|"
    r"swap|swaps|pick|picks|decide|decides|choose|chooses|set|sets|close|closes|sign|signs|"
    r"spend|spends|give|gives|ship|ships|crack|move|moves|pull|pulls|press|presses|put|puts|"
    r"make|makes|call|calls|write|writes|switch|switches|act|acts|start|starts|approve|approves)"
)

_OPEN = re.compile(
    r"\?\s*$|\b(?:wants? to|would like|wish|used to|last time|one day|some day|maybe|wonder(?:ed|ing|s)?|"
    r"from (?:you|her|him|them)\b[^.;]{0,30}(?:one|thing|need|want|love|like)|could become|asked (?:if|about|whether)|next time|todo|didn'?t get to|not discussed|when i say)\b",
    _FLAGS,
)
_WAIT = re.compile(
    rf"\bwaits? (?:for|on|til+|until) (?:my|me|a|an|the|both)\b"
    rf"|\b(?:and|,|\+|&|then) waits?\b(?! till it| until it)"
    rf"|\b(?:needs?|want|require[sd]?|takes?|has to (?:get|have|take)) (?:my|a|an|our|one) "
    rf"(?:\w+ ){{0,2}}{_YES}\b"
    rf"|\b(?:my|our) (?:\w+ )?{_YES} (?:first|before|always|every time)\b"
    rf"|\b(?:not|nothing|never|no one|nobody)\b[^.;]{{0,40}}\bwithout (?:my|our|me|a|both)\b"
    rf"|\b(?:til+|until|unless|before) i(?:'ve| have)? (?:say|said|ok|okay|okayed|agree|approve|sign)"
    rf"|\bi(?:'ll| will)? (?:then )?(?:decide|say yes or no|(?:make|take) the (?:call|decision))\b"
    rf"|\b(?:never|can'?t|cannot|not|nothing|no \w+|nobody)\b[^.;]{{0,40}}\bwithout "
    rf"(?:me|asking|ringing|telling|my|checking)\b"
    rf"|\b(?:stays?|remains?|sits?) (?:with me|mine)\b"
    rf"|\b(?:still|always) (?:my {_CALL}|mine|needs? me)\b"
    rf"|\b(?:asks?|check with|checks with|clear it with) me (?:first|before)\b(?!.*\bthen\b)"
    rf"|\bask first\b|\bme first[.!]?$|\bprior approval\b|\bwith my (?:written )?{_YES} only\b",
    _FLAGS,
)
_NO_WAIT = re.compile(
    r"\b(?:no need|don'?t|doesn'?t|does not|do not|not|never|without|nobody|stop|quit) "
    r"(?:\w+ ){0,3}(?:wait|asking|to ask|ask|approval|permission|a yes|my ok|my yes|sign-?off)",
    _FLAGS,
)
_TALK_BEFORE = re.compile(
    rf"\b{_TALK}\b[^.;]{{0,60}}?\b(?:first|before(?:hand)?|then|but|and you decide)\b"
    rf"|\b(?:after|once) (?:talking|speaking|checking|a (?:word|chat)|consulting|discussing|"
    rf"we(?:'ve)? talk(?:ed)?)\b"
    rf"|\bconsult(?:s)?,? (?:then|and) (?:do|go|act)",
    _FLAGS,
)
_THEIRS_AFTER = re.compile(
    rf"\b(?:then|but|after(?:wards| that)?|and)\b[^.;]{{0,25}}?"
    rf"(?:\b{_THEIR} (?:own )?{_CALL}\b|\bup to (?:you|him|her|them)\b"
    rf"|\b{_EMPLOYEE}(?:'s the one| (?:can|may|just|still|then|alone|himself|herself))? "
    rf"(?:to )?{_ACT}\b|\b(?:do|does) (?:it|what)\b|\bgo(?:es)? ahead\b|\bit'?s (?:yours|hers|his)\b)"
    rf"|\bconsult(?:s)?,? (?:then|and) (?:do|go|act)"
    rf"|\b{_EMPLOYEE} (?:calls it|decides?|picks?|chooses?) (?:after|once)\b",
    _FLAGS,
)
_TELL_AFTER = re.compile(
    rf"\b{_TELL}\b[^.;]{{0,45}}?\b(?:after(?:wards)?(?! (?:talk|speak|check|a |that it))|later|same day|"
    rf"in the morning|"
    rf"(?:that|the same) (?:day|evening|night)|once (?:it|she|he|you|they)|when (?:it|you|he|she|they)"
    rf"|at (?:handover|standup|the end))\b"
    rf"|\bdrops? (?:me|us) a (?:line|note|text|message)\b"
    rf"|\blets? (?:me|us) know\b(?! (?:what|how|if|why|when) you (?:think|need|want))"
    rf"|\b(?:just|then|and|,) (?:tells?|texts?|informs?|notify|notifies|copies|cc'?s?) (?:me|us)\b"
    rf"|\bdo,? (?:and )?then tell\b"
    rf"|\b(?:puts?|posts?|notes?|logs?) (?:it |that )?(?:in|on|through on) the "
    rf"(?:\w+ )?(?:log|book|sheet|ticket|card|channel|group|chat)\b"
    rf"|\bso i (?:can )?(?:see|know|hear)\b",
    _FLAGS,
)
_FREE = re.compile(
    r"\b(?:no need to|(?:don'?t|doesn'?t|does not|do not|needn'?t|not) (?:even )?(?:need|have|want|"
    r"got|hav)?(?: to)?|without|nobody(?:'s)?|no) "
    r"(?:ask|asking (?:me|anyone|first)|asking$|tell|telling|ring|ringing|call(?:ing)?|hear|see|check(?:ing)?|know|find|permission|"
    r"approval|sign-?off|wait(?:ing)?)\b"
    r"|\boff (?:your|his|her|their) own bat\b"
    r"|\b(?:his|her|your|their) own (?:call|decision|judgement|judgment)\b"
    r"|\b(?:entirely|all|just|completely|fully|purely) (?:yours|hers|his call|her call|your call|"
    r"you)\b|\bjust (?:do|order|book|buy|get|fix|sort|swap|send|pick|close|sign|crack|go)\b",
    _FLAGS,
)
_FIRST = re.compile(r"\b(?:first|before)\b", _FLAGS)
_LONGEST = 400


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
    if tell and not _FIRST.search(text):
        return "do_then_tell"
    if free and not _FIRST.search(text) and not tell:
        return "do"
    return None
