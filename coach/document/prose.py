"""prose: a document without what is nobody's wording: code, quotes, markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from coach.document.model import Document, Line
from coach.patterns import pattern

_INLINE = {
    "`": r"(?<!`)(?P<ticks>`{1,9})(?!`)[^\n]{1,500}?(?<!`)(?P=ticks)(?!`)",
    "<": r"^[ ]{0,3}<!--(?:.*?-->|.*)"
    r"|<!--[^\n]{0,1000}?-->"
    r"|<(?P<holds>script|style|pre|code|kbd|samp|blockquote)(?=[\s>])[^<>]{0,2000}>"
    r"|</?[A-Za-z][A-Za-z0-9-]{0,20}"
    r"(?:\s++[\w:@.-]{1,60}(?:=(?:\"[^\"<>]{0,2000}\"|'[^'<>]{0,2000}'|[^\s\"'=<>`]{1,300}))?)*+"
    r"\s{0,9}/?>",
    "](": r"(?<=\])\((?:[^()\s]|\([^()\s]{0,300}\)){0,2000}+"
    r"(?:[ \t]{1,9}(?:\"[^\"\n]{0,500}\"|'[^'\n]{0,500}'))?[ \t]{0,9}\)",
    "]:": r"^[ ]{0,3}\[[^\]\n]{1,200}\]:[ \t][^\n]*",
    "://": r"<?\b[a-z][a-z0-9+.-]{1,15}://[^\s<>]{1,2000}>?",
    "_": r"(?<![^\W_])_{1,3}(?=[^\W_])|(?<=[^\W_])_{1,3}(?![^\W_])",
}
"""What stands inside lines, by the marks without which there is none of it."""
_BLOCKS = ("```", "~~~", "\n>", "> ", "\n    ", "\n\t")
_FIRST = (">", "    ", "\t")
"""A text without those, and that does not start with one of these, has no such lines."""
_FENCE = pattern(r"[ \t]*(?:[-*+]|\d{1,9}[.)])?[ \t]*(`{3,}|~{3,})(?P<info>[^\n]*)")
_QUOTE = pattern(r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?>")
_LIST = pattern(r"[ \t]*(?:[-*+•–]|\d{1,9}[.)])(?:[ \t]|$)")
_INDENTED = pattern(r"(?: {4}| {0,3}\t)")


def prose(document: Document) -> Document:
    """The document with blanks in place of what is nobody's wording; every offset stays.

    Out go fenced, indented and inline code, block quotes, comments, tags, link targets, addresses
    and marks of emphasis inside words. Headings and front matter are no wording already.
    """
    text = document.text
    inside = [way for mark, way in _INLINE.items() if mark in text]
    blocks = any(mark in text for mark in _BLOCKS) or text.startswith(_FIRST)
    if not inside and not blocks:
        return document
    laid = _laid(document)
    out = _without(laid, _blocks(document)) if blocks else laid
    out = _without(out, _inline(out, inside)) if inside else out
    if out == laid:
        return document
    lines = tuple(_cut(line, out) for line in document.lines)
    # Built anew, not copied: a copy would keep what the original has worked out about its lines.
    return Document.model_validate(dict(document, lines=lines))


def _laid(document: Document) -> str:
    """The text as the lines have it, each as long as in the source: an end may be cut off."""
    nexts = [line.start for line in document.lines[1:]] + [len(document.text) + 1]
    return "\n".join(
        line.text.ljust(after - 1 - line.start)
        for line, after in zip(document.lines, nexts, strict=True)
    )


def _cut(line: Line, text: str) -> Line:
    now = text[line.start : line.end]
    if now == line.text:
        return line
    bare = not now[line.prefix :].strip()
    # Blanks at the end would hide from a phrase that the sentence ends there.
    return line.model_copy(update={"text": now.rstrip(), "kind": "blank" if bare else line.kind})


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    pieces: list[str] = []
    at = 0
    for start, end in spans:
        out = text[start:end]
        blank = _BREAKLESS.sub(" ", out) if "\n" in out else " " * len(out)
        pieces += [text[at:start], blank]
        at = end
    return "".join([*pieces, text[at:]])


_BREAKLESS = pattern(r"[^\n]")


def _inline(text: str, ways: Sequence[str]) -> Iterator[tuple[int, int]]:
    """What stands inside lines, and elements that may hold several."""
    pattern = re.compile("|".join(ways), re.IGNORECASE | re.MULTILINE | re.DOTALL)
    low = text.lower()
    unclosed: set[str] = set()
    at = 0
    for place in _places(text):
        match = pattern.match(text, place) if place >= at else None
        if match is None:
            continue
        at = match.end()
        holds = (match.groupdict().get("holds") or "").lower()
        if holds and holds not in unclosed:
            close = low.find(f"</{holds}", at)
            if close < 0:
                unclosed.add(holds)  # or each of many would look to the end of the text
            at = max(at, close)
        yield match.start(), at


def _places(text: str) -> Iterator[int]:
    """Where one of ``_INLINE`` may start: to try them at every letter would take its time."""
    yield 0
    for mark in _MARKS.finditer(text):
        start, end = mark.span()
        if text[start] == ":":
            scheme = _SCHEME.search(text, max(0, start - _LONGEST_SCHEME), start)
            yield scheme.start() if scheme else start
        elif end - start == 1:
            yield start
        else:  # the start of a line, or what stands behind a bracket; and the sign itself
            yield start + 1
            yield end - 1


_MARKS = pattern(r"`|<|_|\]\(|\n {0,3}\[|\n {0,3}<|://")
_LONGEST_SCHEME = 17
_SCHEME = pattern(r"\b[A-Za-z][A-Za-z0-9+.-]{1,15}\Z")


def _blocks(document: Document) -> Iterator[tuple[int, int]]:
    """Lines of code and of quotes; indented code and lazy quotes only where it is Markdown."""
    markdown = document.format.startswith("Markdown")
    fence = ""
    quoted = coded = listed = False
    after_blank = True
    for line in document.lines:
        text = line.text
        mark = None if line.kind == "speech" else _FENCE.match(text)
        if fence:
            closes = mark and mark[1].startswith(fence) and not mark["info"].strip()
            fence = "" if closes else fence
            out = True
        elif mark and not (mark[1][0] == "`" and "`" in mark["info"]):
            fence, out = mark[1], True
        elif not text.strip():
            quoted, after_blank = False, True
            continue
        else:
            begins = _LIST.match(text) is not None
            indented = _INDENTED.match(text) is not None
            listed = begins or (listed and (indented or not after_blank))
            coded = markdown and indented and not listed and (coded or after_blank)
            lazy = quoted and markdown and line.kind == "note" and not begins
            quoted = line.kind != "speech" and (lazy or _QUOTE.match(text) is not None)
            out = quoted or coded
        after_blank = False
        if out:
            yield line.start, line.end
