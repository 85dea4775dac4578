"""The source lines of a case in an HTML report: what was wanted and said, and the words flagged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from coach.evaluation.case import Label
from coach.evaluation.record import Line, Outcome, Truth
from coach.mapping import LineLabel
from coach.render.evaluation_html_scores import table
from coach.render.markup import Content, element, written_html

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_FRAME = 210
"""Bytes of a table without its rows."""
_TURNS = {
    (False, False): None,
    (False, True): "broken",
    (True, False): "repaired",
    (True, True): "wrong",
}
"""A row's class, by whether the first and the last run have it wrong."""


class LineRow(NamedTuple):
    """A line as it went in each run; None where a run said nothing and nobody wanted anything."""

    number: int
    lines: tuple[Line | None, ...]
    there: tuple[bool, ...]
    """Whether each run has the case."""
    answered: tuple[bool, ...]
    """Whether each run has an answer to the case."""
    truth: Truth | None
    """What is judged of it: all that it does, its tone, or nothing."""

    @property
    def one(self) -> Line:
        """The line of the last run that has it."""
        return [line for line in self.lines if line][-1]

    @property
    def wrong(self) -> tuple[bool, ...]:
        """Whether each run has it otherwise than wanted; as the other run, where one lacks it."""
        sides = [
            bool(self.wanted and self._differs(line)) if there else None
            for line, there in zip(self.lines, self.there, strict=True)
        ]
        known = next(side for side in sides if side is not None)
        return tuple(known if side is None else side for side in sides)

    @property
    def wanted(self) -> Label | None:
        """What its author says of it; None where nobody said what lines do."""
        return self.one.wanted

    @property
    def rank(self) -> int:
        """How much it is worth showing, from 0."""
        if len({*self.wrong}) > 1:
            return 0
        if any(self.wrong):
            return 1
        return 2 if any(line and line.flagged for line in self.lines) else 3

    def _differs(self, line: Line | None) -> bool:
        said = line.said if line else None
        return Line(line=self.number, text="", wanted=self.wanted, said=said).differs(self.truth)


def line_rows(outcomes: Sequence[Outcome | None]) -> Iterator[LineRow]:
    """The lines of a case, in order, those of all its runs."""
    sides = [{line.line: line for line in one.lines} if one else {} for one in outcomes]
    there = tuple(one is not None for one in outcomes)
    answered = tuple(one is not None and one.failure is None for one in outcomes)
    known = next(one for one in outcomes if one)
    truth: Truth | None = "tone" if known.truth and known.task == "tone" else known.truth
    for number in sorted({number for side in sides for number in side}):
        lines = tuple(side.get(number) for side in sides)
        yield LineRow(number, lines, there, answered, truth)


def shown_lines(cases: Sequence[Sequence[LineRow]], *, room: int) -> list[list[Element]]:
    """The rows of each case that the page has room for: wrong ones first, each case in turn."""
    order = sorted(
        (row.rank, nth, case, at)
        for case, rows in enumerate(cases)
        for nth, (at, row) in enumerate(sorted(enumerate(rows), key=lambda item: item[1].rank))
    )
    shown: list[dict[int, Element]] = [{} for _ in cases]
    for _, _, case, at in order if room else ():
        made = _row(cases[case][at])
        room -= len(written_html(made).encode()) + (0 if shown[case] else _FRAME)
        if room < 0:
            break
        shown[case][at] = made
    return [[rows[at] for at in sorted(rows)] for rows in shown]


def lines_table(rows: Sequence[Element], *, two: bool) -> Element:
    """The lines under their heads."""
    heads = ("line", "text", "wanted", *(("before", "after") if two else ("said",)))
    return table(heads, rows, class_="lines two" if two else "lines")


def _row(row: LineRow) -> Element:
    wanted = row.wanted
    saids = [_said(line, row.number, answered)
             for line, answered in zip(row.lines, row.answered, strict=True)]  # fmt: skip
    last = {key for key, _ in _words(saids[-1])} if saids[-1] else set()
    gold = {key for key, _ in _words(wanted)} if wanted else set()
    return element(
        "tr",
        element("td", str(row.number)),
        element("td", _text(row)),
        element("td", _label(wanted, last, row) if wanted else "not labelled"),
        (
            element("td", _label(said, gold, row) if said else "no answer" if there else "-")
            for said, there in zip(saids, row.there, strict=True)
        ),
        class_=_TURNS[row.wrong[0], row.wrong[-1]],
    )


def _said(line: Line | None, number: int, answered: bool) -> LineLabel | None:
    if line is not None:
        return line.said
    return LineLabel(line=number) if answered else None


def _label(label: LineLabel, others: set[str], row: LineRow) -> Iterator[Content]:
    """A label's words, those emphasised that the other side has not got."""
    words = list(_words(label))
    if not words:
        yield "nothing" if row.truth != "tone" else "not punitive"
    for at, (key, shown) in enumerate(words):
        counts = row.truth == "lines" or (row.truth == "tone" and key == "punitive")
        yield (" " if shown.startswith(".") else ", ") if at else None
        yield element("b", shown) if counts and key not in others else shown


def _words(label: LineLabel) -> Iterator[tuple[str, str]]:
    """What a label says, each with what it is compared by: ``success .timeline, ask first``."""
    for step in label.steps:
        yield step, step
        for item in label.items:
            if item.startswith(f"{step}."):
                yield item, item.removeprefix(step)
    if label.range:
        yield label.range, label.range.replace("_", " ")
    if label.tone != "neutral":
        yield label.tone, label.tone
        if label.category:
            yield f"{label.tone} {label.category}", f".{label.category}"
    for step in label.planned:
        yield f"planned {step}", f"{step} put off"


def _text(row: LineRow) -> Iterator[Content]:
    """The text, its flagged words marked, and those that its author calls punitive underlined."""
    text = row.one.text
    marks = [line.flagged if line else () for line in row.lines]
    quote = getattr(row.one.wanted, "quote", None)
    start = text.find(quote) if quote else -1
    quoted = ((start, start + len(quote)),) if quote and start >= 0 else ()
    places = {0, len(text), *(at for side in (*marks, quoted) for span in side for at in span)}
    for a, b in pairwise(sorted(at for at in places if 0 <= at <= len(text))):
        piece: Content = text[a:b]
        if _within(a, quoted):
            piece = element("u", piece)
        by = [_within(a, side) for side in marks]
        if any(by):
            kind = None if all(by) else "first" if by[0] else "then"
            piece = element("mark", piece, class_=kind)
        yield piece


def _within(at: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in spans)
