"""Mentions: what a source speaks of beside what was drafted from it, in its own words. Pure.

People, projects, worries and wishes, told by wording. What was flagged is left out, and so is what
is said of health and family: that is nobody's agenda.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from coach.agenda.wording import SENTENCES
from coach.document import Document, Line
from coach.mapping import cut
from coach.plan import Draft

_LEAST_WORDS = {"note": 3, "speech": 5}
_HANGS_ON = re.compile(r"(?:but|because|so|and|or|which|then|that)\b|.*\?$", re.IGNORECASE)
"""A sentence that says little without the one before, or after."""
_CAPITAL = re.compile(r"(?<=[\w,;:)] )[A-Z][\w'’&-]+")
_ACTS = re.compile(
    r"(?!(?:He|She|They|It|We|You|This|That|There|Who|What|Nobody|Everybody|Somebody|All|None)\b)"
    r"[A-Z][\w'’-]+ (?:will|would|wants?|needs?|says?|said|asks?|asked|thinks?|is|was|has|had"
    r"|keeps?|told|and)\b"
)
"""Somebody named by the first word, which has its capital anyhow."""
_CALENDAR = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Febr)uary|March|April|May|June|July|August"
    r"|(?:Septem|Octo|Novem|Decem)ber|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|Jun|Jul|Aug"
    r"|Sep|Sept|Oct|Nov|Dec)|Q[1-4]|TODO|TBD|OK|Ok|FYI|I(?:['’]\w+)?"
)
_WEIGHS = re.compile(
    r"\b(?:worr(?:y|ies|ied)|afraid|concern(?:s|ed)?|unclear|unsure|not sure|stuck|blocked|late"
    r"|slip(?:s|ped)|behind|delayed|overloaded|too (?:much|many)|keeps?|again|bothers?|struggl\w+"
    r"|wants?|wish(?:es)?|hopes?|would (?:like|love)|i['’]d like|asked|complain(?:s|ed)|nobody"
    r"|no one|alone|since|down|broken|changed|does(?:n't| not) know|who decides)\b",
    re.IGNORECASE,
)
"""A worry, a wish, trouble or a change."""
_PRIVATE = re.compile(
    r"\b(?:ill(?:ness)?|sick|health|hospital|doctor|surgery|therapy|pregnan\w+|baby|burn(?:t |ed )?"
    r"-?out|depress\w+|anxi\w+|sle(?:ep|pt)\w*|drink(?:s|ing)|divorc\w+|separat(?:ed|ion)"
    r"|funeral|died|mother|father|mum|mom|dad|parents?|wife|husband|partner['’]s|sons?|daughters?"
    r"|kids?|child(?:ren)?|brother|sister|famil(?:y|ies)|money trouble|debts?)\b",
    re.IGNORECASE,
)


class Mention(NamedTuple):
    """A sentence of the source's."""

    quote: str
    line: int
    steps: tuple[str, ...]
    """Those whose work the line does, or means to do."""
    weighs: bool
    """Whether it tells of a worry, a wish, trouble or a change, and not of a name alone."""


def mentions(document: Document, draft: Draft) -> list[Mention]:
    """What the document speaks of, in its order, without what the draft tells already."""
    steps = {label.line: (*label.steps, *label.planned) for label in draft.lines}
    sharp = {label.line for label in draft.lines if label.tone == "punitive"}
    left = sharp | document.set_aside | {finding.line for finding in draft.findings}
    told = [
        (piece.start, piece.end)
        for section in draft.plan.sections
        for entry in section.entries
        for piece in entry.evidence
    ] + [(piece.start, piece.end) for step in draft.steps for piece in step.planned]
    people = (document.employee, draft.plan.employee, *(one.name for one in document.speakers))
    names = {word for name in people if name for word in name.split()}
    found = []
    for line in document.content_lines:
        if line.number in left or (line.kind == "speech" and line.role != "employee"):
            continue
        for start, sentence in _sentences(line):
            end = start + len(sentence)
            short = len(sentence.split()) < _LEAST_WORDS[line.kind]
            if short or _HANGS_ON.match(sentence) or _PRIVATE.search(sentence):
                continue
            if any(start < stop and begin < end for begin, stop in told):
                continue
            weighs = _WEIGHS.search(sentence) is not None
            if weighs or _names(sentence, names):
                quote = " ".join(sentence.rstrip(" .;,").split())
                found.append(Mention(quote, line.number, steps.get(line.number, ()), weighs))
    return found


def _sentences(line: Line) -> Iterator[tuple[int, str]]:
    """Each with its offset in the document's text, without the mark of a list."""
    whole = cut(line)
    start = 0
    for gap in SENTENCES.finditer(whole.quote):
        yield whole.start + start, whole.quote[start : gap.start()]
        start = gap.end()
    yield whole.start + start, whole.quote[start:]


def _names(sentence: str, but: set[str]) -> bool:
    """Whether somebody or something has its name in it, beside these."""
    capitals = {word for word in _CAPITAL.findall(sentence) if not _CALENDAR.fullmatch(word)}
    first = sentence.partition(" ")[0]
    acts = _ACTS.match(sentence) and first not in but and not _CALENDAR.fullmatch(first)
    return bool(capitals - but) or bool(acts)
