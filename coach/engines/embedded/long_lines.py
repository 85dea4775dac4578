"""Long lines: a dictated paragraph says many things, so it is labelled sentence by sentence."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from coach.document import Line
from coach.engines.embedded.clauses import short_clauses
from coach.mapping import LineLabel, Tone

LONG = 45
"""Words from which on a line is cut; fewer than one line in a hundred of the training data."""
_SHORTEST = 3
"""Words that its sentences have on average, at least: a line of nothing but stops stays whole."""
_TONES: tuple[Tone, ...] = ("punitive", "supportive", "neutral")


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
