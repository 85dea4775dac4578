"""When: the date of a conversation, and the date phrases in it. Nothing is guessed.

A phrase is found by patterns (never by a date parser let loose on running text, which reads "may"
as a month), and resolved to a day only when the notes' own date has a year to count from.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from coach.document import Document

_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b"
_NUMBER = r"(?:\d{1,2}|a|an|one|two|three|four|five|six|eight|ten|twelve)"
_ORDINAL = r"(?:\d{1,2}(?:st|nd|rd|th)\b)"
_YEAR = r"(?:,?\s+(?:20)\d\d\b)?"

_POINT = rf"""(?:
    20\d\d-\d\d-\d\d
  | \d{{1,2}}/\d{{1,2}}(?:/(?:20)?\d\d)?(?![\d%/])
  | \d{{1,2}}\.\d{{1,2}}\.(?:20\d\d)?(?!\d)
  | (?:{_DAY}\s+)?(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}{_YEAR}
  | {_DAY}\s+(?:the\s+)?{_ORDINAL}
  | (?:every|each)\s+(?:other|second|2nd|third|3rd)\s+(?:{_DAY}|week|month)
  | {_MONTH}\s+(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?(?![\d:%]){_YEAR}
  | (?:the\s+)?(?:end|start|beginning|middle|back\s+end|close)\s+of\s+(?:(?:the|this|next)\s+)?
      (?:{_MONTH}|q[1-4]|week|month|quarter|term|year|season|sprint|play|day|shift)
  | (?:early|mid|late|end)[\s-]+{_MONTH}
  | (?:the\s+)?(?:first|second|third|fourth|last)\s+(?:week|{_DAY})\s+(?:of|in)\s+
      (?:the\s+month|{_MONTH})
  | (?:week\s+of|w/c|week\s+commencing)\s+(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?(?:\s+{_MONTH})?
  | eom\b|eoy\b|eoq\b|eod\b|cob\b|month\s?-?end\b|year\s?-?end\b|quarter\s?-?end\b
  | (?:next|this)\s+(?:week|month|quarter|term|sprint|{_DAY})
  | q[1-4]\b{_YEAR}
  | christmas|xmas|easter|half[\s-]term|diwali|thanksgiving|new\s+year|ramadan|eid\b
  | (?:in|within)\s+{_NUMBER}\s+(?:days?|weeks?|wks?|months?)(?:'?\s+time)?
  | (?:every|each)\s+(?:{_DAY}|morning|evening|week|month|fortnight|night|day)s?
  | weekly|daily|monthly|fortnightly
  | (?:the\s+)?{_ORDINAL}(?!\s+(?:time|one|go|page|floor|line|place|attempt|{_DAY}))
  | {_DAY}s?(?:\s+(?:week|morning|afternoon|night))?
  | (?:{_MONTH}){_YEAR}
  | tomorrow|tonight|today
)"""
_LEAD = r"(?:by|before|due|until|till?|til|for|from|on|after|no\s+later\s+than|latest|at\s+the)\s+"
_DUE = re.compile(rf"\b(?P<lead>{_LEAD})?(?P<point>{_POINT})", re.VERBOSE | re.IGNORECASE)
_MODAL_MAY = re.compile(r"may\s+(?:be|have|not|need|well|want|also|go|get|take)\b", re.IGNORECASE)
_NOT_DUE = frozenset({"from", "after", "today", "tonight"})
_PERIOD = re.compile(
    rf"\b(?:q[1-4](?:\s*(?:20\d\d|fy\s?\d\d|'\d\d))?|h[12]\s+20\d\d|term\s+[1-4]|"
    rf"(?:this|next|the)\s+(?:quarter|qtr|term|season|half\s+year)\b|"
    rf"to\s+(?:the\s+)?end\s+of\s+{_MONTH})",
    re.IGNORECASE,
)
_WRITTEN = re.compile(
    rf"(?:\b{_DAY},?\s+)?\b(?:20\d\d-\d\d-\d\d|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}{_YEAR}|"
    rf"{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?![\d:%]){_YEAR}|\d{{1,2}}/\d{{1,2}}/(?:20)?\d\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Due:
    """A date phrase: its words, where they stand, and whether they name a time to be ready by."""

    text: str
    start: int
    end: int
    deadline: bool


def dues(text: str) -> list[Due]:
    """The date phrases of a clause, in order; ``may`` as a verb is none."""
    found = []
    for match in _DUE.finditer(text):
        point, lead = match["point"], (match["lead"] or "").strip().lower()
        if point.lower() == "may" and (point == "may" and not lead):
            continue
        if re.fullmatch(r"\d+/\d+", point) and not lead:
            continue  # a fraction as likely as a date
        if _MODAL_MAY.match(text, match.start("point")):
            continue
        deadline = lead not in _NOT_DUE and point.lower() not in _NOT_DUE
        found.append(Due(point.strip().rstrip("."), match.start(), match.end(), deadline))
    return found


def deadline(text: str) -> str | None:
    """The phrase that says when something is due or looked at, as written."""
    phrases = [due for due in dues(text) if due.deadline]
    led = [due for due in phrases if text[due.start : due.end] != due.text]
    best = (led or phrases)[:1]
    return best[0].text if best else None


def written_date(document: Document) -> str | None:
    """The conversation's date as its first lines write it."""
    for line in document.lines[:6]:
        if line.kind != "speech" and (found := _WRITTEN.search(line.text)):
            return found.group().strip()
    return None


def period(document: Document) -> str | None:
    """The period the talk is about: named in the first lines, else the one named most."""
    head = [line.content for line in document.lines[:8] if line.kind != "speech"]
    for text in head:
        if found := _PERIOD.search(text):
            return _tidy(found.group())
    counts: dict[str, int] = {}
    for line in document.content_lines:
        for found in _PERIOD.finditer(line.content):
            name = _tidy(found.group())
            counts[name] = counts.get(name, 0) + 1
    named = [name for name in counts if re.match(r"[QH]\d", name)] or list(counts)
    return max(named, key=counts.__getitem__) if named else None


def _tidy(name: str) -> str:
    return name[0].upper() + name[1:] if re.match(r"[qh]\d", name, re.IGNORECASE) else name.lower()


def base_date(written: str | None) -> date | None:
    """The day that a written date names, if it has a year."""
    if not written or not re.search(r"20\d\d", written):
        return None
    if parts := re.search(r"\b(\d{1,2})/(\d{1,2})/", written):
        one, two = (int(part) for part in parts.groups())
        if one != two and max(one, two) <= 12:
            return None  # day and month, or month and day: nobody can tell
    if iso := re.search(r"(20\d\d)-(\d\d)-(\d\d)", written):
        year, month, day = (int(part) for part in iso.groups())
        return _day(year, month, day)
    import dateparser

    parsed = dateparser.parse(
        written, languages=["en"], settings={"REQUIRE_PARTS": ["day", "month", "year"]}
    )
    return parsed.date() if parsed else None


def resolve(phrase: str, base: date | None) -> str | None:
    """The ISO day a phrase means, counted from ``base``; None where that is not certain."""
    if base is None:
        return None
    for rule in (_weekday, _month_day, _ends, _counted, _feast):
        if day := rule(phrase.lower().replace("the ", "").strip(), base):
            return day.isoformat()
    return None


def _weekday(phrase: str, base: date) -> date | None:
    match = re.fullmatch(rf"(next\s+|this\s+)?({_DAY})", phrase)
    if not match:
        return None
    wanted = next(i for i, name in enumerate(_DAYS) if name.startswith(match[2][:3]))
    ahead = (wanted - base.weekday() - 1) % 7 + 1
    if (match[1] or "").startswith("next"):
        return None  # people differ: the coming one, or the one after
    return base + timedelta(days=ahead)


def _month_day(phrase: str, base: date) -> date | None:
    if iso := re.fullmatch(r"(20\d\d)-(\d\d)-(\d\d)", phrase):
        year, month, day = (int(part) for part in iso.groups())
        return _day(year, month, day)
    bare = re.sub(rf"^{_DAY},?\s+", "", phrase)
    match = re.fullmatch(
        rf"(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_MONTH})(?:,?\s+(20\d\d))?", bare
    ) or re.fullmatch(rf"({_MONTH})\s+(\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(20\d\d))?", bare)
    if match:
        one, two, year_text = match.groups()
        day_text, name = (one, two) if one.isdigit() else (two, one)
        month = _month_number(name)
        if year_text:
            return _day(int(year_text), month, int(day_text))
        return _next(_day(base.year, month, int(day_text)), base)
    if match := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)", bare):
        here = _day(base.year, base.month, int(match[1]))
        if here and here >= base:
            return here
        following = base.replace(day=28) + timedelta(days=5)
        return _day(following.year, following.month, int(match[1]))
    return None


def _next(day: date | None, base: date) -> date | None:
    """The day, or that of next year where it has long passed; None where it has just passed."""
    if day is None or day >= base:
        return day
    return _day(day.year + 1, day.month, day.day) if (base - day).days > _LATELY else None


_LATELY = 60
"""Days back in which a day without a year is more likely past than a year ahead."""


def _ends(phrase: str, base: date) -> date | None:
    if phrase in {"eom", "month end", "month-end", "end of month", "end of this month"}:
        return _last(base.year, base.month)
    if phrase in {"eoy", "year end", "year-end", "end of year", "end of this year"}:
        return date(base.year, 12, 31)
    if match := re.fullmatch(r"end\s+of\s+q([1-4])", phrase):
        month = int(match[1]) * 3
        end = _last(base.year, month)
        return end if end >= base else _last(base.year + 1, month)
    if re.fullmatch(r"eoq|quarter\s?-?end|end\s+of\s+(?:this\s+)?quarter", phrase):
        return _last(base.year, (base.month - 1) // 3 * 3 + 3)
    if re.fullmatch(r"end\s+of\s+(?:this\s+)?week", phrase):
        return base + timedelta(days=(4 - base.weekday()) % 7)
    if match := re.fullmatch(
        rf"(end|middle|mid|start|beginning)[\s-]+(?:of\s+)?({_MONTH})", phrase
    ):
        month = _month_number(match[2])
        part = {"end": calendar.monthrange(base.year, month)[1], "middle": 15, "mid": 15}
        return _next(_day(base.year, month, part.get(match[1], 1)), base)
    return None


def _counted(phrase: str, base: date) -> date | None:
    match = re.fullmatch(
        rf"(?:in|within)\s+({_NUMBER})\s+(day|week|wk|month)s?(?:'?\s+time)?", phrase
    )
    if not match:
        return {"tomorrow": base + timedelta(days=1)}.get(phrase)
    words = "one two three four five six seven eight nine ten eleven twelve".split()
    number = match[1]
    count = (
        int(number) if number.isdigit() else 1 if number in {"a", "an"} else words.index(number) + 1
    )
    if match[2] == "month":
        month = base.month - 1 + count
        year = base.year + month // 12
        return _day(
            year, month % 12 + 1, min(base.day, calendar.monthrange(year, month % 12 + 1)[1])
        )
    return base + timedelta(days=count * (1 if match[2] == "day" else 7))


def _feast(phrase: str, base: date) -> date | None:
    if phrase in {"christmas", "xmas"}:
        day = date(base.year, 12, 25)
        return day if day >= base else date(base.year + 1, 12, 25)
    return None


def _month_number(name: str) -> int:
    return next(i for i, month in enumerate(_MONTHS, 1) if month.startswith(name[:3]))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _last(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def checkpoint(texts: Sequence[str]) -> str | None:
    """The first date at which the two mean to look at things together, as written."""
    for text in texts:
        if _TOGETHER.search(text) and (phrase := deadline(text)):
            return phrase
    return None


_TOGETHER = re.compile(
    r"\b(?:look\s+(?:at|over|through)\b|check(?:\s|-)?in|check\s+(?:it|this|on)\b|next:|review\s+(?:it|this|together)|catch\s+up|"
    r"revisit|come\s+back\s+to|see\s+where|together|see\s+how|next\s+(?:1:1|one|chat|meeting))\b",
    re.IGNORECASE,
)
