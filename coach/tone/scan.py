"""scan: every rule over every line that is the manager's wording. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple
from weakref import ref

from coach.document import Document, Line
from coach.finding import Finding
from coach.patterns import pattern
from coach.tone.matching import Hit, Matcher, Stretch, Voice, Wording, any_near, matcher
from coach.tone.notice import finding_by
from coach.tone.rule import Rule

__all__ = ["Heard", "Hit", "Voice", "heard", "matcher", "scan"]

_FULL = 62
"""Characters from which on a line that runs on was wrapped for certain."""
_WRAPPED = 50
"""Characters from which on a line may have been wrapped; notes break off where a thought does."""

Heard = tuple[Line, int, int, Voice]
"""A line, from where to where in it, and how it comes to us."""


def scan(document: Document, rules: tuple[Rule, ...]) -> tuple[Finding, ...]:
    """What sounds punitive in the manager's wording, by place; one finding a category and line.

    Lines of notes count as the manager's. In a transcript only the manager's turns do (all turns,
    where nobody knows who is who), and what an employee quotes her as saying. Headings, frames,
    summaries, code and block quotes are left alone.
    """
    known = matcher(rules)
    lines, broken, wording = _latest(document)
    met = known.hits_in(wording, meeting=True)
    spoken = [(line, list(hits)) for (line, *_), hits in zip(lines, met, strict=False)]
    for number, hits in zip(broken, met[len(lines) :], strict=True):
        if hits or spoken[number][1] or spoken[number + 1][1]:
            _join(spoken[number], spoken[number + 1], hits)
    findings: list[Finding] = []
    together = _together(spoken)
    for number, (line, hits) in enumerate(spoken):
        single = [hit for hit in hits if hit.rule.within is None]
        for hit in _strongest([*together.get(number, ()), *single]) if single or together else ():
            findings.append(_finding(line, hit, known, wording.names))
    return tuple(sorted(findings, key=lambda f: (f.start, f.end, f.category)))


_Spoken = tuple[Line, list[Hit]]


class _Prepared(NamedTuple):
    lines: Sequence[Heard]
    broken: Sequence[int]
    """Numbers of the lines whose sentence runs on in the next."""
    wording: Wording
    """A stretch a line, then one a break."""


def _prepared(document: Document) -> _Prepared:
    lines = list(heard(document))
    broken = [number for number, (one, then) in enumerate(pairwise(lines)) if _runs_on(one, then)]
    stretches = [Stretch(line.text, begin, end, voice) for line, begin, end, voice in lines]
    joined = {number: _joined(lines[number][0], lines[number + 1][0]) for number in broken}
    names = [document.employee] if document.employee else []
    return _Prepared(lines, broken, Wording(stretches, names, joined))


class _Latest:
    """The text that was prepared last: it is scanned for one set of rules after the other."""

    def __init__(self) -> None:
        self._kept: tuple[ref[Document], _Prepared] | None = None

    def __call__(self, document: Document) -> _Prepared:
        kept = self._kept
        if kept is None or kept[0]() is not document:
            kept = self._kept = ref(document, self._forget), _prepared(document)
        return kept[1]

    def _forget(self, gone: ref[Document]) -> None:
        if self._kept and self._kept[0] is gone:
            self._kept = None


_latest = _Latest()


def _runs_on(one: Heard, then: Heard) -> bool:
    """Whether a sentence is wrapped from this line to the next, as mails and Markdown are."""
    line, after = one[0], then[0]
    return (
        one[3] != "quoted"
        and then[3] == "written"
        and after.number == line.number + 1
        and (len(line.text) >= _WRAPPED or _UNDONE.search(line.text) is not None)
        and line.content.rstrip()[-1:] not in ".!?:;|"
        and after.content.lstrip()[:1].islower()
    )


_UNDONE = pattern(
    r"\b(?:a|an|the|and|or|but|nor|to|of|your|his|my|our|their|is|are|was|were|be|been)\s*$",
    re.IGNORECASE,
)
"""A line that ends so goes on, however short it is."""


def _joined(line: Line, after: Line) -> Stretch:
    """Both lines, the break between them a blank."""
    text = f"{line.text.rstrip()} {after.content.lstrip()}"
    return Stretch(text, line.prefix, len(text))


def _join(one: _Spoken, then: _Spoken, hits: Sequence[Hit]) -> None:
    """Read on over the break: what runs over it is found, what ends or starts there is no end.

    A phrase that asks for the end or the start of a sentence must stand in the joined lines too,
    and so must any other: the words on the other side of the break may silence it.
    """
    line, after = one[0], then[0]
    end = len(line.text.rstrip())
    begin = len(after.text) - len(after.content.lstrip())
    one[1].extend(_across(line, hits))
    if end < _FULL:  # notes in lower case break off where a thought ends
        return
    met = {(hit.rule.id, hit.group, hit.start < end) for hit in hits}
    told = {(rule, group) for rule, group, _ in met}
    one[1][:] = [
        hit
        for hit in one[1]
        if not hit.whole
        or (hit.rule.id, hit.group, True) in met
        or (hit.end < end and (hit.rule.id, hit.group) in told)
    ]
    then[1][:] = [
        hit
        for hit in then[1]
        if (hit.rule.id, hit.group, False) in met
        or (hit.start > begin and (hit.rule.id, hit.group) in told)
    ]


def _across(line: Line, hits: Iterable[Hit]) -> Iterator[Hit]:
    """Those of the joined lines' hits that run over the break, cut to where they begin."""
    end = len(line.text.rstrip())
    for hit in hits:
        if hit.start < end and hit.end > end + 1:
            yield hit._replace(end=end, whole=False)


def heard(document: Document) -> Iterator[Heard]:
    """The manager's wording: the line, from where to where in it, and how it comes to us."""
    fenced = False
    for line in document.lines:
        content = line.content.lstrip()
        if content.startswith(("```", "~~~")):
            fenced = not fenced and line.kind != "speech"
            continue
        if fenced or not line.mappable or content.startswith(">"):
            continue
        if line.kind == "note" or line.role in {"manager", None}:
            yield line, line.prefix, len(line.text), "written" if line.kind == "note" else "spoken"
            continue
        for match in _QUOTED.finditer(line.text, line.prefix):
            begin, end = next(span for span in map(match.span, (1, 2, 3, 4)) if span[0] >= 0)
            yield line, begin, end, "quoted"


_QUOTED = pattern(
    r"\b[Yy]ou(?:'ve|’ve|'d|’d)?(?: \w{1,12}){0,4}? ?(?:said|say|told|wrote|went|put|called"
    r"|texted|replied|answered|asked|like)\b[^.!?\"“”‘]{0,60}?(?:\"([^\"\n]{3,300})\"|“([^”\n]{3,300})”"
    r"|‘([^\n]{3,300}?)’(?!\w)|(?<=[\s,:])'([^\n]{3,300}?)'(?!\w))"
)


def _strongest(hits: Iterable[Hit]) -> list[Hit]:
    """One hit a category, and of two that share words the stronger."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.rule.within is None, *(-w for w in hit.weight))):
        shares = any(hit.start < other.end and other.start < hit.end for other in kept)
        if not shares and all(hit.rule.category != other.rule.category for other in kept):
            kept.append(hit)
    return kept


def _together(spoken: Sequence[tuple[Line, list[Hit]]]) -> dict[int, list[Hit]]:
    """Hits of rules that speak of a whole: all groups met within so many lines."""
    places: dict[Rule, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    last: dict[tuple[Rule, int], Hit] = {}
    for number, (_, hits) in enumerate(spoken):
        for hit in hits:
            if hit.rule.within is not None:
                places[hit.rule][hit.group].append(number)
                if hit.group == len(hit.rule.groups) - 1:
                    last.setdefault((hit.rule, number), hit)
    found: dict[int, list[Hit]] = defaultdict(list)
    for rule, groups in places.items():
        reach = rule.within or 0
        final = groups[len(rule.groups) - 1]
        met = [
            number
            for number in dict.fromkeys(final)
            if all(any_near(groups[group], number, reach) for group in range(len(rule.groups) - 1))
        ]
        first = met[:1] + [late for early, late in pairwise(met) if late - early > reach]
        for number in first:
            found[number].append(last[rule, number])
    return found


def _finding(line: Line, hit: Hit, known: Matcher, names: Sequence[str]) -> Finding:
    suggestion = None
    if hit.whole and hit.rule.rewrites and hit.rule.advice_for(hit.severity) == hit.rule.advice:
        from coach.tone.rewrite import reword

        ways = reword(line, (hit.start, hit.end), hit.rule.read_rewrites)
        suggestion = next((way for way in ways if not _flagged(way, known, names)), None)
    return finding_by(
        line,
        (line.start + hit.start, line.start + hit.end),
        rule=hit.rule,
        severity=hit.severity,
        suggestion=suggestion,
    )


def _flagged(wording: str, known: Matcher, names: Sequence[str]) -> bool:
    """Whether a rule speaks of this wording; that it ends in a question excuses nothing."""
    hits = known.hits(wording.replace("?", "."), (0, len(wording)), names=names)
    return any(hit.rule.within is None for hit in hits)
