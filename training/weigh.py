"""What the numbers of ``listening.py`` do, for choosing them: ``python training/weigh.py PUBLIC``.

Prints what would be found a little below and above them in text that nothing was fitted on: the dev
documents, the ordinary lines for tuning, the tone lines of authors left out (``-b``), the files of
PUBLIC/dev (the folder that ``public_text.py`` fills).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from corpus import load_split, ordinary
from wordings import tone_lines

from coach.document import Document
from coach.engines.embedded.features import seen_lines
from coach.engines.embedded.listening import evidence
from coach.tone import as_notes

Told = list[tuple[Document, set[int]]]
"""Documents, and the numbers of their punitive lines."""


def main() -> None:
    """Print a line for each threshold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("public", type=Path, help="folder filled by public_text.py")
    heard = {
        name: [(evidence(document), bad) for document, bad in documents]
        for name, documents in to_tune_on(parser.parse_args().public).items()
    }
    for least in np.arange(-0.5, 1.51, 0.25):
        cells = []
        for name, pairs in heard.items():
            flagged = [
                {
                    piece.number
                    for piece, sure in zip(seen.pieces, seen.sureness, strict=True)
                    if sure >= least
                }
                for seen, _ in pairs
            ]
            right = sum(len(said & bad) for said, (_, bad) in zip(flagged, pairs, strict=True))
            wanted = sum(len(bad) for _, bad in pairs)
            cells.append(f"{name}: {right} of {sum(map(len, flagged))} right, {wanted} wanted")
        print(f"{least:5.2f}  {'; '.join(cells)}")


def to_tune_on(public: Path) -> dict[str, Told]:
    """The texts by where they come from."""
    dev = load_split()["dev"]
    return {
        "tone lines": [
            (as_notes(one.text), {1} if one.punitive else set()) for one in tone_lines("dev")
        ],
        "ordinary lines": [(as_notes(text), set()) for text in ordinary("dev")],
        "public lines": [
            (as_notes(path.read_text("utf-8")), set())
            for path in sorted((public / "dev").rglob("*.txt"))
        ],
        "dev documents": [
            (
                one.document,
                {
                    line.number
                    for line, gold in zip(seen_lines(one.document), one.gold, strict=True)
                    if gold.tone == "punitive"
                },
            )
            for one in dev
        ],
    }


if __name__ == "__main__":
    main()
