"""Ignores: remarks in a text that set a finding on their line aside, with the reason. Pure.

    You're out if this slips again. <!-- coach: ignore tone.threat: quoted from the old letter -->
    [coach: ignore threat, "or else": the title of the play]
    # coach: ignore blame: agreed with the works council

A remark on a line of its own speaks of the next line. What it names is a rule, a category, or
words in quotes. Formal discipline is never set aside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from coach.checks.formal import is_formal
from coach.checks.report import Suppressed, names_of
from coach.checks.vocabulary import any_of
from coach.document import Document, Line
from coach.finding import Finding
from coach.patterns import pattern

IGNORE = "tone.ignore"
"""The rule of ignores that do nothing, or do not say why."""
HOW = "Write it as [coach: ignore tone.threat: why this is fine], in Markdown between <!-- and -->."
LEAVE_OUT = "A whole file can be left out: name it in a .coachignore, or under tone.ignore."
"""The way out for what no ignore sets aside."""

_NAME = r"[A-Za-z_]+(?:\.[A-Za-z_]+)?"
_WORDS = r'"[^"]*\w[^"]*"|“[^”]*\w[^”]*”'
_TARGET = pattern(rf"{_NAME}|{_WORDS}")
_BODY = pattern(
    rf"\s*(?P<targets>(?:{_NAME}|{_WORDS})(?:\s*,\s*(?:{_NAME}|{_WORDS}))*)\s*(?::(?P<reason>.*))?"
)
_VERB = r"(?:ignore|disable|suppress|silence|noqa)\b"
_CALL = pattern(rf"coach(?P<colon>:?)\W{{0,9}}(?P<verb>{_VERB})", re.IGNORECASE)
# what is meant as an ignore is read too, to say what it lacks; behind a # only with its colon
_MEANT = rf"coach[:\s-]\s{{0,9}}{_VERB}"
_REMARK = pattern(
    rf"<!--\s{{0,9}}{_MEANT}(?P<comment>.{{0,500}}?)-->"
    rf"|<!--\s{{0,9}}{_MEANT}(?P<open>.{{0,500}})$"
    rf"|\[{_MEANT}(?P<bracket>[^\]\n]{{0,500}})\]"
    rf"|(?:^|(?<=\s))#\s{{0,9}}coach:\s{{0,9}}{_VERB}(?P<hash>.{{0,500}})$",
    re.IGNORECASE,
)
_UNDIVIDED = pattern(rf"\s*(?:{_NAME}|{_WORDS})\s+\S")
_CODE = pattern(r"`[^`\n]{1,600}`")
_FENCE = ("```", "~~~")


class Ignore(NamedTuple):
    """One remark: where it stands, which line it speaks of, what it names, and why."""

    line: Line
    start: int
    end: int
    """Offsets in the line."""
    over: int | None
    """Number of the line it speaks of; None where none follows."""
    names: frozenset[str]
    words: re.Pattern[str] | None
    reason: str | None
    missing: str | None = None
    """What it lacks to be read."""
    closed: bool = True
    """Whether it ends on its line; the comment of a page may not."""

    def covers(self, finding: Finding, document: Document) -> bool:
        """Whether it names this finding, which is on its line."""
        if self.names & {name.lower() for name in names_of(finding.rule, finding.category)}:
            return True
        line = document.line(finding.line)
        start, end = finding.start - line.start, finding.end - line.start
        places = self.words.finditer(line.text) if self.words else ()
        return any(place.start() < end and start < place.end() for place in places)


def without_ignores(document: Document) -> Document:
    """The document to be checked: as it would read without the remarks, every place kept."""
    cut: dict[int, list[tuple[int, int]]] = {}
    for one in (one for one in _ignores(document) if one.closed):
        cut.setdefault(one.line.number, []).append((one.start, one.end))
    if not cut:
        return document
    lines = tuple(
        _without(line, cut[line.number]) if line.number in cut else line for line in document.lines
    )
    return Document.model_validate(dict(document, lines=lines))


def inline(
    document: Document,
    findings: Sequence[Finding],
    *,
    complete: bool = True,
    doubt: Callable[[str], str | None] = lambda _: None,
) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...], tuple[Finding, ...]]:
    """The findings that count, those set aside, and what is wrong with the ignores themselves.

    ``complete`` says that all that can be found was looked for; without it nobody knows which
    ignores are of no use, and none is told. ``doubt`` says of a name why it is none of a rule.
    """
    remarks = tuple(_ignores(document))
    by_line: dict[int | None, list[Ignore]] = {}
    for one in remarks:
        by_line.setdefault(one.over, []).append(one)
    used: set[Ignore] = set()
    barred: set[Ignore] = set()
    kept: list[Finding] = []
    suppressed: list[Suppressed] = []
    for finding in findings:
        here = by_line.get(finding.line, ())
        covering = [one for one in here if one.covers(finding, document)]
        if covering and not is_formal(finding):
            used.update(covering)
            reason = next((one.reason for one in covering if one.reason), None)
            suppressed.append(Suppressed(finding=finding, by="inline", reason=reason))
        else:
            barred.update(covering)
            kept.append(finding)
    names = frozenset[str]().union(*(one.names for one in remarks))
    doubts = {name: why for name in names if (why := doubt(name))}
    faults = (
        _fault(
            one,
            used=one in used,
            barred=one in barred,
            complete=complete,
            doubt=next((doubts[name] for name in sorted(one.names) if name in doubts), None),
        )
        for one in remarks
    )
    return tuple(kept), tuple(suppressed), tuple(fault for fault in faults if fault)


def remark(finding: Finding, *, markdown: bool, reason: str = "") -> str:
    """The ignore to paste at the end of the finding's line."""
    said = f"coach: ignore {finding.rule}: {reason}".rstrip()
    return f"<!-- {said} -->" if markdown else f"[{said}]"


def _ignores(document: Document) -> Iterator[Ignore]:
    if "coach" not in document.text.lower():
        return
    found = [(line, match) for line in _open_lines(document.lines) for match in _remarks(line)]
    following = _following(document.lines) if found else {}
    for line, match in found:
        yield _read(line, match, following.get(line.number) if _alone(line) else line.number)


def _open_lines(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines outside fenced code and block quotes: what stands there is only shown."""
    fenced = False
    for line in lines:
        content = line.content.lstrip()
        if content.startswith(_FENCE):
            fenced = not fenced
        elif not fenced and not content.startswith(">"):
            yield line


def _remarks(line: Line) -> Iterator[re.Match[str]]:
    if "coach" not in line.text.lower():
        return
    shown = [match.span() for match in _CODE.finditer(line.text)]
    for match in _REMARK.finditer(line.text):
        if not any(start < match.end() and match.start() < end for start, end in shown):
            yield match


def _alone(line: Line) -> bool:
    return not re.search(r"\w", _REMARK.sub("", line.content))


def _following(lines: Sequence[Line]) -> dict[int, int]:
    """For each line the next one that says something."""
    found: dict[int, int] = {}
    speaking: int | None = None
    for line in reversed(lines):
        if speaking is not None:
            found[line.number] = speaking
        if line.text.strip() and not _alone(line):
            speaking = line.number
    return found


def _read(line: Line, match: re.Match[str], over: int | None) -> Ignore:
    body = match["comment"] or match["bracket"] or match["hash"] or ""
    missing = _missing(match[0], body)
    read = None if missing else _BODY.fullmatch(body)
    targets = _TARGET.findall(read["targets"]) if read else []
    phrases = [target[1:-1] for target in targets if target[0] in '"“']
    return Ignore(
        line=line,
        start=match.start(),
        end=match.end(),
        over=over,
        names=frozenset(target.lower() for target in targets if target[0] not in '"“'),
        words=any_of(phrases) if phrases else None,
        reason=((read and read["reason"]) or "").strip() or None,
        missing=missing,
        closed=match["open"] is None,
    )


def _missing(remark: str, body: str) -> str | None:
    """What keeps the remark from being read, to be put before "so it sets nothing aside"."""
    if not (call := _CALL.search(remark)) or not call["colon"]:
        return "In this ignore a colon is missing after 'coach'"
    if (verb := call["verb"].lower()) != "ignore":
        return f"In this remark {verb!r} is not known, only 'ignore' is"
    if _BODY.fullmatch(body):
        return None
    if _UNDIVIDED.match(body):
        return "In this ignore a colon is missing before the reason"
    return "This ignore does not say what it is about"


def _without(line: Line, spans: Sequence[tuple[int, int]]) -> Line:
    text = line.text
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    # blanks at the end would hide from a phrase that the sentence ends there
    text = text.rstrip()
    return line.model_copy(update={"text": text} | ({} if text else {"kind": "blank"}))


def _fault(
    one: Ignore, *, used: bool, barred: bool, complete: bool, doubt: str | None
) -> Finding | None:
    advice: str | None = HOW
    if not one.closed:
        message = "This ignore does not end on its line, so it sets nothing aside."
    elif one.missing:
        message = f"{one.missing}, so it sets nothing aside."
    elif doubt:
        message = f"A name in this ignore {doubt}"
    elif barred and not used:
        message = "Formal discipline is always named: no ignore sets it aside."
        advice = LEAVE_OUT
    elif complete and not used:
        message = "This ignore sets nothing aside; take it out, or check what it names."
        advice = None
    elif not one.reason:
        message = "This ignore gives no reason; say in a few words why the wording is fine."
    else:
        return None
    return Finding(
        rule=IGNORE,
        category="ignore",
        severity="low",
        line=one.line.number,
        column=one.start + 1,
        start=one.line.start + one.start,
        end=one.line.start + one.end,
        quote=one.line.text[one.start : one.end],
        message=message,
        advice=advice,
        speaker=one.line.speaker,
    )
