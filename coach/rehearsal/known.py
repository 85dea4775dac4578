"""Known: which of a guide's items the lines of a rehearsal were about, where that needs no guess.

What a persona says is written under a topic, and a topic may stand for one of the guide's items. So
a question that names the topic, and the answer that takes it up, are known to have worked on that
item, whatever an engine makes of the bare words. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from coach.mapping import LineLabel
from coach.rehearsal.replies import Move
from coach.rehearsal.session import Session, Turn

_WORKS: frozenset[Move] = frozenset(
    {
        "asked_open",
        "asked_closed",
        "asked_feedback",
        "reflected",
        "offered_range",
        "offered_help",
        "proposed",
        "told",
    }
)
"""Moves that can do a step's work."""


class _Known(NamedTuple):
    """What a line was about: the items, and whether the step's work was surely meant."""

    step: str
    items: tuple[str, ...]
    sure: bool


def relabelled(session: Session, labels: Sequence[LineLabel]) -> list[LineLabel]:
    """The labels of a rehearsal's transcript, with what is known in the place of what is guessed.

    A written line of the employee's counts for the item that its topic stands for, and for nothing
    else; a line of the manager's keeps what the engine found, and gets what it opened.
    """
    known = dict(_known(session))
    return [_label(label, known.get(label.line)) for label in labels]


def _label(label: LineLabel, known: _Known | None) -> LineLabel:
    if known is None:
        return label
    if not known.items:
        return label.model_copy(update={"steps": (), "items": (), "planned": (), "likely": ()})
    likely = () if known.sure else (known.step,)
    return label.model_copy(
        update={
            "steps": tuple(dict.fromkeys((*label.steps, known.step))),
            "items": tuple(dict.fromkeys((*label.items, *known.items))),
            "likely": tuple(dict.fromkeys((*label.likely, *likely))),
        }
    )


def _known(session: Session) -> Iterator[tuple[int, _Known]]:
    """By the number of the line in the transcript."""
    asked: Turn | None = None
    for number, turn in enumerate(session.counted, 1):
        if turn.role == "manager":
            asked = turn
            continue
        if (topics := session.written_about(turn.text, turn.step)) is None:
            continue
        named = set(topics) & set(session.named_in(asked)) if asked else set()
        items = session.items_of(topics, turn.step) if asked and asked.move in _WORKS else ()
        yield number, _Known(turn.step, items, sure=bool(named))
        if named and items:
            yield number - 1, _Known(turn.step, items, sure=True)
