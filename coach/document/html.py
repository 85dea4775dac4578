"""HTML, as mail programs and browsers copy it: its words, a block of the page a line.

Tags are cut by one pattern of our own: the standard library's parser takes time that grows with
the square of a hostile page, in Python versions that coach supports.
"""

from __future__ import annotations

import re
from html import unescape

from coach.document import text
from coach.document.sniff import page_start
from coach.document.turns import Reading

_MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<[!?][^>]*+(?:>|\Z)"
    r"|<(?P<close>/?)(?P<tag>[A-Za-z][A-Za-z0-9:]{0,20})(?=[\s/>])[^<>]*+>",
    re.DOTALL,
)
_BLOCKS = frozenset(
    "address article aside blockquote body br center dd details div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 head header hr li main nav ol p pre section summary "
    "table tbody tfoot thead tr ul".split()
)
_LEADS = {"li": "- ", **{f"h{level}": "# " for level in range(1, 7)}}
_CELLS = frozenset({"td", "th"})
_CODE = frozenset("code kbd samp tt var".split())
_UNREAD = frozenset("script style title template noscript svg".split())


def read(source: str) -> Reading:
    """The words of a page, headings as ``# ``, list items as ``- ``, quotes as ``> ``."""
    begin = page_start(source) or 0
    page = _Page()
    at = begin
    for markup in _MARKUP.finditer(source, begin):
        page.words(source[at : markup.start()])
        at = markup.end()
        if markup["tag"]:
            page.tag(markup["tag"].lower(), closes=bool(markup["close"]))
    page.words(source[at:])
    page.end_line()
    found = text.classify([*source[:begin].splitlines(), *page.lines])
    return found._replace(format="HTML mail" if begin else "HTML")


class _Page:
    """Gathers what a reader of the page sees, in order."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._words: list[str] = []
        self._lead = ""
        self._quoted = 0
        self._kept = 0
        """Depth of elements whose line breaks count."""
        self._unread: str | None = None
        """The element, not meant for readers, that we are in."""

    def tag(self, tag: str, *, closes: bool) -> None:
        """An element opens or closes."""
        if self._unread or tag in _UNREAD:
            if not closes and self._unread is None:
                self._unread = tag
            elif closes and tag == self._unread:
                self._unread = None
            return
        step = -1 if closes else 1
        if tag in _BLOCKS:
            self.end_line()
            if closes or tag in _LEADS:
                self._lead = "" if closes else _LEADS[tag]
        elif tag in _CODE:
            self._words.append("` " if closes else " `")
        elif tag in _CELLS:
            self._words.append(" ")
        if tag == "blockquote":
            self._quoted = max(0, self._quoted + step)
        elif tag == "pre":
            self._kept = max(0, self._kept + step)

    def words(self, source: str) -> None:
        """What stands between two tags."""
        if self._unread or not source:
            return
        first, *others = unescape(source).split("\n") if self._kept else [unescape(source)]
        self._words.append(first)
        for other in others:
            self.end_line()
            self._words.append(other)

    def end_line(self) -> None:
        """Close the line that is being gathered, if it holds a word."""
        words = " ".join("".join(self._words).split())
        self._words = []
        if words:
            self.lines.append(("> " if self._quoted else "") + self._lead + words)
            self._lead = ""
