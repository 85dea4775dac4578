"""unwrapped: a wrapped text with a sentence a line, as a sentence is heard and not its halves.

The rules join two lines where a phrase might run over the break, notes among them; here only what
was surely wrapped is put together, as the model would hear two thoughts of notes as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from coach.document import Document, Line
from coach.engines.embedded.clauses import clauses
from coach.patterns import pattern
from coach.tone import heard

_WIDTHS = range(55, 101)
"""Characters at which mails and plain text are wrapped."""
_LEAST = 2
"""Wrapped lines that a wrapped text has; one proves nothing, as no word fits on the widest line."""
_MOST = 40
"""Lines that are put together at most."""
_FIRST = pattern(r"\s*([\w\"“‘'(][^\s]*)")
_ITEM = pattern(r"\s*(?:\d{1,3}[.)]|[a-z][.)])\s", re.IGNORECASE)


def unwrapped(document: Document) -> Document:
    """The document with the sentences of wrapped lines as its lines.

    Wrapped is a line whose sentence has no end where the next word would have made it wider than
    every line is; what notes break off is left alone. Line breaks become blanks, so every offset
    stays.
    """
    written = [line for line, _, _, voice in heard(document) if voice == "written"]
    width = max((len(line.text.rstrip()) for line in written), default=0)
    if width not in _WIDTHS:
        return document
    after = {
        line.number: then for line, then in pairwise(written) if _is_wrapped(line, then, width)
    }
    if len(after) < _LEAST:
        return document
    lines: list[Line] = []
    until = 0
    for line in document.lines:
        if line.number > until:
            run = [line]
            while run[-1].number in after and len(run) < _MOST:
                run.append(after[run[-1].number])
            until = run[-1].number
            lines += _sentences(document, run) if len(run) > 1 else run
    # Built anew, not copied: a copy would keep what the original has worked out about its lines.
    return Document.model_validate(dict(document, lines=tuple(lines)))


def _is_wrapped(line: Line, after: Line, width: int) -> bool:
    word = _FIRST.match(after.text)
    text = line.text.rstrip()
    return (
        word is not None
        and after.number == line.number + 1
        and len(text) + 1 + len(word[1]) > width
        and text[-1:] not in ".!?:;|"
        and not _ITEM.match(after.text)
    )


def _sentences(document: Document, run: list[Line]) -> Iterator[Line]:
    """The sentences of these lines, each under the number of the line that holds most of it."""
    parts = [line.text.ljust(after.start - line.start) for line, after in pairwise(run)]
    text = "".join([*parts, run[-1].text])
    for begin, end in clauses(text):
        start = run[0].start + begin
        line, _ = on_one_line(document, (start, run[0].start + end))
        yield line.model_copy(update={"start": start, "text": text[begin:end], "prefix": 0})


def on_one_line(document: Document, span: tuple[int, int]) -> tuple[Line, tuple[int, int]]:
    """The line that holds most of these characters, and what it holds of them."""
    start, end = span
    first, last = document.line_at(start).number, document.line_at(end - 1).number
    parts = []
    for line in document.lines[first - 1 : last]:
        begin, stop = max(start, line.start), min(end, line.end)
        inner = line.text[begin - line.start : stop - line.start]
        begin += len(inner) - len(inner.lstrip())
        parts.append((line, (begin, begin + len(inner.strip()))))
    return max(parts, key=lambda part: part[1][1] - part[1][0])
