"""Cues: what stands around a word and makes it a person, a date or a verb."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.engines.llm.pseudonyms.atoms import APOSTROPHES, Atom
from coach.engines.llm.pseudonyms.lexicon import lexicon
from coach.engines.llm.pseudonyms.roster import HONORIFICS

SAYS = frozenset(
    "said says say asked asks told tells thinks thought wants wanted mentioned "
    "mentions suggested suggests replied replies promised promises offered offers "
    "admitted admits explained explains felt feels knows knew complained complains "
    "apologised apologized volunteered volunteers nodded shrugged laughed cried smiled "
    "joked worried worries quit resigned reckons reckoned believes believed agreed "
    "agrees disagreed disagrees insisted insists argued argues swears swore hates "
    "loves loved likes prefers hopes hoped struggles struggled noticed pointed phoned "
    "rang texted signed emailed pinged messaged wrote spoke talked listens listened "
    "interrupted interrupts".split()
)
"""Verbs that hardly anything but a person does."""

_PREFIXES = frozenset("odnm")
"""What leads a name with an apostrophe; an L mostly is an article."""
_ABBREVIATED = frozenset("mr mrs ms mx dr prof rev sr sra".split())
_RELATION = frozenset(
    "manager boss lead colleague colleagues teammate coworker supervisor director "
    "deputy predecessor successor assistant intern apprentice mentor mentee buddy "
    "trainer partner husband wife fiance fiancee boyfriend girlfriend mum mom mother "
    "dad father brother sister son daughter cousin uncle aunt auntie nephew niece "
    "grandma grandpa friend neighbour neighbor therapist nurse foreman forewoman "
    "captain chef principal headteacher starter hire graduate trainee secretary pa "
    "named called chap lad guy fella bloke lady".split()
)
_BEFORE = frozenset(
    "told asked tell ask asking telling thank thanks thx cheers hi hiya hello hey dear "
    "remind reminded invite invited invites hire hired shadow shadowing shadowed "
    "shadows cc ping pinged pinging phone phoned ring rang text texted email emailed "
    "message messaged mentor mentored mentoring coach coached coaching train trained "
    "training onboard onboarding onboarded introduce introduced promote promoted fire "
    "fired sack sacked congratulate congratulated apologise remember met meet marry "
    "married miss poor sorry welcome bless let helps helped help helping nudge chase "
    "chased consult consulted copy copied follow followed replace replaced replaces "
    "replacing love loves yes no okay ok hmm oi hey morning afternoon evening bye "
    "trust trusts trusted interrupt interrupted interrupting praise praised blamed "
    "blame dm".split()
)
_JOINTS = {
    "with": frozenset(
        "work works working worked pair pairs paired pairing sit sits sat sitting "
        "speak spoke speaking talk talks talked talking meet meets met meeting chat "
        "chats chatted chatting check checks checked checking liaise liaises liaised "
        "clash clashes clashed argue argued argument lunch coffee call shadow share "
        "shares shared sync synced up word catchup session conversation interview row "
        "fight friends along on live lives living stay stayed swap swapped sorted "
        "agree agreed discuss discussed sign drove drive travel travelled go goes went "
        "away together deal one relationship issue issues problem problems trouble "
        "patient".split()
    ),
    "to": frozenset(
        "talk talks talked talking spoke speak speaks speaking report reports "
        "reporting reported thanks hand hands handed over back escalate escalated "
        "escalates apologise apologised apologised apologize apologized listen "
        "listened listens write wrote say said explain explained introduce introduced "
        "reply replied according closer turn turned complain complained delegate "
        "delegated next married close chat chatted shout-out shoutout kudos credit "
        "sent send rude snapped nice kind demonstrate teach apology gave give giving "
        "presented present defer deferred assigned pass passed".split()
    ),
    "from": frozenset(
        "feedback email mail note message call text complaint input news hear heard "
        "over learn learned learnt hug help cover support request praise apology reply "
        "word advice thanks letter card".split()
    ),
    "for": frozenset(
        "cover covers covered covering stand standing filled filling vouch wait waits "
        "waited waiting thanks sorry deputise deputised care caring cared worried "
        "happy works worked".split()
    ),
    "by": frozenset(
        "mentored trained coached managed supervised signed approved led written "
        "interviewed told reviewed checked hired raised covered run shadowed seen "
        "interrupted bullied praised".split()
    ),
    "like": frozenset("more be being act acts someone people somebody sounds sounded".split()),
    "of": frozenset(
        "ahead front because instead care wary scared think thinks proud thought".split()
    ),
    "about": frozenset(
        "worried talked talk talking think complained asked grief chat spoke".split()
    ),
    "in": frozenset("loop looped looping breaking break bring brought rope roped".split()),
    "and": frozenset("me you i he she him her them".split()),
    "than": frozenset(),
}
_AFTER_IS = frozenset(
    "off late away sick ill leaving retiring happy annoyed upset keen worried pregnant "
    "furious unhappy tired right wrong rude brilliant lovely great out back in on "
    "leading covering".split()
)
_HAVES = frozenset(
    "desk team manager shift shifts leave holiday wife husband partner baby mum mom "
    "dad son daughter kids idea work email feedback note patience birthday maternity "
    "paternity absence contract cover role job side view opinion rota round review "
    "appraisal notice salary pay face reaction attitude tone office car place behalf "
    "patch caseload list phone laptop handover goal goals workload performance "
    "probation desk line boss input calls call project last first replacement turn "
    "fault help question team's sister brother".split()
)
_SELF = frozenset("himself herself themself themselves who whose whom".split())
_AND_ME = frozenset("i me she he her him both".split())

_MONTHS = frozenset("jan april may june august march".split())
_TO_MONTH = frozenset(
    "in by until till til since early late mid next last this during end start middle "
    "begin beginning first second third half through throughout every each before".split()
)
_MODAL_NEXT = frozenset(
    "you we he she it they i there this that these those the be not have need get take "
    "also do go a an my your our their his her someone anyone everyone people still "
    "never only".split()
)
_VERBS = SAYS | frozenset("is was has had did does can could should would will".split())
_MODAL_PREVIOUS = frozenset(
    "i you he she it we they that this there who which what one and or but these those "
    "how when where as if not".split()
)
_ORDINAL = re.compile(r"(?:th|first|second|third)\Z")
_NEAR_DIGIT_BEFORE = re.compile(r"\d(?:st|nd|rd|th)?[\s.,/-]{0,3}(?:of\s)?\Z")
_NEAR_DIGIT_AFTER = re.compile(r"[\s.,'’/-]{0,2}\d")


def dated(text: str, found: Sequence[Atom], at: int) -> bool:
    """Whether a name that is also a month is the month here."""
    if found[at].folded not in _MONTHS:
        return False
    start, end = found[at].start, found[at].end
    near = _NEAR_DIGIT_BEFORE.search(text[max(0, start - 9) : start])
    if near or _NEAR_DIGIT_AFTER.match(text[end : end + 4]):
        return True
    before = _folded(found, at - 1) if found[at].spaced else ""
    if before == "of":
        before = _folded(found, at - 2)
    return before in _TO_MONTH or bool(_ORDINAL.search(before))


def modal(found: Sequence[Atom], at: int) -> bool:
    """Whether ``will`` or ``may`` is the verb here; left in place it tells nobody anything."""
    atom = found[at]
    if atom.folded not in {"will", "may"}:
        return False
    following = _folded(found, at + 1) if at + 1 < len(found) and found[at + 1].spaced else ""
    if following in _VERBS:
        return False
    if atom.cap:
        return atom.opens and following in _MODAL_NEXT
    return following in _MODAL_NEXT or (atom.spaced and _folded(found, at - 1) in _MODAL_PREVIOUS)


def prefixed(found: Sequence[Atom], at: int) -> bool:
    """Whether ``O'Brien``, ``D'Souza`` or ``N'Golo`` starts here."""
    if found[at].folded not in _PREFIXES or not found[at].cap or at + 1 >= len(found):
        return False
    after = found[at + 1]
    named = after.cap and len(after.folded) > 2 and not lexicon().is_plain(after.folded)
    return named and after.gap in APOSTROPHES and bool(after.gap)


def titled(found: Sequence[Atom], at: int) -> bool:
    """Whether a title stands before: ``Dr X``, ``Mrs. X``."""
    if at == 0 or found[at - 1].folded not in HONORIFICS or not found[at].cap:
        return False
    before, gap = found[at - 1], found[at].gap
    return (gap == " " and before.cap) or (gap in {". ", "."} and before.folded in _ABBREVIATED)


def related(found: Sequence[Atom], at: int) -> bool:
    """Whether a relation leads here: ``my manager X``, ``her sister, X``."""
    if at == 0 or found[at].gap not in {" ", ", "}:
        return False
    return found[at - 1].folded in _RELATION and not found[at - 1].cap


def led(found: Sequence[Atom], at: int) -> bool:
    """Whether the words before want a person: ``talk to X``, ``told X``, ``cover for X``."""
    if at == 0 or not (found[at].spaced or found[at].gap in {" @", ": "}):
        return False
    before = found[at - 1].folded
    if before in _BEFORE:
        return True
    joints = _JOINTS.get(before)
    if joints is None:
        return False
    return not joints or _folded(found, at - 2) in joints


def followed(text: str, found: Sequence[Atom], last: int) -> bool:
    """Whether the words after are those of a person: ``X said``, ``X's shift``, ``X and I``."""
    if last + 1 >= len(found):
        return False
    after = found[last + 1]
    if after.gap in APOSTROPHES and after.folded == "s":
        return _folded(found, last + 2) in _HAVES
    if after.spaced or after.gap in {", ", " (", ": "}:
        if after.folded in SAYS and (after.spaced or after.gap == ": "):
            return True
        if after.folded in _SELF or (after.gap == " (" and after.folded in {"he", "she", "they"}):
            return True
        if after.folded == "and":
            return _folded(found, last + 2) in _AND_ME
        if after.folded in {"is", "was", "seems", "gets", "got", "been"} and after.spaced:
            return _folded(found, last + 2) in _AFTER_IS
    return False


def _folded(found: Sequence[Atom], at: int) -> str:
    return found[at].folded if 0 <= at < len(found) else ""
