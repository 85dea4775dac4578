"""An agenda as Markdown, to print or to keep open beside the talk."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from coach.agenda import Agenda, Part
from coach.render.visible import in_markdown

_LEADS = (
    "so far",
    "for one thing",
    "you meant to come back to",
    "what became of",
    "what stands since last time",
    "your notes speak of",
)


def script_markdown(agenda: Agenda) -> str:
    """The whole agenda; prompts, not lines to read out."""
    who = f": {in_markdown(agenda.employee)}" if agenda.employee else ""
    parts = [
        f"# Next conversation{who}",
        f"_{in_markdown(agenda.title)}, {agenda.minutes} minutes. Prompts, not lines to read out: "
        "the order is free, one good question is enough._",
        "## Before\n\n" + "\n".join(f"- {in_markdown(line)}" for line in agenda.beforehand),
        *_parts(agenda),
    ]
    if agenda.later:
        listed = "\n".join(f"- {in_markdown(title)}" for title in agenda.later)
        parts.append(f"## For another time\n\n{listed}")
    return "\n\n".join(parts) + "\n"


def _parts(agenda: Agenda) -> Iterator[str]:
    start = 0
    for part in agenda.parts:
        end = start + part.minutes
        yield f"## {start}-{end} min: {in_markdown(part.title)}\n\n" + "\n".join(_lines(part))
        start = end


def _lead(point: str) -> str:
    """What points of the same kind begin with, said once for all of them."""
    lead, colon, _ = point.partition(": ")
    return f"{lead}: " if colon and lead in _LEADS else ""


def _lines(part: Part) -> Iterator[str]:
    if part.aim:
        yield f"{in_markdown(part.aim)}\n"
    for lead, told in groupby(part.points, _lead):
        points = [in_markdown(point.removeprefix(lead)) for point in told]
        if len(points) == 1 or not lead:
            yield from (f"- {in_markdown(lead)}{point}" for point in points)
        else:
            yield f"- {in_markdown(lead).rstrip()}"
            yield from (f"  - {point}" for point in points)
    for question in part.questions:
        yield f"- ask: {in_markdown(question)}"
