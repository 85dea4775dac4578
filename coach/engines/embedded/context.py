"""Context: what the second pass sees of a line: the first pass's scores of the lines around it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from coach.document import Line

Scores = npt.NDArray[np.float64]

BEFORE = 3
AFTER = 2
_NOTHING = -2.0
_FADES = (0.5, 0.8)


def context(own: Scores, core: Scores, lines: tuple[Line, ...]) -> Scores:
    """The second pass's view of one document's lines, a row each.

    ``own`` are scores looked at for the line alone, ``core`` those looked at for the lines around
    it as well: each of the ``BEFORE`` lines before and ``AFTER`` lines after, the fading sum of
    all lines before and after, and the document's highest and mean. The work grows with the
    number of lines.
    """
    facts = _facts(lines)
    chances = 1.0 / (1.0 + np.exp(-2.0 * core))
    columns = [own, core, facts]
    columns += [_moved(core, by, _NOTHING) for by in range(1, BEFORE + 1)]
    columns += [_moved(core, -by, _NOTHING) for by in range(1, AFTER + 1)]
    columns += [_moved(facts, 1, 0.0), _moved(facts, -1, 0.0)]
    for fade in _FADES:
        columns += [_faded(chances, fade), _faded(chances[::-1], fade)[::-1]]
    size = max(len(lines), 1)
    places = np.arange(len(lines)) / size
    columns.append(np.column_stack([places, np.full(len(lines), np.log(size))]))
    columns += [np.broadcast_to(row, core.shape) for row in (core.max(0), chances.mean(0))]
    return np.column_stack(columns)


def _facts(lines: tuple[Line, ...]) -> Scores:
    role = {"manager": 1.0, "employee": -1.0}
    rows = []
    for at, line in enumerate(lines):
        content = line.content
        speech = line.kind == "speech"
        rows.append(
            (
                speech,
                role.get(line.role or "", 0.0) if speech else 0.0,
                np.log1p(len(content)),
                "?" in content,
                at > 0 and speech and lines[at - 1].speaker == line.speaker,
            )
        )
    return np.array(rows, np.float64).reshape(len(lines), 5)


def _moved(scores: Scores, by: int, edge: float) -> Scores:
    """Each line's row is that of the line ``by`` before it (after it, where negative)."""
    moved = np.full_like(scores, edge)
    if 0 < by < len(scores):
        moved[by:] = scores[:-by]
    elif 0 < -by < len(scores):
        moved[:by] = scores[-by:]
    return moved


def _faded(chances: Scores, fade: float) -> Scores:
    """For each line the sum of the lines before it, each counting ``fade`` times the next."""
    faded = np.zeros_like(chances)
    sofar = np.zeros(chances.shape[1])
    for at, row in enumerate(chances):
        faded[at] = sofar
        sofar = fade * sofar + (1.0 - fade) * row
    return faded
