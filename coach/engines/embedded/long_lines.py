"""Long lines: a dictated paragraph says many things, so it is labelled sentence by sentence."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from coach.document import Document, Line, speaks_to_a_machine, without_comments
from coach.engines.embedded.clauses import short_clauses
from coach.engines.embedded.features import seen_lines
from coach.engines.embedded.stand_ins import stand_ins
from coach.mapping import LineLabel, Tone

LONG = 45
"""Words from which on a line is cut; fewer than one line in a hundred of the training data."""
_SHORTEST = 3
"""Words that its sentences have on average, at least: a line of nothing but stops stays whole."""
_TONES: tuple[Tone, ...] = ("punitive", "supportive", "neutral")


def shown_lines(document: Document) -> tuple[Line, ...]:
    """Every line that is not blank, with stand-ins for the people's names."""
    exchanged = stand_ins(document)
    return tuple(
        line.model_copy(update={"text": line.text[: line.prefix] + exchanged(line.content)})
        for line in seen_lines(document)
    )


def told_lines(document: Document) -> tuple[tuple[Line, ...], ...]:
    """The pieces of each line that was meant for people; the model sees nothing of the others.

    So an order to a machine changes the label of no line but its own, and the name of a person
    that of none.
    """
    lines = [
        line.model_copy(update={"text": line.text[: line.prefix] + without_comments(line.content)})
        for line in shown_lines(document)
        if line.number not in document.set_aside
    ]
    told = (
        tuple(piece for piece in pieces if not speaks_to_a_machine(piece.content))
        for pieces in cut_long(lines)
    )
    return tuple(pieces for pieces in told if pieces)


def one_each(document: Document, labels: Sequence[LineLabel]) -> tuple[LineLabel, ...]:
    """A label for every line that is not blank, in order; an empty one for those set aside."""
    known = {label.line: label for label in labels}
    return tuple(
        known.get(line.number) or LineLabel(line=line.number, speaker=line.speaker)
        for line in seen_lines(document)
    )


def cut_long(lines: Sequence[Line]) -> tuple[tuple[Line, ...], ...]:
    """The pieces of each line: its sentences where it is long, else the line as it is."""
    return tuple(_pieces(line) for line in lines)


def _pieces(line: Line) -> tuple[Line, ...]:
    content = line.content
    words = len(content.split())
    if not line.mappable or words < LONG:
        return (line,)
    spans = short_clauses(content, LONG)
    if words < _SHORTEST * len(spans):
        return (line,)
    return tuple(
        line.model_copy(
            update={"text": content[start:end], "start": line.content_start + start, "prefix": 0}
        )
        for start, end in spans
    )


def united(cut: Sequence[Sequence[Line]], labels: Sequence[LineLabel]) -> tuple[LineLabel, ...]:
    """One label for each line, from those of its pieces in order."""
    rest = iter(labels)
    return tuple(_one(list(islice(rest, len(pieces)))) for pieces in cut)


def _one(labels: list[LineLabel]) -> LineLabel:
    """What any of the pieces does; of tones the gravest, of ranges the first."""
    if len(labels) == 1:
        return labels[0]
    steps = tuple(dict.fromkeys(step for label in labels for step in label.steps))
    sure = {step for label in labels for step in label.steps if step not in label.likely}
    planned = dict.fromkeys(step for label in labels for step in label.planned)
    loudest = min(labels, key=lambda label: _TONES.index(label.tone))
    return LineLabel(
        line=labels[0].line,
        speaker=labels[0].speaker,
        steps=steps,
        items=tuple(dict.fromkeys(item for label in labels for item in label.items)),
        tone=loudest.tone,
        category=loudest.category,
        severity=loudest.severity,
        range=next((label.range for label in labels if label.range), None),
        planned=tuple(step for step in planned if step not in steps),
        likely=tuple(step for step in steps if step not in sure),
    )
