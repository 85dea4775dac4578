"""fixes: suggestions that can be put into a file without asking what else they change. Pure.

A suggestion stands for the whole of its line. It becomes a fix where the file's own text was
judged (plain text and Markdown), the line is a sentence of its own, nobody is quoted, no number,
name, date or request is lost, and the new line passes the check. A text that reads like formal
discipline gets no fix at all: it would only be dressed up.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence

from pydantic import BaseModel, ConfigDict

from coach.checks.formal import is_formal
from coach.checks.ignores import without_ignores
from coach.document import Document, Line
from coach.errors import InputError
from coach.finding import Finding
from coach.mapping import cut
from coach.patterns import pattern
from coach.tone import as_notes, load_rules, scan
from coach.tone.rewrite import lost

_OWN_TEXT = frozenset({"plain text", "Markdown"})
"""Formats in which the document's text is the file's."""
_QUOTED = pattern(r"\"[^\"\n]*\"?|“[^”\n]*”?|„[^“”\n]*[“”]?|«[^»\n]*»?|(?<!\w)‘[^’\n]*’|`[^`\n]*`")
_SENTENCE_ENDS = pattern(r"[.!?:;…][)\"'”’*_]*\s*$")
_TELLING = pattern(r"[^\W\d_]{5,}")


class Fix(BaseModel):
    """A line's new wording. Offsets count code points of the document's text; end is exclusive."""

    model_config = ConfigDict(frozen=True)

    finding: Finding
    line: int
    start: int
    end: int
    before: str
    after: str


def fixes(document: Document, findings: Sequence[Finding]) -> tuple[Fix, ...]:
    """What can safely be written into the file, by place, one fix a line."""
    if document.kind != "notes" or document.format not in _OWN_TEXT:
        return ()
    if any(map(is_formal, findings)):
        return ()
    text = without_ignores(document)
    found: dict[int, Fix] = {}
    for finding in findings:
        if finding.suggestion and finding.line not in found:
            fix = _fix(text.line(finding.line), finding, finding.suggestion)
            if _is_safe(text, fix, findings):
                found[finding.line] = fix
    return tuple(found[line] for line in sorted(found))


def apply(text: str, fixes: Iterable[Fix]) -> str:
    """The file's text with the fixes in it.

    ``text`` is the file as it stands, byte-order mark and CR included; both are kept.

    Raises:
        InputError: the text is not the one the fixes were made for.
    """
    places = tuple(_kept(text))
    pieces, last = [], 0
    for fix in sorted(fixes, key=lambda fix: fix.start):
        here = places[fix.start : fix.end]
        if "".join(text[at] for at in here) != fix.before or here[0] < last:
            raise InputError(
                "the file is no longer the text that was checked",
                hint="check it again, then fix it",
            )
        pieces += [text[last : here[0]], fix.after]
        last = here[-1] + 1
    return "".join([*pieces, text[last:]])


def diff(name: str, before: str, after: str) -> str:
    """What changes, as a unified diff that ``patch -p1`` and ``git apply`` take; empty if nothing.

    Lines end at LF alone, so CR stays where it is.
    """
    shown = name.lstrip("/")
    old, new = ([line + "\n" for line in text.split("\n")] for text in (before, after))
    changes = difflib.unified_diff(
        _last_without_break(old), _last_without_break(new), f"a/{shown}", f"b/{shown}"
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for line in changes
    )


def _last_without_break(lines: list[str]) -> list[str]:
    last = lines[-1].removesuffix("\n")
    return [*lines[:-1], last] if last else lines[:-1]


def _kept(text: str) -> Iterator[int]:
    """Where the characters of the document's text stand in the file's."""
    dropped = "\r" if "\n" in text else ""
    start = 1 if text.startswith("\ufeff") else 0
    return (at for at in range(start, len(text)) if text[at] != dropped)


def _fix(line: Line, finding: Finding, suggestion: str) -> Fix:
    whole = cut(line)
    return Fix(
        finding=finding,
        line=line.number,
        start=whole.start,
        end=whole.end,
        before=whole.quote,
        after=suggestion.strip(),
    )


def _is_safe(document: Document, fix: Fix, findings: Sequence[Finding]) -> bool:
    line = document.line(fix.line)
    return (
        line.kind == "note"
        and fix.start <= fix.finding.start
        and fix.after not in {"", fix.before}
        and fix.after.isprintable()
        and not _is_quoted(line, fix.finding)
        and not _goes_on(document, fix)
        and not lost(fix.before, fix.after)
        and _keeps_request(fix)
        and not any(_remains(fix, other) for other in findings)
        and not scan(as_notes(fix.after.replace("?", ".")), load_rules())
    )


def _is_quoted(line: Line, finding: Finding) -> bool:
    start, end = finding.start - line.start, finding.end - line.start
    return line.text.lstrip().startswith((">", "|")) or any(
        match.start() < end and start < match.end() for match in _QUOTED.finditer(line.text)
    )


def _goes_on(document: Document, fix: Fix) -> bool:
    """Whether a sentence that the fix touches runs over the line, as in wrapped text."""
    line = document.line(fix.line)
    before, after = (
        document.lines[at] if 0 <= at < len(document.lines) else None
        for at in (line.number - 2, line.number)
    )
    bare = fix.start == line.content_start
    if before is not None and before.kind == "note" and not _ended(before) and bare:
        return fix.before.split()[:2] != fix.after.split()[:2]
    if after is not None and after.kind == "note" and not _ended(line):
        return after.content.lstrip()[:1].islower()
    return False


def _ended(line: Line) -> bool:
    return bool(_SENTENCE_ENDS.search(line.text))


def _keeps_request(fix: Fix) -> bool:
    """Whether most of what the line says beside the flagged words is still said."""
    start = fix.finding.start - fix.start
    beside = fix.before[:start] + " " + fix.before[start + len(fix.finding.quote) :]
    wanted = {word.lower()[:5] for word in _TELLING.findall(beside)}
    said = {word.lower()[:5] for word in _TELLING.findall(fix.after)}
    return len(wanted & said) * 2 >= len(wanted)


def _remains(fix: Fix, other: Finding) -> bool:
    """Whether other flagged words of the line would still stand there."""
    if other.line != fix.line or other == fix.finding:
        return False
    return other.quote.casefold() in fix.after.casefold()
