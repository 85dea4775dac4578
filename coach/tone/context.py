"""What stands around a match: whether it silences it, and who is spoken of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from coach.patterns import pattern
from coach.tone.keys import EMPLOYEE
from coach.tone.phrase import PEER
from coach.tone.rule import Context

_REACH = 160
"""How far, in characters, a context is looked for. A bound: a line may hold megabytes."""

_NOT_NAMES = frozenset(
    "a after again all also am an and another any apart are as ask at back be because before both "
    "but by call can client clients come could customers day did do does done each either else "
    "even ever every everybody everyone first for four friday from front get give go goals good "
    "great had half has have he head her here hers hi his how i if in instead is it its job just "
    "keep last late let like line listen look make management many may maybe me mine monday month "
    "more most must my need never new next no nobody none not note nothing now of off ok okay old "
    "on once one only or other others our out over people please plus prices priority quarter q "
    "really right sales same saturday say second see send she should since so some somebody "
    "someone staff start still stop success such sunday support sure take target team that the "
    "their them then there these they thing think third this those three thursday time to today "
    "tomorrow too tuesday two under until up us very wait want was we wednesday week well went "
    "were what when where which while who why will with work would yes yesterday yet you your "
    "january february march april june july august september october november december jan feb "
    "mar apr jun jul aug sept sep oct nov dec mon tue tues wed thu thur thurs fri sat sun".split()
)
_NAME = pattern(r"[^\W\d_]{2,40}")
_CAPITAL = pattern(r"(?<![\w'’])[A-ZÀ-ÞĀ-Ž][^\W\d_]{1,20}(?![^\W_])")
_CODE = pattern(r"`[^`\n]{1,200}`")


class Masked(NamedTuple):
    """A line in lower case, character for character: the employee's name as runs of one letter.

    So a phrase can speak of "the employee" without knowing a name. Code is blanked.
    """

    text: str
    named: str
    """The same with what looks like another person's name masked too."""


def mask(text: str, names: Iterable[str] = ()) -> Masked:
    """The line as phrases see it; ``names`` are the employee's."""
    low = plain(text, names)
    named = list(low)
    for match in _CAPITAL.finditer(text):
        word = match.group()
        begin, end = match.span()
        if word[1:].islower() and low[begin] != EMPLOYEE and low[begin:end] not in _NOT_NAMES:
            named[begin:end] = PEER * len(word)
    return Masked(low, "".join(named))


def plain(text: str, names: Iterable[str] = ()) -> str:
    """The text in lower case with straight quotes, code blanked, the employee's name masked.

    Character for character: offsets stay.
    """
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    if not low.isascii():
        for quote in _QUOTES:
            low = low.replace(quote, "'")
    if "`" in low:
        low = _CODE.sub(lambda match: " " * len(match.group()), low)
    own = {part.lower() for name in names for part in name.split() if len(part) > 1}
    if any(name in low for name in own):
        low = _NAME.sub(lambda m: EMPLOYEE * len(m.group()) if m.group() in own else m.group(), low)
    return low


_QUOTES = "’‘ʼ´"

_NEGATION = pattern(
    r"(?:\bnot|\bnever|\bno|\bnor|\bwithout|n't|\b(?:do|does|did|is|was|are|were|wo|have|has)nt"
    r"|\brather than|\binstead of|\bfar from|\bavoid|\bno longer|\bnobody|\bno[- ]one"
    r"|\bnone of it"
    r"|\bnothing(?: \w{1,12}){0,5})"
    r"(?:[^\w.!?;\n]{1,3}(?:a|an|any|about|as|at|be|been|being|for|going|gonna|her|his|in|into|it"
    r"|like|meant|of|on|put|really|saying|say|some|sort|that|the|this|to|want|wants|your|you|my"
    r"|here|talking|think|believe|mean|will|would|form|part|treat|used)\b){0,6}[^\w.!?;\n]*$"
)
_SPEECH = (
    r"(?:says?|said|saying|tells? me|told me|feels?|felt|thinks?|thought|reckons?|asks?|asked"
    r"|claims?|claimed|mentions?|mentioned|wants?|wanted|worries|worried|is worried|fears?|feared"
    r"|explained|reports?|admits?|admitted|apologi[sz]ed|complain(?:s|ed)"
    r"|shout(?:s|ed)|used to say)"
)
_SOMEBODY = (
    rf"(?:s?he|they|{EMPLOYEE}+|{PEER}+|the [a-z]{{3,15}}"
    r"|(?:my|our|her|his) (?:last |old |former |own )?[a-z]{3,15})"
)
_REPORTED = pattern(
    rf"\b{_SOMEBODY}'?s?[ ,]{{1,2}}(?:\w{{1,12}} ){{0,2}}{_SPEECH}\b"
    r"|\b(?:says|reckons|thinks|feels|worries|fears|afraid|worried)(?: that)?[^\w.!?\n]{0,3}$"
    rf"|\b{_SOMEBODY} (?:wrote|writes|texted|emailed|posted)[:,]? ?[\"“][^\"“”]*$"
    r"|\byou (?:asked|ask|wondered|wanted to know)(?: me| us)?(?: straight| outright)?"
    r" (?:if|whether)\b(?:(?!\b(?:and|but|so)\b)[^,:;])*$"
)
_MINE = pattern(
    rf"\b(?:i|we) (?:\w{{1,12}} )?(?:said|say|told|tell|mentioned|asked|answered|warned|wrote|made)"
    rf"\b|\b(?:told|asked|reminded|warned|informed) (?:him|her|them|{EMPLOYEE}+)\b"
    r"|^\W{0,6}(?:told|said)\b"
)
_SHOWN = pattern(
    r"\b(?:not|don't|never|avoid|bad|wrong|instead of|rather than|such as|of the sort|sentences"
    r"|phrases|phrasings?|remarks?|wordings?|lines like|whoever|a (?:manager|lead|boss) who)\b"
    r"[^\"“”\n]{0,50}[\"“][^\"“”\n]{0,80}$"
)
_TALKED_OF = pattern(
    r"[^\"“”\n]{0,60}[\"”],? (?:means|tells|tell|ends?|cannot|can be|is about|hung|hangs"
    r"|isn't (?:feedback|help|a way|how we)|shouldn't|should not)\b"
)
"""A wording in quotes that is shown as one to avoid, or talked about."""
_BAD_EXAMPLE = pattern(
    r"\W{0,6}(?:not|(?:do not|don't|never) (?:say|write|ask)|avoid(?: saying)?|rather than"
    r"|instead of(?: saying)?|(?:bad|poor) example|what not to say)\s?:"
)
"""What stands at the start of a line that only shows how not to say it."""
_QUOTED_TURN = pattern(
    rf"\W{{0,6}}((?:{EMPLOYEE}+|{PEER}+)(?: {PEER}+)?) ?: ?[\"“][^\"“”\n]{{0,{_REACH}}}"
)
_NOBODY = frozenset(
    "manager boss lead supervisor feedback message mail email draft letter text title subject "
    "point summary review example wording line reply answer quote".split()
)
"""What stands before a colon and is the writer, or what was written, and not somebody else."""
_SAID_BY = pattern(
    rf"[^\"“”\n]{{0,{_REACH}}}[\"”][,.]? (?:{_SPEECH} {_SOMEBODY}|{_SOMEBODY} {_SPEECH})\b"
)
_POLICY = pattern(
    r"\b(?:polic(?:y|ies)|handbook|by law|the law|regulations?|health and safety|legally|statutory"
    r"|code of conduct|clause|wording is|agreement says|read out"
    r"|collective agreement|union agreement|rule ?book|insurers?|regulator|auditors?"
    r"|contract says|the act)\b"
)
_GENERAL = pattern(
    r"\b(?:employees|staff members|teammates"
    r"|(?:an?|any|each|every|no) (?:employee|manager|supervisor|teammate|worker|staff member"
    r"|team member|member of staff|individual|person)"
    r"|the (?:employee|staff member|individual) (?:may|must|should|can|receives?|does|has the)"
    r"|the person|(?:follow|comply with) (?:this|the|these) (?:policy|procedure|rules?)"
    r"|managers? (?:meets?|documents?|should|must|may|will|signs?|states?)"
    r"|hr (?:should|must|reviews)"
    r"|violations?|infractions?|offen[cs]es?|progressive discipline|corrective actions?"
    r"|(?:excessive|unexcused|unauthori[sz]ed|chronic) \w{4,14}|grounds for"
    r"|(?:section|article) \d)\b"
)
"""Rules for everybody name roles and offences, and speak to nobody."""
_AIMED = pattern(rf"\b(?:you|your|u|he|she|his|her|him|i|i'll|i'm|my|me|{EMPLOYEE}+)\b")
_HANDBOOK = pattern(
    r"\b(?:your (?:employees?|direct reports?|company(?! (?:phone|car|van|laptop|mail|e|card)))"
    r"|you and your manager"
    r"|your manager (?:identifies|feels|decides|should|may|can|might"
    r"|will (?:identify|have|document|outline|approach|also|discuss|work|help|support|share"
    r"|explain))"
    r"|an? (?:[a-z]{4,12} ){1,3}(?:warning|plan) (?:lasts|stays|will stay|runs|expires|is kept))\b"
)
"""Who says "your manager" is not the manager, and who says "your employees" speaks to one."""
_PERSON = pattern(rf"\b(?:you|your|u|he|she|his|her|him|they|their|them|{EMPLOYEE}+)\b")
_THIRD = pattern(r"\b(?:he|she|they|his|her|him|their|them)\b")
_SECOND = pattern(rf"\b(?:you|your|u|ur|ya|yer|yourself|you're|{EMPLOYEE}+)\b")
_ASKING = pattern(
    r"(?:\b(?:what|how|which|where)\b(?! (?:hard|difficult|many times|were you|is wrong|the hell|on"
    r" earth))[^.!?\n]{0,80}\b(?:you|your|we|us|help|need|look|change)\b[^.!?\n]{0,80}"
    r"|\bwould (?:it|that|you)\b[^.!?\n]{0,100}|\bdoes (?:that|it|this) (?:fit|work|sound|make)"
    r"[^.!?\n]{0,80}|\b(?:could|shall|can|should) we\b[^.!?\n]{0,100}"
    r"|\bis that (?:ok|okay|fair|right|doable)[^.!?\n]{0,40}"
    r"|\b(?:everything|all|are you|you) (?:ok|okay|all ?right))\?"
)
_OWN_BEFORE = pattern(
    r"\b(?:i|we)"
    r"(?:'m|'re| am| are| was| were|'ve been| have been| feel| felt| look| looked| get| got)"
    r"(?: \w{1,12}){0,2}[ ,]{1,2}$|\b(?:my|our)(?: own)?(?: \w{1,12})? $"
)
_APOLOGY = pattern(
    r"\b(?:sorry\b(?!,? but\b)|apologi[sz]e|my apolog|my (?:own )?(?:fault|mistake|bad)\b"
    r"|i should(?:n't| not)? have(?! to)\b|i got (?:it|that|this) wrong|i was wrong)"
)
_OWN_AFTER = pattern(r"^[^\w.!?\n]{0,3}(?:of|on|from|by) (?:me|us|mine|my|our)\b")
_SENTENCE_END = pattern(r"[.!?;\n](?:\s|$)")


def silences(line: Masked, start: int, end: int, *, spoken: bool) -> frozenset[Context]:
    """The contexts that stand around this place of a line.

    ``spoken`` says that the line is a turn: "she" is then somebody who is not in the room.
    """
    masked = line.text
    before = masked[max(0, start - _REACH) : start]
    after = masked[end : end + _REACH]
    left = _tail(before)
    found: set[Context] = set()
    if _NEGATION.search(left):
        found.add("negation")
    shown = (
        _SHOWN.search(left)
        or (left.rfind('"') >= 0 and _TALKED_OF.match(after) and not _MINE.search(left))
        or (not spoken and is_bad_example(left))
    )
    reported = _is_reported(line.named[start - len(left) : start])
    if shown or reported or _is_quoted(line, start, end, spoken=spoken):
        found.add("reported")
    if _OWN_BEFORE.search(left) or _OWN_AFTER.search(after):
        found.add("own")
    around = left + masked[start:end] + after
    if _APOLOGY.search(around):
        found.add("apology")
    if _is_policy(around, masked[start:end]):
        found.add("policy")
    if _ASKING.search(masked, start, min(len(masked), end + _REACH)):
        found.add("question")
    if spoken and _THIRD.search(masked, start, end) and not _SECOND.search(masked, start, end):
        found.add("absent")
    return frozenset(found)


def _is_policy(around: str, match: str) -> bool:
    """Whether a rule for everybody is told, and nobody in particular is meant."""
    if is_handbook(around):
        return True
    if _PERSON.search(match):
        return False
    return bool(_POLICY.search(around) or (_GENERAL.search(around) and not _AIMED.search(around)))


def is_for_all(low: str) -> bool:
    """Whether a text in lower case tells a rule for everybody, or names where one stands."""
    return any(sign.search(low) for sign in (_HANDBOOK, _POLICY, _GENERAL))


def is_handbook(low: str) -> bool:
    """Whether a text in lower case is no manager's: "your manager" is somebody else in it."""
    return _HANDBOOK.search(low) is not None


def is_bad_example(low: str) -> bool:
    """Whether a line in lower case only shows how not to say it: "Not: ...", "Avoid: ..."."""
    return _BAD_EXAMPLE.match(low) is not None


def _tail(before: str) -> str:
    """What stands before, in the same sentence."""
    ends = [match.end() for match in _SENTENCE_END.finditer(before)]
    return before[ends[-1] :] if ends else before


def _is_reported(left: str) -> bool:
    """Whether the last one who is said to speak is not the manager."""
    theirs = [match.end() for match in _REPORTED.finditer(left)]
    if not theirs:
        return False
    mine = [match.end() for match in _MINE.finditer(left)]
    return not mine or mine[-1] < theirs[-1]


def _is_quoted(line: Masked, start: int, end: int, *, spoken: bool) -> bool:
    """Whether it stands in quotes beside the name of whoever said it.

    A turn opens with the speaker's name as it is; his own quotes are not somebody else's words.
    """
    turn = None if spoken else _QUOTED_TURN.fullmatch(line.named, 0, start)
    if turn and line.text[slice(*turn.span(1))] not in _NOBODY:
        return True
    before = line.text[max(0, start - _REACH) : start]
    opened = before.count('"') % 2 or before.rfind("“") > before.rfind("”")
    return bool(opened and _SAID_BY.match(line.named, end))
