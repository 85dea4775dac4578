"""Matcher: all phrases of some rules over many lines at once, most lines never looked at twice."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import compress, count, pairwise
from types import MappingProxyType
from typing import Literal, NamedTuple

from coach.finding import SEVERITIES, Severity
from coach.patterns import pattern
from coach.tone.context import Masked, mask, plain, silences
from coach.tone.keys import short_form, text_words, tokens_of, words_of
from coach.tone.phrase import Phrase
from coach.tone.rule import ReadGroup, Rule

_NEARBY = 200
"""How far, in characters, an ``unless`` phrase reaches."""
_TRIES = 12
"""How many silenced places of one phrase are looked at on a line before it is given up."""
_EDGE = pattern(r"[^\w]*(.*?)[^\w!?]*", re.DOTALL)

Voice = Literal["written", "spoken", "quoted"]
"""Notes; the manager's own turn; her words in somebody else's turn."""


class Stretch(NamedTuple):
    """A part of a line that is the manager's wording: from where to where, and how it comes."""

    text: str
    """The whole line: what stands around the part can silence a phrase."""
    start: int
    end: int
    voice: Voice = "written"


class Wording:
    """Stretches of a text as phrases see them, cut into words; names are the employee's.

    ``joined`` are further ones, each of two that follow each other, by the number of the first.
    """

    def __init__(
        self,
        stretches: Sequence[Stretch],
        names: Sequence[str] = (),
        joined: Mapping[int, Stretch] = MappingProxyType({}),
    ) -> None:
        self.stretches = [*stretches, *joined.values()]
        self.names = names
        self.firsts = list(joined)
        self._low = [plain(stretch.text, names) for stretch in stretches]
        parts = (
            low[stretch.start : stretch.end].replace("\n", " ")
            for low, stretch in zip(self._low, stretches, strict=True)
        )
        self.tokens = tokens_of("\n".join(parts))
        """The words of all stretches but the joined ones, a line break between two."""
        self.ends = [*compress(count(), map("\n".__eq__, self.tokens)), len(self.tokens)]

    def place(self, at: int) -> int:
        """The number of a stretch, of a joined one that of its first part."""
        return at if at < len(self.ends) else self.firsts[at - len(self.ends)]

    def low(self, at: int) -> str:
        """The whole line of a stretch, as ``plain`` makes it."""
        known = at < len(self._low)
        return self._low[at] if known else plain(self.stretches[at].text, self.names)

    def words(self, at: int) -> Sequence[str]:
        """The words of one stretch."""
        if at < len(self.ends):
            return self.tokens[self.ends[at - 1] + 1 if at else 0 : self.ends[at]]
        first = self.place(at)
        return [*self.words(first), *self.words(first + 1)]


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


_Possible = tuple[int, list[_Wanted]]
"""The number of a stretch, and the phrases that may stand in it."""


class Matcher:
    """All phrases of some rules, found by the words that a line holds."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._wanted = [
            _Wanted(rule, number, read, phrase)
            for rule in rules
            for number, read in enumerate(rule.read_groups)
            for phrase in read.phrases
        ]
        by_key: dict[str, list[int]] = defaultdict(list)
        for number, wanted in enumerate(self._wanted):
            for key in wanted.phrase.keys:
                by_key[key].append(number)
        self._by_key = dict(by_key)
        self._by_pair = {tuple(key.split(" ")): by_key[key] for key in by_key if " " in key}
        self._everywhere = [
            number for number, wanted in enumerate(self._wanted) if not wanted.phrase.held
        ]

    def hits(
        self,
        text: str,
        span: tuple[int, int],
        *,
        names: Sequence[str] = (),
        voice: Voice = "written",
    ) -> list[Hit]:
        """What is met in this part of a line, silenced places left out; names are the employee's.

        Many lines are better put together: ``hits_in``.
        """
        (found,) = self.hits_in(Wording([Stretch(text, *span, voice)], names))
        return found

    def hits_in(self, wording: Wording, *, meeting: bool = False) -> list[list[Hit]]:
        """The same of each stretch of a wording.

        ``meeting``: of a rule that speaks of a whole only what stands where its other parts may be
        near, which is all that counts of it, and a fraction of the work.
        """
        found: list[list[Hit]] = [[] for _ in wording.stretches]
        possible = self._possible(wording)
        for at, wanted in _that_can_meet(list(possible), wording) if meeting else possible:
            seen = _Seen(wording, at)
            places = [(one, seen.first(one)) for one in wanted]
            found[at] = [Hit(one.rule, one.group, *place) for one, place in places if place]
        return found

    def _possible(self, wording: Wording) -> Iterator[_Possible]:
        """The stretches that hold all the words of a phrase, and those phrases: not yet certain."""
        keyed = self._keyed(wording.tokens, wording.ends)
        for at, first in enumerate(wording.firsts, len(wording.ends)):
            over = (*wording.words(first)[-1:], *wording.words(first + 1)[:1])
            beside = (keyed[one] for one in (first, first + 1) if one in keyed)
            if met := self._over(*over).union(*beside):
                keyed[at] = met
        for at in range(len(wording.stretches)) if self._everywhere else sorted(keyed):
            words = words_of(wording.words(at))
            wanted = [
                self._wanted[number]
                for number in sorted(keyed[at].union(self._everywhere))
                if not self._wanted[number].phrase.is_out_of(words)
            ]
            if wanted:
                yield at, wanted

    def _over(self, *words: str) -> set[int]:
        """The phrases that are looked up by these neighbours, each the edge of its line."""
        pairs = words_of(words) if len(words) == 2 else ()
        return {number for key in pairs if key in self._by_key for number in self._by_key[key]}

    def _keyed(self, tokens: Sequence[str], ends: Sequence[int]) -> defaultdict[int, set[int]]:
        """For each text that holds any, the phrases that are looked up by one of its words.

        One pass over all words: the loops over them run in C.
        """
        found: defaultdict[int, set[int]] = defaultdict(set)
        for at in compress(count(), map(self._by_key.__contains__, tokens)):
            found[bisect_left(ends, at)].update(self._by_key[tokens[at]])
        for at in compress(count(), map(self._by_pair.__contains__, pairwise(tokens))):
            found[bisect_left(ends, at)].update(self._by_pair[tokens[at], tokens[at + 1]])
        short_forms = {token for token in set(tokens) if "'" in token}
        for at in compress(count(), map(short_forms.__contains__, tokens)):
            for key in short_form(tokens, at):
                if key in self._by_key:
                    found[bisect_left(ends, at)].update(self._by_key[key])
        return found


def _that_can_meet(possible: Sequence[_Possible], wording: Wording) -> Iterator[_Possible]:
    """The same without parts of a rule that speaks of a whole where the rest is nowhere near."""
    places: dict[tuple[str, int], list[int]] = defaultdict(list)
    for at, wanted in possible:
        for one in wanted:
            if one.rule.within is not None:
                places[one.rule.id, one.group].append(wording.place(at))
    for part in places.values():
        part.sort()

    def can_meet(rule: Rule, place: int) -> bool:
        # two parts may stand on either side of the last; of joined lines the first has the place
        reach = 2 * (rule.within or 0) + 1
        parts = (places.get((rule.id, group), ()) for group in range(len(rule.groups)))
        return all(any_near(part, place, reach) for part in parts)

    for at, wanted in possible:
        place = wording.place(at)
        yield at, [one for one in wanted if one.rule.within is None or can_meet(one.rule, place)]


def any_near(numbers: Sequence[int], number: int, reach: int) -> bool:
    """Whether one of these rising numbers is so near."""
    at = bisect_left(numbers, number - reach)
    return at < len(numbers) and numbers[at] <= number + reach


@lru_cache(maxsize=4)
def matcher(rules: tuple[Rule, ...]) -> Matcher:
    """The matcher of these rules, made once."""
    return Matcher(rules)


class _Seen:
    """A stretch as phrases see it; other people's names are looked for only where it matters."""

    def __init__(self, wording: Wording, at: int) -> None:
        self._stretch = wording.stretches[at]
        self._low = wording.low(at)
        self._names = wording.names
        self._words: dict[tuple[int, int], set[str]] = {}

    @cached_property
    def _masked(self) -> Masked:
        return mask(self._stretch.text, self._names)

    def first(self, wanted: _Wanted) -> tuple[int, int] | None:
        """Where the phrase first stands unsilenced."""
        read, phrase = wanted.read, wanted.phrase
        span = self._stretch.start, self._stretch.end
        if read.near and not self._holds_any(read.near, span):
            return None
        text = self._as_read_by(phrase)
        for tried, match in enumerate(phrase.regex.finditer(text, *span)):
            if tried >= _TRIES:
                return None
            inner = _EDGE.fullmatch(text, match.start(), match.end())
            start, end = inner.span(1) if inner else match.span()
            if not self._silenced(read, start, end):
                return _rounded(text, (start, end), span)
        return None

    def _silenced(self, read: ReadGroup, start: int, end: int) -> bool:
        voice = self._stretch.voice
        contexts = silences(self._masked, start, end, spoken=voice != "written") - read.despite
        if voice == "quoted":
            contexts -= {"reported"}
        if read.severity == "high":
            contexts -= {"question"}
        near = max(0, start - _NEARBY), min(len(self._low), end + _NEARBY)
        return bool(contexts) or self._holds_any(read.unless, near)

    def _holds_any(self, phrases: Sequence[Phrase], span: tuple[int, int]) -> bool:
        """Whether one stands there; those whose words do not are not tried."""
        if phrases and span not in self._words:
            self._words[span] = text_words(self._low[slice(*span)])
        return any(
            phrase.regex.search(self._as_read_by(phrase), *span)
            for phrase in phrases
            if not phrase.is_out_of(self._words[span])
        )

    def _as_read_by(self, phrase: Phrase) -> str:
        return self._masked.named if phrase.names else self._low


def _rounded(text: str, found: tuple[int, int], span: tuple[int, int]) -> tuple[int, int]:
    """The place with the pronoun in front of it, and to its clause's end where it stops midway."""
    start, end = found
    before = _PRONOUN.search(text, max(span[0], start - 12), start)
    after = _UNFINISHED.match(text, end, span[1]) if _LINK.search(text, start, end) else None
    return before.start() if before else start, after.end() if after else end


_PRONOUN = pattern(r"\b(?:i|we|you|he|she|they|it|who)\s{1,3}$")
_LINK = pattern(
    r"\b(?:a|an|the|about|to|of|for|with|in|on|at|by|if|when|that|your|his|her|my|our|their|and|or"
    r"|like|is|are|was|who|how|what|why|until|before|any|every|each|not)$"
)
_UNFINISHED = pattern(r"(?:[^\w.!?,;:\n]{1,3}\w[\w'-]{0,30}){1,6}")
