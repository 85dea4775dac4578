"""Vocabulary: words that are fine in this house, and words that it does not want. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import compress
from operator import not_

from pydantic import BaseModel, ConfigDict

from coach.checks.formal import is_formal
from coach.checks.report import Suppressed
from coach.document import Document, Line, prose
from coach.finding import Finding, Severity
from coach.patterns import pattern
from coach.tone import heard

HOUSE = "tone.house"
"""The rule of words that the house does not want."""
_SEVERITY: Severity = "medium"
_APOSTROPHE = pattern("['’‘ʼ´]")


class Vocabulary(BaseModel):
    """What a team calls things, beside what the rules know.

    ``fine`` are words that say nothing bad here, the name of a product perhaps. ``avoid`` are
    words that nobody here wants to read, each with the reason. Capitals, the kind of apostrophe
    and line breaks between words make no difference.
    """

    model_config = ConfigDict(frozen=True)

    fine: tuple[str, ...] = ()
    avoid: dict[str, str] = {}

    def spared(
        self,
        document: Document,
        findings: Sequence[Finding],
        *,
        again: Callable[[Document], Iterable[Finding]],
    ) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...]]:
        """The findings that count, and those that only the fine words brought about.

        Where one of them is touched by a finding, ``again`` checks the document once more with
        fine words made meaningless: what is then found no longer was about them. So "pip" may be
        a project's name, and "the pip is not why you are out" is flagged all the same.
        """
        lines = {line.number: line for line in document.lines} if self.fine else {}
        if not any(self._touched(lines[one.line], one) for one in findings if one.line in lines):
            return tuple(findings), ()
        still = _by_rule(again(self._emptied(document)))
        fine = [
            not is_formal(one)
            and self._touched(lines[one.line], one)
            and not any(_same_place(one, other) for other in still.get((one.line, one.rule), ()))
            for one in findings
        ]
        return (
            tuple(compress(findings, map(not_, fine))),
            tuple(Suppressed(finding=one, by="fine") for one in compress(findings, fine)),
        )

    def unwanted(self, document: Document) -> tuple[Finding, ...]:
        """The words to avoid that stand in the manager's wording, a finding each."""
        if not self.avoid:
            return ()
        phrases = sorted(self.avoid, key=len, reverse=True)
        pattern = any_of(phrases)
        return tuple(
            _finding(line, match.span(), self.avoid[phrases[(match.lastindex or 1) - 1]])
            for line, begin, end, _ in heard(prose(document))
            for match in pattern.finditer(line.text, begin, end)
        )

    def _touched(self, line: Line, finding: Finding) -> bool:
        start, end = finding.start - line.start, finding.end - line.start
        return any(
            match.start() < end and start < match.end()
            for match in self._spared.finditer(line.text, line.prefix)
        )

    def _emptied(self, document: Document) -> Document:
        """The document with every fine word turned into one that nobody knows, as long."""
        lines = tuple(map(self._without, document.lines))
        text, at = [], 0
        for line in lines:
            text += [document.text[at : line.start], line.text]
            at = line.end
        text.append(document.text[at:])
        return Document.model_validate(dict(document, lines=lines, text="".join(text)))

    def _without(self, line: Line) -> Line:
        content = self._spared.sub(_unknown, line.content)
        return line.model_copy(update={"text": line.text[: line.prefix] + content})

    @cached_property
    def _spared(self) -> re.Pattern[str]:
        return any_of(sorted(self.fine, key=len, reverse=True))


def any_of(phrases: Sequence[str]) -> re.Pattern[str]:
    """A pattern of any of these phrases as whole words, a group each; the first that fits wins."""
    ways = (
        r"\s{1,4}".join(_APOSTROPHE.sub("['’‘ʼ´]", re.escape(word)) for word in phrase.split())
        for phrase in phrases
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(f'({way})' for way in ways)})(?!\w)", re.IGNORECASE)


def _by_rule(findings: Iterable[Finding]) -> dict[tuple[int, str], list[Finding]]:
    found: dict[tuple[int, str], list[Finding]] = {}
    for one in findings:
        found.setdefault((one.line, one.rule), []).append(one)
    return found


def _same_place(one: Finding, other: Finding) -> bool:
    """Whether they speak of the same words; a model speaks of a line, and points at a part."""
    model = "model" in {one.found_by, other.found_by}
    return model or (one.start < other.end and other.start < one.end)


def _unknown(match: re.Match[str]) -> str:
    return re.sub(r"\w", "x", match[0])


def _finding(line: Line, span: tuple[int, int], reason: str) -> Finding:
    start, end = span
    return Finding(
        rule=HOUSE,
        category="house",
        severity=_SEVERITY,
        line=line.number,
        column=start + 1,
        start=line.start + start,
        end=line.start + end,
        quote=line.text[start:end],
        message=f"Your own settings say to avoid this: {reason}",
        speaker=line.speaker,
    )
