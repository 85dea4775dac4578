"""Places: every flagged place of a line, each told once. Pure.

A scan names the worst place of each category on a line, which is what a map needs. A check shows
them all, or the second threat of a line would come to light only when the first is mended, and an
ignore that names the words of the one would hide the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from coach.checks.formal import is_formal
from coach.document import Document, Line
from coach.finding import Finding, heard_again, merged, share_words
from coach.patterns import pattern
from coach.tone import Rule, finding_by, heard
from coach.tone.scan import Hit, matcher

_REACH = 400
"""How much of a line, in characters, is looked at around a sentence: a line may hold megabytes."""
_MOST = 50
"""Places of one line that are told beside the worst of each category."""
_END = pattern(r"[.!?…][)\"'”’*_]*\s")


def every_place(
    document: Document, findings: Sequence[Finding], rules: tuple[Rule, ...]
) -> tuple[Finding, ...]:
    """What a scan by these rules found, and what else they see on the flagged lines."""
    by_line: dict[int, list[Finding]] = {}
    for finding in findings:
        by_line.setdefault(finding.line, []).append(finding)
    known = matcher(rules)
    names = [document.employee] if document.employee else []
    found = list(findings)
    for line, begin, end, voice in heard(document) if by_line else ():
        here = by_line.get(line.number, ())
        beside: list[Finding] = []
        for start, stop in _sentences(line.text, begin, end) if here else ():
            first = max(0, start - _REACH)
            text = line.text[first : stop + _REACH]
            hits = known.hits(text, (start - first, stop - first), names=names, voice=voice)
            beside += _beside(here, line, hits, line.start + first)
            if len(beside) >= _MOST:
                break
        found += beside[:_MOST]
    return tuple(found)


def told_once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings by place, without those that say again what another one says.

    Of two of one category that share words, or of which one names formal discipline, one stands.
    What the model hears in words that a rule speaks of, or on the same line if it is of the same
    category, is told by the rule: it hears a line, and only points at a part. The higher severity
    stays.
    """
    return merged(findings, same=_same)


def _beside(
    here: Sequence[Finding], line: Line, hits: Iterable[Hit], offset: int
) -> Iterator[Finding]:
    """The hits in words that nothing speaks of yet, the weightiest first."""
    formal = {one.category for one in here if is_formal(one)}
    taken = [(one.start, one.end) for one in here]
    for hit in sorted(hits, key=lambda hit: hit.weight, reverse=True):
        span = offset + hit.start, offset + hit.end
        together = hit.rule.within is not None or hit.rule.category in formal
        if not together and not any(_meet(span, other) for other in taken):
            taken.append(span)
            yield finding_by(line, span, rule=hit.rule, severity=hit.severity)


def _same(known: Finding, finding: Finding) -> bool:
    """Whether ``finding`` needs no telling beside the one that is known, on the same line."""
    if finding.category == known.category:
        return is_formal(known) or finding.found_by == "model" or share_words(known, finding)
    return heard_again(known, finding)


def _sentences(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _END.finditer(text, begin, end):
        yield begin, match.end()
        begin = match.end()
    yield begin, end


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
