"""scan: every rule over every line that is the manager's wording. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from coach.document import Document, Line
from coach.finding import SEVERITIES, Finding, Severity
from coach.tone.context import Masked, mask, plain, silences
from coach.tone.keys import text_words
from coach.tone.notice import finding_by
from coach.tone.phrase import Phrase
from coach.tone.rewrite import reword
from coach.tone.rule import ReadGroup, Rule

_NEARBY = 200
"""How far, in characters, an ``unless`` phrase reaches."""
_TRIES = 12
"""How many silenced places of one phrase are looked at on a line before it is given up."""
_EDGE = re.compile(r"[^\w]*(.*?)[^\w!?]*", re.DOTALL)

_WRAPPED = 50
"""Characters from which on a line may have been wrapped; notes break off where a thought does."""

Voice = Literal["written", "spoken", "quoted"]
"""Notes; the manager's own turn; her words in somebody else's turn."""


class Hit(NamedTuple):
    """Words of one line that a group of a rule speaks of; offsets count from the line's start."""

    rule: Rule
    group: int
    start: int
    end: int
    whole: bool = True
    """Whether all of it stands on this line, and no part on the next."""

    @property
    def severity(self) -> Severity:
        """Of the group that was met."""
        return self.rule.groups[self.group].severity

    @property
    def weight(self) -> tuple[int, int, int]:
        """The stronger, the longer, the earlier hit weighs more."""
        return SEVERITIES.index(self.severity), self.end - self.start, -self.start


class _Wanted(NamedTuple):
    rule: Rule
    group: int
    read: ReadGroup
    phrase: Phrase


class Matcher:
    """All phrases of some rules, found by the words that a line holds."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._by_key: dict[str, list[int]] = defaultdict(list)
        self._everywhere: list[int] = []
        self._wanted: list[_Wanted] = []
        for rule in rules:
            for number, read in enumerate(rule.read_groups):
                for phrase in read.phrases:
                    self._add(_Wanted(rule, number, read, phrase))
        self._keys = frozenset(self._by_key)

    def _add(self, wanted: _Wanted) -> None:
        number = len(self._wanted)
        self._wanted.append(wanted)
        if wanted.phrase.keys is None:
            self._everywhere.append(number)
        for key in wanted.phrase.keys or ():
            self._by_key[key].append(number)

    def hits(
        self,
        text: str,
        span: tuple[int, int],
        *,
        names: Sequence[str] = (),
        voice: Voice = "written",
    ) -> list[Hit]:
        """What is met in this part of a line, silenced places left out; names are the employee's.

        Most lines hold no phrase's words, and are not looked at any closer.
        """
        words = text_words(plain(text, names)[slice(*span)])
        possible = {number for key in words & self._keys for number in self._by_key[key]}
        possible.update(self._everywhere)
        wanted = [self._wanted[number] for number in sorted(possible)]
        wanted = [
            one for one in wanted if not any(words.isdisjoint(need) for need in one.phrase.needs)
        ]
        if not wanted:
            return []
        masked = mask(text, names)
        places = [(one, _first(one, masked, span, voice)) for one in wanted]
        return [Hit(one.rule, one.group, *place) for one, place in places if place]


@lru_cache(maxsize=4)
def matcher(rules: tuple[Rule, ...]) -> Matcher:
    """The matcher of these rules, made once."""
    return Matcher(rules)


def scan(document: Document, rules: tuple[Rule, ...]) -> tuple[Finding, ...]:
    """What sounds punitive in the manager's wording, by place; one finding a category and line.

    Lines of notes count as the manager's. In a transcript only the manager's turns do (all turns,
    where nobody knows who is who), and what an employee quotes her as saying. Headings, frames,
    summaries, code and block quotes are left alone.
    """
    known = matcher(rules)
    names = [document.employee] if document.employee else []
    spoken: list[tuple[Line, list[Hit]]] = []
    for line, begin, end, voice in heard(document):
        if voice == "written" and spoken and _runs_on(spoken[-1][0], line):
            spoken[-1][1].extend(_across(spoken[-1][0], line, known, names))
        spoken.append((line, known.hits(line.text, (begin, end), names=names, voice=voice)))
    findings: list[Finding] = []
    together = _together(spoken)
    for number, (line, hits) in enumerate(spoken):
        single = [hit for hit in hits if hit.rule.within is None]
        for hit in _strongest([*together.get(number, ()), *single]) if single or together else ():
            findings.append(_finding(line, hit, known, names))
    return tuple(sorted(findings, key=lambda f: (f.start, f.end, f.category)))


def _runs_on(line: Line, after: Line) -> bool:
    """Whether a sentence is wrapped from this line to the next, as mails and Markdown are."""
    return (
        after.number == line.number + 1
        and len(line.text) >= _WRAPPED
        and line.content.rstrip()[-1:] not in ".!?:;|"
        and after.content.lstrip()[:1].islower()
    )


def _across(line: Line, after: Line, known: Matcher, names: Sequence[str]) -> Iterator[Hit]:
    """Hits that run over the break, which counts as a blank; cut to where they begin."""
    first = line.text.rstrip()
    joined = f"{first} {after.content.lstrip()}"
    for hit in known.hits(joined, (line.prefix, len(joined)), names=names):
        if hit.start < len(first) and hit.end > len(first) + 1:
            yield hit._replace(end=len(first), whole=False)


def heard(document: Document) -> Iterator[tuple[Line, int, int, Voice]]:
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


_QUOTED = re.compile(
    r"\b[Yy]ou(?:'ve|’ve|'d|’d)?(?: \w{1,12}){0,4}? ?(?:said|say|told|wrote|went|put|called"
    r"|texted|replied|answered|asked|like)\b[^.!?\"“”‘]{0,60}?(?:\"([^\"\n]{3,300})\"|“([^”\n]{3,300})”"
    r"|‘([^\n]{3,300}?)’(?!\w)|(?<=[\s,:])'([^\n]{3,300}?)'(?!\w))"
)


def _first(
    wanted: _Wanted, line: Masked, span: tuple[int, int], voice: Voice
) -> tuple[int, int] | None:
    """Where the phrase first stands unsilenced."""
    read = wanted.read
    if read.near and not any(_stands(phrase, line, span) for phrase in read.near):
        return None
    text = line.named if wanted.phrase.names else line.text
    for tried, match in enumerate(wanted.phrase.regex.finditer(text, *span)):
        if tried >= _TRIES:
            return None
        inner = _EDGE.fullmatch(text, match.start(), match.end())
        start, end = inner.span(1) if inner else match.span()
        contexts = silences(line, start, end, spoken=voice != "written") - read.despite
        if voice == "quoted":
            contexts -= {"reported"}
        if read.severity == "high":
            contexts -= {"question"}
        if not contexts and not _excused(read, line, start, end):
            return _rounded(text, (start, end), span)
    return None


def _rounded(text: str, found: tuple[int, int], span: tuple[int, int]) -> tuple[int, int]:
    """The place with the pronoun in front of it, and to its clause's end where it stops midway."""
    start, end = found
    before = _PRONOUN.search(text, max(span[0], start - 12), start)
    after = _UNFINISHED.match(text, end, span[1]) if _LINK.search(text, start, end) else None
    return before.start() if before else start, after.end() if after else end


_PRONOUN = re.compile(r"\b(?:i|we|you|he|she|they|it|who)\s{1,3}$")
_LINK = re.compile(
    r"\b(?:a|an|the|about|to|of|for|with|in|on|at|by|if|when|that|your|his|her|my|our|their|and|or"
    r"|like|is|are|was|who|how|what|why|until|before|any|every|each|not)$"
)
_UNFINISHED = re.compile(r"(?:[^\w.!?,;:\n]{1,3}\w[\w'-]{0,30}){1,6}")


def _excused(read: ReadGroup, line: Masked, start: int, end: int) -> bool:
    near = (max(0, start - _NEARBY), min(len(line.text), end + _NEARBY))
    return any(_stands(phrase, line, near) for phrase in read.unless)


def _stands(phrase: Phrase, line: Masked, span: tuple[int, int]) -> bool:
    return bool(phrase.regex.search(line.named if phrase.names else line.text, *span))


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
            if all(_any_near(groups[group], number, reach) for group in range(len(rule.groups) - 1))
        ]
        first = met[:1] + [late for early, late in pairwise(met) if late - early > reach]
        for number in first:
            found[number].append(last[rule, number])
    return found


def _any_near(numbers: Sequence[int], number: int, reach: int) -> bool:
    """Whether one of these rising numbers is so near."""
    at = bisect_left(numbers, number - reach)
    return at < len(numbers) and numbers[at] <= number + reach


def _finding(line: Line, hit: Hit, known: Matcher, names: Sequence[str]) -> Finding:
    suggestion = None
    if hit.whole and hit.rule.rewrites and hit.rule.advice_for(hit.severity) == hit.rule.advice:
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
