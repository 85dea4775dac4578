"""Speaker labels: which words at the start of a line name who says it."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, NamedTuple

from coach.patterns import pattern

Grade = Literal["voice", "name", "plain"]
"""``voice``: says itself that it is one (Speaker 1, Me, Manager); ``name``: looks like a name;
``plain``: could be anything (lower case)."""


class Label(NamedTuple):
    """A label as it stands, what it is compared by, and where the words after it begin."""

    speaker: str
    key: str
    grade: Grade
    end: int
    marked: bool
    """A time, bold type, brackets or ``>>`` set it off from the words."""


_TIME = r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?(?:\s?[AaPp]\.?[Mm]\b\.?)?"
_CLOCK = pattern(r"\d:\d\d")
"""What each time holds."""
_DAY = (
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}|\d{1,4}[/.-]\d{1,2}(?:[/.-]\d{1,4})?"
    r"|\d{1,2}\s[a-z]{3,9}(?:\s\d{4})?)"
)
_WHEN = rf"(?:{_DAY}(?:,|\sat)?\s{{1,2}})?{_TIME}"
STAMP = (
    rf"(?:\[{_WHEN}(?:\s(?:-->|-|–)\s{_TIME})?\]|\({_WHEN}(?:\s(?:-->|-|–)\s{_TIME})?\)"
    rf"|{_WHEN}(?:\s[-–])?)"
)
_LEAD = rf"\s{{0,12}}(?P<arrow>>{{1,3}}\s{{0,2}})?(?:(?P<stamp>{STAMP}):?\s{{1,4}})?"
_NAME = r"[^\W\d_][^:<>|*\n]{0,58}?"
_INLINE = pattern(
    _LEAD + r"(?:[-*•]\s{1,3}(?=\*\*))?(?P<bold>\*\*|__)?"
    rf"(?P<name>{_NAME})(?:\*\*|__)?"
    rf"(?:(?P<late>\s{{0,3}}{STAMP})?\s?:(?:\*\*|__)?(?=\s|$)"
    rf"|(?P<spaced>\s{{1,3}}{_TIME})\s{{2,4}}(?=\S))\s{{0,4}}",
    re.IGNORECASE,
)
_BRACKETED = pattern(_LEAD + rf"\[(?P<name>{_NAME})\]:?\s{{1,4}}(?=\S)", re.IGNORECASE)
_HEADER = pattern(
    rf"\s{{0,4}}(?:\*\*|__|#{{1,6}}\s)?\[?(?P<name>{_NAME})\]?(?:\*\*|__)?"
    rf"(?P<gap>(?:\s{{2,8}}|\t|\s?[|•·–-]\s?|\s)){STAMP}(?:\*\*|__)?\s{{0,8}}$",
    re.IGNORECASE,
)
_TIME_FIRST = pattern(
    rf"\s{{0,4}}(?P<gap>){STAMP}\s{{1,4}}(?:\*\*)?(?P<name>{_NAME})(?:\*\*)?\s{{0,8}}$",
    re.IGNORECASE,
)
LONE_STAMP = pattern(
    rf"\s{{0,4}}(?:#{{1,6}}\s)?{STAMP}(?:\s?\{{#[^}}]{{0,40}}\}})?\s{{0,8}}$", re.IGNORECASE
)
STAMPED = pattern(
    r"\s{0,4}(?:\[\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,3})?(?:\s(?:-->|-|–)\s[\d:.,]{4,12})?\]"
    r"|\[\d{1,2}:\d{2}\.\d{1,3}(?:\s(?:-->|-|–)\s[\d:.,]{4,12})?\]"
    r"|\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,3})?)\s{1,4}(?=\S)"
)
"""The start of a line that is timed to the second, but by nobody."""

_SUFFIX = pattern(r"\s{0,3}[\[(][^\[\]()]{0,40}[\])]\s{0,3}$")
_GENERIC = pattern(
    r"(?:unknown |unidentified )?(?:speaker|participant|person|voice|user|guest|caller|attendee)"
    r"[ _-]?(?:\d{1,3}|[a-z])?",
    re.IGNORECASE,
)
MANAGER_WORDS = frozenset(
    "manager mgr boss supervisor line-manager team-lead teamlead me lead-manager".split()
)
EMPLOYEE_WORDS = frozenset(
    "employee emp ee them her him she he they direct-report report report-ee".split()
)
_VOICE_WORDS = MANAGER_WORDS | EMPLOYEE_WORDS | {"i", "us", "hr", "you"}
_NOT_VOICES = frozenset(
    "note notes nb n.b agenda action actions todo to-do to do summary re ps p.s attendees "
    "attendance decision decisions date time goal goals next later soon today tomorrow yesterday "
    "good great bad better best ok okay fyi eg e.g ie i.e from cc bcc subject subj sent meeting "
    "location place venue present apologies minutes strengths strength weaknesses needs need task "
    "tasks purpose success autonomy development support priority priorities win wins miss misses "
    "learning feedback topic topics context background outcome outcomes update updates status "
    "blockers blocker risk risks issue issues question questions answer answers q idea ideas plan "
    "plans recap review result results due deadline owner who what when where why how which also "
    "but and so then first second third finally start stop continue keep more less wants want says "
    "said asked told agreed discussed check check-in follow followup follow-up important urgent "
    "mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday feb apr "
    "jun jul aug sep sept oct nov dec january february march july "
    "september october november december morning afternoon evening week month quarter year period "
    "role job title team department dept project projects training resources timeline budget scope "
    "overview details transcript recording duration step section part item items point points "
    "example warning error hint tip http https tel email phone mobile address name names "
    "focus areas area measures measure quality behaviour behaviours pros cons yes no maybe tbc tbd "
    "kpi kpis okr okrs done doing pending open closed parked sign-off signoff rule rules "
    "ask offer tell give thank thanks praise mention raise bring remember check".split()
)
_MONTHS_AND_NAMES = frozenset("jan mar april may june august".split())
_NOT_LAST = frozenset("notes steps points items update updates plan goals needs review".split())
_PARTICLES = frozenset(
    "de da di do dos du del der den van von la le el al bin binti ibn ap mac".split()
)
_WORD = pattern(r"[^\W\d_][\w'’.\-]{0,29}\Z")


def label_of(line: str) -> Label | None:
    """The speaker label a line starts with, or None."""
    head = line[:140]
    if not _may_hold(head):
        return None
    match = ("[" in head and _BRACKETED.match(head)) or _INLINE.match(head)
    if match is None:
        return None
    speaker = " ".join(match["name"].split())
    grade = grade_of(speaker)
    if grade is None:
        return None
    groups = match.groupdict()
    marked = "bold" not in groups or any(
        groups.get(mark) for mark in ("arrow", "stamp", "bold", "late", "spaced")
    )
    return Label(speaker, key_of(speaker), grade, match.end(), marked)


def header_of(line: str) -> Label | None:
    """The label of a line that only names a speaker and a time, the words following below."""
    if len(line) > 110 or not _CLOCK.search(line):
        return None
    match = _HEADER.match(line) or _TIME_FIRST.match(line)
    if match is None:
        return None
    speaker = " ".join(match["name"].split()).rstrip("])")
    if "[" in speaker or "(" in speaker:
        speaker = " ".join(match["name"].split())
    grade = grade_of(speaker)
    if grade is None or grade == "plain":
        return None
    spaced = match["gap"] != " " and match["gap"] != ""
    return Label(speaker, key_of(speaker), grade, len(line), spaced)


def grade_of(label: str) -> Grade | None:
    """How sure it is that a label names a voice; None where it surely does not."""
    core = bare(label)
    low = core.casefold()
    if _GENERIC.fullmatch(core) or low.replace(" ", "-") in _VOICE_WORDS:
        return "voice"
    words = core.replace(",", " ").split()
    if not 1 <= len(words) <= (5 if "," in core else 4):
        return None
    if not all(_WORD.match(word) for word in words[:1]):
        return None
    if not all(_WORD.match(word) or word.isdecimal() for word in words):
        return None
    folded = [word.casefold().strip(".") for word in words]
    if folded[0] in _NOT_VOICES or low in _NOT_VOICES or folded[-1] in _NOT_LAST:
        return None
    unsure = low in _MONTHS_AND_NAMES or any(word.isdecimal() for word in words)
    if not unsure and all(not word[0].islower() or word.casefold() in _PARTICLES for word in words):
        return "name"
    return "plain" if len(words) <= 2 else None


def bare(label: str) -> str:
    """The label without what recorders put behind a name: ``[EXT]``, ``(Guest)``."""
    core = label.strip()
    for _ in range(3):
        shorter = _SUFFIX.sub("", core)
        if shorter == core or not shorter:
            break
        core = shorter
    return core.removesuffix("External").removesuffix("Unverified").strip() or core


def in_order(label: str) -> str:
    """The bare label with ``Last, First`` turned to ``First Last``."""
    core = bare(label)
    last, comma, first = core.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() else core


def key_of(label: str) -> str:
    """What labels of one voice share: order, case, accents and suffixes do not count."""
    flat = unicodedata.normalize("NFKD", in_order(label).casefold())
    return " ".join("".join(c for c in flat if not unicodedata.combining(c)).split())


def person_of(label: str) -> str | None:
    """The label as a person's name, or None where it names none (``Speaker 1``, ``Me``)."""
    if grade_of(label) == "voice":
        return None
    name = in_order(label)
    shouted = name.isupper() and (len(name) > 3 or re.search(r".[AEIOUY].", name))
    return name.title() if shouted or name.islower() else name


def _may_hold(head: str) -> bool:
    return ":" in head or "[" in head
