"""Labels for guides the line model was not trained on, from the guide's own words. Pure, linear.

A line is given to a step by the heading it stands under, by a cue of an item, by informative words
it shares with the step and its items, by how close it comes in meaning to their texts and examples
(``guide_meaning``), or as the answer to a question that was. Words speak the louder the fewer items
of the guide and lines of the document they stand in. A line that matches nothing gets nothing; one
that matches weakly is marked as such.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from coach.document import Line
from coach.engines.embedded.context import Scores
from coach.engines.embedded.guide_meaning import Matching, Nearness
from coach.engines.embedded.guide_words import RUN, GuideWords, words_of
from coach.engines.embedded.ranges import settled_range
from coach.engines.embedded.stems import is_informative, stems
from coach.guide import Guide
from coach.mapping import LineLabel
from coach.patterns import pattern

_SURE = 1.6
_LIKELY = 0.9
_PLANNED = 0.6
_OWN = 0.25
"""What a line must match by itself before the lines around it can add to it."""
_AROUND = ((-1, 0.4), (1, 0.4), (-2, 0.2), (2, 0.2))
_AROUND_MOST = 1.5
_BESIDE = 0.75
"""How close to the best step a second one must come."""
_ITEM = 0.6
"""What an item needs to be named beside its step; a share of the best item too."""
_MOST_STEPS = 2
_ANSWER_WORDS = 4
_COMMON = 0.08
"""A word in more than this share of the lines says less the more it is used."""
_ASKED = 1.7
"""What it weighs that a line reads out an item's question."""

_NOT = r"(?:did ?n't|have ?n't|was ?n't|never|not|no time to)(?: yet)?(?: really)?"
_LATER = pattern(
    r"\bto-?do\b(?! list)"
    r"|\b(?:for|until|till?|to) next (?:time|week|wk|one|meeting|session|month)\b"
    r"|\bnext time\s*$|^\W*next time\s*[:,-]|^\W*park (?!it\b|'?em\b|that\b|this\b)"
    rf"|\b{_NOT} (?:get|got|gotten|manage)(?: on| round| around)? to\b"
    rf"|\b{_NOT} (?:talk|talked|discussed|cover|covered|touch|touched)\b"
    r"|\b(?:ran|run) out of time\b|\bcome back to\b"
    r"|\b(?:still|need|have) to (?:talk|discuss|go over|sit down)\b"
    r"|\b(?:talk|discuss|pick|cover|leave|save|keep)\b[^.;?]{0,40}"
    r"\b(?:next (?:time|week|one|month)|another (?:time|day))\b",
    re.IGNORECASE,
)
"""Words that put a talk off. A task that waits is an order of work, and not meant."""
_LEAD = pattern(r"^\W*(?P<head>[^\W\d_][^:\n]{0,40}?)\s*:\s+(?=\S)")


@dataclass
class _Match:
    """What one line matched."""

    steps: dict[str, float]
    """Scores by words, the lines around included."""
    items: dict[str, float]
    alone: dict[str, float]
    """Scores of the steps by the line's own words."""
    near: dict[str, float] = field(default_factory=dict)
    """Chances of the steps by meaning."""


def label_by_guide(
    lines: Sequence[Line], guide: Guide, nearness: Nearness
) -> tuple[LineLabel, ...]:
    """A label for each of these lines, a document's non-blank ones; tone is left neutral.

    Lines that cannot be evidence (headings, frame, summaries) get an empty one.
    """
    words = words_of(guide)
    found = [stems(line.content) for line in lines]
    matches = _matches(found, words)
    chances = nearness.chances(_table(matches, guide))
    for match, row in zip(matches, chances.tolist(), strict=True):
        match.near = dict(zip(guide.step_ids, row, strict=True))
    labels: list[LineLabel] = []
    section: str | None = None
    asked: tuple[Line, LineLabel] | None = None
    for line, line_stems, match in zip(lines, found, matches, strict=True):
        if not line.mappable:
            section = _headed(line_stems, words) if line.kind == "heading" else section
            labels.append(LineLabel(line=line.number, speaker=line.speaker))
            continue
        headed = _lead_of(line, words) or section
        label = _label(line, match, words, section=headed, matching=nearness.matching)
        if not label.steps and not label.planned and asked is not None:
            label = _as_answer(line, label, asked)
        asked = (line, label) if line.content.rstrip().endswith("?") and label.steps else None
        labels.append(label)
    return tuple(labels)


def scores_by_words(lines: Sequence[Line], guide: Guide) -> Scores:
    """What words say of each line and step: of the line alone, and with those around it.

    Shape (lines, steps, 2).
    """
    return _table(_matches([stems(line.content) for line in lines], words_of(guide)), guide)


def _matches(lines: list[list[str]], words: GuideWords) -> list[_Match]:
    loudness = _loudness(lines)
    return _among([_match(line, words, loudness) for line in lines])


def _table(matches: Sequence[_Match], guide: Guide) -> Scores:
    rows = [
        [(match.alone.get(step, 0.0), match.steps.get(step, 0.0)) for step in guide.step_ids]
        for match in matches
    ]
    return np.array(rows, np.float64)


def _loudness(lines: list[list[str]]) -> dict[str, float]:
    """How much a word of this document tells: less, where a great share of its lines has it."""
    used: dict[str, int] = defaultdict(int)
    for line in lines:
        for stem in set(line):
            used[stem] += 1
    limit = max(4.0, _COMMON * len(lines))
    return {stem: min(1.0, limit / count) for stem, count in used.items()}


def _match(line: list[str], words: GuideWords, loudness: dict[str, float]) -> _Match:
    items: dict[str, float] = defaultdict(float)
    steps: dict[str, float] = defaultdict(float)
    for stem in dict.fromkeys(line):
        for name, weight in words.items.get(stem, {}).items():
            items[name] += weight * loudness[stem]
        for name, weight in words.steps.get(stem, {}).items():
            steps[name] += weight * loudness[stem]
    for at, stem in enumerate(line):
        for phrase, name, weight in words.phrases.get(stem, ()):
            if tuple(line[at : at + len(phrase)]) == phrase:
                items[name] += weight
    read_out = {words.runs.get(tuple(line[at : at + RUN])) for at in range(len(line) - RUN + 1)}
    for name in sorted(filter(None, read_out)):
        items[name] += _ASKED
    long = 1.0 + math.log1p(max(0, len(line) - 12)) / 3.0
    best: dict[str, float] = defaultdict(float)
    for name, score in items.items():
        best[words.step_of[name]] = max(best[words.step_of[name]], score)
    for name, score in best.items():
        steps[name] += score
    alone = {name: score / long for name, score in steps.items()}
    return _Match(alone, dict(items), alone)


def _among(matches: list[_Match]) -> list[_Match]:
    """The matches, where what a line says faintly is heard better if its neighbours say it too."""
    found = []
    for at, match in enumerate(matches):
        steps = {}
        for name, score in match.steps.items():
            if score >= _OWN:
                near = (
                    share * min(_AROUND_MOST, matches[at + by].steps.get(name, 0.0))
                    for by, share in _AROUND
                    if 0 <= at + by < len(matches)
                )
                steps[name] = score + sum(near)
        found.append(_Match(steps, match.items, match.alone))
    return found


def _label(
    line: Line, match: _Match, words: GuideWords, *, section: str | None, matching: Matching
) -> LineLabel:
    ranked = sorted(match.steps.items(), key=lambda pair: -pair[1])
    top = ranked[0][1] if ranked else 0.0
    label = LineLabel(line=line.number, speaker=line.speaker)
    if _puts_off(line) and (top >= _PLANNED or section):
        named = ranked[0][0] if top >= _PLANNED else str(section)
        return label.model_copy(update={"planned": (named,)})
    enough = max(_LIKELY, _BESIDE * top)
    chosen = {name for name, score in ranked[:_MOST_STEPS] if score >= enough}
    sure = {name for name in chosen if match.steps[name] >= _SURE}
    nearest = max(match.near.values(), default=0.0)
    least = matching.sure if chosen else matching.likely
    enough = max(least, _BESIDE * nearest)
    chosen |= {name for name, chance in match.near.items() if chance >= enough}
    sure |= {name for name in chosen if match.near[name] >= matching.sure}
    settled = settled_range(line.content) if words.deciding else None
    plain = (section if _says_something(line) else None, words.deciding if settled else None)
    if any(plain):
        chosen = sure = sure | {step for step in plain if step}
    order = tuple(step for step, _ in words.titles if step in chosen)
    return label.model_copy(
        update={
            "steps": order,
            "items": tuple(_items(match, words, order)),
            "likely": tuple(step for step in order if step not in sure),
            "range": settled if words.deciding in order else None,
        }
    )


def _puts_off(line: Line) -> bool:
    return bool(_LATER.search(line.content.replace("’", "'")))


def _says_something(line: Line) -> bool:
    return any(is_informative(stem) for stem in stems(line.content))


def _items(match: _Match, words: GuideWords, steps: Iterable[str]) -> Iterable[str]:
    """The items of these steps that the line speaks for; a step's only item always."""
    for step in steps:
        scores = {
            name: match.items.get(name, 0.0) for name, of in words.step_of.items() if of == step
        }
        enough = max(_ITEM, _BESIDE * max(scores.values())) if len(scores) > 1 else 0.0
        yield from (name for name, score in scores.items() if score >= enough)


def _headed(heading: list[str], words: GuideWords) -> str | None:
    """The step a heading names: the one that most of its informative words belong to."""
    own = {stem for stem in heading if is_informative(stem)}
    shared = [(len(own & titles), step) for step, titles in words.titles]
    best = max(count for count, _ in shared)
    named = [step for count, step in shared if count == best]
    return named[0] if len(named) == 1 and best * 2 >= len(own) > 0 else None


def _lead_of(line: Line, words: GuideWords) -> str | None:
    """The step that the line's own lead-in names, ``Impact: the queue doubled``."""
    lead = _LEAD.match(line.content)
    return _headed(stems(lead["head"]), words) if lead else None


def _as_answer(line: Line, label: LineLabel, asked: tuple[Line, LineLabel]) -> LineLabel:
    """What answers a question that did a step's work does it too, not quite surely."""
    question, opened = asked
    answers = line.kind == "speech" and line.speaker != question.speaker
    if not answers or len(line.content.split()) < _ANSWER_WORDS or line.content.endswith("?"):
        return label
    steps = opened.steps[:1]
    items = tuple(item for item in opened.items if item.partition(".")[0] in steps)
    return label.model_copy(update={"steps": steps, "items": items, "likely": steps})
