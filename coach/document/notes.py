"""Notes: which lines of a text somebody wrote, which are headings, which only frame it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.document.labels import grade_of
from coach.document.model import LineKind
from coach.patterns import pattern

# A longer line is neither a heading nor a rule, and not worth a pattern's time.
_LONGEST_MARK = 300
_RULE = pattern(r"\s*(?:(?:[-*_=~]\s?){3,}|\|?(?:\s?:?-{2,}:?\s?\|)+(?:\s?:?-{2,}:?)?)\s*$")
_FENCE = pattern(r"\s{0,3}(?:```[^`]*$|~~~)")
_COMMENT = pattern(r"\s*<!--.{0,400}-->\s*$")
_MARKS = frozenset("`~<-*_=|:")
"""What these start with."""
_MARKED = pattern(r"\s{0,3}#{1,6}\s")
_BOLD = pattern(r"\s{0,3}(\*\*|__)(?P<title>[^*_]{1,80})\1\s*:?\s*$")
_COLON = pattern(r"\s{0,3}(?P<title>[^\W\d_][^:]{0,50}):\s*$")
_MAIL = pattern(r"\s*(?:from|to|cc|bcc|date|sent)\s*:\s", re.IGNORECASE)
_SUBJECT = pattern(r"\s*(?:subject|subj|re)\s*:\s", re.IGNORECASE)


def note_kinds(lines: Sequence[str]) -> list[LineKind]:
    """What each line of a text of notes is."""
    kinds: list[LineKind] = []
    frame_until = _front_matter(lines)
    mail = _mail_head(lines, frame_until)
    for number, line in enumerate(lines):
        if not line.strip():
            kinds.append("blank")
        elif number < frame_until:
            kinds.append("frame")
        elif number in mail:
            kinds.append(mail[number])
        elif _is_mark(line):
            kinds.append("frame")
        else:
            kinds.append("heading" if is_heading(line) else "note")
    return kinds


def _is_mark(line: str) -> bool:
    """Whether it is a fence, a ruler or a comment, and nobody's words."""
    if line.lstrip()[:1] not in _MARKS:
        return False
    short = len(line) <= _LONGEST_MARK
    return bool(_FENCE.match(line) or (short and (_RULE.match(line) or _COMMENT.match(line))))


def is_heading(line: str) -> bool:
    """Whether the line only announces what stands below it.

    A heading that goes on after a colon ("Autonomy: she signs off under 2k") says something itself.
    """
    if len(line) > _LONGEST_MARK:
        return False
    if _MARKED.match(line):
        _, colon, rest = line.partition(": ")
        return not colon or len(rest.split()) < 3
    if bold := _BOLD.match(line):
        return len(bold["title"].split()) <= 6
    plain = _COLON.match(line)
    return plain is not None and len(plain["title"].split()) <= 5


def _front_matter(lines: Sequence[str]) -> int:
    """How many lines at the top are YAML front matter."""
    if not lines or lines[0].rstrip() != "---":
        return 0
    for number in range(1, min(len(lines), 60)):
        if lines[number].rstrip() in {"---", "..."}:
            inside = [line for line in lines[1:number] if line.strip()]
            keyed = sum(bool(re.match(r"\s*[\w-]{1,40}:(?:\s|$)|\s*-\s|\s+", x)) for x in inside)
            return number + 1 if keyed == len(inside) else 0
    return 0


def _mail_head(lines: Sequence[str], begin: int) -> dict[int, LineKind]:
    """The lines of a mail's head at the top of the text."""
    kinds: dict[int, LineKind] = {}
    for number in range(begin, min(begin + 8, len(lines))):
        line = lines[number]
        if _MAIL.match(line) and len(line) < 120:
            kinds[number] = "frame"
        elif _SUBJECT.match(line) and len(line) < 160:
            kinds[number] = "heading"
        else:
            break
    return kinds


# -- whom the notes are about ---------------------------------------------------------------------

_TALK = (
    r"(?:1\s?[:\-–]\s?1s?|1[\s-]?on[\s-]?1|1-2-1|121|one[\s-](?:to|on)[\s-]one|catch[\s-]?up|"
    r"check[\s-]?in|supervision|k[oō]rero|chat|talk|conversation|meeting|sit[\s-]?down|isp|"
    r"individual success plan)"
)
_PERSON = r"(?P<name>[^\W\d_][\w'’.\-]*(?:\s[^\W\d_][\w'’\-]*\.?){0,2})"
_WITH = pattern(rf"{_TALK}\b\s*(?:with|w/|w\s|for|:|[-–—])\s*{_PERSON}", re.IGNORECASE)
_AFTER = pattern(rf"{_TALK}\s+{_PERSON}", re.IGNORECASE)
_BEFORE = pattern(rf"\W{{0,4}}{_PERSON}\s*(?:[-–—,:|/]\s*)?(?:['’]s\s)?{_TALK}\b", re.IGNORECASE)
_SECOND = pattern(r"\s*(?:/|&|\+|and\s|with\s|w/|,\s?[A-Z][a-z]+\s?(?:$|&|and\s))")
_FORM = pattern(r"\b(?:forms?|template|record|vorlage|v\d)\b", re.IGNORECASE)
_NOT_PEOPLE = frozenset(
    "mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday jan feb "
    "mar apr may jun jul aug sep sept oct nov dec january february march april june july august "
    "september october november december tues weds thur thurs the a an my our your his her their "
    "this that today yesterday tomorrow weekly monthly quarterly fortnightly regular quick team "
    "all notes note record form template minutes date time room office q1 q2 q3 q4 next last plan "
    "prep summary discussion draft about on at in from after before with about and or new hr dev "
    "support staff annual mid year review agenda mtg meeting chat talk call panel school primary "
    "individual success v2 v3 v4 lunch coffee teams zoom phone line manager employee".split()
)


_KEYED = pattern(r"employee\s*:\s*[\"']?(?P<name>[^\"'#]{1,60}?)[\"']?\s*$", re.IGNORECASE)


def employee_named(lines: Sequence[str], kinds: Sequence[LineKind]) -> tuple[str, str] | None:
    """The employee whom front matter or a title names, and where; None where none is plain."""
    titles: list[tuple[int, str]] = []
    for number, (line, kind) in enumerate(zip(lines, kinds, strict=True), 1):
        if kind == "frame" and (keyed := _KEYED.match(line)):
            return keyed["name"].strip(), f"the front matter (line {number})"
        if kind in {"note", "heading"} and len(titles) < 2:
            titles.append((number, line))
    for number, line in titles:
        title = line[:200].strip().lstrip("#*_ ").rstrip("*_ ")
        if _FORM.search(title):
            continue
        for way in (_WITH, _AFTER, _BEFORE):
            match = way.search(title) if way is not _BEFORE else way.match(title)
            if match is None:
                continue
            name = _trimmed(match["name"])
            if name is None or (way is _BEFORE and name != match["name"].rstrip("-–'’")):
                continue
            rest = title[match.start("name") + len(name) :]
            return None if _SECOND.match(rest) else (name, f"the title (line {number})")
    return None


def _trimmed(found: str) -> str | None:
    """The leading words that are a name, or None where the first is none."""
    words: list[str] = []
    for word in found.split():
        bare = word.casefold().strip(".'’")
        if bare in _NOT_PEOPLE or not word[0].isupper():
            break
        words.append(word)
    name = " ".join(words).rstrip("-–'’")
    return name if name and len(name) > 1 and grade_of(name) == "name" else None
