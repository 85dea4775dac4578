"""Entries: one proposal of a model as an entry of a plan, if its lines carry it.

Its wording must stand in the lines it points to (``support``) and pass the tone rules; a decision
has a range only where something said settles one. Details that do not hold are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from coach.document import Document, Line
from coach.engines.embedded.drafting.dates import base_date, resolve, written_date
from coach.engines.embedded.ranges import settled_range
from coach.engines.llm.answers import (
    DecisionAnswer,
    EntryAnswer,
    FeedbackAnswer,
    GoalAnswer,
    LessonAnswer,
    NeedAnswer,
    StrengthAnswer,
    SuccessAnswer,
    WorkAnswer,
)
from coach.engines.llm.pseudonyms import UnknownPlaceholder
from coach.engines.llm.support import provenance_of, unsupported
from coach.guide import Range, SettledRange
from coach.mapping import StepMap, cut
from coach.plan import (
    Decision,
    Entry,
    Feedback,
    Goal,
    Indicator,
    Lesson,
    Need,
    Provenance,
    Responsibility,
    Statement,
    Strength,
    SuccessDefinition,
    View,
)
from coach.tone import Rule, as_notes, load_rules, scan

LONGEST = 300
"""Characters of an entry's wording, and of each detail."""

_DETAILS = ("due", "path", "reason", "terms", "response")

Show = Callable[[str], str]
"""From text with placeholders to text with names."""


@dataclass(frozen=True)
class Grounds:
    """What entries may rest on: the document as the model read it, and as it is."""

    read: Document
    """With placeholders for names, line by line like ``document``."""
    document: Document
    steps: StepMap
    show: Show
    translated: bool = False
    """Whether the plan is to be in another language than the notes."""

    def lines(self, numbers: Sequence[int]) -> tuple[Line, ...]:
        """The lines of these numbers that can be evidence, in order, each once.

        None that was flagged, that only means to get to something later, or that was written for
        a machine.
        """
        known = sorted({n for n in numbers if 1 <= n <= len(self.read.lines)})
        return tuple(
            line for n in known if n not in self._barred and (line := self.read.line(n)).mappable
        )

    @cached_property
    def _barred(self) -> frozenset[int]:
        flagged = {finding.line for finding in self.steps.findings}
        later = {label.line for label in self.steps.lines if label.planned and not label.steps}
        return frozenset(flagged | later | self.document.set_aside)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The tone rules, which every wording has to pass."""
        return load_rules()

    def settled(self, number: int) -> SettledRange | None:
        """The range that a line settles, by its label, else by its wording alone."""
        labelled = self._labelled_ranges.get(number)
        return labelled or settled_range(self.document.line(number).content)

    @cached_property
    def _labelled_ranges(self) -> dict[int, SettledRange]:
        return {label.line: label.range for label in self.steps.lines if label.range}

    def missing(self, text: str, lines: Sequence[Line]) -> tuple[str, ...]:
        """Numbers and names of the text that are not in these lines, nor in the frame."""
        told = [line.text for line in lines]
        return unsupported(text, [*told, *self._frame])

    def provenance(self, text: str, lines: Sequence[Line]) -> Provenance | None:
        """How well the lines carry the text; None where they do not."""
        if self.missing(text, lines) or not self._showable(text):
            return None
        if self.translated:
            return "inferred"
        return provenance_of(text, [line.text for line in lines])

    def _showable(self, text: str) -> bool:
        """Whether every placeholder in the text, however it is written, stands for something."""
        try:
            self.show(text)
        except UnknownPlaceholder:
            return False
        return True

    @property
    def _frame(self) -> tuple[str, ...]:
        """Who the two are: these names may stand in any entry."""
        return tuple(name for name in (self.read.employee, self.read.manager) if name)


def texts_of(entry: EntryAnswer) -> Iterator[tuple[str, str]]:
    """The texts of an entry, by field."""
    yield "text", entry.text
    for name in _DETAILS:
        value = getattr(entry, name, None)
        if value:
            yield name, value
    if isinstance(entry, SuccessAnswer):
        for at, indicator in enumerate(entry.indicators):
            yield f"indicators.{at}.text", indicator.text
    if isinstance(entry, GoalAnswer):
        for at, resource in enumerate(entry.resources):
            yield f"resources.{at}", resource


def details_of(entry: EntryAnswer | Entry) -> int:
    """How many texts an entry has beside its wording."""
    said = sum(bool(getattr(entry, name, None)) for name in _DETAILS)
    return said + len(getattr(entry, "indicators", ())) + len(getattr(entry, "resources", ()))


def entry_of(proposed: EntryAnswer, grounds: Grounds) -> Entry | None:
    """The entry, if its lines carry it and its wording passes the tone rules."""
    lines = grounds.lines(proposed.lines)
    text = proposed.text.strip().lstrip("-*+•–> ")
    provenance = grounds.provenance(text, lines) if lines and text else None
    if provenance is None or not inoffensive(text, grounds.rules) or len(text) > LONGEST:
        return None

    def kept(value: str | None) -> str | None:
        said = (value or "").strip()
        holds = said and len(said) <= LONGEST and grounds.provenance(said, lines)
        return grounds.show(said) if holds and inoffensive(said, grounds.rules) else None

    base: dict[str, Any] = {
        "text": grounds.show(text),
        "provenance": provenance,
        "evidence": tuple(cut(grounds.document.line(line.number)) for line in lines),
    }
    entry: Entry
    match proposed:
        case WorkAnswer():
            entry = Responsibility(**base, priority=proposed.priority, new=proposed.new)
        case SuccessAnswer():
            entry = _success(base, proposed, grounds, kept)
        case DecisionAnswer():
            entry = _decision(base, proposed, grounds, kept)
        case GoalAnswer():
            resources = tuple(said for one in proposed.resources if (said := kept(one)))
            entry = Goal(**base, resources=resources, chosen=proposed.chosen)
        case LessonAnswer():
            entry = Lesson(**base)
        case StrengthAnswer():
            entry = Strength(**base)
        case NeedAnswer():
            entry = Need(**base, who=proposed.who, response=kept(proposed.response))
        case FeedbackAnswer():
            entry = Feedback(**base, response=kept(proposed.response))
        case _:
            entry = Statement(**base)
    return entry


def inoffensive(text: str, rules: tuple[Rule, ...]) -> bool:
    """Whether the tone rules find nothing in wording that a model made, asked or stated."""
    return not any(scan(as_notes(way), rules) for way in {text, text.replace("?", ".")})


_Kept = Callable[[str | None], str | None]


def _success(
    base: dict[str, Any], proposed: SuccessAnswer, grounds: Grounds, kept: _Kept
) -> SuccessDefinition:
    due = kept(proposed.due)
    day = resolve(due, base_date(written_date(grounds.document))) if due else None
    indicators = tuple(
        Indicator(kind=one.kind, text=said)
        for one in proposed.indicators
        if (said := kept(one.text))
    )
    return SuccessDefinition(**base, indicators=indicators, due=due, due_date=day)


def _decision(
    base: dict[str, Any], proposed: DecisionAnswer, grounds: Grounds, kept: _Kept
) -> Decision:
    """The decision; its range is one that its lines settle, or none."""
    lines = [piece.line for piece in base["evidence"]]
    settled = {known for line in lines if (known := grounds.settled(line))}
    range_: Range = proposed.range if proposed.range in settled else "not_discussed"
    if len(settled) == 1 and proposed.range != "not_discussed":
        (range_,) = settled
    views = tuple(
        View(who=view.who, range=view.range, line=view.line)
        for view in proposed.views
        if view.line in lines
        and grounds.document.line(view.line).role in {view.who, None}
        and grounds.settled(view.line) in {view.range, None}
    )
    return Decision(
        **base,
        range=range_,
        terms=kept(proposed.terms),
        reason=kept(proposed.reason),
        path=kept(proposed.path),
        views=views if len({view.range for view in views}) > 1 else (),
    )
